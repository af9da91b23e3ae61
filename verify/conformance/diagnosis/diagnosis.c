/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathers evidence and asks each kind of explanation. */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what findings say ---------------------------------------------------
 */

/* What another fault, found before, makes a matter of course. */
static bool follows(const struct diag_list *list, enum diag_index row)
{
    switch (row) {
    case DIAG_NOT_CHECKED:
        return true;
    case DIAG_CRASH:
        return diag_has(list, DIAG_TEXT) || diag_has(list, DIAG_WIDE_OUTPUT);
    case DIAG_SIGNALLING_NAN:
        return diag_has(list, DIAG_NAN_SWALLOWED);
    case DIAG_TAIL_DIFFERS:
    case DIAG_TAIL_AT_THE_END:
    case DIAG_PLACE:
    case DIAG_PLACE_WRONG:
    case DIAG_THREAD:
    case DIAG_THREAD_WRONG:
        return diag_has(list, DIAG_NOT_REPRODUCIBLE);
    case DIAG_IN_PLACE:
    case DIAG_IN_PLACE_BITS:
        return diag_has(list, DIAG_UNWRITTEN) ||
               diag_has(list, DIAG_NOT_REPRODUCIBLE);
    case DIAG_DY_WRONG:
        return diag_has(list, DIAG_DY_IGNORED) ||
               diag_has(list, DIAG_DY_OVERFLOW);
    case DIAG_DY_SPECIAL:
        return diag_has(list, DIAG_DY_IGNORED);
    default:
        return false;
    }
}

/* A cause that a symptom is of. */
static bool is_cause(const struct conf_diagnosis *found)
{
    const enum diag_of of = diag_rows[found->row].of;
    return of != DIAG_OF_SYMPTOM && found->row != DIAG_SIGN_OF_ZERO &&
           diag_rows[found->row].level > CONF_NOTE;
}

/* NaN above the overflow of e^x is one fault, not three; so is ELU for SELU.
 */
static bool is_consequence(
    const struct diag_list *list, bool causes, bool another, int i)
{
    const enum diag_index row = list->found[i].row;
    if (diag_rows[row].of == DIAG_OF_SYMPTOM)
        return causes;
    const bool above = row == DIAG_INFINITY || row == DIAG_OVERFLOW;
    const bool of_dy = row == DIAG_DY_OVERFLOW || row == DIAG_DY_IGNORED ||
                       row == DIAG_DY_SPECIAL;
    const bool of_place = row == DIAG_PLACE || row == DIAG_PLACE_WRONG ||
                          row == DIAG_NAN_SWALLOWED;
    return (another && (above || of_dy)) ||
           (row == DIAG_PLACE && diag_has(list, DIAG_PLACE_WRONG)) ||
           (of_place && diag_has(list, DIAG_PERMUTATION)) ||
           (row == DIAG_ZERO_BY_PLACE && diag_has(list, DIAG_VOTE_WRONG)) ||
           (above && (diag_has(list, DIAG_UNUSED_BRANCH) ||
                         diag_has(list, DIAG_CURVE_OVERFLOWS) ||
                         diag_has(list, DIAG_CLAMPED) ||
                         diag_has(list, DIAG_RESIDUAL) ||
                         diag_has(list, DIAG_GRADIENT_FROM_RESULT)));
}

static void drop_consequences(struct diag_list *list, bool another)
{
    bool causes = false;
    int kept = 0;
    for (int i = 0; i < list->count; i++)
        causes = causes || is_cause(&list->found[i]);
    for (int i = 0; i < list->count; i++)
        if (!is_consequence(list, causes, another, i))
            list->found[kept++] = list->found[i];
    list->count = kept;
}

static void from_findings(
    struct diag_list *list, const struct diag_question *question)
{
    const struct sweep_answer *sweep = question->sweep;
    if (sweep->failure.outcome != SUBJECT_RAN)
        diag_add(list, &(const struct conf_diagnosis){
                           .row = sweep->failure.printed ? DIAG_TEXT
                                  : sweep->failure.wide  ? DIAG_WIDE_OUTPUT
                                  : subject_is_outside(&sweep->failure)
                                      ? DIAG_OUT_OF_BOUNDS
                                      : DIAG_CRASH,
                           .raised_by = __func__,
                           .finding = -1,
                           .failure = sweep->failure,
                           .known = sweep->known,
                           .from = sweep->from,
                           .to = sweep->to});
    for (int row = 0; row < DIAG_ROWS; row++)
        for (int i = 0; i < question->count; i++)
            if (question->findings[i].row[row] &&
                !strcmp(diag_rows[row].raised_by, __func__) &&
                !follows(list, (enum diag_index)row))
                diag_add(list,
                    &(const struct conf_diagnosis){.row = (enum diag_index)row,
                        .raised_by = __func__,
                        .finding = i});
}

/* Where the errors of 1 ULP and more are, as binades of the input. */
struct stretch {
    double from, to;
    uint64_t off, right, all; /* in these binades */
};

static struct stretch stretch_of_errors(
    int dtype, const struct sweep_answer *sweep)
{
    const int shift = ref_types[dtype].format->precision - 1;
    struct stretch s = {HUGE_VAL, -HUGE_VAL, 0, 0, 0};
    for (unsigned i = 0; i < SWEEP_BINADES; i++) {
        const uint64_t *count = sweep->score.histogram[i];
        uint64_t off = 0;
        for (int k = 2; k < SWEEP_BUCKETS; k++)
            off += count[k];
        const double start = conf_type_value(dtype, (uint64_t)i << shift);
        const double end = conf_type_value(dtype, ((uint64_t)i + 1) << shift);
        if (!off || isinf(start))
            continue;
        s.from = fmin(s.from, fmin(start, end));
        s.to = fmax(s.to, fmax(start, end));
        s.off += off;
        s.right += count[0];
        s.all += count[0] + count[1] + off;
    }
    return s;
}

/*
 * Nothing known fits.  A kernel that is right nearly everywhere, there too
 * where it is off by 1 ULP and more, was meant to be right.
 */
static void unexplained(
    struct diag_evidence *e, const struct sweep_answer *sweep)
{
    const struct sweep_score *score = &sweep->score;
    const struct stretch s = stretch_of_errors(e->dtype, sweep);
    const double off = (double)s.off, right = (double)s.right,
                 all = (double)s.all, at = score->worst_input;
    if (!s.off) {
        if (score->incorrectly_rounded < score->inputs / 10000 &&
            score->max_ulp > 0.51 && isfinite(at))
            DIAG_ADD(e->list, DIAG_ISOLATED_SLIGHT,
                (double)score->incorrectly_rounded, (double)score->inputs, at);
    } else if (s.off * 100 < s.all && s.off * 100 < score->inputs &&
               s.right > s.all / 10 * 9) {
        DIAG_ADD(e->list, DIAG_ISOLATED, off, s.from, s.to, right, all, at);
    } else if (s.off * 100 < score->inputs && score->max_ulp >= 2 &&
               score->incorrectly_rounded < score->inputs / 20) {
        DIAG_ADD(e->list, DIAG_RANGE, off, all, s.from, s.to, at, right);
    } else if (score->max_ulp > 4) {
        DIAG_ADD(e->list, DIAG_UNEXPLAINED, off, (double)score->inputs, s.from,
            s.to, score->max_ulp, at);
    }
}

/* What explains most first; what is left over is told. */
static void explain_own(struct diag_evidence *e)
{
    if (!e->another)
        diag_grids(e);
    if (!e->another)
        diag_formulas(e);
    if (!e->another)
        diag_rounding(e);
    if (!e->another && !diag_has(e->list, DIAG_NARROW_F32)) {
        diag_constants(e);
        diag_ranges(e);
    }
}

static void explain_curve(struct diag_evidence *e)
{
    if (!e->another)
        diag_curves(e);
    if (!e->another && !diag_has(e->list, DIAG_NARROW_F32))
        diag_rounding(e);
}

static void explain(struct diag_evidence *e, const struct sweep_answer *sweep)
{
    diag_company(e);
    const int structural = e->list->count;
    diag_orders(e);
    if (e->reference->curve)
        explain_curve(e);
    else
        explain_own(e);
    if (e->list->count == structural && !diag_has(e->list, DIAG_VOTE_WRONG))
        unexplained(e, sweep);
    for (size_t i = 0; i < e->n; i++)
        e->list->unexplained += e->sample[i].deviates &&
                                !e->sample[i].explained &&
                                fabs(e->sample[i].error) > e->question->limit;
}

void diag_run(struct diag_list *list, const struct diag_question *question)
{
    const struct sweep_answer *sweep = question->sweep;
    struct diag_evidence e = {.reference = question->reference,
        .question = question,
        .dtype = question->type,
        .list = list};
    list->count = 0;
    from_findings(list, question);
    const bool own = !e.reference->curve; /* explained by its formulas */
    /* whose first call differs gives other results each time it is asked */
    const bool gathered = !diag_has(list, DIAG_FIRST_CALL) &&
                          (sweep->score.incorrectly_rounded ||
                              (own && e.reference->derivative)) &&
                          sweep->failure.outcome == SUBJECT_RAN &&
                          diag_gather(&e, question);
    if (gathered && own)
        diag_at_zero(&e);
    if (gathered && sweep->score.incorrectly_rounded)
        explain(&e, sweep);
    drop_consequences(list, e.another);
    /* where there is a cause, the order is its consequence; a few results in
       a file, each within a unit, may change places by chance */
    enum { LEAST_PAIRS = 20 };
    if (own && !list->count &&
        subject_can(question->subject, SUBJECT_INPUTS) &&
        sweep->score.monotonicity_violations >= LEAST_PAIRS)
        DIAG_ADD(list, DIAG_MONOTONICITY,
            (double)sweep->score.monotonicity_violations);
    free(e.sample);
}
