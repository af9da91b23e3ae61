/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Constants cut short.  A variant of a constant is told from the exact one by
 * the bits of the results, where the kernel rounds well; by distance, where
 * the two are far apart; or by the trend: errors of the kernel's own are no
 * more where the variant is far than where it is near, those of a constant
 * follow it one to one.
 */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Which constant, and what became of it: the rows of rows.def in this order.
 */
enum constant_name { OF_LAMBDA, OF_ALPHA, OF_BOTH };
struct constant_variant {
    enum diag_index lambda; /* the row where it is lambda */
    int digits;             /* decimal ones; 0 */
    long double value;
};

/* How a result shows a variant. */
enum constant_way { BY_BITS, BY_DISTANCE };

struct constant_guess {
    struct diag_candidate is, right;
    bool above;          /* it shows for x > 0, else below 0 */
    long double inverse; /* not 0: in place of 1/w */
    bool rounds;         /* x/w is rounded to the type */
    enum constant_way way;
};

/* Away from cancellation. */
static bool on_side(const struct diag_evidence *e, const struct diag_sample *s,
    const struct constant_guess *guess)
{
    const struct num_format *format = ref_types[e->dtype].format;
    const double normal = ldexp(1, format->emin + format->precision + 2);
    const double w = diag_width(e);
    const double far = e->reference->derivative && e->reference->widened
                           ? (double)format->precision * 8
                           : 8;
    const bool there =
        guess->above ? s->x > 0 : s->x / w < -0.7 && s->x / w > -far;
    return there && fabs(s->want) >= normal &&
           fabs(s->want) < format->most / 4;
}

static long double gives(const struct diag_evidence *e,
    const struct constant_guess *guess, double x)
{
    const struct diag_candidate *is = &guess->is;
    if (guess->above || (!guess->rounds && guess->inverse == 0))
        return diag_candidate_at(is, e->reference->derivative, x);
    long double t = guess->inverse != 0 ? (long double)x * guess->inverse
                                        : (long double)x / is->w;
    if (guess->rounds)
        t = (long double)conf_type_round(e->dtype, (double)t);
    return is->b * (e->reference->derivative ? expl(t) : expm1l(t));
}

static enum diag_says says(const struct diag_evidence *e,
    const struct diag_sample *s, const void *ctx)
{
    const struct constant_guess *guess = ctx;
    if (!on_side(e, s, guess))
        return DIAG_SILENT;
    const long double value = gives(e, guess, s->x);
    const double rounded = conf_type_round(e->dtype, (double)value);
    if (guess->way == BY_BITS)
        return rounded == s->want ? DIAG_SILENT
               : rounded == s->y  ? DIAG_AGREES
                                  : DIAG_DENIES;
    const long double unit = (long double)s->unit;
    if (fabsl(value - (long double)s->want) < 10 * unit)
        return DIAG_SILENT;
    return fabsl(value - (long double)s->y) <= 3 * unit ? DIAG_AGREES
                                                        : DIAG_DENIES;
}

/* ---- by the trend --------------------------------------------------------
 */

/* Sums of r = error and s = what the variant would make of it, in units. */
struct trend {
    double n, r, s, rr, rs, ss;
};

static void add_to(struct trend *t, double r, double s)
{
    t->n++;
    t->r += r;
    t->s += s;
    t->rr += r * r;
    t->rs += r * s;
    t->ss += s * s;
}

/* r = c + k s: k, by least squares; and how far off it may be. */
static double trend_slope(const struct trend *t, double *within)
{
    const double ss = t->ss - t->s * t->s / t->n;
    const double rs = t->rs - t->r * t->s / t->n;
    const double rr = t->rr - t->r * t->r / t->n;
    const double slope = rs / ss;
    *within = 5 * sqrt(fmax(rr - slope * rs, 0) / (t->n - 2) / ss);
    return slope;
}

/* In every stretch of x where the variant moves results, they follow. */
static bool follows(
    const struct diag_evidence *e, const struct constant_guess *guess)
{
    enum { STRETCHES = 4, LEAST_IN_STRETCH = 200 };
    struct trend all = {0}, part[STRETCHES] = {{0}};
    double within;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!on_side(e, s, guess) || fabs(s->error) > 4)
            continue;
        const long double right =
            diag_candidate_at(&guess->right, e->reference->derivative, s->x);
        const double error =
            (double)(((long double)s->y - right) / (long double)s->unit);
        const double moved =
            (double)((gives(e, guess, s->x) - right) / (long double)s->unit);
        const int k = (int)(log2(fabs(s->x / diag_width(e)) / 0.7));
        add_to(&all, error, moved);
        add_to(&part[k < 0           ? 0
                     : k < STRETCHES ? k
                                     : STRETCHES - 1],
            error, moved);
    }
    int seen = 0;
    for (int k = 0; k < STRETCHES; k++) {
        const struct trend *t = &part[k];
        if (t->n < LEAST_IN_STRETCH || t->ss / t->n < 0.04)
            continue;
        const double through_0 = t->rs / t->ss;
        if (through_0 < 0.6 || through_0 > 1.4)
            return false;
        seen++;
    }
    const double slope = trend_slope(&all, &within);
    return seen >= 2 && fabs(slope - 1) < 0.3 && within < 0.4 &&
           all.ss / all.n > 0.06 && fabs(all.rs / all.ss - 1) < 0.15;
}

/* Of what a trend shows: wrong results on the variant's side. */
static enum diag_says leans(const struct diag_evidence *e,
    const struct diag_sample *s, const void *ctx)
{
    const struct constant_guess *guess = ctx;
    if (!on_side(e, s, guess) || !s->wrong || fabs(s->error) > 4)
        return DIAG_SILENT;
    const long double right =
        diag_candidate_at(&guess->right, e->reference->derivative, s->x);
    return (gives(e, guess, s->x) > right) == ((long double)s->y > right)
               ? DIAG_AGREES
               : DIAG_SILENT;
}

/* ---- variants ------------------------------------------------------------
 */

enum { VARIANTS = 40 };

/* The constant rounded to formats, then cut and rounded to digits. */
static int variants_of(struct constant_variant v[VARIANTS], const mpfr_t exact)
{
    static const struct {
        int type;
        enum diag_index row;
    } format[] = {{CONF_TYPE_F32, DIAG_LAMBDA_F32},
        {CONF_TYPE_F16, DIAG_LAMBDA_F16}, {CONF_TYPE_BF16, DIAG_LAMBDA_BF16}};
    int n = 0;
    for (int i = 0; i < 3; i++)
        v[n++] = (struct constant_variant){format[i].row, 0,
            num_round_mpfr(exact, ref_types[format[i].type].format)};
    /* the fewest digits first, cut before rounded: equals are not taken */
    for (int digits = 1; digits <= 16; digits++)
        for (int cut = 1; cut >= 0; cut--) {
            char text[64];
            mpfr_snprintf(text, sizeof text, cut ? "%.*RZe" : "%.*RNe",
                digits - 1, exact);
            v[n++] = (struct constant_variant){
                cut ? DIAG_LAMBDA_TRUNCATED : DIAG_LAMBDA_ROUNDED, digits,
                strtold(text, NULL)};
        }
    return n;
}

/* Names it where bits, distance or trend show it. */
static bool try_guess(struct diag_evidence *e, struct constant_guess *guess,
    struct diag_tally *most)
{
    bool better = false;
    struct constant_guess trial = *guess;
    for (int way = BY_BITS; way <= BY_DISTANCE; way++) {
        trial.way = (enum constant_way)way;
        const struct diag_tally tally = diag_count(e, says, &trial);
        if (diag_holds(&tally) && tally.fresh > most->fresh) {
            *most = tally;
            *guess = trial;
            better = true;
        }
    }
    return better;
}

/* What a variant explains: results that show it; and where it moves them
   beyond the limit, those that are within the limit of what it gives. */
struct constant_effect {
    const struct diag_evidence *e;
    const struct constant_guess *guess;
    diag_test *test;
};

static bool is_by_constant(const struct diag_sample *s, const void *ctx)
{
    const struct constant_effect *effect = ctx;
    const struct constant_guess *guess = effect->guess;
    const double limit = effect->e->question->limit;
    if (effect->test(effect->e, s, guess) == DIAG_AGREES)
        return true;
    if (!(guess->above ? s->x > 0 : s->x <= 0) || fabs(s->error) <= limit)
        return false;
    const double off =
        (double)(gives(effect->e, guess, s->x) - (long double)s->y);
    return fabs(off) <= limit * s->unit;
}

static void tell(struct diag_evidence *e, enum diag_index row,
    const struct constant_guess *guess, diag_test *test,
    const struct constant_variant *v)
{
    const struct diag_tally tally = diag_count(e, test, guess);
    const double high = (double)v->value;
    const double value[CONF_VALUES] = {(double)tally.agree,
        (double)(tally.agree + tally.deny), tally.low, tally.high, v->digits,
        high, (double)(v->value - high)};
    diag_name_those(e, row, is_by_constant,
        &(struct constant_effect){e, guess, test}, value);
}

/*
 * The variant of one constant that shows best; false: none.  `with` gets it.
 */
static bool cut_short(struct diag_evidence *e, enum constant_name name,
    struct diag_candidate *with, const mpfr_t exact, long double factor)
{
    struct constant_variant v[VARIANTS];
    const int n = variants_of(v, exact);
    const bool above = name == OF_LAMBDA;
    const struct diag_candidate right = diag_right(e);
    const long double truth = above ? right.a : right.b;
    struct diag_tally most = {0};
    struct constant_guess best = {.is = *with};
    int found = -1;
    for (int i = 0; i < n; i++) {
        struct constant_guess guess = {
            .is = *with, .right = right, .above = above};
        const long double value = v[i].value * factor;
        *(above ? &guess.is.a : &guess.is.b) = value;
        /* one that moves nothing explains nothing */
        if (fabsl(value / truth - 1) <
            ldexpl(1, -ref_types[e->dtype].format->precision - 3))
            continue;
        if (try_guess(e, &guess, &most)) {
            best = guess;
            found = i;
        } else if (found < 0 && i == 0 && !above && follows(e, &guess)) {
            tell(e, (enum diag_index)((int)v[i].lambda + (int)name), &guess,
                leans, &v[i]);
            return true;
        }
    }
    if (found < 0)
        return false;
    tell(e, (enum diag_index)((int)v[found].lambda + (int)name), &best, says,
        &v[found]);
    *with = best.is;
    return true;
}

/* alpha of CELU as float, 1/alpha as float, x/alpha rounded. */
static bool in_the_exponent(struct diag_evidence *e)
{
    const struct diag_candidate right = diag_right(e);
    const long double narrow = (long double)(float)right.w;
    const long double inverse[] = {0, 1 / narrow,
        (long double)(float)(1 / narrow), (long double)(float)(1 / right.w)};
    const bool derivative = e->reference->derivative;
    struct diag_tally most = {0};
    struct constant_guess best = {.way = BY_BITS};
    bool found = false;
    if (!e->reference->widened)
        return false;
    for (int i = 0; i < 16; i++) {
        const bool factor = i & 1;
        struct constant_guess guess = {.is = right,
            .right = right,
            .inverse = inverse[i / 4],
            .rounds = i & 2};
        if (factor && !derivative)
            guess.is.b = right.b / right.w * narrow;
        if ((factor && derivative) || (!guess.rounds && !i))
            continue;
        if (!guess.rounds && narrow == right.w && i / 4 == 1)
            continue;
        if (try_guess(e, &guess, &most)) {
            best = guess;
            found = true;
        } else if (!found && guess.inverse != 0 && follows(e, &guess)) {
            tell(e, DIAG_ALPHA_F32_EXPONENT, &guess, leans,
                &(struct constant_variant){.value = narrow});
            return true;
        }
    }
    if (found)
        tell(e,
            best.inverse == 0 ? DIAG_EXPONENT_ROUNDED
                              : DIAG_ALPHA_F32_EXPONENT,
            &best, says, &(struct constant_variant){.value = narrow});
    return found;
}

static int by_size(const void *one, const void *other)
{
    const long double a = *(const long double *)one,
                      b = *(const long double *)other;
    return (a > b) - (a < b);
}

/* The factor of one side that the middle one of its results shows; 0: none. */
static long double shown_factor(
    const struct diag_evidence *e, const struct constant_guess *guess)
{
    const struct diag_candidate one = {1, 1, guess->right.w};
    long double *factor = malloc((e->n + 1) * sizeof *factor), middle = 0;
    size_t n = 0;
    for (size_t i = 0; factor && i < e->n; i++)
        if (on_side(e, &e->sample[i], guess) && isfinite(e->sample[i].y))
            factor[n++] = (long double)e->sample[i].y /
                          diag_candidate_at(
                              &one, e->reference->derivative, e->sample[i].x);
    if (n) {
        qsort(factor, n, sizeof *factor, by_size);
        middle = factor[n / 2];
    }
    free(factor);
    return middle;
}

/* To the digits that results of the type can show. */
static long double shown_digits(const struct diag_evidence *e, long double x)
{
    char text[64];
    const int bits = ref_types[e->dtype].format->precision;
    snprintf(text, sizeof text, "%.*Lg", (int)(bits * 0.30103), x);
    return strtold(text, NULL);
}

/* Both sides have the right form with other factors: another design's. */
static void other_design(struct diag_evidence *e)
{
    const struct diag_candidate right = diag_right(e);
    struct diag_candidate is = right;
    for (int below = 0; below < 2; below++) {
        struct constant_guess guess = {
            .is = right, .right = right, .above = !below, .way = BY_DISTANCE};
        long double *const factor = below ? &is.b : &is.a;
        const long double truth = *factor;
        *factor = shown_factor(e, &guess);
        if (!(*factor > 0) || fabsl(*factor / truth - 1) < 1e-4L)
            continue;
        guess.is = is;
        struct diag_tally most = {0};
        if (try_guess(e, &guess, &most))
            tell(e, below ? DIAG_BOTH_OTHER : DIAG_LAMBDA_OTHER, &guess, says,
                &(struct constant_variant){.value = shown_digits(e, *factor)});
    }
}

void diag_constants(struct diag_evidence *e)
{
    struct diag_candidate with = diag_right(e);
    mpfr_t alpha;
    if (in_the_exponent(e))
        return;
    if (e->reference->function->family == CONF_FAMILY_SELU) {
        const long double b = with.b / with.a;
        if (cut_short(e, OF_LAMBDA, &with, e->reference->a, 1))
            with.b = b * with.a;
    }
    /* alpha, given lambda as found; then their product as one constant */
    mpfr_init2(alpha, 256);
    mpfr_div(alpha, e->reference->b, e->reference->a, MPFR_RNDN);
    struct diag_candidate both = diag_right(e);
    if (!cut_short(e, OF_ALPHA, &with, alpha, with.a))
        cut_short(e, OF_BOTH, &both, e->reference->b, 1);
    mpfr_clear(alpha);
    if (!e->reference->widened)
        other_design(e);
}
