/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims whose inequalities are made for the domain at hand; for table.c. */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_BUILD_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_BUILD_H

#include "fixedpoint/proofs/claims/claims.h"

claim_build claim_build_chains; /* into Omega and beyond (chains.c) */
claim_build claim_build_reach;  /* how far the theorems reach (reach.c) */

#endif
