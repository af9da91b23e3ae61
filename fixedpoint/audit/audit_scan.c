/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Literals in a file: what stands around them, and which of them count. */
#include "fixedpoint/audit/audit_words.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { AUDIT_SCAN_NEAR = 10, FEW = 5, PRECISE_DIGITS = 7 };
static const double SURE = 5e-6, PRECISE = 1e-6, WINDOW = 3e-2;

enum landmark { SELU_WORD, PRECISE_LITERAL, LANDMARKS };

struct candidate {
    struct audit_literal literal;
    enum audit_constant said; /* by its name; AUDIT_CONSTANTS: nothing */
    bool direct;              /* the name is that of the literal alone */
    bool own;                 /* the name has to do with SELU */
    bool foreign, onnx;       /* a name of something else; of an attribute */
    bool data;                /* one of many numbers that are no constants */
    bool expected, multiplied, prose, approximate, excused, precise;
    bool near[LANDMARKS];
};

enum { OPEN_CALLS = 8, TUPLE_NAMES = 4 };

/* What was read of the statement that a literal stands in. */
struct statement {
    int type;
    char last[AUDIT_WORD];  /* the last word that declares no type */
    char bound[AUDIT_WORD]; /* the name before the last = or : */
    bool is_bound, direct, choice, expects;
    int nested, bound_nested; /* open brackets, and at the name */
    /* a, b = x, y: the names, and which is next */
    char tuple[TUPLE_NAMES][AUDIT_WORD];
    int tuples, next_name;
    bool after_word; /* nothing but blanks and a sign since `last` */
    size_t first;    /* candidate */
    char call[OPEN_CALLS][AUDIT_WORD]; /* the words before each ( */
    int depth;
};

struct scanner {
    const char *name, *text;
    size_t size, at, line, line_start;
    const unsigned char *place;
    bool python, fortran;
    int type; /* of a literal that does not say, in this language */
    struct audit_near near;
    struct candidate *found;
    size_t count, room, first_on_line;
    size_t landmark[LANDMARKS]; /* the last line with one; 0: none */
    struct statement now;
    char label[AUDIT_WORD]; /* name: "alpha" of a protobuf text */
    bool label_next, gamma;
    size_t run, run_like, run_first; /* numbers without words between */
};

/* Letters, digits and what is not ASCII, which may be Greek. */
static bool in_word(unsigned c)
{
    return isalnum((int)c) || c == '_' || c >= 0x80;
}

static unsigned byte_at(const struct scanner *s, size_t i)
{
    return i < s->size ? (unsigned char)s->text[i] : 0;
}

static bool text_at(const struct scanner *s, size_t i, const char *what)
{
    const size_t length = strlen(what);
    return i <= s->size && s->size - i >= length &&
           !memcmp(s->text + i, what, length);
}

/* The place of the last byte before i, of the first from i on, that is no
   blank; their line alone. */
static size_t before_blanks(const struct scanner *s, size_t i)
{
    while (i > s->line_start && strchr(" \t(\"'", s->text[i - 1]))
        i--;
    return i;
}
static size_t after_blanks(const struct scanner *s, size_t i)
{
    while (i < s->size && strchr(" \t)\"'", s->text[i]))
        i++;
    return i;
}

static void new_statement(struct scanner *s)
{
    s->now = (struct statement){.type = AUDIT_UNTYPED, .first = s->count};
}

static void bind(struct statement *now, const char *name)
{
    memmove(now->bound, name, AUDIT_WORD);
    now->is_bound = now->direct = *name != '\0';
    now->bound_nested = now->nested;
}

static void end_run(struct scanner *s)
{
    if (s->run >= 3 && 2 * s->run_like < s->run)
        for (size_t i = s->run_first; i < s->count; i++)
            s->found[i].data = true;
    s->run = s->run_like = 0;
    s->run_first = s->count;
}

/* ---- words and marks --------------------------------------------------- */

/* A type behind a literal: ": tensor<4xf32>", "dtype=torch.float16". */
static void type_behind(struct scanner *s, size_t start, int type)
{
    const size_t before = before_blanks(s, start);
    if (before == s->line_start || !strchr(":=<.", s->text[before - 1]))
        return;
    for (size_t i = s->now.first; i < s->count; i++)
        if (s->found[i].literal.type < 0)
            s->found[i].literal.type = type;
}

static void take_word(struct scanner *s)
{
    struct statement *now = &s->now;
    const size_t start = s->at;
    char word[AUDIT_WORD] = "";
    size_t n = 0;
    for (; s->at < s->size && in_word(byte_at(s, s->at)) &&
           !text_at(s, s->at, "\xe2\x88\x92");
         s->at++)
        if (n + 1 < AUDIT_WORD)
            word[n++] = (char)tolower((int)byte_at(s, s->at));
    if (audit_word_mentions(word) ||
        (!strcmp(word, "dropout") && !strcmp(now->last, "alpha")))
        s->landmark[SELU_WORD] = s->line;
    end_run(s);
    now->expects |= audit_word_expects(word);
    if (s->label_next)
        memcpy(s->label, word, sizeof word);
    s->label_next = false;
    const int type = audit_word_type(word, s->python);
    if (type >= 0) {
        now->type = type;
        type_behind(s, start, type);
    }
    if (!strcmp(word, "as")) /* Dim alpha As Single */
        return;
    /* the name of a cast only, or a type and a name at once: SELU_F32 */
    if (type >= 0 && audit_word_constant(word) == AUDIT_CONSTANTS &&
        !audit_word_mentions(word))
        return;
    if (now->is_bound && now->after_word)
        now->direct = false;
    memcpy(now->last, word, sizeof word);
    now->after_word = true;
}

static void open_bracket(struct scanner *s, char c)
{
    struct statement *now = &s->now;
    const bool names = now->after_word && !now->is_bound &&
                       audit_word_constant(now->last) != AUDIT_CONSTANTS;
    if (c == '(' && now->depth < OPEN_CALLS)
        memcpy(now->call[now->depth], now->after_word ? now->last : "",
            now->after_word ? AUDIT_WORD : 1);
    now->depth += c == '(';
    now->nested++;
    if (names) {
        bind(now, now->last);
    } else if (c == '{') {
        const size_t before = before_blanks(s, s->at);
        if (before == s->line_start || !strchr("=,{[:", s->text[before - 1]))
            new_statement(s);
    }
}

/* Calls as names: selu16(x) = ... */
static void close_bracket(struct statement *now)
{
    if (now->depth && --now->depth < OPEN_CALLS && *now->call[now->depth])
        memcpy(now->last, now->call[now->depth], AUDIT_WORD);
}

/* Values that the rest of the line has, between commas. */
static int values_behind(const struct scanner *s)
{
    int values = 1, depth = 0;
    for (size_t i = s->at + 1; i < s->size; i++) {
        const char c = s->text[i];
        if (c == '\n' || c == ';' || c == '#')
            break;
        depth += (c == '(' || c == '[') - (c == ')' || c == ']');
        values += c == ',' && depth <= 0;
    }
    return values;
}

/* The next name before =, or the next value behind it. */
static void take_comma(struct statement *now)
{
    if (now->nested > now->bound_nested) {
        now->direct = false;
    } else if (now->tuples && now->is_bound) {
        if (now->next_name < now->tuples)
            bind(now, now->tuple[now->next_name++]);
        else
            now->direct = false;
    } else if (!now->is_bound && !now->nested && now->after_word) {
        if (now->tuples < TUPLE_NAMES)
            memcpy(now->tuple[now->tuples++], now->last, AUDIT_WORD);
    } else {
        now->direct = false;
    }
}

static void bind_tuple(struct scanner *s)
{
    struct statement *now = &s->now;
    if (now->tuples == TUPLE_NAMES || now->type >= 0 ||
        values_behind(s) != now->tuples + 1) {
        now->tuples = 0;
        bind(now, now->last);
        return;
    }
    memcpy(now->tuple[now->tuples++], now->last, AUDIT_WORD);
    bind(now, now->tuple[0]);
    now->next_name = 1;
}

static void take_equals(struct scanner *s, char c)
{
    struct statement *now = &s->now;
    const char last = (char)(s->at ? byte_at(s, s->at - 1) : 0);
    const char next = (char)byte_at(s, s->at + 1);
    if (c == '=' && (next == '=' || (last && strchr("=!<>", last)))) {
        now->expects |= next == '=' || last == '=';
        now->direct = false;
    } else if (c == '=' && next == '>') {
        now->direct = false;
    } else if (c == ':' && (next == ':' || last == ':')) {
        return;
    } else if (c == ':' && now->choice) {
        now->is_bound = now->direct = false;
    } else {
        s->label_next = !strcmp(now->last, "name");
        const bool value = !strcmp(now->last, "f") && *s->label;
        if (c == '=' && now->tuples && !now->is_bound)
            bind_tuple(s);
        else
            bind(now, value ? s->label : now->last);
    }
}

static void take_mark(struct scanner *s)
{
    struct statement *now = &s->now;
    const char c = s->text[s->at];
    if (!strchr(",[](){}+-\"'<> \t\r\n", c))
        end_run(s);
    if (c == ';')
        new_statement(s);
    else if (c == '(' || c == '{' || c == '[')
        open_bracket(s, c);
    else if (c == ')')
        close_bracket(now);
    else if (c == ',')
        take_comma(now);
    else if (c == '=' || c == ':')
        take_equals(s, c);
    if (c == '}') {
        new_statement(s);
        s->label[0] = '\0';
    }
    now->choice |= c == '?';
    now->nested -= (c == ')' || c == ']') && now->nested;
    if (strchr("*/+?>&|%", c))
        now->direct = false;
    if (!strchr(" \t-", c))
        now->after_word = false;
    s->at++;
}

static void end_line(struct scanner *s)
{
    static const char excuse[] = "selfnorm: ignore";
    const size_t line = s->line, end = s->at;
    bool excused = false;
    for (size_t i = s->line_start; i < end && s->first_on_line < s->count; i++)
        excused |= s->text[i] == *excuse && text_at(s, i, excuse) &&
                   i + strlen(excuse) <= end;
    for (size_t i = s->first_on_line; i < s->count; i++)
        s->found[i].excused = excused;
    for (int k = 0; k < LANDMARKS; k++) {
        const size_t mark = s->landmark[k];
        const bool near = mark && line - mark <= AUDIT_SCAN_NEAR;
        for (size_t i = s->first_on_line; i < s->count; i++)
            s->found[i].near[k] = near;
        if (mark == line)
            for (size_t i = s->first_on_line;
                 i-- && line - s->found[i].literal.line <= AUDIT_SCAN_NEAR;)
                s->found[i].near[k] = true;
    }
    s->first_on_line = s->count;
    const size_t last = before_blanks(s, end);
    if (last == s->line_start || !strchr(",=(", s->text[last - 1]))
        new_statement(s);
    s->line++;
    s->line_start = end + 1;
}

/* ---- numbers ----------------------------------------------------------- */

/* The end of the number that starts at i, as C's preprocessor has them: signs
   belong to it after e or p. */
static size_t number_end(const struct scanner *s, size_t i)
{
    const bool hex = byte_at(s, i) == '0' && (byte_at(s, i + 1) | 32) == 'x';
    const size_t start = i;
    for (; i < s->size; i++) {
        const unsigned c = byte_at(s, i),
                       last = i > start ? byte_at(s, i - 1) : 0;
        if (c < 0x80 && (isalnum((int)c) || c == '_' || c == '.'))
            continue;
        if (c == '\'' && isxdigit((int)last) &&
            isxdigit((int)byte_at(s, i + 1)))
            continue;
        if ((c == '+' || c == '-') &&
            (hex ? (last | 32) == 'p'
                 : last && strchr("edq", (int)last | 32) != NULL))
            continue;
        break;
    }
    return i;
}

/* Bytes of the sign before the number at i. */
static size_t sign_before(const struct scanner *s, size_t i)
{
    if (i && s->text[i - 1] == '-') {
        const unsigned before = i > 1 ? byte_at(s, i - 2) : 0;
        return !in_word(before) && before != ')' && before != ']';
    }
    return i >= 3 && text_at(s, i - 3, "\xe2\x88\x92") ? 3 : 0;
}

/* "A / B" of two literals, to its end; else i. */
static size_t quotient_end(const struct scanner *s, size_t i)
{
    size_t at = i;
    while (byte_at(s, at) == ' ')
        at++;
    if (byte_at(s, at++) != '/')
        return i;
    while (byte_at(s, at) == ' ')
        at++;
    return isdigit((int)byte_at(s, at)) ? number_end(s, at) : i;
}

/* Three dots, "about" before it: no more than these digits are claimed. */
static bool is_approximate(const struct scanner *s, size_t start, size_t end)
{
    const size_t before = before_blanks(s, start);
    return text_at(s, end, "\xe2\x80\xa6") ||
           (end > 2 && text_at(s, end - 2, "..")) ||
           (before && s->text[before - 1] == '~') ||
           (before >= 3 && text_at(s, before - 3, "\xe2\x89\x88"));
}

static void look_around(
    const struct scanner *s, struct candidate *new, size_t start, size_t end)
{
    const struct statement *now = &s->now;
    const size_t before = before_blanks(s, start);
    const size_t after = after_blanks(s, end);
    const bool by_word = !now->is_bound && now->after_word &&
                         audit_word_constant(now->last) != AUDIT_CONSTANTS;
    const char *name = by_word ? now->last : now->is_bound ? now->bound : "";
    const char next = (char)byte_at(s, after);
    const char then = (char)byte_at(s, after_blanks(s, after + 1));
    const bool listed = now->nested > now->bound_nested && next == ',' &&
                        (then == '-' || isdigit((unsigned char)then));
    new->multiplied =
        next == '*' || (before > s->line_start && s->text[before - 1] == '*');
    new->direct =
        (by_word || now->direct) && !listed && !(next && strchr("*/+-", next));
    new->said = audit_word_constant(name);
    new->own = audit_word_mentions(name);
    new->foreign = audit_word_is_foreign(name);
    new->onnx = !strcmp(name, "gamma") || !strcmp(name, "alpha");
    new->expected =
        now->expects || (next == '=' && byte_at(s, after + 1) == '=');
    new->prose = s->place[start] == AUDIT_PROSE;
    new->approximate = is_approximate(s, start, end);
}

static enum sn_status keep(struct scanner *s, struct candidate *new)
{
    if (s->count == s->room) {
        const size_t room = s->room ? 2 * s->room : 16;
        void *more = realloc(s->found, room * sizeof *s->found);
        if (!more) {
            audit_literal_clear(&new->literal);
            return SN_NO_MEMORY;
        }
        s->found = more;
        s->room = room;
    }
    if (new->precise)
        s->landmark[PRECISE_LITERAL] = s->line;
    s->found[s->count++] = *new;
    return SN_OK;
}

static enum sn_status read_literal(
    struct scanner *s, struct audit_literal *literal, size_t start, size_t end)
{
    char text[AUDIT_MAX_LITERAL + 8];
    const size_t sign = sign_before(s, start), length = end - start + sign;
    if (length >= sizeof text)
        return SN_BAD_VALUE;
    memcpy(text, s->text + start - sign, length);
    text[length] = '\0';
    const enum sn_status status =
        audit_literal_read(literal, text, s->now.type, &s->near);
    if (status != SN_OK)
        return status;
    literal->line = s->line;
    literal->column = start - sign - s->line_start + 1;
    if (s->now.is_bound && strspn(text, "0123456789") == length)
        audit_literal_fix(literal, audit_word_fixed(s->now.bound), &s->near);
    return SN_OK;
}

/* 4xf32, of a tensor. */
static void take_shape(struct scanner *s, size_t start, size_t end)
{
    char word[AUDIT_WORD] = "";
    if (end - start >= sizeof word)
        return;
    memcpy(word, s->text + start, end - start);
    const int type = audit_word_type(word, false);
    if (type >= 0)
        type_behind(s, start, type);
}

static enum sn_status take_number(struct scanner *s)
{
    struct candidate new = {.prose = false};
    struct audit_literal *literal = &new.literal;
    const size_t start = s->at;
    size_t end = number_end(s, start);
    enum sn_status status = read_literal(s, literal, start, end);
    const size_t both = quotient_end(s, end);
    if (both > end && (status != SN_OK || literal->relative > WINDOW)) {
        if (status == SN_OK)
            audit_literal_clear(literal);
        status = read_literal(s, literal, start, end = both);
    }
    s->at = end;
    s->run++;
    if (status == SN_OK) {
        look_around(s, &new, start, end);
        const enum audit_constant like =
            audit_likeness(literal, AUDIT_CONSTANTS, &s->near);
        s->run_like += literal->negative ? like == AUDIT_ALPHA_PRIME
                                         : like < AUDIT_CONSTANTS;
        if (literal->relative > WINDOW &&
            audit_likeness(literal, new.said, &s->near) == AUDIT_CONSTANTS) {
            audit_literal_clear(literal);
            status = SN_BAD_VALUE;
        }
    }
    if (status == SN_OK) {
        new.precise = literal->relative <= PRECISE &&
                      (!literal->digits || literal->digits >= PRECISE_DIGITS);
        status = keep(s, &new);
    }
    s->now.after_word = false;
    if (status == SN_BAD_VALUE)
        take_shape(s, start, end);
    return status == SN_NO_MEMORY ? status : SN_OK;
}

/* A digit, or a point before one, that is no part of a name. */
static bool starts_number(const struct scanner *s)
{
    const unsigned c = byte_at(s, s->at);
    const unsigned last = s->at ? byte_at(s, s->at - 1) : 0;
    if (last < 0x80 && in_word(last))
        return false;
    return isdigit((int)c) || (c == '.' && last != ')' && last != ']' &&
                                  isdigit((int)byte_at(s, s->at + 1)));
}

/* ---- which count ------------------------------------------------------- */

/* Without a name, and not precise: what stands around it speaks. */
static bool is_near(const struct candidate *c, bool few, bool sure)
{
    const bool near = c->near[SELU_WORD] || c->near[PRECISE_LITERAL];
    if (c->literal.negative)
        return near && sure;
    return few ? c->own || (near && c->multiplied) : near;
}

/* It is named, or near a word of SELU, or too precise for anything else. */
static bool is_meant(const struct scanner *s, const struct candidate *c)
{
    const struct audit_literal *literal = &c->literal;
    const bool named = c->said < AUDIT_CONSTANTS || literal->fixed;
    const bool few = literal->digits && literal->digits < FEW;
    const bool sure = literal->relative <= SURE && !few;
    const bool any = s->landmark[SELU_WORD] || s->landmark[PRECISE_LITERAL];
    if ((c->data || c->expected) && !(named && c->direct) && !c->multiplied)
        return false;
    if (named)
        return any || sure;
    if (c->foreign || c->precise)
        return c->precise && (c->direct || !c->foreign || c->multiplied);
    return is_near(c, few, sure);
}

/* What a document or a comment claims is its digits. */
static bool has_wrong_digits(const struct candidate *c)
{
    struct audit_verdict verdict;
    return audit_judge(&verdict, &c->literal) == SN_OK &&
           verdict.digits == AUDIT_DIGITS_WRONG;
}

static bool counts(const struct scanner *s, struct candidate *c)
{
    struct audit_literal *literal = &c->literal;
    const bool named = c->said < AUDIT_CONSTANTS && c->direct;
    if (literal->type < 0)
        literal->type = c->onnx && s->gamma ? AUDIT_F32
                        : s->fortran && strpbrk(literal->text, "dD_")
                            ? AUDIT_F64
                            : s->type;
    literal->like =
        audit_likeness(literal, named ? c->said : AUDIT_CONSTANTS, &s->near);
    if (literal->like == AUDIT_CONSTANTS || !is_meant(s, c))
        return false;
    /* alpha dropout calls alpha' alpha */
    const bool prime =
        c->said == AUDIT_ALPHA && literal->like == AUDIT_ALPHA_PRIME;
    literal->constant = named && !prime ? c->said : literal->like;
    return !(c->prose || c->approximate) || has_wrong_digits(c);
}

static enum sn_status scan_all(struct scanner *s)
{
    enum sn_status status = SN_OK;
    while (s->at < s->size && status == SN_OK) {
        const unsigned c = byte_at(s, s->at);
        if (s->at && s->place[s->at] != s->place[s->at - 1])
            new_statement(s);
        if (!c) {
            status = SN_BAD_VALUE;
        } else if (c == '\n') {
            end_line(s);
            s->at++;
        } else if (s->place[s->at] == AUDIT_SKIPPED) {
            s->at++;
        } else if (starts_number(s)) {
            status = take_number(s);
        } else if (text_at(s, s->at, "\xe2\x88\x92")) {
            s->at += 3;
        } else if (in_word(c)) {
            take_word(s);
        } else {
            take_mark(s);
        }
    }
    end_run(s);
    end_line(s);
    return status;
}

static int usual_type(const char *name)
{
    return audit_name_ends(name, "glsl vert frag comp hlsl wgsl metal f90 "
                                 "f95 f03 f08 f for")
               ? AUDIT_F32
               : AUDIT_UNTYPED;
}

enum sn_status audit_scan(struct audit_literal **literals, size_t *count,
    size_t *excused, const char *name, const char *text, size_t size)
{
    struct scanner s = {.name = name,
        .text = text,
        .size = size,
        .line = 1,
        .type = usual_type(name),
        .fortran = audit_name_ends(name, "f90 f95 f03 f08 f for"),
        .python = audit_name_ends(name, "py ipynb pyi")};
    unsigned char *place = audit_places(name, text, size);
    enum sn_status status = SN_NO_MEMORY;
    *count = *excused = 0;
    *literals = NULL;
    if (place) {
        s.place = place;
        audit_near_init(&s.near);
        new_statement(&s);
        status = scan_all(&s);
    }
    if (status == SN_OK)
        *literals = calloc(s.count + 1, sizeof **literals);
    for (size_t i = 0; i < s.count; i++)
        s.gamma |= s.found[i].onnx && s.found[i].said == AUDIT_LAMBDA;
    for (size_t i = 0; i < s.count; i++) {
        struct candidate *c = &s.found[i];
        if (!*literals || !counts(&s, c)) {
            audit_literal_clear(&c->literal);
        } else if (c->excused) {
            ++*excused;
            audit_literal_clear(&c->literal);
        } else {
            (*literals)[(*count)++] = c->literal;
        }
    }
    free(s.found);
    free(place);
    return status == SN_OK && !*literals ? SN_NO_MEMORY : status;
}
