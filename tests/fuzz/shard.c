/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the file of a shard: refused, or unwrapped and parsed.  As no
 * mutation hits a hash, the second half of the inputs gets the right one.
 */
#include "verify/shared/hash.h"
#include "verify/shared/parts.h"
#include "verify/conformance/records/shard.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    const struct shared_parts shards = {.version = "v 1\n", .run = "run 7\n"};
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
            (unsigned long long)shared_hash(SHARED_HASH_START, text, size));
    }
    enum shared_parts_state state = shared_parts_unwrap(text, size, &shards);
    if (state == SHARED_PARTS_OK)
        parse(text);
    else if (state != SHARED_PARTS_FOREIGN && state != SHARED_PARTS_SHORT &&
             state != SHARED_PARTS_DAMAGED && state != SHARED_PARTS_OTHER_RUN)
        abort();
    free(text);
    return 0;
}
