/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names for parts of formulas, so that a claim and a figure are written as the
 * mathematics is: "H" for the norm of the Jacobian of g, "E1 - 2*E2", and with
 * arguments "norm(a, b, c, d)".  A formula with such names is expanded to one
 * without, which is what is parsed, printed and certified.
 */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_DEFINITIONS_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_DEFINITIONS_H

#include <stdbool.h>
#include <stddef.h>

/* "name" or "name(a, b)", and what it stands for. */
struct claim_definition {
    const char *head, *body;
};
extern const struct claim_definition claim_definitions[];
extern const size_t claim_definition_count;

/*
 * The formula without names of the definitions: to free(); parentheses only
 * where the meaning needs them.  NULL: no memory, or arguments that do not fit
 * a head, or definitions that lead into each other without end, or a result
 * of more than CLAIM_LONGEST_FORMULA characters.
 */
enum { CLAIM_LONGEST_FORMULA = 8000 };
char *claim_expand(const char *formula);

#endif
