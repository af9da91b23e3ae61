/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A folder of shards: fixed parts of a long computation, each a text file once
 * finished, so that a run that was ended goes on where it was.
 *   VERSION LINE
 *   RUN LINE         everything that any number depends on
 *   body             lines of the command's own
 *   end HASH         FNV-1a of all before this line
 * Written under another name and renamed, so what is there is whole.
 */
#ifndef SN_CLI_SHARDS_H
#define SN_CLI_SHARDS_H

#include "cli/cli.h"
#include <stddef.h>

struct cli_shards {
    const struct cli_cli *cli;
    const char *folder;
    const char *version, *run; /* lines, each with its end */
};

uint64_t cli_shards_hash(uint64_t hash, const void *bytes, size_t n);
#define CLI_SHARDS_HASH_START 0xcbf29ce484222325

/* Makes the folder where there is none; exit 3 where that fails. */
void cli_shards_open(const struct cli_shards *shards);
/*
 * The body of shard i, to be freed, or NULL where there is no such file.  What
 * is damaged or of another run ends the program.
 */
char *cli_shards_load(const struct cli_shards *shards, size_t i);
/* The same of a file's text, ended by a 0 at `length`: NULL and the body in
   its place, or why it cannot be used. */
const char *cli_shards_unwrap(
    const struct cli_shards *shards, char *text, size_t length);
void cli_shards_save(
    const struct cli_shards *shards, size_t i, const char *body);
/* Exit 3: shard i cannot be used, and why. */
_Noreturn void cli_shards_die(
    const struct cli_shards *shards, size_t i, const char *why);

#endif
