/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passes through a network, in binary32 for training and, from the same
 * source (net_passes.h), in binary64 for the check of every gradient against
 * finite differences.
 *
 * Loss: mean cross-entropy of softmax over the rows of a batch, plus
 * decay/2 |w|^2 over matrices of weights where there is weight decay.
 * Step: v <- momentum v + gradient, w <- w - rate v.
 */
#ifndef SN_VERIFY_TRAINING_NET_H
#define SN_VERIFY_TRAINING_NET_H

#include "verify/training/draw.h"
#include "verify/training/plan.h"

struct sn_step {
    double rate, momentum, decay;
    uint32_t number; /* of the step: dropout's masks depend on it */
};

/* What a set of rows scores. */
struct sn_score {
    double loss; /* mean cross-entropy */
    size_t right;
};

/* One network of type T: _f32 and _f64. */
#define SN_NET(T, NAME)                                                       \
    struct sn_net_##NAME {                                                    \
        const struct sn_plan *plan;                                           \
        uint64_t seed;                                                        \
        uint32_t replicate;                                                   \
        T *parameter, *velocity; /* plan->parameters each */                  \
        T *value;                /* plan->row x plan->rows */                 \
        T *gradient;             /* slots */                                  \
        T *state;                                                             \
    };                                                                        \
    /* Weights by the arm's law; false: no memory. */                         \
    bool sn_net_make_##NAME(struct sn_net_##NAME *net,                        \
        const struct sn_plan *plan, uint64_t seed, uint32_t replicate);       \
    void sn_net_clear_##NAME(struct sn_net_##NAME *net);                      \
    /* Cross-entropy; momentum v + gradient, decay's too, into velocity. */   \
    double sn_net_gradient_##NAME(struct sn_net_##NAME *net, const T *x,      \
        const int *label, size_t rows, const struct sn_step *step);           \
    /* The same and the step: parameters move, unless the loss is not */      \
    /* finite. */                                                             \
    double sn_net_step_##NAME(struct sn_net_##NAME *net, const T *x,          \
        const int *label, size_t rows, const struct sn_step *step);           \
    /* Without dropout, with running means; any number of rows.  After it */  \
    /* net->value holds the last plan->rows (or fewer) rows. */               \
    struct sn_score sn_net_score_##NAME(struct sn_net_##NAME *net,            \
        const T *x, const int *label, size_t rows);                           \
    /* Value i of row 0: row r is plan->value[i].width further on. */         \
    T *sn_net_value_##NAME(const struct sn_net_##NAME *net, int i);

SN_NET(float, f32)
SN_NET(double, f64)

/* The exponential and tanh of the binary32 passes, for tests. */
float sn_train_exp_f32(float x);
float sn_train_tanh_f32(float x);

#endif
