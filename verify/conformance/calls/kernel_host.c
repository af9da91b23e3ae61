/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The child process of the checker: loads one kernel, runs it on shared
 * arrays between guard pages, and says what happened.  A program of its own,
 * so that nothing but the kernel and libc lives in it.
 */
#include "verify/conformance/calls/kernel_host.h"
#include <dlfcn.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#if defined __SSE__
#include <xmmintrin.h>
#endif

static struct sn_host_page *page;
static char *array[SN_HOST_ARRAYS];

/* What this thread's floating-point control state differs in from default. */
static int mode(void)
{
    int found = fegetround() == FE_TONEAREST ? 0 : SN_MODE_ROUNDING;
#if defined __SSE__
    unsigned mxcsr = _mm_getcsr();
    found |= mxcsr & 0x8000 ? SN_MODE_FLUSH : 0;
    found |= mxcsr & 0x0040 ? SN_MODE_DENORMALS : 0;
    found |= (mxcsr & 0x1f80) != 0x1f80 ? SN_MODE_TRAPS : 0;
    found |= mxcsr & 0x6000 ? SN_MODE_ROUNDING : 0;
#elif defined __aarch64__
    uint64_t fpcr;
    __asm__("mrs %0, fpcr" : "=r"(fpcr));
    found |= fpcr & (1u << 24) ? SN_MODE_FLUSH | SN_MODE_DENORMALS : 0;
    found |= fpcr & 0x9f00 ? SN_MODE_TRAPS : 0;
#endif
    return found;
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    char *address = info->si_addr;
    page->signal = signal;
    page->array = -1;
    page->writing = -1;
    if (signal == SIGSEGV || signal == SIGBUS) {
        /* a guard between two arrays belongs to the nearer one */
        for (int i = 0; i < SN_HOST_ARRAYS && page->array < 0; i++) {
            int64_t offset = address - array[i];
            if (offset >= -SN_HOST_GUARD &&
                offset < SN_HOST_ARRAY + SN_HOST_GUARD / 2) {
                page->array = i;
                page->offset = offset;
            }
        }
#if defined __x86_64__
        /* bit 1 of the page fault's error code: the access was a write */
        page->writing =
            (int)(((ucontext_t *)context)->uc_mcontext.gregs[REG_ERR] >> 1 &
                  1);
#endif
    }
    (void)context;
    _exit(128 + signal);
}

static void catch_faults(void)
{
    static char stack[65536];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    struct sigaction action = {
        .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    static const int fatal[] = {
        SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        sigaction(fatal[i], &action, NULL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C is the parent's to handle */
}

static bool map(int fd)
{
    const size_t stride = SN_HOST_ARRAY + SN_HOST_GUARD;
    page = mmap(NULL, SN_HOST_HEAD, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *space = mmap(NULL, SN_HOST_GUARD + SN_HOST_ARRAYS * stride,
        PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (page == MAP_FAILED || space == MAP_FAILED)
        return false;
    /* narrow elements fill a part of an array: the rest is guard, too */
    const size_t used =
        (size_t)SN_HOST_ARRAY / sizeof(double) * sn_host_size(page->dtype);
    for (int i = 0; i < SN_HOST_ARRAYS; i++) {
        array[i] = space + SN_HOST_GUARD + (size_t)i * stride;
        if (mmap(array[i], used, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_FIXED, fd,
                (off_t)(SN_HOST_HEAD + i * SN_HOST_ARRAY)) == MAP_FAILED)
            return false;
    }
    return true;
}

typedef void forward(void *out, const void *x, size_t n);
typedef void gradient(void *out, const void *dy, const void *x, size_t n);
typedef void dropout(
    void *out, const void *x, size_t n, double rate, uint64_t seed);
static const struct sn_kernel *builtin;
static union {
    void *object;
    forward *forward;
    gradient *gradient;
    dropout *dropout;
} entry;

/* The yardstick of the benchmark, as if it were a kernel. */
static void copy(void *out, const void *x, size_t n)
{
    memcpy(out, x, n * sn_host_size(page->dtype));
}

/* Weak: a registry without alpha dropout has no such function. */
void sn_kernel_run_dropout(const struct sn_kernel *kernel, void *out,
    const void *dy, const void *x, size_t n, double rate, uint64_t seed)
    __attribute__((weak));

static void load(void)
{
    page->loaded = 0;
    if (!*page->library && !strcmp(page->symbol, "memcpy")) {
        entry.forward = copy;
        page->loaded = 1;
    } else if (!*page->library) {
        builtin = sn_find_kernel(page->symbol);
        page->loaded =
            builtin && builtin->available() &&
            (page->shape != SN_HOST_DROPOUT || sn_kernel_run_dropout != NULL);
        snprintf(page->error, sizeof page->error,
            "this processor lacks what the kernel needs");
    } else {
        void *library = dlopen(page->library, RTLD_NOW | RTLD_LOCAL);
        if (library)
            entry.object = dlsym(library, page->symbol);
        const char *error = dlerror();
        page->loaded = entry.object != NULL;
        if (!page->loaded && library)
            snprintf(page->error, sizeof page->error,
                "the library has no symbol '%s'", page->symbol);
        else if (!page->loaded)
            snprintf(page->error, sizeof page->error, "%s",
                error ? error : "cannot be loaded");
    }
    page->mode_after_load = mode();
}

static void run(void *out, const void *dy, const void *x, size_t n)
{
    if (builtin && page->shape == SN_HOST_DROPOUT)
        sn_kernel_run_dropout(
            builtin, out, NULL, x, n, page->rate, page->seed);
    else if (builtin)
        sn_kernel_run(builtin, out, dy, x, n);
    else if (page->shape == SN_HOST_GRADIENT)
        entry.gradient(out, dy, x, n);
    else if (page->shape == SN_HOST_DROPOUT)
        entry.dropout(out, x, n, page->rate, page->seed);
    else
        entry.forward(out, x, n);
}

static int raised(void)
{
    int found = fetestexcept(FE_ALL_EXCEPT);
    return (found & FE_INVALID ? SN_RAISED_INVALID : 0) |
           (found & FE_DIVBYZERO ? SN_RAISED_DIVIDE : 0) |
           (found & FE_OVERFLOW ? SN_RAISED_OVERFLOW : 0) |
           (found & FE_UNDERFLOW ? SN_RAISED_UNDERFLOW : 0) |
           (found & FE_INEXACT ? SN_RAISED_INEXACT : 0);
}

static void *call(void *unused)
{
    static const int direction[] = {
        FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    const size_t size = sn_host_size(page->dtype);
    const void *x = array[SN_HOST_X] + page->x_at * size;
    const void *dy = array[SN_HOST_DY] + page->x_at * size;
    void *out = array[SN_HOST_OUT] + page->out_at * size;
    if (page->in_place)
        out = array[page->shape == SN_HOST_GRADIENT ? SN_HOST_DY : SN_HOST_X] +
              page->x_at * size;
    fesetenv(FE_DFL_ENV);
    if (page->rounding)
        fesetround(direction[page->rounding]);
    run(out, dy, x, page->n);
    page->raised = raised();
    if (page->rounding && fegetround() == direction[page->rounding])
        fesetround(FE_TONEAREST);
    page->mode_after_call = mode();
    return unused;
}

static void call_in_a_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, call, NULL))
        call(NULL);
    else
        pthread_join(thread, NULL);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A value in [-4, 4), cut to the dtype: speed does not ask how exactly. */
static void put(void *to, size_t i, double value)
{
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    if (page->dtype == SN_F64) {
        ((double *)to)[i] = value;
    } else if (page->dtype == SN_F32) {
        ((float *)to)[i] = single;
    } else {
        /* bfloat16: the upper half; half precision: another bias (SN_F64 + 1
           of enum sn_type_index), and what is below its normals becomes 0 */
        uint32_t half = bits >> 16;
        if (page->dtype == SN_F64 + 1) {
            uint32_t size = bits & 0x7fffffff;
            half = (bits >> 16 & 0x8000) |
                   (size < 0x38800000 ? 0 : (size - 0x38000000) >> 13);
        }
        ((uint16_t *)to)[i] = (uint16_t)half;
    }
}

/* `repeats` calls on arrays of n elements spread over [-4, 4). */
static void timed(void)
{
    static void *x, *dy, *out;
    static uint64_t made;
    const size_t n = page->n, size = sn_host_size(page->dtype);
    page->seconds = -1;
    if (made != n) {
        free(x);
        free(dy);
        free(out);
        size_t bytes = (n * size + 63) / 64 * 64;
        x = aligned_alloc(64, bytes);
        dy = aligned_alloc(64, bytes);
        out = aligned_alloc(64, bytes);
        made = n;
        if (!x || !dy || !out)
            return;
        uint32_t state = 1;
        for (size_t i = 0; i < n; i++) {
            state = state * 1664525u + 1013904223u;
            put(x, i, (double)state * 0x1p-29 - 4);
            put(dy, i, 1);
        }
        memset(out, 0, bytes);
    }
    fesetenv(FE_DFL_ENV);
    double start = now();
    for (uint64_t i = 0; i < page->repeats; i++)
        run(out, dy, x, n);
    page->seconds = now() - start;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("kernel-host: run by 'selfnorm check' only\n", stderr);
        return 2;
    }
    int memory = atoi(argv[1]), orders = atoi(argv[2]);
    int answers = atoi(argv[3]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    if (!map(memory))
        return 3;
    catch_faults();
    char order;
    while (read(orders, &order, 1) == 1) {
        if (order == SN_HOST_LOAD)
            load();
        else if (order == SN_HOST_TIME)
            timed();
        else if (page->threaded)
            call_in_a_thread();
        else
            call(NULL);
        if (write(answers, "d", 1) != 1)
            return 3;
    }
    return 0;
}
