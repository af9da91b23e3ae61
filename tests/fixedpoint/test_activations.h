/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of activations share. */
#ifndef SN_TESTS_FIXEDPOINT_TEST_ACTIVATIONS_H
#define SN_TESTS_FIXEDPOINT_TEST_ACTIVATIONS_H

#include "fixedpoint/activations/activations.h"
#include "fixedpoint/activations/gaussian.h"
#include "tests/fixedpoint/test_fixedpoint.h"
#include <string.h>

/* An expression at N(m, v), m and v decimal words. */
static inline enum sn_status moments_of(struct act_gaussian *g,
    const char *text, const char *m_word, const char *v_word, int methods,
    slong prec, struct act_trouble *trouble)
{
    struct expr_expression f;
    struct expr_fault fault;
    arb_t m, v;
    expr_init(&f);
    arb_init(m);
    arb_init(v);
    arb_set_str(m, m_word, prec);
    arb_set_str(v, v_word, prec);
    enum sn_status status = expr_parse(&f, text, &expr_of_z, &fault);
    cr_assert(status == SN_OK, "%s: %s", text, fault.reason);
    status = act_gaussian_arb(g, &f, m, v, methods, prec, trouble);
    expr_clear(&f);
    arb_clear(m);
    arb_clear(v);
    return status;
}

/* The table's text with its parameters' defaults. */
static inline void default_of(struct expr_expression *f, const char *name)
{
    struct act_chosen chosen;
    struct expr_fault fault;
    expr_init(f);
    cr_assert(act_find(&chosen, name, strlen(name)), "%s", name);
    cr_assert(act_expression(f, &chosen, &fault) == SN_OK);
}

#endif
