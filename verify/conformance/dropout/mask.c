/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every test is a sum of many independent terms over its standard deviation;
 * with 2^16 terms and more the normal law holds well beyond the threshold.
 */
#include "verify/conformance/dropout/mask.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = CONF_BLOCK / 64 };

static size_t lag_of(int i)
{
    return i < DROPOUT_MASK_NEAR
               ? (size_t)i + 1
               : (size_t)2 * DROPOUT_MASK_NEAR << (i - DROPOUT_MASK_NEAR);
}

bool dropout_mask_start(struct dropout_mask_data *data, uint64_t samples)
{
    *data = (struct dropout_mask_data){.block = CONF_BLOCK};
    data->blocks = (samples + CONF_BLOCK - 1) / CONF_BLOCK;
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
void dropout_mask_inputs(
    struct dropout_mask_data *data, int dtype, struct dropout_view *view)
{
    static const double class[DROPOUT_CLASSES] = {
        -1.5, -0.5, 0.0625, 0.4375, 1.5};
    for (int k = 0; k < DROPOUT_CLASSES; k++)
        view->x[k] = conf_type_round(dtype, class[k]);
    for (size_t i = 0; i < data->block; i++)
        data->x[i] = view->x[i % DROPOUT_CLASSES];
}

bool dropout_mask_gather(struct dropout_mask_data *data,
    struct dropout_ask *ask, struct dropout_dropout *dropout,
    struct dropout_view *view)
{
    for (size_t k = 0; k < data->blocks; k++) {
        double *y = data->y + k * data->block;
        if (!dropout_ask(ask, y, data->x, data->block, data->rate,
                dropout->seed + k, false))
            return false;
        if (dropout->progress && !dropout->progress(dropout->ctx,
                                     (double)(k + 1) / (double)data->blocks)) {
            dropout->stopped = true;
            return false;
        }
    }
    dropout_look(view, data->y, data->block);
    memset(data->bits, 0, WORDS * data->blocks * sizeof *data->bits);
    for (size_t i = 0; i < data->block * data->blocks; i++) {
        data->dropped[i] = dropout_is_dropped(view, data->y[i]);
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

/* Standard deviations that k of n are away from a share p. */
static double deviations(size_t k, size_t n, double p)
{
    return ((double)k - (double)n * p) / sqrt((double)n * p * (1 - p));
}

void dropout_mask_rate(const struct dropout_mask_data *data,
    struct dropout_notes *notes, struct conf_finding *finding,
    double threshold)
{
    size_t n, k = dropped_in(data, 0, 1, &n);
    const double p = data->rate, z = deviations(k, n, p);
    const double got = (double)k / (double)n;
    size_t used = strlen(finding->note);
    snprintf(finding->note + used, sizeof finding->note - used,
        "%s%zu of %zu dropped at rate %g (%.2f standard deviations; %.2f "
        "fail)",
        used ? "; " : "", k, n, p, z, threshold);
    if (fabs(z) <= threshold)
        return;
    structure_trial_fail(finding, 0,
        "rate %g: the share of dropped inputs is %.6g, %.3g standard "
        "deviations off",
        p, got, z);
    const double spread = threshold * sqrt(got * (1 - got) / (double)n);
    if (fabs(got - gsl_cdf_ugaussian_P(p)) <= spread)
        dropout_diagnose(notes, "normal-noise",
            "normal noise is compared with the rate, in place of uniform",
            "rate %g: share %.6g; normal noise gives %.6g", p, got,
            gsl_cdf_ugaussian_P(p));
    else if (fabs(got - (1 - p)) <= spread)
        dropout_diagnose(notes, "rate-inverted",
            "the rate is taken for the share that is kept",
            "rate %g: share %.6g dropped", p, got);
    else if (!k || k == n)
        dropout_diagnose(notes, "rate",
            k ? "everything is dropped" : "nothing is dropped",
            "rate %g: %zu of %zu", p, k, n);
    else
        dropout_diagnose(notes, "rate", "the rate is wrong",
            "rate %g: share %.6g, %.3g standard deviations off", p, got, z);
}

/*
 * Over the mask alone, as the inputs are known: the standard deviation of one
 * result, and mean and standard deviation of its square.
 */
static void moments_of(const struct conf_reference *reference, double rate,
    const double *x, double *mean_spread, double *square,
    double *square_spread)
{
    double a, b, dropped, second = 0;
    dropout_exact(&a, &b, &dropped, reference, rate);
    *mean_spread = *square_spread = 0;
    for (int k = 0; k < DROPOUT_CLASSES; k++) {
        /* conditional on the input: kept or dropped */
        double kept = a * x[k] + b, q = 1 - rate;
        double m2 = q * kept * kept + rate * dropped * dropped;
        double m1 = q * kept + rate * dropped;
        double m4 = q * pow(kept, 4) + rate * pow(dropped, 4);
        second += m2 / DROPOUT_CLASSES;
        *mean_spread += (m2 - m1 * m1) / DROPOUT_CLASSES;
        *square_spread += (m4 - m2 * m2) / DROPOUT_CLASSES;
    }
    *square = second;
    *mean_spread = sqrt(*mean_spread);
    *square_spread = sqrt(*square_spread);
}

void dropout_mask_moments(const struct dropout_mask_data *data, int dtype,
    struct conf_finding *finding, const struct conf_reference *reference,
    double threshold)
{
    const size_t n = data->block * data->blocks;
    double mean_spread, square, square_spread, a, b, dropped;
    double sum = 0, squares = 0, want = 0;
    dropout_exact(&a, &b, &dropped, reference, data->rate);
    moments_of(
        reference, data->rate, data->x, &mean_spread, &square, &square_spread);
    double expected = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = data->x[i % data->block];
        const double kept = a * x + b;
        sum += data->y[i];
        squares += data->y[i] * data->y[i];
        want += (1 - data->rate) * kept + data->rate * dropped;
        expected +=
            (1 - data->rate) * kept * kept + data->rate * dropped * dropped;
    }
    const double root = sqrt((double)n);
    const double z1 = (sum - want) / (mean_spread * root);
    const double z2 = (squares - expected) / (square_spread * root);
    /* the same few results over and over: their roundings do not cancel */
    const double rounding =
        (double)n * ldexp(4, -ref_types[dtype].format->precision);
    size_t used = strlen(finding->note);
    snprintf(finding->note + used, sizeof finding->note - used,
        "%srate %g: mean %.5g (%.2f), second moment %.5g, want %.5g (%.2f "
        "standard deviations)",
        used ? "; " : "", data->rate, sum / (double)n, z1, squares / (double)n,
        expected / (double)n, z2);
    if (!(fabs(sum - want) <= threshold * mean_spread * root + rounding))
        structure_trial_fail(finding, 0,
            "rate %g: mean %.6g, want %.6g: %.3g standard deviations off",
            data->rate, sum / (double)n, want / (double)n, z1);
    if (!(fabs(squares - expected) <=
            threshold * square_spread * root + 4 * rounding))
        structure_trial_fail(finding, 0,
            "rate %g: second moment %.6g, want %.6g: %.3g standard deviations "
            "off",
            data->rate, squares / (double)n, expected / (double)n, z2);
}

/* How many of n inputs are dropped, of those `lag` further on, and of both. */
struct pairs {
    uint64_t n, here, there, both;
};

static void count_pairs(
    struct pairs *pairs, const uint64_t *bits, size_t n, size_t lag)
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
    struct pairs all = {0};
    if (!lag)
        count_pairs(
            &all, data->bits, (data->blocks - 1) * data->block, data->block);
    for (size_t b = 0; lag && b < data->blocks; b++)
        count_pairs(&all, data->bits + b * WORDS, data->block - lag, lag);
    const double n = (double)all.n;
    const double sum = (double)all.both -
                       p * ((double)all.here + (double)all.there) + n * p * p;
    return sum / (p * (1 - p) * sqrt(n));
}

void dropout_mask_independence(const struct dropout_mask_data *data,
    struct dropout_notes *notes, struct conf_finding *finding,
    double threshold)
{
    const double p = data->rate;
    size_t all, k = dropped_in(data, 0, 1, &all);
    /* a wrong rate would show here again */
    if (fabs(deviations(k, all, p)) > threshold)
        return;
    double worst = 0;
    /* by the sign of the input */
    size_t n = 0, d = 0;
    for (size_t i = 0; i < data->block * data->blocks; i++)
        if (data->x[i % data->block] < 0) {
            n++;
            d += data->dropped[i];
        }
    double z = deviations(d, n, p);
    worst = fmax(worst, fabs(z));
    if (fabs(z) > threshold) {
        structure_trial_fail(finding, 0,
            "rate %g: negative inputs are dropped at rate %.5g", p,
            (double)d / (double)n);
        dropout_diagnose(notes, "mask-by-value",
            "the mask depends on the input",
            "rate %g: negative inputs are dropped at rate %.5g", p,
            (double)d / (double)n);
        return; /* the rest would show the same */
    }
    for (int i = 0; i < DROPOUT_MASK_LAGS; i++) {
        z = correlation(data, lag_of(i));
        worst = fmax(worst, fabs(z));
        if (fabs(z) <= threshold)
            continue;
        structure_trial_fail(finding, 0,
            "rate %g: elements %zu apart are correlated "
            "(%.3g standard deviations)",
            p, lag_of(i), z);
        dropout_diagnose(notes, "correlated",
            "elements share their random numbers",
            "rate %g: elements %zu apart, %.3g standard deviations", p,
            lag_of(i), z);
    }
    for (size_t lane = 0; lane < DROPOUT_MASK_LANES; lane++) {
        size_t all_there,
            there = dropped_in(data, lane, DROPOUT_MASK_LANES, &all_there);
        z = deviations(there, all_there, p);
        worst = fmax(worst, fabs(z));
        if (fabs(z) <= threshold)
            continue;
        structure_trial_fail(finding, 0,
            "rate %g: positions %zu mod %d have rate %.5g", p, lane,
            DROPOUT_MASK_LANES, (double)there / (double)all_there);
        dropout_diagnose(notes, "rate-by-position",
            "the rate depends on the position",
            "rate %g: positions %zu mod %d have rate %.5g", p, lane,
            DROPOUT_MASK_LANES, (double)there / (double)all_there);
    }
    z = correlation(data, 0);
    worst = fmax(worst, fabs(z));
    if (fabs(z) > threshold) {
        structure_trial_fail(finding, 0,
            "rate %g: masks of neighbouring seeds are "
            "correlated (%.3g standard deviations)",
            p, z);
        dropout_diagnose(notes, "seeds-correlated",
            "neighbouring seeds give related masks",
            "rate %g: %.3g standard deviations", p, z);
    }
    size_t used = strlen(finding->note);
    snprintf(finding->note + used, sizeof finding->note - used,
        "%srate %g: largest of %d tests %.2f standard deviations",
        used ? "; " : "", p, DROPOUT_MASK_LAGS + DROPOUT_MASK_LANES + 2,
        worst);
}

void dropout_mask_power(
    struct dropout_dropout *dropout, const struct conf_reference *reference)
{
    static const double x[DROPOUT_CLASSES] = {-1.5, -0.5, 0.0625, 0.4375, 1.5};
    const double z = dropout->threshold + gsl_cdf_ugaussian_Pinv(0.999);
    const double n = ceil((double)dropout->samples / CONF_BLOCK) * CONF_BLOCK;
    dropout->power[0] = '\0';
    for (int i = 0; i < dropout->rates; i++) {
        double mean_spread, square, square_spread;
        const double p = dropout->rate[i];
        size_t used = strlen(dropout->power);
        moments_of(reference, p, x, &mean_spread, &square, &square_spread);
        snprintf(dropout->power + used, sizeof dropout->power - used,
            "%srate %g: off by %.2g, second moment off by %.2g %%, mean off "
            "by %.2g",
            used ? "; " : "", p, z * sqrt(p * (1 - p) / n),
            100 * z * square_spread / square / sqrt(n),
            z * mean_spread / sqrt(n));
    }
}
