/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/sweep/score.h"
#include <math.h>
#include <string.h>

const double sweep_bucket_limit[SWEEP_BUCKETS] = {
    0.5, 1, 2, 4, 16, 256, 65536, (double)INFINITY};

unsigned sweep_score_binade(int dtype, uint64_t bits)
{
    return (unsigned)(bits >> (ref_types[dtype].format->precision - 1));
}

void sweep_score_init(struct sweep_score *score)
{
    memset(score, 0, sizeof *score);
    score->max_ulp = -1;
    for (int i = 0; i < SWEEP_CURVE; i++)
        score->curve[i] = -1;
}

/* The order of merging must not show: of equal errors the smaller input. */
bool sweep_score_worse(double ulp, double x, const struct sweep_score *than)
{
    return ulp > than->max_ulp ||
           (ulp == than->max_ulp && (fabs(x) < fabs(than->worst_input) ||
                                        (fabs(x) == fabs(than->worst_input) &&
                                            x > than->worst_input)));
}

void sweep_score_note(
    struct sweep_score *score, double ulp, double x, double y)
{
    if (!sweep_score_worse(ulp, x, score))
        return;
    score->max_ulp = ulp;
    score->worst_input = x;
    score->worst_got = y;
}

void sweep_score_merge(
    struct sweep_score *total, const struct sweep_score *part)
{
    total->inputs += part->inputs;
    total->incorrectly_rounded += part->incorrectly_rounded;
    total->zeros += part->zeros;
    total->monotonicity_violations += part->monotonicity_violations;
    total->changed += part->changed;
    total->nan_lost += part->nan_lost;
    total->infinities += part->infinities;
    total->zero_signs += part->zero_signs;
    if (part->max_ulp >= 0)
        sweep_score_note(
            total, part->max_ulp, part->worst_input, part->worst_got);
    for (int i = 0; i < SWEEP_BINADES; i++)
        for (int k = 0; k < SWEEP_BUCKETS; k++)
            total->histogram[i][k] += part->histogram[i][k];
    for (int i = 0; i < SWEEP_CURVE; i++)
        if (part->curve[i] > total->curve[i])
            total->curve[i] = part->curve[i];
}

bool sweep_is_other_side(
    const struct conf_reference *reference, int dtype, double x, double y)
{
    const double right = reference->a_double;
    const int precision = ref_types[dtype].format->precision;
    return x == 0 && reference->derivative && !reference->curve && y > 0 &&
           fabs(y - right) < fabs(y - reference->b_double) &&
           fabs(y - right) <= ldexp(right, 3 - precision);
}

int sweep_score_bucket(double ulp, bool wrong)
{
    int k = wrong ? 1 : 0;
    while (wrong && k < SWEEP_BUCKETS - 1 && ulp >= sweep_bucket_limit[k])
        k++;
    return k;
}
