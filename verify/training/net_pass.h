/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of net_passes.h: where a pass finds what it needs. */

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
