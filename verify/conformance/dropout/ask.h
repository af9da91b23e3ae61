/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An alpha dropout under examination; internal to dropout/. */
#ifndef SN_VERIFY_DROPOUT_ASK_H
#define SN_VERIFY_DROPOUT_ASK_H

#include "verify/conformance/dropout/dropout.h"
#include "verify/conformance/structure/trial.h"

enum { SN_DROPOUT_CLASSES = 5 };

struct sn_ask {
    const struct sn_reference *reference;
    const struct sn_target *target;
    int dtype;
    double timeout;
    struct sn_runner *runner; /* of a library; NULL where it crashed */
    char why[600];            /* the first thing that went wrong */
    char mode[256];
};

/* One call on n <= SN_BLOCK doubles, as results; false: see why. */
bool sn_ask(struct sn_ask *ask, double *y, const double *x, size_t n,
    double rate, uint64_t seed, bool threaded);
void sn_ask_end(struct sn_ask *ask);

/* What a kernel does at one rate, from its values alone. */
struct sn_dropout_view {
    double x[SN_DROPOUT_CLASSES];    /* the inputs: i-th is x[i mod 5] */
    double kept[SN_DROPOUT_CLASSES]; /* what they become; NaN: never kept */
    double dropped;                  /* NaN: nothing is */
    bool other; /* results that are neither: not a mask of two values */
};

/* Whether y of an input of class k was dropped, by the view. */
static inline bool sn_dropout_is_dropped(
    const struct sn_dropout_view *view, double y)
{
    return y == view->dropped;
}

/* From results y of n inputs. */
void sn_dropout_look(struct sn_dropout_view *view, const double *y, size_t n);

#endif
