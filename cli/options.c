/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options: argp does the parsing, we word the errors (one line each). */
#include "cli/cli.h"
#include "verify/shared/machine.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_HELP = 'h',
    KEY_JSON = 0x4a00,
    KEY_USAGE,
    KEY_VERSION,
    KEY_THREADS,
    KEY_SEED,
    KEY_QUIET
};
enum { MAX_THREADS = 4096 };

/* Ends the program after what --help, --usage or --version have printed. */
static _Noreturn void end_of_help(const struct cli_cli *cli)
{
    const struct cli_cli plain = {.command = cli->command};
    cli_close(&plain, stdout);
    exit(CLI_EXIT_OK);
}

static _Noreturn void print_help(
    const struct cli_cli *cli, const struct argp_state *state, unsigned flags)
{
    /* no lines about short options, of which there are hardly any */
    setenv("ARGP_HELP_FMT", "no-dup-args-note", 0);
    argp_help(state->root_argp, stdout, flags, state->name);
    end_of_help(cli);
}

static error_t parse_shared(int key, char *word, struct argp_state *state)
{
    struct cli_cli *cli = state->input;
    switch (key) {
    case KEY_JSON:
        cli->json = true;
        return 0;
    case 'o':
        if (!*word)
            cli_die(cli, CLI_EXIT_USAGE,
                "--output '': must be the name of a file");
        cli->output = word;
        return 0;
    case KEY_THREADS:
        cli->threads = (int)cli_whole(cli, "--threads", word, 1, MAX_THREADS);
        return 0;
    case KEY_SEED: {
        char *end;
        errno = 0;
        /* decimal or 0x...: a leading 0 makes no octal number */
        bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
        cli->seed = strtoull(word, &end, hex ? 16 : 10);
        if (!isdigit((unsigned char)*word) || *end || errno)
            cli_die(cli, CLI_EXIT_USAGE,
                "--seed '%.40s%s': must be a whole number from 0 to 2^64 - 1",
                word, cli_ellipsis(word));
        return 0;
    }
    case KEY_QUIET:
        cli->quiet = true;
        return 0;
    case KEY_HELP:
    case '?':
        print_help(cli, state, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK);
    case KEY_USAGE:
        print_help(cli, state, ARGP_HELP_USAGE);
    case KEY_VERSION:
        puts("selfnorm " CLI_VERSION);
        end_of_help(cli);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

struct inputs {
    void *own;
    struct cli_cli *cli;
};

static error_t parse_root(int key, char *word, struct argp_state *state)
{
    (void)word;
    struct inputs *inputs = state->input;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = inputs->own;
    state->child_inputs[1] = inputs->cli;
    return 0;
}

void cli_parse(struct cli_cli *cli, const struct argp *argp, int argc,
    char **argv, void *input)
{
    cli->started = shared_seconds();
    cli->command = argv[0];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    cli->threads = processors < 1             ? 1
                   : processors > MAX_THREADS ? MAX_THREADS
                                              : (int)processors;

    char seed_help[80];
    snprintf(seed_help, sizeof seed_help,
        "seed of the random numbers (default %" PRIu64 ")", cli->seed);
    struct argp_option shared[10] = {
        {"json", KEY_JSON, NULL, 0, "give the result as one JSON document",
            -2},
        {"output", 'o', cli->folder ? "FOLDER" : "FILE", 0,
            cli->folder ? cli->folder
                        : "write the result to FILE, not to standard output",
            -2},
        {"help", KEY_HELP, NULL, 0, "give this help list", -1},
        {NULL, '?', NULL, OPTION_HIDDEN, NULL, 0},
        {"usage", KEY_USAGE, NULL, 0, "give a short usage message", -1},
        {"version", KEY_VERSION, NULL, 0, "print the version", -1},
    };
    int used = 6;
    if (cli->has & CLI_THREADS)
        shared[used++] = (struct argp_option){"threads", KEY_THREADS, "N", 0,
            "threads (default: all processors)", -2};
    if (cli->has & CLI_SEED)
        shared[used++] =
            (struct argp_option){"seed", KEY_SEED, "S", 0, seed_help, -2};
    if (cli->has & CLI_QUIET)
        shared[used++] = (struct argp_option){
            "quiet", KEY_QUIET, NULL, 0, "no progress bar", -2};

    struct argp common = {.options = shared, .parser = parse_shared};
    struct argp_child children[] = {
        {argp, 0, NULL, 0}, {&common, 0, NULL, 0}, {0}};
    struct argp root = {.parser = parse_root, .children = children};
    struct inputs inputs = {input, cli};

    char name[64];
    snprintf(name, sizeof name, "selfnorm %s", cli->command);
    /* argp sorts the words, options first: an error is sought in a copy */
    char **words = malloc(((size_t)argc + 1) * sizeof *words);
    if (!words)
        cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
    memcpy(words, argv, ((size_t)argc + 1) * sizeof *words);
    argv[0] = name;
    int stopped = argc;
    error_t error = argp_parse(&root, argc, argv,
        ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT, &stopped, &inputs);
    argv[0] = words[0];
    if (error == ENOMEM)
        cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
    if (error || stopped < argc)
        cli_refuse(cli, argc, words, argp->options, shared);
    free(words);
    cli_expect_json(false);
    if (cli->output)
        cli_file_expect(cli, cli->output);
}
