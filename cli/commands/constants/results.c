/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/constants/constants.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char cmd_constants_text[] = CMD_CHOICE_TEXT
    "{#activation}c f(z) + d{:}SELU constants{/}"
    " with the fixed point (mean, variance) = ({design.mean}, "
    "{design.variance})\nat omega = {design.omega}, tau = {design.tau}\n\n"
    "{#.constants}{what:-16s}{.:digits}\n{/}"
    "\nrounded to      {#.constants}{#@last}{what}{:}{what:-24s}{/}{/}\n"
    "{#.rounded}{name:-16s}{#cells}{#@last}{.}{:}{.:-24s}{/}{/}\n"
    "                {#decimals}{#@last}{.}{:}{.:-24s}{/}{/}\n{/}"
    "\nunique          yes, among {#activation}c{:}lambda, alpha{/} > 0\n"
    "attracting      {#.homogeneous}"
    "no: f(tz) = t f(z) for t > 0, so every variance is kept{:}"
    "{attracting?yes|NO: iterating g leaves this fixed point|"
    "not decided (spectral radius near 1)}{/}\n"
    "spectral norm   {spectral_norm:digits}\n"
    "{#eigenvalues}eigenvalue      {.:digits}\n"
    "{#imaginary}  + i times     {.:digits}\n{/}{/}" CMD_PROVEN_TEXT;

/* "none": more than the largest; e4m3 has no infinity. */
static const char *rounded_text(
    char text[40], double x, const struct num_format *format)
{
    snprintf(text, 40, "%a", x);
    return isnan(x)                                    ? "tie"
           : isinf(x) && !strcmp(format->name, "e4m3") ? "none"
                                                       : text;
}

json_t *cmd_constants_design_json(const struct cmd_request *request)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "mean", request->mean, "variance",
        request->variance, "omega", request->omega, "tau", request->tau);
}

/* Hexadecimal floats by format; null, with a word for text, where none is. */
static void add_formats(json_t *tree, const struct cmd_constants_job *job)
{
    json_t *formats = json_object(), *lines = json_array();
    for (int f = 0; f < NUM_ALL_FORMATS; f++) {
        json_t *row = json_object(), *cells = json_array();
        json_t *decimals = json_array();
        for (int i = 0; i < job->constants; i++) {
            char hex[40];
            const char *text =
                rounded_text(hex, job->rounded[f][i], &num_formats[f]);
            json_object_set_new(row, job->constant[i].key,
                text == hex ? json_string(text) : json_null());
            json_array_append_new(cells, json_string(text));
            /* as many digits as tell the format's numbers apart */
            json_array_append_new(decimals,
                text == hex
                    ? json_sprintf("%.*g", f ? 9 : 17, job->rounded[f][i])
                    : json_string(""));
        }
        json_object_set_new(formats, num_formats[f].name, row);
        json_array_append_new(
            lines, json_pack("{s:s, s:o, s:o}", "name", num_formats[f].name,
                       "cells", cells, "decimals", decimals));
    }
    json_object_set_new(tree, "formats", formats);
    json_object_set_new(tree, ".rounded", lines);
}

json_t *cmd_constants_tree(const struct cmd_constants_job *job)
{
    const struct cmd_shown *shown = job->shown;
    json_t *tree = json_object(), *lines = json_array();
    json_t *eigenvalues = json_array();
    if (job->choice.word)
        json_object_set_new(tree, "activation", cmd_choice_json(&job->choice));
    json_object_set_new(
        tree, "design", cmd_constants_design_json(&job->request));
    for (int i = 0; i < job->constants; i++) {
        json_t *number = cmd_shown_json(&shown[i]);
        json_t *line = json_copy(number);
        json_object_set_new(
            line, "what", json_string(job->constant[i].named.what));
        json_array_append_new(lines, line);
        json_object_set_new(tree, job->constant[i].key, number);
    }
    add_formats(tree, job);
    for (int i = 0; i < 2; i++) {
        json_t *value = cmd_shown_json(&shown[SOLVED_EIGEN1 + i]);
        if (job->complex_pair)
            json_object_set_new(
                value, "imaginary", cmd_shown_json(&shown[SOLVED_IM1 + i]));
        json_array_append_new(eigenvalues, value);
    }
    json_t *more = json_pack("{s:b, s:b, s:o, s:o, s:o, s:o, s:b, s:I}",
        "exists", 1, "unique", 1, "attracting",
        job->attracting < 0 ? json_null() : json_boolean(job->attracting),
        "eigenvalues", eigenvalues, "spectral_norm",
        cmd_shown_json(&shown[SOLVED_NORM]), ".constants", lines,
        ".homogeneous", job->homogeneous, ".digits",
        (json_int_t)job->request.digits);
    json_object_update(tree, more);
    json_decref(more);
    return tree;
}

/* Source text has floats, so the constants must be numbers in binary32. */
json_t *cmd_constants_source(struct cmd_constants_job *job)
{
    enum { F32 = 1, SOURCE_DIGITS = 50 };
    const char *name = num_language_names[job->language];
    struct num_named number[MOST_CONSTANTS];
    for (int i = 0; i < job->constants; i++) {
        float nearest = (float)job->rounded[F32][i];
        if (!isnormal(nearest) && !arb_is_zero(job->shown[i].ball))
            cli_die(&job->cli, CLI_EXIT_FAILED,
                "--format %s: %s does not fit a float, or is a tie there; "
                "--format text gives it",
                name, job->constant[i].key);
        number[i] = job->constant[i].named;
        number[i].value = job->shown[i].ball;
    }
    char design[400];
    const struct cmd_request *request = &job->request;
    snprintf(design, sizeof design,
        "%s%.60s for the fixed point (%.40s, %.40s) at omega = %.40s, tau = "
        "%.40s.",
        job->choice.word ? "c f(z) + d, f = " : "SELU constants",
        job->choice.word ? cmd_choice_name(&job->choice) : "", request->mean,
        request->variance, request->omega, request->tau);
    long digits = request->digits;
    char *text = num_literals(job->language, number, job->constants, design,
        job->choice.word ? NULL : "Selu",
        digits == CMD_DEFAULT_DIGITS ? SOURCE_DIGITS : digits);
    if (!text)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE,
            "--format %s: out of memory, or too few --digits for the "
            "remainders",
            name);
    json_t *tree = json_pack("{s:s}", ".source", text);
    free(text);
    return tree;
}
