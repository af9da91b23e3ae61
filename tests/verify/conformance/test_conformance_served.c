/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fd:IN,OUT: kernels that a thread of ours serves, as a process would. */
#include "kernels/kernels.h"
#include "verify/conformance/verdict/verdict.h"
#include "verify/conformance/words/words.h"
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum served_fault {
    SERVES_RIGHT,
    SERVES_A_FLAG, /* it says that it changed its input */
    SERVES_A_TEXT,
    SERVES_WRONG_VALUES,
    SERVES_TOO_FEW,
    SERVES_NO_FRAME,
    SERVES_NOTHING,
    SERVES_ONCE /* then it closes its descriptors */
};

struct served_thread {
    int requests, answers;
    enum served_fault fault;
};

static bool read_whole(int from, void *bytes, size_t size)
{
    for (size_t got = 0; got < size;) {
        const ssize_t n = read(from, (char *)bytes + got, size - got);
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

static void write_whole(int to, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t n = write(to, (const char *)bytes + done, size - done);
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

/* docs/reference/frames.md, by byte offsets */
static void *serve_frames(void *argument)
{
    struct served_thread *t = argument;
    char head[32];
    float *x = malloc(SUBJECT_BLOCK * sizeof *x);
    while (read_whole(t->requests, head, sizeof head)) {
        uint64_t n;
        memcpy(&n, head + 8, sizeof n);
        if (!read_whole(t->requests, x, n * sizeof *x))
            break;
        if (t->fault == SERVES_NOTHING)
            continue;
        sn_selu_f32(x, x, n);
        for (size_t i = 0; t->fault == SERVES_WRONG_VALUES && i < n; i++)
            x[i] *= 1.001f;
        const bool text = t->fault == SERVES_A_TEXT;
        const uint32_t status = t->fault == SERVES_NO_FRAME ? 7 : text;
        const uint32_t flags = t->fault == SERVES_A_FLAG;
        const uint64_t size = text                         ? 9
                              : t->fault == SERVES_TOO_FEW ? n / 2
                                                           : n;
        memcpy(head, &status, 4);
        memcpy(head + 4, &flags, 4);
        memcpy(head + 8, &size, 8);
        write_whole(t->answers, head, 16);
        if (text)
            write_whole(t->answers, "not today", 9);
        else
            write_whole(t->answers, x, size * sizeof *x);
        if (t->fault == SERVES_ONCE)
            break;
    }
    free(x);
    close(t->requests);
    close(t->answers);
    return NULL;
}

static void judge_served(
    struct verdict_verdict *verdict, enum served_fault fault)
{
    int in[2], out[2];
    char word[64];
    pthread_t thread;
    cr_assert(!pipe(in) && !pipe(out));
    struct served_thread t = {in[0], out[1], fault};
    cr_assert(!pthread_create(&thread, NULL, serve_frames, &t));
    snprintf(word, sizeof word, "fd:%d,%d", in[1], out[0]);
    const struct verdict_question question = {.dtype = SN_F32,
        .dtype_given = true,
        .samples = 1 << 12,
        .seed = 1,
        .threads = 1,
        .rate = -1,
        .max_ulp = -1,
        .timeout = 1};
    verdict_prepare(&question, verdict, word);
    cr_assert(!verdict_is_unusable(verdict), "%s", word);
    verdict_judge(&question, verdict);
    close(in[1]);
    close(out[0]);
    pthread_join(thread, NULL);
}

static bool says(const struct verdict_verdict *verdict, const char *words)
{
    char text[WORDS_DETAIL];
    words_failure(text, sizeof text, &verdict->sweep.failure);
    bool found = strstr(text, words);
    for (int i = 0; i < verdict->findings && !found; i++) {
        words_detail(text, &verdict->finding[i]);
        found = strstr(text, words);
    }
    return found;
}

Test(conformance_served, faults_are_told_from_right_answers, .timeout = 60)
{
    static const struct {
        enum served_fault fault;
        const char *words;
    } row[] = {{SERVES_RIGHT, NULL}, {SERVES_A_FLAG, "input"},
        {SERVES_A_TEXT, "not today"}, {SERVES_WRONG_VALUES, ""},
        {SERVES_TOO_FEW, "frame"}, {SERVES_NO_FRAME, "frame"},
        {SERVES_NOTHING, "no answer within"},
        {SERVES_ONCE, "closed its descriptors"}};
    struct verdict_verdict *verdict = calloc(1, sizeof *verdict);
    int bad = 0;
    for (size_t i = 0; i < COUNT(row); i++) {
        judge_served(verdict, row[i].fault);
        if (verdict->passed != !row[i].words ||
            (row[i].words && !says(verdict, row[i].words))) {
            bad++;
            fprintf(stderr, "served: row %zu: passed %d, not '%s'\n", i,
                verdict->passed, row[i].words ? row[i].words : "passes");
        }
    }
    free(verdict);
    cr_assert_eq(bad, 0, "%d rows", bad);
}

Test(conformance_served, words_that_name_no_descriptors)
{
    static const char *const words[] = {
        "fd:", "fd:3", "fd:900,901", "fd:1,2,3", "fd:a,b", "fd:1,"};
    struct subject subject;
    struct subject_failure failure;
    for (size_t i = 0; i < COUNT(words); i++)
        cr_expect(!subject_parse(&subject, words[i], &failure) &&
                      failure.trouble == SUBJECT_WORD_NO_DESCRIPTORS,
            "%s", words[i]);
}
