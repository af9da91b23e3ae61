/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs of networks: what NumPy writes, and what nobody should. */
#include "verify/networks/data.h"
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct file {
    unsigned char bytes[512];
    size_t length;
};

/* The bytes of a file as numpy.save lays them out, header padded to 64. */
static void compose(struct file *f, int version, const char *dict,
    const void *numbers, size_t size)
{
    size_t before = version == 1 ? 10 : 12;
    size_t length = (before + strlen(dict) + 1 + 63) / 64 * 64 - before;
    memcpy(f->bytes, "\x93NUMPY", 6);
    f->bytes[6] = (unsigned char)version;
    f->bytes[7] = 0;
    memset(f->bytes + 8, 0, 4);
    f->bytes[8] = (unsigned char)(length & 0xff);
    f->bytes[9] = (unsigned char)(length >> 8);
    memset(f->bytes + before, ' ', length);
    memcpy(f->bytes + before, dict, strlen(dict));
    f->bytes[before + length - 1] = '\n';
    memcpy(f->bytes + before + length, numbers, size);
    f->length = before + length + size;
}

static bool read_back(
    struct net_data *data, const struct file *f, char why[256])
{
    char path[] = "/tmp/selfnorm-npy-XXXXXX";
    int handle = mkstemp(path);
    cr_assert(handle >= 0 &&
              write(handle, f->bytes, f->length) == (ssize_t)f->length);
    close(handle);
    bool good = net_data_read(data, path, why, 256);
    unlink(path);
    return good;
}

Test(networks_data, what_numpy_writes)
{
    static const float f4[6] = {1, 2, 3, 4, 5, 6};
    static const double f8[6] = {1, 2, 3, 4, 5, 6};
    static const struct {
        int version;
        const char *dict;
        int numbers; /* 4 or 8 bytes */
        size_t rows, columns;
        double second;
    } row[] = {
        {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 4,
            2, 3, 2},
        {1, "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", 8, 2,
            3, 3},
        {2, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", 8,
            3, 2, 2},
        {3, "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", 4, 1,
            6, 2},
        {1, "{'shape': (1, 6), 'fortran_order': True, 'descr': '<f4'}", 4, 1,
            6, 2},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct file f;
        struct net_data data;
        char why[256] = "";
        const void *numbers =
            row[i].numbers == 4 ? (const void *)f4 : (const void *)f8;
        compose(&f, row[i].version, row[i].dict, numbers,
            row[i].numbers == 4 ? sizeof f4 : sizeof f8);
        cr_assert(read_back(&data, &f, why), "row %zu: %s", i, why);
        cr_assert(data.rows == row[i].rows && data.columns == row[i].columns &&
                      data.value[0] == 1 && data.value[1] == row[i].second &&
                      data.value[5] == 6,
            "row %zu", i);
        net_data_clear(&data);
    }
}

Test(networks_data, anything_else_is_refused_and_nothing_breaks)
{
    /* Seed 7: 4000 files with a few bytes changed, or cut short. */
    static const float f4[6] = {1, 2, 3, 4, 5, 6};
    uint64_t state = 7;
    int read = 0;
    for (int i = 0; i < 4000; i++) {
        struct file f;
        struct net_data data;
        char why[256] = "";
        compose(&f, 1 + i % 3,
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", f4,
            sizeof f4);
        for (int k = 0; k <= i % 4; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            size_t at = (size_t)(state >> 33) % 80;
            f.bytes[at] =
                (unsigned char)"0123456789(),'<>f{}: TF\n\xff"[(state >> 20) %
                                                               25];
        }
        if (i % 5 == 0)
            f.length = (size_t)(state >> 40) % f.length;
        bool good = read_back(&data, &f, why);
        cr_assert(good || *why);
        cr_assert(!good || data.rows * data.columns == 6 ||
                  data.rows * data.columns == 3);
        read += good;
        net_data_clear(&data);
    }
    cr_assert(read > 0 && read < 2000, "%d of 4000 were read", read);
}
