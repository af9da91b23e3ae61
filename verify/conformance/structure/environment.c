/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which exceptions a kernel raises, and how far off it is under other rounding
 * modes than the one kernels are written for.  Both are reported; a rounding
 * mode under which results are not even near fails nobody either, as few
 * kernels promise anything there.
 */
#include "verify/conformance/subject/kernel_host.h"
#include "verify/conformance/structure/trial.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TRIED = 128 };

/* Finite inputs of both signs over the range where f moves. */
static void fill(struct structure_trial *b)
{
    structure_trial_fill(b);
    for (size_t i = 0; i < TRIED; i++)
        structure_trial_set(b, conf_runner_x(b->runner), i,
            (i % 2 ? -1 : 1) *
                ldexp(1 + (double)i / TRIED, (int)(i / 2 % 16) - 12));
}

static int raised_by(struct structure_trial *b, struct conf_finding *finding,
    double x, size_t n)
{
    if (!structure_trial_ready(b, finding))
        return 0;
    fill(b);
    for (size_t i = 0; x != 0 && i < n; i++)
        structure_trial_set(b, conf_runner_x(b->runner), i, x);
    if (!structure_trial_call(b, finding, &(struct conf_call){.n = n}))
        return 0;
    return conf_runner_raised(b->runner);
}

static void add(char *text, size_t size, const char *when, int raised)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s:%s%s%s%s%s%s", used ? "; " : "",
        when, raised ? "" : " none",
        raised & SUBJECT_RAISED_INVALID ? " invalid" : "",
        raised & SUBJECT_RAISED_DIVIDE ? " divide-by-zero" : "",
        raised & SUBJECT_RAISED_OVERFLOW ? " overflow" : "",
        raised & SUBJECT_RAISED_UNDERFLOW ? " underflow" : "",
        raised & SUBJECT_RAISED_INEXACT ? " inexact" : "");
}

void structure_exceptions(
    struct structure_trial *b, struct conf_finding *finding)
{
    const struct {
        const char *when;
        double x;
    } row[] = {{"ordinary inputs", 0}, {"x = -200", -200}, {"x = 200", 200},
        {"-inf", -(double)INFINITY}, {"quiet NaN", (double)NAN}};
    finding->passed = true;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        add(finding->note, sizeof finding->note, row[i].when,
            raised_by(b, finding, row[i].x, TRIED));
}

void structure_directed_rounding(
    struct structure_trial *b, struct conf_finding *finding)
{
    static const char *const name[] = {"", "up", "down", "to zero"};
    finding->passed = true;
    for (int mode = 1; mode <= 3; mode++) {
        double worst = 0, at = 0;
        struct conf_call how = {.n = TRIED};
        how.rounding = mode == 1   ? CONF_UP
                       : mode == 2 ? CONF_DOWN
                                   : CONF_TO_ZERO;
        if (!structure_trial_ready(b, finding))
            return;
        fill(b);
        if (!structure_trial_call(b, finding, &how))
            return;
        for (size_t i = 0; i < TRIED; i++) {
            double x = structure_trial_get(b, conf_runner_x(b->runner), i);
            double ulp = conf_reference_ulp(b->reference, b->dtype, x,
                structure_trial_get(b, conf_runner_out(b->runner), i));
            if (ulp > worst) {
                worst = ulp;
                at = x;
            }
        }
        size_t used = strlen(finding->note);
        snprintf(finding->note + used, sizeof finding->note - used,
            "%s%s: max %.4g ULP at %a", used ? "; " : "", name[mode], worst,
            at);
    }
}
