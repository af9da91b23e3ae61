/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts as text and as JSON. */
#include "cli/commands/prove/prove.h"
#include <string.h>

static const char *const verdict_name[] = {
    [CLAIM_PROVED] = "proved",
    [CLAIM_REFUTED] = "refuted",
    [CLAIM_NOT_DECIDED] = "undecided",
};

/* An end of an enclosure as decimal text, rounded outwards. */
struct digits {
    char text[64];
};

static struct digits digits(int count, mpfr_srcptr x, bool is_upper)
{
    struct digits d;
    mpfr_snprintf(
        d.text, sizeof d.text, is_upper ? "%.*RUg" : "%.*RDg", count, x);
    if (mpfr_zero_p(x))
        strcpy(d.text, "0"); /* of either sign */
    return d;
}

/* Prints a sentence in lines of at most 79 characters. */
static void print_wrapped(FILE *out, const char *text)
{
    size_t column = 0;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (!column || column + 1 + word > 79)
            column = (size_t)fprintf(out, column ? "\n  " : "  ") - !!column;
        else
            column += (size_t)fprintf(out, " ");
        fwrite(text, 1, word, out);
        column += word;
        text += word + (text[word] == ' ');
    }
    fputc('\n', out);
}

/* A decimal string, null where nothing finite is known. */
static void set_end(
    json_t *object, const char *key, mpfr_srcptr x, bool is_upper)
{
    json_object_set_new(object, key,
        mpfr_number_p(x) ? json_string(digits(17, x, is_upper).text)
                         : json_null());
}

static json_t *json_place(const struct iv_place *place)
{
    json_t *at = NULL;
    for (int i = 0; i < IV_COORDINATES; i++)
        if (place->text[i]) {
            at = at ? at : json_object();
            json_object_set_new(
                at, iv_coordinate[i], json_string(place->text[i]));
        }
    return at ? at : json_null();
}

static json_t *json_extremum(const struct claim_part_result *part)
{
    json_t *extremum = json_object();
    set_end(extremum, "lower", part->lower, false);
    set_end(extremum, "upper", part->upper, true);
    json_object_set_new(extremum, "at", json_place(&part->place));
    return extremum;
}

static const char *relation(const struct claim_part *part)
{
    return part->sense > 0 ? part->closed ? "<=" : "<"
           : part->closed  ? ">="
                           : ">";
}

static json_t *json_domain(const char *const (*text)[2])
{
    json_t *object = json_object();
    for (int i = 0; i < IV_COORDINATES; i++)
        if (text[i][0])
            json_object_set_new(object, iv_coordinate[i],
                json_pack("[s, s]", text[i][0], text[i][1]));
    return object;
}

static bool is_own(const struct claim_part *part)
{
    for (int i = 0; i < IV_COORDINATES; i++)
        if (part->domain[i][0])
            return true;
    return false;
}

static json_t *json_part(
    const struct claim_part *part, const struct claim_part_result *result)
{
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:b, s:s, s:o, s:b, s:s, s:o, s:I, s:f}", "name",
        part->name, "statement", part->statement, "formula", part->formula,
        "relation", relation(part), "expected_to_fail", part->fails, "limit",
        result->limit, "domain",
        json_domain((const char *const(*)[2])result->domain.text), "proved",
        result->verdict == CLAIM_PROVED, "status",
        verdict_name[result->verdict], "extremum", json_extremum(result),
        "boxes", (json_int_t)result->boxes, "seconds", result->seconds);
    if (result->contradiction)
        json_object_set_new(object, "contradiction", json_true());
    if (result->spent)
        json_object_set_new(object, "budget_spent", json_true());
    return object;
}

static json_t *json_counterexample(
    const struct claim_part *part, const struct claim_part_result *result)
{
    json_t *object = json_place(&result->place), *value = json_object();
    set_end(value, "lower", &result->value->left, false);
    set_end(value, "upper", &result->value->right, true);
    json_object_set_new(object, "part", json_string(part->name));
    json_object_set_new(object, "value", value);
    json_object_set_new(object, "limit", json_string(result->limit));
    return object;
}

json_t *cmd_prove_json(
    const struct claim_claim *claim, const struct claim_result *result)
{
    json_t *parts = json_array(), *counterexample = NULL;
    json_int_t boxes = 0;
    double seconds = 0;
    for (size_t i = 0; i < result->part_count; i++) {
        const struct claim_part_result *part = &result->part[i];
        json_array_append_new(parts, json_part(&result->parts[i], part));
        boxes += part->boxes;
        seconds += part->seconds;
        if (part->verdict == CLAIM_REFUTED && !result->parts[i].fails &&
            !counterexample)
            counterexample = json_counterexample(&result->parts[i], part);
    }
    json_t *object = json_pack("{s:s, s:s, s:s, s:b, s:s, s:o, s:I, s:f}",
        "name", claim->name, "statement", claim->statement, "source",
        claim->source, "proved", result->verdict == CLAIM_PROVED, "status",
        verdict_name[result->verdict], "parts", parts, "boxes", boxes,
        "seconds", seconds);
    if (result->part_count) {
        json_object_set_new(
            object, "extremum", json_extremum(&result->part[0]));
        json_object_set_new(object, "domain",
            json_domain((const char *const(*)[2])result->part[0].domain.text));
    }
    if (*result->conclusion && result->verdict != CLAIM_NOT_DECIDED)
        json_object_set_new(
            object, "conclusion", json_string(result->conclusion));
    if (result->is_against && result->verdict == CLAIM_REFUTED)
        counterexample = json_pack("{s:s, s:s, s:s, s:s}", "mu",
            result->stays[0], "nu", result->stays[1], "omega",
            result->stays[2], "tau", result->stays[3]);
    if (counterexample)
        json_object_set_new(object, "counterexample", counterexample);
    return object;
}

static void print_place(FILE *out, const struct iv_place *place)
{
    const char *between = "";
    for (int i = 0; i < IV_COORDINATES; i++)
        if (place->text[i]) {
            fprintf(out, "%s%s %s", between, iv_coordinate[i], place->text[i]);
            between = ", ";
        }
}

static bool is_there(const struct iv_place *place)
{
    for (int i = 0; i < IV_COORDINATES; i++)
        if (place->text[i])
            return true;
    return false;
}

static void print_domain(
    FILE *out, const char *label, const char *const (*end)[2])
{
    const char *between = label;
    for (int i = 0; i < IV_COORDINATES; i++)
        if (end[i][0]) {
            fprintf(out, "%s%s %s:%s", between, iv_coordinate[i], end[i][0],
                end[i][1]);
            between = ", ";
        }
    if (between != label)
        fputs(".\n", out);
}

static void print_part(FILE *out, const struct claim_part *part,
    const struct claim_part_result *result)
{
    /* a long name has a line of its own */
    bool is_long = strlen(part->name) > 20;
    if (is_long)
        fprintf(out, "  %s\n", part->name);
    fprintf(out, "  %-20s  %-20s  %-20s  %2s %-5s  %s\n",
        is_long ? "" : part->name, digits(15, result->lower, false).text,
        digits(15, result->upper, true).text, relation(part), result->limit,
        !part->fails                       ? verdict_name[result->verdict]
        : result->verdict == CLAIM_PROVED  ? "proved to fail"
        : result->verdict == CLAIM_REFUTED ? "holds, against the claim"
                                           : "undecided");
    if (is_own(part))
        print_domain(
            out, "    on ", (const char *const(*)[2])result->domain.text);
    if (is_there(&result->place)) {
        fputs("    at ", out);
        print_place(out, &result->place);
        fputc('\n', out);
    }
    fprintf(out, "    %ld box%s, %.3f s%s\n", result->boxes,
        result->boxes == 1 ? "" : "es", result->seconds,
        result->interrupted     ? ", interrupted"
        : result->spent         ? ", stopped: the budget is spent"
        : result->contradiction ? ", contradictory bounds: no proof"
                                : "");
}

static void print_counterexample(FILE *out, const struct claim_part *part,
    const struct claim_part_result *result)
{
    fprintf(out, "\n  not true that the %s:\n    at ", part->statement);
    print_place(out, &result->place);
    fprintf(out, "\n    the value is in [%s, %s], the limit %s\n",
        digits(15, &result->value->left, false).text,
        digits(15, &result->value->right, true).text, result->limit);
}

static void print_heading(FILE *out, const struct claim_claim *claim,
    const char *verdict, const char *const (*end)[2])
{
    fprintf(out, "%s (%s)%s%s\n", claim->name, claim->source,
        *verdict ? ": " : "", verdict);
    print_wrapped(out, claim->statement);
    print_domain(out, "  Domain ", end);
}

/* A long chain is told by its end; --parts prints all. */
enum { SHORT = 80 };

void cmd_prove_text(FILE *out, const struct claim_claim *claim,
    const char *const (*domain)[2], const struct claim_result *result,
    bool all)
{
    size_t proved = 0;
    double seconds = 0;
    for (size_t i = 0; i < result->part_count; i++) {
        proved += result->part[i].verdict == CLAIM_PROVED;
        seconds += result->part[i].seconds;
    }
    print_heading(out, claim, verdict_name[result->verdict], domain);
    if (*result->conclusion && result->verdict != CLAIM_NOT_DECIDED)
        print_wrapped(out, result->conclusion);
    if (result->planned > SHORT && !all)
        fprintf(out,
            "  %zu of %zu inequalities proved, %.3f s; --parts "
            "prints them.\n",
            proved, result->planned, seconds);
    bool titled = false;
    for (size_t i = 0; i < result->part_count; i++) {
        if (result->planned > SHORT && !all &&
            result->part[i].verdict == CLAIM_PROVED)
            continue;
        if (!titled)
            fprintf(out, "\n  %-20s  %-20s  %-20s  %s\n", "extremum of",
                "from", "to", "limit");
        titled = true;
        print_part(out, &result->parts[i], &result->part[i]);
    }
    for (size_t i = 0; i < result->part_count; i++)
        if (result->part[i].verdict == CLAIM_REFUTED &&
            !result->parts[i].fails)
            print_counterexample(out, &result->parts[i], &result->part[i]);
    fputc('\n', out);
}

void cmd_prove_text_method(FILE *out, const struct iv_selu *selu)
{
    fprintf(out,
        "Interval branch and bound in (m, v) = (mu omega, nu tau), in doubles "
        "first,\nthen in MPFI %s on MPFR %s, %d bits, every end rounded "
        "outwards.  Each\nplace lies in the domain exactly.\n",
        mpfi_get_version(), mpfr_get_version(), IV_PROOF_PRECISION);
    fprintf(out, "lambda in [%s, %s]\nalpha  in [%s, %s]\n",
        digits(17, &selu->lambda->left, false).text,
        digits(17, &selu->lambda->right, true).text,
        digits(17, &selu->alpha->left, false).text,
        digits(17, &selu->alpha->right, true).text);
}

json_t *cmd_prove_json_method(const struct iv_selu *selu)
{
    json_t *lambda = json_object(), *alpha = json_object();
    set_end(lambda, "lower", &selu->lambda->left, false);
    set_end(lambda, "upper", &selu->lambda->right, true);
    set_end(alpha, "lower", &selu->alpha->left, false);
    set_end(alpha, "upper", &selu->alpha->right, true);
    return json_pack("{s:s, s:s, s:s, s:i, s:o, s:o}", "name",
        "interval branch and bound", "mpfi", mpfi_get_version(), "mpfr",
        mpfr_get_version(), "precision", IV_PROOF_PRECISION, "lambda", lambda,
        "alpha", alpha);
}

void cmd_prove_text_list(FILE *out)
{
    for (size_t i = 0; i < claim_count; i++) {
        const struct claim_claim *claim = &claim_table[i];
        print_heading(out, claim, "", claim->domain);
        for (size_t k = 0; k < claim->part_count; k++) {
            const struct claim_part *part = &claim->parts[k];
            fprintf(out, "  - %s\n", part->statement);
            if (is_own(part))
                print_domain(out, "    on ", part->domain);
        }
    }
}

json_t *cmd_prove_json_list(void)
{
    json_t *claims = json_array();
    for (size_t i = 0; i < claim_count; i++) {
        const struct claim_claim *claim = &claim_table[i];
        json_t *parts = json_array(), *domain = json_object();
        for (int k = 0; k < IV_COORDINATES; k++)
            if (claim->domain[k][0])
                json_object_set_new(domain, iv_coordinate[k],
                    json_pack(
                        "[s, s]", claim->domain[k][0], claim->domain[k][1]));
        for (size_t k = 0; k < claim->part_count; k++) {
            const struct claim_part *part = &claim->parts[k];
            json_array_append_new(
                parts, json_pack("{s:s, s:s, s:o*}", "name", part->name,
                           "statement", part->statement, "domain",
                           is_own(part) ? json_domain(part->domain) : NULL));
        }
        json_array_append_new(
            claims, json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", claim->name,
                        "statement", claim->statement, "source", claim->source,
                        "domain", domain, "parts", parts));
    }
    return claims;
}
