/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/shards.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

uint64_t cli_shards_hash(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ b[i]) * 0x100000001b3;
    return hash;
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    return cli_shards_hash(hash, text, strlen(text));
}

static void path_of(char path[512], const struct cli_shards *shards, size_t i)
{
    snprintf(path, 512, "%.480s/shard-%06zu", shards->folder, i);
}

void cli_shards_open(const struct cli_shards *shards)
{
    struct stat info;
    int why = mkdir(shards->folder, 0777) ? errno : 0;
    if (why == EEXIST && !stat(shards->folder, &info))
        why = S_ISDIR(info.st_mode) ? 0 : ENOTDIR;
    if (why)
        cli_die(shards->cli, CLI_EXIT_UNUSABLE, "--shards '%.200s': %s",
            shards->folder, strerror(why));
}

_Noreturn void cli_shards_die(
    const struct cli_shards *shards, size_t i, const char *why)
{
    char path[512];
    path_of(path, shards, i);
    cli_die(shards->cli, CLI_EXIT_UNUSABLE,
        "%.200s: %s; remove it or use another --shards", path, why);
}

void cli_shards_save(
    const struct cli_shards *shards, size_t i, const char *body)
{
    char path[512];
    path_of(path, shards, i);
    uint64_t hash = add_text(CLI_SHARDS_HASH_START, shards->version);
    hash = add_text(add_text(hash, shards->run), body);
    FILE *out = cli_file_open(shards->cli, path);
    fprintf(out, "%s%s%send %016" PRIx64 "\n", shards->version, shards->run,
        body, hash);
    cli_file_close(shards->cli, out, path);
}

/* The file's text, or NULL where there is no such file. */
static char *slurp(const struct cli_shards *shards, size_t i, size_t *length)
{
    char path[512];
    path_of(path, shards, i);
    FILE *in = fopen(path, "rb");
    if (!in && errno == ENOENT)
        return NULL;
    if (!in)
        cli_shards_die(shards, i, strerror(errno));
    char *text = NULL;
    size_t room = 0;
    *length = 0;
    do {
        room = room ? 2 * room : 1 << 16;
        char *grown = realloc(text, room + 1);
        if (!grown)
            cli_die(shards->cli, CLI_EXIT_UNUSABLE, "out of memory");
        text = grown;
        *length += fread(text + *length, 1, room - *length, in);
    } while (*length == room);
    if (ferror(in))
        cli_shards_die(shards, i, "cannot be read");
    fclose(in);
    text[*length] = '\0';
    return text;
}

const char *cli_shards_unwrap(
    const struct cli_shards *shards, char *text, size_t length)
{
    const size_t tail = strlen("end 0123456789abcdef\n");
    const size_t version = strlen(shards->version), run = strlen(shards->run);
    char end[32];
    if (strncmp(text, shards->version, version))
        return "not a shard of this version of selfnorm";
    if (length < version + tail)
        return "it ends too early";
    snprintf(end, sizeof end, "end %016" PRIx64 "\n",
        cli_shards_hash(CLI_SHARDS_HASH_START, text, length - tail));
    if (strcmp(text + length - tail, end))
        return "it is damaged (its hash differs)";
    if (length < version + run + tail ||
        strncmp(text + version, shards->run, run))
        return "it is of a run with other settings";
    text[length - tail] = '\0';
    memmove(text, text + version + run, length - tail - version - run + 1);
    return NULL;
}

char *cli_shards_load(const struct cli_shards *shards, size_t i)
{
    size_t length;
    char *text = slurp(shards, i, &length);
    const char *why = text ? cli_shards_unwrap(shards, text, length) : NULL;
    if (why)
        cli_shards_die(shards, i, why);
    return text;
}
