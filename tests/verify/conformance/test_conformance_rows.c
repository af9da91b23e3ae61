/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row judged: what fails, by how much, what is diagnosed. */
#include "tests/verify/conformance/test_conformance_rows.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

void locate(struct conf_target *target, const char *kernel)
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
    cr_assert(conf_target_parse(target, word, why, sizeof why), "%s", why);
}

const struct conf_checked_function *function(const char *name)
{
    return ref_function_find(name ? name : "selu");
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
    {"arithmetic:bump", "range;"},
    {"arithmetic:double_rounding", "double-rounding;"},
    {"arithmetic:seam", "range;"},
    {"arithmetic:high_payload", "nan-swallowed;"},
    {"arithmetic:saturates_early", "saturates-early;"},
    {"arithmetic:f32_constants_in_f64", "constants-f32;constants-f32;"},
    {"gradient:from_the_result", "gradient-from-result;"},
    {"gradient:both_branches", "unused-branch;"},
    {"gradient:right_of_zero", "zero-from-the-right;"},
    {"gradient:dy_ignored", "dy-ignored;"},
    {"gradient:exchanged", "arguments-exchanged;"},
    {"gradient:infinite_dy_lost", "dy-special;"},
    {"structure:skips_the_last", "unwritten;"},
    {"structure:skips_zeros", "unwritten;"},
    {"structure:tail_differs", "tail-differs;in-place;"},
    {"structure:nan_lost_in_the_tail", "nan-swallowed;"},
    {"structure:depends_on_alignment", "place;"},
    {"structure:depends_on_both_alignments", "place;"},
    {"structure:not_in_place", "sign-of-zero;nan-swallowed;in-place;"},
    {"structure:wrong_at_n_1", "place;"},
    {"structure:wrong_from_32768_on", "place;"},
    {"structure:skips_the_rest_of_large_n", "unwritten;"},
    {"structure:writes_past_large_n", "out-of-bounds;"},
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
    {"conduct:not_reproducible", "not-reproducible;"},
    {"conduct:x87_single", "mode;"},
    {"conduct:forgets_emms", "mode;"},
    {"conduct:sets_mode_and_crashes", "mode;crash;"},
    {"conduct:sets_flush_to_zero", "mode;"},
    {"conduct:sets_flush_to_zero_at_large_n", "mode;"},
    {"flushing:flushing", "mode;"},
    {"conduct:hangs_at_n_7", "crash;"},
    {"conduct:hangs", "crash;"},
};

static void judge_diagnosis(
    const char *kernel, const struct conf_diagnosis *diagnosis, int diagnoses)
{
    char codes[512] = "";
    const char *want = "";
    for (size_t i = 0; i < COUNT(diagnosed); i++)
        if (!strcmp(diagnosed[i].kernel, kernel))
            want = diagnosed[i].codes;
    for (int i = 0; i < diagnoses; i++)
        if (diagnosis[i].fault) {
            strcat(strcat(codes, diagnosis[i].code), ";");
            cr_expect(!conf_diagnosis_unknown(diagnosis[i].code));
            cr_expect(*diagnosis[i].words && *diagnosis[i].evidence);
        }
    cr_expect_str_eq(
        codes, want, "%s: diagnosed '%s', not '%s'", kernel, codes, want);
}

void judge(const struct row *row, double limit)
{
    struct conf_target target;
    struct conf_reference reference;
    struct conf_finding finding[CONF_FINDINGS];
    struct conf_diagnosis diagnosis[CONF_DIAGNOSES];
    char fails[512] = "", told[8192] = "";
    double timeout = row->timeout > 0 ? row->timeout : 20;
    struct conf_sweep sweep = {
        .samples = row->dtype == SN_F32 ? 1 << 18 : 1 << 14,
        .threads = 2,
        .timeout = timeout,
        .seed = 1706};
    locate(&target, row->kernel);
    cr_assert_eq(
        conf_reference_init(&reference, function(row->function), NULL, NULL),
        SN_OK);
    cr_assert_eq(
        conf_sweep_run(&sweep, &reference, &target, row->dtype), SN_OK);
    if (*sweep.fault || sweep.max_ulp > limit)
        strcat(fails, "accuracy;");
    strcat(told, sweep.fault);
    int findings = conf_structure_run(
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
        diag_run(diagnosis, &reference, &target, row->dtype, &sweep, finding,
            findings, timeout));
    conf_reference_clear(&reference);
}

void judge_all(const struct row *row, size_t count)
{
    fprintf(stderr, "conformance: seed 1706, %zu kernels\n", count);
    for (size_t i = 0; i < count; i++)
        judge(&row[i], 4);
}
