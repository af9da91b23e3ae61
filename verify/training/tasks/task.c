/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/known.h"
#include <stdlib.h>
#include <string.h>

/*
 * Accuracies of the paper: Table A11.  Of Bayes: 1 where the rows hold no
 * chance; twonorm Phi(2); ringnorm by non-central chi-squared distributions,
 * led-display by its 128 patterns, waveform by 4e6 rows (+-0.0002) and the
 * closed form of the densities: tests/verify/training/test_training_tasks.c.
 */
const struct task_known_task task_known[] = {
    {"tic-tac-toe", "does x win?  All boards where a game ends",
        "Aha 1991; x moves first", 958, 9, 2, .9665, 1,
        {"negative", "positive"}, .fill = task_fill_boards},
    {"balance-scale", "which side goes down?", "Siegler 1976", 625, 4, 3,
        .9231, 1, {"L", "B", "R"}, .fill = task_fill_combinations,
        .size = {5, 5, 5, 5}, .rule = task_rule_balance},
    {"monks-1", "a1 = a2, or a5 = 1", "Thrun et al. 1991", 432, 6, 2, .7523, 1,
        {"0", "1"}, .fill = task_fill_combinations, .size = {3, 3, 2, 3, 4, 2},
        .rule = task_rule_monks_1, .sample = 124},
    {"monks-2", "just two of the six have their first value",
        "Thrun et al. 1991", 432, 6, 2, .5926, 1, {"0", "1"},
        .fill = task_fill_combinations, .size = {3, 3, 2, 3, 4, 2},
        .rule = task_rule_monks_2, .sample = 169},
    {"monks-3", "a5 = 3 and a4 = 1, or a5 not 4 and a2 not 3; 5 % noise",
        "Thrun et al. 1991", 432, 6, 2, .6042, 1, {"0", "1"},
        .fill = task_fill_combinations, .size = {3, 3, 2, 3, 4, 2},
        .rule = task_rule_monks_3, .sample = 122, .wrong = 6},
    {"balloons", "yellow and small, or an adult who stretches it",
        "Pazzani 1991, yellow-small+adult-stretch", 16, 4, 2, 0, 1, {"F", "T"},
        .fill = task_fill_combinations, .size = {2, 2, 2, 2},
        .rule = task_rule_balloons},
    {"twonorm", "two normals, 20 features", "Breiman 1996", 7400, 20, 2, .9805,
        .977250, {"a", "b"}, .fill = task_fill_twonorm, .stream = 0},
    {"ringnorm", "a normal inside a wider one, 20 features", "Breiman 1996",
        7400, 20, 2, .9751, .987603, {"wide", "narrow"},
        .fill = task_fill_ringnorm, .stream = 1},
    {"waveform", "mixtures of two of three waves, 21 features",
        "Breiman et al. 1984", 5000, 21, 3, .8480, .867, {"1", "2", "3"},
        .fill = task_fill_waveform, .stream = 2},
    {"waveform-noise", "the same and 19 features of noise",
        "Breiman et al. 1984", 5000, 40, 3, .8608, .867, {"1", "2", "3"},
        .fill = task_fill_waveform, .stream = 3},
    {"led-display", "digits of seven lights, each wrong in 10 %",
        "Breiman et al. 1984", 1000, 7, 10, .7640, .740022,
        {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
        .fill = task_fill_led_display, .stream = 4},
};
const int task_known_task_count = sizeof task_known / sizeof *task_known;

const struct task_known_task *task_known_task_find(const char *name)
{
    for (int i = 0; i < task_known_task_count; i++)
        if (!strcmp(task_known[i].name, name))
            return &task_known[i];
    return NULL;
}

size_t task_constant_features(const struct task_task *t)
{
    size_t constant = 0;
    for (size_t j = 0; j < t->features; j++) {
        size_t i = 1;
        while (i < t->rows && t->x[i * t->features + j] == t->x[j])
            i++;
        constant += i == t->rows;
    }
    return constant;
}

enum sn_status task_make(
    struct task_task *task, const struct task_known_task *known, uint64_t seed)
{
    enum sn_status status = task_start(
        task, known->name, known->rows, known->features, known->class_name);
    if (status != SN_OK)
        return status;
    known->fill(task, known, seed);
    task->sample = known->sample;
    task->wrong = known->wrong;
    task->constant = task_constant_features(task);
    return SN_OK;
}

enum sn_status task_start(struct task_task *t, const char *name, size_t rows,
    size_t features, const char *const *class_name)
{
    *t = (struct task_task){.rows = rows, .features = features};
    while (class_name[t->classes])
        t->classes++;
    t->name = strdup(name);
    t->x = calloc(rows * features, sizeof *t->x);
    t->label = calloc(rows, sizeof *t->label);
    t->class_name = calloc(t->classes, sizeof *t->class_name);
    bool enough = t->name && t->x && t->label && t->class_name;
    for (size_t c = 0; enough && c < t->classes; c++)
        enough = (t->class_name[c] = strdup(class_name[c]));
    if (enough)
        return SN_OK;
    task_clear(t);
    return SN_NO_MEMORY;
}

static void free_words(char **word, size_t n)
{
    for (size_t i = 0; word && i < n; i++)
        free(word[i]);
    free(word);
}

void task_clear(struct task_task *t)
{
    free_words(t->class_name, t->classes);
    free_words(t->feature_name, t->features);
    for (size_t i = 0; i < t->partitions; i++)
        free(t->partition[i].row);
    free(t->partition);
    free(t->name);
    free(t->x);
    free(t->label);
    *t = (struct task_task){0};
}

size_t task_class_count(const struct task_task *t, int label)
{
    size_t count = 0;
    for (size_t i = 0; i < t->rows; i++)
        count += t->label[i] == label;
    return count;
}
