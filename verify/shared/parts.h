/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A folder of finished parts of a long computation, each a text file, so that
 * a run that was ended goes on where it was.
 *   VERSION LINE
 *   RUN LINE         everything that any number depends on
 *   body             lines of the caller's own
 *   end HASH         FNV-1a of all before this line
 * Written under another name and renamed, so what is there is whole.  What
 * comes from such a file is refused unless all of this holds; of more than
 * SHARED_PARTS_MOST bytes nothing is read.  Reading takes time and memory in
 * proportion to the file's size.
 */
#ifndef SN_VERIFY_SHARED_PARTS_H
#define SN_VERIFY_SHARED_PARTS_H

#include <stddef.h>

enum { SHARED_PARTS_MOST = 1 << 30, SHARED_PARTS_NAME = 32 };

struct shared_parts {
    const char *folder;
    const char *version, *run; /* lines, each with its end */
};

enum shared_parts_state {
    SHARED_PARTS_OK,
    SHARED_PARTS_ABSENT,     /* no such part: it is to be computed */
    SHARED_PARTS_FOREIGN,    /* no part of this version */
    SHARED_PARTS_SHORT,      /* ends too early */
    SHARED_PARTS_DAMAGED,    /* its hash differs */
    SHARED_PARTS_OTHER_RUN,  /* of a run with other settings */
    SHARED_PARTS_COUNTS,     /* its counts are not of this run */
    SHARED_PARTS_LINE,       /* a line of its body is not understood */
    SHARED_PARTS_LARGE,      /* more than SHARED_PARTS_MOST bytes */
    SHARED_PARTS_UNREADABLE, /* errno says why, as of the next three */
    SHARED_PARTS_UNWRITABLE,
    SHARED_PARTS_NO_FOLDER,
    SHARED_PARTS_BUSY, /* another process works at this share */
    SHARED_PARTS_NO_MEMORY,
    SHARED_PARTS_STATES
};

/* What went wrong, and with which part. */
struct shared_parts_fault {
    enum shared_parts_state state;
    int error;                    /* errno */
    char name[SHARED_PARTS_NAME]; /* empty: the folder */
};

/* Makes the folder where there is none. */
enum shared_parts_state shared_parts_open(const struct shared_parts *parts);
/*
 * A file of the folder that this process alone holds until it ends or closes
 * *lock: SHARED_PARTS_BUSY where another one does.
 */
enum shared_parts_state shared_parts_lock(
    int *lock, const struct shared_parts *parts, const char *name);
/* SHARED_PARTS_OK: *body, to be freed, is the body of that part. */
enum shared_parts_state shared_parts_load(
    char **body, const struct shared_parts *parts, const char *name);
/* The same of a file's text, ended by a 0 at `length`: the body takes its
   place. */
enum shared_parts_state shared_parts_unwrap(
    char *text, size_t length, const struct shared_parts *parts);
enum shared_parts_state shared_parts_save(
    const struct shared_parts *parts, const char *name, const char *body);

/* Notes a state and errno, and gives the state back. */
enum shared_parts_state shared_parts_note(struct shared_parts_fault *fault,
    enum shared_parts_state state, const char *name);

#endif
