/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/moments/moments.h"
#include "cli/commands/shared/snippet.h"

/* What stands in for a moment of the derivative that does not exist. */
#define NO_DERIVATIVE                                                         \
    "{#.jumps}none: f jumps at z = {jump:.6g}{:}not known to be finite{/}"

const char cmd_moments_text[] = CMD_CHOICE_TEXT
    "z ~ N({point.mean}, {point.variance})\n\n"
    "mean            {mean:digits}\n"
    "second moment   {second_moment:digits}\n"
    "variance        {variance:digits}\n"
    "sd              {sd:digits}\n"
    "rms             {rms:digits}\n"
    "E f'            {#derivative_mean}{.:digits}{:}{.no_slope}{/}\n"
    "E f'^2          {#derivative_second_moment}{.:digits}{:}" NO_DERIVATIVE
    "{/}\n"
    "E f''^2         {#second_derivative_second_moment}{.:digits}{:}"
    "{.no_bend}{/}\n"
    "gain 1/std      {gain_std:digits}\n"
    "gain 1/rms      {gain_rms:digits}\n"
    "1/rms is the gain of independent weights, 1/std that of weights whose "
    "rows sum\nto 0, or of an activation less its mean (selfnorm gain).\n"
    "\nc f(z) + d with the fixed point (mean, variance) = (0, 1) at omega = "
    "0, "
    "tau = 1:\n{#self_normalizing}"
    "c               {scale:digits}\n"
    "d               {shift:digits}\n"
    "d var/d nu      {variance_slope:digits}\n"
    "attracting      {#.homogeneous}"
    "no: f(tz) = t f(z) for t > 0, so every variance is kept{:}"
    "{attracting?yes|NO: iterating leaves this fixed point|"
    "not decided (d var/d nu near 1)}{/}\n"
    "E (c f')^2      {#gradient_factor}{.:digits}{:}" NO_DERIVATIVE "{/}\n{/}"
    "\n{#method=closed form}Closed forms in ball arithmetic{:}"
    "Ball arithmetic, quadrature with proven error{/};\n"
    "every digit above is proven ({.digits} significant, the last one rounded "
    "to nearest).\n";

const char cmd_moments_table[] =
    "z ~ N({point.mean}, {point.variance})\n\n"
    "              {#.columns}{.:-*s}{/}attracts\n"
    "{#activations}{activation.name:-14s}{mean.value:-*s}"
    "{second_moment.value:-*s}{variance.value:-*s}"
    "{derivative_second_moment.value:-*s}{gain_std.value:-*s}"
    "{gain_rms.value:-*s}{self_normalizing.variance_slope.value:-*s}"
    "{#.homogeneous}no{:}{self_normalizing.attracting?yes|NO|?}{/}\n{/}"
    "\nd var/d nu and attracts: of c f(z) + d with the fixed point (0, 1).\n"
    "Every digit is proven, the last one rounded to nearest.\n";

/* What f' has, or why it has not. */
static json_t *slope_tree(const struct cmd_moments_row *row)
{
    const struct cmd_shown *shown = row->shown;
    char kink[64];
    snprintf(kink, sizeof kink, "not defined: kink at %.6g", row->kink + 0.0);
    return json_pack("{s:o, s:o, s:o, s:s, s:s}", "derivative_mean",
        row->has_slope_mean ? cmd_shown_json(&shown[MOMENT_SLOPE_MEAN])
                            : json_null(),
        "second_derivative_second_moment",
        row->has_bend ? cmd_shown_json(&shown[MOMENT_BEND]) : json_null(),
        "kink", row->bends ? json_real(row->kink) : json_null(), ".no_slope",
        row->jumps ? "none: f jumps" : "not known", ".no_bend",
        row->jumps   ? "none: f jumps"
        : row->bends ? kink
                     : "not known to be finite");
}

static json_t *row_tree(const struct cmd_moments_row *row)
{
    const struct cmd_shown *shown = row->shown;
    const bool smooth = row->has_derivative;
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o,"
                     " s:{s:o, s:o, s:o, s:o, s:o}, s:b, s:b}",
        "activation", cmd_choice_json(&row->choice), "method",
        row->closed ? "closed form" : "quadrature", "mean",
        cmd_shown_json(&shown[MOMENT_MEAN]), "second_moment",
        cmd_shown_json(&shown[MOMENT_SECOND]), "variance",
        cmd_shown_json(&shown[MOMENT_VARIANCE]), "sd",
        cmd_shown_json(&shown[MOMENT_SD]), "rms",
        cmd_shown_json(&shown[MOMENT_RMS]), "derivative_second_moment",
        smooth ? cmd_shown_json(&shown[MOMENT_DERIVATIVE]) : json_null(),
        "jump", row->jumps ? json_real(row->jump) : json_null(), "gain_std",
        cmd_shown_json(&shown[MOMENT_GAIN_STD]), "gain_rms",
        cmd_shown_json(&shown[MOMENT_GAIN_RMS]), "self_normalizing", "scale",
        cmd_shown_json(&shown[MOMENT_SCALE]), "shift",
        cmd_shown_json(&shown[MOMENT_SHIFT]), "variance_slope",
        cmd_shown_json(&shown[MOMENT_SLOPE]), "attracting",
        row->attracting < 0 ? json_null() : json_boolean(row->attracting),
        "gradient_factor",
        smooth ? cmd_shown_json(&shown[MOMENT_GRADIENT]) : json_null(),
        ".homogeneous", row->homogeneous, ".jumps", row->jumps);
}

json_t *cmd_moments_tree(const struct cmd_moments_job *job)
{
    const long digits = job->request.digits;
    json_t *tree =
        json_pack("{s:{s:s, s:s}, s:I}", "point", "mean", job->request.mean,
            "variance", job->request.variance, ".digits", (json_int_t)digits);
    if (!job->all) {
        json_object_update_new(tree, row_tree(&job->row[0]));
        json_object_update_new(tree, slope_tree(&job->row[0]));
        return tree;
    }
    json_t *rows = json_array();
    for (int i = 0; i < job->rows; i++)
        json_array_append_new(rows, row_tree(&job->row[i]));
    json_t *more = json_pack("{s:o, s:I, s:[s, s, s, s, s, s, s]}",
        "activations", rows, ".width", (json_int_t)digits + 8, ".columns",
        "mean", "second moment", "variance", "E f'^2", "1/std", "1/rms",
        "d var/d nu");
    json_object_update_new(tree, more);
    return tree;
}

json_t *cmd_moments_snippet(const struct cmd_moments_job *job)
{
    const struct cmd_moments_row *row = &job->row[0];
    json_t *tree = json_pack("{s:o, s:o, s:o, s:{s:s, s:s, s:s, s:s}}",
        "scale", cmd_shown_json(&row->shown[MOMENT_SCALE]), "shift",
        cmd_shown_json(&row->shown[MOMENT_SHIFT]), "attracting",
        row->attracting < 0 ? json_null() : json_boolean(row->attracting),
        "design", "mean", "0", "variance", "1", "omega", "0", "tau", "1");
    return cmd_snippet(
        (enum cmd_framework)(job->format - 1), tree, &row->choice);
}
