/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The language of expressions: a text becomes straight-line code, nodes that
 * refer to earlier nodes only, each distinct one once.  So f and its
 * derivative share their work, nothing recurses over an expression, and
 * evaluation is a loop.  Numbers are exact rationals; no rounding enters
 * before evaluation.
 *
 * The grammar is one, the names are the user's: activations are functions of
 * z (expr_of_z below), the formulas of the proofs are functions of a point of
 * the map (proofs/intervals/term.c).  Each arithmetic has one evaluator:
 *   balls, real and complex   evaluate.h
 *   MPFI intervals            range.h (values and signs over an interval of
 *                             z), intervals.h (functions and their slopes),
 *                             proofs/intervals/term.c (jets)
 *   intervals of doubles      proofs/intervals/doubles/term.c
 *   doubles                   program.h
 * The checker of certificates has a language of its own, because it checks
 * this one.  The room includes numbers, map and constants.
 */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_EXPRESSION_H
#define SN_FIXEDPOINT_EXPRESSIONS_EXPRESSION_H

#include "fixedpoint/numbers/arb_compat.h"
#include "fixedpoint/numbers/status.h"
#include <stdbool.h>

enum expr_op {
    EXPR_NUMBER, /* the exact rational `number` */
    EXPR_PI,
    EXPR_LAMBDA01, /* the paper's constants, exact: eq. 14 */
    EXPR_ALPHA01,
    EXPR_VARIABLE, /* the language's number `variable` */
    EXPR_ADD,      /* a + b */
    EXPR_SUB,
    EXPR_MUL,
    EXPR_DIV,   /* a / b */
    EXPR_HYPOT, /* sqrt(a^2 + b^2) */
    EXPR_POWER, /* a^power, power a whole number */
    EXPR_EXP,   /* of a; likewise up to EXPR_SIGN */
    EXPR_EXPM1,
    EXPR_TANH,
    EXPR_SIN,
    EXPR_COS,
    EXPR_ATAN,
    EXPR_ERF,
    EXPR_ERFC,  /* 1 - erf a */
    EXPR_ERFCX, /* e^(a^2) erfc a */
    EXPR_LOG,
    EXPR_LOG1P, /* log(1 + a); b is the node 1 + a */
    EXPR_SQRT,
    EXPR_SIGN,  /* it jumps at 0, where it is anything within [-1, 1] */
    EXPR_WHERE, /* a where c > 0, b where c <= 0 */
    /* functions that the parser writes by others: no nodes */
    EXPR_ABS,
    EXPR_MIN,
    EXPR_MAX,
    EXPR_CLIP,   /* min(max(a, b), c) */
    EXPR_SIGNUM, /* -1, 0, 1: not SIGN, which is an interval at 0 */
    EXPR_RELU,
    EXPR_SIGMOID,
    EXPR_SOFTPLUS,
    EXPR_SINH,
    EXPR_COSH,
    EXPR_ASINH,
    EXPR_POW /* a^b */
};

struct expr_node {
    enum expr_op op;
    bool constant; /* depends on no variable */
    int a, b, c;   /* operands; 0 where there is none */
    int variable;
    slong power;
    size_t place; /* where it stands in the text, for errors */
    fmpq_t number;
};

/* `value` and, of a function of one variable, `derivative` are nodes. */
struct expr_expression {
    struct expr_node *node;
    int count, room;
    int value, derivative;
    bool failed; /* no memory, or EXPR_MOST_NODES reached */
};
enum { EXPR_MOST_NODES = 1 << 14 };

/* The first two nodes of every expression. */
enum { EXPR_ZERO, EXPR_ONE };

/* How many of a, b, c an operation has. */
int expr_operands(enum expr_op op);

void expr_init(struct expr_expression *f);
void expr_clear(struct expr_expression *f);

/* Nodes: an old one where there is one; `place` only for a new one. */
int expr_node_number(
    struct expr_expression *f, const fmpq_t number, size_t place);
int expr_node_integer(struct expr_expression *f, slong number, size_t place);
int expr_node_variable(struct expr_expression *f, int variable, size_t place);
int expr_node_power(
    struct expr_expression *f, int a, slong power, size_t place);
/* Any other; operands that `op` does not have are 0. */
int expr_node(struct expr_expression *f, enum expr_op op, int a, int b, int c,
    size_t place);

/* a + b or a - b, without cancellation where one is such a root. */
int expr_conjugate(
    struct expr_expression *f, enum expr_op op, int a, int b, size_t place);

/* Is node i |c|: WHERE c > 0, c, else 0 - c? */
bool expr_is_modulus(const struct expr_expression *f, int i);

/*
 * Is node i what tanh or erf of a node lacks of 1 (`side` 1), of -1 (`side`
 * -1), or 1 - tanh^2 (`side` 0)?  Subtracted, nothing would be left of it far
 * out.
 */
struct expr_rest {
    enum expr_op op; /* EXPR_TANH or EXPR_ERF */
    int side, of;
};
bool expr_is_rest(
    struct expr_rest *rest, const struct expr_expression *f, int i);

/*
 * Appends the derivative of node `i` in variable 0, piece by piece: that of a
 * WHERE is the derivative of either side, that of a SIGN is 0.
 */
int expr_differentiate(struct expr_expression *f, int i);

/*
 * Proven from the nodes alone: f(tz) = t f(z) for all t > 0, z being variable
 * 0.  (False says nothing.)  The variance of such an f grows in proportion to
 * that of z.
 */
bool expr_is_homogeneous(const struct expr_expression *f);

/* A name of a language: a variable, a constant or a function. */
struct expr_name {
    const char *name;
    enum expr_op op;
    int variable; /* of an EXPR_VARIABLE */
};

/*
 * A name that stands for a number, given as a decimal word or by the name of
 * a constant.
 */
struct expr_parameter {
    const char *name, *value;
};

struct expr_language {
    const struct expr_name *name;
    int names;
    bool one_variable; /* then the derivative in it is wanted too */
    const struct expr_parameter *parameter;
    int parameters;
};

/*
 * Functions of z, which x stands for, too: activations.  It has no parameters;
 * a copy may have.
 */
extern const struct expr_language expr_of_z;

/* Why a text is no expression: the characters at fault, and a line. */
struct expr_fault {
    size_t place, length; /* bytes of the text */
    char reason[256];
};

/*
 * Parses a text:
 *   sum       = product { (+|-) product }
 *   product   = sign { (*|/) sign }
 *   sign      = (+|-) sign | power
 *   power     = atom [ ^ sign ]               z^2^3 is z^(2^3), -z^2 is -(z^2)
 *   atom      = number | variable | constant | parameter | ( sum )
 *             | FUNCTION ( sum )
 *             | (min|max|pow|hypot) ( sum , sum ) | clip ( sum , sum , sum )
 *             | where ( sum (<|>|<=|>=) sum , sum , sum )
 * at most EXPR_MOST_TEXT bytes, EXPR_MOST_DEPTH levels; sets value and, of one
 * variable, derivative.  SN_BAD_VALUE with the fault, or SN_NO_MEMORY.
 */
enum { EXPR_MOST_TEXT = 4096, EXPR_MOST_DEPTH = 100 };
enum sn_status expr_parse(struct expr_expression *f, const char *text,
    const struct expr_language *language, struct expr_fault *fault);

#endif
