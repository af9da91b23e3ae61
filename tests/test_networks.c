/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulator: digests, products, statistics, the residual test. */
#include "tests/test_networks.h"
#include "verify/networks/network.h"
#include <math.h>
#include <string.h>

static uint64_t digest_of(const struct sn_networks *settings)
{
    struct sn_ensemble e = run_of(settings);
    cr_assert_eq(e.layers, settings->depth + 1);
    uint64_t digest = sn_ensemble_digest(&e);
    sn_ensemble_clear(&e);
    return digest;
}

Test(networks, digest_does_not_depend_on_threads)
{
    struct sn_networks s = small(150, 6, 7);
    uint64_t one, other;
    s.threads = 4;
    one = digest_of(&s);
    for (s.threads = 3; s.threads >= 1; s.threads--)
        cr_assert_eq(digest_of(&s), one, "%d threads", s.threads);
    s.threads = 2;
    s.seed++;
    other = digest_of(&s);
    cr_assert_neq(other, one, "another seed");
    s.seed = 1 + (1ull << 32); /* the key's other half */
    cr_assert(digest_of(&s) != one && digest_of(&s) != other);
}

Test(networks, digest_does_not_depend_on_the_split)
{
    /* As shards and ranks do it: ranges of networks, merged in any order. */
    struct sn_networks s = small(40, 5, 23);
    struct sn_ensemble all, part;
    uint64_t whole = digest_of(&s);
    s.way = SN_WAY_DIRECT;
    for (size_t size = 1; size < 23; size += 5) {
        cr_assert_eq(sn_ensemble_init(&all, &s), SN_OK);
        for (size_t last = 23; last > 0;) {
            size_t first = last > size ? last - size : 0;
            cr_assert_eq(
                sn_networks_run(&part, &s, first, last - first, NULL, NULL),
                SN_OK);
            sn_ensemble_merge(&all, &part);
            sn_ensemble_clear(&part);
            last = first;
        }
        cr_assert_eq(sn_ensemble_digest(&all), whole, "parts of %zu", size);
        sn_ensemble_clear(&all);
    }
}

/* ---- the direct method against plain loops in binary64 -------------------
 */

enum { N = 300, DEPTH = 3, INPUTS = 4 }; /* two blocks of rows, one short */

static double selu(double x, const struct sn_model *m)
{
    return m->lambda * (x > 0 ? x : m->alpha * expm1(x));
}

static double slope(double x, const struct sn_model *m)
{
    return m->lambda * (x > 0 ? 1 : m->alpha * exp(x));
}

/* Matrix of one layer, as the law draws it. */
static void draw(double (*w)[N], const struct sn_networks *s, uint32_t layer)
{
    for (uint32_t u = 0; u < N; u++) {
        struct sn_row row = {N, {.seed = s->seed, .layer = layer, .row = u},
            s->omega.low, s->tau.low};
        float f[N];
        if (s->weights->row)
            s->weights->row(w[u], &row);
        else if (s->real == SN_REAL_F64)
            sn_normals_f64(w[u], N, &row.stream, 0, 1 / sqrt(N));
        else
            sn_normals_f32(f, N, &row.stream, 0, (float)(1 / sqrt(N)));
        for (int j = 0; j < N && !s->weights->row && s->real == SN_REAL_F32;
             j++)
            w[u][j] = f[j];
    }
}

static void draw_rows(double (*x)[N], const struct sn_networks *s,
    enum sn_random_kind kind, double mean, double deviation)
{
    for (uint32_t i = 0; i < INPUTS; i++) {
        const struct sn_stream in = {.seed = s->seed, .row = i, .kind = kind};
        float f[N];
        if (s->real == SN_REAL_F64)
            sn_normals_f64(x[i], N, &in, mean, deviation);
        else
            sn_normals_f32(f, N, &in, mean, deviation);
        for (int j = 0; j < N && s->real == SN_REAL_F32; j++)
            x[i][j] = f[j];
    }
}

/* dropout's mask by the documented uniform numbers */
static bool kept(const struct sn_networks *s, uint32_t l, uint32_t i, int j)
{
    static double u[N];
    const struct sn_stream stream = {
        .seed = s->seed, .layer = l, .row = i, .kind = SN_RANDOM_DROPOUT};
    sn_uniforms_f64(u, N, &stream);
    return u[j] >= s->dropout.rate;
}

static double w[DEPTH + 1][N][N], x[DEPTH + 1][INPUTS][N],
    pre[DEPTH + 1][INPUTS][N], g[INPUTS][N], h[INPUTS][N];
static bool keep[DEPTH + 1][INPUTS][N];

static void plain_forward(const struct sn_networks *s)
{
    const struct sn_dropout *d = &s->dropout;
    draw_rows(
        x[0], s, SN_RANDOM_INPUTS, s->start_mean, sqrt(s->start_variance));
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
    const struct sn_networks *s, const struct sn_ensemble *e)
{
    double worst = 0, log_energy[INPUTS] = {0};
    draw_rows(g, s, SN_RANDOM_COTANGENTS, 0, 1);
    for (size_t l = DEPTH + 1; l-- > 0;) {
        double want[SN_QUANTITIES] = {0}, unit = 0, total = 0, square = 0;
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
            want[SN_MEAN] += m / INPUTS;
            want[SN_VARIANCE] += v / INPUTS;
            want[SN_VARIANCE_SQUARE] += v * v / INPUTS;
            want[SN_LOG_GRADIENT] += log_energy[i] / INPUTS;
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
            want[SN_Z_MEAN] += r / INPUTS;
            want[SN_Z_SECOND] += (rr - 1) / INPUTS;
            want[SN_KURTOSIS] += (four - 3 - 6 * (rr - 1)) / INPUTS;
        }
        for (int j = 0; j < N; j++) {
            double m = 0;
            for (int i = 0; i < INPUTS; i++)
                m += x[l][i][j] / INPUTS;
            for (int i = 0; i < INPUTS; i++)
                unit += pow(x[l][i][j] - m, 2) / (INPUTS - 1) / N;
        }
        want[SN_UNIT_VARIANCE] = unit;
        want[SN_POOLED_VARIANCE] =
            (square - total * total) * N * INPUTS / (N * INPUTS - 1.0);
        for (int i = 0; i < INPUTS; i += 2) {
            double dot = 0;
            for (int j = 0; j < N; j++)
                dot += x[l][i][j] * x[l][i + 1][j];
            want[SN_COSINE] +=
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
            want[SN_GRADIENT] += energy(g[i]) / before / INPUTS;
            log_energy[i] += log(energy(g[i]) / before);
        }
        static const enum sn_quantity of[] = {SN_MEAN, SN_VARIANCE,
            SN_VARIANCE_SQUARE, SN_UNIT_VARIANCE, SN_POOLED_VARIANCE,
            SN_COSINE, SN_LOG_GRADIENT, SN_GRADIENT, SN_Z_MEAN, SN_Z_SECOND,
            SN_KURTOSIS};
        for (size_t k = 0; k < COUNT(of) - (l ? 0 : 4); k++) {
            if ((of[k] >= SN_Z_MEAN || of[k] == SN_KURTOSIS) &&
                s->weights->row)
                continue; /* rows with a sum have another law of z */
            double got = sn_ensemble_summary(e, l, of[k]).mean;
            worst = fmax(worst, fabs(got - want[of[k]]));
        }
    }
    return worst;
}

Test(networks, direct_agrees_with_plain_loops)
{
    static const struct {
        enum sn_real real;
        const char *law;
        double rate, allowed;
    } row[] = {{SN_REAL_F64, "lecun-normal", 0, 1e-12},
        {SN_REAL_F32, "lecun-normal", 0.1, 3e-6},
        {SN_REAL_F64, "gaussian-rows", 0.3, 1e-12}};
    for (size_t i = 0; i < COUNT(row); i++) {
        struct sn_networks s = small(N, DEPTH, 1);
        s.inputs = INPUTS;
        s.start_mean = 0.5;
        s.start_variance = 2;
        s.backward = true;
        s.real = row[i].real;
        s.weights = sn_weight_law_find(row[i].law);
        s.omega = (struct sn_interval){0.4, 0.4};
        s.dropout = s.expected_dropout = alpha_dropout(row[i].rate);
        struct sn_ensemble e = run_of(&s);
        cr_assert_eq(e.layers, DEPTH + 1);
        plain_forward(&s);
        double worst = plain_errors(&s, &e);
        sn_ensemble_clear(&e);
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
    struct sn_networks s = small(K, 1, 400);
    const struct sn_watch watch = {always, NULL, NULL};
    struct sn_workspace space;
    double back[PAIR], worst = 0;
    s.inputs = 2;
    s.real = SN_REAL_F64;
    s.weights = sn_weight_law_find("orthogonal");
    struct sn_ensemble e = run_of(&s);
    /* norms are kept to rounding in every network */
    struct sn_summary norm = sn_ensemble_summary(&e, 1, SN_Z_SECOND);
    cr_assert(fabs(norm.mean) < 1e-14 && norm.sd < 1e-14, "%g, sd %g",
        norm.mean, norm.sd);
    /* and z is uniform on the sphere: fourth moment 3 n/(n + 2) */
    struct sn_summary four = sn_ensemble_summary(&e, 1, SN_KURTOSIS);
    cr_assert(fabs(four.mean + 6.0 / (K + 2)) < 4.5 * four.se,
        "kurtosis %g, se %g", four.mean, four.se);
    sn_ensemble_clear(&e);

    /* the transposed matrix undoes it */
    cr_assert(sn_workspace_take(&space, &s));
    double *from = space.x;
    for (int i = 0; i < PAIR; i++)
        from[i] = sin(1 + i * i);
    cr_assert(sn_layer_direct(&space, space.z, &s, 0, 1, &watch) &&
              sn_layer_back(&space, back, space.z, &s, 0, 1, &watch));
    for (int i = 0; i < PAIR; i++)
        worst = fmax(worst, fabs(back[i] - from[i]));
    cr_assert(worst < 1e-14, "off by %g", worst);
    sn_workspace_release(&space);
}

/* ---- statistics ------------------------------------------------------------
 */

Test(networks, sums_are_exact_in_any_order)
{
    static const double term[] = {1e50, -1e50, 0x1p-330, 3, -0x1.8p-60, 1e-90,
        0x1.fffffffffffffp+382, -0x1.fffffffffffffp+382, -0.1, 0x1p-1074};
    struct sn_sum a = {{0}}, b = {{0}}, c = {{0}};
    for (size_t i = 0; i < COUNT(term); i++) {
        cr_assert(sn_sum_add(&a, term[i]));
        cr_assert(sn_sum_add(i % 2 ? &b : &c, term[COUNT(term) - 1 - i]));
    }
    sn_sum_merge(&b, &c);
    cr_assert_eq(sn_sum_hash(0, &a), sn_sum_hash(0, &b));
    cr_assert_eq(
        sn_sum_value(&a), (3 - 0.1) + -0x1.8p-60, "%a", sn_sum_value(&a));
    cr_assert(!sn_sum_add(&a, NAN) && !sn_sum_add(&a, INFINITY) &&
              !sn_sum_add(&a, 0x1p383));
    /* against binary128-like sums of whole numbers */
    struct sn_sum d = {{0}};
    long long whole = 0;
    for (long long i = -60000; i < 80000; i++) {
        sn_sum_add(&d, (double)(i * i * i));
        whole += i * i * i;
    }
    cr_assert(fabs(sn_sum_value(&d) - (double)whole) <= 1024);
    struct sn_sum negative = {{0}};
    sn_sum_add(&negative, -0x1.23456789abcdep-40);
    cr_assert_eq(sn_sum_value(&negative), -0x1.23456789abcdep-40);
}

Test(networks, statistics_by_hand)
{
    /* Three networks, two layers; t with 2 degrees has a closed form. */
    static const double value[3][2] = {{1, 9}, {2, 9}, {6, 9}};
    struct sn_networks s = small(8, 1, 3);
    struct sn_ensemble e;
    struct sn_residual_test t;
    struct sn_equivalence q[2];
    cr_assert_eq(sn_ensemble_init(&e, &s), SN_OK);
    for (size_t k = 0; k < 3; k++) {
        double measure[2][SN_QUANTITIES] = {{0}};
        measure[1][SN_MEAN] = measure[1][SN_Z_MEAN] = value[k][0];
        measure[1][SN_VARIANCE] = measure[1][SN_F_SECOND] = value[k][1];
        sn_ensemble_add(&e, (const double(*)[SN_QUANTITIES])measure, 2,
            SN_FAILURE_NONE, k);
    }
    const double eps = 1e-12, z = 3 / sqrt(7.0 / 3), a = 1 - 0.01 / 5;
    struct sn_summary m = sn_ensemble_summary(&e, 1, SN_MEAN);
    cr_assert(fabs(m.mean - 3) < eps && fabs(m.sd - sqrt(7)) < eps &&
              fabs(m.se - sqrt(7.0 / 3)) < eps);
    cr_assert_eq(sn_residual_test(&t, &e, 0.01), SN_OK);
    cr_assert(t.count == 5 && t.exact == 5 && t.row[0].what == SN_Z_MEAN &&
                  fabs(t.row[0].z - z) < eps &&
                  fabs(t.row[0].p - (1 - z / sqrt(2 + z * z))) < eps,
        "z = %.17g, p = %.17g", t.row[0].z, t.row[0].p);
    /* Five tests, two-sided: each tail holds 0.01/10. */
    cr_assert(fabs(t.limit - a * sqrt(2 / (1 - a * a))) < 1e-9, "limit %.17g",
        t.limit);
    /* Without spread an error is certain. */
    cr_assert(!t.passed && !t.layers_passed && isinf(t.worst.z) &&
              t.worst.what == SN_F_SECOND && t.worst.layer == 1);
    /* Equivalence: 3 -+ t se; a variance of 9, certain, off the target 1. */
    e.settings.target_mean = 3.5;
    e.settings.margin_mean = 100;
    cr_assert_eq(sn_equivalence_test(q, &e, 0.02, 0.9), SN_OK);
    double b = 1 - 2 * 0.01, half = b * sqrt(2 / (1 - b * b)) * m.se;
    cr_assert(q[0].outcome == SN_SHOWN && fabs(q[0].low - (3 - half)) < 1e-9 &&
              fabs(q[0].high - (3 + half)) < 1e-9);
    cr_assert(q[1].outcome == SN_OUTSIDE && q[1].needed == 0);
    e.settings.margin_mean = half;
    cr_assert_eq(sn_equivalence_test(q, &e, 0.02, 0.9), SN_OK);
    cr_assert(q[0].outcome == SN_UNDECIDED_YET && q[0].needed > 3);
    sn_ensemble_clear(&e);
}

Test(networks, needed_networks_give_the_power)
{
    /* Seed 1 and on; 0.8 of 200 runs: within 4.4 deviations. */
    struct sn_networks s = small(32, 4, 200);
    struct sn_equivalence q[2];
    s.way = SN_WAY_EXACT;
    s.inputs = 1;
    s.margin_variance = 0.15;
    s.target_variance = 0.95;
    struct sn_ensemble e = run_of(&s);
    cr_assert_eq(sn_equivalence_test(q, &e, 0.02, 0.8), SN_OK);
    cr_assert(q[1].needed > 20 && q[1].needed < 2000);
    s.networks = (size_t)q[1].needed;
    sn_ensemble_clear(&e);
    int shown = 0;
    for (s.seed = 100; s.seed < 300; s.seed++) {
        e = run_of(&s);
        sn_equivalence_test(q, &e, 0.02, 0.8);
        shown += q[1].outcome == SN_SHOWN;
        sn_ensemble_clear(&e);
    }
    cr_assert(shown > 120 && shown < 195, "%d of 200 with %zu networks", shown,
        s.networks);
}

Test(networks, residual_test_has_the_false_alarm_rate_it_claims)
{
    /* Starts far from the fixed point and narrow networks included. */
    static const struct {
        size_t width, depth, networks;
        double mean, variance;
    } row[] = {{32, 8, 8, 0, 1}, {16, 4, 16, 2, 9}, {64, 3, 4, 0, 1e-4}};
    enum { RUNS = 400 };
    for (size_t i = 0; i < COUNT(row); i++) {
        int refused = 0, layers = 0;
        struct sn_networks s =
            small(row[i].width, row[i].depth, row[i].networks);
        s.start_mean = row[i].mean;
        s.start_variance = row[i].variance;
        s.way = SN_WAY_EXACT;
        s.inputs = 4;
        s.threads = 1;
        for (s.seed = 1000; s.seed < 1000 + RUNS; s.seed++) {
            struct sn_residual_test t = test_of(&s, 0.05);
            refused += !t.passed;
            layers += !t.layers_passed;
        }
        /* Binomial(400, 0.05): mean 20, sd 4.4; beyond 4 sd: 6e-5. */
        cr_expect(refused >= 3 && refused <= 37 && layers <= 37,
            "width %zu, depth %zu, %zu networks: %d of %d refused at 0.05, "
            "%d for a layer",
            row[i].width, row[i].depth, row[i].networks, refused, RUNS,
            layers);
    }
}
