/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's words as numbers, and the one line that says what is wrong. */
#include "cli/cli.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_DECIMAL = 20000, MAX_EXPONENT = 9999 };

/* Bytes of the UTF-8 character at p, 0 if there is none. */
static int character(const unsigned char *p)
{
    int bytes = *p < 0x80                 ? 1
                : *p >= 0xc2 && *p < 0xe0 ? 2
                : *p >= 0xe0 && *p < 0xf0 ? 3
                : *p >= 0xf0 && *p < 0xf5 ? 4
                                          : 0;
    for (int i = 1; i < bytes; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return bytes;
}

/*
 * The words of a user are in the message: a newline would make two lines of
 * one, an escape sequence worse, and "%.40s" may cut a character.
 */
static char *clean_line(const char *format, va_list args)
{
    char *text;
    if (vasprintf(&text, format, args) < 0)
        return NULL;
    for (unsigned char *p = (unsigned char *)text; *p;) {
        int bytes = iscntrl(*p) ? 0 : character(p);
        if (!bytes)
            *p = '?';
        p += bytes ? bytes : 1;
    }
    return text;
}

static void put_line(const struct cli_cli *cli, const char *text)
{
    fprintf(stderr, "selfnorm%s%s: %s\n", cli->command ? " " : "",
        cli->command ? cli->command : "", text);
}

void cli_complain(const struct cli_cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = clean_line(format, args);
    va_end(args);
    if (!text)
        return;
    put_line(cli, text);
    cli_json_complaint(text);
    free(text);
}

static _Noreturn void fail(const struct cli_cli *cli, json_t *tree,
    enum cli_exit status, const char *code, const char *format, va_list args)
{
    char *text = clean_line(format, args);
    if (text) {
        put_line(cli, text);
        cli_json_failure(cli, tree, status, code, text);
    }
    exit((int)status);
}

void cli_fail(const struct cli_cli *cli, json_t *tree, enum cli_exit status,
    const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fail(cli, tree, status, code, format, args);
}

void cli_die(
    const struct cli_cli *cli, enum cli_exit status, const char *format, ...)
{
    static const char *const code[] = {
        [CLI_EXIT_OK] = "none",
        [CLI_EXIT_FAILED] = "failed",
        [CLI_EXIT_USAGE] = "usage",
        [CLI_EXIT_UNUSABLE] = "unusable",
    };
    va_list args;
    va_start(args, format);
    fail(cli, NULL, status, code[status], format, args);
}

void cli_hold_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

const char *cli_ellipsis(const char *word)
{
    return strlen(word) > 40 ? "..." : "";
}

long cli_whole(const struct cli_cli *cli, const char *option, const char *word,
    long least, long most)
{
    char *end;
    errno = 0;
    long value = strtol(word, &end, 10);
    if (end != word && tolower((unsigned char)*end) == 'e' &&
        isdigit((unsigned char)end[1])) {
        const long power = strtol(end + 1, &end, 10); /* 1e6 */
        for (long i = 0; i < power && !errno; i++)
            errno = __builtin_mul_overflow(value, 10, &value) ? ERANGE : 0;
    }
    if (!isdigit((unsigned char)word[word[0] == '-']) || *end || errno ||
        value < least || value > most)
        cli_die(cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': must be a whole number from %ld to %ld", option,
            word, cli_ellipsis(word), least, most);
    return value;
}

double cli_number(const struct cli_cli *cli, const char *option,
    const char *word, double least, double most)
{
    char *end;
    double value = strtod(word, &end);
    if (end != word && !*end && isfinite(value) && value >= least &&
        value <= most && !isspace((unsigned char)*word))
        return value;
    if (isinf(least) && isinf(most))
        cli_die(cli, CLI_EXIT_USAGE, "%s '%.40s%s': must be a finite number",
            option, word, cli_ellipsis(word));
    if (isinf(most))
        cli_die(cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': must be a finite number, %g or more", option, word,
            cli_ellipsis(word), least);
    cli_die(cli, CLI_EXIT_USAGE, "%s '%.40s%s': must be from %g to %g", option,
        word, cli_ellipsis(word), least, most);
}

/* Words made of others, which options keep to the end. */
static struct made_word {
    struct made_word *next;
    char text[];
} * made_words;

/*
 * A hexadecimal float as C writes it, in exact decimals: 53 bits and an
 * exponent need 767 significant digits at most.  Other words as they are.
 */
const char *cli_without_hex(const char *word)
{
    enum { ALL_DIGITS = 767, ROOM = ALL_DIGITS + 16 };
    const char *number = word + (*word == '-' || *word == '+');
    char *end;
    if (number[0] != '0' || (number[1] != 'x' && number[1] != 'X') ||
        !strpbrk(number, "pP") || strlen(number) > 2 + 1 + 14 + 7)
        return word;
    const double x = strtod(word, &end);
    struct made_word *made =
        *end || !isfinite(x) || x == 0 ? NULL : malloc(sizeof *made + ROOM);
    if (!made)
        return word;
    made->next = made_words;
    made_words = made;
    snprintf(made->text, ROOM, "%.*e", ALL_DIGITS - 1, x);
    char *e = strchr(made->text, 'e'), *last = e;
    while (last[-1] == '0' && last[-2] != '.')
        last--;
    memmove(last, e, strlen(e) + 1);
    return made->text;
}

struct decimal_word {
    bool negative, nonzero;
    long exponent;
};

/* [+-]DIGITS[.DIGITS][e[+-]DIGITS], all of the word */
static bool read_decimal(struct decimal_word *d, const char *word)
{
    const char *p = word;
    int digits = 0;
    *d = (struct decimal_word){.negative = *p == '-'};
    p += *p == '-' || *p == '+';
    for (int dots = 0; isdigit((unsigned char)*p) || (*p == '.' && !dots++);
         p++) {
        digits += *p != '.';
        d->nonzero |= *p != '.' && *p != '0';
    }
    if (digits && (*p == 'e' || *p == 'E')) {
        char *end;
        p += 1;
        if (!isdigit((unsigned char)p[*p == '-' || *p == '+']))
            return false;
        d->exponent = strtol(p, &end, 10);
        p = end;
    }
    return digits && !*p;
}

const char *cli_decimal(const struct cli_cli *cli, const char *option,
    const char *word, enum cli_sign sign)
{
    struct decimal_word d;
    bool good = read_decimal(&d, word);
    if (good && strlen(word) > MAX_DECIMAL)
        cli_die(cli, CLI_EXIT_USAGE,
            "%s '%.40s...': must be at most %d characters long", option, word,
            MAX_DECIMAL);
    if (good && (d.exponent < -MAX_EXPONENT || d.exponent > MAX_EXPONENT))
        cli_die(cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': the exponent must be from -%d to %d", option, word,
            cli_ellipsis(word), MAX_EXPONENT, MAX_EXPONENT);
    if (sign == CLI_POSITIVE)
        good = good && !d.negative && d.nonzero;
    if (sign == CLI_NOT_NEGATIVE)
        good = good && !(d.negative && d.nonzero);
    if (good)
        return word;
    static const char *const wanted[] = {
        [CLI_ANY_SIGN] = "a finite decimal number such as 0.1 or -2.5e-3",
        [CLI_NOT_NEGATIVE] = "a finite decimal number, 0 or more",
        [CLI_POSITIVE] = "a finite decimal number above 0",
    };
    cli_die(cli, CLI_EXIT_USAGE, "%s '%.40s%s': must be %s", option, word,
        cli_ellipsis(word), wanted[sign]);
}
