/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/proofs/claims/image.h"
#include "fixedpoint/proofs/claims/definitions.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The four sides of what g makes of a rectangle. */
static const struct claim_part side[CLAIM_SIDES] = {
    {.statement = "mean stays above the next box's lower end",
        .number = 1,
        .formula = "M",
        .sense = -1,
        .closed = true,
        .limit = "0"},
    {.statement = "mean stays below the next box's upper end",
        .number = 2,
        .formula = "M",
        .sense = 1,
        .closed = true,
        .limit = "0"},
    {.statement = "variance stays above the next box's lower end",
        .number = 3,
        .formula = "V",
        .sense = -1,
        .closed = true,
        .limit = "0"},
    {.statement = "variance stays below the next box's upper end",
        .number = 4,
        .formula = "V",
        .sense = 1,
        .closed = true,
        .limit = "0"},
};
static const char *const side_name[CLAIM_SIDES] = {
    "mean", "mean", "variance", "variance"};

void claim_course_stand(
    struct claim_course *c, const struct claim_rectangle *r)
{
    for (int i = 0; i < 2; i++) {
        c->domain[IV_MU][i] = r->end[i];
        c->domain[IV_NU][i] = r->end[2 + i];
    }
}

/* x with some digits, rounded down or up. */
static void outwards(
    char text[CLAIM_RECTANGLE_TEXT], double x, int digits, bool up)
{
    mpfr_t y;
    mpfr_init2(y, 53);
    mpfr_set_d(y, x, MPFR_RNDN);
    mpfr_snprintf(
        text, CLAIM_RECTANGLE_TEXT, up ? "%.*RUg" : "%.*RDg", digits, y);
    mpfr_clear(y);
}

enum sn_status claim_rectangle_image(struct claim_rectangle *next,
    struct claim_course *c, const struct claim_rectangle *r, int digits)
{
    enum sn_status status = SN_OK;
    struct search_options *search = &c->prover->search, usual = *search;
    if (c->prover->spent >= c->spend_until)
        return SN_UNDECIDED;
    claim_course_stand(c, r);
    search->tolerance = 1e-10; /* enough for the decimals */
    if (search->max_boxes > CLAIM_IMAGE_BOXES)
        search->max_boxes = CLAIM_IMAGE_BOXES;
    for (int i = 0; i < CLAIM_SIDES && !status; i++) {
        double lower, upper;
        status = claim_extremum(&lower, &upper, &side[i],
            (const char *const(*)[2])c->domain, c->prover);
        double x = side[i].sense > 0 ? upper : lower;
        if (!status && !isfinite(x))
            status = SN_UNDECIDED;
        if (!status)
            outwards(next->end[i], x, digits, side[i].sense > 0);
    }
    *search = usual;
    return status;
}

bool claim_rectangle_lies_in(
    const struct claim_rectangle *a, const struct claim_rectangle *b)
{
    for (int i = 0; i < CLAIM_SIDES; i++) {
        int order = iv_decimal_compare(a->end[i], b->end[i]);
        if (i % 2 ? order > 0 : order < 0)
            return false;
    }
    return true;
}

bool claim_rectangle_is_apart(
    const struct claim_rectangle *a, const struct claim_rectangle *b)
{
    for (int i = 0; i < CLAIM_SIDES; i += 2)
        if (iv_decimal_compare(a->end[i], b->end[i + 1]) > 0 ||
            iv_decimal_compare(a->end[i + 1], b->end[i]) < 0)
            return true;
    return false;
}

enum sn_status claim_rectangle_add(struct claim_course *c,
    const struct claim_rectangle *r, const struct claim_rectangle *next,
    const char *label)
{
    claim_course_stand(c, r);
    for (int i = 0; i < CLAIM_SIDES; i++) {
        char name[CLAIM_LABEL + 16];
        snprintf(name, sizeof name, "%s: %s", label, side_name[i]);
        if (!claim_add(c->result, &side[i], name, next->end[i],
                (const char *const(*)[2])c->domain))
            return SN_NO_MEMORY;
    }
    return SN_OK;
}

bool claim_add_contraction(
    struct claim_course *c, const char *name, const char *statement)
{
    char *formula = claim_expand("norm_H");
    struct claim_part norm = {.statement = statement,
        .formula = formula ? claim_keep(c->result, formula) : NULL,
        .sense = 1,
        .number = CLAIM_SIDES + 1};
    free(formula);
    return norm.formula && claim_add(c->result, &norm, name, "1",
                               (const char *const(*)[2])c->domain);
}
