/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks: gradients of every arm against differences, laws, steps. */
#include "tests/verify/training/test_training.h"
#include "verify/training/net/net.h"
#include <stdlib.h>
#include <string.h>
#include <math.h>

enum { ROWS = 7, FEATURES = 5, CLASSES = 3, WIDTH = 6 };

static double x64[ROWS * FEATURES];
static float x32[ROWS * FEATURES];
static int label[ROWS];

static void fill_batch(void)
{
    const struct shared_stream d = {9, 9, 9, 9, TRAIN_DRAW_NOISE};
    shared_normals_f32(x32, COUNT(x32), &d, 0, 1);
    for (size_t i = 0; i < COUNT(x32); i++)
        x64[i] = x32[i];
    for (int i = 0; i < ROWS; i++)
        label[i] = i % CLASSES;
}

static struct train_shape shape_of(int arm, size_t depth, double dropout)
{
    return (struct train_shape){.arm = &train_arms[arm],
        .features = FEATURES,
        .width = WIDTH,
        .depth = depth,
        .classes = CLASSES,
        .dropout = dropout,
        .dropout_first = 1,
        .dropout_last = depth};
}

/* What the steps descend: cross-entropy and decay/2 |w|^2 of matrices. */
static double objective(
    struct train_net_f64 *net, const struct train_step *step)
{
    double loss = train_net_gradient_f64(net, x64, label, ROWS, step);
    for (int b = 0; b < net->plan->blocks; b++) {
        const struct train_block *k = &net->plan->block[b];
        for (size_t i = 0; k->is_matrix && i < k->rows * k->columns; i++)
            loss += step->decay / 2 * pow(net->parameter[k->offset + i], 2);
    }
    return loss;
}

/*
 * Largest difference between gradient and central differences, relative to
 * the gradient's largest component; every parameter is tried.  Parameters are
 * moved off their start, so that no bias is 0 and no gain 1.
 */
static double worst_gradient(const struct train_shape *shape, double spoil)
{
    struct train_plan plan;
    struct train_net_f64 net;
    const struct train_step step = {.decay = 0.01, .number = 3};
    cr_assert_eq(train_plan_make(&plan, shape, ROWS), SN_OK);
    cr_assert(train_net_make_f64(&net, &plan, 4, 2));
    float *noise = malloc(plan.parameters * sizeof *noise);
    const struct shared_stream d = {5, 5, 5, 5, TRAIN_DRAW_NOISE};
    shared_normals_f32(noise, plan.parameters, &d, 0, 0.1);
    for (size_t i = 0; i < plan.parameters; i++)
        net.parameter[i] += noise[i];
    double *gradient = malloc(plan.parameters * sizeof *gradient);
    train_net_gradient_f64(&net, x64, label, ROWS, &step);
    memcpy(gradient, net.velocity, plan.parameters * sizeof *gradient);
    gradient[plan.parameters / 2] += spoil;
    double worst = 0, largest = 0;
    for (size_t i = 0; i < plan.parameters; i++) {
        const double h = 2e-6, kept = net.parameter[i];
        net.parameter[i] = kept + h;
        double above = objective(&net, &step);
        net.parameter[i] = kept - h;
        double below = objective(&net, &step);
        net.parameter[i] = kept;
        double off = fabs((above - below) / (2 * h) - gradient[i]);
        /* a NaN counts as the worst */
        worst = off <= worst ? worst : off;
        largest = fmax(largest, fabs(gradient[i]));
    }
    free(noise);
    free(gradient);
    train_net_clear_f64(&net);
    train_plan_clear(&plan);
    return worst / largest;
}

Test(training, gradients_of_every_arm_agree_with_differences)
{
    fill_batch();
    for (int a = 0; a < train_arm_count; a++)
        for (size_t depth = 2; depth <= 6; depth += 4)
            for (int dropped = 0; dropped < 2; dropped++) {
                struct train_shape s = shape_of(a, depth, dropped ? 0.2 : 0);
                double worst = worst_gradient(&s, 0);
                /* differences: h^2 of the third derivative, 2^-53/h */
                cr_expect(worst < 1e-7, "%s, depth %zu, dropout %g: %g",
                    train_arms[a].name, depth, s.dropout, worst);
            }
}

Test(training, a_gradient_slightly_off_is_noticed)
{
    fill_batch();
    for (int a = 0; a < train_arm_count; a++) {
        struct train_shape s = shape_of(a, 4, 0);
        cr_expect(worst_gradient(&s, 1e-4) > 1e-7, "%s", train_arms[a].name);
    }
}

/* ---- functions of the binary32 passes ---- */

Test(training, exponential_and_tanh_are_as_good_as_stated)
{
    double worst_exp = 0, worst_tanh = 0;
    for (double x = -87; x <= 88; x += 0x1p-11) {
        float f = (float)x;
        double off = train_exp_f32(f) / exp(f) - 1;
        worst_exp = fmax(worst_exp, fabs(off));
    }
    for (double x = -12; x <= 12; x += 0x1p-14) {
        float f = (float)x;
        double off = train_tanh_f32(f) - tanh(f);
        worst_tanh = fmax(worst_tanh, fabs(off));
    }
    cr_expect(worst_exp < 3e-7, "%g", worst_exp);
    cr_expect(worst_tanh < 3e-7, "%g", worst_tanh);
    cr_expect(isnan(train_exp_f32(NAN)) && isnan(train_tanh_f32(NAN)));
    cr_expect(train_tanh_f32(INFINITY) == 1);
    cr_expect(train_tanh_f32(-INFINITY) == -1);
}

/* ---- dropout ---- */

Test(training, alpha_dropout_keeps_mean_and_variance)
{
    static const double rate[] = {0.05, 0.1, 0.5, 0.9};
    for (size_t i = 0; i < COUNT(rate); i++) {
        struct shared_dropout constants;
        cr_assert_eq(train_alpha_dropout(&constants, rate[i]), SN_OK);
        double a = constants.a, b = constants.b, d = constants.dropped;
        double q = 1 - rate[i];
        /* kept: a x + b with x of mean 0 and variance 1; dropped: a d + b */
        double lost = a * d + b, mean = q * b + rate[i] * lost;
        double square = q * (a * a + b * b) + rate[i] * lost * lost;
        cr_expect(fabs(d + 1.7580993408473768599) < 1e-15, "%.17g", d);
        cr_expect(fabs(mean) < 1e-15 && fabs(square - 1) < 1e-15,
            "rate %g: %g, %g", rate[i], mean, square - 1);
    }
}

/* Shares of dropped units, and the same mask again at the same step. */
Test(training, dropout_drops_its_share)
{
    enum { UNITS = 1000, MANY = 50 };
    const struct train_shape s = {.arm = train_arm_find("msra"),
        .features = 2,
        .width = UNITS,
        .depth = 1,
        .classes = 2,
        .dropout = 0.3,
        .dropout_first = 1,
        .dropout_last = 1};
    struct train_plan plan;
    struct train_net_f32 net;
    float x[2 * MANY];
    int y[MANY] = {0};
    cr_assert_eq(train_plan_make(&plan, &s, MANY), SN_OK);
    cr_assert(train_net_make_f32(&net, &plan, 1, 0));
    for (int i = 0; i < 2 * MANY; i++)
        x[i] = 1;
    size_t state = 0;
    for (int i = 0; i < plan.ops; i++)
        if (plan.op[i].kind == TRAIN_OP_DROPOUT)
            state = plan.op[i].state;
    float *mask = net.state + state,
          *kept = malloc(UNITS * MANY * sizeof *kept);
    int differ = 0, dropped = 0;
    struct train_step step = {.number = 7};
    train_net_gradient_f32(&net, x, y, MANY, &step);
    memcpy(kept, mask, UNITS * MANY * sizeof *kept);
    for (int i = 0; i < UNITS * MANY; i++)
        dropped += kept[i] == 0;
    train_net_gradient_f32(&net, x, y, MANY, &step);
    cr_expect(!memcmp(kept, mask, UNITS * MANY * sizeof *kept));
    step.number = 8;
    train_net_gradient_f32(&net, x, y, MANY, &step);
    for (int i = 0; i < UNITS * MANY; i++)
        differ += (kept[i] == 0) != (mask[i] == 0);
    /* binomial: sd 102, and 100 of 2 0.3 0.7; 5 sd */
    cr_expect(abs(dropped - 15000) < 512, "%d dropped", dropped);
    cr_expect(abs(differ - 21000) < 560, "%d differ", differ);
    free(kept);
    train_net_clear_f32(&net);
    train_plan_clear(&plan);
}

/* ---- initialisation and steps ---- */

Test(training, weights_have_the_variance_of_their_law)
{
    static const struct {
        const char *arm;
        double times; /* variance times fan-in, square layers */
    } row[] = {{"snn", 1}, {"msra", 2}, {"batchnorm", 2}, {"layernorm", 2},
        {"weightnorm", 2}, {"highway", 2}, {"resnet", 2}, {"tanh", 1}};
    enum { UNITS = 200 };
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct train_shape s = {.arm = train_arm_find(row[i].arm),
            .features = UNITS,
            .width = UNITS,
            .depth = 2,
            .classes = 2};
        struct train_plan plan;
        struct train_net_f64 net;
        cr_assert_eq(train_plan_make(&plan, &s, 4), SN_OK);
        cr_assert(train_net_make_f64(&net, &plan, 1, 0));
        for (int b = 0; b < plan.blocks; b++) {
            const struct train_block *k = &plan.block[b];
            double square = 0, n = (double)(k->rows * k->columns);
            for (size_t j = 0; j < k->rows * k->columns; j++)
                square += pow(net.parameter[k->offset + j], 2);
            double want = k->rows == 2 ? 1 : row[i].times;
            /* relative sd of a variance of 400 or 40000: 0.07, 0.007 */
            if (k->is_matrix)
                cr_expect(fabs(square / n * UNITS / want - 1) <
                              (n < 1000 ? 0.3 : 0.03),
                    "%s, block %d: %g", row[i].arm, b, square / n * UNITS);
        }
        train_net_clear_f64(&net);
        train_plan_clear(&plan);
    }
}

/* v = 0.9 v + gradient, w = w - rate v, with a gradient known otherwise. */
Test(training, momentum_and_decay_as_the_header_says)
{
    fill_batch();
    struct train_shape s = shape_of(0, 2, 0);
    struct train_plan plan;
    struct train_net_f64 net;
    cr_assert_eq(train_plan_make(&plan, &s, ROWS), SN_OK);
    cr_assert(train_net_make_f64(&net, &plan, 4, 2));
    size_t n = plan.parameters;
    double *w = malloc(n * sizeof *w), *v = calloc(n, sizeof *v), worst = 0;
    memcpy(w, net.parameter, n * sizeof *w);
    for (uint32_t k = 0; k < 5; k++) {
        const struct train_step plain = {.number = k};
        const struct train_step step = {0.1, 0.9, 0.25, k};
        struct train_net_f64 other;
        cr_assert(train_net_make_f64(&other, &plan, 4, 2));
        memcpy(other.parameter, w, n * sizeof *w);
        train_net_gradient_f64(&other, x64, label, ROWS, &plain);
        for (int b = 0; b < plan.blocks; b++)
            for (size_t i = 0; i < plan.block[b].rows * plan.block[b].columns;
                 i++) {
                size_t j = plan.block[b].offset + i;
                double decay = plan.block[b].is_matrix ? 0.25 * w[j] : 0;
                v[j] = 0.9 * v[j] + other.velocity[j] + decay;
                w[j] -= 0.1 * v[j];
            }
        train_net_clear_f64(&other);
        train_net_step_f64(&net, x64, label, ROWS, &step);
    }
    for (size_t j = 0; j < n; j++)
        worst = fmax(worst, fabs(w[j] - net.parameter[j]));
    cr_expect(worst < 1e-14, "%g", worst);
    free(w);
    free(v);
    train_net_clear_f64(&net);
    train_plan_clear(&plan);
}

/* Batches of other sizes, and one row at a time, score the same. */
Test(training, scores_do_not_depend_on_the_batch)
{
    fill_batch();
    for (int a = 0; a < train_arm_count; a++) {
        struct train_score want = {0, 0};
        for (size_t rows = 1; rows <= ROWS; rows++) {
            struct train_shape s = shape_of(a, 4, 0);
            struct train_plan plan;
            struct train_net_f64 net;
            cr_assert_eq(train_plan_make(&plan, &s, rows), SN_OK);
            cr_assert(train_net_make_f64(&net, &plan, 4, 2));
            struct train_score got =
                train_net_score_f64(&net, x64, label, ROWS);
            if (rows == 1)
                want = got;
            cr_expect(
                fabs(got.loss - want.loss) < 1e-12 && got.right == want.right,
                "%s, %zu rows: %g, %zu", train_arms[a].name, rows, got.loss,
                got.right);
            train_net_clear_f64(&net);
            train_plan_clear(&plan);
        }
    }
}

/*
 * The gradient of a batch whose products are done in panels, against the mean
 * of those of its rows, whose products are not.  Largest difference relative
 * to the largest component; one row of the batch is moved by `spoil`.
 */
static double panels_against_rows(int arm, double spoil)
{
    enum { MANY = 61, UNITS = 150, GIVEN = 70 };
    const struct train_shape s = {.arm = &train_arms[arm],
        .features = GIVEN,
        .width = UNITS,
        .depth = 3,
        .classes = CLASSES};
    static float drawn[MANY * GIVEN];
    static double x[MANY * GIVEN];
    int wanted[MANY];
    const struct shared_stream d = {2, 9, 9, 9, TRAIN_DRAW_NOISE};
    const struct train_step step = {.momentum = 0};
    shared_normals_f32(drawn, COUNT(drawn), &d, 0, 1);
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = drawn[i];
    for (int i = 0; i < MANY; i++)
        wanted[i] = i % CLASSES;
    struct train_plan plan;
    struct train_net_f64 net;
    cr_assert_eq(train_plan_make(&plan, &s, MANY), SN_OK);
    cr_assert(train_net_make_f64(&net, &plan, 4, 2));
    double *sum = calloc(plan.parameters, sizeof *sum);
    for (int i = 0; i < MANY; i++) {
        train_net_gradient_f64(&net, x + i * GIVEN, wanted + i, 1, &step);
        for (size_t k = 0; k < plan.parameters; k++)
            sum[k] += net.velocity[k] / MANY;
    }
    x[COUNT(x) - 1] += spoil;
    train_net_gradient_f64(&net, x, wanted, MANY, &step);
    double worst = 0, largest = 0;
    for (size_t k = 0; k < plan.parameters; k++) {
        double off = fabs(net.velocity[k] - sum[k]);
        worst = off <= worst ? worst : off;
        largest = fmax(largest, fabs(sum[k]));
    }
    free(sum);
    train_net_clear_f64(&net);
    train_plan_clear(&plan);
    return worst / largest;
}

Test(training, products_in_panels_are_those_of_the_rows)
{
    for (int a = 0; a < train_arm_count; a++)
        if (train_arms[a].normalization != TRAIN_NORM_BATCH) {
            double off = panels_against_rows(a, 0);
            cr_expect(off < 1e-13, "%s: %g", train_arms[a].name, off);
        }
    cr_expect(panels_against_rows(0, 1e-6) > 1e-11, "not noticed");
}

Test(training, plans_refuse_what_they_cannot_be)
{
    struct train_plan plan;
    struct train_shape s = shape_of(0, 2, 0);
    s.dropout = 1;
    cr_expect_eq(train_plan_make(&plan, &s, 4), SN_BAD_VALUE);
    s = shape_of(0, 2, 0);
    s.classes = 1;
    cr_expect_eq(train_plan_make(&plan, &s, 4), SN_BAD_VALUE);
    s = shape_of(0, 0, 0);
    cr_expect_eq(train_plan_make(&plan, &s, 4), SN_BAD_VALUE);
    s = shape_of(6, 3, 0); /* resnet */
    cr_expect_eq(train_plan_make(&plan, &s, 4), SN_BAD_VALUE);
    s = shape_of(0, 2, 0);
    cr_expect_eq(train_plan_make(&plan, &s, 0), SN_BAD_VALUE);
}
