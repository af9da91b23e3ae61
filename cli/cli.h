/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that speaks to a person.  A command is one row, `struct cli_command`:
 * its name, a table of options and a function.  From the table come the
 * parsing, every refusal, --help, the manual page and the completions of
 * shells, so that they cannot differ.  The function builds its result as one
 * JSON tree; cli_result() prints it, as JSON or through a template as text.
 *
 * Exit status: 0 all that was asked holds, 1 a check, proof or comparison
 * failed, 2 bad usage, 3 an input, library or file could not be used.  No
 * message decides it.  With --json each of these exits prints one document.
 *
 * Only commands may include this header: libraries neither print nor exit.
 */
#ifndef SN_CLI_CLI_H
#define SN_CLI_CLI_H

#include <jansson.h>
#include <signal.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CLI_VERSION "0.1.0"
/* Of the JSON documents: grows when a key changes its meaning. */
#define CLI_SCHEMA 1

enum cli_exit {
    CLI_EXIT_OK,
    CLI_EXIT_FAILED,
    CLI_EXIT_USAGE,
    CLI_EXIT_UNUSABLE
};

/* Which of the shared options a command has; --json, -o are always there. */
/* CLI_RANKS: runs under MPI, where the first process alone speaks. */
enum { CLI_THREADS = 1, CLI_SEED = 2, CLI_QUIET = 4, CLI_RANKS = 8 };

/* ---- options ---- */

enum cli_kind {
    CLI_HEADING, /* of the rows that follow: `help` alone */
    CLI_FLAG,    /* bool */
    CLI_WHOLE,   /* int, long, size_t, uint64_t: from `least` to `most` */
    CLI_NUMBER,  /* double, likewise; an infinite end is none */
    CLI_DECIMAL, /* const char *: cli_decimal() with `sign` */
    CLI_CHOICE,  /* enum, int or bool: which of `choices` */
    CLI_TEXT,    /* const char *: any word */
    CLI_INPUT,   /* const char *: a file to read */
    CLI_FILE,    /* const char *: a file to write; exit 3 now if it cannot */
    CLI_FOLDER,  /* const char * */
    CLI_OWN,     /* `read` takes the word */
    CLI_WORDS    /* struct cli_words: what is no option; one row at most */
};

enum cli_sign { CLI_ANY_SIGN, CLI_NOT_NEGATIVE, CLI_POSITIVE };

struct cli_words {
    char **word;
    int count;
};

struct cli_cli;
struct cli_option {
    const char *name;  /* "digits"; NULL: a heading, or words */
    const char *value; /* "N", what help calls its value; NULL: a flag */
    const char *help;
    enum cli_kind kind;
    size_t at, size; /* where the value goes: CLI_AT() */
    double least, most;
    enum cli_sign sign;
    const char *choices; /* "f32, f64 or f16", as help and refusals say it */
    const char *preset;  /* the word that holds if none is given */
    void (*read)(struct cli_cli *cli, const struct cli_option *option,
        const char *word, void *to);
    const char *(*offer)(int i); /* words for completion, then NULL */
    char letter;                 /* 'o' for -o */
    bool bare;                   /* its value may stand alone: moments gelu */
};
#define CLI_AT(type, member)                                                  \
    .at = offsetof(type, member), .size = sizeof(((type *)NULL)->member)

struct cli_command {
    const char *name, *summary, *about;
    const char *examples[2]; /* behind "selfnorm NAME " */
    enum cli_use { CLI_OTHER_USE, CLI_DERIVE, CLI_VALIDATE, CLI_JUDGE } use;
    const struct cli_option *options; /* ends with a row of zeros */
    size_t size;                      /* of the job, zeroed for `run` */
    void (*prepare)(void *job);       /* before the words; NULL: no need */
    enum cli_exit (*run)(void *job);  /* a job starts with a cli_cli */
    unsigned has;                     /* CLI_THREADS ... */
    const char *folder;               /* -o takes a folder: what it is for */
    uint64_t seed;                    /* the default one */
};

/* Ends with a row without a name; selfnorm.c has it. */
extern const struct cli_command *const cli_commands[];

/* What main() does. */
int cli_main(int argc, char **argv);

/* The command of that name; case, '-', '_' and ' ' do not count. */
const struct cli_command *cli_command_find(const char *name);
/* The whole of `a`, and `length` of `b`. */
bool cli_same_name(const char *a, const char *b, size_t length);
/* There is no such command: exit 2, and what may be meant. */
_Noreturn void cli_command_unknown(
    const struct cli_cli *cli, const char *word);

enum { CLI_MOST_OPTIONS = 64 };

struct cli_cli {
    const char *command; /* "map" */
    const struct cli_command *of;
    bool given[CLI_MOST_OPTIONS]; /* rows of its table that had a word */
    unsigned has;                 /* CLI_... */
    bool json, quiet;
    const char *folder; /* -o takes a folder: what its help says of it */
    const char *output; /* NULL: standard output */
    int threads;        /* preset by the parser: processors online */
    uint64_t seed;      /* preset by the command: its default seed */
    double started;     /* shared_seconds() */
};

/* Words of the command line into the job; ends the program with status 0 after
   --help, --usage and --version, with 2 where a word cannot be used. */
void cli_read_words(struct cli_cli *cli, int argc, char **argv);
/* The row of its words, or of the option whose value may stand alone; else the
   row behind the last. */
const struct cli_option *cli_bare_row(const struct cli_command *command);
/* Was there an option of that name? */
bool cli_given(const struct cli_cli *cli, const char *name);
/* The i-th of "f32, f64 or f16": its length, and where it starts; 0 behind
   the last. */
size_t cli_choice(const char **start, const char *choices, int i);
/* --threads, --json ...: those that `has` names, then a row of zeros. */
enum { CLI_SHARED_OPTIONS = 12 };
void cli_shared_options(struct cli_option shared[CLI_SHARED_OPTIONS],
    const struct cli_command *command, char seed_help[80]);
/* getopt_long() refused a word, or a letter in it: one line says why, then
   exit 2.  The rows end with NULL. */
_Noreturn void cli_refuse_option(const struct cli_cli *cli,
    const struct cli_option *const row[], const char *word, int letter);
/* Is a word so near to a name that it may be meant? */
bool cli_is_near(const char *word, const char *name);

/* cli/help.c: prints what was asked for and ends the program. */
enum cli_answer { CLI_HELP, CLI_USAGE_LINE, CLI_VERSION_LINE };
_Noreturn void cli_answer(
    const struct cli_command *command, enum cli_answer what);
/* The command `help`. */
extern const struct cli_command cli_command_help;

/* cli/complete.c: {"words": [{"word", "help"}]} for the last of the words,
   and what bash, zsh and fish need to ask for them. */
json_t *cli_complete(const struct cli_words *words);
extern const char *const cli_completion_script[];

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

/* A whole number in [least, most], or exit 2 naming option and word. */
long cli_whole(const struct cli_cli *cli, const char *option, const char *word,
    long least, long most);

/* A double in [least, most] (either end may be infinite), or exit 2. */
double cli_number(const struct cli_cli *cli, const char *option,
    const char *word, double least, double most);

/*
 * A finite decimal number, kept as text so that no rounding enters before the
 * proof does: [+-]digits[.digits][e[+-]digits], exponent within +-9999, at
 * most 20000 characters.  Exit 2 naming option and word otherwise.
 */
/* A word that is a hexadecimal float, in exact decimals; others as they are.
 */
const char *cli_without_hex(const char *word);
const char *cli_decimal(const struct cli_cli *cli, const char *option,
    const char *word, enum cli_sign sign);

/*
 * The command's result goes to standard output or, with -o, to a temporary
 * file beside FILE that cli_close() syncs and renames; a program that ends
 * earlier leaves nothing behind.  Exit 3 where a file cannot be written.
 */
FILE *cli_open(const struct cli_cli *cli);
void cli_close(const struct cli_cli *cli, FILE *out);

/* Makes the folder where there is none; exit 3 where it cannot be used. */
void cli_folder_make(const struct cli_cli *cli, const char *path);

/* What was opened and not closed leaves no trace. */
void cli_file_drop(void);
/* The file of -o could not be written. */
bool cli_output_failed(void);

/* The same for any other named file. */
FILE *cli_file_open(const struct cli_cli *cli, const char *path);
void cli_file_close(const struct cli_cli *cli, FILE *out, const char *path);

/*
 * Before long work: exit 3 now if the folder of `path` cannot be written to,
 * 2 if another result is expected there.  Done already for CLI_FILE and -o.
 */
void cli_file_expect(const struct cli_cli *cli, const char *path);

/* {"schema", "command", "version", "ok", "seconds"}: a document's head. */
json_t *cli_json(const struct cli_cli *cli);
/* For the two that speak on standard error: their line in the document. */
void cli_json_complaint(const char *line);
void cli_json_failure(const struct cli_cli *cli, json_t *tree,
    enum cli_exit status, const char *code, const char *message);
/* A user's word as JSON, '?' for what is not UTF-8; never NULL. */
json_t *cli_json_text(const char *word);
/* Failures come as documents too, even before the words are read. */
void cli_expect_json(bool expected);
/* Nothing more is written by this process: of several, one speaks. */
void cli_silence(void);

/* The seed: a number, or text where JSON libraries could not hold it. */
json_t *cli_json_seed(uint64_t seed);
/* A number, or null where JSON has none. */
json_t *cli_json_real(double x);
/* Adds "machine": CPU, instruction set, compiler. */
void cli_json_machine(json_t *document);
/* Writes the document as the command's only output, and releases it. */
void cli_emit(const struct cli_cli *cli, json_t *document, bool ok);

/* ---- results ---- */

/*
 * The command's one result: with --json the tree as a document, with schema,
 * command, version, ok, seconds put in front; else the template `text` filled
 * in from it.  A member whose name starts with '.' is for the template alone.
 * Releases the tree; returns `status`.
 */
enum cli_exit cli_result(
    struct cli_cli *cli, json_t *tree, enum cli_exit status, const char *text);

/*
 * There is no result, or it is negative: one line on standard error, and with
 * --json the tree (NULL: none) with "error" {"code", "status", "message"}.
 */
_Noreturn void cli_fail(const struct cli_cli *cli, json_t *tree,
    enum cli_exit status, const char *code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Fills in a template.  PATH names a member, of the innermost section that has
 * it: "worst.input", "jacobian.0.1", "." for the section's own value; @first,
 * @last, @number (from 1) tell the place in an array.
 *   {PATH}            text; a number as %.10g; null is "-"
 *   {PATH:-20s}       as printf, also d, g, f, e and '*', which takes the
 *                     width from the member ".width"
 *   {PATH:digits}     {"value", "radius"}, broken every 60 digits
 *   {PATH:wrap}       in lines of at most 79, each as far in as the first
 *   {PATH:xml}        escaped; :yaml within '', :tap without '#'
 *   {PATH?A|B|C}      true, false, null or absent
 *   {#PATH}..{:}..{/} for each element of an array, or once for what is there
 *                     and neither false, null, "" nor empty; behind {:} else
 *   {#PATH=word}      once if its text is that
 *   {{                a brace
 */
void cli_render(FILE *out, const char *text, const json_t *tree);
/* The same into a file that appears whole or not at all. */
void cli_render_file(const struct cli_cli *cli, const char *path,
    const char *text, const json_t *tree);

/* Seconds since the command started. */
double cli_seconds(const struct cli_cli *cli);

/*
 * A bar with rate and time left on standard error where that is a terminal;
 * elsewhere one line, when the step has taken two seconds; nothing with
 * --quiet.  Call from one thread.
 */
struct cli_progress {
    const char *command, *label;
    double total;
    double started, drawn; /* shared_seconds() */
    bool shown, told;
};
void cli_progress_start(struct cli_progress *bar, const struct cli_cli *cli,
    const char *label, double total);
void cli_progress_at(struct cli_progress *bar, double done);
void cli_progress_end(struct cli_progress *bar);

/* After cli_catch_interrupt(), Ctrl-C only sets the flag. */
extern volatile sig_atomic_t cli_interrupted;
void cli_catch_interrupt(void);

#endif
