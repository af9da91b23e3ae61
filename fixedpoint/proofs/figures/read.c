/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a row as it is written to what it says. */
#include "fixedpoint/proofs/claims/definitions.h"
#include "fixedpoint/proofs/figures/table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    enum figure_kind kind;
    int sense;
} relation[] = {{"<= ", FIGURE_BOUND, 1}, {">= ", FIGURE_BOUND, -1},
    {"max ", FIGURE_EXTREMUM, 1}, {"min ", FIGURE_EXTREMUM, -1},
    {"< ", FIGURE_STATEMENT, 1}, {"> ", FIGURE_STATEMENT, -1},
    {"takes ", FIGURE_ATTAINED, 1}, {"is ", FIGURE_GAIN_STD, 1},
    {"advises ", FIGURE_GAIN_ADVICE, 1}, {"has ", FIGURE_UNDEFINED, 1}};

static bool is_gain(const struct figure_figure *figure)
{
    return figure->kind >= FIGURE_GAIN_STD && figure->kind < FIGURE_UNDEFINED;
}

/* " at (0.1, -0.1, 0.8, 1.25)" behind the number, which is cut off. */
static bool read_place(struct figure_figure *figure)
{
    static const char begin[] = " at (";
    char *at = strstr(figure->printed, begin);
    int end = 0;
    if (!at)
        return true;
    *at = '\0';
    at += sizeof begin - 1;
    figure->has_place = true;
    return sscanf(at, "%15[^,], %15[^,], %15[^,], %15[^)])%n", figure->at[0],
               figure->at[1], figure->at[2], figure->at[3], &end) == 4 &&
           end && !at[end];
}

static bool read_printed(struct figure_figure *figure, const char *text)
{
    size_t i = 0, count = sizeof relation / sizeof *relation;
    while (
        i < count && strncmp(text, relation[i].word, strlen(relation[i].word)))
        i++;
    if (i == count)
        return false;
    text += strlen(relation[i].word);
    figure->kind = relation[i].kind;
    figure->sense = relation[i].sense;
    if (strlen(text) >= sizeof figure->printed)
        return false;
    strcpy(figure->printed, text);
    if (!read_place(figure))
        return false;
    if (figure->kind == FIGURE_UNDEFINED || is_gain(figure))
        return true;
    mpfi_t number;
    mpfi_init2(number, IV_PROOF_PRECISION);
    bool good = !iv_decimal_mpfi(number, figure->printed);
    mpfi_clear(number);
    return good;
}

/* Of gains it is what they are, of the rest a name of domains.c. */
static bool read_domain(struct figure_figure *figure)
{
    const struct claim_domain *domain = claim_domain_find(figure->domain);
    if (figure->kind == FIGURE_UNDEFINED)
        return true;
    if (domain && !is_gain(figure))
        return claim_ends_read(&figure->ends, domain->ends);
    bool rms = figure->domain && !strncmp(figure->domain, "1/rms", 5);
    if (figure->kind == FIGURE_GAIN_STD && rms)
        figure->kind = FIGURE_GAIN_RMS;
    return is_gain(figure) &&
           (rms || (figure->domain && !strncmp(figure->domain, "1/std", 5)));
}

enum claim_mistake figure_read(struct figure_figure *figure,
    const struct figure_row *row, enum figure_source source)
{
    *figure = (struct figure_figure){.source = source,
        .where = row->where,
        .what = row->what,
        .note = row->note,
        .domain = row->domain ? row->domain : "-"};
    if (!read_printed(figure, row->printed))
        return CLAIM_UNREADABLE_LIMIT;
    if (!read_domain(figure))
        return CLAIM_UNKNOWN_DOMAIN;
    const char *formula = is_gain(figure) ? figure->printed : row->formula;
    if (figure->kind == FIGURE_UNDEFINED)
        return CLAIM_NO_MISTAKE;
    figure->formula = formula ? claim_expand(formula) : NULL;
    return figure->formula ? CLAIM_NO_MISTAKE : CLAIM_UNREADABLE_FORMULA;
}

void figure_free(struct figure_figure *figure)
{
    free(figure->formula);
    figure->formula = NULL;
}

bool figure_at(
    struct figure_figure *figure, enum claim_mistake *mistake, size_t i)
{
    static const struct figure_table *const table[] = {&figure_jacobian,
        &figure_norm, &figure_steps, &figure_polynomials, &figure_basic,
        &figure_arguments, &figure_authors, &figure_nfnets, &figure_e3nn,
        &figure_pytorch};
    for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
        if (i < table[k]->count) {
            *mistake =
                figure_read(figure, &table[k]->rows[i], table[k]->source);
            return true;
        }
        i -= table[k]->count;
    }
    return false;
}

enum claim_mistake figure_check(const char **row)
{
    struct figure_figure figure;
    enum claim_mistake mistake = CLAIM_NO_MISTAKE;
    for (size_t i = 0; !mistake && figure_at(&figure, &mistake, i); i++) {
        *row = figure.what;
        if (!mistake && figure.formula) {
            struct iv_term *term = iv_term_new(figure.formula, NULL);
            if (!term)
                mistake = CLAIM_UNREADABLE_FORMULA;
            iv_term_free(term);
        }
        figure_free(&figure);
    }
    return mistake;
}
