/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be diagnosed: one row each.  A code is the word for --allow; where
 * it has several rows, they say what exactly is meant.  A row is raised by its
 * constant, in the function that it names.
 */
#ifndef SN_VERIFY_CONFORMANCE_DIAGNOSIS_CODES_H
#define SN_VERIFY_CONFORMANCE_DIAGNOSIS_CODES_H

#include "verify/conformance/finding.h"

/* How much a row weighs.  Today all but notes fail a kernel. */
enum conf_level { CONF_NOTE, CONF_WARNING, CONF_ERROR };

/* What it is a fault of. */
enum diag_of {
    DIAG_OF_NOTHING, /* no row */
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

/* In the order of the table. */
enum diag_index {
    DIAG_SIGN_OF_ZERO,
    DIAG_NAN_SWALLOWED,
    DIAG_SIGNALLING_NAN,
    DIAG_INFINITY,
    DIAG_OVERFLOW,
    DIAG_UNWRITTEN,
    DIAG_OUT_OF_BOUNDS,
    DIAG_INPUT_CHANGED,
    DIAG_NOT_REPRODUCIBLE,
    DIAG_TAIL_DIFFERS,
    DIAG_PLACE,
    DIAG_THREAD,
    DIAG_IN_PLACE,
    DIAG_MODE,
    DIAG_CRASH,
    DIAG_DY_IGNORED,
    DIAG_DY_OVERFLOW,
    DIAG_DY_SPECIAL,
    DIAG_CONSTANTS_SWAPPED,
    DIAG_ALPHA_IGNORED,
    DIAG_LAMBDA_IGNORED,
    DIAG_LAMBDA_IGNORED_ABOVE,
    DIAG_LAMBDA_IGNORED_BELOW,
    DIAG_LAMBDA_TWICE,
    DIAG_ALPHA_TWICE,
    DIAG_CELU_FOR_ELU,
    DIAG_ELU_FOR_CELU,
    DIAG_WIDTH_INVERTED,
    DIAG_CHAIN_RULE,
    DIAG_CHAIN_RULE_INVERSE,
    DIAG_ZERO_BELOW,
    DIAG_CONSTANTS_OF_THE_PAPER,
    DIAG_ELU_FOR_SELU,
    DIAG_SELU_FOR_ELU,
    DIAG_FUNCTION_FOR_DERIVATIVE,
    DIAG_DERIVATIVE_FOR_FUNCTION,
    DIAG_ARGUMENTS_EXCHANGED,
    DIAG_SLOPE,
    DIAG_LAMBDA_F32,
    DIAG_ALPHA_F32,
    DIAG_BOTH_F32,
    DIAG_LAMBDA_F16,
    DIAG_ALPHA_F16,
    DIAG_BOTH_F16,
    DIAG_LAMBDA_BF16,
    DIAG_ALPHA_BF16,
    DIAG_BOTH_BF16,
    DIAG_LAMBDA_TRUNCATED,
    DIAG_ALPHA_TRUNCATED,
    DIAG_BOTH_TRUNCATED,
    DIAG_LAMBDA_ROUNDED,
    DIAG_ALPHA_ROUNDED,
    DIAG_BOTH_ROUNDED,
    DIAG_CANCELLATION,
    DIAG_GRADIENT_FROM_RESULT,
    DIAG_LINEAR_NEAR_0,
    DIAG_EXPONENT_ROUNDED,
    DIAG_DOUBLE_ROUNDING,
    DIAG_DOUBLE_ROUNDING_SLIGHT,
    DIAG_TRUNCATION,
    DIAG_NARROW_BF16,
    DIAG_NARROW_F16,
    DIAG_NARROW_F32,
    DIAG_NARROW_EXPONENTIAL,
    DIAG_FLUSH_RESULTS,
    DIAG_FLUSH_INPUTS,
    DIAG_SATURATES_EARLY,
    DIAG_UNUSED_BRANCH,
    DIAG_ZERO_FROM_THE_RIGHT,
    DIAG_UNDERFLOWS_EARLY,
    DIAG_ISOLATED,
    DIAG_ISOLATED_SLIGHT,
    DIAG_RANGE,
    DIAG_UNEXPLAINED,
    DIAG_MASK_NOT_REPRODUCIBLE,
    DIAG_MASK_BY_THREAD,
    DIAG_SEED_IGNORED,
    DIAG_SEED_CUT,
    DIAG_INFINITY_TIMES_0,
    DIAG_RATE_0,
    DIAG_DROPOUT_UNWRITTEN,
    DIAG_DROPOUT_OUTSIDE,
    DIAG_DROPOUT_CHANGED,
    DIAG_DROPOUT_FAULT,
    DIAG_DROPOUT_CRASH,
    DIAG_NOT_A_MASK,
    DIAG_NORMAL_NOISE,
    DIAG_RATE_INVERTED,
    DIAG_RATE_ALL,
    DIAG_RATE_NONE,
    DIAG_RATE,
    DIAG_MASK_BY_VALUE,
    DIAG_CORRELATED,
    DIAG_RATE_BY_POSITION,
    DIAG_SEEDS_CORRELATED,
    DIAG_DROPPED_SIGN,
    DIAG_DROPPED_ZERO_BEFORE,
    DIAG_DROPPED_RAW,
    DIAG_DROPPED_ALPHA,
    DIAG_DROPPED_ZERO,
    DIAG_DROPPED_VALUE,
    DIAG_AFFINE_NO_ROOT,
    DIAG_AFFINE_ROOT_OF_Q,
    DIAG_AFFINE_ORDINARY,
    DIAG_AFFINE_NONE,
    DIAG_AFFINE_CUBE,
    DIAG_AFFINE_CUBE_TIMES,
    DIAG_AFFINE_P_FOR_Q,
    DIAG_AFFINE_SLOPE,
    DIAG_AFFINE_OFFSET_SIGN,
    DIAG_AFFINE_OFFSET,
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
/* The first of `codes`, by commas, that is the code of no row that fails a
   kernel; or NULL. */
const char *conf_diagnosis_unknown(const char *codes);

/* ---- what was diagnosed --------------------------------------------------
 */

struct conf_diagnosis {
    enum diag_index row;
    const char *raised_by;
    double value[CONF_VALUES];
    int finding; /* whose facts are the evidence; -1: none */
    struct subject_failure failure; /* outcome SUBJECT_RAN: none */
    bool known; /* from, to: the inputs of the call that failed */
    double from, to;
};
enum { CONF_DIAGNOSES = 16 };

struct diag_list {
    struct conf_diagnosis found[CONF_DIAGNOSES];
    int count;
    bool once; /* each code once, whatever the row */
};

/* Adds one, unless it is there or the list is full. */
void diag_add(struct diag_list *list, const struct conf_diagnosis *diagnosis);
#define DIAG_ADD(LIST, ROW, ...)                                              \
    diag_add(LIST, &(const struct conf_diagnosis){.row = (ROW),               \
                       .raised_by = __func__,                                 \
                       .finding = -1,                                         \
                       .value = {__VA_ARGS__}})

/* Whether the list has a row of this row's code. */
bool diag_has(const struct diag_list *list, enum diag_index row);
const char *diag_code(const struct conf_diagnosis *diagnosis);
/* A fault fails the kernel unless it is allowed; a remark fails nobody. */
bool diag_is_fault(const struct conf_diagnosis *diagnosis);

#endif
