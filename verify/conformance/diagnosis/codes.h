/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be diagnosed: one row each.  A code is the word for --allow; where
 * it has several rows, they say what exactly is meant.  A row is raised by its
 * constant, in the function that it names.
 */
#ifndef SN_VERIFY_CONFORMANCE_DIAGNOSIS_CODES_H
#define SN_VERIFY_CONFORMANCE_DIAGNOSIS_CODES_H

#include <stdbool.h>

/* How much a row weighs: an error fails a kernel. */
enum conf_level {
    CONF_FINE,
    CONF_NOTE,
    CONF_WARNING,
    CONF_ERROR,
    /* of a row: an error where results are beyond the limit, else a warning */
    CONF_BY_LIMIT
};

/* What it is a fault of. */
enum diag_of {
    DIAG_OF_NOTHING, /* no row */
    DIAG_OF_SYMPTOM, /* told only where no cause is */
    DIAG_OF_SPECIAL, /* special values */
    DIAG_OF_MEMORY,
    DIAG_OF_CONDUCT,
    DIAG_OF_PLACE, /* length, position, thread */
    DIAG_OF_GRADIENT,
    DIAG_OF_FUNCTION, /* another one is computed */
    DIAG_OF_CONSTANT, /* value[4] to [6]: digits; the constant in two parts */
    DIAG_OF_FORMULA,
    DIAG_OF_ROUNDING,
    DIAG_OF_RANGE,
    DIAG_OF_MASK,
    DIAG_OF_AFFINE
};

/* DIAG_...: each a row of rows.def. */
enum diag_index {
#define ROW(name, code, level, of, raised_by, words, evidence) DIAG_##name,
#include "verify/conformance/diagnosis/rows.def"
#undef ROW
    DIAG_ROWS
};

struct diag_row {
    const char *code;
    enum conf_level level;
    enum diag_of of;
    const char *raised_by;
    /* printf formats of words and evidence, of conf_diagnosis.value as far as
       they go; evidence NULL: what the finding or the failure says */
    const char *words, *evidence;
};
extern const struct diag_row diag_rows[DIAG_ROWS];

/* The first row that is not whole or stands twice; DIAG_ROWS: none. */
int diag_first_bad_row(void);
/* The first of `codes`, by commas, that is the code of no row; or NULL. */
const char *conf_diagnosis_unknown(const char *codes);

#endif
