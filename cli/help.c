/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables as a tree, and from that tree --help, --usage, the manual pages
 * and what `selfnorm help --json` gives to other programs.
 */
#include "cli/cli.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- the tree ------------------------------------------------------------
 */

enum { HELP_COLUMN = 26 };

/* "  -o, --output=FILE" up to the column of its help. */
static json_t *head_of(const struct cli_option *row)
{
    char text[120], letter[8] = "    ";
    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    int used = row->name ? snprintf(text, sizeof text, "  %s--%s%s%s", letter,
                               row->name, row->value ? "=" : "",
                               row->value ? row->value : "")
                         : snprintf(text, sizeof text, "  %s", row->value);
    snprintf(text + used, sizeof text - (size_t)used, "%s%*s",
        used > HELP_COLUMN - 2 ? "\n" : "",
        used > HELP_COLUMN - 2 ? HELP_COLUMN : HELP_COLUMN - used, "");
    return json_string(text);
}

static json_t *choices_of(const struct cli_option *row)
{
    json_t *words = json_array();
    const char *one;
    size_t length;
    for (int i = 0;
         row->choices && (length = cli_choice(&one, row->choices, i)); i++)
        json_array_append_new(words, json_stringn(one, length));
    return words;
}

static json_t *option_tree(const struct cli_option *row)
{
    static const char *const kind[] = {
        [CLI_HEADING] = "heading",
        [CLI_FLAG] = "flag",
        [CLI_WHOLE] = "whole",
        [CLI_NUMBER] = "number",
        [CLI_DECIMAL] = "decimal",
        [CLI_CHOICE] = "choice",
        [CLI_TEXT] = "text",
        [CLI_INPUT] = "input",
        [CLI_FILE] = "file",
        [CLI_FOLDER] = "folder",
        [CLI_OWN] = "own",
        [CLI_WORDS] = "words",
    };
    static const char *const sign[] = {"any", "not negative", "positive"};
    const char letter[2] = {row->letter, '\0'};
    const bool bounded = row->kind == CLI_WHOLE || row->kind == CLI_NUMBER;
    return json_pack(
        "{s:s?, s:s?, s:s?, s:s, s:s, s:s?, s:o, s:o, s:o, s:s?, s:o, s:o}",
        "name", row->name, "letter", *letter ? letter : NULL, "value",
        row->value, "kind", kind[row->kind], "help", row->help, "default",
        row->preset, "choices", choices_of(row), "least",
        bounded ? cli_json_real(row->least) : json_null(), "most",
        bounded ? cli_json_real(row->most) : json_null(), "sign",
        row->kind == CLI_DECIMAL ? sign[row->sign] : NULL, ".head",
        head_of(row), ".help",
        row->preset ? json_sprintf("%s (default %s)", row->help, row->preset)
                    : json_string(row->help));
}

static void add_groups(json_t *groups, const struct cli_option *row)
{
    for (; row->name || row->help; row++) {
        if (row->kind == CLI_HEADING && !row->name)
            json_array_append_new(groups,
                json_pack("{s:s, s:[]}", "title", row->help, "options"));
        else
            json_array_append_new(
                json_object_get(
                    json_array_get(groups, json_array_size(groups) - 1),
                    "options"),
                option_tree(row));
    }
}

static json_t *command_tree(const struct cli_command *command)
{
    struct cli_option shared[CLI_SHARED_OPTIONS];
    const struct cli_option *words = cli_bare_row(command);
    char seed_help[80], bare[80] = "";
    json_t *groups = json_array(), *examples = json_array();
    cli_shared_options(shared, command, seed_help);
    if (command->options->name || command->options->kind != CLI_HEADING)
        json_array_append_new(
            groups, json_pack("{s:s, s:[]}", "title", "Options:", "options"));
    add_groups(groups, command->options);
    add_groups(groups, shared);
    if (words->bare)
        snprintf(bare, sizeof bare, "[%s]", words->value);
    for (int i = 0; i < 2 && command->examples[i]; i++)
        json_array_append_new(examples, json_string(command->examples[i]));
    return json_pack("{s:s, s:s, s:s, s:s?, s:o, s:o}", "name", command->name,
        "summary", command->summary, "about", command->about, "words",
        words->kind == CLI_WORDS ? words->value
        : words->bare            ? bare
                                 : NULL,
        "groups", groups, "examples", examples);
}

/* The commands by what they are for, as --help shows them. */
static json_t *uses_of(const json_t *rows)
{
    static const struct {
        enum cli_use use;
        const char *title;
    } known[] = {
        {CLI_DERIVE, "Derive constants and moments, every digit proven:"},
        {CLI_VALIDATE, "Validate the paper's claims, and networks:"},
        {CLI_JUDGE, "Judge kernels, yours and other people's:"},
        {CLI_OTHER_USE, "And:"}};
    json_t *uses = json_array();
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        json_t *own = json_array();
        for (int i = 0; cli_commands[i]; i++)
            if (cli_commands[i]->use == known[k].use)
                json_array_append(own, json_array_get(rows, (size_t)i));
        json_array_append_new(uses,
            json_pack("{s:s, s:o}", "title", known[k].title, "commands", own));
    }
    return uses;
}

static json_t *all_commands(void)
{
    json_t *rows = json_array();
    for (int i = 0; cli_commands[i]; i++)
        json_array_append_new(rows, command_tree(cli_commands[i]));
    return json_pack("{s:o, s:o}", "commands", rows, ".uses", uses_of(rows));
}

/* ---- its forms -----------------------------------------------------------
 */

static const char command_list_text[] =
    "Usage: selfnorm COMMAND [options]\n"
    "Self-normalization in neural networks: constants with proof,\n"
    "theorems machine-checked, networks measured, kernels judged.\n\n"
    "{#.uses}{title}\n{#commands}  {name:-18s} {summary}\n{/}\n{/}"
    "Examples:\n    selfnorm constants --variance 2 --format pytorch\n"
    "    selfnorm check ./mine.so:my_selu\n\n"
    "'selfnorm COMMAND --help' lists a command's options, with examples.\n"
    "Exit status: 0 all holds, 1 a check or proof failed, 2 bad usage,\n"
    "3 an input, library or file could not be used.\n";

static const char usage_text[] =
    "Usage: selfnorm {name}{#groups}{#options}{#name} [--{name}"
    "{#value}={value}{/}]{/}{/}{/}{#words} {.}{/}\n";

static const char help_text[] =
    "Usage: selfnorm {name} [OPTION...]{#words} {words}{/}\n{summary}\n\n"
    "{about:wrap}\n\n"
    "{#groups}{title}\n{#options}{.head}{.help:wrap}\n{/}\n{/}"
    "Examples:\n{#examples}  selfnorm {name} {.}\n{/}";

static const char manual_text[] =
    ".TH {.title} 1 \"\" \"selfnorm {.version}\" \"selfnorm manual\"\n"
    ".SH NAME\nselfnorm\\-{name} \\- {summary:roff}\n"
    ".SH SYNOPSIS\n.B selfnorm {name}\n[OPTION...]{#words} {words:roff}{/}\n"
    ".SH DESCRIPTION\n{about:roff}\n"
    "{#groups}.SS \"{title}\"\n"
    "{#options}.TP\n{#letter}\\fB\\-{letter}\\fR, {/}"
    "{#name}\\fB\\-\\-{name:roff}\\fR{#value}={/}{/}"
    "{#value}\\fI{value:roff}\\fR{/}\n"
    "{.help:roff}\n{/}{/}"
    ".SH EXAMPLES\n{#examples}.PP\n.nf\nselfnorm {name} {.:roff}\n.fi\n{/}"
    ".SH EXIT STATUS\n"
    ".TP\n0\nall that was asked holds\n"
    ".TP\n1\na check, proof or comparison failed\n"
    ".TP\n2\nbad usage\n"
    ".TP\n3\nan input, library or file could not be used\n"
    ".SH SEE ALSO\n\\fBselfnorm\\fR(1)\n";

static const char main_manual_text[] =
    ".TH SELFNORM 1 \"\" \"selfnorm {.version}\" \"selfnorm manual\"\n"
    ".SH NAME\nselfnorm \\- the reference for self\\-normalization in neural "
    "networks\n"
    ".SH SYNOPSIS\n.B selfnorm\nCOMMAND [OPTION...]\n"
    ".SH DESCRIPTION\nConstants with proof, theorems machine\\-checked, "
    "networks measured, kernels judged.\n"
    ".SH COMMANDS\n{#commands}.TP\n\\fBselfnorm\\-{name:roff}\\fR(1)\n"
    "{summary:roff}\n{/}";

_Noreturn void cli_answer(
    const struct cli_command *command, enum cli_answer what)
{
    const struct cli_cli plain = {.command = command ? command->name : NULL};
    if (what == CLI_VERSION_LINE) {
        puts("selfnorm " CLI_VERSION);
    } else if (!command && what == CLI_USAGE_LINE) {
        puts("Usage: selfnorm COMMAND [options]");
    } else {
        json_t *tree = command ? command_tree(command) : all_commands();
        cli_render(stdout,
            !command                 ? command_list_text
            : what == CLI_USAGE_LINE ? usage_text
                                     : help_text,
            tree);
        json_decref(tree);
    }
    cli_close(&plain, stdout);
    exit(CLI_EXIT_OK);
}

/* ---- selfnorm help -------------------------------------------------------
 */

struct help_job {
    struct cli_cli cli;
    struct cli_words words;
    bool manual, complete, completion;
    int shell;
};

static const char *offer_command(int i)
{
    return cli_commands[i] ? cli_commands[i]->name : NULL;
}

static const struct cli_option help_options[] = {
    {"man", .help = "as a manual page for troff", .kind = CLI_FLAG,
        CLI_AT(struct help_job, manual)},
    {"completion", "SHELL",
        "what a shell reads to complete selfnorm's words: bash, zsh or fish",
        CLI_CHOICE, CLI_AT(struct help_job, shell),
        .choices = "bash, zsh or fish"},
    {"complete",
        .help = "words for the last of the words given, as completion asks",
        .kind = CLI_FLAG, CLI_AT(struct help_job, complete)},
    {.value = "[COMMAND]",
        .help = "that command alone",
        .kind = CLI_WORDS,
        CLI_AT(struct help_job, words),
        .offer = offer_command},
    {0},
};

/* "SELFNORM-CHECK", as the heads of manual pages have it. */
static json_t *manual_title(const struct cli_command *command)
{
    char title[64];
    snprintf(title, sizeof title, "selfnorm-%s", command ? command->name : "");
    for (char *p = title; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    return json_string(title);
}

static enum cli_exit run_help(void *data)
{
    struct help_job *job = data;
    const struct cli_command *command = NULL;
    if (cli_given(&job->cli, "completion"))
        return cli_result(&job->cli,
            json_pack("{s:s}", "script", cli_completion_script[job->shell]),
            CLI_EXIT_OK, "{script}");
    if (job->complete)
        return cli_result(&job->cli, cli_complete(&job->words), CLI_EXIT_OK,
            "{#words}{word}\t{help}\n{/}");
    if (job->words.count > 1)
        cli_die(&job->cli, CLI_EXIT_USAGE, "'%.40s': one command at a time",
            job->words.word[1]);
    if (job->words.count) {
        command = cli_command_find(job->words.word[0]);
        if (!command)
            cli_command_unknown(&job->cli, job->words.word[0]);
    }
    json_t *tree = command ? command_tree(command) : all_commands();
    json_object_set_new(tree, ".version", json_string(CLI_VERSION));
    json_object_set_new(tree, ".title", manual_title(command));
    return cli_result(&job->cli, tree, CLI_EXIT_OK,
        !command      ? job->manual ? main_manual_text : command_list_text
        : job->manual ? manual_text
                      : help_text);
}

const struct cli_command cli_command_help = {
    .name = "help",
    .summary = "how selfnorm or one of its commands is called",
    .about = "The options of a command, as with --help; its manual page; and "
             "words for the completion of shells.",
    .examples = {"simulate", "--completion bash"},
    .options = help_options,
    .size = sizeof(struct help_job),
    .run = run_help,
};
