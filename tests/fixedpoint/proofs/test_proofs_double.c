/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas of claims in double precision, read as they are evaluated: what
 * sampling compares proven bounds with.  Moments by eqs. 4 and 5, their
 * derivatives by differences of those of eqs. 62 to 65's closed forms.
 */
#include "tests/fixedpoint/proofs/test_proofs.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    const char *at;
    const double *x;
    double lambda, alpha, m, v;
};

/* E e^(kz) 1{z<0}; by the asymptotic series where exp overflows. */
static double below_zero(double m, double v, int k)
{
    double a = (m + k * v) / sqrt(2 * v);
    if (a < 20)
        return exp(k * m + k * k * v / 2) * erfc(a) / 2;
    double b = 1 / (2 * a * a);
    return exp(-m * m / 2 / v) / (2 * a * sqrt(M_PI)) *
           (1 - b * (1 - 3 * b * (1 - 5 * b * (1 - 7 * b))));
}

/* k-th m-derivatives of E selu (second: of E selu^2), k = 0 to 4. */
static double moment(const struct reading *r, bool second, int k)
{
    double m = r->m, v = r->v, a = r->alpha, s = sqrt(2 * v);
    double e1 = below_zero(m, v, 1), e2 = below_zero(m, v, 2);
    double c = erfc(m / s) / 2, p = erfc(-m / s) / 2;
    double n = exp(-m * m / 2 / v) / sqrt(2 * M_PI * v), n1 = -m / v * n;
    double n2 = (m * m / v - 1) / v * n;
    double up = m * p + v * n, factor = r->lambda;
    double y[5];
    if (second) {
        factor *= r->lambda;
        y[0] = m * up + v * p + a * a * (e2 - 2 * e1 + c);
        y[1] = 2 * (up + a * a * (e2 - e1));
        y[2] = 2 * (p + a * a * (2 * e2 - e1));
        y[3] = 2 * (n + a * a * (4 * e2 - 2 * n - e1 + n));
        y[4] = 2 * (n1 + a * a * (8 * e2 - 4 * n - 2 * n1 - e1 + n + n1));
    } else {
        y[0] = up + a * (e1 - c);
        y[1] = p + a * e1;
        y[2] = n + a * (e1 - n);
        y[3] = n1 + a * (e1 - n - n1);
        y[4] = n2 + a * (e1 - n - n1 - n2);
    }
    return factor * y[k];
}

static double atom(const struct reading *r, char which, int i, int j)
{
    double scale = ldexp(1, -j);
    if (which != 'V')
        return scale * moment(r, which == 'S', i + 2 * j);
    double y = scale * moment(r, true, i + 2 * j);
    for (int a = 0; a <= i; a++)
        for (int b = 0; b <= j; b++)
            y -= (a == 1 && i == 2 ? 2 : 1) * (b == 1 && j == 2 ? 2 : 1) *
                 scale * moment(r, false, a + 2 * b) *
                 moment(r, false, i - a + 2 * (j - b));
    return y;
}

static double sum(struct reading *r);

static bool eat(struct reading *r, char c)
{
    while (*r->at == ' ')
        r->at++;
    if (*r->at != c)
        return false;
    r->at++;
    return true;
}

static double name(struct reading *r)
{
    char word[16] = "";
    size_t n = 0;
    for (; n < 15 && (isalnum((unsigned char)*r->at) || *r->at == '_'); n++)
        word[n] = *r->at++;
    double s = sqrt(2 * r->v);
    if (eat(r, '(')) {
        double a = sum(r), b = eat(r, ',') ? sum(r) : 0;
        eat(r, ')');
        return !strcmp(word, "hypot")  ? hypot(a, b)
               : !strcmp(word, "sqrt") ? sqrt(a)
               : !strcmp(word, "exp")  ? exp(a)
               : !strcmp(word, "erfc") ? erfc(a)
               : !strcmp(word, "abs")  ? fabs(a)
               : !strcmp(word, "sign") ? (a > 0) - (a < 0)
                                       : exp(a * a) * erfc(a);
    }
    for (int i = 0; i < IV_COORDINATES; i++)
        if (!strcmp(word, iv_coordinate[i]))
            return i == IV_M ? r->m : i == IV_V ? r->v : r->x[i];
    if (!strcmp(word, "lambda"))
        return r->lambda;
    if (!strcmp(word, "alpha"))
        return r->alpha;
    if (!strcmp(word, "pi"))
        return M_PI;
    if (!strcmp(word, "wmax"))
        return r->x[IV_OMEGA];
    if (!strcmp(word, "tmax"))
        return r->x[IV_TAU];
    if (!strcmp(word, "P"))
        return erfc(-r->m / s) / 2;
    if (!strcmp(word, "C"))
        return erfc(r->m / s) / 2;
    if (!strcmp(word, "N"))
        return exp(-r->m * r->m / 2 / r->v) / sqrt(2 * M_PI * r->v);
    if (*word == 'X')
        return below_zero(r->m, r->v, word[1] - '0');
    int i = 0, j = 0;
    for (const char *p = word + 1; *p; p++) {
        i += *p == 'm';
        j += *p == 'v';
    }
    return strchr("MSV", *word) ? atom(r, *word, i, j) : (double)NAN;
}

static double factor(struct reading *r)
{
    double y;
    if (eat(r, '-'))
        return -factor(r);
    if (eat(r, '(')) {
        y = sum(r);
        eat(r, ')');
    } else if (isdigit((unsigned char)*r->at) || *r->at == '.') {
        char *end;
        y = strtod(r->at, &end);
        r->at = end;
    } else {
        y = name(r);
    }
    if (eat(r, '^')) {
        char *end;
        y = pow(y, (double)strtol(r->at, &end, 10));
        r->at = end;
    }
    return y;
}

static double product(struct reading *r)
{
    double y = factor(r);
    for (;;) {
        if (eat(r, '*'))
            y *= factor(r);
        else if (eat(r, '/'))
            y /= factor(r);
        else
            return y;
    }
}

static double sum(struct reading *r)
{
    double y = product(r);
    for (;;) {
        if (eat(r, '+'))
            y += product(r);
        else if (eat(r, '-'))
            y -= product(r);
        else
            return y;
    }
}

double formula_in_double(
    const char *text, const double x[IV_COORDINATES], double scale_lambda)
{
    struct reading r = {.at = text,
        .x = x,
        .lambda = 1.0507009873554805 * scale_lambda,
        .alpha = 1.6732632423543772,
        .m = isnan(x[IV_M]) ? x[IV_MU] * x[IV_OMEGA] : x[IV_M],
        .v = isnan(x[IV_V]) ? x[IV_NU] * x[IV_TAU] : x[IV_V]};
    return sum(&r);
}
