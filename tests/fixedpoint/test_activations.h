/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of activations share. */
#ifndef SN_TESTS_FIXEDPOINT_TEST_ACTIVATIONS_H
#define SN_TESTS_FIXEDPOINT_TEST_ACTIVATIONS_H

#include "fixedpoint/activations/activations.h"
#include "fixedpoint/activations/gaussian.h"
#include "tests/fixedpoint/test_fixedpoint.h"
#include <string.h>

/* An expression at N(m, v), m and v decimal words. */
static inline enum sn_status moments_of(struct sn_gaussian *g,
    const char *text, const char *m_word, const char *v_word,
    enum sn_method method, slong prec, struct sn_trouble *trouble)
{
    struct sn_expression f;
    struct sn_fault fault;
    arb_t m, v;
    sn_expression_init(&f);
    arb_init(m);
    arb_init(v);
    arb_set_str(m, m_word, prec);
    arb_set_str(v, v_word, prec);
    enum sn_status status = sn_expression_parse(&f, text, NULL, 0, &fault);
    cr_assert(status == SN_OK, "%s: %s", text, fault.reason);
    status = sn_gaussian_arb(g, &f, m, v, method, prec, trouble);
    sn_expression_clear(&f);
    arb_clear(m);
    arb_clear(v);
    return status;
}

/* The table's text with its parameters' defaults. */
static inline void default_of(struct sn_expression *f, const char *name)
{
    struct sn_chosen chosen;
    struct sn_fault fault;
    sn_expression_init(f);
    cr_assert(sn_activation_find(&chosen, name, strlen(name)), "%s", name);
    cr_assert(sn_activation_expression(f, &chosen, &fault) == SN_OK);
}

#endif
