/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A formula as a kernel computes it, faulty or not: each step in long double,
 * then rounded to a type.
 */
#ifndef SN_VERIFY_CONFORMANCE_DIAGNOSIS_MACHINE_H
#define SN_VERIFY_CONFORMANCE_DIAGNOSIS_MACHINE_H

#include "verify/conformance/reference/reference.h"

/* What the first step out of the type's range met, if that matters. */
enum diag_met {
    DIAG_MET_ROUNDING,  /* with no end of the range it is the same */
    DIAG_MET_OVERFLOW,  /* infinite, of finite numbers */
    DIAG_MET_UNDERFLOW, /* 0 or subnormal, or divided by such a 0 */
    DIAG_MET_FLUSH,     /* 0 where it is subnormal */
    DIAG_MET_KINDS
};

enum { DIAG_WIDE = -1 }; /* no type: as exact as long double is */
struct diag_way {
    int steps, functions; /* types that they are rounded to */
    bool flush;
    bool endless; /* exponents have no end */
    int node, by; /* this function is off by so many ULP */
};

struct diag_machine {
    struct series_function function;
    long double *constant, *value;
};

/* f gains nodes; stable: as series_function_init() has it.  SN_NO_MEMORY. */
enum sn_status diag_machine_init(struct diag_machine *machine,
    struct expr_expression *f, int derivative, bool stable);
void diag_machine_clear(struct diag_machine *machine);

/* Is node i a function whose last bit a library may miss? */
bool diag_is_function(const struct diag_machine *machine, int i);

long double diag_machine_run(enum diag_met *met, struct diag_machine *machine,
    const struct diag_way *way, double x);

#endif
