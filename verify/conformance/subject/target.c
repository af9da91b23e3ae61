/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/conformance.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file that exists, by its absolute path. */
static bool find_file(char path[PATH_MAX], const char *word, const char *name,
    const char *what, char *why, size_t size)
{
    struct stat info;
    /* absolute: dlopen() searches its own folders for a bare name */
    if (!realpath(name, path) || stat(path, &info)) {
        snprintf(why, size, "'%.200s': cannot use '%.200s': %s", word, name,
            strerror(errno));
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        snprintf(why, size, "'%.200s': '%.200s' is not a file; %s is needed",
            word, name, what);
        return false;
    }
    return true;
}

static bool parse_files(
    struct conf_target *target, const char *word, char *why, size_t size)
{
    char in[PATH_MAX];
    const char *comma = strchr(word + 4, ',');
    target->way = CONF_NPY;
    if (!comma || comma == word + 4 || !comma[1] || strchr(comma + 1, ',')) {
        snprintf(why, size, "'%.200s': must be npy:IN.npy,OUT.npy", word);
        return false;
    }
    snprintf(in, sizeof in, "%.*s", (int)(comma - word - 4), word + 4);
    snprintf(target->symbol, sizeof target->symbol, "npy");
    return find_file(target->library, word, in, "an .npy file", why, size) &&
           find_file(
               target->command, word, comma + 1, "an .npy file", why, size);
}

static bool parse_library(
    struct conf_target *target, const char *word, char *why, size_t size)
{
    const char *colon = strrchr(word, ':');
    char path[PATH_MAX];
    target->way = CONF_LIBRARY;
    if (!colon || colon == word || !colon[1] || strchr(colon, '/')) {
        snprintf(why, size, "'%.200s': must be " CONF_WAYS, word);
        return false;
    }
    size_t length = (size_t)(colon - word);
    if (strlen(colon + 1) >= sizeof target->symbol) {
        snprintf(why, size, "'%.200s...': too long a name", word);
        return false;
    }
    memcpy(path, word, length);
    path[length] = '\0';
    snprintf(target->symbol, sizeof target->symbol, "%s", colon + 1);
    return find_file(
        target->library, word, path, "a shared library", why, size);
}

bool conf_target_parse(
    struct conf_target *target, const char *word, char *why, size_t size)
{
    *target = (struct conf_target){.builtin = sn_find_kernel(word)};
    if (strlen(word) >= sizeof target->word) {
        snprintf(why, size, "'%.200s...': too long a name", word);
        return false;
    }
    snprintf(target->word, sizeof target->word, "%s", word);
    if (target->builtin && sn_isa_error()) {
        snprintf(why, size, "%s", sn_isa_error());
        return false;
    }
    if (target->builtin) {
        snprintf(target->symbol, sizeof target->symbol, "%s", word);
        return true;
    }
    if (!strncmp(word, "exec:", 5)) {
        target->way = CONF_EXEC;
        snprintf(target->symbol, sizeof target->symbol, "exec");
        snprintf(target->command, sizeof target->command, "%s", word + 5);
        if (word[5 + strspn(word + 5, " \t")])
            return true;
        snprintf(
            why, size, "'%.200s': no command; must be exec:COMMAND", word);
        return false;
    }
    if (!strncmp(word, "npy:", 4))
        return parse_files(target, word, why, size);
    return parse_library(target, word, why, size);
}
