/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/activation.h"
#include "fixedpoint/expressions/evaluate.h"
#include <stdlib.h>
#include <string.h>

bool sn_choice_option(struct sn_choice *choice, const struct sn_cli *cli,
    int key, const char *word)
{
    if (key != SN_KEY_ACTIVATION && key != SN_KEY_EXPRESSION)
        return false;
    bool own = key == SN_KEY_EXPRESSION;
    if (choice->word && choice->own != own)
        sn_cli_die(cli, SN_EXIT_USAGE,
            "--activation and --expression exclude each other");
    choice->word = word;
    choice->own = own;
    return true;
}

/* ---- the list ------------------------------------------------------- */

static json_t *activation_json(const struct sn_activation *one)
{
    json_t *row = json_pack("{s:s, s:s?, s:s, s:s?}", "name", one->name,
        "other_name", one->other_name, "expression", one->expression,
        "lower_limit", one->lower);
    json_t *parameters = json_object();
    for (int i = 0; i < SN_MOST_PARAMETERS && one->parameter[i].name; i++)
        json_object_set_new(parameters, one->parameter[i].name,
            json_string(one->parameter[i].value));
    json_object_set_new(row, "parameters", parameters);
    return row;
}

static void list(const struct sn_cli *cli)
{
    if (cli->json) {
        json_t *document = sn_cli_json(cli), *rows = json_array();
        for (int i = 0; i < sn_activation_count; i++)
            json_array_append_new(rows, activation_json(&sn_activations[i]));
        json_object_set_new(document, "activations", rows);
        sn_cli_emit(cli, document, true);
        return;
    }
    FILE *out = sn_cli_open(cli);
    for (int i = 0; i < sn_activation_count; i++) {
        const struct sn_activation *one = &sn_activations[i];
        fprintf(out, "%-13s %s\n", one->name, one->expression);
        for (int k = 0; k < SN_MOST_PARAMETERS && one->parameter[k].name; k++)
            fprintf(out, "%-13s   %s = %s\n", "", one->parameter[k].name,
                one->parameter[k].value);
    }
    fputs("\nA parameter is changed so: elu:alpha=0.5, "
          "hardtanh:low=-2,high=2\n",
        out);
    sn_cli_close(cli, out);
}

/* ---- the word ------------------------------------------------------- */

static _Noreturn void die_parameter(const struct sn_choice *choice,
    const struct sn_cli *cli, const char *name, int length)
{
    const struct sn_activation *one = choice->chosen.activation;
    const char *first = one->parameter[0].name;
    const char *second = first ? one->parameter[1].name : NULL;
    sn_cli_die(cli, SN_EXIT_USAGE,
        "--activation '%.60s%s': %s has no parameter '%.*s'; it has %s%s%s",
        choice->word, sn_cli_ellipsis(choice->word), one->name,
        length < 40 ? length : 40, name, first ? first : "none",
        second ? ", " : "", second ? second : "");
}

static void check_value(const struct sn_choice *choice,
    const struct sn_cli *cli, struct sn_parameter *parameter)
{
    char what[80];
    snprintf(what, sizeof what, "--activation %s:%s",
        choice->chosen.activation->name, parameter->name);
    sn_cli_decimal(cli, what, parameter->value,
        choice->chosen.activation->positive ? SN_POSITIVE : SN_ANY_SIGN);
}

/* "name=value[,name=value]" behind the colon */
static void read_parameters(
    struct sn_choice *choice, const struct sn_cli *cli, const char *text)
{
    choice->values = strdup(text);
    if (!choice->values)
        sn_cli_die(cli, SN_EXIT_UNUSABLE, "out of memory");
    char *rest = choice->values, *one;
    while ((one = strsep(&rest, ","))) {
        char *value = strchr(one, '=');
        int length = value ? (int)(value - one) : (int)strlen(one);
        struct sn_parameter *found = NULL;
        for (int i = 0; i < SN_MOST_PARAMETERS; i++) {
            struct sn_parameter *p = &choice->chosen.parameter[i];
            if (p->name && (int)strlen(p->name) == length &&
                !strncmp(p->name, one, (size_t)length))
                found = p;
        }
        if (!found)
            die_parameter(choice, cli, one, length);
        if (!value)
            sn_cli_die(cli, SN_EXIT_USAGE,
                "--activation '%.60s%s': %s needs a value, as %s=%s",
                choice->word, sn_cli_ellipsis(choice->word), found->name,
                found->name, found->value);
        found->value = value + 1;
        check_value(choice, cli, found);
    }
}

/* The word at fault, at most 40 bytes of it, and where it stands. */
static _Noreturn void die_expression(const struct sn_choice *choice,
    const struct sn_cli *cli, const struct sn_fault *fault)
{
    if (!choice->own)
        sn_cli_die(cli, SN_EXIT_USAGE, "--activation '%.60s%s': %s",
            choice->word, sn_cli_ellipsis(choice->word), fault->reason);
    int length = fault->length < 40 ? (int)fault->length : 40;
    if (!length)
        sn_cli_die(cli, SN_EXIT_USAGE,
            "--expression '%.40s%s': %s (character %zu)", choice->word,
            sn_cli_ellipsis(choice->word), fault->reason, fault->place + 1);
    sn_cli_die(cli, SN_EXIT_USAGE, "--expression, character %zu, '%.*s': %s",
        fault->place + 1, length, choice->word + fault->place, fault->reason);
}

void sn_choice_check(struct sn_choice *choice, const struct sn_cli *cli)
{
    const char *word = choice->word;
    if (!word)
        return;
    if (!choice->own && !strcmp(word, "list")) {
        list(cli);
        exit(SN_EXIT_OK);
    }
    if (!choice->own) {
        size_t length = strcspn(word, ":");
        if (!sn_activation_find(&choice->chosen, word, length))
            sn_cli_die(cli, SN_EXIT_USAGE,
                "--activation '%.40s%s': unknown; '--activation list' lists "
                "those that are known",
                word, sn_cli_ellipsis(word));
        if (word[length])
            read_parameters(choice, cli, word + length + 1);
    }
    struct sn_expression f;
    struct sn_fault fault;
    sn_expression_init(&f);
    enum sn_status status =
        choice->own ? sn_expression_parse(&f, word, NULL, 0, &fault)
                    : sn_activation_expression(&f, &choice->chosen, &fault);
    if (status == SN_NO_MEMORY)
        sn_cli_die(cli, SN_EXIT_UNUSABLE, "out of memory");
    if (status != SN_OK)
        die_expression(choice, cli, &fault);
    if (f.node[f.value].constant) {
        arb_ptr value = _arb_vec_init(f.count);
        sn_constants_arb(value, &f, 64);
        bool defined = arb_is_finite(value + f.value);
        _arb_vec_clear(value, f.count);
        sn_cli_die(cli, SN_EXIT_USAGE, "%s '%.40s%s': %s",
            choice->own ? "--expression" : "--activation", word,
            sn_cli_ellipsis(word),
            defined ? "does not depend on z, so its variance is 0"
                    : "does not depend on z, and is not defined");
    }
    sn_expression_clear(&f);
}

void sn_choice_clear(struct sn_choice *choice)
{
    free(choice->values);
    choice->values = NULL;
}

void sn_choice_expression(
    struct sn_expression *f, const struct sn_choice *choice)
{
    struct sn_fault fault;
    sn_expression_init(f);
    if (choice->own)
        sn_expression_parse(f, choice->word, NULL, 0, &fault);
    else
        sn_activation_expression(f, &choice->chosen, &fault);
}

const char *sn_choice_name(const struct sn_choice *choice)
{
    return choice->own ? "expression" : choice->word;
}

const char *sn_choice_formula(const struct sn_choice *choice)
{
    return choice->own ? choice->word : choice->chosen.activation->expression;
}

void sn_choice_text(FILE *out, const struct sn_choice *choice)
{
    fprintf(out, "%s: %s", sn_choice_name(choice), sn_choice_formula(choice));
    const struct sn_parameter *p = choice->chosen.parameter;
    for (int i = 0; i < SN_MOST_PARAMETERS && p[i].name; i++)
        fprintf(out, ", %s = %s", p[i].name, p[i].value);
    putc('\n', out);
}

json_t *sn_choice_json(const struct sn_choice *choice)
{
    json_t *object = json_object(), *parameters = json_object();
    json_object_set_new(
        object, "name", sn_cli_json_text(sn_choice_name(choice)));
    json_object_set_new(
        object, "expression", sn_cli_json_text(sn_choice_formula(choice)));
    const struct sn_parameter *p = choice->chosen.parameter;
    for (int i = 0; i < SN_MOST_PARAMETERS && p[i].name; i++)
        json_object_set_new(
            parameters, p[i].name, sn_cli_json_text(p[i].value));
    json_object_set_new(object, "parameters", parameters);
    return object;
}

/* ---- what went wrong later ------------------------------------------ */

/* The words of the user's text from a place on. */
static void excerpt(
    char words[32], const struct sn_choice *choice, size_t place)
{
    const char *text = sn_choice_formula(choice);
    size_t length = strlen(text);
    const char *from = text + (place < length ? place : 0);
    snprintf(words, 32, "%.20s%s", from, strlen(from) > 20 ? "..." : "");
}

_Noreturn void sn_choice_die(const struct sn_choice *choice,
    const struct sn_cli *cli, const struct sn_trouble *trouble,
    enum sn_status status, long digits)
{
    char words[32];
    const char *name = sn_choice_name(choice);
    excerpt(words, choice, trouble->place);
    switch (trouble->kind) {
    case SN_NOT_FINITE:
        sn_cli_die(cli, SN_EXIT_FAILED,
            "%.40s: not finite, or not known to be, near z = %.6g (there: "
            "'%s', character %zu); no integral is taken across that",
            name, trouble->z + 0.0, words, trouble->place + 1);
    case SN_TOO_MANY:
        sn_cli_die(cli, SN_EXIT_FAILED,
            "%.40s: which side holds is not decided near z = %.6g ('%s', "
            "character %zu)",
            name, trouble->z + 0.0, words, trouble->place + 1);
    case SN_NO_END:
        sn_cli_die(cli, SN_EXIT_FAILED,
            "%.40s: quadrature comes to no end near z = %.6g: a singularity "
            "on or next to the real line there, or a change too sudden",
            name, trouble->z + 0.0);
    case SN_TOO_FAST:
        sn_cli_die(cli, SN_EXIT_FAILED,
            "%.40s: for z -> %sinfinity no bound of its growth was found "
            "under which the variance exists ('%s', character %zu)",
            name, trouble->side < 0 ? "-" : "", words, trouble->place + 1);
    default:
        sn_cli_die(cli, SN_EXIT_FAILED,
            "%.40s: %s: some of the %ld digits are open; try fewer --digits "
            "or less extreme values (a variance of 0 is never decided)",
            name, sn_strerror(status), digits);
    }
}

enum sn_status sn_with_activation_precision(
    enum sn_status (*attempt)(void *, slong), void *ctx, long digits)
{
    enum { MOST_MORE_BITS = 8000 };
    const slong first = (slong)(3.3219281 * (double)digits) + 64;
    enum sn_status status = SN_UNDECIDED;
    for (slong prec = first;
         status == SN_UNDECIDED && prec <= 2 * first + MOST_MORE_BITS;
         prec *= 2)
        status = attempt(ctx, prec);
    return status;
}
