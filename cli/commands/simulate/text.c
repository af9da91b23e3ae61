/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/simulate/simulate.h"
#include "verify/shared/ranks.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A resolution of the second moment that deserves a warning. */
#define WEAK 0.1

static const char *const failure_words[] = {
    [NET_FAILURE_NONE] = "",
    [NET_FAILURE_NOT_FINITE] =
        "a value overflowed, is a NaN, or a second moment passes 1e25",
    [NET_FAILURE_VANISHED] =
        "an input is zero in every unit, or its second moment below 1e-25",
    [NET_FAILURE_CONSTANT] =
        "an input is the same in every unit, to working precision",
    [NET_FAILURE_GRADIENT] = "a gradient is zero in every unit or not finite",
};

const char *cmd_simulation_failure(const struct cmd_simulation *s)
{
    return failure_words[s->study.ensemble.failure];
}

/* ---- settings ---- */

static void write_interval(
    FILE *out, const char *name, const struct quad_interval *i)
{
    if (i->low == i->high)
        fprintf(out, ", %s %g", name, i->low);
    else
        fprintf(out, ", %s in [%g, %g]", name, i->low, i->high);
}

void cmd_simulation_settings(FILE *out, const struct cmd_simulation *s)
{
    const struct net_networks *n = &s->settings;
    fprintf(out, "%zu networks, %zu layers of %zu units, %.40s",
        s->study.ensemble.networks ? s->study.ensemble.networks : n->networks,
        n->depth, n->width, cmd_choice_name(&s->choice));
    if (s->words.lambda)
        fprintf(out, " with lambda %.30s", s->words.lambda);
    if (s->words.alpha)
        fprintf(out, " with alpha %.30s", s->words.alpha);
    fprintf(out, ", weights %s", n->weights->name);
    if (n->gain != 1)
        fprintf(out, " times %g", n->gain);
    if (n->bias > 0)
        fprintf(out, ", biases of variance %g", n->bias);
    if (n->weights->kind == NET_ROW_SUM ||
        n->weights->kind == NET_ROW_SUM_SQUARE) {
        write_interval(out, "omega", &n->omega);
        write_interval(out, "tau", &n->tau);
        if (n->drawn != NET_PER_RUN)
            fprintf(
                out, " per %s", n->drawn == NET_PER_UNIT ? "unit" : "layer");
    }
    fprintf(out, ",\n%zu input%s ", n->inputs, n->inputs > 1 ? "s" : "");
    if (n->data)
        fprintf(out, "from %.200s", s->words.data);
    else
        fprintf(out, "of N(%g, %g) entries", n->start_mean, n->start_variance);
    if (n->correlation != 0)
        fprintf(out, ", pairs correlated %g", n->correlation);
    if (n->dropout.rate > 0) {
        fprintf(out, ", %s dropout at %g",
            s->words.alpha_dropout ? "alpha" : "ordinary", n->dropout.rate);
        if (n->dropout_layers < n->depth)
            fprintf(out, " in the last %zu layers", n->dropout_layers);
    }
    fprintf(out, ", %s, %s, seed %" PRIu64 "\n",
        n->way == NET_WAY_EXACT ? "exact" : "direct",
        n->real == NET_REAL_F32 ? "f32" : "f64", n->seed);
}

/* ---- verdict ---- */

static void write_consistency(FILE *out, const struct cmd_simulation *s)
{
    const struct net_residual_test *t = &s->study.test;
    const struct net_extreme *worst = &t->worst;
    const char *g = s->settings.weights->gaussian
                        ? "the exact map"
                        : "what is exact for these weights";
    if (!t->passed) {
        fprintf(out, "REFUSED: the networks contradict %s in their", g);
        const char *comma = " ";
        for (int i = 0; i < t->count; i++)
            if (t->row[i].tested && !(fabs(t->row[i].z) <= t->limit)) {
                fprintf(out, "%s%s (z = %.3g)", comma,
                    net_quantity_name[t->row[i].what], t->row[i].z);
                comma = ", ";
            }
        fprintf(out, "; limit %.3g.\n", t->limit);
    }
    if (!t->layers_passed)
        fprintf(out, "REFUSED at layer %zu: %s, z = %.3g, limit %.3g.\n",
            worst->layer, net_quantity_name[worst->what], worst->z,
            worst->limit);
    if (t->passed && t->layers_passed)
        fprintf(out,
            "Consistent with %s at every layer: over %zu layer%s together, "
            "and at most |z| = %.3g in one of them (limit %.3g).\n",
            g, s->study.ensemble.layers - 1,
            s->study.ensemble.layers > 2 ? "s" : "", fabs(worst->z),
            worst->limit);
    for (int i = 0; i < t->count; i++)
        if (t->row[i].what == NET_DROP_MEAN && !t->row[i].tested_by_layer)
            fprintf(out,
                "Dropout is not tested%s: fewer than %d units of the rarer "
                "kind, dropped or kept, are expected in a network%s.\n",
                t->row[i].tested ? " layer by layer" : "", NET_FEWEST_RARE,
                t->row[i].tested ? "'s layer" : "");
    for (int i = 0; i < t->count; i++)
        if (t->row[i].what == NET_F_SECOND && t->row[i].exact &&
            !(t->limit * t->row[i].se < WEAK))
            fprintf(out,
                "Weak: errors below %.2g of the second moment go unnoticed; "
                "use more networks.\n",
                t->limit * t->row[i].se);
    if (!s->settings.weights->gaussian)
        fprintf(out,
            "The map itself holds for these weights as the width grows; "
            "the activation's residuals show how far it is from that.\n");
}

static void write_equivalence(FILE *out, const struct cmd_simulation *s)
{
    static const char *const what[] = {"mean", "var"};
    for (int i = 0; i < 2; i++) {
        const struct net_equivalence *e = &s->study.equivalence[i];
        char claim[80];
        if (e->target == 0)
            snprintf(claim, sizeof claim, "|E %s| < %g", what[i], e->margin);
        else
            snprintf(claim, sizeof claim, "|E %s - %g| < %g", what[i],
                e->target, e->margin);
        fprintf(out, "%s %s at depth %zu: %.5g, from %.5g to %.5g", claim,
            e->outcome == NET_SHOWN     ? "shown"
            : e->outcome == NET_OUTSIDE ? "is FALSE, shown"
                                        : "not shown",
            s->study.ensemble.layers - 1, e->mean, e->low, e->high);
        if (e->outcome != NET_UNDECIDED_YET)
            fprintf(out, ".\n");
        else if (e->needed > 0)
            fprintf(out, "; too few networks: %.3g would do (power %g).\n",
                e->needed, s->study.power > 0 ? s->study.power : 0.9);
        else
            fprintf(out, "; no number of networks would, if that is it.\n");
    }
}

static void write_single(FILE *out, const struct cmd_simulation *s)
{
    const struct net_ensemble *e = &s->study.ensemble;
    size_t last = e->layers - 1;
    fprintf(out,
        "Single networks vary by %.2g in mean and %.2g in variance there "
        "(standard deviation of one input); %.3g %% of them within the "
        "margins, %.3g %% inside Omega.\n",
        sqrt(fmax(net_ensemble_spread(e, last, NET_MEAN), 0)),
        sqrt(fmax(net_ensemble_spread(e, last, NET_VARIANCE), 0)),
        100 * net_ensemble_summary(e, last, NET_WITHIN).mean,
        100 * net_ensemble_summary(e, last, NET_INSIDE).mean);
    const struct net_extreme *far = &s->study.distance;
    if (far->layer)
        fprintf(out, "%s: at most %.3g se, %s, layer %zu (limit %.3g).\n",
            fabs(far->z) < far->limit ? "No layer is far from infinite width"
                                      : "The finite width shows beside g",
            fabs(far->z), net_quantity_name[far->what], far->layer,
            far->limit);
}

void cmd_simulation_verdict(FILE *out, const struct cmd_simulation *s)
{
    const struct net_ensemble *e = &s->study.ensemble;
    if (e->interrupted)
        fprintf(out, "Interrupted: %zu of %zu networks ended and count.\n",
            e->networks, e->settings.networks);
    if (e->failure)
        fprintf(out, "Stopped: network %zu, layer %zu: %s.\n",
            e->failed_network, e->failed_layer, failure_words[e->failure]);
    if (s->study.theory.no_moments)
        fprintf(out,
            "Stopped: from layer %zu on the moments do not exist or are not "
            "known.\n",
            s->study.theory.layers);
    else if (s->study.theory.inexact)
        fprintf(out,
            "Stopped: from layer %zu on the activation in binary64 loses its "
            "digits: its moments differ from their enclosures.\n",
            s->study.theory.layers);
    else if (s->study.theory.why)
        fprintf(out, "No theory of layers %zu and up: %s.\n",
            s->study.theory.layers, s->study.theory.why);
    if (!s->study.tested) {
        fprintf(out, "Not decided: too little was measured for a test.\n");
        return;
    }
    write_consistency(out, s);
    write_equivalence(out, s);
    write_single(out, s);
    fprintf(out,
        "All of this is wrong somewhere with probability %g at most.\n",
        s->study.alpha);
}

/* ---- table ---- */

/* About 20 rows of any depth: 0, 1, 2, 3, 4, 6, 8, 12, ... and the last. */
static bool is_shown(size_t layer, size_t depth)
{
    if (layer == depth || depth <= 20 || layer <= 1)
        return true;
    while (layer % 2 == 0)
        layer /= 2;
    return layer == 1 || (layer == 3 && depth < 1024);
}

static double theory_at(
    const struct cmd_simulation *s, enum theory_column column, size_t layer)
{
    return layer < s->study.theory.layers
               ? s->study.theory.column[column][layer]
               : NAN;
}

static void cell(FILE *out, double x, int width, int digits)
{
    if (isnan(x))
        fprintf(out, " %*s", width - 1, "-");
    else
        fprintf(out, " %*.*g", width - 1, digits, x);
}

/* Mean and variance with theory at this width where it is known. */
static void write_layers(FILE *out, const struct cmd_simulation *s)
{
    const struct net_ensemble *e = &s->study.ensemble;
    double n = (double)s->settings.width;
    fprintf(out,
        "\nmean and variance of one input over the units, averaged over the "
        "inputs; se:\nstandard error over the networks; g: as the width "
        "grows; 1/n: at this width, to\nthe first order; sd: of one input "
        "over networks, and its theory\n\n"
        " layer       mean     se        g      1/n   variance     se"
        "        g      1/n      sd  theory\n");
    size_t rows = e->networks ? e->layers : 0, shown = 0;
    for (size_t l = 0; l < rows; l++) {
        if (!is_shown(l, rows - 1))
            continue;
        struct net_summary m = net_ensemble_summary(e, l, NET_MEAN),
                           v = net_ensemble_summary(e, l, NET_VARIANCE);
        double g = theory_at(s, THEORY_T_MEAN, l),
               h = theory_at(s, THEORY_T_VARIANCE, l);
        fprintf(out, "%6zu", l);
        cell(out, m.mean, 11, 4);
        cell(out, m.se, 8, 2);
        cell(out, g, 9, 3);
        cell(out, g + theory_at(s, THEORY_T_MEAN_BIAS, l) / n, 9, 3);
        cell(out, v.mean, 11, 5);
        cell(out, v.se, 8, 2);
        cell(out, h, 9, 5);
        cell(out, h + theory_at(s, THEORY_T_VARIANCE_BIAS, l) / n, 9, 5);
        cell(
            out, sqrt(fmax(net_ensemble_spread(e, l, NET_VARIANCE), 0)), 8, 3);
        cell(out, sqrt(theory_at(s, THEORY_T_VARIANCE_SPREAD, l) / n), 8, 3);
        fputc('\n', out);
        shown++;
    }
    if (shown < rows)
        fprintf(
            out, "%zu of %zu rows; --json and --tsv give all\n", shown, rows);
}

static void write_more(FILE *out, const struct cmd_simulation *s)
{
    static const struct {
        enum net_quantity what;
        enum theory_column theory;
        const char *name;
    } row[] = {
        {NET_SECOND, THEORY_T_SECOND, "q, mean square over the units"},
        {NET_POOLED_VARIANCE, THEORY_T_VARIANCE, "variance, units and inputs"},
        {NET_UNIT_VARIANCE, THEORY_T_UNIT_VARIANCE,
            "variance of a unit over inputs"},
        {NET_COSINE, THEORY_T_COSINE, "cosine of two inputs"},
        {NET_KURTOSIS, THEORY_T_KURTOSIS, "excess kurtosis of z"},
        {NET_GRADIENT, THEORY_T_GRADIENT, "factor of gradient energy"},
        {NET_LOG_GRADIENT, THEORY_T_LOG_GRADIENT, "its logarithm, layer 0"},
        {NET_INSIDE, THEORY_COLUMNS, "share inside Omega"},
        {NET_WITHIN, THEORY_COLUMNS, "share within the margins"},
    };
    const struct net_ensemble *e = &s->study.ensemble;
    size_t last = e->layers - 1;
    fprintf(out, "\nlayer %-24zu   measured       se   theory\n", last);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        size_t l = row[i].what == NET_LOG_GRADIENT ? 0 : last;
        struct net_summary m = net_ensemble_summary(e, l, row[i].what);
        if (isnan(m.mean))
            continue;
        double theory = row[i].theory == THEORY_COLUMNS
                            ? NAN
                            : theory_at(s, row[i].theory, l);
        if (row[i].what == NET_KURTOSIS)
            theory /= (double)s->settings.width;
        fprintf(out, "%-30s", row[i].name);
        cell(out, m.mean, 11, 5);
        cell(out, m.se, 9, 2);
        cell(out, theory, 9, 5);
        fputc('\n', out);
    }
    double settled = 0;
    for (size_t l = 0; l < e->layers; l++)
        settled += 1 - net_ensemble_summary(e, l, NET_SETTLED).mean;
    fprintf(out, "%-30s", "layers until inside for good");
    if (net_ensemble_summary(e, last, NET_INSIDE).mean > 0.999)
        cell(out, settled, 11, 4);
    else
        fprintf(out, " %10s", "not all");
    fputc('\n', out);
}

static void write_tests(FILE *out, const struct cmd_simulation *s)
{
    const struct net_residual_test *t = &s->study.test;
    fprintf(out,
        "\nresiduals over all layers, t with %zu degrees of freedom, limit "
        "%.3g\n%-26s        z        p  resolution\n",
        s->study.ensemble.networks - 1, t->limit, "");
    for (int i = 0; i < t->count; i++) {
        const struct net_residual *r = &t->row[i];
        fprintf(out, "%-26s %8.2f %8.2g %11.2g%s\n",
            net_quantity_name[r->what], r->z, r->p, t->limit * r->se,
            r->tested  ? ""
            : r->exact ? "  not tested: too few units"
                       : "  not tested: a limit");
    }
}

void cmd_simulation_text(const struct cmd_simulation *s)
{
    FILE *out = cli_open(&s->cli);
    cmd_simulation_settings(out, s);
    write_layers(out, s);
    if (s->study.ensemble.networks && s->study.ensemble.layers > 1)
        write_more(out, s);
    if (s->study.tested)
        write_tests(out, s);
    fputc('\n', out);
    cmd_simulation_verdict(out, s);
    fprintf(out, "digest %016" PRIx64 ", %.2f seconds", s->study.digest,
        cli_seconds(&s->cli));
    if (shared_ranks_count() > 1)
        fprintf(out, ", %d ranks", shared_ranks_count());
    fputc('\n', out);
    cli_close(&s->cli, out);
}
