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
    double lower;  /* the kernel's own -alpha', to a few units; 0: exact */
    bool by_value; /* the mask changes with the inputs */
    bool by_batch; /* a and b change with the inputs */
    bool unsteady; /* one seed gives different masks */
    bool failed;   /* what follows is not asked */
    struct subject_failure failure; /* the first */
    int mode;                       /* subject_mode() */
    double changed, changed_n;      /* inputs, in the first call that did */
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
    double rate;
    double x[DROPOUT_CLASSES];    /* the inputs: i-th is x[i mod 5] */
    double kept[DROPOUT_CLASSES]; /* what they become; NaN: never kept */
    double dropped;               /* NaN: nothing is */
    size_t n;                     /* results seen */
    bool all_kept;                /* each class has one result */
    bool other; /* results that are neither: not a mask of two values */
};

/* From results y of calls of n inputs each. */
void dropout_look(
    struct dropout_view *view, const double *y, size_t n, size_t calls);

#endif
