/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a library function of selfnorm that can fail returns. */
#ifndef SN_FIXEDPOINT_NUMBERS_STATUS_H
#define SN_FIXEDPOINT_NUMBERS_STATUS_H

enum sn_status {
    SN_OK,
    SN_BAD_VALUE,   /* an argument outside the documented domain */
    SN_NO_SOLUTION, /* nothing satisfies the request: proven */
    SN_UNDECIDED,   /* budget of precision, boxes or time used up */
    SN_NO_MEMORY,
    SN_SYSTEM,      /* errno tells */
    SN_INTERRUPTED, /* the caller's progress function said stop */
    SN_STATUS_COUNT
};

/* A short English phrase, never NULL. */
const char *sn_strerror(enum sn_status status);

#endif
