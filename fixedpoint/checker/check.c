/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar of a certificate: its head, its claims, its sum. */
#include "fixedpoint/checker/check.h"
#include <stdlib.h>
#include <string.h>

enum { MOST_PARTS = 20000, MOST_DOMAINS = 2 };

static void clear_parts(struct snc_check_state *c)
{
    for (size_t i = 0; i < c->parts; i++) {
        free(c->part[i].formula);
        snc_domain_clear(&c->part[i].domain);
        fmpq_clear(c->part[i].limit);
    }
    c->parts = 0;
    c->boxes = 0;
}

/* Not inlined: gcc 12 takes an fmpq_t just initialised for half of one. */
static __attribute__((noinline)) struct snc_part *new_part(
    struct snc_check_state *c)
{
    if (c->parts == c->room) {
        size_t room = c->room ? 2 * c->room : 16;
        struct snc_part *more = realloc(c->part, room * sizeof *more);
        if (!more || room > 2 * MOST_PARTS) {
            snc_refuse(&c->reader, "too many inequalities");
            c->part = more ? more : c->part;
            return NULL;
        }
        c->part = more;
        c->room = room;
    }
    struct snc_part *part = &c->part[c->parts++];
    memset(part, 0, sizeof *part);
    snc_domain_init(&part->domain);
    fmpq_init(part->limit);
    return part;
}

static void print_domain(FILE *out, const struct snc_domain *domain)
{
    fputs(" for", out);
    for (int i = 0; i < SNC_COORDINATES; i++)
        if (domain->has[i]) {
            char *low = fmpq_get_str(NULL, 10, domain->end[i][0]);
            char *high = fmpq_get_str(NULL, 10, domain->end[i][1]);
            fprintf(out, " %s in [%s, %s]", snc_coordinate[i], low, high);
            flint_free(low);
            flint_free(high);
        }
}

/* "FORMULA < LIMIT for mu in [-1/10, 1/10] ...", as it was proved. */
static void tell(struct snc_check_state *c, const struct snc_part *part)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return;
    fprintf(out, "%s%s %s ", part->fails ? "not everywhere " : "",
        part->formula,
        part->sense > 0 ? part->closed ? "<=" : "<"
        : part->closed  ? ">="
                        : ">");
    char *limit = fmpq_get_str(NULL, 10, part->limit);
    fputs(limit, out);
    flint_free(limit);
    print_domain(out, &part->domain);
    fclose(out);
    c->told(c->context, text);
    free(text);
}

/*
 * What a claim is about, as a certificate may have any domain and design: the
 * start of its orbits, or all domains of its parts unless they are many, as
 * those of claims that say no more than their parts.
 */
static void say_where(
    struct snc_claim *claim, const struct snc_check_state *c, size_t last)
{
    char *text = NULL;
    size_t size = 0, different = 0, first[MOST_DOMAINS] = {0};
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return;
    for (size_t i = 0; i < c->parts && different <= MOST_DOMAINS; i++) {
        bool known = false;
        for (size_t k = 0; k < different; k++)
            known |=
                snc_domain_same(&c->part[i].domain, &c->part[first[k]].domain);
        if (!known && different++ < MOST_DOMAINS)
            first[different - 1] = i;
    }
    if (last < c->parts) {
        struct snc_domain start = c->part->domain;
        *start.end[1][1] = *c->part[last].domain.end[1][1];
        print_domain(out, &start);
    } else if (different <= MOST_DOMAINS) {
        for (size_t k = 0; k < different; k++) {
            fputs(k ? "; and" : "", out);
            print_domain(out, &c->part[first[k]].domain);
        }
    }
    fclose(out);
    snprintf(claim->where, sizeof claim->where, "%s", text);
    free(text);
}

static bool check_claim(struct snc_check_state *c, struct snc_claim *claim)
{
    for (;;) {
        if (!snc_next(&c->reader))
            return false;
        if (!strcmp(c->reader.line, "end claim"))
            break;
        if (strncmp(c->reader.line, "part ", 5))
            return snc_refuse(&c->reader,
                "'%.40s': must be 'part ...' or 'end claim'", c->reader.line);
        struct snc_part *part = new_part(c);
        if (!part || !snc_check_part(c, part))
            return false;
        if (c->told)
            tell(c, part);
    }
    size_t last;
    const char *why = snc_claim_follows(claim->name, c->part, c->parts, &last);
    if (why)
        return snc_refuse(&c->reader, "%s: %s", claim->name, why);
    claim->is_list = snc_claim_is_list(claim->name);
    claim->parts = (long)c->parts;
    claim->boxes = c->boxes;
    say_where(claim, c, last);
    claim->design = c->design;
    clear_parts(c);
    return true;
}

static bool check_head(struct snc_check_state *c)
{
    static const char title[] = "selfnorm certificate ";
    fmpq_t design[4];
    bool good = snc_next(&c->reader);
    if (!good || strncmp(c->reader.line, title, sizeof title - 1)) {
        *c->error = '\0'; /* whatever was wrong with that line */
        return snc_refuse(&c->reader, "this is no certificate of selfnorm");
    }
    if (strcmp(c->reader.line + sizeof title - 1, "1"))
        return snc_refuse(&c->reader, "version '%.20s': this program knows 1",
            c->reader.line + sizeof title - 1);
    if (!snc_after(c, "by"))
        return false;
    char *at = snc_after(c, "design");
    for (int i = 0; i < 4; i++)
        fmpq_init(design[i]);
    good = at != NULL;
    if (good)
        snprintf(c->design, sizeof c->design, "%s", at);
    for (int i = 0; good && i < 4; i++)
        good = snc_take_decimal(c, design[i], snc_word(&at));
    if (good && snc_word(&at))
        good = snc_refuse(&c->reader, "something follows the design");
    if (good && (fmpq_sgn(design[1]) <= 0 || fmpq_sgn(design[3]) <= 0))
        good = snc_refuse(&c->reader, "variance and tau must be above 0");
    if (good && !snc_constants(c->lambda, c->alpha, (const fmpq_t *)design))
        good = snc_refuse(&c->reader, "no constants have that fixed point");
    for (int i = 0; i < 4; i++)
        fmpq_clear(design[i]);
    return good;
}

static bool check_all(struct snc_check_state *c,
    void (*verified)(void *context, const struct snc_claim *claim),
    void *context)
{
    long claims = 0;
    if (!check_head(c))
        return false;
    for (;;) {
        uint64_t sum = c->reader.sum;
        if (!snc_next(&c->reader))
            return false;
        char *at = c->reader.line;
        char *word = snc_word(&at), *name = snc_word(&at);
        if (word && name && !strcmp(word, "sum")) {
            char want[20];
            snprintf(want, sizeof want, "%016llx", (unsigned long long)sum);
            if (strcmp(want, name))
                return snc_refuse(
                    &c->reader, "the sum differs: the file was changed");
            if (getc(c->reader.in) != EOF)
                return snc_refuse(&c->reader, "something follows the end");
            return claims || snc_refuse(&c->reader, "it has no claims");
        }
        struct snc_claim claim = {0};
        if (!word || !name || strcmp(word, "claim") ||
            strlen(name) >= sizeof claim.name)
            return snc_refuse(&c->reader,
                "'%.40s': must be 'claim ...' or 'sum ...'", word ? word : "");
        strcpy(claim.name, name);
        if (!check_claim(c, &claim))
            return false;
        claims++;
        if (verified)
            verified(context, &claim);
    }
}

bool snc_check(FILE *in, char error[200],
    void (*part)(void *context, const char *text),
    void (*verified)(void *context, const struct snc_claim *claim),
    void *context)
{
    struct snc_check_state *c = calloc(1, sizeof *c);
    if (!c) {
        strcpy(error, "out of memory");
        return false;
    }
    c->reader.in = in;
    c->reader.error = c->error;
    c->reader.sum = 0xcbf29ce484222325;
    c->told = part;
    c->context = context;
    arb_init(c->lambda);
    arb_init(c->alpha);
    bool good = check_all(c, verified, context);
    memcpy(error, c->error, 200);
    clear_parts(c);
    free(c->part);
    arb_clear(c->lambda);
    arb_clear(c->alpha);
    free(c);
    return good;
}
