/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Literals in source text: which are found, how they are judged. */
#include "fixedpoint/audit/audit.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The literal by itself, judged; SN_BAD_VALUE where it is none. */
static enum sn_status judged(struct audit_verdict *verdict,
    struct audit_literal *literal, const char *text)
{
    double near[AUDIT_CONSTANTS];
    audit_constants_near(near);
    enum sn_status status = audit_literal_read(literal, text, near);
    if (status == SN_OK && (status = audit_judge(verdict, literal)) != SN_OK)
        audit_literal_clear(literal);
    return status;
}

/* Steps from the correctly rounded constant by nextafter(), a second way. */
static int steps(float from, float to)
{
    int n = 0;
    for (; from < to; n++)
        from = nextafterf(from, 4);
    for (; from > to; n--)
        from = nextafterf(from, 0);
    return n;
}

/* Constants as frameworks write them. */
Test(audit, constants_in_the_wild)
{
    enum {
        ANY = 1000000000,
        A = AUDIT_ALPHA,
        L = AUDIT_LAMBDA,
        P = AUDIT_ALPHA_PRIME
    };
    static const float rounded[] = {
        0x1.0cfabep0f, 0x1.ac5afap0f, 0x1.c212ccp0f};
    static const struct {
        const char *text;
        int constant, f32;
        long f64;
        int digits, wrong_from;
    } row[] = {
        {"1.6732632423543772848170429916717", A, 0, 0, 0, 0},
        {"1.0507009873554804934193349852946", L, 0, 0, 0, 0},
        {"1.7580993408473768599402175208123", P, 0, 0, 0, 0},
        {"1.7580993408473766", P, 0, -1, 2, 17},
        {"-1.7580993408473766", P, 0, -1, 2, 17},
        {"1.67326319217681884765625", A, 0, -225979633, 2, 8},
        {"1.05070102214813232421875", L, 0, 156692174, 2, 7},
        {"1.6732", A, -530, ANY, 1, 0},
        {"1.0507", L, -9, ANY, 0, 0},
        {"1.67326", A, -27, ANY, 0, 0},
        {"1.67326324", A, 0, ANY, 0, 0},
        {"1.05070098", L, 0, ANY, 1, 0},
        {"1.6733", A, 309, ANY, 0, 0},
        {"1.05", L, -5881, ANY, 0, 0},
        {"1.67", A, -27374, ANY, 0, 0},
        {"1.6732632423543778", A, 0, 3, 2, 17},
        {"1.0507009873554805", L, 0, 0, 0, 0},
        {"1.0507009873554807", L, 0, 1, 2, 17},
        {"0x1.0cfabep0", L, 0, 156692174, 3, 0},
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct audit_literal literal;
        struct audit_verdict v;
        cr_assert(judged(&v, &literal, row[i].text) == SN_OK);
        float x = fabsf(strtof(row[i].text, NULL));
        bool same = (int)literal.constant == row[i].constant &&
                    v.ulps[AUDIT_F32] == row[i].f32 &&
                    (row[i].f64 == ANY || v.ulps[AUDIT_F64] == row[i].f64) &&
                    (int)v.digits == row[i].digits &&
                    v.wrong_from == row[i].wrong_from &&
                    v.value[AUDIT_F64] == fabs(strtod(row[i].text, NULL)) &&
                    v.value[AUDIT_F32] == (double)x &&
                    steps(rounded[literal.constant], x) == row[i].f32;
        if (!same && ++bad)
            fprintf(stderr, "%s: %s, f32 %ld, f64 %ld, digits %d from %d\n",
                row[i].text, audit_constant_names[literal.constant],
                (long)v.ulps[AUDIT_F32], (long)v.ulps[AUDIT_F64],
                (int)v.digits, v.wrong_from);
        audit_literal_clear(&literal);
    }
    cr_assert(!bad, "%d rows differ", bad);
}

Test(audit, literals_by_hand)
{
    static const struct {
        const char *text;
        int type, digits; /* digits < 0: no literal */
    } row[] = {
        {"1.0507", AUDIT_UNTYPED, 5},
        {"1.0507f", AUDIT_F32, 5},
        {"1.0507F32", AUDIT_F32, 5},
        {"1.050_7_f32", AUDIT_F32, 5},
        {"1.0507_f64", AUDIT_F64, 5},
        {"1.0507f0", AUDIT_F32, 5},
        {"1.0507L", AUDIT_UNTYPED, 5},
        {"1.0507_dp", AUDIT_UNTYPED, 5},
        {"1.0507d0", AUDIT_UNTYPED, 5},
        {"1.0507bf16", AUDIT_BF16, 5},
        {"-.10507E+1", AUDIT_UNTYPED, 5},
        {"010507.e-4f", AUDIT_F32, 5},
        {"\xe2\x88\x92"
         "1.0507",
            AUDIT_UNTYPED, 5},
        {"1.0507...", AUDIT_UNTYPED, 5},
        {"1.050700", AUDIT_UNTYPED, 7},
        {"0x1.0cp+0f", AUDIT_F32, 0},
        {"0X8.67p-3L", AUDIT_UNTYPED, 0},
        {"0x1.0c", AUDIT_UNTYPED, 0},
        {"1.05'07", AUDIT_UNTYPED, 5},
        {"0.10507D+01", AUDIT_UNTYPED, 5},
        {"1.0507q", AUDIT_UNTYPED, 5},
        {"0x1", 0, -1},
        {"1.0507'", 0, -1},
        {"1.05''07", 0, -1},
        {"1.0507.2", 0, -1},
        {"1.0507x", 0, -1},
        {"1._0507", 0, -1},
        {"1.0507__0", 0, -1},
        {"1.0507e", 0, -1},
        {"1.0507e9999999999", 0, -1},
        {"-", 0, -1},
        {"", 0, -1},
        {".", 0, -1},
        {"nan", 0, -1},
    };
    double near[AUDIT_CONSTANTS];
    audit_constants_near(near);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct audit_literal literal;
        bool good = audit_literal_read(&literal, row[i].text, near) == SN_OK;
        cr_expect(good == (row[i].digits >= 0), "'%s'", row[i].text);
        if (!good)
            continue;
        cr_expect(literal.type == row[i].type &&
                      literal.digits == row[i].digits &&
                      literal.constant == AUDIT_LAMBDA,
            "'%s': type %d, %d digits", row[i].text, literal.type,
            literal.digits);
        audit_literal_clear(&literal);
    }
}

/* The literals found, as "line:column:text ", in pieces of `piece` bytes. */
static void scan(char *found, size_t size, const char *text, size_t piece)
{
    struct audit_scan *state = audit_scan_new();
    struct audit_literal *literal;
    size_t count, used = 0, length = strlen(text);
    for (size_t at = 0; at < length; at += piece)
        cr_assert(!audit_scan_feed(
            state, text + at, at + piece < length ? piece : length - at));
    cr_assert(!audit_scan_end(state, &literal, &count));
    audit_scan_free(state);
    *found = '\0';
    for (size_t i = 0; i < count; i++) {
        if (used < size) /* what does not fit is left out */
            used += (size_t)snprintf(found + used, size - used, "%s%zu:%zu:%s",
                i ? " " : "", literal[i].line, literal[i].column,
                literal[i].text);
        audit_literal_clear(&literal[i]);
    }
    free(literal);
}

#define TEN_LINES "\n\n\n\n\n\n\n\n\n\n"
Test(audit, what_is_found)
{
    static const struct {
        const char *text, *found;
    } row[] = {
        {"x = 1.05; y = 1.75; z = 1.67", ""}, /* nothing says SELU */
        {"scale = 1.05", ""},
        {"x = 1.0499999; y = 1.0547", ""},
        {"x = 1.0507", "1:5:1.0507"},
        {"1.6732, 1.0546875", ""},
        {"1.0507 1.6732 1.05 1.0512345", "1:1:1.0507 1:8:1.6732 1:15:1.05"},
        {"v1.0507 a1.0507 1.0507.1 f.10507e1", ""},
        {"f(x)-1.75810 (-1.75810) x = -1.7581",
            "1:6:1.75810 1:15:-1.75810 1:29:-1.7581"},
        {"selu\n"
         "1.05 1.67 1.75 1.03 1.08",
            "2:1:1.05 2:6:1.67 2:11:1.75 "
            "2:16:1.03"},
        {"selu" TEN_LINES "1.05", "11:1:1.05"},
        {"selu" TEN_LINES "\n1.05", ""},
        {"1.05" TEN_LINES "SeLU", "1:1:1.05"},
        {"1.05" TEN_LINES "\nselu", ""},
        {"scale = 1.05" TEN_LINES "\nselu", "1:9:1.05"},
        {"1.05 = lambda" TEN_LINES "\n1.67326", "1:1:1.05 12:1:1.67326"},
        {"\xce\xbb\xe2\x89\x88"
         "1.05 "
         "\n.selu()",
            "1:6:1.05"},
        {"torch.nn.SELU 1.67.\r\n1.05,", "1:15:1.67 2:1:1.05"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        for (size_t piece = 1; piece < 4; piece++) {
            char found[256];
            scan(found, sizeof found, row[i].text, piece);
            cr_expect(!strcmp(found, row[i].found), "'%s': '%s', want '%s'",
                row[i].text, found, row[i].found);
        }
}

Test(audit, long_and_binary)
{
    char *text = malloc(100001);
    cr_assert(text);
    memset(text, '0', 100000);
    memcpy(text, "1.0507", 6);
    text[100000] = '\0';
    char found[64];
    scan(found, sizeof found, text, 5000); /* passed over */
    cr_expect(!*found);
    memcpy(text + AUDIT_MAX_LITERAL, " 1.0507 ", 8);
    text[AUDIT_MAX_LITERAL + 8] = '\0';
    scan(found, 9, text, 100000); /* the first of two is at the limit */
    cr_expect(!strcmp(found, "1:1:1.05"), "%s", found);
    free(text);
    struct audit_scan *state = audit_scan_new();
    cr_expect(audit_scan_feed(state, "1.0507\0", 7) == SN_BAD_VALUE);
    audit_scan_free(state);
}

/* g in double, iterated from (0, 1): eqs. 4 and 5. */
static void iterate(double fixed[2], double lambda, double alpha)
{
    fixed[0] = 0, fixed[1] = 1;
    for (int i = 0; i < 400; i++) {
        double nu = fixed[1], s = sqrt(nu);
        double e1 = exp(nu / 2) * erfc(s * M_SQRT1_2) / 2;
        double e2 = exp(2 * nu) * erfc(2 * s * M_SQRT1_2) / 2;
        fixed[0] = lambda * (s / sqrt(2 * M_PI) + alpha * (e1 - 0.5));
        fixed[1] =
            lambda * lambda * (nu / 2 + alpha * alpha * (e2 - 2 * e1 + 0.5)) -
            fixed[0] * fixed[0];
    }
}

/* Effects on the fixed point; f64 against iteration in double. */
Test(audit, fixed_points)
{
    static const struct {
        double lambda, alpha, mean, variance, tolerance;
    } row[] = {
        {0x1.0cfabep0, 0x1.ac5afap0, 3e-8, 2e-7, 0.1},
        {1.0507, 1.67326, -6.7e-7, -1.7e-5, 0.03},
        {0x1.0cp0, 0x1.acp0, -3e-3, -3.6e-2, 0.05},
        {1.05, 1.67, -4.4e-4, -1.4e-2, 0.02},
    };
    arb_t x[4];
    for (int i = 0; i < 4; i++)
        arb_init(x[i]);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double got[2], want[2];
        arb_set_d(x[0], row[i].lambda);
        arb_set_d(x[1], row[i].alpha);
        cr_assert(!audit_fixed_point_arb(x[2], x[3], x[0], x[1], 256));
        cr_expect(mag_cmp_2exp_si(arb_radref(x[3]), -150) < 0);
        for (int k = 0; k < 2; k++)
            got[k] = arf_get_d(arb_midref(x[2 + k]), ARF_RND_NEAR);
        iterate(want, row[i].lambda, row[i].alpha);
        for (int k = 0; k < 2; k++)
            cr_expect(fabs(got[k] - want[k]) < 1e-12, "%a, %a: %.17g, %.17g",
                row[i].lambda, row[i].alpha, got[k], want[k]);
        cr_expect(fabs(got[0] - row[i].mean) <
                          row[i].tolerance * fabs(row[i].mean) &&
                      fabs(got[1] - 1 - row[i].variance) <
                          row[i].tolerance * fabs(row[i].variance),
            "%a, %a: mean %g, variance 1 + %g", row[i].lambda, row[i].alpha,
            got[0], got[1] - 1);
    }
    arb_set_ui(x[0], 3); /* expands: nothing to prove near (0, 1) */
    arb_set_ui(x[1], 3);
    cr_expect(
        audit_fixed_point_arb(x[2], x[3], x[0], x[1], 64) == SN_UNDECIDED);
    for (int i = 0; i < 4; i++)
        arb_clear(x[i]);
}

/* Planted faults: a literal one unit off in its last digit is told. */
Test(audit, last_digit_changes_the_verdict)
{
    static const char *const text[] = {"1.6732632423543772",
        "1.0507009873554805", "1.7580993408473769", "1.6732632f", "1.0507010f",
        "1.7580993f", "0x1.ac5afap0f", "0x1.0cfabep+0f"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        for (int change = -2; change <= 2; change += 2) {
            char word[40];
            strcpy(word, text[i]);
            char *last = word + strcspn(word, "fp") - 1;
            if (strchr(word, 'x'))
                last = strchr(word, 'p') - 1;
            *last = (char)(*last + change);
            if (!strchr("0123456789abcdef", *last))
                continue;
            struct audit_literal literal;
            struct audit_verdict v;
            cr_assert(judged(&v, &literal, word) == SN_OK, "%s", word);
            int format = literal.type < 0 ? AUDIT_F64 : literal.type;
            cr_expect((v.ulps[format] != 0) == (change != 0), "%s: %ld", word,
                (long)v.ulps[format]);
            audit_literal_clear(&literal);
        }
    }
}
