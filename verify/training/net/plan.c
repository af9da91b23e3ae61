/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/net/plan.h"
#include "fixedpoint/constants/constants.h"
#include <stdlib.h>
#include <string.h>

/*
 * At most per hidden layer: two affine maps, a normalization, a non-linearity,
 * a connection and dropout; at most four blocks.
 */
enum { OPS_A_LAYER = 6, BLOCKS_A_LAYER = 4, BESIDE = 8, GATES = 1 << 20 };

enum sn_status train_alpha_dropout(struct shared_dropout *d, double rate)
{
    enum { LIMIT_PRECISION = 256 };
    struct constants_paper paper;
    NUM_ARB(p, lower);
    constants_paper_init(&paper);
    constants_paper_arb(&paper, LIMIT_PRECISION);
    arb_set_d(p, rate);
    arb_neg(lower, paper.alpha_prime);
    *d = (struct shared_dropout){.rate = rate};
    enum sn_status status = shared_alpha_dropout(d, p, lower, 0, 1);
    constants_paper_clear(&paper);
    return status;
}

static int add_block(struct train_plan *p, size_t rows, size_t columns,
    bool is_matrix, enum train_law law, double constant, size_t index)
{
    p->block[p->blocks] = (struct train_block){.offset = p->parameters,
        .rows = rows,
        .columns = columns,
        .law = law,
        .constant = constant,
        .is_matrix = is_matrix,
        .index = (uint32_t)index};
    p->parameters += rows * columns;
    return p->blocks++;
}

static int add_vector(struct train_plan *p, size_t n, double constant)
{
    return add_block(p, 1, n, false, TRAIN_LAW_LECUN, constant, 0);
}

static int add_value(struct train_plan *p, size_t width)
{
    p->value[p->values] = (struct train_value){width, p->row, TRAIN_NOTHING};
    p->row += width;
    return p->values++;
}

/* An operation whose result is a new value of `width`, or `in` itself. */
static struct train_plan_op *add_op(struct train_plan *p,
    enum train_op_kind kind, int in, size_t layer, size_t width)
{
    struct train_plan_op *op = &p->op[p->ops++];
    *op = (struct train_plan_op){.kind = kind,
        .in = in,
        .gate = TRAIN_NOTHING,
        .carry = TRAIN_NOTHING,
        .out = width ? add_value(p, width) : in,
        .weights = TRAIN_NOTHING,
        .gain = TRAIN_NOTHING,
        .bias = TRAIN_NOTHING,
        .state = p->state,
        .layer = layer};
    return op;
}

/* An affine map: its units, law, and index of its random numbers. */
struct plan_affine {
    size_t units, index;
    enum train_law law;
    bool biased;
    double bias; /* at the start */
};

static int add_affine(
    struct train_plan *p, int in, size_t layer, const struct plan_affine *a)
{
    size_t fan_in = p->value[in].width;
    struct train_plan_op *op = add_op(p, TRAIN_OP_AFFINE, in, layer, a->units);
    op->weights = add_block(p, a->units, fan_in, true, a->law, 0, a->index);
    if (p->shape.arm->normalization == TRAIN_NORM_WEIGHT &&
        layer <= p->shape.depth) {
        op->gain = add_vector(p, a->units, 1);
        /* effective weights, their gradient, 1/|v| */
        p->state += 2 * a->units * fan_in + a->units;
    }
    if (a->biased)
        op->bias = add_vector(p, a->units, a->bias);
    return op->out;
}

/* Of a hidden layer, with or without a bias that starts at 0. */
static int add_hidden(
    struct train_plan *p, int in, size_t layer, size_t index, bool biased)
{
    return add_affine(p, in, layer,
        &(struct plan_affine){
            p->shape.width, index, p->shape.arm->law, biased, 0});
}

static int add_normalization(
    struct train_plan *p, int in, size_t layer, enum train_normalization kind)
{
    size_t width = p->value[in].width;
    if (kind != TRAIN_NORM_BATCH && kind != TRAIN_NORM_LAYER)
        return in;
    bool batch = kind == TRAIN_NORM_BATCH;
    struct train_plan_op *op = add_op(p,
        batch ? TRAIN_OP_BATCH_NORM : TRAIN_OP_LAYER_NORM, in, layer, width);
    op->gain = add_vector(p, width, 1);
    op->bias = add_vector(p, width, 0);
    /* mean, 1/deviation; running mean and variance */
    p->state += batch ? 4 * width : 2 * p->rows;
    return op->out;
}

static int add_nonlinearity(
    struct train_plan *p, int in, size_t layer, enum train_nonlinearity kind)
{
    static const enum train_op_kind op[] = {
        [TRAIN_NONLINEAR_SELU] = TRAIN_OP_SELU,
        [TRAIN_NONLINEAR_RELU] = TRAIN_OP_RELU,
        [TRAIN_NONLINEAR_TANH] = TRAIN_OP_TANH};
    return add_op(p, op[kind], in, layer, 0)->out;
}

static int add_dropout(struct train_plan *p, int in, size_t layer)
{
    const struct train_shape *s = &p->shape;
    if (s->dropout == 0 || layer < s->dropout_first || layer > s->dropout_last)
        return in;
    size_t width = p->value[in].width;
    struct train_plan_op *op = add_op(p, TRAIN_OP_DROPOUT, in, layer, width);
    p->state += p->rows * width;
    return op->out;
}

static int plain_layer(struct train_plan *p, int x, size_t layer)
{
    const struct train_arm *arm = p->shape.arm;
    bool normalized = arm->normalization == TRAIN_NORM_BATCH ||
                      arm->normalization == TRAIN_NORM_LAYER;
    x = add_hidden(p, x, layer, layer, !normalized);
    x = add_normalization(p, x, layer, arm->normalization);
    x = add_nonlinearity(p, x, layer, arm->nonlinearity);
    return add_dropout(p, x, layer);
}

static int highway_layer(struct train_plan *p, int x, size_t layer)
{
    const struct train_arm *arm = p->shape.arm;
    size_t width = p->shape.width;
    int h = add_hidden(p, x, layer, layer, true);
    h = add_nonlinearity(p, h, layer, arm->nonlinearity);
    int gate = add_affine(p, x, layer,
        &(struct plan_affine){
            width, GATES + layer, arm->law, true, TRAIN_HIGHWAY_BIAS});
    struct train_plan_op *op = add_op(p, TRAIN_OP_HIGHWAY, h, layer, width);
    op->gate = gate;
    op->carry = x;
    return add_dropout(p, op->out, layer);
}

/* Layers `layer` and `layer + 1`. */
static int residual_block(struct train_plan *p, int x, size_t layer)
{
    const struct train_arm *arm = p->shape.arm;
    int u = x;
    for (size_t l = layer; l < layer + 2; l++) {
        u = add_normalization(p, u, l, arm->normalization);
        u = add_nonlinearity(p, u, l, arm->nonlinearity);
        u = add_dropout(p, u, l);
        u = add_hidden(p, u, l, l, false);
        p->layer_value[l] = u;
    }
    struct train_plan_op *op =
        add_op(p, TRAIN_OP_ADD, u, layer + 1, p->shape.width);
    op->carry = x;
    return op->out;
}

static void build_ops(struct train_plan *p)
{
    const struct train_shape *s = &p->shape;
    size_t last = s->depth + 1;
    int x = add_value(p, s->features);
    p->layer_value[0] = x;
    if (s->arm->connection == TRAIN_RESIDUAL) {
        x = add_hidden(p, x, 1, 0, true);
        for (size_t l = 1; l <= s->depth; l += 2) {
            x = residual_block(p, x, l);
            p->layer_value[l + 1] = x;
        }
        x = add_normalization(p, x, last, s->arm->normalization);
        x = add_nonlinearity(p, x, last, s->arm->nonlinearity);
    } else {
        for (size_t l = 1; l <= s->depth; l++) {
            bool gated = s->arm->connection == TRAIN_HIGHWAY && l > 1;
            x = gated ? highway_layer(p, x, l) : plain_layer(p, x, l);
            p->layer_value[l] = x;
        }
    }
    p->output = add_affine(p, x, last,
        &(struct plan_affine){s->classes, last, TRAIN_LAW_LECUN, true, 0});
}

/* A slot that no gradient lives in. */
static int take_slot(struct train_plan *p, bool *busy)
{
    int slot = 0;
    while (busy[slot])
        slot++;
    busy[slot] = true;
    if ((size_t)slot >= p->slots)
        p->slots = (size_t)slot + 1;
    return slot;
}

/* Whether `value` has a gradient already; gives it a slot if not. */
static bool claim_slot(struct train_plan *p, int value, bool *busy)
{
    if (value == 0 || value == TRAIN_NOTHING)
        return false;
    struct train_value *v = &p->value[value];
    if (v->slot != TRAIN_NOTHING)
        return true;
    v->slot = take_slot(p, busy);
    if (v->width > p->slot_width)
        p->slot_width = v->width;
    return false;
}

static void assign_slots(struct train_plan *p, bool *busy)
{
    claim_slot(p, p->output, busy);
    for (int i = p->ops - 1; i >= 0; i--) {
        struct train_plan_op *op = &p->op[i];
        if (op->in == op->out)
            continue;
        op->carry_adds = claim_slot(p, op->carry, busy);
        op->in_adds = claim_slot(p, op->in, busy);
        claim_slot(p, op->gate, busy);
        busy[p->value[op->out].slot] = false;
    }
}

enum sn_status train_plan_make(
    struct train_plan *p, const struct train_shape *shape, size_t rows)
{
    size_t depth = shape->depth;
    *p = (struct train_plan){.shape = *shape, .rows = rows};
    if (!train_arm_has_depth(shape->arm, depth) || !shape->features ||
        !shape->width || shape->classes < 2 || !rows || shape->dropout < 0 ||
        shape->dropout >= 1)
        return SN_BAD_VALUE;
    size_t most_ops = OPS_A_LAYER * depth + BESIDE;
    p->op = calloc(most_ops, sizeof *p->op);
    p->value = calloc(most_ops + 1, sizeof *p->value);
    p->block = calloc(BLOCKS_A_LAYER * depth + BESIDE, sizeof *p->block);
    p->layer_value = calloc(depth + 1, sizeof *p->layer_value);
    bool *busy = calloc(most_ops + 1, sizeof *busy);
    enum sn_status status = SN_NO_MEMORY;
    if (p->op && p->value && p->block && p->layer_value && busy) {
        build_ops(p);
        assign_slots(p, busy);
        status = SN_OK;
        p->dropout = (struct shared_dropout){
            shape->dropout, 1 / (1 - shape->dropout), 0, 0};
        if (shape->arm->alpha_dropout)
            status = train_alpha_dropout(&p->dropout, shape->dropout);
    }
    free(busy);
    if (status != SN_OK)
        train_plan_clear(p);
    return status;
}

void train_plan_clear(struct train_plan *p)
{
    free(p->op);
    free(p->value);
    free(p->block);
    free(p->layer_value);
    *p = (struct train_plan){0};
}
