/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page says of each kernel, from the results of `check`. */
#include "cli/commands/report/report.h"
#include <stdlib.h>
#include <string.h>

/* The three result files of kernels, ours first. */
static const char *const kernel_results[] = {
    "check_own", "check_f64", "check_others"};
enum { KERNEL_RESULTS = 3, OUR_RESULTS = 2 };

static const struct cmd_report_kernel *find_other(
    const struct cmd_report_job *report, const char *word)
{
    for (int i = 0; i < report->kernels; i++)
        if (!strcmp(report->kernel[i].word, word))
            return &report->kernel[i];
    return NULL;
}

enum page_level { PAGE_PASSES, PAGE_WARNS, PAGE_FAILS, PAGE_LEVELS };
static const char *const level_word[] = {"passes", "warned", "fails"};
static const char *const level_class[] = {"good", "warn", "bad"};

/* Of a kernel, a check or a cause; a note is none. */
static enum page_level level_of(const json_t *row)
{
    const char *level = cmd_report_text(row, "level");
    return !strcmp(level, "error")     ? PAGE_FAILS
           : !strcmp(level, "warning") ? PAGE_WARNS
                                       : PAGE_PASSES;
}

static void add_reasons(json_t *reasons, const json_t *rows, const char *words,
    const char *evidence)
{
    json_t *row;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)rows, i, row)
    {
        const enum page_level level = level_of(row);
        if (level != PAGE_PASSES)
            json_array_append_new(
                reasons, json_pack("{s:s, s:s, s:s}", "words",
                             cmd_report_text(row, words), "evidence",
                             cmd_report_text(row, evidence), "class_of",
                             level_class[level]));
    }
}

/* The checks and causes that are errors or warnings. */
static json_t *reasons_of(const json_t *kernel)
{
    json_t *reasons = json_array();
    add_reasons(reasons, json_object_get(kernel, "checks"), "name", "detail");
    add_reasons(
        reasons, json_object_get(kernel, "diagnosis"), "words", "evidence");
    cmd_report_greek(reasons);
    return reasons;
}

static void set_share(json_t *kernel, const char *key, const char *count)
{
    double inputs = cmd_report_number(kernel, "inputs");
    json_object_set_new(kernel, key,
        json_real(
            inputs > 0 ? 100 * cmd_report_number(kernel, count) / inputs : 0));
}

/* In groups of three digits. */
static json_t *grouped(double number)
{
    char digits[40], text[80] = "";
    int n = snprintf(digits, sizeof digits, "%.0f", number);
    for (int i = 0; i < n; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%c",
            i && (n - i) % 3 == 0 ? "\u202f" : "", digits[i]);
    }
    return json_string(text);
}

/* 4 digits, as people write a power of ten. */
static json_t *rounded(double number)
{
    static const char *const raised[] = {
        "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char text[64], *e;
    snprintf(text, sizeof text, "%.4g", number);
    e = strchr(text, 'e');
    if (!e || e[1] != '+')
        return json_string(text);
    const int power = atoi(e + 1);
    return json_sprintf("%.*s\u00d710%s%s", (int)(e - text), text,
        power > 9 ? raised[power / 10 % 10] : "", raised[power % 10]);
}

void cmd_report_time(json_t *kernel, const json_t *bench)
{
    json_t *row;
    size_t i;
    json_array_foreach(json_object_get(bench, "rows"), i, row)
    {
        if (!strcmp(cmd_report_text(row, "kernel"),
                cmd_report_text(kernel, "kernel")))
            json_object_set(
                kernel, "ns", json_object_get(row, "ns_per_element"));
    }
}

json_t *cmd_report_checked(const struct cmd_report_job *report)
{
    json_t *all = json_array(), *kernel;
    size_t i;
    for (int r = 0; r < KERNEL_RESULTS; r++) {
        if (r >= OUR_RESULTS && !report->kernels)
            break;
        json_t *document = cmd_report_load(report, kernel_results[r]);
        json_array_foreach(json_object_get(document, "kernels"), i, kernel)
        {
            const char *word = cmd_report_text(kernel, "kernel");
            const struct cmd_report_kernel *other = find_other(report, word);
            json_object_set_new(
                kernel, "label", cli_json_text(other ? other->label : word));
            json_object_set_new(kernel, "ours", json_boolean(r < OUR_RESULTS));
            json_object_set_new(kernel, "demanded",
                json_boolean(r < OUR_RESULTS || (other && other->asked)));
            json_object_set_new(
                kernel, "table", json_string(kernel_results[r]));
            json_object_set_new(kernel, "block", json_integer((json_int_t)i));
            json_object_set_new(kernel, "judged",
                json_boolean(cmd_report_number(kernel, "inputs") > 0));
            json_object_set_new(kernel, "ulp_text",
                rounded(cmd_report_number(kernel, "max_ulp")));
            json_object_set_new(kernel, "inputs_text",
                grouped(cmd_report_number(kernel, "inputs")));
            json_object_set_new(kernel, "reasons", reasons_of(kernel));
            const enum page_level level = level_of(kernel);
            json_object_set_new(
                kernel, "verdict", json_string(level_word[level]));
            json_object_set_new(
                kernel, "class_of", json_string(level_class[level]));
            set_share(kernel, "wrong_percent", "incorrectly_rounded");
            set_share(kernel, "zero_percent", "zeros_for_nonzero");
            json_array_append(all, kernel);
        }
        json_decref(document);
    }
    return all;
}

json_t *cmd_report_counts(const json_t *kernels)
{
    int count[2][PAGE_LEVELS] = {{0}};
    json_t *kernel, *counts = json_object();
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)kernels, i, kernel)
    {
        count[cmd_report_is(kernel, "ours")][level_of(kernel)]++;
    }
    for (int k = 0; k < 2; k++) {
        int all = 0;
        json_t *of = json_object();
        for (int level = 0; level < PAGE_LEVELS; level++) {
            json_object_set_new(
                of, level_word[level], json_integer(count[k][level]));
            json_object_set_new(of,
                level == PAGE_PASSES  ? "some_pass"
                : level == PAGE_WARNS ? "some_warned"
                                      : "some_fail",
                json_boolean(count[k][level] > 0));
            all += count[k][level];
        }
        json_object_set_new(of, "all", json_integer(all));
        json_object_set_new(counts, k ? "ours" : "others", of);
    }
    return counts;
}
