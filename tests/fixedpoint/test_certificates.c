/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates: what the prover writes is confirmed by the checker, whose
 * table and formulas are the prover's in other words.
 */
#include "fixedpoint/checker/parts.h"
#include "tests/fixedpoint/test_certificates.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

Test(certificates, what_is_proved_is_confirmed)
{
    static const char *const claims[] = {"jacobian", "jacobian-narrow",
        "theorem1", "theorem2", "theorem3", "theorem3-appendix", "design",
        "dropout", "gradient", "rate", "correlation", "sharp", "global",
        "norm-slopes", "derivatives"};
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        char *text = certificate(claims[i]);
        struct snc_refusal r = check_text(text, strlen(text), NULL);
        cr_expect_eq(r.reason, SNC_NO_REASON, "%s: line %ld, reason %d: %s",
            claims[i], r.line, r.reason, r.word);
        free(text);
    }
}

/* A decimal from low to high in one of several forms. */
static const char *decimal(char text[64], double low, double high)
{
    static const char *const form[] = {"%.3f", "%.12g", "%.1e", "%.17g"};
    double x = uniform(0, 1) < 0.5 ? uniform(low, high)
               : low > 0           ? low * pow(high / low, uniform(0, 1))
                                   : low + (high - low) * uniform(0, 1);
    snprintf(text, 64, form[(int)uniform(0, 4)], x);
    return text;
}

/* Ends in order, around the middle. */
static void ends(const char *end[2], char text[2][64], double middle,
    double width, bool is_positive)
{
    double low = middle - width * uniform(0, 1);
    if (is_positive && low < middle / 100)
        low = middle / 100;
    decimal(text[0], low, middle);
    decimal(text[1], middle, middle + width);
    end[0] = text[0];
    end[1] = text[1];
}

/*
 * Random designs and domains: whatever is proved is confirmed, however the
 * numbers are written.
 */
Test(certificates, random_designs_and_domains_are_confirmed)
{
    static const char *const claims[] = {"design", "design", "jacobian",
        "theorem2", "theorem3", "derivatives", "gradient", "dropout",
        "theorem1", "global"};
    static const char *const tiny[] = {
        "1e-40", "-1e-300", "3e-9999", "0", "0.0000000000000001"};
    int wanted = getenv("SELFNORM_SAMPLES") ? 200 : 20, proved = 0, tries = 0;
    seed(41);
    for (; proved < wanted && tries < 40 * wanted; tries++) {
        const char *claim = claims[tries % 10];
        const char *design[4] = {"0", "1", "0", "1"};
        char word[4][64], text[4][2][64];
        struct attempt a;
        attempt_init(&a);
        if (!strcmp(claim, "design")) {
            design[0] = tries % 4 ? decimal(word[0], -0.05, 0.05)
                                  : tiny[tries / 4 % 5];
            design[1] = decimal(word[1], 0.7, 1.6);
            design[2] = decimal(word[2], -0.2, 0.2);
            design[3] = decimal(word[3], 0.9, 1.1);
            if (iv_selu_design_mpfi(&a.prover.selu, design)) {
                attempt_clear(&a);
                continue;
            }
        }
        double nu = !strcmp(claim, "theorem2") ? 6
                    : !strcmp(claim, "theorem3")
                        ? 0.05
                        : 1.1 * strtod(design[1], NULL);
        ends(a.prover.end[IV_MU], text[0], uniform(-0.02, 0.02), 0.2, false);
        ends(a.prover.end[IV_NU], text[1], nu, 0.6 * nu, true);
        ends(
            a.prover.end[IV_OMEGA], text[2], uniform(-0.05, 0.05), 0.1, false);
        ends(a.prover.end[IV_TAU], text[3], 1, 0.1, true);
        if (!strcmp(claim, "global"))
            a.prover.end[IV_MU][0] = a.prover.end[IV_OMEGA][0] = NULL;
        char *file = certificate_of(&a, claim, design, 20000);
        if (file) {
            proved++;
            struct snc_refusal r = check_text(file, strlen(file), NULL);
            cr_expect_eq(r.reason, SNC_NO_REASON,
                "try %d, %s: line %ld, reason %d: %s\n%.400s", tries, claim,
                r.line, r.reason, r.word, file);
            free(file);
        }
        attempt_clear(&a);
    }
    cr_expect_eq(proved, wanted, "%d of %d proved", proved, tries);
}

/* Ends that are equal to all the bits that the prover's intervals have. */
Test(certificates, ends_next_to_each_other_are_confirmed)
{
#define ZEROS "00000000000000000000000000000000000000000000000000"
    static const char *const paper[4] = {"0", "1", "0", "1"};
    static const struct {
        int coordinate;
        const char *low, *high;
    } row[] = {{IV_MU, "-0.1", "0.1" ZEROS "1"},
        {IV_OMEGA, "-0.1" ZEROS "1", "0.1"},
        {IV_OMEGA, "0.1", "0.1" ZEROS "1"}, {IV_TAU, "1", "1." ZEROS "1"},
        {IV_NU, "1", "1." ZEROS "1"}, {IV_MU, "-1e-9999", "1e-9999"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct attempt a;
        attempt_init(&a);
        replace(&a, row[i].coordinate, row[i].low, row[i].high);
        char *text = certificate_of(&a, "jacobian", paper, 20000);
        cr_assert(text, "row %zu", i);
        struct snc_refusal r = check_text(text, strlen(text), NULL);
        cr_expect_eq(r.reason, SNC_NO_REASON, "row %zu: line %ld, reason %d",
            i, r.line, r.reason);
        free(text);
        attempt_clear(&a);
    }
}

static void add_work(void *context, const struct snc_claim *claim)
{
    long *sum = context;
    sum[0] += claim->work;
    sum[1] += claim->boxes;
}

/* A tree of n boxes on one axis; the cuts are halves of [low, high]. */
static void tree(FILE *out, long n, double low, double high)
{
    if (n == 1) {
        fputs(".\n", out);
        return;
    }
    double middle = low + (high - low) * (double)(n / 2) / (double)n;
    fprintf(out, "v %.17g\n", middle);
    tree(out, n / 2, low, middle);
    tree(out, n - n / 2, middle, high);
}

/* Ten times the boxes are ten times the work, and a file of that size. */
Test(certificates, work_grows_as_the_boxes_do)
{
    long most = getenv("SELFNORM_SAMPLES") ? 100000 : 10000;
    for (long n = 10; n <= most; n *= 10) {
        char *text = NULL;
        size_t size;
        long sum[2] = {0, 0};
        FILE *out = open_memstream(&text, &size);
        fputs("selfnorm certificate 2\nby hand\nclaim jacobian\npart 1\n"
              "domain mu 0 0 nu 1 2 omega 0 0 tau 1 1\nlimit 1\nbound 0.999\n"
              "witness mu 0 nu 1 omega 0 tau 1 value 0.7\n",
            out);
        tree(out, n, 1, 2);
        fputs("end claim\n", out);
        fclose(out);
        char *whole = mended(text);
        struct snc_refusal r = check_text(whole, strlen(whole),
            &(struct snc_listener){.claim = add_work, .context = sum});
        cr_expect(r.reason == SNC_NO_REASON && sum[1] == n && sum[0] <= 3 * n,
            "%ld boxes: reason %d, %ld work on %ld boxes", n, r.reason, sum[0],
            sum[1]);
        free(text);
        free(whole);
    }
}

/* ---- the two libraries ------------------------------------------------- */

/* The row of the checker for a part of the prover's table. */
static const struct snc_row *row_of(const char *claim, size_t part)
{
    const struct snc_entry *entry = snc_entry_find(claim);
    for (int i = 0; entry && i < SNC_SECTIONS; i++) {
        const struct snc_section *s = &entry->section[i];
        if (part < (size_t)s->rows)
            return &s->row[part];
        part -= (size_t)s->rows;
    }
    return NULL;
}

/* The checker's value of a formula at coordinates given as decimals. */
static void value_at(arb_t y, const char *formula,
    char number[IV_COORDINATES][32], const arb_t lambda, const arb_t alpha)
{
    static const int from[] = {IV_MU, IV_NU, IV_OMEGA, IV_TAU, IV_S};
    arb_ptr x = _arb_vec_init(SNC_VALUES);
    struct snc_moments o, centre;
    struct snc_scope scope = {.prec = SNC_PREC,
        .names = SNC_VALUES,
        .moments = &o,
        .m = x + SNC_M,
        .v = x + SNC_V};
    fmpq_t number_read;
    fmpq_init(number_read);
    snc_moments_init(&o);
    snc_moments_init(&centre);
    for (int i = 0; i < SNC_VALUES; i++) {
        scope.name[i].text = snc_coordinate[i];
        scope.name[i].value = x + i;
    }
    for (int i = 0; i < SNC_ENDS; i++) {
        cr_assert(snc_decimal(number_read, number[from[i]]));
        arb_set_fmpq(x + i, number_read, SNC_PREC);
    }
    arb_mul(x + SNC_M, x + SNC_MU, x + SNC_OMEGA, SNC_PREC);
    arb_mul(x + SNC_V, x + SNC_NU, x + SNC_TAU, SNC_PREC);
    arb_set(x + SNC_LAMBDA, lambda);
    arb_set(x + SNC_ALPHA, alpha);
    snc_moments_on(&o, &centre, x + SNC_M, x + SNC_V, lambda, alpha,
        snc_moment_orders(formula));
    snc_formula(y, formula, &scope);
    fmpq_clear(number_read);
    snc_moments_clear(&o);
    snc_moments_clear(&centre);
    _arb_vec_clear(x, SNC_VALUES);
}

/* The tables agree, and both libraries have the same values anywhere. */
Test(certificates, both_libraries_have_the_same_values)
{
    struct attempt a;
    int wrong = 0, tests = 0;
    char worst[200] = "none";
    attempt_init(&a);
    seed(32);
    arb_t lambda, alpha, y, other;
    fmpq_t design[4];
    mpfi_t value;
    arf_t low, high;
    mpfi_init2(value, IV_PROOF_PRECISION);
    arb_init(lambda);
    arb_init(alpha);
    arb_init(y);
    arb_init(other);
    arf_init(low);
    arf_init(high);
    for (int i = 0; i < 4; i++) {
        fmpq_init(design[i]);
        fmpq_set_si(design[i], i % 2, 1);
    }
    cr_assert(snc_constants(lambda, alpha, (const fmpq_t *)design));
    for (size_t i = 0; i < claim_count; i++) {
        struct claim_result read;
        const char *at_fault;
        claim_read(&read, &at_fault, &claim_table[i], NULL);
        for (size_t k = 0; k < read.planned; k++) {
            const struct claim_part *part = &read.parts[k];
            const struct snc_row *row = row_of(claim_table[i].name, k);
            struct iv_term *term = iv_term_new(part->formula, NULL);
            char number[IV_COORDINATES][32];
            struct iv_place place = {{NULL}};
            cr_assert(row && term, "%s %zu", claim_table[i].name, k);
            cr_expect(row->sense == part->sense &&
                          row->closed == part->closed &&
                          !row->limit == !part->limit &&
                          (!row->limit ||
                              !iv_decimal_compare(row->limit, part->limit)),
                "%s %zu: %s", claim_table[i].name, k, row->formula);
            for (int c = 0; c < IV_COORDINATES; c++) {
                bool positive = c == IV_NU || c == IV_TAU;
                snprintf(number[c], 32, "%.6f",
                    positive    ? exp(uniform(-1, 2))
                    : c == IV_S ? uniform(0, 1)
                                : uniform(-1, 1));
                if (c != IV_M && c != IV_V)
                    place.text[c] = number[c];
            }
            iv_term_at(value, term, &place, a.prover.map, &a.prover.selu);
            value_at(y, row->formula, number, lambda, alpha);
            arf_set_mpfr(low, &value->left);
            arf_set_mpfr(high, &value->right);
            arb_set_interval_arf(other, low, high, 128);
            bool bad = !arb_is_finite(y) || !arb_overlaps(y, other);
            wrong += bad;
            tests++;
            if (bad)
                snprintf(worst, sizeof worst, "%.150s", row->formula);
            iv_term_free(term);
        }
        claim_result_clear(&read);
    }
    cr_expect(
        !wrong && tests > 50, "%d of %d differ: %s", wrong, tests, worst);
    for (int i = 0; i < 4; i++)
        fmpq_clear(design[i]);
    arb_clear(lambda);
    arb_clear(alpha);
    arb_clear(y);
    arb_clear(other);
    arf_clear(low);
    arf_clear(high);
    mpfi_clear(value);
    attempt_clear(&a);
}

/* What is no formula, or not defined everywhere, is never a number. */
Test(certificates, what_is_not_defined_has_no_value)
{
    static const char *const text[] = {"1/0", "(1/0)^2", "0*(1/0)", "sqrt(-1)",
        "1/(m - m)", "sign(1/0)", "hypot(1/0, 1)", "(1/0)^0", "1^3", "nothing",
        "1 +", "(1", "1)", "hypot(1)", "sqrt 1", "", "M_mmm", "M_", "M_vm",
        "P_m", "1e9x", "s", "--", "1 1", "sqrt(1, 1)", "exp(1)x"};
    char number[IV_COORDINATES][32];
    arb_t y, one;
    arb_init(y);
    arb_init(one);
    arb_one(one);
    for (int c = 0; c < IV_COORDINATES; c++)
        strcpy(number[c], "1");
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        value_at(y, text[i], number, one, one);
        cr_expect(!arb_is_finite(y) || !strcmp(text[i], "s"), "%s", text[i]);
    }
    arb_indeterminate(y);
    cr_expect(!arb_is_nonnegative(y) && !arb_is_nonpositive(y) &&
              !arb_is_positive(y) && !arb_ge(y, one) && !arb_le(y, one));
    arb_clear(y);
    arb_clear(one);
}
