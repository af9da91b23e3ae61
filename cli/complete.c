/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Completion: the program itself tells the words for any place of a command
 * line, from the tables; each shell needs a few lines that ask it.
 */
#include "cli/cli.h"
#include <stdlib.h>
#include <string.h>

const char *const cli_completion_script[] = {
    "# bash: completion of selfnorm's words, which the program tells\n"
    "_selfnorm() {\n"
    "    local IFS=$'\\n'\n"
    "    COMPREPLY=($(\"${COMP_WORDS[0]}\" help --complete -- \\\n"
    "        \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null | cut -f1))\n"
    "}\n"
    "complete -o default -F _selfnorm selfnorm\n",

    "#compdef selfnorm\n"
    "# zsh: completion of selfnorm's words, which the program tells\n"
    "_selfnorm() {\n"
    "    local -a lines\n"
    "    lines=(\"${(@f)$($words[1] help --complete -- \\\n"
    "        \"${(@)words[2,CURRENT]}\" 2>/dev/null | tr '\\t' ':')}\")\n"
    "    if [[ -n $lines[1] ]]; then\n"
    "        _describe word lines\n"
    "    else\n"
    "        _files\n"
    "    fi\n"
    "}\n"
    "if [[ $funcstack[1] == _selfnorm ]]; then\n"
    "    _selfnorm\n"
    "else\n"
    "    compdef _selfnorm selfnorm\n"
    "fi\n",

    "# fish: completion of selfnorm's words, which the program tells\n"
    "complete -c selfnorm -a '(set -l w (commandline -opc) (commandline -ct);"
    " selfnorm help --complete -- $w[2..] 2>/dev/null)'\n",
};

static void offer_word(
    json_t *words, const char *start, const char *word, const char *help)
{
    const size_t length = strlen(start);
    if (strncmp(word, start, length))
        return;
    json_array_append_new(words,
        json_pack("{s:s, s:s}", "word", word, "help", help ? help : ""));
}

static void offer_values(
    json_t *words, const struct cli_option *row, const char *start)
{
    const char *one;
    size_t length;
    for (int i = 0;
         row->choices && (length = cli_choice(&one, row->choices, i)); i++) {
        char word[80];
        snprintf(word, sizeof word, "%.*s", (int)length, one);
        offer_word(words, start, word, NULL);
    }
    for (int i = 0; row->offer && (one = row->offer(i)); i++)
        offer_word(words, start, one, NULL);
}

/* "--name" or, with "=value" behind it, the same. */
static const struct cli_option *row_of(
    const struct cli_option *row, const char *word)
{
    for (; row->name || row->help; row++) {
        const size_t length = row->name ? strlen(row->name) : 0;
        if (length && !strncmp(word, "--", 2) &&
            !strncmp(word + 2, row->name, length) &&
            (!word[2 + length] || word[2 + length] == '='))
            return row;
    }
    return NULL;
}

/* Words for one table; where the one before wants a value, its values. */
static void offer_table(json_t *words, const struct cli_option *row,
    const char *before, const char *start)
{
    const struct cli_option *valued = row_of(row, before);
    if (valued && valued->value) {
        offer_values(words, valued, start);
        return;
    }
    for (; row->name || row->help; row++) {
        char option[80];
        snprintf(option, sizeof option, "--%s", row->name ? row->name : "");
        if (*start == '-' && row->name)
            offer_word(words, start, option, row->help);
        else if (*start != '-' && (row->kind == CLI_WORDS || row->bare))
            offer_values(words, row, start);
    }
}

json_t *cli_complete(const struct cli_words *given)
{
    json_t *words = json_array();
    const int last = given->count - 1;
    const char *start = last < 0 ? "" : given->word[last];
    const char *before = last < 1 ? "" : given->word[last - 1];
    struct cli_option shared[CLI_SHARED_OPTIONS];
    char seed_help[80];
    /* bash makes three words of --option=value */
    if (!strcmp(start, "="))
        start = "";
    else if (!strcmp(before, "=") && last > 1)
        before = given->word[last - 2];
    if (last < 1) {
        for (int i = 0; cli_commands[i]; i++)
            offer_word(
                words, start, cli_commands[i]->name, cli_commands[i]->summary);
        return json_pack("{s:o}", "words", words);
    }
    const struct cli_command *command = cli_command_find(given->word[0]);
    if (command) {
        const struct cli_option *own = row_of(command->options, before);
        offer_table(words, command->options, before, start);
        cli_shared_options(shared, command, seed_help);
        if (!own || !own->value)
            offer_table(words, shared, before, start);
    }
    return json_pack("{s:o}", "words", words);
}
