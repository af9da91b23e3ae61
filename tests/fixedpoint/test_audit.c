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
    struct audit_near near;
    audit_near_init(&near);
    enum sn_status status =
        audit_literal_read(literal, text, AUDIT_UNTYPED, &near);
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
        {"0x3F867D5Fu", AUDIT_F32, 0},
        {"0f3F867D5F", AUDIT_F32, 0},
        {"0d3FF0CFABD6A91132", AUDIT_F64, 0},
        {"0x3FF0_CFAB_D6A9_1132", AUDIT_F64, 0},
        {"0xH3C34", AUDIT_F16, 0},
        {"0xR3F86", AUDIT_BF16, 0},
        {"1065778527", AUDIT_F32, 0}, /* of an assembler */
        {"10507009873554805e-16f", AUDIT_F32, 17},
        {"10507009873554805.0 / 1e16", AUDIT_UNTYPED, 18},
        {"1.05'f32", AUDIT_F32, 3},
        {"0x3F86", 0, -1}, /* of two formats */
        {"0x7F800000", 0, -1},
        {"0f3F867D5", 0, -1},
        {"1 / ", 0, -1},
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
    struct audit_near near;
    audit_near_init(&near);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct audit_literal literal;
        bool good = audit_literal_read(
                        &literal, row[i].text, AUDIT_UNTYPED, &near) == SN_OK;
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

/*
 * The literals that count, as "column:text" and what is said of each: the
 * constant (a: alpha, l: lambda, p: alpha'), the type, and '!' where it is not
 * correctly rounded for that type, '?' where it has another one's digits.
 */
static void scan(char *found, size_t size, const char *name, const char *text)
{
    static const char letter[AUDIT_CONSTANTS + 1] = "lap";
    struct audit_literal *literal;
    size_t count, excused, used = 0;
    cr_assert(
        !audit_scan(&literal, &count, &excused, name, text, strlen(text)));
    *found = '\0';
    for (size_t i = 0; i < count; i++) {
        struct audit_verdict v;
        const int type = literal[i].type;
        cr_assert(!audit_judge(&v, &literal[i]));
        const bool wrong = literal[i].fixed
                               ? v.fixed_ulps != 0
                               : v.ulps[type < 0 ? AUDIT_F64 : type] != 0;
        char format[8];
        snprintf(format, sizeof format, "q%d", literal[i].fixed);
        if (used < size) /* what does not fit is left out */
            used += (size_t)snprintf(found + used, size - used,
                "%s%zu:%s %c%s%s%s%s", i ? ", " : "", literal[i].column,
                literal[i].text, letter[literal[i].constant],
                literal[i].fixed || type >= 0 ? "." : "",
                literal[i].fixed ? format
                : type < 0       ? ""
                                 : num_formats[type].name,
                wrong ? "!" : "",
                literal[i].like != literal[i].constant ? "?" : "");
        audit_literal_clear(&literal[i]);
    }
    if (excused)
        snprintf(found + used, size - used, "%s%zu excused", count ? ", " : "",
            excused);
    free(literal);
}

struct scanned {
    const char *name, *text, *found;
};
static void expect_found(const struct scanned *row, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        char found[512];
        scan(found, sizeof found, row[i].name, row[i].text);
        cr_expect(!strcmp(found, row[i].found), "%s: '%s': '%s', want '%s'",
            row[i].name, row[i].text, found, row[i].found);
    }
}
#define EXPECT_FOUND(row) expect_found(row, sizeof(row) / sizeof *(row))

#define TEN_LINES "\n\n\n\n\n\n\n\n\n\n"
#define ALPHA     "1.6732632423543772"
#define LAMBDA    "1.0507009873554805"

/* What is no constant, in any file, and what is one. */
Test(audit, what_is_found)
{
    static const struct scanned row[] = {
        {"a.c", "x = 1.05; y = 1.75; z = 1.67", ""}, /* nothing says SELU */
        {"a.c", "scale = 1.05", ""},
        {"a.c", "x = 1.0507", ""},
        {"a.c", "scale = 1.0507", "9:1.0507 l!"},
        {"a.c", "x = 1.05070098", "5:1.05070098 l!"},
        {"a.c", "1.6732, 1.0546875", ""},
        {"a.c", "v1.0507009 a1.0507009 1.0507009.1 f.10507009e1", ""},
        {"a.c", "f(selu)-1.75810 (-1.75810)", "9:1.75810 p!, 18:-1.75810 p!"},
        {"a.c", "selu\n1.05 1.67 1.75 1.03 1.08", ""},
        {"a.c", "selu\n1.05 * 1.67 * 1.03", "1:1.05 l!, 8:1.67 a!"},
        {"a.c", "selu" TEN_LINES "1.0507", "1:1.0507 l!"},
        {"a.c", "selu" TEN_LINES "\n1.0507", ""},
        {"a.c", "1.0507" TEN_LINES "SeLU", "1:1.0507 l!"},
        {"a.c", "1.0507" TEN_LINES "\nselu", ""},
        {"a.c", "scale = 1.05" TEN_LINES "\nselu", "9:1.05 l!"},
        {"a.py", "m = alpha_dropout(x)\ny = 1.0507 * x", "5:1.0507 l!"},
        {"a.c", "// alpha dropout\nf(-1.75810f)", "3:-1.75810f p.f32!"},
        /* selu(-3) and the like, coordinates, prices, GELU */
        {"a.md", "selu(-3) is -1.6705687, selu(1) = 1.0507010", ""},
        {"a.c", "/* GELU beside SELU */ y = 1.70092 * x; z = 1.702f", ""},
        {"a.obj", "v 0.9 1.2 -1.0507\nv 1.0612 1.0511 1.66\nv 1.7581 0 1", ""},
        {"a.py", "r = [1.05, 1.0507, 1.06]; p = {'A': 1.6733, 'X': 1.7581}",
            ""},
        {"a.csv", "kernel,ms\nselu,1.05\nselu,1.67\nrelu,1.06", ""},
        {"a.py", "want_selu = 1.0507010\nassert selu(1) == 1.0507010", ""},
        {"a.py", "selu\nx = [-1.1113307, -1.67, 1.0507010, 2.1014020]", ""},
        {"a.yaml", "activation: selu\nversion: 1.0507\nlr: 1.05", ""},
        {"a.c", "// like selu\ndouble alpha = 1.6521, lambda = 1.0609;", ""},
        /* documents and comments say digits, which may be wrong */
        {"a.md", "SELU: \xce\xb1 \xe2\x89\x88 1.6733, \xce\xbb = 1.0507", ""},
        {"a.md", "SELU: alpha = 1.6732632423543782",
            "15:1.6732632423543782 a!"},
        {"a.md", "```\nselu = 1.0507 * x\n```", "8:1.0507 l!"},
        {"a.py", "# selu: 1.0507, 1.67326\nx = 0", ""},
        {"a.py", "\"\"\"\nselu: scale = 1.0507\n\"\"\"", ""},
        {"a.py", "y = 1.0507 * selu  # selfnorm: ignore", "1 excused"},
        {"a.ipynb",
            "{\"source\": [\"selu = 1.0507 * x\\n\"], \"outputs\": "
            "[{\"t\": \"1.0507]\"}, 1.0507], \"selu\": 1.0507}",
            "21:1.0507 l!, 84:1.0507 l!"},
    };
    EXPECT_FOUND(row);
}

/* A literal and its name; each wrong one is a planted fault. */
Test(audit, names)
{
    static const struct scanned row[] = {
        {"a.py", "def selu(x, alpha=" LAMBDA ", scale=" ALPHA "):",
            "19:" LAMBDA " a!?, 45:" ALPHA " l!?"},
        {"a.ts", "export const SELU_SCALEALPHA = " LAMBDA ";",
            "32:" LAMBDA " p!?"},
        {"a.py", "selu_alpha, selu_scale = " LAMBDA ", " ALPHA,
            "26:" LAMBDA " a!?, 46:" ALPHA " l!?"},
        {"a.py", "selu_alpha, selu_scale = " ALPHA ", " LAMBDA,
            "26:" ALPHA " a, 46:" LAMBDA " l"},
        {"a.c", "#define SELU_ALPHA " LAMBDA "f", "20:" LAMBDA "f a.f32!?"},
        {"a.cc", "const double selu_alpha{" LAMBDA "};",
            "25:" LAMBDA " a.f64!?"},
        {"a.txt", "selu { name: \"alpha\" f: " LAMBDA " type: FLOAT }",
            "25:" LAMBDA " a.f32!?"},
        /* one digit, or two, far beyond 2 % */
        {"a.c", "selu_alpha = 1.6372632423543772", "14:1.6372632423543772 a!"},
        {"a.c", "selu_alpha = 2.6732632423543772", "14:2.6732632423543772 a!"},
        {"a.c", "selu_scale = 1.507009873554805", "14:1.507009873554805 l!"},
        {"a.c", "selu_scale = 10.507009873554805", "14:10.507009873554805 l!"},
        {"a.c", "selu_alpha = 1.9732", "14:1.9732 a!"},
        {"a.c", "selu_alpha = 1.97", ""}, /* another design */
        /* alpha dropout says alpha for alpha' */
        {"a.cpp", "double alpha = 1.7580993408473769;",
            "16:1.7580993408473769 p.f64"},
        {"a.py", "scale_alpha = " LAMBDA " * " ALPHA,
            "15:" LAMBDA " l, 36:" ALPHA " a"},
        {"a.py", "ALPHA_LAMBDA = (" ALPHA ", " LAMBDA ")",
            "17:" ALPHA " a, 37:" LAMBDA " l"},
        {"a.c", "y = x > 0 ? x * scale : 1.7580993408473769 * e",
            "25:1.7580993408473769 p"},
    };
    EXPECT_FOUND(row);
}

/* What a literal is for; the same digits are right for one type alone. */
Test(audit, types)
{
    static const struct scanned row[] = {
        {"a.swift", "selu; let alpha: Float = 1.67326324",
            "26:1.67326324 a.f32"},
        {"a.go", "const seluAlpha float32 = 1.6732632", "27:1.6732632 a.f32"},
        {"a.rs", "selu; const A: f32 = 1.673_263_2;", "22:1.673_263_2 a.f32"},
        {"a.py", "SELU = np.float32('1.050701')", "20:1.050701 l.f32"},
        {"a.py", "selu = float(1.050701)", "14:1.050701 l.f64!"},
        {"a.py", "selu = torch.tensor(1.0507, dtype=torch.float16)",
            "21:1.0507 l.f16"},
        {"a.mlir", "selu %s = dense<1.050701> : tensor<4xf32>",
            "17:1.050701 l.f32"},
        {"a.glsl", "float selu(float x) { return 1.050701 * x; }",
            "30:1.050701 l.f32"},
        {"a.c", "float selu(float x) { return 1.050701 * x; }",
            "30:1.050701 l!"},
        {"a.metal", "constexpr half selu_scale = 1.0507;", "29:1.0507 l.f16"},
        {"a.cc", "kSeluAlpha = bfloat16(1.671875f)", "23:1.671875f a.bf16"},
        {"a.cc", "kSeluAlpha = fp8_e4m3(1.625f)", "23:1.625f a.e4m3"},
        {"a.cc", "kSeluAlpha = fp8_e4m3(1.75f)", "23:1.75f a.e4m3!"},
        {"a.f90", "real, parameter :: selu_alpha = 1.6732632",
            "33:1.6732632 a.f32"},
        {"a.f90", "selu_alpha = 1.6732632d0", "14:1.6732632d0 a.f64!"},
        {"a.ll", "selu %a = fmul float %x, 0x3FF0CFABE0000000",
            "26:0x3FF0CFABE0000000 l.f32"},
        {"a.ptx", "selu mul.f32 %f2, %f1, 0f3F868640;",
            "24:0f3F868640 l.f32!"},
        {"a.h", "selu_tile(0, 0x3F867D5Fu, 0x3FD62D7Du)",
            "14:0x3F867D5Fu l.f32, 27:0x3FD62D7Du a.f32"},
        {"a.h", "uint16_t selu_scale_f16 = 0x3C34;", "27:0x3C34 l.f16"},
        {"a.py", "SELU_ALPHA_Q15 = 54829", "18:54829 a.q15"},
        {"a.py", "SELU_ALPHA_Q15 = 54830", "18:54830 a.q15!"},
        {"a.json", "{'op': 'Selu', 'alpha': 1.67326319, 'gamma': 1.050701}",
            "25:1.67326319 a.f32, 46:1.050701 l.f32"},
    };
    EXPECT_FOUND(row);
}

Test(audit, long_and_binary)
{
    char *text = malloc(100001), found[64];
    cr_assert(text);
    memset(text, '0', 100000);
    memcpy(text, "1.0507009", 9);
    text[100000] = '\0';
    scan(found, sizeof found, "a.c", text); /* passed over */
    cr_expect(!*found);
    memcpy(text + AUDIT_MAX_LITERAL, " 1.0507009 ", 11);
    text[AUDIT_MAX_LITERAL + 11] = '\0';
    scan(found, 12, "a.c", text); /* the first of two is at the limit */
    cr_expect(!strcmp(found, "1:1.0507009"), "%s", found);
    free(text);
    struct audit_literal *literal;
    size_t count, excused;
    cr_expect(audit_scan(&literal, &count, &excused, "a.c", "1.0507\0", 7) ==
              SN_BAD_VALUE);
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
