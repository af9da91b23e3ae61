/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the checker and its child process (kernel_host.c) share: one memory
 * object, page by page
 *     head | guard | x | guard | dy | guard | out | guard
 * of which the guards exist in the child's address space only, and two pipes:
 * the parent writes an order byte, the child answers with a byte when done.
 */
#ifndef SN_VERIFY_CONFORMANCE_SUBJECT_KERNEL_HOST_H
#define SN_VERIFY_CONFORMANCE_SUBJECT_KERNEL_HOST_H

#include "verify/conformance/subject/subject.h"

enum {
    SUBJECT_HOST_HEAD =
        65536, /* bytes: whole pages for any page size in use */
    SUBJECT_HOST_GUARD = 65536,
    SUBJECT_HOST_ARRAY = SUBJECT_BLOCK * (int)sizeof(double)
};
enum subject_host_order {
    SUBJECT_HOST_LOAD = 'l',
    SUBJECT_HOST_CALL = 'c',
    SUBJECT_HOST_TIME = 't',
    SUBJECT_HOST_LONG = 'b'
};

/* How the entry point is called. */
enum subject_host_shape {
    SUBJECT_HOST_FORWARD,
    SUBJECT_HOST_GRADIENT,
    SUBJECT_HOST_DROPOUT
};

enum subject_host_loaded {
    SUBJECT_HOST_LOADED,
    SUBJECT_HOST_NO_SYMBOL,
    SUBJECT_HOST_NOT_LOADED, /* error: what the loader says */
    SUBJECT_HOST_NO_CPU
};

struct subject_host_page {
    /* order */
    char library[PATH_MAX], symbol[256];
    uint64_t memory; /* bytes of address space at most; 0: no limit */
    int shape, dtype;
    uint64_t n, x_at, out_at; /* elements */
    int in_place, onto_x, two_threads;
    int elsewhere; /* SUBJECT_HOST_LONG: in place and one element on, too */
    int rounding;  /* 0 nearest, 1 up, 2 down, 3 towards 0 */
    int threaded;  /* in a thread of its own */
    double rate;   /* SUBJECT_HOST_DROPOUT */
    uint64_t seed;
    uint64_t repeats; /* SUBJECT_HOST_TIME: calls of n elements, own arrays */
    int threads;      /* SUBJECT_HOST_TIME: that share the n elements */
    /* answer */
    double seconds; /* SUBJECT_HOST_TIME; below 0: no memory */
    int loaded;     /* enum subject_host_loaded */
    char error[512];
    int mode_after_load, mode_after_call; /* enum subject_mode */
    int raised;                           /* enum subject_raised */
    int error_number;                     /* errno of the call */
    struct subject_long_run ran;          /* SUBJECT_HOST_LONG */
    /* last words of a child that crashes */
    int signal, writing; /* writing: 1 write, 0 read, -1 unknown */
    int array;           /* subject_array near the address, -1 none */
    int64_t offset;      /* bytes from that array's start */
};

/* kernel_host_apart.c: signals of this process reach itself alone; memory:
   bytes of address space at most, 0 as it is. */
void subject_host_keep_apart(uint64_t memory);

/* kernel_host_long.c: page->n elements that repeat x and dy, whose results go
   to `base`; which of its arrays an address is in or next to, -1 none, and
   where. */
int subject_host_long_array(const char *address, int64_t *offset);
typedef void subject_host_run(
    void *out, const void *dy, const void *x, size_t n);
void subject_host_long(struct subject_host_page *page, char *x, char *dy,
    char *base, subject_host_run *run);

#endif
