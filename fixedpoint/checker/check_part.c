/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One inequality: formula, domain, limit and witness. */
#include "fixedpoint/checker/check.h"
#include <math.h>
#include <string.h>

static bool read_domain(struct snc_check_state *c, struct snc_domain *domain)
{
    char *at = snc_after(c, "domain"), *word;
    if (!at)
        return false;
    while ((word = snc_word(&at))) {
        int i = snc_coordinate_of(word);
        if (i == SNC_COORDINATES || domain->has[i])
            return snc_refuse(
                &c->reader, "'%.40s': must be a coordinate, once", word);
        domain->has[i] = true;
        for (int end = 0; end < 2; end++)
            if (!snc_take_decimal(c, domain->end[i][end], snc_word(&at)))
                return false;
        if (fmpq_cmp(domain->end[i][0], domain->end[i][1]) > 0)
            return snc_refuse(
                &c->reader, "%s: its ends are reversed", snc_coordinate[i]);
        if ((i == 1 || i == 3 || i == SNC_V) &&
            fmpq_sgn(domain->end[i][0]) <= 0)
            return snc_refuse(
                &c->reader, "%s: must be above 0", snc_coordinate[i]);
    }
    for (int i = 0; i < 2; i++)
        if (domain->has[i] != domain->has[i + 2] ||
            domain->has[i] == domain->has[SNC_M + i])
            return snc_refuse(&c->reader, i ? "nu and tau, or v, are missing"
                                            : "mu and omega, or m, are "
                                              "missing");
    return true;
}

static bool read_relation(struct snc_check_state *c, struct snc_part *part)
{
    if (!snc_next(&c->reader))
        return false;
    char *at = c->reader.line;
    char *word = snc_word(&at);
    part->fails = word && !strcmp(word, "not");
    if (part->fails)
        word = snc_word(&at);
    part->sense = word && !strcmp(word, "below") ? 1 : -1;
    if (!word || (part->sense < 0 && strcmp(word, "above")))
        return snc_refuse(&c->reader, "must be 'below' or 'above'");
    part->closed = !strncmp(at, "or at ", 6);
    if (part->closed)
        at += 6;
    return snc_take_decimal(c, part->limit, snc_word(&at));
}

bool snc_keeps(const struct snc_part *part, const arb_t x, bool breaks)
{
    arb_t limit;
    arb_init(limit);
    arb_set_fmpq(limit, part->limit, 2 * SNC_PREC);
    bool up = (part->sense > 0) != breaks, closed = part->closed != breaks;
    bool good =
        arb_is_finite(x) && (up ? closed ? arb_le(x, limit) : arb_lt(x, limit)
                                : closed ? arb_ge(x, limit)
                                         : arb_gt(x, limit));
    arb_clear(limit);
    return good;
}

/* The witness lies in the domain and has the value that is said of it. */
static bool check_witness(struct snc_check_state *c,
    const struct snc_part *part, struct snc_expression *expression)
{
    fmpq_t at[SNC_COORDINATES];
    bool has[SNC_COORDINATES] = {false}, good = true;
    char *rest = snc_after(c, "witness"), *word;
    double value = NAN;
    if (!rest)
        return false;
    for (int i = 0; i < SNC_COORDINATES; i++)
        fmpq_init(at[i]);
    while (good && (word = snc_word(&rest))) {
        if (!strcmp(word, "value")) {
            good = snc_take_double(c, &value, snc_word(&rest));
            break;
        }
        int i = snc_coordinate_of(word);
        good =
            i < SNC_COORDINATES && part->domain.has[i]
                ? snc_take_decimal(c, at[i], snc_word(&rest))
                : snc_refuse(&c->reader, "'%.40s': not in the domain", word);
        if (good)
            has[i] = true;
    }
    for (int i = 0; good && i < SNC_COORDINATES; i++)
        if (part->domain.has[i] &&
            (!has[i] || fmpq_cmp(at[i], part->domain.end[i][0]) < 0 ||
                fmpq_cmp(at[i], part->domain.end[i][1]) > 0))
            good = snc_refuse(&c->reader,
                "the witness's %s is not in the domain", snc_coordinate[i]);
    arb_t found, said;
    arb_init(found);
    arb_init(said);
    if (good && isnan(value))
        good = snc_refuse(&c->reader, "the witness has no value");
    if (good) {
        snc_evaluate_at(found, expression, (const fmpq_t *)at);
        /* sense * found >= value */
        if (part->sense < 0)
            arb_neg(said, found);
        else
            arb_set(said, found);
        arb_t claimed;
        arb_init(claimed);
        arb_set_d(claimed, value);
        if (!arb_is_finite(said) || !arb_ge(said, claimed))
            good =
                snc_refuse(&c->reader, "the witness does not have its value");
        arb_clear(claimed);
    }
    if (good && part->fails && !snc_keeps(part, found, true))
        good = snc_refuse(&c->reader, "the witness does not break the limit");
    arb_clear(found);
    arb_clear(said);
    for (int i = 0; i < SNC_COORDINATES; i++)
        fmpq_clear(at[i]);
    return good;
}

bool snc_check_part(struct snc_check_state *c, struct snc_part *part)
{
    const char *error = NULL;
    char *text = snc_after(c, "formula");
    if (!text)
        return false;
    part->formula = strdup(text);
    struct snc_expression *e = snc_expression_new(text, &error);
    if (!e)
        return snc_refuse(&c->reader, "%s", error);
    snc_expression_constants(e, c->lambda, c->alpha);
    bool good = part->formula && read_domain(c, &part->domain) &&
                read_relation(c, part) && check_witness(c, part, e) &&
                (part->fails || snc_check_bound(c, part, e));
    snc_expression_free(e);
    return good;
}
