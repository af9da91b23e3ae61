/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What 'selfnorm check' was asked and found; how it is shown. */
#ifndef SN_VERIFY_CMD_CHECK_H
#define SN_VERIFY_CMD_CHECK_H

#include "cli/cli.h"
#include "verify/conformance/dropout/dropout.h"

struct sn_check_job {
    struct sn_cli cli;
    const char **word;
    int words;
    const struct sn_checked_function *function; /* NULL: by the kernel */
    int dtype;
    bool dtype_given, exhaustive;
    const char *lambda, *alpha, *tsv;
    uint64_t samples; /* 0: default */
    double rate;      /* of alpha dropout; below 0: 0.1 and 0.5 */
    double false_alarm;
    double max_ulp;    /* below 0: default */
    double timeout;    /* below 0: default */
    bool flush;        /* --ftz allow */
    const char *input; /* --input: these alone */
    const char *save_baseline, *baseline_path, *junit;
    json_t *baseline; /* of baseline_path, or NULL */
    bool tap;
    const char *allow; /* codes of faults, by commas; or NULL */
};

struct sn_verdict {
    struct sn_target target;
    const struct sn_checked_function *function;
    int dtype;
    double limit;
    bool unusable, bad_word; /* no verdict: see standard error */
    char fault[600];         /* crash or hang while loading */
    struct sn_sweep sweep;
    struct sn_dropout dropout; /* of alpha dropout, in place of the sweep */
    struct sn_finding finding[SN_FINDINGS];
    int findings;
    struct sn_diagnosis diagnosis[SN_DIAGNOSES];
    int diagnoses;
    bool accurate, passed;
    json_t *worse, *better; /* than the baseline: lines; or NULL */
};

/* Whether --allow names a diagnosed fault. */
bool sn_check_allows(const struct sn_check_job *job, const char *code);

/* What the sweep says of the accuracy, in a few words. */
const char *sn_verdict_class(const struct sn_verdict *verdict);

double sn_check_timeout(
    const struct sn_check_job *job, const struct sn_verdict *verdict);

/* "max 0.5 ULP at x = ...", or the crash. */
void sn_check_accuracy(
    const struct sn_verdict *verdict, char *text, size_t size);

/* cmd_check_input.c: the words of --input; to `out`, or as rows. */
bool sn_check_inputs(const struct sn_check_job *job,
    struct sn_verdict *verdict, const struct sn_reference *reference,
    FILE *out, json_t *rows);

/* cmd_check_records.c */
void sn_check_load_baseline(struct sn_check_job *job);
void sn_check_compare(struct sn_check_job *job, struct sn_verdict *verdict);
void sn_check_save_baseline(
    const struct sn_check_job *job, const struct sn_verdict *verdicts);
void sn_check_write_junit(
    const struct sn_check_job *job, const struct sn_verdict *verdicts);
void sn_check_print_tap(FILE *out, const struct sn_check_job *job,
    const struct sn_verdict *verdicts);

/* Text or JSON of all verdicts, and the table if one was asked for. */
void sn_check_write(const struct sn_check_job *job,
    const struct sn_verdict *verdicts, bool ok);

#endif
