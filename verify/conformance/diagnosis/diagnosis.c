/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathers evidence and asks each kind of explanation. */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>
#include <stdlib.h>

/* ---- what findings say ---------------------------------------------------
 */

/* What another fault, found before, makes a matter of course. */
static bool follows(const struct diag_list *list, unsigned kind)
{
    const unsigned places =
        CONF_KIND_TAIL | CONF_KIND_PLACE | CONF_KIND_THREAD | CONF_KIND_ALIAS;
    return (kind == CONF_KIND_SIGNALLING &&
               diag_has(list, DIAG_NAN_SWALLOWED)) ||
           (kind == CONF_KIND_ALIAS && diag_has(list, DIAG_UNWRITTEN)) ||
           (kind & places && diag_has(list, DIAG_NOT_REPRODUCIBLE)) ||
           (kind == CONF_KIND_DY_SPECIAL && diag_has(list, DIAG_DY_IGNORED));
}

/* NaN above the overflow of e^x is one fault, not three; so is ELU for SELU.
 */
static void drop_consequences(struct diag_evidence *e)
{
    struct diag_list *list = e->list;
    int kept = 0;
    if (!diag_has(list, DIAG_UNUSED_BRANCH) &&
        !diag_has(list, DIAG_GRADIENT_FROM_RESULT) && !e->another)
        return;
    for (int i = 0; i < list->count; i++) {
        const enum diag_index row = list->found[i].row;
        const bool above = row == DIAG_INFINITY || row == DIAG_OVERFLOW;
        const bool of_dy = row == DIAG_DY_OVERFLOW || row == DIAG_DY_IGNORED ||
                           row == DIAG_DY_SPECIAL;
        if (!above && !(e->another && of_dy))
            list->found[kept++] = list->found[i];
    }
    list->count = kept;
}

static void from_findings(
    struct diag_list *list, const struct diag_question *question)
{
    static const struct {
        unsigned kind;
        enum diag_index row;
    } row[] = {
        {CONF_KIND_ZERO_SIGN, DIAG_SIGN_OF_ZERO},
        {CONF_KIND_NAN, DIAG_NAN_SWALLOWED},
        {CONF_KIND_SIGNALLING, DIAG_SIGNALLING_NAN},
        {CONF_KIND_INFINITY, DIAG_INFINITY},
        {CONF_KIND_OVERFLOW, DIAG_OVERFLOW},
        {CONF_KIND_UNWRITTEN, DIAG_UNWRITTEN},
        {CONF_KIND_OUTSIDE, DIAG_OUT_OF_BOUNDS},
        {CONF_KIND_INPUT, DIAG_INPUT_CHANGED},
        {CONF_KIND_REPEAT, DIAG_NOT_REPRODUCIBLE},
        {CONF_KIND_TAIL, DIAG_TAIL_DIFFERS},
        {CONF_KIND_PLACE, DIAG_PLACE},
        {CONF_KIND_THREAD, DIAG_THREAD},
        {CONF_KIND_ALIAS, DIAG_IN_PLACE},
        {CONF_KIND_MODE, DIAG_MODE},
        {CONF_KIND_CRASH, DIAG_CRASH},
        {CONF_KIND_DY, DIAG_DY_IGNORED},
        {CONF_KIND_DY_OVERFLOW, DIAG_DY_OVERFLOW},
        {CONF_KIND_DY_SPECIAL, DIAG_DY_SPECIAL},
    };
    const struct sweep_answer *sweep = question->sweep;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++)
        for (int i = 0; i < question->count; i++)
            if (question->findings[i].kinds & row[k].kind &&
                !follows(list, row[k].kind))
                diag_add(
                    list, &(const struct conf_diagnosis){.row = row[k].row,
                              .raised_by = __func__,
                              .finding = i});
    if (sweep->failure.outcome != SUBJECT_RAN)
        diag_add(list, &(const struct conf_diagnosis){.row = DIAG_CRASH,
                           .raised_by = __func__,
                           .finding = -1,
                           .failure = sweep->failure,
                           .known = sweep->known,
                           .from = sweep->from,
                           .to = sweep->to});
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
        if (!off)
            continue;
        double start = conf_type_value(dtype, (uint64_t)i << shift);
        double end = isinf(start)
                         ? start
                         : conf_type_value(dtype, ((uint64_t)i + 1) << shift);
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
            score->max_ulp > 0.51)
            DIAG_ADD(e->list, DIAG_ISOLATED_SLIGHT,
                (double)score->incorrectly_rounded, (double)score->inputs, at);
    } else if (score->worst_got == 0 && e->reference->derivative) {
        DIAG_ADD(e->list, DIAG_UNDERFLOWS_EARLY, at, sweep->worst_want,
            (double)score->zeros);
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

void diag_run(struct diag_list *list, const struct diag_question *question)
{
    const struct sweep_answer *sweep = question->sweep;
    struct diag_evidence e = {.reference = question->reference,
        .dtype = question->type,
        .list = list};
    list->count = 0;
    from_findings(list, question);
    const int structural = list->count;
    if (sweep->score.incorrectly_rounded &&
        sweep->failure.outcome == SUBJECT_RAN && diag_gather(&e, question)) {
        diag_formulas(&e);
        if (!e.another)
            diag_rounding(&e);
        if (!e.another && !diag_has(list, DIAG_NARROW_F32)) {
            diag_ranges(&e);
            diag_constants(&e);
        }
        if (list->count == structural)
            diag_slope(&e);
        if (!list->count)
            unexplained(&e, sweep);
        drop_consequences(&e);
    }
    free(e.sample);
}
