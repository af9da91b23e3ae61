/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of net_passes.h: operations unit by unit. */

/* By what the unit gave: for x <= 0 that is selu(x) + lambda alpha. */
SHARED_FOR_EACH_VECTOR_UNIT static void selu_backward(
    REAL *dy, const REAL *y, size_t n)
{
    const REAL lambda = (REAL)SN_LAMBDA_F64, slope = (REAL)SN_ALPHA_PRIME_F64;
    for (size_t i = 0; i < n; i++)
        dy[i] *= y[i] > 0 ? lambda : y[i] + slope;
}

/* A NaN stays one, so that a run that diverged is seen to. */
SHARED_FOR_EACH_VECTOR_UNIT static void relu_forward(REAL *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = y[i] < 0 ? 0 : y[i];
}

SHARED_FOR_EACH_VECTOR_UNIT static void relu_backward(
    REAL *dy, const REAL *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dy[i] = y[i] > 0 ? dy[i] : 0;
}

SHARED_FOR_EACH_VECTOR_UNIT static void tanh_forward(REAL *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = TANH(y[i]);
}

SHARED_FOR_EACH_VECTOR_UNIT static void tanh_backward(
    REAL *dy, const REAL *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dy[i] *= 1 - y[i] * y[i];
}

/*
 * Dropout: kept units times 1/(1 - rate), dropped ones 0.  Alpha dropout: a x
 * + b, dropped ones a (-lambda alpha) + b.  Dropped: a 32-bit word below rate
 * 2^32, so at the rate to within 2^-32.
 */
static void dropout_forward(
    const struct pass *pass, const struct train_plan_op *op)
{
    const struct train_plan *p = pass->plan;
    size_t n = p->value[op->in].width;
    const REAL *x = input(pass, op->in);
    REAL *y = OF(train_net_value)(pass->net, op->out);
    if (!pass->training) {
        memcpy(y, x, pass->rows * n * sizeof *y);
        return;
    }
    const struct shared_dropout *d = &p->dropout;
    REAL kept = (REAL)d->a, shift = (REAL)d->b;
    REAL dropped = (REAL)(d->a * d->dropped + d->b);
    REAL *mask = pass->net->state + op->state;
    uint64_t limit = (uint64_t)(d->rate * 0x1p32);
    struct shared_stream stream = {pass->net->seed, pass->net->replicate,
        (uint32_t)op->layer, 0, TRAIN_DRAW_DROPOUT};
    for (size_t r = 0; r < pass->rows; r++) {
        stream.row = (uint32_t)(pass->step->number * p->rows + r);
        uint32_t word[4];
        for (size_t j = 0; j < n; j++) {
            if (j % 4 == 0)
                shared_words(word, &stream, (uint32_t)(j / 4));
            bool keep = word[j % 4] >= limit;
            mask[r * n + j] = keep ? kept : 0;
            y[r * n + j] = keep ? kept * x[r * n + j] + shift : dropped;
        }
    }
}

SHARED_FOR_EACH_VECTOR_UNIT static void highway_forward(
    const struct pass *pass, const struct train_plan_op *op)
{
    size_t n = pass->plan->value[op->out].width * pass->rows;
    const REAL *h = input(pass, op->in), *x = input(pass, op->carry);
    REAL *t = OF(train_net_value)(pass->net, op->gate);
    REAL *y = OF(train_net_value)(pass->net, op->out);
    for (size_t i = 0; i < n; i++) {
        t[i] = 1 / (1 + EXP(-t[i]));
        y[i] = x[i] + t[i] * (h[i] - x[i]);
    }
}

SHARED_FOR_EACH_VECTOR_UNIT static void highway_backward(
    const struct pass *pass, const struct train_plan_op *op)
{
    size_t n = pass->plan->value[op->out].width * pass->rows;
    const REAL *h = input(pass, op->in), *x = input(pass, op->carry);
    const REAL *t = input(pass, op->gate), *dy = gradient(pass, op->out);
    REAL *dh = gradient(pass, op->in), *dt = gradient(pass, op->gate);
    REAL *dx = gradient(pass, op->carry);
    for (size_t i = 0; i < n; i++) {
        REAL rest = dy[i] * (1 - t[i]);
        dh[i] = dy[i] * t[i];
        dt[i] = dh[i] * (1 - t[i]) * (h[i] - x[i]);
        dx[i] = op->carry_adds ? dx[i] + rest : rest;
    }
}

SHARED_FOR_EACH_VECTOR_UNIT static void add_forward(
    const struct pass *pass, const struct train_plan_op *op)
{
    size_t n = pass->plan->value[op->out].width * pass->rows;
    const REAL *u = input(pass, op->in), *x = input(pass, op->carry);
    REAL *y = OF(train_net_value)(pass->net, op->out);
    for (size_t i = 0; i < n; i++)
        y[i] = u[i] + x[i];
}

SHARED_FOR_EACH_VECTOR_UNIT static void add_backward(
    const struct pass *pass, const struct train_plan_op *op)
{
    size_t n = pass->plan->value[op->out].width * pass->rows;
    const REAL *dy = gradient(pass, op->out);
    REAL *du = gradient(pass, op->in), *dx = gradient(pass, op->carry);
    for (size_t i = 0; i < n; i++) {
        du[i] = dy[i];
        dx[i] = op->carry_adds ? dx[i] + dy[i] : dy[i];
    }
}
