/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of a kernel where errors tell most. */
#include "verify/conformance/diagnosis/evidence.h"
#include "verify/shared/splitmix.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MANY_ABOVE = 4096,
    MANY_LOGARITHMIC = 8192,
    MANY_LINEAR = 4096,
    MANY_NEAR = 6144, /* where constants show */
    MANY_FAR = 1024,  /* as far as e^x is a number */
    MANY_TINY = 256,
    MANY_LARGE = 128
};

double diag_width(const struct diag_evidence *e)
{
    return mpfr_get_d(e->reference->width, MPFR_RNDN);
}

long double diag_candidate_at(
    const struct diag_candidate *candidate, bool derivative, double x)
{
    if (x > 0)
        return derivative ? candidate->a : candidate->a * x;
    long double t = x / candidate->w;
    return candidate->b * (derivative ? expl(t) : expm1l(t));
}

struct diag_candidate diag_right(const struct diag_evidence *e)
{
    const struct conf_reference *reference = e->reference;
    return (struct diag_candidate){mpfr_get_ld(reference->a, MPFR_RNDN),
        mpfr_get_ld(reference->b, MPFR_RNDN),
        mpfr_get_ld(reference->width, MPFR_RNDN)};
}

static double uniform(uint64_t *state)
{
    return (double)(shared_splitmix(state) >> 11) * 0x1p-53;
}

/* 16-bit types: all finite numbers.  Others: where errors tell most. */
static size_t choose_inputs(
    int dtype, double width, bool both_sides, double *x)
{
    const struct num_format *format = ref_types[dtype].format;
    const int least = format->emin + format->precision - 2;
    uint64_t state = 1706;
    size_t n = 0;
    for (int i = 0; i < 6; i++)
        x[n++] = (double[]){
            0.0, -0.0, 1, -1, (double)INFINITY, -(double)INFINITY}[i];
    if (ref_types[dtype].size == 2) {
        n = 0;
        for (uint64_t bits = 0; bits < 65536; bits++)
            if (isfinite(x[n] = conf_type_value(dtype, bits)))
                n++;
        return n;
    }
    for (int i = 0; i < MANY_ABOVE; i++)
        x[n++] = ldexp(1 + uniform(&state), (int)(uniform(&state) * 40) - 20);
    for (int i = 0; i < MANY_LOGARITHMIC; i++)
        x[n++] = -exp2(uniform(&state) * (format->precision + 22) -
                       format->precision - 14);
    for (int i = 0; i < MANY_LINEAR; i++)
        x[n++] = -uniform(&state) * (format->precision + 2);
    for (int i = 0; i < MANY_NEAR; i++)
        x[n++] = -width * (0.5 + 7.5 * uniform(&state));
    for (int i = 0; i < MANY_FAR; i++)
        x[n++] = -width * 0.7 * (2 - format->emin) * uniform(&state);
    for (int i = 0; i < MANY_TINY; i++)
        x[n++] = (i % 2 ? -1 : 1) * ldexp(uniform(&state), least);
    /* where x/width is subnormal, and x not */
    for (int i = 0; width > 1 && i < MANY_TINY; i++)
        x[n++] = -ldexp(exp2(uniform(&state) * log2(width)), least);
    for (int i = 0; i < MANY_LARGE; i++)
        x[n++] = (i % 2 ? -1 : 1) *
                 (i % 4 < 2 ? 0.9 * format->most * uniform(&state)
                            : 60 + 700 * uniform(&state));
    /* those of SELU are most at its curved side */
    for (size_t i = 0; i < n; i++)
        x[i] = conf_type_round(
            dtype, both_sides && shared_splitmix(&state) & 1 ? -x[i] : x[i]);
    return n;
}

double diag_unit(int dtype, double value)
{
    const struct num_format *format = ref_types[dtype].format;
    const int least = format->emin - 1;
    const int exponent = value == 0 || !isfinite(value)
                             ? least
                             : ilogb(value) - format->precision + 1;
    return ldexp(1, exponent < least ? least : exponent);
}

/* One result, and what it should have been. */
static void add_sample(struct diag_evidence *e, double x, double y)
{
    struct diag_sample *s = &e->sample[e->n++];
    *s = (struct diag_sample){.x = x,
        .y = y,
        .want = conf_reference_rounded(e->reference, e->dtype, x)};
    s->wrong = memcmp(&s->want, &s->y, sizeof s->y) != 0 &&
               !(isnan(s->want) && isnan(y)) &&
               !sweep_is_other_side(e->reference, e->dtype, x, y) &&
               !(e->reference->flush && y == 0 &&
                   fabs(s->want) < conf_type_least_normal(e->dtype));
    if (s->wrong && !isnan(x))
        s->error = conf_reference_ulp(e->reference, e->dtype, x, y);
    if (y < s->want || (isnan(y) && s->want > 0))
        s->error = -s->error;
    s->unit = diag_unit(e->dtype, s->want);
    s->own_unit = diag_unit(e->dtype, y);
    e->wrong += s->wrong;
}

/* What causes are to explain. */
static void mark_deviating(struct diag_evidence *e)
{
    const double limit = e->question->limit;
    size_t beyond = 0;
    for (size_t i = 0; i < e->n; i++)
        beyond += e->sample[i].wrong && fabs(e->sample[i].error) > limit;
    for (size_t i = 0; i < e->n; i++) {
        struct diag_sample *s = &e->sample[i];
        s->deviates = s->wrong && (!beyond || fabs(s->error) > limit);
        e->of += s->deviates;
    }
}

/* A call on inputs of our choice; false: it did not run. */
static bool call(const struct diag_evidence *e, const double *x, double *y,
    size_t n, uint64_t before)
{
    const struct diag_question *question = e->question;
    const int type = e->dtype;
    const struct subject_task task = subject_task_of(
        question->reference, type, question->timeout, question->stop);
    struct subject_session *session;
    bool ran = subject_open(&session, question->subject, &task) == SUBJECT_RAN;
    for (size_t i = 0; ran && i < n; i++) {
        conf_type_set(type, subject_x(session), i, x[i]);
        conf_type_set_bits(type, subject_out(session), i, before);
    }
    ran = ran &&
          subject_run(session, &(struct subject_call){.n = n}) == SUBJECT_RAN;
    for (size_t i = 0; ran && i < n; i++)
        y[i] = conf_type_get(type, subject_out(session), i);
    subject_close(session);
    return ran;
}

bool diag_call_again(const struct diag_evidence *e, double *y, double before)
{
    double *x = malloc((e->n + 1) * sizeof *x);
    for (size_t i = 0; x && i < e->n; i++)
        x[i] = e->sample[i].x;
    const bool ran =
        x && call(e, x, y, e->n, conf_type_pattern(e->dtype, before));
    free(x);
    return ran;
}

bool diag_call_among_equals(const struct diag_evidence *e, double *y, double x)
{
    enum { EQUALS = 128 };
    double all[EQUALS], results[EQUALS];
    for (int i = 0; i < EQUALS; i++)
        all[i] = x;
    const bool ran = call(
        e, all, results, EQUALS, conf_type_pattern(e->dtype, (double)NAN));
    if (ran)
        *y = results[EQUALS / 2];
    return ran;
}

/* Those that the subject brings. */
static size_t own_inputs(const struct diag_evidence *e, double *x, double *y)
{
    const struct diag_question *question = e->question;
    const struct subject_task task = subject_task_of(
        question->reference, e->dtype, question->timeout, question->stop);
    struct subject_session *session;
    size_t n = 0;
    if (subject_open(&session, question->subject, &task) == SUBJECT_RAN)
        n = subject_answers(session, x, NULL, y, SUBJECT_BLOCK);
    subject_close(session);
    return n;
}

bool diag_gather(struct diag_evidence *e, const struct diag_question *question)
{
    const uint64_t nan =
        conf_type_bits(e->dtype, "\xff\xff\xff\xff\xff\xff\xff\xff", 0);
    double *x = malloc(SUBJECT_BLOCK * sizeof *x);
    double *y = malloc(SUBJECT_BLOCK * sizeof *y);
    size_t n = 0;
    e->sample = malloc(SUBJECT_BLOCK * sizeof *e->sample);
    bool good = x && y && e->sample;
    if (good && !subject_can(question->subject, SUBJECT_INPUTS)) {
        n = own_inputs(e, x, y);
    } else if (good) {
        n = choose_inputs(
            e->dtype, diag_width(e), e->reference->curve != NULL, x);
        good = call(e, x, y, n, nan);
    }
    for (size_t i = 0; good && i < n; i++)
        add_sample(e, x[i], y[i]);
    if (good)
        mark_deviating(e);
    free(x);
    free(y);
    return good && n;
}

/* ---- hypotheses ----------------------------------------------------------
 */

struct diag_tally diag_count(
    const struct diag_evidence *e, diag_test *test, const void *ctx)
{
    struct diag_tally tally = {.low = HUGE_VAL, .high = -HUGE_VAL};
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        const enum diag_says says = test(e, s, ctx);
        /* what another cause explains is nothing against this one */
        tally.deny += says == DIAG_DENIES && !s->explained;
        if (says != DIAG_AGREES)
            continue;
        tally.agree++;
        tally.fresh += !s->explained;
        tally.not_zero += s->y != 0;
        tally.low = fmin(tally.low, s->x);
        tally.high = fmax(tally.high, s->x);
    }
    return tally;
}

bool diag_holds(const struct diag_tally *tally)
{
    return tally->fresh >= DIAG_SUPPORT &&
           tally->deny * 20 <= tally->agree + tally->deny;
}

/* The count of results and what makes it known. */
static void add_cause(struct diag_evidence *e, enum diag_index row,
    const double value[CONF_VALUES], size_t explains, bool beyond)
{
    struct conf_diagnosis d = {.row = row,
        .raised_by = diag_rows[row].raised_by,
        .finding = -1,
        .explains = explains,
        .of = e->of,
        .beyond = beyond};
    memcpy(d.value, value, sizeof d.value);
    /* as on the other side of 0 */
    for (int i = 0; e->reference->curve && i < e->list->count; i++)
        if (e->list->found[i].row == row)
            e->list->found[i].explains += explains;
    diag_add(e->list, &d);
}

static bool explain(
    const struct diag_evidence *e, struct diag_sample *s, size_t *explains)
{
    s->explained = true;
    *explains += s->deviates;
    return s->wrong && fabs(s->error) > e->question->limit;
}

void diag_name(struct diag_evidence *e, enum diag_index row, diag_test *test,
    const void *ctx, const double value[CONF_VALUES])
{
    size_t explains = 0;
    bool beyond = false;
    for (size_t i = 0; i < e->n; i++)
        if (test(e, &e->sample[i], ctx) == DIAG_AGREES)
            beyond = explain(e, &e->sample[i], &explains) || beyond;
    add_cause(e, row, value, explains, beyond);
}

void diag_name_those(struct diag_evidence *e, enum diag_index row,
    diag_is_of *is_of, const void *ctx, const double value[CONF_VALUES])
{
    size_t explains = 0;
    bool beyond = false;
    for (size_t i = 0; i < e->n; i++)
        if (is_of(&e->sample[i], ctx))
            beyond = explain(e, &e->sample[i], &explains) || beyond;
    add_cause(e, row, value, explains, beyond);
}
