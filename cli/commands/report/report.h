/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report: what was run, what it left in the folder, the page of it. */
#ifndef SN_CLI_COMMANDS_REPORT_REPORT_H
#define SN_CLI_COMMANDS_REPORT_REPORT_H

#include "cli/cli.h"
#include <limits.h>
#include <stdbool.h>

enum {
    CMD_REPORT_STARTS = 3,
    CMD_REPORT_KERNELS = 64,
    CMD_REPORT_PICTURES = 40,
    CMD_REPORT_SHEET = 6 /* panels of ulp.gp */
};
extern const char *const cmd_report_start[CMD_REPORT_STARTS]; /* "MU,NU" */

/* A kernel beside the built-in ones: as `check` takes it, and for people. */
struct cmd_report_kernel {
    char *word, *label;
    bool asked; /* on the command line: the report fails with it */
};

struct cmd_report_job {
    struct cli_cli cli;
    struct cli_words words;
    bool resume;
    const char *folder;          /* results and page */
    char scripts[PATH_MAX + 32]; /* gnuplot scripts and the page's frame */
    char plugins[PATH_MAX + 32]; /* the shims around other kernels */
    struct cmd_report_kernel kernel[CMD_REPORT_KERNELS];
    int kernels;
    char *command[16]; /* the commands that were run, to be shown */
    int commands;
    char *picture[CMD_REPORT_PICTURES]; /* as named in their folder */
    int pictures;
};

/* FOLDER/name */
void cmd_report_path(const struct cmd_report_job *report, const char *name,
    char path[PATH_MAX + 64]);

/* The result NAME.json of the folder; exit 3 if it cannot be read. */
json_t *cmd_report_load(const struct cmd_report_job *report, const char *name);

/*
 * field.tsv, image.tsv: g around (0, 1) and the images of the domain;
 * norm.tsv, layers.tsv, orbits.tsv: the norm over (m, v), the way to Omega.
 */
void cmd_report_field(const struct cmd_report_job *report);

/* A member as text, "" where there is none; as a number; whether it is true.
 */
const char *cmd_report_text(const json_t *object, const char *key);
double cmd_report_number(const json_t *object, const char *key);
bool cmd_report_is(const json_t *object, const char *key);

/* mu as its letter and so on, in all texts of a tree. */
void cmd_report_greek(json_t *value);

/*
 * The kernels of all result files, each with what the page says of it beside
 * what `check` does: label, ours, judged, reasons.
 */
json_t *cmd_report_checked(const struct cmd_report_job *report);

/* "ns", as `bench` found it. */
void cmd_report_time(json_t *kernel, const json_t *bench);
/* {"ours": {"all", "passes", "warned", "fails"}, "others": ...} */
json_t *cmd_report_counts(const json_t *kernels);

/* ulp_panels.tsv, bench.tsv, proved.gp: what pictures are drawn from; returns
   how many panels of ulp.gp there are. */
int cmd_report_tables(
    const struct cmd_report_job *report, const json_t *kernels);

/* report.html from the results; returns whether everything of ours holds. */
bool cmd_report_page(const struct cmd_report_job *report, json_t *kernels);

#endif
