/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 64-bit FNV-1a: of files, keys and digests.  No defence against malice. */
#ifndef SN_VERIFY_SHARED_HASH_H
#define SN_VERIFY_SHARED_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SHARED_HASH_START UINT64_C(0xcbf29ce484222325)

/* The hash of what was hashed before and of n more bytes. */
static inline uint64_t shared_hash(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3;
    return hash;
}

static inline uint64_t shared_hash_text(uint64_t hash, const char *text)
{
    return shared_hash(hash, text, strlen(text));
}

/* Eight bytes, the lowest first, on every machine. */
static inline uint64_t shared_hash_number(uint64_t hash, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        hash = (hash ^ (number >> 8 * i & 0xff)) * 0x100000001b3;
    return hash;
}

#endif
