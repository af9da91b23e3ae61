/* SPDX-License-Identifier: MIT */
/*
 * The one table of kernels.  Bounds, witnesses and digests are changed by
 * hand.  Witnesses: f32, where 'selfnorm check --exhaustive' reports the
 * largest error of all 2^32 inputs; f16, bf16, where the tests find it; f64,
 * the nearest to a tie of 300,000 x made by the inverse.  Digests are what gcc
 * and clang give from -O1 to -O3, on every instruction set ('make digests').
 */
#include "isa.h"
#include <string.h>

/* clang-format off */
/* name, function, dtype, promise, bound, witness, digest */
#define ALL(ROW) \
    ROW(selu_f32, SN_SELU, SN_F32, \
        SN_CORRECTLY_ROUNDED, 0.5, -0x1.dbd9c4p-2, 0x14982cf1d42b3cd3) \
    ROW(selu_grad_f32, SN_SELU_GRAD, SN_F32, \
        SN_CORRECTLY_ROUNDED, 0.5, -0x1.7e7bacp-7, 0x7c242431d16dfaa4) \
    ROW(selu_f64, SN_SELU, SN_F64, \
        SN_CORRECTLY_ROUNDED, 0.5, -0x1.3268fdf73a8ecp+4, 0xf832941fb4bc376f) \
    ROW(selu_grad_f64, SN_SELU_GRAD, SN_F64, \
        SN_CORRECTLY_ROUNDED, 0.5, -0x1.aa4b47156365bp-14, 0xc78adc5908cfe57e) \
    ROW(selu_f16, SN_SELU, SN_F16, \
        SN_CORRECTLY_ROUNDED, 0.5, -0x1.ee8p+2, 0x45b5a23ffc0d0178) \
    ROW(selu_grad_f16, SN_SELU_GRAD, SN_F16, \
        SN_CORRECTLY_ROUNDED, 0.5, -0x1.50cp+0, 0xd00c96ab3c76d26d) \
    ROW(selu_bf16, SN_SELU, SN_BF16, \
        SN_CORRECTLY_ROUNDED, 0.5, -0x1.94p-11, 0x93498ede2711b2cb) \
    ROW(selu_grad_bf16, SN_SELU_GRAD, SN_BF16, \
        SN_CORRECTLY_ROUNDED, 0.5, -0x1.6p-3, 0x4a29544f117b33bd) \
    ROW(selu_faithful_f32, SN_SELU, SN_F32, \
        SN_FAITHFUL, 1, 0x1.697d58p-127, 0x37925b240778367d) \
    ROW(elu_f32, SN_ELU, SN_F32, \
        SN_CORRECTLY_ROUNDED, 0.5, 0, 0x9fa270160ca32092) \
    ROW(elu_grad_f32, SN_ELU_GRAD, SN_F32, \
        SN_CORRECTLY_ROUNDED, 0.5, 0, 0x11bc58f263848fac) \
    ROW(elu_f64, SN_ELU, SN_F64, \
        SN_CORRECTLY_ROUNDED, 0.5, 0, 0xc5c8432e5c7d4d95) \
    ROW(elu_grad_f64, SN_ELU_GRAD, SN_F64, \
        SN_CORRECTLY_ROUNDED, 0.5, 0, 0xd61f524230f9c664) \
    ROW(elu_f16, SN_ELU, SN_F16, \
        SN_CORRECTLY_ROUNDED, 0.5, 0, 0x0ddc02ae9bc3c5e1) \
    ROW(elu_grad_f16, SN_ELU_GRAD, SN_F16, \
        SN_CORRECTLY_ROUNDED, 0.5, 0, 0x1cc8c7c2697c61c6) \
    ROW(elu_bf16, SN_ELU, SN_BF16, \
        SN_CORRECTLY_ROUNDED, 0.5, 0, 0xabe37e1fd7bd420d) \
    ROW(elu_grad_bf16, SN_ELU_GRAD, SN_BF16, \
        SN_CORRECTLY_ROUNDED, 0.5, 0, 0x473f80c8161a4c49) \
    ROW(alpha_dropout_f32, SN_ALPHA_DROPOUT, SN_F32, \
        SN_BOUNDED, 0.501, 0, 0x2a03b5b31daac2c7) \
    ROW(alpha_dropout_grad_f32, SN_ALPHA_DROPOUT_GRAD, SN_F32, \
        SN_BOUNDED, 0.501, 0, 0xe631a358cf7d2325) \
    ROW(selu_alpha_dropout_f32, SN_SELU_ALPHA_DROPOUT, SN_F32, \
        SN_BOUNDED, 0.501, 0, 0x9d520cf039e04465) \
    ROW(selu_alpha_dropout_grad_f32, SN_SELU_ALPHA_DROPOUT_GRAD, SN_F32, \
        SN_BOUNDED, 0.501, 0, 0x668133c4963abf37) \
    ROW(alpha_dropout_f64, SN_ALPHA_DROPOUT, SN_F64, \
        SN_BOUNDED, 0.501, 0, 0x934c804b98716e76) \
    ROW(alpha_dropout_grad_f64, SN_ALPHA_DROPOUT_GRAD, SN_F64, \
        SN_BOUNDED, 0.501, 0, 0xe93072b2e0312325) \
    ROW(selu_alpha_dropout_f64, SN_SELU_ALPHA_DROPOUT, SN_F64, \
        SN_BOUNDED, 0.501, 0, 0xf01f43b116c45936) \
    ROW(selu_alpha_dropout_grad_f64, SN_SELU_ALPHA_DROPOUT_GRAD, SN_F64, \
        SN_BOUNDED, 0.501, 0, 0xb4a22d4884d89186) \
    ROW(alpha_dropout_f16, SN_ALPHA_DROPOUT, SN_F16, \
        SN_BOUNDED, 0.501, 0, 0x9178030a3b56c1c0) \
    ROW(alpha_dropout_grad_f16, SN_ALPHA_DROPOUT_GRAD, SN_F16, \
        SN_BOUNDED, 0.501, 0, 0x576f839a17a13025) \
    ROW(selu_alpha_dropout_f16, SN_SELU_ALPHA_DROPOUT, SN_F16, \
        SN_BOUNDED, 0.501, 0, 0x419cd7fb02164823) \
    ROW(selu_alpha_dropout_grad_f16, SN_SELU_ALPHA_DROPOUT_GRAD, SN_F16, \
        SN_BOUNDED, 0.501, 0, 0x818c90e21fc6d1ea) \
    ROW(alpha_dropout_bf16, SN_ALPHA_DROPOUT, SN_BF16, \
        SN_BOUNDED, 0.501, 0, 0x4cf110abf9685bb5) \
    ROW(alpha_dropout_grad_bf16, SN_ALPHA_DROPOUT_GRAD, SN_BF16, \
        SN_BOUNDED, 0.501, 0, 0x8515c823557b3525) \
    ROW(selu_alpha_dropout_bf16, SN_SELU_ALPHA_DROPOUT, SN_BF16, \
        SN_BOUNDED, 0.501, 0, 0x136fc3e243630ab0) \
    ROW(selu_alpha_dropout_grad_bf16, SN_SELU_ALPHA_DROPOUT_GRAD, SN_BF16, \
        SN_BOUNDED, 0.501, 0, 0x6878ea992fa7e23b)
/* clang-format on */

#define ONE_SET(ISA)                                                          \
    static const struct sn_isa *set_##ISA(void)                               \
    {                                                                         \
        return &sn_isa_##ISA;                                                 \
    }
ONE_SET(portable)
#ifdef SN_X86
ONE_SET(avx2)
ONE_SET(avx512)
#endif
#ifdef SN_ARM
ONE_SET(neon)
#endif

#define ROW(NAME, FUNCTION, DTYPE, PROMISE, BOUND, WITNESS, DIGEST)           \
    {"sn_" #NAME, FUNCTION, DTYPE, "any", sn_has_portable, PROMISE, BOUND,    \
        WITNESS, DIGEST, sn_isa_chosen},
#define ROW_ON(ISA, NAME, FUNCTION, DTYPE, PROMISE, BOUND, WITNESS, DIGEST)   \
    {"sn_" #NAME "_" #ISA, FUNCTION, DTYPE, #ISA, sn_has_##ISA, PROMISE,      \
        BOUND, WITNESS, DIGEST, set_##ISA},
#define ROW_PORTABLE(...) ROW_ON(portable, __VA_ARGS__)
#define ROW_AVX2(...)     ROW_ON(avx2, __VA_ARGS__)
#define ROW_AVX512(...)   ROW_ON(avx512, __VA_ARGS__)
#define ROW_NEON(...)     ROW_ON(neon, __VA_ARGS__)

const struct sn_kernel sn_kernels[] = {ALL(ROW) ALL(ROW_PORTABLE)
#ifdef SN_X86
        ALL(ROW_AVX2) ALL(ROW_AVX512)
#endif
#ifdef SN_ARM
            ALL(ROW_NEON)
#endif
};
#define ONE(...) +1
const size_t sn_kernel_count = 0 ALL(ONE);
const size_t sn_kernel_variants = sizeof sn_kernels / sizeof sn_kernels[0];

const struct sn_kernel *sn_find_kernel(const char *name)
{
    for (size_t i = 0; i < sn_kernel_variants; i++)
        if (!strcmp(sn_kernels[i].name, name))
            return &sn_kernels[i];
    return NULL;
}

const char *sn_function_name(enum sn_function function)
{
    static const char *const name[SN_FUNCTIONS] = {"selu", "selu-grad", "elu",
        "elu-grad", "alpha-dropout", "alpha-dropout-grad",
        "selu-alpha-dropout", "selu-alpha-dropout-grad"};
    return name[function];
}

const char *sn_dtype_name(enum sn_dtype dtype)
{
    static const char *const name[SN_DTYPES] = {"f32", "f64", "f16", "bf16"};
    return name[dtype];
}

const char *sn_promise_name(enum sn_promise promise)
{
    static const char *const name[SN_PROMISES] = {
        "correctly rounded", "faithful", "bounded"};
    return name[promise];
}

size_t sn_dtype_size(enum sn_dtype dtype)
{
    return dtype == SN_F64 ? 8 : dtype == SN_F32 ? 4 : 2;
}

int sn_is_gradient(enum sn_function function)
{
    return function == SN_SELU_GRAD || function == SN_ELU_GRAD ||
           function == SN_ALPHA_DROPOUT_GRAD ||
           function == SN_SELU_ALPHA_DROPOUT_GRAD;
}

void sn_kernel_run(const struct sn_kernel *kernel, void *out, const void *dy,
    const void *x, size_t n)
{
    const struct sn_isa *isa = kernel->set();
    const enum sn_dtype t = kernel->dtype;
    struct sn_elu elu;
    switch (kernel->function) {
    case SN_SELU:
        (kernel->promise == SN_FAITHFUL ? isa->faithful_f32 : isa->forward[t])(
            out, x, n, &sn_paper_selu);
        return;
    case SN_SELU_GRAD:
        isa->gradient[t](out, dy, x, n, &sn_paper_selu);
        return;
    case SN_ELU:
        sn_elu_design(&elu, 1);
        isa->forward[t](out, x, n, &elu);
        return;
    case SN_ELU_GRAD:
        sn_elu_design(&elu, 1);
        isa->gradient[t](out, dy, x, n, &elu);
        return;
    default:
        sn_kernel_run_dropout(kernel, out, dy, x, n, 0.1, 0);
    }
}

void sn_kernel_run_dropout(const struct sn_kernel *kernel, void *out,
    const void *dy, const void *x, size_t n, double rate, uint64_t seed)
{
    const struct sn_isa *isa = kernel->set();
    const enum sn_dtype t = kernel->dtype;
    struct sn_alpha_dropout dropout;
    if (!sn_alpha_dropout_init(&dropout, rate, seed))
        return;
    if (kernel->function == SN_ALPHA_DROPOUT)
        isa->dropout[t](out, x, n, &dropout, 0);
    else if (kernel->function == SN_ALPHA_DROPOUT_GRAD)
        isa->dropout_gradient[t](out, dy, n, &dropout, 0);
    else if (kernel->function == SN_SELU_ALPHA_DROPOUT)
        isa->fused[t](out, x, n, &dropout, 0);
    else
        isa->fused_gradient[t](out, dy, x, n, &dropout, 0);
}

/* x of bit pattern `bits`, 1, and whether `bits` is a NaN */
static void place(void *array, size_t i, size_t size, uint64_t bits)
{
    unsigned char *byte = (unsigned char *)array + i * size;
    if (size == 2)
        memcpy(byte, &(uint16_t){(uint16_t)bits}, 2);
    else if (size == 4)
        memcpy(byte, &(uint32_t){(uint32_t)bits}, 4);
    else
        memcpy(byte, &bits, 8);
}

static uint64_t taken(const void *array, size_t i, size_t size)
{
    const unsigned char *byte = (const unsigned char *)array + i * size;
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    memcpy(&two, byte, 2);
    if (size == 2)
        return two;
    memcpy(&four, byte, 4);
    if (size == 4)
        return four;
    memcpy(&eight, byte, 8);
    return eight;
}

uint64_t sn_kernel_digest(const struct sn_kernel *kernel)
{
    enum { REGISTRY_BLOCK = 1024 };
    static const struct {
        uint64_t stride, one, infinity;
    } format[SN_DTYPES] = {
        [SN_F32] = {4099, 0x3f800000, 0x7f800000},
        [SN_F64] = {(UINT64_C(1) << 44) - 1, UINT64_C(0x3ff) << 52,
            UINT64_C(0x7ff) << 52},
        [SN_F16] = {1, 0x3c00, 0x7c00},
        [SN_BF16] = {1, 0x3f80, 0x7f80},
    };
    const enum sn_dtype t = kernel->dtype;
    const size_t size = sn_dtype_size(t);
    const uint64_t count = size == 2 ? 1 << 16 : 1 << 20;
    const uint64_t sign = UINT64_C(1) << (8 * size - 1);
    const uint64_t prime = 0x100000001b3;
    uint64_t hash = 0xcbf29ce484222325;
    double x[REGISTRY_BLOCK], one[REGISTRY_BLOCK],
        out[REGISTRY_BLOCK]; /* room for any format */
    for (uint64_t start = 0; start < count; start += REGISTRY_BLOCK) {
        for (size_t i = 0; i < REGISTRY_BLOCK; i++) {
            place(x, i, size, (start + i) * format[t].stride);
            place(one, i, size, format[t].one);
        }
        sn_kernel_run(kernel, out, one, x, REGISTRY_BLOCK);
        for (size_t i = 0; i < REGISTRY_BLOCK; i++) {
            uint64_t bits = taken(out, i, size);
            if ((bits & ~sign) > format[t].infinity)
                bits = 0x7ff8;
            for (size_t byte = 0; byte < size; byte++)
                hash = (hash ^ (bits >> 8 * byte & 0xff)) * prime;
        }
    }
    return hash;
}
