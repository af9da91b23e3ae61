/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a task's file, in words. */
#include "cli/commands/train/train.h"
#include <string.h>

/* $w, $o: the words; $a, $b: the numbers; $s: a's plural; $e: the error. */
static const char *const fault_words[TASK_FAULTS] = {
    [TASK_FAULT_NONE] = "out of memory",
    [TASK_FAULT_UNREADABLE] = "cannot be read: $e",
    [TASK_FAULT_BYTES] = "has more than $a bytes",
    [TASK_FAULT_UTF16] = "is UTF-16; save it as UTF-8 or ASCII",
    [TASK_FAULT_ZERO] = "a zero byte: not a text",
    [TASK_FAULT_RETURNS] = "its lines end with carriage returns alone; LF or "
                           "CR LF is wanted",
    [TASK_FAULT_FIELDS_IN_ALL] = "more than $a fields",
    [TASK_FAULT_COLUMNS] = "more than $a columns",
    [TASK_FAULT_VALUES] = "more than $a values of features, of words one each",
    [TASK_FAULT_OPEN_QUOTE] = "the quote $w is never closed",
    [TASK_FAULT_BEHIND_QUOTE] = "'$w' behind a closing quote",
    [TASK_FAULT_NO_ROWS] = "no rows",
    [TASK_FAULT_ONE_ROW] = "no rows behind the first, which holds no number",
    [TASK_FAULT_HEADER_UNKNOWN] =
        "no number in the first two rows: --header yes or no says whether "
        "the first is one of names",
    [TASK_FAULT_UNNAMED] = "the column has no name: name it, or take it out "
                           "if it numbers the rows",
    [TASK_FAULT_SAME_NAME] = "'$w' is the name of two columns",
    [TASK_FAULT_NO_LABEL] = "has no column '$w' for the label; give a name of "
                            "its header or a number from 1 to $a",
    [TASK_FAULT_FIELDS] = "$a field$s, not $b as in the rows before",
    [TASK_FAULT_ONE_COLUMN] =
        "one column: there are no features beside the label",
    [TASK_FAULT_ONE_CLASS] =
        "one class, '$w', in all $a rows: there is nothing to learn",
    [TASK_FAULT_COMMA] = "'$w' has a comma: numbers have a decimal point, and "
                         "nothing between thousands",
    [TASK_FAULT_NOT_NUMBER] = "'$w' is not a finite number; --nominal makes "
                              "features of words",
    [TASK_FAULT_NOT_NUMBER_MAYBE_LABEL] =
        "'$w' is not a finite number; --nominal makes features of words, "
        "--label says which column is the class",
    [TASK_FAULT_LABEL_MISSING] = "the label is missing",
    [TASK_FAULT_VALUE_MISSING] =
        "the value is missing; --missing takes the mean in its place",
    [TASK_FAULT_UNDECLARED] = "'$w' is not among the words of its attribute",
    [TASK_FAULT_LABEL_WORDS] =
        "more than $a different words in this column: not a label",
    [TASK_FAULT_FEATURE_WORDS] =
        "more than $a different words in this column: not a feature",
    [TASK_FAULT_OPEN_BRACE] = "no } behind the {",
    [TASK_FAULT_NO_NAME] = "@attribute without a name",
    [TASK_FAULT_NO_TYPE] = "@attribute $w without a type",
    [TASK_FAULT_TYPE] = "attribute '$o' is of type '$w'; numeric, real, "
                        "integer and {words} can be used",
    [TASK_FAULT_NO_ATTRIBUTE] = "@data, but no @attribute before it",
    [TASK_FAULT_KEYWORD] = "'$w': must be @relation, @attribute or @data",
    [TASK_FAULT_NO_DATA] = "no @data: there are no rows",
    [TASK_FAULT_SPARSE] =
        "a sparse row {...}: only rows with all values can be used",
    [TASK_FAULT_IN_FOLDER] = "of the 121-task collection: give its folder",
    [TASK_FAULT_FOLDER] = "a folder without $w_R.dat or $w_train_R.dat",
    [TASK_FAULT_COLUMNS_DIFFER] = "$a columns, but $b in the training rows",
    [TASK_FAULT_NO_PARTITIONS] = "no partitions",
    [TASK_FAULT_NOT_ROW] = "'$w': must be a row from 0 to $a",
    [TASK_FAULT_ROW_TWICE] = "row $a is in the same partition before",
    [TASK_FAULT_NO_TEST] =
        "training rows without a line of test rows behind them",
    [TASK_FAULT_METHODS] =
        "the header names $a method$s: must be two or more, behind the name "
        "of the data set, N and M",
    [TASK_FAULT_ACCURACY] = "'$w': must be an accuracy from 0 to 1, or NA",
    [TASK_FAULT_HEADER_FIELDS] = "$a field$s, not $b as in the header",
};

static void print_fault(FILE *out, const struct task_fault *f)
{
    fprintf(out, "%.200s", f->path);
    if (f->line)
        fprintf(out, ", line %zu", f->line);
    if (f->column)
        fprintf(out, ", column %zu", f->column);
    fputs(": ", out);
    for (const char *p = fault_words[f->kind]; *p; p++) {
        if (*p != '$') {
            fputc(*p, out);
            continue;
        }
        switch (*++p) {
        case 'w':
            fprintf(out, "%.40s", f->word);
            break;
        case 'o':
            fprintf(out, "%.40s", f->other);
            break;
        case 'a':
            fprintf(out, "%zu", f->a);
            break;
        case 'b':
            fprintf(out, "%zu", f->b);
            break;
        case 's':
            fputs(f->a == 1 ? "" : "s", out);
            break;
        case 'e':
            fputs(strerror(f->error), out);
            break;
        }
    }
}

void cmd_training_refuse_file(
    const struct cmd_training *t, const struct task_fault *fault)
{
    char words[1024] = "";
    FILE *out = fmemopen(words, sizeof words, "w");
    if (out) {
        print_fault(out, fault);
        fclose(out);
    }
    cli_die(&t->cli, CLI_EXIT_UNUSABLE, "%s", words);
}
