/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of net_passes.h: affine maps, with weight normalization. */

/*
 * OpenBLAS has kernels that pack nothing for products of at most 10^6
 * multiplications, where they are a quarter faster at these sizes; for a times
 * b' it has none, which is why no product here has that form.
 */
enum { UNPACKED = 1000000, PANEL_STEP = 16 };

/* How many of n columns to take at a time, all about as many. */
static size_t panel_columns(size_t m, size_t n, size_t k)
{
    size_t most = UNPACKED / (m * k) / PANEL_STEP * PANEL_STEP;
    if (most == 0 || most >= n)
        return n;
    size_t count = (n + most - 1) / most;
    return ((n + count - 1) / count + PANEL_STEP - 1) / PANEL_STEP *
           PANEL_STEP;
}

/* A matrix without gaps, or its transpose. */
struct train_operand {
    const REAL *at;
    bool down; /* transposed */
};

/* y = a b + beta y, row-major: y m x n, over k. */
static void panel_product(REAL *y, struct train_operand a,
    struct train_operand b, size_t m, size_t n, size_t k, REAL beta)
{
    const CBLAS_TRANSPOSE ta = a.down ? CblasTrans : CblasNoTrans,
                          tb = b.down ? CblasTrans : CblasNoTrans;
    size_t step = panel_columns(m, n, k);
    for (size_t j = 0; j < n; j += step)
        GEMM(CblasRowMajor, ta, tb, (int)m, (int)(n - j < step ? n - j : step),
            (int)k, 1, a.at, (int)(a.down ? m : k),
            b.at + (b.down ? j * k : j), (int)(b.down ? k : n), beta, y + j,
            (int)n);
}

enum { TILE = 16 };
typedef REAL tile __attribute__((vector_size(TILE * sizeof(REAL))));

/*
 * A perfect shuffle of TILE^2 numbers, one half's in turn with the other's:
 * it rotates the bits of a number's place, so that after half of them, four
 * shuffles, rows and columns have changed.
 */
static inline __attribute__((always_inline)) void shuffle_tile(
    tile *to, const tile *x)
{
    for (int i = 0; i < TILE / 2; i++) {
        to[2 * i] = __builtin_shufflevector(x[i], x[i + TILE / 2], 0, 16, 1,
            17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        to[2 * i + 1] = __builtin_shufflevector(x[i], x[i + TILE / 2], 8, 24,
            9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
}

/* to, n x rows, is x', rows x n. */
SHARED_FOR_EACH_VECTOR_UNIT static void transpose_batch(
    REAL *to, const REAL *x, size_t rows, size_t n)
{
    size_t whole_rows = rows / TILE * TILE, whole = n / TILE * TILE;
    for (size_t r = 0; r < whole_rows; r += TILE)
        for (size_t j = 0; j < whole; j += TILE) {
            tile a[TILE], b[TILE];
            for (size_t i = 0; i < TILE; i++)
                memcpy(&a[i], x + (r + i) * n + j, sizeof a[i]);
            shuffle_tile(b, a);
            shuffle_tile(a, b);
            shuffle_tile(b, a);
            shuffle_tile(a, b);
            for (size_t i = 0; i < TILE; i++)
                memcpy(to + (j + i) * rows + r, &a[i], sizeof a[i]);
        }
    for (size_t r = 0; r < rows; r++)
        for (size_t j = r < whole_rows ? whole : 0; j < n; j++)
            to[j * rows + r] = x[r * n + j];
}

/* Weight normalization's gain v/|v|, and 1/|v| behind it. */
SHARED_FOR_EACH_VECTOR_UNIT static const REAL *effective_weights(
    const struct pass *pass, const struct train_plan_op *op)
{
    const struct train_block *b = &pass->plan->block[op->weights];
    const REAL *v = parameter(pass, op->weights);
    if (op->gain == TRAIN_NOTHING)
        return v;
    const REAL *gain = parameter(pass, op->gain);
    REAL *w = pass->net->state + op->state;
    REAL *inverse = w + 2 * b->rows * b->columns;
    for (size_t i = 0; i < b->rows; i++) {
        const REAL *from = v + i * b->columns;
        inverse[i] = (REAL)(1 / sqrt(dot(from, from, b->columns)));
        REAL scale = gain[i] * inverse[i];
        for (size_t j = 0; j < b->columns; j++)
            w[i * b->columns + j] = scale * from[j];
    }
    return w;
}

SHARED_FOR_EACH_VECTOR_UNIT static void fill_bias(
    REAL *y, const REAL *bias, size_t rows, size_t n)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < n; j++)
            y[r * n + j] = bias[j];
}

static void affine_forward(
    const struct pass *pass, const struct train_plan_op *op)
{
    const struct train_block *b = &pass->plan->block[op->weights];
    REAL *y = OF(train_net_value)(pass->net, op->out);
    if (op->bias != TRAIN_NOTHING)
        fill_bias(y, parameter(pass, op->bias), pass->rows, b->rows);
    REAL *x = spare(pass);
    transpose_batch(x, input(pass, op->in), pass->rows, b->columns);
    panel_product(y, (struct train_operand){x, true},
        (struct train_operand){effective_weights(pass, op), true}, pass->rows,
        b->rows, b->columns, op->bias == TRAIN_NOTHING ? 0 : 1);
}

/* From dw, the gradient in effective weights, to gain and direction. */
SHARED_FOR_EACH_VECTOR_UNIT static void direction_backward(
    const struct pass *pass, const struct train_plan_op *op, const REAL *dw)
{
    const struct train_block *b = &pass->plan->block[op->weights];
    const REAL *v = parameter(pass, op->weights);
    const REAL *gain = parameter(pass, op->gain);
    const REAL *inverse =
        pass->net->state + op->state + 2 * b->rows * b->columns;
    REAL *to = velocity(pass, op->weights),
         *to_gain = velocity(pass, op->gain);
    REAL m = (REAL)pass->step->momentum;
    for (size_t i = 0; i < b->rows; i++) {
        const REAL *d = dw + i * b->columns, *x = v + i * b->columns;
        REAL of_gain = (REAL)(dot(d, x, b->columns) * inverse[i]);
        to_gain[i] = m * to_gain[i] + of_gain;
        REAL scale = gain[i] * inverse[i], back = of_gain * inverse[i];
        REAL *y = to + i * b->columns;
        for (size_t j = 0; j < b->columns; j++)
            y[j] = m * y[j] + scale * (d[j] - back * x[j]);
    }
}

static void affine_backward(
    const struct pass *pass, const struct train_plan_op *op)
{
    const struct train_block *b = &pass->plan->block[op->weights];
    const REAL *dy = gradient(pass, op->out), *x = input(pass, op->in);
    size_t n = b->rows, k = b->columns;
    const REAL *w = parameter(pass, op->weights);
    REAL *dw = velocity(pass, op->weights), m = (REAL)pass->step->momentum;
    if (op->bias != TRAIN_NOTHING)
        add_columns(pass, op->bias, dy);
    if (op->gain != TRAIN_NOTHING) {
        w = pass->net->state + op->state;
        dw = pass->net->state + op->state + n * k;
        m = 0;
    }
    panel_product(dw, (struct train_operand){dy, true},
        (struct train_operand){x, false}, n, k, pass->rows, m);
    if (op->gain != TRAIN_NOTHING)
        direction_backward(pass, op, dw);
    if (op->in != 0)
        panel_product(gradient(pass, op->in),
            (struct train_operand){dy, false},
            (struct train_operand){w, false}, pass->rows, k, n,
            op->in_adds ? 1 : 0);
}
