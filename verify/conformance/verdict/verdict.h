/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One kernel, one question, one verdict: what 'selfnorm check' and
 * sn_check_kernel() of verify/check.h have in common.
 */
#ifndef SN_VERIFY_CONFORMANCE_VERDICT_VERDICT_H
#define SN_VERIFY_CONFORMANCE_VERDICT_VERDICT_H

#include "verify/conformance/dropout/dropout.h"

struct verdict_question {
    const struct conf_checked_function *function; /* NULL: by the kernel */
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
    struct sweep_parts *parts;
};

struct verdict_verdict {
    struct conf_target target;
    const struct conf_checked_function *function;
    int dtype;
    double limit;
    bool unusable, bad_word; /* no verdict: see complaint */
    char complaint[1500];    /* worth a line of its own; "" none */
    char fault[600];         /* crash or hang while loading */
    struct conf_sweep sweep;
    struct dropout_dropout
        dropout; /* of alpha dropout, in place of the sweep */
    struct conf_finding finding[CONF_FINDINGS];
    int findings;
    struct conf_diagnosis diagnosis[CONF_DIAGNOSES];
    int diagnoses;
    bool accurate, passed;
};

/* What the kernel is and whether it can be asked that; else unusable. */
void verdict_prepare(const struct verdict_question *ask,
    struct verdict_verdict *verdict, const char *word);
/* How many inputs that will take, about. */
double verdict_inputs(
    const struct verdict_question *ask, const struct verdict_verdict *verdict);
/* After prepare, unless unusable. */
void verdict_judge(
    const struct verdict_question *ask, struct verdict_verdict *verdict);

double verdict_timeout(
    const struct verdict_question *ask, const struct verdict_verdict *verdict);

/* Whether `allow` names a diagnosed fault. */
bool verdict_question_allows(
    const struct verdict_question *ask, const char *code);

/* "max 0.5 ULP at x = ...", or the crash. */
void verdict_accuracy(
    const struct verdict_verdict *verdict, char *text, size_t size);

/* The first complaint stays. */
void verdict_complain(struct verdict_verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "0x1.8p-1", and nan without a sign. */
const char *verdict_hex(double x, char buffer[40]);

#endif
