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
#include "fixedpoint/proofs/proofs.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Sharpened derivatives, and two more that sharpen them. */
enum { ORDERS = 7, MORE = ORDERS + 2, SLOTS = 4096, BASIS = 8 };
enum { P, C, N, X1, X2, RATIO, BOX_M, BOX_V };

const char *const sn_atom_name[SN_ATOMS] = {"P", "C", "N", "X1", "X2", "M",
    "M_m", "M_v", "M_mm", "M_mv", "M_vv", "S", "S_m", "S_v", "S_mm", "S_mv",
    "S_vv", "V", "V_m", "V_v", "V_mm", "V_mv", "V_vv"};

/* Derivatives in m of N, X1, X2 and of the two moments. */
struct orders {
    mpfi_t n[MORE], x1[MORE], x2[MORE], e[MORE], q[MORE];
};

struct sn_map {
    mpfi_t (*slot[SLOTS])[BASIS]; /* bases of boxes seen lately */
    mpfi_t *basis;                /* the one of the box at hand */
    int ready;                    /* derivatives that are known, or 0 */
    mpfi_t lambda, alpha, lambda2, alpha1, alpha2, s, t, u;
    struct orders orders, centre;
    mpfi_t mid_m, mid_v, step_m, step_v;
    bool known[SN_ATOMS];
    struct sn_jet atom[SN_ATOMS], jet;
    struct sn_scratch scratch;
};

/* y in [0, 1]: known, and sharper where a wide box makes y overflow. */
static void within_unit(mpfi_ptr y)
{
    if (mpfr_nan_p(&y->left) || mpfr_nan_p(&y->right))
        return;
    if (mpfr_sgn(&y->left) < 0)
        mpfr_set_ui(&y->left, 0, MPFR_RNDD);
    if (mpfr_cmp_ui(&y->right, 1) > 0)
        mpfr_set_ui(&y->right, 1, MPFR_RNDU);
}

/*
 * x = E e^(kz) 1{z<0} = (1/2) gauss erfcx(a), gauss = e^(-m^2/2v), with
 * a = (m + kv)/sqrt(2v); also (1/2) e^(km + k^2 v/2) erfc(a), which is the
 * sharper one on a box where a may be negative.
 */
static void truncated_exponential(mpfi_ptr x, unsigned k, mpfi_srcptr m,
    mpfi_srcptr v, mpfi_srcptr root2v, mpfi_srcptr gauss)
{
    mpfi_t a, y;
    mpfi_init2(a, SN_PROOF_PRECISION);
    mpfi_init2(y, SN_PROOF_PRECISION);
    /* m/sqrt(2v) + (k/2) sqrt(2v): one division less to widen it */
    mpfi_div(a, m, root2v);
    mpfi_mul_ui(y, root2v, k);
    mpfi_div_2ui(y, y, 1);
    mpfi_add(a, a, y);
    sn_erfcx_mpfi(x, a);
    mpfi_mul(x, x, gauss);
    mpfi_div_2ui(x, x, 1);
    within_unit(x);
    if (mpfr_sgn(&a->left) < 0) {
        mpfi_mul_ui(y, v, k * k);
        mpfi_div_2ui(y, y, 1);
        sn_erfc_mpfi(a, a);
        mpfi_t e;
        mpfi_init2(e, SN_PROOF_PRECISION);
        mpfi_mul_ui(e, m, k);
        mpfi_add(e, e, y);
        mpfi_exp(e, e);
        mpfi_mul(y, e, a);
        mpfi_clear(e);
        mpfi_div_2ui(y, y, 1);
        within_unit(y);
        if (sn_is_interval(x) && sn_is_interval(y))
            mpfi_intersect(x, x, y);
        else if (sn_is_interval(y))
            mpfi_set(x, y);
    }
    mpfi_clear(a);
    mpfi_clear(y);
}

/* basis[BOX_M] and [BOX_V] are set; s, t, u are scratch. */
static void basis_set(mpfi_t b[BASIS], mpfi_ptr s, mpfi_ptr t, mpfi_ptr u)
{
    mpfi_ptr m = b[BOX_M], v = b[BOX_V];
    /* s = sqrt(2v), t = m / s, u = e^(-t^2) */
    mpfi_mul_2ui(s, v, 1);
    mpfi_sqrt(s, s);
    mpfi_div(t, m, s);
    /* the smaller of P and C by erfc, the other from it: no cancellation */
    bool is_positive = mpfr_sgn(&t->left) >= 0;
    mpfi_ptr small = b[is_positive ? C : P], large = b[is_positive ? P : C];
    if (is_positive)
        mpfi_set(u, t);
    else
        mpfi_neg(u, t);
    sn_erfc_mpfi(small, u);
    mpfi_div_2ui(small, small, 1);
    mpfi_ui_sub(large, 1, small);
    mpfi_sqr(u, t);
    mpfi_neg(u, u);
    mpfi_exp(u, u);
    truncated_exponential(b[X1], 1, m, v, s, u);
    truncated_exponential(b[X2], 2, m, v, s, u);
    mpfi_const_pi(b[N]);
    mpfi_sqrt(b[N], b[N]);
    mpfi_mul(b[N], b[N], s);
    mpfi_div(b[N], u, b[N]);
    mpfi_div(b[RATIO], m, v);
}

static bool is_same(mpfi_srcptr a, mpfi_srcptr b)
{
    return mpfr_equal_p(&a->left, &b->left) &&
           mpfr_equal_p(&a->right, &b->right);
}

static unsigned hash(mpfi_srcptr m, mpfi_srcptr v)
{
    const mpfr_srcptr end[] = {&m->left, &m->right, &v->left, &v->right};
    uint64_t h = 0;
    for (int i = 0; i < 4; i++) {
        double x = mpfr_get_d(end[i], MPFR_RNDN);
        uint64_t bits;
        memcpy(&bits, &x, sizeof bits);
        h = (h ^ bits) * 0x9e3779b97f4a7c15;
        h ^= h >> 29;
    }
    return (unsigned)(h % SLOTS);
}

static bool slot_new(struct sn_map *map, unsigned i)
{
    map->slot[i] = malloc(sizeof *map->slot[i]);
    if (!map->slot[i])
        return false;
    for (int k = 0; k < BASIS; k++)
        mpfi_init2((*map->slot[i])[k], SN_PROOF_PRECISION);
    return true;
}

/* The basis of a box, from its slot where it was seen lately. */
static mpfi_t *basis_of(struct sn_map *map, mpfi_srcptr m, mpfi_srcptr v)
{
    unsigned i = hash(m, v);
    if (!map->slot[i] && !slot_new(map, i))
        return NULL;
    mpfi_t *basis = *map->slot[i];
    if (!is_same(basis[BOX_M], m) || !is_same(basis[BOX_V], v)) {
        mpfi_set(basis[BOX_M], m);
        mpfi_set(basis[BOX_V], v);
        basis_set(basis, map->s, map->t, map->u);
    }
    return basis;
}

/* N'' = (r^2 - 1/v) N, N^(k) = -r N^(k-1) - (k-1)/v N^(k-2), r = m/v. */
static void density(mpfi_t *n, mpfi_t *basis, int k, mpfi_ptr s)
{
    mpfi_ptr r = basis[RATIO];
    if (k == 0) {
        mpfi_set(n[0], basis[N]);
        return;
    }
    if (k == 2) {
        mpfi_sqr(n[2], r);
        mpfi_inv(s, basis[BOX_V]);
        mpfi_sub(n[2], n[2], s);
        mpfi_mul(n[2], n[2], n[0]);
        return;
    }
    mpfi_mul(n[k], r, n[k - 1]);
    mpfi_neg(n[k], n[k]);
    if (k == 1)
        return;
    mpfi_div(s, n[k - 2], basis[BOX_V]);
    mpfi_mul_si(s, s, k - 1);
    mpfi_sub(n[k], n[k], s);
}

/*
 * e[0], e[1], q[0], q[1], before the powers of lambda; s = m P + v N:
 *   e0 = s + a (X1 - C)                       e1 = P + a X1
 *   q0 = m s + v P + a^2 (X2 - 2 X1 + C)      q1 = 2 s + 2 a^2 (X2 - X1)
 */
static void first_orders(struct sn_map *map, struct orders *o, mpfi_t *b)
{
    mpfi_t *e = o->e, *q = o->q;
    mpfi_ptr s = map->s, t = map->t;
    mpfi_mul(s, b[BOX_M], b[P]);
    mpfi_mul(t, b[BOX_V], b[N]);
    mpfi_add(s, s, t);
    mpfi_sub(e[0], b[X1], b[C]);
    mpfi_mul(e[0], e[0], map->alpha);
    mpfi_add(e[0], e[0], s);
    mpfi_mul(e[1], map->alpha, b[X1]);
    mpfi_add(e[1], e[1], b[P]);
    mpfi_sub(t, b[X2], b[X1]);
    mpfi_sub(q[0], t, b[X1]);
    mpfi_add(q[0], q[0], b[C]);
    mpfi_mul(q[0], q[0], map->alpha2);
    mpfi_mul(q[1], t, map->alpha2);
    mpfi_add(q[1], q[1], s);
    mpfi_mul_2ui(q[1], q[1], 1);
    mpfi_mul(t, b[BOX_M], s);
    mpfi_add(q[0], q[0], t);
    mpfi_mul(t, b[BOX_V], b[P]);
    mpfi_add(q[0], q[0], t);
}

/*
 *   e_k = a X1^(k-2) - (a - 1) N^(k-2)
 *   q_k = 2 P^(k-2) + 2 a^2 (2 X2 - X1)^(k-2),  P' = N
 */
static void further_order(
    struct sn_map *map, struct orders *o, mpfi_t *b, int k)
{
    mpfi_ptr s = map->s;
    int j = k - 2;
    density(o->n, b, j, s);
    if (!j) {
        mpfi_set(o->x1[0], b[X1]);
        mpfi_set(o->x2[0], b[X2]);
    } else {
        mpfi_sub(o->x1[j], o->x1[j - 1], o->n[j - 1]);
        mpfi_mul_2ui(o->x2[j], o->x2[j - 1], 1);
        mpfi_sub(o->x2[j], o->x2[j], o->n[j - 1]);
    }
    mpfi_mul(o->e[k], map->alpha, o->x1[j]);
    mpfi_mul(s, map->alpha1, o->n[j]);
    mpfi_sub(o->e[k], o->e[k], s);
    mpfi_mul_2ui(s, o->x2[j], 1);
    mpfi_sub(s, s, o->x1[j]);
    mpfi_mul(s, s, map->alpha2);
    mpfi_add(s, s, j ? o->n[j - 1] : b[P]);
    mpfi_mul_2ui(o->q[k], s, 1);
}

static void orders_set(
    struct sn_map *map, struct orders *o, mpfi_t *basis, int count)
{
    first_orders(map, o, basis);
    for (int k = 2; k < count; k++)
        further_order(map, o, basis, k);
    for (int k = 0; k < count; k++) {
        mpfi_mul(o->e[k], o->e[k], map->lambda);
        mpfi_mul(o->q[k], o->q[k], map->lambda2);
    }
}

/* d[k] within d[k](centre) + d[k+1] (m - centre) + d[k+2]/2 (v - centre) */
static void sharpen(struct sn_map *map, mpfi_t *d, mpfi_t *centre, int count)
{
    mpfi_ptr s = map->s, t = map->t;
    for (int k = count - 1; k >= 0; k--) {
        mpfi_mul(s, d[k + 1], map->step_m);
        mpfi_div_2ui(t, d[k + 2], 1);
        mpfi_mul(t, t, map->step_v);
        mpfi_add(s, s, t);
        mpfi_add(s, s, centre[k]);
        if (sn_is_interval(s) && sn_is_interval(d[k]))
            mpfi_intersect(d[k], d[k], s);
        else if (sn_is_interval(s))
            mpfi_set(d[k], s);
    }
}

/* The step from the centre of x, which s becomes; false for a point. */
static bool centre_of(mpfi_ptr s, mpfi_ptr step, mpfi_srcptr x)
{
    mpfr_set_d(&s->left, mpfi_get_d(x), MPFR_RNDN);
    mpfr_set(&s->right, &s->left, MPFR_RNDN);
    mpfi_sub(step, x, s);
    return !mpfi_is_zero(step);
}

void sn_map_set(struct sn_map *map, mpfi_srcptr m, mpfi_srcptr v,
    const struct sn_selu *selu, int derivatives, bool slopes)
{
    int count = derivatives + (slopes ? 3 : 1); /* a jet needs two more */
    bool known = map->basis && is_same(map->basis[BOX_M], m) &&
                 is_same(map->basis[BOX_V], v) &&
                 is_same(map->lambda, selu->lambda) &&
                 is_same(map->alpha, selu->alpha);
    if (known && map->ready >= count)
        return;
    memset(map->known, 0, sizeof map->known);
    map->ready = 0;
    mpfi_set(map->lambda, selu->lambda);
    mpfi_set(map->alpha, selu->alpha);
    mpfi_sqr(map->lambda2, map->lambda);
    mpfi_sqr(map->alpha2, map->alpha);
    mpfi_sub_ui(map->alpha1, map->alpha, 1);
    map->basis = basis_of(map, m, v);
    if (!map->basis)
        return;
    bool wide_m = centre_of(map->mid_m, map->step_m, m);
    bool wide_v = centre_of(map->mid_v, map->step_v, v);
    bool wide = (wide_m || wide_v) && mpfi_bounded_p(map->mid_m) &&
                mpfi_bounded_p(map->mid_v);
    orders_set(map, &map->orders, map->basis, wide ? count + 2 : count);
    if (wide) {
        mpfi_t *basis = map->basis;
        mpfi_t *centre = basis_of(map, map->mid_m, map->mid_v);
        if (centre && centre != basis) {
            orders_set(map, &map->centre, centre, count);
            sharpen(map, map->orders.e, map->centre.e, count);
            sharpen(map, map->orders.q, map->centre.q, count);
        } else if (centre) { /* they share a slot */
            map->basis = basis_of(map, m, v);
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
    struct orders *o = &map->orders;
    mpfi_t *d = atom == SN_X1 ? o->x1 : atom == SN_X2 ? o->x2 : o->n;
    if (atom == SN_P || atom == SN_C) {
        mpfi_set(y->f, map->basis[P]);
        mpfi_set(y->d[0], d[0]);
        mpfi_div_2ui(y->d[1], d[1], 1);
        if (atom == SN_C) {
            sn_jet_neg(y, y);
            mpfi_set(y->f, map->basis[C]);
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

/* Every interval of the map but those of the slots and jets. */
static void each(struct sn_map *map, void (*f)(mpfi_ptr x))
{
    mpfi_ptr all[] = {map->lambda, map->alpha, map->lambda2, map->alpha1,
        map->alpha2, map->s, map->t, map->u, map->mid_m, map->mid_v,
        map->step_m, map->step_v};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        f(all[i]);
    for (int k = 0; k < MORE; k++)
        for (int i = 0; i < 2; i++) {
            struct orders *o = i ? &map->centre : &map->orders;
            f(o->n[k]);
            f(o->x1[k]);
            f(o->x2[k]);
            f(o->e[k]);
            f(o->q[k]);
        }
}

static void start(mpfi_ptr x)
{
    mpfi_init2(x, SN_PROOF_PRECISION);
}

static void end(mpfi_ptr x)
{
    mpfi_clear(x);
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
    each(map, start);
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
    each(map, end);
    for (int i = 0; i < SN_ATOMS; i++)
        sn_jet_clear(&map->atom[i]);
    sn_jet_clear(&map->jet);
    sn_scratch_clear(&map->scratch);
    for (int i = 0; i < SLOTS; i++) {
        for (int k = 0; map->slot[i] && k < BASIS; k++)
            mpfi_clear((*map->slot[i])[k]);
        free(map->slot[i]);
    }
    free(map);
}
