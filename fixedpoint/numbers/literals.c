/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/numbers/literals.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const num_language_names[NUM_LANGUAGES] = {
    [NUM_C] = "c",
    [NUM_CUDA] = "cuda",
    [NUM_PYTHON] = "python",
    [NUM_RUST] = "rust",
    [NUM_JULIA] = "julia",
    [NUM_ONNX] = "onnx",
};

enum { F64, LITERALS_F32, F16 }; /* as in num_formats */

/*
 * How a language writes one number.  Lines take name and literal; a literal
 * is hexadecimal or has the 17 or 9 digits that bring back the same bits.
 */
struct dialect {
    const char *open, *close; /* of a comment */
    const char *head, *foot;
    bool hexadecimal;
    int digits; /* of a decimal f32: 9, or 17 where it is parsed as double */
    const char *line[2]; /* f64, f32 */
    const char *bits[2]; /* 16 and 8 bits */
};

static const struct dialect dialect[NUM_LANGUAGES] = {
    [NUM_C] = {"/* ", " */", "", "\n#endif\n", true, 0,
        {"#define %s_F64    %s\n", "#define %s_F32    %sf\n"},
        {"#define %s_%s_BITS 0x%04" PRIX64,
            "#define %s_%s_BITS 0x%02" PRIX64}},
    [NUM_CUDA] = {"// ", "", "", "\n#endif\n", true, 0,
        {"constexpr double %s_F64 = %s;\n", "constexpr float %s_F32 = %sf;\n"},
        {"constexpr unsigned short %s_%s_BITS = 0x%04" PRIX64 ";",
            "constexpr unsigned char %s_%s_BITS = 0x%02" PRIX64 ";"}},
    [NUM_PYTHON] = {"# ", "", "", "", false, 17,
        {"%s_F64 = %s\n", "%s_F32 = %s\n"},
        {"%s_%s_BITS = 0x%04" PRIX64, "%s_%s_BITS = 0x%02" PRIX64}},
    [NUM_RUST] = {"// ", "", "", "", false, 9,
        {"pub const %s_F64: f64 = %s;\n", "pub const %s_F32: f32 = %s;\n"},
        {"pub const %s_%s_BITS: u16 = 0x%04" PRIX64 ";",
            "pub const %s_%s_BITS: u8 = 0x%02" PRIX64 ";"}},
    [NUM_JULIA] = {"# ", "", "", "", true, 0,
        {"const %s_F64 = %s\n", "const %s_F32 = Float32(%s)\n"},
        {"const %s_%s_BITS = 0x%04" PRIX64,
            "const %s_%s_BITS = 0x%02" PRIX64}},
    [NUM_ONNX] = {"# ", "", "", "", false, 0, {NULL, NULL}, {NULL, NULL}},
};

/* Decimal with a point or an exponent, so that it is a float everywhere. */
static void decimal(char text[64], double x, int digits)
{
    snprintf(text, 60, "%.*g", digits, x);
    if (!strpbrk(text, ".en"))
        strcat(text, ".0");
}

static void print_float(
    FILE *out, const struct dialect *d, const char *name, int f, double x)
{
    char literal[64];
    if (d->hexadecimal)
        snprintf(literal, sizeof literal, "%a", x);
    else
        decimal(literal, x, f == F64 ? 17 : d->digits);
    fprintf(out, d->line[f], name, literal);
}

static void print_bits(
    FILE *out, const struct dialect *d, const char *name, int f, double x)
{
    const struct num_format *format = &num_formats[f];
    const bool wide = format->width + format->precision == 16;
    char upper[8] = {0}, value[64];
    for (int i = 0; format->name[i]; i++)
        upper[i] = (char)(format->name[i] >= 'a' ? format->name[i] - 32
                                                 : format->name[i]);
    fprintf(out, d->bits[!wide], name, upper, num_format_bits(x, format));
    decimal(value, x, 9);
    fprintf(out, " %s%s%s\n", d->open, value, d->close);
}

/* What a ball around 0 has to be narrower than to pass for it. */
enum { LITERALS_TIGHT = 150 };

static enum sn_status print_low(
    FILE *out, const char *line, const char *name, const arb_t x, double high)
{
    NUM_ARB(rest);
    double low;
    arb_set_d(rest, high);
    arb_sub(rest, x, rest, arb_bits(x) + 64);
    enum sn_status status = num_round_to_format(&low, rest, &num_formats[F64]);
    if (status == SN_OK) {
        fprintf(out, line, name, low);
    } else if (arb_contains_zero(rest) &&
               mag_cmp_2exp_si(arb_radref(rest), -LITERALS_TIGHT) < 0) {
        fprintf(
            out, "/* %s_F64_LO: 0, or below 2^-%d */\n", name, LITERALS_TIGHT);
        status = SN_OK;
    }
    return status;
}

static enum sn_status print_number(FILE *out, enum num_language language,
    const struct num_named *number, long digits)
{
    const struct dialect *d = &dialect[language];
    char *value, *radius;
    enum sn_status status =
        num_decimal_arb(&value, &radius, number->value, digits);
    if (status != SN_OK)
        return status;
    fprintf(out, "\n%s%s = %s%s\n", d->open, number->what, value, d->close);
    free(value);
    free(radius);
    for (int f = 0; f < NUM_ALL_FORMATS && status == SN_OK; f++) {
        double x;
        status = num_round_to_format(&x, number->value, &num_formats[f]);
        if (status != SN_OK)
            break;
        const bool zero = arb_is_zero(number->value);
        if (!isfinite(x) || (x == 0 && !zero))
            fprintf(out, "%s%s %s in %s%s\n", d->open, number->what,
                x == 0     ? "rounds to 0"
                : isnan(x) ? "is a tie"
                           : "does not fit",
                num_formats[f].name, d->close);
        else if (f < F16)
            print_float(out, d, number->name, f, x);
        else
            print_bits(out, d, number->name, f, x);
        if (f == F64 && language == NUM_C && isfinite(x))
            status = print_low(
                out, "#define %s_F64_LO %a\n", number->name, number->value, x);
        if (f == F64 && language == NUM_CUDA && isfinite(x))
            status = print_low(out, "constexpr double %s_F64_LO = %a;\n",
                number->name, number->value, x);
    }
    return status;
}

static void print_attribute(
    FILE *out, const char *attribute, double x, const char *after)
{
    char literal[200];
    snprintf(literal, sizeof literal, "%.160g", x); /* exact */
    fprintf(out, "%s = %s%s%s", attribute, literal,
        strpbrk(literal, ".en") ? "" : ".0", after);
}

/*
 * y = Operator <attribute = value, ...> (x), or without an operator each
 * number as a Constant; both are binary32.
 */
static enum sn_status print_onnx(FILE *out, const struct num_named *number,
    int count, const char *operator, long digits)
{
    enum sn_status status = SN_OK;
    double x[8];
    for (int i = 0; i < count && status == SN_OK; i++) {
        char *value, *radius;
        status = num_decimal_arb(&value, &radius, number[i].value, digits);
        if (status != SN_OK)
            break;
        fprintf(out, "# %s = %s\n", number[i].what, value);
        free(value);
        free(radius);
        status = num_round_to_format(
            &x[i], number[i].value, &num_formats[LITERALS_F32]);
    }
    if (status != SN_OK)
        return status;
    if (operator)
        fprintf(out, "y = %s <", operator);
    const char *comma = "";
    for (int i = 0; i < count; i++) {
        if (!operator) {
            fprintf(out, "%s = Constant <", number[i].what);
            print_attribute(out, "value_float", x[i], "> ()\n");
        } else if (number[i].attribute) {
            fputs(comma, out);
            print_attribute(out, number[i].attribute, x[i], "");
            comma = ", ";
        }
    }
    if (operator)
        fputs("> (x)\n", out);
    return SN_OK;
}

/* The first two numbers, as part of a C identifier. */
static void print_guard(FILE *out, const struct num_named *number, int count)
{
    uint64_t bits[2] = {0, 0};
    for (int i = 0; i < 2 && i < count; i++) {
        double nearest;
        if (num_nearest_f64(&nearest, number[i].value) == SN_OK)
            memcpy(&bits[i], &nearest, sizeof nearest);
    }
    fprintf(out,
        "#ifndef SN_CONSTANTS_%016" PRIX64 "_%016" PRIX64 "\n"
        "#define SN_CONSTANTS_%016" PRIX64 "_%016" PRIX64 "\n",
        bits[0], bits[1], bits[0], bits[1]);
}

char *num_literals(enum num_language language, const struct num_named *number,
    int count, const char *design, const char *operator, long digits)
{
    const struct dialect *d = &dialect[language];
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out, "%sSPDX-License-Identifier: MIT%s\n", d->open, d->close);
    fprintf(out,
        "%sGenerated by selfnorm from ball arithmetic; do not edit.%s\n",
        d->open, d->close);
    fprintf(out, "%s%s%s\n", d->open, design, d->close);
    fprintf(out, "%sEvery value is the exact one, correctly rounded%s.%s\n",
        d->open,
        language == NUM_C || language == NUM_CUDA
            ? "; _LO: what rounding left out"
            : "",
        d->close);
    enum sn_status status = SN_OK;
    if (language == NUM_ONNX) {
        status = print_onnx(out, number, count, operator, digits);
    } else {
        if (language == NUM_C || language == NUM_CUDA)
            print_guard(out, number, count);
        for (int i = 0; i < count && status == SN_OK; i++)
            status = print_number(out, language, &number[i], digits);
        fputs(d->foot, out);
    }
    bool bad = ferror(out);
    bad = fclose(out) || bad;
    if (status == SN_OK && !bad)
        return text;
    free(text);
    return NULL;
}
