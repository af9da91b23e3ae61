/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts on the paper's figures: all decided, and each of them movable. */
#include "fixedpoint/proofs/figures/figures.h"
#include "tests/fixedpoint/proofs/test_proofs.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static enum figure_verdict judged(const struct figure_figure *figure,
    struct claim_prover *prover, double *near)
{
    struct figure_result r;
    cr_assert_eq(figure_judge(&r, figure, prover), SN_OK, "%s, %s",
        figure->where, figure->what);
    *near = mpfr_get_d(r.extremum.lower, MPFR_RNDN);
    enum figure_verdict verdict = r.verdict;
    figure_result_clear(&r);
    return verdict;
}

/*
 * Moved by 2 % of itself in the direction where it is no longer true, a bound
 * must be wrong; moved either way, an extremum is at best a slip.
 */
static bool moves(const struct figure_figure *figure,
    struct claim_prover *prover, double extremum)
{
    double step = 0.02 * fabs(extremum) * figure->sense, near;
    struct figure_figure moved = *figure;
    char *text = moved.printed;
    const size_t room = sizeof moved.printed;
    snprintf(text, room, "%.15f", extremum - step);
    bool good = judged(&moved, prover, &near) == FIGURE_WRONG;
    if (figure->kind == FIGURE_EXTREMUM) {
        snprintf(text, room, "%.15f", extremum + step);
        good = good && judged(&moved, prover, &near) == FIGURE_SLIP;
    }
    return good;
}

Test(proofs, every_figure_has_a_verdict_that_could_be_another)
{
    struct claim_prover prover;
    int open = 0, fixed = 0, count[FIGURE_VERDICTS] = {0}, rows = 0;
    struct figure_figure row, *figure = &row;
    const char *where = "", *what = "";
    enum claim_mistake mistake;
    cr_assert_eq(claim_prover_init(&prover), SN_OK);
    for (size_t i = 0; figure_at(figure, &mistake, i); i++, rows++) {
        double extremum;
        enum figure_verdict verdict = judged(figure, &prover, &extremum);
        count[verdict]++;
        bool bad = verdict == FIGURE_OPEN;
        open += bad;
        /* a statement's limit is 0 or 1, an extremum of 0 has no 2 % */
        if ((figure->kind == FIGURE_BOUND ||
                figure->kind == FIGURE_EXTREMUM) &&
            fabs(extremum) > 1e-9) {
            bool stuck = !moves(figure, &prover, extremum);
            fixed += stuck;
            bad |= stuck;
        }
        if (bad) {
            where = figure->where;
            what = figure->what;
        }
        figure_free(figure);
    }
    claim_prover_clear(&prover);
    fprintf(stderr,
        "proofs: %d figures: %d right, %d loose, %d slips, %d "
        "wrong, %d not judged\n",
        rows, count[1], count[2], count[3], count[4], count[5]);
    cr_assert(!open && !fixed && rows > 380 && count[5] == 13,
        "%d open, %d fixed; %s, %s", open, fixed, where, what);
}

/* The findings that docs/mathematics/proofs.md states. */
Test(proofs, the_figures_that_are_wrong_are_these)
{
    static const struct {
        enum figure_source source;
        const char *where, *what;
    } wrong[] = {{FIGURE_PAPER, "L6", "2 - erfc(y/sqrt(2x))"},
        {FIGURE_PAPER, "L12", "grid maximum of S = s1(H)"},
        {FIGURE_PAPER, "L10 (101)", "printed sum"},
        {FIGURE_PAPER, "L12",
            "grid maximum plus deviation, with the sum of (101) repaired"},
        {FIGURE_PAPER, "L44 (261)", "error of the bracket of dF/dx"},
        {FIGURE_PAPER, "L45 (288)",
            "the same times sqrt(pi), as it enters: gap"},
        {FIGURE_PAPER, "L13", "0.80467 - 0.004597"},
        {FIGURE_PAPER, "L41", "mean less lambda mu omega for nu to 0"},
        {FIGURE_PAPER, "L32", "2 - erfc(y/sqrt(2x)) falls in x"},
        {FIGURE_ARGUMENTS, "Thm 3", "'all fixed points': nu at (0, 0)"},
        {FIGURE_ARGUMENTS, "(103)",
            "|d mean/d tau| from |d mean/d nu|: times nu/tau"},
        {FIGURE_ARGUMENTS, "L10 (103)", "sum with nu/tau where it belongs"},
        {FIGURE_ARGUMENTS, "L12",
            "grid maximum plus deviation, with (101) and (103) repaired"},
        {FIGURE_ARGUMENTS, "L20 (142)",
            "delta(S)/eps from (141), of J22's 405 alone"},
        {FIGURE_ARGUMENTS, "L45 (295)", "x^3 with that gap"},
        {FIGURE_ARGUMENTS, "after (48)", "E selu^2, from nu = 0.02"},
        {FIGURE_ARGUMENTS, "after (50)", "E selu^2, from nu = 0.02"},
        {FIGURE_ARGUMENTS, "(49)", "slope at nu = 0.16, from nu = 0.02"}};
    enum { WRONG = sizeof wrong / sizeof *wrong };
    struct claim_prover prover;
    struct figure_figure figure;
    enum claim_mistake mistake;
    int found = 0, others = 0;
    cr_assert_eq(claim_prover_init(&prover), SN_OK);
    for (size_t i = 0; figure_at(&figure, &mistake, i); i++) {
        double extremum;
        bool known = false,
             is_wrong = figure.source <= FIGURE_ARGUMENTS &&
                        judged(&figure, &prover, &extremum) == FIGURE_WRONG;
        for (int k = 0; k < WRONG; k++)
            known |= figure.source == wrong[k].source &&
                     !strcmp(figure.where, wrong[k].where) &&
                     !strcmp(figure.what, wrong[k].what);
        found += is_wrong && known;
        others += is_wrong && !known;
        figure_free(&figure);
    }
    claim_prover_clear(&prover);
    cr_assert(
        found == WRONG && !others, "%d of them, %d others", found, others);
}

/* One unit of the last digit off, or 0.4 of one; an exact gain, by 1e-12. */
Test(proofs, a_published_gain_is_right_to_its_last_digit_or_wrong)
{
    static const struct {
        enum figure_kind kind;
        const char *activation, *printed;
        enum figure_verdict verdict;
    } row[] = {{FIGURE_GAIN_STD, "tanh", "1.59254", FIGURE_RIGHT},
        {FIGURE_GAIN_STD, "tanh", "1.59253", FIGURE_RIGHT},
        {FIGURE_GAIN_STD, "tanh", "1.59252", FIGURE_WRONG},
        {FIGURE_GAIN_STD, "selu", "1.000", FIGURE_RIGHT},
        {FIGURE_GAIN_RMS, "silu", "1.6765", FIGURE_RIGHT},
        {FIGURE_GAIN_RMS, "silu", "1.6792", FIGURE_WRONG},
        {FIGURE_GAIN_ADVICE, "selu", "1", FIGURE_RIGHT},
        {FIGURE_GAIN_ADVICE, "relu", "sqrt(2)", FIGURE_RIGHT},
        {FIGURE_GAIN_ADVICE, "relu", "sqrt(2) + 1e-12", FIGURE_NOT_JUDGED},
        {FIGURE_GAIN_STD, "relu", "1.41421356", FIGURE_WRONG}};
    struct claim_prover prover;
    int bad = 0;
    cr_assert_eq(claim_prover_init(&prover), SN_OK);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct figure_figure figure = {.where = "test",
            .what = row[i].activation,
            .formula = expanded(row[i].printed),
            .sense = 1,
            .kind = row[i].kind};
        double gain;
        strcpy(figure.printed, row[i].printed);
        bad += judged(&figure, &prover, &gain) != row[i].verdict;
        figure_free(&figure);
    }
    claim_prover_clear(&prover);
    cr_assert(!bad, "%d of them", bad);
}

/* A row with a mistake is refused by name before anything is proved. */
Test(proofs, rows_that_cannot_be_read_are_refused_by_name)
{
    static const struct {
        struct claim_row row;
        enum claim_mistake mistake;
    } bad[] = {{{"a", "", "V", "< 1", "nowhere"}, CLAIM_UNKNOWN_DOMAIN},
        {{"b", "", "V", "1", NULL}, CLAIM_UNREADABLE_LIMIT},
        {{"c", "", "V", "< x", NULL}, CLAIM_UNREADABLE_LIMIT},
        {{"d", "", "V", "within x", NULL}, CLAIM_UNREADABLE_LIMIT},
        {{"e", "", "V +", "< 1", NULL}, CLAIM_UNREADABLE_FORMULA},
        {{"f", "", "W", "< 1", NULL}, CLAIM_UNREADABLE_FORMULA},
        {{"g", "", "norm(M, V)", "< 1", NULL}, CLAIM_UNREADABLE_FORMULA},
        {{"h", "", "norm_H(M)", "< 1", NULL}, CLAIM_UNREADABLE_FORMULA},
        {{"i", "", "norm_H", "not < 1", "Omega"}, CLAIM_NO_MISTAKE}};
    const char *row = NULL;
    cr_expect_eq(claim_check(&row, claim_table, claim_count), CLAIM_NO_MISTAKE,
        "%s", row);
    cr_expect_eq(figure_check(&row), CLAIM_NO_MISTAKE, "%s", row);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct claim_claim claim = {
            "test", "", "", "D1", &bad[i].row, 1, NULL};
        enum claim_mistake got = claim_check(&row, &claim, 1);
        cr_expect(got == bad[i].mistake && !strcmp(row, bad[i].row.name),
            "%s: %d, not %d", row, (int)got, (int)bad[i].mistake);
    }
}

/* Parentheses only where the meaning needs them, and none too few. */
Test(proofs, definitions_are_expanded_as_they_are_meant)
{
    static const char *const row[][2] = {{"F", "erfcx((v + m)/sqrt(2*v)) - "
                                               "2*erfcx((2*v + m)/sqrt(2*v))"},
        {"2*b^2", "2*(2.911/pi)^2"}, {"1/b", "1/(2.911/pi)"},
        {"tau*p", "tau*(omega*M_m + tau*V_v)"},
        {"m - p", "m - (omega*M_m + "
                  "tau*V_v)"},
        {"1e3*D", "1e3*(1 + (lambda*alpha)^2*(1 - s^2))"},
        {"drop_mean(M - m)",
            "s*(M - m)/sqrt(1 + (lambda*alpha)^2*(1 - s^2))"}};
    int bad = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char *text = expanded(row[i][0]);
        bad += strcmp(text, row[i][1]) != 0;
        fprintf(stderr, "%s", strcmp(text, row[i][1]) ? text : "");
        free(text);
    }
    cr_expect(!bad && !claim_expand("norm(1, 2)") && !claim_expand("A(1"),
        "%d of them", bad);
}
