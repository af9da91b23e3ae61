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

const char *cmd_report_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

double cmd_report_number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

bool cmd_report_is(const json_t *object, const char *key)
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
    cmd_report_greek(document);
    return document;
}

/* {"theorem1": its claim, ...}, for captions. */
static json_t *claims_by_name(const json_t *proofs)
{
    json_t *named = json_object(), *claim;
    size_t i;
    json_array_foreach(json_object_get(proofs, "claims"), i, claim)
    {
        json_object_set(named, cmd_report_text(claim, "name"), claim);
    }
    return named;
}

/* How many are printed by the paper and by others, how many of them are wrong,
   and the rows that are not right. */
static json_t *figures_of(const json_t *proofs)
{
    enum { IN_PAPER, IN_ARGUMENTS, IN_OTHERS, PLACES };
    int all[PLACES] = {0}, wrong[PLACES] = {0}, slips[PLACES] = {0};
    json_t *rows = json_array(), *row;
    size_t i;
    json_array_foreach(json_object_get(proofs, "figures"), i, row)
    {
        const char *source = cmd_report_text(row, "source");
        const char *verdict = cmd_report_text(row, "verdict");
        const int k = !strcmp(source, "of the paper") ? IN_PAPER
                      : !strcmp(source, "of the paper's arguments")
                          ? IN_ARGUMENTS
                          : IN_OTHERS;
        const bool is_wrong = !strcmp(verdict, "WRONG");
        const bool is_slip = !strcmp(verdict, "slip");
        all[k]++;
        wrong[k] += is_wrong;
        slips[k] += is_slip;
        json_object_set_new(row, "serious", json_boolean(is_wrong));
        if (is_wrong || is_slip)
            json_array_append(rows, row);
    }
    const char *const key[PLACES] = {"paper", "arguments", "others"};
    json_t *figures = json_pack("{s:o}", "rows", rows);
    for (int k = 0; k < PLACES; k++)
        json_object_set_new(figures, key[k],
            json_pack("{s:i, s:i, s:i}", "all", all[k], "wrong", wrong[k],
                "slips", slips[k]));
    return figures;
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
            largest = fmax(largest, fabs(cmd_report_number(test, z[k])));
        limit = fmax(limit, cmd_report_number(test, "limit"));
        ok = ok && cmd_report_is(document, "ok");
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

/* The values that a member has, each once. */
static json_t *distinct(const json_t *rows, const char *key)
{
    json_t *values = json_array(), *row, *value;
    size_t i, k;
    json_array_foreach((json_t *)(uintptr_t)rows, i, row)
    {
        json_t *own = json_object_get(row, key);
        bool is_new = own != NULL;
        json_array_foreach(values, k, value)
        {
            is_new = is_new && !json_equal(value, own);
        }
        if (is_new)
            json_array_append(values, own);
    }
    return values;
}

/* With the largest variance that a layer of trained SELU networks has, and
   whether that is outside Theorem 1's domain. */
static json_t *training_of(json_t *document)
{
    static const double domain_end = 1.5;
    double largest = 0;
    json_t *row, *layer;
    size_t i, k;
    json_array_foreach(json_object_get(document, "summary"), i, row)
    {
        json_array_foreach(json_object_get(row, "layers"), k, layer)
        {
            if (!strcmp(cmd_report_text(row, "arm"), "snn"))
                largest = fmax(largest, cmd_report_number(layer, "variance"));
        }
    }
    json_object_set_new(document, "largest_variance", json_real(largest));
    json_object_set_new(
        document, "leaves", json_boolean(largest > domain_end));
    const json_t *runs = json_object_get(document, "runs");
    json_object_set_new(document, "rates", distinct(runs, "rate"));
    json_object_set_new(document, "depths", distinct(runs, "depth"));
    json_object_set_new(document, "arms", distinct(runs, "arm"));
    return document;
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

/* {"NAME": a picture of the folder, as a page has it inside, "ulp": those
   of its sheets} */
static json_t *images_of(const struct cmd_report_job *report)
{
    json_t *images = json_object(), *sheets = json_array();
    for (int i = 0; i < report->pictures; i++) {
        char name[80], path[PATH_MAX + 64], *text = NULL;
        size_t size;
        snprintf(name, sizeof name, "%s.svg", report->picture[i]);
        cmd_report_path(report, name, path);
        char *picture = file_text(report, path);
        FILE *out = open_memstream(&text, &size);
        fputs("data:image/svg+xml;base64,", out);
        put_base64(out, picture, strlen(picture));
        fclose(out);
        json_t *image = json_string(text);
        json_object_set_new(images, report->picture[i], image);
        if (!strncmp(report->picture[i], "ulp-", 4))
            json_array_append(sheets, image);
        free(picture);
        free(text);
    }
    json_object_set_new(images, "ulp", sheets);
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
        cmd_report_time(kernel, bench);
    }
    json_t *story = json_pack("{s:s, s:s, s:i, s:f, s:o, s:O}", "version",
        CLI_VERSION, "when", when, "threads", report->cli.threads, "seconds",
        cli_seconds(&report->cli), "commands", commands, "kernels", kernels);
    cli_json_machine(story);
    json_object_set_new(story, "constants",
        constants_of(cmd_report_load(report, "constants")));
    json_object_set_new(story, "figures", figures_of(proofs));
    json_object_set_new(story, "prove", proofs);
    json_object_set_new(story, "claim", claims_by_name(proofs));
    json_object_set_new(story, "networks", networks_of(report));
    json_object_set_new(
        story, "training", training_of(cmd_report_load(report, "train")));
    json_object_set_new(story, "counts", cmd_report_counts(kernels));
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
    bool ok = cmd_report_is(constants, "unique") &&
              cmd_report_is(constants, "attracting");
    const char *const parts[] = {"prove", "networks", "training"};
    for (i = 0; i < sizeof parts / sizeof *parts; i++)
        ok = ok && cmd_report_is(json_object_get(story, parts[i]), "ok");
    json_array_foreach(json_object_get(story, "kernels"), i, kernel)
    {
        ok = ok && (cmd_report_is(kernel, "passed") ||
                       !cmd_report_is(kernel, "demanded"));
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
