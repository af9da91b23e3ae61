/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/numbers/status.h"

const char *sn_strerror(enum sn_status status)
{
    static const char *const phrase[SN_STATUS_COUNT] = {
        [SN_OK] = "no error",
        [SN_BAD_VALUE] = "a value lies outside the domain",
        [SN_NO_SOLUTION] = "no solution exists",
        [SN_UNDECIDED] = "not decided within the budget",
        [SN_NO_MEMORY] = "out of memory",
        [SN_SYSTEM] = "a system call failed",
        [SN_INTERRUPTED] = "interrupted",
    };
    if (status < 0 || status >= SN_STATUS_COUNT)
        return "unknown status";
    return phrase[status];
}
