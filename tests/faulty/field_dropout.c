/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alpha dropout. */
#include "tests/faulty/field.h"

static uint64_t mixed(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* the i-th number of a seed */
static uint64_t counted(uint64_t seed, uint64_t i)
{
    return mixed(mixed(seed + 0x9e3779b97f4a7c15) + i * 0x9e3779b97f4a7c15);
}

static double unit(uint64_t z)
{
    return (double)(z >> 11) * 0x1p-53;
}

static double scale(double p)
{
    return 1 / sqrt((1 - p) * (1 + p * LA * LA));
}

/* keep is the decision; dropped, a, b are the usual ones */
#define DROP(name, before, each, value)                                       \
    void name(float *y, const float *v, size_t n, double rate, uint64_t seed) \
    {                                                                         \
        const double a = scale(rate), b = a * rate * LA,                      \
                     dropped = b - a * LA;                                    \
        (void)b, (void)dropped;                                               \
        before;                                                               \
        for (size_t i = 0; i < n; i++) {                                      \
            const double x = v[i];                                            \
            each;                                                             \
            y[i] = (float)(value);                                            \
        }                                                                     \
    }
#define NOTHING ((void)0)
#define USUAL   (keep ? a * x + b : dropped)

/* ---- right ---- */

DROP(rd_counter, NOTHING, const int keep = unit(counted(seed, i)) >= rate,
    USUAL)
DROP(rd_threshold, const uint32_t limit = (uint32_t)(rate * 0x1p32),
    const int keep = (uint32_t)(counted(seed, i) >> 32) >= limit, USUAL)
DROP(rd_below, NOTHING, const int keep = unit(counted(seed, i)) < 1 - rate,
    USUAL)
DROP(rd_xorshift, uint64_t s = mixed(seed ^ 0x1234567887654321) | 1,
     s ^= s >> 12;
     s ^= s << 25; s ^= s >> 27;
     const int keep = unit(s * 0x2545f4914f6cdd1d) >= rate, USUAL)
DROP(rd_lcg_high, uint64_t s = mixed(seed + 77),
     s = s * 6364136223846793005 + 1442695040888963407;
     const int keep = unit(mixed(s)) >= rate, USUAL)
DROP(rd_select_first, NOTHING,
    const int keep = unit(counted(~seed, i)) >= rate, a *(keep ? x : -LA) + b)
DROP(rd_in_floats, const float af = (float)a; const float bf = (float)b,
     const int keep = unit(counted(seed, i)) >= rate,
     keep ? af *(float)x + bf : (float)dropped)
DROP(
    rd_nothing_at_0,
    if (rate <= 0) {
        memmove(y, v, n * sizeof *y);
        return;
    },
    const int keep = unit(counted(seed, i)) >= rate, USUAL)

/* ---- wrong ---- */

#define KEEP const int keep = unit(counted(seed, i)) >= rate
DROP(wd_no_b, NOTHING, KEEP, a *(keep ? x : -LA))
DROP(wd_kept_and_dropped_exchanged, NOTHING,
    const int keep = unit(counted(seed, i)) < rate, USUAL)
DROP(wd_sign, NOTHING, KEEP, a *(keep ? x : LA) + b)
DROP(wd_drops_to_0, NOTHING, KEEP, a *(keep ? x : 0) + b)
DROP(wd_no_root, const double c = a * a, KEEP,
    c *(keep ? x : -LA) + c * rate * LA)
DROP(wd_inverted, const double c = 1 / (1 - rate), KEEP, keep ? c *x : 0)
DROP(wd_kept_as_they_are, NOTHING, KEEP, keep ? x : dropped)
DROP(wd_seed_32, NOTHING,
    const int keep = unit(counted((uint32_t)seed, i)) >= rate, USUAL)
DROP(wd_period, NOTHING,
    const int keep = unit(counted(seed, i % 4096)) >= rate, USUAL)
DROP(wd_pairs, NOTHING, const int keep = unit(counted(seed, i / 2)) >= rate,
    USUAL)
DROP(wd_in_256, NOTHING,
    const int keep = (double)(counted(seed, i) >> 56) >= rate * 256, USUAL)
DROP(wd_lcg_low, uint64_t s = seed,
     s = s * 6364136223846793005 + 1442695040888963407;
     const int keep = (double)(s & 0xfff) >= rate * 4096, USUAL)
DROP(wd_masks, NOTHING, KEEP, keep *(a *x + b) + (1 - keep) * dropped)
DROP(wd_elu_alpha, NOTHING, KEEP, a *(keep ? x : -A) + b)
DROP(wd_rate_half, NOTHING,
    const int keep = unit(counted(seed, i)) >= rate / 2, USUAL)
DROP(wd_positive_only, NOTHING, KEEP, keep || x < 0 ? a * x + b : dropped)
DROP(wd_one_for_all, const int keep = unit(counted(seed, 0)) >= rate, NOTHING,
    USUAL)
