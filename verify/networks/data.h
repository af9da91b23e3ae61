/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs of networks from a .npy file. */
#ifndef SN_VERIFY_NETWORKS_DATA_H
#define SN_VERIFY_NETWORKS_DATA_H

#include <stdbool.h>
#include <stddef.h>

struct net_data {
    size_t rows, columns; /* one dimension: 1 row */
    double *value;        /* row by row; NaN and infinities as they come */
};

/* One or two dimensions of any type that npy.h reads.  false: why. */
bool net_data_read(
    struct net_data *data, const char *path, char *why, size_t room);
void net_data_clear(struct net_data *data);

#endif
