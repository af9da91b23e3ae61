/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kernels that are wrong in one known way (tests/faulty/) must fail for that
 * reason and no other, right ones must pass.  Seed 1706, 2^18 samples.
 */
#include "verify/conformance/sweep/inputs.h"
#include "verify/conformance/sweep/score.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct row {
    const char *kernel;   /* FILE:SYMBOL */
    const char *function; /* NULL: selu */
    int dtype;
    const char *fails;  /* names, each followed by a semicolon */
    double least, most; /* max_ulp */
    uint64_t wrong[2];  /* incorrectly rounded: from, to */
    const char *tells;  /* part of a fault or a detail, or NULL */
    uint64_t descents;  /* monotonicity violations */
    double timeout;     /* 0: 20 s */
};

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define ANY      UINT64_C(1) << 32
#define PASSES                                                                \
    0, 0.5000001,                                                             \
    {                                                                         \
        0, 0                                                                  \
    }

/* FILE:SYMBOL as BUILD/faulty/FILE.so:SYMBOL */
static void locate(struct sn_target *target, const char *kernel)
{
    const char *build = getenv("SELFNORM_BUILD");
    char self[4096] = "", word[6000], why[1024];
    if (!build) {
        cr_assert(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
        *strrchr(self, '/') = '\0';
        build = self;
    }
    int stem = (int)strcspn(kernel, ":");
    snprintf(word, sizeof word, "%s/faulty/%.*s.so%s", build, stem, kernel,
        kernel + stem);
    cr_assert(sn_target_parse(target, word, why, sizeof why), "%s", why);
}

static const struct sn_checked_function *function(const char *name)
{
    return sn_checked_function_find(name ? name : "selu");
}

/* The faults that are diagnosed in these kernels; in all others none. */
static const struct {
    const char *kernel, *codes;
} diagnosed[] = {
    {"arithmetic:cancellation", "sign-of-zero;cancellation;"},
    {"arithmetic:float_constants", "constants-f32;"},
    {"arithmetic:swapped", "constants-swapped;"},
    {"arithmetic:alpha_ignored", "alpha-ignored;"},
    {"arithmetic:short_constants", "constants-truncated;constants-truncated;"},
    {"arithmetic:flush", "flush-to-zero;"},
    {"arithmetic:zero_unsigned", "sign-of-zero;"},
    {"arithmetic:nan_saturates", "nan-swallowed;"},
    {"arithmetic:signalling_nan", "signalling-nan;"},
    {"arithmetic:overflow_clipped", "infinity;overflow;"},
    {"arithmetic:infinity_lost", "infinity;"},
    {"arithmetic:infinity_short", "infinity;"},
    {"arithmetic:bump", "isolated;"},
    {"arithmetic:double_rounding", "double-rounding;"},
    {"arithmetic:saturates_early", "saturates-early;"},
    {"arithmetic:f32_constants_in_f64", "constants-f32;constants-f32;"},
    {"gradient:from_the_result", "gradient-from-result;"},
    {"gradient:both_branches", "unused-branch;"},
    {"gradient:right_of_zero", "zero-from-the-right;"},
    {"gradient:dy_ignored", "dy-ignored;"},
    {"structure:skips_the_last", "unwritten;"},
    {"structure:skips_zeros", "unwritten;"},
    {"structure:tail_differs", "tail-differs;in-place;"},
    {"structure:nan_lost_in_the_tail", "nan-swallowed;"},
    {"structure:depends_on_alignment", "place;"},
    {"structure:depends_on_both_alignments", "place;"},
    {"structure:not_in_place", "sign-of-zero;nan-swallowed;in-place;"},
    {"structure:wrong_at_n_1", "place;"},
    {"structure:writes_at_n_0", "out-of-bounds;"},
    {"structure:demands_alignment", "crash;"},
    {"structure:writes_past_the_end", "out-of-bounds;crash;"},
    {"structure:reads_past_the_end", "out-of-bounds;crash;"},
    {"structure:writes_before_the_start", "out-of-bounds;crash;"},
    {"structure:reads_before_the_start", "out-of-bounds;crash;"},
    {"structure:writes_past_the_end_f64", "out-of-bounds;"},
    {"conduct:crashes_at_an_input", "crash;"},
    {"conduct:null_dereference", "crash;"},
    {"conduct:aborts", "crash;"},
    {"conduct:overflows_the_stack", "crash;"},
    {"conduct:exits", "crash;"},
    {"conduct:changes_rounding", "mode;"},
    {"conduct:sets_mode_and_crashes", "mode;crash;"},
    {"conduct:sets_flush_to_zero", "mode;"},
    {"conduct:sets_flush_to_zero_at_large_n", "mode;"},
    {"flushing:flushing", "mode;"},
    {"conduct:hangs_at_n_7", "crash;"},
    {"conduct:hangs", "crash;"},
};

static void judge_diagnosis(
    const char *kernel, const struct sn_diagnosis *diagnosis, int diagnoses)
{
    char codes[512] = "";
    const char *want = "";
    for (size_t i = 0; i < COUNT(diagnosed); i++)
        if (!strcmp(diagnosed[i].kernel, kernel))
            want = diagnosed[i].codes;
    for (int i = 0; i < diagnoses; i++)
        if (diagnosis[i].fault) {
            strcat(strcat(codes, diagnosis[i].code), ";");
            cr_expect(*diagnosis[i].words && *diagnosis[i].evidence);
        }
    cr_expect_str_eq(
        codes, want, "%s: diagnosed '%s', not '%s'", kernel, codes, want);
}

static void judge(const struct row *row, double limit)
{
    struct sn_target target;
    struct sn_reference reference;
    struct sn_finding finding[SN_FINDINGS];
    struct sn_diagnosis diagnosis[SN_DIAGNOSES];
    char fails[512] = "", told[8192] = "";
    double timeout = row->timeout > 0 ? row->timeout : 20;
    struct sn_sweep sweep = {
        .samples = row->dtype == SN_F32 ? 1 << 18 : 1 << 14,
        .threads = 2,
        .timeout = timeout,
        .seed = 1706};
    locate(&target, row->kernel);
    cr_assert_eq(
        sn_reference_init(&reference, function(row->function), NULL, NULL),
        SN_OK);
    cr_assert_eq(sn_sweep_run(&sweep, &reference, &target, row->dtype), SN_OK);
    if (*sweep.fault || sweep.max_ulp > limit)
        strcat(fails, "accuracy;");
    strcat(told, sweep.fault);
    int findings = sn_structure_run(
        finding, &reference, &target, row->dtype, limit, timeout);
    for (int i = 0; i < findings; i++) {
        strcat(told, " | ");
        strcat(told, finding[i].detail);
        if (!finding[i].passed)
            strcat(strcat(fails, finding[i].name), ";");
        cr_expect(finding[i].passed == !finding[i].failures &&
                      finding[i].passed == !*finding[i].detail,
            "%s: %s says '%s'", row->kernel, finding[i].name,
            finding[i].detail);
    }
    cr_expect_str_eq(
        fails, row->fails, "%s: fails %s (%s)", row->kernel, fails, told);
    cr_expect(sweep.max_ulp >= row->least && sweep.max_ulp <= row->most,
        "%s: max %.9g ULP at %a", row->kernel, sweep.max_ulp,
        sweep.worst_input);
    cr_expect(sweep.incorrectly_rounded >= row->wrong[0] &&
                  sweep.incorrectly_rounded <= row->wrong[1],
        "%s: %llu not correctly rounded", row->kernel,
        (unsigned long long)sweep.incorrectly_rounded);
    cr_expect_eq(sweep.monotonicity_violations, row->descents,
        "%s: %llu monotonicity violations", row->kernel,
        (unsigned long long)sweep.monotonicity_violations);
    cr_expect(!row->tells || strstr(told, row->tells), "%s: told '%s'",
        row->kernel, told);
    judge_diagnosis(row->kernel, diagnosis,
        sn_diagnose(diagnosis, &reference, &target, row->dtype, &sweep,
            finding, findings, timeout));
    sn_reference_clear(&reference);
}

static void judge_all(const struct row *row, size_t count)
{
    fprintf(stderr, "conformance: seed 1706, %zu kernels\n", count);
    for (size_t i = 0; i < count; i++)
        judge(&row[i], 4);
}

Test(conformance, right_kernels_pass)
{
    static const struct row row[] = {
        {"good:good", NULL, SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_backwards", NULL, SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_grad", "selu-grad", SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_elu", "elu", SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_elu_grad", "elu-grad", SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_f64", NULL, SN_F64, "", 0.5, 3, {1, ANY}, NULL, 0, 0},
    };
    judge_all(row, COUNT(row));
}

/* Our standard output may carry a JSON document. */
Test(conformance, what_a_kernel_prints_stays_off_standard_output)
{
    static const struct row row = {
        "conduct:prints", NULL, SN_F32, "", PASSES, NULL, 0, 0};
    FILE *file = tmpfile();
    cr_assert(file);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    judge(&row, 4);
    dup2(kept, STDOUT_FILENO);
    cr_expect_eq(lseek(fileno(file), 0, SEEK_END), 0);
    close(kept);
    fclose(file);
}

Test(conformance, wrong_values_are_told_from_right_ones)
{
    const char *fine = "", *bad = "accuracy;", *special = "special values;";
    const char *both = "accuracy;special values;";
    const struct row row[] = {
        {"arithmetic:cancellation", NULL, SN_F32, both, 0x1p24, 0x1p25,
            {100000, ANY}, "-0 gives 0, want -0", 0, 0},
        {"arithmetic:float_constants", NULL, SN_F32, fine, 1, 2.5,
            {100000, ANY}, NULL, 0, 0},
        {"arithmetic:swapped", NULL, SN_F32, bad, 4e6, 0x1p24, {100000, ANY},
            NULL, 0, 0},
        {"arithmetic:alpha_ignored", NULL, SN_F32, bad, 4e6, 0x1p24,
            {100000, ANY}, NULL, 0, 0},
        {"arithmetic:short_constants", NULL, SN_F32, bad, 30, 50,
            {800000, ANY}, NULL, 0, 0},
        {"arithmetic:one_input", NULL, SN_F32, fine, 0.9, 0.95, {1, 1}, NULL,
            0, 0},
        /* found by an exhaustive sweep only, see the test below */
        {"arithmetic:one_hidden_input", NULL, SN_F32, fine, PASSES, NULL, 0,
            0},
        {"arithmetic:flush", NULL, SN_F32, both, 0x1p22, 0x1p23, {10000, ANY},
            "-1.40129846e-45 gives -0", 0, 0},
        {"arithmetic:zero_unsigned", NULL, SN_F32, special, 0, 0.5000001,
            {1, 1}, "-0 gives 0, want -0", 0, 0},
        {"arithmetic:nan_saturates", NULL, SN_F32, special, 0, 0.5000001,
            {10000, ANY}, "NaN 0x7fc00000 gives -1.758", 0, 0},
        {"arithmetic:signalling_nan", NULL, SN_F32, special, 0, 0.5000001,
            {10000, ANY}, "NaN 0x7f800001 gives 0, want NaN", 0, 0},
        {"arithmetic:overflow_clipped", NULL, SN_F32, special, 1, 1,
            {10000, ANY}, "inf gives 3.40282347e+38", 0, 0},
        {"arithmetic:infinity_lost", NULL, SN_F32, both, 0x1p150, 0x1p152,
            {2, 2}, "-inf gives nan, want -1.758", 0, 0},
        {"arithmetic:infinity_short", NULL, SN_F32, both, 6.3e6, 6.4e6, {1, 1},
            NULL, 0, 0},
        {"arithmetic:bump", NULL, SN_F32, fine, 3.4, 3.5, {1023, 1023}, NULL,
            1, 0},
        {"arithmetic:double_rounding", NULL, SN_F32, fine, 0.53, 0.53125,
            {10000, 20000}, NULL, 0, 0},
        {"arithmetic:saturates_early", NULL, SN_F32, fine, 1.4, 1.5,
            {10000, ANY}, NULL, 0, 0},
        /* 0.75 ULP elsewhere: the binade below 1 has the smaller unit */
        {"arithmetic:elu_saturates_short", "elu", SN_F32, fine, 0.999, 1,
            {100000, ANY}, NULL, 1, 0},
        {"arithmetic:f32_constants_in_f64", NULL, SN_F64, bad, 2e8, 4e8,
            {1000, ANY}, NULL, 0, 0},
    };
    judge_all(row, COUNT(row));
}

/* Samples pass this kernel; the block of all patterns that holds -0.1875 does
   not. */
Test(conformance, exhaustive_blocks_find_what_samples_miss)
{
    static double d[SN_BLOCK];
    struct sn_target target;
    struct sn_reference reference;
    struct sn_runner *runner;
    struct sn_inputs inputs;
    struct sn_score score;
    locate(&target, "arithmetic:one_hidden_input");
    sn_reference_init(&reference, function(NULL), NULL, NULL);
    sn_inputs_plan(&inputs, true, SN_F32, 0, 0);
    cr_assert_eq(sn_runner_start(&runner, &target, false, SN_F32, 20), SN_RAN);
    for (uint64_t block = 0xbe3f; block <= 0xbe41; block++) {
        float *x = sn_runner_x(runner), *y = sn_runner_out(runner);
        size_t n = sn_inputs_block(&inputs, block, x);
        sn_runner_begin(runner, &(struct sn_call){.n = n});
        sn_reference_approximate(&reference, d, x, n);
        cr_assert_eq(sn_runner_end(runner), SN_RAN);
        sn_score_init(&score);
        sn_score_f32(&score, &reference, x, y, d, n);
        cr_expect_eq(score.incorrectly_rounded, block == 0xbe40,
            "block %llx: %llu wrong", (unsigned long long)block,
            (unsigned long long)score.incorrectly_rounded);
    }
    sn_runner_stop(runner);
    sn_reference_clear(&reference);
}

Test(conformance, wrong_gradients_are_told)
{
    const struct row row[] = {
        {"gradient:from_the_result", "selu-grad", SN_F32,
            "accuracy;accuracy for any dy;", 1e7, 0x1p24, {90000, ANY}, NULL,
            0, 0},
        {"gradient:both_branches", "selu-grad", SN_F32,
            "accuracy;special values;accuracy for any dy;", 1e45, 1e46,
            {90000, ANY}, "3.40282347e+38 gives nan", 0, 0},
        {"gradient:right_of_zero", "selu-grad", SN_F32, "accuracy;", 5.9e6,
            6e6, {2, 2}, NULL, 1, 0},
        {"gradient:dy_ignored", "selu-grad", SN_F32,
            "scales with dy;accuracy for any dy;", PASSES, "dy = -4", 0, 0},
    };
    judge_all(row, COUNT(row));
}

#define LENGTHS "lengths 0 to 130;"
#define BITS    "same bits at any length and place;"
#define THREAD  "same bits in any thread;"
#define PLACE   "in place;"
#define MODE    "floating-point mode;"
#define REST    "exceptions;directed rounding;"
#define SPECIAL "special values;"

/* Right for every value of a sweep: seen by structure alone. */
Test(conformance, wrong_structure_is_told)
{
    const struct row row[] = {
        {"structure:skips_the_last", NULL, SN_F32, LENGTHS PLACE, PASSES,
            "n = 3: 1 outputs never written", 0, 0},
        {"structure:skips_zeros", NULL, SN_F32, "accuracy;" SPECIAL, 1e45,
            1e84, {2, 2}, "0x0: output never written", 0, 0},
        {"structure:tail_differs", NULL, SN_F32, BITS PLACE, 0.5, 2, {1, 99},
            "in a long run", 0, 0},
        {"structure:nan_lost_in_the_tail", NULL, SN_F32, SPECIAL, 0, 0.5000001,
            {2, 2}, "gives 0, want NaN", 0, 0},
        {"structure:depends_on_alignment", NULL, SN_F32, SPECIAL BITS, PASSES,
            "n = 7, x + 65529, y + 65529: element 0 is", 0, 0},
        {"structure:depends_on_both_alignments", NULL, SN_F32, BITS, PASSES,
            "n = 67, x + 1, y + 2: element 0 is", 0, 0},
        {"structure:not_in_place", NULL, SN_F32, SPECIAL PLACE, 0, 0.5000001,
            {10000, ANY}, "n = 1: element 0 is 0x0p+0, apart", 0, 0},
        {"structure:wrong_at_n_1", NULL, SN_F32, SPECIAL BITS, PASSES,
            "n = 1, x + 0, y + 0: element 0", 0, 0},
        {"structure:writes_at_n_0", NULL, SN_F32, LENGTHS BITS, PASSES,
            "n = 0: writes 1 elements outside the output", 0, 0},
        {"structure:demands_alignment", NULL, SN_F32, LENGTHS BITS, PASSES,
            "crashed with SIGABRT at n = 9, x + 65527", 0, 0},
    };
    judge_all(row, COUNT(row));
}

Test(conformance, accesses_outside_the_arrays_are_told)
{
#define ENDS "accuracy;" LENGTHS BITS MODE
#define ALL  "accuracy;" SPECIAL LENGTHS BITS THREAD PLACE MODE REST
    const struct row row[] = {
        {"structure:writes_past_the_end", NULL, SN_F32, ENDS, 0, 1, {0, 0},
            "writes 0 bytes after the end of the output at n = 1, x", 0, 0},
        {"structure:reads_past_the_end", NULL, SN_F32, ENDS, 0, 1, {0, 0},
            "reads 0 bytes after the end of x at n = 1, x", 0, 0},
        {"structure:writes_before_the_start", NULL, SN_F32, ALL, 0, 1, {0, 0},
            "writes 4 bytes before the start of the output at n = 4096", 0, 0},
        {"structure:reads_before_the_start", NULL, SN_F32, ALL, 0, 1, {0, 0},
            "reads 4 bytes before the start of x at n = 4096", 0, 0},
        {"structure:writes_past_the_end_f64", NULL, SN_F64, LENGTHS BITS MODE,
            0, 3, {0, ANY},
            "writes 0 bytes after the end of the output at n = 1", 0, 0},
    };
    judge_all(row, COUNT(row));
}

/* What a sweep says of these depends on when its inputs were changed. */
Test(conformance, changed_inputs_are_told)
{
    static const char *const row[][3] = {
        {"structure:changes_its_input", NULL, "n = 1: changes 1 of its"},
        {"structure:changes_a_large_input", NULL, "n = 4096: changes 1 of"},
        {"structure:changes_dy", "selu-grad", "n = 4096: changes 4096 of"},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct sn_target target;
        struct sn_reference reference;
        struct sn_finding finding[SN_FINDINGS];
        locate(&target, row[i][0]);
        sn_reference_init(&reference, function(row[i][1]), NULL, NULL);
        sn_structure_run(finding, &reference, &target, SN_F32, 4, 20);
        cr_expect(!finding[1].passed && strstr(finding[1].detail, row[i][2]),
            "%s: '%s'", row[i][0], finding[1].detail);
        sn_reference_clear(&reference);
    }
}

Test(conformance, misconduct_is_told)
{
    const struct row row[] = {
        {"conduct:crashes_at_an_input", NULL, SN_F32, "accuracy;", 0, 1,
            {0, 0}, "SIGSEGV at n = 8193, inputs from -0x1.ffep-13 to", 0, 0},
        {"conduct:null_dereference", NULL, SN_F32, LENGTHS BITS, PASSES,
            "crashed with SIGSEGV at n = 33", 0, 0},
        {"conduct:aborts", NULL, SN_F32, ALL, 0, 0, {0, 0},
            "crashed with SIGABRT at n = 65536, inputs from ", 0, 0},
        {"conduct:overflows_the_stack", NULL, SN_F32, ALL, 0, 0, {0, 0},
            "crashed with SIGSEGV at n = 65536, inputs from ", 0, 0},
        {"conduct:exits", NULL, SN_F32, LENGTHS BITS, PASSES,
            "ended its process with exit status 0 at n = 5", 0, 0},
        {"conduct:changes_rounding", NULL, SN_F32, MODE, PASSES,
            "a call switches the floating-point mode: rounding", 0, 0},
        {"conduct:sets_mode_and_crashes", NULL, SN_F32, PLACE MODE, PASSES,
            "rounding not to nearest", 0, 0},
#if defined __x86_64__ || defined __aarch64__
        {"conduct:sets_flush_to_zero", NULL, SN_F32, MODE, PASSES,
            "a call switches the floating-point mode: flush-to-zero", 0, 0},
        {"conduct:sets_flush_to_zero_at_large_n", NULL, SN_F32, MODE, PASSES,
            "a call switches the floating-point mode: flush-to-zero", 0, 0},
        {"flushing:flushing", NULL, SN_F32, MODE, PASSES,
            "loading the library switches the floating-point mode: flush", 0,
            0},
#endif
    };
    judge_all(row, COUNT(row));
}

Test(conformance, hangs_end_at_the_timeout)
{
    const struct row row[] = {
        {"conduct:hangs_at_n_7", NULL, SN_F32,
            LENGTHS BITS THREAD PLACE MODE REST, PASSES,
            "no answer within the --timeout of 1 s at n = 7", 0, 1},
        {"conduct:hangs", NULL, SN_F32, ALL, 0, 0, {0, 0},
            "no answer within the --timeout of 1 s at n = 65536", 0, 1},
    };
    judge_all(row, COUNT(row));
}

Test(conformance, libraries_that_cannot_be_used)
{
    static const struct {
        const char *kernel;
        enum sn_outcome outcome;
        const char *why;
        double timeout;
    } row[] = {
        {"loading_crashes:never", SN_CRASHED, "crashed with SIGSEGV", 20},
        {"loading_hangs:never", SN_HUNG, "within the --timeout of 0.5 s", 0.5},
        {"good:nosuch", SN_UNUSABLE, "no symbol 'nosuch'", 20},
        {"good:good", SN_RAN, "", 20},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct sn_target target;
        struct sn_runner *runner;
        locate(&target, row[i].kernel);
        enum sn_outcome outcome =
            sn_runner_start(&runner, &target, false, SN_F32, row[i].timeout);
        cr_expect(outcome == row[i].outcome &&
                      strstr(sn_runner_why(runner), row[i].why),
            "%s: outcome %d, '%s'", row[i].kernel, (int)outcome,
            sn_runner_why(runner));
        sn_runner_stop(runner);
    }
    /* and what is no library at all */
    static const char *const word[] = {"nosuch.so:f", "/:f", "/dev/null:f",
        "sn_selu_f31", "", ":", ":f", "Makefile:", "Makefile:a/b"};
    for (size_t i = 0; i < COUNT(word); i++) {
        struct sn_target target;
        char why[1024] = "";
        cr_expect(!sn_target_parse(&target, word[i], why, sizeof why) &&
                      *why && !strchr(why, '\n'),
            "'%s' was taken", word[i]);
    }
}
