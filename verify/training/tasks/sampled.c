/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tasks with a published generator: rows are drawn, with as many as the
 * 121-task collection has.  Classes are equally likely.
 */
#include "verify/training/draws.h"
#include "verify/training/tasks/known.h"
#include <math.h>
#include <stdlib.h>

enum { WAVES = 21, NOISE = 19, NORMALS = 20, LIGHTS = 7 };

/* Each task has numbers of its own. */
enum generator { TWONORM, RINGNORM, WAVEFORM, WAVEFORM_NOISE, LED_DISPLAY };

/* Normals into z, and two uniforms, one of them for the class. */
static void draw(float *z, size_t n, double *choice, double *other,
    uint64_t seed, enum generator generator, size_t row)
{
    struct shared_stream d = {
        seed, 0, (uint32_t)generator, (uint32_t)row, TRAIN_DRAW_TASK};
    shared_normals_f32(z, n, &d, 0, 1);
    d.kind = TRAIN_DRAW_NOISE;
    *choice = shared_uniform52(&d, 0);
    *other = shared_uniform52(&d, 1);
}

/* Class a: mean +a, class b: mean -a in each feature; a = 2/sqrt(20). */
enum sn_status task_twonorm(struct task_task *t, uint64_t seed)
{
    static const char *const classes[] = {"a", "b", NULL};
    enum sn_status status = task_start(t, "twonorm", 7400, NORMALS, classes);
    const double a = 2 / sqrt(NORMALS);
    for (size_t i = 0; status == SN_OK && i < t->rows; i++) {
        float z[NORMALS];
        double choice, other;
        draw(z, NORMALS, &choice, &other, seed, TWONORM, i);
        t->label[i] = choice >= 0.5;
        for (size_t j = 0; j < NORMALS; j++)
            t->x[i * NORMALS + j] = z[j] + (t->label[i] ? -a : a);
    }
    return status;
}

/* Class wide: mean 0, variance 4; narrow: mean a, variance 1. */
enum sn_status task_ringnorm(struct task_task *t, uint64_t seed)
{
    static const char *const classes[] = {"wide", "narrow", NULL};
    enum sn_status status = task_start(t, "ringnorm", 7400, NORMALS, classes);
    const double a = 2 / sqrt(NORMALS);
    for (size_t i = 0; status == SN_OK && i < t->rows; i++) {
        float z[NORMALS];
        double choice, other;
        draw(z, NORMALS, &choice, &other, seed, RINGNORM, i);
        t->label[i] = choice >= 0.5;
        for (size_t j = 0; j < NORMALS; j++)
            t->x[i * NORMALS + j] = t->label[i] ? z[j] + a : 2.0 * z[j];
    }
    return status;
}

/* A triangle of height 6 around the middle, moved by `shift`. */
static double wave(int j, int shift)
{
    int height = 6 - abs(j - 11 - shift);
    return height > 0 ? height : 0;
}

/* u h + (1 - u) k + noise, of the three pairs of waves. */
static enum sn_status waveform(struct task_task *t, const char *name,
    size_t features, enum generator generator, uint64_t seed)
{
    static const char *const classes[] = {"1", "2", "3", NULL};
    static const int pair[3][2] = {{0, 4}, {0, -4}, {4, -4}};
    enum sn_status status = task_start(t, name, 5000, features, classes);
    for (size_t i = 0; status == SN_OK && i < t->rows; i++) {
        float z[WAVES + NOISE];
        double choice, u;
        draw(z, features, &choice, &u, seed, generator, i);
        int c = (int)(3 * choice);
        t->label[i] = c;
        for (size_t j = 0; j < features; j++) {
            double h = 0;
            if (j < WAVES)
                h = u * wave((int)j + 1, pair[c][0]) +
                    (1 - u) * wave((int)j + 1, pair[c][1]);
            t->x[i * features + j] = h + z[j];
        }
    }
    return status;
}

enum sn_status task_waveform(struct task_task *t, uint64_t seed)
{
    return waveform(t, "waveform", WAVES, WAVEFORM, seed);
}

enum sn_status task_waveform_noise(struct task_task *t, uint64_t seed)
{
    return waveform(t, "waveform-noise", WAVES + NOISE, WAVEFORM_NOISE, seed);
}

/* Top; top left, right; middle; bottom left, right; bottom. */
enum sn_status task_led_display(struct task_task *t, uint64_t seed)
{
    static const char *const classes[] = {
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL};
    static const char lights[10][LIGHTS + 1] = {"1110111", "0010010",
        "1011101", "1011011", "0111010", "1101011", "1101111", "1010010",
        "1111111", "1111011"};
    const double wrong = 0.1;
    enum sn_status status =
        task_start(t, "led-display", 1000, LIGHTS, classes);
    for (size_t i = 0; status == SN_OK && i < t->rows; i++) {
        const struct shared_stream d = {
            seed, 0, LED_DISPLAY, (uint32_t)i, TRAIN_DRAW_NOISE};
        int digit = (int)(10 * shared_uniform52(&d, 0));
        t->label[i] = digit;
        for (size_t j = 0; j < LIGHTS; j++) {
            bool lit = lights[digit][j] == '1';
            bool flipped = shared_uniform52(&d, (uint32_t)j + 1) < wrong;
            t->x[i * LIGHTS + j] = lit != flipped;
        }
    }
    return status;
}
