/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims whose inequalities stand in the table. */
#include "fixedpoint/checker/parts.h"
#include <stdio.h>

bool snc_has_limit(struct snc_state *c, const struct snc_row *row)
{
    NUM_FMPQ(limit);
    if (row->limit)
        snc_decimal(limit, row->limit);
    else
        fmpq_set(limit, c->domain.end[row->of][row->sense > 0]);
    return fmpq_equal(limit, c->limit) ||
           snc_refuse(&c->reader, SNC_OTHER_LIMIT, c->limit_text);
}

/* Does the domain at hand do for a section whose own is given? */
static bool takes_domain(struct snc_state *c,
    const struct snc_section *section, const struct snc_domain *own)
{
    const struct snc_domain *d = &c->domain;
    bool good = section->fixed ? snc_domain_same(d, own)
                               : d->has_s == own->has_s &&
                                     snc_domain_within(own, d, SNC_S, SNC_S) &&
                                     snc_domain_within(d, own, SNC_S, SNC_S);
    return good || snc_refuse(&c->reader, SNC_OTHER_DOMAIN, NULL);
}

enum snc_extent snc_extent_of(
    const struct snc_domain *domain, const struct snc_domain *own)
{
    return !snc_domain_within(own, domain, SNC_MU, SNC_TAU)  ? SNC_NOT_ALL
           : snc_domain_within(domain, own, SNC_MU, SNC_TAU) ? SNC_ITS_OWN
                                                             : SNC_LARGER;
}

static bool check_section(struct snc_state *c,
    const struct snc_section *section, struct snc_claim *claim, FILE *domain)
{
    NUM_STRUCT(snc_domain, own);
    NUM_STRUCT(snc_domain, first);
    bool good = true;
    snc_domain_of(&own, section->own);
    for (int i = 0; i < section->rows && good; i++) {
        const struct snc_row *row = &section->row[i];
        good = snc_read_numbered(c, (int)c->inequalities + 1);
        if (good && !i) {
            good = takes_domain(c, section, &own);
            snc_domain_set(&first, &c->domain);
        }
        if (good && !snc_domain_same(&first, &c->domain))
            good = snc_refuse(&c->reader, SNC_OTHER_DOMAIN, NULL);
        good = good && snc_has_limit(c, row) && snc_prove(c, row);
    }
    if (good) {
        enum snc_extent here = snc_extent_of(&first, &own);
        claim->extent = here > claim->extent ? here : claim->extent;
        snc_domain_print(domain, &first);
    }
    return good;
}

bool snc_check_table(struct snc_state *c, const struct snc_entry *entry,
    struct snc_claim *claim, const struct snc_text *text)
{
    for (int i = 0; i < SNC_SECTIONS && entry->section[i].row; i++) {
        if (i)
            fputs("; and ", text->domain);
        if (!check_section(c, &entry->section[i], claim, text->domain))
            return false;
    }
    return snc_read_numbered(c, 0);
}

/* ---- sharp ------------------------------------------------------------- */

/* The row's own domain but for the end that it moves. */
static bool is_moved(struct snc_state *c, const struct snc_sharp *sharp)
{
    NUM_STRUCT(snc_domain, own);
    int i = sharp->coordinate;
    fmpq_t *end = c->domain.end[i];
    snc_domain_of(&own, sharp->domain);
    bool good = true;
    if (sharp->which == 2) { /* from -x to x */
        NUM_FMPQ(minus);
        fmpq_neg(minus, end[0]);
        good = fmpq_equal(minus, end[1]);
    }
    for (int k = 0; k < 2; k++)
        if (sharp->which == 2 || sharp->which == k)
            fmpq_set(own.end[i][k], end[k]);
    good = good && snc_domain_same(&own, &c->domain);
    return good || snc_refuse(&c->reader, SNC_OTHER_DOMAIN, NULL);
}

bool snc_check_sharp(struct snc_state *c)
{
    for (int i = 0; i < 2 * SNC_SHARP_ROWS; i++) {
        const struct snc_sharp *sharp = &snc_sharp_row[i / 2];
        struct snc_row row = sharp->row;
        row.of = sharp->coordinate;
        if (!snc_read_numbered(c, (int)c->inequalities + 1) ||
            !is_moved(c, sharp) || !snc_has_limit(c, &row) ||
            !(i % 2 ? snc_refute(c, &row) : snc_prove(c, &row)))
            return false;
    }
    return snc_read_numbered(c, 0);
}
