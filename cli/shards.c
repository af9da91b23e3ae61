/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/shards.h"
#include <string.h>

static const char *const parts_words[SHARED_PARTS_STATES] = {
    [SHARED_PARTS_FOREIGN] = "not a shard of this version of selfnorm",
    [SHARED_PARTS_SHORT] = "it ends too early",
    [SHARED_PARTS_DAMAGED] = "it is damaged (its hash differs)",
    [SHARED_PARTS_OTHER_RUN] = "it is of a run with other settings",
    [SHARED_PARTS_COUNTS] = "its counts are not of this run",
    [SHARED_PARTS_LINE] = "a line is not understood",
    [SHARED_PARTS_LARGE] = "it has more than 2^30 bytes",
};

void cli_shards_die(const struct cli_cli *cli, const char *folder,
    const struct shared_parts_fault *fault)
{
    const char *error = strerror(fault->error);
    switch (fault->state) {
    case SHARED_PARTS_NO_FOLDER:
        cli_die(
            cli, CLI_EXIT_UNUSABLE, "--shards '%.200s': %s", folder, error);
    case SHARED_PARTS_UNWRITABLE:
        cli_die(cli, CLI_EXIT_UNUSABLE, "cannot write '%.200s/%s': %s", folder,
            fault->name, error);
    case SHARED_PARTS_BUSY:
        cli_die(cli, CLI_EXIT_UNUSABLE,
            "'%.200s/%s' is in use by another process; give each its --shard",
            folder, fault->name);
    case SHARED_PARTS_NO_MEMORY:
        cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
    default:
        cli_die(cli, CLI_EXIT_UNUSABLE,
            "%.200s/%s: %s; remove it or use another --shards", folder,
            fault->name,
            parts_words[fault->state] ? parts_words[fault->state] : error);
    }
}
