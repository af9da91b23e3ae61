/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block of floats by its approximation, in loops that vectorize. */
#include "verify/conformance/sweep/score.h"
#include "verify/shared/vector_units.h"
#include <math.h>
#include <string.h>

static inline uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/*
 * |y - d| / ulp(exact) for float y; overflow and NaN as reference.h says.
 * inward: 1, or 1 - 2^-53 for x < 0, where d may be a power of 2 and the exact
 * value never is: elu(-60) = -1 + e^-60 lies in the binade below 1.
 */
static inline double per_ulp(double d, double inward)
{
    uint64_t unit = sweep_score_bits(d * inward) & 0x7ff0000000000000u;
    const uint64_t least = (uint64_t)(1023 - 126) << 52;
    const uint64_t most = (uint64_t)(1023 + 127) << 52;
    unit = unit < least ? least : unit > most ? most : unit;
    /* 2^(23 - e): the biased exponents of x and 1/x add up to 2046 */
    return from_bits(((uint64_t)(2046 + 23) << 52) - unit);
}

static inline double error_in_ulp(float y, double d, double inward)
{
    double got = (double)y;
    got = got != got ? copysign(0x1p128, -d) : got;
    got = got > 0x1p128 ? 0x1p128 : got < -0x1p128 ? -0x1p128 : got;
    d = d > 0x1p128 ? 0x1p128 : d < -0x1p128 ? -0x1p128 : d;
    return fabs(got - d) * per_ulp(d, inward);
}

/* How many of a piece differ, are open, vanish; their error. */
struct score_summary {
    uint32_t wrong, open, zeros;
    double max;
};

/*
 * y is f(x) rounded iff it is at most half a unit off and has its sign; where
 * the error is within OPEN_F32 of a half the lane is open.  d is off by 2^-46
 * of at most 2^24 units, and nothing else rounds by as much as 2^-28 of a
 * unit.
 */
#define OPEN_F32 0x1p-22

#define SUMMARIZE(ERROR)                                                      \
    uint64_t wrong = 0, open = 0, zeros = 0;                                  \
    /* as integers: the order is the same for numbers >= 0 */                 \
    uint64_t max = 0;                                                         \
    for (size_t i = 0; i < n; i++) {                                          \
        double error = (ERROR);                                               \
        uint64_t ulp = sweep_score_bits(error);                               \
        uint64_t signs =                                                      \
            (sweep_score_bits((double)y[i]) ^ sweep_score_bits(d[i])) >> 63;  \
        uint64_t off = error > 0.5 + OPEN_F32;                                \
        uint64_t near = (error >= 0.5 - OPEN_F32) & !off;                     \
        open += near;                                                         \
        wrong += (off | signs) & !near;                                       \
        zeros += off & (y[i] == 0);                                           \
        max = ulp > max ? ulp : max;                                          \
    }                                                                         \
    *s = (struct score_summary){                                              \
        (uint32_t)wrong, (uint32_t)open, (uint32_t)zeros, from_bits(max)};

SHARED_FOR_EACH_VECTOR_UNIT
static void summarize_any(struct score_summary *s, const float *restrict y,
    const double *restrict d, size_t n,
    double inward){SUMMARIZE(error_in_ulp(y[i], d[i], inward))}

/* Finite results in one binade: the unit is the same for all. */
SHARED_FOR_EACH_VECTOR_UNIT static void summarize_binade(
    struct score_summary *s, const float *restrict y, const double *restrict d,
    size_t n, double units){SUMMARIZE(fabs((double)y[i] - d[i]) * units)}

SHARED_FOR_EACH_VECTOR_UNIT static uint32_t largest(const float *y, size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t size = bits_of(y[i]) & 0x7fffffff;
        most = size > most ? size : most;
    }
    return most;
}

/* The least and the largest modulus of d, as the bits of it. */
SHARED_FOR_EACH_VECTOR_UNIT
static void range_of_moduli(uint64_t range[2], const double *d, size_t n)
{
    uint64_t least = UINT64_MAX, most = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t size = sweep_score_bits(d[i]) & (UINT64_MAX >> 1);
        least = size < least ? size : least;
        most = size > most ? size : most;
    }
    range[0] = least;
    range[1] = most;
}

/* d is monotone, so what its ends have in common all have. */
static void summarize(struct score_summary *s, const float *y, const double *d,
    size_t n, double inward)
{
    double units = per_ulp(d[0], inward);
    if (units == per_ulp(d[n - 1], inward) && fabs(d[n - 1]) < 0x1p128 &&
        largest(y, n) < 0x7f800000)
        summarize_binade(s, y, d, n, units);
    else
        summarize_any(s, y, d, n, inward);
}

/* How often a[i] < b[i]. */
SHARED_FOR_EACH_VECTOR_UNIT
static uint32_t count_below(const float *a, const float *b, size_t n)
{
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += a[i] < b[i];
    return count;
}

/* How many are off by at least each limit from 1 ULP on. */
SHARED_FOR_EACH_VECTOR_UNIT
static void count_above(uint64_t count[SWEEP_BUCKETS], const float *restrict y,
    const double *restrict d, size_t n, double inward)
{
    uint64_t c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0;
    for (size_t i = 0; i < n; i++) {
        double error = error_in_ulp(y[i], d[i], inward);
        c1 += error >= 1;
        c2 += error >= 2;
        c3 += error >= 4;
        c4 += error >= 16;
        c5 += error >= 256;
        c6 += error >= 65536;
    }
    const uint64_t all[] = {0, c1, c2, c3, c4, c5, c6, 0};
    memcpy(count, all, sizeof all);
}

/* Of a curve, which need not be monotone. */
static void summarize_curve(struct score_summary *s, const float *y,
    const double *d, size_t n, const uint64_t range[2], double inward)
{
    const double least = from_bits(range[0]), most = from_bits(range[1]);
    const double units = per_ulp(least, inward);
    if (units == per_ulp(most, 1) && most < 0x1p128 &&
        largest(y, n) < 0x7f800000)
        summarize_binade(s, y, d, n, units);
    else
        summarize_any(s, y, d, n, inward);
}

static bool judge_open(struct sweep_score *score,
    const struct conf_reference *reference, float x, float y, double d,
    double inward)
{
    double error = error_in_ulp(y, d, inward);
    if (!(error >= 0.5 - OPEN_F32 && error <= 0.5 + OPEN_F32))
        return false;
    float want = (float)conf_reference_rounded(reference, SN_F32, (double)x);
    bool wrong =
        bits_of(want) != bits_of(y) &&
        !conf_reference_accepts(reference, SN_F32, (double)x, 1, (double)y);
    score->incorrectly_rounded += wrong;
    score->zeros += y == 0 && want != 0;
    return wrong;
}

/* The worst lane of a piece that may hold a record, and its curve. */
static void look_closely(struct sweep_score *score, const float *x,
    const float *y, const double *d, size_t n, double inward)
{
    for (size_t i = 0; i < n; i++) {
        double ulp = error_in_ulp(y[i], d[i], inward);
        double *cell = &score->curve[bits_of(x[i]) >> 20];
        if (ulp > *cell)
            *cell = ulp;
        sweep_score_note(score, ulp, (double)x[i], (double)y[i]);
    }
}

/* A piece: in one binade nearly always, then by counting. */
static void fill_histogram(struct sweep_score *score, const float *x,
    const float *y, const double *d, size_t n, double inward,
    const struct score_summary *s)
{
    uint64_t *row = score->histogram[bits_of(x[0]) >> 23];
    uint64_t at_least[SWEEP_BUCKETS] = {0};
    if (bits_of(x[0]) >> 23 == bits_of(x[n - 1]) >> 23) {
        if (s->max >= 1)
            count_above(at_least, y, d, n, inward);
        at_least[0] = s->wrong;
        row[0] += n - s->wrong;
        for (int k = 1; k < SWEEP_BUCKETS; k++)
            row[k] += at_least[k - 1] - at_least[k];
        return;
    }
    for (size_t i = 0; i < n; i++) {
        double ulp = error_in_ulp(y[i], d[i], inward);
        bool off = ulp > 0.5 + OPEN_F32 || signbit(y[i]) != signbit(d[i]);
        score->histogram[bits_of(x[i]) >> 23][sweep_score_bucket(ulp, off)]++;
    }
}

/*
 * What is a matter of convention is taken for what was wanted: --ftz allow:
 * where a subnormal is wanted, or x is one, a 0 of the right sign; a
 * derivative at 0 from the right.  Returns y, or a copy in `mended`.
 */
static const float *mend(const struct conf_reference *reference, float *mended,
    const float *x, const float *y, const double *d, size_t n)
{
    const double least = 0x1p-126;
    const bool other =
        sweep_is_other_side(reference, SN_F32, (double)x[0], (double)y[0]);
    if (!reference->flush && !other)
        return y;
    memcpy(mended, y, n * sizeof *y);
    if (other)
        mended[0] = (float)conf_reference_rounded(reference, SN_F32, 0);
    if (!reference->flush)
        return mended;
    for (size_t i = 0; i < n; i++) {
        bool tiny = fabs(d[i]) < least ||
                    (!reference->derivative && fabsf(x[i]) < least);
        bool taken = tiny && y[i] == 0 && !signbit(y[i]) == !signbit(d[i]);
        float low = (float)(d[i] * (1 - CONF_APPROX_BOUND));
        float high = (float)(d[i] * (1 + CONF_APPROX_BOUND));
        mended[i] = !taken        ? y[i]
                    : low == high ? low
                                  : (float)conf_reference_rounded(
                                        reference, SN_F32, (double)x[i]);
    }
    return mended;
}

/*
 * A piece of a curve where some d says nothing in double: 0, where either sign
 * will do, and NaN, where Arb is asked.  True: it was judged.
 */
static bool score_specials(struct sweep_score *score,
    const struct conf_reference *reference, const float *x, const float *y,
    const double *d, size_t n, const uint64_t range[2])
{
    const uint64_t infinity = UINT64_C(0x7ff) << 52;
    if (range[0] && range[1] < infinity)
        return false;
    if (!range[1] && !largest(y, n) &&
        bits_of(x[0]) >> 23 == bits_of(x[n - 1]) >> 23) {
        score->inputs += n;
        score->histogram[bits_of(x[0]) >> 23][0] += n;
        double *cell = &score->curve[bits_of(x[0]) >> 20];
        *cell = *cell > 0 ? *cell : 0;
        sweep_score_note(score, 0, (double)x[0], (double)y[0]);
        return true;
    }
    const struct sweep_approximation all = {.high = (double *)d};
    sweep_score_each(score, reference, SN_F32, x, y, &all, n);
    return true;
}

/* Neighbours in the wrong order; before: the result before them, or NULL.  The
   derivative falls from lambda alpha at 0 to lambda above: no fault. */
static uint64_t count_disorder(const struct conf_reference *reference,
    const float *x, const float *y, size_t n, const float *before)
{
    const bool negative = signbit(x[0]);
    if (reference->curve)
        return 0;
    uint64_t wrong =
        negative ? count_below(y, y + 1, n - 1) : count_below(y + 1, y, n - 1);
    if (reference->derivative && x[0] == 0 && !negative && n > 1)
        wrong -= y[1] < y[0];
    if (before)
        wrong += negative ? y[0] > *before : y[0] < *before;
    return wrong;
}

enum { SCORE_PIECE = 4096 };

/* Up to SCORE_PIECE finite inputs. */
static void score_piece(struct sweep_score *score,
    const struct conf_reference *reference, const float *x, const float *y,
    const double *d, size_t n, const float *before)
{
    const double inward = reference->curve ? 1 - 0x1p-45
                          : signbit(x[0])  ? 1 - 0x1p-53
                                           : 1;
    float mended[SCORE_PIECE];
    struct score_summary s;
    uint64_t range[2];
    y = mend(reference, mended, x, y, d, n);
    if (reference->curve) {
        range_of_moduli(range, d, n);
        if (score_specials(score, reference, x, y, d, n, range))
            return;
        summarize_curve(&s, y, d, n, range, inward);
    } else {
        summarize(&s, y, d, n, inward);
    }
    score->inputs += n;
    score->incorrectly_rounded += s.wrong;
    score->zeros += s.zeros;
    score->monotonicity_violations +=
        count_disorder(reference, x, y, n, before);
    for (size_t i = 0; s.open && i < n; i++)
        s.wrong += judge_open(score, reference, x[i], y[i], d[i], inward);
    fill_histogram(score, x, y, d, n, inward, &s);
    double *cell = &score->curve[bits_of(x[0]) >> 20];
    bool one_cell = cell == &score->curve[bits_of(x[n - 1]) >> 20];
    if (!one_cell || sweep_score_worse(s.max, (double)x[0], score))
        look_closely(score, x, y, d, n, inward);
    else if (s.max > *cell)
        *cell = s.max;
}

void sweep_score_f32(struct sweep_score *score,
    const struct conf_reference *reference, const float *x, const float *y,
    const double *d, size_t n)
{
    size_t finite = n;
    while (finite && !isfinite(x[finite - 1]))
        finite--;
    sweep_score_each(
        score, reference, SN_F32, x + finite, y + finite, NULL, n - finite);
    for (size_t i = 0; !reference->derivative && i < n && x[i] == 0; i++)
        score->zero_signs += y[i] == 0 && !signbit(x[i]) != !signbit(y[i]);
    for (size_t start = 0; start < finite; start += SCORE_PIECE)
        score_piece(score, reference, x + start, y + start, d + start,
            finite - start < SCORE_PIECE ? finite - start : SCORE_PIECE,
            start ? &y[start - 1] : NULL);
}
