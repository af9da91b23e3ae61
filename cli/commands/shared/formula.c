/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A formula of the language of activations as Python for a framework. */
#include "cli/commands/shared/snippet.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct formula_writer {
    FILE *out;
    enum cmd_framework framework;
    const struct cmd_choice *choice;
};

/* What is not called alike in all: the name, then theirs. */
static const char *const formula_call[][1 + CMD_FRAMEWORKS] = {
    {"erf", "torch.erf", "jax.scipy.special.erf", "ops.erf"},
    {"erfc", "torch.erfc", "jax.scipy.special.erfc", "1 - ops.erf"},
    {"asinh", "torch.asinh", "jnp.arcsinh", "ops.arcsinh"},
    {"atan", "torch.atan", "jnp.arctan", "ops.arctan"},
    {"pow", "torch.pow", "jnp.power", "ops.power"},
    {"min", "torch.minimum", "jnp.minimum", "ops.minimum"},
    {"max", "torch.maximum", "jnp.maximum", "ops.maximum"},
    {"clip", "torch.clamp", "jnp.clip", "ops.clip"},
    {"relu", "torch.relu", "jax.nn.relu", "ops.relu"},
    {"sigmoid", "torch.sigmoid", "jax.nn.sigmoid", "ops.sigmoid"},
    {"softplus", "nn.functional.softplus", "jax.nn.softplus", "ops.softplus"},
};
static const char *const formula_module[] = {"torch", "jnp", "ops"};

/* What Python has itself, for numbers. */
static const char *const formula_math[] = {"exp", "log", "log1p", "expm1",
    "tanh", "sinh", "cosh", "asinh", "sin", "cos", "atan", "erf", "erfc",
    "sqrt", "pow"};

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && !strncmp(text, word, length);
}

static size_t word_at(const char *text)
{
    size_t length = 0;
    if (isalpha((unsigned char)*text))
        while (isalnum((unsigned char)text[length]) || text[length] == '_')
            length++;
    return length;
}

/* The length of a number, whose "e5" is no word; 0: none. */
static size_t number_at(const char *text)
{
    char *end;
    if (!isdigit((unsigned char)*text) && *text != '.')
        return 0;
    strtod(text, &end);
    return (size_t)(end - text);
}

/* Does the variable stand in it? */
static bool varies(const char *text, size_t length)
{
    for (size_t i = 0, step; i < length; i += step) {
        const size_t number = number_at(text + i), word = word_at(text + i);
        step = number ? number : word ? word : 1;
        if (word == 1 && (text[i] == 'z' || text[i] == 'x'))
            return true;
    }
    return false;
}

/* Up to the comma or parenthesis that ends an argument. */
static size_t argument_at(const char *text)
{
    size_t i = 0;
    for (int depth = 0; text[i]; i++) {
        if (!depth && (text[i] == ',' || text[i] == ')'))
            break;
        depth += (text[i] == '(') - (text[i] == ')');
    }
    return i;
}

static void put_formula(
    const struct formula_writer *w, const char *text, size_t length);

/*
 * where(c, yes, no): a branch that is not taken gets an argument at which it
 * is harmless, or its gradient, infinite times 0, would be nan.
 */
static void put_where(const struct formula_writer *w, const char *text)
{
    const char *part[3];
    size_t length[3];
    for (int i = 0; i < 3; i++) {
        part[i] = text += strspn(text, " ");
        length[i] = argument_at(text);
        text += length[i] + (text[length[i]] == ',');
    }
    const char *module = formula_module[w->framework];
    const bool above = memchr(part[0], '>', length[0]) != NULL;
    fprintf(w->out, "%s.where(", module);
    put_formula(w, part[0], length[0]);
    for (int i = 1; i < 3; i++) {
        fputs(", ", w->out);
        if (!varies(part[i], length[i])) {
            put_formula(w, part[i], length[i]);
            continue;
        }
        fputs("(lambda z: ", w->out);
        put_formula(w, part[i], length[i]);
        fprintf(w->out, ")(%s.where(", module);
        put_formula(w, part[0], length[0]);
        const char *harmless = (i == 1) == above ? "1." : "-1.";
        fprintf(w->out, i == 1 ? ", z, %s))" : ", %s, z))", harmless);
    }
    fputc(')', w->out);
}

/* Up to the closing parenthesis; numbers as tensors where `wrap` says so. */
static void put_arguments(
    const struct formula_writer *w, const char *text, bool wrap)
{
    for (;;) {
        const size_t argument = argument_at(text);
        const bool wrapped = wrap && !varies(text, argument);
        fputs(wrapped ? "z.new_tensor(" : "", w->out);
        put_formula(w, text, argument);
        fputs(wrapped ? ")" : "", w->out);
        text += argument;
        if (*text != ',')
            break;
        fputs(", ", w->out);
        text += 1 + strspn(text + 1, " ");
    }
}

/* FUNCTION(ARGUMENTS), but where; of numbers alone, with `is_number`. */
static void put_call(const struct formula_writer *w, const char *name,
    size_t length, bool is_number)
{
    const char *text = name + length + 1, *call = NULL;
    for (size_t i = 0; i < sizeof formula_math / sizeof *formula_math; i++)
        if (is_number && is_word(name, length, formula_math[i])) {
            fprintf(w->out, "math.%s(", formula_math[i]);
            put_arguments(w, text, false);
            fputc(')', w->out);
            return;
        }
    const bool whole = is_word(name, length, "pow") ||
                       is_word(name, length, "clip"); /* takes numbers */
    for (size_t i = 0; i < sizeof formula_call / sizeof *formula_call; i++)
        if (is_word(name, length, formula_call[i][0]))
            call = formula_call[i][1 + w->framework];
    if (call)
        fprintf(w->out, "(%s(", call);
    else
        fprintf(w->out, "%s.%.*s(", formula_module[w->framework], (int)length,
            name);
    put_arguments(w, text, !whole && w->framework == CMD_PYTORCH);
    fputs(call ? "))" : ")", w->out);
}

/* The value of a parameter or a constant, or the variable. */
static void put_name(
    const struct formula_writer *w, const char *name, size_t length)
{
    const struct expr_parameter *p = w->choice->chosen.parameter;
    for (int i = 0; i < ACT_MOST_PARAMETERS && p[i].name; i++)
        if (is_word(name, length, p[i].name)) {
            name = p[i].value;
            length = strlen(name);
            break;
        }
    if (is_word(name, length, "lambda01"))
        fputs("1.0507009873554804934", w->out);
    else if (is_word(name, length, "alpha01"))
        fputs("1.6732632423543772848", w->out);
    else if (is_word(name, length, "pi"))
        fputs("math.pi", w->out);
    else if (*name == '-')
        fprintf(w->out, "(%.*s)", (int)length, name);
    else
        fprintf(w->out, "%.*s", (int)length,
            is_word(name, length, "x") ? "z" : name);
}

/* Behind the parenthesis that ends a call. */
static size_t call_length(const char *text)
{
    size_t i = strcspn(text, "(");
    int depth = 0;
    do
        depth += (text[i] == '(') - (text[i] == ')');
    while (text[i++] && depth);
    return i;
}

static void put_formula(
    const struct formula_writer *w, const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        const size_t number = number_at(text + i), word = word_at(text + i);
        if (number) {
            fprintf(w->out, "%.*s", (int)number, text + i);
            i += number;
        } else if (word && text[i + word] == '(') {
            const size_t call = call_length(text + i);
            if (is_word(text + i, word, "where"))
                put_where(w, text + i + word + 1);
            else
                put_call(
                    w, text + i, word, !varies(text + i + word, call - word));
            i += call;
        } else if (word) {
            put_name(w, text + i, word);
            i += word;
        } else {
            fputs(text[i] == '^' ? "**" : (char[2]){text[i], '\0'}, w->out);
            i++;
        }
    }
}

char *cmd_snippet_formula(
    enum cmd_framework framework, const struct cmd_choice *choice)
{
    char *python = NULL;
    size_t size;
    const char *text = cmd_choice_formula(choice);
    FILE *out = open_memstream(&python, &size);
    if (!out)
        return NULL;
    const struct formula_writer w = {out, framework, choice};
    put_formula(&w, text, strlen(text));
    return fclose(out) ? NULL : python;
}
