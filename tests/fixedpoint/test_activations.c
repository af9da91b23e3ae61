/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moments of every activation of the list against GSL's quadrature of formulas
 * written here once more, and against the other method at more digits.
 */
#include "tests/fixedpoint/test_activations.h"
#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

static double sigmoid(double z)
{
    return 1 / (1 + exp(-z));
}

static double of_selu(double z)
{
    return 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * expm1(z));
}
static double of_elu(double z)
{
    return z > 0 ? z : expm1(z);
}
static double of_serlu(double z)
{
    return 1.07862 * (z > 0 ? z : 2.90427 * z * exp(z));
}
static double of_relu(double z)
{
    return fmax(z, 0);
}
static double of_leaky(double z)
{
    return z > 0 ? z : z / 100;
}
static double of_prelu(double z)
{
    return z > 0 ? z : z / 4;
}
static double of_relu6(double z)
{
    return fmin(fmax(z, 0), 6);
}
static double of_relu2(double z)
{
    return z > 0 ? z * z : 0;
}
static double of_hardtanh(double z)
{
    return fmin(fmax(z, -1), 1);
}
static double of_hardsigmoid(double z)
{
    return z < -3 ? 0 : z > 3 ? 1 : z / 6 + 0.5;
}
static double of_hardswish(double z)
{
    return z * of_hardsigmoid(z);
}
static double of_softshrink(double z)
{
    return fabs(z) < 0.5 ? 0 : z - copysign(0.5, z);
}
static double of_gelu(double z)
{
    return z * 0.5 * erfc(-z * M_SQRT1_2);
}
static double of_gelu_tanh(double z)
{
    return z * sigmoid(2 * sqrt(M_2_PI) * (z + 0.044715 * z * z * z));
}
static double of_quick_gelu(double z)
{
    return z * sigmoid(1.702 * z);
}
static double of_silu(double z)
{
    return z * sigmoid(z);
}
static double of_softplus(double z)
{
    return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
}
static double of_mish(double z)
{
    return z * tanh(of_softplus(z));
}
static double of_log_sigmoid(double z)
{
    return -of_softplus(-z);
}
static double of_softsign(double z)
{
    return z / (1 + fabs(z));
}
static double of_tanhshrink(double z)
{
    return z - tanh(z);
}
static double of_squareplus(double z)
{
    return (z + sqrt(z * z + 4)) / 2;
}
static double of_hardshrink(double z)
{
    return fabs(z) > 0.5 ? z : 0;
}
static double of_star_relu(double z)
{
    return 0.8944 * of_relu2(z) - 0.4472;
}
static double of_siren(double z)
{
    return sin(30 * z);
}
static double of_snake(double z)
{
    return z + (1 - cos(2 * z)) / 2;
}
static double of_log_cosh(double z)
{
    return of_softplus(2 * z) - z - M_LN2;
}
static double of_gaussian(double z)
{
    return exp(-z * z);
}
static double of_serf(double z)
{
    return z * erf(of_softplus(z));
}

static const struct {
    const char *name;
    double (*f)(double);
} row[] = {{"selu", of_selu}, {"elu", of_elu}, {"celu", of_elu},
    {"serlu", of_serlu}, {"relu", of_relu}, {"leaky_relu", of_leaky},
    {"prelu", of_prelu}, {"relu6", of_relu6}, {"relu_squared", of_relu2},
    {"hardtanh", of_hardtanh}, {"hardsigmoid", of_hardsigmoid},
    {"hardswish", of_hardswish}, {"softshrink", of_softshrink},
    {"gelu", of_gelu}, {"gelu_tanh", of_gelu_tanh},
    {"quick_gelu", of_quick_gelu}, {"silu", of_silu}, {"mish", of_mish},
    {"softplus", of_softplus}, {"log_sigmoid", of_log_sigmoid},
    {"sigmoid", sigmoid}, {"tanh", tanh}, {"softsign", of_softsign},
    {"tanhshrink", of_tanhshrink}, {"erf", erf}, {"squareplus", of_squareplus},
    {"hardshrink", of_hardshrink}, {"star_relu", of_star_relu},
    {"siren", of_siren}, {"snake", of_snake}, {"log_cosh", of_log_cosh},
    {"gaussian", of_gaussian}, {"serf", of_serf}, {"atan", atan}};
enum { ROWS = sizeof row / sizeof *row };

/* f^power u^weight under N(m, v); power 3: f'^2 by a difference. */
struct integral {
    double (*f)(double);
    double m, sigma;
    int power, weight;
};

static double integrand(double u, void *context)
{
    const struct integral *x = context;
    const double z = x->m + x->sigma * u, h = 1e-4;
    double y;
    if (x->power == 3) {
        double slope = (x->f(z - 2 * h) - 8 * x->f(z - h) + 8 * x->f(z + h) -
                           x->f(z + 2 * h)) /
                       (12 * h);
        y = slope * slope;
    } else {
        y = pow(x->f(z), x->power) * pow(u, x->weight);
    }
    return y * exp(-u * u / 2) / sqrt(2 * M_PI);
}

static double by_gsl(struct integral *x, gsl_integration_glfixed_table *table)
{
    /* all kinks of the list, where they are inside */
    static const double kink[] = {-3, -1, -0.5, 0, 0.5, 1, 3, 6};
    double point[10];
    size_t n = 0;
    point[n++] = -12;
    for (size_t i = 0; i < sizeof kink / sizeof *kink; i++) {
        double u = (kink[i] - x->m) / x->sigma;
        if (fabs(u) < 11.9)
            point[n++] = u;
    }
    point[n++] = 12;
    gsl_function function = {integrand, x};
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++) { /* steps below 1, ends at kinks */
        int steps = (int)ceil(point[i + 1] - point[i]);
        steps *= x->f == of_siren ? 16 : 4;
        double step = (point[i + 1] - point[i]) / steps;
        for (int k = 0; k < steps; k++)
            sum += gsl_integration_glfixed(&function, point[i] + k * step,
                point[i] + (k + 1) * step, table);
    }
    return sum;
}

static double off(const arb_t x, double want, double scale)
{
    return fabs(middle(x) - want) / scale;
}

/* The largest relative difference of the moments at N(m, v), v = sigma^2. */
static double difference(int i, double m, double sigma,
    gsl_integration_glfixed_table *table, double *of_slope)
{
    struct expr_expression f;
    struct act_gaussian g;
    struct act_trouble trouble;
    arb_t m_ball, v_ball;
    double want[3][3];
    default_of(&f, row[i].name);
    act_gaussian_init(&g);
    arb_init(m_ball);
    arb_init(v_ball);
    arb_set_d(m_ball, m);
    arb_set_d(v_ball, sigma);
    arb_sqr(v_ball, v_ball, 128);
    enum sn_status status = act_gaussian_arb(
        &g, &f, m_ball, v_ball, ACT_ANY_METHOD, 128, &trouble);
    cr_assert(status == SN_OK, "%s at N(%g, %g^2)", row[i].name, m, sigma);
    for (int power = 1; power <= 2; power++)
        for (int weight = 0; weight < 3; weight++)
            want[power][weight] = by_gsl(
                &(struct integral){row[i].f, m, sigma, power, weight}, table);
    double slope = by_gsl(&(struct integral){row[i].f, m, sigma, 3, 0}, table);
    double v = sigma * sigma, scale = 1 + want[2][0] + want[2][2];
    double worst = off(g.mean, want[1][0], scale);
    worst = fmax(worst, off(g.square, want[2][0], scale));
    worst = fmax(worst, off(g.mean_m, want[1][1] / sigma, scale / sigma));
    worst = fmax(worst, off(g.square_m, want[2][1] / sigma, scale / sigma));
    worst = fmax(
        worst, off(g.mean_v, (want[1][2] - want[1][0]) / (2 * v), scale / v));
    worst = fmax(worst,
        off(g.square_v, (want[2][2] - want[2][0]) / (2 * v), scale / v));
    /* of what jumps there is none */
    *of_slope = arb_is_finite(g.slope_square)
                    ? off(g.slope_square, slope, 1 + slope)
                    : 0;
    cr_assert(arb_is_finite(g.slope_square) ==
              (strcmp(row[i].name, "hardshrink") != 0));
    expr_clear(&f);
    act_gaussian_clear(&g);
    arb_clear(m_ball);
    arb_clear(v_ball);
    return worst;
}

Test(activations, moments_are_those_of_gsl)
{
    static const double at[][2] = {{0, 1}, {1, 1.5}, {-2, 0.7}, {0.3, 0.1},
        {0, 5}, {3.9, 2}, {-0.01, 1.2}};
    gsl_integration_glfixed_table *table =
        gsl_integration_glfixed_table_alloc(40);
    cr_assert(ROWS == act_count, "%d of %d", ROWS, act_count);
    double worst = 0, worst_slope = 0;
    const char *where = "", *where_slope = "";
    for (int i = 0; i < ROWS; i++)
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            double slope;
            double d = difference(i, at[k][0], at[k][1], table, &slope);
            if (!(d <= worst)) {
                worst = d;
                where = row[i].name;
            }
            if (!(slope <= worst_slope)) {
                worst_slope = slope;
                where_slope = row[i].name;
            }
        }
    gsl_integration_glfixed_table_free(table);
    /* the difference quotient is wrong across a kink, for 4e-4 of z */
    cr_assert(worst < 1e-11 && worst_slope < 2e-3,
        "worst %g of %s; of E f'^2 %g of %s", worst, where, worst_slope,
        where_slope);
}

/* Planted: a formula that is off by a part in 10^6 must differ by more. */
static double planted(double z)
{
    return 1.000001 * of_gelu(z);
}

Test(activations, gsl_would_notice)
{
    gsl_integration_glfixed_table *table =
        gsl_integration_glfixed_table_alloc(40);
    struct integral x = {planted, 0, 1, 2, 0}, y = {of_gelu, 0, 1, 2, 0};
    double d = fabs(by_gsl(&x, table) - by_gsl(&y, table));
    gsl_integration_glfixed_table_free(table);
    cr_assert(d > 1e-7, "%g", d);
}

Test(activations, closed_forms_are_quadratures)
{
    static const char *const at[][2] = {
        {"0", "1"}, {"-1.5", "0.3"}, {"2", "7"}, {"0.1", "1e-3"}};
    int closed = 0;
    for (int i = 0; i < act_count; i++)
        for (size_t k = 0; k < 4; k++)
            for (slong prec = 100; prec <= (k ? 100 : 400); prec += 300) {
                struct act_gaussian g[2];
                struct act_trouble trouble;
                arb_t m, v;
                arb_init(m);
                arb_init(v);
                arb_set_str(m, at[k][0], prec);
                arb_set_str(v, at[k][1], prec);
                for (int way = 0; way < 2; way++) {
                    struct expr_expression f;
                    default_of(&f, act_table[i].name);
                    act_gaussian_init(&g[way]);
                    act_gaussian_arb(&g[way], &f, m, v,
                        way ? ACT_QUADRATURE : ACT_ANY_METHOD, prec, &trouble);
                    expr_clear(&f);
                }
                closed += g[0].closed;
                cr_expect(
                    !g[1].closed && arb_overlaps(g[0].square, g[1].square) &&
                        arb_overlaps(g[0].mean, g[1].mean) &&
                        arb_overlaps(g[0].square_v, g[1].square_v) &&
                        arb_overlaps(g[0].mean_m, g[1].mean_m) &&
                        arb_overlaps(g[0].slope_square, g[1].slope_square) &&
                        arb_rel_accuracy_bits(g[0].square) > prec - 60,
                    "%s at N(%s, %s), %ld bits", act_table[i].name, at[k][0],
                    at[k][1], (long)prec);
                for (int way = 0; way < 2; way++)
                    act_gaussian_clear(&g[way]);
                arb_clear(m);
                arb_clear(v);
            }
    cr_assert(closed >= 12 * 5, "only %d closed forms", closed);
}
