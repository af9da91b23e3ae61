/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes certificates, in lines of text (docs/proofs.md has the format).
 * Every bound is rounded up a little further than it was proven, so that
 * another library need not round as this one did.
 */
#include "fixedpoint/proofs/certificate/certificate.h"
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a over all bytes before the last line: damage, not forgery. */
static void put(struct cert_certificate *c, const char *text)
{
    for (const char *p = text; *p; p++)
        c->sum = (c->sum ^ (unsigned char)*p) * 0x100000001b3;
    fputs(text, c->out);
}

static void line(struct cert_certificate *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void line(struct cert_certificate *c, const char *format, ...)
{
    char text[4096];
    va_list words;
    va_start(words, format);
    vsnprintf(text, sizeof text, format, words);
    va_end(words);
    put(c, text);
}

void cert_start(struct cert_certificate *c, FILE *out, const char *version,
    const char *const design[4])
{
    *c = (struct cert_certificate){.out = out, .sum = 0xcbf29ce484222325};
    line(c, "selfnorm certificate 1\n");
    line(c, "by selfnorm %s, MPFI %s, MPFR %s, %d bits\n", version,
        mpfi_get_version(), mpfr_get_version(), IV_PROOF_PRECISION);
    put(c, "design");
    for (int i = 0; i < 4; i++) {
        put(c, " ");
        put(c, design[i]);
    }
    put(c, "\n");
}

/* A little above an upper bound, but not as far as the limit it keeps. */
static double loosen(double upper, double limit)
{
    double loose =
        nextafter(upper + 0x1p-48 * fabs(upper) + 0x1p-56, INFINITY);
    return upper < limit && loose >= limit ? upper : loose;
}

static void put_domain(struct cert_certificate *c, const struct iv_domain *d)
{
    put(c, "domain");
    for (int i = 0; i < IV_COORDINATES; i++)
        if (d->text[i][0]) {
            line(c, " %s ", iv_coordinate[i]);
            put(c, d->text[i][0]);
            put(c, " ");
            put(c, d->text[i][1]);
        }
    put(c, "\n");
}

static void put_witness(
    struct cert_certificate *c, const struct claim_part_result *r, int sense)
{
    put(c, "witness");
    for (int i = 0; i < IV_COORDINATES; i++)
        if (r->place.text[i]) {
            line(c, " %s ", iv_coordinate[i]);
            put(c, r->place.text[i]);
        }
    double value = sense > 0 ? mpfr_get_d(&r->value->left, MPFR_RNDD)
                             : -mpfr_get_d(&r->value->right, MPFR_RNDU);
    line(c, " value %a\n", -loosen(-value, INFINITY));
}

/* The axes of the boxes: those of the pieces, which are the same for all. */
static void put_boxes(struct cert_certificate *c,
    const struct claim_part_result *r, double limit)
{
    double most = -INFINITY;
    for (size_t i = 0; i < r->leaves.count; i++)
        most = fmax(most, loosen(r->leaves.leaf[i].upper, limit));
    line(c, "bound %a\naxes", most);
    for (int k = 0; k < r->axes; k++)
        line(c, " %s", iv_coordinate[r->axis[k]]);
    line(c, "\nboxes %zu\n", r->leaves.count);
    for (size_t i = 0; i < r->leaves.count; i++) {
        const struct search_leaf *leaf = &r->leaves.leaf[i];
        for (int k = 0; k < r->axes; k++)
            line(c, "%a %a ", leaf->x[k][0], leaf->x[k][1]);
        line(c, "%a\n", loosen(leaf->upper, limit));
    }
}

void cert_claim(struct cert_certificate *c, const struct claim_claim *claim,
    const struct claim_result *result)
{
    line(c, "claim %s\n", claim->name);
    for (size_t i = 0; i < result->part_count; i++) {
        const struct claim_part *part = &result->parts[i];
        const struct claim_part_result *r = &result->part[i];
        line(c, "part %s\nformula ", part->name);
        put(c, part->formula);
        put(c, "\n");
        put_domain(c, &r->domain);
        line(c, "%s%s%s ", part->fails ? "not " : "",
            part->sense > 0 ? "below" : "above", part->closed ? " or at" : "");
        put(c, r->limit);
        put(c, "\n");
        put_witness(c, r, part->sense);
        if (!part->fails)
            put_boxes(c, r, part->sense * strtod(r->limit, NULL));
    }
    put(c, "end claim\n");
}

void cert_finish(struct cert_certificate *c)
{
    fprintf(c->out, "sum %016llx\n", (unsigned long long)c->sum);
}
