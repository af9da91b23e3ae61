/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arb is a library of its own up to FLINT 2.9 (Debian 12), then part of it. */
#ifndef SN_FIXEDPOINT_NUMBERS_ARB_COMPAT_H
#define SN_FIXEDPOINT_NUMBERS_ARB_COMPAT_H

/* FLINT declares what takes an mpfr_t only behind MPFR's header. */
#include <mpfr.h>

#include <flint/fmpq.h>
#include <flint/fmpq_vec.h>
#if __has_include(<flint/arb.h>)
#include <flint/acb.h>
#include <flint/acb_calc.h>
#include <flint/acb_hypgeom.h>
#include <flint/arb.h>
#include <flint/arb_calc.h>
#include <flint/arb_hypgeom.h>
#include <flint/arb_poly.h>
#include <flint/arf.h>
#define ARB_COMPAT_VERSION FLINT_VERSION
#else
#include <acb.h>
#include <acb_calc.h>
#include <acb_hypgeom.h>
#include <arb.h>
#include <arb_calc.h>
#include <arb_hypgeom.h>
#include <arb_poly.h>
#include <arf.h>
#define ARB_COMPAT_VERSION arb_version
#endif

#endif
