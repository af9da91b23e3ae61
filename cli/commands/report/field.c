/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/constants/constants.h"
#include "cli/commands/report/report.h"
#include <math.h>

/* The domain of Theorem 1 in (mu, nu). */
static const double mu_end = 0.1, nu_low = 0.8, nu_high = 1.5;

/* g to plotting accuracy; the ball's midpoint at 64 bits. */
static void map(double *mean, double *variance, double mu, double nu,
    double omega, double tau)
{
    struct map_point point;
    arb_t m, v;
    map_point_init(&point);
    arb_init(m);
    arb_init(v);
    arb_set_d(point.mu, mu);
    arb_set_d(point.nu, nu);
    arb_set_d(point.omega, omega);
    arb_set_d(point.tau, tau);
    constants_selu_arb(point.lambda, point.alpha, 64);
    map_arb(m, v, NULL, &point, 64);
    *mean = arf_get_d(arb_midref(m), ARF_RND_NEAR);
    *variance = arf_get_d(arb_midref(v), ARF_RND_NEAR);
    map_point_clear(&point);
    arb_clear(m);
    arb_clear(v);
}

static void write_arrows(const struct cmd_report_job *report)
{
    char path[PATH_MAX + 64];
    enum { ACROSS = 15, UP = 15 };
    cmd_report_path(report, "field.tsv", path);
    FILE *out = cli_file_open(&report->cli, path);
    fputs("# mu\tnu\tg_mean - mu\tg_variance - nu at omega 0, tau 1\n", out);
    for (int i = 0; i < ACROSS; i++)
        for (int j = 0; j < UP; j++) {
            double mu = -0.14 + 0.28 * i / (ACROSS - 1);
            double nu = 0.65 + 1.0 * j / (UP - 1), mean, variance;
            map(&mean, &variance, mu, nu, 0, 1);
            fprintf(out, "%.6g\t%.6g\t%.6g\t%.6g\n", mu, nu, mean - mu,
                variance - nu);
        }
    cli_file_close(&report->cli, out, path);
}

/* The point at `part` (0 to 4) of the domain's boundary. */
static void boundary(double part, double *mu, double *nu)
{
    double along = part - floor(part);
    switch ((int)part % 4) {
    case 0:
        *mu = mu_end * (2 * along - 1);
        *nu = nu_low;
        break;
    case 1:
        *mu = mu_end;
        *nu = nu_low + along * (nu_high - nu_low);
        break;
    case 2:
        *mu = mu_end * (1 - 2 * along);
        *nu = nu_high;
        break;
    default:
        *mu = -mu_end;
        *nu = nu_high - along * (nu_high - nu_low);
    }
}

static void write_images(const struct cmd_report_job *report)
{
    /* omega and -omega give the same image: mu omega runs over the same set */
    static const double weights[][2] = {{0, 1}, {0.1, 1.1}, {0.1, 0.95}};
    char path[PATH_MAX + 64];
    enum { STEPS = 80 };
    cmd_report_path(report, "image.tsv", path);
    FILE *out = cli_file_open(&report->cli, path);
    fputs("# mean\tvariance: image under g of the boundary of "
          "[-0.1, 0.1] x [0.8, 1.5]\n",
        out);
    for (size_t w = 0; w < sizeof weights / sizeof *weights; w++) {
        fprintf(out, "# omega %g, tau %g\n", weights[w][0], weights[w][1]);
        for (int i = 0; i <= STEPS; i++) {
            double mu, nu, mean, variance;
            boundary(4.0 * (i % STEPS) / STEPS, &mu, &nu);
            map(&mean, &variance, mu, nu, weights[w][0], weights[w][1]);
            fprintf(out, "%.6g\t%.6g\n", mean, variance);
        }
        fputs("\n\n", out);
    }
    cli_file_close(&report->cli, out, path);
}

/* ---- in double, for thousands of points: eqs. 4, 5, 62 to 65 ---------- */

static const double lambda = 1.0507009873554805, alpha = 1.6732632423543772;

struct values {
    double mean, variance, h[4]; /* Jacobian in (m, v), row by row */
};

static struct values values(double m, double v)
{
    double s = sqrt(2 * v), n = exp(-m * m / 2 / v) / sqrt(2 * M_PI * v);
    double e1 = exp(m + v / 2) * erfc((m + v) / s) / 2;
    double e2 = exp(2 * (m + v)) * erfc((m + 2 * v) / s) / 2;
    double c = erfc(m / s) / 2, p = 1 - c, up = m * p + v * n;
    double mean = lambda * (up + alpha * (e1 - c));
    double square = lambda * lambda, a2 = alpha * alpha;
    double second = square * (m * up + v * p + a2 * (e2 - 2 * e1 + c));
    struct values y = {mean, second - mean * mean, {0}};
    y.h[0] = lambda * (p + alpha * e1);
    y.h[1] = lambda * (n + alpha * (e1 - n)) / 2;
    y.h[2] = 2 * square * (up + a2 * (e2 - e1)) - 2 * mean * y.h[0];
    y.h[3] = square * (p + a2 * (2 * e2 - e1)) - 2 * mean * y.h[1];
    return y;
}

/* The largest norm at (m, v) with the omega and tau of Lemma 12. */
static void write_norm(const struct cmd_report_job *report)
{
    char path[PATH_MAX + 64];
    enum { ACROSS = 81, UP = 121 };
    cmd_report_path(report, "norm.tsv", path);
    FILE *out = cli_file_open(&report->cli, path);
    fputs(
        "# m\tv\tspectral norm for |omega| = 0.1 and the largest tau\n", out);
    for (int i = 0; i < ACROSS; i++, fputs("\n", out))
        for (int j = 0; j < UP; j++) {
            double m = -0.1 + 0.2 * i / (ACROSS - 1);
            double v = 0.3 + 2.1 * j / (UP - 1);
            double w = 0.1, t = fmin(1.25, fmax(0.8, v / 0.8));
            struct values y = values(m, v);
            double a = w * y.h[0], b = t * y.h[1], c = w * y.h[2];
            double d = t * y.h[3];
            fprintf(out, "%.6g\t%.6g\t%.8g\n", m, v,
                (hypot(a + d, c - b) + hypot(a - d, b + c)) / 2);
        }
    cli_file_close(&report->cli, out, path);
}

static bool is_inside(double mu, double nu)
{
    return fabs(mu) <= mu_end && nu >= nu_low && nu <= nu_high;
}

/* The most layers to Omega over constant omega, tau at ends of their ranges.
 */
static int layers_to_omega(double mu0, double nu0)
{
    int most = 0;
    for (int k = 0; k < 4; k++) {
        double mu = mu0, nu = nu0;
        double w = k & 1 ? 0.1 : -0.1, t = k & 2 ? 1.1 : 0.95;
        int layers = 0;
        for (; layers < 100 && !is_inside(mu, nu); layers++) {
            struct values y = values(mu * w, nu * t);
            mu = y.mean;
            nu = y.variance;
        }
        most = layers > most ? layers : most;
    }
    return most;
}

/* Pseudo-random in [0, 1): the same orbits in every report. */
static double draw(unsigned *state)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) * 0x1p-24;
}

static void write_absorb(const struct cmd_report_job *report)
{
    static const double start[][2] = {{-1, 0.02}, {1, 0.02}, {-1, 16}, {1, 16},
        {0, 0.02}, {0, 16}, {1, 0.3}, {-1, 5}};
    char path[PATH_MAX + 64];
    enum { ACROSS = 81, UP = 81, LAYERS = 60 };
    cmd_report_path(report, "layers.tsv", path);
    FILE *out = cli_file_open(&report->cli, path);
    fputs("# mu\tnu\tlayers to Omega, the most over omega +-0.1 and tau 0.95, "
          "1.1\n",
        out);
    for (int i = 0; i < ACROSS; i++, fputs("\n", out))
        for (int j = 0; j < UP; j++) {
            double mu = -1 + 2.0 * i / (ACROSS - 1);
            double nu = 0.02 * pow(800, (double)j / (UP - 1));
            fprintf(out, "%.6g\t%.6g\t%d\n", mu, nu, layers_to_omega(mu, nu));
        }
    cli_file_close(&report->cli, out, path);
    cmd_report_path(report, "orbits.tsv", path);
    out = cli_file_open(&report->cli, path);
    fputs(
        "# mean\tvariance: orbits, omega and tau anew in every layer\n", out);
    unsigned state = 1;
    for (size_t k = 0; k < sizeof start / sizeof *start; k++) {
        double mu = start[k][0], nu = start[k][1];
        for (int layer = 0; layer <= LAYERS; layer++) {
            fprintf(out, "%.6g\t%.6g\n", mu, nu);
            double w = 0.2 * draw(&state) - 0.1;
            struct values y =
                values(mu * w, nu * (0.95 + 0.15 * draw(&state)));
            mu = y.mean;
            nu = y.variance;
        }
        fputs("\n\n", out);
    }
    cli_file_close(&report->cli, out, path);
}

void cmd_report_field(const struct cmd_report_job *report)
{
    write_arrows(report);
    write_images(report);
    write_norm(report);
    write_absorb(report);
    flint_cleanup();
}
