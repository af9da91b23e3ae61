/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements of arrays of f32, f64, f16 and bf16: each value is a double. */
#ifndef SN_VERIFY_SHARED_ELEMENTS_H
#define SN_VERIFY_SHARED_ELEMENTS_H

#include <stddef.h>
#include <stdint.h>

enum shared_element {
    SHARED_F32,
    SHARED_F64,
    SHARED_F16,
    SHARED_BF16,
    SHARED_ELEMENTS
};

size_t shared_element_size(int type); /* bytes */
uint64_t shared_element_bits(int type, const void *array, size_t i);
double shared_element_value(int type, uint64_t bits);

#endif
