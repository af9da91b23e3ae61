/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fd:IN,OUT: a kernel that another process serves over two descriptors which
 * are open here: calls go to IN, results come from OUT, as frames
 * (docs/reference/frames.md).  One session at a time; it ends when IN is
 * closed.
 */
#include "verify/conformance/reference/types.h"
#include "verify/conformance/subject/kinds.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct served_session {
    struct subject_session base;
    int in, out;
    bool dead; /* a frame was cut off: what follows would be misread */
    char *sent;
};

/* All little-endian; a frame's values follow. */
struct served_request {
    uint32_t call, flags;
    uint64_t n;
    double rate;
    uint64_t seed;
};
struct served_answer {
    uint32_t status, flags;
    uint64_t n;
};
enum { SERVED_CALL = 1 };
enum { SERVED_VALUES, SERVED_TEXT };
enum { SERVED_INPUT_CHANGED = 1 };

static struct served_session *served(struct subject_session *session)
{
    return (struct served_session *)session;
}

/* false: closed, silent for the timeout, or stopped. */
static bool move(struct served_session *s, bool out, char *bytes, size_t size)
{
    const struct subject_task *task = &s->base.task;
    const double tick = task->timeout < 0.1 ? task->timeout : 0.1;
    struct pollfd ready = {
        .fd = out ? s->in : s->out, .events = out ? POLLOUT : POLLIN};
    double silent = 0;
    while (size) {
        if (subject_is_stopped(task)) {
            subject_fail(&s->base, SUBJECT_STOPPED, SUBJECT_NO_TROUBLE, 0);
            break;
        }
        if (poll(&ready, 1, (int)(tick * 1000) + 1) > 0) {
            const ssize_t moved = out ? write(ready.fd, bytes, size)
                                      : read(ready.fd, bytes, size);
            if (moved > 0) {
                bytes += moved;
                size -= (size_t)moved;
                silent = 0;
            } else if (!moved || (errno != EAGAIN && errno != EINTR)) {
                subject_fail(&s->base, SUBJECT_CRASHED, SUBJECT_SHUT, 0);
                break;
            }
        } else if ((silent += tick) >= task->timeout) {
            subject_fail(&s->base, SUBJECT_HUNG, SUBJECT_SILENT, 0);
            break;
        }
    }
    s->dead = size > 0;
    return !size;
}

/* n elements of x and dy, in turn as a gradient wants them. */
static bool send(struct served_session *s, const struct subject_call *call,
    const char *x, const char *dy)
{
    const size_t size = s->base.size, n = call->n;
    const size_t arguments = s->base.task.gradient ? 2 : 1;
    struct served_request head = {
        .call = SERVED_CALL, .n = n, .rate = call->rate, .seed = call->seed};
    char *at = s->sent;
    for (size_t i = 0; i < n; i++) {
        if (arguments == 2) {
            memcpy(at, dy + i * size, size);
            at += size;
        }
        memcpy(at, x + i * size, size);
        at += size;
    }
    if (s->dead) {
        subject_fail(&s->base, SUBJECT_CRASHED, SUBJECT_SHUT, 0);
        return false;
    }
    return move(s, true, (char *)&head, sizeof head) &&
           move(s, true, s->sent, arguments * n * size);
}

/* The results of n elements to y. */
static bool receive(struct served_session *s, size_t n, char *y)
{
    struct served_answer head;
    struct subject_failure *failure = &s->base.failure;
    if (!move(s, false, (char *)&head, sizeof head))
        return false;
    s->base.changed = head.flags & SERVED_INPUT_CHANGED ? n : 0;
    if (head.status == SERVED_VALUES && head.n == n)
        return move(s, false, y, n * s->base.size);
    s->dead = true;
    if (head.status != SERVED_TEXT || head.n >= sizeof failure->text) {
        subject_fail(&s->base, SUBJECT_CRASHED, SUBJECT_BAD_FRAME, 0);
        return false;
    }
    memset(failure->text, 0, sizeof failure->text);
    if (move(s, false, failure->text, head.n))
        subject_fail(&s->base, SUBJECT_CRASHED, SUBJECT_SAID, 0);
    return false;
}

static bool parse_served(
    struct subject *subject, struct subject_failure *failure)
{
    int in, out, read = 0;
    snprintf(subject->name, sizeof subject->name, "fd");
    const bool pair =
        sscanf(subject->word, "fd:%d,%d%n", &in, &out, &read) == 2 &&
        !subject->word[read];
    failure->trouble =
        !pair || fcntl(in, F_GETFD) < 0 || fcntl(out, F_GETFD) < 0
            ? SUBJECT_WORD_NO_DESCRIPTORS
            : SUBJECT_NO_TROUBLE;
    return failure->trouble == SUBJECT_NO_TROUBLE;
}

static enum subject_outcome open_served(struct subject_session *session)
{
    struct served_session *s = served(session);
    sscanf(session->subject->word, "fd:%d,%d", &s->in, &s->out);
    s->sent = malloc(2 * SUBJECT_BLOCK * session->size);
    bool memory = s->sent;
    for (int i = 0; i < SUBJECT_ARRAYS; i++) {
        session->array[i] = calloc(SUBJECT_BLOCK, session->size);
        memory = memory && session->array[i];
    }
    signal(SIGPIPE, SIG_IGN);
    fcntl(s->in, F_SETFL, O_NONBLOCK);
    fcntl(s->in, F_SETPIPE_SZ, 1 << 20);
    fcntl(s->out, F_SETPIPE_SZ, 1 << 20);
    return memory
               ? SUBJECT_RAN
               : subject_fail(session, SUBJECT_UNUSABLE, SUBJECT_NO_MEMORY, 0);
}

static void close_served(struct subject_session *session)
{
    for (int i = 0; i < SUBJECT_ARRAYS; i++)
        free(session->array[i]);
    free(served(session)->sent);
}

static enum subject_outcome feed_served(
    struct subject_session *session, struct subject_feed *feed)
{
    struct served_session *s = served(session);
    char *x = session->array[SUBJECT_X], *y = session->array[SUBJECT_OUT];
    session->failure.called = false;
    for (;;) {
        const uint64_t b = atomic_fetch_add(feed->next, 1);
        const size_t n = feed->give(feed->ctx, b, x);
        if (!n)
            return SUBJECT_RAN;
        if (!send(s, &(struct subject_call){.n = n}, x,
                session->array[SUBJECT_DY]))
            return session->failure.outcome;
        feed->meanwhile(feed->ctx, x, n);
        if (!receive(s, n, y))
            return session->failure.outcome;
        feed->changed += session->changed;
        if (!feed->take(feed->ctx, b, x, y, n))
            return SUBJECT_RAN;
    }
}

static void begin_served(
    struct subject_session *session, const struct subject_call *call)
{
    session->failure.call = *call;
    session->failure.called = true;
    session->failure.outcome = SUBJECT_RAN;
    send(served(session), call,
        session->array[SUBJECT_X] + call->x_at * session->size,
        session->array[SUBJECT_DY] + call->x_at * session->size);
}

static enum subject_outcome end_served(struct subject_session *session)
{
    const struct subject_call *call = &session->failure.call;
    if (session->failure.outcome == SUBJECT_RAN)
        receive(served(session), call->n,
            session->array[SUBJECT_OUT] + call->out_at * session->size);
    return session->failure.outcome;
}

const struct subject_kind subject_served = {
    .abilities = SUBJECT_INPUTS | SUBJECT_RATES,
    .parts = 64,
    .timeout = 60,
    .session = sizeof(struct served_session),
    .parse = parse_served,
    .open = open_served,
    .close = close_served,
    .feed = feed_served,
    .begin = begin_served,
    .end = end_served};
