/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar, what it refuses, and the bounds that proofs stand on. */
#include "fixedpoint/expressions/evaluate.h"
#include "fixedpoint/expressions/growth.h"
#include "tests/fixedpoint/test_activations.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum sn_status parse(
    struct expr_expression *f, const char *text, struct expr_fault *fault)
{
    expr_init(f);
    return expr_parse(f, text, &expr_of_z, fault);
}

/* Node `root` at a point, every WHERE by its condition there. */
static void value_at(
    arb_t y, const struct expr_expression *f, int root, double z, slong prec)
{
    struct expr_evaluator e;
    signed char *sign = calloc((size_t)f->count, 1);
    acb_t point, value;
    acb_init(point);
    acb_init(value);
    acb_set_d(point, z);
    expr_evaluator_init(&e, f, prec);
    for (int i = 0; i <= root; i++) {
        if (f->node[i].op != EXPR_WHERE)
            continue;
        struct expr_formula condition;
        expr_formula_init(&condition, f, sign, f->node[i].c);
        expr_evaluate_acb(value, &e, &condition, point, false);
        sign[f->node[i].c] = arb_is_positive(acb_realref(value)) ? 1 : -1;
        expr_formula_clear(&condition);
    }
    struct expr_formula formula;
    expr_formula_init(&formula, f, sign, root);
    expr_evaluate_acb(value, &e, &formula, point, false);
    arb_set(y, acb_realref(value));
    if (!arb_contains_zero(acb_imagref(value)))
        arb_indeterminate(y);
    expr_formula_clear(&formula);
    expr_evaluator_clear(&e);
    acb_clear(point);
    acb_clear(value);
    free(sign);
}

Test(expressions, values)
{
    static const struct {
        const char *text;
        double z, want;
    } row[] = {{"z", 2, 2}, {"-z^2", 3, -9}, {"2^-1*z", 3, 1.5},
        {"z^2^3", 2, 256}, {"z/2/2", 8, 2}, {"1 - 2 - z", 3, -4},
        {"--z", 1.5, 1.5}, {"+z*-2", 1.5, -3}, {"(z + 1)*(z - 1)", 3, 8},
        {".5e1*z", 1, 5}, {"1.25E-2 + 0*z", 1, 0.0125},
        {"min(z, 2) + max(z, 2)", 5, 7}, {"abs(z)", -2, 2},
        {"where(z > 1, 10, 20)", 1, 20}, {"where(z >= 1, 10, 20)", 1, 10},
        {"where(z < 1, 10, 20)", 1, 20}, {"where(z <= 1, 10, 20)", 1, 10},
        {"sqrt(z)", 9, 3}, {"z^0.5", 9, 3}, {"z^1.5", 4, 8},
        {"z^-0.5", 4, 0.5}, {"log(exp(z))", 3, 3}, {"expm1(log1p(z))", 3, 3},
        {"tanh(z) - 0*erf(z)", 0, 0}, {"4^z", 0.5, 2},
        {"lambda01*alpha01 + 0*z", 1, 1.7580993408473768}, {"x", 2, 2},
        {"x*z", 3, 9}, {"sin(z)", 1, 0.8414709848078965},
        {"cos(z)", 1, 0.5403023058681398}, {"atan(z)", 1, M_PI / 4},
        {"sinh(z)", 1, 1.1752011936438014}, {"cosh(z)", 1, 1.543080634815244},
        {"asinh(z)", 2, 1.4436354751788103},
        {"asinh(z)", -1e-3, -9.999998333334084e-4},
        {"erfc(z)", 1, 0.15729920705028513}, {"relu(z)", -2, 0},
        {"sigmoid(z)", 1, 0.7310585786300049},
        {"softplus(z)", -1, 0.31326168751822286}, {"pow(z, 3)", -2, -8},
        {"pow(z, 0.5)", 9, 3}, {"pow(2, z)", 3, 8}, {"sign(z)", -3, -1},
        {"sign(z)", 0, 0}, {"sign(z)", 5, 1}, {"clip(z, -1, 2)", 5, 2},
        {"clip(z, -1, 2)", -5, -1}, {"clip(2*z, -1, max(z, 2))", 3, 3},
        {"relu(1 - relu(z))", 0.25, 0.75}, {"pi\n +\tz", 0, M_PI}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct expr_expression f;
        struct expr_fault fault;
        arb_t y;
        arb_init(y);
        cr_assert(parse(&f, row[i].text, &fault) == SN_OK, "%s: %s",
            row[i].text, fault.reason);
        value_at(y, &f, f.value, row[i].z, 100);
        cr_expect(fabs(middle(y) - row[i].want) < 1e-14, "%s at %g: %.17g",
            row[i].text, row[i].z, middle(y));
        arb_clear(y);
        expr_clear(&f);
    }
}

Test(expressions, faults)
{
    static char deep[300], brackets[1 << 20], longest[4099];
    memset(deep, '(', 250);
    memset(brackets, '(', sizeof brackets - 1);
    memset(longest, '1', sizeof longest - 1);
    const struct {
        const char *text;
        size_t place;
        const char *reason;
    } row[] = {{"", 0, "ends"}, {"z +", 3, "ends"}, {"2z", 0, "number"},
        {"z z", 2, "operator"}, {"1..2", 0, "number"}, {"1e", 0, "number"},
        {"1e99999", 0, "number"}, {"foo(z)", 0, "unknown name"},
        {"y", 0, "unknown name"}, {"ln(z)", 0, "mean log"},
        {"clip(z, 1)", 9, "','"}, {"(z", 2, "')'"}, {"z)", 1, "operator"},
        {"exp z", 4, "'('"}, {"max(z)", 5, "','"}, {"exp(z, 1)", 5, "')'"},
        {"where(z, 1, 2)", 7, "comparison"}, {"z**2", 1, "power"},
        {"z/0", 1, "division"}, {"z^1e9", 1, "exponent"},
        {"z + \xc3\xa9", 4, "expected"}, {"z;", 1, "operator"},
        {"z > 1", 2, "operator"}, {deep, 100, "levels"},
        {brackets, 4096, "characters"}, {longest, 4096, "characters"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct expr_expression f;
        struct expr_fault fault = {0};
        enum sn_status status = parse(&f, row[i].text, &fault);
        cr_expect(status == SN_BAD_VALUE && fault.place == row[i].place &&
                      strstr(fault.reason, row[i].reason),
            "%.20s: status %d, at %zu: %s", row[i].text, status, fault.place,
            fault.reason);
        expr_clear(&f);
    }
}

/* Any bytes and any row of words: a formula, or a fault inside the text. */
Test(expressions, garbage)
{
    static const char *const word[] = {"z", "(", ")", "+", "-", "*", "/", "^",
        ",", "exp", "log1p", "where(", "max(", "tanh(", "1", "0.5", "1e3", ">",
        "<=", " ", "pi", "sqrt(", "q", "\x80", "2"};
    gsl_rng *rng = generator();
    int good = 0, bad = 0;
    for (int i = 0; i < 60000; i++) {
        char text[200] = {0};
        for (int k = (int)between(rng, 1, 15); k; k--)
            strcat(text,
                word[gsl_rng_uniform_int(rng, sizeof word / sizeof *word)]);
        if (i % 4 == 0)
            for (int k = 0; k < 20; k++)
                text[k] = (char)(1 + gsl_rng_uniform_int(rng, 255));
        struct expr_expression f;
        struct expr_fault fault = {.place = 1000};
        enum sn_status status = parse(&f, text, &fault);
        good += status == SN_OK;
        bad += status != SN_OK &&
               (fault.place + fault.length > strlen(text) || !*fault.reason);
        expr_clear(&f);
    }
    gsl_rng_free(rng);
    cr_assert(
        good > 1000 && bad == 0, "%d good, %d bad (seed %d)", good, bad, SEED);
}

Test(expressions, refused_with_the_place)
{
    static const struct {
        const char *text;
        int kind, side;
        double z; /* NaN: any */
    } row[] = {{"1/z", ACT_NOT_FINITE, 0, 0},
        {"1/(z - 100)", ACT_NO_TROUBLE, 0, 0},
        {"1/(z - 3)", ACT_NOT_FINITE, 0, 3},
        {"1/(exp(z) - 2)", ACT_NOT_FINITE, 0, M_LN2},
        {"1/log(abs(z))", ACT_NOT_FINITE, 0, (double)NAN},
        {"log(z)", ACT_NOT_FINITE, 0, (double)NAN},
        {"sqrt(z)", ACT_NOT_FINITE, 0, (double)NAN},
        {"sqrt(z^2 - 1)", ACT_NOT_FINITE, 0, (double)NAN},
        {"expm1(z)/z", ACT_NOT_FINITE, 0, 0},
        {"exp(z^2/2)", ACT_TOO_FAST, -1, 0},
        {"where(z > 0, exp(exp(z)), z)", ACT_TOO_FAST, 1, 0},
        {"where(z > 9, exp(z^2), z)", ACT_TOO_FAST, 1, 0},
        {"sqrt(max(z, 0))", ACT_NO_TROUBLE, 0, 0},
        {"where(z > 0, log(1 + z), 0)", ACT_NO_TROUBLE, 0, 0},
        {"where(z > 0, 1/(1 + z), 0)", ACT_NO_TROUBLE, 0, 0},
        {"exp(z^2/5)", ACT_NO_TROUBLE, 0, 0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct act_gaussian g;
        struct act_trouble trouble;
        act_gaussian_init(&g);
        enum sn_status status = moments_of(
            &g, row[i].text, "0", "1", ACT_ANY_METHOD, 100, &trouble);
        if (!strcmp(row[i].text, "1/(z - 100)")) {
            /* the pole lies beyond what the tail leaves: no bound of it */
            cr_expect(status != SN_OK, "%s", row[i].text);
        } else {
            cr_expect((int)trouble.kind == row[i].kind &&
                          (status == SN_OK) == !row[i].kind &&
                          (row[i].kind != ACT_TOO_FAST ||
                              trouble.side == row[i].side) &&
                          (row[i].kind != ACT_NOT_FINITE || isnan(row[i].z) ||
                              fabs(trouble.z - row[i].z) < 1e-12),
                "%s: status %d, kind %d, side %d, z %g", row[i].text, status,
                trouble.kind, trouble.side, trouble.z);
        }
        act_gaussian_clear(&g);
    }
}

Test(expressions, jumps)
{
    static const struct {
        const char *text;
        bool jumps;
        double at;
    } row[] = {{"where(z > 0.1, 1, 0)", true, 0.1},
        {"where(z > 0, z, 1e-30)", true, 0}, {"max(z, 0.1)", false, 0},
        {"where(exp(z) > 2, exp(z), 2)", false, 0},
        {"where(exp(z) > 2, exp(z), 3)", true, M_LN2},
        {"where(abs(z) > 1, z, z^3)", false, 0},
        {"where(z > -2, where(z > 2, 5, z), -2)", true, 2},
        {"where(z^2 - 2*z + 1 > 0, z, 7)", false, 0},
        {"max((z - 1)^2, 0)", false, 0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct act_gaussian g;
        struct act_trouble trouble;
        act_gaussian_init(&g);
        enum sn_status status = moments_of(
            &g, row[i].text, "0", "1", ACT_ANY_METHOD, 200, &trouble);
        cr_expect(status == SN_OK && g.jumps == row[i].jumps &&
                      arb_is_finite(g.slope_square) != row[i].jumps &&
                      (!g.jumps || fabs(middle(g.jump) - row[i].at) < 1e-15),
            "%s: status %d, jumps %d at %g", row[i].text, status, g.jumps,
            middle(g.jump));
        act_gaussian_clear(&g);
    }
}

/* A random formula, all operations. */
static void random_text(char *text, gsl_rng *rng, int depth)
{
    static const char *const unary[] = {"exp(", "log(", "log1p(", "expm1(",
        "tanh(", "erf(", "sqrt(", "abs(", "-(", "exp(-(", "("};
    static const char *const binary[] = {"+", "-", "*", "/"};
    static const char *const leaf[] = {"z", "z", "z", "2", "0.3", "-1.5"};
    char *end = text + strlen(text);
    int kind = depth ? (int)gsl_rng_uniform_int(rng, 8) : 0;
    if (kind < 1) {
        strcpy(end, leaf[gsl_rng_uniform_int(rng, 6)]);
    } else if (kind < 4) {
        size_t which = gsl_rng_uniform_int(rng, 11);
        strcpy(end, unary[which]);
        random_text(text, rng, depth - 1);
        strcat(text, which == 9 ? "))" : ")");
    } else if (kind < 7) {
        strcpy(end, "(");
        random_text(text, rng, depth - 1);
        strcat(text, binary[gsl_rng_uniform_int(rng, 4)]);
        random_text(text, rng, depth - 1);
        strcat(text, ")");
        if (gsl_rng_uniform_int(rng, 5) == 0)
            strcat(text, "^2");
    } else {
        strcpy(end, "where(z > 0.5, ");
        random_text(text, rng, depth - 1);
        strcat(text, ", ");
        random_text(text, rng, depth - 1);
        strcat(text, ")");
    }
}

/* F(t) at a point of the bound of log |g|, from above. */
static void bound_at(arb_t y, const struct expr_form *form, double t)
{
    arb_t x;
    arb_init(x);
    arb_set_d(x, t);
    arb_log(y, x, 100);
    arb_mul(y, y, form->c[CLOG], 100);
    arb_add(y, y, form->c[C0], 100);
    arb_addmul(y, x, form->c[C1], 100);
    arb_sqr(x, x, 100);
    arb_addmul(y, x, form->c[C2], 100);
    arb_clear(x);
}

/*
 * No value of f or f' may exceed its bound.  `cheat` is taken off the bound:
 * then some must.
 */
static int violations(int count, double cheat, int *bounded)
{
    gsl_rng *rng = generator();
    int wrong = 0;
    for (int i = 0; i < count; i++) {
        char text[4000] = {0};
        struct expr_expression f;
        struct expr_fault fault;
        struct expr_form form;
        arb_t r, y, most;
        random_text(text, rng, 5);
        if (parse(&f, text, &fault) != SN_OK) {
            expr_clear(&f);
            continue;
        }
        expr_form_init(&form);
        arb_init(r);
        arb_init(y);
        arb_init(most);
        double start = between(rng, 1, 12);
        int side = i % 2 ? 1 : -1, culprit;
        int root = i % 3 ? f.value : f.derivative;
        arb_set_d(r, start);
        expr_growth(&form, &culprit, &f, root, side, r);
        for (int k = 0; form.known && k < 12; k++) {
            double t = start * (k ? pow(1.5, k - 1) * 1.01 : 1);
            value_at(y, &f, root, side * t, 2000);
            *bounded += k == 0;
            bound_at(most, &form, t);
            arb_abs(y, y);
            arb_log(y, y, 100); /* of 0 or of no number: nothing to say */
            arb_sub(y, y, most, 100);
            arb_set_d(most, 1e-12 - cheat);
            if (arb_is_finite(y) && arb_gt(y, most)) {
                wrong++;
                if (cheat == 0 && wrong < 4)
                    cr_log_error("%s, node %d, z = %g: %g above", text, root,
                        side * t, middle(y));
            }
        }
        expr_form_clear(&form);
        arb_clear(r);
        arb_clear(y);
        arb_clear(most);
        expr_clear(&f);
    }
    gsl_rng_free(rng);
    return wrong;
}

Test(expressions, growth_is_bounded)
{
    int bounded = 0, again = 0;
    int wrong = violations(4000, 0, &bounded);
    cr_expect(wrong == 0 && bounded > 1000, "%d of %d (seed %d)", wrong,
        bounded, SEED);
    cr_expect(violations(300, 1e-6, &again) > 0,
        "bounds that are too low are not noticed");
}

Test(expressions, derivatives_are_slopes)
{
    gsl_rng *rng = generator();
    int wrong = 0, compared = 0;
    for (int i = 0; i < 3000; i++) {
        char text[4000] = {0};
        struct expr_expression f;
        struct expr_fault fault;
        arb_t low, high, slope;
        random_text(text, rng, 4);
        if (parse(&f, text, &fault) != SN_OK) {
            expr_clear(&f);
            continue;
        }
        arb_init(low);
        arb_init(high);
        arb_init(slope);
        /* not at a kink: z > 0.5 and abs change elsewhere */
        double z = between(rng, 0.6, 3), h = 0x1p-40;
        value_at(low, &f, f.value, z - h, 400);
        value_at(high, &f, f.value, z + h, 400);
        value_at(slope, &f, f.derivative, z, 400);
        arb_sub(high, high, low, 400);
        arb_mul_2exp_si(high, high, 39);
        double a = middle(high), b = middle(slope);
        if (arb_is_finite(high) && arb_is_finite(slope) && fabs(b) < 1e6) {
            compared++;
            wrong += fabs(a - b) > 1e-6 * (1 + fabs(b));
        }
        arb_clear(low);
        arb_clear(high);
        arb_clear(slope);
        expr_clear(&f);
    }
    gsl_rng_free(rng);
    /* a kink of abs, or a pole, may lie between two of the points */
    cr_assert(compared > 1000 && wrong <= 1, "%d of %d (seed %d)", wrong,
        compared, SEED);
}

/* At a kink of min, max and abs the derivative is that of the left side; where
   kinks cancel each other it is the derivative. */
Test(expressions, derivatives_at_kinks_are_those_of_the_left)
{
    static const struct {
        const char *text;
        double z, want;
    } row[] = {{"min(z, 0)", 0, 1}, {"min(0, z)", 0, 1}, {"max(z, 0)", 0, 0},
        {"max(0, z)", 0, 0}, {"abs(z)", 0, -1}, {"min(z, 1)", 1, 1},
        {"clip(z, -1, 1)", 1, 1}, {"clip(z, -1, 1)", -1, 0},
        {"where(z > 0, 2*z, z)", 0, 1},
        {"max(0, z) + log1p(exp(-abs(z)))", 0, 0.5},
        {"min(z, 0) - log1p(exp(-abs(z)))", 0, 0.5}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct expr_expression f;
        struct expr_fault fault;
        arb_t slope;
        cr_assert(parse(&f, row[i].text, &fault) == SN_OK, "%s", row[i].text);
        arb_init(slope);
        value_at(slope, &f, f.derivative, row[i].z, 200);
        cr_expect_float_eq(middle(slope), row[i].want, 1e-12, "%s: %g",
            row[i].text, middle(slope));
        arb_clear(slope);
        expr_clear(&f);
    }
}
