/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passes of net.h, for net_f32.c and net_f64.c, which define REAL, OF. */
#include "verify/training/net.h"
#include "kernels/kernels.h"
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct OF(sn_net) net_type;

/* One pass: what an operation needs to know of it. */
struct pass {
    net_type *net;
    const struct sn_plan *plan;
    const REAL *x;
    size_t rows;
    bool training; /* dropout, statistics of the batch */
    const struct sn_step *step;
    bool descends; /* a parameter moves as soon as its gradient is there */
};

REAL *OF(sn_net_value)(const net_type *net, int i)
{
    return net->value + net->plan->value[i].offset * net->plan->rows;
}

static const REAL *input(const struct pass *pass, int i)
{
    return i == 0 ? pass->x : OF(sn_net_value)(pass->net, i);
}

static REAL *gradient(const struct pass *pass, int i)
{
    const struct sn_plan *p = pass->plan;
    return pass->net->gradient +
           (size_t)p->value[i].slot * p->slot_width * p->rows;
}

static REAL *parameter(const struct pass *pass, int block)
{
    return pass->net->parameter + pass->plan->block[block].offset;
}

static REAL *velocity(const struct pass *pass, int block)
{
    return pass->net->velocity + pass->plan->block[block].offset;
}

/*
 * The gradient of a block is in its velocity: weight decay, and the step.  A
 * layer's weights are then still near the processor.
 */
static void settle(const struct pass *pass, int block)
{
    const struct sn_block *b = &pass->plan->block[block];
    const REAL decay = (REAL)pass->step->decay, rate = (REAL)pass->step->rate;
    REAL *w = parameter(pass, block), *v = velocity(pass, block);
    size_t n = b->rows * b->columns;
    if (b->is_matrix && decay > 0)
        for (size_t i = 0; i < n; i++)
            v[i] += decay * w[i];
    if (pass->descends)
        for (size_t i = 0; i < n; i++)
            w[i] -= rate * v[i];
}

/* v <- momentum v + sums of the columns of dy */
static void add_columns(const struct pass *pass, int block, const REAL *dy)
{
    REAL *v = velocity(pass, block), m = (REAL)pass->step->momentum;
    size_t n = pass->plan->block[block].columns;
    for (size_t j = 0; j < n; j++)
        v[j] *= m;
    for (size_t r = 0; r < pass->rows; r++)
        for (size_t j = 0; j < n; j++)
            v[j] += dy[r * n + j];
}

/* ---- affine maps ---------------------------------------------------- */

/* y += x w', row-major: y rows x n, x rows x k, w n x k. */
static void times_transposed(
    REAL *y, const REAL *x, const REAL *w, size_t rows, size_t n, size_t k)
{
    GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)n, (int)k, 1,
        x, (int)k, w, (int)k, 1, y, (int)n);
}

/* Weight normalization's gain v/|v|, and 1/|v| behind it. */
static const REAL *effective(const struct pass *pass, const struct sn_op *op)
{
    const struct sn_block *b = &pass->plan->block[op->weights];
    const REAL *v = parameter(pass, op->weights);
    if (op->gain == SN_NOTHING)
        return v;
    const REAL *gain = parameter(pass, op->gain);
    REAL *w = pass->net->state + op->state;
    REAL *inverse = w + 2 * b->rows * b->columns;
    for (size_t i = 0; i < b->rows; i++) {
        const REAL *from = v + i * b->columns;
        double square = 0;
        for (size_t j = 0; j < b->columns; j++)
            square += (double)from[j] * from[j];
        inverse[i] = (REAL)(1 / sqrt(square));
        REAL scale = gain[i] * inverse[i];
        for (size_t j = 0; j < b->columns; j++)
            w[i * b->columns + j] = scale * from[j];
    }
    return w;
}

static void affine_forward(const struct pass *pass, const struct sn_op *op)
{
    const struct sn_block *b = &pass->plan->block[op->weights];
    REAL *y = OF(sn_net_value)(pass->net, op->out);
    const REAL *bias =
        op->bias == SN_NOTHING ? NULL : parameter(pass, op->bias);
    for (size_t r = 0; r < pass->rows; r++)
        for (size_t j = 0; j < b->rows; j++)
            y[r * b->rows + j] = bias ? bias[j] : 0;
    times_transposed(y, input(pass, op->in), effective(pass, op), pass->rows,
        b->rows, b->columns);
}

/* From dw, the gradient in effective weights, to gain and direction. */
static void direction_backward(
    const struct pass *pass, const struct sn_op *op, const REAL *dw)
{
    const struct sn_block *b = &pass->plan->block[op->weights];
    const REAL *v = parameter(pass, op->weights);
    const REAL *gain = parameter(pass, op->gain);
    const REAL *inverse =
        pass->net->state + op->state + 2 * b->rows * b->columns;
    REAL *to = velocity(pass, op->weights),
         *to_gain = velocity(pass, op->gain);
    REAL m = (REAL)pass->step->momentum;
    for (size_t i = 0; i < b->rows; i++) {
        const REAL *d = dw + i * b->columns, *x = v + i * b->columns;
        double along = 0;
        for (size_t j = 0; j < b->columns; j++)
            along += (double)d[j] * x[j];
        REAL of_gain = (REAL)(along * inverse[i]);
        to_gain[i] = m * to_gain[i] + of_gain;
        REAL scale = gain[i] * inverse[i], back = of_gain * inverse[i];
        REAL *y = to + i * b->columns;
        for (size_t j = 0; j < b->columns; j++)
            y[j] = m * y[j] + scale * (d[j] - back * x[j]);
    }
}

static void affine_backward(const struct pass *pass, const struct sn_op *op)
{
    const struct sn_block *b = &pass->plan->block[op->weights];
    const REAL *dy = gradient(pass, op->out), *x = input(pass, op->in);
    size_t n = b->rows, k = b->columns;
    const REAL *w = parameter(pass, op->weights);
    REAL *dw = velocity(pass, op->weights), m = (REAL)pass->step->momentum;
    if (op->bias != SN_NOTHING)
        add_columns(pass, op->bias, dy);
    if (op->gain != SN_NOTHING) {
        w = pass->net->state + op->state;
        dw = pass->net->state + op->state + n * k;
        m = 0;
    }
    GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n, (int)k,
        (int)pass->rows, 1, dy, (int)n, x, (int)k, m, dw, (int)k);
    if (op->gain != SN_NOTHING)
        direction_backward(pass, op, dw);
    if (op->in != 0)
        GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)pass->rows,
            (int)k, (int)n, 1, dy, (int)n, w, (int)k, op->in_adds ? 1 : 0,
            gradient(pass, op->in), (int)k);
}

/* ---- normalization --------------------------------------------------- */

/* mean, 1/deviation, running mean, running variance: a column each */
static void batch_statistics(
    const struct pass *pass, const struct sn_op *op, const REAL *x, size_t n)
{
    REAL *mean = pass->net->state + op->state, *inverse = mean + n;
    REAL *running = mean + 2 * n, *variance = mean + 3 * n;
    size_t rows = pass->rows;
    if (!pass->training) {
        for (size_t j = 0; j < n; j++) {
            mean[j] = running[j];
            inverse[j] = 1 / SQRT(variance[j] + (REAL)SN_NORM_EPSILON);
        }
        return;
    }
    REAL *square = inverse, share = 1 / (REAL)rows;
    for (size_t j = 0; j < n; j++)
        mean[j] = square[j] = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < n; j++)
            mean[j] += x[r * n + j];
    for (size_t j = 0; j < n; j++)
        mean[j] *= share;
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < n; j++) {
            REAL d = x[r * n + j] - mean[j];
            square[j] += d * d;
        }
    REAL unbiased = rows > 1 ? 1 / (REAL)(rows - 1) : 1;
    const REAL fresh = (REAL)SN_NORM_RUNNING;
    for (size_t j = 0; j < n; j++) {
        running[j] += fresh * (mean[j] - running[j]);
        variance[j] += fresh * (square[j] * unbiased - variance[j]);
        inverse[j] = 1 / SQRT(square[j] * share + (REAL)SN_NORM_EPSILON);
    }
}

static void batch_norm_forward(const struct pass *pass, const struct sn_op *op)
{
    size_t n = pass->plan->value[op->in].width;
    const REAL *x = input(pass, op->in), *gain = parameter(pass, op->gain);
    const REAL *bias = parameter(pass, op->bias);
    REAL *y = OF(sn_net_value)(pass->net, op->out);
    batch_statistics(pass, op, x, n);
    const REAL *mean = pass->net->state + op->state, *inverse = mean + n;
    for (size_t r = 0; r < pass->rows; r++)
        for (size_t j = 0; j < n; j++)
            y[r * n + j] =
                gain[j] * ((x[r * n + j] - mean[j]) * inverse[j]) + bias[j];
}

static void batch_norm_backward(
    const struct pass *pass, const struct sn_op *op)
{
    size_t n = pass->plan->value[op->in].width, rows = pass->rows;
    const REAL *x = input(pass, op->in), *dy = gradient(pass, op->out);
    const REAL *gain = parameter(pass, op->gain);
    const REAL *mean = pass->net->state + op->state, *inverse = mean + n;
    REAL *dx = gradient(pass, op->in), share = 1 / (REAL)rows;
    REAL m = (REAL)pass->step->momentum;
    REAL *to_gain = velocity(pass, op->gain),
         *to_bias = velocity(pass, op->bias);
    REAL *sum = pass->net->state + pass->plan->state, *along = sum + n;
    for (size_t j = 0; j < n; j++)
        sum[j] = along[j] = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < n; j++) {
            REAL d = dy[r * n + j];
            sum[j] += d;
            along[j] += d * ((x[r * n + j] - mean[j]) * inverse[j]);
        }
    for (size_t j = 0; j < n; j++) {
        to_gain[j] = m * to_gain[j] + along[j];
        to_bias[j] = m * to_bias[j] + sum[j];
        sum[j] *= share;
        along[j] *= share;
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < n; j++) {
            size_t i = r * n + j;
            REAL unit = (x[i] - mean[j]) * inverse[j];
            REAL d = gain[j] * inverse[j] * (dy[i] - sum[j] - unit * along[j]);
            dx[i] = op->in_adds ? dx[i] + d : d;
        }
}

static void layer_norm_forward(const struct pass *pass, const struct sn_op *op)
{
    size_t n = pass->plan->value[op->in].width;
    const REAL *gain = parameter(pass, op->gain);
    const REAL *bias = parameter(pass, op->bias);
    REAL *mean = pass->net->state + op->state;
    REAL *inverse = mean + pass->plan->rows;
    for (size_t r = 0; r < pass->rows; r++) {
        const REAL *x = input(pass, op->in) + r * n;
        REAL *y = OF(sn_net_value)(pass->net, op->out) + r * n;
        REAL sum = 0, square = 0, share = 1 / (REAL)n;
#pragma omp simd reduction(+ : sum)
        for (size_t j = 0; j < n; j++)
            sum += x[j];
        REAL center = sum * share;
#pragma omp simd reduction(+ : square)
        for (size_t j = 0; j < n; j++)
            square += (x[j] - center) * (x[j] - center);
        REAL scale = 1 / SQRT(square * share + (REAL)SN_NORM_EPSILON);
        mean[r] = center;
        inverse[r] = scale;
        for (size_t j = 0; j < n; j++)
            y[j] = gain[j] * ((x[j] - center) * scale) + bias[j];
    }
}

static void layer_norm_backward(
    const struct pass *pass, const struct sn_op *op)
{
    size_t n = pass->plan->value[op->in].width;
    const REAL *gain = parameter(pass, op->gain);
    const REAL *mean = pass->net->state + op->state;
    const REAL *inverse = mean + pass->plan->rows;
    REAL *to_gain = velocity(pass, op->gain), m = (REAL)pass->step->momentum;
    add_columns(pass, op->bias, gradient(pass, op->out));
    for (size_t j = 0; j < n; j++)
        to_gain[j] *= m;
    for (size_t r = 0; r < pass->rows; r++) {
        const REAL *x = input(pass, op->in) + r * n;
        const REAL *dy = gradient(pass, op->out) + r * n;
        REAL *dx = gradient(pass, op->in) + r * n;
        const REAL center = mean[r], scale = inverse[r];
        REAL sum = 0, along = 0, share = 1 / (REAL)n;
        for (size_t j = 0; j < n; j++)
            to_gain[j] += dy[j] * ((x[j] - center) * scale);
#pragma omp simd reduction(+ : sum, along)
        for (size_t j = 0; j < n; j++) {
            REAL d = dy[j] * gain[j];
            sum += d;
            along += d * ((x[j] - center) * scale);
        }
        sum *= share;
        along *= share;
        for (size_t j = 0; j < n; j++) {
            REAL unit = (x[j] - center) * scale;
            REAL d = scale * (dy[j] * gain[j] - sum - unit * along);
            dx[j] = op->in_adds ? dx[j] + d : d;
        }
    }
}

/* ---- units one by one ------------------------------------------------ */

/* A NaN stays one, so that a run that diverged is seen to. */
static void relu_forward(REAL *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = y[i] < 0 ? 0 : y[i];
}

static void relu_backward(REAL *dy, const REAL *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dy[i] = y[i] > 0 ? dy[i] : 0;
}

static void tanh_forward(REAL *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = TANH(y[i]);
}

static void tanh_backward(REAL *dy, const REAL *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dy[i] *= 1 - y[i] * y[i];
}

/*
 * Dropout: kept units times 1/(1 - rate), dropped ones 0.  Alpha dropout: a x
 * + b, dropped ones a (-lambda alpha) + b.  Dropped: a 32-bit word below rate
 * 2^32, so at the rate to within 2^-32.
 */
static void dropout_forward(const struct pass *pass, const struct sn_op *op)
{
    const struct sn_plan *p = pass->plan;
    size_t n = p->value[op->in].width;
    const REAL *x = input(pass, op->in);
    REAL *y = OF(sn_net_value)(pass->net, op->out);
    if (!pass->training) {
        memcpy(y, x, pass->rows * n * sizeof *y);
        return;
    }
    bool alpha = p->shape.arm->alpha_dropout;
    double rate = p->shape.dropout;
    REAL kept = (REAL)(alpha ? p->affine_a : 1 / (1 - rate));
    REAL shift = (REAL)(alpha ? p->affine_b : 0);
    REAL dropped = (REAL)(alpha ? p->affine_a * p->dropped + p->affine_b : 0);
    REAL *mask = pass->net->state + op->state;
    uint64_t limit = (uint64_t)(rate * 0x1p32);
    struct sn_drawer drawer = {pass->net->seed, pass->net->replicate,
        (uint32_t)op->layer, 0, SN_DRAW_DROPOUT};
    for (size_t r = 0; r < pass->rows; r++) {
        drawer.row = (uint32_t)(pass->step->number * p->rows + r);
        uint32_t word[4];
        for (size_t j = 0; j < n; j++) {
            if (j % 4 == 0)
                sn_draw_words(word, &drawer, (uint32_t)(j / 4));
            bool keep = word[j % 4] >= limit;
            mask[r * n + j] = keep ? kept : 0;
            y[r * n + j] = keep ? kept * x[r * n + j] + shift : dropped;
        }
    }
}

static void highway_forward(const struct pass *pass, const struct sn_op *op)
{
    size_t n = pass->plan->value[op->out].width * pass->rows;
    const REAL *h = input(pass, op->in), *x = input(pass, op->carry);
    REAL *t = OF(sn_net_value)(pass->net, op->gate);
    REAL *y = OF(sn_net_value)(pass->net, op->out);
    for (size_t i = 0; i < n; i++) {
        t[i] = 1 / (1 + EXP(-t[i]));
        y[i] = x[i] + t[i] * (h[i] - x[i]);
    }
}

static void highway_backward(const struct pass *pass, const struct sn_op *op)
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

static void add_forward(const struct pass *pass, const struct sn_op *op)
{
    size_t n = pass->plan->value[op->out].width * pass->rows;
    const REAL *u = input(pass, op->in), *x = input(pass, op->carry);
    REAL *y = OF(sn_net_value)(pass->net, op->out);
    for (size_t i = 0; i < n; i++)
        y[i] = u[i] + x[i];
}

static void add_backward(const struct pass *pass, const struct sn_op *op)
{
    size_t n = pass->plan->value[op->out].width * pass->rows;
    const REAL *dy = gradient(pass, op->out);
    REAL *du = gradient(pass, op->in), *dx = gradient(pass, op->carry);
    for (size_t i = 0; i < n; i++) {
        du[i] = dy[i];
        dx[i] = op->carry_adds ? dx[i] + dy[i] : dy[i];
    }
}

/* ---- the passes ------------------------------------------------------ */

static void forward(const struct pass *pass, const struct sn_op *op)
{
    REAL *y = OF(sn_net_value)(pass->net, op->out);
    size_t n = pass->plan->value[op->out].width * pass->rows;
    switch (op->kind) {
    case SN_OP_AFFINE:
        affine_forward(pass, op);
        break;
    case SN_OP_SELU:
        OF(sn_selu)(y, input(pass, op->in), n);
        break;
    case SN_OP_RELU:
        relu_forward(y, n);
        break;
    case SN_OP_TANH:
        tanh_forward(y, n);
        break;
    case SN_OP_BATCH_NORM:
        batch_norm_forward(pass, op);
        break;
    case SN_OP_LAYER_NORM:
        layer_norm_forward(pass, op);
        break;
    case SN_OP_DROPOUT:
        dropout_forward(pass, op);
        break;
    case SN_OP_ADD:
        add_forward(pass, op);
        break;
    case SN_OP_HIGHWAY:
        highway_forward(pass, op);
        break;
    }
}

static void backward(const struct pass *pass, const struct sn_op *op)
{
    REAL *dy = gradient(pass, op->out);
    size_t n = pass->plan->value[op->out].width * pass->rows;
    switch (op->kind) {
    case SN_OP_AFFINE:
        affine_backward(pass, op);
        break;
    case SN_OP_SELU:
        OF(sn_selu_grad)(gradient(pass, op->in), dy, input(pass, op->in), n);
        break;
    case SN_OP_RELU:
        relu_backward(dy, input(pass, op->out), n);
        break;
    case SN_OP_TANH:
        tanh_backward(dy, input(pass, op->out), n);
        break;
    case SN_OP_BATCH_NORM:
        batch_norm_backward(pass, op);
        break;
    case SN_OP_LAYER_NORM:
        layer_norm_backward(pass, op);
        break;
    case SN_OP_DROPOUT: {
        const REAL *mask = pass->net->state + op->state;
        REAL *dx = gradient(pass, op->in);
        for (size_t i = 0; i < n; i++)
            dx[i] = mask[i] * dy[i];
        break;
    }
    case SN_OP_ADD:
        add_backward(pass, op);
        break;
    case SN_OP_HIGHWAY:
        highway_backward(pass, op);
        break;
    }
}

static void run_backward(const struct pass *pass)
{
    for (int i = pass->plan->ops - 1; i >= 0; i--) {
        const struct sn_op *op = &pass->plan->op[i];
        const int block[] = {op->weights, op->gain, op->bias};
        backward(pass, op);
        for (int k = 0; k < 3; k++)
            if (block[k] != SN_NOTHING)
                settle(pass, block[k]);
    }
}

static void run_forward(const struct pass *pass)
{
    for (int i = 0; i < pass->plan->ops; i++)
        forward(pass, &pass->plan->op[i]);
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
            OF(sn_net_value)(pass->net, pass->plan->output) + r * n;
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

double OF(sn_net_gradient)(net_type *net, const REAL *x, const int *label,
    size_t rows, const struct sn_step *step)
{
    struct pass pass = {.net = net,
        .plan = net->plan,
        .x = x,
        .rows = rows,
        .training = true,
        .step = step};
    return run_both(&pass, label);
}

double OF(sn_net_step)(net_type *net, const REAL *x, const int *label,
    size_t rows, const struct sn_step *step)
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

struct sn_score OF(sn_net_score)(
    net_type *net, const REAL *x, const int *label, size_t rows)
{
    struct sn_score score = {0, 0};
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

/* ---- memory and initialisation --------------------------------------- */

static double deviation(const struct sn_block *b)
{
    double n = (double)b->columns;
    switch (b->law) {
    case SN_HE_NORMAL:
        return sqrt(2 / n);
    case SN_GLOROT_NORMAL:
        return sqrt(2 / (n + (double)b->rows));
    case SN_LECUN_NORMAL:
        break;
    }
    return 1 / sqrt(n);
}

/* Weight normalization starts with g = |v|: as if there were none. */
static void start_gains(net_type *net, const struct sn_op *op)
{
    const struct sn_block *b = &net->plan->block[op->weights];
    const REAL *v = net->parameter + b->offset;
    REAL *gain = net->parameter + net->plan->block[op->gain].offset;
    for (size_t i = 0; i < b->rows; i++) {
        double square = 0;
        for (size_t j = 0; j < b->columns; j++)
            square += (double)v[i * b->columns + j] * v[i * b->columns + j];
        gain[i] = (REAL)sqrt(square);
    }
}

static bool initialize(net_type *net)
{
    const struct sn_plan *p = net->plan;
    size_t widest = 0;
    for (int b = 0; b < p->blocks; b++)
        if (p->block[b].columns > widest)
            widest = p->block[b].columns;
    float *row = malloc(widest * sizeof *row);
    for (int b = 0; row && b < p->blocks; b++) {
        const struct sn_block *block = &p->block[b];
        REAL *w = net->parameter + block->offset;
        struct sn_drawer drawer = {
            net->seed, net->replicate, block->index, 0, SN_DRAW_WEIGHTS};
        for (size_t i = 0; i < block->rows; i++) {
            drawer.row = (uint32_t)i;
            if (block->is_matrix)
                sn_draw_normals(
                    row, block->columns, &drawer, deviation(block));
            for (size_t j = 0; j < block->columns; j++)
                w[i * block->columns + j] =
                    block->is_matrix ? row[j] : (REAL)block->constant;
        }
    }
    for (int i = 0; i < p->ops; i++) {
        const struct sn_op *op = &p->op[i];
        size_t n = p->value[op->out].width;
        /* running variances start at 1 */
        for (size_t j = 0; op->kind == SN_OP_BATCH_NORM && j < n; j++)
            net->state[op->state + 3 * n + j] = 1;
        if (op->kind == SN_OP_AFFINE && op->gain != SN_NOTHING)
            start_gains(net, op);
    }
    free(row);
    return row;
}

bool OF(sn_net_make)(net_type *net, const struct sn_plan *plan, uint64_t seed,
    uint32_t replicate)
{
    /* behind the state: two rows for batch_norm_backward() */
    size_t state = plan->state + 2 * plan->slot_width;
    *net = (net_type){.plan = plan, .seed = seed, .replicate = replicate};
    net->parameter = malloc(plan->parameters * sizeof(REAL));
    net->velocity = calloc(plan->parameters, sizeof(REAL));
    net->value = malloc(plan->row * plan->rows * sizeof(REAL));
    net->gradient =
        malloc(plan->slots * plan->slot_width * plan->rows * sizeof(REAL));
    net->state = calloc(state, sizeof(REAL));
    if (net->parameter && net->velocity && net->value && net->gradient &&
        net->state && initialize(net))
        return true;
    OF(sn_net_clear)(net);
    return false;
}

void OF(sn_net_clear)(net_type *net)
{
    free(net->parameter);
    free(net->velocity);
    free(net->value);
    free(net->gradient);
    free(net->state);
    *net = (net_type){0};
}
