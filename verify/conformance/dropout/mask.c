/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts have the binomial law, and their tails are taken from it; sums of
 * bounded terms keep to Bernstein's bound of their tails.  Both hold for any
 * number of terms, however rare what is counted.  A tail is told as the number
 * of standard deviations that has it under the normal law.
 */
#include "verify/conformance/dropout/mask.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = SUBJECT_BLOCK / 64 };

static size_t lag_of(int i)
{
    return i < DROPOUT_MASK_NEAR
               ? (size_t)i + 1
               : (size_t)2 * DROPOUT_MASK_NEAR << (i - DROPOUT_MASK_NEAR);
}

bool dropout_mask_start(struct dropout_mask_data *data, uint64_t samples)
{
    *data = (struct dropout_mask_data){.block = SUBJECT_BLOCK};
    data->blocks = (samples + SUBJECT_BLOCK - 1) / SUBJECT_BLOCK;
    if (data->blocks < 2)
        data->blocks = 2;
    data->x = calloc(data->block, sizeof *data->x);
    data->y = calloc(data->block * data->blocks, sizeof *data->y);
    data->dropped = calloc(data->block, data->blocks);
    data->bits = calloc(WORDS * data->blocks, sizeof *data->bits);
    return data->x && data->y && data->dropped && data->bits;
}

void dropout_mask_end(struct dropout_mask_data *data)
{
    free(data->x);
    free(data->y);
    free(data->dropped);
    free(data->bits);
}

/* Mean 0 and variance 1, as units of a self-normalizing layer have. */
static const double class_values[DROPOUT_CLASSES] = {
    -1.5, -0.5, 0.0625, 0.4375, 1.5};

void dropout_mask_inputs(struct dropout_mask_data *data,
    const struct dropout_question *question, struct dropout_view *view)
{
    const size_t channel = question->channel > 1 ? question->channel : 1;
    for (int k = 0; k < DROPOUT_CLASSES; k++)
        view->x[k] = conf_type_round(question->type, class_values[k]);
    for (size_t i = 0; i < SUBJECT_BLOCK; i++)
        data->x[i] = view->x[i / channel % DROPOUT_CLASSES];
}

/* One element of each channel stays; false: others of it differ. */
static bool thin_out(struct dropout_mask_data *data, size_t channel)
{
    const size_t block = SUBJECT_BLOCK / channel / 64 * 64;
    bool together = true;
    for (size_t b = 0; b < data->blocks; b++)
        for (size_t i = 0; i < block * channel; i++) {
            const double *first = &data->y[b * SUBJECT_BLOCK + i];
            together = together && *first == first[-(ptrdiff_t)(i % channel)];
        }
    for (size_t b = 0; b < data->blocks; b++)
        for (size_t i = 0; i < block; i++)
            data->y[b * block + i] = data->y[b * SUBJECT_BLOCK + i * channel];
    for (size_t i = 0; i < block; i++)
        data->x[i] = data->x[i * channel];
    data->block = block;
    return together;
}

bool dropout_mask_gather(struct dropout_mask_data *data,
    struct dropout_calls *calls, struct dropout_view *view, bool *stopped)
{
    const struct dropout_question *question = calls->question;
    data->block = SUBJECT_BLOCK;
    data->together = true;
    for (size_t k = 0; k < data->blocks; k++) {
        if (!dropout_call(calls, data->y + k * data->block, data->x,
                data->block,
                (struct dropout_how){
                    .rate = data->rate, .seed = question->seed + k}))
            return false;
        const double part = (double)(k + 1) / (double)data->blocks;
        if (question->progress && !question->progress(question->ctx, part)) {
            *stopped = true;
            return false;
        }
    }
    if (question->channel > 1)
        data->together = thin_out(data, question->channel);
    dropout_look(view, data->y, data->block, data->blocks);
    memset(data->bits, 0, WORDS * data->blocks * sizeof *data->bits);
    for (size_t i = 0; i < data->block * data->blocks; i++) {
        data->dropped[i] = data->y[i] == view->dropped;
        data->bits[i / 64] |= (uint64_t)data->dropped[i] << i % 64;
    }
    return true;
}

static size_t dropped_in(const struct dropout_mask_data *data, size_t from,
    size_t step, size_t *all)
{
    size_t count = 0;
    *all = 0;
    for (size_t i = from; i < data->block * data->blocks; i += step) {
        count += data->dropped[i];
        ++*all;
    }
    return count;
}

/* A probability beyond z, as a distance of the normal law. */
static double as_deviations(double tail, double z)
{
    if (!(tail > 0x1p-900)) /* beyond any threshold */
        return z;
    return copysign(gsl_cdf_ugaussian_Qinv(fmin(tail, 0.5)), z);
}

/* A sum of independent terms of mean 0 below `most`, by Bernstein. */
static double bounded_sum(double sum, double variance, double most)
{
    const double t = fabs(sum);
    return as_deviations(
        exp(-t * t / 2 / (variance + most * t / 3)), sum / sqrt(variance));
}

double dropout_mask_deviations(size_t k, size_t n, double p)
{
    const double away = (double)k - (double)n * p;
    const double variance = (double)n * p * (1 - p);
    const unsigned all = (unsigned)n, these = (unsigned)k;
    const double tail = away > 0 ? gsl_cdf_binomial_Q(these - 1, p, all)
                                 : gsl_cdf_binomial_P(these, p, all);
    if (isnan(tail)) /* GSL's continued fraction ends early for large n */
        return bounded_sum(away, variance, fmax(p, 1 - p));
    return as_deviations(tail, away / sqrt(variance));
}

static size_t common_divisor(size_t a, size_t b)
{
    while (b) {
        const size_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Chance makes no change or 64 of them at multiples of a number alone. */
enum { SHAPE_CHANGES = 64 };

size_t dropout_mask_channel(const struct dropout_mask_data *data)
{
    size_t divisor = 0, changes = 0;
    for (size_t i = 1; i < data->block * data->blocks; i++)
        if (i % data->block && data->dropped[i] != data->dropped[i - 1]) {
            divisor = common_divisor(i % data->block, divisor);
            changes++;
        }
    return changes >= SHAPE_CHANGES ? divisor : 1;
}

size_t dropout_mask_period(const struct dropout_mask_data *data)
{
    const unsigned char *mask = data->dropped;
    size_t most = data->block / 2, some = 0;
    for (size_t i = 0; i < most; i++)
        some += mask[i];
    if (some < SHAPE_CHANGES || most - some < SHAPE_CHANGES)
        return 0;
    for (size_t period = 1; period <= most; period++)
        if (!memcmp(mask, mask + period, data->block - period))
            return period;
    return 0;
}

/* How far the share of the negative inputs is from p. */
static double test_signs(
    const struct dropout_mask_data *data, double p, double *share)
{
    size_t n = 0, d = 0;
    for (size_t i = 0; i < data->block * data->blocks; i++)
        if (data->x[i % data->block] < 0) {
            n++;
            d += data->dropped[i];
        }
    *share = (double)d / (double)n;
    return fabs(dropout_mask_deviations(d, n, p));
}

/* A wrong share that is that of some inputs alone. */
static bool is_by_value(
    const struct dropout_mask_data *data, double got, double *share)
{
    return got > 0 && got < 1 &&
           test_signs(data, got, share) > 2 * data->threshold;
}

void dropout_mask_rate(const struct dropout_mask_data *data,
    struct diag_list *list, struct conf_finding *finding)
{
    size_t n, k = dropped_in(data, 0, 1, &n);
    const double p = data->rate, z = dropout_mask_deviations(k, n, p);
    const double got = (double)k / (double)n;
    double share;
    conf_note(finding, CONF_FACT(CONF_FACT_SHARE, (double)k, (double)n, p, z,
                           data->threshold));
    if (fabs(z) <= data->threshold)
        return;
    conf_fail(finding, DIAG_RATE, CONF_FACT(CONF_FACT_SHARE_OFF, p, got, z));
    const double normal = gsl_cdf_ugaussian_P(p);
    const double spread = data->threshold * sqrt(got * (1 - got) / (double)n);
    if (fabs(got - normal) <= spread)
        DIAG_ADD(list, DIAG_NORMAL_NOISE, p, got, normal);
    else if (fabs(got - (1 - p)) <= spread)
        DIAG_ADD(list, DIAG_RATE_INVERTED, p, got);
    else if (!k || k == n)
        DIAG_ADD(
            list, k ? DIAG_RATE_ALL : DIAG_RATE_NONE, p, (double)k, (double)n);
    else if (!is_by_value(data, got, &share))
        DIAG_ADD(list, DIAG_RATE, p, got, z);
}

/*
 * Over the mask alone, as the inputs are known: the standard deviation of one
 * result, and mean and standard deviation of its square.
 */
struct mask_moments {
    double spread, square, square_spread;
    double most, square_most; /* of a deviation from its mean */
};
static struct mask_moments moments_of(
    const struct conf_reference *reference, double rate, const double *x)
{
    struct mask_moments m = {0};
    double a, b, dropped;
    const double q = 1 - rate;
    dropout_exact(&a, &b, &dropped, reference, rate);
    for (int k = 0; k < DROPOUT_CLASSES; k++) {
        /* conditional on the input: kept or dropped */
        const double kept = a * x[k] + b;
        const double m2 = q * kept * kept + rate * dropped * dropped;
        const double m1 = q * kept + rate * dropped;
        const double m4 = q * pow(kept, 4) + rate * pow(dropped, 4);
        const double larger = fmax(rate, q);
        m.most = fmax(m.most, larger * fabs(kept - dropped));
        m.square_most = fmax(
            m.square_most, larger * fabs(kept * kept - dropped * dropped));
        m.square += m2 / DROPOUT_CLASSES;
        m.spread += (m2 - m1 * m1) / DROPOUT_CLASSES;
        m.square_spread += (m4 - m2 * m2) / DROPOUT_CLASSES;
    }
    m.spread = sqrt(m.spread);
    m.square_spread = sqrt(m.square_spread);
    return m;
}

void dropout_mask_moments(const struct dropout_mask_data *data,
    struct conf_finding *finding, const struct dropout_question *question)
{
    const size_t n = data->block * data->blocks;
    const double p = data->rate, q = 1 - p;
    const struct mask_moments m = moments_of(question->reference, p, data->x);
    double a, b, dropped, sum = 0, squares = 0, want = 0, expected = 0;
    dropout_exact(&a, &b, &dropped, question->reference, p);
    for (size_t i = 0; i < n; i++) {
        const double kept = a * data->x[i % data->block] + b;
        sum += data->y[i];
        squares += data->y[i] * data->y[i];
        want += q * kept + p * dropped;
        expected += q * kept * kept + p * dropped * dropped;
    }
    const double many = (double)n;
    /* the same few results over and over: their roundings do not cancel */
    const double rounding =
        many * ldexp(4, -ref_types[question->type].format->precision);
    const double off1 = fmax(0, fabs(sum - want) - rounding);
    const double off2 = fmax(0, fabs(squares - expected) - 4 * rounding);
    const double z1 = bounded_sum(
        copysign(off1, sum - want), many * m.spread * m.spread, m.most);
    const double z2 = bounded_sum(copysign(off2, squares - expected),
        many * m.square_spread * m.square_spread, m.square_most);
    conf_note(finding, CONF_FACT(CONF_FACT_MOMENTS, p, sum / many, z1,
                           squares / many, expected / many, z2));
    if (!(fabs(z1) <= data->threshold))
        conf_fail(finding, DIAG_MEAN,
            CONF_FACT(CONF_FACT_MEAN_OFF, p, sum / many, want / many, z1));
    if (!(fabs(z2) <= data->threshold))
        conf_fail(finding, DIAG_MEAN,
            CONF_FACT(
                CONF_FACT_SQUARE_OFF, p, squares / many, expected / many, z2));
}

/* How many of n inputs are dropped, of those `lag` further on, and of both. */
struct mask_pairs {
    uint64_t n, here, there, both;
};

static void count_pairs(
    struct mask_pairs *pairs, const uint64_t *bits, size_t n, size_t lag)
{
    const size_t words = lag / 64, shift = lag % 64;
    for (size_t i = 0; i < n; i += 64) {
        const uint64_t *far = bits + i / 64 + words;
        const uint64_t valid =
            n - i < 64 ? (UINT64_C(1) << (n - i)) - 1 : ~UINT64_C(0);
        const bool crosses = shift && 64 - shift < n - i;
        uint64_t here = bits[i / 64] & valid;
        uint64_t there =
            (far[0] >> shift | (crosses ? far[1] << (64 - shift) : 0)) & valid;
        pairs->here += (uint64_t)__builtin_popcountll(here);
        pairs->there += (uint64_t)__builtin_popcountll(there);
        pairs->both += (uint64_t)__builtin_popcountll(here & there);
    }
    pairs->n += n;
}

/* Correlation of the mask with itself `lag` further in each block, or one
   block on (lag 0). */
static double correlation(const struct dropout_mask_data *data, size_t lag)
{
    const double p = data->rate;
    struct mask_pairs all = {0};
    if (!lag)
        count_pairs(
            &all, data->bits, (data->blocks - 1) * data->block, data->block);
    for (size_t b = 0; lag && lag < data->block && b < data->blocks; b++)
        count_pairs(
            &all, data->bits + b * (data->block / 64), data->block - lag, lag);
    if (!all.n)
        return 0;
    const double n = (double)all.n;
    const double sum = (double)all.both -
                       p * ((double)all.here + (double)all.there) + n * p * p;
    /* Freedman: the variance is what the earlier ones of the pairs leave, of
       which no more are of the rarer kind than the test of the rate lets pass
     */
    const double rare = fmin(p, 1 - p), z = data->threshold;
    const double most = n * rare + z * sqrt(n * rare) + z * z;
    const double variance =
        p * (1 - p) * (most * (1 - 2 * rare) + n * rare * rare);
    return bounded_sum(sum, variance, (1 - rare) * (1 - rare));
}

/* Each of the tests below returns the largest deviation that it met. */

static double test_lags(const struct dropout_mask_data *data,
    struct diag_list *list, struct conf_finding *finding)
{
    const double p = data->rate;
    double worst = 0;
    for (int i = 0; i < DROPOUT_MASK_LAGS; i++) {
        const double lag = (double)lag_of(i), z = correlation(data, lag_of(i));
        worst = fmax(worst, fabs(z));
        if (fabs(z) <= data->threshold)
            continue;
        conf_fail(
            finding, DIAG_CORRELATED, CONF_FACT(CONF_FACT_BY_LAG, p, lag, z));
        DIAG_ADD(list, DIAG_CORRELATED, p, lag, z);
    }
    return worst;
}

static double test_positions(const struct dropout_mask_data *data,
    struct diag_list *list, struct conf_finding *finding)
{
    const double p = data->rate;
    double worst = 0;
    for (size_t lane = 0; lane < DROPOUT_MASK_LANES; lane++) {
        size_t all, there = dropped_in(data, lane, DROPOUT_MASK_LANES, &all);
        const double z = dropout_mask_deviations(there, all, p);
        const double share = (double)there / (double)all;
        worst = fmax(worst, fabs(z));
        if (fabs(z) <= data->threshold)
            continue;
        conf_fail(finding, DIAG_RATE_BY_POSITION,
            CONF_FACT(CONF_FACT_BY_POSITION, p, (double)lane,
                DROPOUT_MASK_LANES, share));
        DIAG_ADD(list, DIAG_RATE_BY_POSITION, p, (double)lane,
            DROPOUT_MASK_LANES, share);
    }
    return worst;
}

static double test_seeds(const struct dropout_mask_data *data,
    struct diag_list *list, struct conf_finding *finding)
{
    const double z = correlation(data, 0);
    if (fabs(z) > data->threshold) {
        conf_fail(finding, DIAG_SEEDS_CORRELATED,
            CONF_FACT(CONF_FACT_BY_SEED, data->rate, z));
        DIAG_ADD(list, DIAG_SEEDS_CORRELATED, data->rate, z);
    }
    return fabs(z);
}

void dropout_mask_independence(const struct dropout_mask_data *data,
    struct diag_list *list, struct conf_finding *finding)
{
    const double p = data->rate;
    double share;
    size_t all, k = dropped_in(data, 0, 1, &all);
    const bool off =
        fabs(dropout_mask_deviations(k, all, p)) > data->threshold;
    double worst = test_signs(data, p, &share);
    if (off ? is_by_value(data, (double)k / (double)all, &share)
            : worst > data->threshold) {
        conf_fail(finding, DIAG_MASK_BY_VALUE,
            CONF_FACT(CONF_FACT_BY_SIGN, p, share));
        DIAG_ADD(list, DIAG_MASK_BY_VALUE, p, share);
        return; /* the rest would show the same */
    }
    if (off)
        return; /* and so it would a wrong rate */
    worst = fmax(worst, test_lags(data, list, finding));
    worst = fmax(worst, test_positions(data, list, finding));
    worst = fmax(worst, test_seeds(data, list, finding));
    conf_note(finding, CONF_FACT(CONF_FACT_LARGEST_TEST, p,
                           DROPOUT_MASK_LAGS + DROPOUT_MASK_LANES + 2, worst));
}

void dropout_mask_power(
    struct dropout_answer *answer, const struct dropout_question *question)
{
    const double z = answer->threshold + gsl_cdf_ugaussian_Pinv(0.999);
    const double n =
        ceil((double)question->samples / SUBJECT_BLOCK) * SUBJECT_BLOCK;
    for (int i = 0; i < question->rates; i++) {
        const double p = question->rate[i];
        const struct mask_moments m =
            moments_of(question->reference, p, class_values);
        answer->power[i] = (struct dropout_power){p, z * sqrt(p * (1 - p) / n),
            100 * z * m.square_spread / m.square / sqrt(n),
            z * m.spread / sqrt(n)};
    }
}
