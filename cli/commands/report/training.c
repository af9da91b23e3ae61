/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/report/tables.h"
#include <math.h>

static double member(const json_t *row, const char *what, const char *key)
{
    return cmd_report_number(json_object_get(row, what), key);
}

static void write_row(FILE *out, const json_t *row)
{
    bool reference = !json_object_get(row, "against_reference");
    fprintf(out, "<tr%s><th>%s</th><td>%.0f</td>",
        reference ? " class=\"ours\"" : "", cmd_report_text(row, "arm"),
        cmd_report_number(row, "depth"));
    fprintf(out, "<td>%.3f&nbsp;&plusmn;&nbsp;%.3f</td><td>%.2g</td>",
        member(row, "best_test_accuracy", "mean"),
        member(row, "best_test_accuracy", "half_width_95"),
        member(row, "training_loss", "mean"));
    fprintf(out, "<td>%.0f</td><td>%.0f</td>",
        cmd_report_number(row, "diverged"), cmd_report_number(row, "stuck"));
    if (reference)
        fputs("<td></td>", out);
    else
        fprintf(out, "<td>%+.3f</td>",
            member(row, "against_reference", "mean_difference"));
    fputs("</tr>\n", out);
}

/* What came out is a finding, not a promise: the report does not fail by it.
 */
bool cmd_report_training(const struct cmd_report_job *report, FILE *out)
{
    json_t *document = cmd_report_load(report, "train"), *row;
    size_t i;
    fputs("<table><thead><tr><th>network</th><th>layers</th><th>test accuracy"
          "</th><th>training loss</th><th>runs that diverged</th><th>that "
          "learned nothing</th><th>against snn</th></tr></thead>\n",
        out);
    json_array_foreach(json_object_get(document, "summary"), i, row)
        write_row(out, row);
    fputs("</table>\n", out);
    bool ok = json_is_true(json_object_get(document, "ok"));
    json_decref(document);
    return ok;
}
