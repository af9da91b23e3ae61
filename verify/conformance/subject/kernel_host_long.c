/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A call far longer than the shared arrays, where kernels change their ways:
 * threads, stores past the caches, a count in too few bits.  In arrays of the
 * child's own, each of which ends at a page that faults.
 */
#include "verify/conformance/subject/kernel_host.h"
#include "verify/shared/machine.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { LONG_POISON = 0x5a };

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
static struct space part[SUBJECT_ARRAYS];

int subject_host_long_array(const char *address, int64_t *offset)
{
    for (int i = 0; i < SUBJECT_ARRAYS; i++)
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

/* Elements of the long run that are unwritten, or other than in the short. */
static void compare(struct subject_host_page *page, const char *out,
    const char *base, size_t period, size_t size)
{
    char poison[sizeof(double)];
    memset(poison, LONG_POISON, sizeof poison);
    for (size_t i = 0; i < page->n; i++) {
        const char *y = out + i * size;
        if (!memcmp(y, base + i % period * size, size))
            continue;
        if (!memcmp(y, poison, size)) {
            page->ran.unwritten++;
        } else if (!page->ran.differing++) {
            page->ran.at = i;
            memcpy(page->ran.got, y, size);
            memcpy(page->ran.want, base + i % period * size, size);
        }
    }
}

/* After how many elements, a power of 2, the results begin again; 0: never. */
static size_t count_repeats(const char *out, size_t n, size_t size)
{
    for (size_t period = 4096; period < n / 2; period *= 2)
        if (!memcmp(out, out + period * size, (n - period) * size))
            return period;
    return 0;
}

/* Elements of the long inputs that are no longer repetitions of the short. */
static size_t count_changed(
    const char *array, const char *from, size_t n, size_t size)
{
    size_t changed = 0;
    for (size_t i = 0; i < n; i++)
        changed += memcmp(array + i * size, from + i % SUBJECT_PERIOD * size,
                       size) != 0;
    return changed;
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

/* The first elements of x and dy, which the kernel does not get to see. */
static char kept[2][SUBJECT_PERIOD * sizeof(double)];

static void fill_long(const struct subject_host_page *page, size_t bytes)
{
    const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
    const int inputs = page->shape == SUBJECT_HOST_GRADIENT ? 2 : 1;
    for (int i = 0; i < inputs; i++)
        repeat(part[i].array, bytes, kept[i], SUBJECT_PERIOD * size);
    memset(part[SUBJECT_OUT].array, LONG_POISON, bytes);
}

/* The long call, and how many of its inputs it changed. */
static size_t run_long(
    const struct subject_host_page *page, size_t bytes, subject_host_run *run)
{
    const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
    const int inputs = page->shape == SUBJECT_HOST_GRADIENT ? 2 : 1;
    size_t changed = 0;
    fill_long(page, bytes);
    run(part[SUBJECT_OUT].array, part[SUBJECT_DY].array, part[SUBJECT_X].array,
        page->n);
    for (int i = 0; i < inputs; i++)
        changed += count_changed(part[i].array, kept[i], page->n, size);
    return changed;
}

/* How many of n results are not those of the first call. */
static struct subject_long_difference difference(
    const char *out, const char *first, size_t n, size_t size)
{
    struct subject_long_difference d = {0};
    for (size_t i = 0; i < n; i++)
        if (memcmp(out + i * size, first + i * size, size) && !d.count++) {
            d.at = i;
            memcpy(d.got, out + i * size, size);
        }
    return d;
}

/* In place, and one element on, against what the first call gave. */
static void run_elsewhere(struct subject_host_page *page, const char *first,
    size_t bytes, subject_host_run *run)
{
    const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
    char *x = part[SUBJECT_X].array, *dy = part[SUBJECT_DY].array;
    char *out = part[SUBJECT_OUT].array;
    char *both = page->shape == SUBJECT_HOST_GRADIENT ? dy : x;
    fill_long(page, bytes);
    run(both, dy, x, page->n);
    page->ran.in_place = difference(both, first, page->n, size);
    fill_long(page, bytes);
    run(out + size, dy + size, x + size, page->n - 1);
    page->ran.one_on = difference(out + size, first + size, page->n - 1, size);
    page->ran.one_on.at++;
}

void subject_host_long(struct subject_host_page *page, char *x, char *dy,
    char *base, subject_host_run *run)
{
    const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
    const size_t period = SUBJECT_PERIOD * size, bytes = page->n * size;
    struct space again = {0};
    memcpy(kept[SUBJECT_X], x, period);
    memcpy(kept[SUBJECT_DY], dy, period);
    page->ran = (struct subject_long_run){0};
    page->ran.memory = map(&again, bytes);
    for (int i = 0; i < SUBJECT_ARRAYS; i++)
        page->ran.memory = page->ran.memory && map(&part[i], bytes);
    if (page->ran.memory) {
        double start = shared_seconds();
        run(base, dy, x, SUBJECT_BLOCK);
        shorten(page, shared_seconds() - start);
        memcpy(x, kept[SUBJECT_X], period);
        memcpy(dy, kept[SUBJECT_DY], period);
        run(base, dy, x, SUBJECT_PERIOD);
        const size_t used = page->n * size;
        for (int i = 0; i < SUBJECT_ARRAYS; i++)
            part[i].array += bytes - used;
        again.array += bytes - used;
        const char *out = part[SUBJECT_OUT].array;
        page->ran.changed = run_long(page, used, run);
        memcpy(again.array, out, used);
        run_long(page, used, run);
        compare(page, out, base, SUBJECT_PERIOD, size);
        if (page->shape == SUBJECT_HOST_DROPOUT)
            page->ran.repeats = count_repeats(out, page->n, size);
        page->ran.again = difference(out, again.array, page->n, size).count;
        if (page->elsewhere)
            run_elsewhere(page, again.array, used, run);
    }
    for (int i = 0; i < SUBJECT_ARRAYS; i++)
        unmap(&part[i]);
    unmap(&again);
}
