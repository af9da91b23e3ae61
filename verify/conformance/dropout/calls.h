/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of an alpha dropout, and what they show; internal to dropout/. */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_CALLS_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_CALLS_H

#include "verify/conformance/dropout/dropout.h"

enum { DROPOUT_CLASSES = 5 };

struct dropout_calls {
    const struct dropout_question *question;
    struct diag_list *list;
    struct subject_session *session; /* NULL where it crashed */
    bool failed;                     /* what follows is not asked */
    struct subject_failure failure;  /* the first */
    int mode;                        /* subject_mode() */
    double changed, changed_n;       /* inputs, in the first call that did */
};

/* How one call differs from another beside its inputs. */
struct dropout_how {
    double rate;
    uint64_t seed;
    bool threaded;
};

/* One call on n <= SUBJECT_BLOCK doubles, as results; false: it failed. */
bool dropout_call(struct dropout_calls *calls, double *y, const double *x,
    size_t n, struct dropout_how how);
/* The same of what lies in the session's arrays. */
bool dropout_call_arrays(
    struct dropout_calls *calls, const struct subject_call *call);
void dropout_end(struct dropout_calls *calls);

/* What a kernel does at one rate, from its values alone. */
struct dropout_view {
    double x[DROPOUT_CLASSES];    /* the inputs: i-th is x[i mod 5] */
    double kept[DROPOUT_CLASSES]; /* what they become; NaN: never kept */
    double dropped;               /* NaN: nothing is */
    bool other; /* results that are neither: not a mask of two values */
};

/* From results y of n inputs. */
void dropout_look(struct dropout_view *view, const double *y, size_t n);

#endif
