/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be asked of a subject that is not called in memory, and may take
 * seconds to start: values and a few lengths, no places or modes.
 */
#include "verify/conformance/structure/calls.h"
#include <math.h>
#include <string.h>

enum { VALUES_SPECIAL, VALUES_LENGTHS, VALUES_BITS, VALUES_FORWARD };

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
static void fill_pool(const struct structure_calls *b, void *x)
{
    const double golden = 0.6180339887498949;
    for (size_t i = 0; i < POOL; i++) {
        double part = fmod((double)i * golden, 1);
        double from = i % 4 ? -9 * part - 0.02 : -exp2(-12 * part);
        if (i % 8 == 7)
            structure_set(b, x, STRUCTURE_SPECIAL_VALUES + i, 8 * part);
        else
            conf_type_set_bits(b->dtype, x, STRUCTURE_SPECIAL_VALUES + i,
                nearly_tied(
                    b->dtype, conf_type_pattern(b->dtype, from), i % 2 == 0));
    }
}

/* Special values before ordinary ones: the run that others are held against.
 */
static bool long_run(
    struct structure_calls *b, struct conf_finding *finding, void *x, void *y)
{
    structure_special_fill(b, x);
    fill_pool(b, x);
    return structure_exchange(b, finding, x, NULL, y, SENT);
}

/* A run of n of the ordinary ones alone, others for each n: as many results,
   the same bits. */
static bool one_length(struct structure_calls *b, struct conf_finding *lengths,
    struct conf_finding *bits, const char *x, const void *y, size_t n)
{
    const size_t from =
        STRUCTURE_SPECIAL_VALUES + n * 61 % (POOL - STRUCTURE_PERIOD);
    char alone[STRUCTURE_PERIOD * sizeof(double)];
    if (!structure_exchange(b, lengths, x + from * b->size, NULL, alone, n)) {
        lengths->has_call = true;
        lengths->call.n = n;
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!structure_same(b, alone, i, y, from + i)) {
            if (!bits->has_call)
                bits->call.n = n;
            bits->has_call = true;
            const bool off = structure_is_off(b, structure_get(b, x, from + i),
                                 structure_get(b, alone, i)) ||
                             structure_is_off(b, structure_get(b, x, from + i),
                                 structure_get(b, y, from + i));
            conf_fail(bits, off ? DIAG_PLACE_WRONG : DIAG_PLACE,
                CONF_FACT(CONF_FACT_DIFFERS_ANYWHERE, (double)n,
                    structure_get(b, x, from + i), (double)i,
                    structure_get(b, alone, i), (double)(from + i), SENT,
                    structure_get(b, y, from + i)));
            break;
        }
    return true;
}

void structure_length_by_values(
    struct structure_calls *b, struct conf_finding *findings, size_t n)
{
    char x[SENT * sizeof(double)], y[sizeof x];
    if (n <= STRUCTURE_PERIOD && long_run(b, &findings[0], x, y))
        one_length(b, &findings[0], &findings[1], x, y, n);
}

/* Few lengths, unless all are asked for; false: the kernel did not answer. */
static bool ask_lengths(
    struct structure_calls *b, struct conf_finding *findings)
{
    static const size_t few[] = {0, 1, 15, 63, 127};
    const bool all = b->question->every_length;
    const size_t many = all ? STRUCTURE_PERIOD + 1 : sizeof few / sizeof *few;
    char x[SENT * sizeof(double)], y[sizeof x];
    if (!long_run(b, &findings[VALUES_SPECIAL], x, y)) {
        conf_fail(&findings[VALUES_LENGTHS], DIAG_NOT_CHECKED,
            CONF_FACT(CONF_FACT_NOT_TO_THE_END));
        return false;
    }
    structure_special_judge(b, &findings[VALUES_SPECIAL], y);
    for (size_t k = 0; k < many; k++)
        if (!one_length(b, &findings[VALUES_LENGTHS], &findings[VALUES_BITS],
                x, y, all ? k : few[k]))
            return false;
    return true;
}

int structure_by_values(
    struct structure_calls *b, struct conf_finding *findings)
{
    const int checks[] = {CONF_CHECK_SPECIAL,
        b->question->every_length ? CONF_CHECK_ALL_LENGTHS
                                  : CONF_CHECK_FEW_LENGTHS,
        CONF_CHECK_BITS_ANYWHERE, CONF_CHECK_SCALES, CONF_CHECK_ANY_DY};
    const int count = b->reference->derivative
                          ? (int)(sizeof checks / sizeof *checks)
                          : VALUES_FORWARD;
    for (int i = 0; i < count; i++)
        findings[i] =
            (struct conf_finding){.check = (enum conf_check)checks[i]};
    b->poison = STRUCTURE_POISON_NUMBER; /* which no special value gives */
    if (!ask_lengths(b, findings) && !b->stopped)
        conf_fail(&findings[VALUES_BITS], DIAG_NOT_CHECKED,
            CONF_FACT(CONF_FACT_NOT_TO_THE_END));
    if (b->reference->derivative) {
        structure_scales_with_dy(b, &findings[VALUES_FORWARD]);
        structure_any_dy(b, &findings[VALUES_FORWARD + 1]);
    }
    return count;
}
