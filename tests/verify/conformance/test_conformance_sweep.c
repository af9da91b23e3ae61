/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What sweeps try, by counting, and that their figures depend on neither the
 * number of threads nor chance.
 */
#include "verify/conformance/sweep/inputs.h"
#include "verify/conformance/sweep/sweep.h"
#include <criterion/criterion.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

Test(sweep, exhaustive_blocks_hold_each_pattern_once)
{
    static uint32_t x[SUBJECT_BLOCK];
    static const uint64_t block[] = {0, 1, 0x7f7f, 0x7f80, 0x8000, 0xffff};
    struct sweep_inputs inputs;
    sweep_inputs_plan(&inputs, true, SN_F32, 0, 1);
    cr_expect_eq(inputs.blocks, 65536);
    for (size_t i = 0; i < COUNT(block); i++) {
        size_t n = sweep_inputs_block(&inputs, block[i], x), bad = 0;
        for (uint32_t k = 0; k < n; k++)
            bad += x[k] != ((uint32_t)block[i] << 16 | k);
        cr_expect(n == SUBJECT_BLOCK && !bad, "block %llu: %zu",
            (unsigned long long)block[i], bad);
    }
}

Test(sweep, samples_hold_every_stratum_and_the_hard_places)
{
    static const uint64_t samples[] = {1, 1 << 18, 3000000, 1 << 21};
    static const uint32_t hard[] = {0, 1, 0x7fffff, 0x800000, 0x33800000,
        0x3f800000, 0x41051592, 0x7f7fffff, 0x7f800000, 0x7f800001};
    static uint32_t hits[65536], x[SUBJECT_BLOCK];
    for (size_t s = 0; s < COUNT(samples); s++) {
        struct sweep_inputs inputs;
        uint32_t least = ~0u, disorder = 0, mixed = 0,
                 met[COUNT(hard)][2] = {0};
        uint64_t total = 0;
        memset(hits, 0, sizeof hits);
        sweep_inputs_plan(&inputs, false, SN_F32, samples[s], 1706);
        for (uint64_t b = 0; b < inputs.blocks; b++) {
            size_t n = sweep_inputs_block(&inputs, b, x);
            cr_assert(n && n <= SUBJECT_BLOCK);
            total += n;
            for (size_t i = 0; i < n; i++) {
                hits[x[i] >> 16]++;
                disorder += i && x[i] <= x[i - 1];
                mixed += x[i] >> 31 != x[0] >> 31;
            }
            for (size_t k = 0; k < COUNT(hard) * 2; k++) {
                uint32_t want = hard[k / 2] | (uint32_t)(k % 2) << 31;
                if (want >= x[0] && want - x[0] < n)
                    met[k / 2][k % 2] |= x[want - x[0]] == want;
            }
        }
        for (int i = 0; i < 65536; i++)
            least = hits[i] < least ? hits[i] : least;
        uint64_t per = (samples[s] + 65535) / 65536;
        cr_expect(least == per && !disorder && !mixed && total >= samples[s],
            "%llu samples: a stratum has %u, disorder %u, signs mixed %u",
            (unsigned long long)samples[s], least, disorder, mixed);
        for (size_t k = 0; k < COUNT(hard); k++)
            cr_expect(k == 6 || (met[k][0] && met[k][1]),
                "%llu samples: without 0x%x", (unsigned long long)samples[s],
                hard[k]);
    }
}

/* Cells of a stratum are alike even where they do not divide it. */
Test(sweep, samples_spread_over_a_stratum)
{
    static uint32_t x[SUBJECT_BLOCK];
    struct sweep_inputs inputs;
    sweep_inputs_plan(&inputs, false, SN_F32, UINT64_C(40000) << 16, 3);
    size_t n = sweep_inputs_block(&inputs, 0x3f80, x);
    uint32_t gap = 0;
    for (size_t i = 1; i < n; i++)
        gap = x[i] - x[i - 1] > gap ? x[i] - x[i - 1] : gap;
    cr_expect(n == 40000 && gap <= 4, "%zu inputs, largest gap %u", n, gap);
}

/* ---- sweeps ---- */

static void sweep_builtin(struct sweep_answer *answer, const char *kernel,
    const struct conf_reference *reference, int threads)
{
    struct subject subject;
    struct subject_failure failure;
    cr_assert(subject_parse(&subject, kernel, &failure));
    const struct sweep_question question = {.reference = reference,
        .subject = &subject,
        .type = SN_F32,
        .samples = 1 << 18,
        .threads = threads,
        .timeout = 20,
        .seed = 5};
    cr_assert_eq(sweep_run(answer, &question), SN_OK);
    cr_assert_eq(answer->failure.outcome, SUBJECT_RAN);
}

/* A reference off by 1e-9: figures that are not trivial. */
Test(sweep, a_moved_reference_fails_a_right_kernel_with_any_threads)
{
    static struct sweep_answer sweep[4];
    struct conf_reference reference;
    cr_assert_eq(
        conf_reference_init(&reference, &ref_functions[0], NULL, NULL), SN_OK);
    sweep_builtin(&sweep[0], "sn_selu_f32", &reference, 2);
    cr_expect(
        sweep[0].score.max_ulp <= 0.5 && !sweep[0].score.incorrectly_rounded);
    mpfr_mul_d(reference.b, reference.b, 1 + 1e-9, MPFR_RNDN);
    reference.b_double = mpfr_get_d(reference.b, MPFR_RNDN);
    for (int threads = 1; threads <= 3; threads++) {
        const struct sweep_score *s = &sweep[threads].score;
        const struct sweep_score *one = &sweep[1].score;
        sweep_builtin(&sweep[threads], "sn_selu_f32", &reference, threads);
        cr_expect(s->max_ulp > 0.51 && s->max_ulp < 0.52 &&
                      s->incorrectly_rounded > 1000,
            "max %a ULP, %llu wrong", s->max_ulp,
            (unsigned long long)s->incorrectly_rounded);
        cr_expect(s->inputs == one->inputs &&
                      s->incorrectly_rounded == one->incorrectly_rounded &&
                      s->max_ulp == one->max_ulp &&
                      s->worst_input == one->worst_input &&
                      s->worst_got == one->worst_got &&
                      !memcmp(s->curve, one->curve, sizeof s->curve),
            "%d threads differ from one", threads);
    }
    conf_reference_clear(&reference);
}
