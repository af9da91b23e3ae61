/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks by definition: counts, laws, and what no classifier can exceed. */
#include "tests/verify/training/test_training.h"
#include "verify/training/tasks/task.h"
#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

static struct task_task made(const char *name, uint64_t seed)
{
    struct task_task t;
    const struct task_known_task *known = task_known_task_find(name);
    cr_assert(known, "%s", name);
    cr_assert_eq(task_make(&t, known, seed), SN_OK);
    return t;
}

Test(tasks, counts_are_those_of_the_published_tasks)
{
    /* UCI's documentation of each data set */
    static const struct {
        const char *name;
        size_t rows, features, classes, count[3];
    } row[] = {{"tic-tac-toe", 958, 9, 2, {332, 626}},
        {"balance-scale", 625, 4, 3, {288, 49, 288}},
        {"monks-1", 432, 6, 2, {216, 216}}, {"monks-2", 432, 6, 2, {290, 142}},
        {"monks-3", 432, 6, 2, {204, 228}}, {"balloons", 16, 4, 2, {9, 7}}};
    for (size_t i = 0; i < COUNT(row); i++) {
        struct task_task t = made(row[i].name, 1);
        cr_expect(t.rows == row[i].rows && t.features == row[i].features &&
                      t.classes == row[i].classes,
            "%s: %zu, %zu, %zu", t.name, t.rows, t.features, t.classes);
        for (size_t c = 0; c < t.classes; c++)
            cr_expect_eq(task_class_count(&t, (int)c), row[i].count[c],
                "%s, class %zu: %zu", t.name, c, task_class_count(&t, (int)c));
        /* no row twice */
        for (size_t a = 0; a < t.rows; a++)
            for (size_t b = 0; b < a; b++)
                cr_assert(memcmp(t.x + a * t.features, t.x + b * t.features,
                    t.features * sizeof *t.x));
        task_clear(&t);
    }
}

/* Games played to their ends, a second way to the boards. */
static void play(int board[9], int who, unsigned char *seen)
{
    static const int line[8][3] = {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {0, 3, 6},
        {1, 4, 7}, {2, 5, 8}, {0, 4, 8}, {2, 4, 6}};
    int code = 0, full = 1, won = 0;
    for (int i = 8; i >= 0; i--) {
        code = 3 * code + board[i] + 1;
        full = full && board[i];
    }
    for (int i = 0; i < 8; i++) {
        int sum = board[line[i][0]] + board[line[i][1]] + board[line[i][2]];
        if (abs(sum) == 3)
            won = sum / 3;
    }
    if (won || full) {
        seen[code] = won == 1 ? 2 : 1;
        return;
    }
    for (int i = 0; i < 9; i++)
        if (!board[i]) {
            board[i] = who;
            play(board, -who, seen);
            board[i] = 0;
        }
}

Test(tasks, boards_are_those_that_games_end_with)
{
    static unsigned char seen[19683];
    int board[9] = {0}, ends = 0;
    play(board, 1, seen);
    struct task_task t = made("tic-tac-toe", 1);
    for (size_t i = 0; i < t.rows; i++) {
        int code = 0;
        for (int j = 8; j >= 0; j--)
            code = 3 * code + (int)t.x[i * 9 + (size_t)j] + 1;
        cr_assert_eq(seen[code], 1 + t.label[i], "board %d", code);
    }
    for (int i = 0; i < 19683; i++)
        ends += seen[i] > 0;
    cr_expect_eq(ends, 958);
    task_clear(&t);
}

/* ---- what Bayes' rule reaches ---- */

/* P(x <= t), x non-central chi-squared: a Poisson mixture of central ones. */
static double noncentral(double t, double degrees, double shift)
{
    double sum = 0, weight = exp(-shift / 2);
    for (int j = 0; j < 200; j++) {
        sum += weight * gsl_cdf_chisq_P(t, degrees + 2 * j);
        weight *= shift / 2 / (j + 1);
    }
    return sum;
}

Test(tasks, best_possible_accuracies_by_formula)
{
    cr_expect(fabs(task_known_task_find("twonorm")->bayes -
                   gsl_cdf_ugaussian_P(2)) < 1e-6);
    /* the ratio of densities is a sphere around 4a/3 */
    double t = 4.0 / 3 * (40 * log(2) + 20 * 0.2 / 3);
    double ring =
        (noncentral(t, 20, 4.0 / 9) + 1 - noncentral(t / 4, 20, 16.0 / 9)) / 2;
    cr_expect(fabs(task_known_task_find("ringnorm")->bayes - ring) < 1e-6,
        "%.7f", ring);
    /* seven lights */
    static const char *const lights[10] = {"1110111", "0010010", "1011101",
        "1011011", "0111010", "1101011", "1101111", "1010010", "1111111",
        "1111011"};
    double led = 0;
    for (int pattern = 0; pattern < 128; pattern++) {
        double best = 0;
        for (int d = 0; d < 10; d++) {
            double p = 1;
            for (int j = 0; j < 7; j++)
                p *= (pattern >> j & 1) == lights[d][j] - '0' ? 0.9 : 0.1;
            best = fmax(best, p);
        }
        led += best / 10;
    }
    cr_expect(fabs(task_known_task_find("led-display")->bayes - led) < 1e-6,
        "%.7f", led);
}

static double twonorm_rule(const double *x)
{
    double sum = 0;
    for (int j = 0; j < 20; j++)
        sum += x[j];
    return sum < 0;
}

static double ringnorm_rule(const double *x)
{
    const double a = 2 / sqrt(20), t = 4.0 / 3 * (40 * log(2) + 4.0 / 3);
    double sum = 0;
    for (int j = 0; j < 20; j++)
        sum += pow(x[j] - 4 * a / 3, 2);
    return sum <= t;
}

static double height(int j, int shift)
{
    return fmax(0, 6 - abs(j - 11 - shift));
}

/* log of the integral over u of the density of u h + (1 - u) k */
static double waveform_rule(const double *x)
{
    static const int pair[3][2] = {{0, 4}, {0, -4}, {4, -4}};
    double most = -INFINITY, class = 0;
    for (int c = 0; c < 3; c++) {
        double dd = 0, dy = 0, yy = 0;
        for (int j = 1; j <= 21; j++) {
            double k = height(j, pair[c][1]), d = height(j, pair[c][0]) - k;
            dd += d * d;
            dy += d * (x[j - 1] - k);
            yy += pow(x[j - 1] - k, 2);
        }
        double m = dy / dd, s = 1 / sqrt(dd);
        double p = -(yy - dy * dy / dd) / 2 +
                   log(s * (gsl_cdf_ugaussian_P((1 - m) / s) -
                               gsl_cdf_ugaussian_P(-m / s)));
        if (p > most) {
            most = p;
            class = c;
        }
    }
    return class;
}

Test(tasks, sampled_tasks_follow_their_laws)
{
    static const struct {
        const char *name;
        double (*rule)(const double *);
    } row[] = {{"twonorm", twonorm_rule}, {"ringnorm", ringnorm_rule},
        {"waveform", waveform_rule}, {"waveform-noise", waveform_rule}};
    for (size_t i = 0; i < COUNT(row); i++) {
        double right = 0, all = 0;
        const double bayes = task_known_task_find(row[i].name)->bayes;
        for (uint64_t seed = 1; seed <= 4; seed++) {
            struct task_task t = made(row[i].name, seed);
            size_t most = t.rows / t.classes;
            for (size_t k = 0; k < t.rows; k++)
                right += row[i].rule(t.x + k * t.features) == t.label[k];
            all += (double)t.rows;
            for (size_t c = 0; c < t.classes; c++) {
                double n = (double)task_class_count(&t, (int)c);
                /* 5 sd of a binomial */
                cr_expect(fabs(n - (double)most) <
                              5 * sqrt(n * (1 - 1 / (double)t.classes)),
                    "%s: class %zu has %g rows", t.name, c, n);
            }
            task_clear(&t);
        }
        /* 4 sd; the share itself is known to 0.0002 or better */
        double off = right / all - bayes;
        cr_expect(fabs(off) < 4 * sqrt(bayes * (1 - bayes) / all) + 0.0002,
            "%s: %g rows, %+g", row[i].name, all, off);
    }
}

Test(tasks, lights_are_wrong_in_a_tenth)
{
    static const char *const lights[10] = {"1110111", "0010010", "1011101",
        "1011011", "0111010", "1101011", "1101111", "1010010", "1111111",
        "1111011"};
    double wrong[7] = {0};
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct task_task t = made("led-display", seed);
        for (size_t i = 0; i < t.rows; i++)
            for (size_t j = 0; j < 7; j++)
                wrong[j] += t.x[i * 7 + j] != lights[t.label[i]][j] - '0';
        task_clear(&t);
    }
    for (int j = 0; j < 7; j++) /* of 8000: 800, sd 27 */
        cr_expect(fabs(wrong[j] - 800) < 5 * 27, "light %d: %g", j, wrong[j]);
}

Test(tasks, another_seed_draws_other_rows)
{
    struct task_task a = made("twonorm", 1), b = made("twonorm", 2),
                     c = made("twonorm", 1);
    size_t size = a.rows * a.features * sizeof *a.x;
    cr_expect(memcmp(a.x, b.x, size) && !memcmp(a.x, c.x, size));
    task_clear(&a);
    task_clear(&b);
    task_clear(&c);
}

/* ---- parts ---- */

Test(tasks, parts_are_apart_stratified_and_scaled)
{
    for (int k = 0; k < task_known_task_count; k++) {
        struct task_task t = made(task_known[k].name, 1);
        struct task_parts p;
        cr_assert_eq(task_parts_make(&p, &t, 1, 3), SN_OK);
        char *seen = calloc(t.rows, 1);
        size_t learn = p.rows[TASK_TRAINING] + p.rows[TASK_VALIDATION];
        for (int part = 0; part < TASK_PARTS; part++) {
            if (t.sample && part == TASK_TEST)
                continue;
            for (size_t i = 0; i < p.rows[part]; i++)
                cr_assert(!seen[p.row[part][i]]++, "%s: a row twice", t.name);
        }
        if (t.sample) {
            cr_expect(learn == t.sample && p.rows[TASK_TEST] == t.rows);
        } else {
            cr_expect_eq(learn + p.rows[TASK_TEST], t.rows);
            for (size_t c = 0; c < t.classes; c++) {
                double want = 0.25 * (double)task_class_count(&t, (int)c);
                double got = 0;
                for (size_t i = 0; i < p.rows[TASK_TEST]; i++)
                    got += (size_t)p.label[TASK_TEST][i] == c;
                cr_expect(fabs(got - want) <= 0.5, "%s: %g of class %zu",
                    t.name, got, c);
            }
        }
        for (size_t j = 0; j < t.features; j++) {
            double sum = 0, square = 0, n = (double)p.rows[TASK_TRAINING];
            for (size_t i = 0; i < p.rows[TASK_TRAINING]; i++) {
                double x = p.x[TASK_TRAINING][i * t.features + j];
                sum += x;
                square += x * x;
            }
            cr_expect(fabs(sum / n) < 1e-5 && fabs(square / n - 1) < 1e-5,
                "%s: feature %zu: %g, %g", t.name, j, sum / n, square / n);
        }
        free(seen);
        task_parts_clear(&p);
        task_clear(&t);
    }
}

Test(tasks, monks_3_has_six_wrong_labels_and_none_to_test)
{
    struct task_task t = made("monks-3", 1);
    for (uint32_t replicate = 0; replicate < 5; replicate++) {
        struct task_parts p;
        size_t wrong[TASK_PARTS] = {0};
        cr_assert_eq(task_parts_make(&p, &t, 1, replicate), SN_OK);
        for (int part = 0; part < TASK_PARTS; part++)
            for (size_t i = 0; i < p.rows[part]; i++)
                wrong[part] += p.label[part][i] != t.label[p.row[part][i]];
        cr_expect(wrong[TASK_TRAINING] + wrong[TASK_VALIDATION] == 6 &&
                  wrong[TASK_TEST] == 0);
        task_parts_clear(&p);
    }
    task_clear(&t);
}

/* Scaling must not see the other parts: spoil them, and nothing changes. */
Test(tasks, scaling_knows_the_training_rows_alone)
{
    struct task_task t = made("waveform", 1);
    struct task_parts a, b;
    cr_assert_eq(task_parts_make(&a, &t, 1, 0), SN_OK);
    for (int part = TASK_VALIDATION; part < TASK_PARTS; part++)
        for (size_t i = 0; i < a.rows[part]; i++)
            t.x[a.row[part][i] * t.features] = 1e6;
    cr_assert_eq(task_parts_make(&b, &t, 1, 0), SN_OK);
    cr_expect(!memcmp(a.x[TASK_TRAINING], b.x[TASK_TRAINING],
        a.rows[TASK_TRAINING] * t.features * sizeof(float)));
    task_parts_clear(&a);
    task_parts_clear(&b);
    task_clear(&t);
}
