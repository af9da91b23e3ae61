/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates, filled in from a tree; cli.h tells what may stand in one. */
#include "cli/cli.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 79, DIGITS = 60, MOST_PATH = 64 };

/* Sections in which a place of the template lies, the innermost first. */
struct scope {
    const json_t *at;
    const struct scope *outer;
    size_t index, count; /* in an array */
};

struct writer {
    FILE *out;
    size_t column;
};

static void put(struct writer *w, char c)
{
    putc(c, w->out);
    w->column = c == '\n' ? 0 : w->column + ((c & 0xc0) != 0x80);
}

static void put_text(struct writer *w, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        put(w, text[i]);
}

static void put_line_start(struct writer *w, size_t column)
{
    put(w, '\n');
    while (w->column < column)
        put(w, ' ');
}

/* ---- paths ---------------------------------------------------------------
 */

static const json_t *member(const json_t *of, const char *name)
{
    return json_is_array(of) ? json_array_get(of, (size_t)atol(name))
                             : json_object_get(of, name);
}

/* NULL: there is no such member.  A place in an array is a new value. */
static json_t *find(const struct scope *scope, const char *path, size_t length)
{
    char text[MOST_PATH], *rest = text, *part;
    snprintf(text, sizeof text, "%.*s", (int)length, path);
    if (*text == '@')
        while (scope && !scope->count)
            scope = scope->outer;
    if (*text == '@' && scope)
        return !strcmp(text, "@first") ? json_boolean(!scope->index)
               : !strcmp(text, "@last")
                   ? json_boolean(scope->index + 1 == scope->count)
                   : json_integer((json_int_t)scope->index + 1);
    if (!strcmp(text, "."))
        return json_incref((json_t *)(size_t)scope->at);
    if (*text == '.') /* a hidden member */
        rest++;
    part = strsep(&rest, ".");
    part -= *text == '.';
    const json_t *at = NULL;
    for (; scope && !at; scope = scope->outer)
        at = member(scope->at, part);
    while (at && (part = strsep(&rest, ".")))
        at = member(at, part);
    return at ? json_incref((json_t *)(size_t)at) : NULL;
}

static bool is_there(const json_t *value)
{
    return value && !json_is_null(value) && !json_is_false(value) &&
           !(json_is_string(value) && !*json_string_value(value)) &&
           !(json_is_array(value) && !json_array_size(value)) &&
           !(json_is_object(value) && !json_object_size(value));
}

/* ---- values --------------------------------------------------------------
 */

/* The text of a value, to be freed: "-" for null and what is absent. */
static char *text_of(const json_t *value, const char *format)
{
    char *text = NULL;
    int used;
    if (json_is_string(value))
        return strdup(json_string_value(value));
    if (json_is_integer(value) && !strpbrk(format, "gfe"))
        used = asprintf(&text, strchr(format, '+') ? "%+lld" : "%lld",
            (long long)json_integer_value(value));
    else if (json_is_number(value))
        used = asprintf(&text, "%.10g", json_number_value(value));
    else
        return strdup(json_is_true(value)    ? "true"
                      : json_is_false(value) ? "false"
                                             : "-");
    return used < 0 ? NULL : text;
}

static void put_digits(struct writer *w, const json_t *value)
{
    const char *digits = json_string_value(json_object_get(value, "value"));
    const char *radius = json_string_value(json_object_get(value, "radius"));
    const size_t start = w->column;
    if (!digits || !radius) {
        put(w, '-');
        return;
    }
    if (!strcmp(digits, "0") && strcmp(radius, "0")) {
        put_text(w, "0 +- ", 5);
        put_text(w, radius, strlen(radius));
        return;
    }
    size_t left = strlen(digits);
    for (; left > DIGITS; left -= DIGITS, digits += DIGITS) {
        put_text(w, digits, DIGITS);
        put_line_start(w, start);
    }
    put_text(w, digits, left);
}

static void put_wrapped(struct writer *w, const char *text)
{
    const size_t start = w->column;
    while (*text) {
        const size_t word = strcspn(text, " \n");
        if (w->column > start && w->column + 1 + word > LINE)
            put_line_start(w, start);
        else if (w->column > start)
            put(w, ' ');
        put_text(w, text, word);
        text += word + (text[word] != '\0');
    }
}

/* What XML, YAML's '' and TAP do not take as it is. */
static void put_escaped(struct writer *w, const char *text, char language)
{
    static const struct {
        char language, from;
        const char *to;
    } change[] = {{'x', '<', "&lt;"}, {'x', '>', "&gt;"}, {'x', '&', "&amp;"},
        {'x', '"', "&quot;"}, {'y', '\'', "''"}, {'t', '#', "_"},
        {'r', '-', "\\-"}, {'r', '\\', "\\e"}};
    enum { CHANGES = sizeof change / sizeof *change };
    for (; *text; text++) {
        int i = 0;
        while (i < CHANGES &&
               (change[i].language != language || change[i].from != *text))
            i++;
        if (i < CHANGES)
            put_text(w, change[i].to, strlen(change[i].to));
        else if (language != 'y' && (unsigned char)*text < ' ')
            put(w, language == 't' ? '_' : ' ');
        else
            put(w, *text);
    }
}

/* A printf format without its '%', of which the last letter counts. */
static void put_formatted(struct writer *w, const struct scope *scope,
    const json_t *value, const char *format)
{
    char full[40], *text = NULL;
    const char *star = strchr(format, '*');
    const char kind = format[strlen(format) - 1];
    json_t *width = star ? find(scope, ".width", 6) : NULL;
    const int stars = star ? (int)json_integer_value(width) : 0;
    int used;
    json_decref(width);
    if (strchr("gfe", kind) && json_is_number(value)) {
        snprintf(full, sizeof full, "%%%s", format);
        used = star ? asprintf(&text, full, stars, json_number_value(value))
                    : asprintf(&text, full, json_number_value(value));
    } else {
        /* without the precision of a number */
        const size_t flags = strcspn(format, kind == 's' ? "s" : ".dgfe+");
        char *plain = text_of(value, format);
        snprintf(full, sizeof full, "%%%.*ss", (int)flags, format);
        used = star ? asprintf(&text, full, stars, plain ? plain : "")
                    : asprintf(&text, full, plain ? plain : "");
        free(plain);
    }
    if (used >= 0)
        put_text(w, text, strlen(text));
    free(text);
}

static void put_value(struct writer *w, const struct scope *scope,
    const json_t *value, const char *format)
{
    if (!strcmp(format, "digits")) {
        put_digits(w, value);
    } else if (!strcmp(format, "wrap") || !strcmp(format, "xml") ||
               !strcmp(format, "yaml") || !strcmp(format, "tap") ||
               !strcmp(format, "roff")) {
        char *text = text_of(value, "");
        if (text && *format == 'w')
            put_wrapped(w, text);
        else if (text)
            put_escaped(w, text, *format);
        free(text);
    } else {
        put_formatted(w, scope, value, format);
    }
}

/* "yes|no|undecided", the one that a value picks. */
static void put_choice(
    struct writer *w, const json_t *value, const char *words, size_t length)
{
    const char *end = words + length;
    int skip = json_is_false(value) ? 1 : is_there(value) ? 0 : 2;
    for (; skip && words < end; skip--) {
        const char *bar = memchr(words, '|', (size_t)(end - words));
        words = bar ? bar + 1 : end;
    }
    const char *bar = memchr(words, '|', (size_t)(end - words));
    put_text(w, words, (size_t)((bar ? bar : end) - words));
}

static void put_tag(struct writer *w, const struct scope *scope,
    const char *tag, size_t length)
{
    const size_t path = strcspn(tag, ":?}");
    json_t *value = find(scope, tag, path);
    char format[40] = "s";
    if (tag[path] == '?') {
        put_choice(w, value, tag + path + 1, length - path - 1);
    } else {
        if (tag[path] == ':')
            snprintf(format, sizeof format, "%.*s", (int)(length - path - 1),
                tag + path + 1);
        put_value(w, scope, value, format);
    }
    json_decref(value);
}

/* ---- sections ------------------------------------------------------------
 */

/* Behind the tag that ends this part of the section, {:} or {/}. */
static const char *skip_part(const char *p)
{
    for (int depth = 0;; p++) {
        p = strchr(p, '{');
        if (!p)
            return "";
        if (p[1] == '{')
            p++;
        else if (p[1] == '#')
            depth++;
        else if ((p[1] == '/' && !depth--) || (p[1] == ':' && !depth))
            return p;
    }
}

static void fill(struct writer *w, const struct scope *scope, const char *text,
    const char *end);

/* Fills in what stands between a section's tags; returns what is behind. */
static const char *fill_section(struct writer *w, const struct scope *scope,
    const char *tag, size_t length)
{
    const char *body = tag + length + 1, *middle = skip_part(body), *end;
    end = middle[0] && middle[1] == ':' ? skip_part(middle + 3) : middle;
    const char *other = end == middle ? end : middle + 3;
    const size_t path = strcspn(tag, "=}");
    json_t *value = find(scope, tag, path);
    bool good = is_there(value);
    if (tag[path] == '=') {
        char *text = value ? text_of(value, "") : NULL;
        good = text && strlen(text) == length - path - 1 &&
               !strncmp(text, tag + path + 1, length - path - 1);
        free(text);
        fill(w, scope, good ? body : other, good ? middle : end);
    } else if (!good || json_is_true(value)) {
        fill(w, scope, good ? body : other, good ? middle : end);
    } else {
        const size_t count = json_is_array(value) ? json_array_size(value) : 0;
        for (size_t i = 0; i < (count ? count : 1); i++) {
            struct scope inner = {
                count ? json_array_get(value, i) : value, scope, i, count};
            fill(w, &inner, body, middle);
        }
    }
    json_decref(value);
    return *end ? end + 3 : end;
}

static void fill(struct writer *w, const struct scope *scope, const char *text,
    const char *end)
{
    while (text < end) {
        if (*text != '{' || text[1] == '{') {
            text += *text == '{';
            put(w, *text++);
            continue;
        }
        const char *tag = text + 1;
        const size_t length = strcspn(tag, "}");
        if (*tag == '#') {
            text = fill_section(w, scope, tag + 1, length - 1);
        } else {
            put_tag(w, scope, tag, length);
            text = tag + length + 1;
        }
    }
}

void cli_render(FILE *out, const char *text, const json_t *tree)
{
    struct writer w = {out, 0};
    const struct scope scope = {tree, NULL, 0, 0};
    fill(&w, &scope, text, text + strlen(text));
}

void cli_render_file(const struct cli_cli *cli, const char *path,
    const char *text, const json_t *tree)
{
    FILE *out = cli_file_open(cli, path);
    cli_render(out, text, tree);
    cli_file_close(cli, out, path);
}
