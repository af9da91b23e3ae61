/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/file.h"
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* In pieces that double, so that a pipe, which has no size, will do. */
static enum sn_status read_stream(
    char **bytes, size_t *size, FILE *in, size_t most)
{
    size_t room = 0, got;
    do {
        if (*size == room) {
            room = room ? 2 * room : 1 << 16;
            room = room < most + 1 ? room : most + 1;
            char *more = realloc(*bytes, room + 1);
            if (!more)
                return SN_NO_MEMORY;
            *bytes = more;
        }
        got = fread(*bytes + *size, 1, room - *size, in);
        *size += got;
    } while (got && *size <= most);
    if (*size > most)
        return SN_BAD_VALUE;
    (*bytes)[*size] = '\0';
    return ferror(in) ? SN_SYSTEM : SN_OK;
}

enum sn_status shared_file_read(
    char **bytes, size_t *size, const char *path, size_t most)
{
    *bytes = NULL;
    *size = 0;
    FILE *in = fopen(path, "rb");
    if (!in)
        return SN_SYSTEM;
    enum sn_status status = read_stream(bytes, size, in, most);
    int why = errno;
    fclose(in);
    if (status != SN_OK) {
        free(*bytes);
        *bytes = NULL;
    }
    errno = why;
    return status;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t done = write(fd, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

enum sn_status shared_file_write(
    const char *path, const char *bytes, size_t size)
{
    char new[PATH_MAX];
    if (snprintf(new, sizeof new, "%s.XXXXXX", path) >= (int)sizeof new) {
        errno = ENAMETOOLONG;
        return SN_SYSTEM;
    }
    int fd = mkstemp(new);
    if (fd < 0)
        return SN_SYSTEM;
    mode_t mask = umask(0);
    umask(mask);
    bool good =
        !fchmod(fd, 0666 & ~mask) && write_all(fd, bytes, size) && !fsync(fd);
    int why = errno;
    good = !close(fd) && good;
    if (good && rename(new, path)) {
        good = false;
        why = errno;
    }
    if (!good)
        unlink(new);
    errno = why;
    return good ? SN_OK : SN_SYSTEM;
}
