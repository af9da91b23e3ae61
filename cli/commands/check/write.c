/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/check/check.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

const char *cmd_verdict_class(const struct verdict_verdict *verdict)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    if (verdict_is_unusable(verdict))
        return "not checked";
    if (verdict_fails_to_load(verdict) || verdict_sweep_failed(verdict))
        return "crashed or hung";
    if (verdict->dropout_asked.rates)
        return verdict->passed ? "right mask and values" : "wrong";
    if (!sweep->score.inputs)
        return "not checked";
    /* a sample proves nothing about the inputs that were not tried */
    bool all = sweep->exhaustive && !sweep->stopped;
    if (!sweep->score.incorrectly_rounded)
        return all ? "correctly rounded" : "no wrong rounding found";
    if (sweep->score.max_ulp < 1)
        return all ? "faithful" : "under 1 ULP where tried";
    return verdict->accurate ? "within the limit" : "beyond the limit";
}

static json_t *one_check(
    const char *name, bool passed, const char *detail, const char *note)
{
    return json_pack("{s:s, s:b, s:o, s:o}", "name", name, "passed", passed,
        "detail", cli_json_text(detail), "note", cli_json_text(note));
}

static json_t *all_checks(const struct verdict_verdict *verdict)
{
    char detail[WORDS_ROOM], note[WORDS_NOTE];
    json_t *checks = json_array();
    if (verdict_fails_to_load(verdict) ||
        verdict->complaint == VERDICT_NOT_LOADED) {
        words_failure(detail, sizeof detail, &verdict->failure);
        json_array_append_new(checks, one_check("loading", false, detail, ""));
    }
    if (verdict->sweep.score.inputs || verdict_sweep_failed(verdict)) {
        words_accuracy(detail, sizeof detail, verdict);
        json_array_append_new(
            checks, one_check("accuracy", verdict->accurate, detail, ""));
    }
    for (int i = 0; i < verdict->findings; i++) {
        const struct conf_finding *finding = &verdict->finding[i];
        words_detail(detail, finding);
        words_note(note, finding);
        json_array_append_new(checks, one_check(words_check(finding->check),
                                          finding->passed, detail, note));
    }
    return checks;
}

static json_t *all_diagnoses(const struct verdict_verdict *verdict)
{
    json_t *all = json_array();
    for (int i = 0; i < verdict->diagnosis.count; i++) {
        const struct conf_diagnosis *d = &verdict->diagnosis.found[i];
        char words[WORDS_ROOM], evidence[WORDS_ROOM];
        words_diagnosis(words, sizeof words, d);
        words_evidence(evidence, sizeof evidence, d, verdict->finding);
        json_array_append_new(
            all, json_pack("{s:s, s:b, s:o, s:o}", "code", diag_code(d),
                     "fault", diag_is_fault(d), "words", cli_json_text(words),
                     "evidence", cli_json_text(evidence)));
    }
    return all;
}

/* One row for each binade that was tried: where it starts, and counts. */
static json_t *histogram(const struct verdict_verdict *verdict)
{
    json_t *rows = json_array(), *limits = json_array();
    const int shift = ref_types[verdict->dtype].format->precision - 1;
    for (int k = 0; k + 1 < SWEEP_BUCKETS; k++)
        json_array_append_new(limits, json_real(sweep_bucket_limit[k]));
    for (unsigned i = 0; i < SWEEP_BINADES; i++) {
        const uint64_t *count = verdict->sweep.score.histogram[i];
        json_t *counts = json_array();
        uint64_t all = 0;
        char from[40];
        for (int k = 0; k < SWEEP_BUCKETS; k++) {
            json_array_append_new(counts, json_integer((json_int_t)count[k]));
            all += count[k];
        }
        if (all)
            json_array_append_new(rows,
                json_pack("{s:s, s:O}", "from",
                    words_hex(
                        conf_type_value(verdict->dtype, (uint64_t)i << shift),
                        from),
                    "counts", counts));
        json_decref(counts);
    }
    return json_pack("{s:o, s:o}", "ulp_below", limits, "binades", rows);
}

static json_t *one_kernel(const struct cmd_check_job *job,
    const struct verdict_verdict *verdict,
    const struct cmd_comparison *comparison)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    char x[40], got[40], want[40], power[WORDS_ROOM];
    json_t *kernel = json_pack(
        "{s:o, s:s, s:s, s:I, s:b, s:b, s:o, s:f,"
        " s:{s:s, s:s, s:s}, s:I, s:I, s:I, s:o, s:o, s:o, s:s,"
        " s:b}",
        "kernel", cli_json_text(verdict->subject.word), "function",
        verdict->function ? verdict->function->name : "unknown", "dtype",
        ref_types[verdict->dtype].name, "inputs",
        (json_int_t)sweep->score.inputs, "exhaustive",
        sweep->exhaustive && !sweep->stopped, "checked",
        !verdict_is_unusable(verdict) &&
            (sweep->score.inputs || verdict_sweep_failed(verdict) ||
                verdict->dropout_asked.rates),
        "max_ulp",
        sweep->score.inputs ? json_real(sweep->score.max_ulp) : json_null(),
        "limit_ulp", verdict->limit, "worst", "input",
        words_hex(sweep->score.worst_input, x), "got",
        words_hex(sweep->score.worst_got, got), "want",
        words_hex(sweep->worst_want, want), "incorrectly_rounded",
        (json_int_t)sweep->score.incorrectly_rounded, "zeros_for_nonzero",
        (json_int_t)sweep->score.zeros, "monotonicity_violations",
        (json_int_t)sweep->score.monotonicity_violations, "checks",
        all_checks(verdict), "diagnosis", all_diagnoses(verdict), "histogram",
        histogram(verdict), "class", cmd_verdict_class(verdict), "passed",
        verdict->passed);
    if (verdict->dropout_asked.rates) {
        words_power(power, sizeof power, verdict);
        json_object_set_new(kernel, "dropout",
            json_pack("{s:I, s:i, s:f, s:f, s:s}", "samples",
                (json_int_t)verdict->samples, "tests", verdict->dropout.tests,
                "false_alarm", verdict->dropout_asked.false_alarm, "threshold",
                verdict->dropout.threshold, "power", power));
    }
    if (comparison->worse) {
        json_object_set(kernel, "regressions", comparison->worse);
        json_object_set(kernel, "improvements", comparison->better);
    }
    if (sweep->parts)
        json_object_set_new(kernel, "shards",
            json_pack("{s:I, s:I}", "all", (json_int_t)sweep->parts, "kept",
                (json_int_t)sweep->parts_loaded));
    json_object_set_new(kernel, "repro", cmd_check_repro(job, verdict));
    return kernel;
}

static void line(FILE *out, const char *name, bool passed, const char *detail,
    const char *note)
{
    fprintf(out, "  %s  %s\n", passed ? "pass" : "FAIL", name);
    if (*detail)
        fprintf(out, "        %s\n", detail);
    if (*note)
        fprintf(out, "        %s\n", note);
}

static void print_lines(FILE *out, const char *what, const json_t *lines)
{
    size_t i;
    json_t *text;
    json_array_foreach(lines, i, text)
        fprintf(out, "  %s%s\n", what, json_string_value(text));
}

static void print_comparison(
    FILE *out, const struct cmd_comparison *comparison)
{
    print_lines(out, "WORSE than the baseline: ", comparison->worse);
    print_lines(out, "better than the baseline: ", comparison->better);
}

static void print_repro(FILE *out, const struct cmd_check_job *job,
    const struct verdict_verdict *verdict)
{
    json_t *lines = cmd_check_repro(job, verdict);
    print_lines(out, "REPRO ", lines);
    json_decref(lines);
}

/* What a sweep of samples leaves open. */
static void print_coverage(FILE *out, const struct verdict_verdict *verdict)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    if (sweep->exhaustive || sweep->stopped || verdict_sweep_failed(verdict) ||
        !subject_can(&verdict->subject, SUBJECT_INPUTS))
        return;
    if (verdict->dtype == CONF_TYPE_F32)
        fprintf(out,
            "        tried: 1 in %.0f inputs, and all near the hard places; a "
            "single wrong input\n        elsewhere is missed: --exhaustive "
            "tries all 2^32\n",
            fmax(1, 0x1p32 / (double)sweep->score.inputs));
    else
        fputs("        tried: every binade, the hard places and inputs that "
              "are hard to round; a single\n        wrong input elsewhere is "
              "missed\n",
            out);
}

/* Whether an earlier diagnosis of the list has the same code. */
static bool is_repeated(const struct diag_list *list, int i)
{
    for (int k = 0; k < i; k++)
        if (!strcmp(diag_code(&list->found[k]), diag_code(&list->found[i])))
            return true;
    return false;
}

/* Everything that failed, in one line; how to take named faults. */
static void print_failure(FILE *out, const struct cmd_check_job *job,
    const struct verdict_verdict *verdict)
{
    const struct diag_list *list = &verdict->diagnosis;
    const bool loading = verdict_fails_to_load(verdict);
    const char *before = ":", *comma = "";
    char codes[512] = "";
    fprintf(out, "  FAILED (accuracy: %s)", cmd_verdict_class(verdict));
    if (loading || !verdict->accurate) {
        fprintf(out, "%s %s", before, loading ? "loading" : "accuracy");
        before = ",";
    }
    for (int i = 0; i < verdict->findings; i++)
        if (!verdict->finding[i].passed) {
            fprintf(
                out, "%s %s", before, words_check(verdict->finding[i].check));
            before = ",";
        }
    for (int i = 0; i < list->count; i++) {
        const char *code = diag_code(&list->found[i]);
        if (!diag_is_fault(&list->found[i]) ||
            verdict_question_allows(&job->ask, code))
            continue;
        fprintf(out, "%s %s", before, code);
        before = ",";
        const size_t used = strlen(codes);
        if (!is_repeated(list, i))
            snprintf(codes + used, sizeof codes - used, "%s%s", comma, code);
        comma = ",";
    }
    if (*codes && verdict->accurate)
        fprintf(out,
            "\n  a named fault fails within --max-ulp, too; --allow %s takes "
            "%s",
            codes, strchr(codes, ',') ? "them" : "it");
    fputs("\n\n", out);
}

static void print_sweep(FILE *out, const struct cmd_check_job *job,
    const struct verdict_verdict *verdict)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    const struct sweep_score *score = &sweep->score;
    const bool all =
        sweep->exhaustive && !sweep->stopped && !verdict_sweep_failed(verdict);
    char detail[WORDS_ROOM];
    fprintf(out, "  %s %s, %s%" PRIu64 " inputs%s\n", verdict->function->name,
        ref_types[verdict->dtype].name, all ? "all " : "", score->inputs,
        sweep->stopped ? " (stopped)" : "");
    if (job->shards)
        fprintf(out,
            "  %" PRIu64 " shards, %" PRIu64 " of them kept from before\n",
            sweep->parts, sweep->parts_loaded);
    words_accuracy(detail, sizeof detail, verdict);
    line(out, "accuracy", verdict->accurate, detail, "");
    fprintf(out,
        "        not correctly rounded %" PRIu64 ", zero for non-zero %" PRIu64
        ",\n        monotonicity violations %" PRIu64 "\n",
        score->incorrectly_rounded, score->zeros,
        score->monotonicity_violations);
    print_coverage(out, verdict);
}

static void print_dropout(FILE *out, const struct verdict_verdict *verdict)
{
    char power[WORDS_ROOM];
    words_power(power, sizeof power, verdict);
    fprintf(out,
        "  alpha-dropout %s, %" PRIu64 " inputs for each rate\n"
        "  %d statistical tests, false alarm %g in all: %.2f standard "
        "deviations fail\n  caught with probability 0.999: %s\n",
        ref_types[verdict->dtype].name, verdict->samples,
        verdict->dropout.tests, verdict->dropout_asked.false_alarm,
        verdict->dropout.threshold, power);
}

static void print_findings(FILE *out, const struct cmd_check_job *job,
    const struct verdict_verdict *verdict)
{
    char detail[WORDS_ROOM], words[WORDS_ROOM];
    for (int i = 0; i < verdict->findings; i++) {
        const struct conf_finding *finding = &verdict->finding[i];
        words_detail(detail, finding);
        words_note(words, finding);
        line(out, words_check(finding->check), finding->passed, detail, words);
    }
    for (int i = 0; i < verdict->diagnosis.count; i++) {
        const struct conf_diagnosis *d = &verdict->diagnosis.found[i];
        words_diagnosis(words, sizeof words, d);
        words_evidence(detail, sizeof detail, d, verdict->finding);
        fprintf(out, "  %s: %s [%s]\n        %s\n",
            !diag_is_fault(d)                                  ? "remark"
            : verdict_question_allows(&job->ask, diag_code(d)) ? "allowed "
                                                                 "fault"
                                                               : "fault",
            words, diag_code(d), detail);
    }
}

static void print_kernel(FILE *out, const struct cmd_check_job *job,
    const struct verdict_verdict *verdict,
    const struct cmd_comparison *comparison)
{
    char detail[WORDS_ROOM];
    fprintf(out, "%s\n", verdict->subject.word);
    if (verdict_is_unusable(verdict)) {
        fputs("  not checked\n\n", out);
        return;
    }
    if (verdict_fails_to_load(verdict)) {
        words_failure(detail, sizeof detail, &verdict->failure);
        line(out, "loading", false, detail, "");
    }
    if (verdict->dropout_asked.rates)
        print_dropout(out, verdict);
    if (verdict->sweep.score.inputs || verdict_sweep_failed(verdict))
        print_sweep(out, job, verdict);
    print_findings(out, job, verdict);
    print_comparison(out, comparison);
    print_repro(out, job, verdict);
    if (comparison->worse && verdict->passed)
        fputs("  passed: not worse than the baseline\n\n", out);
    else if (verdict->passed)
        fprintf(out, "  passed: %s\n\n", cmd_verdict_class(verdict));
    else if (verdict->sweep.stopped)
        fprintf(out, "  interrupted: no verdict; %s\n\n",
            verdict->findings
                ? "what the checks above lack was not looked at"
                : "the rest of the inputs and all other checks are missing");
    else
        print_failure(out, job, verdict);
}

/* The least number of a cell of the curve: sign, exponent, leading bits. */
static double cell_start(int dtype, int cell)
{
    return conf_type_value(
        dtype, (uint64_t)cell << (8 * ref_types[dtype].size - 12));
}

static void write_table(
    const struct cmd_check_job *job, const struct verdict_verdict *verdicts)
{
    FILE *out = cli_file_open(&job->cli, job->tsv);
    fputs(
        "# x\tmax_ulp\tone block per kernel, two blank lines between\n", out);
    for (int i = 0; i < job->words; i++) {
        const struct verdict_verdict *verdict = &verdicts[i];
        fprintf(out, "# %s\n", verdict->subject.word);
        /* gnuplot does not count a block without any line */
        fputs("nan\tnan\n", out);
        for (int k = 0; k < SWEEP_CURVE; k++) {
            /* first the negative inputs from the largest, then the positive */
            int cell = k < SWEEP_CURVE / 2 ? SWEEP_CURVE - 1 - k
                                           : k - SWEEP_CURVE / 2;
            double x = cell_start(verdict->dtype, cell);
            if (verdict->sweep.score.inputs && isfinite(x) &&
                verdict->sweep.score.curve[cell] >= 0)
                fprintf(
                    out, "%.9g\t%.6g\n", x, verdict->sweep.score.curve[cell]);
        }
        fputs("\n\n", out);
    }
    cli_file_close(&job->cli, out, job->tsv);
}

void cmd_check_write(const struct cmd_check_job *job,
    const struct verdict_verdict *verdicts, bool ok)
{
    if (job->tsv)
        write_table(job, verdicts);
    if (job->tap) {
        FILE *tap = cli_open(&job->cli);
        cmd_check_print_tap(tap, job, verdicts);
        cli_close(&job->cli, tap);
        return;
    }
    if (job->cli.json) {
        json_t *document = cli_json(&job->cli), *kernels = json_array();
        json_object_set_new(document, "seed", cli_json_seed(job->cli.seed));
        json_object_set_new(
            document, "threads", json_integer(job->cli.threads));
        cli_json_machine(document);
        for (int i = 0; i < job->words; i++)
            json_array_append_new(
                kernels, one_kernel(job, &verdicts[i], &job->comparison[i]));
        json_object_set_new(document, "kernels", kernels);
        cli_emit(&job->cli, document, ok);
        return;
    }
    FILE *out = cli_open(&job->cli);
    for (int i = 0; i < job->words; i++)
        print_kernel(out, job, &verdicts[i], &job->comparison[i]);
    cli_close(&job->cli, out);
}
