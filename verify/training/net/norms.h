/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of net_passes.h: batch and layer normalization. */

/* mean, 1/deviation, running mean, running variance: a column each */
SHARED_FOR_EACH_VECTOR_UNIT static void batch_statistics(
    const struct pass *pass, const struct train_plan_op *op, const REAL *x,
    size_t n)
{
    REAL *mean = pass->net->state + op->state, *inverse = mean + n;
    REAL *running = mean + 2 * n, *variance = mean + 3 * n;
    size_t rows = pass->rows;
    if (!pass->training) {
        for (size_t j = 0; j < n; j++) {
            mean[j] = running[j];
            inverse[j] = 1 / SQRT(variance[j] + (REAL)TRAIN_NORM_EPSILON);
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
    const REAL fresh = (REAL)TRAIN_NORM_RUNNING;
    for (size_t j = 0; j < n; j++) {
        running[j] += fresh * (mean[j] - running[j]);
        variance[j] += fresh * (square[j] * unbiased - variance[j]);
        inverse[j] = 1 / SQRT(square[j] * share + (REAL)TRAIN_NORM_EPSILON);
    }
}

SHARED_FOR_EACH_VECTOR_UNIT static void batch_norm_forward(
    const struct pass *pass, const struct train_plan_op *op)
{
    size_t n = pass->plan->value[op->in].width;
    const REAL *x = input(pass, op->in), *gain = parameter(pass, op->gain);
    const REAL *bias = parameter(pass, op->bias);
    REAL *y = OF(train_net_value)(pass->net, op->out);
    batch_statistics(pass, op, x, n);
    const REAL *mean = pass->net->state + op->state, *inverse = mean + n;
    for (size_t r = 0; r < pass->rows; r++)
        for (size_t j = 0; j < n; j++)
            y[r * n + j] =
                gain[j] * ((x[r * n + j] - mean[j]) * inverse[j]) + bias[j];
}

SHARED_FOR_EACH_VECTOR_UNIT static void batch_norm_backward(
    const struct pass *pass, const struct train_plan_op *op)
{
    size_t n = pass->plan->value[op->in].width, rows = pass->rows;
    const REAL *x = input(pass, op->in), *dy = gradient(pass, op->out);
    const REAL *gain = parameter(pass, op->gain);
    const REAL *mean = pass->net->state + op->state, *inverse = mean + n;
    REAL *dx = gradient(pass, op->in), share = 1 / (REAL)rows;
    REAL m = (REAL)pass->step->momentum;
    REAL *to_gain = velocity(pass, op->gain),
         *to_bias = velocity(pass, op->bias);
    REAL *sum = spare(pass), *along = sum + n;
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

SHARED_FOR_EACH_VECTOR_UNIT static void layer_norm_forward(
    const struct pass *pass, const struct train_plan_op *op)
{
    size_t n = pass->plan->value[op->in].width;
    const REAL *gain = parameter(pass, op->gain);
    const REAL *bias = parameter(pass, op->bias);
    REAL *mean = pass->net->state + op->state, *one = spare(pass);
    REAL *inverse = mean + pass->plan->rows;
    for (size_t j = 0; j < n; j++)
        one[j] = 1;
    for (size_t r = 0; r < pass->rows; r++) {
        const REAL *x = input(pass, op->in) + r * n;
        REAL *y = OF(train_net_value)(pass->net, op->out) + r * n;
        const REAL center = (REAL)(dot(x, one, n) / (double)n);
        for (size_t j = 0; j < n; j++)
            y[j] = x[j] - center;
        const REAL scale =
            (REAL)(1 / sqrt(dot(y, y, n) / (double)n + TRAIN_NORM_EPSILON));
        mean[r] = center;
        inverse[r] = scale;
        for (size_t j = 0; j < n; j++)
            y[j] = gain[j] * (y[j] * scale) + bias[j];
    }
}

SHARED_FOR_EACH_VECTOR_UNIT static void layer_norm_backward(
    const struct pass *pass, const struct train_plan_op *op)
{
    size_t n = pass->plan->value[op->in].width;
    const REAL *gain = parameter(pass, op->gain);
    const REAL *mean = pass->net->state + op->state;
    const REAL *inverse = mean + pass->plan->rows;
    REAL *to_gain = velocity(pass, op->gain), m = (REAL)pass->step->momentum;
    REAL *unit = spare(pass);
    add_columns(pass, op->bias, gradient(pass, op->out));
    for (size_t j = 0; j < n; j++)
        to_gain[j] *= m;
    for (size_t r = 0; r < pass->rows; r++) {
        const REAL *x = input(pass, op->in) + r * n;
        const REAL *dy = gradient(pass, op->out) + r * n;
        REAL *dx = gradient(pass, op->in) + r * n, *d = unit + n;
        const REAL center = mean[r], scale = inverse[r];
        for (size_t j = 0; j < n; j++) {
            unit[j] = (x[j] - center) * scale;
            d[j] = dy[j] * unit[j];
            to_gain[j] += d[j];
        }
        const REAL sum = (REAL)(dot(dy, gain, n) / (double)n);
        const REAL along = (REAL)(dot(d, gain, n) / (double)n);
        for (size_t j = 0; j < n; j++) {
            REAL back = scale * (dy[j] * gain[j] - sum - unit[j] * along);
            dx[j] = op->in_adds ? dx[j] + back : back;
        }
    }
}
