/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar of a certificate, and what is asked of every part of it. */
#include "fixedpoint/proofs/checker/boxes.h"
#include "fixedpoint/proofs/checker/claim.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Evaluations for one inequality: so many for each box, and some more. */
enum { MOST_PARTS = 20000, PER_BOX = 400, SOME_MORE = 20000 };

struct check {
    struct snc_reader reader;
    arb_t lambda, alpha;
    struct snc_part *part; /* of the claim at hand */
    size_t parts, room;
    long boxes;
    char error[200];
    void (*told)(void *context, const char *text);
    void *context;
};

/* The rest of a line after its keyword; NULL, and an error, without it. */
static char *after(struct check *c, const char *keyword)
{
    size_t n = strlen(keyword);
    if (!snc_next(&c->reader))
        return NULL;
    if (strncmp(c->reader.line, keyword, n) || c->reader.line[n] != ' ') {
        snc_refuse(&c->reader, "'%.40s': a line '%s ...' is missing",
            c->reader.line, keyword);
        return NULL;
    }
    return c->reader.line + n + 1;
}

static bool take_decimal(struct check *c, fmpq_t x, const char *word)
{
    if (!word || !snc_is_decimal(word))
        return snc_refuse(
            &c->reader, "'%.40s': must be a decimal", word ? word : "");
    snc_decimal(x, word);
    return true;
}

static bool take_double(struct check *c, double *x, const char *word)
{
    if (!word || !snc_double(x, word))
        return snc_refuse(
            &c->reader, "'%.40s': must be a finite number", word ? word : "");
    return true;
}

static int coordinate_of(const char *word)
{
    int i = 0;
    while (i < SNC_COORDINATES && (!word || strcmp(word, snc_coordinate[i])))
        i++;
    return i;
}

static bool read_domain(struct check *c, struct snc_domain *domain)
{
    char *at = after(c, "domain"), *word;
    if (!at)
        return false;
    while ((word = snc_word(&at))) {
        int i = coordinate_of(word);
        if (i == SNC_COORDINATES || domain->has[i])
            return snc_refuse(
                &c->reader, "'%.40s': must be a coordinate, once", word);
        domain->has[i] = true;
        for (int end = 0; end < 2; end++)
            if (!take_decimal(c, domain->end[i][end], snc_word(&at)))
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

static bool read_relation(struct check *c, struct snc_part *part)
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
    return take_decimal(c, part->limit, snc_word(&at));
}

/* sense * x keeps (or breaks) the limit, proven. */
static bool keeps(const struct snc_part *part, const arb_t x, bool breaks)
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
static bool check_witness(struct check *c, const struct snc_part *part,
    struct snc_expression *expression)
{
    fmpq_t at[SNC_COORDINATES];
    bool has[SNC_COORDINATES] = {false}, good = true;
    char *rest = after(c, "witness"), *word;
    double value = NAN;
    if (!rest)
        return false;
    for (int i = 0; i < SNC_COORDINATES; i++)
        fmpq_init(at[i]);
    while (good && (word = snc_word(&rest))) {
        if (!strcmp(word, "value")) {
            good = take_double(c, &value, snc_word(&rest));
            break;
        }
        int i = coordinate_of(word);
        good =
            i < SNC_COORDINATES && part->domain.has[i]
                ? take_decimal(c, at[i], snc_word(&rest))
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
    if (good && part->fails && !keeps(part, found, true))
        good = snc_refuse(&c->reader, "the witness does not break the limit");
    arb_clear(found);
    arb_clear(said);
    for (int i = 0; i < SNC_COORDINATES; i++)
        fmpq_clear(at[i]);
    return good;
}

/* Which axes the boxes have: all that the formula and the domain ask for. */
static bool read_axes(struct check *c, struct snc_inequality *s)
{
    char *at = after(c, "axes"), *word;
    bool has[SNC_COORDINATES] = {false};
    if (!at)
        return false;
    while ((word = snc_word(&at))) {
        int i = coordinate_of(word);
        if (i == SNC_COORDINATES || has[i] || s->axes == SNC_AXES)
            return snc_refuse(
                &c->reader, "'%.40s': must be a coordinate, once", word);
        has[i] = true;
        s->axis[s->axes++] = i;
    }
    for (int i = 0; i < 2; i++) {
        bool product = has[SNC_M + i];
        bool factors = has[i] && has[i + 2];
        bool named = snc_expression_names(s->expression, i) ||
                     snc_expression_names(s->expression, i + 2);
        bool extreme = snc_expression_is_extreme(s->expression);
        if (product == factors || (product && (has[i] || has[i + 2])) ||
            (product && named) || (!product && extreme) ||
            (factors && !s->domain->has[i]))
            return snc_refuse(
                &c->reader, "the axes do not fit the formula and its domain");
    }
    if (has[6] != s->domain->has[6])
        return snc_refuse(&c->reader, "the axis s is out of place");
    return true;
}

static bool read_box(struct check *c, struct snc_box *box, int axes)
{
    if (!snc_next(&c->reader))
        return false;
    char *at = c->reader.line;
    for (int i = 0; i < axes; i++) {
        for (int end = 0; end < 2; end++)
            if (!take_double(c, &box->x[i][end], snc_word(&at)))
                return false;
        if (!(box->x[i][0] <= box->x[i][1]))
            return snc_refuse(&c->reader, "the box is reversed");
    }
    if (!take_double(c, &box->bound, snc_word(&at)))
        return false;
    return !snc_word(&at) ||
           snc_refuse(&c->reader, "the box has more numbers");
}

/* Every box's bound, and the boxes together. */
static bool check_boxes(struct check *c, struct snc_inequality *s,
    const struct snc_part *part, double bound)
{
    char *at = after(c, "boxes"), *word = at ? snc_word(&at) : NULL;
    double count = 0, most = -INFINITY, hole[SNC_AXES] = {0};
    if (!at || !take_double(c, &count, word))
        return false;
    if (!(count >= 1 && count <= SNC_MOST_BOXES && count == floor(count)))
        return snc_refuse(&c->reader, "'%.40s': must be from 1 to %d boxes",
            word, SNC_MOST_BOXES);
    struct snc_box *box = NULL;
    size_t room = 0, used = 0;
    bool good = true;
    s->budget = SOME_MORE + (long)count * PER_BOX;
    for (; good && used < (size_t)count; used++) {
        if (used == room) { /* as they come: the count is only a word */
            room = room ? 2 * room : 16;
            struct snc_box *more = realloc(box, room * sizeof *box);
            if (!more) {
                good = snc_refuse(&c->reader, "out of memory");
                break;
            }
            box = more;
        }
        good = read_box(c, &box[used], s->axes);
        if (good && box[used].bound > bound)
            good =
                snc_refuse(&c->reader, "the box's bound is above the whole's");
        if (good && !snc_box_holds(
                        s, (const double(*)[2])box[used].x, box[used].bound))
            good = snc_refuse(&c->reader, "the box's bound is not confirmed");
        if (good)
            most = fmax(most, box[used].bound);
    }
    if (good && most < bound)
        good = snc_refuse(&c->reader, "no box has the bound of the whole");
    if (good && !snc_covers(box, used, s->axis, s->axes, &part->domain, hole))
        good = snc_refuse(&c->reader,
            "the boxes do not cover the domain, near %s = %.6g, %s = %.6g",
            snc_coordinate[s->axis[0]], hole[0], snc_coordinate[s->axis[1]],
            hole[1]);
    c->boxes += (long)used;
    free(box);
    return good;
}

static bool check_bound(struct check *c, const struct snc_part *part,
    struct snc_expression *expression)
{
    struct snc_inequality s = {.expression = expression,
        .sense = part->sense,
        .domain = &part->domain};
    char *at = after(c, "bound");
    double bound;
    arb_t x;
    if (!at || !take_double(c, &bound, snc_word(&at)))
        return false;
    arb_init(x);
    arb_set_d(x, part->sense * bound);
    bool good = keeps(part, x, false) ||
                snc_refuse(&c->reader, "the bound does not keep the limit");
    arb_clear(x);
    if (!good || !read_axes(c, &s))
        return false;
    snc_jet_init(&s.here);
    snc_jet_init(&s.there);
    good = check_boxes(c, &s, part, bound);
    snc_jet_clear(&s.here);
    snc_jet_clear(&s.there);
    return good;
}

static bool check_part(struct check *c, struct snc_part *part)
{
    const char *error = NULL;
    char *text = after(c, "formula");
    if (!text)
        return false;
    part->formula = strdup(text);
    struct snc_expression *e = snc_expression_new(text, &error);
    if (!e)
        return snc_refuse(&c->reader, "%s", error);
    snc_expression_constants(e, c->lambda, c->alpha);
    bool good = part->formula && read_domain(c, &part->domain) &&
                read_relation(c, part) && check_witness(c, part, e) &&
                (part->fails || check_bound(c, part, e));
    snc_expression_free(e);
    return good;
}

static void clear_parts(struct check *c)
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
static __attribute__((noinline)) struct snc_part *new_part(struct check *c)
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

/* "mu -0.1:0.1, ...: FORMULA < LIMIT", as it was proved. */
static void tell(struct check *c, const struct snc_part *part)
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
    fputs(" for", out);
    for (int i = 0; i < SNC_COORDINATES; i++)
        if (part->domain.has[i]) {
            char *low = fmpq_get_str(NULL, 10, part->domain.end[i][0]);
            char *high = fmpq_get_str(NULL, 10, part->domain.end[i][1]);
            fprintf(out, " %s in [%s, %s]", snc_coordinate[i], low, high);
            flint_free(low);
            flint_free(high);
        }
    fclose(out);
    c->told(c->context, text);
    free(text);
}

static bool check_claim(struct check *c, struct snc_claim *claim)
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
        if (!part || !check_part(c, part))
            return false;
        if (c->told)
            tell(c, part);
    }
    const char *why = snc_claim_follows(claim->name, c->part, c->parts);
    if (why)
        return snc_refuse(&c->reader, "%s: %s", claim->name, why);
    claim->parts = (long)c->parts;
    claim->boxes = c->boxes;
    clear_parts(c);
    return true;
}

static bool check_head(struct check *c)
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
    if (!after(c, "by"))
        return false;
    char *at = after(c, "design");
    for (int i = 0; i < 4; i++)
        fmpq_init(design[i]);
    good = at != NULL;
    for (int i = 0; good && i < 4; i++)
        good = take_decimal(c, design[i], snc_word(&at));
    if (good && (fmpq_sgn(design[1]) <= 0 || fmpq_sgn(design[3]) <= 0))
        good = snc_refuse(&c->reader, "variance and tau must be above 0");
    if (good && !snc_constants(c->lambda, c->alpha, (const fmpq_t *)design))
        good = snc_refuse(&c->reader, "no constants have that fixed point");
    for (int i = 0; i < 4; i++)
        fmpq_clear(design[i]);
    return good;
}

static bool check_all(struct check *c,
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
    struct check *c = calloc(1, sizeof *c);
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
