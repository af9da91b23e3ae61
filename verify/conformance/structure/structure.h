/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an error in ULP does not see.  With SUBJECT_MEMORY: special values,
 * lengths 0 to 130 between guard pages, same bits at any length and place and
 * in any thread, in place, a long array, floating-point mode, exceptions and
 * directed rounding; otherwise special values, a few lengths, same bits.
 * Gradients: a result that scales with dy, and its accuracy for any dy within
 * max_ulp.
 */
#ifndef SN_VERIFY_CONFORMANCE_STRUCTURE_STRUCTURE_H
#define SN_VERIFY_CONFORMANCE_STRUCTURE_STRUCTURE_H

#include "verify/conformance/finding.h"
#include "verify/conformance/reference/reference.h"

struct structure_question {
    const struct conf_reference *reference;
    const struct subject *subject;
    int type;
    double max_ulp, timeout;
    const volatile sig_atomic_t *stop; /* as of struct subject_task */
    bool dx_is_x;      /* a gradient may write its results over x */
    bool every_length; /* without SUBJECT_MEMORY: 0 to 131, not a few */
};

/* Returns how many findings were filled in: 0 of what takes no inputs. */
int structure_run(struct conf_finding findings[CONF_FINDINGS],
    const struct structure_question *question);

/*
 * One call alone, of structure_run()'s inputs (without SUBJECT_MEMORY: one
 * length): what is written, and whether the bits are those of a long run, or
 * of the same call that is not in place, not in a thread of its own.  Returns
 * how many findings were filled in.
 */
int structure_run_call(struct conf_finding findings[CONF_FINDINGS],
    const struct structure_question *question,
    const struct subject_call *call);

/* CONF_FACT_RAISED: which inputs, by the fact's first figure. */
enum structure_raised_by {
    STRUCTURE_ORDINARY,
    STRUCTURE_BELOW,
    STRUCTURE_ABOVE,
    STRUCTURE_MINUS_INFINITY,
    STRUCTURE_QUIET_NAN,
    STRUCTURE_RAISED_BY
};

#endif
