/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of every arm against differences; initialisation; steps. */
#include "tests/test_training.h"
#include "verify/training/net.h"
#include <stdlib.h>
#include <string.h>

enum { ROWS = 7, FEATURES = 5, CLASSES = 3, WIDTH = 6 };

static double x64[ROWS * FEATURES];
static float x32[ROWS * FEATURES];
static int label[ROWS];

static void fill_batch(void)
{
    const struct sn_drawer d = {9, 9, 9, 9, SN_DRAW_NOISE};
    sn_draw_normals(x32, COUNT(x32), &d, 1);
    for (size_t i = 0; i < COUNT(x32); i++)
        x64[i] = x32[i];
    for (int i = 0; i < ROWS; i++)
        label[i] = i % CLASSES;
}

static struct sn_shape shape_of(int arm, size_t depth, double dropout)
{
    return (struct sn_shape){.arm = &sn_arms[arm],
        .features = FEATURES,
        .width = WIDTH,
        .depth = depth,
        .classes = CLASSES,
        .dropout = dropout,
        .dropout_first = 1,
        .dropout_last = depth};
}

/*
 * Largest difference between gradient and central differences, relative to
 * the gradient's largest component; every parameter is tried.  Parameters are
 * moved off their start, so that no bias is 0 and no gain 1.
 */
static double worst_gradient(const struct sn_shape *shape, double spoil)
{
    struct sn_plan plan;
    struct sn_net_f64 net;
    const struct sn_step step = {.decay = 0.01, .number = 3};
    cr_assert_eq(sn_plan_make(&plan, shape, ROWS), SN_OK);
    cr_assert(sn_net_make_f64(&net, &plan, 4, 2));
    float *noise = malloc(plan.parameters * sizeof *noise);
    const struct sn_drawer d = {5, 5, 5, 5, SN_DRAW_NOISE};
    sn_draw_normals(noise, plan.parameters, &d, 0.1);
    for (size_t i = 0; i < plan.parameters; i++)
        net.parameter[i] += noise[i];
    double *gradient = malloc(plan.parameters * sizeof *gradient);
    sn_net_gradient_f64(&net, x64, label, ROWS, &step);
    memcpy(gradient, net.velocity, plan.parameters * sizeof *gradient);
    gradient[plan.parameters / 2] += spoil;
    double worst = 0, largest = 0;
    for (size_t i = 0; i < plan.parameters; i++) {
        const double h = 2e-6, kept = net.parameter[i];
        net.parameter[i] = kept + h;
        double above = sn_net_gradient_f64(&net, x64, label, ROWS, &step);
        net.parameter[i] = kept - h;
        double below = sn_net_gradient_f64(&net, x64, label, ROWS, &step);
        net.parameter[i] = kept;
        double off = fabs((above - below) / (2 * h) - gradient[i]);
        /* a NaN counts as the worst */
        worst = off <= worst ? worst : off;
        largest = fmax(largest, fabs(gradient[i]));
    }
    free(noise);
    free(gradient);
    sn_net_clear_f64(&net);
    sn_plan_clear(&plan);
    return worst / largest;
}

Test(training, gradients_of_every_arm_agree_with_differences)
{
    fill_batch();
    for (int a = 0; a < sn_arm_count; a++)
        for (size_t depth = 2; depth <= 6; depth += 4)
            for (int dropped = 0; dropped < 2; dropped++) {
                struct sn_shape s = shape_of(a, depth, dropped ? 0.2 : 0);
                double worst = worst_gradient(&s, 0);
                /* differences: h^2 of the third derivative, 2^-53/h */
                cr_expect(worst < 1e-7, "%s, depth %zu, dropout %g: %g",
                    sn_arms[a].name, depth, s.dropout, worst);
            }
}

Test(training, a_gradient_slightly_off_is_noticed)
{
    fill_batch();
    for (int a = 0; a < sn_arm_count; a++) {
        struct sn_shape s = shape_of(a, 4, 0);
        cr_expect(worst_gradient(&s, 1e-4) > 1e-7, "%s", sn_arms[a].name);
    }
}
