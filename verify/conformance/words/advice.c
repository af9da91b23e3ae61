/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to do about a code, and its page. */
#include "verify/conformance/words/words.h"
#include <stdio.h>
#include <string.h>

const char *words_advice(const char *code)
{
    static const struct {
        const char *code, *words;
    } row[] = {
#define ADVICE(code, words) {code, words},
#include "verify/conformance/words/advice.def"
#undef ADVICE
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (!strcmp(row[i].code, code))
            return row[i].words;
    return NULL;
}

/* Format characters stand for figures: "..." */
static void add_plain(char *text, size_t size, const char *format)
{
    size_t used = strlen(text);
    for (; *format && used + 4 < size; format++)
        if (*format == '%') {
            format += strcspn(format, "aefgu");
            used += (size_t)snprintf(text + used, size - used, "...");
        } else {
            text[used++] = *format;
        }
    text[used] = '\0';
}

bool words_page(char *text, size_t size, const char *code)
{
    static const char *const level[] = {[CONF_NOTE] = "a note",
        [CONF_WARNING] = "a warning; an error with --strict",
        [CONF_ERROR] = "an error",
        [CONF_BY_LIMIT] = "a warning; an error where it takes results beyond "
                          "the limit"};
    const char *advice = words_advice(code);
    bool found = false;
    snprintf(text, size, "%s\n", code);
    for (int i = 0; i < DIAG_ROWS; i++) {
        const struct diag_row *row = &diag_rows[i];
        if (strcmp(row->code, code))
            continue;
        found = true;
        add_plain(text, size, "  ");
        add_plain(text, size, row->words);
        add_plain(text, size, "\n    it is ");
        add_plain(text, size, level[row->level]);
        add_plain(text, size, "\n");
        if (row->evidence) {
            add_plain(text, size, "    shown by: ");
            add_plain(text, size, row->evidence);
            add_plain(text, size, "\n");
        }
    }
    add_plain(text, size, "  change: ");
    add_plain(text, size,
        advice ? advice : "look at what the evidence of a check says.");
    add_plain(text, size, "\n");
    return found;
}
