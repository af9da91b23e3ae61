/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How grave what was found is, as --strict and --allow have it. */
#include "verify/conformance/verdict/verdict.h"
#include <string.h>

/* Whether `allow` names a code. */
static bool allows(const struct verdict_question *question, const char *code)
{
    const size_t length = strlen(code);
    for (const char *at = question->allow; at && *at;
         at += strcspn(at, ","), at += *at == ',')
        if (!strncmp(at, code, length) && (!at[length] || at[length] == ','))
            return true;
    return false;
}

static enum conf_level as_asked(const struct verdict_question *question,
    enum conf_level level, const char *code)
{
    if (level == CONF_WARNING && question->strict)
        level = CONF_ERROR;
    if (level > CONF_NOTE && allows(question, code))
        level = CONF_NOTE;
    return level;
}

enum conf_level verdict_row_level(
    const struct verdict_question *question, enum diag_index row)
{
    const enum conf_level level = diag_rows[row].level;
    return as_asked(question, level == CONF_BY_LIMIT ? CONF_WARNING : level,
        diag_rows[row].code);
}

enum conf_level verdict_cause_level(const struct verdict_question *question,
    const struct conf_diagnosis *cause)
{
    const struct diag_row *row = &diag_rows[cause->row];
    if (row->level == CONF_BY_LIMIT && cause->beyond)
        return as_asked(question, CONF_ERROR, row->code);
    return verdict_row_level(question, cause->row);
}

enum conf_level verdict_finding_level(const struct verdict_question *question,
    const struct conf_finding *finding)
{
    enum conf_level most = CONF_FINE;
    for (int row = 0; finding->failures && row < DIAG_ROWS; row++)
        if (finding->row[row]) {
            const enum conf_level level =
                verdict_row_level(question, (enum diag_index)row);
            most = level > most ? level : most;
        }
    return most;
}

enum conf_level verdict_accuracy_level(const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    return verdict->accurate ? CONF_FINE
                             : verdict_row_level(question, DIAG_ACCURACY);
}
