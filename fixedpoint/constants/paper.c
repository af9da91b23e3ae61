/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The paper's design from series alone.  At (0, 1), omega 0, tau 1, with s =
 * sqrt(2/pi) and T, U of series.h: d = 1/alpha = T - (sqrt e - 1)/s, w =
 * 2/(lambda alpha)^2 = d^2 + 2 s d + e^2 - 2 s U - 1
 * (docs/mathematics/theory.md), in the order in which they are found.
 */
#include "fixedpoint/constants/rational.h"
#include "fixedpoint/constants/series.h"
#include <pthread.h>

struct pieces {
    slong prec;
    arb_t t, u, inverse_s, s, e, root_e, d, sd, w;
    arb_t alpha, alpha_prime, lambda;
};

/* These two take about the same time. */
static void find_pi(struct pieces *x)
{
    arb_const_pi(x->inverse_s, x->prec);
    arb_mul_2exp_si(x->inverse_s, x->inverse_s, -1);
    arb_rsqrt(x->s, x->inverse_s, x->prec);
    arb_mul(x->inverse_s, x->inverse_s, x->s, x->prec); /* now 1/s */
}

static void find_series(struct pieces *x)
{
    constants_series_arb(x->t, x->u, constants_series_terms(x->prec), x->prec);
    NUM_FMPQ(half);
    fmpq_set_si(half, 1, 2);
    constants_exp_fmpq(x->root_e, half, x->prec);
    arb_pow_ui(x->e, x->root_e, 4, x->prec);
}

static void find_d(struct pieces *x)
{
    arb_sub_ui(x->root_e, x->root_e, 1, x->prec);
    arb_mul(x->d, x->inverse_s, x->root_e, x->prec);
    arb_sub(x->d, x->t, x->d, x->prec);
}

static void find_alpha(struct pieces *x)
{
    arb_inv(x->alpha, x->d, x->prec);
}

static void find_lambda(struct pieces *x)
{
    slong prec = x->prec;
    arb_mul(x->sd, x->s, x->d, prec);
    arb_mul(x->w, x->s, x->u, prec);
    arb_sub(x->w, x->sd, x->w, prec);
    arb_mul_2exp_si(x->w, x->w, 1);
    arb_addmul(x->w, x->d, x->d, prec);
    arb_add(x->w, x->w, x->e, prec);
    arb_sub_ui(x->w, x->w, 1, prec);
    arb_mul_2exp_si(x->w, x->w, -1);
    arb_rsqrt(x->alpha_prime, x->w, prec);
    arb_mul(x->lambda, x->alpha_prime, x->d, prec);
}

typedef void find(struct pieces *x);
struct errand {
    find *find;
    struct pieces *pieces;
};

static void *run_errand(void *argument)
{
    struct errand *errand = argument;
    errand->find(errand->pieces);
    flint_cleanup(); /* this thread's caches */
    return NULL;
}

/* Below this precision a thread costs more than it brings. */
enum { TWO_THREADS = 1 << 15 };

/* `there` in a thread of its own beside `here`, which keeps FLINT's caches. */
static void find_both(find *here, find *there, struct pieces *x)
{
    struct errand errand = {there, x};
    pthread_t thread;
    bool beside = x->prec > TWO_THREADS &&
                  !pthread_create(&thread, NULL, run_errand, &errand);
    here(x);
    if (beside)
        pthread_join(thread, NULL);
    else
        there(x);
}

static void find_pieces(struct pieces *x, slong prec)
{
    x->prec = prec + 16; /* w loses four bits, s, d and roundings the rest */
    for (arb_t *y = &x->t; y <= &x->lambda; y++)
        arb_init(*y);
    find_both(find_pi, find_series, x);
    find_d(x);
    find_both(find_lambda, find_alpha, x);
}

static void clear_pieces(struct pieces *x)
{
    for (arb_t *y = &x->t; y <= &x->lambda; y++)
        arb_clear(*y);
}

void constants_selu_arb(arb_t lambda, arb_t alpha, slong prec)
{
    struct pieces x;
    find_pieces(&x, prec);
    arb_set_round(lambda, x.lambda, prec);
    arb_set_round(alpha, x.alpha, prec);
    clear_pieces(&x);
}

void constants_paper_init(struct constants_paper *paper)
{
    arb_init(paper->lambda);
    arb_init(paper->alpha);
    arb_init(paper->alpha_prime);
    arb_init(paper->mean_nu);
    arb_init(paper->variance_nu);
}

void constants_paper_clear(struct constants_paper *paper)
{
    arb_clear(paper->lambda);
    arb_clear(paper->alpha);
    arb_clear(paper->alpha_prime);
    arb_clear(paper->mean_nu);
    arb_clear(paper->variance_nu);
}

/* mean_nu = alpha' (1 - s)/4, variance_nu = 2 + (1 - 3 s d - d^2)/w */
void constants_paper_arb(struct constants_paper *paper, slong prec)
{
    struct pieces x;
    find_pieces(&x, prec);
    arb_set_round(paper->lambda, x.lambda, prec);
    arb_set_round(paper->alpha, x.alpha, prec);
    arb_set_round(paper->alpha_prime, x.alpha_prime, prec);

    arb_sub_ui(x.s, x.s, 1, x.prec);
    arb_mul(x.s, x.s, x.alpha_prime, x.prec);
    arb_mul_2exp_si(x.s, x.s, -2);
    arb_neg(x.s, x.s);
    arb_set_round(paper->mean_nu, x.s, prec);

    arb_mul_ui(x.sd, x.sd, 3, x.prec);
    arb_addmul(x.sd, x.d, x.d, x.prec);
    arb_sub_ui(x.sd, x.sd, 1, x.prec);
    arb_sqr(x.w, x.alpha_prime, x.prec);
    arb_mul_2exp_si(x.w, x.w, -1); /* 1/w */
    arb_mul(x.sd, x.sd, x.w, x.prec);
    arb_sub_ui(x.sd, x.sd, 2, x.prec);
    arb_neg(x.sd, x.sd);
    arb_set_round(paper->variance_nu, x.sd, prec);
    clear_pieces(&x);
}
