/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mu as μ: the page writes letters where commands write their names. */
#include "cli/commands/report/report.h"
#include <stdlib.h>
#include <string.h>

static bool is_of_a_name(char c)
{
    return c == '_' || c == '-' || (c >= '0' && c <= '9') ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The letter that a word names, as a page writes it; NULL: none. */
static const char *letter_at(size_t *length, const char *text)
{
    static const char *const letter[][2] = {{"mu", "μ"}, {"nu", "ν"},
        {"omega", "ω"}, {"Omega", "Ω"}, {"tau", "τ"}, {"lambda", "λ"},
        {"alpha", "α"}, {"pi", "π"}};
    for (size_t i = 0; i < sizeof letter / sizeof *letter; i++) {
        *length = strlen(letter[i][0]);
        if (!strncmp(text, letter[i][0], *length) &&
            !is_of_a_name(text[*length]))
            return letter[i][1];
    }
    return NULL;
}

static char *in_greek(const char *text)
{
    char *greek = NULL;
    size_t size, length;
    FILE *out = open_memstream(&greek, &size);
    for (bool inside = false; *text; inside = is_of_a_name(*text++)) {
        const char *letter = inside ? NULL : letter_at(&length, text);
        if (letter)
            text += length - 1;
        fputs(letter ? letter : (char[2]){*text, '\0'}, out);
    }
    fclose(out);
    return greek;
}

void cmd_report_greek(json_t *value)
{
    const char *key;
    json_t *child;
    size_t i;
    json_array_foreach(value, i, child)
    {
        cmd_report_greek(child);
    }
    json_object_foreach(value, key, child)
    {
        cmd_report_greek(child);
        if (json_is_string(child)) {
            char *greek = in_greek(json_string_value(child));
            json_string_set(child, greek);
            free(greek);
        }
    }
}
