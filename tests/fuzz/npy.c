/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as an .npy file: parsed or refused, and then all of it is there.
 */
#include "verify/shared/npy.h"
#include "verify/conformance/reference/reference.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct shared_npy npy;
    char why[200] = "";
    /* a block of that size alone: reads beyond it are seen */
    unsigned char *copy = malloc(size ? size : 1);
    if (!copy)
        return 0;
    memcpy(copy, bytes, size);
    if (shared_npy_parse(&npy, copy, size, why, sizeof why)) {
        double sum = 0;
        for (uint64_t i = 0; i < npy.count; i++)
            sum += conf_type_get(npy.type, copy + npy.at, i);
        if (npy.at + npy.count * ref_types[npy.type].size != size)
            abort();
        (void)sum;
    } else if (!*why || strchr(why, '\n')) {
        abort();
    }
    free(copy);
    return 0;
}
