/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that nearly name a kernel. */
#include "verify/conformance/subject/kinds.h"
#include "verify/shared/file.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool ends_in(const char *name, size_t length, const char *end)
{
    const size_t n = strlen(end);
    return length > n && !strncmp(name + length - n, end, n);
}

enum subject_trouble subject_trouble_of_word(const char *word)
{
    static const char *const sources[] = {
        ".c", ".cc", ".cpp", ".cxx", ".cu", ".f90", ".rs"};
    const size_t length = strcspn(word, ":");
    char path[PATH_MAX];
    if (length >= sizeof path)
        return SUBJECT_WORD_UNKNOWN;
    memcpy(path, word, length);
    path[length] = '\0';
    if (access(path, F_OK))
        return SUBJECT_WORD_UNKNOWN;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (ends_in(path, length, sources[i]))
            return SUBJECT_WORD_SOURCE;
    return strstr(path, ".so") ? SUBJECT_WORD_NO_SYMBOL : SUBJECT_WORD_UNKNOWN;
}

/*
 * The Itanium ABI writes f(float *) as _Z1fPf, with the length of each name
 * before it; N as third letter begins a name within others.  A library holds
 * its names as strings.
 */
bool subject_find_mangled(
    char *found, size_t room, const char *path, const char *name)
{
    enum { MOST_BYTES = 1 << 30 };
    char *bytes, part[300];
    size_t size;
    bool is_there = false;
    snprintf(part, sizeof part, "%zu%s", strlen(name), name);
    if (shared_file_read(&bytes, &size, path, MOST_BYTES) != SN_OK)
        return false;
    for (size_t i = 0; i + 3 < size && !is_there; i++) {
        if (bytes[i] || bytes[i + 1] != '_' || bytes[i + 2] != 'Z')
            continue;
        const char *symbol = bytes + i + 1;
        const size_t length = strnlen(symbol, size - i - 1);
        const char *at = memmem(symbol, length, part, strlen(part));
        /* not the end of a longer number */
        is_there = at && !(at[-1] >= '0' && at[-1] <= '9');
        if (is_there)
            snprintf(found, room, "%.*s", (int)(length < 300 ? length : 300),
                symbol);
    }
    free(bytes);
    return is_there;
}
