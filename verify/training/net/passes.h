/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passes of net.h, for net_f32.c and net_f64.c, which define REAL, OF. */
#include "verify/training/net/net.h"
#include "kernels/constants.h"
#include "kernels/kernels.h"
#include "verify/shared/vector_units.h"
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verify/training/net/pass.h"
#include "verify/training/net/affine.h"
#include "verify/training/net/norms.h"
#include "verify/training/net/units.h"
#include "verify/training/net/start.h"

static void forward_op(const struct pass *pass, const struct train_plan_op *op)
{
    REAL *y = OF(train_net_value)(pass->net, op->out);
    size_t n = pass->plan->value[op->out].width * pass->rows;
    switch (op->kind) {
    case TRAIN_OP_AFFINE:
        affine_forward(pass, op);
        break;
    case TRAIN_OP_SELU:
        SELU(y, y, n);
        break;
    case TRAIN_OP_RELU:
        relu_forward(y, n);
        break;
    case TRAIN_OP_TANH:
        tanh_forward(y, n);
        break;
    case TRAIN_OP_BATCH_NORM:
        batch_norm_forward(pass, op);
        break;
    case TRAIN_OP_LAYER_NORM:
        layer_norm_forward(pass, op);
        break;
    case TRAIN_OP_DROPOUT:
        dropout_forward(pass, op);
        break;
    case TRAIN_OP_ADD:
        add_forward(pass, op);
        break;
    case TRAIN_OP_HIGHWAY:
        highway_forward(pass, op);
        break;
    }
}

static void backward_op(
    const struct pass *pass, const struct train_plan_op *op)
{
    REAL *dy = gradient(pass, op->out);
    size_t n = pass->plan->value[op->out].width * pass->rows;
    switch (op->kind) {
    case TRAIN_OP_AFFINE:
        affine_backward(pass, op);
        break;
    case TRAIN_OP_SELU:
        selu_backward(dy, input(pass, op->out), n);
        break;
    case TRAIN_OP_RELU:
        relu_backward(dy, input(pass, op->out), n);
        break;
    case TRAIN_OP_TANH:
        tanh_backward(dy, input(pass, op->out), n);
        break;
    case TRAIN_OP_BATCH_NORM:
        batch_norm_backward(pass, op);
        break;
    case TRAIN_OP_LAYER_NORM:
        layer_norm_backward(pass, op);
        break;
    case TRAIN_OP_DROPOUT: {
        const REAL *mask = pass->net->state + op->state;
        REAL *dx = gradient(pass, op->in);
        for (size_t i = 0; i < n; i++)
            dx[i] = mask[i] * dy[i];
        break;
    }
    case TRAIN_OP_ADD:
        add_backward(pass, op);
        break;
    case TRAIN_OP_HIGHWAY:
        highway_backward(pass, op);
        break;
    }
}

static void run_backward(const struct pass *pass)
{
    for (int i = pass->plan->ops - 1; i >= 0; i--) {
        const struct train_plan_op *op = &pass->plan->op[i];
        const int block[] = {op->weights, op->gain, op->bias};
        backward_op(pass, op);
        for (int k = 0; k < 3; k++)
            if (block[k] != TRAIN_NOTHING)
                settle_block(pass, block[k]);
    }
}

static void run_forward(const struct pass *pass)
{
    for (int i = 0; i < pass->plan->ops; i++)
        forward_op(pass, &pass->plan->op[i]);
}

/*
 * Sum of cross-entropies over the rows and how many the largest logit gets
 * right; the gradient of the mean into d unless NULL.  A NaN among the logits
 * makes the sum NaN.
 */
static double cross_entropy(
    const struct pass *pass, REAL *d, const int *label, size_t *right)
{
    size_t n = pass->plan->shape.classes;
    double total = 0;
    for (size_t r = 0; r < pass->rows; r++) {
        const REAL *z =
            OF(train_net_value)(pass->net, pass->plan->output) + r * n;
        size_t want = (size_t)label[r], largest = 0;
        for (size_t j = 1; j < n; j++)
            if (z[j] > z[largest])
                largest = j;
        REAL sum = 0;
        for (size_t j = 0; j < n; j++)
            sum += EXP(z[j] - z[largest]);
        total += log((double)sum) - ((double)z[want] - (double)z[largest]);
        *right += largest == want;
        REAL scale = 1 / (sum * (REAL)pass->rows);
        for (size_t j = 0; d && j < n; j++)
            d[r * n + j] = EXP(z[j] - z[largest]) * scale -
                           (j == want ? 1 / (REAL)pass->rows : 0);
    }
    return total;
}

/* Both passes over a batch; without the second one if it has diverged. */
static double run_both(struct pass *pass, const int *label)
{
    size_t right = 0;
    run_forward(pass);
    double loss = cross_entropy(pass, gradient(pass, pass->plan->output),
                      label, &right) /
                  (double)pass->rows;
    if (isfinite(loss))
        run_backward(pass);
    return loss;
}

double OF(train_net_gradient)(net_type *net, const REAL *x, const int *label,
    size_t rows, const struct train_step *step)
{
    struct pass pass = {.net = net,
        .plan = net->plan,
        .x = x,
        .rows = rows,
        .training = true,
        .step = step};
    return run_both(&pass, label);
}

double OF(train_net_step)(net_type *net, const REAL *x, const int *label,
    size_t rows, const struct train_step *step)
{
    struct pass pass = {.net = net,
        .plan = net->plan,
        .x = x,
        .rows = rows,
        .training = true,
        .step = step,
        .descends = true};
    return run_both(&pass, label);
}

struct train_score OF(train_net_score)(
    net_type *net, const REAL *x, const int *label, size_t rows)
{
    struct train_score score = {0, 0};
    size_t features = net->plan->shape.features;
    for (size_t r = 0; r < rows; r += net->plan->rows) {
        size_t left = rows - r, most = net->plan->rows;
        const struct pass pass = {.net = net,
            .plan = net->plan,
            .x = x + r * features,
            .rows = left < most ? left : most};
        run_forward(&pass);
        score.loss += cross_entropy(&pass, NULL, label + r, &score.right);
    }
    score.loss /= (double)rows;
    return score;
}
