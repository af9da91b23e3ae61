/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pictures are drawn from, taken out of the results of commands. */
#include "cli/commands/report/report.h"
#include <string.h>

static FILE *open_table(const struct cmd_report_job *report, const char *name)
{
    char path[PATH_MAX + 64];
    cmd_report_path(report, name, path);
    return cli_file_open(&report->cli, path);
}

static void close_table(
    const struct cmd_report_job *report, FILE *out, const char *name)
{
    char path[PATH_MAX + 64];
    cmd_report_path(report, name, path);
    cli_file_close(&report->cli, out, path);
}

/* ---- ulp_panels.tsv, bench.tsv ------------------------------------------
 */

static int write_panels(
    const struct cmd_report_job *report, const json_t *kernels)
{
    json_t *kernel;
    size_t i;
    int count = 0;
    FILE *out = open_table(report, "ulp_panels.tsv");
    fputs("# -\ttable\tblock\tkernel\n", out);
    json_array_foreach((json_t *)(uintptr_t)kernels, i, kernel)
    {
        if (!cmd_report_is(kernel, "judged") ||
            strcmp(cmd_report_text(kernel, "dtype"), "f32"))
            continue;
        fprintf(out, "0\t%s.tsv\t%.0f\t\"%s\"\n",
            cmd_report_text(kernel, "table"),
            cmd_report_number(kernel, "block"),
            cmd_report_text(kernel, "label"));
        count++;
    }
    close_table(report, out, "ulp_panels.tsv");
    return count;
}

/* A name that people know, for one that `check` takes. */
static const char *label_of(const json_t *kernels, const char *word)
{
    json_t *kernel;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)kernels, i, kernel)
    {
        if (!strcmp(cmd_report_text(kernel, "kernel"), word))
            return cmd_report_text(kernel, "label");
    }
    return word;
}

static void write_times(
    const struct cmd_report_job *report, const json_t *kernels)
{
    json_t *bench = cmd_report_load(report, "bench"), *row;
    size_t i;
    FILE *out = open_table(report, "bench.tsv");
    fputs("# kernel\telements\tthreads\tns\tlargest error, ULP\n", out);
    json_array_foreach(json_object_get(bench, "rows"), i, row)
    {
        if (json_object_get(row, "max_ulp"))
            fprintf(out, "\"%s\"\t%.0f\t%.0f\t%.6g\t%.6g\n",
                label_of(kernels, cmd_report_text(row, "kernel")),
                cmd_report_number(row, "n"), cmd_report_number(row, "threads"),
                cmd_report_number(row, "ns_per_element"),
                cmd_report_number(row, "max_ulp"));
    }
    close_table(report, out, "bench.tsv");
    json_decref(bench);
}

/* ---- proved.gp ------------------------------------------------------------
 */

/* NAME_mu_0 = ... NAME_mu_1 = ..., the ends of a domain. */
static void put_domain(FILE *out, const char *name, const json_t *domain)
{
    const char *coordinate;
    json_t *ends;
    json_object_foreach((json_t *)(uintptr_t)domain, coordinate, ends)
    {
        for (size_t i = 0; i < 2; i++)
            fprintf(out, "%s_%s_%zu = %s\n", name, coordinate, i,
                json_string_value(json_array_get(ends, i)));
    }
}

/* NAME_upper = ..., at NAME_mu = ... */
static void put_extremum(FILE *out, const char *name, const json_t *extremum)
{
    const char *coordinate;
    json_t *value;
    fprintf(out, "%s_upper = %s\n", name, cmd_report_text(extremum, "upper"));
    json_object_foreach(json_object_get(extremum, "at"), coordinate, value)
    {
        fprintf(
            out, "%s_%s = %s\n", name, coordinate, json_string_value(value));
    }
}

/* The box in which all orbits end is where their contraction was proved. */
static void put_box(FILE *out, const json_t *claim)
{
    json_t *part;
    size_t i;
    json_array_foreach(json_object_get(claim, "parts"), i, part)
    {
        if (!strcmp(
                cmd_report_text(part, "name"), "contraction inside the box"))
            put_domain(out, "box", json_object_get(part, "domain"));
    }
}

static void write_proved(const struct cmd_report_job *report)
{
    json_t *proofs = cmd_report_load(report, "prove"), *claim;
    size_t i;
    FILE *out = open_table(report, "proved.gp");
    fputs("# domains, extrema and the box of prove.json\n", out);
    json_array_foreach(json_object_get(proofs, "claims"), i, claim)
    {
        const char *name = cmd_report_text(claim, "name");
        if (!strcmp(name, "jacobian") || !strcmp(name, "theorem1")) {
            put_domain(out, name, json_object_get(claim, "domain"));
            put_extremum(out, name, json_object_get(claim, "extremum"));
        } else if (!strcmp(name, "global")) {
            put_box(out, claim);
        }
    }
    close_table(report, out, "proved.gp");
    json_decref(proofs);
}

int cmd_report_tables(
    const struct cmd_report_job *report, const json_t *kernels)
{
    write_proved(report);
    write_times(report, kernels);
    return write_panels(report, kernels);
}
