/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One kernel, one question, one verdict: what 'selfnorm check' and
 * sn_check_kernel() of verify/check.h have in common.
 */
#ifndef SN_VERIFY_VERDICT_H
#define SN_VERIFY_VERDICT_H

#include "verify/conformance/dropout/dropout.h"

struct sn_question {
    const struct sn_checked_function *function; /* NULL: by the kernel */
    int dtype;
    bool dtype_given, exhaustive;
    const char *lambda, *alpha; /* NULL: exact; elu and celu 1 */
    uint64_t samples, seed;     /* samples 0: default */
    int threads;
    double rate;        /* of alpha dropout; below 0: 0.1 and 0.5 */
    double false_alarm; /* of alpha dropout */
    double max_ulp;     /* below 0: default */
    double timeout;     /* below 0: default */
    bool flush;         /* --ftz allow */
    bool every_length;  /* of a program: 0 to 131, not a few */
    const char *allow;  /* codes of faults that fail nobody; or NULL */
    bool (*progress)(void *ctx, double fraction); /* false: stop; or NULL */
    void *ctx;
    /* sweep/parts.h; NULL: all in one.  Ranks above 0 get no verdict. */
    struct sn_sweep_parts *parts;
};

struct sn_verdict {
    struct sn_target target;
    const struct sn_checked_function *function;
    int dtype;
    double limit;
    bool unusable, bad_word; /* no verdict: see complaint */
    char complaint[1500];    /* worth a line of its own; "" none */
    char fault[600];         /* crash or hang while loading */
    struct sn_sweep sweep;
    struct sn_dropout dropout; /* of alpha dropout, in place of the sweep */
    struct sn_finding finding[SN_FINDINGS];
    int findings;
    struct sn_diagnosis diagnosis[SN_DIAGNOSES];
    int diagnoses;
    bool accurate, passed;
};

/* What the kernel is and whether it can be asked that; else unusable. */
void sn_verdict_prepare(const struct sn_question *ask,
    struct sn_verdict *verdict, const char *word);
/* How many inputs that will take, about. */
double sn_verdict_inputs(
    const struct sn_question *ask, const struct sn_verdict *verdict);
/* After prepare, unless unusable. */
void sn_verdict_judge(
    const struct sn_question *ask, struct sn_verdict *verdict);

double sn_verdict_timeout(
    const struct sn_question *ask, const struct sn_verdict *verdict);

/* Whether `allow` names a diagnosed fault. */
bool sn_question_allows(const struct sn_question *ask, const char *code);

/* "max 0.5 ULP at x = ...", or the crash. */
void sn_verdict_accuracy(
    const struct sn_verdict *verdict, char *text, size_t size);

/* The first complaint stays. */
void sn_verdict_complain(struct sn_verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "0x1.8p-1", and nan without a sign. */
const char *sn_verdict_hex(double x, char buffer[40]);

#endif
