/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the words of the command line, by a command's table, into its job. */
#include "cli/cli.h"
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_THREADS = 4096 };

static void read_seed(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    char *end;
    /* decimal or 0x...: a leading 0 makes no octal number */
    bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
    errno = 0;
    *(uint64_t *)to = strtoull(word, &end, hex ? 16 : 10);
    if (!isdigit((unsigned char)*word) || *end || errno)
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s%s': must be a whole number from 0 to 2^64 - 1",
            option->name, word, cli_ellipsis(word));
}

static void read_output(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    if (!*word)
        cli_die(cli, CLI_EXIT_USAGE, "--%s '': must be the name of a file",
            option->name);
    *(const char **)to = word;
}

static void answer_help(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    (void)word;
    (void)to;
    cli_answer(cli->of, option->letter == 'h'   ? CLI_HELP
                        : option->letter == 'V' ? CLI_VERSION_LINE
                                                : CLI_USAGE_LINE);
}

void cli_shared_options(struct cli_option shared[CLI_SHARED_OPTIONS],
    const struct cli_command *command, char seed_help[80])
{
    const struct cli_option always[] = {
        {.help = "Result and run:"},
        {"json", .help = "give the result as one JSON document",
            .kind = CLI_FLAG, CLI_AT(struct cli_cli, json)},
        {"output", command->folder ? "FOLDER" : "FILE",
            command->folder
                ? command->folder
                : "write the result to FILE, not to standard output",
            CLI_OWN, CLI_AT(struct cli_cli, output), .read = read_output,
            .letter = 'o'},
        {"help", .help = "give this help list", .kind = CLI_OWN,
            .read = answer_help, .letter = 'h'},
        {"usage", .help = "give a short usage message", .kind = CLI_OWN,
            .read = answer_help},
        {"version", .help = "print the version", .kind = CLI_OWN,
            .read = answer_help, .letter = 'V'},
    };
    const struct cli_option threads = {"threads", "N",
        "threads (default: all processors)", CLI_WHOLE,
        CLI_AT(struct cli_cli, threads), .least = 1, .most = MAX_THREADS};
    const struct cli_option seed = {"seed", "S", seed_help, CLI_OWN,
        CLI_AT(struct cli_cli, seed), .read = read_seed};
    const struct cli_option quiet = {"quiet", .help = "no word of progress",
        .kind = CLI_FLAG, CLI_AT(struct cli_cli, quiet)};
    int n = sizeof always / sizeof *always;
    memset(shared, 0, CLI_SHARED_OPTIONS * sizeof *shared);
    memcpy(shared, always, sizeof always);
    snprintf(seed_help, 80, "seed of the random numbers (default %" PRIu64 ")",
        command->seed);
    if (command->has & CLI_THREADS)
        shared[n++] = threads;
    if (command->has & CLI_SEED)
        shared[n++] = seed;
    if (command->has & CLI_QUIET)
        shared[n++] = quiet;
}

/* Its next letter from `i` on, small; 0 at the end. */
static int next_letter(const char *name, size_t length, size_t *i)
{
    while (*i < length && name[*i] && strchr("-_ ", name[*i]))
        ++*i;
    return *i < length ? tolower((unsigned char)name[(*i)++]) : 0;
}

bool cli_same_name(const char *a, const char *b, size_t length)
{
    const size_t given = strlen(a);
    for (size_t i = 0, k = 0;;) {
        const int p = next_letter(a, given, &i);
        if (p != next_letter(b, length, &k))
            return false;
        if (!p)
            return true;
    }
}

/* "fp32", "float32" and so on as the formats are called here. */
static const char *format_name(const char *word)
{
    static const char *const alias[][2] = {{"fp64", "f64"}, {"fp32", "f32"},
        {"fp16", "f16"}, {"float64", "f64"}, {"float32", "f32"},
        {"float16", "f16"}, {"bfloat16", "bf16"}, {"double", "f64"},
        {"float", "f32"}, {"single", "f32"}, {"half", "f16"}};
    for (size_t i = 0; i < sizeof alias / sizeof *alias; i++)
        if (cli_same_name(word, alias[i][0], strlen(alias[i][0])))
            return alias[i][1];
    return word;
}

size_t cli_choice(const char **start, const char *choices, int i)
{
    const char *colon = strstr(choices, ": "); /* "one of: a, b" */
    const char *p = colon ? colon + 2 : choices;
    for (;; i--) {
        size_t length = strcspn(p, ", ");
        if (!i) {
            *start = p;
            return length;
        }
        p += length + strspn(p + length, ", ");
        if (!strncmp(p, "or ", 3))
            p += 3;
        if (!*p)
            return 0;
    }
}

static void store(const struct cli_option *option, void *to, long value)
{
    if (option->size == sizeof(bool))
        *(bool *)to = value;
    else if (option->size == sizeof(int))
        *(int *)to = (int)value;
    else
        *(long *)to = value;
}

static void read_choice(const struct cli_cli *cli,
    const struct cli_option *option, const char *word, void *to)
{
    const char *one;
    size_t length;
    for (int i = 0; (length = cli_choice(&one, option->choices, i)); i++)
        if (cli_same_name(word, one, length) ||
            cli_same_name(format_name(word), one, length)) {
            store(option, to, i);
            return;
        }
    cli_die(cli, CLI_EXIT_USAGE, "--%s '%.40s%s': must be %s", option->name,
        word, cli_ellipsis(word), option->choices);
}

static const char *read_path(const struct cli_cli *cli,
    const struct cli_option *option, const char *word)
{
    if (!*word)
        cli_die(cli, CLI_EXIT_USAGE, "--%s '': must be the name of a %s",
            option->name, option->kind == CLI_FOLDER ? "folder" : "file");
    if (option->kind == CLI_FILE)
        cli_file_expect(cli, word);
    return word;
}

static void read_value(
    struct cli_cli *cli, const struct cli_option *option, const char *word)
{
    void *to = (char *)cli + option->at;
    char name[64];
    snprintf(name, sizeof name, "--%s", option->name);
    switch (option->kind) {
    case CLI_FLAG:
        *(bool *)to = true;
        return;
    case CLI_WHOLE:
        store(option, to,
            cli_whole(
                cli, name, word, (long)option->least, (long)option->most));
        return;
    case CLI_NUMBER:
        *(double *)to =
            cli_number(cli, name, word, option->least, option->most);
        return;
    case CLI_DECIMAL:
        *(const char **)to =
            cli_decimal(cli, name, cli_without_hex(word), option->sign);
        return;
    case CLI_CHOICE:
        read_choice(cli, option, word, to);
        return;
    case CLI_INPUT:
    case CLI_FILE:
    case CLI_FOLDER:
        *(const char **)to = read_path(cli, option, word);
        return;
    case CLI_OWN:
        option->read(cli, option, word, to);
        return;
    default:
        *(const char **)to = word;
    }
}

bool cli_given(const struct cli_cli *cli, const char *name)
{
    const struct cli_option *row = cli->of->options;
    for (int i = 0; row[i].name || row[i].help; i++)
        if (row[i].name && !strcmp(row[i].name, name))
            return cli->given[i];
    return false;
}

/* Both tables, the command's own first, as getopt_long() wants them. */
enum { FIRST = 256 }; /* above every letter */
struct both {
    struct cli_option shared[CLI_SHARED_OPTIONS];
    char seed_help[80], letters[2 * CLI_SHARED_OPTIONS + 2];
    const struct cli_option *row[CLI_MOST_OPTIONS + 1]; /* then NULL */
    struct option list[CLI_MOST_OPTIONS + 1];
};

static void list_options(struct both *both, const struct cli_command *command)
{
    struct option *to = both->list;
    char *letter = both->letters;
    int n = 0;
    cli_shared_options(both->shared, command, both->seed_help);
    *letter++ = ':'; /* a missing value is told from an unknown option */
    for (int k = 0; k < 2; k++)
        for (const struct cli_option *row = k ? both->shared
                                              : command->options;
             row->name || row->help; row++) {
            const bool valued = row->value != NULL;
            both->row[n] = row;
            if (row->name)
                *to++ = (struct option){row->name, valued, NULL, FIRST + n};
            if (row->letter) {
                *letter++ = row->letter;
                *letter = ':';
                letter += valued;
            }
            n++;
        }
    both->row[n] = NULL;
    *to = (struct option){0};
    *letter = '\0';
}

/* The place of what getopt_long() found. */
static int place_of(const struct both *both, int key)
{
    int n = 0;
    if (key >= FIRST)
        return key - FIRST;
    while (both->row[n]->letter != key)
        n++;
    return n;
}

static void set_presets(struct cli_cli *cli)
{
    const struct cli_option *row = cli->of->options;
    for (; row->name || row->help; row++)
        if (row->preset)
            read_value(cli, row, row->preset);
}

/* The row that takes words without an option's name, or the table's end. */
const struct cli_option *cli_bare_row(const struct cli_command *command)
{
    const struct cli_option *row = command->options;
    while (row->kind != CLI_WORDS && !row->bare && (row->name || row->help))
        row++;
    return row;
}

static void take_words(struct cli_cli *cli, char **word, int count)
{
    const struct cli_option *row = cli_bare_row(cli->of);
    const ptrdiff_t place = row - cli->of->options;
    if (row->kind == CLI_WORDS) {
        *(struct cli_words *)((char *)cli + row->at) =
            (struct cli_words){word, count};
        return;
    }
    if (count && **word && row->bare && !cli->given[place]) {
        read_value(cli, row, *word++);
        cli->given[place] = true;
        count--;
    }
    if (count)
        cli_die(cli, CLI_EXIT_USAGE,
            "'%.40s%s': no such argument is expected; 'selfnorm %s --help' "
            "tells what is",
            *word, cli_ellipsis(*word), cli->command);
}

/* The word in which a letter was refused; getopt stands behind it where the
   letter was its last. */
static const char *word_with(char **argv, int letter)
{
    const char *before = argv[optind - 1];
    bool there =
        before[0] == '-' && before[1] != '-' && strchr(before + 1, letter);
    return there ? before : argv[optind];
}

void cli_read_words(struct cli_cli *cli, int argc, char **argv)
{
    struct both both;
    list_options(&both, cli->of);
    set_presets(cli);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    cli->threads = processors < 1             ? 1
                   : processors > MAX_THREADS ? MAX_THREADS
                                              : (int)processors;
    cli->seed = cli->of->seed;
    opterr = 0;
    for (int key; (key = getopt_long(
                       argc, argv, both.letters, both.list, NULL)) >= 0;) {
        const bool letter = optopt > 0 && optopt < FIRST;
        if (key == '?' && optopt == '?')
            cli_answer(cli->of, CLI_HELP);
        if (key == '?' || key == ':')
            cli_refuse_option(cli, both.row,
                letter ? word_with(argv, optopt) : argv[optind - 1],
                letter ? optopt : 0);
        const int n = place_of(&both, key);
        read_value(cli, both.row[n], optarg);
        cli->given[n] = true;
    }
    take_words(cli, argv + optind, argc - optind);
    if (cli->output)
        cli_file_expect(cli, cli->output);
}
