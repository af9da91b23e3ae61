/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What random networks tend to, layer by layer: g iterated, its corrections at
 * width n, the correlation map, the growth of gradients
 * (docs/reference/simulate.md).
 *
 * By binary64 quadrature of the settings' model.  At layers 1, 2, 4, 8, .. and
 * the last the moments are compared with the enclosures of fixedpoint/; where
 * they differ by 1e-9 (relative to rms, mean square) the theory ends.  There,
 * and where it has a closed form at every layer, the cosine is the mean-field
 * room's (fixedpoint/meanfield/pair.h).
 */
#ifndef SN_VERIFY_NETWORKS_THEORY_THEORY_H
#define SN_VERIFY_NETWORKS_THEORY_THEORY_H

#include "fixedpoint/activations/gaussian.h"
#include "verify/networks/networks.h"

enum theory_column {
    /* as the width grows: theorems for Gaussian weights, else limits too */
    THEORY_T_MEAN,
    THEORY_T_VARIANCE,
    THEORY_T_SECOND,
    THEORY_T_COSINE,        /* of two inputs, if there are pairs */
    THEORY_T_COSINE_RADIUS, /* proven, of this layer's step alone */
    THEORY_T_UNIT_VARIANCE, /* second moment less that of two inputs */
    THEORY_T_GRADIENT,     /* chi of the layer: gain E f'^2, times dropout's */
    THEORY_T_LOG_GRADIENT, /* sum of its logarithms from the layer above on */
    /* n times the first correction, Gaussian weights only: E m - mean, .. */
    THEORY_T_MEAN_BIAS,
    THEORY_T_VARIANCE_BIAS,
    THEORY_T_SECOND_BIAS,
    /* n times the variance over networks of one input's m, s^2, q */
    THEORY_T_MEAN_SPREAD,
    THEORY_T_VARIANCE_SPREAD,
    THEORY_T_SECOND_SPREAD,
    THEORY_T_KURTOSIS, /* n times the excess of z: 0 for Gaussian weights */
    THEORY_COLUMNS
};

struct theory_theory {
    size_t layers;                  /* rows that are known: 0 .. layers - 1 */
    double *column[THEORY_COLUMNS]; /* NaN where not known */
    const char *why;                /* not all are: a phrase, else NULL */
    bool no_moments; /* the reason: at layer `layers`, see trouble */
    bool inexact;    /* the reason: quadrature and enclosure differ there */
    struct act_trouble trouble;
};

/* Before the last layer, and so must the networks. */
static inline bool theory_ends(const struct theory_theory *theory)
{
    return theory->no_moments || theory->inexact;
}

/*
 * `f` is the expression of settings->model; it gains nodes.  SN_OK or
 * SN_NO_MEMORY.
 */
enum sn_status theory_init(struct theory_theory *theory,
    const struct net_networks *settings, struct expr_expression *f);
void theory_clear(struct theory_theory *theory);

/* The paper's lambda and alpha, rounded to binary64. */
enum sn_status theory_selu_constants_f64(double *lambda, double *alpha);

#endif
