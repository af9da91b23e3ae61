/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A real function of one variable z as straight-line code: nodes that refer
 * to earlier nodes only, each distinct one once.  So f and its derivative
 * share their work, nothing recurses over an expression, and evaluation is a
 * loop.  Numbers are exact rationals; no rounding enters before evaluation.
 */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_EXPRESSION_H
#define SN_FIXEDPOINT_EXPRESSIONS_EXPRESSION_H

#include "fixedpoint/numbers/arb_compat.h"
#include "fixedpoint/numbers/status.h"
#include <stdbool.h>

enum sn_op {
    SN_NUMBER, /* the exact rational `number` */
    SN_PI,
    SN_LAMBDA01, /* the paper's constants, exact: eq. 14 */
    SN_ALPHA01,
    SN_Z,
    SN_ADD, /* a + b */
    SN_SUB,
    SN_MUL,
    SN_DIV,   /* a / b */
    SN_POWER, /* a^power, power a whole number */
    SN_EXP,   /* of a; likewise up to SN_SQRT */
    SN_EXPM1,
    SN_TANH,
    SN_ERF,
    SN_LOG,
    SN_LOG1P, /* log(1 + a); b is the node 1 + a */
    SN_SQRT,
    SN_WHERE /* a where c > 0, b where c <= 0 */
};

struct sn_node {
    enum sn_op op;
    bool constant; /* does not depend on z */
    int a, b, c;   /* operands; 0 where there is none */
    slong power;
    size_t place; /* where it stands in the text, for errors */
    fmpq_t number;
};

/* `value` and `derivative` (after sn_differentiate()) are nodes. */
struct sn_expression {
    struct sn_node *node;
    int count, room;
    int value, derivative;
    bool failed; /* no memory, or SN_MOST_NODES reached */
};
enum { SN_MOST_NODES = 1 << 14 };

/* How many of a, b, c an operation has. */
int sn_operands(enum sn_op op);

void sn_expression_init(struct sn_expression *f);
void sn_expression_clear(struct sn_expression *f);

/* Nodes: an old one where there is one; `place` only for a new one. */
int sn_node_number(struct sn_expression *f, const fmpq_t number, size_t place);
int sn_node_integer(struct sn_expression *f, slong number, size_t place);
int sn_node_power(struct sn_expression *f, int a, slong power, size_t place);
/* Any other; operands that `op` does not have are 0. */
int sn_node(
    struct sn_expression *f, enum sn_op op, int a, int b, int c, size_t place);

/* Is node i |c|: WHERE c > 0, c, else 0 - c? */
bool sn_is_modulus(const struct sn_expression *f, int i);

/*
 * Appends the derivative of node `i` in z, piece by piece: that of a WHERE is
 * the derivative of either side.
 */
int sn_differentiate(struct sn_expression *f, int i);

/*
 * Proven from the nodes alone: f(tz) = t f(z) for all t > 0.  (False says
 * nothing.)  The variance of such an f grows in proportion to that of z.
 */
bool sn_is_homogeneous(const struct sn_expression *f);

/*
 * A name that stands for a number, given as a decimal word or as lambda01 or
 * alpha01.
 */
struct sn_parameter {
    const char *name, *value;
};

/* Why a text is no expression: the characters at fault, and a line. */
struct sn_fault {
    size_t place, length; /* bytes of the text */
    char reason[160];
};

/*
 * Parses a text:
 *   sum       = product { (+|-) product }
 *   product   = sign { (*|/) sign }
 *   sign      = (+|-) sign | power
 *   power     = atom [ ^ sign ]               z^2^3 is z^(2^3), -z^2 is -(z^2)
 *   atom      = number | z | pi | lambda01 | alpha01 | parameter | ( sum )
 *             | NAME ( sum )                    exp log log1p expm1 tanh erf
 *                                                sqrt abs
 *             | (min|max) ( sum , sum )
 *             | where ( sum (<|>|<=|>=) sum , sum , sum )
 * at most SN_MOST_TEXT bytes, SN_MOST_DEPTH levels; sets value and
 * derivative.  SN_BAD_VALUE with the fault, or SN_NO_MEMORY.
 */
enum { SN_MOST_TEXT = 4096, SN_MOST_DEPTH = 100 };
enum sn_status sn_expression_parse(struct sn_expression *f, const char *text,
    const struct sn_parameter *parameters, int count, struct sn_fault *fault);

#endif
