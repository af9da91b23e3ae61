/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/data.h"
#include "verify/shared/elements.h"
#include "verify/shared/npy.h"
#include <stdio.h>
#include <stdlib.h>

bool net_data_read(
    struct net_data *data, const char *path, char *why, size_t room)
{
    struct shared_npy_file file;
    *data = (struct net_data){0};
    if (!shared_npy_open(&file, path, why, room))
        return false;
    const struct shared_npy *npy = &file.npy;
    if (npy->dimensions < 1 || npy->dimensions > 2 || !npy->count) {
        snprintf(why, room, "must hold one or two dimensions of numbers%s",
            npy->count ? "" : ", not none");
        shared_npy_close(&file);
        return false;
    }
    data->columns = npy->shape[npy->dimensions - 1];
    data->rows = npy->count / data->columns;
    data->value = malloc(npy->count * sizeof *data->value);
    if (!data->value)
        snprintf(why, room, "out of memory");
    for (size_t i = 0; data->value && i < npy->count; i++)
        data->value[i] =
            shared_element_value(npy->type, shared_npy_bits(&file, i));
    shared_npy_close(&file);
    return data->value;
}

void net_data_clear(struct net_data *data)
{
    free(data->value);
    *data = (struct net_data){0};
}
