/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the rows of a claim to its parts, and to the verdict. */
#include "fixedpoint/proofs/claims/claims.h"
#include "fixedpoint/proofs/claims/definitions.h"
#include "fixedpoint/proofs/claims/domains.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct claim_claim *claim_find(const char *name)
{
    for (size_t i = 0; i < claim_count; i++)
        if (!strcmp(claim_table[i].name, name))
            return &claim_table[i];
    return NULL;
}

/* One place in (mu, nu, omega, tau), of which the statement speaks by name. */
static bool is_one_place(const struct claim_ends *ends)
{
    for (int i = IV_MU; i <= IV_TAU; i++)
        if (!ends->end[i][0] || strcmp(ends->end[i][0], ends->end[i][1]) != 0)
            return false;
    return true;
}

/* The named domain; without a name none, which is all NULL. */
static bool find_ends(struct claim_ends *ends, const char *name)
{
    const struct claim_domain *domain = claim_domain_find(name);
    memset(ends, 0, sizeof *ends);
    return !name || (domain && claim_ends_read(ends, domain->ends));
}

bool claim_takes_domain(const struct claim_claim *claim)
{
    struct claim_ends ends;
    if (!claim->domain)
        return !claim->build;
    return find_ends(&ends, claim->domain) && !is_one_place(&ends);
}

/* The ends, or the prover's in their place; false without memory. */
static bool keep_ends(struct claim_result *result,
    const char *end[IV_COORDINATES][2], const struct claim_ends *ends,
    const struct claim_prover *prover)
{
    bool moves = prover && !is_one_place(ends);
    for (int i = 0; i < IV_COORDINATES; i++)
        for (int k = 0; k < 2; k++) {
            bool moved = moves && ends->end[i][0] && prover->end[i][0];
            const char *text = moved ? prover->end[i][k] : ends->end[i][k];
            end[i][k] = text ? claim_keep(result, text) : NULL;
            if (!end[i][k] != !text)
                return false;
        }
    return true;
}

/* "mu", or a number that iv_decimal_mpfi() takes. */
static bool read_limit_text(struct claim_part *part, const char *text)
{
    for (int i = 0; i < IV_COORDINATES; i++)
        if (!strcmp(text, iv_coordinate[i])) {
            part->limit_of = i;
            part->limit = NULL;
            return true;
        }
    mpfi_t number;
    mpfi_init2(number, IV_PROOF_PRECISION);
    bool good = !iv_decimal_mpfi(number, text);
    mpfi_clear(number);
    part->limit = text;
    return good;
}

bool claim_limit_read(struct claim_part *part, const char *text)
{
    part->fails = !strncmp(text, "not ", 4);
    text += part->fails ? 4 : 0;
    if (*text != '<' && *text != '>')
        return false;
    part->sense = *text++ == '<' ? 1 : -1;
    part->closed = *text == '=';
    text += part->closed;
    return *text == ' ' && read_limit_text(part, text + 1);
}

/* "within 0.1": both sides of it. */
static enum claim_mistake add_both(struct claim_result *result,
    const struct claim_part *model, const char *bound)
{
    char limit[64], words[128];
    for (int side = 0; side < 2; side++) {
        snprintf(limit, sizeof limit, "%s %s%.40s", side ? ">" : "<",
            side ? "-" : "", bound);
        snprintf(words, sizeof words, "%.80s is %s its bound", model->name,
            side ? "above minus" : "below");
        struct claim_part part = *model;
        if (!claim_limit_read(&part, limit))
            return CLAIM_UNREADABLE_LIMIT;
        part.statement = claim_keep(result, words);
        if (!part.statement || !claim_add(result, &part, part.name, part.limit,
                                   (const char *const(*)[2])part.domain))
            return CLAIM_NO_MEMORY;
    }
    return CLAIM_NO_MISTAKE;
}

enum claim_mistake claim_add_row(struct claim_result *result,
    const struct claim_row *row, const struct claim_prover *prover)
{
    static const char within[] = "within ";
    const size_t length = sizeof within - 1;
    struct claim_part part = {.name = row->name, .statement = row->statement};
    struct claim_ends ends;
    memcpy(part.domain, result->domain, sizeof part.domain);
    if (!find_ends(&ends, row->domain))
        return CLAIM_UNKNOWN_DOMAIN;
    if (row->domain && !keep_ends(result, part.domain, &ends, prover))
        return CLAIM_NO_MEMORY;
    char *formula = claim_expand(row->formula);
    part.formula = formula ? claim_keep(result, formula) : NULL;
    free(formula);
    if (!part.formula)
        return CLAIM_UNREADABLE_FORMULA;
    size_t before = result->planned;
    enum claim_mistake mistake = CLAIM_NO_MISTAKE;
    if (!strncmp(row->limit, within, length))
        mistake = add_both(result, &part, row->limit + length);
    else if (!claim_limit_read(&part, row->limit))
        mistake = CLAIM_UNREADABLE_LIMIT;
    else if (!claim_add(result, &part, part.name, part.limit,
                 (const char *const(*)[2])part.domain))
        mistake = CLAIM_NO_MEMORY;
    for (size_t i = before; i < result->planned; i++)
        result->parts[i].has_own_domain = row->domain != NULL;
    return mistake;
}

enum claim_mistake claim_read(struct claim_result *result, const char **row,
    const struct claim_claim *claim, const struct claim_prover *prover)
{
    struct claim_ends ends;
    *result = (struct claim_result){.verdict = CLAIM_NOT_DECIDED};
    *row = claim->name;
    if (!find_ends(&ends, claim->domain))
        return CLAIM_UNKNOWN_DOMAIN;
    if (!keep_ends(result, result->domain, &ends, prover))
        return CLAIM_NO_MEMORY;
    enum claim_mistake mistake = CLAIM_NO_MISTAKE;
    for (size_t i = 0; i < claim->row_count && !mistake; i++) {
        *row = claim->rows[i].name;
        mistake = claim_add_row(result, &claim->rows[i], prover);
    }
    return mistake;
}

/* A claim of one of the rows: all of it can be read. */
static enum claim_mistake check_row(
    const struct claim_claim *claim, const char **row)
{
    struct claim_result result;
    enum claim_mistake mistake = claim_read(&result, row, claim, NULL);
    for (size_t k = 0; k < result.planned && !mistake; k++) {
        struct iv_term *term = iv_term_new(result.parts[k].formula, NULL);
        if (!term)
            mistake = CLAIM_UNREADABLE_FORMULA;
        iv_term_free(term);
    }
    claim_result_clear(&result);
    return mistake;
}

enum claim_mistake claim_check(
    const char **row, const struct claim_claim *claims, size_t count)
{
    enum claim_mistake mistake = CLAIM_NO_MISTAKE;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < claims[i].row_count && !mistake; k++) {
            struct claim_claim one = claims[i];
            one.rows += k;
            one.row_count = 1;
            mistake = check_row(&one, row);
        }
    return mistake;
}

enum sn_status claim_prove(struct claim_result *result,
    const struct claim_claim *claim, struct claim_prover *prover)
{
    const struct search_options usual = prover->search;
    const char *row;
    enum claim_mistake mistake = claim_read(result, &row, claim, prover);
    enum sn_status status = mistake == CLAIM_NO_MEMORY ? SN_NO_MEMORY
                            : mistake                  ? SN_BAD_VALUE
                                                       : SN_OK;
    if (!status && claim->build)
        status = claim->build(result, prover);
    if (!status)
        status = claim_prove_parts(result, prover);
    prover->search = usual; /* a builder may have lowered some of it */
    return status;
}
