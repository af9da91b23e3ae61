/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A kernel that is built in or in a shared library, in a child process: the
 * parent's side of kernel_host.c.  The child's arrays are shared memory, so
 * what the kernel is judged by is kept apart: inputs are copied in for each
 * call and compared after it.
 */
#include "verify/check.h"
#include "verify/conformance/reference/types.h"
#include "verify/conformance/subject/kernel_host.h"
#include "verify/conformance/subject/kinds.h"
#include "verify/shared/machine.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct library_session {
    struct subject_session base;
    pid_t child;
    int orders, answers;
    struct subject_host_page *page;
    char *shared; /* the page and the child's arrays */
    bool alive;
    int mode; /* subject_mode() */
};

enum {
    SHARED_BYTES = SUBJECT_HOST_HEAD + SUBJECT_ARRAYS * SUBJECT_HOST_ARRAY
};

static char given_host[PATH_MAX];

void sn_check_kernel_host(const char *path)
{
    snprintf(given_host, sizeof given_host, "%s", path);
}

static struct library_session *library_of(struct subject_session *session)
{
    return (struct library_session *)session;
}

static char *shared_array(struct library_session *library, int which)
{
    return library->shared + SUBJECT_HOST_HEAD +
           (size_t)which * SUBJECT_HOST_ARRAY;
}

/* As given, beside this program, in ../libexec/selfnorm of an installed one,
 * or where 'make install' put it. */
static bool find_host(char *path, size_t size)
{
    static const char *const place[] = {
        "kernel-host", "../libexec/selfnorm/kernel-host"};
    char self[PATH_MAX];
    if (*given_host) {
        snprintf(path, size, "%s", given_host);
        return !access(path, X_OK);
    }
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    for (int i = 0; slash && i < 2; i++) {
        int used = snprintf(path, size, "%s/%s", self, place[i]);
        if (used > 0 && (size_t)used < size && !access(path, X_OK))
            return true;
    }
    snprintf(path, size, "%s", SUBJECT_HOST_INSTALLED);
    return !access(path, X_OK);
}

/* errno, or 0 */
static int spawn_host(struct library_session *library, char *host, int memory)
{
    char number[3][16];
    int order[2], answer[2];
    if (pipe2(order, O_CLOEXEC))
        return errno;
    if (pipe2(answer, O_CLOEXEC)) {
        close(order[0]);
        close(order[1]);
        return errno;
    }
    /* a descriptor duplicated onto itself survives exec */
    const int given[] = {memory, order[0], answer[1]};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++) {
        posix_spawn_file_actions_adddup2(&actions, given[i], given[i]);
        snprintf(number[i], sizeof number[i], "%d", given[i]);
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    /* what a kernel prints must not mix with our one JSON document */
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    /* a kernel-host of another processor is run as this program is */
    char *emulator = getenv("SELFNORM_EMULATOR");
    char *argv[] = {emulator, host, number[0], number[1], number[2], NULL};
    char **words = emulator ? argv : argv + 1;
    /* a session of its own: no signal meant for us or for it goes astray */
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    int failed = posix_spawn(
        &library->child, *words, &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(order[0]);
    close(answer[1]);
    library->orders = order[1];
    library->answers = answer[0];
    library->alive = !failed;
    return failed;
}

/* ---- what a call leaves to tell ------------------------------------------
 */

static enum subject_outcome explain_crash(
    struct library_session *library, int status)
{
    const struct subject_host_page *page = library->page;
    struct subject_session *session = &library->base;
    struct subject_failure *failure = &session->failure;
    if (!page->signal && WIFEXITED(status))
        return subject_fail(
            session, SUBJECT_CRASHED, SUBJECT_EXIT, WEXITSTATUS(status));
    failure->writing = page->writing;
    failure->array = page->signal ? page->array : -1;
    const size_t at = page->array == SUBJECT_OUT ? page->out_at : page->x_at;
    const int64_t start = (int64_t)(at * session->size);
    const int64_t end = start + (int64_t)(page->n * session->size);
    failure->before = page->offset < start;
    failure->bytes =
        failure->before ? start - page->offset : page->offset - end;
    return subject_fail(session, SUBJECT_CRASHED, SUBJECT_SIGNAL,
        page->signal          ? page->signal
        : WIFSIGNALED(status) ? WTERMSIG(status)
                              : 0);
}

static void kill_child(struct library_session *library, int *status)
{
    kill(-library->child, SIGKILL);
    kill(library->child, SIGKILL);
    waitpid(library->child, status, 0);
    library->alive = false;
}

/* Seconds between looks at the task's `stop`. */
#define LIBRARY_TICK 0.2

/* Seconds of processor time of the child, all threads; below 0: unknown. */
static double processor_seconds(const struct library_session *library)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(library->child, &clock) ||
        clock_gettime(clock, &used))
        return -1;
    return (double)used.tv_sec + 1e-9 * (double)used.tv_nsec;
}

/*
 * Whether a call has had its time: processor time, as others may keep it from
 * the processor; one that stands still has had it after a second of that.
 */
struct library_patience {
    double began, at_first, moved, seen;
};

static bool is_over(
    struct library_patience *p, const struct library_session *library)
{
    enum { MOST_TIMES = 20 };
    const double timeout = library->base.task.timeout;
    const double now = shared_seconds(), used = processor_seconds(library);
    if (used > p->seen + 0.002) {
        p->seen = used;
        p->moved = now;
    }
    if (now - p->began < timeout)
        return false;
    return used < 0 || used - p->at_first >= timeout ||
           now - p->moved > fmin(1, timeout) ||
           now - p->began > MOST_TIMES * timeout;
}

static enum subject_outcome wait_for_answer(struct library_session *library)
{
    struct subject_session *session = &library->base;
    const struct subject_task *task = &session->task;
    struct pollfd answer = {.fd = library->answers, .events = POLLIN};
    const double used = processor_seconds(library), now = shared_seconds();
    struct library_patience patience = {now, used, now, used};
    const double tick =
        task->timeout < LIBRARY_TICK ? task->timeout : LIBRARY_TICK;
    int ready, status = 0;
    do
        ready = poll(&answer, 1, (int)(tick * 1000) + 1);
    while (ready <= 0 && !subject_is_stopped(task) &&
           !is_over(&patience, library));
    char done;
    if (ready > 0 && read(library->answers, &done, 1) == 1) {
        if (!library->mode)
            library->mode = library->page->mode_after_call;
        return SUBJECT_RAN;
    }
    if (ready <= 0) {
        kill_child(library, &status);
        return subject_is_stopped(task)
                   ? subject_fail(
                         session, SUBJECT_STOPPED, SUBJECT_NO_TROUBLE, 0)
                   : subject_fail(session, SUBJECT_HUNG, SUBJECT_SILENT, 0);
    }
    waitpid(library->child, &status, 0);
    library->alive = false;
    return explain_crash(library, status);
}

/* A dead child shows as a failed write, then as no answer. */
static enum subject_outcome give_order(
    struct library_session *library, char what)
{
    library->page->signal = 0;
    if (write(library->orders, &what, 1) != 1)
        return SUBJECT_CRASHED;
    return SUBJECT_RAN;
}

/* ---- starting it ---------------------------------------------------------
 */

static bool parse_library(
    struct subject *subject, struct subject_failure *failure)
{
    const char *word = subject->word, *colon = strrchr(word, ':');
    char path[PATH_MAX];
    subject->builtin = sn_find_kernel(word);
    if (subject->builtin) {
        snprintf(subject->name, sizeof subject->name, "%.255s", word);
        subject->type = conf_type_find(sn_dtype_name(subject->builtin->dtype));
        failure->trouble = subject_isa_trouble();
        if (failure->trouble != SUBJECT_NO_TROUBLE)
            snprintf(
                failure->text, sizeof failure->text, "%s", sn_isa_error());
        return failure->trouble == SUBJECT_NO_TROUBLE;
    }
    const bool source = subject_trouble_of_word(word) == SUBJECT_WORD_SOURCE;
    if (source || !colon || colon == word || !colon[1] || strchr(colon, '/')) {
        failure->trouble = subject_trouble_of_word(word);
        snprintf(failure->text, sizeof failure->text, "%.*s",
            (int)strcspn(word, ":"), word);
        return false;
    }
    if (strlen(colon + 1) >= sizeof subject->name) {
        failure->trouble = SUBJECT_WORD_LONG;
        return false;
    }
    snprintf(path, sizeof path, "%.*s", (int)(colon - word), word);
    snprintf(subject->name, sizeof subject->name, "%s", colon + 1);
    return subject_find_file(subject->path, path, SUBJECT_NO_LIBRARY, failure);
}

void subject_yardstick(struct subject *subject, const char *name)
{
    *subject = (struct subject){.kind = &subject_library, .type = -1};
    snprintf(subject->word, sizeof subject->word, "%s", name);
    snprintf(subject->name, sizeof subject->name, "%s", name);
}

static bool share_memory(struct library_session *library, int memory)
{
    struct subject_session *session = &library->base;
    const size_t bytes = SUBJECT_BLOCK * session->size;
    if (memory < 0 || ftruncate(memory, SHARED_BYTES))
        return false;
    library->shared = mmap(
        NULL, SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (library->shared == MAP_FAILED)
        return false;
    library->page = (void *)library->shared;
    session->array[SUBJECT_X] = calloc(1, bytes);
    session->array[SUBJECT_DY] = calloc(1, bytes);
    session->array[SUBJECT_OUT] = shared_array(library, SUBJECT_OUT);
    return session->array[SUBJECT_X] && session->array[SUBJECT_DY];
}

static enum subject_outcome load_kernel(struct library_session *library)
{
    static const enum subject_trouble trouble[] = {
        [SUBJECT_HOST_NO_SYMBOL] = SUBJECT_NO_SYMBOL,
        [SUBJECT_HOST_NOT_LOADED] = SUBJECT_NOT_LOADED,
        [SUBJECT_HOST_NO_CPU] = SUBJECT_NO_CPU};
    struct subject_session *session = &library->base;
    const struct subject_host_page *page = library->page;
    give_order(library, SUBJECT_HOST_LOAD);
    enum subject_outcome outcome = wait_for_answer(library);
    if (outcome != SUBJECT_RAN)
        return outcome;
    if (page->loaded != SUBJECT_HOST_LOADED) {
        snprintf(session->failure.text, sizeof session->failure.text, "%.399s",
            page->loaded == SUBJECT_HOST_NO_SYMBOL ? session->subject->name
                                                   : page->error);
        const bool mangled =
            page->loaded == SUBJECT_HOST_NO_SYMBOL &&
            subject_find_mangled(session->failure.text,
                sizeof session->failure.text, session->subject->path,
                session->subject->name);
        return subject_fail(session, SUBJECT_UNUSABLE,
            mangled ? SUBJECT_MANGLED : trouble[page->loaded], 0);
    }
    if (page->mode_after_load)
        library->mode = page->mode_after_load | SUBJECT_MODE_BY_LOADING;
    return SUBJECT_RAN;
}

static enum subject_outcome open_library(struct subject_session *session)
{
    struct library_session *library = library_of(session);
    char host[PATH_MAX + 64];
    library->orders = library->answers = -1;
    library->shared = MAP_FAILED;
    signal(SIGPIPE, SIG_IGN); /* a dead child shows as a failed write */
    if (!find_host(host, sizeof host))
        return subject_fail(session, SUBJECT_UNUSABLE, SUBJECT_NO_HOST, 0);
    int memory = memfd_create("selfnorm", MFD_CLOEXEC);
    if (!share_memory(library, memory)) {
        int error = errno;
        if (memory >= 0)
            close(memory);
        return subject_fail(
            session, SUBJECT_UNUSABLE, SUBJECT_NO_SHARED_MEMORY, error);
    }
    struct subject_host_page *page = library->page;
    snprintf(
        page->library, sizeof page->library, "%s", session->subject->path);
    snprintf(page->symbol, sizeof page->symbol, "%s", session->subject->name);
    page->shape = session->task.dropout    ? SUBJECT_HOST_DROPOUT
                  : session->task.gradient ? SUBJECT_HOST_GRADIENT
                                           : SUBJECT_HOST_FORWARD;
    page->dtype = session->task.type;
    page->memory = session->subject->contract.memory;
    int error = spawn_host(library, host, memory);
    close(memory);
    if (error)
        return subject_fail(
            session, SUBJECT_UNUSABLE, SUBJECT_NO_CHILD, error);
    return load_kernel(library);
}

static void close_library(struct subject_session *session)
{
    struct library_session *library = library_of(session);
    if (library->orders >= 0) {
        close(library->orders);
        close(library->answers);
    }
    /* it ends by itself at the end of orders, unless a destructor hangs */
    if (library->alive)
        kill_child(library, NULL);
    if (library->shared != MAP_FAILED)
        munmap(library->shared, SHARED_BYTES);
    free(session->array[SUBJECT_X]);
    free(session->array[SUBJECT_DY]);
}

/* ---- calls ---------------------------------------------------------------
 */

/* Elements around a call's that are copied, too: what a kernel reads beyond
   its inputs, and within the array, are other inputs. */
enum { AROUND = 64 };

static void copy_in(
    struct library_session *library, const struct subject_call *call)
{
    struct subject_session *session = &library->base;
    const size_t first = call->x_at < AROUND ? 0 : call->x_at - AROUND;
    size_t last = call->x_at + call->n + AROUND;
    if (last > SUBJECT_BLOCK)
        last = SUBJECT_BLOCK;
    for (int i = SUBJECT_X; i <= SUBJECT_DY; i++)
        if (i == SUBJECT_X || session->task.gradient)
            memcpy(shared_array(library, i) + first * session->size,
                session->array[i] + first * session->size,
                (last - first) * session->size);
}

/* Elements of the call that are no longer what was copied in. */
static size_t count_changed(struct library_session *library, int which)
{
    const struct subject_session *session = &library->base;
    const struct subject_call *call = &session->failure.call;
    const size_t size = session->size;
    const char *ours = session->array[which] + call->x_at * size;
    const char *theirs = shared_array(library, which) + call->x_at * size;
    size_t changed = 0;
    if (!memcmp(ours, theirs, call->n * size))
        return 0;
    for (size_t i = 0; i < call->n; i++)
        changed += memcmp(ours + i * size, theirs + i * size, size) != 0;
    return changed;
}

/* As many as the contract asks for; what lies behind is computed, too. */
static size_t padded(
    const struct subject_session *session, const struct subject_call *call)
{
    const size_t multiple = session->subject->contract.multiple;
    const size_t first = call->x_at > call->out_at ? call->x_at : call->out_at;
    const size_t n =
        multiple ? (call->n + multiple - 1) / multiple * multiple : call->n;
    return first + n <= SUBJECT_BLOCK ? n : call->n;
}

static void begin_call(
    struct subject_session *session, const struct subject_call *call)
{
    struct library_session *library = library_of(session);
    struct subject_host_page *page = library->page;
    session->failure.call = *call;
    session->failure.called = true;
    page->n = padded(session, call);
    page->x_at = call->x_at;
    page->out_at = call->out_at;
    page->in_place = call->in_place;
    page->onto_x = call->onto_x;
    page->two_threads = call->two_threads;
    page->rounding = (int)call->rounding;
    page->threaded = call->threaded;
    page->rate = call->rate;
    page->seed = call->seed;
    copy_in(library, call);
    give_order(library, SUBJECT_HOST_CALL);
}

static enum subject_outcome end_call(struct subject_session *session)
{
    struct library_session *library = library_of(session);
    const struct subject_call *call = &session->failure.call;
    const bool gradient = session->task.gradient;
    enum subject_outcome outcome = wait_for_answer(library);
    library->base.changed = 0;
    if (outcome != SUBJECT_RAN)
        return outcome;
    if (call->in_place || call->onto_x)
        memcpy(session->array[SUBJECT_OUT] + call->x_at * session->size,
            shared_array(
                library, gradient && !call->onto_x ? SUBJECT_DY : SUBJECT_X) +
                call->x_at * session->size,
            call->n * session->size);
    if ((!call->in_place || gradient) && !call->onto_x)
        library->base.changed += count_changed(library, SUBJECT_X);
    if (!call->in_place && gradient)
        library->base.changed += count_changed(library, SUBJECT_DY);
    return SUBJECT_RAN;
}

static enum subject_outcome feed_library(
    struct subject_session *session, struct subject_feed *feed)
{
    const int type = session->task.type;
    void *x = subject_x(session), *y = subject_out(session);
    for (;;) {
        const uint64_t block = atomic_fetch_add(feed->next, 1);
        const size_t n = feed->give(feed->ctx, block, x);
        if (!n)
            return SUBJECT_RAN;
        /* NaN: an output that is never written must not look right */
        memset(y, 0xff, n * session->size);
        subject_begin(session, &(struct subject_call){.n = n});
        feed->meanwhile(feed->ctx, x, n);
        enum subject_outcome outcome = subject_end(session);
        if (outcome != SUBJECT_RAN) {
            feed->known = true;
            feed->from = conf_type_get(type, x, 0);
            feed->to = conf_type_get(type, x, n - 1);
            return outcome;
        }
        feed->changed += session->changed;
        if (!feed->take(feed->ctx, block, x, y, n))
            return SUBJECT_RAN;
    }
}

/* ---- other orders --------------------------------------------------------
 */

double subject_time(
    struct subject_session *session, size_t n, uint64_t repeats, int threads)
{
    struct library_session *library = library_of(session);
    session->failure.call = (struct subject_call){.n = n};
    session->failure.called = true;
    library->page->n = n;
    library->page->threads = threads;
    library->page->repeats = repeats;
    give_order(library, SUBJECT_HOST_TIME);
    if (wait_for_answer(library) != SUBJECT_RAN)
        return -1;
    if (library->page->seconds < 0)
        subject_fail(session, SUBJECT_CRASHED, SUBJECT_NO_TIMING, 0);
    return library->page->seconds;
}

enum subject_outcome subject_long(struct subject_session *session, size_t n,
    bool elsewhere, struct subject_long_run *ran)
{
    struct library_session *library = library_of(session);
    struct subject_host_page *page = library->page;
    session->failure.call = (struct subject_call){.n = n};
    session->failure.called = true;
    const struct subject_contract *contract = &session->subject->contract;
    page->n = n;
    page->x_at = page->out_at = 0;
    page->in_place = page->onto_x = page->two_threads = false;
    page->elsewhere = elsewhere && !contract->multiple && !contract->aligned;
    copy_in(library, &(struct subject_call){.n = SUBJECT_BLOCK});
    give_order(library, SUBJECT_HOST_LONG);
    enum subject_outcome outcome = wait_for_answer(library);
    session->failure.call.n = page->n; /* slow kernels get fewer */
    *ran = page->ran;
    ran->n = page->n;
    return outcome;
}

int subject_raised(const struct subject_session *session)
{
    return ((const struct library_session *)session)->page->raised;
}

int subject_errno(const struct subject_session *session)
{
    return ((const struct library_session *)session)->page->error_number;
}

int subject_mode(const struct subject_session *session)
{
    return subject_can(session->subject, SUBJECT_MEMORY)
               ? ((const struct library_session *)session)->mode
               : 0;
}

const struct subject_kind subject_library = {
    .abilities = SUBJECT_INPUTS | SUBJECT_RATES | SUBJECT_MEMORY,
    .parts = 1024,
    .timeout = 10,
    .session = sizeof(struct library_session),
    .parse = parse_library,
    .open = open_library,
    .close = close_library,
    .feed = feed_library,
    .begin = begin_call,
    .end = end_call};
