/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --shards: what is wrong with a folder of parts, in words. */
#ifndef SN_CLI_SHARDS_H
#define SN_CLI_SHARDS_H

#include "cli/cli.h"
#include "verify/shared/parts.h"

/* Exit 3, naming the part or the folder, and what would do. */
_Noreturn void cli_shards_die(const struct cli_cli *cli, const char *folder,
    const struct shared_parts_fault *fault);

#endif
