/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The child process of the checker: loads one kernel, runs it on shared
 * arrays between guard pages, and says what happened.  A program of its own,
 * so that nothing but the kernel, libc and OpenMP lives in it.
 */
#include "verify/conformance/subject/kernel_host.h"
#include "verify/shared/machine.h"
#include <errno.h>
#include <dlfcn.h>
#include <fenv.h>
#include <math.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#if defined __SSE2__
#include <emmintrin.h>
#endif
#if defined __SSE__
#include <xmmintrin.h>
#endif

static struct subject_host_page *page;
static char *array[SUBJECT_ARRAYS];

#if defined __x86_64__
/* long double code after the kernel would round, or fail, otherwise. */
static int mode_x87(void)
{
    struct {
        uint16_t control, pad, status, pad2, tags, rest[9];
    } x87;
    __asm__ volatile("fnstenv %0\n\tfldenv %0" : "+m"(x87));
    return ((x87.control & 0x300) != 0x300 ? SUBJECT_MODE_PRECISION : 0) |
           (x87.tags != 0xffff ? SUBJECT_MODE_STACK : 0) |
           ((x87.control & 0x3f) != 0x3f ? SUBJECT_MODE_TRAPS : 0);
}
#endif

/* What this thread's floating-point control state differs in from default. */
static int mode(void)
{
    int found = fegetround() == FE_TONEAREST ? 0 : SUBJECT_MODE_ROUNDING;
#if defined __SSE__
    unsigned mxcsr = _mm_getcsr();
    found |= mxcsr & 0x8000 ? SUBJECT_MODE_FLUSH : 0;
    found |= mxcsr & 0x0040 ? SUBJECT_MODE_DENORMALS : 0;
    found |= (mxcsr & 0x1f80) != 0x1f80 ? SUBJECT_MODE_TRAPS : 0;
    found |= mxcsr & 0x6000 ? SUBJECT_MODE_ROUNDING : 0;
#endif
#if defined __x86_64__
    found |= mode_x87();
#elif defined __aarch64__
    uint64_t fpcr;
    __asm__("mrs %0, fpcr" : "=r"(fpcr));
    found |=
        fpcr & (1u << 24) ? SUBJECT_MODE_FLUSH | SUBJECT_MODE_DENORMALS : 0;
    found |= fpcr & 0x9f00 ? SUBJECT_MODE_TRAPS : 0;
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
        for (int i = 0; i < SUBJECT_ARRAYS && page->array < 0; i++) {
            int64_t offset = address - array[i];
            if (offset >= -SUBJECT_HOST_GUARD &&
                offset < SUBJECT_HOST_ARRAY + SUBJECT_HOST_GUARD / 2) {
                page->array = i;
                page->offset = offset;
            }
        }
        if (page->array < 0)
            page->array = subject_host_long_array(address, &page->offset);
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
    const size_t stride = SUBJECT_HOST_ARRAY + SUBJECT_HOST_GUARD;
    page = mmap(
        NULL, SUBJECT_HOST_HEAD, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *space = mmap(NULL, SUBJECT_HOST_GUARD + SUBJECT_ARRAYS * stride,
        PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (page == MAP_FAILED || space == MAP_FAILED)
        return false;
    /* narrow elements fill a part of an array: the rest is guard, too */
    const size_t used = (size_t)SUBJECT_HOST_ARRAY / sizeof(double) *
                        sn_dtype_size((enum sn_dtype)page->dtype);
    for (int i = 0; i < SUBJECT_ARRAYS; i++) {
        array[i] = space + SUBJECT_HOST_GUARD + (size_t)i * stride;
        if (mmap(array[i], used, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_FIXED, fd,
                (off_t)(SUBJECT_HOST_HEAD + i * SUBJECT_HOST_ARRAY)) ==
            MAP_FAILED)
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

/* The yardsticks of the benchmark, as if they were kernels. */
static void copy(void *out, const void *x, size_t n)
{
    memcpy(out, x, n * sn_dtype_size((enum sn_dtype)page->dtype));
}

static void stream3(void *out, const void *dy, const void *x, size_t n)
{
    size_t bytes = n * sn_dtype_size((enum sn_dtype)page->dtype), i = 0;
    unsigned char *to = out;
    const unsigned char *a = dy, *b = x;
#if defined __SSE2__
    if (bytes > SN_STREAM_BYTES && (uintptr_t)to % 16 == 0)
        for (; bytes - i >= 16; i += 16) {
            __m128i u = _mm_loadu_si128((const __m128i *)(a + i));
            __m128i v = _mm_loadu_si128((const __m128i *)(b + i));
            _mm_stream_si128((__m128i *)(to + i), _mm_or_si128(u, v));
        }
    _mm_sfence();
#endif
    for (; bytes - i >= 8; i += 8) {
        uint64_t u, v;
        memcpy(&u, a + i, 8);
        memcpy(&v, b + i, 8);
        u |= v;
        memcpy(to + i, &u, 8);
    }
    for (; i < bytes; i++)
        to[i] = a[i] | b[i];
}

/* The symbol into `entry`: enum subject_host_loaded. */
static int load_library(void)
{
    void *library = dlopen(page->library, RTLD_NOW | RTLD_LOCAL);
    if (library)
        entry.object = dlsym(library, page->symbol);
    const char *error = dlerror();
    if (entry.object)
        return SUBJECT_HOST_LOADED;
    snprintf(page->error, sizeof page->error, "%s", error ? error : "");
    return library ? SUBJECT_HOST_NO_SYMBOL : SUBJECT_HOST_NOT_LOADED;
}

static void load(void)
{
    page->loaded = SUBJECT_HOST_LOADED;
    if (*page->library) {
        page->loaded = load_library();
    } else if (!strcmp(page->symbol, "memcpy")) {
        entry.forward = copy;
    } else if (!strcmp(page->symbol, "stream3")) {
        entry.gradient = stream3;
    } else {
        builtin = sn_find_kernel(page->symbol);
        if (!builtin || !builtin->available())
            page->loaded = SUBJECT_HOST_NO_CPU;
    }
    page->mode_after_load = mode();
}

static void run(void *out, const void *dy, const void *x, size_t n)
{
    if (builtin && builtin->function >= SN_ALPHA_DROPOUT)
        sn_kernel_run_dropout(builtin, out, dy, x, n, page->rate, page->seed);
    else if (builtin)
        sn_kernel_run(builtin, out, dy, x, n);
    else if (page->shape == SUBJECT_HOST_GRADIENT)
        entry.gradient(out, dy, x, n);
    else if (page->shape == SUBJECT_HOST_DROPOUT)
        entry.dropout(out, x, n, page->rate, page->seed);
    else
        entry.forward(out, x, n);
}

static int raised(void)
{
    int found = fetestexcept(FE_ALL_EXCEPT);
    return (found & FE_INVALID ? SUBJECT_RAISED_INVALID : 0) |
           (found & FE_DIVBYZERO ? SUBJECT_RAISED_DIVIDE : 0) |
           (found & FE_OVERFLOW ? SUBJECT_RAISED_OVERFLOW : 0) |
           (found & FE_UNDERFLOW ? SUBJECT_RAISED_UNDERFLOW : 0) |
           (found & FE_INEXACT ? SUBJECT_RAISED_INEXACT : 0);
}

static void *call(void *unused)
{
    static const int direction[] = {
        FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
    const void *x = array[SUBJECT_X] + page->x_at * size;
    const void *dy = array[SUBJECT_DY] + page->x_at * size;
    void *out = array[SUBJECT_OUT] + page->out_at * size;
    if (page->in_place)
        out = array[page->shape == SUBJECT_HOST_GRADIENT ? SUBJECT_DY
                                                         : SUBJECT_X] +
              page->x_at * size;
    if (page->onto_x)
        out = array[SUBJECT_X] + page->x_at * size;
    fesetenv(FE_DFL_ENV);
    if (page->rounding)
        fesetround(direction[page->rounding]);
    errno = 0;
    run(out, dy, x, page->n);
    page->error_number = errno;
    page->raised = raised();
    if (page->rounding && fegetround() == direction[page->rounding])
        fesetround(FE_TONEAREST);
    page->mode_after_call = mode();
    return unused;
}

/* The half of the arrays that a thread has, again and again, so that the other
   gets in between; until results are not those that stand in the output. */
static pthread_barrier_t both_start;
static void *half_of_a_call(void *second)
{
    const double budget = 0.01;
    const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
    const size_t half = page->n / 2, n = second ? page->n - half : half;
    const size_t from = second ? half * size : 0;
    char *out = array[SUBJECT_OUT] + from, *wanted = malloc(n * size + 1);
    if (wanted)
        memcpy(wanted, out, n * size);
    pthread_barrier_wait(&both_start);
    const double start = shared_seconds();
    do {
        fesetenv(FE_DFL_ENV);
        run(out, array[SUBJECT_DY] + from, array[SUBJECT_X] + from, n);
    } while (wanted && !memcmp(out, wanted, n * size) &&
             shared_seconds() - start < budget);
    free(wanted);
    return NULL;
}

static void call_in_two_threads(void)
{
    pthread_t other;
    pthread_barrier_init(&both_start, NULL, 2);
    if (pthread_create(&other, NULL, half_of_a_call, page)) {
        call(NULL);
    } else {
        half_of_a_call(NULL);
        pthread_join(other, NULL);
        page->mode_after_call = mode();
    }
    pthread_barrier_destroy(&both_start);
}

static void call_in_a_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, call, NULL))
        call(NULL);
    else
        pthread_join(thread, NULL);
}

/* x spread over [-4, 4), dy = 1 */
static void fill(char *x, char *dy, size_t n)
{
    uint32_t state = 1;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        double value = (double)state * 0x1p-29 - 4, one = 1;
        float narrow = (float)value, narrow_one = 1;
        uint32_t bits;
        memcpy(&bits, &narrow, sizeof bits);
        uint16_t half = (uint16_t)(bits >> 16), half_one = 0x3f80;
        if (page->dtype == SN_F16) { /* the same digits, another scale */
            half = (uint16_t)((bits >> 16 & 0x8000) |
                              ((bits >> 13 & 0x3ffff) - (112 << 10)));
            half = fabs(value) < 0x1p-14 ? 0 : half;
            half_one = 0x3c00;
        }
        const void *from = page->dtype == SN_F32   ? (void *)&narrow
                           : page->dtype == SN_F64 ? (void *)&value
                                                   : (void *)&half;
        const void *unit = page->dtype == SN_F32   ? (void *)&narrow_one
                           : page->dtype == SN_F64 ? (void *)&one
                                                   : (void *)&half_one;
        const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
        memcpy(x + i * size, from, size);
        if (dy)
            memcpy(dy + i * size, unit, size);
    }
}

/* `repeats` calls on arrays of n elements, each thread on a range of its own
 */
static void timed(void)
{
    static char *x, *dy, *out;
    static uint64_t made;
    const size_t n = page->n;
    const size_t size = sn_dtype_size((enum sn_dtype)page->dtype);
    page->seconds = -1;
    if (made != n) {
        free(x);
        free(dy);
        free(out);
        size_t bytes = (n * size + 63) / 64 * 64;
        x = aligned_alloc(64, bytes);
        dy = page->shape == SUBJECT_HOST_GRADIENT ? aligned_alloc(64, bytes)
                                                  : NULL;
        out = aligned_alloc(64, bytes);
        made = n;
        if (!x || (page->shape == SUBJECT_HOST_GRADIENT && !dy) || !out)
            return;
        fill(x, dy, n);
        memset(out, 0, bytes);
    }
    const size_t threads = (size_t)page->threads, line = 64 / size;
    double start = shared_seconds();
#pragma omp parallel num_threads(page->threads)
    {
        const size_t me = (size_t)omp_get_thread_num();
        size_t from = n / threads * me / line * line;
        size_t to = n / threads * (me + 1) / line * line;
        to = me + 1 == threads ? n : to;
        fesetenv(FE_DFL_ENV);
        for (uint64_t i = 0; i < page->repeats; i++)
            run(out + from * size, dy ? dy + from * size : NULL,
                x + from * size, to - from);
    }
    page->seconds = shared_seconds() - start;
}

static void run_afresh(void *out, const void *dy, const void *x, size_t n)
{
    fesetenv(FE_DFL_ENV);
    run(out, dy, x, n);
}

static void long_call(void)
{
    subject_host_long(page, array[SUBJECT_X], array[SUBJECT_DY],
        array[SUBJECT_OUT], run_afresh);
    page->mode_after_call = mode();
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("kernel-host: run by 'selfnorm check' only\n", stderr);
        return 2;
    }
    int memory = atoi(argv[1]), orders = atoi(argv[2]);
    int answers = atoi(argv[3]);
    if (!map(memory))
        return 3;
    subject_host_keep_apart(page->memory);
    catch_faults();
    char order;
    while (read(orders, &order, 1) == 1) {
        if (order == SUBJECT_HOST_LOAD)
            load();
        else if (order == SUBJECT_HOST_TIME)
            timed();
        else if (order == SUBJECT_HOST_LONG)
            long_call();
        else if (page->two_threads)
            call_in_two_threads();
        else if (page->threaded)
            call_in_a_thread();
        else
            call(NULL);
        if (write(answers, "d", 1) != 1)
            return 3;
    }
    return 0;
}
