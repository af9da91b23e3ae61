/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One kernel, one question, one verdict: what 'selfnorm check' and
 * sn_check_kernel() of verify/check.h have in common.
 */
#ifndef SN_VERIFY_CONFORMANCE_VERDICT_VERDICT_H
#define SN_VERIFY_CONFORMANCE_VERDICT_VERDICT_H

#include "verify/conformance/diagnosis/diagnosis.h"
#include "verify/conformance/dropout/dropout.h"
#include "verify/conformance/structure/structure.h"

struct verdict_question {
    const struct conf_checked_function *function; /* NULL: by the kernel */
    int dtype;
    bool dtype_given, exhaustive;
    const char *lambda, *alpha; /* NULL: exact; elu and celu 1 */
    uint64_t samples, seed;     /* samples 0: default */
    int threads;
    double rate;        /* of alpha dropout; below 0: five of them */
    long channel;       /* of alpha dropout: 0, 1: a decision an element */
    double false_alarm; /* of alpha dropout */
    double max_ulp;     /* below 0: default */
    double timeout;     /* below 0: default */
    bool flush;         /* --ftz allow */
    bool every_length;  /* of a program: 0 to 131, not a few */
    bool strict;        /* warnings are errors */
    const char *allow;  /* codes that fail nobody; or NULL */
    bool any_zero;      /* --negative-zero any */
    enum conf_at_zero at_zero;
    struct subject_contract contract; /* --contract, --memory */
    bool dx_is_x; /* --contract: a gradient may write over x */
    const volatile sig_atomic_t *stop; /* as of struct subject_task */
    bool (*progress)(void *ctx, double fraction); /* false: stop; or NULL */
    void *ctx;
    /* NULL: all in one.  Ranks above 0 get no verdict. */
    struct sweep_parts *parts;
};

/* Why there is no verdict, or what of it is worth a line of its own. */
enum verdict_complaint {
    VERDICT_FINE,
    /* bad usage */
    VERDICT_WORD, /* failure */
    VERDICT_BUILTIN_DIFFERS,
    VERDICT_FILES_OF_DROPOUT,
    VERDICT_NO_LAMBDA,
    VERDICT_EXHAUSTIVE_F64,
    VERDICT_FACTORS,
    VERDICT_REFUSED, /* by the caller, which has said why */
    VERDICT_BAD_USAGE = VERDICT_REFUSED,
    /* it cannot be used */
    VERDICT_SUBJECT, /* failure, of the word */
    VERDICT_FILES_DIFFER,
    VERDICT_UNKNOWN_BUILTIN,
    VERDICT_NO_MEMORY,
    VERDICT_NOT_LOADED,    /* failure */
    VERDICT_SWEEP_REFUSED, /* the sweep's failure */
    VERDICT_INCOMPARABLE,  /* with a baseline; the caller has said why */
    VERDICT_UNUSABLE = VERDICT_INCOMPARABLE,
    /* it failed */
    VERDICT_LOADING,   /* failure */
    VERDICT_SWEEP,     /* the sweep's failure */
    VERDICT_MISCONDUCT /* of finding `culprit` */
};

struct verdict_verdict {
    struct subject subject;
    const struct conf_checked_function *function;
    int dtype;
    double limit;
    uint64_t samples; /* asked for, or the default */
    enum verdict_complaint complaint;
    struct subject_failure failure; /* of the word, or while loading */
    int culprit;
    struct sweep_answer sweep;
    struct dropout_question dropout_asked; /* rates 0: no alpha dropout */
    struct dropout_answer dropout;         /* in place of the sweep */
    struct conf_finding finding[CONF_FINDINGS];
    int findings;
    struct diag_list diagnosis;
    bool accurate; /* no result is beyond the limit */
    /* the gravest; and how many checks and causes are that grave */
    enum conf_level level;
    int errors, warnings;
    bool passed;
};

/* What the kernel is and whether it can be asked that. */
void verdict_prepare(const struct verdict_question *question,
    struct verdict_verdict *verdict, const char *word);
/* After prepare, unless unusable. */
void verdict_judge(
    const struct verdict_question *question, struct verdict_verdict *verdict);

/* No verdict; and whether the word or an option is to blame. */
bool verdict_is_unusable(const struct verdict_verdict *verdict);
bool verdict_is_bad_usage(const struct verdict_verdict *verdict);
/* It crashed or hung while loading; in the sweep; it was interrupted. */
bool verdict_fails_to_load(const struct verdict_verdict *verdict);
bool verdict_sweep_failed(const struct verdict_verdict *verdict);
bool verdict_was_stopped(const struct verdict_verdict *verdict);

/* The reference of what is asked; VERDICT_FINE, or it is not made. */
enum verdict_complaint verdict_reference(struct conf_reference *reference,
    const struct verdict_question *question,
    const struct verdict_verdict *verdict);

/* "multiple=8,aligned=32,dx-is-x"; the first word that is none, or NULL. */
const char *verdict_read_contract(
    struct verdict_question *question, const char *words);

/* How many inputs that will take, about. */
double verdict_inputs(const struct verdict_question *question,
    const struct verdict_verdict *verdict);
double verdict_timeout(const struct verdict_question *question,
    const struct verdict_verdict *verdict);

/*
 * How grave a row, a finding, the accuracy, a cause are, as the question and
 * what was found have it: a warning is an error with `strict`, what `allow`
 * names is a note.
 */
enum conf_level verdict_row_level(
    const struct verdict_question *question, enum diag_index row);
enum conf_level verdict_cause_level(const struct verdict_question *question,
    const struct conf_diagnosis *cause);
enum conf_level verdict_finding_level(const struct verdict_question *question,
    const struct conf_finding *finding);
enum conf_level verdict_accuracy_level(const struct verdict_question *question,
    const struct verdict_verdict *verdict);

#endif
