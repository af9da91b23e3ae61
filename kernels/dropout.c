/* SPDX-License-Identifier: MIT */
/* The numbers of alpha dropout, as double-doubles; and its generator, one at a
 * time. */
#include "arithmetic.h"
#include "isa.h"
#include "double_double.h"

void sn_philox_block(uint32_t word[4], const uint32_t counter[4], uint64_t key)
{
    uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53 * c[0];
        uint64_t b = (uint64_t)0xCD9E8D57 * c[2];
        c[0] = (uint32_t)(b >> 32) ^ c[1] ^ k0;
        c[2] = (uint32_t)(a >> 32) ^ c[3] ^ k1;
        c[1] = (uint32_t)b;
        c[3] = (uint32_t)a;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    for (int i = 0; i < 4; i++)
        word[i] = c[i];
}

int sn_kept_at_threshold(
    const struct sn_alpha_dropout *dropout, uint64_t index)
{
    uint32_t word[4];
    const uint32_t counter[4] = {
        (uint32_t)index, (uint32_t)(index >> 32), 1, 0};
    sn_philox_block(word, counter, dropout->seed);
    return ((uint64_t)word[0] << 32 | word[1]) >= dropout->fraction;
}

/* SloppyDWPlusDW, for terms that do not cancel */
static struct dd dw_plus_dw(struct dd a, struct dd b)
{
    struct dd s = two_sum(a.high, b.high);
    return fast_two_sum(s.high, s.low + (a.low + b.low));
}

/* As DWDivDW2, the remainder by one fused operation */
static struct dd dw_div_dw(struct dd a, struct dd b)
{
    double q = a.high / b.high;
    double rest = fma(-q, b.high, a.high) + (a.low - q * b.low);
    return fast_two_sum(q, rest / b.high);
}

/* SQRTDWtoDW (Lefevre, Louvet, Muller, Picot, Rideau 2023) */
static struct dd dw_sqrt(struct dd a)
{
    double r = sqrt(a.high);
    return fast_two_sum(r, (fma(-r, r, a.high) + a.low) / (2 * r));
}

static void scale(double *high, double *low, struct dd factor)
{
    struct dd p = dw_times_dw((struct dd){*high, *low}, factor);
    *high = p.high;
    *low = p.low;
}

int sn_alpha_dropout_design(struct sn_alpha_dropout *dropout, double rate,
    uint64_t seed, double mean, double variance, const struct sn_elu *elu)
{
    /* an activation that is above 0 on the left has no value to drop to */
    if (!(elu->negative > 0) || !(rate >= 0 && rate <= 1) ||
        !(fabs(mean) <= 0x1p64) ||
        !(variance >= 0x1p-64 && variance <= 0x1p64))
        return 0;
    const double whole = rate * 0x1p16;
    struct sn_alpha_dropout d = {.seed = seed, .elu = *elu};
    d.threshold = (uint64_t)whole;
    d.fraction = (uint64_t)((whole - (double)d.threshold) * 0x1p64);

    /* a^2 = nu / (q (p d^2 + nu)), p = rate, q = 1 - p, d = lower - mu;
       b = mu - a (q mu + p lower), of which mu (1 - a q) is
       mu p (d^2 + nu) / ((p d^2 + nu) (1 + a q)), where nothing cancels;
       dropped = mu + a q d */
    const struct dd p = {rate, 0}, q = two_sum(1, -rate);
    const struct dd mu = {mean, 0}, nu = {variance, 0}, one = {1, 0};
    const struct dd lower = {-elu->negative, -elu->negative_low};
    const struct dd distance = dw_plus_dw(lower, (struct dd){-mean, 0});
    struct dd a = {0, 0}, b = mu, dropped = mu;
    if (rate < 1) {
        const struct dd square = dw_times_dw(distance, distance);
        const struct dd below = dw_plus_dw(dw_times_dw(square, p), nu);
        a = dw_sqrt(dw_div_dw(nu, dw_times_dw(below, q)));
        b = dw_div_dw(dw_times_dw(mu, dw_plus_dw(square, nu)),
            dw_times_dw(below, dw_plus_dw(one, dw_times_dw(a, q))));
        const struct dd other = dw_times_dw(lower, a);
        b = dw_times_dw(
            p, dw_plus_dw(b, (struct dd){-other.high, -other.low}));
        dropped = dw_plus_dw(mu, dw_times_dw(dw_times_dw(distance, q), a));
    }
    d.scale = a.high;
    d.scale_low = a.low;
    d.shift = b.high;
    d.shift_low = b.low;
    d.dropped = dropped.high;
    scale(&d.elu.positive, &d.elu.positive_low, a);
    scale(&d.elu.negative, &d.elu.negative_low, a);
    scale(&d.elu.at_zero, &d.elu.at_zero_low, a);
    *dropout = d;
    return 1;
}

int sn_alpha_dropout_init(
    struct sn_alpha_dropout *dropout, double rate, uint64_t seed)
{
    return sn_alpha_dropout_design(dropout, rate, seed, 0, 1, &sn_paper_selu);
}
