/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any activation: formulas held against the results.  A guess is a formula
 * and how it is computed: the right one with every step rounded, with another
 * constant or parameter, or another function.  It explains a result that is
 * where the guess puts it, far from where it should be.
 */
#include "verify/conformance/diagnosis/evidence.h"
#include "fixedpoint/activations/activations.h"
#include "fixedpoint/expressions/evaluate.h"
#include "verify/conformance/diagnosis/machine.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const written[] = {
#define WRITTEN(formula) formula,
#define OTHER(formula)
#include "verify/conformance/diagnosis/written.def"
#undef WRITTEN
#undef OTHER
};
static const char *const others[] = {
#define WRITTEN(formula)
#define OTHER(formula) formula,
#include "verify/conformance/diagnosis/written.def"
#undef WRITTEN
#undef OTHER
};
enum {
    WRITTEN_FORMULAS = sizeof written / sizeof *written,
    OTHER_FORMULAS = sizeof others / sizeof *others
};

/* What a guess says of a sample, and of which kind that is. */
struct curve_word {
    unsigned char says, met;
};

struct curve_guess {
    enum diag_index row;
    const char *text;   /* of the formula */
    double used, right; /* constants */
    struct diag_way way;
    bool narrow; /* told by roundings alone */
    struct diag_machine machine;
    struct curve_word *word; /* of each sample */
};

struct curve_guesses {
    struct diag_evidence *e;
    const struct ref_curve *curve;
    struct expr_language language; /* with the function's parameters */
    struct curve_guess *kept;
    int count;
    bool beyond; /* results lie beyond the limit */
};
enum { CURVE_GUESSES = 48, CURVE_CAUSES = 4, CURVE_STRIDE = 13 };

/* ---- one guess and one sample ---------------------------------------- */

/* Is y at v, and v not at f(x)?  Within a share of how far they are apart. */
static enum diag_says place(const struct diag_evidence *e,
    const struct diag_sample *s, double v, bool by_bits)
{
    const double least_apart = 16, most_within = 16;
    if (isnan(s->want) || !isfinite(s->x))
        return DIAG_SILENT;
    const bool same = isnan(v) ? isnan(s->y) : v == s->y;
    if (by_bits)
        return v == s->want ? DIAG_SILENT : same ? DIAG_AGREES : DIAG_DENIES;
    const double unit =
        diag_unit(e->dtype, fmax(isfinite(v) ? fabs(v) : 0, fabs(s->want)));
    const double apart = fabs(v - s->want) / unit;
    if (apart < least_apart || v == s->want)
        return DIAG_SILENT;
    return same || fabs(s->y - v) <= fmin(apart / 8, most_within) * unit
               ? DIAG_AGREES
               : DIAG_DENIES;
}

/* What is no fault of its own: steps rounded to the type of the results. */
static bool is_usual(const struct diag_evidence *e, const struct diag_way *way)
{
    return way->steps == e->dtype && way->functions == e->dtype &&
           ref_types[e->dtype].size > 2;
}

/* Libraries' functions are off by a unit or two. */
static enum diag_says with_odd_functions(const struct diag_evidence *e,
    const struct diag_sample *s, struct curve_guess *guess)
{
    struct diag_way way = guess->way;
    enum diag_met met;
    for (int i = 0; i <= guess->machine.function.root; i++) {
        if (!diag_is_function(&guess->machine, i))
            continue;
        way.node = i;
        for (way.by = -2; way.by <= 2; way.by++) {
            const double v = conf_type_round(e->dtype,
                (double)diag_machine_run(&met, &guess->machine, &way, s->x));
            const enum diag_says says = place(e, s, v, false);
            if (says != DIAG_DENIES)
                return says;
        }
    }
    return DIAG_DENIES;
}

static struct curve_word word_on(const struct diag_evidence *e,
    const struct diag_sample *s, struct curve_guess *guess, bool by_bits)
{
    enum diag_met met;
    const double v = conf_type_round(e->dtype,
        (double)diag_machine_run(&met, &guess->machine, &guess->way, s->x));
    enum diag_says says = place(e, s, v, by_bits);
    if (guess->narrow && met != DIAG_MET_ROUNDING)
        says = DIAG_SILENT;
    if (says == DIAG_DENIES && !by_bits && guess->way.steps != DIAG_WIDE)
        says = with_odd_functions(e, s, guess);
    return (struct curve_word){(unsigned char)says, (unsigned char)met};
}

/* ---- the guesses that are worth a count ------------------------------ */

static struct diag_way way_of(int steps, int functions, bool flush)
{
    return (struct diag_way){steps, functions, flush, false, -1, 0};
}

/* Every so many samples, does it agree with some, as often as not? */
static bool looks_good(
    const struct diag_evidence *e, struct curve_guess *guess, bool by_bits)
{
    size_t agree[DIAG_MET_KINDS] = {0}, deny[DIAG_MET_KINDS] = {0};
    bool good = false;
    for (size_t i = 0; i < e->n; i += CURVE_STRIDE) {
        const struct curve_word word =
            word_on(e, &e->sample[i], guess, by_bits);
        agree[word.met] += word.says == DIAG_AGREES;
        deny[word.met] += word.says == DIAG_DENIES;
    }
    for (int k = 0; k < DIAG_MET_KINDS; k++)
        good = good || (agree[k] > 0 && 2 * agree[k] > deny[k]);
    return good;
}

/* Takes the guess, whose machine is made, or leaves it. */
static void consider(struct curve_guesses *all, struct curve_guess *guess)
{
    const struct diag_evidence *e = all->e;
    const bool bits_tell = !is_usual(e, &guess->way) && !guess->way.flush;
    for (int by_bits = 0; by_bits <= (bits_tell ? 1 : 0); by_bits++) {
        if (all->count == CURVE_GUESSES || !looks_good(e, guess, by_bits))
            continue;
        guess->word = malloc(e->n * sizeof *guess->word);
        if (!guess->word)
            break;
        for (size_t i = 0; i < e->n; i++)
            guess->word[i] = word_on(e, &e->sample[i], guess, by_bits);
        all->kept[all->count++] = *guess;
        return;
    }
    diag_machine_clear(&guess->machine);
}

/* The text as a machine; false: it is none of this language. */
static bool build(struct diag_machine *machine, const char *text,
    const struct expr_language *language, int derivative, bool stable)
{
    struct expr_expression f;
    struct expr_fault fault;
    struct expr_language as_written = *language;
    as_written.one_variable = false; /* no sum is mended */
    expr_init(&f);
    const bool good =
        expr_parse(&f, text, &as_written, &fault) == SN_OK &&
        diag_machine_init(machine, &f, derivative, stable) == SN_OK;
    expr_clear(&f);
    return good;
}

/* Is it the function that is checked? */
static bool is_right(
    const struct curve_guesses *all, struct diag_machine *machine)
{
    static const double place_of[] = {-5.3, -2.9, -1.6, -0.55, 0.3, 0.85, 4.1};
    const struct diag_way wide = way_of(DIAG_WIDE, DIAG_WIDE, false);
    enum diag_met met;
    for (size_t i = 0; i < sizeof place_of / sizeof *place_of; i++) {
        const double x = place_of[i];
        const double want =
            conf_reference_rounded(all->e->reference, CONF_TYPE_F64, x);
        const double v = (double)diag_machine_run(&met, machine, &wide, x);
        if (!(fabs(v - want) <= 1e-12 * (fabs(want) + 1e-3)))
            return false;
    }
    return true;
}

/* ---- guesses --------------------------------------------------------- */

static void guess_function(struct curve_guesses *all, enum diag_index row,
    const char *text, const struct expr_language *language, int derivative)
{
    struct curve_guess guess = {
        .row = row, .text = text, .way = way_of(DIAG_WIDE, DIAG_WIDE, false)};
    if (!build(&guess.machine, text, language, derivative, true))
        return;
    if (is_right(all, &guess.machine))
        diag_machine_clear(&guess.machine);
    else
        consider(all, &guess);
}

/* The right formula, rounded in several ways. */
static void guess_rounding(
    struct curve_guesses *all, const char *text, int derivative)
{
    static const enum diag_index narrow[] = {
        [CONF_TYPE_F32] = DIAG_CURVE_NARROW_F32,
        [CONF_TYPE_F16] = DIAG_CURVE_NARROW_F16,
        [CONF_TYPE_BF16] = DIAG_CURVE_NARROW_BF16};
    const int own = all->e->dtype;
    const int precision = ref_types[own].format->precision;
    const int usual = ref_types[own].size > 2 ? own : CONF_TYPE_F32;
    struct curve_guess guess = {.text = text};
    if (!build(&guess.machine, text, &all->language, derivative, true))
        return;
    const bool right = is_right(all, &guess.machine);
    diag_machine_clear(&guess.machine);
    for (int flush = 0; right && flush < 2; flush++) {
        guess.row = DIAG_CURVE_CANCELS;
        guess.way = way_of(usual, usual, flush);
        if (build(&guess.machine, text, &all->language, derivative, false))
            consider(all, &guess);
    }
    for (int type = 0; right && type < CONF_TYPES; type++)
        for (int all_steps = 1; all_steps >= 0; all_steps--) {
            if (type == CONF_TYPE_F64 || type == usual ||
                ref_types[type].format->precision > precision)
                continue;
            guess.row = narrow[type];
            guess.narrow = true;
            guess.way = way_of(all_steps ? type : usual, type, false);
            if (build(&guess.machine, text, &all->language, derivative, false))
                consider(all, &guess);
        }
}

/* Node i of the text becomes v, before the derivative is taken. */
static bool build_with(struct diag_machine *machine,
    const struct curve_guesses *all, const char *text, int derivative, int i,
    double v)
{
    struct expr_expression f;
    struct expr_fault fault;
    struct expr_language as_written = all->language;
    as_written.one_variable = false;
    expr_init(&f);
    bool good = expr_parse(&f, text, &as_written, &fault) == SN_OK;
    if (good) {
        arf_t number;
        arf_init(number);
        arf_set_d(number, v);
        arf_get_fmpq(f.node[i].number, number);
        f.node[i].op = EXPR_NUMBER;
        arf_clear(number);
        good = diag_machine_init(machine, &f, derivative, true) == SN_OK;
    }
    expr_clear(&f);
    return good;
}

/* A constant as it is often written: by digits, or in a narrower type. */
static void guess_constant(struct curve_guesses *all, const char *text,
    int derivative, int node, double right)
{
    enum { CURVE_DIGITS = 10 };
    const int precision = ref_types[all->e->dtype].format->precision;
    const struct {
        enum diag_index row;
        int type;
    } formats[] = {{DIAG_CURVE_CONSTANT_F32, CONF_TYPE_F32},
        {DIAG_CURVE_CONSTANT_F16, CONF_TYPE_F16},
        {DIAG_CURVE_CONSTANT_BF16, CONF_TYPE_BF16}};
    double tried[2 * CURVE_DIGITS + 3];
    int count = 0;
    for (int k = 0; k < 2 * CURVE_DIGITS + 3; k++) {
        const int digits = (k - 3) / 2 + 1;
        const double tens = pow(10, digits - 1 - floor(log10(fabs(right))));
        const bool cut = (k - 3) % 2 == 0;
        struct curve_guess guess = {.row = k < 3 ? formats[k].row
                                           : cut ? DIAG_CURVE_CONSTANT_CUT
                                                 : DIAG_CURVE_CONSTANT_ROUNDED,
            .text = text,
            .right = right,
            .used = k < 3 ? conf_type_round(formats[k].type, right)
                    : cut ? trunc(right * tens * (1 + DBL_EPSILON)) / tens
                          : nearbyint(right * tens) / tens,
            .way = way_of(DIAG_WIDE, DIAG_WIDE, false)};
        bool known = fabs(guess.used / right - 1) < ldexp(1, -precision - 2) ||
                     guess.used == 0;
        for (int i = 0; i < count; i++)
            known = known || tried[i] == guess.used;
        tried[count++] = guess.used;
        if (!known && build_with(&guess.machine, all, text, derivative, node,
                          guess.used))
            consider(all, &guess);
    }
}

/* Every constant that is not a short number, in all formulas of the kind. */
static void guess_constants(
    struct curve_guesses *all, const char *text, int derivative)
{
    struct diag_machine machine;
    struct expr_expression f;
    struct expr_fault fault;
    struct expr_language as_written = all->language;
    as_written.one_variable = false;
    if (!build(&machine, text, &all->language, derivative, true))
        return;
    const bool right = is_right(all, &machine);
    diag_machine_clear(&machine);
    if (!right)
        return;
    expr_init(&f);
    if (expr_parse(&f, text, &as_written, &fault) == SN_OK) {
        arb_ptr value = _arb_vec_init(f.count);
        expr_constants_arb(value, &f, 128);
        for (int i = 0; i < f.count; i++) {
            const double c = arf_get_d(arb_midref(value + i), ARF_RND_NEAR);
            if (f.node[i].constant && isfinite(c) && c != 0 &&
                ldexp(c, 4) != nearbyint(ldexp(c, 4)))
                guess_constant(all, text, derivative, i, c);
        }
        _arb_vec_clear(value, f.count);
    }
    expr_clear(&f);
}

/* A parameter at its usual value, at 1 or at 0 in place of the one asked. */
static void guess_parameters(struct curve_guesses *all)
{
    struct expr_parameter changed[ACT_MOST_PARAMETERS];
    const struct ref_curve *curve = all->curve;
    const int parameters = all->language.parameters;
    for (int k = 0; k < parameters; k++)
        for (int i = 0; i < 3; i++) {
            struct expr_language language = all->language;
            memcpy(changed, language.parameter,
                (size_t)parameters * sizeof *changed);
            language.parameter = changed;
            changed[k].value = i == 0   ? curve->usual[k].value
                               : i == 1 ? "1"
                                        : "0";
            guess_function(all, DIAG_CURVE_PARAMETER, curve->text, &language,
                curve->derivative);
        }
}

/* Within the limit steps may be rounded as they like: rounded constants alone
   are worth a word there. */
static bool goes_beyond(const struct diag_evidence *e)
{
    bool beyond = false;
    for (size_t i = 0; i < e->n && !beyond; i++)
        beyond = fabs(e->sample[i].error) > e->question->limit;
    return beyond;
}

static void guess_what_is_computed(struct curve_guesses *all)
{
    static const enum diag_index order[] = {
        DIAG_CURVE_ORDER_0, DIAG_CURVE_ORDER_1, DIAG_CURVE_ORDER_2};
    const struct ref_curve *curve = all->curve;
    const int derivative = curve->derivative;
    for (int d = 0; d < 3; d++)
        if (d != derivative)
            guess_function(all, order[d], curve->text, &all->language, d);
    guess_parameters(all);
    for (int i = 0; i < act_count; i++) {
        struct expr_language language = expr_of_z;
        language.parameter = act_table[i].parameter;
        while (language.parameters < ACT_MOST_PARAMETERS &&
               language.parameter[language.parameters].name)
            language.parameters++;
        guess_function(all,
            derivative ? DIAG_CURVE_OTHER_SLOPE : DIAG_CURVE_OTHER,
            act_table[i].expression, &language, derivative);
    }
    for (int i = 0; i < OTHER_FORMULAS; i++)
        guess_function(all,
            derivative ? DIAG_CURVE_OTHER_SLOPE : DIAG_CURVE_OTHER, others[i],
            &expr_of_z, derivative);
}

static void guess_all(struct curve_guesses *all)
{
    const struct ref_curve *curve = all->curve;
    const int derivative = curve->derivative;
    if (all->beyond)
        guess_what_is_computed(all);
    /* a formula of f' is one of the function that is checked, as it is */
    for (int i = 0; i < WRITTEN_FORMULAS; i++)
        for (int d = 0; d <= derivative; d += derivative ? derivative : 1)
            guess_constants(all, written[i], d);
    guess_constants(all, curve->text, derivative);
    if (!all->beyond)
        return;
    for (int i = 0; i < WRITTEN_FORMULAS; i++)
        guess_rounding(all, written[i], 0);
    guess_rounding(all, curve->text, derivative);
}

/* ---- the causes ------------------------------------------------------ */

struct curve_cause {
    const struct curve_guess *guess;
    enum diag_met met;
};

static enum diag_says says(const struct diag_evidence *e,
    const struct diag_sample *s, const void *ctx)
{
    const struct curve_cause *cause = ctx;
    const struct curve_word word = cause->guess->word[s - e->sample];
    return word.met == (unsigned char)cause->met ? (enum diag_says)word.says
                                                 : DIAG_SILENT;
}

/* Results that deviate, which it would be the first to explain. */
static size_t count_new(
    const struct diag_evidence *e, const struct curve_cause *cause)
{
    size_t fresh = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        fresh +=
            s->deviates && !s->explained && says(e, s, cause) == DIAG_AGREES;
    }
    return fresh;
}

static enum diag_index row_of(const struct curve_cause *cause)
{
    const enum diag_index row = cause->guess->row;
    if (row != DIAG_CURVE_CANCELS)
        return row;
    return cause->met == DIAG_MET_OVERFLOW    ? DIAG_CURVE_OVERFLOWS
           : cause->met == DIAG_MET_UNDERFLOW ? DIAG_CURVE_UNDERFLOWS
           : cause->met == DIAG_MET_FLUSH     ? DIAG_CURVE_FLUSHES
                                              : row;
}

/* One in so many may deny: of steps, whose functions may be off by more. */
static size_t may_miss(const struct curve_guess *guess)
{
    return guess->way.steps == DIAG_WIDE ? 10 : 6;
}

/* The next cause; false: there is none. */
static bool name_curve(const struct curve_guesses *all)
{
    struct diag_evidence *e = all->e;
    struct curve_cause best = {NULL, DIAG_MET_ROUNDING};
    struct diag_tally most = {0};
    for (int i = 0; i < all->count; i++)
        for (int met = 0; met < DIAG_MET_KINDS; met++) {
            const struct curve_cause cause = {
                &all->kept[i], (enum diag_met)met};
            struct diag_tally tally = diag_count(e, says, &cause);
            tally.fresh = count_new(e, &cause);
            if (tally.fresh >= DIAG_SUPPORT && tally.fresh > most.fresh &&
                tally.deny * may_miss(&all->kept[i]) <=
                    tally.agree + tally.deny) {
                best = cause;
                most = tally;
            }
        }
    /* slopes that are steps reach their limits at once */
    if (all->beyond && !all->curve->steps &&
        diag_asymptotes(e, most.fresh + most.fresh / 2))
        return true;
    if (!best.guess)
        return false;
    const double value[CONF_VALUES] = {(double)most.agree,
        (double)(most.agree + most.deny), most.low, most.high,
        best.guess->used, best.guess->right};
    const enum diag_index row = row_of(&best);
    const int before = e->list->count;
    diag_name(e, row, says, &best, value);
    if (e->list->count > before)
        e->list->found[before].formula = best.guess->text;
    e->another = e->another || diag_rows[row].of == DIAG_OF_FUNCTION;
    return true;
}

void diag_curves(struct diag_evidence *e)
{
    const struct ref_curve *curve = e->reference->curve;
    struct curve_guess kept[CURVE_GUESSES];
    struct curve_guesses all = {
        .e = e, .curve = curve, .language = expr_of_z, .kept = kept};
    if (!curve->text)
        return;
    all.beyond = goes_beyond(e);
    all.language.parameter = curve->parameter;
    all.language.parameters = curve->parameters;
    guess_all(&all);
    for (int i = 0; i < CURVE_CAUSES && !e->another && name_curve(&all); i++)
        ;
    for (int i = 0; i < all.count; i++) {
        diag_machine_clear(&kept[i].machine);
        free(kept[i].word);
    }
}
