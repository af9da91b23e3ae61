/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/networks.h"
#include <math.h>
#include <string.h>

/*
 * Layers are square, so fan_in = fan_out = n: Glorot's laws are LeCun's. LeCun
 * is what the paper asks for.  A normal truncated at two deviations has
 *   variance 1 - 4 phi(2)/P = 0.774, P = 2 Phi(2) - 1, and kurtosis
 *   (3 - 4 phi(2) (3 + 4)/P)/variance^2 = 2.37.
 */
#define TRUNCATED_VARIANCE 0.77374130354992324
#define TRUNCATED_KURTOSIS 2.3655367171296495

static void row_uniform(double *w, const struct net_row *row, double gain)
{
    double end = sqrt(3 * gain / (double)row->n);
    shared_uniforms_f64(w, row->n, &row->stream);
    for (size_t j = 0; j < row->n; j++)
        w[j] = end * (2 * w[j] - 1);
}
static void uniform(double *w, const struct net_row *row)
{
    row_uniform(w, row, 1);
}
static void uniform_he(double *w, const struct net_row *row)
{
    row_uniform(w, row, 2);
}

/* By rejection: the k-th try of a column is a stream of its own. */
static void row_truncated(double *w, const struct net_row *row, double scale)
{
    enum { MOST_REDRAWS = 60, REDRAWN = 256 };
    double again[REDRAWN];
    shared_normals_f64(w, row->n, &row->stream, 0, 1);
    struct shared_stream stream = row->stream;
    for (size_t first = 0; first < row->n; first += REDRAWN) {
        size_t count = row->n - first < REDRAWN ? row->n - first : REDRAWN;
        bool open = true;
        for (uint32_t k = 0; open && k < MOST_REDRAWS; k++) {
            bool drawn = open = false;
            for (size_t j = 0; j < count; j++) {
                if (fabs(w[first + j]) <= 2)
                    continue;
                stream.kind = NET_RANDOM_AGAIN + k;
                /* a row has at most 2^16 columns: 256 chunks */
                stream.row =
                    row->stream.row << 8 | (uint32_t)(first / REDRAWN);
                if (!drawn)
                    shared_normals_f64(again, count, &stream, 0, 1);
                drawn = true;
                w[first + j] = again[j];
                open = open || fabs(again[j]) > 2;
            }
        }
    }
    scale /= sqrt((double)row->n);
    for (size_t j = 0; j < row->n; j++)
        w[j] *= scale;
}
static void truncated(double *w, const struct net_row *row)
{
    row_truncated(w, row, 1 / sqrt(TRUNCATED_VARIANCE));
}
static void truncated_unscaled(double *w, const struct net_row *row)
{
    row_truncated(w, row, 1);
}

static void rademacher(double *w, const struct net_row *row)
{
    double size = 1 / sqrt((double)row->n);
    shared_uniforms_f64(w, row->n, &row->stream);
    for (size_t j = 0; j < row->n; j++)
        w[j] = w[j] < 0.5 ? -size : size;
}

/* A Gaussian direction across (1, .., 1), its square's expectation or norm. */
static void row_across(double *w, const struct net_row *row, bool norm)
{
    double n = (double)row->n, mean = 0, square = 0;
    shared_normals_f64(w, row->n, &row->stream, 0, 1);
    for (size_t j = 0; j < row->n; j++)
        mean += w[j] / n;
    for (size_t j = 0; j < row->n; j++) {
        w[j] -= mean;
        square += w[j] * w[j];
    }
    double across = row->tau - row->omega * row->omega / n;
    double scale = sqrt(across / (norm ? square : n - 1));
    for (size_t j = 0; j < row->n; j++)
        w[j] = row->omega / n + scale * w[j];
}
static void gaussian_row(double *w, const struct net_row *row)
{
    row_across(w, row, false);
}
static void normalized_row(double *w, const struct net_row *row)
{
    row_across(w, row, true);
}

const struct net_weight_law net_weight_laws[] = {
    {"lecun-normal", "N(0, 1/n)", NET_ROW_FREE, 1, 0, true, NULL},
    {"lecun-uniform", "uniform, variance 1/n", NET_ROW_FREE, 1, -1.2, false,
        uniform},
    {"truncated-normal", "cut at 2 deviations, variance 1/n", NET_ROW_FREE, 1,
        TRUNCATED_KURTOSIS - 3, false, truncated},
    {"truncated-normal-unscaled", "N(0, 1/n) cut at 2 deviations",
        NET_ROW_FREE, TRUNCATED_VARIANCE, TRUNCATED_KURTOSIS - 3, false,
        truncated_unscaled},
    {"rademacher", "+-1/sqrt n", NET_ROW_FREE, 1, -2, false, rademacher},
    {"orthogonal", "Haar", NET_ROW_ORTHOGONAL, 1, 0, false, NULL},
    {"he-normal", "N(0, 2/n)", NET_ROW_FREE, 2, 0, true, NULL},
    {"he-uniform", "uniform, variance 2/n", NET_ROW_FREE, 2, -1.2, false,
        uniform_he},
    {"glorot-normal", "lecun-normal: layers are square", NET_ROW_FREE, 1, 0,
        true, NULL},
    {"glorot-uniform", "lecun-uniform: layers are square", NET_ROW_FREE, 1,
        -1.2, false, uniform},
    {"gaussian-rows", "Gaussian, sum exactly omega, E sum of squares tau",
        NET_ROW_SUM, 1, 0, true, gaussian_row},
    {"normalized-rows", "sum exactly omega, sum of squares exactly tau",
        NET_ROW_SUM_SQUARE, 1, 0, false, normalized_row},
    {NULL, NULL, 0, 0, 0, false, NULL},
};

const struct net_weight_law *net_weight_law_find(const char *name)
{
    for (const struct net_weight_law *law = net_weight_laws; law->name; law++)
        if (!strcmp(law->name, name))
            return law;
    return NULL;
}
