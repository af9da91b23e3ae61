/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was diagnosed: rows of codes.h, each with its evidence. */
#ifndef SN_VERIFY_CONFORMANCE_DIAGNOSIS_LIST_H
#define SN_VERIFY_CONFORMANCE_DIAGNOSIS_LIST_H

#include "verify/conformance/finding.h"

struct conf_diagnosis {
    enum diag_index row;
    const char *raised_by;
    double value[CONF_VALUES];
    /* of a cause: results that it explains, of so many that deviate; 0: it is
       no cause of wrong results */
    uint64_t explains, of;
    bool beyond; /* some of them beyond the limit */
    int finding; /* whose facts are the evidence; -1: none */
    struct subject_failure failure; /* outcome SUBJECT_RAN: none */
    const char *formula; /* that the words are of; not owned; or NULL */
    bool known;          /* from, to: the inputs of the call that failed */
    double from, to;
};
enum { CONF_DIAGNOSES = 16 };

struct diag_list {
    struct conf_diagnosis found[CONF_DIAGNOSES];
    int count;
    bool once;            /* each code once, whatever the row */
    uint64_t unexplained; /* results that deviate, by no cause named */
};

/* Adds one, unless it is there or the list is full. */
void diag_add(struct diag_list *list, const struct conf_diagnosis *diagnosis);
#define DIAG_ADD(LIST, ROW, ...)                                              \
    diag_add(LIST, &(const struct conf_diagnosis){.row = (ROW),               \
                       .raised_by = __func__,                                 \
                       .finding = -1,                                         \
                       .value = {__VA_ARGS__}})

/* Whether the list has a row of this row's code. */
bool diag_has(const struct diag_list *list, enum diag_index row);
const char *diag_code(const struct conf_diagnosis *diagnosis);

#endif
