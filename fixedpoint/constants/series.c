/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Binary splitting.  With odd(a, b) = (2a+1)(2a+3)...(2b-1), the range [a, b)
 * of terms is held as
 *   q = odd(a, b),  t = q sum_{a<=n<b} 1/odd(a, n+1),
 *   u = q sum_{a<=n<b} 4^(n-a+1)/odd(a, n+1),
 * and two ranges join as t = t1 q2 + t2, u = u1 q2 + 4^(m-a) u2, q = q1 q2.
 * Both series share q: three products instead of four, one division less;
 * U alone would need no fewer terms, T an eighth fewer.
 */
#include "fixedpoint/constants/series.h"
#include <math.h>
#include <flint/fmpz.h>

struct series_range {
    fmpz_t t, u, q;
};

static void range_init(struct series_range *x)
{
    fmpz_init(x->t);
    fmpz_init(x->u);
    fmpz_init(x->q);
}

static void range_clear(struct series_range *x)
{
    fmpz_clear(x->t);
    fmpz_clear(x->u);
    fmpz_clear(x->q);
}

/* Below this many terms numbers are so short that a loop is faster. */
enum { LEAF = 24 };

static void sum_range(struct series_range *x, ulong a, ulong b)
{
    if (b - a <= LEAF) {
        fmpz_t power;
        fmpz_init_set_ui(power, 1);
        fmpz_zero(x->t);
        fmpz_zero(x->u);
        fmpz_one(x->q);
        for (ulong n = a; n < b; n++) {
            fmpz_mul_ui(x->q, x->q, 2 * n + 1);
            fmpz_mul_ui(x->t, x->t, 2 * n + 1);
            fmpz_add_ui(x->t, x->t, 1);
            fmpz_mul_ui(x->u, x->u, 2 * n + 1);
            fmpz_mul_2exp(power, power, 2);
            fmpz_add(x->u, x->u, power);
        }
        fmpz_clear(power);
        return;
    }
    struct series_range y;
    ulong middle = a + (b - a) / 2;
    sum_range(x, a, middle);
    range_init(&y);
    sum_range(&y, middle, b);
    fmpz_mul(x->t, x->t, y.q);
    fmpz_add(x->t, x->t, y.t);
    fmpz_mul(x->u, x->u, y.q);
    fmpz_mul_2exp(y.u, y.u, 2 * (middle - a));
    fmpz_add(x->u, x->u, y.u);
    fmpz_mul(x->q, x->q, y.q);
    range_clear(&y);
}

/*
 * The rest of U after N >= 4 terms is 4^N/(2N+1)!! times a series whose terms
 * fall at least as 4/(2N+3) <= 4/11, hence below 2 4^N/(2N+1)!!; that of T in
 * the same way below 2/(2N+1)!!.  The denominator computed is q = (2N-1)!!
 * >= 2^(bits-1), so the bounds are 2^(2N+2-bits) and 2^(2-bits).  They are
 * taken from q itself: whatever chose N cannot make them wrong.
 */
void constants_series_arb(arb_t t, arb_t u, ulong terms, slong prec)
{
    struct series_range x;
    NUM_ARB(inverse);
    range_init(&x);
    sum_range(&x, 1, terms); /* the term n = 0 is the 1 added below */
    slong bits = (slong)fmpz_bits(x.q);

    arb_set_round_fmpz(inverse, x.q, prec);
    arb_inv(inverse, inverse, prec);
    arb_set_round_fmpz(t, x.t, prec);
    arb_set_round_fmpz(u, x.u, prec);
    range_clear(&x);
    arb_mul(t, t, inverse, prec);
    arb_add_ui(t, t, 1, prec);
    arb_add_error_2exp_si(t, 2 - bits);
    arb_mul(u, u, inverse, prec);
    arb_add_ui(u, u, 1, prec);
    arb_add_error_2exp_si(u, 2 * (slong)terms + 2 - bits);
}

/* (2N-1)!! = (2N)!/(2^N N!) is about sqrt(2) (2N/e)^N. */
ulong constants_series_terms(slong prec)
{
    ulong low = 4, high = 8;
    const double wanted = (double)prec + 4;
#define BITS(n) ((double)(n) * (log2(2 * (double)(n)) - M_LOG2E - 2))
    while (BITS(high) < wanted)
        high *= 2;
    while (high - low > 1) {
        ulong middle = low + (high - low) / 2;
        if (BITS(middle) < wanted)
            low = middle;
        else
            high = middle;
    }
#undef BITS
    return high;
}
