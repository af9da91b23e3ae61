/* SPDX-License-Identifier: MIT */
/*
 * The kernels of one instruction set: what isa_*.c define and dispatch.c
 * chooses from.  Arrays are of the dtype that is the index.
 */
#ifndef SN_KERNELS_ISA_H
#define SN_KERNELS_ISA_H

#include "kernels.h"

/* the compilers whose intrinsics, pragmas and built-ins are used */
#if defined __x86_64__ && defined __GNUC__
#define SN_X86 1
#endif
#if defined __aarch64__ && defined __GNUC__
#define SN_ARM 1
#endif

typedef void sn_forward(
    void *y, const void *x, size_t n, const struct sn_elu *elu);
typedef void sn_gradient(void *dx, const void *dy, const void *x, size_t n,
    const struct sn_elu *elu);
typedef void sn_dropping(void *y, const void *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
typedef void sn_dropping_gradient(void *dx, const void *dy, const void *x,
    size_t n, const struct sn_alpha_dropout *dropout, uint64_t offset);

struct sn_isa {
    const char *name;
    int (*available)(void);
    sn_forward *forward[SN_DTYPES];
    sn_gradient *gradient[SN_DTYPES];
    sn_forward *faithful_f32;
    sn_dropping *dropout[SN_DTYPES], *dropout_gradient[SN_DTYPES];
    sn_dropping *fused[SN_DTYPES];
    sn_dropping_gradient *fused_gradient[SN_DTYPES];
};

int sn_has_portable(void);
int sn_has_avx2(void);
int sn_has_avx512(void);
int sn_has_neon(void);
extern const struct sn_isa sn_isa_portable, sn_isa_avx2, sn_isa_avx512,
    sn_isa_neon;

/* The one in use. */
const struct sn_isa *sn_isa_chosen(void);
/* By what SELFNORM_ISA says (NULL: not set); *error: as sn_isa_error(). */
const struct sn_isa *sn_isa_choose(const char *word, const char **error);

/* double results that the vectors leave out: tiny, huge, NaN, subnormal */
double sn_rare_forward(double x, const struct sn_elu *elu);
double sn_rare_gradient(double dy, double x, const struct sn_elu *elu);
/* (high + low) x, rounded once */
double sn_rare_product(double x, double high, double low);

/* Is an element kept whose 16-bit number is the threshold itself? */
int sn_kept_at_threshold(
    const struct sn_alpha_dropout *dropout, uint64_t index);

/* Philox4x32-10 */
void sn_philox_block(
    uint32_t word[4], const uint32_t counter[4], uint64_t key);

#endif
