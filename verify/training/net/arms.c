/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/net/arms.h"
#include <string.h>

const struct train_arm train_arms[] = {
    {"snn", "SNN", TRAIN_LAW_LECUN, TRAIN_NORM_NONE, TRAIN_NONLINEAR_SELU,
        TRAIN_PLAIN, true, 0.05},
    {"msra", "MSRAinit", TRAIN_LAW_HE, TRAIN_NORM_NONE, TRAIN_NONLINEAR_RELU,
        TRAIN_PLAIN, false, 0.5},
    {"batchnorm", "BatchNorm", TRAIN_LAW_HE, TRAIN_NORM_BATCH,
        TRAIN_NONLINEAR_RELU, TRAIN_PLAIN, false, 0},
    {"layernorm", "LayerNorm", TRAIN_LAW_HE, TRAIN_NORM_LAYER,
        TRAIN_NONLINEAR_RELU, TRAIN_PLAIN, false, 0},
    {"weightnorm", "WeightNorm", TRAIN_LAW_HE, TRAIN_NORM_WEIGHT,
        TRAIN_NONLINEAR_RELU, TRAIN_PLAIN, false, 0},
    {"highway", "Highway", TRAIN_LAW_HE, TRAIN_NORM_NONE, TRAIN_NONLINEAR_RELU,
        TRAIN_HIGHWAY, false, 0.5},
    {"resnet", "ResNet", TRAIN_LAW_HE, TRAIN_NORM_BATCH, TRAIN_NONLINEAR_RELU,
        TRAIN_RESIDUAL, false, 0},
    {"tanh", "tanh", TRAIN_LAW_GLOROT, TRAIN_NORM_NONE, TRAIN_NONLINEAR_TANH,
        TRAIN_PLAIN, false, 0.5},
};
const int train_arm_count = sizeof train_arms / sizeof *train_arms;

const struct train_arm *train_arm_find(const char *name)
{
    for (int i = 0; i < train_arm_count; i++)
        if (!strcmp(train_arms[i].name, name))
            return &train_arms[i];
    return NULL;
}

bool train_arm_has_depth(const struct train_arm *arm, size_t depth)
{
    return depth >= 1 && (arm->connection != TRAIN_RESIDUAL || depth % 2 == 0);
}
