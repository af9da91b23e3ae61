/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exec:COMMAND: a program that reads raw little-endian values on standard
 * input until its end and writes as many on standard output.  It runs by
 * /bin/sh in a session of its own, once for each call or feed; its standard
 * error is ours.  Its environment says what is wanted: SELFNORM_FUNCTION,
 * SELFNORM_DTYPE, SELFNORM_LAMBDA and SELFNORM_ALPHA (17 digits), and for
 * alpha dropout SELFNORM_RATE and SELFNORM_SEED.  Gradients get pairs, dy and
 * x in turn, and give one dx = dy f'(x) for each.
 */
#include "verify/conformance/reference/types.h"
#include "verify/conformance/subject/kinds.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One run of the command: from where its values come, where they go. */
struct program_run {
    struct subject_session *session;
    const struct subject_call *call; /* the arrays' n elements; or NULL: */
    struct subject_feed *feed;
    uint64_t first; /* block of the feed */
    pid_t child;
    int in, out;                /* our ends */
    atomic_uint_fast64_t moved; /* bytes that went in */
    atomic_bool stop;           /* nobody reads any more */
    bool stopped;               /* the feed takes no more */
    bool halted;                /* the task's `stop` was set */
    uint64_t read;              /* values that came out */
    unsigned char head[64];     /* the first bytes of them */
    size_t heads;
};

/* "NAME=value" entries in front of our environment. */
static char **environment(const struct program_run *run, char entry[6][128])
{
    const struct subject_task *task = &run->session->task;
    const double rate = run->call ? run->call->rate : 0;
    const uint64_t seed = run->call ? run->call->seed : 0;
    size_t n = 0, given = 0;
    while (environ[n])
        n++;
    char **list = malloc((n + 7) * sizeof *list);
    if (!list)
        return NULL;
    snprintf(entry[0], 128, "SELFNORM_FUNCTION=%s", task->function);
    snprintf(entry[1], 128, "SELFNORM_DTYPE=%s", ref_types[task->type].name);
    snprintf(entry[2], 128, "SELFNORM_LAMBDA=%.17g", task->lambda);
    snprintf(entry[3], 128, "SELFNORM_ALPHA=%.17g", task->alpha);
    snprintf(entry[4], 128, "SELFNORM_RATE=%.17g", rate);
    snprintf(entry[5], 128, "SELFNORM_SEED=%llu", (unsigned long long)seed);
    for (; given < 6; given++)
        list[given] = entry[given];
    for (size_t i = 0; i < n; i++)
        if (strncmp(environ[i], "SELFNORM_", 9))
            list[given++] = environ[i];
    list[given] = NULL;
    return list;
}

/* errno, or 0 */
static int spawn_program(struct program_run *run)
{
    int in[2], out[2];
    char entry[6][128];
    if (pipe2(in, O_CLOEXEC))
        return errno;
    if (pipe2(out, O_CLOEXEC)) {
        close(in[0]);
        close(in[1]);
        return errno;
    }
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    /* we ignore SIGPIPE; the program must not inherit that */
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes,
        POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char *argv[] = {
        "sh", "-c", (char *)(size_t)run->session->subject->other, NULL};
    char **env = environment(run, entry);
    int failed = env ? posix_spawn(&run->child, "/bin/sh", &actions,
                           &attributes, argv, env)
                     : ENOMEM;
    free(env);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(in[0]);
    close(out[1]);
    run->in = in[1];
    run->out = out[0];
    if (failed) {
        close(run->in);
        close(run->out);
        return failed;
    }
    /* a larger pipe moves more bytes a call; a refusal does no harm */
    fcntl(run->in, F_SETFL, O_NONBLOCK);
    fcntl(run->in, F_SETPIPE_SZ, 1 << 20);
    fcntl(run->out, F_SETPIPE_SZ, 1 << 20);
    return 0;
}

/* All of it, unless nobody reads any more: a pipe may stay open for ever. */
static bool write_all(struct program_run *run, const char *bytes, size_t size)
{
    size_t done = 0;
    while (done < size && !atomic_load(&run->stop)) {
        ssize_t wrote = write(run->in, bytes + done, size - done);
        if (wrote > 0) {
            done += (size_t)wrote;
            atomic_fetch_add(&run->moved, (uint64_t)wrote);
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){.fd = run->in, .events = POLLOUT}, 1, 100);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return done == size;
}

/* What one block takes: x, of a gradient also dy and both as they are sent. */
struct program_block {
    char *x, *dy, *sent;
};

static void free_block(struct program_block *block)
{
    free(block->x);
    free(block->dy);
    free(block->sent);
}

static bool new_block(
    struct program_block *block, const struct subject_session *session)
{
    const size_t bytes = SUBJECT_BLOCK * session->size;
    const bool pairs = session->task.gradient;
    *block = (struct program_block){.x = malloc(bytes),
        .dy = pairs ? malloc(bytes) : NULL,
        .sent = pairs ? malloc(2 * bytes) : NULL};
    if (block->x && (!pairs || (block->dy && block->sent)))
        return true;
    free_block(block);
    *block = (struct program_block){0};
    return false;
}

/* Block b of the run; dy of a feed is 1. */
static size_t fill_block(
    const struct program_run *run, uint64_t b, struct program_block *block)
{
    const struct subject_session *session = run->session;
    const size_t size = session->size;
    const size_t n =
        !run->call ? run->feed->give(run->feed->ctx, run->first + b, block->x)
        : b        ? 0
                   : run->call->n;
    if (run->call)
        memcpy(block->x, session->array[SUBJECT_X] + run->call->x_at * size,
            n * size);
    if (!block->dy)
        return n;
    const uint64_t one = conf_type_pattern(session->task.type, 1);
    for (size_t i = 0; !run->call && i < n; i++)
        conf_type_set_bits(session->task.type, block->dy, i, one);
    if (run->call)
        memcpy(block->dy, session->array[SUBJECT_DY] + run->call->x_at * size,
            n * size);
    return n;
}

/* Thread: all blocks into the pipe; ends at the last, or a closed pipe. */
static void *write_blocks(void *argument)
{
    struct program_run *run = argument;
    const struct subject_session *session = run->session;
    const size_t size = session->size;
    struct program_block block;
    size_t n;
    if (new_block(&block, session))
        for (uint64_t b = 0; (n = fill_block(run, b, &block)); b++) {
            for (size_t i = 0; block.dy && i < n; i++) {
                memcpy(block.sent + 2 * i * size, block.dy + i * size, size);
                memcpy(
                    block.sent + (2 * i + 1) * size, block.x + i * size, size);
            }
            if (!write_all(run, block.dy ? block.sent : block.x,
                    (block.dy ? 2 : 1) * n * size))
                break;
        }
    free_block(&block);
    close(run->in);
    return NULL;
}

/* Up to `want` bytes; fewer at the end of the stream; -1: silence. */
static ssize_t read_bytes(struct program_run *run, char *to, size_t want)
{
    const double timeout = run->session->task.timeout;
    const double tick = timeout < 0.1 ? timeout : 0.1;
    size_t got = 0;
    uint64_t seen = atomic_load(&run->moved);
    double silent = 0;
    while (got < want) {
        run->halted = subject_is_stopped(&run->session->task);
        if (run->halted)
            return -1;
        struct pollfd ready = {.fd = run->out, .events = POLLIN};
        int events = poll(&ready, 1, (int)(tick * 1000) + 1);
        if (events > 0) {
            ssize_t n = read(run->out, to + got, want - got);
            if (n == 0)
                break;
            if (n > 0)
                got += (size_t)n;
            silent = 0;
        } else if (atomic_load(&run->moved) != seen) {
            seen = atomic_load(&run->moved);
            silent = 0;
        } else if ((silent += tick) >= timeout) {
            return -1;
        }
    }
    return (ssize_t)got;
}

/* A line of letters before the values: a banner, a progress bar. */
static bool is_text(const unsigned char *bytes, size_t n)
{
    size_t i = 0;
    while (i < n && ((bytes[i] >= ' ' && bytes[i] < 127) || bytes[i] == '\t'))
        i++;
    return i >= 8 || (i >= 3 && i < n && bytes[i] == '\n');
}

static bool take_block(struct program_run *run, uint64_t b,
    const struct program_block *block, const char *y, size_t n)
{
    if (run->call) {
        memcpy(run->session->array[SUBJECT_OUT] +
                   run->call->out_at * run->session->size,
            y, n * run->session->size);
        return true;
    }
    run->feed->meanwhile(run->feed->ctx, block->x, n);
    return run->feed->take(run->feed->ctx, run->first + b, block->x, y, n);
}

/* Is there more after the last block?  SUBJECT_OUTPUT_... */
static enum subject_output look_for_more(struct program_run *run)
{
    char more;
    const ssize_t extra = read_bytes(run, &more, 1);
    return extra < 0   ? SUBJECT_OUTPUT_NOT_SHUT
           : extra > 0 ? SUBJECT_OUTPUT_LONG
                       : SUBJECT_OUTPUT_FINE;
}

/* After one byte too much: whether twice as many bytes come out in all, as
   from a program whose values are twice as wide. */
static bool as_much_again(struct program_run *run, char *buffer)
{
    const uint64_t wanted = run->read * run->session->size;
    uint64_t more = 1;
    ssize_t got;
    do {
        got = read_bytes(run, buffer, SUBJECT_BLOCK);
        more += got > 0 ? (uint64_t)got : 0;
    } while (got > 0 && more <= wanted);
    return wanted && more == wanted;
}

/* false: no memory. */
static bool read_blocks(struct program_run *run)
{
    struct subject_failure *failure = &run->session->failure;
    const size_t size = run->session->size;
    char *y = malloc(SUBJECT_BLOCK * size);
    struct program_block block;
    const bool memory = new_block(&block, run->session) && y;
    size_t n;
    failure->output = SUBJECT_OUTPUT_FINE;
    failure->partial = false;
    for (uint64_t b = 0;
         memory && !run->stopped && failure->output == SUBJECT_OUTPUT_FINE &&
         (n = fill_block(run, b, &block));
         b++) {
        ssize_t got = read_bytes(run, y, n * size);
        for (ssize_t k = 0; k < got && run->heads < sizeof run->head; k++)
            run->head[run->heads++] = (unsigned char)y[k];
        run->read += got < 0 ? 0 : (uint64_t)got / size;
        if (got < 0)
            failure->output = SUBJECT_OUTPUT_SILENT;
        else if ((size_t)got < n * size)
            failure->output = SUBJECT_OUTPUT_SHORT;
        else
            run->stopped = !take_block(run, b, &block, y, n);
        failure->partial = got > 0 && (size_t)got % size;
    }
    if (memory && !run->stopped && failure->output == SUBJECT_OUTPUT_FINE)
        failure->output = look_for_more(run);
    failure->wide = memory && failure->output == SUBJECT_OUTPUT_LONG &&
                    as_much_again(run, y);
    failure->values = run->read;
    failure->printed = is_text(run->head, run->heads);
    free_block(&block);
    free(y);
    return memory;
}

/* Its end, by itself within the timeout or by force. */
static int reap(struct program_run *run, bool *forced)
{
    int status = 0;
    const struct timespec tick = {0, 10000000};
    for (double waited = 0; waited < run->session->task.timeout;
         waited += 0.01) {
        if (waitpid(run->child, &status, WNOHANG) == run->child)
            return status;
        nanosleep(&tick, NULL);
    }
    *forced = true;
    kill(-run->child, SIGKILL);
    waitpid(run->child, &status, 0);
    return status;
}

/* What came out and how it ended, as an outcome. */
static enum subject_outcome judge_end(
    struct program_run *run, int status, bool forced)
{
    struct subject_session *session = run->session;
    struct subject_failure *failure = &session->failure;
    const enum subject_output output = failure->output;
    failure->end = SUBJECT_END_FINE;
    if (run->stopped)
        return SUBJECT_RAN;
    if (run->halted)
        return subject_fail(session, SUBJECT_STOPPED, SUBJECT_NO_TROUBLE, 0);
    if (output == SUBJECT_OUTPUT_SILENT || output == SUBJECT_OUTPUT_NOT_SHUT)
        return subject_fail(session, SUBJECT_HUNG, SUBJECT_OUTPUT, 0);
    if (forced) {
        failure->end = SUBJECT_END_FORCED;
        return subject_fail(session, SUBJECT_HUNG, SUBJECT_OUTPUT, 0);
    }
    if (WIFEXITED(status) && !WEXITSTATUS(status))
        return output == SUBJECT_OUTPUT_FINE
                   ? SUBJECT_RAN
                   : subject_fail(session, SUBJECT_CRASHED, SUBJECT_OUTPUT, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) >= 126 && !run->read)
        return subject_fail(
            session, SUBJECT_UNUSABLE, SUBJECT_NO_SHELL, WEXITSTATUS(status));
    const int number =
        WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    /* an early end of ours breaks its pipe: that is no second fault */
    const bool broken = output != SUBJECT_OUTPUT_FINE && WIFSIGNALED(status) &&
                        number == SIGPIPE;
    failure->end = broken              ? SUBJECT_END_FINE
                   : WIFEXITED(status) ? SUBJECT_END_STATUS
                                       : SUBJECT_END_SIGNAL;
    return subject_fail(session, SUBJECT_CRASHED, SUBJECT_OUTPUT, number);
}

static enum subject_outcome run_program(struct program_run *run)
{
    struct subject_session *session = run->session;
    pthread_t writer;
    bool forced = false;
    signal(SIGPIPE, SIG_IGN);
    int error = spawn_program(run);
    if (error)
        return subject_fail(
            session, SUBJECT_UNUSABLE, SUBJECT_NO_START, error);
    error = pthread_create(&writer, NULL, write_blocks, run);
    if (error) {
        kill(-run->child, SIGKILL);
        waitpid(run->child, NULL, 0);
        close(run->in);
        close(run->out);
        return subject_fail(
            session, SUBJECT_UNUSABLE, SUBJECT_NO_THREAD, error);
    }
    const bool memory = read_blocks(run);
    const enum subject_output output = session->failure.output;
    if (!memory || run->stopped || output == SUBJECT_OUTPUT_SILENT ||
        output == SUBJECT_OUTPUT_NOT_SHUT)
        kill(-run->child, SIGKILL);
    close(run->out);
    int status = reap(run, &forced);
    atomic_store(&run->stop, true);
    pthread_join(writer, NULL);
    /* what it left running in its group */
    kill(-run->child, SIGKILL);
    return memory
               ? judge_end(run, status, forced)
               : subject_fail(session, SUBJECT_UNUSABLE, SUBJECT_NO_MEMORY, 0);
}

/* ---- the kind ------------------------------------------------------------
 */

static bool parse_program(
    struct subject *subject, struct subject_failure *failure)
{
    const char *command = subject->word + strlen("exec:");
    snprintf(subject->name, sizeof subject->name, "exec");
    snprintf(subject->other, sizeof subject->other, "%s", command);
    failure->trouble = command[strspn(command, " \t")]
                           ? SUBJECT_NO_TROUBLE
                           : SUBJECT_WORD_NO_COMMAND;
    return failure->trouble == SUBJECT_NO_TROUBLE;
}

static enum subject_outcome open_program(struct subject_session *session)
{
    bool memory = true;
    for (int i = 0; i < SUBJECT_ARRAYS; i++) {
        session->array[i] = calloc(SUBJECT_BLOCK, session->size);
        memory = memory && session->array[i];
    }
    return memory
               ? SUBJECT_RAN
               : subject_fail(session, SUBJECT_UNUSABLE, SUBJECT_NO_MEMORY, 0);
}

static void close_program(struct subject_session *session)
{
    for (int i = 0; i < SUBJECT_ARRAYS; i++)
        free(session->array[i]);
}

static enum subject_outcome feed_program(
    struct subject_session *session, struct subject_feed *feed)
{
    struct program_run run = {
        .session = session, .feed = feed, .first = atomic_load(feed->next)};
    session->failure.called = false;
    return run_program(&run);
}

static void begin_program(
    struct subject_session *session, const struct subject_call *call)
{
    session->failure.call = *call;
    session->failure.called = true;
}

static enum subject_outcome end_program(struct subject_session *session)
{
    const struct subject_call call = session->failure.call;
    struct program_run run = {.session = session, .call = &call};
    return run_program(&run);
}

const struct subject_kind subject_program = {
    .abilities = SUBJECT_INPUTS | SUBJECT_RATES,
    .parts = 64,
    .timeout = 60,
    .session = sizeof(struct subject_session),
    .parse = parse_program,
    .open = open_program,
    .close = close_program,
    .feed = feed_program,
    .begin = begin_program,
    .end = end_program};
