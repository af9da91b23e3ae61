/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/npy.h"
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_HEADER = 1 << 16 };

struct header {
    size_t offset; /* of the first number */
    bool big_endian, columns_first, has_descr, has_order, has_shape;
    size_t size; /* of a number */
    int dimensions;
    uint64_t extent[2];
};

/* ---- the header, a Python dict: {'descr': '<f4', ...} ---- */

static const char *skip(const char *p)
{
    while (*p == ' ' || *p == '\n' || *p == '\t')
        p++;
    return p;
}

/* Past `word`, or NULL where something else stands. */
static const char *take(const char *p, const char *word)
{
    p = skip(p);
    size_t length = strlen(word);
    return strncmp(p, word, length) ? NULL : p + length;
}

static const char *take_descr(struct header *h, const char *p)
{
    p = skip(p);
    if (*p != '\'' && *p != '"')
        return NULL;
    char quote = *p++;
    if (*p != '<' && *p != '>' && *p != '=')
        return NULL;
    h->big_endian = *p == '>';
    if (p[1] != 'f' || (p[2] != '4' && p[2] != '8') || p[3] != quote)
        return NULL;
    h->size = (size_t)(p[2] - '0');
    h->has_descr = true;
    return p + 4;
}

static const char *take_order(struct header *h, const char *p)
{
    const char *after = take(p, "True");
    h->columns_first = after != NULL;
    h->has_order = true;
    return after ? after : take(p, "False");
}

static const char *take_shape(struct header *h, const char *p)
{
    h->has_shape = true;
    h->dimensions = 0;
    if (!(p = take(p, "(")))
        return NULL;
    for (p = skip(p); *p != ')'; p = skip(p)) {
        if (!isdigit((unsigned char)*p) || h->dimensions == 2)
            return NULL;
        uint64_t extent = 0;
        for (; isdigit((unsigned char)*p); p++) {
            if (extent > (uint64_t)1 << 48)
                return NULL;
            extent = 10 * extent + (uint64_t)(*p - '0');
        }
        h->extent[h->dimensions++] = extent;
        p = skip(p);
        if (*p == ',')
            p++;
        else if (*p != ')')
            return NULL;
    }
    return p + 1;
}

static const char *parse(struct header *h, const char *text)
{
    const char *p = take(text, "{"), *next;
    while (p && !take(p, "}")) {
        if ((next = take(p, "'descr':")))
            p = take_descr(h, next);
        else if ((next = take(p, "'fortran_order':")))
            p = take_order(h, next);
        else if ((next = take(p, "'shape':")))
            p = take_shape(h, next);
        else
            return "its header is not understood";
        if (p && !take(p, "}"))
            p = take(p, ",");
    }
    if (!p || !h->has_descr || !h->has_order || !h->has_shape)
        return "it must hold float32 or float64 in one or two dimensions";
    if (h->dimensions == 0)
        return "it holds a single number, not an array";
    return NULL;
}

static const char *read_header(struct header *h, FILE *in)
{
    unsigned char start[12];
    if (fread(start, 1, 10, in) != 10 || memcmp(start, "\x93NUMPY", 6))
        return "not a .npy file";
    if (start[6] < 1 || start[6] > 3)
        return "its .npy version is not 1, 2 or 3";
    size_t length = (size_t)start[8] | (size_t)start[9] << 8;
    h->offset = 10;
    if (start[6] > 1) {
        if (fread(start + 10, 1, 2, in) != 2)
            return "it ends within the header";
        length |= (size_t)start[10] << 16 | (size_t)start[11] << 24;
        h->offset = 12;
    }
    if (length > LONGEST_HEADER)
        return "its header is longer than 64 KiB";
    char *text = calloc(length + 1, 1);
    if (!text)
        return "out of memory";
    const char *why = fread(text, 1, length, in) == length
                          ? parse(h, text)
                          : "it ends within the header";
    free(text);
    h->offset += length;
    return why;
}

/* ---- the numbers ---- */

static double number(const unsigned char *bytes, const struct header *h)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < h->size; i++)
        bits |= (uint64_t)bytes[h->big_endian ? h->size - 1 - i : i] << 8 * i;
    double d;
    float f;
    uint32_t half = (uint32_t)bits;
    memcpy(&d, &bits, sizeof d);
    memcpy(&f, &half, sizeof f);
    return h->size == 4 ? (double)f : d;
}

static const char *read_numbers(
    struct sn_npy *npy, const struct header *h, FILE *in)
{
    uint64_t rows = h->dimensions == 2 ? h->extent[0] : 1;
    uint64_t columns = h->extent[h->dimensions - 1];
    long end;
    if (fseek(in, 0, SEEK_END) || (end = ftell(in)) < 0 ||
        fseek(in, (long)h->offset, SEEK_SET))
        return "it cannot be read twice: a pipe?";
    uint64_t present = ((uint64_t)end - h->offset) / h->size;
    if (rows == 0 || columns == 0)
        return "it is empty";
    if (columns > present || rows > present / columns)
        return "it is shorter than its header says";
    if (rows * columns * h->size + h->offset != (uint64_t)end)
        return "it is longer than its header says";
    npy->dimensions = h->dimensions;
    npy->rows = rows;
    npy->columns = columns;
    npy->value = calloc(rows * columns, sizeof *npy->value);
    if (!npy->value)
        return "out of memory";
    for (uint64_t i = 0; i < rows * columns; i++) {
        unsigned char bytes[8];
        if (fread(bytes, 1, h->size, in) != h->size)
            return "it cannot be read to its end";
        uint64_t to = h->columns_first ? i % rows * columns + i / rows : i;
        npy->value[to] = number(bytes, h);
    }
    return NULL;
}

enum sn_status sn_npy_read(
    struct sn_npy *npy, const char *path, const char **why)
{
    *npy = (struct sn_npy){0};
    struct header h = {0};
    FILE *in = fopen(path, "rb");
    if (!in)
        return SN_SYSTEM;
    *why = read_header(&h, in);
    if (!*why)
        *why = read_numbers(npy, &h, in);
    fclose(in);
    if (!*why)
        return SN_OK;
    sn_npy_clear(npy);
    return SN_BAD_VALUE;
}

void sn_npy_clear(struct sn_npy *npy)
{
    free(npy->value);
    npy->value = NULL;
}
