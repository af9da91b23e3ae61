/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Constants as source text of other languages. */
#ifndef SN_FIXEDPOINT_NUMBERS_LITERALS_H
#define SN_FIXEDPOINT_NUMBERS_LITERALS_H

#include "fixedpoint/numbers/numbers.h"

enum num_language {
    NUM_C,
    NUM_CUDA,
    NUM_PYTHON,
    NUM_RUST,
    NUM_JULIA,
    NUM_ONNX,
    NUM_LANGUAGES
};
extern const char *const num_language_names[NUM_LANGUAGES];

struct num_named {
    const char *name;      /* of the identifier, as AUDIT_LAMBDA */
    const char *what;      /* for its comment, as "lambda" */
    const char *attribute; /* of the ONNX operator; NULL: none */
    arb_srcptr value;
};

/*
 * Each number rounded once, correctly, to every format of num_formats: as a
 * literal where the language has one, else as its bit pattern, NAME_F16_BITS;
 * a format that it does not fit has a comment instead.  `digits` of it stand
 * in a comment.  C and CUDA also get NAME_F64_LO, what rounding to double left
 * out, and an include guard made of the first two numbers, so that another
 * design's header is a redefinition, which the compiler reports.  `operator`
 * is ONNX's; NULL: its Constant, for each number.  At most eight numbers.
 * Text to free(), NULL without memory or where the balls leave a
 * digit open.
 */
char *num_literals(enum num_language language, const struct num_named *number,
    int count, const char *design, const char *operator, long digits);

#endif
