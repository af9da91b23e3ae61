/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From main() to the command that is named. */
#include "cli/cli.h"
#include "verify/shared/ranks.h"
#include "verify/shared/machine.h"
#include <stdlib.h>
#include <string.h>

const struct cli_command *cli_command_find(const char *name)
{
    for (int i = 0; cli_commands[i]; i++)
        if (cli_same_name(
                name, cli_commands[i]->name, strlen(cli_commands[i]->name)))
            return cli_commands[i];
    return NULL;
}

void cli_command_unknown(const struct cli_cli *cli, const char *word)
{
    char names[256] = "", meant[64] = "";
    for (int i = 0; cli_commands[i]; i++) {
        const char *name = cli_commands[i]->name;
        const size_t used = strlen(names);
        snprintf(
            names + used, sizeof names - used, "%s%s", i ? ", " : "", name);
        if (!*meant && cli_is_near(word, name))
            snprintf(meant, sizeof meant, " did you mean %s?", name);
    }
    cli_die(cli, CLI_EXIT_USAGE, "unknown command '%.40s';%s use one of %s",
        word, meant, names);
}

static bool asks_for_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
        if (!strcmp(argv[i], "--json"))
            return true;
    return false;
}

static int run_command(
    const struct cli_command *command, int argc, char **argv)
{
    struct cli_cli *cli = calloc(1, command->size);
    if (!cli)
        cli_die(&(struct cli_cli){.command = command->name}, CLI_EXIT_UNUSABLE,
            "out of memory");
    int own = 0;
    bool alone = false; /* one of several that do not know each other */
    if (command->has & CLI_RANKS) {
        shared_ranks_join();
        alone = shared_ranks_launched(&own) > shared_ranks_count();
    }
    if (own > 0)
        cli_silence();
    if (alone)
        cli_die(&(struct cli_cli){.command = command->name}, CLI_EXIT_USAGE,
            "started by mpirun, but built without MPI: every process would do "
            "all of it; build with 'make MPI=1'");
    cli->started = shared_seconds();
    cli->command = command->name;
    cli->of = command;
    if (command->prepare)
        command->prepare(cli);
    cli_read_words(cli, argc, argv);
    cli_expect_json(false);
    const int status = (int)command->run(cli);
    free(cli);
    return status;
}

int cli_main(int argc, char **argv)
{
    struct cli_cli none = {0};
    none.started = shared_seconds();
    cli_hold_streams();
    cli_expect_json(asks_for_json(argc, argv));
    if (argc < 2)
        cli_die(
            &none, CLI_EXIT_USAGE, "no command; 'selfnorm --help' lists them");
    const char *word = argv[1];
    if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "-?"))
        cli_answer(NULL, CLI_HELP);
    if (!strcmp(word, "--usage"))
        cli_answer(NULL, CLI_USAGE_LINE);
    if (!strcmp(word, "--version") || !strcmp(word, "-V"))
        cli_answer(NULL, CLI_VERSION_LINE);
    const struct cli_command *command = cli_command_find(word);
    if (!command)
        cli_command_unknown(&none, word);
    return run_command(command, argc - 1, argv + 1);
}
