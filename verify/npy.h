/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NumPy's .npy files (versions 1 to 3): arrays of one or two dimensions,
 * float32 or float64 of either byte order, rows or columns
 * first.  Nothing in the header is believed before the file's size bears it
 * out, so a hostile file costs no more memory than it is long, times two.
 */
#ifndef SN_VERIFY_NPY_H
#define SN_VERIFY_NPY_H

#include "fixedpoint/status.h"
#include <stddef.h>

struct sn_npy {
    int dimensions;       /* 1 or 2 */
    size_t rows, columns; /* one dimension: 1 row */
    double *value;        /* row by row; NaN and infinities as they come */
};

/*
 * SN_OK, then sn_npy_clear(); SN_SYSTEM: errno tells; SN_NO_MEMORY;
 * SN_BAD_VALUE: *why is a phrase, as "not a .npy file".
 */
enum sn_status sn_npy_read(
    struct sn_npy *npy, const char *path, const char **why);
void sn_npy_clear(struct sn_npy *npy);

#endif
