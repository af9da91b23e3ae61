/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arb is a library of its own up to FLINT 2.9 (Debian 12), then part of it. */
#ifndef SN_FIXEDPOINT_NUMBERS_ARB_COMPAT_H
#define SN_FIXEDPOINT_NUMBERS_ARB_COMPAT_H

/* FLINT declares what takes an mpfr_t only behind MPFR's header. */
#include <mpfr.h>

#include <flint/fmpq.h>
#include <flint/fmpq_vec.h>
#if __has_include(<flint/arb.h>)
#include <flint/acb.h>
#include <flint/acb_calc.h>
#include <flint/acb_hypgeom.h>
#include <flint/arb.h>
#include <flint/arb_calc.h>
#include <flint/arb_hypgeom.h>
#include <flint/arb_poly.h>
#include <flint/arf.h>
#define ARB_COMPAT_VERSION FLINT_VERSION
#else
#include <acb.h>
#include <acb_calc.h>
#include <acb_hypgeom.h>
#include <arb.h>
#include <arb_calc.h>
#include <arb_hypgeom.h>
#include <arb_poly.h>
#include <arf.h>
#define ARB_COMPAT_VERSION arb_version
#endif

/*
 * NUM_ARB(s, t); declares s and t, sets them up, and has them cleared where
 * their block ends, however it is left.  At most eight.  NUM_STRUCT(map_point,
 * x); does so by map_point_init() and map_point_clear().
 */
#define NUM_STRUCT(tag, x)                                                    \
    __attribute__((cleanup(tag##_clear))) struct tag x;                       \
    tag##_init(&x)
#define NUM_ARB(...)  NUM_EACH(NUM_ONE_ARB, __VA_ARGS__)
#define NUM_ACB(...)  NUM_EACH(NUM_ONE_ACB, __VA_ARGS__)
#define NUM_ARF(...)  NUM_EACH(NUM_ONE_ARF, __VA_ARGS__)
#define NUM_MAG(...)  NUM_EACH(NUM_ONE_MAG, __VA_ARGS__)
#define NUM_FMPZ(...) NUM_EACH(NUM_ONE_FMPZ, __VA_ARGS__)
#define NUM_FMPQ(...) NUM_EACH(NUM_ONE_FMPQ, __VA_ARGS__)

#define NUM_ONE_ARB(x)  NUM_ONE(arb, x)
#define NUM_ONE_ACB(x)  NUM_ONE(acb, x)
#define NUM_ONE_ARF(x)  NUM_ONE(arf, x)
#define NUM_ONE_MAG(x)  NUM_ONE(mag, x)
#define NUM_ONE_FMPZ(x) NUM_ONE(fmpz, x)
#define NUM_ONE_FMPQ(x) NUM_ONE(fmpq, x)
#define NUM_ONE(type, x)                                                      \
    __attribute__((cleanup(num_drop_##type))) type##_t x;                     \
    type##_init(x);

#define NUM_EACH(one, ...)                                                    \
    NUM_NINTH(__VA_ARGS__, NUM_8, NUM_7, NUM_6, NUM_5, NUM_4, NUM_3, NUM_2,   \
        NUM_1, )                                                              \
    (one, __VA_ARGS__)
#define NUM_NINTH(a, b, c, d, e, f, g, h, i, ...) i
#define NUM_1(one, a)                             one(a)
#define NUM_2(one, a, ...)                        one(a) NUM_1(one, __VA_ARGS__)
#define NUM_3(one, a, ...)                        one(a) NUM_2(one, __VA_ARGS__)
#define NUM_4(one, a, ...)                        one(a) NUM_3(one, __VA_ARGS__)
#define NUM_5(one, a, ...)                        one(a) NUM_4(one, __VA_ARGS__)
#define NUM_6(one, a, ...)                        one(a) NUM_5(one, __VA_ARGS__)
#define NUM_7(one, a, ...)                        one(a) NUM_6(one, __VA_ARGS__)
#define NUM_8(one, a, ...)                        one(a) NUM_7(one, __VA_ARGS__)

#define NUM_DROP(type)                                                        \
    static inline void num_drop_##type(type##_t *x)                           \
    {                                                                         \
        type##_clear(*x);                                                     \
    }
NUM_DROP(arb)
NUM_DROP(acb)
NUM_DROP(arf)
NUM_DROP(mag)
NUM_DROP(fmpz)
NUM_DROP(fmpq)
#undef NUM_DROP

#endif
