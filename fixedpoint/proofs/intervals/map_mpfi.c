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

const char *const sn_atom_name[SN_ATOMS] = {"P", "C", "N", "X1", "X2", "M",
    "M_m", "M_v", "M_mm", "M_mv", "M_vv", "S", "S_m", "S_v", "S_mm", "S_mv",
    "S_vv", "V", "V_m", "V_v", "V_mm", "V_mv", "V_vv"};

struct sn_map {
    struct sn_bases *bases;
    const struct sn_basis *basis; /* of the box at hand */
    int ready;                    /* derivatives that are known, or 0 */
    struct sn_factors factors;
    struct sn_orders orders, centre;
    mpfi_t mid_m, mid_v, step_m, step_v;
    bool known[SN_ATOMS];
    struct sn_jet atom[SN_ATOMS], jet;
    struct sn_scratch scratch;
    struct sn_doubles *doubles;
};

static bool is_same(mpfi_srcptr a, mpfi_srcptr b)
{
    return mpfr_equal_p(&a->left, &b->left) &&
           mpfr_equal_p(&a->right, &b->right);
}

/* The step from the centre of x, which s becomes; false for a point, or what
   rounding made of one: there is nothing to sharpen. */
static bool centre_of(mpfi_ptr s, mpfi_ptr step, mpfi_srcptr x)
{
    mpfr_set_d(&s->left, mpfi_get_d(x), MPFR_RNDN);
    mpfr_set(&s->right, &s->left, MPFR_RNDN);
    mpfi_sub(step, x, s);
    double width = mpfr_get_d(&step->right, MPFR_RNDN) -
                   mpfr_get_d(&step->left, MPFR_RNDN);
    return !(width < 0x1p-80);
}

void sn_map_set(struct sn_map *map, mpfi_srcptr m, mpfi_srcptr v,
    const struct sn_selu *selu, int derivatives, bool slopes)
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
    sn_factors_set(&map->factors, selu);
    map->basis = sn_basis_of(map->bases, m, v);
    if (!map->basis)
        return;
    bool wide_m = centre_of(map->mid_m, map->step_m, m);
    bool wide_v = centre_of(map->mid_v, map->step_v, v);
    bool wide = (wide_m || wide_v) && mpfi_bounded_p(map->mid_m) &&
                mpfi_bounded_p(map->mid_v);
    struct sn_factors *factors = &map->factors;
    sn_orders_set(&map->orders, factors, map->basis, wide ? count + 2 : count);
    if (wide) {
        const struct sn_basis *basis = map->basis,
                              *centre = sn_basis_of(
                                  map->bases, map->mid_m, map->mid_v);
        if (centre && centre != basis) {
            sn_orders_set(&map->centre, factors, centre, count);
            sn_orders_sharpen(&map->orders, factors, &map->centre, map->step_m,
                map->step_v, count);
        } else if (centre) { /* they share a slot */
            map->basis = sn_basis_of(map->bases, m, v);
        }
    }
    map->ready = count;
}

/* Which derivative each of M, M_m, M_v, M_mm, M_mv, M_vv is. */
static const int in_m[] = {0, 1, 0, 2, 1, 0}, in_v[] = {0, 0, 1, 0, 1, 2};

static void moment(struct sn_jet *y, struct sn_map *map, bool second, int i)
{
    int order = in_m[i] + 2 * in_v[i];
    unsigned halves = (unsigned)in_v[i];
    mpfi_t *d = second ? map->orders.q : map->orders.e;
    mpfi_div_2ui(y->f, d[order], halves);
    mpfi_div_2ui(y->d[0], d[order + 1], halves);
    mpfi_div_2ui(y->d[1], d[order + 2], halves + 1);
}

/* The basis itself: its derivatives are those of the orders. */
static void basic(struct sn_jet *y, struct sn_map *map, enum sn_atom atom)
{
    struct sn_orders *o = &map->orders;
    mpfi_t *d = atom == SN_X1 ? o->x1 : atom == SN_X2 ? o->x2 : o->n;
    if (atom == SN_P || atom == SN_C) {
        mpfi_set(y->f, map->basis->p);
        mpfi_set(y->d[0], d[0]);
        mpfi_div_2ui(y->d[1], d[1], 1);
        if (atom == SN_C) {
            sn_jet_neg(y, y);
            mpfi_set(y->f, map->basis->c);
        }
        return;
    }
    mpfi_set(y->f, d[0]);
    mpfi_set(y->d[0], d[1]);
    mpfi_div_2ui(y->d[1], d[2], 1);
}

/* y -= 2 a b */
static void subtract_twice(struct sn_jet *y, struct sn_map *map, int a, int b)
{
    const struct sn_jet *x = sn_map_atom(map, SN_MEAN + (enum sn_atom)a);
    const struct sn_jet *z = sn_map_atom(map, SN_MEAN + (enum sn_atom)b);
    sn_jet_mul(&map->jet, x, z, &map->scratch);
    sn_jet_sub(y, y, &map->jet);
    sn_jet_sub(y, y, &map->jet);
}

/* V = S - M^2 and its derivatives by the product rule. */
static void variance(struct sn_jet *y, struct sn_map *map, int i)
{
    sn_jet_set(y, sn_map_atom(map, SN_SECOND + (enum sn_atom)i));
    if (i == 0) {
        const struct sn_jet *mean = sn_map_atom(map, SN_MEAN);
        sn_jet_mul(&map->jet, mean, mean, &map->scratch);
        sn_jet_sub(y, y, &map->jet);
        return;
    }
    subtract_twice(y, map, 0, i);
    if (i >= 3)
        subtract_twice(y, map, i == 5 ? 2 : 1, i == 3 ? 1 : 2);
}

const struct sn_jet *sn_map_atom(struct sn_map *map, enum sn_atom atom)
{
    struct sn_jet *y = &map->atom[atom];
    if (map->known[atom])
        return y;
    y->axes = 2;
    if (!map->ready) {
        mpfr_set_nan(&y->f->left);
        mpfr_set_nan(&y->f->right);
        return y;
    }
    if (atom < SN_MEAN)
        basic(y, map, atom);
    else if (atom < SN_VARIANCE)
        moment(y, map, atom >= SN_SECOND,
            (int)atom - (atom >= SN_SECOND ? SN_SECOND : SN_MEAN));
    else
        variance(y, map, (int)(atom - SN_VARIANCE));
    map->known[atom] = true;
    return y;
}

int sn_atom_derivatives(enum sn_atom atom)
{
    if (atom < SN_MEAN)
        return 4;
    int i = ((int)atom - SN_MEAN) % (SN_SECOND - SN_MEAN);
    return in_m[i] + 2 * in_v[i];
}

struct sn_map *sn_map_new(void)
{
    struct sn_map *map = calloc(1, sizeof *map);
    if (!map)
        return NULL;
    map->bases = sn_bases_new();
    map->doubles = sn_doubles_new();
    if (!map->bases || !map->doubles) {
        sn_bases_free(map->bases);
        sn_doubles_free(map->doubles);
        free(map);
        return NULL;
    }
    sn_factors_init(&map->factors);
    sn_orders_init(&map->orders);
    sn_orders_init(&map->centre);
    mpfi_init2(map->mid_m, SN_PROOF_PRECISION);
    mpfi_init2(map->mid_v, SN_PROOF_PRECISION);
    mpfi_init2(map->step_m, SN_PROOF_PRECISION);
    mpfi_init2(map->step_v, SN_PROOF_PRECISION);
    for (int i = 0; i < SN_ATOMS; i++)
        sn_jet_init(&map->atom[i]);
    sn_jet_init(&map->jet);
    sn_scratch_init(&map->scratch);
    return map;
}

void sn_map_free(struct sn_map *map)
{
    if (!map)
        return;
    sn_bases_free(map->bases);
    sn_doubles_free(map->doubles);
    sn_factors_clear(&map->factors);
    sn_orders_clear(&map->orders);
    sn_orders_clear(&map->centre);
    mpfi_clear(map->mid_m);
    mpfi_clear(map->mid_v);
    mpfi_clear(map->step_m);
    mpfi_clear(map->step_v);
    for (int i = 0; i < SN_ATOMS; i++)
        sn_jet_clear(&map->atom[i]);
    sn_jet_clear(&map->jet);
    sn_scratch_clear(&map->scratch);
    free(map);
}

struct sn_doubles *sn_map_doubles(struct sn_map *map)
{
    return map->doubles;
}
