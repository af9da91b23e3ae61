/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each kernel's digest beside the registry's, on every instruction set that
   this processor has: exit status 1 where one differs. */
#include "kernels/kernels.h"
#include <inttypes.h>
#include <stdio.h>

int main(void)
{
    int wrong = 0, compared = 0;
    for (size_t i = 0; i < sn_kernel_variants; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (!kernel->available())
            continue;
        uint64_t digest = sn_kernel_digest(kernel);
        compared++;
        if (digest == kernel->digest)
            continue;
        wrong++;
        printf("%s: %016" PRIx64 ", declared %016" PRIx64 "\n", kernel->name,
            digest, kernel->digest);
    }
    printf(
        "%d digests, %d differ; in use: %s\n", compared, wrong, sn_isa_name());
    return wrong != 0;
}
