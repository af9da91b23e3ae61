/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a kernel once reached, to compare a later run with.  A baseline is one
 * JSON document without times and machines, keys in order, one figure a line:
 * two of them differ where the kernels do.
 */
#ifndef SN_VERIFY_CONFORMANCE_RECORDS_BASELINE_H
#define SN_VERIFY_CONFORMANCE_RECORDS_BASELINE_H

#include "verify/conformance/diagnosis/diagnosis.h"
#include <jansson.h>

enum {
    RECORD_BASELINE_VERSION = 1,
    RECORD_BASELINE_CHECKS = CONF_FINDINGS + 2
};

/* What is kept of one kernel's run. */
struct record_record {
    const char *kernel, *function, *dtype;
    const char *lambda, *alpha; /* as asked; "exact" for the default */
    bool exhaustive, flush;
    uint64_t samples, seed; /* 0 where exhaustive */
    double max_ulp;
    uint64_t incorrectly_rounded, zeros, monotonicity_violations;
    int checks, faults;
    struct {
        const char *name;
        bool passed;
    } check[RECORD_BASELINE_CHECKS];
    const char *fault[CONF_DIAGNOSES];
    /* worst bucket of each binade that was tried, by its bits; -1: none */
    signed char binade[SWEEP_BINADES];
};

/* A new document; add one kernel after the other, then json_dump it. */
json_t *record_baseline_new(void);
bool record_baseline_add(json_t *baseline, const struct record_record *record);

/*
 * Reads a document and checks its form and version.  NULL: why, one line that
 * starts with a verb ("is no JSON: ...").
 */
json_t *record_baseline_parse(
    const char *bytes, size_t size, char *why, size_t room);

/*
 * Compares a run with what the baseline has of that kernel, function and
 * dtype.  Lines about what got worse, and better, go to `worse` and `better`
 * (arrays of strings).  false: they cannot be compared, and why.
 */
bool record_baseline_compare(const json_t *baseline,
    const struct record_record *record, json_t *worse, json_t *better,
    char *why, size_t room);

#endif
