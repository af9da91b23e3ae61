/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as an activation's text: refused with the place, or a graph of
 * bounded size whose nodes refer to earlier ones only.
 */
#include "fixedpoint/expressions/expression.h"
#include <flint/flint.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    /* a text of that size alone: reads beyond it are seen */
    char *text = malloc(size + 1);
    struct expr_expression f;
    struct expr_fault fault = {0};
    if (!text)
        return 0;
    memcpy(text, bytes, size);
    text[size] = '\0';
    expr_init(&f);
    enum sn_status status = expr_parse(&f, text, &expr_of_z, &fault);
    if (status == SN_OK) {
        if (f.count > EXPR_MOST_NODES || f.value >= f.count)
            abort();
        for (int i = 0; i < f.count; i++)
            if (expr_operands(f.node[i].op) > 0 && f.node[i].a >= i)
                abort();
    } else if (status == SN_BAD_VALUE &&
               (!*fault.reason || fault.place > strlen(text))) {
        abort();
    }
    expr_clear(&f);
    free(text);
    flint_cleanup();
    return 0;
}
