/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exec:COMMAND: a program that reads raw little-endian values on standard
 * input until its end and writes as many on standard output.  It runs by
 * /bin/sh in a process group of its own; its standard error is ours.  Its
 * environment says what is wanted: SELFNORM_FUNCTION, SELFNORM_DTYPE,
 * SELFNORM_LAMBDA and SELFNORM_ALPHA (17 digits), and for alpha dropout
 * SELFNORM_RATE and SELFNORM_SEED.  Gradients get pairs, dy and x in turn, and
 * give one dx = dy f'(x) for each.
 */
#ifndef SN_VERIFY_CONFORMANCE_SUBJECT_STREAM_H
#define SN_VERIFY_CONFORMANCE_SUBJECT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct subject_stream {
    const char *command, *function;
    double lambda, alpha, rate;
    uint64_t seed;
    int type;
    bool gradient;
    double timeout; /* without a byte going in or out */
    /* block b into x, at most CONF_BLOCK elements, and of a gradient into dy
       if that is not 1: how many, 0 after the last; called from two threads */
    size_t (*give)(void *ctx, uint64_t block, void *x, void *dy);
    /* the same block again with its results; false: stop */
    bool (*take)(
        void *ctx, uint64_t block, const void *x, const void *y, size_t n);
    void *ctx;
};

/* enum conf_outcome; other than CONF_RAN: why, one line. */
int subject_stream_run(
    const struct subject_stream *stream, char *why, size_t room);

#endif
