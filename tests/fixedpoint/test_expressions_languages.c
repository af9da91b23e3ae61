/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One language under two names: every function as a formula of the proofs,
 * whose jets carry slopes forward, and as a function of one variable, whose
 * derivative is an expression.
 */
#include "fixedpoint/expressions/range.h"
#include "fixedpoint/proofs/intervals/formulas.h"
#include "tests/fixedpoint/test_fixedpoint.h"

static const struct expr_name name[] = {{"s", EXPR_VARIABLE, 0},
    {"exp", EXPR_EXP, 0}, {"expm1", EXPR_EXPM1, 0}, {"log", EXPR_LOG, 0},
    {"log1p", EXPR_LOG1P, 0}, {"tanh", EXPR_TANH, 0}, {"erf", EXPR_ERF, 0},
    {"erfc", EXPR_ERFC, 0}, {"erfcx", EXPR_ERFCX, 0}, {"sqrt", EXPR_SQRT, 0},
    {"abs", EXPR_ABS, 0}, {"sign", EXPR_SIGN, 0}, {"hypot", EXPR_HYPOT, 0},
    {"pi", EXPR_PI, 0}};
static const struct expr_language language = {.name = name,
    .names = (int)(sizeof name / sizeof *name),
    .one_variable = true};

static const char *const row[] = {"s^3 - 2*s", "s^-2", "s^1.5", "s^s",
    "exp(-s^2)", "expm1(s/2)", "log(s + 1)", "log1p(s)", "tanh(s - 1)",
    "erf(s)", "erfc(s - 1)", "erfcx(s - 0.5)", "sqrt(s + pi)", "abs(s - 4)",
    "sign(s)*s", "hypot(s, 2 - s)", "hypot(exp(s), erfc(s))/(1 + s)",
    "exp(erfcx(s)*log(s))", "1/(s*s + erf(2))", "-s - -(0.3*s)"};
enum { ROWS = sizeof row / sizeof *row, POINTS = 20 };

/* f and f' at x by both ways meet, and are known; x is a double. */
static bool agree(const char *text, double x, const struct iv_piece *piece)
{
    const double at[IV_AXES][2] = {{x, x}};
    struct expr_expression f;
    struct expr_fault fault;
    struct expr_range range;
    struct iv_jet jet;
    struct iv_selu selu;
    arf_t place;
    expr_init(&f);
    iv_jet_init(&jet);
    iv_selu_init(&selu);
    arf_init(place);
    arf_set_d(place, x);
    struct iv_term *term = iv_term_new(text, &fault);
    cr_assert(term, "%s: %s", text, fault.reason);
    cr_assert_eq(expr_parse(&f, text, &language, &fault), SN_OK, "%s: %s",
        text, fault.reason);
    cr_assert_eq(expr_range_init(&range, &f, 100), SN_OK);
    expr_range_settle(&range, place, place);
    iv_term_evaluate(&jet, term, at, piece, true, NULL, &selu);
    mpfi_srcptr way[2][2] = {{jet.f, range.value + f.value},
        {jet.d[0], range.value + f.derivative}};
    bool good = true;
    for (int i = 0; i < 2; i++)
        good = good && mpfi_bounded_p(way[i][0]) &&
               mpfi_bounded_p(way[i][1]) &&
               mpfr_lessequal_p(&way[i][0]->left, &way[i][1]->right) &&
               mpfr_lessequal_p(&way[i][1]->left, &way[i][0]->right);
    expr_range_clear(&range);
    expr_clear(&f);
    iv_term_free(term);
    iv_jet_clear(&jet);
    iv_selu_clear(&selu);
    arf_clear(place);
    return good;
}

Test(languages, derivatives_are_slopes_of_jets)
{
    gsl_rng *rng = generator();
    struct iv_domain domain;
    struct iv_piece pieces[IV_MAX_PIECES];
    iv_domain_init(&domain);
    cr_assert_eq(iv_domain_set(&domain, IV_S, "0.1", "3"), SN_OK);
    cr_assert_eq(iv_domain_pieces(pieces, &domain, true, true), 1);
    for (size_t i = 0; i < ROWS; i++)
        for (int k = 0; k < POINTS; k++) {
            double x = between(rng, 0.1, 3);
            cr_expect(agree(row[i], x, pieces), "%s at %a (seed %d)", row[i],
                x, SEED);
        }
    iv_piece_clear(pieces);
    iv_domain_clear(&domain);
    gsl_rng_free(rng);
}

/* The names are the language's: those of another are refused by name. */
Test(languages, names_belong_to_one)
{
    static const struct {
        const char *text;
        const struct expr_language *language;
        bool good;
    } name_row[] = {{"erfcx(s)", &language, true},
        {"erfcx(z)", &expr_of_z, false}, {"z", &language, false},
        {"max(z, 1)", &expr_of_z, true}, {"max(s, 1)", &language, false}};
    for (size_t i = 0; i < sizeof name_row / sizeof *name_row; i++) {
        struct expr_expression f;
        struct expr_fault fault = {0};
        expr_init(&f);
        enum sn_status status =
            expr_parse(&f, name_row[i].text, name_row[i].language, &fault);
        cr_expect((status == SN_OK) == name_row[i].good &&
                      (name_row[i].good || fault.length > 0),
            "%s: status %d, %s", name_row[i].text, (int)status, fault.reason);
        expr_clear(&f);
    }
}
