/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of net_passes.h: where a pass finds what it needs. */

typedef struct OF(train_net) net_type;

/*
 * Sum of x[j] y[j] in binary64.  Number j is added in lane j modulo DOT_LANES
 * and then the lanes in turn: the same order for vectors of any width.
 */
SHARED_FOR_EACH_VECTOR_UNIT static double dot(
    const REAL *x, const REAL *y, size_t n)
{
    enum { DOT_LANES = 16 };
    double lane[DOT_LANES] = {0}, sum = 0;
    size_t whole = n / DOT_LANES * DOT_LANES;
    for (size_t j = 0; j < whole; j += DOT_LANES)
        for (size_t i = 0; i < DOT_LANES; i++)
            lane[i] += (double)x[j + i] * (double)y[j + i];
    for (size_t i = 0; i < n - whole; i++)
        lane[i] += (double)x[whole + i] * (double)y[whole + i];
    for (size_t i = 0; i < DOT_LANES; i++)
        sum += lane[i];
    return sum;
}

/* One pass: what an operation needs to know of it. */
struct pass {
    net_type *net;
    const struct train_plan *plan;
    const REAL *x;
    size_t rows;
    bool training; /* dropout, statistics of the batch */
    const struct train_step *step;
    bool descends; /* a parameter moves as soon as its gradient is there */
};

REAL *OF(train_net_value)(const net_type *net, int i)
{
    return net->value + net->plan->value[i].offset * net->plan->rows;
}

static const REAL *input(const struct pass *pass, int i)
{
    return i == 0 ? pass->x : OF(train_net_value)(pass->net, i);
}

static REAL *gradient(const struct pass *pass, int i)
{
    const struct train_plan *p = pass->plan;
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

/* For one operation: two rows and a batch of the widest value. */
static REAL *spare(const struct pass *pass)
{
    return pass->net->state + pass->plan->state;
}

/* v <- v + decay w, w <- w - rate v */
SHARED_FOR_EACH_VECTOR_UNIT static void descend(
    REAL *restrict w, REAL *restrict v, REAL decay, REAL rate, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        v[i] += decay * w[i];
        w[i] -= rate * v[i];
    }
}

/*
 * The gradient of a block is in its velocity: weight decay, and the step.  A
 * layer's weights are then still near the processor.
 */
static void settle_block(const struct pass *pass, int block)
{
    const struct train_block *b = &pass->plan->block[block];
    descend(parameter(pass, block), velocity(pass, block),
        b->is_matrix ? (REAL)pass->step->decay : 0,
        pass->descends ? (REAL)pass->step->rate : 0, b->rows * b->columns);
}

/* v <- m v + sums of the columns of dy, rows x n */
SHARED_FOR_EACH_VECTOR_UNIT static void sum_columns(
    REAL *v, REAL m, const REAL *dy, size_t rows, size_t n)
{
    for (size_t j = 0; j < n; j++)
        v[j] *= m;
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < n; j++)
            v[j] += dy[r * n + j];
}

static void add_columns(const struct pass *pass, int block, const REAL *dy)
{
    sum_columns(velocity(pass, block), (REAL)pass->step->momentum, dy,
        pass->rows, pass->plan->block[block].columns);
}
