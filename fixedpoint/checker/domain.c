/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains with exact ends, and the boxes that they come to. */
#include "fixedpoint/checker/parts.h"
#include <string.h>
#include <stdio.h>

const char *const snc_coordinate[SNC_VALUES] = {
    "mu", "nu", "omega", "tau", "s", "m", "v", "lambda", "alpha"};

void snc_domain_init(struct snc_domain *domain)
{
    memset(domain, 0, sizeof *domain);
    for (int i = 0; i < SNC_ENDS; i++)
        for (int end = 0; end < 2; end++)
            fmpq_init(domain->end[i][end]);
}

void snc_domain_clear(struct snc_domain *domain)
{
    for (int i = 0; i < SNC_ENDS; i++)
        for (int end = 0; end < 2; end++)
            fmpq_clear(domain->end[i][end]);
}

void snc_domain_set(struct snc_domain *x, const struct snc_domain *y)
{
    x->has_s = y->has_s;
    for (int i = 0; i < SNC_ENDS; i++)
        for (int end = 0; end < 2; end++) {
            fmpq_set(x->end[i][end], y->end[i][end]);
            strcpy(x->text[i][end], y->text[i][end]);
        }
}

bool snc_domain_read(struct snc_reader *r, struct snc_domain *domain)
{
    int known = r->words / 3;
    domain->has_s = known == SNC_ENDS;
    if (known < SNC_ENDS - 1 || r->words % 3 != 1)
        return snc_refuse(r, SNC_OTHER_LINE, r->line);
    for (int i = 0; i < SNC_ENDS; i++) {
        char **word = r->word + 1 + 3 * i;
        if (i < known && strcmp(word[0], snc_coordinate[i]))
            return snc_refuse(r, SNC_OTHER_LINE, word[0]);
        for (int end = 0; end < 2; end++) {
            fmpq_zero(domain->end[i][end]);
            *domain->text[i][end] = '\0';
            if (i == known)
                continue;
            if (!snc_number(r, domain->end[i][end], word[1 + end]))
                return false;
            strcpy(domain->text[i][end], word[1 + end]);
        }
        if (fmpq_cmp(domain->end[i][0], domain->end[i][1]) > 0)
            return snc_refuse(r, SNC_REVERSED, snc_coordinate[i]);
        if ((i == SNC_NU || i == SNC_TAU) && fmpq_sgn(domain->end[i][0]) <= 0)
            return snc_refuse(r, SNC_NOT_POSITIVE, snc_coordinate[i]);
    }
    return true;
}

/* "mu -0.1 0.1 nu ...", which is in order. */
void snc_domain_of(struct snc_domain *domain, const char *text)
{
    int i = 0, n = 0;
    char low[32], high[32];
    for (; sscanf(text, "%*s %31s %31s %n", low, high, &n) == 2; text += n) {
        strcpy(domain->text[i][0], low);
        strcpy(domain->text[i][1], high);
        snc_decimal(domain->end[i][0], low);
        snc_decimal(domain->end[i++][1], high);
    }
    domain->has_s = i == SNC_ENDS;
}

bool snc_domain_within(const struct snc_domain *a, const struct snc_domain *b,
    int first, int last)
{
    for (int i = first; i <= last; i++)
        if (fmpq_cmp(a->end[i][0], b->end[i][0]) < 0 ||
            fmpq_cmp(a->end[i][1], b->end[i][1]) > 0)
            return false;
    return true;
}

bool snc_domain_same(const struct snc_domain *a, const struct snc_domain *b)
{
    return a->has_s == b->has_s && snc_domain_within(a, b, SNC_MU, SNC_S) &&
           snc_domain_within(b, a, SNC_MU, SNC_S);
}

void snc_domain_print(FILE *out, const struct snc_domain *domain)
{
    for (int i = 0; i < SNC_S + domain->has_s; i++)
        fprintf(out, "%s%s in [%s, %s]", i ? ", " : "", snc_coordinate[i],
            domain->text[i][0], domain->text[i][1]);
}

/* ---- pieces ------------------------------------------------------------ */

void snc_piece_init(struct snc_piece *piece)
{
    memset(piece, 0, sizeof *piece);
    piece->least = _arb_vec_init(4);
    piece->most = piece->least + 2;
}

void snc_piece_clear(struct snc_piece *piece)
{
    _arb_vec_clear(piece->least, 4);
}

double snc_outside(const fmpq_t x, bool up)
{
    NUM_ARB(ball);
    NUM_ARF(end);
    arb_set_fmpq(ball, x, 2 * SNC_PREC);
    if (up)
        arb_get_ubound_arf(end, ball, 2 * SNC_PREC);
    else
        arb_get_lbound_arf(end, ball, 2 * SNC_PREC);
    return arf_get_d(end, up ? ARF_RND_CEIL : ARF_RND_FLOOR);
}

/* The moduli [x0, x1] of the part with a sign; false if there is none. */
static bool moduli(fmpq_t x[2], const fmpq_t end[2], int sign)
{
    int outer = sign > 0;
    int side = fmpq_sgn(end[outer]) * sign;
    if (side < 0 || (!side && (sign < 0 || fmpq_sgn(end[0]))))
        return false; /* 0 alone counts as positive */
    fmpq_abs(x[1], end[outer]);
    fmpq_zero(x[0]);
    if (fmpq_sgn(end[!outer]) * sign > 0)
        fmpq_abs(x[0], end[!outer]);
    return true;
}

static void add_axis(
    struct snc_piece *p, int coordinate, const fmpq_t low, const fmpq_t high)
{
    p->axis[p->axes] = coordinate;
    p->x[p->axes][0] = snc_outside(low, false);
    p->x[p->axes++][1] = snc_outside(high, true);
}

/*
 * The axis of products x y, x in [x0, x1] and y in [y0, y1], both 0 or more:
 * those from x0 y0 to x0 y1, where y is at most product/x0, or the others,
 * where it can be y1.  Of the first kind there may be none.
 */
static bool add_products(struct snc_piece *p, int coordinate,
    const fmpq_t x[2], const fmpq_t y[2], bool along, int sign)
{
    NUM_FMPQ(low, high);
    if (along && (fmpq_is_zero(x[0]) || fmpq_equal(y[0], y[1])))
        return false;
    fmpq_mul(low, x[0], along ? y[0] : y[1]);
    fmpq_mul(high, along ? x[0] : x[1], y[1]);
    if (sign < 0) {
        fmpq_neg(low, low);
        fmpq_neg(high, high);
        fmpq_swap(low, high);
    }
    add_axis(p, coordinate, low, high);
    return true;
}

/* Moduli of mu and omega in a quadrant; false if there are none. */
static bool quadrant(
    fmpq_t mu[2], fmpq_t omega[2], const struct snc_domain *domain, int q)
{
    return moduli(mu, domain->end[SNC_MU], q & 2 ? -1 : 1) &&
           moduli(omega, domain->end[SNC_OMEGA], q & 1 ? -1 : 1);
}

/* Quadrants 0 and 3, 1 and 2 have the same m: one may do for both. */
static bool fold_m_in(
    struct snc_piece *p, const struct snc_domain *domain, int q, bool along)
{
    fmpq_t end[8], *mu = end, *omega = end + 2, *as_mu = end + 4,
                   *as_omega = end + 6;
    for (int i = 0; i < 8; i++)
        fmpq_init(end[i]);
    bool good = quadrant(mu, omega, domain, q);
    if (good && q > 1 && quadrant(as_mu, as_omega, domain, 3 - q))
        good = !fmpq_equal(mu[0], as_mu[0]) || !fmpq_equal(mu[1], as_mu[1]) ||
               !fmpq_equal(omega[0], as_omega[0]) ||
               !fmpq_equal(omega[1], as_omega[1]);
    p->sign = q == 0 || q == 3 ? 1 : -1;
    good = good && add_products(p, SNC_M, (const fmpq_t *)mu,
                       (const fmpq_t *)omega, along, p->sign);
    arb_set_fmpq(p->least, mu[0], SNC_PREC);
    arb_set_fmpq(p->most, omega[1], SNC_PREC);
    for (int i = 0; i < 8; i++)
        fmpq_clear(end[i]);
    return good;
}

bool snc_piece_set(struct snc_piece *p, const struct snc_domain *domain,
    bool fold_m, bool fold_v, int k)
{
    const fmpq_t(*end)[2] = (const fmpq_t(*)[2])domain->end;
    int q = k >> 2;
    p->axes = 0;
    p->along_m = !(k & 2);
    p->along_v = !(k & 1);
    if (fold_m) {
        if (!fold_m_in(p, domain, q, p->along_m))
            return false;
    } else {
        if (q || p->along_m)
            return false;
        add_axis(p, SNC_MU, end[SNC_MU][0], end[SNC_MU][1]);
        add_axis(p, SNC_OMEGA, end[SNC_OMEGA][0], end[SNC_OMEGA][1]);
    }
    if (fold_v) {
        if (!add_products(p, SNC_V, end[SNC_NU], end[SNC_TAU], p->along_v, 1))
            return false;
        arb_set_fmpq(p->least + 1, end[SNC_NU][0], SNC_PREC);
        arb_set_fmpq(p->most + 1, end[SNC_TAU][1], SNC_PREC);
    } else {
        if (p->along_v)
            return false;
        add_axis(p, SNC_NU, end[SNC_NU][0], end[SNC_NU][1]);
        add_axis(p, SNC_TAU, end[SNC_TAU][0], end[SNC_TAU][1]);
    }
    if (domain->has_s)
        add_axis(p, SNC_S, end[SNC_S][0], end[SNC_S][1]);
    return true;
}
