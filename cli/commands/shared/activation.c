/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/activation.h"
#include "fixedpoint/expressions/evaluate.h"
#include <stdlib.h>
#include <string.h>

void cmd_choice_read(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    struct cmd_choice *choice = to;
    const bool own = *option->name == 'e';
    if (choice->word && choice->own != own)
        cli_die(cli, CLI_EXIT_USAGE,
            "--activation and --expression exclude each other");
    choice->word = word;
    choice->own = own;
}

const char *cmd_choice_offer(int i)
{
    return i < act_count ? act_table[i].name : i == act_count ? "list" : NULL;
}

/* ---- the list ------------------------------------------------------- */

static json_t *activation_json(const struct act_activation *one)
{
    json_t *row = json_pack("{s:s, s:s?, s:s, s:s?}", "name", one->name,
        "other_name", one->other_name, "expression", one->expression,
        "lower_limit", one->lower);
    json_t *parameters = json_object(), *lines = json_array();
    for (int i = 0; i < ACT_MOST_PARAMETERS && one->parameter[i].name; i++) {
        const struct expr_parameter *p = &one->parameter[i];
        json_object_set_new(parameters, p->name, json_string(p->value));
        json_array_append_new(lines,
            json_pack("{s:s, s:s}", "name", p->name, "value", p->value));
    }
    json_object_set_new(row, "parameters", parameters);
    json_object_set_new(row, ".parameters", lines);
    return row;
}

static const char activations_text[] =
    "{#activations}{name:-13s} {expression}\n"
    "{#.parameters}                {name} = {value}\n{/}{/}"
    "\nA parameter is changed so: elu:alpha=0.5, hardtanh:low=-2,high=2\n";

static void list_activations(struct cli_cli *cli)
{
    json_t *rows = json_array();
    for (int i = 0; i < act_count; i++)
        json_array_append_new(rows, activation_json(&act_table[i]));
    cli_result(cli, json_pack("{s:o}", "activations", rows), CLI_EXIT_OK,
        activations_text);
}

/* ---- the word ------------------------------------------------------- */

static _Noreturn void die_parameter(const struct cmd_choice *choice,
    const struct cli_cli *cli, const char *name, int length)
{
    const struct act_activation *one = choice->chosen.activation;
    const char *first = one->parameter[0].name;
    const char *second = first ? one->parameter[1].name : NULL;
    cli_die(cli, CLI_EXIT_USAGE,
        "--activation '%.60s%s': %s has no parameter '%.*s'; it has %s%s%s",
        choice->word, cli_ellipsis(choice->word), one->name,
        length < 40 ? length : 40, name, first ? first : "none",
        second ? ", " : "", second ? second : "");
}

static void check_value(const struct cmd_choice *choice,
    const struct cli_cli *cli, struct expr_parameter *parameter)
{
    char what[80];
    snprintf(what, sizeof what, "--activation %s:%s",
        choice->chosen.activation->name, parameter->name);
    cli_decimal(cli, what, parameter->value,
        choice->chosen.activation->positive ? CLI_POSITIVE : CLI_ANY_SIGN);
}

/* "name=value[,name=value]" behind the colon */
static void read_parameters(
    struct cmd_choice *choice, const struct cli_cli *cli, const char *text)
{
    choice->values = strdup(text);
    if (!choice->values)
        cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
    char *rest = choice->values, *one;
    while ((one = strsep(&rest, ","))) {
        char *value = strchr(one, '=');
        int length = value ? (int)(value - one) : (int)strlen(one);
        struct expr_parameter *found = NULL;
        for (int i = 0; i < ACT_MOST_PARAMETERS; i++) {
            struct expr_parameter *p = &choice->chosen.parameter[i];
            if (p->name && (int)strlen(p->name) == length &&
                !strncmp(p->name, one, (size_t)length))
                found = p;
        }
        if (!found)
            die_parameter(choice, cli, one, length);
        if (!value)
            cli_die(cli, CLI_EXIT_USAGE,
                "--activation '%.60s%s': %s needs a value, as %s=%s",
                choice->word, cli_ellipsis(choice->word), found->name,
                found->name, found->value);
        found->value = value + 1;
        check_value(choice, cli, found);
    }
}

/* The word at fault, at most 40 bytes of it, and where it stands. */
static _Noreturn void die_expression(const struct cmd_choice *choice,
    const struct cli_cli *cli, const struct expr_fault *fault)
{
    if (!choice->own)
        cli_die(cli, CLI_EXIT_USAGE, "--activation '%.60s%s': %s",
            choice->word, cli_ellipsis(choice->word), fault->reason);
    int length = fault->length < 40 ? (int)fault->length : 40;
    if (!length)
        cli_die(cli, CLI_EXIT_USAGE,
            "--expression '%.40s%s': %s (character %zu)", choice->word,
            cli_ellipsis(choice->word), fault->reason, fault->place + 1);
    cli_die(cli, CLI_EXIT_USAGE, "--expression, character %zu, '%.*s': %s",
        fault->place + 1, length, choice->word + fault->place, fault->reason);
}

/* The name of the table where the word has another spelling of it, as GELU or
   leaky-relu; what has parameters stays. */
static const char *as_listed(const char *word, size_t *length)
{
    for (int i = 0; !word[*length] && i < act_count; i++) {
        const char *const names[] = {
            act_table[i].name, act_table[i].other_name};
        for (int k = 0; k < 2; k++)
            if (names[k] && cli_same_name(names[k], word, *length)) {
                *length = strlen(names[k]);
                return names[k];
            }
    }
    return word;
}

void cmd_choice_check(struct cmd_choice *choice, struct cli_cli *cli)
{
    const char *word = choice->word;
    if (!word)
        return;
    if (!choice->own && !strcmp(word, "list")) {
        list_activations(cli);
        exit(CLI_EXIT_OK);
    }
    if (!choice->own) {
        size_t length = strcspn(word, ":");
        choice->word = word = as_listed(word, &length);
        const char *hint = act_hint(word, length);
        const bool known = act_find(&choice->chosen, word, length);
        if (!known && hint)
            cli_die(cli, CLI_EXIT_USAGE,
                "--activation '%.40s': unknown; did you mean %s?", word, hint);
        if (!known)
            cli_die(cli, CLI_EXIT_USAGE,
                "--activation '%.40s%s': unknown; '--activation list' lists "
                "those that are known",
                word, cli_ellipsis(word));
        if (word[length])
            read_parameters(choice, cli, word + length + 1);
    }
    struct expr_expression f;
    struct expr_fault fault;
    expr_init(&f);
    enum sn_status status = choice->own
                                ? expr_parse(&f, word, &expr_of_z, &fault)
                                : act_expression(&f, &choice->chosen, &fault);
    if (status == SN_NO_MEMORY)
        cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
    if (status != SN_OK)
        die_expression(choice, cli, &fault);
    if (f.node[f.value].constant) {
        arb_ptr value = _arb_vec_init(f.count);
        expr_constants_arb(value, &f, 64);
        bool defined = arb_is_finite(value + f.value);
        _arb_vec_clear(value, f.count);
        cli_die(cli, CLI_EXIT_USAGE, "%s '%.40s%s': %s",
            choice->own ? "--expression" : "--activation", word,
            cli_ellipsis(word),
            defined ? "does not depend on z, so its variance is 0"
                    : "does not depend on z, and is not defined");
    }
    expr_clear(&f);
}

void cmd_choice_clear(struct cmd_choice *choice)
{
    free(choice->values);
    choice->values = NULL;
}

void cmd_choice_expression(
    struct expr_expression *f, const struct cmd_choice *choice)
{
    struct expr_fault fault;
    expr_init(f);
    if (choice->own)
        expr_parse(f, choice->word, &expr_of_z, &fault);
    else
        act_expression(f, &choice->chosen, &fault);
}

const char *cmd_choice_name(const struct cmd_choice *choice)
{
    return choice->own ? "expression" : choice->word;
}

const char *cmd_choice_formula(const struct cmd_choice *choice)
{
    return choice->own ? choice->word : choice->chosen.activation->expression;
}

void cmd_choice_print(FILE *out, const struct cmd_choice *choice)
{
    fprintf(
        out, "%s: %s", cmd_choice_name(choice), cmd_choice_formula(choice));
    const struct expr_parameter *p = choice->chosen.parameter;
    for (int i = 0; i < ACT_MOST_PARAMETERS && p[i].name; i++)
        fprintf(out, ", %s = %s", p[i].name, p[i].value);
}

static json_t *line_json(const struct cmd_choice *choice)
{
    char *line = NULL;
    size_t size;
    FILE *out = open_memstream(&line, &size);
    if (out) {
        cmd_choice_print(out, choice);
        fclose(out);
    }
    json_t *text = cli_json_text(line ? line : "");
    free(line);
    return text;
}

json_t *cmd_choice_json(const struct cmd_choice *choice)
{
    json_t *object = json_object(), *parameters = json_object();
    json_object_set_new(
        object, "name", cli_json_text(cmd_choice_name(choice)));
    json_object_set_new(
        object, "expression", cli_json_text(cmd_choice_formula(choice)));
    const struct expr_parameter *p = choice->chosen.parameter;
    for (int i = 0; i < ACT_MOST_PARAMETERS && p[i].name; i++)
        json_object_set_new(parameters, p[i].name, cli_json_text(p[i].value));
    json_object_set_new(object, "parameters", parameters);
    json_object_set_new(object, ".line", line_json(choice));
    return object;
}

/* ---- what went wrong later ------------------------------------------ */

/* The words of the user's text from a place on. */
static void excerpt(
    char words[32], const struct cmd_choice *choice, size_t place)
{
    const char *text = cmd_choice_formula(choice);
    size_t length = strlen(text);
    const char *from = text + (place < length ? place : 0);
    snprintf(words, 32, "%.20s%s", from, strlen(from) > 20 ? "..." : "");
}

_Noreturn void cmd_choice_die(const struct cmd_choice *choice,
    const struct cli_cli *cli, const struct act_trouble *trouble,
    enum sn_status status, long digits)
{
    char words[32];
    const char *name = cmd_choice_name(choice);
    excerpt(words, choice, trouble->place);
    switch (trouble->kind) {
    case ACT_NOT_FINITE:
        cli_die(cli, CLI_EXIT_FAILED,
            "%.40s: not finite, or not known to be, near z = %.6g (there: "
            "'%s', character %zu); no integral is taken across that",
            name, trouble->z + 0.0, words, trouble->place + 1);
    case ACT_TOO_MANY:
        cli_die(cli, CLI_EXIT_FAILED,
            "%.40s: which side holds is not decided near z = %.6g ('%s', "
            "character %zu)",
            name, trouble->z + 0.0, words, trouble->place + 1);
    case ACT_NO_END:
        cli_die(cli, CLI_EXIT_FAILED,
            "%.40s: quadrature comes to no end near z = %.6g: a singularity "
            "on or next to the real line there, or a change too sudden",
            name, trouble->z + 0.0);
    case ACT_TOO_FAST:
        cli_die(cli, CLI_EXIT_FAILED,
            "%.40s: for z -> %sinfinity no bound of its growth was found "
            "under which the variance exists ('%s', character %zu)",
            name, trouble->side < 0 ? "-" : "", words, trouble->place + 1);
    default:
        cli_die(cli, CLI_EXIT_FAILED,
            "%.40s: %s: some of the %ld digits are open; try fewer --digits "
            "or less extreme values (a variance of 0 is never decided)",
            name, sn_strerror(status), digits);
    }
}

/* Bits of the digits, and some that may cancel. */
static slong first_bits(long digits)
{
    return (slong)(3.3219281 * (double)digits) + 64;
}

void cmd_raise_goal(slong *goal, const arb_t variance, long digits)
{
    if (arb_contains_zero(variance))
        *goal = first_bits(digits);
    else
        *goal *= 2;
}

enum sn_status cmd_with_activation_precision(
    enum sn_status (*attempt)(void *, slong), void *ctx, long digits)
{
    enum { MOST_MORE_BITS = 8000 };
    const slong first = first_bits(digits);
    const slong last = 2 * first + MOST_MORE_BITS;
    enum sn_status status = SN_UNDECIDED;
    /* the last attempt is at the limit itself, so that how far the search
       goes does not depend on where the doubling began */
    for (slong prec = first; status == SN_UNDECIDED && prec <= last;
         prec = prec < last && 2 * prec > last ? last : 2 * prec)
        status = attempt(ctx, prec);
    return status;
}
