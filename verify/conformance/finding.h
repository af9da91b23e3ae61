/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a check found: which check, how grave that is, and facts, each a code
 * with the figures that belong to it.  words/words.h puts them into words.
 */
#ifndef SN_VERIFY_CONFORMANCE_FINDING_H
#define SN_VERIFY_CONFORMANCE_FINDING_H

#include "verify/conformance/diagnosis/codes.h"
#include "verify/conformance/subject/subject.h"

/* The checks beside accuracy. */
enum conf_check {
    CONF_CHECK_SPECIAL,
    CONF_CHECK_LENGTHS,
    CONF_CHECK_ALL_LENGTHS, /* of a program */
    CONF_CHECK_FEW_LENGTHS,
    CONF_CHECK_BITS,
    CONF_CHECK_BITS_ANYWHERE, /* of a program */
    CONF_CHECK_THREAD,
    CONF_CHECK_IN_PLACE,
    CONF_CHECK_LONG,
    CONF_CHECK_MODE,
    CONF_CHECK_EXCEPTIONS,
    CONF_CHECK_ROUNDING,
    CONF_CHECK_SCALES,
    CONF_CHECK_ANY_DY,
    CONF_CHECK_WRITTEN, /* of a call alone */
    CONF_CHECK_SAME_BITS,
    CONF_CHECK_DROPPED, /* of alpha dropout */
    CONF_CHECK_AFFINE,
    CONF_CHECK_RATE,
    CONF_CHECK_MOMENTS,
    CONF_CHECK_INDEPENDENT,
    CONF_CHECK_SEEDS,
    CONF_CHECK_ONE_RESULT, /* of files */
    CONF_CHECKS
};

/* CONF_FACT_...: each with its words in facts.def. */
enum conf_fact_code {
#define FACT(code, words) CONF_FACT_##code,
#include "verify/conformance/facts.def"
#undef FACT
    CONF_FACTS
};

enum { CONF_VALUES = 8, CONF_TOLD = 3, CONF_NOTES = 6 };

struct conf_fact {
    enum conf_fact_code code;
    double value[CONF_VALUES]; /* counts, too */
    int type;                  /* of `bits`, a result or an input */
    uint64_t bits;
    struct subject_failure failure;
};
/* A fact of figures: counts as double. */
#define CONF_FACT(CODE, ...)                                                  \
    &(const struct conf_fact)                                                 \
    {                                                                         \
        .code = (CODE), .value = { __VA_ARGS__ }                              \
    }

/* An input, as check --input takes it. */
struct conf_input {
    bool known, by_bits, has_dy;
    uint64_t bits; /* by_bits; else x, and dy of a gradient */
    double x, dy;
};

struct conf_finding {
    enum conf_check check;
    enum conf_level level; /* of its gravest failure, as the row has it */
    bool missing;          /* interrupted: not looked at, or not to the end */
    bool misconduct;     /* a crash, a hang, a switched floating-point mode */
    int failures;        /* of all levels */
    bool row[DIAG_ROWS]; /* what they are */
    struct conf_input input; /* the first that failed */
    bool has_call;
    struct subject_call call; /* or the call that failed */
    /* the first CONF_TOLD failures, and what is reported and fails nobody */
    struct conf_fact told[CONF_TOLD], note[CONF_NOTES];
    int notes;
};
enum { CONF_FINDINGS = 13 };

/* A failure that is of a row of rows.def, which says how grave it is. */
void conf_fail(struct conf_finding *finding, enum diag_index row,
    const struct conf_fact *fact);
void conf_fail_by(struct conf_finding *finding, enum diag_index row,
    enum conf_fact_code code, const struct subject_failure *failure);
void conf_note(struct conf_finding *finding, const struct conf_fact *fact);

#endif
