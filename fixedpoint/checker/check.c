/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A certificate from its first line to its sum. */
#include "fixedpoint/checker/parts.h"
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static bool check_head(struct snc_reader *r)
{
    static const char title[] = "selfnorm certificate ";
    char version[8];
    bool good = snc_line(r);
    if (r->refusal->reason == SNC_LARGE_FILE ||
        r->refusal->reason == SNC_NO_MEMORY)
        return false;
    if (!good || strncmp(r->line, title, sizeof title - 1)) {
        r->refusal->reason = SNC_NO_REASON; /* whatever that line is */
        return snc_refuse(r, SNC_NO_CERTIFICATE, NULL);
    }
    snprintf(version, sizeof version, "%d", SNC_VERSION);
    if (strcmp(r->line + sizeof title - 1, version))
        return snc_refuse(r, SNC_OTHER_VERSION, r->line + sizeof title - 1);
    r->refusal->wanted = "by";
    return snc_line(r) && (!strncmp(r->line, "by ", 3) ||
                              snc_refuse(r, SNC_OTHER_LINE, r->line));
}

/* The constants: the design's, which is printed too, or the paper's. */
static bool read_design(struct snc_state *c, bool own, FILE *out)
{
    static const char *const paper[4] = {"0", "1", "0", "1"};
    struct snc_reader *r = &c->reader;
    fmpq_t design[4];
    if (own && !snc_keyword(r, "design", 4))
        return false;
    for (int i = 0; i < 4; i++)
        fmpq_init(design[i]);
    bool good = true;
    for (int i = 0; i < 4 && good; i++) {
        const char *word = own ? r->word[1 + i] : paper[i];
        good = snc_number(r, design[i], word) &&
               (i % 2 == 0 || fmpq_sgn(design[i]) > 0 ||
                   snc_refuse(r, SNC_NOT_POSITIVE, word));
        fprintf(out, "%s%s", i ? " " : "", word);
    }
    good = good && (snc_constants(c->at + SNC_JET * SNC_LAMBDA,
                        c->at + SNC_JET * SNC_ALPHA, (const fmpq_t *)design) ||
                       snc_refuse(r, SNC_NO_CONSTANTS, NULL));
    for (int i = 0; i < 4; i++)
        fmpq_clear(design[i]);
    return good;
}

static bool check_kind(struct snc_state *c, const struct snc_entry *entry,
    struct snc_claim *claim, const struct snc_text *text)
{
    if (entry->kind == SNC_SHARP)
        return snc_check_sharp(c);
    if (entry->kind == SNC_GLOBAL)
        return snc_check_global(c, entry, claim, text);
    return snc_check_table(c, entry, claim, text);
}

/* The line at hand is "claim NAME". */
static bool check_claim(struct snc_state *c)
{
    enum { TEXTS = 3 }; /* domain, finding, design */
    const struct snc_entry *entry = snc_entry_find(c->reader.word[1]);
    char *text[TEXTS] = {NULL};
    FILE *out[TEXTS] = {NULL};
    size_t size[TEXTS];
    bool good = true;
    if (!entry)
        return snc_refuse(&c->reader, SNC_NO_CLAIM, c->reader.word[1]);
    for (int i = 0; i < TEXTS && good; i++) {
        out[i] = open_memstream(&text[i], &size[i]);
        good = out[i] || snc_refuse(&c->reader, SNC_NO_MEMORY, NULL);
    }
    struct snc_claim claim = {.name = entry->name,
        .statement = entry->statement,
        .not_claimed = entry->not_claimed,
        .is_list = entry->is_list};
    c->inequalities = c->boxes = 0;
    claim.work = c->work;
    bool own = entry->kind == SNC_DESIGN;
    good = good && read_design(c, own, out[2]) &&
           check_kind(c, entry, &claim, &(struct snc_text){out[0], out[1]});
    for (int i = 0; i < TEXTS; i++)
        if (out[i])
            fclose(out[i]);
    claim.domain = text[0];
    claim.finding = text[1];
    claim.design = own ? text[2] : NULL;
    claim.inequalities = c->inequalities;
    claim.boxes = c->boxes;
    claim.work = c->work - claim.work;
    if (own) /* it has no domain that it is known for */
        claim.extent = SNC_ITS_OWN;
    if (good && c->listener->claim)
        c->listener->claim(c->listener->context, &claim);
    for (int i = 0; i < TEXTS; i++)
        free(text[i]);
    return good;
}

static bool check_sum(struct snc_reader *r)
{
    char sum[20];
    snprintf(sum, sizeof sum, "%016llx", (unsigned long long)r->sum);
    if (strcmp(sum, r->word[1]))
        return snc_refuse(r, SNC_OTHER_SUM, NULL);
    return getc(r->in) == EOF || snc_refuse(r, SNC_AFTER_END, NULL);
}

static bool check_all(struct snc_state *c)
{
    struct snc_reader *r = &c->reader;
    if (!check_head(r))
        return false;
    for (long claims = 0;; claims++) {
        r->refusal->wanted = "claim, or sum";
        if (!snc_line(r) || !snc_words(r))
            return false;
        if (r->words == 2 && !strcmp(r->word[0], "sum"))
            return (claims || snc_refuse(r, SNC_NO_CLAIMS, NULL)) &&
                   check_sum(r);
        if (r->words != 2 || strcmp(r->word[0], "claim"))
            return snc_refuse(r, SNC_OTHER_LINE, r->line);
        if (!check_claim(c))
            return false;
    }
}

bool snc_check(
    struct snc_refusal *refusal, FILE *in, const struct snc_listener *listener)
{
    static const struct snc_listener none;
    struct snc_state *c = calloc(1, sizeof *c);
    *refusal = (struct snc_refusal){.reason = SNC_NO_REASON};
    if (!c) {
        refusal->reason = SNC_NO_MEMORY;
        return false;
    }
    c->reader.in = in;
    c->reader.refusal = refusal;
    c->reader.sum = 0xcbf29ce484222325;
    c->listener = listener ? listener : &none;
    c->allowed = SNC_WORK_START;
    c->at = _arb_vec_init(SNC_JET * SNC_VALUES);
    snc_moments_init(&c->box);
    snc_moments_init(&c->centre);
    snc_domain_init(&c->domain);
    fmpq_init(c->limit);
    bool good = check_all(c);
    refusal->work = c->work;
    _arb_vec_clear(c->at, SNC_JET * SNC_VALUES);
    snc_moments_clear(&c->box);
    snc_moments_clear(&c->centre);
    snc_domain_clear(&c->domain);
    fmpq_clear(c->limit);
    free(c);
    return good;
}
