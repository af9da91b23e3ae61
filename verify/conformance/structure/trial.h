/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One kernel on trial: calls with inputs, poisoned outputs and a child that is
 * started anew after a crash; internal to verify/conformance/.  What is found
 * goes into a struct sn_finding.
 */
#ifndef SN_VERIFY_TRIAL_H
#define SN_VERIFY_TRIAL_H

#include "verify/conformance/conformance.h"

enum {
    SN_TRIAL_LONGEST = 130,
    SN_TRIAL_PERIOD = SN_TRIAL_LONGEST + 1, /* of the inputs */
    SN_TRIAL_LONG_RUN = 4096,
    SN_TRIAL_POISON = 0xff,
    SN_TRIAL_WIDTHS = 5 /* 4 to 64 lanes */
};

struct sn_trial {
    const struct sn_reference *reference;
    const struct sn_target *target;
    int dtype;
    double timeout;
    struct sn_runner *runner;
    size_t size; /* of an element */
    /* results of the long run */
    char base[SN_TRIAL_PERIOD * sizeof(double)];
    char mode[256];    /* sn_runner_mode() of any runner */
    bool every_length; /* of a program: 0 to 131, not just some */
    bool hung;         /* once is enough: it takes long */
    int poison;        /* byte of outputs before a call */
    /* what sn_trial_fill() writes: a period of x and more, ones of dy */
    bool drawn;
    char image[2 * SN_TRIAL_LONG_RUN * sizeof(double)];
    char ones[SN_TRIAL_LONG_RUN * sizeof(double)];
    uint64_t random;
    size_t differing;  /* elements that differ from a long run */
    size_t longest;    /* n of the longest call where some do */
    unsigned not_tail; /* bit k: some before the last n mod 4 2^k */
};

/* A failure: the first three are told, the rest counted by _count(). */
void sn_trial_fail(struct sn_finding *finding, unsigned kind,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void sn_trial_count(struct sn_finding *finding);

/* Element i of an array of the dtype. */
void sn_trial_set(
    const struct sn_trial *b, void *array, size_t i, double value);
double sn_trial_get(const struct sn_trial *b, const void *array, size_t i);
bool sn_trial_same(const struct sn_trial *b, const void *array, size_t i,
    const void *other, size_t j);

/* Outputs start as bytes of a NaN that no kernel makes, or of `poison`. */
void sn_trial_poison(struct sn_trial *b);
bool sn_trial_is_poison(const struct sn_trial *b, const void *array, size_t i);

/* Inputs that show a wrong neighbour: all differ, both signs; dy = 1. */
double sn_trial_input(size_t i);
void sn_trial_fill(struct sn_trial *b);

/* Starts the child where there is none. */
bool sn_trial_ready(struct sn_trial *b, struct sn_finding *finding);
/* One call; false, and the child is gone, where it crashed or hung. */
bool sn_trial_call(
    struct sn_trial *b, struct sn_finding *finding, const struct sn_call *how);

/* A call of n elements twice, n larger than the arrays; as sn_trial_call(). */
bool sn_trial_long(struct sn_trial *b, struct sn_finding *finding, size_t n,
    struct sn_long_run *ran);

/* long_array.c: against a short call, unless places differ already. */
void sn_long_array(
    struct sn_trial *b, struct sn_finding *finding, bool places_agree);

/* special_values.c: zeros, subnormals, the largest, infinities, NaN. */
enum { SN_SPECIAL_VALUES = 30 };
void sn_special_values(struct sn_trial *b, struct sn_finding *finding);
/* The values into x; what a program made of them. */
void sn_special_fill(const struct sn_trial *b, void *x);
void sn_special_judge(
    struct sn_trial *b, struct sn_finding *finding, const void *y);

/* streams.c: what can be asked of exec:COMMAND; how many findings. */
int sn_structure_of_stream(
    struct sn_trial *b, struct sn_finding *finding, double max_ulp);
/* A length alone: findings[0] what is written, [1] whether bits differ. */
void sn_stream_length(
    struct sn_trial *b, struct sn_finding *findings, size_t n);
/* One run of the command on n inputs; dy of a gradient, NULL for 1. */
bool sn_trial_stream(struct sn_trial *b, struct sn_finding *finding,
    const void *x, const void *dy, void *y, size_t n);

/* products.c: results that scale with dy; accuracy for any dy. */
void sn_scales_with_dy(struct sn_trial *b, struct sn_finding *finding);
void sn_any_dy(struct sn_trial *b, struct sn_finding *finding, double max_ulp);

/* environment.c: exceptions and directed rounding, reported. */
void sn_exceptions(struct sn_trial *b, struct sn_finding *finding);
void sn_directed_rounding(struct sn_trial *b, struct sn_finding *finding);

/* Bits for test data: SplitMix64, from a fixed seed. */
uint64_t sn_trial_random(struct sn_trial *b);

#endif
