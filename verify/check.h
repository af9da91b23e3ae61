/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The check of 'selfnorm check' from one's own test:
 *
 *     #include "verify/check.h"
 *     ...
 *     char why[4096];
 *     if (sn_check_kernel("./libmine.so:my_selu", NULL, why, sizeof why))
 *         fail(why);
 *
 * Link with what 'pkg-config --static --libs selfnorm' says.  The program
 * kernel-host is found beside the test, or where 'make install' put it.  Under
 * an emulator of another processor, SELFNORM_EMULATOR names the program that
 * runs it (as /usr/bin/qemu-aarch64).  The kernel
 * runs in a child process: a crash of the kernel is a verdict, not the end of
 * the test.  Not for use from several threads at once.
 */
#ifndef SN_VERIFY_CHECK_H
#define SN_VERIFY_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The derivative at 0 that is right. */
enum sn_check_at_zero {
    SN_CHECK_AT_ZERO_LEFT,
    SN_CHECK_AT_ZERO_RIGHT,
    SN_CHECK_AT_ZERO_EITHER
};

/* What is asked; all zero, or NULL, are the defaults of the command. */
struct sn_check_options {
    const char *function; /* NULL: "selu", of a built-in kernel its own */
    const char *dtype;    /* NULL: "f32", of a built-in kernel its own */
    const char *lambda, *alpha; /* decimal; NULL: exact, elu and celu 1 */
    const char *allow;          /* codes of faults by commas, or NULL */
    const char *contract;       /* "multiple=8,aligned=32,dx-is-x", or NULL */
    double rate;                /* of alpha dropout; 0: five of them */
    long channel;       /* of alpha dropout: decisions for so many; 0: 1 */
    double false_alarm; /* of alpha dropout; 0: 1e-6 */
    double memory;      /* GiB of address space at most; 0: any */
    double max_ulp;     /* 0: 4, of a built-in kernel its own */
    double timeout;     /* seconds; 0: 10 */
    uint64_t samples;   /* 0: 2^21, f64 2^17 */
    uint64_t seed;      /* 0: 1706 */
    int threads;        /* 0: 1 */
    bool exhaustive;    /* f32: all 2^32 inputs */
    bool allow_flush;   /* 0 may stand for subnormals */
    bool strict;        /* warnings are errors */
    bool every_length;  /* of a program: 0 to 131, not five */
    bool any_zero_sign; /* the sign of a zero is not asked for */
    enum sn_check_at_zero at_zero;
};

enum sn_check_result {
    SN_CHECK_PASSED,  /* 0: all that was asked holds */
    SN_CHECK_FAILED,  /* 1: the kernel is wrong: why */
    SN_CHECK_USAGE,   /* 2: an option or the word cannot be used: why */
    SN_CHECK_UNUSABLE /* 3: the library or file cannot be used: why */
};

/*
 * KERNEL as for 'selfnorm check': a built-in name, PATH.so:SYMBOL,
 * exec:COMMAND or npy:IN,OUT; alpha dropout as the function too.  `why` gets
 * what was found, a line each, cut at `size`: errors, and behind "warning: "
 * and "note: " what fails nobody; empty where there is nothing.  It may be
 * NULL.  The result is that of the command, as an exit status.
 */
enum sn_check_result sn_check_kernel(const char *kernel,
    const struct sn_check_options *options, char *why, size_t size);

/* Where kernel-host is, if neither beside the program nor installed. */
void sn_check_kernel_host(const char *path);

#ifdef __cplusplus
}
#endif
#endif
