/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and words of a file that nobody vouches for. */
#include "fixedpoint/checker/checker.h"
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 400 };

bool snc_refuse(struct snc_reader *reader, const char *format, ...)
{
    if (*reader->error)
        return false;
    char text[160];
    va_list words;
    va_start(words, format);
    vsnprintf(text, sizeof text, format, words);
    va_end(words);
    snprintf(reader->error, 200, "line %ld: %s", reader->number, text);
    return false;
}

bool snc_next(struct snc_reader *reader)
{
    size_t n = 0;
    uint64_t sum = reader->sum;
    int c;
    reader->number++;
    while ((c = getc(reader->in)) != EOF && c != '\n') {
        if (n + 1 == sizeof reader->line)
            return snc_refuse(reader, "longer than %d bytes", SNC_LINE - 1);
        if (c < ' ' || c > '~')
            return snc_refuse(reader, "a byte that is no text");
        reader->line[n++] = (char)c;
        sum = (sum ^ (unsigned char)c) * 0x100000001b3;
    }
    reader->line[n] = '\0';
    if (c == EOF)
        return snc_refuse(reader, "the file ends here: it is cut off");
    /* the last line holds the sum of all before */
    if (strncmp(reader->line, "sum ", 4))
        reader->sum = (sum ^ '\n') * 0x100000001b3;
    return true;
}

char *snc_word(char **at)
{
    char *word = *at;
    while (*word == ' ')
        word++;
    if (!*word)
        return NULL;
    char *end = word;
    while (*end && *end != ' ')
        end++;
    *at = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

bool snc_double(double *x, const char *word)
{
    char *end;
    /* strtod takes nan and inf too; a digit must come first */
    const char *digits = word + (*word == '-');
    if (!isdigit((unsigned char)*digits) || strlen(word) > 40)
        return false;
    *x = strtod(word, &end);
    return !*end && isfinite(*x);
}

bool snc_is_decimal(const char *word)
{
    size_t length = strlen(word);
    const char *p = word + (*word == '-' || *word == '+');
    size_t whole = strspn(p, "0123456789"), part = 0;
    p += whole;
    if (*p == '.')
        part = strspn(++p, "0123456789");
    p += part;
    if (!(whole + part) || length > LONGEST_NUMBER)
        return false;
    if (*p == 'e' || *p == 'E') {
        p++;
        p += *p == '-' || *p == '+';
        size_t digits = strspn(p, "0123456789");
        if (!digits || digits > 3)
            return false;
        p += digits;
    }
    return !*p;
}

/* Digits without the point, times a power of ten. */
void snc_decimal(fmpq_t x, const char *word)
{
    char digits[LONGEST_NUMBER + 2];
    size_t n = 0;
    long exponent = 0;
    bool point = false;
    const char *p = word;
    if (*p == '+')
        p++;
    for (; *p && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        digits[n++] = *p;
        exponent -= point && *p != '-';
    }
    digits[n] = '\0';
    if (*p)
        exponent += strtol(p + 1, NULL, 10);
    fmpz_t number, power;
    fmpz_init(number);
    fmpz_init(power);
    fmpz_set_str(number, digits, 10);
    fmpz_set_ui(power, 10);
    fmpz_pow_ui(power, power, (ulong)labs(exponent));
    if (exponent < 0) {
        fmpq_set_fmpz_frac(x, number, power);
    } else {
        fmpz_mul(number, number, power);
        fmpq_set_fmpz(x, number);
    }
    fmpz_clear(number);
    fmpz_clear(power);
}
