/* SPDX-License-Identifier: MIT */
#include "isa.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef SN_X86
#include <cpuid.h>
#endif

int sn_has_portable(void)
{
    return 1;
}

#ifdef SN_X86
/* the built-in also asks whether the system saves the registers */
int sn_has_avx2(void)
{
    unsigned a, b, c, d;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C);
}

int sn_has_avx512(void)
{
    return sn_has_avx2() && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#endif

#ifdef SN_ARM
int sn_has_neon(void)
{
    return 1;
}
#endif

#if defined SN_X86
#define SETS_IN_WORDS "avx512, avx2 or portable"
#elif defined SN_ARM
#define SETS_IN_WORDS "neon or portable"
#else
#define SETS_IN_WORDS "portable"
#endif

/* the best first */
static const struct sn_isa *const all[] = {
#ifdef SN_X86
    &sn_isa_avx512, &sn_isa_avx2,
#endif
#ifdef SN_ARM
    &sn_isa_neon,
#endif
    &sn_isa_portable};
enum { SETS = sizeof all / sizeof *all };

const struct sn_isa *sn_isa_choose(const char *word, const char **error)
{
    static char why[160];
    *error = NULL;
    for (size_t i = 0; i < SETS; i++) {
        if (word && strcmp(word, all[i]->name) != 0)
            continue;
        if (all[i]->available())
            return all[i];
        if (!word)
            continue;
        snprintf(why, sizeof why,
            "SELFNORM_ISA='%s': this processor does not have it", word);
        *error = why;
        return &sn_isa_portable;
    }
    snprintf(
        why, sizeof why, "SELFNORM_ISA='%.40s': must be " SETS_IN_WORDS, word);
    *error = why;
    return &sn_isa_portable;
}

static _Atomic(const struct sn_isa *) chosen;
static _Atomic(const char *) refusal;

/* Threads that come first at the same time all write the same. */
const struct sn_isa *sn_isa_chosen(void)
{
    const struct sn_isa *isa =
        atomic_load_explicit(&chosen, memory_order_acquire);
    if (isa)
        return isa;
    const char *error;
    isa = sn_isa_choose(getenv("SELFNORM_ISA"), &error);
    atomic_store(&refusal, error);
    atomic_store_explicit(&chosen, isa, memory_order_release);
    return isa;
}

const char *sn_isa_name(void)
{
    return sn_isa_chosen()->name;
}

const char *sn_isa_error(void)
{
    sn_isa_chosen();
    return atomic_load(&refusal);
}
