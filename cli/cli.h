/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every command shares: options, errors, output files, JSON, progress.
 *
 * A command is `int cmd_NAME(int argc, char **argv)`; argv[0] is its own
 * name.  Its return value is the exit status: 0 all that was asked holds,
 * 1 a check, proof or comparison failed, 2 bad usage, 3 an input, library or
 * file could not be used.  Only code of commands may include this header:
 * libraries neither print nor exit.
 */
#ifndef SN_CLI_CLI_H
#define SN_CLI_CLI_H

#include <argp.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define CLI_VERSION "0.1.0"

enum cli_exit {
    CLI_EXIT_OK,
    CLI_EXIT_FAILED,
    CLI_EXIT_USAGE,
    CLI_EXIT_UNUSABLE
};

/* Which of the shared options a command has; --json, -o are always there. */
enum { CLI_THREADS = 1, CLI_SEED = 2, CLI_QUIET = 4 };

struct cli_cli {
    const char *command; /* "map" */
    unsigned has;        /* CLI_... */
    bool json, quiet;
    const char *folder; /* -o takes a folder: what its help says of it */
    const char *output; /* NULL: standard output */
    int threads;        /* preset by the parser: processors online */
    uint64_t seed;      /* preset by the command: its default seed */
    struct timespec started;
};

/*
 * Parses argv by `argp` (the command's own options; its parser receives
 * `input`) and the shared options of `cli`.  Ends the program with status 0
 * after --help, --usage and --version, with status 2 and one line on standard
 * error where a word cannot be used.
 */
void cli_parse(struct cli_cli *cli, const struct argp *argp, int argc,
    char **argv, void *input);

/*
 * First thing in main(): where a standard stream is closed, nothing that is
 * opened later gets its number; writing to it fails as it should.
 */
void cli_hold_streams(void);

/*
 * One line "selfnorm COMMAND: ..." on standard error, then exit(status).
 * Control characters and broken UTF-8 of a user's words come as '?'.  Without
 * a command in `cli` the line starts with "selfnorm: ".
 */
_Noreturn void cli_die(const struct cli_cli *cli, enum cli_exit status,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same line without the exit. */
void cli_complain(const struct cli_cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * For "'%.40s%s'": the first 40 bytes are enough to recognise a word, and this
 * is "..." where there are more.
 */
const char *cli_ellipsis(const char *word);

/*
 * argp refused a word without saying which (on an error it leaves its index
 * alone): finds it among the words as they were given, then exit 2.
 */
_Noreturn void cli_refuse(const struct cli_cli *cli, int argc,
    char *const argv[], const struct argp_option *own,
    const struct argp_option *shared);

/* A whole number in [least, most], or exit 2 naming option and word. */
long cli_whole(const struct cli_cli *cli, const char *option, const char *word,
    long least, long most);

/* A double in [least, most] (either end may be infinite), or exit 2. */
double cli_number(const struct cli_cli *cli, const char *option,
    const char *word, double least, double most);

enum cli_sign { CLI_ANY_SIGN, CLI_NOT_NEGATIVE, CLI_POSITIVE };

/*
 * A finite decimal number, kept as text so that no rounding enters before the
 * proof does: [+-]digits[.digits][e[+-]digits], exponent within +-9999, at
 * most 20000 characters.  Exit 2 naming option and word otherwise.
 */
const char *cli_decimal(const struct cli_cli *cli, const char *option,
    const char *word, enum cli_sign sign);

/*
 * The command's result goes to standard output or, with -o, to a temporary
 * file beside FILE that cli_close() syncs and renames; a program that ends
 * earlier leaves nothing behind.  Exit 3 where a file cannot be written.
 */
FILE *cli_open(const struct cli_cli *cli);
void cli_close(const struct cli_cli *cli, FILE *out);

/* The same for any other named file. */
FILE *cli_file_open(const struct cli_cli *cli, const char *path);
void cli_file_close(const struct cli_cli *cli, FILE *out, const char *path);

/*
 * Before long work: exit 3 now if the folder of `path` cannot be written to,
 * 2 if another result is expected there.  cli_parse() has done this for -o.
 */
void cli_file_expect(const struct cli_cli *cli, const char *path);

/* {"command", "version", "ok", "seconds"}; the last two set by _emit. */
json_t *cli_json(const struct cli_cli *cli);
/* A user's word as JSON, '?' for what is not UTF-8; never NULL. */
json_t *cli_json_text(const char *word);
/* Nothing more is written by this process: of several, one speaks. */
void cli_silence(void);

/* Text in HTML and XML: four characters escaped, control characters and what
   is not UTF-8 replaced. */
void cli_escape(FILE *out, const char *text);
/* The seed: a number, or text where JSON libraries could not hold it. */
json_t *cli_json_seed(uint64_t seed);
/* Adds "machine": CPU, instruction set, compiler. */
void cli_json_machine(json_t *document);
/* Writes the document as the command's only output, and releases it. */
void cli_emit(const struct cli_cli *cli, json_t *document, bool ok);

/* Seconds since the command started. */
double cli_seconds(const struct cli_cli *cli);

/*
 * A bar with rate and time left on standard error: only on a terminal, never
 * with --quiet.  Call from one thread.
 */
struct cli_progress {
    const char *label;
    double total;
    struct timespec started, drawn;
    bool shown;
};
void cli_progress_start(struct cli_progress *bar, const struct cli_cli *cli,
    const char *label, double total);
void cli_progress_at(struct cli_progress *bar, double done);
void cli_progress_end(struct cli_progress *bar);

/* After cli_catch_interrupt(), Ctrl-C only sets the flag. */
extern volatile sig_atomic_t cli_interrupted;
void cli_catch_interrupt(void);

#endif
