/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/npy.h"
#include "verify/shared/elements.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The header is a Python literal; what is left of it. */
struct npy_text {
    const char *at, *end;
};

static void skip_blanks(struct npy_text *t)
{
    while (t->at < t->end && (*t->at == ' ' || *t->at == '\n'))
        t->at++;
}

static bool take(struct npy_text *t, char c)
{
    skip_blanks(t);
    if (t->at == t->end || *t->at != c)
        return false;
    t->at++;
    return true;
}

static bool take_word(struct npy_text *t, const char *word)
{
    size_t length = strlen(word);
    skip_blanks(t);
    if ((size_t)(t->end - t->at) < length || memcmp(t->at, word, length))
        return false;
    t->at += length;
    return true;
}

/* A quoted string without escapes, shorter than the room. */
static bool take_string(struct npy_text *t, char *string, size_t room)
{
    skip_blanks(t);
    if (t->at == t->end || (*t->at != '\'' && *t->at != '"'))
        return false;
    char quote = *t->at++;
    size_t used = 0;
    while (t->at < t->end && *t->at != quote && used + 1 < room)
        string[used++] = *t->at++;
    string[used] = '\0';
    return t->at < t->end && *t->at++ == quote;
}

static bool take_number(struct npy_text *t, uint64_t *number)
{
    skip_blanks(t);
    const char *start = t->at;
    *number = 0;
    while (t->at < t->end && *t->at >= '0' && *t->at <= '9') {
        uint64_t digit = (uint64_t)(*t->at++ - '0');
        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    if (t->at < t->end && *t->at == 'L') /* Python 2 */
        t->at++;
    return t->at > start;
}

static bool take_shape(struct npy_text *t, struct shared_npy *npy)
{
    if (!take(t, '('))
        return false;
    npy->dimensions = 0;
    npy->count = 1;
    while (!take(t, ')')) {
        uint64_t extent;
        if (npy->dimensions == SHARED_NPY_DIMENSIONS ||
            !take_number(t, &extent))
            return false;
        npy->shape[npy->dimensions++] = extent;
        /* 2^60 elements and more saturate: no file has them */
        if (extent && npy->count > (UINT64_C(1) << 60) / extent)
            npy->count = UINT64_C(1) << 60;
        else
            npy->count *= extent;
        if (!take(t, ',')) {
            if (!take(t, ')'))
                return false;
            break;
        }
    }
    return true;
}

static bool take_type(
    const char *descr, struct shared_npy *npy, char *why, size_t room)
{
    static const struct {
        const char *descr;
        int type;
    } known[] = {{"<f4", SHARED_F32}, {"<f8", SHARED_F64}, {"<f2", SHARED_F16},
        {"<V2", SHARED_BF16}, {"|V2", SHARED_BF16}, {"<u2", SHARED_BF16}};
    npy->swapped = *descr == '>';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(descr + 1, known[i].descr + 1) &&
            (*descr == *known[i].descr || npy->swapped)) {
            npy->type = known[i].type;
            return true;
        }
    char shown[21];
    size_t n = 0;
    for (; descr[n] && n + 1 < sizeof shown; n++)
        shown[n] = descr[n] > ' ' && descr[n] < 127 ? descr[n] : '?';
    shown[n] = '\0';
    snprintf(why, room,
        "has elements '%.20s'; must be f4, f8, f2, or V2 or u2 for "
        "bfloat16",
        shown);
    return false;
}

/* The dictionary: descr, fortran_order and shape, in any order. */
static bool take_header(
    struct npy_text *t, struct shared_npy *npy, char *why, size_t room)
{
    bool descr = false, order = false, shape = false;
    snprintf(why, room, "has a header that is not that of an .npy file");
    if (!take(t, '{'))
        return false;
    while (!take(t, '}')) {
        char key[32], value[32];
        if (!take_string(t, key, sizeof key) || !take(t, ':'))
            return false;
        if (!strcmp(key, "descr")) {
            skip_blanks(t);
            if (t->at < t->end && *t->at == '[') {
                snprintf(why, room,
                    "has records; must be an array of plain numbers");
                return false;
            }
            if (!take_string(t, value, sizeof value))
                return false;
            if (!take_type(value, npy, why, room))
                return false;
            descr = true;
        } else if (!strcmp(key, "fortran_order")) {
            npy->fortran = take_word(t, "True");
            if (!npy->fortran && !take_word(t, "False"))
                return false;
            order = true;
        } else if (!strcmp(key, "shape")) {
            if (!take_shape(t, npy))
                return false;
            shape = true;
        } else {
            return false;
        }
        if (!take(t, ',')) {
            if (!take(t, '}'))
                return false;
            break;
        }
    }
    skip_blanks(t);
    return descr && order && shape && t->at == t->end;
}

bool shared_npy_parse(struct shared_npy *npy, const unsigned char *bytes,
    size_t size, char *why, size_t room)
{
    static const unsigned char magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    size_t start, length;
    *npy = (struct shared_npy){0};
    if (size < 10 || memcmp(bytes, magic, sizeof magic)) {
        snprintf(why, room, "is no .npy file");
        return false;
    }
    if (bytes[6] < 1 || bytes[6] > 3) {
        snprintf(
            why, room, "is version %d of .npy; 1 to 3 are known", bytes[6]);
        return false;
    }
    start = bytes[6] == 1 ? 10 : 12;
    length = (size_t)bytes[8] | (size_t)bytes[9] << 8;
    if (bytes[6] > 1 && size >= 12)
        length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (size < start || length > size - start) {
        snprintf(why, room, "ends within its header");
        return false;
    }
    if (length > SHARED_NPY_HEADER) {
        snprintf(why, room, "has a header of %zu bytes; at most %d are read",
            length, SHARED_NPY_HEADER);
        return false;
    }
    npy->at = start + length;
    struct npy_text t = {
        (const char *)bytes + start, (const char *)bytes + npy->at};
    if (!take_header(&t, npy, why, room))
        return false;
    uint64_t follow = size - npy->at;
    const uint64_t each = shared_element_size(npy->type);
    if (npy->count > UINT64_MAX / each || npy->count * each != follow) {
        snprintf(why, room,
            "declares %llu elements of %llu bytes, and %llu bytes follow",
            (unsigned long long)npy->count, (unsigned long long)each,
            (unsigned long long)follow);
        return false;
    }
    return true;
}

bool shared_npy_open(
    struct shared_npy_file *file, const char *path, char *why, size_t room)
{
    struct stat info;
    *file = (struct shared_npy_file){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info)) {
        snprintf(why, room, "cannot be read: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (!S_ISREG(info.st_mode) || !info.st_size) {
        snprintf(
            why, room, S_ISREG(info.st_mode) ? "is empty" : "is not a file");
        close(fd);
        return false;
    }
    file->size = (size_t)info.st_size;
    file->bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (file->bytes == MAP_FAILED) {
        snprintf(why, room, "cannot be read: %s", strerror(errno));
        file->bytes = NULL;
        return false;
    }
    if (shared_npy_parse(&file->npy, file->bytes, file->size, why, room))
        return true;
    shared_npy_close(file);
    return false;
}

void shared_npy_close(struct shared_npy_file *file)
{
    if (file->bytes)
        munmap(file->bytes, file->size);
    file->bytes = NULL;
}

/* Where the i-th element in C's order lies in Fortran's. */
static uint64_t fortran_place(const struct shared_npy *npy, uint64_t i)
{
    uint64_t place = 0, stride = npy->count;
    for (int k = npy->dimensions - 1; k >= 0; k--) {
        stride /= npy->shape[k];
        place += i % npy->shape[k] * stride;
        i /= npy->shape[k];
    }
    return place;
}

uint64_t shared_npy_bits(const struct shared_npy_file *file, uint64_t i)
{
    const struct shared_npy *npy = &file->npy;
    const size_t size = shared_element_size(npy->type);
    const uint64_t place =
        npy->fortran && npy->dimensions > 1 ? fortran_place(npy, i) : i;
    const unsigned char *from = file->bytes + npy->at + place * size;
    uint64_t bits = 0;
    for (size_t k = 0; k < size; k++)
        bits |= (uint64_t)from[npy->swapped ? size - 1 - k : k] << 8 * k;
    return bits;
}

size_t shared_npy_header(unsigned char header[128], int type, uint64_t count)
{
    static const char *const descr[SHARED_ELEMENTS] = {
        "<f4", "<f8", "<f2", "<V2"};
    char text[119];
    int used = snprintf(text, sizeof text,
        "{'descr': '%s', 'fortran_order': False, 'shape': (%llu,), }",
        descr[type], (unsigned long long)count);
    /* elements start at a multiple of 64, after blanks and a newline */
    memcpy(header, "\x93NUMPY\x01\x00", 8);
    header[8] = 128 - 10;
    header[9] = 0;
    memset(header + 10, ' ', 128 - 10);
    memcpy(header + 10, text, (size_t)used);
    header[127] = '\n';
    return 128;
}
