/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which inputs a sweep tries; internal to verify/conformance/.  Inputs come in
 * blocks of at most SUBJECT_BLOCK of one sign, sorted by magnitude.
 */
#ifndef SN_VERIFY_CONFORMANCE_SWEEP_INPUTS_H
#define SN_VERIFY_CONFORMANCE_SWEEP_INPUTS_H

#include "verify/conformance/reference/reference.h"
#include "verify/conformance/subject/subject.h"

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
struct sweep_inputs {
    bool exhaustive;
    int dtype;
    uint64_t per_stratum, seed;
    uint64_t blocks;
    /* f64: inputs of hard_f64.c, positive and negative, as the last two blocks
     */
    double *hard[2];
    size_t hard_count[2];
};
void sweep_inputs_plan(struct sweep_inputs *inputs, bool exhaustive, int dtype,
    uint64_t samples, uint64_t seed);
/* Fills x (of the dtype), returns how many. */
size_t sweep_inputs_block(
    const struct sweep_inputs *inputs, uint64_t block, void *x);

/* f64: adds the inputs of hard_f64.c for this function; false: no memory. */
bool sweep_inputs_add_hard(
    struct sweep_inputs *inputs, const struct conf_reference *reference);
void sweep_inputs_clear(struct sweep_inputs *inputs);

/* hard_f64.c: into x, at most SWEEP_HARD_MOST, one sign, sorted by magnitude.
 */
enum {
    SWEEP_HARD_INVERSES = 4096,
    SWEEP_HARD_MOST = SWEEP_HARD_INVERSES + 4096
};
size_t sweep_hard_f64(
    const struct conf_reference *reference, bool negative, double *x);

#endif
