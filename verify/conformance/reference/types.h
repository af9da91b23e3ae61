/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The types of elements: f32, f64, f16, bf16.  Every value of each is a
 * double. */
#ifndef SN_VERIFY_CONFORMANCE_REFERENCE_TYPES_H
#define SN_VERIFY_CONFORMANCE_REFERENCE_TYPES_H

#include "fixedpoint/numbers/numbers.h"
#include "kernels/kernels.h"
#include <stddef.h>
#include <stdint.h>

/*
 * A type goes by its index, an int: enum sn_dtype of kernels/ names those that
 * have kernels there, and the first two agree.
 */
enum conf_type_index {
    CONF_TYPE_F32 = SN_F32,
    CONF_TYPE_F64 = SN_F64,
    CONF_TYPE_F16,
    CONF_TYPE_BF16,
    CONF_TYPES
};
struct conf_type {
    const char *name;
    size_t size; /* bytes */
    const struct num_format *format;
};
extern const struct conf_type ref_types[CONF_TYPES];
int conf_type_find(const char *name); /* -1: none of that name */

/* Element i of an array; every value of every type is a double. */
uint64_t conf_type_bits(int type, const void *array, size_t i);
double conf_type_get(int type, const void *array, size_t i);
double conf_type_value(int type, uint64_t bits);
void conf_type_set_bits(int type, void *array, size_t i, uint64_t bits);
/* A number in hex, exactly; a NaN by its bits, kind and payload. */
enum { CONF_TYPE_TEXT = 80 };
const char *conf_type_text(int type, uint64_t bits, char text[CONF_TYPE_TEXT]);
/* Rounds to nearest, ties to even, subnormals and overflow as IEEE 754. */
double conf_type_round(int type, double x);
uint64_t conf_type_pattern(int type, double x); /* NaN: the quiet default */
void conf_type_set(int type, void *array, size_t i, double x);
/* The smallest normal number. */
double conf_type_least_normal(int type);

#endif
