/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be asked of a program: values and lengths, no places or modes. */
#include "verify/conformance/subject/stream.h"
#include "verify/conformance/structure/trial.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Inputs into outputs of the trial, n at a time of an array of its own. */
struct exchange {
    struct structure_trial *b;
    const void *x, *dy; /* dy: NULL for 1 */
    void *y;
    size_t n;
};

static size_t give(void *ctx, uint64_t block, void *x, void *dy)
{
    const struct exchange *e = ctx;
    if (block)
        return 0;
    memcpy(x, e->x, e->n * e->b->size);
    if (dy && e->dy)
        memcpy(dy, e->dy, e->n * e->b->size);
    return e->n;
}

static bool take(
    void *ctx, uint64_t block, const void *x, const void *y, size_t n)
{
    const struct exchange *e = ctx;
    (void)block, (void)x;
    memcpy(e->y, y, n * e->b->size);
    return true;
}

bool structure_trial_stream(struct structure_trial *b,
    struct conf_finding *finding, const void *x, const void *dy, void *y,
    size_t n)
{
    const struct conf_reference *reference = b->reference;
    struct exchange exchange = {b, x, dy, y, n};
    char why[400];
    struct subject_stream stream = {.command = b->target->command,
        .function = reference->function->name,
        .type = b->dtype,
        .gradient = reference->derivative,
        .lambda = reference->lambda,
        .alpha = reference->alpha,
        .timeout = b->timeout,
        .give = give,
        .take = take,
        .ctx = &exchange};
    if (subject_stream_run(&stream, why, sizeof why) == CONF_RAN)
        return true;
    finding->misconduct = true;
    structure_trial_fail(finding, CONF_KIND_CRASH, "n = %zu: %s", n, why);
    return false;
}

enum {
    SPECIAL,
    LENGTHS,
    BITS,
    FORWARD_FINDINGS,
    SCALES = FORWARD_FINDINGS,
    ANY_DY,
    ALL_FINDINGS
};

/*
 * A value is held against itself at another place: in a long run nearly all
 * stand in the body of a vector loop, in a run of 15, 63 or 127 as many as can
 * be are left over for its tail, for any width of 4 to 64.  Two exponentials
 * of small error differ where a rounding is nearly a tie, so the inputs are
 * chosen by that.
 */
enum { POOL = 1024, SENT = STRUCTURE_SPECIAL_VALUES + POOL, NEIGHBOURS = 64 };

/* How far from a tie in the type, in its unit. */
static long double from_tie(int dtype, long double value)
{
    int exponent;
    long double digits =
        ldexpl(frexpl(value, &exponent), ref_types[dtype].format->precision);
    return fabsl(digits - floorl(digits) - 0.5L);
}

/* Of neighbours the one where e^x, or e^x - 1, is the nearest to a tie. */
static uint64_t nearly_tied(int dtype, uint64_t first, bool minus_one)
{
    uint64_t best = first;
    long double least = 1;
    for (uint64_t bits = first; bits < first + NEIGHBOURS; bits++) {
        long double x = (long double)conf_type_value(dtype, bits);
        long double off = from_tie(dtype, minus_one ? -expm1l(x) : expl(x));
        if (off < least) {
            least = off;
            best = bits;
        }
    }
    return best;
}

/* An eighth is positive; of the rest a quarter is near 0. */
static void fill_pool(const struct structure_trial *b, void *x)
{
    const double golden = 0.6180339887498949;
    for (size_t i = 0; i < POOL; i++) {
        double part = fmod((double)i * golden, 1);
        double from = i % 4 ? -9 * part - 0.02 : -exp2(-12 * part);
        if (i % 8 == 7)
            structure_trial_set(b, x, STRUCTURE_SPECIAL_VALUES + i, 8 * part);
        else
            conf_type_set_bits(b->dtype, x, STRUCTURE_SPECIAL_VALUES + i,
                nearly_tied(
                    b->dtype, conf_type_pattern(b->dtype, from), i % 2 == 0));
    }
}

/* Special values before ordinary ones: the run that others are held against.
 */
static bool long_run(
    struct structure_trial *b, struct conf_finding *finding, void *x, void *y)
{
    structure_special_fill(b, x);
    fill_pool(b, x);
    return structure_trial_stream(b, finding, x, NULL, y, SENT);
}

/* A run of n of the ordinary ones alone, others for each n: as many results,
   the same bits. */
static bool one_length(struct structure_trial *b, struct conf_finding *lengths,
    struct conf_finding *bits, const char *x, const void *y, size_t n)
{
    const size_t from =
        STRUCTURE_SPECIAL_VALUES + n * 61 % (POOL - STRUCTURE_TRIAL_PERIOD);
    char alone[STRUCTURE_TRIAL_PERIOD * sizeof(double)];
    if (!structure_trial_stream(
            b, lengths, x + from * b->size, NULL, alone, n)) {
        snprintf(lengths->call, sizeof lengths->call, "%zu", n);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!structure_trial_same(b, alone, i, y, from + i)) {
            if (!*bits->call)
                snprintf(bits->call, sizeof bits->call, "%zu", n);
            structure_trial_fail(bits, CONF_KIND_PLACE,
                "n = %zu: x = %a at %zu gives %a, at %zu of %d %a", n,
                structure_trial_get(b, x, from + i), i,
                structure_trial_get(b, alone, i), from + i, SENT,
                structure_trial_get(b, y, from + i));
            break;
        }
    return true;
}

void structure_stream_length(
    struct structure_trial *b, struct conf_finding *findings, size_t n)
{
    char x[SENT * sizeof(double)], y[sizeof x];
    if (n <= STRUCTURE_TRIAL_PERIOD && long_run(b, &findings[0], x, y))
        one_length(b, &findings[0], &findings[1], x, y, n);
}

/* A program may take seconds to start, so few unless all are asked for. */
static void ask_program(
    struct structure_trial *b, struct conf_finding *finding)
{
    static const size_t few[] = {0, 1, 15, 63, 127};
    char x[SENT * sizeof(double)], y[sizeof x];
    const size_t many = b->every_length ? STRUCTURE_TRIAL_PERIOD + 1
                                        : sizeof few / sizeof *few;
    if (!long_run(b, &finding[SPECIAL], x, y))
        return;
    structure_special_judge(b, &finding[SPECIAL], y);
    for (size_t k = 0; k < many; k++)
        if (!one_length(b, &finding[LENGTHS], &finding[BITS], x, y,
                b->every_length ? k : few[k]))
            return;
}

int structure_of_stream(
    struct structure_trial *b, struct conf_finding *finding, double max_ulp)
{
    const char *const name[] = {"special values",
        b->every_length ? "lengths 0 to 131" : "lengths 0, 1, 15, 63, 127",
        "same bits at any place", "scales with dy", "accuracy for any dy"};
    const int count =
        b->reference->derivative ? ALL_FINDINGS : FORWARD_FINDINGS;
    for (int i = 0; i < count; i++)
        finding[i] = (struct conf_finding){.name = name[i], .passed = true};
    b->poison = 0x5a; /* a number that no special value gives */
    ask_program(b, finding);
    if (b->reference->derivative) {
        structure_scales_with_dy(b, &finding[SCALES]);
        structure_any_dy(b, &finding[ANY_DY], max_ulp);
    }
    for (int i = 0; i < count; i++)
        structure_trial_count(&finding[i]);
    return count;
}
