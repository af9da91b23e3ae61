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

void locate(struct subject *subject, const char *kernel)
{
    const char *build = getenv("SELFNORM_BUILD");
    char self[4096] = "", word[6000];
    struct subject_failure failure;
    if (!build) {
        cr_assert(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
        *strrchr(self, '/') = '\0';
        build = self;
    }
    int stem = (int)strcspn(kernel, ":");
    snprintf(word, sizeof word, "%s/faulty/%.*s.so%s", build, stem, kernel,
        kernel + stem);
    cr_assert(subject_parse(subject, word, &failure), "%s", word);
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
    {"arithmetic:double_rounding", "double-rounding;"},
    {"arithmetic:high_payload", "nan-swallowed;"},
    {"arithmetic:saturates_early", "saturates-early;"},
    {"arithmetic:f32_constants_in_f64", "constants-f32;constants-f32;"},
    {"gradient:from_the_result", "gradient-from-result;"},
    {"gradient:from_expm1", "gradient-from-result;"},
    {"gradient:both_branches", "unused-branch;"},
    {"gradient:right_of_zero", "zero-from-the-right;"},
    {"gradient:dy_ignored", "dy-ignored;"},
    {"gradient:exchanged", "arguments-exchanged;"},
    {"gradient:infinite_dy_lost", "dy-special;"},
    {"structure:skips_the_last", "unwritten;"},
    {"structure:skips_zeros", "unwritten;"},
    {"structure:tail_differs", "tail-differs;in-place-bits;"},
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
    {"structure:writes_past_the_end", "out-of-bounds;"},
    {"structure:reads_past_the_end", "out-of-bounds;"},
    {"structure:writes_before_the_start", "out-of-bounds;"},
    {"structure:reads_before_the_start", "out-of-bounds;"},
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

static void judge_diagnosis(const char *kernel, const struct diag_list *list,
    const struct conf_finding *findings)
{
    char codes[512] = "", words[WORDS_ROOM], evidence[WORDS_ROOM];
    const char *want = "";
    for (size_t i = 0; i < COUNT(diagnosed); i++)
        if (!strcmp(diagnosed[i].kernel, kernel))
            want = diagnosed[i].codes;
    for (int i = 0; i < list->count; i++) {
        const struct conf_diagnosis *d = &list->found[i];
        words_diagnosis(words, sizeof words, d);
        words_evidence(evidence, sizeof evidence, d, findings);
        cr_expect(*words && *evidence);
        cr_expect_str_eq(d->raised_by, diag_rows[d->row].raised_by,
            "%s is raised by %s", diag_code(d), d->raised_by);
        if (diag_rows[d->row].level <= CONF_NOTE)
            continue;
        strcat(strcat(codes, diag_code(d)), ";");
        cr_expect(!conf_diagnosis_unknown(diag_code(d)));
    }
    cr_expect_str_eq(
        codes, want, "%s: diagnosed '%s', not '%s'", kernel, codes, want);
}

/* What fails, and all that is told of it. */
static void judge_findings(const struct row *row,
    const struct conf_finding *finding, int findings, char *fails, char *told)
{
    for (int i = 0; i < findings; i++) {
        char detail[WORDS_DETAIL];
        const char *name = words_check(finding[i].check);
        words_detail(detail, &finding[i]);
        strcat(strcat(told, " | "), detail);
        if (finding[i].failures)
            strcat(strcat(fails, name), ";");
        cr_expect(!finding[i].failures == !*detail &&
                      !finding[i].failures == (finding[i].level == CONF_FINE),
            "%s: %s says '%s'", row->kernel, name, detail);
    }
}

void judge(const struct row *row, double limit)
{
    static struct verdict_verdict v;
    struct conf_reference reference;
    char fails[512] = "", told[16384] = "";
    const double timeout = row->timeout > 0 ? row->timeout : 20;
    memset(&v, 0, sizeof v);
    locate(&v.subject, row->kernel);
    cr_assert_eq(
        conf_reference_init(&reference, function(row->function), NULL, NULL),
        SN_OK);
    const struct sweep_question question = {.reference = &reference,
        .subject = &v.subject,
        .type = row->dtype,
        .samples = row->dtype == SN_F32 ? 1 << 18 : 1 << 14,
        .threads = 2,
        .timeout = timeout,
        .seed = 1706};
    cr_assert_eq(sweep_run(&v.sweep, &question), SN_OK);
    const struct sweep_score *score = &v.sweep.score;
    if (verdict_sweep_failed(&v) || score->max_ulp > limit)
        strcat(fails, "accuracy;");
    words_accuracy(told, sizeof told, &v);
    v.findings = structure_run(
        v.finding, &(const struct structure_question){.reference = &reference,
                       .subject = &v.subject,
                       .type = row->dtype,
                       .max_ulp = limit,
                       .timeout = timeout});
    judge_findings(row, v.finding, v.findings, fails, told);
    cr_expect_str_eq(
        fails, row->fails, "%s: fails %s (%s)", row->kernel, fails, told);
    cr_expect(score->max_ulp >= row->least && score->max_ulp <= row->most,
        "%s: max %.9g ULP at %a", row->kernel, score->max_ulp,
        score->worst_input);
    cr_expect(score->incorrectly_rounded >= row->wrong[0] &&
                  score->incorrectly_rounded <= row->wrong[1],
        "%s: %llu not correctly rounded", row->kernel,
        (unsigned long long)score->incorrectly_rounded);
    cr_expect_eq(score->monotonicity_violations, row->descents,
        "%s: %llu monotonicity violations", row->kernel,
        (unsigned long long)score->monotonicity_violations);
    cr_expect(!row->tells || strstr(told, row->tells), "%s: told '%s'",
        row->kernel, told);
    diag_run(
        &v.diagnosis, &(const struct diag_question){.reference = &reference,
                          .subject = &v.subject,
                          .type = row->dtype,
                          .limit = limit,
                          .timeout = timeout,
                          .sweep = &v.sweep,
                          .findings = v.finding,
                          .count = v.findings});
    judge_diagnosis(row->kernel, &v.diagnosis, v.finding);
    conf_reference_clear(&reference);
}

void judge_all(const struct row *row, size_t count)
{
    fprintf(stderr, "conformance: seed 1706, %zu kernels\n", count);
    for (size_t i = 0; i < count; i++)
        judge(&row[i], 4);
}
