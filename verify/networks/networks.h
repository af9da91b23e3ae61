/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Deep random fully connected networks, measured beside their exact theory.
 *
 * A network has `depth` layers of `width` = n units, without biases unless
 * they are asked for:
 *   z_l = W_l x_{l-1} + b_l,  f_l = activation(z_l),  x_l = dropout(f_l),
 * l = 1 .. depth, weights drawn afresh per network and layer.  Layer 0 is the
 * input.  Activations are binary32 or binary64, statistics binary64.
 *
 * TWO METHODS.  `direct` draws W_l and multiplies (CBLAS).  `exact` draws z_l
 * from its law given x_{l-1}: with Gaussian weights the z of k inputs are,
 * unit by unit, independent N(0, C), C = variance of a weight times the Gram
 * matrix of the inputs.  That is the same law at every width, for O(n k^2)
 * work.
 *
 * THEORY (docs/reference/simulate.md).  With q = |x|^2/n and weights of
 * variance s/n, the pre-activations given x are n independent N(0, s q). Hence
 *   E[z^2 | x] = s q,  E[f | x] = M(s q),  E[f^2 | x] = Q(s q),
 * exactly at every width.  As n grows q concentrates and mean and variance
 * over the units (with biases s q + their variance stands for s q) follow g
 * (paper, eqs. 3 to 5) at m = 0, v = nu + mu^2: a
 * unit's sum of weights, the paper's omega, is N(0, 1) there.  The laws
 * gaussian-rows and normalized-rows give each row the sum omega exactly; then
 * m = mu omega, v = (tau - omega^2/n) nu, nu the unbiased variance: g itself.
 *
 * RESIDUALS.  By these equations the following have mean exactly zero given
 * x_{l-1}, so also summed over layers (martingale differences):
 *   z:        sum(z - E z)/n/sd,  sum z^2/n / E z^2 - 1
 *   kurtosis: sum(z - E z)^4/n / (3 sd^4) - 1 - 2 (second one above)
 *   f:        (mean f - M)/sqrt Q, (mean f^2 - Q)/Q, less their projections on
 *             u and u^2 - 1, u = (z - E z)/sd, which have mean zero too and
 *             carry most of the noise
 *   dropout:  (mean x - E[x | f]), (mean x^2 - E[x^2 | f]), likewise scaled.
 * They say which stage is at fault.  Averaged over inputs and layers inside a
 * network; networks are independent and take t-tests.
 */
#ifndef SN_VERIFY_NETWORKS_NETWORKS_H
#define SN_VERIFY_NETWORKS_NETWORKS_H

#include "fixedpoint/activations/activations.h"
#include "verify/networks/statistics/exact_sum.h"
#include "fixedpoint/quadrature/model.h"
#include "verify/shared/dropout.h"
#include "verify/shared/parallel.h"
#include "verify/shared/random.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- what a network is ---- */

/*
 * What random numbers are for: replicate is the network, index the layer, row
 * as said.  A new use takes a new kind, never an old one.
 */
enum net_random_kind {
    NET_RANDOM_WEIGHTS,
    NET_RANDOM_INPUTS,
    NET_RANDOM_PREACTIVATIONS, /* the method exact: row = input */
    NET_RANDOM_ROWS,           /* omega and tau of a layer's units */
    NET_RANDOM_DROPOUT,        /* row = input */
    NET_RANDOM_COTANGENTS,     /* row = input */
    NET_RANDOM_BIASES,
    NET_RANDOM_AGAIN = 64 /* + k: k-th try of truncated weights, k < 64 */
};

enum net_real { NET_REAL_F32, NET_REAL_F64 };
enum net_way { NET_WAY_DIRECT, NET_WAY_EXACT };

/* What an activation does; a missing function is the program's. */
struct net_unit {
    void (*f32)(float *y, const float *x, size_t n);
    void (*f64)(double *y, const double *x, size_t n);
    void (*grad_f32)(float *dx, const float *dy, const float *x, size_t n);
    void (*grad_f64)(double *dx, const double *dy, const double *x, size_t n);
    const struct expr_program *program;
};

/* Which conditional law of z given x a law of weights implies. */
enum net_row_kind {
    NET_ROW_FREE,       /* independent entries of mean 0, variance gain/n */
    NET_ROW_ORTHOGONAL, /* the matrix is Haar orthogonal */
    NET_ROW_SUM,        /* Gaussian given that the row sums to omega */
    NET_ROW_SUM_SQUARE  /* uniform given sum omega and sum of squares tau */
};

/* One row of weights in binary64; omega and tau are of this row. */
struct net_row {
    size_t n;
    struct shared_stream stream; /* with its row */
    double omega, tau;
};
struct net_weight_law {
    const char *name, *help;
    enum net_row_kind kind;
    double gain;            /* n times the variance of an entry */
    double excess_kurtosis; /* of an entry */
    bool gaussian;
    void (*row)(double *w, const struct net_row *row); /* NULL: Gaussian */
};
extern const struct net_weight_law net_weight_laws[]; /* ends with name NULL */
const struct net_weight_law *net_weight_law_find(const char *name);

enum net_drawn { NET_PER_RUN, NET_PER_LAYER, NET_PER_UNIT };

struct net_networks {
    size_t width, depth, networks, inputs;
    enum net_way way;
    enum net_real real;
    const struct net_weight_law *weights;
    /* independent weights alone: all times `gain`; biases N(0, bias) */
    double gain, bias;
    /* for laws with rows; uniform in the intervals unless per run */
    struct quad_interval omega, tau;
    enum net_drawn drawn;
    /* entries N(start_mean, start_variance); inputs 2j and 2j + 1 correlate */
    double start_mean, start_variance, correlation;
    const double *data; /* inputs x width, instead; NULL: none */
    const struct net_unit *unit;
    struct shared_dropout dropout;
    size_t dropout_layers; /* the last so many; depth: all */
    bool backward;         /* direct: gradients too */
    /* what is expected: differs from the above in tests of the tests */
    struct quad_model model;
    double expected_gain;
    struct shared_dropout expected_dropout;
    /* what counts as inside and as within */
    double target_mean, target_variance, margin_mean, margin_variance;
    uint64_t seed;
    int threads; /* does not change any result */
};

/* Largest sizes: sgemm counts in int, Philox's counter has 24 bits a layer. */
enum {
    NET_MAX_WIDTH = 65536,
    NET_MAX_DEPTH = 100000,
    NET_MAX_INPUTS = 65536,
    NET_MAX_EXACT_INPUTS = 16,
    NET_MAX_NETWORKS = 1000000000
};

/*
 * direct, f32, width 512, depth 64, networks 32, inputs 64, LeCun normal,
 * N(0, 1), SELU (shared, never to be freed), margins 0.01 and 0.05.
 * SN_NO_MEMORY or SN_UNDECIDED.
 */
enum sn_status net_preset(struct net_networks *settings);

/*
 * Alpha dropout that keeps mean and variance, of an activation that is known
 * by name.  SN_NO_SOLUTION: it has no known finite limit for z -> -infinity
 * to set units to.
 */
enum sn_status net_alpha_dropout(struct shared_dropout *dropout,
    const struct act_chosen *activation, const arb_t rate, double mean,
    double variance);

/* Within the limits above, and laws that go together. */
bool net_is_runnable(const struct net_networks *settings);

/*
 * Everything that any number depends on but the activation, in one line
 * without an end.
 */
void net_networks_print(FILE *out, const struct net_networks *settings);

/* Threads that a run uses: see verify/shared/parallel.h. */
int net_threads(const struct net_networks *settings);

/*
 * Bytes that a run allocates.  A layer's weights exist only by blocks of rows
 * of about 1 MiB; a backward pass keeps the pre-activations of all layers.
 */
double net_bytes(const struct net_networks *settings);

/* ---- what is measured ---- */

/* Per network and layer, averaged over the inputs. */
enum net_quantity {
    NET_MEAN,            /* of one input over the units */
    NET_VARIANCE,        /* likewise, unbiased (n - 1) */
    NET_SECOND,          /* q: mean square over the units */
    NET_MEAN_SQUARE,     /* NET_MEAN of one input, squared */
    NET_VARIANCE_SQUARE, /* NET_VARIANCE of one input, squared */
    NET_SECOND_SQUARE,   /* NET_SECOND of one input, squared */
    NET_POOLED_VARIANCE, /* over units and inputs together */
    NET_UNIT_VARIANCE,   /* of one unit over the inputs, averaged over units */
    NET_COSINE,         /* x y/(|x| |y|), inputs 2j, 2j + 1; also x unlike 0 */
    NET_KURTOSIS,       /* excess, of z over units, given the layer before */
    NET_GRADIENT,       /* |dL/dx_{l-1}|^2/|dL/dx_l|^2, dL/dx_depth random */
    NET_LOG_GRADIENT,   /* ln |dL/dx_l|^2/|dL/dx_depth|^2 */
    NET_INSIDE,         /* part of inputs in the paper's Omega: mean within
                          0.1, variance 0.8 to 1.5 */
    NET_SETTLED,        /* part of inputs inside from this layer on */
    NET_WITHIN,         /* part of inputs within the margins of the target */
    NET_F_MEAN_NOISE,   /* variance of NET_F_MEAN and of NET_F_SECOND, were the
                         */
    NET_F_SECOND_NOISE, /* inputs independent; not of SELU at mean 0 */
    NET_RESIDUALS,      /* first residual */
    NET_Z_MEAN = NET_RESIDUALS,
    NET_Z_SECOND,
    NET_Z_FOURTH,
    NET_F_MEAN,
    NET_F_SECOND,
    NET_DROP_MEAN,
    NET_DROP_SECOND,
    NET_QUANTITIES,
    NET_RESIDUAL_COUNT = NET_QUANTITIES - NET_RESIDUALS
};

/*
 * Sums beyond the layers': each residual averaged over the layers; then, for
 * mean and for variance in the last layer, of d = measure - target the sums of
 * d and d^2, and in the cell after that of d^3.
 */
enum { NET_THIRDS = NET_RESIDUAL_COUNT, NET_POOLED = NET_RESIDUAL_COUNT + 4 };
extern const char *const net_quantity_name[NET_QUANTITIES];

/* Does a run measure it; NaN elsewhere. */
bool net_measures(const struct net_networks *s, enum net_quantity what);

/* Is its expectation exactly 0 under these settings: a theorem. */
bool net_residual_is_exact(
    const struct net_networks *s, enum net_quantity residual);

enum net_failure {
    NET_FAILURE_NONE,
    NET_FAILURE_NOT_FINITE, /* a value overflowed, is a NaN, or q > 1e25 */
    NET_FAILURE_VANISHED,   /* an input became 0 in all units, or q < 1e-25 */
    NET_FAILURE_CONSTANT,   /* laws of rows: its units are equal, see below */
    NET_FAILURE_GRADIENT    /* a gradient became 0 or not finite */
};
/* So that squares of squares stay within what exact sums hold. */
#define NET_LEAST_SECOND_MOMENT   1e-25
#define NET_LARGEST_SECOND_MOMENT 1e25

/*
 * Rows with a given sum act on differences between the units alone: where the
 * variance is less than this of the mean square, roundings are measured.
 */
#define NET_LEAST_VARIANCE_F32 1e-6
#define NET_LEAST_VARIANCE_F64 1e-10

/* Sums over networks of a quantity and of its square. */
struct net_cell {
    struct net_sum sum, square;
};

/*
 * Networks that ended.  Where one failed, only the layers that every network
 * reached are reported, and the failure nearest to the input (of the first
 * such network) is named.
 */
struct net_ensemble {
    struct net_networks settings;
    size_t networks; /* that ended */
    size_t layers;   /* rows 0 .. layers - 1 hold in each; depth + 1 if well */
    bool interrupted;
    enum net_failure failure;
    size_t failed_network, failed_layer;
    struct net_cell *cell;   /* [depth + 1][NET_QUANTITIES] */
    struct net_cell *pooled; /* [NET_POOLED] */
};

/*
 * Networks first .. first + count - 1 of the run.  SN_OK: see `ensemble`,
 * which net_ensemble_clear() releases, also where the run was interrupted or a
 * network failed.  SN_BAD_VALUE, SN_NO_MEMORY: nothing to release.
 */
enum sn_status net_run(struct net_ensemble *ensemble,
    const struct net_networks *settings, size_t first, size_t count,
    shared_progress *progress, void *context);
void net_ensemble_clear(struct net_ensemble *ensemble);

/* An ensemble of no networks, to be merged into.  SN_NO_MEMORY. */
enum sn_status net_ensemble_init(
    struct net_ensemble *ensemble, const struct net_networks *settings);
/* One network: rows 0 .. layers - 1 of its measures. */
void net_ensemble_add(struct net_ensemble *ensemble,
    const double (*measure)[NET_QUANTITIES], size_t layers,
    enum net_failure failure, size_t network);
/* Adds `other`, disjoint networks of the same settings, to `ensemble`. */
void net_ensemble_merge(
    struct net_ensemble *ensemble, struct net_ensemble *other);
/* Rank 0 (verify/shared/ranks.h) gets what all have; the others keep their
 * own. */
enum sn_status net_ensemble_gather(struct net_ensemble *ensemble);

/* A failure at a layer: that nearest to the input is kept. */
void net_ensemble_note(struct net_ensemble *ensemble, enum net_failure failure,
    size_t network, size_t layer);

/* 64-bit FNV-1a over all sums and counts: depends on no order. */
uint64_t net_ensemble_digest(const struct net_ensemble *ensemble);

#endif
