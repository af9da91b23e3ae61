/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same bits on every instruction set, for every function and format, on
 * inputs of all kinds, lengths and places; how a set is chosen.
 */
#include "tests/kernels/test_kernels.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };
static uint64_t x[MOST], dy[MOST], out[2][MOST + 16];

/* any pattern, or one near a place where something changes */
static uint64_t pattern(enum sn_dtype dtype)
{
    uint64_t bits = random_bits();
    double near = -40 * random_unit() * random_unit();
    if (dtype == SN_F64)
        return bits % 3 ? to_bits(SN_F64, near) ^ (bits >> 60) : bits;
    uint64_t narrow = to_bits(SN_F32, near) ^ (bits >> 62);
    if (dtype == SN_F16)
        return bits;
    if (bits % 3 == 0)
        narrow = bits;
    return dtype == SN_BF16 ? narrow >> 16 : narrow;
}

static void put(uint64_t *array, size_t i, enum sn_dtype dtype, uint64_t bits)
{
    size_t size = sn_dtype_size(dtype);
    memcpy((char *)array + i * size, &bits, size);
}

/* signalling NaN included; a NaN of a NaN is compared like all else */
static void fill(enum sn_dtype dtype)
{
    for (size_t i = 0; i < MOST; i++) {
        put(x, i, dtype, pattern(dtype));
        put(dy, i, dtype, pattern(dtype));
    }
}

struct call {
    enum sn_dtype dtype;
    enum sn_function function;
    const struct sn_elu *elu;
    const struct sn_alpha_dropout *dropout;
    uint64_t offset;
    size_t at, n;
};

static void call(const struct sn_isa *isa, const struct call *c, void *to)
{
    size_t size = sn_dtype_size(c->dtype);
    const char *in = (const char *)x + c->at * size;
    const char *by = (const char *)dy + c->at * size;
    const enum sn_dtype t = c->dtype;
    if (c->function == SN_ELU)
        isa->forward[t](to, in, c->n, c->elu);
    else if (c->function == SN_ELU_GRAD)
        isa->gradient[t](to, by, in, c->n, c->elu);
    else if (c->function == SN_SELU)
        isa->faithful_f32(to, in, c->n, c->elu);
    else if (c->function == SN_ALPHA_DROPOUT)
        isa->dropout[t](to, in, c->n, c->dropout, c->offset);
    else if (c->function == SN_ALPHA_DROPOUT_GRAD)
        isa->dropout_gradient[t](to, by, c->n, c->dropout, c->offset);
    else if (c->function == SN_SELU_ALPHA_DROPOUT)
        isa->fused[t](to, in, c->n, c->dropout, c->offset);
    else
        isa->fused_gradient[t](to, by, in, c->n, c->dropout, c->offset);
}

static const struct sn_isa *const sets[] = {
#if defined __x86_64__
    &sn_isa_avx512, &sn_isa_avx2,
#endif
    &sn_isa_portable};
enum { SETS = sizeof sets / sizeof *sets };

/* calls that differ from the portable ones */
static long differences(const struct sn_isa *isa, const struct call *c)
{
    memset(out, 0x5a, sizeof out);
    char *to[2] = {
        (char *)out[0] + 8 * (c->at % 5), (char *)out[1] + 8 * (c->at % 5)};
    call(isa, c, to[0]);
    call(&sn_isa_portable, c, to[1]);
    return memcmp(out[0], out[1], sizeof out[0]) != 0;
}

static long all_differences(const struct sn_isa *isa, int rounds)
{
    struct sn_elu elu[4];
    struct sn_alpha_dropout dropout[4];
    elu[0] = sn_paper_selu;
    cr_assert(sn_selu_design(&elu[1], 1.073851239616046, 1.9769021954242014));
    cr_assert(sn_elu_design(&elu[2], 0.3));
    cr_assert(sn_celu_design(&elu[3], 1.7));
    for (int i = 0; i < 4; i++)
        cr_assert(sn_alpha_dropout_design(&dropout[i],
            (const double[]){0.05, 0.5, 1e-3, 1}[i], 77, i == 1 ? -0.1 : 0,
            i == 1 ? 2 : 1, &elu[i]));
    long wrong = 0;
    for (int round = 0; round < rounds; round++)
        for (int t = 0; t < SN_DTYPES; t++) {
            fill((enum sn_dtype)t);
            for (int f = SN_SELU; f < SN_FUNCTIONS; f++) {
                if (f == SN_SELU_GRAD || (f == SN_SELU && t != SN_F32))
                    continue; /* SN_SELU: faithful */
                uint64_t bits = random_bits();
                int which = f == SN_SELU ? 0 : (int)(bits % 4);
                size_t at = bits >> 8 & 63;
                struct call c = {.dtype = (enum sn_dtype)t,
                    .function = (enum sn_function)f,
                    .elu = &elu[which],
                    .dropout = &dropout[which],
                    .offset = bits & 1 ? bits : bits >> 60,
                    .at = at,
                    .n = bits & 2 ? bits >> 16 & 127 : MOST - at};
                long differs = differences(isa, &c);
                if (differs && !wrong)
                    fprintf(stderr, "%s: %s %s differs, n %zu, set %d\n",
                        isa->name, sn_function_name(c.function),
                        sn_dtype_name(c.dtype), c.n, which);
                wrong += differs;
            }
        }
    return wrong;
}

static void one_more(
    void *y, const void *in, size_t n, const struct sn_elu *elu)
{
    sn_isa_portable.forward[SN_BF16](y, in, n, elu);
    if (n > 100)
        ((uint16_t *)y)[77] ^= 1;
}

Test(kernels_equal, every_set_gives_the_same_bits)
{
    ref_begin("every_set_gives_the_same_bits", 41);
    for (int i = 0; i < SETS; i++)
        if (sets[i]->available())
            cr_expect_eq(all_differences(sets[i], 60), 0, "%s", sets[i]->name);
    struct sn_isa planted = sn_isa_portable;
    planted.forward[SN_BF16] = one_more;
    cr_expect(all_differences(&planted, 20) > 0, "planted unit not noticed");
    ref_end();
}

Test(kernels_equal, sets_are_chosen_by_name)
{
    const char *error;
    for (int i = 0; i < SETS; i++) {
        const struct sn_isa *isa = sn_isa_choose(sets[i]->name, &error);
        if (sets[i]->available())
            cr_expect(isa == sets[i] && !error, "%s", sets[i]->name);
        else
            cr_expect(
                isa == &sn_isa_portable && strstr(error, "does not have it"));
    }
    cr_expect(sn_isa_choose(NULL, &error)->available() && !error);
    static const char *const bad[] = {"", "AVX2", "avx512f", "sse2", "avx2 "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct sn_isa *isa = sn_isa_choose(bad[i], &error);
        cr_assert_not_null(error);
        cr_expect(isa == &sn_isa_portable && strstr(error, "must be avx512") &&
                      strstr(error, bad[i]),
            "'%s': %s", bad[i], error);
    }
}

/* 32 MiB of output: the way past the caches gives the same, in step and not */
Test(kernels_equal, large_outputs_past_the_caches)
{
    ref_begin("large_outputs_past_the_caches", 42);
    const size_t n = (SN_STREAM_BYTES / 4) + 1000;
    float *in = malloc((n + 32) * sizeof *in);
    float *a = malloc((n + 32) * sizeof *a), *b = malloc((n + 32) * sizeof *b);
    struct sn_alpha_dropout d;
    cr_assert(in && a && b && sn_alpha_dropout_init(&d, 0.1, 5));
    for (size_t i = 0; i < n + 32; i++)
        in[i] = (float)(8 * random_unit() - 5);
    for (size_t at = 0; at < 18; at += 17) {
        for (int f = 0; f < 3; f++) {
            memset(a, 0x5a, (n + 32) * sizeof *a);
            memset(b, 0x5a, (n + 32) * sizeof *b);
            for (size_t i = 0, m; i < n; i += m) { /* in small calls */
                m = n - i < 9999 ? n - i : 9999;
                float *to = b + at + i;
                const float *from = in + i;
                if (f == 0)
                    sn_selu_f32(to, from, m);
                else if (f == 1)
                    sn_selu_grad_f32(to, from, from, m);
                else
                    sn_selu_alpha_dropout_f32(to, from, m, &d, 3 + i);
            }
            if (f == 0)
                sn_selu_f32(a + at, in, n);
            else if (f == 1)
                sn_selu_grad_f32(a + at, in, in, n);
            else
                sn_selu_alpha_dropout_f32(a + at, in, n, &d, 3);
            cr_expect(!memcmp(a, b, (n + 32) * sizeof *a),
                "function %d, output at %zu", f, at);
        }
    }
    free(in);
    free(a);
    free(b);
    ref_end();
}
