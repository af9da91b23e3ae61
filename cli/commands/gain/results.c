/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/gain/gain.h"
#include <math.h>
#include <stdlib.h>

enum { POINT_DIGITS = 15 };

const char cmd_gain_text[] = CMD_CHOICE_TEXT
    "{law} weights of variance G^2/n, biases of variance B"
    "{#dropout}, ordinary dropout at {.}{/}; q = E z^2, here {q}\n\n"
    "G               {gain:digits}\n"
    "G^2             {weights:digits}\n"
    "B               {bias:digits}\n"
    "q, next layer   {next:digits}\n"
    "dq'/dq          {slope:digits}\n"
    "C(0)            {start:digits}\n"
    "chi = C'(1)     {#chi}{.:digits}{:}none: f jumps{/}\n\n"
    "{#.homogeneous}f(tz) = t f(z) for t > 0: q' is q times a factor, plus "
    "B.\n{:}"
    "Fixed points of q from {region.0} to {region.1}, "
    "{#complete}all of them, proven{:}NOT all of them: near {open} it is not "
    "decided{/}:{#fixed_points}\n"
    "q               {q.value}, {attracting?attracting|NOT attracting|"
    "attracting or not is undecided}\n"
    "  dq'/dq        {slope.value}{#q_depth}, forgets in {.:.4g} layers{/}\n"
    "  chi           {#chi}{value}, {/}{.gradients}\n"
    "  C(0)          {start.value}\n"
    "  correlations  {#correlation}go to {value}, slope "
    "{correlation_slope.value}{#correlation_depth}, in {.:.4g} layers{/}"
    "{:}{.correlations}{/}{:}\nnone{/}\n{/}" CMD_PROVEN_TEXT;

/* As many digits as are known, at most 15; around 0, the radius alone. */
static json_t *proven(const arb_t x)
{
    char *value, *radius, text[32];
    json_t *both = NULL;
    for (long digits = POINT_DIGITS; digits > 0 && !both; digits--)
        if (num_decimal_arb(&value, &radius, x, digits) == SN_OK) {
            both = json_pack("{s:s, s:s}", "value", value, "radius", radius);
            free(value);
            free(radius);
        }
    if (both)
        return both;
    NUM_ARF(bound);
    arb_get_abs_ubound_arf(bound, x, MAG_BITS);
    snprintf(text, sizeof text, "%.3g", arf_get_d(bound, ARF_RND_UP) * 1.01);
    return json_pack("{s:s, s:s}", "value", "0", "radius", text);
}

/* 1 less than 1, 0 above, -1 not known */
static int below_one(const arb_t x)
{
    NUM_ARB(size);
    arb_abs(size, x);
    arb_sub_ui(size, size, 1, 64);
    return arb_is_negative(size) ? 1 : arb_is_positive(size) ? 0 : -1;
}

/* Layers after which a deviation is e times smaller: -1/log |slope|. */
static json_t *depth_of(const arb_t slope)
{
    double x = fabs(arf_get_d(arb_midref(slope), ARF_RND_NEAR));
    return below_one(slope) == 1 && x > 0 ? json_real(-1 / log(x))
                                          : json_null();
}

static json_t *known(int yes)
{
    return yes < 0 ? json_null() : json_boolean(yes);
}

static json_t *point_tree(const struct cmd_gain_point *p, bool dropout)
{
    static const char *const gradients[] = {
        "1 within its radius", "gradients grow", "gradients vanish"};
    const bool smooth = arb_is_finite(p->chi);
    const int fade = smooth ? below_one(p->chi) : 0;
    json_t *tree = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "q",
        proven(p->q), "slope", proven(p->slope), "attracting",
        known(below_one(p->slope)), "q_depth", depth_of(p->slope), "chi",
        smooth ? proven(p->chi) : json_null(), "start", proven(p->start),
        ".gradients", smooth ? gradients[fade + 1] : "none: f jumps");
    json_t *more = json_pack("{s:o, s:o, s:o, s:s}", "correlation",
        p->has_correlation ? proven(p->correlation) : json_null(),
        "correlation_slope",
        p->has_correlation && arb_is_finite(p->correlation_slope)
            ? proven(p->correlation_slope)
            : json_null(),
        "correlation_depth",
        p->has_correlation ? depth_of(p->correlation_slope) : json_null(),
        ".correlations",
        dropout     ? "are below 1 even of an input with itself"
        : fade == 1 ? "go to 1"
                    : "slope 1 at c = 1, within its radius");
    json_object_update_new(tree, more);
    return tree;
}

json_t *cmd_gain_tree(const struct cmd_gain_job *job)
{
    static const char *const wish[] = {"given", "q", "chi", "c0"};
    const struct cmd_shown *shown = job->shown;
    json_t *tree = json_pack("{s:o, s:s, s:s, s:s*, s:s, s:b, s:o, s:o}",
        "activation", cmd_choice_json(&job->choice), "law",
        job->centred ? "centred" : "independent", "wish",
        wish[cmd_gain_wish_of(job)], "dropout", job->dropout, "q", job->q,
        "exists", job->exists, "weights", cmd_shown_json(&shown[GAIN_WEIGHTS]),
        "bias", cmd_shown_json(&shown[GAIN_BIAS]));
    if (!job->exists)
        return tree;
    json_t *points = json_array();
    for (int i = 0; i < job->points.count; i++)
        json_array_append_new(
            points, point_tree(&job->point[i], job->dropout != NULL));
    const bool rests = !job->homogeneous && cmd_gain_wish_of(job);
    json_t *more = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:I}",
        "gain", cmd_shown_json(&shown[GAIN_GAIN]), "next",
        cmd_shown_json(&shown[GAIN_NEXT]), "slope",
        cmd_shown_json(&shown[GAIN_SLOPE]), "start",
        cmd_shown_json(&shown[GAIN_START]), "chi",
        job->smooth ? cmd_shown_json(&shown[GAIN_CHI]) : json_null(), "stable",
        rests ? known(below_one(shown[GAIN_SLOPE].ball)) : json_null(),
        ".homogeneous", job->homogeneous, ".digits",
        (json_int_t)job->request.digits);
    json_object_update_new(tree, more);
    if (job->homogeneous) {
        json_decref(points);
        return tree;
    }
    more = json_pack("{s:[f, f], s:b, s:o, s:o}", "region", job->region[0],
        job->region[1], "complete", job->points.complete, "open",
        job->points.complete ? json_null() : json_real(job->points.open),
        "fixed_points", points);
    json_object_update_new(tree, more);
    return tree;
}
