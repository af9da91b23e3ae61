/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of net_passes.h: memory and initialisation. */

static double law_deviation(const struct train_block *b)
{
    double n = (double)b->columns;
    switch (b->law) {
    case TRAIN_LAW_HE:
        return sqrt(2 / n);
    case TRAIN_LAW_GLOROT:
        return sqrt(2 / (n + (double)b->rows));
    case TRAIN_LAW_LECUN:
        break;
    }
    return 1 / sqrt(n);
}

/* Weight normalization starts with g = |v|: as if there were none. */
static void start_gains(net_type *net, const struct train_plan_op *op)
{
    const struct train_block *b = &net->plan->block[op->weights];
    const REAL *v = net->parameter + b->offset;
    REAL *gain = net->parameter + net->plan->block[op->gain].offset;
    for (size_t i = 0; i < b->rows; i++)
        gain[i] = (REAL)sqrt(
            dot(v + i * b->columns, v + i * b->columns, b->columns));
}

static bool initialize_weights(net_type *net)
{
    const struct train_plan *p = net->plan;
    size_t widest = 0;
    for (int b = 0; b < p->blocks; b++)
        if (p->block[b].columns > widest)
            widest = p->block[b].columns;
    float *row = malloc(widest * sizeof *row);
    for (int b = 0; row && b < p->blocks; b++) {
        const struct train_block *block = &p->block[b];
        REAL *w = net->parameter + block->offset;
        struct shared_stream stream = {
            net->seed, net->replicate, block->index, 0, TRAIN_DRAW_WEIGHTS};
        for (size_t i = 0; i < block->rows; i++) {
            stream.row = (uint32_t)i;
            if (block->is_matrix)
                shared_normals_f32(
                    row, block->columns, &stream, 0, law_deviation(block));
            for (size_t j = 0; j < block->columns; j++)
                w[i * block->columns + j] =
                    block->is_matrix ? row[j] : (REAL)block->constant;
        }
    }
    for (int i = 0; i < p->ops; i++) {
        const struct train_plan_op *op = &p->op[i];
        size_t n = p->value[op->out].width;
        /* running variances start at 1 */
        for (size_t j = 0; op->kind == TRAIN_OP_BATCH_NORM && j < n; j++)
            net->state[op->state + 3 * n + j] = 1;
        if (op->kind == TRAIN_OP_AFFINE && op->gain != TRAIN_NOTHING)
            start_gains(net, op);
    }
    free(row);
    return row;
}

/* From a cache line's start, where vector loads cross no line. */
static REAL *aligned_room(size_t n)
{
    enum { ROOM_LINE = 64 };
    size_t size = (n * sizeof(REAL) + ROOM_LINE) / ROOM_LINE * ROOM_LINE;
    REAL *x = aligned_alloc(ROOM_LINE, size);
    if (x)
        memset(x, 0, size);
    return x;
}

bool OF(train_net_make)(net_type *net, const struct train_plan *plan,
    uint64_t seed, uint32_t replicate)
{
    size_t widest = 0;
    for (int i = 0; i < plan->values; i++)
        if (plan->value[i].width > widest)
            widest = plan->value[i].width;
    size_t state = plan->state + (plan->rows + 2) * widest; /* spare() */
    *net = (net_type){.plan = plan, .seed = seed, .replicate = replicate};
    net->parameter = aligned_room(plan->parameters);
    net->velocity = aligned_room(plan->parameters);
    net->value = aligned_room(plan->row * plan->rows);
    net->gradient = aligned_room(plan->slots * plan->slot_width * plan->rows);
    net->state = aligned_room(state);
    if (net->parameter && net->velocity && net->value && net->gradient &&
        net->state && initialize_weights(net))
        return true;
    OF(train_net_clear)(net);
    return false;
}

void OF(train_net_clear)(net_type *net)
{
    free(net->parameter);
    free(net->velocity);
    free(net->value);
    free(net->gradient);
    free(net->state);
    *net = (net_type){0};
}
