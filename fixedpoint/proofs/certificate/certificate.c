/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes certificates, in lines of text (docs/reference/certificates.md has
 * the format).  Every bound is rounded up a little further than it was proven,
 * so that another library need not round as this one did.
 */
#include "fixedpoint/proofs/certificate/certificate.h"
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

/* FNV-1a over all bytes before the last line: damage, not forgery. */
static void put(struct cert_certificate *c, const char *text)
{
    for (const char *p = text; *p; p++, c->bytes++)
        c->sum = (c->sum ^ (unsigned char)*p) * 0x100000001b3;
    c->too_large |= c->bytes > CERT_MOST_BYTES;
    if (!c->too_large)
        fputs(text, c->out);
}

/* Words, up to a NULL, with a space between. */
static void line(struct cert_certificate *c, const char *word, ...)
{
    va_list more;
    va_start(more, word);
    put(c, word);
    while ((word = va_arg(more, const char *))) {
        put(c, " ");
        put(c, word);
    }
    va_end(more);
    put(c, "\n");
}

void cert_start(struct cert_certificate *c, FILE *out, const char *version)
{
    *c = (struct cert_certificate){.out = out, .sum = 0xcbf29ce484222325};
    line(c, "selfnorm certificate 2", NULL);
    line(c, "by selfnorm", version, "with MPFI", mpfi_get_version(), "MPFR",
        mpfr_get_version(), NULL);
}

static void put_domain(struct cert_certificate *c, const struct iv_domain *d)
{
    put(c, "domain");
    for (int i = 0; i < IV_COORDINATES; i++)
        if (d->text[i][0]) {
            const char *words[] = {
                iv_coordinate[i], d->text[i][0], d->text[i][1]};
            for (int k = 0; k < 3; k++) {
                put(c, " ");
                put(c, words[k]);
            }
        }
    put(c, "\n");
}

/* A decimal at or beyond x. */
static void put_decimal(struct cert_certificate *c, mpfr_srcptr x, bool up)
{
    char text[64];
    mpfr_snprintf(text, sizeof text, up ? " %.21RUg" : " %.21RDg", x);
    put(c, text);
}

/* Beyond x by more than another library's rounding. */
static void loosen(mpfr_ptr y, mpfr_srcptr x, bool up)
{
    mpfr_t slack;
    mpfr_init2(slack, IV_PROOF_PRECISION);
    mpfr_abs(slack, x, MPFR_RNDU);
    mpfr_mul_2si(slack, slack, -48, MPFR_RNDU);
    mpfr_add_d(slack, slack, 0x1p-56, MPFR_RNDU);
    if (up)
        mpfr_add(y, x, slack, MPFR_RNDU);
    else
        mpfr_sub(y, x, slack, MPFR_RNDD);
    mpfr_clear(slack);
}

/*
 * The bound of the largest (or smallest) value: a little beyond the proven
 * one, but at most half way to the limit that it keeps.
 */
static void put_bound(
    struct cert_certificate *c, const struct claim_part_result *r, bool up)
{
    mpfr_srcptr proven = up ? r->upper : r->lower;
    mpfr_rnd_t round = up ? MPFR_RNDU : MPFR_RNDD;
    mpfr_t bound, half;
    mpfi_t limit;
    mpfr_inits2(IV_PROOF_PRECISION, bound, half, NULL);
    mpfi_init2(limit, IV_PROOF_PRECISION);
    iv_decimal_mpfi(limit, r->limit);
    loosen(bound, proven, up);
    mpfr_add(half, proven, up ? &limit->left : &limit->right, round);
    mpfr_div_2ui(half, half, 1, round);
    if (up)
        mpfr_min(bound, bound, half, round);
    else
        mpfr_max(bound, bound, half, round);
    put(c, "bound");
    put_decimal(c, bound, up);
    put(c, "\n");
    mpfr_clears(bound, half, NULL);
    mpfi_clear(limit);
}

/* The place, and a value that it has more (or less) than. */
static void put_witness(
    struct cert_certificate *c, const struct claim_part_result *r, bool up)
{
    put(c, "witness");
    for (int i = 0; i < IV_COORDINATES; i++)
        if (r->place.text[i]) {
            put(c, " ");
            put(c, iv_coordinate[i]);
            put(c, " ");
            put(c, r->place.text[i]);
        }
    put(c, " value");
    mpfr_t value;
    mpfr_init2(value, IV_PROOF_PRECISION);
    loosen(value, up ? &r->value->left : &r->value->right, !up);
    put_decimal(c, value, !up);
    put(c, "\n");
    mpfr_clear(value);
}

/* A node, and its halves after it. */
static void put_tree(struct cert_certificate *c,
    const struct claim_part_result *r, size_t at, int depth)
{
    const struct search_node *node = &r->tree.node[at];
    c->too_large |= depth > CERT_DEEPEST;
    if (node->axis < 0 || c->too_large) {
        put(c, ".\n");
        return;
    }
    char cut[32];
    snprintf(cut, sizeof cut, "%.9g", node->at);
    if (strtod(cut, NULL) != node->at)
        snprintf(cut, sizeof cut, "%.17g", node->at);
    line(c, iv_coordinate[r->axis[node->axis]], cut, NULL);
    put_tree(c, r, node->half, depth + 1);
    put_tree(c, r, node->half + 1, depth + 1);
}

void cert_claim(struct cert_certificate *c, const struct claim_claim *claim,
    const struct claim_result *result, const char *const design[4])
{
    line(c, "claim", claim->name, NULL);
    if (!strcmp(claim->name, "design"))
        line(c, "design", design[0], design[1], design[2], design[3], NULL);
    for (size_t i = 0; i < result->part_count; i++) {
        const struct claim_part *part = &result->parts[i];
        const struct claim_part_result *r = &result->part[i];
        char text[24];
        snprintf(text, sizeof text, "%d", part->number);
        line(c, "part", text, NULL);
        put_domain(c, &r->domain);
        line(c, "limit", r->limit, NULL);
        if (!part->fails)
            put_bound(c, r, part->sense > 0);
        put_witness(c, r, part->sense > 0);
        for (size_t k = 0; k < r->pieces && !part->fails; k++)
            put_tree(c, r, k, 0);
    }
    line(c, "end claim", NULL);
}

void cert_finish(struct cert_certificate *c)
{
    fprintf(c->out, "sum %016llx\n", (unsigned long long)c->sum);
}
