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

static double uniform(uint64_t *state)
{
    return (double)(shared_splitmix(state) >> 11) * 0x1p-53;
}

/* 16-bit types: all finite numbers.  Others: where errors tell most. */
static size_t choose_inputs(int dtype, double width, double *x)
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
    for (int i = 0; i < MANY_TINY; i++)
        x[n++] = (i % 2 ? -1 : 1) * ldexp(uniform(&state), least);
    /* where x/width is subnormal, and x not */
    for (int i = 0; width > 1 && i < MANY_TINY; i++)
        x[n++] = -ldexp(exp2(uniform(&state) * log2(width)), least);
    for (int i = 0; i < MANY_LARGE; i++)
        x[n++] = (i % 2 ? -1 : 1) *
                 (i % 4 < 2 ? 0.9 * format->most * uniform(&state)
                            : 60 + 700 * uniform(&state));
    for (size_t i = 0; i < n; i++)
        x[i] = conf_type_round(dtype, x[i]);
    return n;
}

/* One result, and what it should have been. */
static void add_sample(struct diag_evidence *e, double x, double y)
{
    const struct num_format *format = ref_types[e->dtype].format;
    struct diag_sample *s = &e->sample[e->n++];
    *s = (struct diag_sample){.x = x,
        .y = y,
        .want = conf_reference_rounded(e->reference, e->dtype, x)};
    s->wrong = memcmp(&s->want, &s->y, sizeof s->y) != 0;
    if (s->wrong)
        s->error = conf_reference_ulp(e->reference, e->dtype, x, y);
    if (y < s->want || (isnan(y) && s->want > 0))
        s->error = -s->error;
    int exponent = s->want == 0 || !isfinite(s->want)
                       ? format->emin - 1
                       : ilogb(s->want) - format->precision + 1;
    if (exponent < format->emin - 1)
        exponent = format->emin - 1;
    s->unit = ldexp(1, exponent);
    if (sweep_is_other_side(e->reference, e->dtype, x, y))
        s->wrong = false, s->error = 0;
    e->wrong += s->wrong;
}

/* Inputs of our choice, or those that the subject brings. */
static bool evaluate(struct diag_evidence *e,
    const struct diag_question *question, double *x, double *y, size_t *n)
{
    const int type = question->type;
    const struct subject_task task = subject_task_of(question->reference,
        question->type, question->timeout, question->stop);
    struct subject_session *session;
    bool ran = subject_open(&session, question->subject, &task) == SUBJECT_RAN;
    if (ran && !subject_can(question->subject, SUBJECT_INPUTS)) {
        *n = subject_answers(session, x, y, SUBJECT_BLOCK);
    } else if (ran) {
        *n = choose_inputs(type, diag_width(e), x);
        for (size_t i = 0; i < *n; i++)
            conf_type_set(type, subject_x(session), i, x[i]);
        memset(subject_out(session), 0xff, *n * ref_types[type].size);
        ran = subject_run(session, &(struct subject_call){.n = *n}) ==
              SUBJECT_RAN;
        for (size_t i = 0; ran && i < *n; i++)
            y[i] = conf_type_get(type, subject_out(session), i);
    }
    subject_close(session);
    return ran;
}

bool diag_gather(struct diag_evidence *e, const struct diag_question *question)
{
    double *x = malloc(SUBJECT_BLOCK * sizeof *x);
    double *y = malloc(SUBJECT_BLOCK * sizeof *y);
    size_t n = 0;
    e->sample = malloc(SUBJECT_BLOCK * sizeof *e->sample);
    const bool good = x && y && e->sample && evaluate(e, question, x, y, &n);
    for (size_t i = 0; good && i < n; i++)
        add_sample(e, x[i], y[i]);
    free(x);
    free(y);
    return good;
}
