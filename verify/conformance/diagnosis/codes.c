/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The codes of all faults, for words that name them. */
#include "verify/conformance/conformance.h"
#include <string.h>

static bool is_known(const char *code, size_t length)
{
    static const char *const known[] = {
        "affine-cube",
        "affine-no-root",
        "affine-none",
        "affine-offset",
        "affine-ordinary",
        "affine-p-for-q",
        "affine-root-of-q",
        "affine-slope",
        "alpha-ignored",
        "alpha-twice",
        "arguments-exchanged",
        "cancellation",
        "celu-for-elu",
        "chain-rule",
        "constants-bf16",
        "constants-f16",
        "constants-f32",
        "constants-of-the-paper",
        "constants-rounded",
        "constants-swapped",
        "constants-truncated",
        "correlated",
        "crash",
        "double-rounding",
        "dropped-alpha",
        "dropped-raw",
        "dropped-sign",
        "dropped-value",
        "dropped-zero",
        "dy-ignored",
        "dy-overflow",
        "dy-special",
        "elu-for-celu",
        "elu-for-selu",
        "exponent-rounded",
        "flush-to-zero",
        "gradient-from-result",
        "in-place",
        "infinity",
        "infinity-times-0",
        "input-changed",
        "isolated",
        "lambda-ignored",
        "lambda-twice",
        "linear-near-0",
        "mask-by-thread",
        "mask-by-value",
        "mode",
        "nan-swallowed",
        "narrow-arithmetic",
        "normal-noise",
        "not-a-mask",
        "not-reproducible",
        "out-of-bounds",
        "overflow",
        "place",
        "range",
        "rate",
        "rate-0",
        "rate-by-position",
        "rate-inverted",
        "saturates-early",
        "seed-cut",
        "seed-ignored",
        "seeds-correlated",
        "selu-for-elu",
        "sign-of-zero",
        "signalling-nan",
        "slope",
        "tail-differs",
        "thread",
        "truncation",
        "underflows-early",
        "unused-branch",
        "unwritten",
        "width-inverted",
        "wrong-function",
        "zero-below",
        "zero-from-the-right",
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == length && !strncmp(known[i], code, length))
            return true;
    return false;
}

const char *conf_diagnosis_unknown(const char *codes)
{
    for (const char *at = codes; *codes; at++) {
        size_t length = strcspn(at, ",");
        if (!is_known(at, length))
            return at;
        at += length;
        if (!*at)
            break;
    }
    return NULL;
}
