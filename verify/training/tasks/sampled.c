/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tasks with a published generator: rows are drawn, with as many as the
 * 121-task collection has.  Classes are equally likely.
 */
#include "verify/training/draws.h"
#include "verify/training/tasks/known.h"
#include <math.h>
#include <stdlib.h>

enum { WAVES = 21, MOST_NORMALS = 40, NORMALS = 20, LIGHTS = 7 };

/* Normals into z, and two uniforms, one of them for the class. */
static void draw_row(float *z, double *choice, double *other,
    const struct task_known_task *known, uint64_t seed, size_t row)
{
    struct shared_stream d = {
        seed, 0, known->stream, (uint32_t)row, TRAIN_DRAW_TASK};
    shared_normals_f32(z, known->features, &d, 0, 1);
    d.kind = TRAIN_DRAW_NOISE;
    *choice = shared_uniform52(&d, 0);
    *other = shared_uniform52(&d, 1);
}

/* Class a: mean +a, class b: mean -a in each feature; a = 2/sqrt(20). */
void task_fill_twonorm(
    struct task_task *t, const struct task_known_task *known, uint64_t seed)
{
    const double a = 2 / sqrt(NORMALS);
    for (size_t i = 0; i < t->rows; i++) {
        float z[MOST_NORMALS];
        double choice, other;
        draw_row(z, &choice, &other, known, seed, i);
        t->label[i] = choice >= 0.5;
        for (size_t j = 0; j < NORMALS; j++)
            t->x[i * NORMALS + j] = z[j] + (t->label[i] ? -a : a);
    }
}

/* Class wide: mean 0, variance 4; narrow: mean a, variance 1. */
void task_fill_ringnorm(
    struct task_task *t, const struct task_known_task *known, uint64_t seed)
{
    const double a = 2 / sqrt(NORMALS);
    for (size_t i = 0; i < t->rows; i++) {
        float z[MOST_NORMALS];
        double choice, other;
        draw_row(z, &choice, &other, known, seed, i);
        t->label[i] = choice >= 0.5;
        for (size_t j = 0; j < NORMALS; j++)
            t->x[i * NORMALS + j] = t->label[i] ? z[j] + a : 2.0 * z[j];
    }
}

/* A triangle of height 6 around the middle, moved by `shift`. */
static double wave_height(int j, int shift)
{
    int height = 6 - abs(j - 11 - shift);
    return height > 0 ? height : 0;
}

/* u h + (1 - u) k + noise, of the three pairs of waves; noise alone beyond. */
void task_fill_waveform(
    struct task_task *t, const struct task_known_task *known, uint64_t seed)
{
    static const int pair[3][2] = {{0, 4}, {0, -4}, {4, -4}};
    for (size_t i = 0; i < t->rows; i++) {
        float z[MOST_NORMALS];
        double choice, u;
        draw_row(z, &choice, &u, known, seed, i);
        int c = (int)(3 * choice);
        t->label[i] = c;
        for (size_t j = 0; j < t->features; j++) {
            double h = 0;
            if (j < WAVES)
                h = u * wave_height((int)j + 1, pair[c][0]) +
                    (1 - u) * wave_height((int)j + 1, pair[c][1]);
            t->x[i * t->features + j] = h + z[j];
        }
    }
}

/* Top; top left, right; middle; bottom left, right; bottom. */
void task_fill_led_display(
    struct task_task *t, const struct task_known_task *known, uint64_t seed)
{
    static const char lights[10][LIGHTS + 1] = {"1110111", "0010010",
        "1011101", "1011011", "0111010", "1101011", "1101111", "1010010",
        "1111111", "1111011"};
    const double wrong = 0.1;
    for (size_t i = 0; i < t->rows; i++) {
        const struct shared_stream d = {
            seed, 0, known->stream, (uint32_t)i, TRAIN_DRAW_NOISE};
        int digit = (int)(10 * shared_uniform52(&d, 0));
        t->label[i] = digit;
        for (size_t j = 0; j < LIGHTS; j++) {
            bool lit = lights[digit][j] == '1';
            bool flipped = shared_uniform52(&d, (uint32_t)j + 1) < wrong;
            t->x[i * LIGHTS + j] = lit != flipped;
        }
    }
}
