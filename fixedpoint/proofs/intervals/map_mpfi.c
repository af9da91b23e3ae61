/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moments of selu(z), z ~ N(m, v), with derivatives, in intervals.
 *
 * Basis: P = P(z > 0), C = P(z < 0), N = density of z at 0,
 * X1 = E e^z 1{z<0}, X2 = E e^(2z) 1{z<0}.  It is closed under d/dm:
 *   P' = N, C' = -N, X1' = X1 - N, X2' = 2 X2 - N, N' = -(m/v) N,
 * and d/dv = (1/2) d^2/dm^2 for every expectation over N(m, v) (heat
 * equation), so the m-derivatives of E f and E f^2, f = selu/lambda, give
 * everything: d^(i+j) / dm^i dv^j is the (i + 2j)-th of them over 2^j.
 */
#include "fixedpoint/proofs/intervals/doubles/doubles.h"
#include "fixedpoint/proofs/intervals/moments.h"
#include <stdlib.h>
#include <string.h>

const char *const iv_atom_name[IV_ATOMS] = {"P", "C", "N", "X1", "X2", "M",
    "M_m", "M_v", "M_mm", "M_mv", "M_vv", "S", "S_m", "S_v", "S_mm", "S_mv",
    "S_vv", "V", "V_m", "V_v", "V_mm", "V_mv", "V_vv"};

struct iv_map {
    struct iv_bases *bases;
    const struct iv_basis *basis; /* of the box at hand */
    int ready;                    /* derivatives that are known, or 0 */
    struct iv_factors factors;
    struct iv_orders orders, centre;
    mpfi_t mid_m, mid_v, step_m, step_v;
    bool known[IV_ATOMS];
    struct iv_jet atom[IV_ATOMS], jet;
    struct iv_scratch scratch;
    struct iv_doubles *doubles;
};

static bool is_same(mpfi_srcptr a, mpfi_srcptr b)
{
    return mpfr_equal_p(&a->left, &b->left) &&
           mpfr_equal_p(&a->right, &b->right);
}

/*
 * The step from the centre of x, which s becomes: a double, but never outside
 * x, as between two doubles it would be.  False for a point, or what rounding
 * made of one: there is nothing to sharpen.
 */
static bool centre_of(mpfi_ptr s, mpfi_ptr step, mpfi_srcptr x)
{
    mpfr_set_d(&s->left, mpfi_get_d(x), MPFR_RNDN);
    if (mpfr_less_p(&s->left, &x->left) || mpfr_greater_p(&s->left, &x->right))
        mpfr_set(&s->left, &x->left, MPFR_RNDN);
    mpfr_set(&s->right, &s->left, MPFR_RNDN);
    mpfi_sub(step, x, s);
    double width = mpfr_get_d(&step->right, MPFR_RNDN) -
                   mpfr_get_d(&step->left, MPFR_RNDN);
    return !(width < 0x1p-80);
}

void iv_map_set(struct iv_map *map, mpfi_srcptr m, mpfi_srcptr v,
    const struct iv_selu *selu, int derivatives, bool slopes)
{
    int count = derivatives + (slopes ? 3 : 1); /* a jet needs two more */
    bool known = map->basis && is_same(map->basis->m, m) &&
                 is_same(map->basis->v, v) &&
                 is_same(map->factors.lambda, selu->lambda) &&
                 is_same(map->factors.alpha, selu->alpha);
    if (known && map->ready >= count)
        return;
    memset(map->known, 0, sizeof map->known);
    map->ready = 0;
    iv_factors_set(&map->factors, selu);
    map->basis = iv_basis_of(map->bases, m, v);
    if (!map->basis)
        return;
    bool wide_m = centre_of(map->mid_m, map->step_m, m);
    bool wide_v = centre_of(map->mid_v, map->step_v, v);
    bool wide = (wide_m || wide_v) && mpfi_bounded_p(map->mid_m) &&
                mpfi_bounded_p(map->mid_v);
    struct iv_factors *factors = &map->factors;
    iv_orders_set(&map->orders, factors, map->basis, wide ? count + 2 : count);
    if (wide) {
        const struct iv_basis *basis = map->basis,
                              *centre = iv_basis_of(
                                  map->bases, map->mid_m, map->mid_v);
        if (centre && centre != basis) {
            iv_orders_set(&map->centre, factors, centre, count);
            iv_orders_sharpen(&map->orders, factors, &map->centre, map->step_m,
                map->step_v, count);
        } else if (centre) { /* they share a slot */
            map->basis = iv_basis_of(map->bases, m, v);
        }
    }
    map->ready = count;
}

/* Which derivative each of M, M_m, M_v, M_mm, M_mv, M_vv is. */
static const int in_m[] = {0, 1, 0, 2, 1, 0}, in_v[] = {0, 0, 1, 0, 1, 2};

static void moment(struct iv_jet *y, struct iv_map *map, bool second, int i)
{
    int order = in_m[i] + 2 * in_v[i];
    unsigned halves = (unsigned)in_v[i];
    mpfi_t *d = second ? map->orders.q : map->orders.e;
    mpfi_div_2ui(y->f, d[order], halves);
    mpfi_div_2ui(y->d[0], d[order + 1], halves);
    mpfi_div_2ui(y->d[1], d[order + 2], halves + 1);
}

/* The basis itself: its derivatives are those of the orders. */
static void basic(struct iv_jet *y, struct iv_map *map, enum iv_atom atom)
{
    struct iv_orders *o = &map->orders;
    mpfi_t *d = atom == IV_X1 ? o->x1 : atom == IV_X2 ? o->x2 : o->n;
    if (atom == IV_P || atom == IV_C) {
        mpfi_set(y->f, map->basis->p);
        mpfi_set(y->d[0], d[0]);
        mpfi_div_2ui(y->d[1], d[1], 1);
        if (atom == IV_C) {
            iv_jet_neg(y, y);
            mpfi_set(y->f, map->basis->c);
        }
        return;
    }
    mpfi_set(y->f, d[0]);
    mpfi_set(y->d[0], d[1]);
    mpfi_div_2ui(y->d[1], d[2], 1);
}

/* y -= 2 a b */
static void subtract_twice(struct iv_jet *y, struct iv_map *map, int a, int b)
{
    const struct iv_jet *x = iv_map_atom(map, IV_MEAN + (enum iv_atom)a);
    const struct iv_jet *z = iv_map_atom(map, IV_MEAN + (enum iv_atom)b);
    iv_jet_mul(&map->jet, x, z, &map->scratch);
    iv_jet_sub(y, y, &map->jet);
    iv_jet_sub(y, y, &map->jet);
}

/* V = S - M^2 and its derivatives by the product rule. */
static void variance(struct iv_jet *y, struct iv_map *map, int i)
{
    iv_jet_set(y, iv_map_atom(map, IV_SECOND + (enum iv_atom)i));
    if (i == 0) {
        const struct iv_jet *mean = iv_map_atom(map, IV_MEAN);
        iv_jet_mul(&map->jet, mean, mean, &map->scratch);
        iv_jet_sub(y, y, &map->jet);
        return;
    }
    subtract_twice(y, map, 0, i);
    if (i >= 3)
        subtract_twice(y, map, i == 5 ? 2 : 1, i == 3 ? 1 : 2);
}

const struct iv_jet *iv_map_atom(struct iv_map *map, enum iv_atom atom)
{
    struct iv_jet *y = &map->atom[atom];
    if (map->known[atom])
        return y;
    y->axes = 2;
    if (!map->ready) {
        mpfr_set_nan(&y->f->left);
        mpfr_set_nan(&y->f->right);
        return y;
    }
    if (atom < IV_MEAN)
        basic(y, map, atom);
    else if (atom < IV_VARIANCE)
        moment(y, map, atom >= IV_SECOND,
            (int)atom - (atom >= IV_SECOND ? IV_SECOND : IV_MEAN));
    else
        variance(y, map, (int)(atom - IV_VARIANCE));
    map->known[atom] = true;
    return y;
}

int iv_atom_derivatives(enum iv_atom atom)
{
    if (atom < IV_MEAN)
        return 4;
    int i = ((int)atom - IV_MEAN) % (IV_SECOND - IV_MEAN);
    return in_m[i] + 2 * in_v[i];
}

struct iv_map *iv_map_new(void)
{
    struct iv_map *map = calloc(1, sizeof *map);
    if (!map)
        return NULL;
    map->bases = iv_bases_new();
    map->doubles = iv_doubles_new();
    if (!map->bases || !map->doubles) {
        iv_bases_free(map->bases);
        iv_doubles_free(map->doubles);
        free(map);
        return NULL;
    }
    iv_factors_init(&map->factors);
    iv_orders_init(&map->orders);
    iv_orders_init(&map->centre);
    mpfi_init2(map->mid_m, IV_PROOF_PRECISION);
    mpfi_init2(map->mid_v, IV_PROOF_PRECISION);
    mpfi_init2(map->step_m, IV_PROOF_PRECISION);
    mpfi_init2(map->step_v, IV_PROOF_PRECISION);
    for (int i = 0; i < IV_ATOMS; i++)
        iv_jet_init(&map->atom[i]);
    iv_jet_init(&map->jet);
    iv_scratch_init(&map->scratch);
    return map;
}

void iv_map_free(struct iv_map *map)
{
    if (!map)
        return;
    iv_bases_free(map->bases);
    iv_doubles_free(map->doubles);
    iv_factors_clear(&map->factors);
    iv_orders_clear(&map->orders);
    iv_orders_clear(&map->centre);
    mpfi_clear(map->mid_m);
    mpfi_clear(map->mid_v);
    mpfi_clear(map->step_m);
    mpfi_clear(map->step_v);
    for (int i = 0; i < IV_ATOMS; i++)
        iv_jet_clear(&map->atom[i]);
    iv_jet_clear(&map->jet);
    iv_scratch_clear(&map->scratch);
    free(map);
}

struct iv_doubles *iv_map_doubles(struct iv_map *map)
{
    return map->doubles;
}
