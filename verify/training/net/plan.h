/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An arm of a given size as a list of operations: what the passes in net.h
 * carry out, forwards in order and backwards in reverse.
 *
 * A value is what an operation leaves for each row of a batch.  Gradients of
 * values live only between the operation that uses a value last and the one
 * that made it, so a few slots, reused, hold all of them.
 */
#ifndef SN_VERIFY_TRAINING_NET_PLAN_H
#define SN_VERIFY_TRAINING_NET_PLAN_H

#include "verify/training/net/arms.h"
#include "verify/shared/dropout.h"
#include <stdint.h>

enum train_op_kind {
    TRAIN_OP_AFFINE,     /* out = in W' + bias */
    TRAIN_OP_SELU,       /* in place: out = in */
    TRAIN_OP_RELU,       /* in place */
    TRAIN_OP_TANH,       /* in place */
    TRAIN_OP_BATCH_NORM, /* out = gain (in - mean)/deviation + bias, columns */
    TRAIN_OP_LAYER_NORM, /* the same over rows */
    TRAIN_OP_DROPOUT,    /* out = mask in + (0 or a constant) */
    TRAIN_OP_ADD,        /* out = in + carry */
    TRAIN_OP_HIGHWAY     /* out = t in + (1 - t) carry, t = sigmoid(gate) */
};
enum { TRAIN_NOTHING = -1 };

struct train_plan_op {
    enum train_op_kind kind;
    int in, gate, carry, out; /* values */
    int weights, gain, bias;  /* blocks of parameters */
    bool in_adds, carry_adds; /* a gradient is there already */
    size_t state;             /* offset of its own memory */
    size_t layer;             /* hidden layer, from 1; depth + 1: last */
};

/* One matrix or vector of parameters. */
struct train_block {
    size_t offset, rows, columns;
    enum train_law law; /* of weights */
    double constant;    /* of a vector */
    bool is_matrix;
    uint32_t index; /* of its random numbers */
};

struct train_value {
    size_t width, offset; /* of its rows, in units of a batch's row */
    int slot;             /* of its gradient; TRAIN_NOTHING: not wanted */
};

struct train_shape {
    const struct train_arm *arm;
    size_t features, width, depth, classes;
    double dropout;       /* rate; 0: none */
    size_t dropout_first; /* hidden layers first .. last have it */
    size_t dropout_last;
};

struct train_plan {
    struct train_shape shape;
    struct train_plan_op *op;
    struct train_value *value; /* value 0: the features */
    struct train_block *block;
    int ops, values, blocks;
    int *layer_value; /* [depth + 1]: what hidden layer l, from 1, gives */
    int output;       /* logits */
    size_t parameters, row; /* numbers; widths of all values together */
    size_t slots, slot_width;
    size_t state; /* numbers of state for batches of `rows` */
    size_t rows;  /* largest batch */
    struct shared_dropout dropout;
};

/*
 * Epsilon of both normalizations, and what a new batch counts in batch
 * normalization's running mean and variance.
 */
#define TRAIN_NORM_EPSILON 1e-5
#define TRAIN_NORM_RUNNING 0.1
#define TRAIN_HIGHWAY_BIAS (-2.0)

/* SN_BAD_VALUE: the arm has no such depth, or a size is 0. */
enum sn_status train_plan_make(
    struct train_plan *plan, const struct train_shape *shape, size_t rows);
void train_plan_clear(struct train_plan *plan);

/* For the fixed point (0, 1), with dropped units at -lambda alpha. */
enum sn_status train_alpha_dropout(
    struct shared_dropout *dropout, double rate);

#endif
