/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of net_passes.h: affine maps, with weight normalization. */

/* y += x w', row-major: y rows x n, x rows x k, w n x k. */
static void times_transposed(
    REAL *y, const REAL *x, const REAL *w, size_t rows, size_t n, size_t k)
{
    GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)n, (int)k, 1,
        x, (int)k, w, (int)k, 1, y, (int)n);
}

/* Weight normalization's gain v/|v|, and 1/|v| behind it. */
static const REAL *effective(
    const struct pass *pass, const struct sn_plan_op *op)
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

static void affine_forward(
    const struct pass *pass, const struct sn_plan_op *op)
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
    const struct pass *pass, const struct sn_plan_op *op, const REAL *dw)
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

static void affine_backward(
    const struct pass *pass, const struct sn_plan_op *op)
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
