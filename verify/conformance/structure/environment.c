/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which exceptions a kernel raises, and how far off it is under other rounding
 * modes than the one kernels are written for.  Both are reported; a rounding
 * mode under which results are not even near fails nobody either, as few
 * kernels promise anything there.
 */
#include "verify/conformance/structure/calls.h"
#include <math.h>

enum { ENVIRONMENT_N = 128 };

/* Finite inputs of both signs over the range where f moves. */
static void fill_tried(struct structure_calls *b)
{
    structure_fill(b);
    for (size_t i = 0; i < ENVIRONMENT_N; i++)
        structure_set(b, subject_x(b->session), i,
            (i % 2 ? -1 : 1) *
                ldexp(1 + (double)i / ENVIRONMENT_N, (int)(i / 2 % 16) - 12));
}

static int raised_by(struct structure_calls *b, struct conf_finding *finding,
    double x, size_t n, int *number)
{
    if (!structure_ready(b, finding))
        return 0;
    fill_tried(b);
    for (size_t i = 0; x != 0 && i < n; i++)
        structure_set(b, subject_x(b->session), i, x);
    if (!structure_call(b, finding, &(struct subject_call){.n = n}))
        return 0;
    *number = subject_errno(b->session);
    return subject_raised(b->session);
}

void structure_exceptions(
    struct structure_calls *b, struct conf_finding *finding)
{
    static const double x[STRUCTURE_RAISED_BY] = {[STRUCTURE_BELOW] = -200,
        [STRUCTURE_ABOVE] = 200,
        [STRUCTURE_MINUS_INFINITY] = -(double)INFINITY,
        [STRUCTURE_QUIET_NAN] = (double)NAN};
    int number = 0, by = 0;
    for (int i = 0; i < STRUCTURE_RAISED_BY; i++) {
        int of_this = 0;
        conf_note(finding,
            CONF_FACT(CONF_FACT_RAISED, i,
                raised_by(b, finding, x[i], ENVIRONMENT_N, &of_this)));
        by = of_this && !number ? i : by;
        number = number ? number : of_this;
    }
    if (number)
        conf_note(finding, CONF_FACT(CONF_FACT_ERRNO, by, number));
}

void structure_directed_rounding(
    struct structure_calls *b, struct conf_finding *finding)
{
    static const struct {
        enum subject_rounding rounding;
        enum conf_fact_code fact;
    } row[] = {{SUBJECT_UP, CONF_FACT_ROUNDING_UP},
        {SUBJECT_DOWN, CONF_FACT_ROUNDING_DOWN},
        {SUBJECT_TO_ZERO, CONF_FACT_ROUNDING_TO_ZERO}};
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        double worst = 0, at = 0;
        if (!structure_ready(b, finding))
            return;
        fill_tried(b);
        if (!structure_call(b, finding,
                &(struct subject_call){
                    .n = ENVIRONMENT_N, .rounding = row[k].rounding}))
            return;
        for (size_t i = 0; i < ENVIRONMENT_N; i++) {
            double x = structure_get(b, subject_x(b->session), i);
            double ulp = conf_reference_ulp(b->reference, b->dtype, x,
                structure_get(b, subject_out(b->session), i));
            if (ulp > worst) {
                worst = ulp;
                at = x;
            }
        }
        conf_note(finding, CONF_FACT(row[k].fact, worst, at));
    }
}
