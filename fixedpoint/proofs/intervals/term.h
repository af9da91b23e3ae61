/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a formula: postfix code for a stack of jets. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_TERM_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_TERM_H

#include "fixedpoint/proofs/intervals/formulas.h"

enum iv_operation {
    IV_PUSH_NUMBER, /* argument: which number */
    IV_PUSH_COORDINATE,
    IV_PUSH_ATOM,
    IV_PUSH_LAMBDA,
    IV_PUSH_ALPHA,
    IV_PUSH_PI,
    IV_PUSH_WMAX,
    IV_PUSH_TMAX,
    IV_ADD,
    IV_SUB,
    IV_MUL,
    IV_DIV,
    IV_NEG,
    IV_POWER, /* argument: the exponent */
    IV_HYPOT,
    IV_APPLY /* argument: the function */
};

enum { IV_MAX_OPERATIONS = 1024, IV_MAX_NUMBERS = 64, IV_MAX_STACK = 32 };

struct iv_term {
    struct {
        enum iv_operation operation;
        int argument;
    } code[IV_MAX_OPERATIONS];
    int length, depth; /* the deepest that the stack gets */
    mpfi_t number[IV_MAX_NUMBERS];
    int numbers;
    bool reduced, uses_map;
    int derivatives; /* of the map, the most */
    bool named[IV_COORDINATES];
    struct iv_jet stack[IV_MAX_STACK], m, v;
    struct iv_scratch scratch;
};

#endif
