/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/report/tables.h"
#include <string.h>

/* The three result files, ours first. */
static const char *const result[] = {"check_own", "check_f64", "check_others"};
enum { RESULTS = sizeof result / sizeof *result, OURS = 2 };

static const char *label_of(
    const struct cmd_report_job *report, const char *word)
{
    for (int i = 0; i < report->kernels; i++)
        if (!strcmp(report->kernel[i].word, word))
            return report->kernel[i].label;
    return word;
}

static bool was_asked(const struct cmd_report_job *report, const char *word)
{
    for (int i = 0; i < report->kernels; i++)
        if (!strcmp(report->kernel[i].word, word))
            return report->kernel[i].asked;
    return false;
}

/* Calls visit for every kernel of every result file. */
static void each_kernel(const struct cmd_report_job *report, FILE *out,
    void (*visit)(const struct cmd_report_job *, FILE *, const json_t *, int))
{
    for (int r = 0; r < RESULTS; r++) {
        if (r >= OURS && !report->kernels)
            continue;
        json_t *document = cmd_report_load(report, result[r]), *kernel;
        size_t i;
        json_array_foreach(json_object_get(document, "kernels"), i, kernel)
            visit(report, out, kernel, r);
        json_decref(document);
    }
}

static bool is_timed(const json_t *kernel, const char *word)
{
    return json_is_true(json_object_get(kernel, "checked")) &&
           !strcmp(cmd_report_text(kernel, "kernel"), word) &&
           !strcmp(cmd_report_text(kernel, "function"), "selu") &&
           !strcmp(cmd_report_text(kernel, "dtype"), "f32") &&
           strncmp(word, "exec:", 5) && strncmp(word, "npy:", 4);
}

void cmd_report_timed(const struct cmd_report_job *report, char *words[])
{
    json_t *document = cmd_report_load(report, "check_others"), *kernel;
    size_t i;
    int n = 0;
    for (int k = 0; k < report->kernels; k++) {
        char *word = report->kernel[k].word;
        bool timed = false;
        json_array_foreach(json_object_get(document, "kernels"), i, kernel)
        {
            timed = timed || is_timed(kernel, word);
        }
        if (timed)
            words[n++] = word;
    }
    words[n] = NULL;
    json_decref(document);
}

static void bar(const struct cmd_report_job *report, FILE *out,
    const json_t *kernel, int r)
{
    double inputs = cmd_report_number(kernel, "inputs");
    if (inputs == 0 || strcmp(cmd_report_text(kernel, "dtype"), "f32"))
        return;
    (void)r;
    fprintf(out, "\"%s\"\t%.6g\t%.6g\n",
        label_of(report, cmd_report_text(kernel, "kernel")),
        100 * cmd_report_number(kernel, "incorrectly_rounded") / inputs,
        100 * cmd_report_number(kernel, "zeros_for_nonzero") / inputs);
}

/* One panel of ulp.gp: table of errors, which block of it, label. */
static void panel(const struct cmd_report_job *report, FILE *out,
    const json_t *kernel, int r)
{
    static int block, last = -1;
    block = r == last ? block + 1 : 0;
    last = r;
    if (cmd_report_number(kernel, "inputs") > 0 &&
        !strcmp(cmd_report_text(kernel, "dtype"), "f32"))
        fprintf(out, "0\t%s.tsv\t%d\t\"%s\"\n", result[r], block,
            label_of(report, cmd_report_text(kernel, "kernel")));
}

void cmd_report_bars(const struct cmd_report_job *report)
{
    char path[PATH_MAX + 64];
    cmd_report_path(report, "ulp_panels.tsv", path);
    FILE *panels = cli_file_open(&report->cli, path);
    fputs("# -\ttable\tblock\tkernel\n", panels);
    each_kernel(report, panels, panel);
    cli_file_close(&report->cli, panels, path);
    cmd_report_path(report, "bars.tsv", path);
    FILE *out = cli_file_open(&report->cli, path);
    fputs("# kernel\t% not correctly rounded\t% zero for non-zero\n", out);
    each_kernel(report, out, bar);
    cli_file_close(&report->cli, out, path);
}

static void reason(FILE *out, const char *words, const char *evidence)
{
    fputs("<li><details><summary>", out);
    cli_escape(out, words);
    fputs("</summary>", out);
    cli_escape(out, evidence);
    fputs("</details></li>", out);
}

/* What fails, and the faults that its errors show: either is enough. */
static void verdict(FILE *out, const json_t *kernel)
{
    size_t i;
    json_t *check, *fault;
    if (json_is_true(json_object_get(kernel, "passed"))) {
        fputs("<td class=\"good\">passes</td>", out);
        return;
    }
    fputs("<td class=\"bad\">fails<ul>", out);
    json_array_foreach(json_object_get(kernel, "checks"), i, check)
    {
        if (!json_is_true(json_object_get(check, "passed")))
            reason(out, cmd_report_text(check, "name"),
                cmd_report_text(check, "detail"));
    }
    json_array_foreach(json_object_get(kernel, "diagnosis"), i, fault)
    {
        if (json_is_true(json_object_get(fault, "fault")))
            reason(out, cmd_report_text(fault, "words"),
                cmd_report_text(fault, "evidence"));
    }
    fputs("</ul></td>", out);
}

/* "all 2^32", or the number in groups of three digits */
static void inputs_cell(FILE *out, const json_t *kernel)
{
    char digits[32];
    if (json_is_true(json_object_get(kernel, "exhaustive"))) {
        fputs("<td>all 2<sup>32</sup></td>", out);
        return;
    }
    int n = snprintf(
        digits, sizeof digits, "%.0f", cmd_report_number(kernel, "inputs"));
    fputs("<td>", out);
    for (int i = 0; i < n; i++)
        fprintf(
            out, "%s%c", i && (n - i) % 3 == 0 ? "&#8239;" : "", digits[i]);
    fputs("</td>", out);
}

static void share_cell(FILE *out, double count, double inputs)
{
    if (count > 0)
        fprintf(out, "<td>%.3g %%</td>", 100 * count / inputs);
    else
        fputs("<td>none</td>", out);
}

static void row(const struct cmd_report_job *report, FILE *out,
    const json_t *kernel, int r)
{
    double inputs = cmd_report_number(kernel, "inputs");
    fprintf(out, "<tr%s><th>", r < OURS ? " class=\"ours\"" : "");
    cli_escape(out, label_of(report, cmd_report_text(kernel, "kernel")));
    fprintf(out, "</th><td>%s</td>", cmd_report_text(kernel, "dtype"));
    if (!json_is_true(json_object_get(kernel, "checked"))) {
        fputs("<td colspan=\"7\">could not be loaded</td></tr>\n", out);
        return;
    }
    if (inputs == 0) {
        fprintf(out, "<td colspan=\"5\">nothing to judge</td><td>%s</td>",
            cmd_report_text(kernel, "class"));
        verdict(out, kernel);
        fputs("</tr>\n", out);
        return;
    }
    inputs_cell(out, kernel);
    double ulp = cmd_report_number(kernel, "max_ulp");
    if (ulp < 1e4)
        fprintf(out, "<td>%.4f</td>", ulp);
    else
        fprintf(out, "<td>%.3g</td>", ulp);
    fprintf(out, "<td class=\"hex\">%s</td>",
        cmd_report_text(json_object_get(kernel, "worst"), "input"));
    share_cell(out, cmd_report_number(kernel, "incorrectly_rounded"), inputs);
    share_cell(out, cmd_report_number(kernel, "zeros_for_nonzero"), inputs);
    fprintf(out, "<td>%s</td>", cmd_report_text(kernel, "class"));
    verdict(out, kernel);
    fputs("</tr>\n", out);
}

bool cmd_report_kernels(const struct cmd_report_job *report, FILE *out)
{
    fputs("<table class=\"kernels\"><thead><tr><th>kernel</th><th></th>"
          "<th>inputs tried</th><th>max error, ULP</th><th>at x =</th>"
          "<th>not correctly rounded</th><th>zero for non-zero</th>"
          "<th>accuracy</th><th>verdict</th></tr></thead>\n",
        out);
    each_kernel(report, out, row);
    fputs("</table>\n", out);

    struct cmd_report_count count;
    cmd_report_count(report, &count);
    return !count.demanded_failing;
}

void cmd_report_count(
    const struct cmd_report_job *report, struct cmd_report_count *count)
{
    *count = (struct cmd_report_count){0};
    for (int r = 0; r < RESULTS; r++) {
        if (r >= OURS && !report->kernels)
            continue;
        json_t *document = cmd_report_load(report, result[r]), *kernel;
        size_t i;
        json_array_foreach(json_object_get(document, "kernels"), i, kernel)
        {
            bool ours = r < OURS;
            bool demanded =
                ours || was_asked(report, cmd_report_text(kernel, "kernel"));
            bool passed = json_is_true(json_object_get(kernel, "passed"));
            count->ours += ours;
            count->others += !ours;
            count->ours_failing += ours && !passed;
            count->others_failing += !ours && !passed;
            count->demanded_failing += demanded && !passed;
        }
        json_decref(document);
    }
}
