/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which inputs a sweep tries; internal to verify/conformance/.  Inputs come in
 * blocks of at most SN_BLOCK of one sign, sorted by magnitude.
 */
#ifndef SN_VERIFY_INPUTS_H
#define SN_VERIFY_INPUTS_H

#include "verify/conformance/conformance.h"

/*
 * Exhaustive: block b holds the bit patterns b 2^16 to b 2^16 + 65535 of f32,
 * b 2^15 to b 2^15 + 32767 of the 16-bit types, which are always exhaustive.
 * Otherwise strata: every leading half of a float (sign, exponent, 7 bits),
 * every binade of a double, sampled alike, in equal cells with a random place
 * in each; then the hard places, whole ranges of neighbours: around +-0 and
 * the least normal numbers, where e^x - 1 stops being x and starts being -1,
 * where e^x leaves the normal and the subnormal numbers, where lambda x
 * overflows, the largest numbers, infinity, NaN.
 */
struct sn_inputs {
    bool exhaustive;
    int dtype;
    uint64_t per_stratum, seed;
    uint64_t blocks;
    /* f64: inputs of hard.c, positive and negative, as the last two blocks */
    double *hard[2];
    size_t hard_count[2];
};
void sn_inputs_plan(struct sn_inputs *inputs, bool exhaustive, int dtype,
    uint64_t samples, uint64_t seed);
/* Fills x (of the dtype), returns how many. */
size_t sn_inputs_block(
    const struct sn_inputs *inputs, uint64_t block, void *x);

/* f64: adds the inputs of hard.c for this function; false: no memory. */
bool sn_inputs_add_hard(
    struct sn_inputs *inputs, const struct sn_reference *reference);
void sn_inputs_clear(struct sn_inputs *inputs);

/* hard.c: into x, at most SN_HARD_MOST, one sign, sorted by magnitude. */
enum { SN_HARD_INVERSES = 4096, SN_HARD_MOST = SN_HARD_INVERSES + 4096 };
size_t sn_hard_f64(
    const struct sn_reference *reference, bool negative, double *x);

#endif
