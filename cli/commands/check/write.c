/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/check/check.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

const char *cmd_verdict_class(const struct verdict_verdict *verdict)
{
    const struct conf_sweep *sweep = &verdict->sweep;
    if (verdict->unusable)
        return "not checked";
    if (*verdict->fault || *sweep->fault)
        return "crashed or hung";
    if (verdict->dropout.rates)
        return verdict->passed ? "right mask and values" : "wrong";
    if (!sweep->inputs)
        return "not checked";
    /* a sample proves nothing about the inputs that were not tried */
    bool all = sweep->exhaustive && !sweep->stopped;
    if (!sweep->incorrectly_rounded)
        return all ? "correctly rounded" : "no wrong rounding found";
    if (sweep->max_ulp < 1)
        return all ? "faithful" : "under 1 ULP where tried";
    return verdict->accurate ? "within the limit" : "beyond the limit";
}

static json_t *one_check(
    const char *name, bool passed, const char *detail, const char *note)
{
    return json_pack("{s:s, s:b, s:o, s:o}", "name", name, "passed", passed,
        "detail", cli_json_text(detail), "note", cli_json_text(note));
}

static json_t *all_diagnoses(const struct verdict_verdict *verdict)
{
    json_t *all = json_array();
    for (int i = 0; i < verdict->diagnoses; i++) {
        const struct conf_diagnosis *d = &verdict->diagnosis[i];
        json_array_append_new(
            all, json_pack("{s:s, s:b, s:o, s:o}", "code", d->code, "fault",
                     d->fault, "words", cli_json_text(d->words), "evidence",
                     cli_json_text(d->evidence)));
    }
    return all;
}

/* One row for each binade that was tried: where it starts, and counts. */
static json_t *histogram(const struct verdict_verdict *verdict)
{
    json_t *rows = json_array(), *limits = json_array();
    const int shift = ref_types[verdict->dtype].format->precision - 1;
    for (int k = 0; k + 1 < CONF_BUCKETS; k++)
        json_array_append_new(limits, json_real(conf_bucket_limit[k]));
    for (unsigned i = 0; i < CONF_BINADES; i++) {
        const uint64_t *count = verdict->sweep.histogram[i];
        json_t *counts = json_array();
        uint64_t all = 0;
        char from[40];
        for (int k = 0; k < CONF_BUCKETS; k++) {
            json_array_append_new(counts, json_integer((json_int_t)count[k]));
            all += count[k];
        }
        if (all)
            json_array_append_new(rows,
                json_pack("{s:s, s:O}", "from",
                    verdict_hex(
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
    const struct conf_sweep *sweep = &verdict->sweep;
    char x[40], got[40], want[40], detail[1024];
    json_t *checks = json_array();
    if (*verdict->fault)
        json_array_append_new(
            checks, one_check("loading", false, verdict->fault, ""));
    if (sweep->inputs || *sweep->fault) {
        verdict_accuracy(verdict, detail, sizeof detail);
        json_array_append_new(
            checks, one_check("accuracy", verdict->accurate, detail, ""));
    }
    for (int i = 0; i < verdict->findings; i++)
        json_array_append_new(checks,
            one_check(verdict->finding[i].name, verdict->finding[i].passed,
                verdict->finding[i].detail, verdict->finding[i].note));
    json_t *kernel = json_pack(
        "{s:o, s:s, s:s, s:I, s:b, s:b, s:o, s:f,"
        " s:{s:s, s:s, s:s}, s:I, s:I, s:I, s:o, s:o, s:o, s:s,"
        " s:b}",
        "kernel", cli_json_text(verdict->target.word), "function",
        verdict->function ? verdict->function->name : "unknown", "dtype",
        ref_types[verdict->dtype].name, "inputs", (json_int_t)sweep->inputs,
        "exhaustive", sweep->exhaustive && !sweep->stopped, "checked",
        !verdict->unusable &&
            (sweep->inputs || *sweep->fault || verdict->dropout.rates),
        "max_ulp", sweep->inputs ? json_real(sweep->max_ulp) : json_null(),
        "limit_ulp", verdict->limit, "worst", "input",
        verdict_hex(sweep->worst_input, x), "got",
        verdict_hex(sweep->worst_got, got), "want",
        verdict_hex(sweep->worst_want, want), "incorrectly_rounded",
        (json_int_t)sweep->incorrectly_rounded, "zeros_for_nonzero",
        (json_int_t)sweep->zeros, "monotonicity_violations",
        (json_int_t)sweep->monotonicity_violations, "checks", checks,
        "diagnosis", all_diagnoses(verdict), "histogram", histogram(verdict),
        "class", cmd_verdict_class(verdict), "passed", verdict->passed);
    if (verdict->dropout.rates)
        json_object_set_new(kernel, "dropout",
            json_pack("{s:I, s:i, s:f, s:f, s:s}", "samples",
                (json_int_t)verdict->dropout.samples, "tests",
                verdict->dropout.tests, "false_alarm",
                verdict->dropout.false_alarm, "threshold",
                verdict->dropout.threshold, "power", verdict->dropout.power));
    if (comparison->worse) {
        json_object_set(kernel, "regressions", comparison->worse);
        json_object_set(kernel, "improvements", comparison->better);
    }
    if (sweep->shards)
        json_object_set_new(kernel, "shards",
            json_pack("{s:I, s:I}", "all", (json_int_t)sweep->shards, "kept",
                (json_int_t)sweep->shards_loaded));
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
    const struct conf_sweep *sweep = &verdict->sweep;
    if (sweep->exhaustive || sweep->stopped || *sweep->fault ||
        verdict->target.way == CONF_NPY)
        return;
    if (verdict->dtype == CONF_TYPE_F32)
        fprintf(out,
            "        tried: 1 in %.0f inputs, and all near the hard places; a "
            "single wrong input\n        elsewhere is missed: --exhaustive "
            "tries all 2^32\n",
            fmax(1, 0x1p32 / (double)sweep->inputs));
    else
        fputs("        tried: every binade, the hard places and inputs that "
              "are hard to round; a single\n        wrong input elsewhere is "
              "missed\n",
            out);
}

/* Everything that failed, in one line; how to take named faults. */
static void print_failure(FILE *out, const struct cmd_check_job *job,
    const struct verdict_verdict *verdict)
{
    const char *before = ":", *comma = "";
    char codes[512] = "";
    fprintf(out, "  FAILED (accuracy: %s)", cmd_verdict_class(verdict));
    if (*verdict->fault || !verdict->accurate) {
        fprintf(
            out, "%s %s", before, *verdict->fault ? "loading" : "accuracy");
        before = ",";
    }
    for (int i = 0; i < verdict->findings; i++)
        if (!verdict->finding[i].passed) {
            fprintf(out, "%s %s", before, verdict->finding[i].name);
            before = ",";
        }
    for (int i = 0; i < verdict->diagnoses; i++) {
        const char *code = verdict->diagnosis[i].code;
        if (!verdict->diagnosis[i].fault ||
            verdict_question_allows(&job->ask, code))
            continue;
        fprintf(out, "%s %s", before, code);
        before = ",";
        size_t used = strlen(codes);
        int first = 0;
        while (strcmp(verdict->diagnosis[first].code, code))
            first++;
        if (first == i)
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

static void print_kernel(FILE *out, const struct cmd_check_job *job,
    const struct verdict_verdict *verdict,
    const struct cmd_comparison *comparison)
{
    const struct conf_sweep *sweep = &verdict->sweep;
    char detail[1024];
    fprintf(out, "%s\n", verdict->target.word);
    if (verdict->unusable) {
        fputs("  not checked\n\n", out);
        return;
    }
    if (*verdict->fault)
        line(out, "loading", false, verdict->fault, "");
    if (verdict->dropout.rates)
        fprintf(out,
            "  alpha-dropout %s, %" PRIu64 " inputs for each rate\n"
            "  %d statistical tests, false alarm %g in all: %.2f standard "
            "deviations fail\n  caught with probability 0.999: %s\n",
            ref_types[verdict->dtype].name, verdict->dropout.samples,
            verdict->dropout.tests, verdict->dropout.false_alarm,
            verdict->dropout.threshold, verdict->dropout.power);
    if (sweep->inputs || *sweep->fault) {
        verdict_accuracy(verdict, detail, sizeof detail);
        fprintf(out, "  %s %s, %s%" PRIu64 " inputs%s\n",
            verdict->function->name, ref_types[verdict->dtype].name,
            sweep->exhaustive && !sweep->stopped && !*sweep->fault ? "all "
                                                                   : "",
            sweep->inputs, sweep->stopped ? " (stopped)" : "");
        if (job->shards)
            fprintf(out,
                "  %" PRIu64 " shards, %" PRIu64 " of them kept from before\n",
                sweep->shards, sweep->shards_loaded);
        line(out, "accuracy", verdict->accurate, detail, "");
        fprintf(out,
            "        not correctly rounded %" PRIu64
            ", zero for non-zero %" PRIu64
            ",\n        monotonicity violations %" PRIu64 "\n",
            sweep->incorrectly_rounded, sweep->zeros,
            sweep->monotonicity_violations);
        print_coverage(out, verdict);
    }
    for (int i = 0; i < verdict->findings; i++)
        line(out, verdict->finding[i].name, verdict->finding[i].passed,
            verdict->finding[i].detail, verdict->finding[i].note);
    for (int i = 0; i < verdict->diagnoses; i++) {
        const struct conf_diagnosis *d = &verdict->diagnosis[i];
        fprintf(out, "  %s: %s [%s]\n        %s\n",
            !d->fault                                     ? "remark"
            : verdict_question_allows(&job->ask, d->code) ? "allowed fault"
                                                          : "fault",
            d->words, d->code, d->evidence);
    }
    print_comparison(out, comparison);
    print_repro(out, job, verdict);
    if (comparison->worse && verdict->passed) {
        fputs("  passed: not worse than the baseline\n\n", out);
        return;
    }
    if (verdict->passed) {
        fprintf(out, "  passed: %s\n\n", cmd_verdict_class(verdict));
        return;
    }
    if (sweep->stopped) {
        fputs("  interrupted: no verdict\n\n", out);
        return;
    }
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
        fprintf(out, "# %s\n", verdict->target.word);
        /* gnuplot does not count a block without any line */
        fputs("nan\tnan\n", out);
        for (int k = 0; k < CONF_CURVE; k++) {
            /* first the negative inputs from the largest, then the positive */
            int cell =
                k < CONF_CURVE / 2 ? CONF_CURVE - 1 - k : k - CONF_CURVE / 2;
            double x = cell_start(verdict->dtype, cell);
            if (verdict->sweep.inputs && isfinite(x) &&
                verdict->sweep.curve[cell] >= 0)
                fprintf(out, "%.9g\t%.6g\n", x, verdict->sweep.curve[cell]);
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
