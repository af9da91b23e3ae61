/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts as trees, and the template of their text. */
#include "cli/commands/prove/prove.h"
#include <stdlib.h>
#include <string.h>

static const char *const claim_verdict_name[] = {
    [CLAIM_PROVED] = "proved",
    [CLAIM_REFUTED] = "refuted",
    [CLAIM_NOT_DECIDED] = "undecided",
};

/* An end of an enclosure as decimal text, rounded outwards. */
struct end_digits {
    char text[64];
};

static struct end_digits digits(int count, mpfr_srcptr x, bool is_upper)
{
    struct end_digits d;
    mpfr_snprintf(
        d.text, sizeof d.text, is_upper ? "%.*RUg" : "%.*RDg", count, x);
    if (mpfr_zero_p(x))
        strcpy(d.text, "0"); /* of either sign */
    return d;
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

/* "mu 0.1, nu 1"; NULL where there is none. */
static json_t *place_line(const struct iv_place *place)
{
    char line[400] = "";
    size_t used = 0;
    for (int i = 0; i < IV_COORDINATES; i++)
        if (place->text[i])
            used += (size_t)snprintf(line + used, sizeof line - used,
                "%s%s %s", used ? ", " : "", iv_coordinate[i], place->text[i]);
    return used ? json_string(line) : NULL;
}

/* "mu -0.1:0.1, nu 0.8:1.5"; NULL where there is none. */
static json_t *domain_line(const char *const (*end)[2])
{
    char *line = NULL;
    size_t size;
    FILE *out = open_memstream(&line, &size);
    for (int i = 0; out && i < IV_COORDINATES; i++)
        if (end[i][0])
            fprintf(out, "%s%s %s:%s", ftell(out) ? ", " : "",
                iv_coordinate[i], end[i][0], end[i][1]);
    json_t *text = !out || fclose(out) || !*line ? NULL : json_string(line);
    free(line);
    return text;
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

/* A long name has a line of its own; 15 digits will do. */
static void add_part_text(json_t *object, const struct claim_part *part,
    const struct claim_part_result *result)
{
    const bool is_long = strlen(part->name) > 20;
    const char *verdict = !part->fails ? claim_verdict_name[result->verdict]
                          : result->verdict == CLAIM_PROVED ? "proved to fail"
                          : result->verdict == CLAIM_REFUTED
                              ? "holds, against the claim"
                              : "undecided";
    const bool refuted = result->verdict == CLAIM_REFUTED && !part->fails;
    json_object_update_new(object,
        json_pack("{s:s*, s:s, s:s, s:s, s:s, s:o*, s:o*, s:b, s:b}",
            ".long_name", is_long ? part->name : NULL, ".short_name",
            is_long ? "" : part->name, ".lower",
            digits(15, result->lower, false).text, ".upper",
            digits(15, result->upper, true).text, ".verdict", verdict, ".on",
            part->has_own_domain
                ? domain_line((const char *const(*)[2])result->domain.text)
                : NULL,
            ".at", place_line(&result->place), ".interrupted",
            result->interrupted, ".refuted", refuted));
    if (refuted)
        json_object_update_new(
            object, json_pack("{s:s, s:s}", ".from",
                        digits(15, &result->value->left, false).text, ".to",
                        digits(15, &result->value->right, true).text));
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
        claim_verdict_name[result->verdict], "extremum", json_extremum(result),
        "boxes", (json_int_t)result->boxes, "seconds", result->seconds);
    if (result->contradiction)
        json_object_set_new(object, "contradiction", json_true());
    if (result->spent)
        json_object_set_new(object, "budget_spent", json_true());
    add_part_text(object, part, result);
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

/* A long chain is told by its end; --parts prints all. */
enum { SHORT_CHAIN = 80 };

const char cmd_prove_text[] =
    "{#claims}{name} ({source}): {status}\n  {statement:wrap}\n"
    "{#.domain}  Domain {.}.\n{/}{#conclusion}  {.:wrap}\n{/}"
    "{#.planned}  {.proved} of {.} inequalities proved, {seconds:.3f} s; "
    "--parts prints them.\n{/}"
    "{#.shown}{#@first}\n"
    "  extremum of           from                  to                    "
    "limit\n{/}"
    "{#.long_name}  {.}\n{/}"
    "  {.short_name:-20s}  {.lower:-20s}  {.upper:-20s}  {relation:2s} "
    "{limit:-5s}  {.verdict}\n"
    "{#.on}    on {.}.\n{/}{#.at}    at {.}\n{/}"
    "    {boxes} box{#boxes=1}{:}es{/}, {seconds:.3f} s"
    "{#.interrupted}, interrupted{:}"
    "{#budget_spent}, stopped: the budget is spent{:}"
    "{#contradiction}, contradictory bounds: no proof{/}{/}{/}\n{/}"
    "{#.shown}{#.refuted}\n  not true that the {statement}:\n    at {.at}\n"
    "    the value is in [{.from}, {.to}], the limit "
    "{limit}\n{/}{/}\n{/}" CMD_PROVE_FIGURES_TEXT
    "Interval branch and bound in (m, v) = (mu omega, nu tau), in doubles "
    "first,\nthen in MPFI {method.mpfi} on MPFR {method.mpfr}, "
    "{method.precision} bits, every end rounded outwards.  Each\n"
    "place lies in the domain exactly.\n"
    "lambda in [{method.lambda.lower}, {method.lambda.upper}]\n"
    "alpha  in [{method.alpha.lower}, {method.alpha.upper}]\n";

json_t *cmd_prove_claim(const struct claim_claim *claim,
    const struct claim_result *result, bool all)
{
    const bool is_long = result->planned > SHORT_CHAIN && !all;
    json_t *parts = json_array(), *shown = json_array();
    json_t *counterexample = NULL;
    json_int_t boxes = 0, proved = 0;
    double seconds = 0;
    for (size_t i = 0; i < result->part_count; i++) {
        const struct claim_part_result *part = &result->part[i];
        json_t *row = json_part(&result->parts[i], part);
        if (!is_long || part->verdict != CLAIM_PROVED)
            json_array_append(shown, row);
        json_array_append_new(parts, row);
        boxes += part->boxes;
        seconds += part->seconds;
        proved += part->verdict == CLAIM_PROVED;
        if (part->verdict == CLAIM_REFUTED && !result->parts[i].fails &&
            !counterexample)
            counterexample = json_counterexample(&result->parts[i], part);
    }
    if (result->is_against && result->verdict == CLAIM_REFUTED) {
        json_decref(counterexample);
        counterexample = json_pack("{s:s, s:s, s:s, s:s}", "mu",
            result->stays[0], "nu", result->stays[1], "omega",
            result->stays[2], "tau", result->stays[3]);
    }
    const bool any = result->part_count > 0;
    return json_pack("{s:s, s:s, s:s, s:b, s:s, s:o, s:I, s:f, s:o*, s:o*,"
                     " s:s*, s:o*, s:o, s:o*, s:o*, s:I}",
        "name", claim->name, "statement", claim->statement, "source",
        claim->source, "proved", result->verdict == CLAIM_PROVED, "status",
        claim_verdict_name[result->verdict], "parts", parts, "boxes", boxes,
        "seconds", seconds, "extremum",
        any ? json_extremum(&result->part[0]) : NULL, "domain",
        any ? json_domain((const char *const(*)[2])result->part[0].domain.text)
            : NULL,
        "conclusion",
        *result->conclusion && result->verdict != CLAIM_NOT_DECIDED
            ? result->conclusion
            : NULL,
        "counterexample", counterexample, ".shown", shown, ".domain",
        domain_line((const char *const(*)[2])result->domain), ".planned",
        is_long ? json_integer((json_int_t)result->planned) : NULL, ".proved",
        proved);
}

json_t *cmd_prove_method(const struct iv_selu *selu)
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

const char cmd_prove_list_text[] =
    "{#claims}{name} ({source})\n  {statement:wrap}\n"
    "{#.domain}  Domain {.}.\n{/}"
    "{#parts}  - {statement}\n{#.on}    on {.}.\n{/}{/}{/}";

json_t *cmd_prove_list(void)
{
    json_t *claims = json_array();
    for (size_t i = 0; i < claim_count; i++) {
        const struct claim_claim *claim = &claim_table[i];
        struct claim_result read;
        const char *row;
        json_t *parts = json_array();
        claim_read(&read, &row, claim, NULL);
        for (size_t k = 0; k < read.planned; k++) {
            const struct claim_part *part = &read.parts[k];
            const char *const(*domain)[2] =
                (const char *const(*)[2])part->domain;
            const bool own = part->has_own_domain;
            json_array_append_new(parts,
                json_pack("{s:s, s:s, s:s, s:o*, s:o*}", "name", part->name,
                    "statement", part->statement, "formula", part->formula,
                    "domain", own ? json_domain(domain) : NULL, ".on",
                    own ? domain_line(domain) : NULL));
        }
        const char *const(*domain)[2] = (const char *const(*)[2])read.domain;
        json_array_append_new(
            claims, json_pack("{s:s, s:s, s:s, s:o, s:o, s:o*}", "name",
                        claim->name, "statement", claim->statement, "source",
                        claim->source, "domain", json_domain(domain), "parts",
                        parts, ".domain", domain_line(domain)));
        claim_result_clear(&read);
    }
    return json_pack("{s:o}", "claims", claims);
}
