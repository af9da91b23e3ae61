/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The direct method: products, passes back, rotations. */
#include "tests/verify/networks/test_networks.h"
#include "verify/networks/layers/network.h"
#include <math.h>

enum { N = 530, DEPTH = 3, INPUTS = 4 }; /* two blocks of rows, one short */

static double selu(double x, const struct quad_model *m)
{
    return m->lambda * (x > 0 ? x : m->alpha * expm1(x));
}

static double slope(double x, const struct quad_model *m)
{
    return m->lambda * (x > 0 ? 1 : m->alpha * exp(x));
}

/* Matrix of one layer, as the law draws it. */
static void draw(double (*w)[N], const struct net_networks *s, uint32_t layer)
{
    for (uint32_t u = 0; u < N; u++) {
        struct net_row row = {N, {.seed = s->seed, .index = layer, .row = u},
            s->omega.low, s->tau.low};
        float f[N];
        if (s->weights->row)
            s->weights->row(w[u], &row);
        else if (s->real == NET_REAL_F64)
            shared_normals_f64(w[u], N, &row.stream, 0, 1 / sqrt(N));
        else
            shared_normals_f32(f, N, &row.stream, 0, (float)(1 / sqrt(N)));
        for (int j = 0; j < N && !s->weights->row && s->real == NET_REAL_F32;
             j++)
            w[u][j] = f[j];
    }
}

static void draw_rows(double (*x)[N], const struct net_networks *s,
    enum net_random_kind kind, double mean, double deviation)
{
    for (uint32_t i = 0; i < INPUTS; i++) {
        const struct shared_stream in = {
            .seed = s->seed, .row = i, .kind = kind};
        float f[N];
        if (s->real == NET_REAL_F64)
            shared_normals_f64(x[i], N, &in, mean, deviation);
        else
            shared_normals_f32(f, N, &in, mean, deviation);
        for (int j = 0; j < N && s->real == NET_REAL_F32; j++)
            x[i][j] = f[j];
    }
}

/* dropout's mask by the documented uniform numbers */
static bool kept(const struct net_networks *s, uint32_t l, uint32_t i, int j)
{
    static double u[N];
    const struct shared_stream stream = {
        .seed = s->seed, .index = l, .row = i, .kind = NET_RANDOM_DROPOUT};
    shared_uniforms_f64(u, N, &stream);
    return u[j] >= s->dropout.rate;
}

static double w[DEPTH + 1][N][N], x[DEPTH + 1][INPUTS][N],
    pre[DEPTH + 1][INPUTS][N], g[INPUTS][N], h[INPUTS][N];
static bool keep[DEPTH + 1][INPUTS][N];

static void plain_forward(const struct net_networks *s)
{
    const struct shared_dropout *d = &s->dropout;
    draw_rows(
        x[0], s, NET_RANDOM_INPUTS, s->start_mean, sqrt(s->start_variance));
    for (uint32_t l = 1; l <= DEPTH; l++) {
        draw(w[l], s, l);
        for (uint32_t i = 0; i < INPUTS; i++)
            for (int u = 0; u < N; u++) {
                double sum = 0;
                for (int j = 0; j < N; j++)
                    sum += w[l][u][j] * x[l - 1][i][j];
                pre[l][i][u] = sum;
                keep[l][i][u] = d->rate == 0 || kept(s, l, i, u);
                x[l][i][u] = keep[l][i][u] ? d->a * selu(sum, &s->model) + d->b
                                           : d->a * d->dropped + d->b;
            }
    }
}

static double energy(const double *v)
{
    double sum = 0;
    for (int j = 0; j < N; j++)
        sum += v[j] * v[j];
    return sum;
}

/* Largest error of what is measured per layer, from the same numbers. */
static double plain_errors(
    const struct net_networks *s, const struct net_ensemble *e)
{
    double worst = 0, log_energy[INPUTS] = {0};
    draw_rows(g, s, NET_RANDOM_COTANGENTS, 0, 1);
    for (size_t l = DEPTH + 1; l-- > 0;) {
        double want[NET_QUANTITIES] = {0}, unit = 0, total = 0, square = 0;
        for (int i = 0; i < INPUTS; i++) {
            double m = 0, q = 0, v = 0, four = 0, var = 0;
            for (int j = 0; j < N; j++) {
                m += x[l][i][j] / N;
                q += x[l][i][j] * x[l][i][j] / N;
            }
            for (int j = 0; j < N; j++)
                v += pow(x[l][i][j] - m, 2) / (N - 1);
            total += m / INPUTS;
            square += q / INPUTS;
            want[NET_MEAN] += m / INPUTS;
            want[NET_VARIANCE] += v / INPUTS;
            want[NET_VARIANCE_SQUARE] += v * v / INPUTS;
            want[NET_LOG_GRADIENT] += log_energy[i] / INPUTS;
            if (l == 0)
                continue;
            for (int j = 0; j < N; j++)
                var += x[l - 1][i][j] * x[l - 1][i][j] / N;
            double r = 0, rr = 0;
            for (int j = 0; j < N; j++) {
                r += pre[l][i][j] / N / sqrt(var);
                rr += pre[l][i][j] * pre[l][i][j] / N / var;
                four += pow(pre[l][i][j], 4) / N / var / var;
            }
            want[NET_Z_MEAN] += r / INPUTS;
            want[NET_Z_SECOND] += (rr - 1) / INPUTS;
            want[NET_KURTOSIS] += (four - 3 - 6 * (rr - 1)) / INPUTS;
        }
        for (int j = 0; j < N; j++) {
            double m = 0;
            for (int i = 0; i < INPUTS; i++)
                m += x[l][i][j] / INPUTS;
            for (int i = 0; i < INPUTS; i++)
                unit += pow(x[l][i][j] - m, 2) / (INPUTS - 1) / N;
        }
        want[NET_UNIT_VARIANCE] = unit;
        want[NET_POOLED_VARIANCE] =
            (square - total * total) * N * INPUTS / (N * INPUTS - 1.0);
        for (int i = 0; i < INPUTS; i += 2) {
            double dot = 0;
            for (int j = 0; j < N; j++)
                dot += x[l][i][j] * x[l][i + 1][j];
            want[NET_COSINE] +=
                dot / sqrt(energy(x[l][i]) * energy(x[l][i + 1])) / 2;
        }
        for (int i = 0; l > 0 && i < INPUTS; i++) {
            double before = energy(g[i]);
            for (int u = 0; u < N; u++)
                h[i][u] = keep[l][i][u] ? s->dropout.a * g[i][u] *
                                              slope(pre[l][i][u], &s->model)
                                        : 0;
            for (int j = 0; j < N; j++) {
                double sum = 0;
                for (int u = 0; u < N; u++)
                    sum += h[i][u] * w[l][u][j];
                g[i][j] = sum;
            }
            want[NET_GRADIENT] += energy(g[i]) / before / INPUTS;
            log_energy[i] += log(energy(g[i]) / before);
        }
        static const enum net_quantity of[] = {NET_MEAN, NET_VARIANCE,
            NET_VARIANCE_SQUARE, NET_UNIT_VARIANCE, NET_POOLED_VARIANCE,
            NET_COSINE, NET_LOG_GRADIENT, NET_GRADIENT, NET_Z_MEAN,
            NET_Z_SECOND, NET_KURTOSIS};
        for (size_t k = 0; k < COUNT(of) - (l ? 0 : 4); k++) {
            if ((of[k] >= NET_Z_MEAN || of[k] == NET_KURTOSIS) &&
                s->weights->row)
                continue; /* rows with a sum have another law of z */
            double got = net_ensemble_summary(e, l, of[k]).mean;
            worst = fmax(worst, fabs(got - want[of[k]]));
        }
    }
    return worst;
}

Test(networks, direct_agrees_with_plain_loops)
{
    static const struct {
        enum net_real real;
        const char *law;
        double rate, allowed;
    } row[] = {{NET_REAL_F64, "lecun-normal", 0, 1e-12},
        {NET_REAL_F32, "lecun-normal", 0.1, 3e-6},
        {NET_REAL_F64, "gaussian-rows", 0.3, 1e-12}};
    for (size_t i = 0; i < COUNT(row); i++) {
        struct net_networks s = small(N, DEPTH, 1);
        s.inputs = INPUTS;
        s.start_mean = 0.5;
        s.start_variance = 2;
        s.backward = true;
        s.real = row[i].real;
        s.weights = net_weight_law_find(row[i].law);
        s.omega = (struct quad_interval){0.4, 0.4};
        s.dropout = s.expected_dropout = alpha_dropout(row[i].rate);
        struct net_ensemble e = run_of(&s);
        cr_assert_eq(e.layers, DEPTH + 1);
        plain_forward(&s);
        double worst = plain_errors(&s, &e);
        net_ensemble_clear(&e);
        cr_expect(worst < row[i].allowed, "%s, rate %g: off by %g", row[i].law,
            row[i].rate, worst);
    }
}

static bool always(void *context)
{
    (void)context;
    return true;
}

Test(networks, orthogonal_matrices_are_orthogonal)
{
    enum { K = 24, PAIR = 2 * K };
    struct net_networks s = small(K, 1, 400);
    const struct net_watch watch = {always, NULL, NULL};
    struct net_workspace space;
    double back[PAIR], worst = 0;
    s.inputs = 2;
    s.real = NET_REAL_F64;
    s.weights = net_weight_law_find("orthogonal");
    struct net_ensemble e = run_of(&s);
    /* norms are kept to rounding in every network */
    struct net_summary norm = net_ensemble_summary(&e, 1, NET_Z_SECOND);
    cr_assert(fabs(norm.mean) < 1e-14 && norm.sd < 1e-14, "%g, sd %g",
        norm.mean, norm.sd);
    /* and z is uniform on the sphere: fourth moment 3 n/(n + 2) */
    struct net_summary four = net_ensemble_summary(&e, 1, NET_KURTOSIS);
    cr_assert(fabs(four.mean + 6.0 / (K + 2)) < 4.5 * four.se,
        "kurtosis %g, se %g", four.mean, four.se);
    net_ensemble_clear(&e);

    /* the transposed matrix undoes it */
    cr_assert(net_workspace_take(&space, &s));
    double *from = space.x;
    for (int i = 0; i < PAIR; i++)
        from[i] = sin(1 + i * i);
    cr_assert(net_layer_direct(&space, space.z, &s, 0, 1, &watch) &&
              net_layer_back(&space, back, space.z, &s, 0, 1, &watch));
    for (int i = 0; i < PAIR; i++)
        worst = fmax(worst, fabs(back[i] - from[i]));
    cr_assert(worst < 1e-14, "off by %g", worst);
    net_workspace_release(&space);
}

Test(networks, variances_beside_a_large_mean)
{
    /* 1 and 2 in turn, far from 0, as given inputs in binary64. */
    enum { UNITS = 64, MOST = 3 };
    static double in[MOST * UNITS];
    for (double far = 1; far <= 1e12; far *= 10)
        for (size_t inputs = 1; inputs <= MOST; inputs++) {
            struct net_networks s = small(UNITS, 1, 1);
            s.inputs = inputs;
            s.real = NET_REAL_F64;
            s.data = in;
            for (size_t j = 0; j < inputs * UNITS; j++)
                in[j] = far + 1 + (double)(j % 2) + (double)(j / UNITS);
            struct net_ensemble e = run_of(&s);
            double k = (double)inputs, all = k * UNITS;
            double between = (k * k - 1) / 12; /* of 0 .. k - 1 */
            const double want[3] = {0.25 * UNITS / (UNITS - 1.0),
                (0.25 + between) * all / (all - 1), between * k / (k - 1)};
            static const enum net_quantity of[3] = {
                NET_VARIANCE, NET_POOLED_VARIANCE, NET_UNIT_VARIANCE};
            for (int i = 0; i < (inputs > 1 ? 3 : 2); i++) {
                double got = net_ensemble_summary(&e, 0, of[i]).mean;
                cr_expect(fabs(got - want[i]) < 1e-9 * want[i],
                    "%s at %g, %zu inputs: %.17g, not %.17g",
                    net_quantity_name[of[i]], far, inputs, got, want[i]);
            }
            net_ensemble_clear(&e);
        }
}
