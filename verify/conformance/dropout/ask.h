/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An alpha dropout under examination; internal to dropout/. */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_ASK_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_ASK_H

#include "verify/conformance/dropout/dropout.h"
#include "verify/conformance/structure/trial.h"

enum { DROPOUT_CLASSES = 5 };

struct dropout_ask {
    const struct conf_reference *reference;
    const struct conf_target *target;
    int dtype;
    double timeout;
    struct subject_runner *runner; /* of a library; NULL where it crashed */
    char why[600];                 /* the first thing that went wrong */
    char mode[256];
};

/* One call on n <= CONF_BLOCK doubles, as results; false: see why. */
bool dropout_ask(struct dropout_ask *ask, double *y, const double *x, size_t n,
    double rate, uint64_t seed, bool threaded);
void dropout_ask_end(struct dropout_ask *ask);

/* What a kernel does at one rate, from its values alone. */
struct dropout_view {
    double x[DROPOUT_CLASSES];    /* the inputs: i-th is x[i mod 5] */
    double kept[DROPOUT_CLASSES]; /* what they become; NaN: never kept */
    double dropped;               /* NaN: nothing is */
    bool other; /* results that are neither: not a mask of two values */
};

/* Whether y of an input of class k was dropped, by the view. */
static inline bool dropout_is_dropped(
    const struct dropout_view *view, double y)
{
    return y == view->dropped;
}

/* From results y of n inputs. */
void dropout_look(struct dropout_view *view, const double *y, size_t n);

#endif
