/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a certificate: refused with a reason, or verified.  As no
 * mutation hits the sum, inputs whose first byte is above 127 get the right
 * one in its place.
 */
#include "fixedpoint/checker/checker.h"
#include <flint/flint.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void verified(void *context, const struct snc_claim *claim)
{
    (void)context;
    if (!*claim->name || claim->inequalities < 1)
        abort();
}

static void inequality(void *context, const char *text)
{
    (void)context;
    if (!strstr(text, " for mu in ["))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 64);
    struct snc_refusal refusal;
    if (!text || !size) {
        free(text);
        return 0;
    }
    memcpy(text, bytes, size);
    if (bytes[0] & 0x80) {
        uint64_t sum = 0xcbf29ce484222325;
        memmove(text, text + 1, --size);
        for (size_t i = 0; i < size; i++)
            sum = (sum ^ (unsigned char)text[i]) * 0x100000001b3;
        size += (size_t)sprintf(
            text + size, "sum %016llx\n", (unsigned long long)sum);
    }
    FILE *in = fmemopen(text, size, "r");
    if (in) {
        const struct snc_listener told = {inequality, verified, NULL};
        bool good = snc_check(&refusal, in, &told);
        if (good != (refusal.reason == SNC_NO_REASON))
            abort();
        if (refusal.work > SNC_WORK_START + SNC_WORK_BOX * (long)size)
            abort();
        fclose(in);
    }
    free(text);
    flint_cleanup();
    return 0;
}
