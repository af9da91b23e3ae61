/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value exactly enough: cut towards 0 to 256 bits, which is decided as
 * soon as both ends of a ball are cut to the same, and a sticky bit far below.
 * So a tie is a tie only where it is one.
 */
#include "verify/conformance/reference/curve.h"
#include <math.h>

enum { CUT_BITS = 256, STICKY = 300 };

/* cut, and the sticky bit away from 0 (more 1) or towards it (-1) */
static void set_cut(mpfr_t value, const arf_t cut, int more)
{
    arf_get_mpfr(value, cut, MPFR_RNDZ);
    if (!more || !mpfr_regular_p(value)) /* 0: below all exponents */
        return;
    mpfr_t bit;
    mpfr_init2(bit, 2);
    mpfr_set_si_2exp(
        bit, more * mpfr_sgn(value), mpfr_get_exp(value) - STICKY, MPFR_RNDN);
    mpfr_add(value, value, bit, MPFR_RNDZ);
    mpfr_clear(bit);
}

static bool set_ball(mpfr_t value, const arb_t y)
{
    bool decided = false;
    arf_t low, high;
    arf_init(low);
    arf_init(high);
    if (arb_is_finite(y) && !arb_contains_zero(y)) {
        arb_get_interval_arf(low, high, y, 5000);
        if (arf_sgn(low) < 0)
            arf_swap(low, high); /* by modulus */
        const bool more = arf_set_round(low, low, CUT_BITS, ARF_RND_DOWN);
        arf_set_round(high, high, CUT_BITS, ARF_RND_DOWN);
        decided = arf_equal(low, high) && (more || arb_is_exact(y));
        set_cut(value, low, more);
    } else if (arb_is_finite(y)) {
        decided = arb_is_zero(y);
        mpfr_set_zero(value, 1);
    }
    arf_clear(low);
    arf_clear(high);
    return decided;
}

/* A number of every format, so no tie of any: of at most 3 bits, or x. */
static bool is_no_tie(const fmpq_t q, const arf_t x)
{
    bool same;
    fmpq_t other;
    fmpq_init(other);
    arf_get_fmpq(other, x);
    fmpz_t odd;
    fmpz_init(odd);
    fmpz_tdiv_q_2exp(odd, fmpq_numref(q), fmpz_val2(fmpq_numref(q)));
    same = fmpq_equal(q, other) != 0 ||
           (fmpz_cmpabs(odd, (fmpz[]){8}) < 0 &&
               fmpz_val2(fmpq_denref(q)) + 1 == fmpz_bits(fmpq_denref(q)));
    fmpz_clear(odd);
    fmpq_clear(other);
    return same;
}

/* q and what is beside it; false: its rounding may depend on the side. */
static bool set_rational(mpfr_t value, const fmpq_t q, int tail, const arf_t x)
{
    mpfr_t cut;
    arf_t a;
    if (tail == SERIES_EITHER && !is_no_tie(q, x))
        return false;
    if (tail == SERIES_EITHER)
        tail = 0;
    if (fmpq_is_zero(q)) {
        mpfr_set_si_2exp(value, tail, -2000, MPFR_RNDN);
        return true;
    }
    mpfr_init2(cut, CUT_BITS);
    arf_init(a);
    const int inexact = fmpq_get_mpfr(cut, q, MPFR_RNDZ);
    arf_set_mpfr(a, cut);
    set_cut(value, a, inexact ? 1 : tail * fmpq_sgn(q));
    mpfr_clear(cut);
    arf_clear(a);
    return true;
}

/* Where a zero has a sign of its own: at x = +-0, that of f beside it. */
static void sign_zero(mpfr_t value, struct series_work *work, double x)
{
    arf_t next;
    arb_t y;
    arf_init(next);
    arb_init(y);
    arf_set_d(next, copysign(0x1p-1074, x));
    if (x == 0 && series_value(y, work, next, 32) == SERIES_KNOWN)
        mpfr_set_si_2exp(value, arf_sgn(arb_midref(y)), -2000, MPFR_RNDN);
    arf_clear(next);
    arb_clear(y);
}

/* At finite x; false: not decided. */
static bool value_at(mpfr_t value, struct series_work *work, double x)
{
    enum series_state state = SERIES_OPEN;
    bool decided = false;
    int tail;
    arf_t point;
    arb_t y;
    fmpq_t q;
    arf_init(point);
    arb_init(y);
    fmpq_init(q);
    arf_set_d(point, x);
    /* a first look, for conditions that only balls decide */
    static const slong tried[] = {32, 300, 1200, 5800};
    for (int k = 0; k < 4 && !decided; k++) {
        const slong bits = tried[k];
        state = series_value(y, work, point, bits);
        if (state == SERIES_UNDEFINED) {
            mpfr_set_nan(value);
            decided = true;
        } else if (bits == 32) {
            decided = series_exact(q, &tail, work, point) &&
                      set_rational(value, q, tail, point);
        } else {
            decided = set_ball(value, y);
        }
    }
    const bool jumps = work->jumps;
    if (mpfr_zero_p(value))
        sign_zero(value, work, x);
    work->jumps = jumps;
    arf_clear(point);
    arb_clear(y);
    fmpq_clear(q);
    return decided;
}

/*
 * Far out, by values at three places: they vanish, or come together, or grow,
 * with steps that do not shrink; else there is no limit.
 */
static void limit_at(mpfr_t value, struct series_work *work, int side)
{
    static const slong place[3] = {1030, 1060, 1100};
    enum { LIMIT_BITS = 200 };
    arf_t x;
    arb_t y[3], step[2];
    bool known = true;
    arf_init(x);
    arb_init(step[0]);
    arb_init(step[1]);
    for (int i = 0; i < 3; i++) {
        arb_init(y[i]);
        arf_set_si_2exp_si(x, side, place[i]);
        known =
            known && series_value(y[i], work, x, LIMIT_BITS) == SERIES_KNOWN;
    }
    for (int i = 0; i < 2; i++) {
        arb_sub(step[i], y[i + 1], y[i], LIMIT_BITS);
        arb_abs(step[i], step[i]);
    }
    const arf_struct *last = arb_midref(y[2]);
    mpfr_set_nan(value);
    if (known && arf_cmpabs_2exp_si(last, -LIMIT_BITS) < 0)
        mpfr_set_si_2exp(value, arf_sgn(last), -2000, MPFR_RNDN);
    else if (known && arf_cmp_2exp_si(arb_midref(step[1]), -150) < 0)
        set_ball(value, y[2]);
    else if (known && arb_gt(step[1], step[0]) &&
             arf_cmpabs_2exp_si(last, 4) > 0)
        mpfr_set_inf(value, arf_sgn(last));
    arf_clear(x);
    arb_clear(step[0]);
    arb_clear(step[1]);
    for (int i = 0; i < 3; i++)
        arb_clear(y[i]);
}

bool ref_curve_value(
    mpfr_t value, bool *jumps, struct ref_curve *curve, double x, bool other)
{
    struct series_work work;
    bool decided = true;
    mpfr_set_prec(value, REF_CURVE_BITS); /* now NaN */
    *jumps = false;
    if (isnan(x))
        return true;
    if (series_work_init(&work, &curve->function) != SN_OK)
        return false;
    work.other_side = other;
    if (isinf(x))
        limit_at(value, &work, x > 0 ? 1 : -1);
    else
        decided = value_at(value, &work, x);
    *jumps = work.jumps;
    series_work_clear(&work);
    if (!decided)
        atomic_fetch_add(&curve->undecided, 1);
    return decided;
}
