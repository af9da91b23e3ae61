/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results to explain, and how a hypothesis is held against them; internal to
 * diagnosis/.
 *
 * A hypothesis says of a sample what a kernel of that fault would give.  Where
 * that can be told from the right value, the result agrees with it or denies
 * it.  It is accepted where at least DIAG_SUPPORT results agree that nothing
 * before explains, and hardly any denies it: a right kernel whose results are
 * moved by a unit or two agrees with none.  Of several the one that explains
 * most is the cause; of equal ones the first, so the simplest comes first.
 */
#ifndef SN_VERIFY_CONFORMANCE_DIAGNOSIS_EVIDENCE_H
#define SN_VERIFY_CONFORMANCE_DIAGNOSIS_EVIDENCE_H

#include "verify/conformance/diagnosis/diagnosis.h"

struct diag_sample {
    double x, y, want;
    double error;          /* of y, in ULP, with its sign (+: above) */
    double unit, own_unit; /* of the last place of f(x), of y */
    bool wrong;            /* not correctly rounded */
    bool deviates;         /* what causes are to explain: see `of` */
    bool explained;        /* by a cause that was named */
};

struct diag_evidence {
    const struct conf_reference *reference;
    const struct diag_question *question;
    int dtype;
    struct diag_sample *sample;
    /* of: those that deviate: results beyond the limit where there are some,
       else those that are not correctly rounded */
    size_t n, wrong, of;
    struct diag_list *list;
    bool another; /* it computes something else altogether */
};

enum { DIAG_SUPPORT = 20 };

/* w: of e^(x/w). */
double diag_width(const struct diag_evidence *e);
/* Calls for the samples; false: it did not run. */
bool diag_gather(
    struct diag_evidence *e, const struct diag_question *question);
/* The same inputs into outputs that hold `before`; y: e->n results. */
bool diag_call_again(const struct diag_evidence *e, double *y, double before);
/* One input many times over, into outputs that hold NaN; likewise. */
bool diag_call_among_equals(
    const struct diag_evidence *e, double *y, double x);
/* A unit of the last place of a number, in the type. */
double diag_unit(int dtype, double value);

/* ---- hypotheses ----------------------------------------------------------
 */

enum diag_says { DIAG_SILENT, DIAG_AGREES, DIAG_DENIES };

/* What hypothesis `ctx` says of a sample. */
typedef enum diag_says diag_test(const struct diag_evidence *e,
    const struct diag_sample *sample, const void *ctx);

struct diag_tally {
    size_t agree, deny;
    size_t fresh;     /* that agree and are not explained yet */
    size_t not_zero;  /* that agree, and are not 0 */
    double low, high; /* inputs of those that agree */
};
struct diag_tally diag_count(
    const struct diag_evidence *e, diag_test *test, const void *ctx);
bool diag_holds(const struct diag_tally *tally);

/*
 * Adds a diagnosis whose evidence starts with how many agree, of how many that
 * it says something about, and marks them as explained.
 */
void diag_name(struct diag_evidence *e, enum diag_index row, diag_test *test,
    const void *ctx, const double value[CONF_VALUES]);
/* A cause that was found otherwise: of such samples. */
typedef bool diag_is_of(const struct diag_sample *sample, const void *ctx);
void diag_name_those(struct diag_evidence *e, enum diag_index row,
    diag_is_of *is_of, const void *ctx, const double value[CONF_VALUES]);

/*
 * A candidate: a x above 0, b (e^(x/w) - 1) below; derivative a, b e^(x/w).
 * In long double, so far more exact than any kernel.
 */
struct diag_candidate {
    long double a, b, w;
};
struct diag_candidate diag_right(const struct diag_evidence *e);
long double diag_candidate_at(
    const struct diag_candidate *candidate, bool derivative, double x);

/* Each names what it finds; formulas.c, grids.c, ... */
void diag_formulas(struct diag_evidence *e);
void diag_grids(struct diag_evidence *e);
void diag_constants(struct diag_evidence *e);
void diag_rounding(struct diag_evidence *e);
void diag_ranges(struct diag_evidence *e);
void diag_orders(struct diag_evidence *e);
void diag_company(struct diag_evidence *e);
void diag_at_zero(struct diag_evidence *e);
/* Of any activation. */
void diag_curves(struct diag_evidence *e);
/* What explains more than so many that nothing else does; false: none. */
bool diag_asymptotes(struct diag_evidence *e, size_t more);

#endif
