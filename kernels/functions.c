/* SPDX-License-Identifier: MIT */
/* The functions of kernels.h, on the instruction set in use. */
#include "arithmetic.h"
#include "constants.h"
#include "isa.h"
#include <math.h>
#include <string.h>

const struct sn_elu sn_paper_selu = {
    .positive = SN_LAMBDA_F64,
    .positive_low = SN_LAMBDA_F64_LO,
    .negative = SN_ALPHA_PRIME_F64,
    .negative_low = SN_ALPHA_PRIME_F64_LO,
    .rate = 1,
    .at_zero = SN_ALPHA_PRIME_F64,
    .at_zero_low = SN_ALPHA_PRIME_F64_LO,
};

static int usable(double x)
{
    return x >= 0x1p-64 && x <= 0x1p64;
}

int sn_selu_design(struct sn_elu *elu, double lambda, double alpha)
{
    double both = lambda * alpha;
    if (!usable(lambda) ||
        (alpha != 0 && (!usable(fabs(alpha)) || !usable(fabs(both)))))
        return 0;
    double rest = fma(lambda, alpha, -both);
    *elu = (struct sn_elu){.positive = lambda,
        .negative = both,
        .negative_low = rest,
        .rate = 1,
        .at_zero = both,
        .at_zero_low = rest};
    return 1;
}

int sn_elu_design(struct sn_elu *elu, double alpha)
{
    return sn_selu_design(elu, 1, alpha);
}

int sn_celu_design(struct sn_elu *elu, double alpha)
{
    if (!usable(alpha))
        return 0;
    double rate = 1 / alpha;
    *elu = (struct sn_elu){.positive = 1,
        .negative = alpha,
        .rate = rate,
        .rate_low = fma(-rate, alpha, 1) / alpha,
        .at_zero = 1};
    return 1;
}

/* A rate of 0 changes nothing, not even the sign of 0.  (One below 2^-80 drops
   nothing either; with variances far from the mean its a need not be 1.) */
static int never(const struct sn_alpha_dropout *dropout)
{
    return !dropout->threshold && !dropout->fraction && dropout->scale == 1;
}

/* n numbers with NaN made quiet; U: the bits of T */
#define COPY(DTYPE, T, U, INFINITE, QUIET)                                    \
    static void copy_##DTYPE(T *y, const T *x, size_t n)                      \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            U bits;                                                           \
            memcpy(&bits, x + i, sizeof bits);                                \
            if ((bits & ~((U)1 << (8 * sizeof bits - 1))) > (INFINITE))       \
                bits |= (U)(QUIET);                                           \
            memcpy(y + i, &bits, sizeof bits);                                \
        }                                                                     \
    }
COPY(f32, float, uint32_t, 0x7f800000, 0x00400000)
COPY(f64, double, uint64_t, UINT64_C(0x7ff0000000000000),
    UINT64_C(0x0008000000000000))
COPY(f16, uint16_t, uint16_t, 0x7c00, 0x0200)
COPY(bf16, uint16_t, uint16_t, 0x7f80, 0x0040)

/*
 * alpha below 0, or 0: left of 0 the results are those of -alpha, or of 1,
 * with the other sign, or 0.  Rounding to nearest knows no sign, so every
 * bound stays.
 */
static struct sn_elu mirror(const struct sn_elu *elu)
{
    struct sn_elu upper = *elu;
    upper.negative = elu->negative == 0 ? 1 : -elu->negative;
    upper.negative_low = -elu->negative_low;
    upper.at_zero = elu->negative == 0 ? 1 : -elu->at_zero;
    upper.at_zero_low = -elu->at_zero_low;
    return upper;
}

enum { MIRROR_BLOCK = 256 };

/* D, T: of the format; U: its bits */
#define MIRRORED(DTYPE, D, T, U, INFINITE, QUIET)                             \
    static void forward_below_##DTYPE(                                        \
        T *y, const T *x, size_t n, const struct sn_elu *elu)                 \
    {                                                                         \
        const struct sn_elu upper = mirror(elu);                              \
        const U sign = (U)1 << (8 * sizeof(U) - 1);                           \
        sn_isa_chosen()->forward[D](y, x, n, &upper);                         \
        for (size_t i = 0; i < n; i++) {                                      \
            U bits;                                                           \
            memcpy(&bits, y + i, sizeof bits);                                \
            /* results have the sign of x */                                  \
            if (bits >= sign && (bits ^ sign) <= (INFINITE))                  \
                bits = elu->negative == 0 ? sign : bits ^ sign;               \
            memcpy(y + i, &bits, sizeof bits);                                \
        }                                                                     \
    }                                                                         \
    static void gradient_below_##DTYPE(                                       \
        T *dx, const T *dy, const T *x, size_t n, const struct sn_elu *elu)   \
    {                                                                         \
        const struct sn_elu upper = mirror(elu);                              \
        const U sign = (U)1 << (8 * sizeof(U) - 1);                           \
        for (size_t from = 0; from < n; from += MIRROR_BLOCK) {               \
            const size_t m =                                                  \
                n - from < MIRROR_BLOCK ? n - from : MIRROR_BLOCK;            \
            T at[MIRROR_BLOCK]; /* dx may be x */                             \
            memcpy(at, x + from, m * sizeof *at);                             \
            sn_isa_chosen()->gradient[D](                                     \
                dx + from, dy + from, at, m, &upper);                         \
            for (size_t i = 0; i < m; i++) {                                  \
                U of, bits;                                                   \
                memcpy(&of, at + i, sizeof of);                               \
                memcpy(&bits, dx + from + i, sizeof bits);                    \
                const U size = bits & (U)~sign;                               \
                if ((of && of < sign) || size > (INFINITE))                   \
                    continue; /* x > 0, or NaN */                             \
                if (elu->negative != 0)                                       \
                    bits ^= sign;                                             \
                else if (size == (INFINITE)) /* infinity times 0 */           \
                    bits = (U)((INFINITE) | (QUIET));                         \
                else                                                          \
                    bits &= sign;                                             \
                memcpy(dx + from + i, &bits, sizeof bits);                    \
            }                                                                 \
        }                                                                     \
    }
MIRRORED(f32, SN_F32, float, uint32_t, 0x7f800000, 0x00400000)
MIRRORED(f64, SN_F64, double, uint64_t, UINT64_C(0x7ff0000000000000),
    UINT64_C(0x0008000000000000))
MIRRORED(f16, SN_F16, uint16_t, uint16_t, 0x7c00, 0x0200)
MIRRORED(bf16, SN_BF16, uint16_t, uint16_t, 0x7f80, 0x0040)

#define FUNCTIONS(DTYPE, D, T)                                                \
    void sn_selu_##DTYPE(T *y, const T *x, size_t n)                          \
    {                                                                         \
        sn_isa_chosen()->forward[D](y, x, n, &sn_paper_selu);                 \
    }                                                                         \
    void sn_selu_grad_##DTYPE(T *dx, const T *dy, const T *x, size_t n)       \
    {                                                                         \
        sn_isa_chosen()->gradient[D](dx, dy, x, n, &sn_paper_selu);           \
    }                                                                         \
    void sn_elu_##DTYPE(T *y, const T *x, size_t n, const struct sn_elu *elu) \
    {                                                                         \
        if (elu->negative > 0)                                                \
            sn_isa_chosen()->forward[D](y, x, n, elu);                        \
        else                                                                  \
            forward_below_##DTYPE(y, x, n, elu);                              \
    }                                                                         \
    void sn_elu_grad_##DTYPE(                                                 \
        T *dx, const T *dy, const T *x, size_t n, const struct sn_elu *elu)   \
    {                                                                         \
        if (elu->negative > 0)                                                \
            sn_isa_chosen()->gradient[D](dx, dy, x, n, elu);                  \
        else                                                                  \
            gradient_below_##DTYPE(dx, dy, x, n, elu);                        \
    }                                                                         \
    void sn_alpha_dropout_##DTYPE(T *y, const T *x, size_t n,                 \
        const struct sn_alpha_dropout *dropout, uint64_t offset)              \
    {                                                                         \
        if (!never(dropout))                                                  \
            sn_isa_chosen()->dropout[D](y, x, n, dropout, offset);            \
        else                                                                  \
            copy_##DTYPE(y, x, n);                                            \
    }                                                                         \
    void sn_alpha_dropout_grad_##DTYPE(T *dx, const T *dy, size_t n,          \
        const struct sn_alpha_dropout *dropout, uint64_t offset)              \
    {                                                                         \
        if (!never(dropout))                                                  \
            sn_isa_chosen()->dropout_gradient[D](dx, dy, n, dropout, offset); \
        else                                                                  \
            copy_##DTYPE(dx, dy, n);                                          \
    }                                                                         \
    void sn_selu_alpha_dropout_##DTYPE(T *y, const T *x, size_t n,            \
        const struct sn_alpha_dropout *dropout, uint64_t offset)              \
    {                                                                         \
        if (never(dropout))                                                   \
            sn_isa_chosen()->forward[D](y, x, n, &dropout->elu);              \
        else                                                                  \
            sn_isa_chosen()->fused[D](y, x, n, dropout, offset);              \
    }                                                                         \
    void sn_selu_alpha_dropout_grad_##DTYPE(T *dx, const T *dy, const T *x,   \
        size_t n, const struct sn_alpha_dropout *dropout, uint64_t offset)    \
    {                                                                         \
        if (never(dropout))                                                   \
            sn_isa_chosen()->gradient[D](dx, dy, x, n, &dropout->elu);        \
        else                                                                  \
            sn_isa_chosen()->fused_gradient[D](                               \
                dx, dy, x, n, dropout, offset);                               \
    }

FUNCTIONS(f32, SN_F32, float)
FUNCTIONS(f64, SN_F64, double)
FUNCTIONS(f16, SN_F16, uint16_t)
FUNCTIONS(bf16, SN_BF16, uint16_t)

void sn_selu_faithful_f32(float *y, const float *x, size_t n)
{
    sn_isa_chosen()->faithful_f32(y, x, n, &sn_paper_selu);
}
