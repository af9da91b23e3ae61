/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/arms.h"
#include <string.h>

const struct sn_arm sn_arms[] = {
    {"snn", "SNN", SN_LAW_LECUN, SN_NORM_NONE, SN_NONLINEAR_SELU, SN_PLAIN,
        true, 0.05},
    {"msra", "MSRAinit", SN_LAW_HE, SN_NORM_NONE, SN_NONLINEAR_RELU, SN_PLAIN,
        false, 0.5},
    {"batchnorm", "BatchNorm", SN_LAW_HE, SN_NORM_BATCH, SN_NONLINEAR_RELU,
        SN_PLAIN, false, 0},
    {"layernorm", "LayerNorm", SN_LAW_HE, SN_NORM_LAYER, SN_NONLINEAR_RELU,
        SN_PLAIN, false, 0},
    {"weightnorm", "WeightNorm", SN_LAW_HE, SN_NORM_WEIGHT, SN_NONLINEAR_RELU,
        SN_PLAIN, false, 0},
    {"highway", "Highway", SN_LAW_HE, SN_NORM_NONE, SN_NONLINEAR_RELU,
        SN_HIGHWAY, false, 0.5},
    {"resnet", "ResNet", SN_LAW_HE, SN_NORM_BATCH, SN_NONLINEAR_RELU,
        SN_RESIDUAL, false, 0},
    {"tanh", "tanh", SN_LAW_GLOROT, SN_NORM_NONE, SN_NONLINEAR_TANH, SN_PLAIN,
        false, 0.5},
};
const int sn_arm_count = sizeof sn_arms / sizeof *sn_arms;

const struct sn_arm *sn_arm_find(const char *name)
{
    for (int i = 0; i < sn_arm_count; i++)
        if (!strcmp(sn_arms[i].name, name))
            return &sn_arms[i];
    return NULL;
}

bool sn_arm_has_depth(const struct sn_arm *arm, size_t depth)
{
    return depth >= 1 && (arm->connection != SN_RESIDUAL || depth % 2 == 0);
}
