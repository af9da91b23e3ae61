/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/simulate/simulate.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "A,B" or, unless `both`, "A"; false where the word is neither. */
static bool read_pair(double pair[2], const char *word, bool both)
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

/* The mean at `to`, the variance behind it. */
static void read_point(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    double pair[2];
    if (!read_pair(pair, word, true) || !(pair[1] > 0))
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s%s': must be MU,NU, two finite numbers with the "
            "variance NU above 0, such as 0,1",
            option->name, word, cli_ellipsis(word));
    double second = pair[1] + pair[0] * pair[0];
    if (second < NET_LEAST_SECOND_MOMENT || second > NET_LARGEST_SECOND_MOMENT)
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s%s': NU + MU^2 must be from %g to %g", option->name,
            word, cli_ellipsis(word), NET_LEAST_SECOND_MOMENT,
            NET_LARGEST_SECOND_MOMENT);
    memcpy(to, pair, sizeof pair);
}

static void read_interval(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    double pair[2];
    if (!read_pair(pair, word, false) || pair[0] > pair[1])
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s%s': must be a number or A,B with A <= B",
            option->name, word, cli_ellipsis(word));
    *(struct quad_interval *)to = (struct quad_interval){pair[0], pair[1]};
}

static void read_init(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    struct cmd_simulation *s = (void *)cli;
    const struct net_weight_law *law = net_weight_law_find(word);
    char names[400] = "";
    s->words.laws = !strcmp(word, "list");
    if (s->words.laws)
        return;
    *(const struct net_weight_law **)to = law;
    if (law)
        return;
    for (law = net_weight_laws; law->name; law++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
            law->name);
    }
    cli_die(cli, CLI_EXIT_USAGE, "--%s '%.40s%s': must be one of: %s",
        option->name, word, cli_ellipsis(word), names);
}

static const char *offer_law(int i)
{
    return net_weight_laws[i].name;
}

static void read_rate(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    char name[32];
    snprintf(name, sizeof name, "--%s", option->name);
    cli_decimal(cli, name, word, CLI_NOT_NEGATIVE);
    if (!(strtod(word, NULL) < 1))
        cli_die(cli, CLI_EXIT_USAGE, "%s '%.40s%s': must be from 0 to below 1",
            name, word, cli_ellipsis(word));
    *(const char **)to = word;
}

#define AT(member) CLI_AT(struct cmd_simulation, member)

const struct cli_option cmd_simulation_options[] = {
    {.help = "The networks:"},
    {"width", "N", "units in each layer", CLI_WHOLE, AT(settings.width),
        .least = 2, .most = NET_MAX_WIDTH, .preset = "512"},
    {"depth", "N", "layers", CLI_WHOLE, AT(settings.depth), .least = 1,
        .most = NET_MAX_DEPTH, .preset = "64"},
    {"networks", "N",
        "independent networks, 2 or more (default 32; exact: 400)", CLI_WHOLE,
        AT(settings.networks), .least = 2, .most = NET_MAX_NETWORKS},
    {"inputs", "N",
        "inputs to each network (default 64; exact: 2, at most 16)", CLI_WHOLE,
        AT(settings.inputs), .least = 1, .most = NET_MAX_INPUTS},
    {"method", "direct|exact",
        "matrices, any weights; or pre-activations from their exact law, "
        "Gaussian weights only, hundreds of times faster",
        CLI_CHOICE, AT(settings.way), .choices = "direct or exact",
        .preset = "direct"},
    {"type", "f32|f64", "of activations", CLI_CHOICE, AT(settings.real),
        .choices = "f32 or f64", .preset = "f32"},
    CMD_CHOICE_ROWS(struct cmd_simulation, choice, false),
    {"lambda", "L",
        "SELU with this lambda in the networks; the theory keeps its own",
        CLI_DECIMAL, AT(words.lambda), .sign = CLI_POSITIVE},
    {"alpha", "A",
        "SELU with this alpha in the networks; the theory keeps its own",
        CLI_DECIMAL, AT(words.alpha), .sign = CLI_POSITIVE},
    {"init", "LAW", "law of the weights; 'list' lists them", CLI_OWN,
        AT(settings.weights), .read = read_init, .offer = offer_law,
        .preset = "lecun-normal"},
    {"gain", "G", "weights of variance G^2/n, whatever the law", CLI_NUMBER,
        AT(settings.gain), .least = 1e-6, .most = 1e6, .preset = "1"},
    {"bias", "B", "variance of the biases, which are normal", CLI_NUMBER,
        AT(settings.bias), .least = 0, .most = 1e12, .preset = "0"},
    {"omega", "A[,B]", "sum of a row of weights, for laws of rows", CLI_OWN,
        AT(settings.omega), .read = read_interval, .preset = "0"},
    {"tau", "A[,B]", "its sum of squares", CLI_OWN, AT(settings.tau),
        .read = read_interval, .preset = "1"},
    {"per", "layer|unit",
        "draw omega and tau from their intervals so often (default unit)",
        CLI_CHOICE, AT(words.per), .choices = "layer or unit"},
    {"start", "MU,NU", "mean and variance of the input entries", CLI_OWN,
        AT(settings.start_mean), .read = read_point, .preset = "0,1"},
    {"correlation", "R", "of the two inputs of each pair", CLI_NUMBER,
        AT(settings.correlation), .least = -1, .most = 1, .preset = "0"},
    {"data", "FILE.npy", "inputs, one a row, instead", CLI_INPUT,
        AT(words.data)},
    {"alpha-dropout", "P",
        "after each activation, keeping the target's mean and variance",
        CLI_OWN, AT(words.alpha_dropout), .read = read_rate},
    {"dropout", "P", "ordinary dropout: kept units over 1 - P, others 0",
        CLI_OWN, AT(words.dropout), .read = read_rate},
    {"dropout-last", "N", "only after the last N layers (default all)",
        CLI_WHOLE, AT(settings.dropout_layers), .least = 1,
        .most = NET_MAX_DEPTH},
    {"gradient", .help = "backward pass too (direct)", .kind = CLI_FLAG,
        AT(settings.backward)},
    {.help = "What is to be shown:"},
    {"target", "MU,NU", "expected mean and variance at the last layer",
        CLI_OWN, AT(settings.target_mean), .read = read_point,
        .preset = "0,1"},
    {"margin-mean", "D",
        "equivalence of the mean with the target's: within D (if given, exit "
        "status 1 unless shown)",
        CLI_NUMBER, AT(settings.margin_mean), .least = 1e-12, .most = 1e12,
        .preset = "0.01"},
    {"margin-variance", "D", "likewise the variance", CLI_NUMBER,
        AT(settings.margin_variance), .least = 1e-12, .most = 1e12,
        .preset = "0.05"},
    {"false-alarms", "P", "probability of any wrong statement of a run",
        CLI_NUMBER, AT(study.alpha), .least = 1e-9, .most = 0.5,
        .preset = "0.001"},
    {"power", "P",
        "as many networks as show equivalence with probability P, found from "
        "the first 32; --networks: at most so many (default 1000000)",
        CLI_NUMBER, AT(study.power), .least = 0.01, .most = 0.9999},
    {.help = "What is kept:"},
    {"plan", .help = "only say how long and how much memory", .kind = CLI_FLAG,
        AT(plan)},
    {"shards", "DIR",
        "keep finished parts in DIR and go on from there when run again",
        CLI_FOLDER, AT(study.keeping.folder)},
    {"tsv", "FILE", "also write the layers to FILE as a table", CLI_FILE,
        AT(tsv)},
    {0},
};
