/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The computed parts of the page, from the result files alone.  Each writes
 * HTML and returns whether what it shows holds.
 */
#ifndef SN_CLI_COMMANDS_REPORT_TABLES_H
#define SN_CLI_COMMANDS_REPORT_TABLES_H

#include "cli/commands/report/report.h"

bool cmd_report_about(const struct cmd_report_job *report, FILE *out);
bool cmd_report_constants(const struct cmd_report_job *report, FILE *out);
bool cmd_report_proofs(const struct cmd_report_job *report, FILE *out);
bool cmd_report_networks(const struct cmd_report_job *report, FILE *out);
bool cmd_report_training(const struct cmd_report_job *report, FILE *out);
bool cmd_report_kernels(const struct cmd_report_job *report, FILE *out);
bool cmd_report_commands(const struct cmd_report_job *report, FILE *out);

/* Kernels judged: built in, and the rest. */
struct cmd_report_count {
    int ours, ours_failing, others, others_failing;
    int demanded_failing; /* ours, and those named on the command line */
};
void cmd_report_count(
    const struct cmd_report_job *report, struct cmd_report_count *count);

/* A member as text or number; "" or 0 where it is missing. */
const char *cmd_report_text(const json_t *object, const char *key);
double cmd_report_number(const json_t *object, const char *key);

#endif
