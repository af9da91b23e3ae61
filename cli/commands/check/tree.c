/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was found as one tree, and the templates of text, JUnit, TAP and the
 * table for plots.
 */
#include "cli/commands/check/check.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK_LINE                                                            \
    "  {level}  {name}\n"                                                     \
    "{#detail}        {.}\n{/}{#note}        {.}\n{/}"

const char cmd_check_text[] =
    "{#kernels}{kernel}\n{#.unusable}  not checked\n\n{:}"
    "  {#.colour}{.}{/}{.sentence}{#.colour}\033[0m{/}\n"
    "{#diagnosis}  {level}: {words} [{code}]\n"
    "{#.explains}        explains {explains} of {of} results that deviate\n"
    "{/}        {evidence}\n{#.change}        change: {.}\n{/}{/}"
    "{#regressions}  WORSE than the baseline: {.}\n{/}"
    "{#improvements}  better than the baseline: {.}\n{/}"
    "{#repro}  REPRO {.}\n{/}"
    "{#.loading}  error  loading\n        {.}\n{/}"
    "{#dropout}  alpha-dropout {dtype}, {samples} inputs for each rate\n"
    "  {tests} statistical tests, false alarm {false_alarm:g} in all: "
    "{threshold:.2f} standard deviations fail\n"
    "  caught with probability 0.999: {power}\n{/}"
    "{#.accuracy}  {function} {dtype}, {#.all}all {/}{inputs} inputs"
    "{#.stopped} (stopped){/}\n"
    "{#.parts}  {all} shards, {kept} of them kept from before\n{/}" CHECK_LINE
    "        not correctly rounded {incorrectly_rounded}, zero for non-zero "
    "{zeros_for_nonzero},\n"
    "        monotonicity violations {monotonicity_violations}\n"
    "{#.coverage}{.}\n{/}{/}"
    "{#.findings}" CHECK_LINE "{/}\n{/}{/}";

const char cmd_check_brief[] =
    "{#kernels}{kernel}: {#.unusable}not checked{:}"
    "{#.colour}{.}{/}{.sentence}{#.colour}\033[0m{/}{/}\n{/}";

const char cmd_check_junit[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
    "{#kernels}  <testsuite name=\"{kernel:xml}\" tests=\"{.count}\" "
    "failures=\"{.failures}\">\n"
    "{#.tests}    <testcase classname=\"{kernel:xml}\" name=\"{name}\""
    "{#.told}><system-out>{.told}: {detail:xml}</system-out></testcase>{:}"
    "{#passed}/>{:}><failure message=\"{detail:xml}\"/></testcase>{/}{/}\n"
    "{/}"
    "  </testsuite>\n{/}</testsuites>\n";

/* One line a test; '#' in a description would start a directive. */
const char cmd_check_tap[] =
    "TAP version 13\n"
    "{#kernels}{#.tests}{passed?ok|not ok} {.number} - {kernel:tap}: {name}\n"
    "{#.told}  ---\n  severity: {.told}\n  message: '{detail:yaml}'\n  ...\n"
    "{:}{#passed}{:}  ---\n  message: '{detail:yaml}'\n  ...\n{/}{/}{/}{/}"
    "1..{.tests}\n";

/* gnuplot does not count a block without any line. */
const char cmd_check_table[] =
    "# x\tmax_ulp\tone block per kernel, two blank lines between\n"
    "{#kernels}# {kernel}\nnan\tnan\n{#.curve}{x:.9g}\t{ulp:.6g}\n{/}"
    "\n\n{/}";

static json_t *one_check(const char *name, enum conf_level level,
    const char *detail, const char *note)
{
    return json_pack("{s:s, s:s, s:b, s:o, s:o}", "name", name, "level",
        words_level(level), "passed", level < CONF_ERROR, "detail",
        cli_json_text(detail), "note", cli_json_text(note));
}

static json_t *all_checks(
    const struct verdict_question *ask, const struct verdict_verdict *verdict)
{
    char detail[WORDS_ROOM], note[WORDS_NOTE];
    json_t *checks = json_array();
    if (verdict_fails_to_load(verdict) ||
        verdict->complaint == VERDICT_NOT_LOADED) {
        words_failure(detail, sizeof detail, &verdict->failure);
        json_array_append_new(
            checks, one_check("loading", CONF_ERROR, detail, ""));
    }
    if (verdict->sweep.score.inputs || verdict_sweep_failed(verdict)) {
        words_accuracy(detail, sizeof detail, verdict);
        json_array_append_new(
            checks, one_check("accuracy", verdict_accuracy_level(ask, verdict),
                        detail, ""));
    }
    for (int i = 0; i < verdict->findings; i++) {
        const struct conf_finding *finding = &verdict->finding[i];
        words_detail(detail, finding);
        words_note(note, finding);
        json_array_append_new(
            checks, one_check(words_check(finding->check),
                        verdict_finding_level(ask, finding), detail, note));
    }
    return checks;
}

static json_t *one_diagnosis(const struct verdict_question *ask,
    const struct verdict_verdict *verdict, const struct conf_diagnosis *d)
{
    char words[WORDS_ROOM], evidence[WORDS_ROOM];
    const enum conf_level level = verdict_cause_level(ask, d);
    words_diagnosis(words, sizeof words, d);
    words_evidence(evidence, sizeof evidence, d, verdict->finding);
    return json_pack("{s:s, s:s, s:I, s:I, s:o, s:o, s:b, s:s*}", "code",
        diag_code(d), "level", words_level(level), "explains",
        (json_int_t)d->explains, "of", (json_int_t)d->of, "words",
        cli_json_text(words), "evidence", cli_json_text(evidence), ".explains",
        d->of > 0, ".change",
        level > CONF_NOTE ? words_advice(diag_code(d)) : NULL);
}

/* The gravest first; of those what explains most. */
static json_t *all_diagnoses(
    const struct verdict_question *ask, const struct verdict_verdict *verdict)
{
    const struct diag_list *list = &verdict->diagnosis;
    json_t *all = json_array();
    for (int level = CONF_ERROR; level >= CONF_FINE; level--)
        for (int cause = 1; cause >= 0; cause--)
            for (int i = 0; i < list->count; i++) {
                const struct conf_diagnosis *d = &list->found[i];
                if ((int)verdict_cause_level(ask, d) == level &&
                    (d->of > 0) == cause)
                    json_array_append_new(all, one_diagnosis(ask, verdict, d));
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

/* Of a sample: what it leaves open. */
static json_t *coverage(const struct verdict_verdict *verdict)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    if (sweep->exhaustive || sweep->stopped || verdict_sweep_failed(verdict) ||
        !subject_can(&verdict->subject, SUBJECT_INPUTS))
        return NULL;
    if (verdict->dtype != CONF_TYPE_F32)
        return json_string(
            "        tried: every binade, the hard places and inputs that are "
            "hard to round; a single\n        wrong input elsewhere is "
            "missed");
    return json_sprintf(
        "        tried: 1 in %.0f inputs, and all near the hard places; a "
        "single wrong input\n        elsewhere is missed: --exhaustive tries "
        "all 2^32",
        fmax(1, 0x1p32 / (double)sweep->score.inputs));
}

/* The least number of a cell of the curve: sign, exponent, leading bits. */
static double cell_start(int dtype, int cell)
{
    return conf_type_value(
        dtype, (uint64_t)cell << (8 * ref_types[dtype].size - 12));
}

/* First the negative inputs from the largest, then the positive. */
static json_t *curve(const struct verdict_verdict *verdict)
{
    json_t *points = json_array();
    for (int k = 0; k < SWEEP_CURVE; k++) {
        int cell =
            k < SWEEP_CURVE / 2 ? SWEEP_CURVE - 1 - k : k - SWEEP_CURVE / 2;
        double x = cell_start(verdict->dtype, cell);
        double ulp = verdict->sweep.score.curve[cell];
        if (verdict->sweep.score.inputs && isfinite(x) && ulp >= 0)
            json_array_append_new(
                points, json_pack("{s:f, s:f}", "x", x, "ulp", ulp));
    }
    return points;
}

/* Of the verdict, on a terminal; NULL: none (https://no-color.org). */
static const char *colour_of(
    const struct cmd_check_job *job, const struct verdict_verdict *verdict)
{
    const char *none = getenv("NO_COLOR");
    if ((none && *none) || job->cli.output || !isatty(STDOUT_FILENO))
        return NULL;
    return !verdict->passed    ? "\033[31m"
           : verdict->warnings ? "\033[33m"
                               : "\033[32m";
}

/* What text and table show beside the keys of the document. */
static void add_text(json_t *kernel, const struct cmd_check_job *job,
    const struct verdict_verdict *verdict)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    const bool failed = verdict_sweep_failed(verdict);
    const json_t *checks = json_object_get(kernel, "checks");
    char sentence[WORDS_ROOM];
    json_t *findings = json_array(), *check;
    size_t i;
    json_array_foreach(checks, i, check)
    {
        const char *name = json_string_value(json_object_get(check, "name"));
        if (!strcmp(name, "loading"))
            json_object_set(
                kernel, ".loading", json_object_get(check, "detail"));
        else if (!strcmp(name, "accuracy"))
            json_object_set(kernel, ".accuracy", check);
        else
            json_array_append(findings, check);
    }
    json_object_update_new(
        kernel, json_pack("{s:b, s:o, s:b, s:b, s:b, s:o*, s:O*}", ".unusable",
                    verdict_is_unusable(verdict), ".findings", findings,
                    ".all", sweep->exhaustive && !sweep->stopped && !failed,
                    ".stopped", sweep->stopped, ".compared",
                    json_object_get(kernel, "regressions") != NULL,
                    ".coverage", coverage(verdict), ".parts",
                    job->shards ? json_object_get(kernel, "shards") : NULL));
    words_verdict(sentence, sizeof sentence, &job->ask, verdict);
    if (json_object_get(kernel, "regressions") && verdict->passed)
        snprintf(
            sentence, sizeof sentence, "passed: not worse than the baseline");
    json_object_set_new(kernel, ".sentence", cli_json_text(sentence));
    const char *colour = colour_of(job, verdict);
    if (colour)
        json_object_set_new(kernel, ".colour", json_string(colour));
    if (job->tsv)
        json_object_set_new(kernel, ".curve", curve(verdict));
}

static json_t *one_kernel(const struct cmd_check_job *job,
    const struct verdict_verdict *verdict,
    const struct cmd_comparison *comparison)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    char x[40], got[40], want[40], power[WORDS_ROOM];
    json_t *kernel = json_pack(
        "{s:o, s:s, s:s, s:I, s:b, s:b, s:o, s:f,"
        " s:{s:s, s:s, s:s}, s:I, s:I, s:I, s:o, s:o, s:I, s:o, s:s,"
        " s:s, s:i, s:i, s:b}",
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
        all_checks(&job->ask, verdict), "diagnosis",
        all_diagnoses(&job->ask, verdict), "unexplained",
        (json_int_t)verdict->diagnosis.unexplained, "histogram",
        histogram(verdict), "class", words_class(verdict), "level",
        words_level(verdict->level), "errors", verdict->errors, "warnings",
        verdict->warnings, "passed", verdict->passed);
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
    add_text(kernel, job, verdict);
    return kernel;
}

/* ---- what JUnit and TAP show of a verdict --------------------------------
 */

static void add_test(
    json_t *tests, const char *name, enum conf_level level, const char *detail)
{
    json_array_append_new(tests,
        json_pack("{s:s, s:b, s:s*, s:o}", "name", name, "passed",
            level < CONF_ERROR, ".told",
            level == CONF_NOTE || level == CONF_WARNING ? words_level(level)
                                                        : NULL,
            "detail", cli_json_text(detail)));
}

static json_t *tests_of(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct cmd_comparison *comparison)
{
    char detail[WORDS_ROOM], evidence[WORDS_ROOM], both[2 * WORDS_ROOM + 2];
    json_t *tests = json_array();
    if (verdict_is_unusable(v)) {
        add_test(tests, "can be checked", CONF_ERROR,
            "not checked: see standard error");
        return tests;
    }
    if (verdict_fails_to_load(v) || v->sweep.score.inputs ||
        verdict_sweep_failed(v)) {
        words_accuracy(detail, sizeof detail, v);
        add_test(tests, "accuracy",
            verdict_fails_to_load(v) ? CONF_ERROR
                                     : verdict_accuracy_level(&job->ask, v),
            detail);
    }
    for (int i = 0; i < v->findings; i++) {
        words_detail(detail, &v->finding[i]);
        add_test(tests, words_check(v->finding[i].check),
            verdict_finding_level(&job->ask, &v->finding[i]), detail);
    }
    for (int i = 0; i < v->diagnosis.count; i++) {
        const struct conf_diagnosis *d = &v->diagnosis.found[i];
        words_diagnosis(detail, sizeof detail, d);
        words_evidence(evidence, sizeof evidence, d, v->finding);
        snprintf(both, sizeof both, "%s: %s", detail, evidence);
        add_test(tests, diag_code(d), verdict_cause_level(&job->ask, d), both);
    }
    if (comparison->worse) {
        size_t k, used = 0;
        json_t *text;
        *both = '\0';
        json_array_foreach(comparison->worse, k, text)
        {
            snprintf(both + used, sizeof both - used, "%s%s", k ? "; " : "",
                json_string_value(text));
            used = strlen(both);
        }
        add_test(tests, "baseline", k ? CONF_ERROR : CONF_FINE, both);
    }
    return tests;
}

/* Numbered through all kernels; how many there are in all. */
static int add_tests(json_t *kernel, json_t *tests, int before)
{
    size_t i;
    json_t *test;
    int failures = 0;
    json_array_foreach(tests, i, test)
    {
        json_object_set_new(test, ".number", json_integer(++before));
        failures += json_is_false(json_object_get(test, "passed"));
    }
    json_object_update_new(kernel,
        json_pack("{s:o, s:I, s:i}", ".tests", tests, ".count",
            (json_int_t)json_array_size(tests), ".failures", failures));
    return before;
}

json_t *cmd_check_tree(
    const struct cmd_check_job *job, const struct verdict_verdict *verdicts)
{
    json_t *kernels = json_array();
    int tests = 0;
    for (int i = 0; i < job->words.count; i++) {
        const struct verdict_verdict *verdict = &verdicts[i];
        json_t *kernel = one_kernel(job, verdict, &job->comparison[i]);
        tests = add_tests(
            kernel, tests_of(job, verdict, &job->comparison[i]), tests);
        json_array_append_new(kernels, kernel);
    }
    json_t *tree =
        json_pack("{s:o, s:i, s:o, s:i}", "seed", cli_json_seed(job->cli.seed),
            "threads", job->cli.threads, "kernels", kernels, ".tests", tests);
    cli_json_machine(tree);
    return tree;
}
