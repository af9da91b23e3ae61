/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any type, one result after the other. */
#include "verify/conformance/sweep/score.h"
#include <float.h>
#include <math.h>

/* What is known of one result. */
struct score_lane {
    double x, y, ulp;
    bool wrong, zero;
};

/* By the approximation d of f(x): false where it leaves rounding open. */
static bool judge_by(struct score_lane *lane,
    const struct conf_reference *reference, int dtype, double d)
{
    if (reference->curve && d == 0 && lane->y == 0) {
        lane->ulp = 0;
        lane->wrong = lane->zero = false;
        return true;
    }
    /* below the normal floats the bound of a curve is absolute */
    const double size = reference->curve ? fmax(fabs(d), 0x1p-126) : fabs(d);
    const double most = 2 * CONF_APPROX_BOUND * size;
    double low = conf_type_round(dtype, d - most);
    double high = conf_type_round(dtype, d + most);
    if (sweep_score_bits(low) != sweep_score_bits(high) || !isfinite(low) ||
        d == 0)
        return false;
    const struct num_format *format = ref_types[dtype].format;
    int exponent = ilogb(d) - format->precision + 1;
    int least = format->emin - 1;
    double unit = ldexp(1, exponent < least ? least : exponent);
    /* next to a power of 2 the unit is not sure */
    if (!isfinite(lane->y) ||
        ilogb(d * (1 - 0x1p-40)) != ilogb(d * (1 + 0x1p-40)))
        return false;
    lane->ulp = fabs(lane->y - d) / unit;
    lane->wrong = sweep_score_bits(low) != sweep_score_bits(lane->y);
    lane->zero = lane->y == 0 && low != 0;
    return true;
}

/*
 * f64, by the pair high + low of scale f(x): false where it leaves rounding
 * or the unit open, or the result is no number.  The error of the pair is
 * 2^-80 of at most 2^54 units, and nothing else rounds by as much as 2^-50 of
 * one, so that outside of OPEN_F64 around a half the rounding is decided.
 */
#define OPEN_F64 0x1p-25
static bool judge_by_pair(struct score_lane *lane,
    const struct conf_reference *reference, double high, double low,
    double scale)
{
    const uint64_t fraction = (UINT64_C(1) << 52) - 1;
    const double y = lane->y * scale, size = fabs(high);
    const double most = 0x1.fffffffp1023 * scale;
    if (!isfinite(y) || !(size > 0 && size < most))
        return false;
    int exponent = ilogb(high) - 52;
    if (!(sweep_score_bits(high) & fraction)) {
        /* below 0 both functions stay inside of b */
        bool inside = !reference->curve && lane->x < 0 &&
                      size == reference->b_double && reference->b_low == 0;
        if (!inside && fabs(low) <= CONF_APPROX_BOUND_F64 * size)
            return false;
        if (inside || signbit(low) != signbit(high))
            exponent--;
    }
    int least = -1074 + ilogb(scale);
    lane->ulp = fmin(
        ldexp(fabs((y - high) - low), -(exponent < least ? least : exponent)),
        DBL_MAX);
    if (lane->ulp >= 0.5 - OPEN_F64 && lane->ulp <= 0.5 + OPEN_F64)
        return false;
    bool off = lane->ulp > 0.5;
    lane->wrong = off || signbit(lane->y) != signbit(high);
    lane->zero = off && lane->y == 0;
    return true;
}

static void judge_exactly(
    struct score_lane *lane, const struct conf_reference *reference, int dtype)
{
    double want = conf_reference_rounded(reference, dtype, lane->x);
    lane->ulp = 0;
    if (conf_reference_accepts(reference, dtype, lane->x, 1, lane->y)) {
        lane->wrong = lane->zero = false;
        return;
    }
    if (isnan(want)) {
        lane->wrong = !isnan(lane->y);
        return;
    }
    lane->wrong = sweep_score_bits(want) != sweep_score_bits(lane->y);
    lane->zero = lane->y == 0 && want != 0;
    lane->ulp = conf_reference_ulp(reference, dtype, lane->x, lane->y);
}

static bool may_flush(const struct conf_reference *reference, int dtype,
    const struct score_lane *lane)
{
    const double least = conf_type_least_normal(dtype);
    double want = conf_reference_rounded(reference, dtype, lane->x);
    return !signbit(want) == !signbit(lane->y) &&
           (fabs(want) < least ||
               (!reference->derivative && fabs(lane->x) < least));
}

static bool judge_fast(struct score_lane *lane,
    const struct conf_reference *reference, int dtype,
    const struct sweep_approximation *d, size_t i)
{
    if (!d || !isfinite(lane->x))
        return false;
    return dtype == CONF_TYPE_F64
               ? judge_by_pair(
                     lane, reference, d->high[i], d->low[i], d->scale[i])
               : judge_by(lane, reference, dtype, d->high[i]);
}

static void note_special(struct sweep_score *score,
    const struct conf_reference *reference, const struct score_lane *lane)
{
    score->nan_lost += isnan(lane->x) && !isnan(lane->y);
    score->infinities += isinf(lane->x) && lane->ulp > 16;
    score->zero_signs +=
        lane->x == 0 && lane->y == 0 && lane->wrong && !reference->derivative;
}

void sweep_score_each(struct sweep_score *score,
    const struct conf_reference *reference, int dtype, const void *x,
    const void *y, const struct sweep_approximation *d, size_t n)
{
    double before = (double)NAN, last = (double)NAN;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = conf_type_bits(dtype, x, i);
        struct score_lane lane = {.x = conf_type_value(dtype, bits),
            .y = conf_type_get(dtype, y, i)};
        if (!judge_fast(&lane, reference, dtype, d, i))
            judge_exactly(&lane, reference, dtype);
        if (reference->flush && lane.zero &&
            may_flush(reference, dtype, &lane))
            lane.wrong = lane.zero = false, lane.ulp = 0;
        if (sweep_is_other_side(reference, dtype, lane.x, lane.y))
            lane.wrong = lane.zero = false, lane.ulp = 0;
        note_special(score, reference, &lane);
        score->inputs++;
        score->incorrectly_rounded += lane.wrong;
        score->zeros += lane.zero;
        if (isnan(lane.x))
            continue;
        score->histogram[sweep_score_binade(dtype, bits)]
                        [sweep_score_bucket(lane.ulp, lane.wrong)]++;
        sweep_score_note(score, lane.ulp, lane.x, lane.y);
        double *cell = &score->curve[sweep_score_cell(dtype, bits)];
        if (lane.ulp > *cell && isfinite(lane.x))
            *cell = lane.ulp;
        if (!reference->curve && signbit(lane.x) == signbit(before) &&
            !isnan(before))
            score->monotonicity_violations +=
                signbit(lane.x)                        ? lane.y > last
                : reference->derivative && before == 0 ? 0
                                                       : lane.y < last;
        before = lane.x;
        last = lane.y;
    }
}
