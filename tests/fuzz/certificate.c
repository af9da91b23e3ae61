/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a certificate: refused with a reason, or verified.  As no
 * mutation hits the sum, inputs whose first byte is above 127 get the right
 * one in its place.
 */
#include "fixedpoint/checker/checker.h"
#include <flint/flint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void verified(void *context, const struct snc_claim *claim)
{
    (void)context;
    if (!*claim->name || claim->parts < 1)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char error[200] = "", *text = malloc(size + 64);
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
        bool good = snc_check(in, error, NULL, verified, NULL);
        if (good == !!*error) /* a refusal has a reason, and nothing else */
            abort();
        fclose(in);
    }
    free(text);
    flint_cleanup();
    return 0;
}
