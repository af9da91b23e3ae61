/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/experiment/run.h"
#include "verify/shared/power_sums.h"
#include "verify/training/net/net.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Theorem 1's domain, and its weights. */
#define MOST_MEAN      0.1
#define LEAST_VARIANCE 0.8
#define MOST_VARIANCE  1.5
#define MOST_OMEGA     0.1
#define LEAST_TAU      0.95
#define MOST_TAU       1.1

/* A run in progress. */
struct train_course {
    const struct train_recipe *recipe;
    struct task_parts parts;
    struct train_plan plan;
    struct train_net_f32 net;
    size_t batch;
    size_t *order, taken; /* of the training rows, in this epoch */
    uint32_t epoch;
    float *x;
    int *label;
    struct train_run *run;
};

size_t train_checkpoint_step(size_t steps, size_t k)
{
    return steps * k / TRAIN_CHECKPOINTS;
}

static enum sn_status start_course(struct train_course *c)
{
    const struct train_recipe *r = c->recipe;
    enum sn_status status =
        task_parts_make(&c->parts, r->task, r->seed, r->replicate);
    if (status != SN_OK)
        return status;
    size_t rows = c->parts.rows[TASK_TRAINING];
    c->batch = r->batch < rows ? r->batch : rows;
    const struct train_shape shape = {.arm = r->arm,
        .features = r->task->features,
        .width = r->width,
        .depth = r->depth,
        .classes = r->task->classes,
        .dropout = r->dropout,
        .dropout_first = !r->dropout_layers || r->dropout_layers > r->depth
                             ? 1
                             : r->depth + 1 - r->dropout_layers,
        .dropout_last = r->depth};
    status = train_plan_make(&c->plan, &shape, c->batch);
    if (status != SN_OK)
        return status;
    c->order = malloc(rows * sizeof *c->order);
    c->x = malloc(c->batch * shape.features * sizeof *c->x);
    c->label = malloc(c->batch * sizeof *c->label);
    c->run->layer =
        calloc(TRAIN_STAGES * (r->depth + 1), sizeof *c->run->layer);
    c->taken = rows; /* the first batch begins an epoch */
    if (c->order && c->x && c->label && c->run->layer &&
        train_net_make_f32(&c->net, &c->plan, r->seed, r->replicate))
        return SN_OK;
    return SN_NO_MEMORY;
}

static void finish_course(struct train_course *c)
{
    train_net_clear_f32(&c->net);
    train_plan_clear(&c->plan);
    task_parts_clear(&c->parts);
    free(c->order);
    free(c->x);
    free(c->label);
}

static void next_batch(struct train_course *c)
{
    size_t rows = c->parts.rows[TASK_TRAINING], m = c->plan.shape.features;
    if (rows - c->taken < c->batch) {
        const struct shared_stream d = {c->recipe->seed, c->recipe->replicate,
            c->epoch % SHARED_RANDOM_MAX_INDEX, 0, TRAIN_DRAW_ORDER};
        for (size_t i = 0; i < rows; i++)
            c->order[i] = i;
        shared_order(c->order, rows, &d);
        c->epoch++;
        c->taken = 0;
    }
    for (size_t i = 0; i < c->batch; i++) {
        size_t row = c->order[c->taken++];
        memcpy(c->x + i * m, c->parts.x[TASK_TRAINING] + row * m,
            m * sizeof *c->x);
        c->label[i] = c->parts.label[TASK_TRAINING][row];
    }
}

static struct train_score score_part(
    struct train_course *c, enum task_part part, size_t most)
{
    size_t rows = c->parts.rows[part] < most ? c->parts.rows[part] : most;
    return train_net_score_f32(
        &c->net, c->parts.x[part], c->parts.label[part], rows);
}

static float share_right(struct train_course *c, enum task_part part,
    size_t most, const struct train_score *s)
{
    size_t rows = c->parts.rows[part] < most ? c->parts.rows[part] : most;
    return (float)((double)s->right / (double)rows);
}

/* ---- layers ---------------------------------------------------------- */

/* Share of the units of the affine map in front of layer l. */
static float units_inside(const struct train_course *c, size_t l)
{
    for (int i = 0; i < c->plan.ops; i++) {
        const struct train_plan_op *op = &c->plan.op[i];
        if (op->kind != TRAIN_OP_AFFINE || op->layer != l)
            continue;
        const struct train_block *b = &c->plan.block[op->weights];
        /* weight normalization: what it multiplies with */
        const float *w = op->gain == TRAIN_NOTHING
                             ? c->net.parameter + b->offset
                             : c->net.state + op->state;
        size_t inside = 0;
        for (size_t u = 0; u < b->rows; u++) {
            double omega = 0, tau = 0;
            for (size_t j = 0; j < b->columns; j++) {
                double x = w[u * b->columns + j];
                omega += x;
                tau += x * x;
            }
            inside += fabs(omega) <= MOST_OMEGA && tau >= LEAST_TAU &&
                      tau <= MOST_TAU;
        }
        return (float)inside / (float)b->rows;
    }
    return 0;
}

static void record_layers(struct train_course *c)
{
    struct train_run *run = c->run;
    if (run->stages == TRAIN_STAGES)
        return;
    size_t rows = c->batch;
    score_part(c, TASK_TRAINING, rows);
    for (size_t l = 0; l <= c->plan.shape.depth; l++) {
        int i = c->plan.layer_value[l];
        size_t n = c->plan.value[i].width, inside = 0;
        const float *x =
            i ? train_net_value_f32(&c->net, i) : c->parts.x[TASK_TRAINING];
        double mean = 0, variance = 0;
        for (size_t r = 0; r < rows; r++) {
            struct shared_power_sums sums;
            double m, squares;
            shared_two_sums_f32(&m, &squares, x + r * n, n);
            m /= (double)n;
            shared_power_sums_f32(&sums, x + r * n, n, m);
            double v = n > 1 ? sums.two / (double)(n - 1) : 0;
            mean += m / (double)rows;
            variance += v / (double)rows;
            inside += fabs(m) <= MOST_MEAN && v >= LEAST_VARIANCE &&
                      v <= MOST_VARIANCE;
        }
        run->layer[run->stages * (c->plan.shape.depth + 1) + l] =
            (struct train_layer_state){(float)mean, (float)variance,
                (float)inside / (float)rows, l ? units_inside(c, l) : 0};
    }
    run->stages++;
}

/* ---- checkpoints ----------------------------------------------------- */

/* Scores; false where the loss is not finite. */
static bool score_checkpoint(struct train_course *c, size_t k)
{
    struct train_run *run = c->run;
    struct train_score s = score_part(c, TASK_TRAINING, TRAIN_SCORED_ROWS);
    struct train_score v = score_part(c, TASK_VALIDATION, SIZE_MAX);
    if (!isfinite(s.loss) || !isfinite(v.loss))
        return false;
    struct train_checkpoint *now = &run->at[k];
    *now = (struct train_checkpoint){(float)s.loss,
        share_right(c, TASK_TRAINING, TRAIN_SCORED_ROWS, &s), (float)v.loss,
        share_right(c, TASK_VALIDATION, SIZE_MAX, &v)};
    run->checkpoints = k + 1;
    const struct train_checkpoint *best = &run->at[run->best];
    bool better = k == 0 ||
                  now->validation_accuracy > best->validation_accuracy ||
                  (now->validation_accuracy == best->validation_accuracy &&
                      now->validation_loss < best->validation_loss);
    if (better || k == TRAIN_CHECKPOINTS) {
        struct train_score t = score_part(c, TASK_TEST, SIZE_MAX);
        run->final_test = share_right(c, TASK_TEST, SIZE_MAX, &t);
        if (better) {
            run->best = k;
            run->best_test = run->final_test;
        }
    }
    run->final_training = now->accuracy;
    run->final_validation = now->validation_accuracy;
    if (k == 0 || k == TRAIN_CHECKPOINTS / 2 || k == TRAIN_CHECKPOINTS)
        record_layers(c);
    return true;
}

/* Accuracy of naming the commonest training class for the first rows. */
static float guess_accuracy(
    const struct train_course *c, enum task_part part, size_t rows)
{
    rows = c->parts.rows[part] < rows ? c->parts.rows[part] : rows;
    size_t most = 0, right = 0;
    int commonest = 0;
    for (size_t k = 0; k < c->plan.shape.classes; k++) {
        size_t count = 0;
        for (size_t i = 0; i < c->parts.rows[TASK_TRAINING]; i++)
            count += (size_t)c->parts.label[TASK_TRAINING][i] == k;
        if (count > most) {
            most = count;
            commonest = (int)k;
        }
    }
    for (size_t i = 0; i < rows; i++)
        right += c->parts.label[part][i] == commonest;
    return (float)((double)right / (double)rows);
}

static void end_diverged(struct train_course *c)
{
    struct train_run *run = c->run;
    run->outcome = TRAIN_RUN_DIVERGED;
    run->final_test = guess_accuracy(c, TASK_TEST, SIZE_MAX);
    run->final_training = guess_accuracy(c, TASK_TRAINING, TRAIN_SCORED_ROWS);
    run->final_validation = guess_accuracy(c, TASK_VALIDATION, SIZE_MAX);
    if (!run->checkpoints) { /* not even the first could be scored */
        run->at[0].validation_accuracy = run->final_validation;
        run->at[0].validation_loss = run->at[0].loss = INFINITY;
        run->at[0].accuracy = run->final_training;
        run->best_test = run->final_test;
        run->checkpoints = 1;
    }
}

static void run_steps(
    struct train_course *c, train_go_on *go_on, void *context)
{
    const struct train_recipe *r = c->recipe;
    struct train_run *run = c->run;
    size_t k = 0;
    next_batch(c);
    struct train_step step = {r->rate, r->momentum, r->decay, 0};
    for (size_t s = 0; s <= r->steps; s++) {
        bool finite = true;
        while (finite && k <= TRAIN_CHECKPOINTS &&
               train_checkpoint_step(r->steps, k) == s)
            finite = score_checkpoint(c, k++);
        if (finite && s < r->steps) {
            if (go_on && !go_on(context))
                return;
            step.number = (uint32_t)s;
            double loss =
                train_net_step_f32(&c->net, c->x, c->label, c->batch, &step);
            finite = isfinite(loss);
        }
        if (!finite) {
            end_diverged(c);
            return;
        }
        if (s == r->steps)
            break;
        run->steps = s + 1;
        if (run->steps < r->steps)
            next_batch(c);
    }
    run->outcome = TRAIN_RUN_ENDED;
    run->stuck = run->final_training <=
                 guess_accuracy(c, TASK_TRAINING, TRAIN_SCORED_ROWS);
}

enum sn_status train_run_do(struct train_run *run,
    const struct train_recipe *recipe, train_go_on *go_on, void *context)
{
    struct train_course c = {.recipe = recipe, .run = run};
    *run = (struct train_run){.outcome = TRAIN_RUN_MISSING};
    enum sn_status status = start_course(&c);
    if (status == SN_OK)
        run_steps(&c, go_on, context);
    finish_course(&c);
    if (status != SN_OK || run->outcome == TRAIN_RUN_MISSING)
        train_run_clear(run);
    return status;
}

void train_run_clear(struct train_run *run)
{
    free(run->layer);
    run->layer = NULL;
}
