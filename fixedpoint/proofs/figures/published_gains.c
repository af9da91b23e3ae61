/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gains of activations as others print them. */
#include "fixedpoint/proofs/figures/table.h"

/* estimates from samples */
static const struct figure_row nfnets[] = {
    {"NFNets", "celu", NULL, "1/std, z ~ N(0, 1)", "is 1.270926833152771",
        NULL},
    {"NFNets", "elu", NULL, "1/std, z ~ N(0, 1)", "is 1.2716004848480225",
        NULL},
    {"NFNets", "gelu", NULL, "1/std, z ~ N(0, 1)", "is 1.7015043497085571",
        NULL},
    {"NFNets", "leaky_relu", NULL, "1/std, z ~ N(0, 1)", "is 1.70590341091156",
        NULL},
    {"NFNets", "log_sigmoid", NULL, "1/std, z ~ N(0, 1)",
        "is 1.9193484783172607", NULL},
    {"NFNets", "relu", NULL, "1/std, z ~ N(0, 1)", "is 1.7139588594436646",
        NULL},
    {"NFNets", "relu6", NULL, "1/std, z ~ N(0, 1)", "is 1.7131484746932983",
        NULL},
    {"NFNets", "selu", NULL, "1/std, z ~ N(0, 1)", "is 1.0008515119552612",
        NULL},
    {"NFNets", "sigmoid", NULL, "1/std, z ~ N(0, 1)", "is 4.803835391998291",
        NULL},
    {"NFNets", "silu", NULL, "1/std, z ~ N(0, 1)", "is 1.7881293296813965",
        NULL},
    {"NFNets", "softsign", NULL, "1/std, z ~ N(0, 1)", "is 2.338853120803833",
        NULL},
    {"NFNets", "softplus", NULL, "1/std, z ~ N(0, 1)", "is 1.9203323125839233",
        NULL},
    {"NFNets", "tanh", NULL, "1/std, z ~ N(0, 1)", "is 1.5939117670059204",
        NULL},
};
const struct figure_table figure_nfnets = {
    FIGURE_NFNETS, nfnets, FIGURE_ROWS(nfnets)};

/* normalize2mom: from 10^6 samples; in EquiformerV2 and others as literals */
static const struct figure_row e3nn[] = {
    {"e3nn", "silu", NULL, "1/rms, z ~ N(0, 1)", "is 1.6791767923989418",
        NULL},
    {"e3nn", "sigmoid", NULL, "1/rms, z ~ N(0, 1)", "is 1.8467055342154763",
        NULL},
};
const struct figure_table figure_e3nn = {FIGURE_E3NN, e3nn, FIGURE_ROWS(e3nn)};

/* what calculate_gain() advises */
static const char unsaid[] = "not 1/rms; what it is the gain of is not said";
static const struct figure_row pytorch[] = {
    {"PyTorch", "tanh", NULL, "1/rms, z ~ N(0, 1)", "advises 5/3", unsaid},
    {"PyTorch", "relu", NULL, "1/rms, z ~ N(0, 1)", "advises sqrt(2)", NULL},
    {"PyTorch", "leaky_relu", NULL, "1/rms, z ~ N(0, 1)",
        "advises sqrt(2/(1 + 0.01^2))", "s = 0.01, the default slope"},
    {"PyTorch", "selu", NULL, "1/rms, z ~ N(0, 1)", "advises 3/4", unsaid},
    {"PyTorch", "sigmoid", NULL, "1/rms, z ~ N(0, 1)", "advises 1", unsaid},
};
const struct figure_table figure_pytorch = {
    FIGURE_PYTORCH, pytorch, FIGURE_ROWS(pytorch)};
