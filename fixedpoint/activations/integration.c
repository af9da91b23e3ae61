/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/integration.h"
#include "fixedpoint/activations/closed_form.h"

/*
 * Arb integrates complex functions, so that two real integrals come as one,
 * those of f and i f^2, unless each is wanted beside its own size.
 */
enum integrand_of { INTEGRAND_VALUE, INTEGRAND_SQUARE, INTEGRAND_BOTH };
struct integrand {
    struct act_integration *job;
    const struct expr_formula *formula;
    enum integrand_of of;
    int power;  /* of u */
    acb_t last; /* where it was evaluated */
};

/* N(z; m, v) sqrt(2 pi) sqrt v times what is asked for */
static int integrand(
    acb_ptr y, const acb_t z, void *context, slong order, slong prec)
{
    struct integrand *x = context;
    struct act_integration *job = x->job;
    NUM_ACB(u, f, factor);
    acb_set(x->last, z);
    expr_evaluate_acb(f, &job->e, x->formula, z, order != 0);
    acb_sub_arb(u, z, job->m, prec);
    acb_div_arb(u, u, job->sigma, prec);
    if (x->of == INTEGRAND_SQUARE)
        acb_sqr(f, f, prec);
    if (x->of == INTEGRAND_BOTH) { /* f + i f^2 = f (1 + i f) */
        acb_mul_onei(factor, f);
        acb_add_ui(factor, factor, 1, prec);
        acb_mul(f, f, factor, prec);
    }
    acb_pow_ui(factor, u, (ulong)x->power, prec);
    acb_mul(f, f, factor, prec);
    acb_sqr(u, u, prec);
    acb_mul_2exp_si(u, u, -1);
    acb_neg(u, u);
    acb_exp(u, u, prec);
    acb_mul(y, f, u, prec);
    return 0;
}

/*
 * About ten times what the functions of the list need.  Intervals shrink
 * towards a singularity until each is as short as 2^-prec, and a tail as long
 * as sqrt(prec) has pieces as short as 1/sqrt(prec) where the function turns
 * faster the further out it is: there are as many as there are bits, each
 * with as many points.
 */
static slong most_evaluations(slong prec)
{
    return 300000 + prec * (400 + 4 * prec);
}

/*
 * Adds the integral of what `x` says over the piece to re and im.  False where
 * it is not known because no end was in sight: then *place is where.
 */
static bool integrate(arb_t re, arb_t im, double *place, struct integrand x,
    const struct expr_piece *piece)
{
    struct act_integration *job = x.job;
    acb_init(x.last);
    const slong goal = job->goal ? job->goal : job->prec;
    acb_calc_integrate_opt_t options;
    acb_calc_integrate_opt_init(options);
    options->eval_limit = most_evaluations(job->prec);
    options->depth_limit = options->eval_limit;
    options->use_heap = job->goal != 0; /* what counts most comes first */
    NUM_ACB(low, high, y);
    NUM_MAG(tolerance);
    NUM_ARB(scale);
    arb_set_arf(acb_realref(low), piece->low);
    arb_set_arf(acb_realref(high), piece->high);
    arb_get_mag_lower(tolerance, job->sigma);
    mag_mul_2exp_si(tolerance, tolerance, -job->depth);
    int end = acb_calc_integrate(
        y, integrand, &x, low, high, goal, tolerance, options, job->prec);
    *place = arf_get_d(arb_midref(acb_realref(x.last)), ARF_RND_NEAR);
    acb_clear(x.last);
    arb_const_pi(scale, job->prec);
    arb_mul_2exp_si(scale, scale, 1);
    arb_sqrt(scale, scale, job->prec);
    arb_mul(scale, scale, job->sigma, job->prec);
    acb_div_arb(y, y, scale, job->prec);
    arb_add(re, re, acb_realref(y), job->prec);
    if (im)
        arb_add(im, im, acb_imagref(y), job->prec);
    return end == ARB_CALC_SUCCESS;
}

static bool quadrature(
    double *place, struct act_integration *job, const struct expr_piece *piece)
{
    struct integrand x = {.job = job, .formula = &piece->value};
    for (; x.power <= (job->values_alone ? 0 : 2); x.power++) {
        arb_ptr f = job->sum.f + x.power, ff = job->sum.ff + x.power;
        x.of = job->goal ? INTEGRAND_VALUE : INTEGRAND_BOTH;
        if (!integrate(f, job->goal ? NULL : ff, place, x, piece))
            return false;
        x.of = INTEGRAND_SQUARE;
        if (job->goal && !integrate(ff, NULL, place, x, piece))
            return false;
    }
    return true;
}

/*
 * Adds moments of the formula (unless f is NULL) and its square in closed
 * form. False, and nothing added, where there is none, or where its factors
 * are so huge and tiny that nothing is left of the digits of their product.
 */
static bool closed(arb_ptr f, arb_ptr ff, struct act_integration *job,
    const struct expr_piece *piece, const struct expr_formula *formula)
{
    struct act_terms terms, square = {0};
    arb_ptr sum = _arb_vec_init(6);
    bool is_sum = act_terms_of_formula(&terms, &job->e, formula) == SN_OK &&
                  act_terms_square(&square, &terms, job->prec) == SN_OK;
    if (is_sum) {
        act_terms_integrate(
            sum, &terms, piece->low, piece->high, job->m, job->v, job->prec);
        act_terms_integrate(sum + 3, &square, piece->low, piece->high, job->m,
            job->v, job->prec);
    }
    for (int i = 0; i < 6; i++)
        is_sum = is_sum && arb_is_finite(sum + i) &&
                 (mag_cmp_2exp_si(arb_radref(sum + i), 0) < 0 ||
                     arb_rel_accuracy_bits(sum + i) > 0);
    if (is_sum) {
        if (f)
            _arb_vec_add(f, f, sum, 3, job->prec);
        _arb_vec_add(ff, ff, sum + 3, 3, job->prec);
    }
    _arb_vec_clear(sum, 6);
    act_terms_clear(&terms);
    act_terms_clear(&square);
    return is_sum;
}

/* y[i] +- |y| width |u|^i: a gap, as N <= 1/sqrt(2 pi v) */
static void add_bound(
    arb_ptr sum, int count, const arb_t y, const arb_t width, const arb_t u)
{
    NUM_ARB(bound);
    NUM_MAG(size);
    arb_mul(bound, y, width, MAG_BITS);
    for (int i = 0; i < count; i++) {
        arb_get_mag(size, bound);
        arb_add_error_mag(sum + i, size);
        arb_mul(bound, bound, u, MAG_BITS);
    }
}

static void add_gap(
    struct act_integration *job, const struct expr_piece *piece)
{
    NUM_ARB(u, width, square);
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
}

/* sum[i] += the integral of y u^i N: y's middle exactly, +- the rest. */
static void add_flat(arb_ptr sum, int count, const arb_t y,
    struct act_integration *job, const struct expr_piece *piece)
{
    struct act_terms terms = {0};
    struct act_term constant;
    arb_t rest, u, one[3];
    NUM_MAG(size);
    arb_init(rest);
    arb_init(u);
    for (int i = 0; i < 3; i++)
        arb_init(one[i]);
    /* of 1: the mass, and its first moments */
    arb_init(constant.coefficient);
    arb_init(constant.rate);
    arb_init(constant.curvature);
    arb_one(constant.coefficient);
    constant.power = 0;
    terms.term = &constant;
    terms.count = terms.room = 1;
    act_terms_integrate(
        one[0], &terms, piece->low, piece->high, job->m, job->v, job->prec);
    arb_set_interval_arf(u, piece->low, piece->high, job->prec);
    arb_sub(u, u, job->m, job->prec);
    arb_div(u, u, job->sigma, job->prec);
    arb_get_rad_arb(rest, y);
    arb_mul(rest, rest, one[0], MAG_BITS);
    for (int i = 0; i < count; i++) {
        NUM_ARB(middle);
        arb_get_mid_arb(middle, y);
        arb_addmul(sum + i, one[i], middle, job->prec);
        arb_get_mag(size, rest);
        arb_add_error_mag(sum + i, size);
        arb_mul(rest, rest, u, MAG_BITS);
    }
    arb_clear(constant.coefficient);
    arb_clear(constant.rate);
    arb_clear(constant.curvature);
    arb_clear(rest);
    arb_clear(u);
    for (int i = 0; i < 3; i++)
        arb_clear(one[i]);
}

static void add_flats(
    struct act_integration *job, const struct expr_piece *piece)
{
    NUM_ARB(square);
    add_flat(job->sum.f, 3, piece->enclosure, job, piece);
    arb_sqr(square, piece->enclosure, job->prec);
    add_flat(job->sum.ff, 3, square, job, piece);
    arb_sqr(square, piece->slope, job->prec);
    add_flat(job->sum.dd, 1, square, job, piece);
}

bool act_integrate_piece(struct act_integration *job,
    const struct expr_piece *piece, bool *all_closed, double *place)
{
    if (piece->kind != EXPR_FORMULA) {
        (piece->kind == EXPR_GAP ? add_gap : add_flats)(job, piece);
        return true;
    }
    const bool any = !job->by_quadrature;
    struct act_sums *sum = &job->sum;
    const struct integrand slope = {
        .job = job, .formula = &piece->derivative, .of = INTEGRAND_SQUARE};
    if (!any || !closed(sum->f, sum->ff, job, piece, &piece->value)) {
        if (!quadrature(place, job, piece))
            return false;
        *all_closed = false;
    }
    if ((!any || !closed(NULL, sum->dd, job, piece, &piece->derivative)) &&
        !integrate(sum->dd, NULL, place, slope, piece))
        arb_indeterminate(sum->dd);
    return true;
}
