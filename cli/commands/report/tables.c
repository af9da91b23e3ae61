/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/report/tables.h"
#include <math.h>
#include <string.h>
#include <time.h>

const char *cmd_report_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

double cmd_report_number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void cell(FILE *out, const char *class, const char *text)
{
    fprintf(out, "<td class=\"%s\">", class);
    cli_escape(out, text);
    fputs("</td>", out);
}

static const char *mark(bool good)
{
    return good ? "good" : "bad";
}

static void summary_line(const struct cmd_report_job *report, FILE *out,
    const char *anchor, const char *result, const char *good, const char *bad)
{
    json_t *document = cmd_report_load(report, result);
    bool ok = json_is_true(json_object_get(document, "ok"));
    for (int i = 2; !strcmp(result, "simulate1") && i <= CMD_REPORT_STARTS;
         i++) {
        char name[32];
        snprintf(name, sizeof name, "simulate%d", i);
        json_t *more = cmd_report_load(report, name);
        ok = ok && json_is_true(json_object_get(more, "ok"));
        json_decref(more);
    }
    fprintf(out, "<li class=\"%s\"><a href=\"#%s\">%s</a>: %s</li>\n",
        mark(ok), anchor, anchor, ok ? good : bad);
    json_decref(document);
}

bool cmd_report_about(const struct cmd_report_job *report, FILE *out)
{
    char when[64];
    time_t now = time(NULL);
    json_t *document = cmd_report_load(report, "check_own");
    const json_t *machine = json_object_get(document, "machine");
    strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", gmtime(&now));
    fprintf(out, "<p class=\"about\">selfnorm %s, %s, %s, ", CLI_VERSION, when,
        cmd_report_text(machine, "cpu"));
    fprintf(out, "%s, %s, %d threads; made in %.0f s.</p>\n",
        cmd_report_text(machine, "isa"), cmd_report_text(machine, "compiler"),
        report->cli.threads, cli_seconds(&report->cli));
    json_decref(document);
    fputs("<ul class=\"summary\">\n", out);
    summary_line(report, out, "constants", "constants",
        "The constants are proven, unique, and their fixed point attracts.",
        "The constants are not proven.");
    summary_line(report, out, "theorem", "prove",
        "The paper's central theorem is proved on its domain.",
        "The paper's central theorem is NOT proved.");
    summary_line(report, out, "networks", "simulate1",
        "Deep random networks agree with the exact map.",
        "Deep random networks DISAGREE with the exact map.");
    struct cmd_report_count count;
    cmd_report_count(report, &count);
    fprintf(out,
        "<li class=\"%s\"><a href=\"#kernels\">kernels</a>: %d of the %d "
        "built in pass, and %d of %d others.</li>\n</ul>\n",
        mark(!count.ours_failing), count.ours - count.ours_failing, count.ours,
        count.others - count.others_failing, count.others);
    return true;
}

static void number_row(FILE *out, const char *name, const json_t *number)
{
    const char *value = cmd_report_text(number, "value");
    fprintf(out, "<tr><th>%s</th><td class=\"digits\">%s</td>", name, value);
    fprintf(out, "<td class=\"digits\">&plusmn; %s</td></tr>\n",
        cmd_report_text(number, "radius"));
}

bool cmd_report_constants(const struct cmd_report_job *report, FILE *out)
{
    static const char *const key[] = {"lambda", "alpha", "alpha_prime"};
    static const char *const name[] = {
        "&lambda;", "&alpha;", "&lambda;&alpha;"};
    json_t *document = cmd_report_load(report, "constants");
    fputs("<table><thead><tr><th></th><th>value</th><th>at most off by</th>"
          "</tr></thead>\n",
        out);
    for (int i = 0; i < 3; i++)
        number_row(out, name[i], json_object_get(document, key[i]));
    number_row(out, "spectral norm of the Jacobian",
        json_object_get(document, "spectral_norm"));
    const json_t *eigenvalues = json_object_get(document, "eigenvalues");
    for (size_t i = 0; i < json_array_size(eigenvalues); i++)
        number_row(out, "eigenvalue", json_array_get(eigenvalues, i));
    fputs("</table>\n<table><thead><tr><th>correctly rounded to</th>", out);
    for (int i = 0; i < 3; i++)
        fprintf(out, "<th>%s</th>", name[i]);
    fputs("</tr></thead>\n", out);
    const char *format;
    json_t *row, *formats = json_object_get(document, "formats");
    json_object_foreach(formats, format, row)
    {
        fprintf(out, "<tr><th>%s</th>", format);
        for (int i = 0; i < 3; i++)
            cell(out, "digits", cmd_report_text(row, key[i]));
        fputs("</tr>\n", out);
    }
    bool attracting = json_is_true(json_object_get(document, "attracting"));
    bool unique = json_is_true(json_object_get(document, "unique"));
    fprintf(out,
        "</table>\n<p class=\"%s\">%s pair with &lambda;, &alpha; &gt; 0; the "
        "fixed point (0, 1) %s.</p>\n",
        mark(attracting && unique), unique ? "The only" : "Not the only",
        attracting ? "attracts" : "is not proven to attract");
    json_decref(document);
    return attracting && unique;
}

static void place(FILE *out, const json_t *at)
{
    const char *between = "<td>", *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)at, key, value)
    {
        fprintf(out, "%s%s %s", between, key, json_string_value(value));
        between = ", ";
    }
    fputs(*between == '<' ? "<td></td>" : "</td>", out);
}

/* The figures that are not right as printed, and how many are. */
static void figures(FILE *out, const json_t *rows)
{
    size_t i, right = 0, unjudged = 0;
    json_t *row;
    fputs("<h3>What the paper and others "
          "print</h3>\n<table><thead><tr><th>where</th>"
          "<th>figure</th><th>printed</th><th>proven to lie between</th>"
          "<th></th></tr></thead>\n",
        out);
    json_array_foreach(rows, i, row)
    {
        const char *verdict = cmd_report_text(row, "verdict");
        if (!strcmp(verdict, "right") || !strcmp(verdict, "loose")) {
            right++;
            continue;
        }
        if (!strcmp(verdict, "not judged")) {
            unjudged++;
            continue;
        }
        fputs("<tr><th>", out);
        cli_escape(out, cmd_report_text(row, "where"));
        fputs("</th><td>", out);
        cli_escape(out, cmd_report_text(row, "what"));
        fputs(" ", out);
        cli_escape(out, cmd_report_text(row, "relation"));
        fprintf(out,
            "</td><td class=\"number\">%s</td><td class=\"number\">%s<br>",
            cmd_report_text(row, "printed"), cmd_report_text(row, "lower"));
        fprintf(out, "%s</td>", cmd_report_text(row, "upper"));
        cell(out, mark(false), verdict);
        fputs("</tr>\n", out);
    }
    fprintf(out,
        "</table>\n<p>Of %zu figures %zu are true as printed, and %zu cannot "
        "be "
        "judged, since what they are the value of is not said; 'selfnorm "
        "prove figures' lists all.</p>\n",
        json_array_size(rows), right, unjudged);
}

/* Longer ones are told by what they come to. */
enum { LONG_CLAIM = 40 };

bool cmd_report_proofs(const struct cmd_report_job *report, FILE *out)
{
    json_t *document = cmd_report_load(report, "prove"), *claim, *part;
    size_t i, k;
    json_array_foreach(json_object_get(document, "claims"), i, claim)
    {
        bool proved = json_is_true(json_object_get(claim, "proved"));
        fputs("<h3>", out);
        cli_escape(out, cmd_report_text(claim, "name"));
        fprintf(out, ": <span class=\"%s\">%s</span></h3>\n<p>", mark(proved),
            cmd_report_text(claim, "status"));
        cli_escape(out, cmd_report_text(claim, "statement"));
        const json_t *parts = json_object_get(claim, "parts");
        fputs(" ", out);
        cli_escape(out, cmd_report_text(claim, "conclusion"));
        fputs("</p>\n", out);
        if (json_array_size(parts) > LONG_CLAIM) {
            fprintf(out, "<p>%zu inequalities, on %.0f boxes.</p>\n",
                json_array_size(parts), cmd_report_number(claim, "boxes"));
            continue;
        }
        fputs("<table><thead><tr><th></th><th>proven to lie between"
              "</th><th>limit</th><th>where</th><th>boxes</th><th>ms</th>"
              "<th></th></tr></thead>\n",
            out);
        json_array_foreach(json_object_get(claim, "parts"), k, part)
        {
            const json_t *extremum = json_object_get(part, "extremum");
            bool good = json_is_true(json_object_get(part, "proved"));
            fputs("<tr><th>", out);
            cli_escape(out, cmd_report_text(part, "name"));
            fprintf(out, "</th><td class=\"number\">%s<br>",
                cmd_report_text(extremum, "lower"));
            fprintf(out, "%s</td><td class=\"number\">%s</td>",
                cmd_report_text(extremum, "upper"),
                cmd_report_text(part, "limit"));
            place(out, json_object_get(extremum, "at"));
            fprintf(out, "<td>%.0f</td><td>%.1f</td>",
                cmd_report_number(part, "boxes"),
                1e3 * cmd_report_number(part, "seconds"));
            cell(out, mark(good), cmd_report_text(part, "status"));
            fputs("</tr>\n", out);
        }
        fputs("</table>\n", out);
    }
    figures(out, json_object_get(document, "figures"));
    bool ok = json_is_true(json_object_get(document, "ok"));
    json_decref(document);
    return ok;
}

/* To four places, without a sign on zero. */
static double four_places(double x)
{
    return nearbyint(x * 1e4) / 1e4 + 0.0;
}

/* A layer's "what", its standard error, and what the theory says. */
static void measured(FILE *out, const json_t *layer, const char *what)
{
    char key[32];
    fprintf(out, "<td>%.4f", four_places(cmd_report_number(layer, what)));
    snprintf(key, sizeof key, "%s_se", what);
    fprintf(
        out, "&nbsp;&plusmn;&nbsp;%.4f</td>", cmd_report_number(layer, key));
    snprintf(key, sizeof key, "theory_%s", what);
    fprintf(out, "<td>%.4f</td>", four_places(cmd_report_number(layer, key)));
}

bool cmd_report_networks(const struct cmd_report_job *report, FILE *out)
{
    bool all = true;
    fputs("<table><thead><tr><th>start (mean, variance)</th><th>last layer: "
          "mean</th><th>exact map</th><th>variance</th><th>exact map</th>"
          "<th>test of the mean</th><th>of the second moment</th><th></th>"
          "</tr></thead>\n",
        out);
    for (int i = 0; i < CMD_REPORT_STARTS; i++) {
        char name[32];
        snprintf(name, sizeof name, "simulate%d", i + 1);
        json_t *document = cmd_report_load(report, name);
        const json_t *layers = json_object_get(document, "layers");
        const json_t *last =
            json_array_get(layers, json_array_size(layers) - 1);
        const json_t *test = json_object_get(document, "residual_test");
        bool good = json_is_true(json_object_get(document, "ok"));
        all = all && good;
        fprintf(out, "<tr><th>(%s)</th>", cmd_report_start[i]);
        measured(out, last, "mean");
        measured(out, last, "variance");
        fprintf(out, "<td>z = %.2f</td><td>z = %.2f</td>",
            cmd_report_number(test, "mean_z"),
            cmd_report_number(test, "second_moment_z"));
        cell(out, mark(good), good ? "consistent" : "NOT consistent");
        fputs("</tr>\n", out);
        json_decref(document);
    }
    fputs("</table>\n", out);
    return all;
}

bool cmd_report_commands(const struct cmd_report_job *report, FILE *out)
{
    fputs("<pre>", out);
    for (int i = 0; i < report->commands; i++) {
        cli_escape(out, report->command[i]);
        fputs("\n", out);
    }
    fputs("</pre>\n", out);
    return true;
}
