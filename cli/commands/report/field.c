/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/constants/constants.h"
#include "cli/commands/report/report.h"
#include <math.h>

/* The domain of Theorem 1 in (mu, nu). */
static const double mu_end = 0.1, nu_low = 0.8, nu_high = 1.5;

/* The map with the paper's constants, evaluated again and again. */
struct plotted_map {
    struct map_point point;
    arb_t mean, variance, jacobian[4], norm;
};
enum { PLOTTED_BITS = 53 };

static void plotted_map_init(struct plotted_map *g)
{
    map_point_init(&g->point);
    constants_selu_arb(g->point.lambda, g->point.alpha, PLOTTED_BITS);
    arb_init(g->mean);
    arb_init(g->variance);
    arb_init(g->norm);
    for (int i = 0; i < 4; i++)
        arb_init(g->jacobian[i]);
}

static void plotted_map_clear(struct plotted_map *g)
{
    map_point_clear(&g->point);
    arb_clear(g->mean);
    arb_clear(g->variance);
    arb_clear(g->norm);
    for (int i = 0; i < 4; i++)
        arb_clear(g->jacobian[i]);
}

static double middle(const arb_t x)
{
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

/* (mu, nu) becomes its image, to plotting accuracy. */
static void apply_map(
    struct plotted_map *g, double *mu, double *nu, double omega, double tau)
{
    arb_set_d(g->point.mu, *mu);
    arb_set_d(g->point.nu, *nu);
    arb_set_d(g->point.omega, omega);
    arb_set_d(g->point.tau, tau);
    map_arb(g->mean, g->variance, NULL, &g->point, PLOTTED_BITS);
    *mu = middle(g->mean);
    *nu = middle(g->variance);
}

/* Spectral norm of the Jacobian there. */
static double norm_at(
    struct plotted_map *g, double mu, double nu, double omega, double tau)
{
    arb_set_d(g->point.mu, mu);
    arb_set_d(g->point.nu, nu);
    arb_set_d(g->point.omega, omega);
    arb_set_d(g->point.tau, tau);
    map_arb(g->mean, g->variance, g->jacobian, &g->point, PLOTTED_BITS);
    map_spectral_norm_arb(g->norm, g->jacobian, PLOTTED_BITS);
    return middle(g->norm);
}

static void write_arrows(
    const struct cmd_report_job *report, struct plotted_map *g)
{
    char path[PATH_MAX + 64];
    enum { ACROSS = 15, UP = 15 };
    cmd_report_path(report, "field.tsv", path);
    FILE *out = cli_file_open(&report->cli, path);
    fputs("# mu\tnu\tg_mean - mu\tg_variance - nu at omega 0, tau 1\n", out);
    for (int i = 0; i < ACROSS; i++)
        for (int j = 0; j < UP; j++) {
            double mu = -0.14 + 0.28 * i / (ACROSS - 1);
            double nu = 0.65 + 1.0 * j / (UP - 1);
            double mean = mu, variance = nu;
            apply_map(g, &mean, &variance, 0, 1);
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

static void write_images(
    const struct cmd_report_job *report, struct plotted_map *g)
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
            double mu, nu;
            boundary(4.0 * (i % STEPS) / STEPS, &mu, &nu);
            apply_map(g, &mu, &nu, weights[w][0], weights[w][1]);
            fprintf(out, "%.6g\t%.6g\n", mu, nu);
        }
        fputs("\n\n", out);
    }
    cli_file_close(&report->cli, out, path);
}

/* The largest norm at (m, v) with the omega and tau of Lemma 12. */
static void write_norm(
    const struct cmd_report_job *report, struct plotted_map *g)
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
            double tau = fmin(1.25, fmax(0.8, v / 0.8));
            fprintf(out, "%.6g\t%.6g\t%.8g\n", m, v,
                norm_at(g, m / 0.1, v / tau, 0.1, tau));
        }
    cli_file_close(&report->cli, out, path);
}

static bool is_inside(double mu, double nu)
{
    return fabs(mu) <= mu_end && nu >= nu_low && nu <= nu_high;
}

/* The most layers to Omega over constant omega, tau at ends of their ranges.
 */
static int layers_to_omega(struct plotted_map *g, double mu0, double nu0)
{
    int most = 0;
    for (int k = 0; k < 4; k++) {
        double mu = mu0, nu = nu0;
        double w = k & 1 ? 0.1 : -0.1, t = k & 2 ? 1.1 : 0.95;
        int layers = 0;
        for (; layers < 100 && !is_inside(mu, nu); layers++)
            apply_map(g, &mu, &nu, w, t);
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

static void write_absorb(
    const struct cmd_report_job *report, struct plotted_map *g)
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
            fprintf(
                out, "%.6g\t%.6g\t%d\n", mu, nu, layers_to_omega(g, mu, nu));
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
            double omega = 0.2 * draw(&state) - 0.1;
            apply_map(g, &mu, &nu, omega, 0.95 + 0.15 * draw(&state));
        }
        fputs("\n\n", out);
    }
    cli_file_close(&report->cli, out, path);
}

void cmd_report_field(const struct cmd_report_job *report)
{
    NUM_STRUCT(plotted_map, g);
    write_arrows(report, &g);
    write_images(report, &g);
    write_norm(report, &g);
    write_absorb(report, &g);
    flint_cleanup();
}
