/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside the kernels: the cores compiled here a second time, with every
 * constant a variable.  With the true values: how far the result before the
 * last rounding is off, against the sums of docs/mathematics/kernels.md.  With
 * one of them changed: the check of errors has to refuse the kernel, and a
 * lock on their bits refuses any change of one unit.
 */
#include "tests/kernels/test_kernels.h"
#include "kernels/arithmetic.h"
#include "kernels/vector_portable.h"
#define sn_exp2_16      true_exp2_16
#define sn_exp2_16_rest true_exp2_16_rest
#include "kernels/exp2_table.h"
#include "kernels/polynomials.h"
#undef sn_exp2_16
#undef sn_exp2_16_rest
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
#define CONSTANTS(_) \
    _(PER_STEP) _(STEP_1) _(STEP_2) \
    _(W_1) _(W_2) _(W_3) _(W_4) _(W_5) \
    _(Q_0) _(Q_1) _(Q_2) _(Q_3) _(Q_4) _(Q_5) \
    _(PER_STEP_F) _(STEP_F_1) _(STEP_F_2) \
    _(H_1) _(H_2) _(H_3) _(H_4) _(H_5) \
    _(V_0) _(V_1) _(V_2) _(V_3) _(V_4) _(V_5)
/* clang-format on */
#define INDEX(name) name,
enum { CONSTANTS(INDEX) COUNT };
#define VALUE(name) (double)SN_##name,
static const double true_constant[COUNT] = {CONSTANTS(VALUE)};
#define NAME(name) #name,
static const char *const name_of[COUNT] = {CONSTANTS(NAME)};
static double constant[COUNT];
static double sn_exp2_16[16], sn_exp2_16_rest[16];

#undef SN_PER_STEP
#undef SN_STEP_1
#undef SN_STEP_2
#undef SN_W_1
#undef SN_W_2
#undef SN_W_3
#undef SN_W_4
#undef SN_W_5
#undef SN_Q_0
#undef SN_Q_1
#undef SN_Q_2
#undef SN_Q_3
#undef SN_Q_4
#undef SN_Q_5
#define SN_PER_STEP constant[PER_STEP]
#define SN_STEP_1   constant[STEP_1]
#define SN_STEP_2   constant[STEP_2]
#define SN_W_1      constant[W_1]
#define SN_W_2      constant[W_2]
#define SN_W_3      constant[W_3]
#define SN_W_4      constant[W_4]
#define SN_W_5      constant[W_5]
#define SN_Q_0      constant[Q_0]
#define SN_Q_1      constant[Q_1]
#define SN_Q_2      constant[Q_2]
#define SN_Q_3      constant[Q_3]
#define SN_Q_4      constant[Q_4]
#define SN_Q_5      constant[Q_5]
#include "kernels/core_double_double.h"
#include "kernels/core_double.h"

static struct sn_elu elu;

static void restore(void)
{
    memcpy(constant, true_constant, sizeof constant);
    memcpy(sn_exp2_16, true_exp2_16, sizeof sn_exp2_16);
    memcpy(sn_exp2_16_rest, true_exp2_16_rest, sizeof sn_exp2_16_rest);
    elu = sn_paper_selu;
}

/* ---- a lock on every bit
 * ---------------------------------------------------- */

static uint64_t hashed(uint64_t hash, const double *value, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = to_bits(SN_F64, value[i]);
        for (int byte = 0; byte < 8; byte++)
            hash = (hash ^ (bits >> 8 * byte & 0xff)) * 0x100000001b3;
    }
    return hash;
}

static uint64_t all_bits(void)
{
    uint64_t hash = hashed(0xcbf29ce484222325, constant, COUNT);
    hash = hashed(hash, sn_exp2_16, 16);
    hash = hashed(hash, sn_exp2_16_rest, 16);
    return hashed(hash, &elu.positive, sizeof elu / sizeof(double));
}

/* Changed by hand, with the polynomials or tables. */
static const uint64_t declared_bits = 0x413a28a8253bdf88;

Test(kernels, one_unit_of_any_constant_is_caught)
{
    restore();
    cr_expect(all_bits() == declared_bits, "constants hash to %#llx",
        (unsigned long long)all_bits());
    double *const group[] = {
        constant, sn_exp2_16, sn_exp2_16_rest, &elu.positive};
    const int size[] = {COUNT, 16, 16, 8};
    for (int g = 0; g < 4; g++)
        for (int i = 0; i < size[g]; i++) {
            double kept = group[g][i];
            group[g][i] = nextafter(kept, 4);
            cr_expect(all_bits() != declared_bits, "group %d, %d", g, i);
            group[g][i] = kept;
        }
}

/* ---- before the last rounding
 * ----------------------------------------------- */

/* |high + low / exact - 1| in 2^-53, and in ULP of double */
static void errors(double *relative, double *ulps, const mpfr_t exact,
    double high, double low)
{
    mpfr_t d;
    mpfr_init2(d, REFERENCE_BITS);
    mpfr_set_d(d, high, MPFR_RNDN);
    mpfr_add_d(d, d, low, MPFR_RNDN);
    mpfr_sub(d, d, exact, MPFR_RNDN);
    mpfr_mul_2si(d, d, 53, MPFR_RNDN);
    mpfr_exp_t e = mpfr_get_exp(exact);
    *ulps = fabs(ldexp(mpfr_get_d(d, MPFR_RNDN), -(int)e));
    mpfr_div(d, d, exact, MPFR_RNDN);
    *relative = fabs(mpfr_get_d(d, MPFR_RNDN));
    mpfr_clear(d);
}

/* least, most: the magnitudes of x that the formula is used for */
static const struct inside_case {
    const char *name;
    enum sn_dtype dtype;
    bool gradient, general;
    double least, most, bound; /* f32: in 2^-53; f64: in ULP */
} cases[] = {
    {"selu f32 before rounding, 2^-53", SN_F32, false, false, 0x1p-149, 40,
        24},
    {"the same, any constants, 2^-53", SN_F32, false, true, 0x1p-149, 40, 12},
    {"gradient f32 before rounding, 2^-53", SN_F32, true, false, 0, 200, 3.2},
    {"selu f64 before rounding", SN_F64, false, false, 0x1p-850, 64, 0x1p-11},
    {"gradient f64 before rounding", SN_F64, true, false, 0, 500, 0x1p-16},
};
enum { FORWARD_F32, GENERAL_F32, GRAD_F32, FORWARD_F64, GRAD_F64, CASES };

/* the slope as a pair: gradient_dd() with dy = 1 up to its last sum */
static double slope_pair(const struct dd_constants *k, double x, double *low)
{
    struct exponential_dd e;
    const vm left = 1;
    exponential(&e, k, 1, -501.0, 1, &left, &x);
    const double power = e.power[0], h = e.high[0];
    double slope = fma(power, h, power);
    *low = fma(power, e.low[0], fma(power, h, power - slope));
    return slope;
}

/* near: -1, or the step of the reduction that all x are within */
static struct score measure(const struct inside_case *c, long count, int near)
{
    struct score s = {.name = c->name};
    struct sn_kernel shape = {
        .dtype = c->dtype, .function = c->gradient ? SN_SELU_GRAD : SN_SELU};
    struct double_constants narrow = double_constants(&elu, NULL);
    struct dd_constants wide = dd_constants(&elu, NULL);
    narrow.general = wide.general = c->general;
    const double step = log(2) / 16;
    mpfr_t exact;
    mpfr_init2(exact, 192);
    for (long i = 0; i < count; i++) {
        double dy, x, low = 0, y, relative, ulps;
        draw(&shape, i, &dy, &x);
        if (i % 4 == 0) /* the last of a step, and any */
            x = -step * (0.5 + (double)(i / 4 % 3) +
                            ldexp(random_unit() - 0.5, -(int)(i / 12 % 20)));
        if (near >= 0)
            x = (near - 16.5 + random_unit()) * step;
        if (!(-x >= c->least && -x <= c->most))
            continue;
        dy = 1;
        if (c->dtype == SN_F32 && c->gradient)
            gradient_d(&narrow, 1, &y, &dy, &x);
        else if (c->dtype == SN_F32)
            forward_d(&narrow, 1, &y, &x);
        else if (c->gradient)
            y = slope_pair(&wide, x, &low);
        else
            forward_pair(&wide, 1, &x, &x, &y, &low), low = -low;
        ref_exact(exact, c->gradient, 1, x);
        errors(&relative, &ulps, exact, y, low);
        score_add(&s, c->bound, c->dtype == SN_F32 ? relative : ulps, 1, x, y);
    }
    mpfr_clear(exact);
    return s;
}

Test(kernels, errors_before_the_last_rounding)
{
    ref_begin("errors_before_the_last_rounding", 21);
    restore();
    for (int i = 0; i < CASES; i++) {
        struct score s = measure(&cases[i], 90000, -1);
        fprintf(stderr,
            "kernels: %s: worst %.3g = 2^%.2f, bound %.3g, x %a, n %ld\n",
            s.name, s.worst, log2(s.worst), cases[i].bound, s.x, s.count);
        cr_expect(
            s.bad == 0 && s.count > 40000, SCORE_FORMAT, SCORE_VALUES(s));
    }
    ref_end();
}

/* the largest distance of entry + rest to factor 2^(j/16), relative; rest less
   that of entry 0 where `joined` */
static double table_error(
    const struct power_table *table, double joined, double high, double low)
{
    const double *entry = table->entry, *rest = table->rest;
    double worst = 0;
    mpfr_t want, got, t;
    mpfr_inits2(REFERENCE_BITS, want, got, t, (mpfr_ptr)0);
    for (int j = 0; j < 16; j++) {
        uint64_t bits = to_bits(SN_F64, entry[j]) + ((uint64_t)j << 48);
        mpfr_set_d(want, j / 16.0, MPFR_RNDN);
        mpfr_exp2(want, want, MPFR_RNDN);
        mpfr_set_d(got, high, MPFR_RNDN);
        mpfr_add_d(got, got, low, MPFR_RNDN);
        mpfr_mul(want, want, got, MPFR_RNDN);
        mpfr_set_d(t, rest[j], MPFR_RNDN);
        mpfr_set_d(got, joined, MPFR_RNDN);
        mpfr_add_ui(got, got, 1, MPFR_RNDN);
        mpfr_add_ui(t, t, 1, MPFR_RNDN);
        mpfr_mul(got, got, t, MPFR_RNDN);
        mpfr_mul_d(got, got, from_bits(SN_F64, bits), MPFR_RNDN);
        mpfr_div(got, got, want, MPFR_RNDN);
        mpfr_sub_ui(got, got, 1, MPFR_RNDN);
        worst = fmax(worst, fabs(mpfr_get_d(got, MPFR_RNDN)));
    }
    mpfr_clears(want, got, t, (mpfr_ptr)0);
    return worst;
}

/* What the scripts of kernels/errors/ take for granted of a call's tables. */
Test(kernels, tables_of_a_call_within_2_102)
{
    ref_begin("tables_of_a_call_within_2_102", 23);
    restore();
    double worst = 0, largest = 0;
    for (int i = 0; i < 2000; i++) {
        if (i)
            sn_selu_design(&elu, 1 + random_unit(), exp2(random_unit()));
        struct dd_constants k = dd_constants(&elu, NULL);
        double first[D_LANES];
        vd_store_f64(first, k.negative_rest);
        worst = fmax(worst,
            table_error(&k.powers, *first, elu.negative, elu.negative_low));
        worst = fmax(
            worst, table_error(&k.slopes, 0, elu.at_zero, elu.at_zero_low));
        for (int j = 0; j < 16; j++)
            largest = fmax(largest,
                fmax(fabs(k.powers.rest[j] + *first), fabs(k.slopes.rest[j])));
    }
    fprintf(stderr, "kernels: tables of a call: off by 2^%.2f\n", log2(worst));
    cr_expect(worst < 0x1p-102 && largest <= 0x1p-53 * (1 + 0x1p-50),
        "2^%.2f, rests up to 2^%.2f", log2(worst), log2(largest));
    ref_end();
}

/* ---- planted: one constant or table entry changed
 * --------------------------- */

/*
 * Relative changes that the bounds above show; -1 leaves a part out.  What is
 * below them changes no result by more than is promised, and is refused by
 * the lock on bits.
 */
static const struct planted {
    int kernel, which;
    double change;
} planted[] = {{GENERAL_F32, STEP_1, 0x1p-47}, {GENERAL_F32, W_1, 0x1p-42},
    {GENERAL_F32, W_2, 0x1p-34}, {GENERAL_F32, W_3, 0x1p-26},
    {GENERAL_F32, W_4, 0x1p-18}, {GENERAL_F32, W_5, 0x1p-10},
    {FORWARD_F32, STEP_1, 0x1p-47}, {FORWARD_F32, W_1, 0x1p-41},
    {GRAD_F32, STEP_1, 0x1p-52}, {GRAD_F32, STEP_2, -1},
    {GRAD_F32, W_1, 0x1p-38}, {FORWARD_F64, STEP_1, 0x1p-41},
    {FORWARD_F64, STEP_2, 0x1p-8}, {FORWARD_F64, Q_0, 0x1p-48},
    {FORWARD_F64, Q_1, 0x1p-40}, {FORWARD_F64, Q_2, 0x1p-32},
    {FORWARD_F64, Q_3, 0x1p-24}, {FORWARD_F64, Q_4, 0x1p-15},
    {FORWARD_F64, Q_5, 0x1p-9}, {GRAD_F64, STEP_1, 0x1p-41},
    {GRAD_F64, STEP_2, 0x1p-16}, {GRAD_F64, Q_0, 0x1p-42}};

Test(kernels, planted_constants_are_caught)
{
    ref_begin("planted_constants_are_caught", 22);
    restore();
    for (size_t i = 0; i < sizeof planted / sizeof planted[0]; i++) {
        const struct planted *p = &planted[i];
        constant[p->which] += constant[p->which] * p->change;
        cr_expect(measure(&cases[p->kernel], 8000, -1).bad > 0,
            "%s: %s off by %a passes", cases[p->kernel].name,
            name_of[p->which], p->change);
        restore();
    }
    elu.negative_low = 0;
    cr_expect(measure(&cases[FORWARD_F64], 4000, -1).bad > 0);
    restore();
    elu.negative = nextafter(elu.negative, 2);
    cr_expect(measure(&cases[FORWARD_F64], 4000, -1).bad > 0);
    restore();
    int passed = 0;
    for (int j = 0; j < 16; j++) {
        sn_exp2_16[j] = nextafter(sn_exp2_16[j], 4);
        passed += !measure(&cases[FORWARD_F64], 400, j).bad;
        restore();
        sn_exp2_16_rest[j] += 0x1p-62;
        passed += !measure(&cases[FORWARD_F64], 400, j).bad;
        restore();
    }
    cr_expect(passed == 0, "%d of 32 changes of a table entry pass", passed);
    ref_end();
}
