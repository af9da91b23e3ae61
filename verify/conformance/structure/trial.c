/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/structure/trial.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TOLD = 3 };

void structure_trial_fail(
    struct conf_finding *finding, unsigned kind, const char *format, ...)
{
    va_list args;
    size_t used = strlen(finding->detail);
    finding->passed = false;
    finding->kinds |= kind;
    if (++finding->failures > TOLD)
        return;
    if (used)
        used += (size_t)snprintf(
            finding->detail + used, sizeof finding->detail - used, "; ");
    va_start(args, format);
    vsnprintf(
        finding->detail + used, sizeof finding->detail - used, format, args);
    va_end(args);
}

void structure_trial_count(struct conf_finding *finding)
{
    size_t used = strlen(finding->detail);
    if (finding->failures > TOLD)
        snprintf(finding->detail + used, sizeof finding->detail - used,
            "; and %d more", finding->failures - TOLD);
}

void structure_trial_set(
    const struct structure_trial *b, void *array, size_t i, double value)
{
    conf_type_set(b->dtype, array, i, value);
}

double structure_trial_get(
    const struct structure_trial *b, const void *array, size_t i)
{
    return conf_type_get(b->dtype, array, i);
}

bool structure_trial_same(const struct structure_trial *b, const void *array,
    size_t i, const void *other, size_t j)
{
    return !memcmp((const char *)array + i * b->size,
        (const char *)other + j * b->size, b->size);
}

bool structure_trial_is_poison(
    const struct structure_trial *b, const void *array, size_t i)
{
    const unsigned char *p = (const unsigned char *)array + i * b->size;
    for (size_t k = 0; k < b->size; k++)
        if (p[k] != b->poison)
            return false;
    return true;
}

static void note_mode(struct structure_trial *b)
{
    if (!*b->mode)
        snprintf(b->mode, sizeof b->mode, "%s", conf_runner_mode(b->runner));
}

bool structure_trial_ready(
    struct structure_trial *b, struct conf_finding *finding)
{
    if (b->runner)
        return true;
    if (b->hung) {
        structure_trial_fail(finding, 0, "not checked: a call gave no answer");
        return false;
    }
    if (conf_runner_start(&b->runner, b->target, b->reference->derivative,
            (enum sn_dtype)b->dtype, b->timeout) == CONF_RAN) {
        note_mode(b);
        return true;
    }
    structure_trial_fail(
        finding, CONF_KIND_CRASH, "loading: %s", conf_runner_why(b->runner));
    conf_runner_stop(b->runner);
    b->runner = NULL;
    return false;
}

/* What a call that did not come back leaves to tell. */
static bool came_back(struct structure_trial *b, struct conf_finding *finding,
    enum conf_outcome outcome)
{
    note_mode(b);
    if (outcome == CONF_RAN)
        return true;
    b->hung = outcome == CONF_HUNG;
    finding->misconduct = true;
    bool outside = strstr(conf_runner_why(b->runner), "bytes");
    structure_trial_fail(finding,
        outside ? CONF_KIND_OUTSIDE : CONF_KIND_CRASH, "%s",
        conf_runner_why(b->runner));
    conf_runner_stop(b->runner);
    b->runner = NULL;
    return false;
}

bool structure_trial_call(struct structure_trial *b,
    struct conf_finding *finding, const struct conf_call *how)
{
    conf_runner_begin(b->runner, how);
    return came_back(b, finding, conf_runner_end(b->runner));
}

bool structure_trial_long(struct structure_trial *b,
    struct conf_finding *finding, size_t n, struct conf_long_run *ran)
{
    return came_back(b, finding, conf_runner_long(b->runner, n, ran));
}

double structure_trial_input(size_t i)
{
    size_t k = i % STRUCTURE_TRIAL_PERIOD;
    return (k % 2 ? -1 : 1) * (0.01 + 0.07 * (double)k);
}

static void draw(struct structure_trial *b)
{
    const size_t right = CONF_BLOCK - STRUCTURE_TRIAL_LONG_RUN;
    for (size_t i = 0; i < STRUCTURE_TRIAL_LONG_RUN; i++) {
        structure_trial_set(b, b->image, i, structure_trial_input(i));
        structure_trial_set(b, b->image, STRUCTURE_TRIAL_LONG_RUN + i,
            structure_trial_input(right + i));
        structure_trial_set(b, b->ones, i, 1);
    }
    b->drawn = true;
}

/* Calls use STRUCTURE_TRIAL_LONG_RUN elements at either end; so does this. */
void structure_trial_fill(struct structure_trial *b)
{
    const size_t bytes = STRUCTURE_TRIAL_LONG_RUN * b->size;
    const size_t right = CONF_BLOCK * b->size - bytes;
    char *x = conf_runner_x(b->runner), *dy = conf_runner_dy(b->runner);
    if (!b->drawn)
        draw(b);
    memcpy(x, b->image, bytes);
    memcpy(x + right, b->image + bytes, bytes);
    memcpy(dy, b->ones, bytes);
    memcpy(dy + right, b->ones, bytes);
}

void structure_trial_poison(struct structure_trial *b)
{
    char *out = conf_runner_out(b->runner);
    memset(out, b->poison, STRUCTURE_TRIAL_LONG_RUN * b->size);
    memset(out + (CONF_BLOCK - STRUCTURE_TRIAL_LONG_RUN) * b->size, b->poison,
        STRUCTURE_TRIAL_LONG_RUN * b->size);
}

uint64_t structure_trial_random(struct structure_trial *b)
{
    uint64_t z = b->random += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}
