/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/subject/stream.h"
#include "verify/conformance/conformance.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct pipes {
    const struct subject_stream *stream;
    pid_t child;
    int in, out;                /* our ends */
    atomic_uint_fast64_t moved; /* bytes that went in */
    atomic_bool stop;           /* nobody reads any more */
    uint64_t read;              /* values that came out */
};

/* "NAME=value" entries in front of our environment. */
static char **environment(const struct subject_stream *s, char entry[6][128])
{
    size_t n = 0, given = 0;
    while (environ[n])
        n++;
    char **list = malloc((n + 7) * sizeof *list);
    if (!list)
        return NULL;
    snprintf(entry[0], 128, "SELFNORM_FUNCTION=%s", s->function);
    snprintf(entry[1], 128, "SELFNORM_DTYPE=%s", ref_types[s->type].name);
    snprintf(entry[2], 128, "SELFNORM_LAMBDA=%.17g", s->lambda);
    snprintf(entry[3], 128, "SELFNORM_ALPHA=%.17g", s->alpha);
    snprintf(entry[4], 128, "SELFNORM_RATE=%.17g", s->rate);
    snprintf(entry[5], 128, "SELFNORM_SEED=%llu", (unsigned long long)s->seed);
    for (; given < 6; given++)
        list[given] = entry[given];
    for (size_t i = 0; i < n; i++)
        if (strncmp(environ[i], "SELFNORM_", 9))
            list[given++] = environ[i];
    list[given] = NULL;
    return list;
}

static bool spawn(struct pipes *p)
{
    int in[2], out[2];
    char entry[6][128];
    if (pipe2(in, O_CLOEXEC))
        return false;
    if (pipe2(out, O_CLOEXEC)) {
        close(in[0]);
        close(in[1]);
        return false;
    }
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setpgroup(&attributes, 0);
    /* we ignore SIGPIPE; the program must not inherit that */
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
                                              POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    char *argv[] = {"sh", "-c", (char *)(size_t)p->stream->command, NULL};
    char **env = environment(p->stream, entry);
    int failed = env ? posix_spawn(&p->child, "/bin/sh", &actions, &attributes,
                           argv, env)
                     : ENOMEM;
    free(env);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(in[0]);
    close(out[1]);
    p->in = in[1];
    p->out = out[0];
    if (failed) {
        close(p->in);
        close(p->out);
        errno = failed;
        return false;
    }
    /* a larger pipe moves more bytes a call; a refusal does no harm */
    fcntl(p->in, F_SETFL, O_NONBLOCK);
    fcntl(p->in, F_SETPIPE_SZ, 1 << 20);
    fcntl(p->out, F_SETPIPE_SZ, 1 << 20);
    return true;
}

/* All of it, unless nobody reads any more: a pipe may stay open for ever. */
static bool write_all(struct pipes *p, const char *bytes, size_t size)
{
    size_t done = 0;
    while (done < size && !atomic_load(&p->stop)) {
        ssize_t wrote = write(p->in, bytes + done, size - done);
        if (wrote > 0) {
            done += (size_t)wrote;
            atomic_fetch_add(&p->moved, (uint64_t)wrote);
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){.fd = p->in, .events = POLLOUT}, 1, 100);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return done == size;
}

/* What one block takes: x, dy, and of a gradient both as they are sent. */
struct block {
    char *x, *dy, *sent;
};

static void free_block(struct block *block)
{
    free(block->x);
    free(block->dy);
    free(block->sent);
}

static bool new_block(struct block *block, const struct subject_stream *s)
{
    const size_t bytes = CONF_BLOCK * ref_types[s->type].size;
    *block = (struct block){.x = malloc(bytes)};
    if (s->gradient) {
        block->dy = malloc(bytes);
        block->sent = malloc(2 * bytes);
    }
    if (block->x && (!s->gradient || (block->dy && block->sent)))
        return true;
    free_block(block);
    *block = (struct block){0};
    return false;
}

/* dy is 1 unless the caller says otherwise. */
static size_t give(
    const struct subject_stream *s, uint64_t number, struct block *block)
{
    const uint64_t one = conf_type_pattern(s->type, 1);
    for (size_t i = 0; s->gradient && i < CONF_BLOCK; i++)
        conf_type_set_bits(s->type, block->dy, i, one);
    return s->give(s->ctx, number, block->x, block->dy);
}

/* Thread: all blocks into the pipe; ends at the last, or a closed pipe. */
static void *write_blocks(void *argument)
{
    struct pipes *p = argument;
    const struct subject_stream *s = p->stream;
    const size_t size = ref_types[s->type].size;
    struct block block;
    size_t n;
    if (new_block(&block, s))
        for (uint64_t b = 0; (n = give(s, b, &block)); b++) {
            for (size_t i = 0; s->gradient && i < n; i++) {
                memcpy(block.sent + 2 * i * size, block.dy + i * size, size);
                memcpy(
                    block.sent + (2 * i + 1) * size, block.x + i * size, size);
            }
            if (!write_all(p, s->gradient ? block.sent : block.x,
                    (s->gradient ? 2 : 1) * n * size))
                break;
        }
    free_block(&block);
    close(p->in);
    return NULL;
}

/* Up to `want` bytes; fewer at the end of the stream; -1: silence. */
static ssize_t read_bytes(struct pipes *p, char *to, size_t want)
{
    size_t got = 0;
    uint64_t seen = atomic_load(&p->moved);
    double silent = 0;
    while (got < want) {
        struct pollfd ready = {.fd = p->out, .events = POLLIN};
        const double tick =
            p->stream->timeout < 0.1 ? p->stream->timeout : 0.1;
        int events = poll(&ready, 1, (int)(tick * 1000) + 1);
        if (events > 0) {
            ssize_t n = read(p->out, to + got, want - got);
            if (n == 0)
                break;
            if (n > 0)
                got += (size_t)n;
            silent = 0;
        } else if (atomic_load(&p->moved) != seen) {
            seen = atomic_load(&p->moved);
            silent = 0;
        } else if ((silent += tick) >= p->stream->timeout) {
            return -1;
        }
    }
    return (ssize_t)got;
}

/* Its end, by itself within the timeout or by force. */
static int reap(struct pipes *p, bool *forced)
{
    int status = 0;
    const struct timespec tick = {0, 10000000};
    for (double waited = 0; waited < p->stream->timeout; waited += 0.01) {
        if (waitpid(p->child, &status, WNOHANG) == p->child)
            return status;
        nanosleep(&tick, NULL);
    }
    *forced = true;
    kill(-p->child, SIGKILL);
    waitpid(p->child, &status, 0);
    return status;
}

static enum conf_outcome read_blocks(
    struct pipes *p, char *why, size_t room, bool *stopped)
{
    const struct subject_stream *s = p->stream;
    const size_t size = ref_types[s->type].size;
    char *y = malloc(CONF_BLOCK * size);
    struct block block;
    bool memory = new_block(&block, s) && y;
    enum conf_outcome outcome = CONF_RAN;
    size_t n;
    for (uint64_t b = 0; memory && outcome == CONF_RAN && !*stopped &&
                         (n = give(s, b, &block));
         b++) {
        ssize_t got = read_bytes(p, y, n * size);
        if (got < 0) {
            snprintf(why, room,
                "no byte within the --timeout of %g s, after "
                "%llu values",
                s->timeout, (unsigned long long)p->read);
            outcome = CONF_HUNG;
        } else if ((size_t)got < n * size) {
            p->read += (uint64_t)got / size;
            snprintf(why, room,
                "writes too little: its output ends after "
                "%llu values%s",
                (unsigned long long)p->read,
                (size_t)got % size ? " and a part of one" : "");
            outcome = CONF_CRASHED;
        } else {
            p->read += n;
            *stopped = !s->take(s->ctx, b, block.x, y, n);
        }
    }
    char more;
    ssize_t extra = 0;
    if (outcome == CONF_RAN && !*stopped)
        extra = read_bytes(p, &more, 1);
    if (extra < 0) {
        snprintf(why, room,
            "does not close its output within the --timeout "
            "of %g s",
            s->timeout);
        outcome = CONF_HUNG;
    } else if (extra > 0) {
        snprintf(why, room, "writes too much: more than %llu values%s",
            (unsigned long long)p->read,
            s->gradient ? " (gradients read pairs, dy and x in turn, and "
                          "write one value for each)"
                        : "");
        outcome = CONF_CRASHED;
    }
    if (!memory) {
        snprintf(why, room, "out of memory");
        outcome = CONF_UNUSABLE;
    }
    free_block(&block);
    free(y);
    return outcome;
}

int subject_stream_run(
    const struct subject_stream *stream, char *why, size_t room)
{
    struct pipes p = {.stream = stream};
    pthread_t writer;
    bool stopped = false, forced = false;
    *why = '\0';
    signal(SIGPIPE, SIG_IGN);
    if (!spawn(&p)) {
        snprintf(why, room, "cannot be started: %s", strerror(errno));
        return CONF_UNUSABLE;
    }
    if (pthread_create(&writer, NULL, write_blocks, &p)) {
        snprintf(why, room, "no thread: %s", strerror(errno));
        kill(-p.child, SIGKILL);
        waitpid(p.child, NULL, 0);
        close(p.in);
        close(p.out);
        return CONF_UNUSABLE;
    }
    enum conf_outcome outcome = read_blocks(&p, why, room, &stopped);
    if (outcome == CONF_HUNG || stopped)
        kill(-p.child, SIGKILL);
    close(p.out);
    int status = reap(&p, &forced);
    atomic_store(&p.stop, true);
    pthread_join(writer, NULL);
    /* what it left running in its group */
    kill(-p.child, SIGKILL);
    if (outcome == CONF_HUNG || stopped)
        return (int)outcome;
    size_t used = strlen(why);
    if (forced) {
        snprintf(why + used, room - used,
            "%sdoes not end within the --timeout "
            "of %g s",
            used ? "; " : "", stream->timeout);
        return CONF_HUNG;
    }
    if (WIFEXITED(status) && !WEXITSTATUS(status))
        return (int)outcome;
    if (WIFEXITED(status) && WEXITSTATUS(status) >= 126 && !p.read) {
        snprintf(why, room, "cannot be run: the shell ended with status %d",
            WEXITSTATUS(status));
        return CONF_UNUSABLE;
    }
    /* an early end of ours breaks its pipe: that is no second fault */
    bool broken = outcome != CONF_RAN && WIFSIGNALED(status) &&
                  WTERMSIG(status) == SIGPIPE;
    if (!broken && WIFEXITED(status))
        snprintf(why + used, room - used, "%sended with exit status %d",
            used ? "; " : "", WEXITSTATUS(status));
    else if (!broken)
        snprintf(why + used, room - used, "%sended by SIG%s", used ? "; " : "",
            sigabbrev_np(WTERMSIG(status)));
    return CONF_CRASHED;
}
