/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs of networks from a .npy file. */
#ifndef SN_NETWORKS_DATA_H
#define SN_NETWORKS_DATA_H

#include <stdbool.h>
#include <stddef.h>

struct sn_data {
    size_t rows, columns; /* one dimension: 1 row */
    double *value;        /* row by row; NaN and infinities as they come */
};

/* One or two dimensions of any type that npy.h reads.  false: why. */
bool sn_data_read(
    struct sn_data *data, const char *path, char *why, size_t room);
void sn_data_clear(struct sn_data *data);

#endif
