/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/reference/types.h"
#include "verify/shared/elements.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

_Static_assert(
    (int)CONF_TYPE_F32 == SHARED_F32 && (int)CONF_TYPE_F64 == SHARED_F64 &&
        (int)CONF_TYPE_F16 == SHARED_F16 && (int)CONF_TYPE_BF16 == SHARED_BF16,
    "one order of types");

/* In the order of enum conf_type_index. */
const struct conf_type ref_types[CONF_TYPES] = {
    {"f32", 4, &num_formats[1]},
    {"f64", 8, &num_formats[0]},
    {"f16", 2, &num_formats[2]},
    {"bf16", 2, &num_formats[3]},
};

int conf_type_find(const char *name)
{
    for (int i = 0; i < CONF_TYPES; i++)
        if (!strcmp(ref_types[i].name, name))
            return i;
    return -1;
}

uint64_t conf_type_bits(int type, const void *array, size_t i)
{
    return shared_element_bits(type, array, i);
}

void conf_type_set_bits(int type, void *array, size_t i, uint64_t bits)
{
    uint32_t single = (uint32_t)bits;
    uint16_t half = (uint16_t)bits;
    switch (ref_types[type].size) {
    case 8:
        memcpy((uint64_t *)array + i, &bits, sizeof bits);
        return;
    case 4:
        memcpy((uint32_t *)array + i, &single, sizeof single);
        return;
    default:
        memcpy((uint16_t *)array + i, &half, sizeof half);
    }
}

double conf_type_value(int type, uint64_t bits)
{
    return shared_element_value(type, bits);
}

double conf_type_get(int type, const void *array, size_t i)
{
    return conf_type_value(type, conf_type_bits(type, array, i));
}

const char *conf_type_text(int type, uint64_t bits, char text[CONF_TYPE_TEXT])
{
    const uint64_t quiet = UINT64_C(1)
                           << (ref_types[type].format->precision - 2);
    const double x = conf_type_value(type, bits);
    if (isnan(x))
        snprintf(text, CONF_TYPE_TEXT, "NaN 0x%llx (%s, payload 0x%llx)",
            (unsigned long long)bits, bits & quiet ? "quiet" : "signalling",
            (unsigned long long)(bits & (quiet - 1)));
    else
        snprintf(text, CONF_TYPE_TEXT, "%a", x);
    return text;
}

double conf_type_round(int type, double x)
{
    const struct num_format *format = ref_types[type].format;
    if (type == CONF_TYPE_F64 || isnan(x) || isinf(x) || x == 0)
        return x;
    /* the unit in the last place of x, not below that of subnormals */
    int exponent = ilogb(x) - format->precision + 1;
    if (exponent < format->emin - 1)
        exponent = format->emin - 1;
    double rounded = ldexp(nearbyint(ldexp(x, -exponent)), exponent);
    return fabs(rounded) > format->most ? copysign(INFINITY, x) : rounded;
}

uint64_t conf_type_pattern(int type, double x)
{
    const struct num_format *format = ref_types[type].format;
    const int fraction = format->precision - 1;
    const uint64_t top = ((UINT64_C(1) << format->width) - 1) << fraction;
    double rounded = conf_type_round(type, x);
    if (isfinite(rounded))
        return num_format_bits(rounded, format);
    uint64_t sign = (uint64_t) !!signbit(x) << (format->width + fraction);
    return sign | top | (isnan(x) ? UINT64_C(1) << (fraction - 1) : 0);
}

void conf_type_set(int type, void *array, size_t i, double x)
{
    conf_type_set_bits(type, array, i, conf_type_pattern(type, x));
}

double conf_type_least_normal(int type)
{
    const struct num_format *format = ref_types[type].format;
    return ldexp(1, format->emin + format->precision - 2);
}
