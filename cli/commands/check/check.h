/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What 'selfnorm check' was asked and found; how it is shown. */
#ifndef SN_CLI_COMMANDS_CHECK_CHECK_H
#define SN_CLI_COMMANDS_CHECK_CHECK_H

#include "cli/cli.h"
#include "cli/commands/shared/asked.h"
#include "verify/conformance/words/words.h"

/* Lines about what is worse and better than the baseline; or NULL. */
struct cmd_comparison {
    json_t *worse, *better;
};

struct cmd_check_job {
    struct cli_cli cli;
    struct cli_words words;
    int dtype, ftz, at_zero, any_zero; /* of the words of options */
    struct verdict_question ask;
    const char *tsv, *shards;
    const char *contract, *explain;
    bool brief;
    double memory;          /* GiB; 0: any */
    struct cmd_asked asked; /* --activation, --expression, --derivative */
    char celu[1024];        /* an expression of ours */
    const char *input;      /* --input: these alone */
    const char *call;       /* --call: this one alone */
    const char *save_baseline, *baseline_path, *junit;
    json_t *baseline;                  /* of baseline_path, or NULL */
    struct cmd_comparison *comparison; /* of each word */
    bool tap;
};

/* The complaint of a verdict, if it has one. */
void cmd_check_complain(
    const struct cmd_check_job *job, const struct verdict_verdict *verdict);
enum cli_exit cmd_check_exit(const struct verdict_verdict *verdict);

/* input.c: rows of what --input and --call ask for; false: a failure. */
bool cmd_check_inputs(const struct cmd_check_job *job,
    const struct verdict_verdict *verdict,
    const struct conf_reference *reference, json_t *rows);

bool cmd_check_call(const struct cmd_check_job *job,
    const struct verdict_verdict *verdict,
    const struct conf_reference *reference, json_t *rows);
extern const char cmd_check_inputs_text[];

/* shards.c: of the i-th kernel; the ranks, and --shards if given. */
struct sweep_parts *cmd_check_parts_start(const struct cmd_check_job *job,
    const struct verdict_verdict *v, int kernel);
void cmd_check_parts_end(struct sweep_parts *parts);

/* records.c */
void cmd_check_load_baseline(struct cmd_check_job *job);
void cmd_check_compare(struct cmd_check_job *job,
    struct verdict_verdict *verdict, struct cmd_comparison *comparison);
void cmd_check_save_baseline(
    const struct cmd_check_job *job, const struct verdict_verdict *verdicts);
/* repro.c: an array of command lines. */
json_t *cmd_check_repro(
    const struct cmd_check_job *job, const struct verdict_verdict *verdict);

/* tree.c: {"kernels"} with all that text, JUnit, TAP and the table show. */
json_t *cmd_check_tree(
    const struct cmd_check_job *job, const struct verdict_verdict *verdicts);
extern const char cmd_check_text[], cmd_check_brief[], cmd_check_junit[],
    cmd_check_tap[], cmd_check_table[];

#endif
