/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/diagnosis/list.h"
#include <string.h>

/* Evidence of several rows. */
#define EVIDENCE_AGREE                                                        \
    "%.0f of the %.0f results where that is not f(x) agree with it, for x "   \
    "from %.4g to %.4g"
#define EVIDENCE_CONSTANT                                                     \
    "%.0f of the %.0f results that tell it from the exact one agree with it"
#define EVIDENCE_OTHER_CONSTANT EVIDENCE_AGREE "; %.9g stands for %.17g"
#define EVIDENCE_STEPS                                                        \
    "%.0f of the %.0f results that such steps take far from f(x) are there, " \
    "for x from %.4g to %.4g"
#define EVIDENCE_GRID                                                         \
    "%.0f of %.0f results that are off lie on the grid of %.0f bits that is " \
    "left; it begins at x = %.4g"
#define EVIDENCE_ROUNDED_TWICE                                                \
    "%.0f of %.0f wrong results are f(x) rounded to %.0f bits and then to "   \
    "%.0f, and so are %.0f of %.0f right ones; worst %.6g ULP"
#define EVIDENCE_FIT_IN "%.0f of %.0f results fit in %.0f bits"
#define EVIDENCE_FLUSHED                                                      \
    "%.0f of %.0f results that should be subnormal are 0, %.0f of %.0f just " \
    "above are; --ftz allow accepts that"
#define EVIDENCE_RATE_COUNTS "rate %g: %.0f of %.0f"
#define EVIDENCE_THAT_FORMULA                                                 \
    "rate %g: it is %.9g, that formula gives %.9g, right is %.9g"
#define EVIDENCE_FACTOR                                                       \
    "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"
#define EVIDENCE_OFFSET "rate %g: b is %.7g, want %.7g: mean 0 becomes %.5g"

const struct diag_row diag_rows[DIAG_ROWS] = {
#define ROW(name, code, level, of, raised_by, words, evidence)                \
    {code, CONF_##level, DIAG_OF_##of, #raised_by, words, evidence},
#include "verify/conformance/diagnosis/rows.def"
#undef ROW
};

static bool is_whole(const struct diag_row *row)
{
    return row->code && *row->code && row->of != DIAG_OF_NOTHING &&
           row->raised_by && row->words && *row->words &&
           !strpbrk(row->code, ", ");
}

int diag_first_bad_row(void)
{
    for (int i = 0; i < DIAG_ROWS; i++) {
        if (!is_whole(&diag_rows[i]))
            return i;
        for (int k = 0; k < i; k++)
            if (!strcmp(diag_rows[k].code, diag_rows[i].code) &&
                !strcmp(diag_rows[k].words, diag_rows[i].words) &&
                diag_rows[k].level == diag_rows[i].level &&
                !strcmp(diag_rows[k].raised_by, diag_rows[i].raised_by))
                return i;
    }
    return DIAG_ROWS;
}

static bool is_code(const char *code, size_t length)
{
    for (int i = 0; i < DIAG_ROWS; i++)
        if (strlen(diag_rows[i].code) == length &&
            !strncmp(diag_rows[i].code, code, length))
            return true;
    return false;
}

const char *conf_diagnosis_unknown(const char *codes)
{
    for (const char *at = codes; *codes; at++) {
        const size_t length = strcspn(at, ",");
        if (!is_code(at, length))
            return at;
        at += length;
        if (!*at)
            break;
    }
    return NULL;
}

/* ---- lists ---------------------------------------------------------------
 */

const char *diag_code(const struct conf_diagnosis *diagnosis)
{
    return diag_rows[diagnosis->row].code;
}

bool diag_has(const struct diag_list *list, enum diag_index row)
{
    for (int i = 0; i < list->count; i++)
        if (!strcmp(diag_code(&list->found[i]), diag_rows[row].code))
            return true;
    return false;
}

void diag_add(struct diag_list *list, const struct conf_diagnosis *diagnosis)
{
    if (list->once && diag_has(list, diagnosis->row))
        return;
    for (int i = 0; i < list->count; i++)
        if (list->found[i].row == diagnosis->row)
            return;
    if (list->count < CONF_DIAGNOSES)
        list->found[list->count++] = *diagnosis;
}
