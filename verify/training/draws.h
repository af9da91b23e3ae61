/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What training's random numbers (verify/shared/random.h) are for. */
#ifndef SN_VERIFY_TRAINING_DRAWS_H
#define SN_VERIFY_TRAINING_DRAWS_H

#include "verify/shared/random.h"

/* A new use takes a new kind, never an old one. */
enum train_draw {
    TRAIN_DRAW_WEIGHTS = 0x40,
    TRAIN_DRAW_ORDER,
    TRAIN_DRAW_DROPOUT,
    TRAIN_DRAW_SPLIT,
    TRAIN_DRAW_TASK,
    TRAIN_DRAW_NOISE
};

#endif
