/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .npy files: what NumPy writes, and what nobody should. */
#include "verify/npy.h"
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

static enum sn_status read_back(
    struct sn_npy *npy, const struct file *f, const char **why)
{
    char path[] = "/tmp/selfnorm-npy-XXXXXX";
    int handle = mkstemp(path);
    cr_assert(handle >= 0 &&
              write(handle, f->bytes, f->length) == (ssize_t)f->length);
    close(handle);
    enum sn_status status = sn_npy_read(npy, path, why);
    unlink(path);
    return status;
}

Test(npy, what_numpy_writes)
{
    static const float f4[6] = {1, 2, 3, 4, 5, 6};
    static const double f8[6] = {1, 2, 3, 4, 5, 6};
    unsigned char swapped[6 * 8];
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < 8; k++)
            swapped[8 * i + k] = ((const unsigned char *)&f8[i])[7 - k];
    static const struct {
        int version;
        const char *dict;
        int numbers; /* 4, 8, or 9: f8 swapped */
        size_t rows, columns;
        double second;
    } row[] = {
        {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 4,
            2, 3, 2},
        {1, "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", 8, 2,
            3, 3},
        {2, "{'descr': '>f8', 'fortran_order': False, 'shape': (3, 2), }", 9,
            3, 2, 2},
        {3, "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", 4, 1,
            6, 2},
        {1, "{'shape': (1, 6), 'fortran_order': True, 'descr': '<f4'}", 4, 1,
            6, 2},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct file f;
        struct sn_npy npy;
        const char *why = NULL;
        const void *numbers = row[i].numbers == 4   ? (const void *)f4
                              : row[i].numbers == 8 ? (const void *)f8
                                                    : swapped;
        compose(&f, row[i].version, row[i].dict, numbers,
            row[i].numbers == 4 ? sizeof f4 : sizeof f8);
        cr_assert_eq(read_back(&npy, &f, &why), SN_OK, "row %zu: %s", i, why);
        cr_assert(npy.rows == row[i].rows && npy.columns == row[i].columns &&
                      npy.value[0] == 1 && npy.value[1] == row[i].second &&
                      npy.value[5] == 6,
            "row %zu", i);
        sn_npy_clear(&npy);
    }
}

Test(npy, anything_else_is_refused_and_nothing_breaks)
{
    /* Seed 7: 4000 files with a few bytes changed, or cut short. */
    static const float f4[6] = {1, 2, 3, 4, 5, 6};
    uint64_t state = 7;
    int read = 0;
    for (int i = 0; i < 4000; i++) {
        struct file f;
        struct sn_npy npy;
        const char *why = NULL;
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
        enum sn_status status = read_back(&npy, &f, &why);
        cr_assert(status == SN_OK || (status == SN_BAD_VALUE && why));
        cr_assert(status != SN_OK || npy.rows * npy.columns == 6 ||
                  npy.rows * npy.columns == 3);
        read += status == SN_OK;
        sn_npy_clear(&npy);
    }
    cr_assert(read > 0 && read < 2000, "%d of 4000 were read", read);
}
