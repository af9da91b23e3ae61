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
#ifndef SN_VERIFY_TRAINING_NET_NET_H
#define SN_VERIFY_TRAINING_NET_NET_H

#include "verify/training/draws.h"
#include "verify/training/net/plan.h"

struct train_step {
    double rate, momentum, decay;
    uint32_t number; /* of the step: dropout's masks depend on it */
};

/* What a set of rows scores. */
struct train_score {
    double loss; /* mean cross-entropy */
    size_t right;
};

/* One network of type T: _f32 and _f64. */
#define TRAIN_NET(T, NAME)                                                    \
    struct train_net_##NAME {                                                 \
        const struct train_plan *plan;                                        \
        uint64_t seed;                                                        \
        uint32_t replicate;                                                   \
        T *parameter, *velocity; /* plan->parameters each */                  \
        T *value;                /* plan->row x plan->rows */                 \
        T *gradient;             /* slots */                                  \
        T *state;                                                             \
    };                                                                        \
    /* Weights by the arm's law; false: no memory. */                         \
    bool train_net_make_##NAME(struct train_net_##NAME *net,                  \
        const struct train_plan *plan, uint64_t seed, uint32_t replicate);    \
    void train_net_clear_##NAME(struct train_net_##NAME *net);                \
    /* Cross-entropy; momentum v + gradient, decay's too, into velocity. */   \
    double train_net_gradient_##NAME(struct train_net_##NAME *net,            \
        const T *x, const int *label, size_t rows,                            \
        const struct train_step *step);                                       \
    /* The same and the step: parameters move, unless the loss is not */      \
    /* finite. */                                                             \
    double train_net_step_##NAME(struct train_net_##NAME *net, const T *x,    \
        const int *label, size_t rows, const struct train_step *step);        \
    /* Without dropout, with running means; any number of rows.  After it */  \
    /* net->value holds the last plan->rows (or fewer) rows. */               \
    struct train_score train_net_score_##NAME(struct train_net_##NAME *net,   \
        const T *x, const int *label, size_t rows);                           \
    /* Value i of row 0: row r is plan->value[i].width further on. */         \
    T *train_net_value_##NAME(const struct train_net_##NAME *net, int i);

TRAIN_NET(float, f32)
TRAIN_NET(double, f64)

/* The exponential and tanh of the binary32 passes, for tests. */
float train_exp_f32(float x);
float train_tanh_f32(float x);

#endif
