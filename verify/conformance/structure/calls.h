/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls with known inputs and poisoned outputs, in a session that is opened
 * anew after a crash; internal to structure/ and dropout/.
 */
#ifndef SN_VERIFY_CONFORMANCE_STRUCTURE_CALLS_H
#define SN_VERIFY_CONFORMANCE_STRUCTURE_CALLS_H

#include "verify/conformance/structure/structure.h"

enum {
    STRUCTURE_LONGEST = 130,
    STRUCTURE_PERIOD = STRUCTURE_LONGEST + 1, /* of the inputs */
    STRUCTURE_LONG_RUN = 4096,
    STRUCTURE_POISON = 0xff,
    /* bytes of a number, where a NaN that is not written would look right */
    STRUCTURE_POISON_NUMBER = 0x5a,
    STRUCTURE_WIDTHS = 5 /* 4 to 64 lanes */
};

struct structure_calls {
    const struct structure_question *question;
    const struct conf_reference *reference;
    int dtype;
    size_t size; /* of an element */
    struct subject_session *session;
    /* results of the long run */
    char base[STRUCTURE_PERIOD * sizeof(double)];
    int mode;     /* subject_mode() of the first session that has one */
    bool hung;    /* once is enough: it takes long */
    bool stopped; /* the question's `stop` was set */
    int poison;   /* byte of outputs before a call */
    /* what structure_fill() writes: a period of x and more, ones of dy */
    bool drawn;
    char image[2 * STRUCTURE_LONG_RUN * sizeof(double)];
    char ones[STRUCTURE_LONG_RUN * sizeof(double)];
    char factors[2 * STRUCTURE_LONG_RUN * sizeof(double)];
    uint64_t random;
    size_t differing;  /* elements that differ from a long run */
    size_t longest;    /* n of the longest call where some do */
    unsigned not_tail; /* bit k: some before the last n mod 4 2^k */
    /* of each input: whether it differs anywhere; bit k: it did not, though it
       stood in the last n mod 4 2^k */
    bool moves[STRUCTURE_PERIOD];
    unsigned char stays[STRUCTURE_PERIOD];
};

/* Element i of an array of the type. */
void structure_set(
    const struct structure_calls *b, void *array, size_t i, double value);
double structure_get(
    const struct structure_calls *b, const void *array, size_t i);
bool structure_same(const struct structure_calls *b, const void *array,
    size_t i, const void *other, size_t j);

/* Whether y is beyond the limit for x, where dy is 1. */
bool structure_is_off(const struct structure_calls *b, double x, double y);

/* Outputs start as bytes of a NaN that no kernel makes, or of `poison`. */
void structure_poison(struct structure_calls *b);
bool structure_is_poison(
    const struct structure_calls *b, const void *array, size_t i);

/* Inputs that show a wrong neighbour: all differ, both signs.  dy = 1; or
   powers of 2 that differ from their neighbours, which scale exactly. */
double structure_input(size_t i);
double structure_dy(const struct structure_calls *b, size_t i);
void structure_fill(struct structure_calls *b);
void structure_fill_dy(struct structure_calls *b);

/* Opens the session where there is none. */
bool structure_ready(struct structure_calls *b, struct conf_finding *finding);
/* One call; false, and the session is gone, where it crashed or hung. */
bool structure_call(struct structure_calls *b, struct conf_finding *finding,
    const struct subject_call *call);
/* A call of n elements twice, n larger than the arrays; likewise. */
bool structure_call_long(struct structure_calls *b,
    struct conf_finding *finding, size_t n, bool elsewhere,
    struct subject_long_run *ran);
/* One call on arrays of one's own; dy of a gradient, NULL for 1. */
bool structure_exchange(struct structure_calls *b,
    struct conf_finding *finding, const void *x, const void *dy, void *y,
    size_t n);

/* What short calls agree in, so that it is worth asking long ones. */
struct structure_agreement {
    bool places, in_place;
};
/* long_array.c: against a short call. */
void structure_long_array(struct structure_calls *b,
    struct conf_finding *finding, struct structure_agreement agree);

/* special_values.c: zeros, subnormals, the largest, infinities, NaN. */
enum { STRUCTURE_SPECIAL_VALUES = 30 };
void structure_special_values(
    struct structure_calls *b, struct conf_finding *finding);
/* The values into x; what a program made of them. */
void structure_special_fill(const struct structure_calls *b, void *x);
void structure_special_judge(
    struct structure_calls *b, struct conf_finding *finding, const void *y);

/* by_values.c: what can be asked without SUBJECT_MEMORY; how many findings. */
int structure_by_values(
    struct structure_calls *b, struct conf_finding *findings);
/* A length alone: findings[0] what is written, [1] whether bits differ. */
void structure_length_by_values(
    struct structure_calls *b, struct conf_finding *findings, size_t n);

/* company.c: neighbours, first calls and two threads at once. */
void structure_sorted(struct structure_calls *b, struct conf_finding *finding);
void structure_first_call(
    struct structure_calls *b, struct conf_finding *finding);
void structure_two_at_once(
    struct structure_calls *b, struct conf_finding *finding);

/* gradients.c: results that scale with dy; accuracy for any dy. */
void structure_scales_with_dy(
    struct structure_calls *b, struct conf_finding *finding);
void structure_any_dy(struct structure_calls *b, struct conf_finding *finding);

/* environment.c: exceptions and directed rounding, reported. */
void structure_exceptions(
    struct structure_calls *b, struct conf_finding *finding);
void structure_directed_rounding(
    struct structure_calls *b, struct conf_finding *finding);

#endif
