/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/moments/moments.h"
#include <string.h>

static const char *attracts(const struct cmd_moments_row *row)
{
    return row->homogeneous      ? "no"
           : row->attracting > 0 ? "yes"
           : row->attracting < 0 ? "?"
                                 : "NO";
}

static void print_derivative(
    FILE *out, const char *label, const struct cmd_moments_row *row, int i)
{
    if (row->has_derivative)
        cmd_shown_text(out, label, &row->shown[i]);
    else if (row->jumps)
        fprintf(out, "%-16snone: f jumps at z = %.6g\n", label, row->jump);
    else
        fprintf(out, "%-16snot known to be finite\n", label);
}

void cmd_moments_text(FILE *out, const struct cmd_moments_job *job)
{
    const struct cmd_moments_row *row = &job->row[0];
    const struct cmd_shown *shown = row->shown;
    cmd_choice_text(out, &row->choice);
    fprintf(
        out, "z ~ N(%s, %s)\n\n", job->request.mean, job->request.variance);
    cmd_shown_text(out, "mean", &shown[MEAN]);
    cmd_shown_text(out, "second moment", &shown[SECOND]);
    cmd_shown_text(out, "variance", &shown[VARIANCE]);
    print_derivative(out, "E f'^2", row, DERIVATIVE);
    cmd_shown_text(out, "gain 1/std", &shown[GAIN_STD]);
    cmd_shown_text(out, "gain 1/rms", &shown[GAIN_RMS]);
    fputs("\nc f(z) + d with the fixed point (mean, variance) = (0, 1) at "
          "omega = 0, tau = 1:\n",
        out);
    cmd_shown_text(out, "c", &shown[SCALE]);
    cmd_shown_text(out, "d", &shown[SHIFT]);
    cmd_shown_text(out, "d var/d nu", &shown[SLOPE]);
    fprintf(out, "%-16s%s\n", "attracting",
        row->homogeneous
            ? "no: f(tz) = t f(z) for t > 0, so every variance is kept"
        : row->attracting > 0 ? "yes"
        : row->attracting < 0 ? "not decided (d var/d nu near 1)"
                              : "NO: iterating leaves this fixed point");
    print_derivative(out, "E (c f')^2", row, GRADIENT);
    fprintf(out,
        "\n%s;\nevery digit above is proven (%ld significant, the last one "
        "rounded to nearest).\n",
        row->closed ? "Closed forms in ball arithmetic"
                    : "Ball arithmetic, quadrature with proven error",
        job->request.digits);
}

void cmd_moments_table(FILE *out, const struct cmd_moments_job *job)
{
    static const struct {
        const char *label;
        int shown;
    } column[] = {{"mean", MEAN}, {"second moment", SECOND},
        {"variance", VARIANCE}, {"E f'^2", DERIVATIVE}, {"1/std", GAIN_STD},
        {"1/rms", GAIN_RMS}, {"d var/d nu", SLOPE}};
    enum { COLUMNS = sizeof column / sizeof *column };
    const int width = (int)job->request.digits + 8;
    fprintf(out, "z ~ N(%s, %s)\n\n%-14s", job->request.mean,
        job->request.variance, "");
    for (int k = 0; k < COLUMNS; k++)
        fprintf(out, "%-*s", width, column[k].label);
    fputs("attracts\n", out);
    for (int i = 0; i < job->rows; i++) {
        const struct cmd_moments_row *row = &job->row[i];
        fprintf(out, "%-14s", row->choice.word);
        for (int k = 0; k < COLUMNS; k++) {
            const struct cmd_shown *shown = &row->shown[column[k].shown];
            bool none = column[k].shown >= ALWAYS && !row->has_derivative;
            fprintf(out, "%-*s", width, none ? "-" : shown->value);
        }
        fprintf(out, "%s\n", attracts(row));
    }
    fputs("\nd var/d nu and attracts: of c f(z) + d with the fixed point "
          "(0, 1).\nEvery digit is proven, the last one rounded to "
          "nearest.\n",
        out);
}

static void set_derivative(
    json_t *object, const char *key, const struct cmd_moments_row *row, int i)
{
    json_object_set_new(object, key,
        row->has_derivative ? cmd_shown_json(&row->shown[i]) : json_null());
}

static void set_row(json_t *object, const struct cmd_moments_row *row)
{
    const struct cmd_shown *shown = row->shown;
    json_object_set_new(object, "activation", cmd_choice_json(&row->choice));
    json_object_set_new(object, "method",
        json_string(row->closed ? "closed form" : "quadrature"));
    json_object_set_new(object, "mean", cmd_shown_json(&shown[MEAN]));
    json_object_set_new(
        object, "second_moment", cmd_shown_json(&shown[SECOND]));
    json_object_set_new(object, "variance", cmd_shown_json(&shown[VARIANCE]));
    set_derivative(object, "derivative_second_moment", row, DERIVATIVE);
    json_object_set_new(
        object, "jump", row->jumps ? json_real(row->jump) : json_null());
    json_object_set_new(object, "gain_std", cmd_shown_json(&shown[GAIN_STD]));
    json_object_set_new(object, "gain_rms", cmd_shown_json(&shown[GAIN_RMS]));
    json_t *normalized = json_pack("{s:o, s:o, s:o, s:o}", "scale",
        cmd_shown_json(&shown[SCALE]), "shift", cmd_shown_json(&shown[SHIFT]),
        "variance_slope", cmd_shown_json(&shown[SLOPE]), "attracting",
        row->attracting < 0 ? json_null() : json_boolean(row->attracting));
    set_derivative(normalized, "gradient_factor", row, GRADIENT);
    json_object_set_new(object, "self_normalizing", normalized);
}

json_t *cmd_moments_json(const struct cmd_moments_job *job)
{
    json_t *document = cli_json(&job->cli);
    json_object_set_new(document, "point",
        json_pack("{s:s, s:s}", "mean", job->request.mean, "variance",
            job->request.variance));
    if (!job->all) {
        set_row(document, &job->row[0]);
        return document;
    }
    json_t *rows = json_array();
    for (int i = 0; i < job->rows; i++) {
        json_t *row = json_object();
        set_row(row, &job->row[i]);
        json_array_append_new(rows, row);
    }
    json_object_set_new(document, "activations", rows);
    return document;
}
