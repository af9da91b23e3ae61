/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why getopt_long() refused a word, in one line, and what may be meant. */
#include "cli/cli.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Letters to change, add or leave out: Levenshtein's distance, by rows. */
bool cli_is_near(const char *word, const char *name)
{
    enum { REFUSAL_MOST = 40, NEAR = 2 };
    size_t n = strlen(word), m = strlen(name), row[REFUSAL_MOST + 1];
    if (n > REFUSAL_MOST || m > REFUSAL_MOST || m <= NEAR)
        return false;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            int a = tolower((unsigned char)word[i - 1]);
            size_t best = corner + (a != name[j - 1]);
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[m] <= NEAR && row[m] < m / 2 + 1;
}

static _Noreturn void refuse_unknown(const struct cli_cli *cli,
    const struct cli_option *const row[], const char *word, size_t length)
{
    char name[48], meant[64] = "";
    snprintf(
        name, sizeof name, "%.*s", (int)(length < 40 ? length : 40), word + 2);
    for (int i = 0; row[i] && !*meant; i++)
        if (row[i]->name && length && cli_is_near(name, row[i]->name))
            snprintf(meant, sizeof meant, " did you mean --%s?", row[i]->name);
    cli_die(cli, CLI_EXIT_USAGE,
        "unknown option '%.40s%s';%s 'selfnorm %s --help' lists the options",
        word, cli_ellipsis(word), meant, cli->command);
}

static _Noreturn void refuse_long(const struct cli_cli *cli,
    const struct cli_option *const row[], const char *word)
{
    const size_t length = strcspn(word + 2, "=");
    const struct cli_option *meant = NULL;
    char names[256] = "";
    int count = 0;
    for (int i = 0; row[i]; i++) {
        const char *name = row[i]->name;
        if (!name || strncmp(name, word + 2, length))
            continue;
        if (!meant || !name[length])
            meant = row[i];
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s--%s",
            count++ ? ", " : "", name);
    }
    if (!meant)
        refuse_unknown(cli, row, word, length);
    if (count > 1 && meant->name[length])
        cli_die(cli, CLI_EXIT_USAGE, "'%.40s' may be %s: write it out", word,
            names);
    if (word[2 + length])
        cli_die(cli, CLI_EXIT_USAGE, "'%.40s%s': --%s takes no value", word,
            cli_ellipsis(word), meant->name);
    cli_die(cli, CLI_EXIT_USAGE, "--%s: needs a value, --%s=%s", meant->name,
        meant->name, meant->value);
}

_Noreturn void cli_refuse_option(const struct cli_cli *cli,
    const struct cli_option *const row[], const char *word, int letter)
{
    if (!letter)
        refuse_long(cli, row, word);
    for (int i = 0; row[i]; i++)
        if (row[i]->letter == letter)
            cli_die(cli, CLI_EXIT_USAGE, "-%c: needs a value, -%c %s", letter,
                letter, row[i]->value);
    cli_die(cli, CLI_EXIT_USAGE,
        "unknown option '%.40s%s'; 'selfnorm %s --help' lists the options",
        word, cli_ellipsis(word), cli->command);
}
