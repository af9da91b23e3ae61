/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What 'selfnorm check' was asked and found; how it is shown. */
#ifndef SN_CLI_COMMANDS_CHECK_CHECK_H
#define SN_CLI_COMMANDS_CHECK_CHECK_H

#include "cli/cli.h"
#include "verify/conformance/sweep/parts.h"
#include "verify/conformance/verdict/verdict.h"

/* Lines about what is worse and better than the baseline; or NULL. */
struct sn_comparison {
    json_t *worse, *better;
};

struct sn_check_job {
    struct sn_cli cli;
    const char **word;
    int words;
    struct sn_question ask;
    const char *tsv, *shards;
    const char *input; /* --input: these alone */
    const char *call;  /* --call: this one alone */
    const char *save_baseline, *baseline_path, *junit;
    json_t *baseline;                 /* of baseline_path, or NULL */
    struct sn_comparison *comparison; /* of each word */
    bool tap;
};

/* What the sweep says of the accuracy, in a few words. */
const char *sn_verdict_class(const struct sn_verdict *verdict);

/* cmd_check_input.c: the words of --input; to `out`, or as rows. */
bool sn_check_inputs(const struct sn_check_job *job,
    struct sn_verdict *verdict, const struct sn_reference *reference,
    FILE *out, json_t *rows);

/* the same for the word of --call */
bool sn_check_call(const struct sn_check_job *job, struct sn_verdict *verdict,
    const struct sn_reference *reference, FILE *out, json_t *rows);

/* cmd_check_shards.c: of the i-th kernel; the ranks, and --shards if given. */
struct sn_sweep_parts *sn_check_parts_start(
    const struct sn_check_job *job, const struct sn_verdict *v, int kernel);
void sn_check_parts_end(struct sn_sweep_parts *parts);

/* cmd_check_records.c */
void sn_check_load_baseline(struct sn_check_job *job);
void sn_check_compare(struct sn_check_job *job, struct sn_verdict *verdict,
    struct sn_comparison *comparison);
void sn_check_save_baseline(
    const struct sn_check_job *job, const struct sn_verdict *verdicts);
void sn_check_write_junit(
    const struct sn_check_job *job, const struct sn_verdict *verdicts);
void sn_check_print_tap(FILE *out, const struct sn_check_job *job,
    const struct sn_verdict *verdicts);

/* cmd_check_repro.c: an array of command lines. */
json_t *sn_check_repro(
    const struct sn_check_job *job, const struct sn_verdict *verdict);

/* Text or JSON of all verdicts, and the table if one was asked for. */
void sn_check_write(const struct sn_check_job *job,
    const struct sn_verdict *verdicts, bool ok);

#endif
