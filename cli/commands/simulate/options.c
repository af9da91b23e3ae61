/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/simulate/simulate.h"
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
        "independent networks, 2 or more (default 32; exact: 400)", 1},
    {"inputs", KEY_INPUTS, "N", 0,
        "inputs to each network (default 64; exact: 2, at most 16)", 1},
    {"method", KEY_METHOD, "direct|exact", 0,
        "matrices, any weights; or pre-activations from their exact law, "
        "Gaussian weights only, hundreds of times faster (default direct)",
        1},
    {"type", KEY_TYPE, "f32|f64", 0, "of activations (default f32)", 1},
    CMD_ACTIVATION_OPTIONS,
    {"lambda", KEY_LAMBDA, "L", 0,
        "SELU with this lambda in the networks; the theory keeps its own", 1},
    {"alpha", KEY_ALPHA, "A", 0,
        "SELU with this alpha in the networks; the theory keeps its own", 1},
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

static double real_word(const struct cmd_simulation *s, const char *option,
    const char *word, double least, double most)
{
    return cli_number(&s->cli, option, word, least, most);
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

static void parse_point(struct cmd_simulation *s, const char *option,
    const char *word, double *mean, double *variance)
{
    double pair[2];
    if (!parse_pair(pair, word, true) || !(pair[1] > 0))
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': must be MU,NU, two finite numbers with the "
            "variance NU above 0, such as 0,1",
            option, word, cli_ellipsis(word));
    *mean = pair[0];
    *variance = pair[1];
    double second = pair[1] + pair[0] * pair[0];
    if (second < NET_LEAST_SECOND_MOMENT || second > NET_LARGEST_SECOND_MOMENT)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': NU + MU^2 must be from %g to %g", option, word,
            cli_ellipsis(word), NET_LEAST_SECOND_MOMENT,
            NET_LARGEST_SECOND_MOMENT);
}

static void parse_interval(struct cmd_simulation *s, const char *option,
    const char *word, struct quad_interval *interval)
{
    double pair[2];
    if (!parse_pair(pair, word, false) || pair[0] > pair[1])
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': must be a number or A,B with A <= B", option, word,
            cli_ellipsis(word));
    *interval = (struct quad_interval){pair[0], pair[1]};
}

static void parse_init(struct cmd_simulation *s, const char *word)
{
    if (!strcmp(word, "list")) {
        FILE *out = cli_open(&s->cli);
        for (const struct net_weight_law *l = net_weight_laws; l->name; l++)
            fprintf(out, "%-26s %s%s\n", l->name, l->help,
                l->gaussian ? "" : " (direct only)");
        cli_close(&s->cli, out);
        exit(CLI_EXIT_OK);
    }
    s->settings.weights = net_weight_law_find(word);
    s->words.init = true;
    if (s->settings.weights)
        return;
    char names[400] = "";
    for (const struct net_weight_law *law = net_weight_laws; law->name;
         law++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
            law->name);
    }
    cli_die(&s->cli, CLI_EXIT_USAGE, "--init '%.40s%s': must be one of: %s",
        word, cli_ellipsis(word), names);
}

/* The index of a word among two. */
static int parse_either(struct cmd_simulation *s, const char *option,
    const char *word, const char *one, const char *other)
{
    if (strcmp(word, one) && strcmp(word, other))
        cli_die(&s->cli, CLI_EXIT_USAGE, "%s '%.40s%s': must be %s or %s",
            option, word, cli_ellipsis(word), one, other);
    return !strcmp(word, other);
}

static const char *parse_rate(
    struct cmd_simulation *s, const char *option, const char *word)
{
    cli_decimal(&s->cli, option, word, CLI_NOT_NEGATIVE);
    if (!(strtod(word, NULL) < 1))
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': must be from 0 to below 1", option, word,
            cli_ellipsis(word));
    return word;
}

static const char *parse_path(
    struct cmd_simulation *s, const char *option, const char *word)
{
    if (!*word)
        cli_die(&s->cli, CLI_EXIT_USAGE, "%s '': must be the name of a %s",
            option, !strcmp(option, "--shards") ? "folder" : "file");
    return word;
}

static size_t parse_size(struct cmd_simulation *s, const char *option,
    const char *word, long least, long most)
{
    return (size_t)cli_whole(&s->cli, option, word, least, most);
}

static bool parse_network(struct cmd_simulation *s, int key, const char *word)
{
    struct net_networks *n = &s->settings;
    struct cmd_simulation_words *given = &s->words;
    switch (key) {
    case KEY_WIDTH:
        n->width = parse_size(s, "--width", word, 2, NET_MAX_WIDTH);
        return true;
    case KEY_DEPTH:
        n->depth = parse_size(s, "--depth", word, 1, NET_MAX_DEPTH);
        return true;
    case KEY_NETWORKS:
        n->networks = parse_size(s, "--networks", word, 2, NET_MAX_NETWORKS);
        given->networks = true;
        return true;
    case KEY_INPUTS:
        n->inputs = parse_size(s, "--inputs", word, 1, NET_MAX_INPUTS);
        given->inputs = true;
        return true;
    case KEY_METHOD:
        n->way = parse_either(s, "--method", word, "direct", "exact")
                     ? NET_WAY_EXACT
                     : NET_WAY_DIRECT;
        return true;
    case KEY_TYPE:
        n->real = parse_either(s, "--type", word, "f32", "f64") ? NET_REAL_F64
                                                                : NET_REAL_F32;
        return true;
    case KEY_LAMBDA:
        given->lambda = cli_decimal(&s->cli, "--lambda", word, CLI_POSITIVE);
        return true;
    case KEY_ALPHA:
        given->alpha = cli_decimal(&s->cli, "--alpha", word, CLI_POSITIVE);
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
                       ? NET_PER_UNIT
                       : NET_PER_LAYER;
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
            parse_size(s, "--dropout-last", word, 1, NET_MAX_DEPTH);
        given->dropout_layers = true;
        return true;
    case KEY_GRADIENT:
        n->backward = true;
        return true;
    default:
        return cmd_choice_option(&s->choice, &s->cli, key, word);
    }
}

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct cmd_simulation *s = state->input;
    struct net_networks *n = &s->settings;
    switch (key) {
    case KEY_TARGET:
        parse_point(s, "--target", word, &n->target_mean, &n->target_variance);
        return 0;
    case KEY_MARGIN_MEAN:
        n->margin_mean = real_word(s, "--margin-mean", word, 1e-12, 1e12);
        s->study.margins = true;
        return 0;
    case KEY_MARGIN_VARIANCE:
        n->margin_variance =
            real_word(s, "--margin-variance", word, 1e-12, 1e12);
        s->study.margins = true;
        return 0;
    case KEY_FALSE_ALARMS:
        s->study.alpha = real_word(s, "--false-alarms", word, 1e-9, 0.5);
        return 0;
    case KEY_POWER:
        s->study.power = real_word(s, "--power", word, 0.01, 0.9999);
        return 0;
    case KEY_PLAN:
        s->plan = true;
        return 0;
    case KEY_SHARDS:
        s->study.keeping.folder = parse_path(s, "--shards", word);
        return 0;
    case KEY_TSV:
        s->tsv = parse_path(s, "--tsv", word);
        cli_file_expect(&s->cli, word);
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

void cmd_simulation_parse(struct cmd_simulation *s, int argc, char **argv)
{
    *s = (struct cmd_simulation){
        .cli = {.has = CLI_THREADS | CLI_SEED | CLI_QUIET},
        .study = {.alpha = 1e-3}};
    enum sn_status status = net_preset(&s->settings);
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
    s->cli.seed = s->settings.seed;
    cli_parse(&s->cli, &description, argc, argv, s);
    s->settings.seed = s->cli.seed;
    s->settings.threads = s->cli.threads;
    cmd_simulation_assemble(s);
}
