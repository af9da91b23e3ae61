/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a certificate's lines. */
#include "fixedpoint/checker/check.h"
#include <string.h>

char *snc_after(struct snc_check_state *c, const char *keyword)
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

bool snc_take_decimal(struct snc_check_state *c, fmpq_t x, const char *word)
{
    if (!word || !snc_is_decimal(word))
        return snc_refuse(
            &c->reader, "'%.40s': must be a decimal", word ? word : "");
    snc_decimal(x, word);
    return true;
}

bool snc_take_double(struct snc_check_state *c, double *x, const char *word)
{
    if (!word || !snc_double(x, word))
        return snc_refuse(
            &c->reader, "'%.40s': must be a finite number", word ? word : "");
    return true;
}

int snc_coordinate_of(const char *word)
{
    int i = 0;
    while (i < SNC_COORDINATES && (!word || strcmp(word, snc_coordinate[i])))
        i++;
    return i;
}
