/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/structure/trial.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TOLD = 3 };

void sn_trial_fail(
    struct sn_finding *finding, unsigned kind, const char *format, ...)
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

void sn_trial_count(struct sn_finding *finding)
{
    size_t used = strlen(finding->detail);
    if (finding->failures > TOLD)
        snprintf(finding->detail + used, sizeof finding->detail - used,
            "; and %d more", finding->failures - TOLD);
}

void sn_trial_set(
    const struct sn_trial *b, void *array, size_t i, double value)
{
    sn_type_set(b->dtype, array, i, value);
}

double sn_trial_get(const struct sn_trial *b, const void *array, size_t i)
{
    return sn_type_get(b->dtype, array, i);
}

bool sn_trial_same(const struct sn_trial *b, const void *array, size_t i,
    const void *other, size_t j)
{
    return !memcmp((const char *)array + i * b->size,
        (const char *)other + j * b->size, b->size);
}

bool sn_trial_is_poison(const struct sn_trial *b, const void *array, size_t i)
{
    const unsigned char *p = (const unsigned char *)array + i * b->size;
    for (size_t k = 0; k < b->size; k++)
        if (p[k] != b->poison)
            return false;
    return true;
}

static void note_mode(struct sn_trial *b)
{
    if (!*b->mode)
        snprintf(b->mode, sizeof b->mode, "%s", sn_runner_mode(b->runner));
}

bool sn_trial_ready(struct sn_trial *b, struct sn_finding *finding)
{
    if (b->runner)
        return true;
    if (b->hung) {
        sn_trial_fail(finding, 0, "not checked: a call gave no answer");
        return false;
    }
    if (sn_runner_start(&b->runner, b->target, b->reference->derivative,
            (enum sn_dtype)b->dtype, b->timeout) == SN_RAN) {
        note_mode(b);
        return true;
    }
    sn_trial_fail(
        finding, SN_KIND_CRASH, "loading: %s", sn_runner_why(b->runner));
    sn_runner_stop(b->runner);
    b->runner = NULL;
    return false;
}

/* What a call that did not come back leaves to tell. */
static bool came_back(
    struct sn_trial *b, struct sn_finding *finding, enum sn_outcome outcome)
{
    note_mode(b);
    if (outcome == SN_RAN)
        return true;
    b->hung = outcome == SN_HUNG;
    finding->misconduct = true;
    bool outside = strstr(sn_runner_why(b->runner), "bytes");
    sn_trial_fail(finding, outside ? SN_KIND_OUTSIDE : SN_KIND_CRASH, "%s",
        sn_runner_why(b->runner));
    sn_runner_stop(b->runner);
    b->runner = NULL;
    return false;
}

bool sn_trial_call(
    struct sn_trial *b, struct sn_finding *finding, const struct sn_call *how)
{
    sn_runner_begin(b->runner, how);
    return came_back(b, finding, sn_runner_end(b->runner));
}

bool sn_trial_long(struct sn_trial *b, struct sn_finding *finding, size_t n,
    struct sn_long_run *ran)
{
    return came_back(b, finding, sn_runner_long(b->runner, n, ran));
}

double sn_trial_input(size_t i)
{
    size_t k = i % SN_TRIAL_PERIOD;
    return (k % 2 ? -1 : 1) * (0.01 + 0.07 * (double)k);
}

static void draw(struct sn_trial *b)
{
    const size_t right = SN_BLOCK - SN_TRIAL_LONG_RUN;
    for (size_t i = 0; i < SN_TRIAL_LONG_RUN; i++) {
        sn_trial_set(b, b->image, i, sn_trial_input(i));
        sn_trial_set(
            b, b->image, SN_TRIAL_LONG_RUN + i, sn_trial_input(right + i));
        sn_trial_set(b, b->ones, i, 1);
    }
    b->drawn = true;
}

/* Calls use SN_TRIAL_LONG_RUN elements at either end; so does this. */
void sn_trial_fill(struct sn_trial *b)
{
    const size_t bytes = SN_TRIAL_LONG_RUN * b->size;
    const size_t right = SN_BLOCK * b->size - bytes;
    char *x = sn_runner_x(b->runner), *dy = sn_runner_dy(b->runner);
    if (!b->drawn)
        draw(b);
    memcpy(x, b->image, bytes);
    memcpy(x + right, b->image + bytes, bytes);
    memcpy(dy, b->ones, bytes);
    memcpy(dy + right, b->ones, bytes);
}

void sn_trial_poison(struct sn_trial *b)
{
    char *out = sn_runner_out(b->runner);
    memset(out, b->poison, SN_TRIAL_LONG_RUN * b->size);
    memset(out + (SN_BLOCK - SN_TRIAL_LONG_RUN) * b->size, b->poison,
        SN_TRIAL_LONG_RUN * b->size);
}

uint64_t sn_trial_random(struct sn_trial *b)
{
    uint64_t z = b->random += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}
