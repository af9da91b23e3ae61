/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas of the field (tests/faulty/formulas.c), each to be named, and right
 * ones of other functions and types, which must pass.
 */
#include "verify/check.h"
#include "verify/conformance/verdict/verdict.h"
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct row {
    const char *symbol, *function, *type, *alpha;
    bool flush;        /* --ftz allow */
    const char *codes; /* of the faults; "" passes */
    double most;       /* max_ulp; 0: not looked at */
};

static void locate(
    struct subject *subject, const char *file, const char *symbol)
{
    const char *build = getenv("SELFNORM_BUILD");
    char self[4096] = "", word[6000];
    struct subject_failure failure;
    if (!build) {
        cr_assert(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
        *strrchr(self, '/') = '\0';
        build = self;
    }
    snprintf(word, sizeof word, "%s/faulty/%s.so:%s", build, file, symbol);
    cr_assert(subject_parse(subject, word, &failure), "%s", word);
}

static void add_codes(char *codes, const struct diag_list *list)
{
    for (int i = 0; i < list->count; i++) {
        const struct conf_diagnosis *d = &list->found[i];
        cr_expect_str_eq(d->raised_by, diag_rows[d->row].raised_by,
            "%s is raised by %s", diag_code(d), d->raised_by);
        if (diag_rows[d->row].level > CONF_NOTE)
            strcat(strcat(codes, diag_code(d)), ";");
    }
}

static void judge(const char *file, const struct row *row)
{
    static struct sweep_answer sweep;
    struct subject subject;
    struct conf_reference reference;
    struct conf_finding finding[CONF_FINDINGS];
    struct diag_list list = {.count = 0};
    char codes[512] = "";
    const int type = conf_type_find(row->type);
    locate(&subject, file, row->symbol);
    cr_assert_eq(conf_reference_init(&reference,
                     ref_function_find(row->function), NULL, row->alpha),
        SN_OK);
    reference.flush = row->flush;
    const struct sweep_question question = {.reference = &reference,
        .subject = &subject,
        .type = type,
        .samples = type == SN_F64 ? 1 << 13 : 1 << 17,
        .threads = 2,
        .timeout = 20,
        .seed = 1706};
    cr_assert_eq(sweep_run(&sweep, &question), SN_OK);
    const int findings = structure_run(
        finding, &(const struct structure_question){.reference = &reference,
                     .subject = &subject,
                     .type = type,
                     .max_ulp = 4,
                     .timeout = 20});
    bool passed =
        sweep.failure.outcome == SUBJECT_RAN && sweep.score.max_ulp <= 4;
    for (int i = 0; i < findings; i++)
        passed = passed && !finding[i].failures;
    diag_run(&list, &(const struct diag_question){.reference = &reference,
                        .subject = &subject,
                        .type = type,
                        .limit = 4,
                        .timeout = 20,
                        .sweep = &sweep,
                        .findings = finding,
                        .count = findings});
    add_codes(codes, &list);
    cr_expect_str_eq(codes, row->codes, "%s: '%s', not '%s'", row->symbol,
        codes, row->codes);
    cr_expect(!(passed && !*codes) == !!*row->codes, "%s: passed %d",
        row->symbol, passed);
    cr_expect(row->most <= 0 || sweep.score.max_ulp <= row->most, "%s: %g ULP",
        row->symbol, sweep.score.max_ulp);
    conf_reference_clear(&reference);
}

static void judge_file(const char *file, const struct row *row, size_t count)
{
    fprintf(stderr, "conformance: seed 1706, %zu formulas\n", count);
    for (size_t i = 0; i < count; i++)
        judge(file, &row[i]);
}

static void judge_all(const struct row *row, size_t count)
{
    judge_file("formulas", row, count);
}

Test(formulas, of_elu_and_celu)
{
    static const struct row row[] = {
        {"good_elu_with", "elu", "f32", "1.5", false, "", 0.51},
        {"good_celu_with", "celu", "f32", "1.5", false, "", 0.5001},
        {"good_elu_grad_with", "elu-grad", "f32", "1.5", false, "", 0.5001},
        {"good_celu_grad_with", "celu-grad", "f32", "1.5", false, "", 0.5001},
        {"good_elu_below_0", "elu", "f32", "-2", false, "", 0.51},
        {"good_elu_at_0", "elu", "f32", "0", false, "", 0.51},
        {"elu_alpha_ignored", "elu", "f32", "1.5", false, "alpha-ignored;", 0},
        {"elu_alpha_ignored", "elu", "f32", "-2", false,
            "sign-of-zero;alpha-ignored;", 0},
        {"celu_alpha_ignored", "celu", "f32", "1.5", false, "alpha-ignored;",
            0},
        {"elu_as_celu", "elu", "f32", "1.5", false, "celu-for-elu;", 0},
        {"celu_as_elu", "celu", "f32", "1.5", false, "elu-for-celu;", 0},
        {"celu_inverted", "celu", "f32", "1.5", false, "width-inverted;", 0},
        {"elu_alpha_twice", "elu", "f32", "1.5", false, "alpha-twice;", 0},
        {"celu_cancels", "celu", "f32", "1.5", false,
            "sign-of-zero;cancellation;", 0},
        {"celu_grad_alpha_ignored", "celu-grad", "f32", "1.5", false,
            "alpha-ignored;", 0},
        {"celu_grad_chain", "celu-grad", "f32", "1.5", false, "chain-rule;",
            0},
        {"celu_grad_chain_inverse", "celu-grad", "f32", "1.5", false,
            "chain-rule;", 0},
        {"celu_grad_rounded", "celu-grad", "f64", "1.5", false,
            "exponent-rounded;", 0},
        {"grad_is_the_function", "elu-grad", "f32", "1.5", false,
            "wrong-function;", 0},
    };
    judge_all(row, COUNT(row));
}

/* tests/faulty/causes.c: each cause by its name, and no symptom for it. */
Test(formulas, causes_by_name)
{
    static const struct row row[] = {
        {"identity", "selu", "f32", NULL, false, "identity;", 0},
        {"leaky", "selu", "f32", NULL, false, "linear-below;", 0},
        {"no_minus_1", "selu", "f32", NULL, false, "minus-1-missing;", 0},
        {"alpha_outside", "selu", "f32", NULL, false, "minus-alpha;", 0},
        {"sign_below", "selu", "f32", NULL, false, "sign-of-zero;sign-below;",
            0},
        {"base_2", "selu", "f32", NULL, false, "base-2;", 0},
        {"exponential_above", "selu", "f32", NULL, false, "exponential-above;",
            0},
        {"twice", "selu", "f32", NULL, false, "applied-twice;", 0},
        {"factor", "selu", "f32", NULL, false, "scaled;", 0},
        {"cancels_in_double", "selu", "f32", NULL, false,
            "sign-of-zero;cancellation;", 0},
        {"lambda_twice_in_result", "selu-grad", "f32", NULL, false,
            "gradient-lambda-twice;", 0},
        {"one_in_result", "selu-grad", "f32", NULL, false,
            "gradient-alpha-lost;", 0},
        {"of_the_result", "selu-grad", "f32", NULL, false,
            "gradient-of-result;", 0},
        {"result_in_float", "selu-grad", "f32", NULL, false,
            "gradient-from-result;", 0},
        {"x_for_dy", "selu-grad", "f32", NULL, false, "x-for-dy;", 0},
        {"out_of_order", "selu", "f32", NULL, false, "monotonicity;", 0},
    };
    judge_file("causes", row, COUNT(row));
}

Test(formulas, of_selu)
{
    static const struct row row[] = {
        {"computes_elu", "selu", "f32", NULL, false, "elu-for-selu;", 0},
        {"computes_relu", "selu", "f32", NULL, false, "zero-below;", 0},
        {"lambda_only_above", "selu", "f32", NULL, false, "lambda-ignored;",
            0},
        {"lambda_only_below", "selu", "f32", NULL, false, "lambda-ignored;",
            0},
        {"lambda_twice", "selu", "f32", NULL, false, "lambda-twice;", 0},
        {"computes_the_derivative", "selu", "f32", NULL, false,
            "wrong-function;", 0},
        {"blog_literals", "selu", "f32", NULL, false,
            "constants-truncated;constants-truncated;", 0},
        {"one_constant_cut", "selu", "f32", NULL, false, "constants-rounded;",
            0},
        {"other_design", "selu", "f32", NULL, false,
            "constants-other;constants-other;", 0},
        {"skips_nan", "selu", "f32", NULL, false, "unwritten;", 0},
        {"differs_by_thread", "selu", "f32", NULL, false, "thread;", 0},
        {"subnormal_inputs_are_zero", "selu", "f32", NULL, false,
            "flush-to-zero;", 0},
        {"subnormal_inputs_are_zero", "selu", "f32", NULL, true, "", 0.5001},
        {"clamps_inputs", "selu", "f32", NULL, false, "clamped;", 0},
        {"float_in_f64", "selu", "f64", NULL, false, "narrow-arithmetic;", 0},
        {"cancels_f64", "selu", "f64", NULL, false,
            "sign-of-zero;cancellation;", 0},
        {"linear_near_0", "selu", "f32", NULL, false, "linear-near-0;", 0},
        {"float_exponential", "selu", "f64", NULL, false, "narrow-arithmetic;",
            0},
        {"nan_above_709", "selu", "f64", NULL, false, "unused-branch;", 0},
        {"grad_underflows_early", "selu-grad", "f64", NULL, false,
            "underflows-early;", 0},
        {"grad_overflows", "selu-grad", "f32", NULL, false, "dy-overflow;", 0},
        {"good_selu_grad", "selu-grad", "f32", NULL, false, "", 0.5001},
        {"grad_digits", "selu-grad", "f32", NULL, false,
            "constants-truncated;constants-truncated;", 0},
    };
    judge_all(row, COUNT(row));
}

Test(formulas, of_16_bit_types)
{
    static const struct row row[] = {
        {"good_f16", "selu", "f16", NULL, false, "", 0.5001},
        {"good_bf16", "selu", "bf16", NULL, false, "", 0.5001},
        {"cuts_bf16", "selu", "bf16", NULL, false, "truncation;", 0},
        {"cancels_f16", "selu", "f16", NULL, false,
            "sign-of-zero;cancellation;", 0},
        {"cancels_bf16", "selu", "bf16", NULL, false,
            "sign-of-zero;cancellation;", 0},
        {"constants_f16", "selu", "f16", NULL, false, "constants-f16;", 0},
        {"flush_f16", "selu", "f16", NULL, false, "flush-to-zero;", 0},
        {"flush_f16", "selu", "f16", NULL, true, "", 0.5001},
    };
    judge_all(row, COUNT(row));
}

/* ---- alpha dropout -------------------------------------------------------
 */

static bool run_dropout(const char *symbol, const char *type, char *codes,
    double false_alarm, uint64_t samples, uint64_t seed)
{
    struct subject subject;
    struct subject_failure failure;
    struct conf_reference reference;
    struct conf_finding finding[CONF_FINDINGS];
    struct diag_list list = {.count = 0};
    struct dropout_answer answer;
    if (!strncmp(symbol, "sn_", 3))
        cr_assert(subject_parse(&subject, symbol, &failure));
    else
        locate(&subject, "dropout", symbol);
    conf_reference_init(
        &reference, ref_function_find("alpha-dropout"), NULL, NULL);
    const struct dropout_question question = {.reference = &reference,
        .subject = &subject,
        .type = conf_type_find(type),
        .rate = {0.5, 0.05, 0.001, 0.95, 0.999},
        .rates = 5,
        .channel = !strcmp(symbol, "by_channel_of_24") && seed == 24 ? 24 : 1,
        .false_alarm = false_alarm,
        .samples = samples,
        .seed = seed,
        .max_ulp = 4,
        .timeout = 20};
    const int findings = dropout_run(&answer, finding, &list, &question);
    bool passed = true;
    for (int i = 0; i < findings; i++)
        passed = passed && !finding[i].failures;
    add_codes(codes, &list);
    conf_reference_clear(&reference);
    return passed;
}

Test(formulas, of_alpha_dropout)
{
    static const char *const row[][3] = {
        {"good_dropout", "f32", ""},
        {"good_dropout_f64", "f64", ""},
        {"variance_cubed", "f32", "affine-cube;"},
        {"no_square_root", "f32", "affine-no-root;"},
        {"root_of_q", "f32", "affine-root-of-q;"},
        {"wrong_sign", "f32", "dropped-sign;"},
        {"dropped_value_off", "f32", "dropped-value;"},
        {"normal_noise", "f32", "normal-noise;"},
        {"mask_by_thread", "f32", "mask-by-thread;"},
        {"seed_ignored", "f32", "seed-ignored;"},
        {"seed_cut", "f32", "seed-cut;"},
        {"not_reproducible", "f32", "not-reproducible;"},
        {"lanes_share", "f32", "mask-per-channel;"},
        {"mask_repeats", "f32", "mask-repeats;"},
        {"seven_apart", "f32", "correlated;"},
        {"rate_inverted", "f32", "rate-inverted;"},
        {"rate_on_a_grid", "f32", "rate;"},
        {"ordinary_dropout", "f32", "dropped-zero;affine-ordinary;"},
        {"mask_multiplies", "f32", "infinity-times-0;nan-times-0;"},
        {"mask_by_value", "f32", "mask-by-value;"},
        {"dropout_past_the_end", "f32", "out-of-bounds;"},
        {"dropout_changes_inputs", "f32", "input-changed;"},
        {"tail_is_kept", "f32", "tail-mask;"},
        {"tail_shares", "f32", "tail-mask;"},
        {"tail_is_ordinary", "f32", "neither-kept-nor-dropped;"},
        {"mask_kept_in_the_output", "f32", "in-place;"},
        {"index_of_16_bits", "f32", "mask-repeats;"},
        {"long_arrays_cut", "f32", "unwritten;"},
        {"by_channel_of_24", "f32", "mask-per-channel;"},
        {"place_in_the_seed", "f32", "mask-by-place;"},
        {"rate_of_10_bits", "f32", "rate;"},
        {"alpha_prime_short", "f32", "alpha-prime;"},
        {"alpha_prime_without_lambda", "f32", "alpha-prime;"},
        {"alpha_prime_of_floats", "f32", ""},
        {"statistics_of_the_batch", "f32", "batch-statistics;"},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        char codes[512] = "";
        bool passed =
            run_dropout(row[i][0], row[i][1], codes, 1e-6, 1 << 19, 1706);
        cr_expect(!strcmp(codes, row[i][2]) && passed == !*row[i][2],
            "%s: '%s', passed %d", row[i][0], codes, passed);
    }
}

/*
 * With a false-alarm rate of 0.2 for the family at most a fifth of right runs
 * fails: of 60 no more than 21, to 4 standard deviations.  Bonferroni,
 * Bernstein and counts that are whole make it less, but not nothing: a test
 * that never fails is noticed, too.
 */
Test(formulas, false_alarms_are_as_stated)
{
    enum { RUNS = 60 };
    int failed = 0;
    for (uint64_t i = 0; i < RUNS; i++) {
        char codes[512] = "";
        failed += !run_dropout(
            "good_dropout", "f32", codes, 0.2, 1 << 17, 100000 * i);
    }
    fprintf(
        stderr, "dropout: %d of %d right runs failed at 0.2\n", failed, RUNS);
    cr_expect(failed >= 1 && failed <= 21, "%d of %d", failed, RUNS);
}

/* One decision a channel, where that is asked for; and where it is not so. */
Test(formulas, of_channels)
{
    char codes[512] = "";
    cr_expect(run_dropout("by_channel_of_24", "f32", codes, 1e-6, 1 << 20, 24),
        "%s", codes);
}

/*
 * Our own kernel, at five rates, rare and common, for a few seeds; 'make
 * exhaust' takes 200.
 */
Test(formulas, of_our_own_dropout)
{
    static const char *const type[] = {"f32", "f64", "f16", "bf16"};
    const char *many = getenv("SELFNORM_DROPOUT_SEEDS");
    const uint64_t seeds = many ? strtoull(many, NULL, 10) : 8;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        char codes[512] = "", name[64];
        snprintf(name, sizeof name, "sn_alpha_dropout_%s", type[seed % 4]);
        cr_expect(run_dropout(name, type[seed % 4], codes, 1e-6, 1 << 20,
                      seed * seed * UINT64_C(0x100000001b3)),
            "%s, seed %d: %s", name, (int)seed, codes);
    }
}

/* verify/check.h, as somebody else's test calls it. */
Test(formulas, the_call_gives_the_verdict_of_the_command)
{
    const struct sn_check_options celu = {
        .function = "celu", .alpha = "1.5", .samples = 1 << 16};
    const struct sn_check_options allowed = {.samples = 1 << 16,
        .strict = true,
        .allow = "sign-of-zero,constants-f32"};
    const struct sn_check_options strict = {
        .samples = 1 << 16, .strict = true};
    const struct sn_check_options channels = {.function = "alpha-dropout",
        .rate = 0.5,
        .channel = 24,
        .samples = 1 << 19};
    const struct sn_check_options aligned = {
        .samples = 1 << 16, .contract = "aligned=32"};
    const struct sn_check_options right = {.function = "selu-grad",
        .samples = 1 << 16,
        .at_zero = SN_CHECK_AT_ZERO_RIGHT};
    const struct sn_check_options tiny = {.samples = 1 << 16, .max_ulp = 0.1};
    const struct {
        const char *file, *symbol;
        const struct sn_check_options *options;
        enum sn_check_result result;
        const char *why;
    } row[] = {
        {"formulas", "good_celu_with", &celu, SN_CHECK_PASSED, ""},
        {"formulas", "celu_as_elu", &celu, SN_CHECK_FAILED, "elu-for-celu: "},
        {"good", "good", NULL, SN_CHECK_PASSED, ""},
        {"good", "good", &tiny, SN_CHECK_FAILED, "accuracy: max 0.5 ULP"},
        {"good", "nosuch", NULL, SN_CHECK_UNUSABLE, "no symbol 'nosuch'"},
        {"arithmetic", "float_constants", NULL, SN_CHECK_PASSED,
            "warning: constants-f32: "},
        {"arithmetic", "float_constants", &strict, SN_CHECK_FAILED,
            "constants-f32: lambda is rounded to f32"},
        {"arithmetic", "float_constants", &allowed, SN_CHECK_PASSED,
            "note: constants-f32: "},
        {"dropout", "by_channel_of_24", &channels, SN_CHECK_PASSED, ""},
        {"field_forward", "r_aligned", &aligned, SN_CHECK_PASSED,
            "warning: special values: "},
        {"field_gradient", "rg_at_0", &right, SN_CHECK_PASSED, ""},
        {"loading_crashes", "never", NULL, SN_CHECK_FAILED, "SIGSEGV"},
        {"structure", "clamps_at_large_n", NULL, SN_CHECK_FAILED,
            "of the inputs of the sweep"},
        {"structure", "changes_its_input", NULL, SN_CHECK_FAILED,
            "input-changed: inputs are changed"},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct subject subject;
        char why[4096] = "before";
        locate(&subject, row[i].file, row[i].symbol);
        enum sn_check_result result =
            sn_check_kernel(subject.word, row[i].options, why, sizeof why);
        cr_expect(result == row[i].result && strstr(why, row[i].why) &&
                      !*why == !*row[i].why,
            "%s: %d '%s'", row[i].symbol, (int)result, why);
    }
    char why[64];
    signal(SIGPIPE, SIG_DFL);
    cr_expect_eq(
        sn_check_kernel("nosuch", NULL, why, sizeof why), SN_CHECK_USAGE);
    cr_expect_eq(sn_check_kernel(NULL, NULL, why, sizeof why), SN_CHECK_USAGE);
    cr_expect(strstr(why, "NULL"), "%s", why);
    cr_expect_eq(
        sn_check_kernel("sn_elu_f32", NULL, NULL, 9), SN_CHECK_PASSED);
    cr_expect(signal(SIGPIPE, SIG_DFL) == SIG_DFL, "SIGPIPE is left ignored");
    const struct {
        struct sn_check_options options;
        const char *why;
    } bad[] = {{{.dtype = "f15"}, "'f15'"}, {{.function = "gelu"}, "'gelu'"},
        {{.allow = "constants-f32,nosuch"}, "allow 'nosuch'"},
        {{.allow = "place,"}, "allow ''"}, {{.max_ulp = -1}, "max_ulp -1"},
        {{.max_ulp = NAN}, "max_ulp nan"}, {{.rate = 1}, "rate 1"},
        {{.channel = -1}, "channel -1"},
        {{.contract = "aligned=3"}, "contract 'aligned=3'"},
        {{.timeout = -1}, "timeout -1"}};
    for (size_t i = 0; i < COUNT(bad); i++)
        cr_expect(sn_check_kernel("sn_selu_f32", &bad[i].options, why,
                      sizeof why) == SN_CHECK_USAGE &&
                      strstr(why, bad[i].why),
            "%s: %s", bad[i].why, why);
    cr_expect_eq(
        sn_check_kernel("sn_selu_f32", NULL, NULL, 0), SN_CHECK_PASSED);
}
