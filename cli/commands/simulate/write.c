/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layers as a table for gnuplot, and all of it as JSON. */
#include "cli/commands/simulate/simulate.h"
#include "verify/shared/ranks.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a layer has, by name: measured quantities, then theory. */
static const struct {
    const char *name;
    enum net_quantity what;
    enum { VALUE, ERROR, DEVIATION, SPREAD } part;
} measured[] = {
    {"mean", NET_MEAN, VALUE},
    {"mean_se", NET_MEAN, ERROR},
    {"mean_sd", NET_MEAN, DEVIATION},
    {"variance", NET_VARIANCE, VALUE},
    {"variance_se", NET_VARIANCE, ERROR},
    {"variance_sd", NET_VARIANCE, DEVIATION},
    {"theory_mean", NET_QUANTITIES, VALUE}, /* the report's columns 8, 9 */
    {"theory_variance", NET_QUANTITIES, VALUE},
    {"second_moment", NET_SECOND, VALUE},
    {"second_moment_se", NET_SECOND, ERROR},
    {"mean_spread", NET_MEAN, SPREAD},
    {"variance_spread", NET_VARIANCE, SPREAD},
    {"second_moment_spread", NET_SECOND, SPREAD},
    {"pooled_variance", NET_POOLED_VARIANCE, VALUE},
    {"pooled_variance_se", NET_POOLED_VARIANCE, ERROR},
    {"unit_variance", NET_UNIT_VARIANCE, VALUE},
    {"unit_variance_se", NET_UNIT_VARIANCE, ERROR},
    {"cosine", NET_COSINE, VALUE},
    {"cosine_se", NET_COSINE, ERROR},
    {"kurtosis", NET_KURTOSIS, VALUE},
    {"kurtosis_se", NET_KURTOSIS, ERROR},
    {"gradient_factor", NET_GRADIENT, VALUE},
    {"gradient_factor_se", NET_GRADIENT, ERROR},
    {"log_gradient", NET_LOG_GRADIENT, VALUE},
    {"log_gradient_se", NET_LOG_GRADIENT, ERROR},
    {"inside", NET_INSIDE, VALUE},
    {"inside_se", NET_INSIDE, ERROR},
    {"settled", NET_SETTLED, VALUE},
    {"within", NET_WITHIN, VALUE},
};
static const struct {
    const char *name;
    enum theory_column column;
    enum { AS_IT_IS, OVER_N, WITH_BIAS } form;
    enum theory_column bias;
} expected[] = {
    {"theory_mean_at_width", THEORY_T_MEAN, WITH_BIAS, THEORY_T_MEAN_BIAS},
    {"theory_variance_at_width", THEORY_T_VARIANCE, WITH_BIAS,
        THEORY_T_VARIANCE_BIAS},
    {"theory_second_moment", THEORY_T_SECOND, AS_IT_IS, 0},
    {"theory_second_moment_at_width", THEORY_T_SECOND, WITH_BIAS,
        THEORY_T_SECOND_BIAS},
    {"theory_mean_spread", THEORY_T_MEAN_SPREAD, OVER_N, 0},
    {"theory_variance_spread", THEORY_T_VARIANCE_SPREAD, OVER_N, 0},
    {"theory_second_moment_spread", THEORY_T_SECOND_SPREAD, OVER_N, 0},
    {"theory_unit_variance", THEORY_T_UNIT_VARIANCE, AS_IT_IS, 0},
    {"theory_cosine", THEORY_T_COSINE, AS_IT_IS, 0},
    {"theory_kurtosis", THEORY_T_KURTOSIS, OVER_N, 0},
    {"theory_gradient_factor", THEORY_T_GRADIENT, AS_IT_IS, 0},
    {"theory_log_gradient", THEORY_T_LOG_GRADIENT, AS_IT_IS, 0},
    {"theory_cosine_radius", THEORY_T_COSINE_RADIUS, AS_IT_IS, 0},
};
enum {
    MEASURED = sizeof measured / sizeof *measured,
    EXPECTED = sizeof expected / sizeof *expected
};

static double theory_at(
    const struct cmd_simulation *s, enum theory_column column, size_t layer)
{
    return layer < s->study.theory.layers
               ? s->study.theory.column[column][layer]
               : NAN;
}

static double measured_at(const struct cmd_simulation *s, int i, size_t layer)
{
    if (measured[i].what == NET_QUANTITIES)
        return theory_at(s,
            !strcmp(measured[i].name, "theory_mean") ? THEORY_T_MEAN
                                                     : THEORY_T_VARIANCE,
            layer);
    if (measured[i].part == SPREAD)
        return net_ensemble_spread(
            &s->study.ensemble, layer, measured[i].what);
    struct net_summary m =
        net_ensemble_summary(&s->study.ensemble, layer, measured[i].what);
    bool first = layer == 0 && (measured[i].what == NET_KURTOSIS ||
                                   measured[i].what == NET_GRADIENT);
    return first                       ? NAN
           : measured[i].part == VALUE ? m.mean
           : measured[i].part == ERROR ? m.se
                                       : m.sd;
}

static double expected_at(const struct cmd_simulation *s, int i, size_t layer)
{
    double x = theory_at(s, expected[i].column, layer);
    double n = (double)s->settings.width;
    switch (expected[i].form) {
    case OVER_N:
        return x / n;
    case WITH_BIAS:
        return x + theory_at(s, expected[i].bias, layer) / n;
    default:
        return x;
    }
}

static size_t rows_of(const struct cmd_simulation *s)
{
    return s->study.ensemble.networks ? s->study.ensemble.layers : 0;
}

void cmd_simulation_tsv(const struct cmd_simulation *s)
{
    FILE *out = cli_file_open(&s->cli, s->tsv);
    fputs("# layer", out);
    for (int i = 0; i < MEASURED; i++)
        fprintf(out, "\t%s", measured[i].name);
    for (int i = 0; i < EXPECTED; i++)
        fprintf(out, "\t%s", expected[i].name);
    for (size_t l = 0; l < rows_of(s); l++) {
        fprintf(out, "\n%zu", l);
        for (int i = 0; i < MEASURED; i++)
            fprintf(out, "\t%.10g", measured_at(s, i, l));
        for (int i = 0; i < EXPECTED; i++)
            fprintf(out, "\t%.10g", expected_at(s, i, l));
    }
    fputc('\n', out);
    cli_file_close(&s->cli, out, s->tsv);
}

/* ---- JSON ---- */

/* JSON has neither infinities nor NaN. */
static json_t *real(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *json_layers(const struct cmd_simulation *s)
{
    json_t *layers = json_array();
    for (size_t l = 0; l < rows_of(s); l++) {
        json_t *row = json_pack("{s:I}", "layer", (json_int_t)l);
        for (int i = 0; i < MEASURED; i++)
            json_object_set_new(
                row, measured[i].name, real(measured_at(s, i, l)));
        for (int i = 0; i < EXPECTED; i++)
            json_object_set_new(
                row, expected[i].name, real(expected_at(s, i, l)));
        json_array_append_new(layers, row);
    }
    return layers;
}

static json_t *json_extreme(const struct net_extreme *e)
{
    return json_pack("{s:I, s:s, s:o, s:o, s:o}", "layer",
        (json_int_t)e->layer, "of", net_quantity_name[e->what], "difference",
        real(e->mean), "z", real(e->z), "limit", real(e->limit));
}

static json_t *json_residual_test(const struct cmd_simulation *s)
{
    const struct net_residual_test *t = &s->study.test;
    if (!s->study.tested)
        return json_null();
    json_t *rows = json_array();
    double mean_z = NAN, second_z = NAN; /* of the activation, pooled */
    for (int i = 0; i < t->count; i++) {
        const struct net_residual *r = &t->row[i];
        mean_z = r->what == NET_F_MEAN ? r->z : mean_z;
        second_z = r->what == NET_F_SECOND ? r->z : second_z;
        json_array_append_new(
            rows, json_pack("{s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "of",
                      net_quantity_name[r->what], "exact", r->exact, "tested",
                      r->tested, "mean", real(r->mean), "se", real(r->se), "z",
                      real(r->z), "p", real(r->p), "resolution",
                      real(t->limit * r->se)));
    }
    return json_pack("{s:o, s:o, s:o, s:I, s:I, s:f, s:o, s:b, s:b, s:o}",
        "mean_z", real(mean_z), "second_moment_z", real(second_z), "residuals",
        rows, "networks", (json_int_t)s->study.ensemble.networks, "layers",
        (json_int_t)s->study.ensemble.layers - 1, "alpha", t->alpha, "limit",
        real(t->limit), "passed", t->passed, "layers_passed", t->layers_passed,
        "worst_layer", json_extreme(&t->worst));
}

static json_t *json_equivalence(const struct cmd_simulation *s)
{
    static const char *const outcome[] = {"shown", "false", "not shown"};
    static const char *const name[] = {"mean", "variance"};
    if (!s->study.tested)
        return json_null();
    json_t *both = json_object();
    for (int i = 0; i < 2; i++) {
        const struct net_equivalence *e = &s->study.equivalence[i];
        json_object_set_new(both, name[i],
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "target",
                real(e->target), "margin", real(e->margin), "estimate",
                real(e->mean), "low", real(e->low), "high", real(e->high),
                "outcome", outcome[e->outcome], "networks_needed",
                e->needed > 0 ? real(e->needed) : json_null()));
    }
    return both;
}

static json_t *json_settings(const struct cmd_simulation *s)
{
    const struct net_networks *n = &s->settings;
    static const char *const drawn[] = {"run", "layer", "unit"};
    json_t *all = json_pack(
        "{s:I, s:I, s:I, s:I, s:s, s:s, s:s, s:[f, f], s:[f, f], s:s}",
        "width", (json_int_t)n->width, "depth", (json_int_t)n->depth,
        "networks", (json_int_t)n->networks, "inputs", (json_int_t)n->inputs,
        "method", n->way == NET_WAY_EXACT ? "exact" : "direct", "type",
        n->real == NET_REAL_F32 ? "f32" : "f64", "init", n->weights->name,
        "omega", n->omega.low, n->omega.high, "tau", n->tau.low, n->tau.high,
        "per", drawn[n->drawn]);
    json_t *more =
        json_pack("{s:o, s:f, s:f, s:f, s:f, s:f, s:f, s:I, s:s?, s:s?}",
            "activation", cmd_choice_json(&s->choice), "gain", n->gain, "bias",
            n->bias, "start_mean", n->start_mean, "start_variance",
            n->start_variance, "correlation", n->correlation, "dropout_rate",
            n->dropout.rate, "dropout_layers",
            (json_int_t)(n->dropout.rate > 0 ? n->dropout_layers : 0),
            "lambda", s->words.lambda, "alpha", s->words.alpha);
    json_object_update(all, more);
    json_decref(more);
    if (s->words.data)
        json_object_set_new(all, "data", cli_json_text(s->words.data));
    return all;
}

static char *verdict_line(const struct cmd_simulation *s)
{
    char *verdict = NULL;
    size_t length = 0;
    FILE *text = open_memstream(&verdict, &length);
    if (!text)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(SN_NO_MEMORY));
    cmd_simulation_verdict(text, s);
    fclose(text);
    for (size_t i = 0; i < length; i++)
        if (verdict[i] == '\n')
            verdict[i] = i + 1 < length ? ' ' : '\0';
    return verdict;
}

void cmd_simulation_json(const struct cmd_simulation *s)
{
    const struct net_ensemble *e = &s->study.ensemble;
    char *verdict = verdict_line(s), digest[17];
    snprintf(digest, sizeof digest, "%016" PRIx64, s->study.digest);
    json_t *document = cli_json(&s->cli);
    cli_json_machine(document);
    /* Jansson's whole numbers end at 2^63 - 1. */
    json_t *seed = cli_json_seed(s->settings.seed);
    json_t *more = json_pack(
        "{s:o, s:i, s:i, s:o, s:I, s:b, s:o, s:o, s:o, s:o, s:s, s:s}", "seed",
        seed, "threads", net_threads(&s->settings), "ranks",
        shared_ranks_count(), "settings", json_settings(s),
        "networks_finished", (json_int_t)e->networks, "interrupted",
        e->interrupted, "layers", json_layers(s), "residual_test",
        json_residual_test(s), "equivalence", json_equivalence(s),
        "distance_from_g",
        s->study.distance.layer ? json_extreme(&s->study.distance)
                                : json_null(),
        "verdict", verdict, "digest", digest);
    if (e->failure)
        json_object_set_new(more, "stopped",
            json_pack("{s:I, s:I, s:s}", "network",
                (json_int_t)e->failed_network, "layer",
                (json_int_t)e->failed_layer, "reason",
                cmd_simulation_failure(s)));
    json_object_update(document, more);
    json_decref(more);
    free(verdict);
    cli_emit(&s->cli, document, s->study.holds);
}
