/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baselines: what was reached, kept and compared with. */
#include "cli/commands/check/check.h"
#include "verify/conformance/records/baseline.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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
        r->check[r->checks++].passed =
            verdict_finding_level(&job->ask, &v->finding[i]) < CONF_ERROR;
    }
    for (int i = 0; i < v->diagnosis.count; i++)
        if (verdict_cause_level(&job->ask, &v->diagnosis.found[i]) > CONF_NOTE)
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
    for (int i = 0; i < job->words.count; i++) {
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
