/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts for other programs: baselines, JUnit and TAP. */
#include "cli/commands/check/check.h"
#include "verify/conformance/records/baseline.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- baselines -----------------------------------------------------------
 */

static void fill_record(struct record_record *r,
    const struct cmd_check_job *job, const struct verdict_verdict *v)
{
    const struct sweep_answer *sweep = &v->sweep;
    const struct sweep_score *score = &sweep->score;
    const bool all =
        sweep->exhaustive || !subject_can(&v->subject, SUBJECT_INPUTS);
    *r = (struct record_record){.kernel = v->subject.word,
        .function = v->function->name,
        .dtype = ref_types[v->dtype].name,
        .lambda = job->ask.lambda ? job->ask.lambda : "exact",
        .alpha = job->ask.alpha ? job->ask.alpha : "exact",
        .exhaustive = sweep->exhaustive,
        .flush = job->ask.flush,
        .samples = all ? 0 : v->samples,
        .seed = all ? 0 : job->cli.seed,
        .max_ulp = fmin(score->max_ulp, 0x1p1023),
        .incorrectly_rounded = score->incorrectly_rounded,
        .zeros = score->zeros,
        .monotonicity_violations = score->monotonicity_violations};
    if (!v->function->dropout) {
        r->check[0].name = "accuracy";
        r->check[r->checks++].passed = v->accurate;
    }
    for (int i = 0; i < v->findings; i++) {
        r->check[r->checks].name = words_check(v->finding[i].check);
        r->check[r->checks++].passed = v->finding[i].passed;
    }
    for (int i = 0; i < v->diagnosis.count; i++)
        if (diag_is_fault(&v->diagnosis.found[i]))
            r->fault[r->faults++] = diag_code(&v->diagnosis.found[i]);
    for (int i = 0; i < SWEEP_BINADES; i++) {
        r->binade[i] = -1;
        for (int k = 0; k < SWEEP_BUCKETS; k++)
            if (score->histogram[i][k])
                r->binade[i] = (signed char)k;
    }
}

/* The whole file; exit 3 where it cannot be read. */
static char *read_file(
    const struct cmd_check_job *job, const char *path, size_t *size)
{
    enum { MOST_BASELINE = 1 << 26 };
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(MOST_BASELINE);
    *size = file && bytes ? fread(bytes, 1, MOST_BASELINE, file) : 0;
    if (!file || ferror(file) || *size == MOST_BASELINE)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE,
            "--baseline '%.200s': cannot be read", path);
    fclose(file);
    return bytes;
}

void cmd_check_load_baseline(struct cmd_check_job *job)
{
    char why[300];
    size_t size;
    if (!job->baseline_path)
        return;
    char *bytes = read_file(job, job->baseline_path, &size);
    job->baseline = record_baseline_parse(bytes, size, why, sizeof why);
    free(bytes);
    if (!job->baseline)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "--baseline '%.200s' %s",
            job->baseline_path, why);
}

void cmd_check_compare(struct cmd_check_job *job, struct verdict_verdict *v,
    struct cmd_comparison *comparison)
{
    struct record_record record;
    char why[300];
    if (!job->baseline || verdict_is_unusable(v))
        return;
    fill_record(&record, job, v);
    comparison->worse = json_array();
    comparison->better = json_array();
    if (!record_baseline_compare(job->baseline, &record, comparison->worse,
            comparison->better, why, sizeof why)) {
        cli_complain(
            &job->cli, "--baseline '%.200s' %s", job->baseline_path, why);
        v->complaint = VERDICT_INCOMPARABLE;
        return;
    }
    /* an interrupted run compares nothing */
    v->passed = !json_array_size(comparison->worse) &&
                !verdict_was_stopped(v) && !verdict_fails_to_load(v);
}

void cmd_check_save_baseline(
    const struct cmd_check_job *job, const struct verdict_verdict *verdicts)
{
    struct record_record record;
    if (!job->save_baseline)
        return;
    json_t *document = record_baseline_new();
    for (int i = 0; i < job->words; i++) {
        if (verdict_is_unusable(&verdicts[i]) ||
            verdict_was_stopped(&verdicts[i]))
            continue;
        fill_record(&record, job, &verdicts[i]);
        if (!record_baseline_add(document, &record))
            cli_die(&job->cli, CLI_EXIT_UNUSABLE,
                "'%.200s': the name is not UTF-8 and cannot be kept",
                verdicts[i].subject.word);
    }
    FILE *out = cli_file_open(&job->cli, job->save_baseline);
    json_dumpf(document, out,
        JSON_INDENT(1) | JSON_SORT_KEYS | JSON_REAL_PRECISION(12));
    fputc('\n', out);
    cli_file_close(&job->cli, out, job->save_baseline);
    json_decref(document);
}

/* ---- what JUnit and TAP show of a verdict --------------------------------
 */

struct test {
    const char *name;
    bool passed;
    char detail[1400];
};
enum { TESTS = CONF_FINDINGS + CONF_DIAGNOSES + 4 };

static int tests_of(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct cmd_comparison *comparison,
    struct test test[TESTS])
{
    int n = 0;
    memset(test, 0, TESTS * sizeof *test);
    if (verdict_is_unusable(v)) {
        test[n] = (struct test){.name = "can be checked"};
        snprintf(test[n].detail, sizeof test[n].detail,
            "not checked: see standard error");
        return 1;
    }
    if (verdict_fails_to_load(v) || v->sweep.score.inputs ||
        verdict_sweep_failed(v)) {
        test[n].name = "accuracy";
        test[n].passed = v->accurate;
        words_accuracy(test[n].detail, sizeof test[n].detail, v);
        n++;
    }
    for (int i = 0; i < v->findings; i++, n++) {
        test[n].name = words_check(v->finding[i].check);
        test[n].passed = v->finding[i].passed;
        words_detail(test[n].detail, &v->finding[i]);
    }
    for (int i = 0; i < v->diagnosis.count; i++) {
        const struct conf_diagnosis *d = &v->diagnosis.found[i];
        if (!diag_is_fault(d) ||
            verdict_question_allows(&job->ask, diag_code(d)))
            continue;
        test[n].name = diag_code(d);
        words_diagnosis(test[n].detail, sizeof test[n].detail, d);
        strcat(test[n].detail, ": ");
        const size_t used = strlen(test[n].detail);
        words_evidence(test[n].detail + used, sizeof test[n].detail - used, d,
            v->finding);
        n++;
    }
    if (comparison->worse) {
        size_t k;
        json_t *text;
        test[n].name = "baseline";
        test[n].passed = !json_array_size(comparison->worse);
        json_array_foreach(comparison->worse, k, text)
            snprintf(test[n].detail + strlen(test[n].detail),
                sizeof test[n].detail - strlen(test[n].detail), "%s%s",
                k ? "; " : "", json_string_value(text));
        n++;
    }
    return n;
}

void cmd_check_write_junit(
    const struct cmd_check_job *job, const struct verdict_verdict *verdicts)
{
    static struct test test[TESTS];
    if (!job->junit)
        return;
    FILE *out = cli_file_open(&job->cli, job->junit);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
    for (int i = 0; i < job->words; i++) {
        const struct verdict_verdict *v = &verdicts[i];
        int n = tests_of(job, v, &job->comparison[i], test), failed = 0;
        for (int k = 0; k < n; k++)
            failed += !test[k].passed;
        fputs("  <testsuite name=\"", out);
        cli_escape(out, v->subject.word);
        fprintf(out, "\" tests=\"%d\" failures=\"%d\">\n", n, failed);
        for (int k = 0; k < n; k++) {
            fputs("    <testcase classname=\"", out);
            cli_escape(out, v->subject.word);
            fprintf(out, "\" name=\"%s\"", test[k].name);
            if (!test[k].passed) {
                fputs("><failure message=\"", out);
                cli_escape(out, test[k].detail);
                fputs("\"/></testcase>\n", out);
            } else {
                fputs("/>\n", out);
            }
        }
        fputs("  </testsuite>\n", out);
    }
    fputs("</testsuites>\n", out);
    cli_file_close(&job->cli, out, job->junit);
}

/* TAP: one line a test; '#' in a description would start a directive. */
void cmd_check_print_tap(FILE *out, const struct cmd_check_job *job,
    const struct verdict_verdict *verdicts)
{
    static struct test test[TESTS];
    int number = 0;
    fputs("TAP version 13\n", out);
    for (int i = 0; i < job->words; i++) {
        int n = tests_of(job, &verdicts[i], &job->comparison[i], test);
        for (int k = 0; k < n; k++) {
            json_t *word = cli_json_text(verdicts[i].subject.word);
            fprintf(
                out, "%s %d - ", test[k].passed ? "ok" : "not ok", ++number);
            for (const char *c = json_string_value(word); *c; c++)
                fputc(*c == '#' || (unsigned char)*c < ' ' ? '_' : *c, out);
            fprintf(out, ": %s\n", test[k].name);
            if (!test[k].passed) {
                fputs("  ---\n  message: '", out);
                for (const char *c = test[k].detail; *c; c++)
                    fputs(*c == '\'' ? "''" : (char[]){*c, 0}, out);
                fputs("'\n  ...\n", out);
            }
            json_decref(word);
        }
    }
    fprintf(out, "1..%d\n", number);
}
