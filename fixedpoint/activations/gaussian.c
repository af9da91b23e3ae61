/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/gaussian.h"
#include "fixedpoint/activations/closed_form.h"
#include "fixedpoint/activations/tail.h"
#include "fixedpoint/activations/pieces.h"
#include <math.h>

void sn_gaussian_init(struct sn_gaussian *moments)
{
    *moments = (struct sn_gaussian){0};
    arb_init(moments->mean);
    arb_init(moments->square);
    arb_init(moments->mean_m);
    arb_init(moments->square_m);
    arb_init(moments->mean_v);
    arb_init(moments->square_v);
    arb_init(moments->slope_square);
    arb_init(moments->jump);
}

void sn_gaussian_clear(struct sn_gaussian *moments)
{
    arb_clear(moments->mean);
    arb_clear(moments->square);
    arb_clear(moments->mean_m);
    arb_clear(moments->square_m);
    arb_clear(moments->mean_v);
    arb_clear(moments->square_v);
    arb_clear(moments->slope_square);
    arb_clear(moments->jump);
}

/*
 * E f u^i, E f^2 u^i for i = 0, 1, 2, and E f'^2, without the tails at first.
 */
struct sums {
    arb_struct f[3], ff[3], dd[3]; /* dd[1], dd[2] are not used */
};

struct job {
    struct sn_expression *f;
    struct sn_evaluator e;
    struct sums sum;
    arb_t m, v, sigma;
    arf_t low, high;
    double length; /* of a tail's cut at first, in standard deviations */
    mag_t tail, slope_tail;
    slong prec;
};

/* ---- the tails ------------------------------------------------------ */

/* side m + length sqrt v, rounded up to few bits, and at least 1 */
static void set_end(arf_t r, const struct job *job, int side, double length)
{
    arb_t t;
    fmpz_t k;
    arb_init(t);
    fmpz_init(k);
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
    arb_clear(t);
    fmpz_clear(k);
}

/* How far out a tail is tried, in standard deviations. */
enum { FARTHEST = 10000 };

/* Moves one end out until what lies beyond it is below 2^-prec. */
static enum sn_status cut_tail(
    struct job *job, arf_struct *end, int side, struct sn_trouble *trouble)
{
    mag_t bound, wanted;
    mag_init(bound);
    mag_init(wanted);
    mag_set_ui_2exp_si(wanted, 1, -job->prec);
    double length = job->length;
    int culprit = 0;
    do {
        set_end(end, job, side, length);
        culprit = sn_tail_bound(bound, job->f, job->f->value, side, job->m,
            job->v, end, job->prec);
        length *= 1.06;
    } while (mag_cmp(bound, wanted) > 0 && length < job->length + FARTHEST);
    bool cut = mag_cmp(bound, wanted) <= 0;
    if (cut) {
        mag_add(job->tail, job->tail, bound);
        sn_tail_bound(bound, job->f, job->f->derivative, side, job->m, job->v,
            end, job->prec);
        mag_add(job->slope_tail, job->slope_tail, bound);
    } else {
        *trouble = (struct sn_trouble){.kind = SN_TOO_FAST,
            .side = side,
            .place = job->f->node[culprit].place};
        set_end(end, job, side, job->length);
    }
    mag_clear(bound);
    mag_clear(wanted);
    return cut ? SN_OK : SN_BAD_VALUE;
}

static enum sn_status cut_tails(struct job *job, struct sn_trouble *trouble)
{
    /* for a bounded f: e^(-L^2/2) = 2^-prec */
    job->length = sqrt(1.3863 * (double)job->prec);
    enum sn_status right = cut_tail(job, job->high, 1, trouble);
    enum sn_status left = cut_tail(job, job->low, -1, trouble);
    arf_neg(job->low, job->low);
    return right != SN_OK ? right : left;
}

/* ---- one piece ------------------------------------------------------ */

/*
 * Arb integrates complex functions, so that two real integrals come as one:
 * F + iG, both analytic.
 */
enum pack { F_AND_UU, FF_AND_UU, F_AND_FF_U, SLOPE };
struct integrand {
    struct job *job;
    const struct sn_formula *formula;
    enum pack pack;
};

/* N(z; m, v) sqrt(2 pi) sqrt v times what is asked for */
static int integrand(
    acb_ptr y, const acb_t z, void *context, slong order, slong prec)
{
    const struct integrand *x = context;
    struct job *job = x->job;
    acb_t u, uu, f;
    acb_init(u);
    acb_init(uu);
    acb_init(f);
    sn_evaluate_acb(f, &job->e, x->formula, z, order != 0);
    acb_sub_arb(u, z, job->m, prec);
    acb_div_arb(u, u, job->sigma, prec);
    acb_sqr(uu, u, prec);
    if (x->pack == F_AND_FF_U) { /* (f + i f^2) u = f u (1 + i f) */
        acb_mul(u, u, f, prec);
        acb_mul_onei(f, f);
        acb_add_ui(f, f, 1, prec);
        acb_mul(f, f, u, prec);
    } else {
        if (x->pack != F_AND_UU)
            acb_sqr(f, f, prec);
        if (x->pack != SLOPE) { /* f (1 + i u^2) */
            acb_mul_onei(u, uu);
            acb_add_ui(u, u, 1, prec);
            acb_mul(f, f, u, prec);
        }
    }
    acb_mul_2exp_si(uu, uu, -1);
    acb_neg(uu, uu);
    acb_exp(uu, uu, prec);
    acb_mul(y, f, uu, prec);
    acb_clear(u);
    acb_clear(uu);
    acb_clear(f);
    return 0;
}

/* About ten times what the functions of the list need. */
enum { MOST_EVALUATIONS = 10000 };

/* Adds the integral over the piece to re and im. */
static void integrate(arb_t re, arb_t im, struct job *job,
    const struct sn_piece *piece, enum pack pack)
{
    struct integrand x = {
        job, pack == SLOPE ? &piece->derivative : &piece->value, pack};
    acb_t low, high, y;
    mag_t tolerance;
    arb_t scale;
    acb_init(low);
    acb_init(high);
    acb_init(y);
    mag_init(tolerance);
    arb_init(scale);
    arb_set_arf(acb_realref(low), piece->low);
    arb_set_arf(acb_realref(high), piece->high);
    arb_get_mag_lower(tolerance, job->sigma);
    mag_mul_2exp_si(tolerance, tolerance, -job->prec);
    acb_calc_integrate(
        y, integrand, &x, low, high, job->prec, tolerance, NULL, job->prec);
    arb_const_pi(scale, job->prec);
    arb_mul_2exp_si(scale, scale, 1);
    arb_sqrt(scale, scale, job->prec);
    arb_mul(scale, scale, job->sigma, job->prec);
    acb_div_arb(y, y, scale, job->prec);
    arb_add(re, re, acb_realref(y), job->prec);
    if (im)
        arb_add(im, im, acb_imagref(y), job->prec);
    acb_clear(low);
    acb_clear(high);
    acb_clear(y);
    mag_clear(tolerance);
    arb_clear(scale);
}

static void quadrature(struct job *job, const struct sn_piece *piece)
{
    struct sums *sum = &job->sum;
    integrate(sum->f, sum->f + 2, job, piece, F_AND_UU);
    integrate(sum->ff, sum->ff + 2, job, piece, FF_AND_UU);
    integrate(sum->f + 1, sum->ff + 1, job, piece, F_AND_FF_U);
}

/*
 * Adds moments of the formula (unless f is NULL) and its square in closed
 * form. False, and nothing added, where there is none, or where its factors
 * are so huge and tiny that nothing is left of the digits of their product.
 */
static bool closed(arb_ptr f, arb_ptr ff, struct job *job,
    const struct sn_piece *piece, const struct sn_formula *formula)
{
    struct sn_terms terms, square = {0};
    arb_ptr sum = _arb_vec_init(6);
    bool is_sum = sn_terms_of_formula(&terms, &job->e, formula) == SN_OK &&
                  sn_terms_square(&square, &terms, job->prec) == SN_OK;
    if (is_sum) {
        sn_terms_integrate(
            sum, &terms, piece->low, piece->high, job->m, job->v, job->prec);
        sn_terms_integrate(sum + 3, &square, piece->low, piece->high, job->m,
            job->v, job->prec);
    }
    for (int i = 0; i < 6; i++)
        is_sum = is_sum && arb_is_finite(sum + i) &&
                 mag_cmp_2exp_si(arb_radref(sum + i), 0) < 0;
    if (is_sum) {
        if (f)
            _arb_vec_add(f, f, sum, 3, job->prec);
        _arb_vec_add(ff, ff, sum + 3, 3, job->prec);
    }
    _arb_vec_clear(sum, 6);
    sn_terms_clear(&terms);
    sn_terms_clear(&square);
    return is_sum;
}

/* y[i] +- |y| width |u|^i: a gap, as N <= 1/sqrt(2 pi v) */
static void add_bound(
    arb_ptr sum, int count, const arb_t y, const arb_t width, const arb_t u)
{
    arb_t bound;
    mag_t size;
    arb_init(bound);
    mag_init(size);
    arb_mul(bound, y, width, MAG_BITS);
    for (int i = 0; i < count; i++) {
        arb_get_mag(size, bound);
        arb_add_error_mag(sum + i, size);
        arb_mul(bound, bound, u, MAG_BITS);
    }
    arb_clear(bound);
    mag_clear(size);
}

static void add_gap(struct job *job, const struct sn_piece *piece)
{
    arb_t u, width, square;
    arb_init(u);
    arb_init(width);
    arb_init(square);
    arb_set_interval_arf(u, piece->low, piece->high, job->prec);
    arb_sub(u, u, job->m, job->prec);
    arb_div(u, u, job->sigma, job->prec);
    arf_sub(arb_midref(width), piece->high, piece->low, ARF_PREC_EXACT,
        ARF_RND_DOWN);
    arb_div(width, width, job->sigma, MAG_BITS);
    add_bound(job->sum.f, 3, piece->enclosure, width, u);
    arb_sqr(square, piece->enclosure, MAG_BITS);
    add_bound(job->sum.ff, 3, square, width, u);
    arb_sqr(square, piece->slope, MAG_BITS);
    add_bound(job->sum.dd, 1, square, width, u);
    arb_clear(u);
    arb_clear(width);
    arb_clear(square);
}

static void add_piece(struct job *job, const struct sn_piece *piece,
    enum sn_method method, bool *all_closed)
{
    if (piece->gap) {
        add_gap(job, piece);
        return;
    }
    bool any = method == SN_ANY_METHOD;
    struct sums *sum = &job->sum;
    if (!any || !closed(sum->f, sum->ff, job, piece, &piece->value)) {
        quadrature(job, piece);
        *all_closed = false;
    }
    if (!any || !closed(NULL, sum->dd, job, piece, &piece->derivative))
        integrate(job->sum.dd, NULL, job, piece, SLOPE);
}

/* ---- all of it ------------------------------------------------------ */

static void job_init(struct job *job, struct sn_expression *f, const arb_t m,
    const arb_t v, slong prec)
{
    *job = (struct job){.f = f, .prec = prec};
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

static void job_clear(struct job *job)
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
    sn_evaluator_clear(&job->e);
}

/* d/dm E h = E h u/sigma, d/dv E h = E h (u^2 - 1)/(2v) */
static void derivatives(
    arb_t by_m, arb_t by_v, arb_srcptr h, const struct job *job)
{
    arb_div(by_m, h + 1, job->sigma, job->prec);
    arb_sub(by_v, h + 2, h, job->prec);
    arb_div(by_v, by_v, job->v, job->prec);
    arb_mul_2exp_si(by_v, by_v, -1);
}

static void give(struct sn_gaussian *moments, struct job *job)
{
    struct sums *sum = &job->sum;
    for (int i = 0; i < 3; i++) {
        arb_add_error_mag(sum->f + i, job->tail);
        arb_add_error_mag(sum->ff + i, job->tail);
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

static void explain(struct sn_trouble *trouble, enum sn_status status,
    const struct sn_pieces *pieces, const struct sn_expression *f)
{
    if (status != SN_BAD_VALUE && status != SN_UNDECIDED)
        return;
    trouble->kind = status == SN_BAD_VALUE ? SN_NOT_FINITE : SN_TOO_MANY;
    trouble->z = arb_contains_zero(pieces->place)
                     ? 0
                     : arf_get_d(arb_midref(pieces->place), ARF_RND_NEAR);
    trouble->place = f->node[pieces->culprit].place;
}

enum sn_status sn_gaussian_arb(struct sn_gaussian *moments,
    struct sn_expression *f, const arb_t m, const arb_t v,
    enum sn_method method, slong prec, struct sn_trouble *trouble)
{
    struct job job;
    struct sn_pieces pieces;
    *trouble = (struct sn_trouble){0};
    job_init(&job, f, m, v, prec);
    enum sn_status cut = cut_tails(&job, trouble);
    /* a place where f is not finite says more than its growth */
    enum sn_status status = sn_pieces_init(
        &pieces, f, job.low, job.high, arb_midref(job.sigma), prec);
    explain(trouble, status, &pieces, f);
    if (status == SN_OK)
        status = cut;
    if (status == SN_OK) {
        sn_evaluator_init(&job.e, f, prec);
        int jump = sn_pieces_jump(&pieces, &job.e);
        moments->jumps = jump > 0;
        if (jump)
            arb_set_arf(moments->jump, pieces.piece[jump].low);
        moments->closed = true;
        for (int i = 0; i < pieces.count; i++)
            add_piece(&job, &pieces.piece[i], method, &moments->closed);
        give(moments, &job);
    }
    sn_pieces_clear(&pieces);
    job_clear(&job);
    return status;
}
