/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/parts.h"
#include "verify/shared/file.h"
#include "verify/shared/hash.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <string.h>

static void path_of(
    char path[PATH_MAX], const struct shared_parts *parts, const char *name)
{
    snprintf(path, PATH_MAX, "%s/%s", parts->folder, name);
}

enum shared_parts_state shared_parts_open(const struct shared_parts *parts)
{
    struct stat info;
    if (!mkdir(parts->folder, 0777))
        return SHARED_PARTS_OK;
    if (errno != EEXIST || stat(parts->folder, &info))
        return SHARED_PARTS_NO_FOLDER;
    errno = ENOTDIR;
    return S_ISDIR(info.st_mode) ? SHARED_PARTS_OK : SHARED_PARTS_NO_FOLDER;
}

enum shared_parts_state shared_parts_lock(
    int *lock, const struct shared_parts *parts, const char *name)
{
    char path[PATH_MAX];
    path_of(path, parts, name);
    *lock = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (*lock < 0)
        return SHARED_PARTS_UNWRITABLE;
    return flock(*lock, LOCK_EX | LOCK_NB) ? SHARED_PARTS_BUSY
                                           : SHARED_PARTS_OK;
}

enum shared_parts_state shared_parts_unwrap(
    char *text, size_t length, const struct shared_parts *parts)
{
    const size_t tail = strlen("end 0123456789abcdef\n");
    const size_t version = strlen(parts->version), run = strlen(parts->run);
    char end[32];
    if (strncmp(text, parts->version, version))
        return SHARED_PARTS_FOREIGN;
    if (length < version + tail)
        return SHARED_PARTS_SHORT;
    snprintf(end, sizeof end, "end %016" PRIx64 "\n",
        shared_hash(SHARED_HASH_START, text, length - tail));
    if (strcmp(text + length - tail, end))
        return SHARED_PARTS_DAMAGED;
    if (length < version + run + tail ||
        strncmp(text + version, parts->run, run))
        return SHARED_PARTS_OTHER_RUN;
    text[length - tail] = '\0';
    memmove(text, text + version + run, length - tail - version - run + 1);
    return SHARED_PARTS_OK;
}

enum shared_parts_state shared_parts_load(
    char **body, const struct shared_parts *parts, const char *name)
{
    char path[PATH_MAX];
    size_t length;
    path_of(path, parts, name);
    enum sn_status status =
        shared_file_read(body, &length, path, SHARED_PARTS_MOST);
    enum shared_parts_state state =
        status == SN_OK          ? shared_parts_unwrap(*body, length, parts)
        : status == SN_NO_MEMORY ? SHARED_PARTS_NO_MEMORY
        : status == SN_BAD_VALUE ? SHARED_PARTS_LARGE
        : errno == ENOENT        ? SHARED_PARTS_ABSENT
                                 : SHARED_PARTS_UNREADABLE;
    if (state != SHARED_PARTS_OK) {
        free(*body);
        *body = NULL;
    }
    return state;
}

enum shared_parts_state shared_parts_save(
    const struct shared_parts *parts, const char *name, const char *body)
{
    char path[PATH_MAX], *text;
    path_of(path, parts, name);
    size_t room = strlen(parts->version) + strlen(parts->run) + strlen(body);
    if (room >= SHARED_PARTS_MOST)
        return SHARED_PARTS_LARGE;
    if (!(text = malloc(room + 32)))
        return SHARED_PARTS_NO_MEMORY;
    int length =
        snprintf(text, room + 1, "%s%s%s", parts->version, parts->run, body);
    length += snprintf(text + length, 32, "end %016" PRIx64 "\n",
        shared_hash(SHARED_HASH_START, text, (size_t)length));
    enum sn_status status = shared_file_write(path, text, (size_t)length);
    free(text);
    return status == SN_OK ? SHARED_PARTS_OK : SHARED_PARTS_UNWRITABLE;
}

enum shared_parts_state shared_parts_note(struct shared_parts_fault *fault,
    enum shared_parts_state state, const char *name)
{
    fault->state = state;
    fault->error = errno;
    snprintf(fault->name, sizeof fault->name, "%s", name);
    return state;
}
