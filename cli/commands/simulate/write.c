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
    enum sn_quantity what;
    enum { VALUE, ERROR, DEVIATION, SPREAD } part;
} measured[] = {
    {"mean", SN_MEAN, VALUE},
    {"mean_se", SN_MEAN, ERROR},
    {"mean_sd", SN_MEAN, DEVIATION},
    {"variance", SN_VARIANCE, VALUE},
    {"variance_se", SN_VARIANCE, ERROR},
    {"variance_sd", SN_VARIANCE, DEVIATION},
    {"theory_mean", SN_QUANTITIES, VALUE}, /* the report's columns 8, 9 */
    {"theory_variance", SN_QUANTITIES, VALUE},
    {"second_moment", SN_SECOND, VALUE},
    {"second_moment_se", SN_SECOND, ERROR},
    {"mean_spread", SN_MEAN, SPREAD},
    {"variance_spread", SN_VARIANCE, SPREAD},
    {"second_moment_spread", SN_SECOND, SPREAD},
    {"pooled_variance", SN_POOLED_VARIANCE, VALUE},
    {"pooled_variance_se", SN_POOLED_VARIANCE, ERROR},
    {"unit_variance", SN_UNIT_VARIANCE, VALUE},
    {"unit_variance_se", SN_UNIT_VARIANCE, ERROR},
    {"cosine", SN_COSINE, VALUE},
    {"cosine_se", SN_COSINE, ERROR},
    {"kurtosis", SN_KURTOSIS, VALUE},
    {"kurtosis_se", SN_KURTOSIS, ERROR},
    {"gradient_factor", SN_GRADIENT, VALUE},
    {"gradient_factor_se", SN_GRADIENT, ERROR},
    {"log_gradient", SN_LOG_GRADIENT, VALUE},
    {"log_gradient_se", SN_LOG_GRADIENT, ERROR},
    {"inside", SN_INSIDE, VALUE},
    {"inside_se", SN_INSIDE, ERROR},
    {"settled", SN_SETTLED, VALUE},
    {"within", SN_WITHIN, VALUE},
};
static const struct {
    const char *name;
    enum sn_column column;
    enum { AS_IT_IS, OVER_N, WITH_BIAS } form;
    enum sn_column bias;
} expected[] = {
    {"theory_mean_at_width", SN_T_MEAN, WITH_BIAS, SN_T_MEAN_BIAS},
    {"theory_variance_at_width", SN_T_VARIANCE, WITH_BIAS, SN_T_VARIANCE_BIAS},
    {"theory_second_moment", SN_T_SECOND, AS_IT_IS, 0},
    {"theory_second_moment_at_width", SN_T_SECOND, WITH_BIAS,
        SN_T_SECOND_BIAS},
    {"theory_mean_spread", SN_T_MEAN_SPREAD, OVER_N, 0},
    {"theory_variance_spread", SN_T_VARIANCE_SPREAD, OVER_N, 0},
    {"theory_second_moment_spread", SN_T_SECOND_SPREAD, OVER_N, 0},
    {"theory_unit_variance", SN_T_UNIT_VARIANCE, AS_IT_IS, 0},
    {"theory_cosine", SN_T_COSINE, AS_IT_IS, 0},
    {"theory_kurtosis", SN_T_KURTOSIS, OVER_N, 0},
    {"theory_gradient_factor", SN_T_GRADIENT, AS_IT_IS, 0},
    {"theory_log_gradient", SN_T_LOG_GRADIENT, AS_IT_IS, 0},
};
enum {
    MEASURED = sizeof measured / sizeof *measured,
    EXPECTED = sizeof expected / sizeof *expected
};

static double theory_at(
    const struct sn_simulation *s, enum sn_column column, size_t layer)
{
    return layer < s->theory.layers ? s->theory.column[column][layer] : NAN;
}

static double measured_at(const struct sn_simulation *s, int i, size_t layer)
{
    if (measured[i].what == SN_QUANTITIES)
        return theory_at(s,
            !strcmp(measured[i].name, "theory_mean") ? SN_T_MEAN
                                                     : SN_T_VARIANCE,
            layer);
    if (measured[i].part == SPREAD)
        return sn_ensemble_spread(&s->ensemble, layer, measured[i].what);
    struct sn_summary m =
        sn_ensemble_summary(&s->ensemble, layer, measured[i].what);
    bool first = layer == 0 && (measured[i].what == SN_KURTOSIS ||
                                   measured[i].what == SN_GRADIENT);
    return first                       ? NAN
           : measured[i].part == VALUE ? m.mean
           : measured[i].part == ERROR ? m.se
                                       : m.sd;
}

static double expected_at(const struct sn_simulation *s, int i, size_t layer)
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

static size_t rows_of(const struct sn_simulation *s)
{
    return s->ensemble.networks ? s->ensemble.layers : 0;
}

void sn_simulation_tsv(const struct sn_simulation *s)
{
    FILE *out = sn_file_open(&s->cli, s->tsv);
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
    sn_file_close(&s->cli, out, s->tsv);
}

/* ---- JSON ---- */

/* JSON has neither infinities nor NaN. */
static json_t *real(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *json_layers(const struct sn_simulation *s)
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

static json_t *json_extreme(const struct sn_extreme *e)
{
    return json_pack("{s:I, s:s, s:o, s:o, s:o}", "layer",
        (json_int_t)e->layer, "of", sn_quantity_name[e->what], "difference",
        real(e->mean), "z", real(e->z), "limit", real(e->limit));
}

static json_t *json_residual_test(const struct sn_simulation *s)
{
    const struct sn_residual_test *t = &s->test;
    if (!s->tested)
        return json_null();
    json_t *rows = json_array();
    double mean_z = NAN, second_z = NAN; /* of the activation, pooled */
    for (int i = 0; i < t->count; i++) {
        const struct sn_residual *r = &t->row[i];
        mean_z = r->what == SN_F_MEAN ? r->z : mean_z;
        second_z = r->what == SN_F_SECOND ? r->z : second_z;
        json_array_append_new(
            rows, json_pack("{s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "of",
                      sn_quantity_name[r->what], "exact", r->exact, "tested",
                      r->tested, "mean", real(r->mean), "se", real(r->se), "z",
                      real(r->z), "p", real(r->p), "resolution",
                      real(t->limit * r->se)));
    }
    return json_pack("{s:o, s:o, s:o, s:I, s:I, s:f, s:o, s:b, s:b, s:o}",
        "mean_z", real(mean_z), "second_moment_z", real(second_z), "residuals",
        rows, "networks", (json_int_t)s->ensemble.networks, "layers",
        (json_int_t)s->ensemble.layers - 1, "alpha", t->alpha, "limit",
        real(t->limit), "passed", t->passed, "layers_passed", t->layers_passed,
        "worst_layer", json_extreme(&t->worst));
}

static json_t *json_equivalence(const struct sn_simulation *s)
{
    static const char *const outcome[] = {"shown", "false", "not shown"};
    static const char *const name[] = {"mean", "variance"};
    if (!s->tested)
        return json_null();
    json_t *both = json_object();
    for (int i = 0; i < 2; i++) {
        const struct sn_equivalence *e = &s->equivalence[i];
        json_object_set_new(both, name[i],
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "target",
                real(e->target), "margin", real(e->margin), "estimate",
                real(e->mean), "low", real(e->low), "high", real(e->high),
                "outcome", outcome[e->outcome], "networks_needed",
                e->needed > 0 ? real(e->needed) : json_null()));
    }
    return both;
}

static json_t *json_settings(const struct sn_simulation *s)
{
    const struct sn_networks *n = &s->settings;
    static const char *const drawn[] = {"run", "layer", "unit"};
    json_t *all = json_pack(
        "{s:I, s:I, s:I, s:I, s:s, s:s, s:s, s:[f, f], s:[f, f], s:s}",
        "width", (json_int_t)n->width, "depth", (json_int_t)n->depth,
        "networks", (json_int_t)n->networks, "inputs", (json_int_t)n->inputs,
        "method", n->way == SN_WAY_EXACT ? "exact" : "direct", "type",
        n->real == SN_REAL_F32 ? "f32" : "f64", "init", n->weights->name,
        "omega", n->omega.low, n->omega.high, "tau", n->tau.low, n->tau.high,
        "per", drawn[n->drawn]);
    json_t *more = json_pack("{s:o, s:f, s:f, s:f, s:f, s:I, s:s?, s:s?}",
        "activation", sn_choice_json(&s->choice), "start_mean", n->start_mean,
        "start_variance", n->start_variance, "correlation", n->correlation,
        "dropout_rate", n->dropout.rate, "dropout_layers",
        (json_int_t)(n->dropout.rate > 0 ? n->dropout_layers : 0), "lambda",
        s->words.lambda, "alpha", s->words.alpha);
    json_object_update(all, more);
    json_decref(more);
    if (s->words.data)
        json_object_set_new(all, "data", sn_cli_json_text(s->words.data));
    return all;
}

static char *verdict_line(const struct sn_simulation *s)
{
    char *verdict = NULL;
    size_t length = 0;
    FILE *text = open_memstream(&verdict, &length);
    if (!text)
        sn_cli_die(&s->cli, SN_EXIT_UNUSABLE, "%s", sn_strerror(SN_NO_MEMORY));
    sn_simulation_verdict(text, s);
    fclose(text);
    for (size_t i = 0; i < length; i++)
        if (verdict[i] == '\n')
            verdict[i] = i + 1 < length ? ' ' : '\0';
    return verdict;
}

void sn_simulation_json(const struct sn_simulation *s)
{
    const struct sn_ensemble *e = &s->ensemble;
    char *verdict = verdict_line(s), digest[17];
    snprintf(digest, sizeof digest, "%016" PRIx64, s->digest);
    json_t *document = sn_cli_json(&s->cli);
    sn_cli_json_machine(document);
    /* Jansson's whole numbers end at 2^63 - 1. */
    json_t *seed = sn_cli_json_seed(s->settings.seed);
    json_t *more = json_pack(
        "{s:o, s:i, s:i, s:o, s:I, s:b, s:o, s:o, s:o, s:o, s:s, s:s}", "seed",
        seed, "threads", sn_networks_threads(&s->settings), "ranks",
        sn_ranks_count(), "settings", json_settings(s), "networks_finished",
        (json_int_t)e->networks, "interrupted", e->interrupted, "layers",
        json_layers(s), "residual_test", json_residual_test(s), "equivalence",
        json_equivalence(s), "distance_from_g",
        s->distance.layer ? json_extreme(&s->distance) : json_null(),
        "verdict", verdict, "digest", digest);
    if (e->failure)
        json_object_set_new(more, "stopped",
            json_pack("{s:I, s:I, s:s}", "network",
                (json_int_t)e->failed_network, "layer",
                (json_int_t)e->failed_layer, "reason",
                sn_simulation_failure(s)));
    json_object_update(document, more);
    json_decref(more);
    free(verdict);
    sn_cli_emit(&s->cli, document, s->ok);
}
