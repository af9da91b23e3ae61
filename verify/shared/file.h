/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file as a whole: read into memory, or written so that it is whole. */
#ifndef SN_VERIFY_SHARED_FILE_H
#define SN_VERIFY_SHARED_FILE_H

#include "fixedpoint/numbers/status.h"
#include <stddef.h>

/*
 * The `size` bytes of the file, to be freed, with a 0 behind them.  Pipes and
 * devices too.  SN_SYSTEM: errno says why; SN_BAD_VALUE: more than `most`
 * bytes; SN_NO_MEMORY.  On an error *bytes is NULL.
 */
enum sn_status shared_file_read(
    char **bytes, size_t *size, const char *path, size_t most);

/*
 * Written under another name, brought to the disk and renamed: what is under
 * `path` is always whole.  SN_SYSTEM: errno says why, and nothing is left.
 */
enum sn_status shared_file_write(
    const char *path, const char *bytes, size_t size);

#endif
