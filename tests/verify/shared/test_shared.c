/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What verify's three programs share, each part by itself. */
#include "verify/shared/file.h"
#include "verify/shared/hash.h"
#include "verify/shared/npy.h"
#include "verify/shared/parallel.h"
#include "verify/shared/parts.h"
#include "verify/shared/splitmix.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The published values of FNV-1a; SplitMix64's from its authors' program. */
Test(shared, known_answers)
{
    cr_expect_eq(shared_hash_text(SHARED_HASH_START, ""), 0xcbf29ce484222325);
    cr_expect_eq(shared_hash_text(SHARED_HASH_START, "a"), 0xaf63dc4c8601ec8c);
    cr_expect_eq(
        shared_hash_text(SHARED_HASH_START, "foobar"), 0x85944171f73967e8);
    cr_expect_eq(shared_hash_number(SHARED_HASH_START, 0x61),
        shared_hash(SHARED_HASH_START, "a\0\0\0\0\0\0\0", 8));
    static const uint64_t want[] = {
        0x599ed017fb08fc85, 0x2c73f08458540fa5, 0x883ebce5a3f27c77};
    uint64_t state = 1234567;
    for (int i = 0; i < 3; i++)
        cr_expect_eq(shared_splitmix(&state), want[i], "number %d", i);
}

static char folder[] = "/tmp/selfnorm-shared-XXXXXX";

static const char *path_in(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

Test(shared, files_are_whole)
{
    enum { LARGE = 300000, MOST = 1 << 20 };
    cr_assert(mkdtemp(folder));
    char *bytes = calloc(1, LARGE), *back;
    size_t size;
    for (size_t n = 0; n <= LARGE; n += n < 3 ? 1 : 65533) {
        memset(bytes, 'x', n);
        cr_assert_eq(shared_file_write(path_in("f"), bytes, n), SN_OK);
        cr_assert_eq(
            shared_file_read(&back, &size, path_in("f"), MOST), SN_OK);
        cr_expect(size == n && !back[n] && !memcmp(back, bytes, n), "%zu", n);
        free(back);
        cr_expect_eq(shared_file_read(&back, &size, path_in("f"), n), SN_OK);
        free(back);
        if (!n)
            continue;
        cr_expect_eq(
            shared_file_read(&back, &size, path_in("f"), n - 1), SN_BAD_VALUE);
        cr_expect_null(back);
    }
    cr_expect_eq(
        shared_file_read(&back, &size, path_in("absent"), MOST), SN_SYSTEM);
    cr_expect_eq(errno, ENOENT);
    cr_expect_eq(shared_file_write("/proc/selfnorm/f", bytes, 1), SN_SYSTEM);
    free(bytes);
    remove_folder();
}

/* ---- parts ---- */

Test(shared, parts_come_back_or_are_refused)
{
    cr_assert(mkdtemp(folder));
    const struct shared_parts parts = {path_in("d"), "v 1\n", "run 7\n"};
    const struct shared_parts later = {parts.folder, "v 2\n", "run 7\n"};
    const struct shared_parts other = {parts.folder, "v 1\n", "run 8\n"};
    char *body, *text;
    size_t size;
    int lock, again;
    cr_assert_eq(shared_parts_open(&parts), SHARED_PARTS_OK);
    cr_assert_eq(shared_parts_open(&parts), SHARED_PARTS_OK);
    cr_expect_eq(shared_parts_load(&body, &parts, "a"), SHARED_PARTS_ABSENT);
    cr_assert_eq(shared_parts_save(&parts, "a", "1 2 3\n"), SHARED_PARTS_OK);
    cr_assert_eq(shared_parts_load(&body, &parts, "a"), SHARED_PARTS_OK);
    cr_expect_str_eq(body, "1 2 3\n");
    free(body);
    cr_expect_eq(shared_parts_load(&body, &later, "a"), SHARED_PARTS_FOREIGN);
    cr_expect_eq(
        shared_parts_load(&body, &other, "a"), SHARED_PARTS_OTHER_RUN);
    /* every byte counts, and so does every one that is missing */
    char path[160];
    snprintf(path, sizeof path, "%s/a", parts.folder);
    cr_assert_eq(shared_file_read(&text, &size, path, 1000), SN_OK);
    for (size_t i = 0; i < size; i++) {
        text[i] ^= 1;
        cr_assert_eq(shared_file_write(path, text, size), SN_OK);
        cr_expect_neq(shared_parts_load(&body, &parts, "a"), SHARED_PARTS_OK,
            "byte %zu of %zu", i, size);
        text[i] ^= 1;
        cr_assert_eq(shared_file_write(path, text, i), SN_OK);
        cr_expect_neq(shared_parts_load(&body, &parts, "a"), SHARED_PARTS_OK,
            "%zu bytes of %zu", i, size);
    }
    free(text);
    cr_assert_eq(shared_parts_lock(&lock, &parts, "s"), SHARED_PARTS_OK);
    cr_expect_eq(shared_parts_lock(&again, &parts, "s"), SHARED_PARTS_BUSY);
    close(lock);
    close(again);
    cr_expect_eq(shared_parts_lock(&again, &parts, "s"), SHARED_PARTS_OK);
    close(again);
    remove_folder();
}

/* ---- teams ---- */

enum { TASKS = 1000 };

struct seen {
    atomic_int times[TASKS], threads;
    int calls, most; /* of progress; 0: as often as it likes */
};

static void note_task(struct shared_team *team, size_t i, int thread)
{
    struct seen *seen = team->context;
    atomic_fetch_add(&seen->times[i], 1);
    atomic_fetch_or(&seen->threads, 1 << thread);
    shared_team_did(team, 1);
}

static bool note_progress(void *context, double part)
{
    struct seen *seen = context;
    cr_assert_eq(omp_get_thread_num(), 0);
    cr_assert(part >= 0 && part <= 1);
    return !seen->most || ++seen->calls < seen->most;
}

Test(shared, every_task_is_done_once)
{
    for (int threads = 1; threads <= 8; threads *= 2) {
        struct seen seen = {.most = 0};
        struct shared_team team = {.tasks = TASKS,
            .threads = threads,
            .work = TASKS,
            .task = note_task,
            .context = &seen,
            .progress = note_progress,
            .listener = &seen};
        cr_expect(shared_team_run(&team));
        for (int i = 0; i < TASKS; i++)
            cr_assert_eq(
                seen.times[i], 1, "task %d of %d threads", i, threads);
        cr_expect(team.done == TASKS && seen.threads < 1 << threads);
    }
    cr_expect_eq(shared_team_threads(1000, 5), 5);
    cr_expect_eq(shared_team_threads(1000, 500), SHARED_MOST_THREADS);
    struct shared_team none = {.threads = 2, .task = note_task};
    cr_expect(shared_team_run(&none));
}

Test(shared, all_threads_obey_whoever_listens)
{
    struct seen seen = {.most = 10};
    struct shared_team team = {.tasks = TASKS,
        .threads = 1,
        .work = TASKS,
        .task = note_task,
        .context = &seen,
        .progress = note_progress,
        .listener = &seen};
    cr_expect(!shared_team_run(&team));
    int done = 0;
    for (int i = 0; i < TASKS; i++)
        done += seen.times[i];
    cr_expect_eq(done, 9, "%d", done);
}

/* ---- .npy ---- */

/* A header of blanks behind the dictionary, as long as version 2 allows. */
Test(shared, long_headers_are_refused)
{
    static const char dictionary[] =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }";
    enum { START = 12 };
    for (size_t length = SHARED_NPY_HEADER; length <= SHARED_NPY_HEADER + 1;
         length++) {
        unsigned char *bytes = malloc(START + length);
        struct shared_npy npy;
        char why[200] = "";
        memset(bytes, ' ', START + length);
        memcpy(bytes, "\x93NUMPY\x02\x00", 8);
        for (int i = 0; i < 4; i++)
            bytes[8 + i] = (unsigned char)(length >> 8 * i);
        memcpy(bytes + START, dictionary, sizeof dictionary - 1);
        bool good =
            shared_npy_parse(&npy, bytes, START + length, why, sizeof why);
        cr_expect_eq(
            good, length <= SHARED_NPY_HEADER, "%zu: %s", length, why);
        free(bytes);
    }
}
