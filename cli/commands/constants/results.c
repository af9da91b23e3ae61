/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/constants/constants.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *attracts(const struct cmd_constants_job *job)
{
    return job->homogeneous
               ? "no: f(tz) = t f(z) for t > 0, so every variance is kept"
           : job->attracting > 0 ? "yes"
           : job->attracting < 0 ? "not decided (spectral radius near 1)"
                                 : "NO: iterating g leaves this fixed point";
}

/* "none": more than the largest; e4m3 has no infinity. */
static const char *rounded_text(
    char text[40], double x, const struct num_format *format)
{
    snprintf(text, 40, "%a", x);
    return isnan(x)                                    ? "tie"
           : isinf(x) && !strcmp(format->name, "e4m3") ? "none"
                                                       : text;
}

void cmd_constants_text(FILE *out, const struct cmd_constants_job *job)
{
    const struct cmd_request *request = &job->request;
    const struct cmd_shown *shown = job->shown;
    if (job->choice.word) {
        cmd_choice_text(out, &job->choice);
        fprintf(out, "c f(z) + d");
    } else {
        fprintf(out, "SELU constants");
    }
    fprintf(out,
        " with the fixed point (mean, variance) = (%s, %s)\n"
        "at omega = %s, tau = %s\n\n",
        request->mean, request->variance, request->omega, request->tau);
    for (int i = 0; i < job->constants; i++)
        cmd_shown_text(out, job->constant[i].named.what, &shown[i]);
    fprintf(out, "\n%-16s", "rounded to");
    for (int i = 0; i < job->constants; i++)
        fprintf(out, "%-*s", i < job->constants - 1 ? 24 : 0,
            job->constant[i].named.what);
    putc('\n', out);
    for (int f = 0; f < NUM_ALL_FORMATS; f++) {
        fprintf(out, "%-16s", num_formats[f].name);
        for (int i = 0; i < job->constants; i++) {
            char text[40];
            fprintf(out, "%-*s", i < job->constants - 1 ? 24 : 0,
                rounded_text(text, job->rounded[f][i], &num_formats[f]));
        }
        putc('\n', out);
    }
    fprintf(out, "\nunique          yes, among %s > 0\n",
        job->choice.word ? "c" : "lambda, alpha");
    fprintf(out, "attracting      %s\n", attracts(job));
    cmd_shown_text(out, "spectral norm", &shown[NORM]);
    for (int i = 0; i < 2; i++) {
        cmd_shown_text(out, "eigenvalue", &shown[EIGEN1 + i]);
        if (job->complex_pair)
            cmd_shown_text(out, "  + i times", &shown[IM1 + i]);
    }
    fprintf(out,
        "\nBall arithmetic; every digit above is proven (%ld significant, "
        "the last\none rounded to nearest).\n",
        request->digits);
}

json_t *cmd_constants_json(const struct cmd_constants_job *job)
{
    const struct cmd_shown *shown = job->shown;
    json_t *document = cli_json(&job->cli);
    json_t *formats = json_object(), *eigenvalues = json_array();
    if (job->choice.word)
        json_object_set_new(
            document, "activation", cmd_choice_json(&job->choice));
    json_object_set_new(document, "design",
        json_pack("{s:s, s:s, s:s, s:s}", "mean", job->request.mean,
            "variance", job->request.variance, "omega", job->request.omega,
            "tau", job->request.tau));
    for (int i = 0; i < job->constants; i++)
        json_object_set_new(
            document, job->constant[i].key, cmd_shown_json(&shown[i]));
    for (int f = 0; f < NUM_ALL_FORMATS; f++) {
        json_t *row = json_object();
        for (int i = 0; i < job->constants; i++) {
            char hex[40];
            const char *text =
                rounded_text(hex, job->rounded[f][i], &num_formats[f]);
            json_object_set_new(row, job->constant[i].key,
                text == hex ? json_string(text) : json_null());
        }
        json_object_set_new(formats, num_formats[f].name, row);
    }
    json_object_set_new(document, "formats", formats);
    json_object_set_new(document, "unique", json_true());
    json_object_set_new(document, "attracting",
        job->attracting < 0 ? json_null() : json_boolean(job->attracting));
    for (int i = 0; i < 2; i++) {
        json_t *value = cmd_shown_json(&shown[EIGEN1 + i]);
        if (job->complex_pair)
            json_object_set_new(
                value, "imaginary", cmd_shown_json(&shown[IM1 + i]));
        json_array_append_new(eigenvalues, value);
    }
    json_object_set_new(document, "eigenvalues", eigenvalues);
    json_object_set_new(
        document, "spectral_norm", cmd_shown_json(&shown[NORM]));
    return document;
}

/* Source text has floats, so the constants must be numbers in binary32. */
char *cmd_constants_source(struct cmd_constants_job *job)
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
    return text;
}
