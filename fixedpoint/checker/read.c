/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines, words and numbers of a file that nobody vouches for. */
#include "fixedpoint/checker/parts.h"
#include <string.h>
#include <stdio.h>

bool snc_refuse(
    struct snc_reader *reader, enum snc_reason reason, const char *word)
{
    struct snc_refusal *refusal = reader->refusal;
    if (refusal->reason == SNC_NO_REASON) {
        refusal->reason = reason;
        snprintf(
            refusal->word, sizeof refusal->word, "%.47s", word ? word : "");
    }
    return false;
}

/* FNV-1a: against damage, not against forgery. */
static void count_in(struct snc_reader *reader, const char *line)
{
    uint64_t sum = reader->sum;
    for (; *line; line++)
        sum = (sum ^ (unsigned char)*line) * 0x100000001b3;
    reader->sum = (sum ^ '\n') * 0x100000001b3;
}

bool snc_line(struct snc_reader *reader)
{
    size_t n = 0;
    int c;
    reader->refusal->line++;
    while ((c = getc(reader->in)) != EOF && c != '\n') {
        if (++reader->bytes > SNC_MOST_BYTES)
            return snc_refuse(reader, SNC_LARGE_FILE, NULL);
        if (c < ' ' || c > '~')
            return snc_refuse(reader, SNC_NO_TEXT, NULL);
        if (n + 1 == sizeof reader->line)
            return snc_refuse(reader, SNC_LONG_LINE, NULL);
        reader->line[n++] = (char)c;
    }
    reader->line[n] = '\0';
    reader->bytes++;
    if (c == EOF)
        return snc_refuse(reader, SNC_CUT_OFF, NULL);
    /* the last line has the sum of all before it */
    if (strncmp(reader->line, "sum ", 4))
        count_in(reader, reader->line);
    return true;
}

bool snc_words(struct snc_reader *reader)
{
    char *at = reader->line;
    for (reader->words = 0;;) {
        char *end = strchr(at, ' ');
        if (reader->words == SNC_WORDS || !*at || at == end)
            return snc_refuse(reader, SNC_OTHER_LINE, reader->line);
        reader->word[reader->words++] = at;
        if (!end)
            return true;
        *end = '\0';
        at = end + 1;
    }
}

bool snc_keyword(struct snc_reader *reader, const char *keyword, int more)
{
    if (!snc_line(reader))
        return false;
    if (snc_words(reader) && !strcmp(reader->word[0], keyword) &&
        reader->words == more + 1)
        return true;
    reader->refusal->wanted = keyword;
    return snc_refuse(reader, SNC_OTHER_LINE, reader->line);
}

bool snc_decimal(fmpq_t x, const char *word)
{
    static const char digit[] = "0123456789";
    char digits[SNC_DIGITS + 1], *end = digits;
    bool negative = *word == '-';
    const char *p = word + (negative || *word == '+');
    size_t whole = strspn(p, digit), part = 0;
    if (strlen(word) > SNC_DIGITS)
        return false;
    end = (char *)memcpy(end, p, whole) + whole;
    p += whole;
    if (*p == '.') {
        part = strspn(++p, digit);
        end = (char *)memcpy(end, p, part) + part;
        p += part;
    }
    *end = '\0';
    long exponent = 0, sign = 1;
    if (end > digits && (*p == 'e' || *p == 'E')) {
        sign = *++p == '-' ? -1 : 1;
        p += *p == '-' || *p == '+';
        size_t n = strspn(p, digit);
        for (; n > 1 && *p == '0'; n--)
            p++;
        if (!n || n > 4)
            return false;
        for (; n; n--)
            exponent = 10 * exponent + (*p++ - '0');
    }
    if (*p || end == digits)
        return false;
    exponent = sign * exponent - (long)part;
    fmpz_t power;
    fmpz_init_set_ui(power, 10);
    fmpz_pow_ui(power, power, (ulong)(exponent < 0 ? -exponent : exponent));
    fmpz_set_str(fmpq_numref(x), digits, 10);
    fmpz_one(fmpq_denref(x));
    if (exponent < 0)
        fmpz_set(fmpq_denref(x), power);
    else
        fmpz_mul(fmpq_numref(x), fmpq_numref(x), power);
    if (negative)
        fmpq_neg(x, x);
    fmpq_canonicalise(x);
    fmpz_clear(power);
    return true;
}

bool snc_number(struct snc_reader *reader, fmpq_t x, const char *word)
{
    return snc_decimal(x, word) || snc_refuse(reader, SNC_NO_DECIMAL, word);
}
