/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each kernel's digest beside the registry's, on every instruction set that
   this processor has, and that of the numbers that designs are made of: exit
   status 1 where one differs, or where a product is contracted. */
#include "kernels/arithmetic.h"
#include "kernels/isa.h"
#include "tests/digests/contracted.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Bits of sn_alpha_dropout_design() and of CELU, by hand as the registry's. */
static const uint64_t declared_designs = 0x996d39b3d0910471;

static uint64_t hashed(uint64_t hash, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int byte = 0; byte < 8; byte++)
        hash = (hash ^ (bits >> 8 * byte & 0xff)) * 0x100000001b3;
    return hash;
}

static uint64_t designs(void)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (int i = 1; i < 1000; i++) {
        struct sn_elu elu;
        struct sn_alpha_dropout d;
        if (!sn_celu_design(&elu, i / 300.0) ||
            !sn_alpha_dropout_design(
                &d, i / 1000.0, 0, i / 700.0 - 0.5, 300.0 / i, &elu))
            return 0;
        const double fields[] = {elu.rate_low, d.scale, d.scale_low, d.shift,
            d.shift_low, d.dropped, d.elu.positive, d.elu.positive_low,
            d.elu.negative, d.elu.negative_low, d.elu.at_zero,
            d.elu.at_zero_low};
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
            hash = hashed(hash, fields[f]);
    }
    return hash;
}

static int differs(const char *name, uint64_t digest, uint64_t declared)
{
    if (digest == declared)
        return 0;
    printf("%s: %016" PRIx64 ", declared %016" PRIx64 "\n", name, digest,
        declared);
    return 1;
}

static int contracts(const char *name, double left)
{
    if (left != 0)
        printf("%s: a product and a sum became one operation\n", name);
    return left != 0;
}

int main(void)
{
    volatile double a = CONTRACTED_A;
    int compared = 1, wrong = differs("designs", designs(), declared_designs);
    wrong += contracts("portable", a * a - CONTRACTED_SQUARE);
#ifdef SN_X86
    if (sn_has_avx2())
        wrong += contracts("avx2", contracted_avx2(a));
    if (sn_has_avx512())
        wrong += contracts("avx512", contracted_avx512(a));
#endif
    for (size_t i = 0; i < sn_kernel_variants; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (!kernel->available())
            continue;
        wrong +=
            differs(kernel->name, sn_kernel_digest(kernel), kernel->digest);
        compared++;
    }
    printf(
        "%d digests, %d differ; in use: %s\n", compared, wrong, sn_isa_name());
    return wrong != 0;
}
