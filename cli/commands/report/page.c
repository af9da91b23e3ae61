/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the page tells, as one document made of the result files: the template
 * plots/report.html says how.
 */
#include "cli/commands/report/report.h"
#include "verify/shared/file.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Claims of more inequalities are told by what they come to. */
enum { SHORT_CLAIM = 40 };

/* The three result files of kernels, ours first. */
static const char *const kernel_results[] = {
    "check_own", "check_f64", "check_others"};
enum { KERNEL_RESULTS = 3, OUR_RESULTS = 2 };

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static double number_of(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static bool is_set(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* ---- constants, proofs, networks, training ----------------------------- */

static json_t *named_number(const char *name, json_t *number)
{
    json_t *row = json_pack("{s:s}", "name", name);
    json_object_update(row, number);
    return row;
}

/* The numbers as rows of one table. */
static json_t *constants_of(json_t *document)
{
    json_t *rows = json_array(), *eigenvalue;
    size_t i;
    static const char *const shown[][2] = {{"lambda", "λ"}, {"alpha", "α"},
        {"alpha_prime", "λα"},
        {"spectral_norm", "spectral norm of the Jacobian"}};
    for (i = 0; i < sizeof shown / sizeof *shown; i++)
        json_array_append_new(rows,
            named_number(shown[i][1], json_object_get(document, shown[i][0])));
    json_array_foreach(json_object_get(document, "eigenvalues"), i, eigenvalue)
    {
        json_array_append_new(rows, named_number("eigenvalue", eigenvalue));
    }
    json_object_set_new(document, "rows", rows);
    json_t *rounded = json_array(), *row;
    const char *format;
    json_object_foreach(json_object_get(document, "formats"), format, row)
    {
        json_array_append_new(rounded, named_number(format, row));
    }
    json_object_set_new(document, "rounded", rounded);
    return document;
}

/* "mu 0.1, nu 0.8" */
static json_t *place_of(const json_t *at)
{
    char text[256] = "";
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)at, key, value)
    {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %s", used ? ", " : "",
            key, json_string_value(value));
    }
    return json_string(text);
}

static json_t *proofs_of(json_t *document)
{
    json_t *claim, *part, *claims = json_object_get(document, "claims");
    size_t i, k;
    json_array_foreach(claims, i, claim)
    {
        const json_t *parts = json_object_get(claim, "parts");
        const size_t count = json_array_size(parts);
        json_object_set_new(
            claim, "short", json_boolean(count <= SHORT_CLAIM));
        json_object_set_new(claim, "count", json_integer((json_int_t)count));
        json_array_foreach((json_t *)(uintptr_t)parts, k, part)
        {
            const json_t *extremum = json_object_get(part, "extremum");
            json_object_set_new(
                part, "where", place_of(json_object_get(extremum, "at")));
        }
    }
    json_object_set_new(
        document, "count", json_integer((json_int_t)json_array_size(claims)));
    return document;
}

/* How many figures are right, and those that are not. */
static json_t *figures_of(const json_t *proofs)
{
    json_t *wrong = json_array(), *row;
    const json_t *all = json_object_get(proofs, "figures");
    int right = 0, not_judged = 0;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)all, i, row)
    {
        const char *verdict = text_of(row, "verdict");
        if (!strcmp(verdict, "right") || !strcmp(verdict, "loose"))
            right++;
        else if (!strcmp(verdict, "not judged"))
            not_judged++;
        else
            json_array_append(wrong, row);
    }
    int count = (int)json_array_size(all);
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:o}", "all", count, "judged",
        count - not_judged, "right", right, "not_judged", not_judged, "wrong",
        (int)json_array_size(wrong), "rows", wrong);
}

static json_t *networks_of(const struct cmd_report_job *report)
{
    json_t *runs = json_array();
    double largest = 0, limit = 0;
    bool ok = true;
    for (int i = 0; i < CMD_REPORT_STARTS; i++) {
        char name[32];
        snprintf(name, sizeof name, "simulate%d", i + 1);
        json_t *document = cmd_report_load(report, name);
        const json_t *test = json_object_get(document, "residual_test");
        const char *const z[] = {"mean_z", "second_moment_z"};
        for (int k = 0; k < 2; k++)
            largest = fmax(largest, fabs(number_of(test, z[k])));
        limit = fmax(limit, number_of(test, "limit"));
        ok = ok && is_set(document, "ok");
        const json_t *layers = json_object_get(document, "layers");
        json_object_set_new(
            document, "start", json_string(cmd_report_start[i]));
        json_object_set(document, "end",
            json_array_get(layers, json_array_size(layers) - 1));
        json_array_append_new(runs, document);
    }
    return json_pack("{s:b, s:f, s:f, s:o}", "ok", ok, "largest_z", largest,
        "limit", limit, "runs", runs);
}

/* With the largest variance that a layer of trained SELU networks has. */
static json_t *training_of(json_t *document)
{
    double largest = 0;
    json_t *row, *layer;
    size_t i, k;
    json_array_foreach(json_object_get(document, "summary"), i, row)
    {
        json_array_foreach(json_object_get(row, "layers"), k, layer)
        {
            if (!strcmp(text_of(row, "arm"), "snn"))
                largest = fmax(largest, number_of(layer, "variance"));
        }
    }
    json_object_set_new(document, "largest_variance", json_real(largest));
    return document;
}

/* ---- kernels --------------------------------------------------------------
 */

static const struct cmd_report_kernel *find_other(
    const struct cmd_report_job *report, const char *word)
{
    for (int i = 0; i < report->kernels; i++)
        if (!strcmp(report->kernel[i].word, word))
            return &report->kernel[i];
    return NULL;
}

/* What fails, and the faults that its errors show: either is enough. */
static json_t *reasons_of(const json_t *kernel)
{
    json_t *reasons = json_array(), *row;
    size_t i;
    json_array_foreach(json_object_get(kernel, "checks"), i, row)
    {
        if (!is_set(row, "passed"))
            json_array_append_new(
                reasons, json_pack("{s:s, s:s}", "words", text_of(row, "name"),
                             "evidence", text_of(row, "detail")));
    }
    json_array_foreach(json_object_get(kernel, "diagnosis"), i, row)
    {
        if (is_set(row, "fault"))
            json_array_append_new(reasons,
                json_pack("{s:s, s:s}", "words", text_of(row, "words"),
                    "evidence", text_of(row, "evidence")));
    }
    return reasons;
}

static void set_share(json_t *kernel, const char *key, const char *count)
{
    double inputs = number_of(kernel, "inputs");
    json_object_set_new(kernel, key,
        json_real(inputs > 0 ? 100 * number_of(kernel, count) / inputs : 0));
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

static void set_time(json_t *kernel, const json_t *bench)
{
    json_t *row;
    size_t i;
    json_array_foreach(json_object_get(bench, "rows"), i, row)
    {
        if (!strcmp(text_of(row, "kernel"), text_of(kernel, "kernel")))
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
            const char *word = text_of(kernel, "kernel");
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
                json_boolean(number_of(kernel, "inputs") > 0));
            json_object_set_new(
                kernel, "inputs_text", grouped(number_of(kernel, "inputs")));
            json_object_set_new(kernel, "reasons", reasons_of(kernel));
            set_share(kernel, "wrong_percent", "incorrectly_rounded");
            set_share(kernel, "zero_percent", "zeros_for_nonzero");
            json_array_append(all, kernel);
        }
        json_decref(document);
    }
    return all;
}

static json_t *counts_of(const json_t *kernels)
{
    int count[2] = {0, 0}, passing[2] = {0, 0};
    json_t *kernel;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)kernels, i, kernel)
    {
        count[is_set(kernel, "ours")]++;
        passing[is_set(kernel, "ours")] += is_set(kernel, "passed");
    }
    return json_pack("{s:i, s:i, s:b, s:i, s:i, s:i, s:b}", "ours", count[1],
        "ours_passing", passing[1], "ours_ok", count[1] == passing[1],
        "others", count[0], "others_passing", passing[0], "others_failing",
        count[0] - passing[0], "others_ok", count[0] == passing[0]);
}

void cmd_report_bars(
    const struct cmd_report_job *report, const json_t *kernels)
{
    char path[PATH_MAX + 64];
    json_t *kernel;
    size_t i;
    cmd_report_path(report, "ulp_panels.tsv", path);
    FILE *panels = cli_file_open(&report->cli, path);
    fputs("# -\ttable\tblock\tkernel\n", panels);
    json_array_foreach((json_t *)(uintptr_t)kernels, i, kernel)
    {
        if (is_set(kernel, "judged") &&
            !strcmp(text_of(kernel, "dtype"), "f32"))
            fprintf(panels, "0\t%s.tsv\t%.0f\t\"%s\"\n",
                text_of(kernel, "table"), number_of(kernel, "block"),
                text_of(kernel, "label"));
    }
    cli_file_close(&report->cli, panels, path);
    cmd_report_path(report, "bars.tsv", path);
    FILE *bars = cli_file_open(&report->cli, path);
    fputs("# kernel\t% not correctly rounded\t% zero for non-zero\n", bars);
    json_array_foreach((json_t *)(uintptr_t)kernels, i, kernel)
    {
        if (is_set(kernel, "judged") &&
            !strcmp(text_of(kernel, "dtype"), "f32"))
            fprintf(bars, "\"%s\"\t%.6g\t%.6g\n", text_of(kernel, "label"),
                number_of(kernel, "wrong_percent"),
                number_of(kernel, "zero_percent"));
    }
    cli_file_close(&report->cli, bars, path);
}

/* ---- the page ------------------------------------------------------------
 */

/* The whole of a file; exit 3 if it cannot be read. */
static char *file_text(const struct cmd_report_job *report, const char *path)
{
    enum { MOST_PAGE = 1 << 28 };
    char *text;
    size_t size;
    if (shared_file_read(&text, &size, path, MOST_PAGE) != SN_OK)
        cli_die(&report->cli, CLI_EXIT_UNUSABLE, "cannot read '%s': %s", path,
            strerror(errno));
    return text;
}

static void put_base64(FILE *out, const char *data, size_t size)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
                                "opqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        unsigned word = 0;
        for (size_t k = 0; k < 3; k++)
            word =
                word << 8 | (i + k < size ? (unsigned char)data[i + k] : 0u);
        fputc(digit[word >> 18], out);
        fputc(digit[word >> 12 & 63], out);
        fputc(i + 1 < size ? digit[word >> 6 & 63] : '=', out);
        fputc(i + 2 < size ? digit[word & 63] : '=', out);
    }
}

/* {"NAME": a picture of the folder, as a page has it inside} */
static json_t *images_of(const struct cmd_report_job *report)
{
    json_t *images = json_object();
    for (int i = 0; cmd_report_picture[i]; i++) {
        char name[80], path[PATH_MAX + 64], *text = NULL;
        size_t size;
        snprintf(name, sizeof name, "%s.svg", cmd_report_picture[i]);
        cmd_report_path(report, name, path);
        char *picture = file_text(report, path);
        FILE *out = open_memstream(&text, &size);
        fputs("data:image/svg+xml;base64,", out);
        put_base64(out, picture, strlen(picture));
        fclose(out);
        json_object_set_new(images, cmd_report_picture[i], json_string(text));
        free(picture);
        free(text);
    }
    return images;
}

static json_t *story_of(const struct cmd_report_job *report, json_t *kernels)
{
    char when[64];
    time_t now = time(NULL);
    json_t *commands = json_array(), *kernel;
    json_t *bench = cmd_report_load(report, "bench");
    json_t *proofs = proofs_of(cmd_report_load(report, "prove"));
    size_t i;
    strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", gmtime(&now));
    for (int k = 0; k < report->commands; k++)
        json_array_append_new(commands, cli_json_text(report->command[k]));
    json_array_foreach(kernels, i, kernel)
    {
        set_time(kernel, bench);
    }
    json_t *story = json_pack("{s:s, s:s, s:i, s:f, s:o, s:O}", "version",
        CLI_VERSION, "when", when, "threads", report->cli.threads, "seconds",
        cli_seconds(&report->cli), "commands", commands, "kernels", kernels);
    cli_json_machine(story);
    json_object_set_new(story, "constants",
        constants_of(cmd_report_load(report, "constants")));
    json_object_set_new(story, "figures", figures_of(proofs));
    json_object_set_new(story, "prove", proofs);
    json_object_set_new(story, "networks", networks_of(report));
    json_object_set_new(
        story, "training", training_of(cmd_report_load(report, "train")));
    json_object_set_new(story, "counts", counts_of(kernels));
    json_object_set_new(story, "image", images_of(report));
    json_decref(bench);
    return story;
}

/* Everything of ours, and what was named on the command line, is right. */
static bool holds(const json_t *story)
{
    const json_t *constants = json_object_get(story, "constants");
    json_t *kernel;
    size_t i;
    bool ok = is_set(constants, "unique") && is_set(constants, "attracting");
    const char *const parts[] = {"prove", "networks", "training"};
    for (i = 0; i < sizeof parts / sizeof *parts; i++)
        ok = ok && is_set(json_object_get(story, parts[i]), "ok");
    json_array_foreach(json_object_get(story, "kernels"), i, kernel)
    {
        ok = ok && (is_set(kernel, "passed") || !is_set(kernel, "demanded"));
    }
    return ok;
}

bool cmd_report_page(const struct cmd_report_job *report, json_t *kernels)
{
    char path[PATH_MAX + 64];
    json_t *story = story_of(report, kernels);
    snprintf(path, sizeof path, "%s/report.html", report->scripts);
    char *frame = file_text(report, path);
    cmd_report_path(report, "report.html", path);
    cli_render_file(&report->cli, path, frame, story);
    free(frame);
    bool ok = holds(story);
    json_decref(story);
    return ok;
}
