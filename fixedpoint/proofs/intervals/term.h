/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a formula: postfix code for a stack of jets. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_TERM_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_TERM_H

#include "fixedpoint/proofs/intervals/formulas.h"

enum sn_operation {
    SN_PUSH_NUMBER, /* argument: which number */
    SN_PUSH_COORDINATE,
    SN_PUSH_ATOM,
    SN_PUSH_LAMBDA,
    SN_PUSH_ALPHA,
    SN_PUSH_PI,
    SN_PUSH_WMAX,
    SN_PUSH_TMAX,
    SN_ADD,
    SN_SUB,
    SN_MUL,
    SN_DIV,
    SN_NEG,
    SN_POWER, /* argument: the exponent */
    SN_HYPOT,
    SN_APPLY /* argument: the function */
};

enum { SN_MAX_OPERATIONS = 1024, SN_MAX_NUMBERS = 64, SN_MAX_STACK = 32 };

struct sn_term {
    struct {
        enum sn_operation operation;
        int argument;
    } code[SN_MAX_OPERATIONS];
    int length, depth; /* the deepest that the stack gets */
    mpfi_t number[SN_MAX_NUMBERS];
    int numbers;
    bool reduced, uses_map;
    int derivatives; /* of the map, the most */
    bool named[SN_COORDINATES];
    struct sn_jet stack[SN_MAX_STACK], m, v;
    struct sn_scratch scratch;
};

#endif
