/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parent's side of kernel_host.c. */
#include "verify/check.h"
#include "verify/conformance/conformance.h"
#include "verify/conformance/subject/kernel_host.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct subject_runner {
    pid_t child;
    int orders, answers;
    struct subject_host_page *page;
    char *arrays;
    double timeout;
    bool alive, calling; /* calling: loaded before */
    char why[512], mode[256];
};

enum { MAPPED = SUBJECT_HOST_HEAD + SUBJECT_HOST_ARRAYS * SUBJECT_HOST_ARRAY };

static char given_host[PATH_MAX];

void sn_check_kernel_host(const char *path)
{
    snprintf(given_host, sizeof given_host, "%s", path);
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

static bool spawn_host(struct subject_runner *runner, int memory)
{
    char host[PATH_MAX + 64], number[3][16];
    int order[2], answer[2];
    if (!find_host(host, sizeof host)) {
        snprintf(runner->why, sizeof runner->why,
            "the program 'kernel-host' is not beside selfnorm; 'make' builds "
            "it");
        return false;
    }
    if (pipe2(order, O_CLOEXEC))
        return false;
    if (pipe2(answer, O_CLOEXEC)) {
        close(order[0]);
        close(order[1]);
        return false;
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
    int failed =
        posix_spawn(&runner->child, *words, &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(order[0]);
    close(answer[1]);
    runner->orders = order[1];
    runner->answers = answer[0];
    runner->alive = !failed;
    if (failed) {
        close(order[1]);
        close(answer[0]);
        runner->orders = runner->answers = -1;
        errno = failed;
    }
    return !failed;
}

static void describe_mode(char *text, size_t size, const char *when, int mode)
{
    if (!mode) {
        *text = '\0';
        return;
    }
    snprintf(text, size, "%s switches the floating-point mode:%s%s%s%s%s%s",
        when, mode & SUBJECT_MODE_FLUSH ? " flush-to-zero on;" : "",
        mode & SUBJECT_MODE_DENORMALS ? " denormals-are-zero on;" : "",
        mode & SUBJECT_MODE_ROUNDING ? " rounding not to nearest;" : "",
        mode & SUBJECT_MODE_TRAPS ? " exceptions trap;" : "",
        mode & SUBJECT_MODE_PRECISION ? " x87 precision is not 64 bits;" : "",
        mode & SUBJECT_MODE_STACK
            ? " x87 registers in use (MMX without emms?);"
            : "");
    text[strlen(text) - 1] = '\0';
}

/* " at n = 7, x + 0, y + 1", " at n = 7 (in place)": the last call. */
static void add_call(struct subject_runner *runner)
{
    const struct subject_host_page *page = runner->page;
    size_t used = strlen(runner->why);
    char *why = runner->why + used;
    size_t size = sizeof runner->why - used;
    unsigned long long n = page->n, x_at = page->x_at, out_at = page->out_at;
    if (!runner->calling)
        return;
    if (page->in_place)
        snprintf(why, size, " at n = %llu (in place)", n);
    else if (x_at || out_at)
        snprintf(
            why, size, " at n = %llu, x + %llu, y + %llu", n, x_at, out_at);
    else
        snprintf(why, size, " at n = %llu", n);
}

static void describe_crash(struct subject_runner *runner, int status)
{
    const struct subject_host_page *page = runner->page;
    static const char *const name[] = {"x", "dy", "the output"};
    char *why = runner->why;
    size_t size = sizeof runner->why;
    if (!page->signal && WIFEXITED(status)) {
        snprintf(why, size, "ended its process with exit status %d",
            WEXITSTATUS(status));
        return;
    }
    int number = page->signal          ? page->signal
                 : WIFSIGNALED(status) ? WTERMSIG(status)
                                       : 0;
    int used = snprintf(
        why, size, "crashed with SIG%s", number ? sigabbrev_np(number) : "?");
    if (!page->signal || page->array < 0 || used < 0)
        return;
    size_t element = ref_types[page->dtype].size;
    size_t at = page->array == SUBJECT_HOST_OUT ? page->out_at : page->x_at;
    int64_t start = (int64_t)(at * element);
    int64_t end = start + (int64_t)(page->n * element);
    int64_t off =
        page->offset < start ? start - page->offset : page->offset - end;
    snprintf(why + used, size - (size_t)used, ": %s %lld bytes %s %s",
        page->writing < 0 ? "accesses"
        : page->writing   ? "writes"
                          : "reads",
        (long long)off,
        page->offset < start ? "before the start of" : "after the end of",
        name[page->array]);
}

static enum conf_outcome wait_for_answer(struct subject_runner *runner)
{
    struct pollfd answer = {.fd = runner->answers, .events = POLLIN};
    int ready, status = 0;
    do
        ready = poll(&answer, 1, (int)(runner->timeout * 1000));
    while (ready < 0 && errno == EINTR);
    char done;
    if (ready > 0 && read(runner->answers, &done, 1) == 1) {
        if (!*runner->mode)
            describe_mode(runner->mode, sizeof runner->mode, "a call",
                runner->page->mode_after_call);
        return CONF_RAN;
    }
    runner->alive = false;
    if (ready == 0) {
        kill(runner->child, SIGKILL);
        waitpid(runner->child, &status, 0);
        snprintf(runner->why, sizeof runner->why,
            "no answer within the --timeout of %g s", runner->timeout);
        add_call(runner);
        return CONF_HUNG;
    }
    waitpid(runner->child, &status, 0);
    describe_crash(runner, status);
    add_call(runner);
    return CONF_CRASHED;
}

static bool order(struct subject_runner *runner, char what)
{
    return write(runner->orders, &what, 1) == 1;
}

static enum conf_outcome start(struct subject_runner **result,
    const struct conf_target *target, enum subject_host_shape shape, int dtype,
    double timeout)
{
    static const struct subject_runner empty = {
        .orders = -1, .answers = -1, .arrays = MAP_FAILED};
    struct subject_runner *runner = *result = malloc(sizeof *runner);
    if (!runner)
        return CONF_UNUSABLE;
    *runner = empty;
    runner->timeout = timeout;
    signal(SIGPIPE, SIG_IGN); /* a dead child shows as a failed write */
    int memory = memfd_create("selfnorm", MFD_CLOEXEC);
    if (memory < 0 || ftruncate(memory, MAPPED) ||
        (runner->arrays = mmap(NULL, MAPPED, PROT_READ | PROT_WRITE,
             MAP_SHARED, memory, 0)) == MAP_FAILED) {
        snprintf(runner->why, sizeof runner->why,
            "no memory to share with a child process: %s", strerror(errno));
        if (memory >= 0)
            close(memory);
        return CONF_UNUSABLE;
    }
    struct subject_host_page *page = runner->page = (void *)runner->arrays;
    snprintf(page->library, sizeof page->library, "%s", target->library);
    snprintf(page->symbol, sizeof page->symbol, "%s", target->symbol);
    page->shape = (int)shape;
    page->dtype = (int)dtype;
    bool spawned = spawn_host(runner, memory);
    close(memory);
    if (!spawned) {
        if (!*runner->why)
            snprintf(runner->why, sizeof runner->why,
                "no child process for it: %s", strerror(errno));
        return CONF_UNUSABLE;
    }
    order(runner, SUBJECT_HOST_LOAD);
    enum conf_outcome outcome = wait_for_answer(runner);
    if (outcome != CONF_RAN)
        return outcome;
    if (!page->loaded) {
        snprintf(runner->why, sizeof runner->why, "%.500s", page->error);
        return CONF_UNUSABLE;
    }
    describe_mode(runner->mode, sizeof runner->mode, "loading the library",
        page->mode_after_load);
    return CONF_RAN;
}

enum conf_outcome conf_runner_start(struct subject_runner **result,
    const struct conf_target *target, bool gradient, enum sn_dtype dtype,
    double timeout)
{
    return start(result, target,
        gradient ? SUBJECT_HOST_GRADIENT : SUBJECT_HOST_FORWARD, (int)dtype,
        timeout);
}

enum conf_outcome conf_runner_start_dropout(struct subject_runner **result,
    const struct conf_target *target, int dtype, double timeout)
{
    return start(result, target, SUBJECT_HOST_DROPOUT, dtype, timeout);
}

void conf_runner_stop(struct subject_runner *runner)
{
    if (!runner)
        return;
    if (runner->orders >= 0) {
        close(runner->orders);
        close(runner->answers);
    }
    if (runner->alive) {
        /* it ends by itself at the end of orders, unless a destructor hangs */
        kill(runner->child, SIGKILL);
        waitpid(runner->child, NULL, 0);
    }
    if (runner->arrays != MAP_FAILED)
        munmap(runner->arrays, MAPPED);
    free(runner);
}

static void *array_at(
    struct subject_runner *runner, enum subject_host_array which)
{
    return runner->arrays + SUBJECT_HOST_HEAD +
           (size_t)which * SUBJECT_HOST_ARRAY;
}

void *conf_runner_x(struct subject_runner *runner)
{
    return array_at(runner, SUBJECT_HOST_X);
}

void *conf_runner_dy(struct subject_runner *runner)
{
    return array_at(runner, SUBJECT_HOST_DY);
}

void *conf_runner_out(struct subject_runner *runner)
{
    return array_at(runner, SUBJECT_HOST_OUT);
}

void conf_runner_begin(
    struct subject_runner *runner, const struct conf_call *call)
{
    runner->page->n = call->n;
    runner->page->x_at = call->x_at;
    runner->page->out_at = call->out_at;
    runner->page->in_place = call->in_place;
    runner->page->rounding = (int)call->rounding;
    runner->page->threaded = call->threaded;
    runner->page->rate = call->rate;
    runner->page->seed = call->seed;
    runner->page->signal = 0;
    runner->calling = true;
    order(runner, SUBJECT_HOST_CALL);
}

enum conf_outcome conf_runner_end(struct subject_runner *runner)
{
    return wait_for_answer(runner);
}

double conf_runner_time(
    struct subject_runner *runner, size_t n, uint64_t repeats, int threads)
{
    runner->page->n = n;
    runner->page->threads = threads;
    runner->calling = true;
    runner->page->repeats = repeats;
    runner->page->signal = 0;
    order(runner, SUBJECT_HOST_TIME);
    if (wait_for_answer(runner) != CONF_RAN)
        return -1;
    if (runner->page->seconds < 0)
        snprintf(runner->why, sizeof runner->why,
            "no memory for arrays of %zu elements", n);
    return runner->page->seconds;
}

enum conf_outcome conf_runner_long(
    struct subject_runner *runner, size_t n, struct conf_long_run *ran)
{
    struct subject_host_page *page = runner->page;
    page->n = n;
    page->x_at = page->out_at = 0;
    page->in_place = false;
    page->signal = 0;
    runner->calling = true;
    order(runner, SUBJECT_HOST_LONG);
    enum conf_outcome outcome = wait_for_answer(runner);
    *ran = (struct conf_long_run){.memory = page->memory,
        .n = page->n,
        .unwritten = page->unwritten,
        .differing = page->differing,
        .again = page->again,
        .at = page->differs_at};
    memcpy(ran->got, page->differs, sizeof ran->got);
    memcpy(ran->want, page->differs_from, sizeof ran->want);
    return outcome;
}

int conf_runner_raised(const struct subject_runner *runner)
{
    return runner->page->raised;
}

const char *conf_runner_why(const struct subject_runner *runner)
{
    return runner ? runner->why : "out of memory";
}

const char *conf_runner_mode(const struct subject_runner *runner)
{
    return runner->mode;
}
