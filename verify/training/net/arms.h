/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The networks that are compared.  All are feed-forward, with `depth` hidden
 * layers of `width` units between the features and a linear layer for softmax
 * cross-entropy.  Each rival has the initialisation of its own authors:
 *
 *   snn         SELU, LeCun normal N(0, 1/n), alpha dropout (the paper)
 *   msra        ReLU, He normal N(0, 2/n), dropout
 *   batchnorm   affine - batch normalization - ReLU, He normal
 *   layernorm   affine - layer normalization - ReLU, He normal
 *   weightnorm  w = g v/|v|, ReLU, v He normal, g = |v| at the start (from
 *               a first batch, as its authors, it diverged in deep networks:
 *               docs/results/training.md)
 *   highway     t h + (1 - t) x, h = ReLU(affine x), t = sigmoid(affine x)
 *               with bias -2; He normal; the first layer is an ordinary one
 *   resnet      x + A relu(N(A relu(N(x)))), N batch normalization
 *               (pre-activation form), He normal; a block is two layers, and
 *               an affine layer in front, not counted, brings the features to
 *               `width`; a last N and ReLU behind; depth is even
 *   tanh        tanh, Glorot normal N(0, 2/(fan-in + fan-out)), dropout
 *
 * Biases start at 0; layers before a normalization have none.  The last layer
 * is N(0, 1/n) in all arms.
 */
#ifndef SN_VERIFY_TRAINING_NET_ARMS_H
#define SN_VERIFY_TRAINING_NET_ARMS_H

#include <stdbool.h>
#include <stddef.h>

enum train_law { TRAIN_LAW_LECUN, TRAIN_LAW_HE, TRAIN_LAW_GLOROT };
enum train_normalization {
    TRAIN_NORM_NONE,
    TRAIN_NORM_BATCH,
    TRAIN_NORM_LAYER,
    TRAIN_NORM_WEIGHT
};
enum train_nonlinearity {
    TRAIN_NONLINEAR_SELU,
    TRAIN_NONLINEAR_RELU,
    TRAIN_NONLINEAR_TANH
};
enum train_connection { TRAIN_PLAIN, TRAIN_HIGHWAY, TRAIN_RESIDUAL };

struct train_arm {
    const char *name, *title;
    enum train_law law;
    enum train_normalization normalization;
    enum train_nonlinearity nonlinearity;
    enum train_connection connection;
    bool alpha_dropout;
    double dropout; /* the rate that the paper tries beside 0; 0: none */
};

extern const struct train_arm train_arms[];
extern const int train_arm_count;

/* NULL if no arm has that name. */
const struct train_arm *train_arm_find(const char *name);

/* Can the arm have this many hidden layers?  resnet: even numbers. */
bool train_arm_has_depth(const struct train_arm *arm, size_t depth);

#endif
