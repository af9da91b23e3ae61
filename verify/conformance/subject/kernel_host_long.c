/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A call far longer than the shared arrays, where kernels change their ways:
 * threads, stores past the caches, a count in too few bits.  In arrays of the
 * child's own, each of which ends at a page that faults.
 */
#include "verify/conformance/subject/kernel_host.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { POISON = 0x5a };

struct space {
    char *start, *array;
    size_t mapped;
};

static bool map(struct space *space, size_t bytes)
{
    const size_t guard = SUBJECT_HOST_GUARD;
    space->mapped = (bytes + guard - 1) / guard * guard + guard;
    space->start = mmap(NULL, space->mapped, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space->start == MAP_FAILED)
        return false;
    space->array = space->start + space->mapped - guard - bytes;
    return !mprotect(space->array + bytes, guard, PROT_NONE);
}

/* x, dy and output of the call that runs: for what a fault says. */
static struct space part[SUBJECT_HOST_ARRAYS];

int subject_host_long_array(const char *address, int64_t *offset)
{
    for (int i = 0; i < SUBJECT_HOST_ARRAYS; i++)
        if (part[i].start && address >= part[i].start &&
            address < part[i].start + part[i].mapped) {
            *offset = address - part[i].array;
            return i;
        }
    return -1;
}

static void unmap(struct space *space)
{
    if (space->start && space->start != MAP_FAILED)
        munmap(space->start, space->mapped);
    *space = (struct space){0};
}

static void repeat(char *to, size_t bytes, const char *from, size_t period)
{
    for (size_t at = 0; at < bytes; at += period)
        memcpy(to + at, from, bytes - at < period ? bytes - at : period);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Elements of the long run that are unwritten, or other than in the short. */
static void compare(struct subject_host_page *page, const char *out,
    const char *base, size_t period, size_t size)
{
    char poison[sizeof(double)];
    memset(poison, POISON, sizeof poison);
    for (size_t i = 0; i < page->n; i++) {
        const char *y = out + i * size;
        if (!memcmp(y, base + i % period * size, size))
            continue;
        if (!memcmp(y, poison, size)) {
            page->unwritten++;
        } else if (!page->differing++) {
            page->differs_at = i;
            memcpy(page->differs, y, size);
            memcpy(page->differs_from, base + i % period * size, size);
        }
    }
}

/* Slow kernels get a shorter array: about as long as the budget allows, going
   by a call that fills the shared arrays. */
static void shorten(struct subject_host_page *page, double seconds)
{
    const double budget = 0.1, block = 65536;
    const double fit = block * budget / (seconds + 1e-9);
    const uint64_t rest = page->n % 64;
    if (fit < (double)page->n)
        page->n = (uint64_t)fit / 64 * 64 + rest;
}

void subject_host_long(struct subject_host_page *page, const char *x,
    const char *dy, char *base, subject_host_run *run)
{
    const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
    const size_t period = SUBJECT_HOST_PERIOD, bytes = page->n * size;
    struct space again = {0};
    page->unwritten = page->differing = page->again = 0;
    page->memory = map(&again, bytes);
    for (int i = 0; i < SUBJECT_HOST_ARRAYS; i++)
        page->memory = page->memory && map(&part[i], bytes);
    if (page->memory) {
        double start = now();
        run(base, dy, x, 65536);
        shorten(page, now() - start);
        run(base, dy, x, period);
        const size_t used = page->n * size;
        for (int i = 0; i < SUBJECT_HOST_ARRAYS; i++)
            part[i].array += bytes - used;
        again.array += bytes - used;
        char *out = part[SUBJECT_HOST_OUT].array;
        repeat(part[SUBJECT_HOST_X].array, used, x, period * size);
        if (page->shape == SUBJECT_HOST_GRADIENT)
            repeat(part[SUBJECT_HOST_DY].array, used, dy, period * size);
        memset(out, POISON, used);
        run(out, part[SUBJECT_HOST_DY].array, part[SUBJECT_HOST_X].array,
            page->n);
        memcpy(again.array, out, used);
        memset(out, POISON, used);
        run(out, part[SUBJECT_HOST_DY].array, part[SUBJECT_HOST_X].array,
            page->n);
        compare(page, out, base, period, size);
        for (size_t at = 0; at < used; at += size)
            page->again += memcmp(out + at, again.array + at, size) != 0;
    }
    for (int i = 0; i < SUBJECT_HOST_ARRAYS; i++)
        unmap(&part[i]);
    unmap(&again);
}
