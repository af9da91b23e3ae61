/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NumPy's .npy files, versions 1 to 3 of the format: arrays of one of our
 * types, in either order of bytes.  bfloat16, which NumPy has no name for,
 * comes as <V2 (what ml_dtypes writes) or as its bits in <u2.
 *
 * LIMITS, refused by name: a header of SHARED_NPY_HEADER bytes, as many
 * dimensions as NumPy has; nothing nests.  Time is proportional to the header;
 * the elements are mapped, not read.
 */
#ifndef SN_VERIFY_SHARED_NPY_H
#define SN_VERIFY_SHARED_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHARED_NPY_DIMENSIONS = 32, SHARED_NPY_HEADER = 65535 };

struct shared_npy {
    int type;       /* enum shared_element; bfloat16 for V2 and u2 */
    bool swapped;   /* big-endian: the bytes of each element turned round */
    bool fortran;   /* order; of no matter below two dimensions */
    int dimensions; /* 0: a single number */
    uint64_t shape[SHARED_NPY_DIMENSIONS];
    uint64_t count; /* of elements */
    size_t at;      /* byte of the first element */
};

/*
 * Reads the header from the `size` bytes of a file and checks that as many
 * elements follow as it declares, no more.  false: why, one line.
 */
bool shared_npy_parse(struct shared_npy *npy, const unsigned char *bytes,
    size_t size, char *why, size_t room);

/* The file, in memory; release with shared_npy_close.  false: why. */
struct shared_npy_file {
    struct shared_npy npy;
    unsigned char *bytes;
    size_t size;
};
bool shared_npy_open(
    struct shared_npy_file *file, const char *path, char *why, size_t room);
void shared_npy_close(struct shared_npy_file *file);

/* Bits of the element that is the i-th in C's order. */
uint64_t shared_npy_bits(const struct shared_npy_file *file, uint64_t i);

/* Header of a one-dimensional array; returns its length, at most 128. */
size_t shared_npy_header(unsigned char header[128], int type, uint64_t count);

#endif
