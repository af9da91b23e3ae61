/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/cmd_simulate.h"
#include "kernels/kernels.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_WIDTH = 0x200,
    KEY_DEPTH,
    KEY_NETWORKS,
    KEY_INPUTS,
    KEY_METHOD,
    KEY_TYPE,
    KEY_INIT,
    KEY_OMEGA,
    KEY_TAU,
    KEY_PER,
    KEY_START,
    KEY_CORRELATION,
    KEY_DATA,
    KEY_LAMBDA,
    KEY_ALPHA,
    KEY_ALPHA_DROPOUT,
    KEY_DROPOUT,
    KEY_DROPOUT_LAST,
    KEY_GRADIENT,
    KEY_TARGET,
    KEY_MARGIN_MEAN,
    KEY_MARGIN_VARIANCE,
    KEY_FALSE_ALARMS,
    KEY_POWER,
    KEY_PLAN,
    KEY_SHARDS,
    KEY_TSV
};

static const struct argp_option options[] = {
    {0, 0, 0, 0, "The networks:", 1},
    {"width", KEY_WIDTH, "N", 0, "units in each layer (default 512)", 1},
    {"depth", KEY_DEPTH, "N", 0, "layers (default 64)", 1},
    {"networks", KEY_NETWORKS, "N", 0,
        "independent networks, 2 or more (default 16)", 1},
    {"inputs", KEY_INPUTS, "N", 0,
        "inputs to each network (default 64; exact: 2, at most 16)", 1},
    {"method", KEY_METHOD, "direct|exact", 0,
        "matrices, any weights; or pre-activations from their exact law, "
        "Gaussian weights only, hundreds of times faster (default direct)",
        1},
    {"type", KEY_TYPE, "f32|f64", 0, "of activations (default f32)", 1},
    SN_ACTIVATION_OPTIONS,
    {"lambda", KEY_LAMBDA, "L", 0,
        "SELU with this lambda in the networks; the theory keeps its own", 1},
    {"alpha", KEY_ALPHA, "A", 0, "likewise alpha", 1},
    {"init", KEY_INIT, "LAW", 0,
        "law of the weights; 'list' lists them (default lecun-normal)", 1},
    {"omega", KEY_OMEGA, "A[,B]", 0,
        "sum of a row of weights, for laws of rows (default 0)", 1},
    {"tau", KEY_TAU, "A[,B]", 0, "its sum of squares (default 1)", 1},
    {"per", KEY_PER, "layer|unit", 0,
        "draw omega and tau from their intervals so often (default unit)", 1},
    {"start", KEY_START, "MU,NU", 0,
        "mean and variance of the input entries (default 0,1)", 1},
    {"correlation", KEY_CORRELATION, "R", 0,
        "of the two inputs of each pair (default 0)", 1},
    {"data", KEY_DATA, "FILE.npy", 0, "inputs, one a row, instead", 1},
    {"alpha-dropout", KEY_ALPHA_DROPOUT, "P", 0,
        "after each activation, keeping the target's mean and variance", 1},
    {"dropout", KEY_DROPOUT, "P", 0,
        "ordinary dropout: kept units over 1 - P, others 0", 1},
    {"dropout-last", KEY_DROPOUT_LAST, "N", 0,
        "only after the last N layers (default all)", 1},
    {"gradient", KEY_GRADIENT, 0, 0, "backward pass too (direct)", 1},
    {0, 0, 0, 0, "What is to be shown:", 2},
    {"target", KEY_TARGET, "MU,NU", 0,
        "expected mean and variance at the last layer (default 0,1)", 2},
    {"margin-mean", KEY_MARGIN_MEAN, "D", 0,
        "equivalence of the mean with the target's: within D (default 0.01; "
        "if given, exit status 1 unless shown)",
        2},
    {"margin-variance", KEY_MARGIN_VARIANCE, "D", 0,
        "likewise the variance (default 0.05)", 2},
    {"false-alarms", KEY_FALSE_ALARMS, "P", 0,
        "probability of any wrong statement of a run (default 0.001)", 2},
    {"power", KEY_POWER, "P", 0,
        "as many networks as show equivalence with probability P, found from "
        "the first 32; --networks: at most so many (default 1000000)",
        2},
    {0, 0, 0, 0, "The run:", 3},
    {"plan", KEY_PLAN, 0, 0, "only say how long and how much memory", 3},
    {"shards", KEY_SHARDS, "DIR", 0,
        "keep finished parts in DIR and go on from there when run again", 3},
    {"tsv", KEY_TSV, "FILE", 0, "also write the layers to FILE as a table", 3},
    {0},
};

static double real_word(const struct sn_simulation *s, const char *option,
    const char *word, double least, double most)
{
    return sn_cli_number(&s->cli, option, word, least, most);
}

/* "A,B" or, unless `both`, "A"; false where the word is neither. */
static bool parse_pair(double pair[2], const char *word, bool both)
{
    char *end;
    if (!*word || !strchr("+-.0123456789", *word))
        return false;
    pair[0] = pair[1] = strtod(word, &end);
    if (end == word || !isfinite(pair[0]))
        return false;
    if (!*end)
        return !both;
    if (*end != ',' || !end[1] || !strchr("+-.0123456789", end[1]))
        return false;
    word = end + 1;
    pair[1] = strtod(word, &end);
    return end != word && !*end && isfinite(pair[1]);
}

static void parse_point(struct sn_simulation *s, const char *option,
    const char *word, double *mean, double *variance)
{
    double pair[2];
    if (!parse_pair(pair, word, true) || !(pair[1] > 0))
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "%s '%.40s%s': must be MU,NU, two finite numbers with the "
            "variance NU above 0, such as 0,1",
            option, word, sn_cli_ellipsis(word));
    *mean = pair[0];
    *variance = pair[1];
    double second = pair[1] + pair[0] * pair[0];
    if (second < SN_LEAST_SECOND_MOMENT || second > SN_LARGEST_SECOND_MOMENT)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "%s '%.40s%s': NU + MU^2 must be from %g to %g", option, word,
            sn_cli_ellipsis(word), SN_LEAST_SECOND_MOMENT,
            SN_LARGEST_SECOND_MOMENT);
}

static void parse_interval(struct sn_simulation *s, const char *option,
    const char *word, struct sn_interval *interval)
{
    double pair[2];
    if (!parse_pair(pair, word, false) || pair[0] > pair[1])
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "%s '%.40s%s': must be a number or A,B with A <= B", option, word,
            sn_cli_ellipsis(word));
    *interval = (struct sn_interval){pair[0], pair[1]};
}

static void parse_init(struct sn_simulation *s, const char *word)
{
    if (!strcmp(word, "list")) {
        FILE *out = sn_cli_open(&s->cli);
        for (const struct sn_weight_law *l = sn_weight_laws; l->name; l++)
            fprintf(out, "%-26s %s%s\n", l->name, l->help,
                l->gaussian ? "" : " (direct only)");
        sn_cli_close(&s->cli, out);
        exit(SN_EXIT_OK);
    }
    s->settings.weights = sn_weight_law_find(word);
    s->words.init = true;
    if (s->settings.weights)
        return;
    char names[400] = "";
    for (const struct sn_weight_law *law = sn_weight_laws; law->name; law++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
            law->name);
    }
    sn_cli_die(&s->cli, SN_EXIT_USAGE, "--init '%.40s%s': must be one of: %s",
        word, sn_cli_ellipsis(word), names);
}

/* The index of a word among two. */
static int parse_either(struct sn_simulation *s, const char *option,
    const char *word, const char *one, const char *other)
{
    if (strcmp(word, one) && strcmp(word, other))
        sn_cli_die(&s->cli, SN_EXIT_USAGE, "%s '%.40s%s': must be %s or %s",
            option, word, sn_cli_ellipsis(word), one, other);
    return !strcmp(word, other);
}

static const char *parse_rate(
    struct sn_simulation *s, const char *option, const char *word)
{
    sn_cli_decimal(&s->cli, option, word, SN_NOT_NEGATIVE);
    if (!(strtod(word, NULL) < 1))
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "%s '%.40s%s': must be from 0 to below 1", option, word,
            sn_cli_ellipsis(word));
    return word;
}

static const char *parse_path(
    struct sn_simulation *s, const char *option, const char *word)
{
    if (!*word)
        sn_cli_die(&s->cli, SN_EXIT_USAGE, "%s '': must be the name of a %s",
            option, !strcmp(option, "--shards") ? "folder" : "file");
    return word;
}

static size_t parse_size(struct sn_simulation *s, const char *option,
    const char *word, long least, long most)
{
    return (size_t)sn_cli_whole(&s->cli, option, word, least, most);
}

static bool parse_network(struct sn_simulation *s, int key, const char *word)
{
    struct sn_networks *n = &s->settings;
    struct sn_simulation_words *given = &s->words;
    switch (key) {
    case KEY_WIDTH:
        n->width = parse_size(s, "--width", word, 2, SN_NETWORKS_MAX_WIDTH);
        return true;
    case KEY_DEPTH:
        n->depth = parse_size(s, "--depth", word, 1, SN_NETWORKS_MAX_DEPTH);
        return true;
    case KEY_NETWORKS:
        n->networks =
            parse_size(s, "--networks", word, 2, SN_NETWORKS_MAX_NETWORKS);
        given->networks = true;
        return true;
    case KEY_INPUTS:
        n->inputs = parse_size(s, "--inputs", word, 1, SN_NETWORKS_MAX_INPUTS);
        given->inputs = true;
        return true;
    case KEY_METHOD:
        n->way = parse_either(s, "--method", word, "direct", "exact")
                     ? SN_WAY_EXACT
                     : SN_WAY_DIRECT;
        return true;
    case KEY_TYPE:
        n->real = parse_either(s, "--type", word, "f32", "f64") ? SN_REAL_F64
                                                                : SN_REAL_F32;
        return true;
    case KEY_LAMBDA:
        given->lambda = sn_cli_decimal(&s->cli, "--lambda", word, SN_POSITIVE);
        return true;
    case KEY_ALPHA:
        given->alpha = sn_cli_decimal(&s->cli, "--alpha", word, SN_POSITIVE);
        return true;
    case KEY_INIT:
        parse_init(s, word);
        return true;
    case KEY_OMEGA:
        parse_interval(s, "--omega", word, &n->omega);
        given->omega = true;
        return true;
    case KEY_TAU:
        parse_interval(s, "--tau", word, &n->tau);
        given->tau = true;
        return true;
    case KEY_PER:
        n->drawn = parse_either(s, "--per", word, "layer", "unit")
                       ? SN_PER_UNIT
                       : SN_PER_LAYER;
        given->drawn = true;
        return true;
    case KEY_START:
        parse_point(s, "--start", word, &n->start_mean, &n->start_variance);
        given->start = true;
        return true;
    case KEY_CORRELATION:
        n->correlation = real_word(s, "--correlation", word, -1, 1);
        given->correlation = true;
        return true;
    case KEY_DATA:
        given->data = parse_path(s, "--data", word);
        return true;
    case KEY_ALPHA_DROPOUT:
        given->alpha_dropout = parse_rate(s, "--alpha-dropout", word);
        return true;
    case KEY_DROPOUT:
        given->dropout = parse_rate(s, "--dropout", word);
        return true;
    case KEY_DROPOUT_LAST:
        n->dropout_layers =
            parse_size(s, "--dropout-last", word, 1, SN_NETWORKS_MAX_DEPTH);
        given->dropout_layers = true;
        return true;
    case KEY_GRADIENT:
        n->backward = true;
        return true;
    default:
        return sn_choice_option(&s->choice, &s->cli, key, word);
    }
}

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct sn_simulation *s = state->input;
    struct sn_networks *n = &s->settings;
    switch (key) {
    case KEY_TARGET:
        parse_point(s, "--target", word, &n->target_mean, &n->target_variance);
        return 0;
    case KEY_MARGIN_MEAN:
        n->margin_mean = real_word(s, "--margin-mean", word, 1e-12, 1e12);
        s->words.margin = true;
        return 0;
    case KEY_MARGIN_VARIANCE:
        n->margin_variance =
            real_word(s, "--margin-variance", word, 1e-12, 1e12);
        s->words.margin = true;
        return 0;
    case KEY_FALSE_ALARMS:
        s->alpha = real_word(s, "--false-alarms", word, 1e-9, 0.5);
        return 0;
    case KEY_POWER:
        s->power = real_word(s, "--power", word, 0.01, 0.9999);
        return 0;
    case KEY_PLAN:
        s->plan = true;
        return 0;
    case KEY_SHARDS:
        s->shards = parse_path(s, "--shards", word);
        return 0;
    case KEY_TSV:
        s->tsv = parse_path(s, "--tsv", word);
        sn_file_expect(&s->cli, word);
        return 0;
    default:
        return parse_network(s, key, word) ? 0 : ARGP_ERR_UNKNOWN;
    }
}

static const struct argp description = {
    .options = options,
    .parser = parse,
    .doc = "Deep random fully connected networks beside their exact theory: "
           "mean and variance of one input over the units, correlation, "
           "kurtosis, gradients, layer by layer.\vExit status 1 where the "
           "networks contradict the theory, overflow or are interrupted, or "
           "a margin that was given is not shown.  docs/simulate.md",
};

/* ---- putting together
 * ------------------------------------------------------- */

static void program_of(struct sn_simulation *s, struct sn_program *program,
    struct sn_expression *f)
{
    double place = 0;
    enum sn_status status = sn_program_init(program, f, &place);
    if (status == SN_NO_MEMORY)
        sn_cli_die(&s->cli, SN_EXIT_UNUSABLE, "%s", sn_strerror(status));
    if (status != SN_OK)
        sn_cli_die(&s->cli, SN_EXIT_FAILED,
            "%.40s: not finite, or not known to be, near z = %.6g",
            sn_choice_name(&s->choice), place);
}

/* The activation that is expected and the one that the networks have. */
static void take_activation(struct sn_simulation *s)
{
    struct sn_simulation_words *given = &s->words;
    if (!s->choice.word)
        s->choice.word = "selu";
    sn_choice_check(&s->choice, &s->cli);
    bool selu = !s->choice.own && !strcmp(s->choice.word, "selu");
    sn_choice_expression(&s->f, &s->choice);
    program_of(s, &s->program, &s->f);
    s->unit = (struct sn_unit){.program = &s->program};
    double lambda = s->settings.model.lambda, alpha = s->settings.model.alpha;
    s->settings.model = (struct sn_model){&s->program, selu, lambda, alpha};
    if ((given->lambda || given->alpha) && !selu)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--%s is of SELU; write --activation '%.40s:NAME=VALUE'",
            given->lambda ? "lambda" : "alpha", sn_choice_name(&s->choice));
    if (given->lambda || given->alpha) {
        struct sn_chosen own = s->choice.chosen;
        struct sn_expression f;
        struct sn_fault fault;
        own.parameter[0].value = given->lambda ? given->lambda : "lambda01";
        own.parameter[1].value = given->alpha ? given->alpha : "alpha01";
        sn_expression_init(&f);
        if (sn_activation_expression(&f, &own, &fault) != SN_OK)
            sn_cli_die(&s->cli, SN_EXIT_UNUSABLE, "%s", fault.reason);
        program_of(s, &s->other, &f);
        sn_expression_clear(&f);
        s->unit.program = &s->other;
    } else if (selu) {
        s->unit.f32 = sn_selu_f32;
        s->unit.f64 = sn_selu_f64;
        s->unit.grad_f32 = sn_selu_grad_f32;
        s->unit.grad_f64 = sn_selu_grad_f64;
    }
    s->settings.unit = &s->unit;
}

static void affine(struct sn_simulation *s, struct sn_dropout *d)
{
    enum { PRECISION = 256 };
    arb_t a, b, rate, mu, nu, lower;
    arb_init(a);
    arb_init(b);
    arb_init(rate);
    arb_init(mu);
    arb_init(nu);
    arb_init(lower);
    arb_set_d(mu, s->settings.target_mean);
    arb_set_d(nu, s->settings.target_variance);
    sn_arb_set_word(rate, s->words.alpha_dropout, PRECISION);
    enum sn_status status = s->choice.own ? SN_NO_SOLUTION
                                          : sn_activation_lower_arb(lower,
                                                &s->choice.chosen, PRECISION);
    if (status == SN_NO_SOLUTION)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--alpha-dropout: %.40s has no known finite limit for z -> "
            "-infinity to set units to",
            sn_choice_name(&s->choice));
    if (status == SN_OK)
        status = sn_dropout_affine_arb(a, b, rate, mu, nu, lower, PRECISION);
    if (status == SN_OK)
        status = sn_nearest_f64(&d->a, a);
    if (status == SN_OK && !arb_is_zero(rate))
        status = sn_nearest_f64(&d->b, b);
    if (status == SN_OK)
        status = sn_nearest_f64(&d->dropped, lower);
    if (status != SN_OK)
        sn_cli_die(&s->cli, SN_EXIT_UNUSABLE, "--alpha-dropout: %s",
            sn_strerror(status));
    arb_clear(a);
    arb_clear(b);
    arb_clear(rate);
    arb_clear(mu);
    arb_clear(nu);
    arb_clear(lower);
}

static void take_dropout(struct sn_simulation *s)
{
    const struct sn_simulation_words *given = &s->words;
    struct sn_dropout d = {0, 1, 0, 0};
    if (given->alpha_dropout && given->dropout)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--alpha-dropout and --dropout exclude each other");
    if (given->dropout_layers && !given->alpha_dropout && !given->dropout)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--dropout-last needs --alpha-dropout or --dropout");
    if (given->alpha_dropout) {
        d.rate = strtod(given->alpha_dropout, NULL);
        affine(s, &d);
    } else if (given->dropout) {
        d.rate = strtod(given->dropout, NULL);
        d.a = 1 / (1 - d.rate);
    }
    if (!given->dropout_layers)
        s->settings.dropout_layers = s->settings.depth;
    s->settings.dropout = s->settings.expected_dropout = d;
}

static void take_rows(struct sn_simulation *s)
{
    struct sn_networks *n = &s->settings;
    const struct sn_simulation_words *given = &s->words;
    bool asked = given->omega || given->tau || given->drawn;
    if (asked && !given->init)
        n->weights = sn_weight_law_find("gaussian-rows");
    bool rows = n->weights->kind == SN_ROW_SUM ||
                n->weights->kind == SN_ROW_SUM_SQUARE;
    if (asked && !rows)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--%s needs --init gaussian-rows or normalized-rows",
            given->omega ? "omega"
            : given->tau ? "tau"
                         : "per");
    bool fixed = n->omega.low == n->omega.high && n->tau.low == n->tau.high;
    if (fixed)
        n->drawn = SN_PER_RUN;
    else if (!given->drawn)
        n->drawn = SN_PER_UNIT;
    double widest = fmax(fabs(n->omega.low), fabs(n->omega.high));
    if (!(n->tau.low > widest * widest / (double)n->width))
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--tau %g: must be above omega^2/width = %g, the least sum of "
            "squares with that sum",
            n->tau.low, widest * widest / (double)n->width);
    n->expected_gain = n->weights->gain;
}

static void take_data(struct sn_simulation *s)
{
    struct sn_networks *n = &s->settings;
    const char *why = NULL, *path = s->words.data;
    if (!path)
        return;
    if (s->words.start || s->words.correlation || s->words.inputs)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--data excludes --inputs, --start and --correlation");
    enum sn_status status = sn_npy_read(&s->data, path, &why);
    if (status != SN_OK)
        sn_cli_die(&s->cli, SN_EXIT_UNUSABLE, "%.200s: %s", path,
            status == SN_SYSTEM ? strerror(errno) : why);
    if (s->data.columns != n->width)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "%.200s: rows of %zu numbers for layers of %zu units; --width "
            "%zu?",
            path, s->data.columns, n->width, s->data.columns);
    if (s->data.rows > SN_NETWORKS_MAX_INPUTS)
        sn_cli_die(&s->cli, SN_EXIT_UNUSABLE,
            "%.200s: %zu rows; at most %d inputs", path, s->data.rows,
            SN_NETWORKS_MAX_INPUTS);
    for (size_t i = 0; i < s->data.rows * s->data.columns; i++)
        if (!isfinite(s->data.value[i]))
            sn_cli_die(&s->cli, SN_EXIT_UNUSABLE,
                "%.200s: row %zu, column %zu is not finite", path,
                i / s->data.columns, i % s->data.columns);
    n->data = s->data.value;
    n->inputs = s->data.rows;
}

static void check_method(struct sn_simulation *s)
{
    struct sn_networks *n = &s->settings;
    if (n->way == SN_WAY_DIRECT)
        return;
    if (!s->words.inputs && !n->data)
        n->inputs = 2;
    if (n->inputs > SN_NETWORKS_MAX_EXACT_INPUTS)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--method exact takes 1 to %d inputs, not %zu",
            SN_NETWORKS_MAX_EXACT_INPUTS, n->inputs);
    if (!n->weights->gaussian)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--method exact needs Gaussian weights, not --init %s",
            n->weights->name);
    if (n->backward)
        sn_cli_die(&s->cli, SN_EXIT_USAGE,
            "--gradient needs --method direct: exact has no matrices");
}

void sn_simulation_parse(struct sn_simulation *s, int argc, char **argv)
{
    *s = (struct sn_simulation){
        .cli = {.has = SN_CLI_THREADS | SN_CLI_SEED | SN_CLI_QUIET},
        .alpha = 1e-3};
    enum sn_status status = sn_networks_preset(&s->settings);
    if (status != SN_OK)
        sn_cli_die(&s->cli, SN_EXIT_UNUSABLE, "%s", sn_strerror(status));
    s->cli.seed = s->settings.seed;
    sn_cli_parse(&s->cli, &description, argc, argv, s);
    s->settings.seed = s->cli.seed;
    s->settings.threads = s->cli.threads;
    take_rows(s);
    take_data(s);
    check_method(s);
    take_activation(s);
    take_dropout(s);
    if (s->power > 0 && !s->words.networks)
        s->settings.networks = 1000000;
}

void sn_simulation_clear(struct sn_simulation *s)
{
    sn_ensemble_clear(&s->ensemble);
    sn_theory_clear(&s->theory);
    sn_program_clear(&s->program);
    sn_program_clear(&s->other);
    sn_expression_clear(&s->f);
    sn_choice_clear(&s->choice);
    sn_npy_clear(&s->data);
}
