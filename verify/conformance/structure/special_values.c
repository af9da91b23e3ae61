/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/structure/calls.h"
#include <math.h>
#include <string.h>

enum { SPECIALS = STRUCTURE_SPECIAL_VALUES, SPECIAL_COPIES = 9 };

/* Bit patterns; odd ones have the sign. */
static uint64_t special(int dtype, int i)
{
    /* 0, subnormals, normals, infinity; NaN: quiet, signalling, all ones;
       then other payloads, as a kernel may test some bits alone: the lowest,
       the highest below quiet, all, random ones, of either kind */
    const struct num_format *format = ref_types[dtype].format;
    const int fraction = format->precision - 1;
    const uint64_t least = UINT64_C(1) << fraction;
    const uint64_t top = ((UINT64_C(1) << format->width) - 1) << fraction;
    const uint64_t quiet = top | least >> 1, payload = (least >> 1) - 1;
    const uint64_t random = UINT64_C(0x2545f4914f6cdd1d) & payload;
    const uint64_t bits[] = {0, 1, least - 1, least, top - 1, top, quiet,
        top | 1, quiet | payload, quiet | 1, top | least >> 2, top | payload,
        top | random, quiet | random, quiet | least >> 2};
    return bits[i / 2] | (uint64_t)(i % 2) << (fraction + format->width);
}

static void set_special(
    const struct structure_calls *b, void *array, size_t at, int i)
{
    conf_type_set_bits(b->dtype, array, at, special(b->dtype, i));
}

static enum diag_index row_of_nan(
    const struct structure_calls *b, uint64_t pattern)
{
    const int quiet = ref_types[b->dtype].format->precision - 2;
    if (b->reference->curve && b->reference->curve->steps)
        return DIAG_NAN_IN_STEPS;
    return pattern >> quiet & 1 ? DIAG_NAN_SWALLOWED : DIAG_SIGNALLING_NAN;
}

/* Flushed subnormals and errors of the derivative show as values, too. */
static enum diag_index row_of(
    const struct structure_calls *b, double x, double y, double want)
{
    if (want == 0 && y == 0 && (x == 0 || b->reference->curve))
        return DIAG_SIGN_OF_ZERO;
    if (x == 0)
        return DIAG_SPECIAL;
    if (isinf(x))
        return DIAG_INFINITY;
    return fabs(x) >= ref_types[b->dtype].format->most ? DIAG_OVERFLOW
                                                       : DIAG_SPECIAL;
}

/* A fact about one special value; _ALONE follows each code. */
static void fail_special(struct conf_finding *finding, enum diag_index row,
    struct conf_fact fact, bool alone)
{
    fact.code = (enum conf_fact_code)((int)fact.code + alone);
    conf_fail(finding, row, &fact);
}

/* A zero that is allowed where another result is wanted. */
static bool is_allowed_zero(
    const struct structure_calls *b, double x, double got, double want)
{
    const double least = conf_type_least_normal(b->dtype);
    if (got != 0)
        return false;
    /* next to the tie below the least subnormal 0 is as near */
    if (b->reference->curve && want != 0 &&
        conf_reference_ulp(b->reference, b->dtype, x, got) <= 0.5 + 0x1p-20)
        return true;
    return b->reference->flush && !signbit(got) == !signbit(want) &&
           (fabs(want) < least ||
               (!b->reference->derivative && fabs(x) < least));
}

/* Near the limit of what comes before an infinity: special values 8 and 9. */
static bool is_at_the_limit(
    const struct structure_calls *b, const char *y, int i, double want)
{
    const double before =
        structure_get(b, y - (size_t)(i - 8 - i % 2) * b->size, 0);
    return fabs(structure_get(b, y, 0) - before) <=
           ldexp(fabs(want), 5 - ref_types[b->dtype].format->precision);
}

/* Of a number: zeros and infinities exactly, signs always. */
static bool will_do(const struct structure_calls *b, const char *y, int i,
    bool alone, double x, double want)
{
    const double got = structure_get(b, y, 0);
    if (conf_reference_accepts(b->reference, b->dtype, x, 1, got) ||
        is_allowed_zero(b, x, got, want))
        return true;
    if (got == 0 && want == 0)
        return b->reference->any_zero || !signbit(got) == !signbit(want);
    if (!signbit(got) != !signbit(want) || isnan(got))
        return false;
    if (want == 0 || isinf(want))
        return got == want;
    const double unit = conf_type_value(b->dtype, 1);
    if (!isfinite(got) || (got == 0 && fabs(want) > unit))
        return false;
    return !isinf(x) || alone || is_at_the_limit(b, y, i, want);
}

/* The result at out[at] for special value i. */
static bool judge_special(struct structure_calls *b,
    struct conf_finding *finding, const void *out, int i, size_t at,
    bool alone)
{
    const char *y = (const char *)out + at * b->size;
    struct conf_fact fact = {.type = b->dtype, .bits = special(b->dtype, i)};
    const double x = conf_type_value(b->dtype, fact.bits);
    const double got = structure_get(b, y, 0);
    if (!finding->failures)
        finding->input = (struct conf_input){
            .known = true, .by_bits = true, .bits = fact.bits};
    if (structure_is_poison(b, y, 0)) {
        fact.code = CONF_FACT_SPECIAL_UNWRITTEN;
        fail_special(finding, DIAG_UNWRITTEN, fact, alone);
        return false;
    }
    if (isnan(x)) {
        fact.code = CONF_FACT_NAN_LOST;
        fact.value[0] = got;
        if (!isnan(got))
            fail_special(finding, row_of_nan(b, fact.bits), fact, alone);
        return isnan(got);
    }
    const double want = conf_reference_rounded(b->reference, b->dtype, x);
    if (will_do(b, y, i, alone, x, want))
        return true;
    const enum diag_index row = row_of(b, x, got, want);
    fact.value[0] = x;
    if (isnan(got)) {
        fact.code = CONF_FACT_NAN_GIVEN;
        fact.bits = conf_type_bits(b->dtype, y, 0);
        fact.value[1] = want;
    } else {
        fact.code = CONF_FACT_SPECIAL;
        fact.value[1] = got;
        fact.value[2] = want;
    }
    fail_special(finding, row, fact, alone);
    return false;
}

/* Of the NaN among the special values: what of them comes out. */
static void note_payloads(
    struct structure_calls *b, struct conf_finding *finding, const void *y)
{
    const struct num_format *format = ref_types[b->dtype].format;
    const uint64_t quiet = UINT64_C(1) << (format->precision - 2);
    int kept = 0, signalling = 0, all = 0;
    for (int i = 0; i < SPECIALS; i++) {
        uint64_t in = special(b->dtype, i);
        uint64_t out = conf_type_bits(b->dtype, y, (size_t)i);
        if (!isnan(conf_type_value(b->dtype, in)) ||
            !isnan(conf_type_value(b->dtype, out)))
            continue;
        all++;
        kept += out == (in | quiet);
        signalling += !(out & quiet);
    }
    conf_note(finding, CONF_FACT(signalling ? CONF_FACT_PAYLOADS_SIGNALLING
                                            : CONF_FACT_PAYLOADS,
                           kept, all));
}

void structure_special_fill(const struct structure_calls *b, void *x)
{
    for (int i = 0; i < SPECIALS; i++)
        set_special(b, x, (size_t)i, i);
}

void structure_special_judge(
    struct structure_calls *b, struct conf_finding *finding, const void *y)
{
    for (int i = 0; i < SPECIALS; i++)
        judge_special(b, finding, y, i, (size_t)i, false);
    note_payloads(b, finding, y);
}

/* Signs of the zeros that +0 and -0 give, in the middle, at the end, alone. */
struct zero_signs {
    size_t kept[2], lost[2];
};

static void count_zero(const struct structure_calls *b,
    struct zero_signs *zeros, const void *y, size_t at, int i)
{
    const double x = conf_type_value(b->dtype, special(b->dtype, i));
    const double got = structure_get(b, y, at);
    if (x != 0 || got != 0 || b->reference->derivative)
        return;
    const double want = conf_reference_rounded(b->reference, b->dtype, x);
    const bool kept = !signbit(got) == !signbit(want);
    zeros->kept[signbit(x) != 0] += kept;
    zeros->lost[signbit(x) != 0] += !kept;
}

/* Lost everywhere is a habit; lost at some places is a fault. */
static void tell_zeros(
    struct conf_finding *finding, const struct zero_signs *zeros)
{
    for (int minus = 0; minus < 2; minus++) {
        const size_t lost = zeros->lost[minus], kept = zeros->kept[minus];
        if (!finding->row[DIAG_SIGN_OF_ZERO] || !lost || !kept)
            continue;
        finding->row[DIAG_SIGN_OF_ZERO] = false;
        conf_fail(finding, DIAG_ZERO_BY_PLACE,
            CONF_FACT(
                CONF_FACT_ZERO_BY_PLACE, (double)lost, (double)(kept + lost)));
    }
}

/* Poisoned by a number, as a NaN that is not written must not look right. */
void structure_special_values(
    struct structure_calls *b, struct conf_finding *finding)
{
    if (!structure_ready(b, finding))
        return;
    const void *y = subject_out(b->session);
    structure_fill(b);
    b->poison = STRUCTURE_POISON_NUMBER;
    structure_poison(b);
    for (int i = 0; i < SPECIALS * SPECIAL_COPIES; i++)
        set_special(b, subject_x(b->session), (size_t)i, i % SPECIALS);
    bool ran = structure_call(
        b, finding, &(struct subject_call){.n = SPECIALS * SPECIAL_COPIES});
    /* vector body and tail; one failure of each value is enough */
    for (int i = 0; ran && i < SPECIALS; i++)
        for (int at = i; at < SPECIALS * SPECIAL_COPIES; at += SPECIALS)
            if (!judge_special(b, finding, y, i, (size_t)at, false))
                break;
    if (ran)
        note_payloads(b, finding, y);
    struct zero_signs zeros = {0};
    for (size_t at = 0; ran && at < SPECIALS * SPECIAL_COPIES; at++)
        count_zero(b, &zeros, y, at, (int)(at % SPECIALS));
    const bool many = finding->level < CONF_ERROR;
    for (int i = 0; ran && many && i < SPECIALS; i++) {
        const struct subject_call alone = {.n = 1, .x_at = (size_t)i};
        if (!subject_may(b->question->subject, &alone, b->size))
            continue;
        structure_poison(b);
        ran = structure_call(b, finding, &alone);
        if (ran && !finding->row[DIAG_SIGN_OF_ZERO])
            judge_special(b, finding, y, i, 0, true);
        if (ran)
            count_zero(b, &zeros, y, 0, i);
    }
    tell_zeros(finding, &zeros);
    b->poison = STRUCTURE_POISON;
}
