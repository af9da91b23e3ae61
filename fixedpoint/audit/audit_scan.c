/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Literals in a file: which count as constants of SELU. */
#include "fixedpoint/audit/audit.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/*
 * A literal is reported where it can hardly mean anything else:
 *   sure    FEW digits or more, within SURE of a constant;
 * and, within WINDOW of one, where its surroundings say what it means:
 *   named   on a line with alpha, lambda, scale or gamma, in a file that has
 *           a word with "selu" or a sure literal anywhere;
 *   word    at most AUDIT_SCAN_NEAR lines from a word with "selu";
 *   beside  at most AUDIT_SCAN_NEAR lines from a sure literal, with fewer than
 * FEW digits or within CLOSE: a table of random numbers has many digits.
 */
enum { FEW = 5, AUDIT_SCAN_NEAR = 10 };
static const double SURE = 5e-6, CLOSE = 1e-4, WINDOW = 2e-2;
enum { SELU_WORD, SURE_LITERAL, LANDMARKS };
static const char *const landmark[] = {"selu", "selfnorm", "self_norm"};
static const char *const name[] = {
    "alpha", "lambda", "scale", "gamma", "\xce\xb1", "\xce\xbb"};

struct candidate {
    struct audit_literal literal;
    bool sure, named, near[LANDMARKS];
};

enum token { BLANK, WORD, NUMBER };

struct audit_scan {
    double constant[AUDIT_CONSTANTS];
    struct candidate *found;
    size_t count, room, first_on_line;
    size_t line, column;        /* of the next byte */
    size_t landmark[LANDMARKS]; /* the last line with one; 0: none */
    bool named;                 /* the current line, so far */
    enum token token;
    char text[AUDIT_MAX_LITERAL +
              8]; /* the token's start, its sign before it */
    size_t length, start;
    uint32_t before; /* the last four bytes */
};

struct audit_scan *audit_scan_new(void)
{
    struct audit_scan *scan = calloc(1, sizeof *scan);
    if (!scan)
        return NULL;
    audit_constants_near(scan->constant);
    scan->line = scan->column = 1;
    return scan;
}

static void end_word(struct audit_scan *scan)
{
    for (char *p = scan->text; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        scan->named |= strstr(scan->text, name[i]) != NULL;
    for (size_t i = 0; i < sizeof landmark / sizeof *landmark; i++)
        if (strstr(scan->text, landmark[i]))
            scan->landmark[SELU_WORD] = scan->line;
}

static enum sn_status end_number(struct audit_scan *scan)
{
    struct candidate new = {.sure = false};
    struct audit_literal *literal = &new.literal;
    enum sn_status status =
        audit_literal_read(literal, scan->text, scan->constant);
    if (status == SN_NO_MEMORY)
        return status;
    if (status != SN_OK || literal->relative > WINDOW) {
        audit_literal_clear(literal);
        return SN_OK;
    }
    if (scan->count == scan->room) {
        size_t room = scan->room ? 2 * scan->room : 16;
        void *more = realloc(scan->found, room * sizeof *scan->found);
        if (!more) {
            audit_literal_clear(literal);
            return SN_NO_MEMORY;
        }
        scan->found = more;
        scan->room = room;
    }
    literal->line = scan->line;
    literal->column = scan->start;
    new.sure = literal->relative <= SURE &&
               (!literal->digits || literal->digits >= FEW);
    scan->found[scan->count++] = new;
    if (new.sure)
        scan->landmark[SURE_LITERAL] = scan->line;
    return SN_OK;
}

static enum sn_status end_token(struct audit_scan *scan)
{
    enum token token = scan->token;
    if (token == NUMBER && (scan->before & 0xff) == '\'')
        scan->length--;
    scan->text[scan->length < sizeof scan->text ? scan->length
                                                : sizeof scan->text - 1] = 0;
    scan->token = BLANK;
    enum sn_status status = token == NUMBER ? end_number(scan) : SN_OK;
    if (token != BLANK)
        end_word(scan); /* ".selu(x)" begins as a number does */
    return status;
}

static void end_line(struct audit_scan *scan)
{
    const size_t line = scan->line;
    for (size_t i = scan->first_on_line; i < scan->count; i++)
        scan->found[i].named = scan->named;
    for (int k = 0; k < LANDMARKS; k++) {
        const size_t mark = scan->landmark[k];
        const bool near = mark && line - mark <= AUDIT_SCAN_NEAR;
        for (size_t i = scan->first_on_line; i < scan->count; i++)
            scan->found[i].near[k] = near;
        if (mark == line)
            for (size_t i = scan->first_on_line;
                 i-- && line - scan->found[i].literal.line <= AUDIT_SCAN_NEAR;)
                scan->found[i].near[k] = true;
    }
    scan->first_on_line = scan->count;
    scan->named = false;
}

/* Letters, digits and what is not ASCII, which may be Greek. */
static bool in_word(unsigned c)
{
    return isalnum((int)c) || c == '_' || c >= 0x80;
}

/* A digit or a point that is no part of a name: the sign before it, too. */
static void start_number(struct audit_scan *scan)
{
    const uint32_t b = scan->before;
    scan->start = scan->column;
    scan->length = 0;
    if ((b & 0xff) == '-' && !in_word(b >> 8 & 0xff) &&
        (b >> 8 & 0xff) != ')' && (b >> 8 & 0xff) != ']') {
        scan->text[scan->length++] = '-';
    } else if ((b & 0xffffff) == 0xe28892) {
        memcpy(scan->text, "\xe2\x88\x92", 3);
        scan->length = 3;
    }
    scan->start -= scan->length;
    scan->token = NUMBER;
}

/* As C's preprocessing numbers: signs belong to them after e or p. */
static bool continues_number(const struct audit_scan *scan, unsigned c)
{
    unsigned last = scan->before & 0xff;
    if (c >= 0x80)
        return false;
    if (isalnum((int)c) || c == '_' || c == '.')
        return true;
    if (c == '\'') /* C++'s separator, or the quote that follows */
        return isxdigit((int)last);
    if (last == '\'')
        return false;
    if ((c != '+' && c != '-') || scan->length > AUDIT_MAX_LITERAL)
        return false;
    size_t sign = scan->text[0] == '-'                   ? 1
                  : (unsigned char)scan->text[0] >= 0x80 ? 3
                                                         : 0;
    bool hex = scan->length > sign + 2 && (scan->text[sign + 1] | 32) == 'x';
    return hex ? (last | 32) == 'p' : strchr("edq", (int)last | 32) != NULL;
}

static enum sn_status feed_byte(struct audit_scan *scan, unsigned c)
{
    enum sn_status status = SN_OK;
    unsigned last = scan->before & 0xff;
    if (scan->token == NUMBER ? !continues_number(scan, c)
                              : scan->token == WORD && !in_word(c))
        status = end_token(scan);
    if (scan->token != NUMBER) {
        bool after_word = last < 0x80 && in_word(last);
        if ((isdigit((int)c) && !after_word) ||
            (c == '.' && !after_word && last != ')' && last != ']')) {
            if (status == SN_OK)
                status = end_token(scan); /* a Greek name */
            start_number(scan);
        } else if (in_word(c) && scan->token == BLANK) {
            scan->token = WORD;
            scan->length = 0;
        }
    }
    if (scan->token != BLANK && scan->length < sizeof scan->text)
        scan->text[scan->length++] = (char)c;
    scan->before = scan->before << 8 | c;
    scan->column++;
    if (c == '\n') {
        end_line(scan);
        scan->line++;
        scan->column = 1;
    }
    return status;
}

enum sn_status audit_scan_feed(
    struct audit_scan *scan, const char *bytes, size_t count)
{
    enum sn_status status = SN_OK;
    for (size_t i = 0; i < count && status == SN_OK; i++)
        status =
            bytes[i] ? feed_byte(scan, (unsigned char)bytes[i]) : SN_BAD_VALUE;
    return status;
}

static bool counts(
    const struct audit_scan *scan, const struct candidate *found)
{
    const struct audit_literal *literal = &found->literal;
    bool own = literal->digits < FEW || literal->relative <= CLOSE;
    bool any = scan->landmark[SELU_WORD] || scan->landmark[SURE_LITERAL];
    return found->sure || (found->named && any) || found->near[SELU_WORD] ||
           (found->near[SURE_LITERAL] && own);
}

enum sn_status audit_scan_end(
    struct audit_scan *scan, struct audit_literal **literals, size_t *count)
{
    enum sn_status status = end_token(scan);
    end_line(scan);
    *count = 0;
    *literals = calloc(scan->count + 1, sizeof **literals);
    if (!*literals)
        return SN_NO_MEMORY;
    for (size_t i = 0; i < scan->count; i++) {
        struct candidate *found = &scan->found[i];
        if (counts(scan, found)) {
            (*literals)[(*count)++] = found->literal;
            found->literal.text = NULL;
        }
    }
    return status;
}

void audit_scan_free(struct audit_scan *scan)
{
    if (!scan)
        return;
    for (size_t i = 0; i < scan->count; i++)
        audit_literal_clear(&scan->found[i].literal);
    free(scan->found);
    free(scan);
}
