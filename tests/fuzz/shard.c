/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the file of a shard: refused, or unwrapped and parsed.  As no
 * mutation hits a hash, the second half of the inputs gets the right one.
 */
#include "cli/shards.h"
#include "verify/conformance/records/part.h"
#include <stdlib.h>
#include <string.h>

/* What cli/shards.c ends with or writes by; nothing here may get there. */
_Noreturn void cli_die(
    const struct cli_cli *cli, enum cli_exit status, const char *format, ...)
{
    (void)cli, (void)status, (void)format;
    abort();
}

FILE *cli_file_open(const struct cli_cli *cli, const char *path)
{
    (void)cli, (void)path;
    abort();
}

void cli_file_close(const struct cli_cli *cli, FILE *file, const char *path)
{
    (void)cli, (void)file, (void)path;
    abort();
}

static void parse(char *body)
{
    static struct sweep_score score;
    static struct sweep_ends ends[4];
    struct sweep_part part = {.first = 0, .count = 4, .score = &score};
    part.ends = *body % 2 ? ends : NULL;
    record_part_parse(&part, body + (*body != 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct cli_shards shards = {.version = "v 1\n", .run = "run 7\n"};
    char *text = malloc(size + 64);
    if (!text)
        return 0;
    memcpy(text, bytes, size);
    text[size] = '\0';
    if (size && bytes[0] & 0x80) {
        int head = snprintf(text, 64, "%s%s", shards.version, shards.run);
        memcpy(text + head, bytes + 1, size - 1);
        size += (size_t)head - 1;
        size += (size_t)snprintf(text + size, 32, "end %016llx\n",
            (unsigned long long)cli_shards_hash(
                CLI_SHARDS_HASH_START, text, size));
    }
    const char *why = cli_shards_unwrap(&shards, text, size);
    if (!why)
        parse(text);
    else if (!*why)
        abort();
    free(text);
    return 0;
}
