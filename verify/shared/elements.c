/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/elements.h"
#include <string.h>

size_t shared_element_size(int type)
{
    return type == SHARED_F64 ? 8 : type == SHARED_F32 ? 4 : 2;
}

uint64_t shared_element_bits(int type, const void *array, size_t i)
{
    uint64_t wide;
    uint32_t single;
    uint16_t half;
    switch (shared_element_size(type)) {
    case 8:
        memcpy(&wide, (const uint64_t *)array + i, sizeof wide);
        return wide;
    case 4:
        memcpy(&single, (const uint32_t *)array + i, sizeof single);
        return single;
    default:
        memcpy(&half, (const uint16_t *)array + i, sizeof half);
        return half;
    }
}

/* Every number of a narrower format is one of a wider: only bits move. */
double shared_element_value(int type, uint64_t bits)
{
    double wide;
    uint32_t single = (uint32_t)bits;
    float narrow;
    if (type == SHARED_F64) {
        memcpy(&wide, &bits, sizeof wide);
        return wide;
    }
    if (type == SHARED_F16) {
        uint64_t sign = (bits >> 15 & 1) << 63, size = bits & 0x7fff;
        if (size >= 0x7c00)
            bits = sign | UINT64_C(0x7ff) << 52 | (size & 0x3ff) << 42;
        else /* as if normal in double, then scaled: exact */
            bits = sign | size << 42;
        memcpy(&wide, &bits, sizeof wide);
        return size >= 0x7c00 ? wide : wide * 0x1p1008;
    }
    if (type == SHARED_BF16)
        single <<= 16;
    memcpy(&narrow, &single, sizeof narrow);
    return (double)narrow;
}
