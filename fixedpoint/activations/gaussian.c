/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/gaussian.h"
#include "fixedpoint/activations/integration.h"
#include "fixedpoint/activations/tail.h"
#include "fixedpoint/expressions/range.h"
#include <math.h>
#include <stdlib.h>

enum { GAUSSIAN_BALLS = 9 };

static arb_ptr gaussian_ball(struct act_gaussian *x, int i)
{
    const arb_ptr ball[GAUSSIAN_BALLS] = {x->centre, x->mean, x->square,
        x->mean_m, x->square_m, x->mean_v, x->square_v, x->slope_square,
        x->jump};
    return ball[i];
}

void act_gaussian_init(struct act_gaussian *moments)
{
    *moments = (struct act_gaussian){0};
    for (int i = 0; i < GAUSSIAN_BALLS; i++)
        arb_init(gaussian_ball(moments, i));
}

void act_gaussian_clear(struct act_gaussian *moments)
{
    for (int i = 0; i < GAUSSIAN_BALLS; i++)
        arb_clear(gaussian_ball(moments, i));
}

/* ---- the tails ------------------------------------------------------ */

/* side m + length sqrt v, rounded up to few bits, and at least 1 */
static void set_end(
    arf_t r, const struct act_integration *job, int side, double length)
{
    NUM_ARB(t);
    NUM_FMPZ(k);
    arb_set_d(t, length);
    arb_mul(t, t, job->sigma, job->prec);
    if (side > 0)
        arb_add(t, t, job->m, job->prec);
    else
        arb_sub(t, t, job->m, job->prec);
    arb_get_ubound_arf(r, t, job->prec);
    /* to a multiple of a power of 2 about sqrt(v)/4 */
    arf_abs_bound_lt_2exp_fmpz(k, arb_midref(job->sigma));
    fmpz_sub_ui(k, k, 2);
    fmpz_neg(k, k);
    arf_mul_2exp_fmpz(r, r, k);
    arf_ceil(r, r);
    fmpz_neg(k, k);
    arf_mul_2exp_fmpz(r, r, k);
    if (arf_cmp_si(r, 1) < 0)
        arf_one(r);
}

/*
 * How far out a tail is tried, as a multiple of where a bounded f's is cut:
 * both grow as sqrt(prec), so that the digits do not decide.
 */
enum { FARTHEST = 1000000 };

/*
 * Moves an end out from `length` standard deviations until what node `root`
 * has beyond it is below 2^-depth; false, with the node at fault, if there is
 * no such end.
 */
static bool find_end(mag_t bound, arf_t end, double *length, int *culprit,
    struct act_integration *job, int root, int side)
{
    double last = job->length * FARTHEST;
    NUM_MAG(wanted);
    mag_set_ui_2exp_si(wanted, 1, -job->depth);
    for (;; *length *= 1.06) {
        set_end(end, job, side, *length);
        *culprit = act_tail_bound(bound, job, root, side, end);
        if (mag_cmp(bound, wanted) <= 0 || *length * 1.06 >= last)
            break;
    }
    return mag_cmp(bound, wanted) <= 0;
}

/*
 * One end, from which on neither f nor f' counts; if there is none for f',
 * E f'^2 is not known.
 */
static enum sn_status cut_tail(struct act_integration *job, arf_struct *end,
    int side, struct act_trouble *trouble)
{
    NUM_MAG(bound);
    double length = job->length;
    int culprit = 0;
    bool cut =
        find_end(bound, end, &length, &culprit, job, job->f->value, side);
    if (cut) {
        double farther = length;
        mag_add(job->tail, job->tail, bound);
        if (!find_end(bound, end, &farther, &culprit, job, job->f->derivative,
                side)) {
            mag_inf(bound);
            set_end(end, job, side, length);
        }
        mag_add(job->slope_tail, job->slope_tail, bound);
    } else {
        *trouble = (struct act_trouble){.kind = ACT_TOO_FAST,
            .side = side,
            .place = job->f->node[culprit].place};
        set_end(end, job, side, job->length);
    }
    return cut ? SN_OK : SN_BAD_VALUE;
}

static enum sn_status cut_tails(
    struct act_integration *job, struct act_trouble *trouble)
{
    /* for a bounded f: e^(-L^2/2) = 2^-depth */
    job->length = sqrt(1.3863 * (double)job->depth);
    enum sn_status right = cut_tail(job, job->high, 1, trouble);
    enum sn_status left = cut_tail(job, job->low, -1, trouble);
    arf_neg(job->low, job->low);
    return right != SN_OK ? right : left;
}

/* ---- all of it ------------------------------------------------------ */

static void job_init(struct act_integration *job, struct expr_expression *f,
    const arb_t m, const arb_t v, slong prec)
{
    *job = (struct act_integration){.f = f, .prec = prec};
    for (int i = 0; i < 3; i++) {
        arb_init(job->sum.f + i);
        arb_init(job->sum.ff + i);
        arb_init(job->sum.dd + i);
    }
    arb_init(job->m);
    arb_init(job->v);
    arb_init(job->sigma);
    arf_init(job->low);
    arf_init(job->high);
    mag_init(job->tail);
    mag_init(job->slope_tail);
    arb_set(job->m, m);
    arb_set(job->v, v);
    arb_sqrt(job->sigma, v, prec);
}

static void job_clear(struct act_integration *job)
{
    for (int i = 0; i < 3; i++) {
        arb_clear(job->sum.f + i);
        arb_clear(job->sum.ff + i);
        arb_clear(job->sum.dd + i);
    }
    arb_clear(job->m);
    arb_clear(job->v);
    arb_clear(job->sigma);
    arf_clear(job->low);
    arf_clear(job->high);
    mag_clear(job->tail);
    mag_clear(job->slope_tail);
    expr_evaluator_clear(&job->e);
}

/* d/dm E h = E h u/sigma, d/dv E h = E h (u^2 - 1)/(2v) */
static void derivatives(
    arb_t by_m, arb_t by_v, arb_srcptr h, const struct act_integration *job)
{
    arb_div(by_m, h + 1, job->sigma, job->prec);
    arb_sub(by_v, h + 2, h, job->prec);
    arb_div(by_v, by_v, job->v, job->prec);
    arb_mul_2exp_si(by_v, by_v, -1);
}

static void give(struct act_gaussian *moments, struct act_integration *job)
{
    struct act_sums *sum = &job->sum;
    for (int i = 0; i < 3; i++) {
        arb_add_error_mag(sum->f + i, job->tail);
        arb_add_error_mag(sum->ff + i, job->tail);
        if (i && job->values_alone) {
            arb_indeterminate(sum->f + i);
            arb_indeterminate(sum->ff + i);
        }
    }
    arb_add_error_mag(sum->dd, job->slope_tail);
    arb_set(moments->mean, sum->f);
    arb_set(moments->square, sum->ff);
    derivatives(moments->mean_m, moments->mean_v, sum->f, job);
    derivatives(moments->square_m, moments->square_v, sum->ff, job);
    arb_set(moments->slope_square, sum->dd);
    if (moments->jumps)
        arb_indeterminate(moments->slope_square);
}

static void explain(struct act_trouble *trouble, enum sn_status status,
    const struct expr_pieces *pieces, const struct expr_expression *f)
{
    if (status != SN_BAD_VALUE)
        return;
    trouble->kind = pieces->open ? ACT_TOO_MANY : ACT_NOT_FINITE;
    trouble->z = arb_contains_zero(pieces->place)
                     ? 0
                     : arf_get_d(arb_midref(pieces->place), ARF_RND_NEAR);
    trouble->place = f->node[pieces->culprit].place;
}

/* f's value becomes f - y, y about f(m), if one formula holds there. */
static enum sn_status take_centre(
    arb_t y, struct expr_expression *f, const arb_t m, slong prec)
{
    struct expr_range range;
    NUM_ARF(low, high);
    NUM_FMPQ(number);
    NUM_FMPZ(exponent);
    arb_get_interval_arf(low, high, m, prec);
    enum sn_status status = expr_range_init(&range, f, prec);
    if (status == SN_OK && expr_range_settle(&range, low, high)) {
        expr_range_value(y, &range, f->value);
        mag_zero(arb_radref(y));
        arf_get_fmpz_2exp(fmpq_numref(number), exponent, arb_midref(y));
        fmpz_one(fmpq_denref(number));
        slong shift = fmpz_get_si(exponent);
        (shift < 0 ? fmpq_div_2exp : fmpq_mul_2exp)(
            number, number, (flint_bitcnt_t)labs(shift));
    }
    expr_range_clear(&range);
    size_t place = f->node[f->value].place;
    f->value = expr_node(
        f, EXPR_SUB, f->value, expr_node_number(f, number, place), 0, place);
    return f->failed ? SN_NO_MEMORY : status;
}

static enum sn_status find_moments(struct act_gaussian *moments,
    struct act_integration *job, struct act_trouble *trouble)
{
    struct expr_pieces pieces;
    enum sn_status cut = cut_tails(job, trouble);
    /* a place where f is not finite says more than its growth */
    enum sn_status status = expr_pieces_init(&pieces, job->f, job->low,
        job->high, arb_midref(job->sigma), job->depth);
    explain(trouble, status, &pieces, job->f);
    if (status == SN_OK)
        status = cut;
    if (status == SN_OK) {
        expr_evaluator_init(&job->e, job->f, job->prec);
        int jump = expr_pieces_jump(&pieces, &job->e);
        moments->jumps = jump > 0;
        if (jump)
            arb_set_arf(moments->jump, pieces.piece[jump].low);
        moments->closed = true;
        for (int i = 0; i < pieces.count && status == SN_OK; i++)
            if (!act_integrate_piece(
                    job, &pieces.piece[i], &moments->closed, &trouble->z)) {
                trouble->kind = ACT_NO_END;
                status = SN_BAD_VALUE;
            }
        give(moments, job);
    }
    expr_pieces_clear(&pieces);
    return status;
}

/* Is the variance known to `goal` bits, and some for what follows? */
static bool is_sharp(const struct act_gaussian *moments)
{
    NUM_ARB(variance);
    const slong goal = moments->goal;
    arb_sqr(variance, moments->mean, 2 * goal);
    arb_sub(variance, moments->square, variance, 2 * goal);
    return arb_rel_accuracy_bits(variance) >= goal - 32;
}

enum sn_status act_gaussian_arb(struct act_gaussian *moments,
    struct expr_expression *f, const arb_t m, const arb_t v, int methods,
    slong prec, struct act_trouble *trouble)
{
    struct act_integration job;
    const slong goal = moments->goal;
    const int value = f->value;
    enum sn_status status = SN_OK;
    *trouble = (struct act_trouble){0};
    arb_zero(moments->centre);
    /* with a goal, at first as if nothing cancelled */
    for (int centred = goal == 0; centred < 2; centred++) {
        if (goal && centred)
            status = take_centre(moments->centre, f, m, prec);
        job_init(&job, f, m, v, centred ? prec : 2 * goal);
        job.depth = prec;
        job.by_quadrature = methods & ACT_QUADRATURE;
        job.values_alone = methods & ACT_VALUES_ALONE;
        job.goal = goal;
        if (status == SN_OK)
            status = find_moments(moments, &job, trouble);
        job_clear(&job);
        if (status != SN_OK || !goal || is_sharp(moments))
            break;
    }
    f->value = value;
    return status;
}
