/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One kernel on trial: calls with inputs, poisoned outputs and a child that is
 * started anew after a crash; internal to verify/conformance/.  What is found
 * goes into a struct conf_finding.
 */
#ifndef SN_VERIFY_CONFORMANCE_STRUCTURE_TRIAL_H
#define SN_VERIFY_CONFORMANCE_STRUCTURE_TRIAL_H

#include "verify/conformance/conformance.h"

enum {
    STRUCTURE_TRIAL_LONGEST = 130,
    STRUCTURE_TRIAL_PERIOD = STRUCTURE_TRIAL_LONGEST + 1, /* of the inputs */
    STRUCTURE_TRIAL_LONG_RUN = 4096,
    STRUCTURE_TRIAL_POISON = 0xff,
    STRUCTURE_TRIAL_WIDTHS = 5 /* 4 to 64 lanes */
};

struct structure_trial {
    const struct conf_reference *reference;
    const struct conf_target *target;
    int dtype;
    double timeout;
    struct subject_runner *runner;
    size_t size; /* of an element */
    /* results of the long run */
    char base[STRUCTURE_TRIAL_PERIOD * sizeof(double)];
    char mode[256];    /* conf_runner_mode() of any runner */
    bool every_length; /* of a program: 0 to 131, not just some */
    bool hung;         /* once is enough: it takes long */
    int poison;        /* byte of outputs before a call */
    /* what structure_trial_fill() writes: a period of x and more, ones of dy
     */
    bool drawn;
    char image[2 * STRUCTURE_TRIAL_LONG_RUN * sizeof(double)];
    char ones[STRUCTURE_TRIAL_LONG_RUN * sizeof(double)];
    uint64_t random;
    size_t differing;  /* elements that differ from a long run */
    size_t longest;    /* n of the longest call where some do */
    unsigned not_tail; /* bit k: some before the last n mod 4 2^k */
};

/* A failure: the first three are told, the rest counted by _count(). */
void structure_trial_fail(struct conf_finding *finding, unsigned kind,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void structure_trial_count(struct conf_finding *finding);

/* Element i of an array of the dtype. */
void structure_trial_set(
    const struct structure_trial *b, void *array, size_t i, double value);
double structure_trial_get(
    const struct structure_trial *b, const void *array, size_t i);
bool structure_trial_same(const struct structure_trial *b, const void *array,
    size_t i, const void *other, size_t j);

/* Outputs start as bytes of a NaN that no kernel makes, or of `poison`. */
void structure_trial_poison(struct structure_trial *b);
bool structure_trial_is_poison(
    const struct structure_trial *b, const void *array, size_t i);

/* Inputs that show a wrong neighbour: all differ, both signs; dy = 1. */
double structure_trial_input(size_t i);
void structure_trial_fill(struct structure_trial *b);

/* Starts the child where there is none. */
bool structure_trial_ready(
    struct structure_trial *b, struct conf_finding *finding);
/* One call; false, and the child is gone, where it crashed or hung. */
bool structure_trial_call(struct structure_trial *b,
    struct conf_finding *finding, const struct conf_call *how);

/* A call of n elements twice, n larger than the arrays; as
 * structure_trial_call(). */
bool structure_trial_long(struct structure_trial *b,
    struct conf_finding *finding, size_t n, struct conf_long_run *ran);

/* long_array.c: against a short call, unless places differ already. */
void structure_long_array(struct structure_trial *b,
    struct conf_finding *finding, bool places_agree);

/* special_values.c: zeros, subnormals, the largest, infinities, NaN. */
enum { STRUCTURE_SPECIAL_VALUES = 30 };
void structure_special_values(
    struct structure_trial *b, struct conf_finding *finding);
/* The values into x; what a program made of them. */
void structure_special_fill(const struct structure_trial *b, void *x);
void structure_special_judge(
    struct structure_trial *b, struct conf_finding *finding, const void *y);

/* streams.c: what can be asked of exec:COMMAND; how many findings. */
int structure_of_stream(
    struct structure_trial *b, struct conf_finding *finding, double max_ulp);
/* A length alone: findings[0] what is written, [1] whether bits differ. */
void structure_stream_length(
    struct structure_trial *b, struct conf_finding *findings, size_t n);
/* One run of the command on n inputs; dy of a gradient, NULL for 1. */
bool structure_trial_stream(struct structure_trial *b,
    struct conf_finding *finding, const void *x, const void *dy, void *y,
    size_t n);

/* products.c: results that scale with dy; accuracy for any dy. */
void structure_scales_with_dy(
    struct structure_trial *b, struct conf_finding *finding);
void structure_any_dy(
    struct structure_trial *b, struct conf_finding *finding, double max_ulp);

/* environment.c: exceptions and directed rounding, reported. */
void structure_exceptions(
    struct structure_trial *b, struct conf_finding *finding);
void structure_directed_rounding(
    struct structure_trial *b, struct conf_finding *finding);

/* Bits for test data: SplitMix64, from a fixed seed. */
uint64_t structure_trial_random(struct structure_trial *b);

#endif
