/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/sweep/inputs.h"
#include <Random123/philox.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STRATA_F32 = 65536, STRATA_F64 = 4096 };

/* Neighbours of these magnitudes, `reach` patterns to each side. */
struct place {
    double magnitude;
    uint32_t reach;
};
static const struct place hard_f32[] = {
    {0, 30000},
    {0x1p-126, 30000},
    {0x1p-24, 4096},
    {0x1p-12, 4096},
    {0.34657359, 4096}, /* ln 2 / 2, ln 2: seams of argument reduction */
    {0.69314718, 4096},
    {1, 4096},
    {16.635532, 30000}, /* e^x = 2^-24, 2^-25: saturation */
    {17.328680, 30000},
    {87.336545, 4096}, /* e^x = 2^-126, 2^-149, 2^-150; 2^128 */
    {88.722839, 4096},
    {103.27893, 4096},
    {103.97208, 4096},
    {3.2386e38, 30000}, /* the largest float over lambda */
    {3.4028234e38, 30000},
};
static const struct place hard_f64[] = {
    {0, 64},
    {0x1p-1022, 64},
    {0x1p-53, 64},
    {0x1p-26, 64},
    {0.34657359027997264, 64},
    {0.6931471805599453, 64},
    {1, 64},
    {36.7368005696771, 64}, /* e^x = 2^-53, 2^-54: saturation */
    {37.42994775023705, 64},
    {708.3964185322641, 64}, /* e^x = 2^-1022, 2^-1074, 2^-1075 */
    {744.4400719213812, 64},
    {745.1332191019412, 64},
    {1.710942e308, 64}, /* the largest double over lambda */
    {1.7976931348623157e308, 64},
};
enum {
    HARD_F32 = sizeof hard_f32 / sizeof *hard_f32,
    HARD_F64 = sizeof hard_f64 / sizeof *hard_f64
};

static uint64_t strata_per_block(const struct sweep_inputs *inputs)
{
    uint64_t fit = SUBJECT_BLOCK / inputs->per_stratum;
    uint64_t strata = inputs->dtype == SN_F32 ? STRATA_F32 : STRATA_F64;
    /* a power of two divides the strata, so no block mixes the signs */
    uint64_t power = 1;
    while (power * 2 <= fit && power * 2 <= strata / 2)
        power *= 2;
    return power;
}

void sweep_inputs_plan(struct sweep_inputs *inputs, bool exhaustive, int dtype,
    uint64_t samples, uint64_t seed)
{
    uint64_t strata = dtype == SN_F32 ? STRATA_F32 : STRATA_F64;
    uint64_t per = (samples + strata - 1) / strata;
    const uint64_t most = dtype == SN_F32 ? SUBJECT_BLOCK : SUBJECT_BLOCK / 2;
    if (ref_types[dtype].size == 2)
        exhaustive = true;
    *inputs = (struct sweep_inputs){.exhaustive = exhaustive,
        .dtype = dtype,
        .per_stratum = per < 1      ? 1
                       : per > most ? most
                                    : per,
        .seed = seed};
    if (exhaustive)
        inputs->blocks = dtype == SN_F32 ? 65536 : 2;
    else
        inputs->blocks = strata / strata_per_block(inputs) +
                         2 * (uint64_t)(dtype == SN_F32 ? HARD_F32 : HARD_F64);
}

/* Two 64-bit words a block of Philox: sample i takes word i mod 2. */
struct draws {
    philox4x32_ctr_t block;
    uint64_t at; /* which block that is */
};

static uint64_t random_below(const struct sweep_inputs *inputs,
    struct draws *draws, uint64_t index, uint64_t bound)
{
    if (draws->at != index / 2) {
        draws->at = index / 2;
        philox4x32_key_t key = {
            {(uint32_t)inputs->seed, (uint32_t)(inputs->seed >> 32)}};
        philox4x32_ctr_t counter = {
            {(uint32_t)draws->at, (uint32_t)(draws->at >> 32), 0x696e7075, 0}};
        draws->block = philox4x32(counter, key);
    }
    const uint32_t *v = &draws->block.v[2 * (index % 2)];
    uint64_t word = (uint64_t)v[1] << 32 | v[0];
    return (uint64_t)(((unsigned __int128)word * bound) >> 64);
}

static void put(
    const struct sweep_inputs *inputs, void *x, size_t i, uint64_t bits)
{
    conf_type_set_bits(inputs->dtype, x, i, bits);
}

/* floor(size i / per), where the product may not fit */
static uint64_t cell(uint64_t size, uint64_t per, uint64_t i)
{
    return size / per * i + size % per * i / per;
}

static size_t fill_strata(
    const struct sweep_inputs *inputs, uint64_t block, void *x)
{
    const uint64_t many = strata_per_block(inputs);
    const int shift = inputs->dtype == SN_F32 ? 16 : 52;
    const uint64_t size = UINT64_C(1) << shift;
    const uint64_t per = inputs->per_stratum;
    struct draws draws = {.at = UINT64_MAX};
    size_t n = 0;
    for (uint64_t s = block * many; s < (block + 1) * many; s++)
        for (uint64_t i = 0; i < per; i++) {
            uint64_t low = cell(size, per, i);
            uint64_t high = cell(size, per, i + 1);
            uint64_t at =
                low + random_below(inputs, &draws, s * per + i, high - low);
            put(inputs, x, n++, (s << shift) + at);
        }
    return n;
}

static size_t fill_place(
    const struct sweep_inputs *inputs, uint64_t index, void *x)
{
    uint64_t centre = 0, sign, top;
    uint32_t reach;
    if (inputs->dtype == SN_F32) {
        const struct place *place = &hard_f32[index / 2];
        float magnitude = (float)place->magnitude;
        uint32_t bits;
        memcpy(&bits, &magnitude, sizeof bits);
        centre = bits;
        reach = place->reach;
        sign = UINT64_C(1) << 31;
        top = 0x7fffffff;
    } else {
        const struct place *place = &hard_f64[index / 2];
        memcpy(&centre, &place->magnitude, sizeof centre);
        reach = place->reach;
        sign = UINT64_C(1) << 63;
        top = INT64_MAX;
    }
    uint64_t first = centre < reach ? 0 : centre - reach;
    uint64_t last = top - centre < reach ? top : centre + reach;
    size_t n = 0;
    for (uint64_t bits = first; bits <= last; bits++)
        put(inputs, x, n++, bits + (index % 2 ? sign : 0));
    return n;
}

bool sweep_inputs_add_hard(
    struct sweep_inputs *inputs, const struct conf_reference *reference)
{
    for (int sign = 0; sign < 2; sign++) {
        inputs->hard[sign] = malloc(SWEEP_HARD_MOST * sizeof(double));
        if (!inputs->hard[sign])
            return false;
        inputs->hard_count[sign] =
            sweep_hard_f64(reference, sign, inputs->hard[sign]);
    }
    inputs->blocks += 2;
    return true;
}

void sweep_inputs_clear(struct sweep_inputs *inputs)
{
    free(inputs->hard[0]);
    free(inputs->hard[1]);
    inputs->hard[0] = inputs->hard[1] = NULL;
}

size_t sweep_inputs_block(
    const struct sweep_inputs *inputs, uint64_t block, void *x)
{
    if (inputs->exhaustive && inputs->dtype != SN_F32) {
        for (uint32_t i = 0; i < SUBJECT_BLOCK / 2; i++)
            put(inputs, x, i, (block << 15) + i);
        return SUBJECT_BLOCK / 2;
    }
    if (inputs->exhaustive) {
        for (uint32_t i = 0; i < SUBJECT_BLOCK; i++)
            ((uint32_t *)x)[i] = (uint32_t)(block << 16) + i;
        return SUBJECT_BLOCK;
    }
    uint64_t strata = inputs->dtype == SN_F32 ? STRATA_F32 : STRATA_F64;
    uint64_t blocks = strata / strata_per_block(inputs);
    if (inputs->hard[1] && block + 2 >= inputs->blocks) {
        int sign = block + 1 == inputs->blocks;
        /* a block is never empty */
        size_t n = inputs->hard_count[sign];
        if (!n)
            put(inputs, x, n++, sign ? UINT64_C(1) << 63 : 0);
        else
            memcpy(x, inputs->hard[sign], n * sizeof(double));
        return n;
    }
    return block < blocks ? fill_strata(inputs, block, x)
                          : fill_place(inputs, block - blocks, x);
}
