/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/finding.h"

void conf_fail(struct conf_finding *finding, enum diag_index row,
    const struct conf_fact *fact)
{
    if (diag_rows[row].level > finding->level)
        finding->level = diag_rows[row].level;
    finding->row[row] = true;
    if (finding->failures < CONF_TOLD)
        finding->told[finding->failures] = *fact;
    finding->failures++;
}

void conf_fail_by(struct conf_finding *finding, enum diag_index row,
    enum conf_fact_code code, const struct subject_failure *failure)
{
    conf_fail(finding, row,
        &(const struct conf_fact){.code = code,
            .value = {(double)failure->call.n},
            .failure = *failure});
}

void conf_note(struct conf_finding *finding, const struct conf_fact *fact)
{
    if (finding->notes < CONF_NOTES)
        finding->note[finding->notes++] = *fact;
}
