/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which word argp refused, and why, in one line. */
#include "cli/cli.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_end(const struct argp_option *option)
{
    return !option->name && !option->key && !option->doc;
}

/* The options that a word without its "--" may mean; the exact one counts. */
struct candidates {
    const struct argp_option *first;
    bool exact;
    int count;
    char names[256];
};

static void find_long(struct candidates *found,
    const struct argp_option *option, const char *name, size_t length)
{
    for (; option && !is_end(option); option++) {
        if (!option->name || !length || strncmp(option->name, name, length))
            continue;
        bool exact = !option->name[length];
        if (!found->exact)
            found->first = option;
        found->exact |= exact;
        size_t used = strlen(found->names);
        snprintf(found->names + used, sizeof found->names - used, "%s--%s",
            found->count++ ? ", " : "", option->name);
    }
}

static const struct argp_option *find_short(
    const struct argp_option *option, int key)
{
    for (; option && !is_end(option); option++)
        if (option->key == key && isgraph(key))
            return option;
    return NULL;
}

/* True if the next word is this one's value; no return if it is bad. */
static bool check_long(const struct cli_cli *cli, const char *word, bool last,
    const struct argp_option *own, const struct argp_option *shared)
{
    struct candidates found = {0};
    size_t length = strcspn(word + 2, "=");
    bool has_value = word[2 + length];
    find_long(&found, own, word + 2, length);
    find_long(&found, shared, word + 2, length);
    if (found.count > 1 && !found.exact)
        cli_die(cli, CLI_EXIT_USAGE, "'%.40s' may be %s: write it out", word,
            found.names);
    if (!found.count)
        cli_die(cli, CLI_EXIT_USAGE,
            "unknown option '%.40s%s'; 'selfnorm %s --help' lists the options",
            word, cli_ellipsis(word), cli->command);
    const struct argp_option *option = found.first;
    if (!option->arg && has_value)
        cli_die(cli, CLI_EXIT_USAGE, "'%.40s%s': --%s takes no value", word,
            cli_ellipsis(word), option->name);
    if (option->arg && !has_value && last)
        cli_die(cli, CLI_EXIT_USAGE, "--%s: needs a value, --%s=%s",
            option->name, option->name, option->arg);
    return option->arg && !has_value;
}

/* The same for a cluster of short options. */
static bool check_short(const struct cli_cli *cli, const char *word, bool last,
    const struct argp_option *own, const struct argp_option *shared)
{
    for (const char *p = word + 1; *p; p++) {
        const struct argp_option *option = find_short(own, *p);
        if (!option)
            option = find_short(shared, *p);
        if (!option)
            cli_die(cli, CLI_EXIT_USAGE,
                "unknown option '%.40s%s'; 'selfnorm %s --help' lists the "
                "options",
                word, cli_ellipsis(word), cli->command);
        if (!option->arg)
            continue;
        if (!p[1] && last)
            cli_die(cli, CLI_EXIT_USAGE, "-%c: needs a value, -%c %s", *p, *p,
                option->arg);
        return !p[1];
    }
    return false;
}

/* Reads the words as argp did, up to the one that cannot be used. */
_Noreturn void cli_refuse(const struct cli_cli *cli, int argc,
    char *const argv[], const struct argp_option *own,
    const struct argp_option *shared)
{
    const char *argument = NULL;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        bool last = i + 1 == argc;
        if (!strcmp(word, "--")) {
            argument = !argument && !last ? argv[i + 1] : argument;
            break;
        }
        if (word[0] != '-' || !word[1])
            argument = argument ? argument : word;
        else if (word[1] == '-')
            i += check_long(cli, word, last, own, shared);
        else
            i += check_short(cli, word, last, own, shared);
    }
    if (!argument)
        cli_die(cli, CLI_EXIT_USAGE,
            "cannot be used like this; 'selfnorm "
            "%s --help' tells how",
            cli->command);
    cli_die(cli, CLI_EXIT_USAGE,
        "'%.40s%s': no such argument is expected; 'selfnorm %s --help' tells "
        "what is",
        argument, cli_ellipsis(argument), cli->command);
}
