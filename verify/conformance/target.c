/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/conformance.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool sn_target_parse(
    struct sn_target *target, const char *word, char *why, size_t size)
{
    *target = (struct sn_target){.builtin = sn_find_kernel(word)};
    snprintf(target->word, sizeof target->word, "%s", word);
    if (target->builtin && sn_isa_error()) {
        snprintf(why, size, "%s", sn_isa_error());
        return false;
    }
    if (target->builtin) {
        snprintf(target->symbol, sizeof target->symbol, "%s", word);
        return true;
    }
    const char *colon = strrchr(word, ':');
    if (!colon || colon == word || !colon[1] || strchr(colon, '/')) {
        snprintf(why, size,
            "'%.200s': must be a name from 'selfnorm list' or PATH.so:SYMBOL",
            word);
        return false;
    }
    char path[PATH_MAX];
    size_t length = (size_t)(colon - word);
    struct stat info;
    if (length >= sizeof path || strlen(colon + 1) >= sizeof target->symbol) {
        snprintf(why, size, "'%.200s...': too long a name", word);
        return false;
    }
    memcpy(path, word, length);
    path[length] = '\0';
    snprintf(target->symbol, sizeof target->symbol, "%s", colon + 1);
    /* an absolute path: dlopen() searches its own folders for a bare name */
    if (!realpath(path, target->library) || stat(target->library, &info)) {
        snprintf(why, size, "'%.200s': cannot use '%.200s': %s", word, path,
            strerror(errno));
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        snprintf(why, size,
            "'%.200s': '%.200s' is not a file; a shared library is needed",
            word, path);
        return false;
    }
    return true;
}
