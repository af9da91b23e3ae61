/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is judged: a kernel that is built in or lies in a shared library, a
 * program, a process that serves it over two descriptors, or a pair of arrays
 * in files.  One interface, four kinds; what a
 * kind can be asked is a set of abilities, and no code outside this folder
 * asks which kind it is.
 *
 * subject_parse() reads the user's word, subject_open() starts a session with
 * the kernel, subject_begin() and subject_end() make one call on arrays of the
 * session, subject_feed() a sequence of blocks.  What goes wrong is a struct
 * subject_failure: an enum and figures; words/words.h puts it into words.
 */
#ifndef SN_VERIFY_CONFORMANCE_SUBJECT_SUBJECT_H
#define SN_VERIFY_CONFORMANCE_SUBJECT_SUBJECT_H

#include "kernels/kernels.h"
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what it is ----------------------------------------------------------
 */

enum subject_ability {
    SUBJECT_INPUTS = 1, /* it takes inputs of our choice */
    SUBJECT_RATES = 2,  /* and a rate and a seed, for alpha dropout */
    /* it is called on arrays: at any place, in place, in other threads, in
       other rounding modes, on a million elements; it can be timed */
    SUBJECT_MEMORY = 4
};

struct subject_kind;

/* What a kernel asks of its callers, and what it is allowed. */
struct subject_contract {
    size_t multiple; /* n is one of that: a power of 2, or 0 */
    size_t aligned;  /* bytes that arrays are aligned to, or 0 */
    uint64_t memory; /* bytes of address space that it may take; 0: any */
};
struct subject_call;

struct subject {
    const struct subject_kind *kind;
    char word[PATH_MAX];  /* as the user wrote it */
    char name[256];       /* a short one, for a progress bar */
    char path[PATH_MAX];  /* of the library or the inputs; "" none */
    char other[PATH_MAX]; /* the command, or the path of the outputs */
    char dy[PATH_MAX];    /* of files: the path of dy; "" 1 */
    const struct sn_kernel *builtin; /* NULL: not built in */
    struct subject_contract contract;
    int type; /* that it is known to be of, as of reference/types.h; or -1 */
};

#define SUBJECT_WORDS                                                         \
    "a name from 'selfnorm list', PATH.so:SYMBOL, exec:COMMAND or "           \
    "npy:IN.npy,OUT.npy"

bool subject_can(const struct subject *subject, unsigned abilities);
/* Whether a call keeps to the contract; elements of `size` bytes. */
bool subject_may(const struct subject *subject,
    const struct subject_call *call, size_t size);
/* Seconds that a call may take unless somebody says otherwise. */
double subject_timeout(const struct subject *subject);
/* In how many parts at most a sweep of it is worth cutting. */
uint64_t subject_parts(const struct subject *subject);

/* ---- what goes wrong -----------------------------------------------------
 */

enum subject_outcome {
    SUBJECT_RAN,
    SUBJECT_UNUSABLE, /* it cannot be used as it is: no verdict */
    SUBJECT_CRASHED,
    SUBJECT_HUNG,
    SUBJECT_STOPPED /* the task's `stop` was set: no failure */
};

enum subject_trouble {
    SUBJECT_NO_TROUBLE,
    /* a word that names nothing: bad usage */
    SUBJECT_WORD_UNKNOWN,
    SUBJECT_WORD_NO_COMMAND,
    SUBJECT_WORD_NO_PAIR, /* not npy:IN,OUT */
    SUBJECT_WORD_NO_DESCRIPTORS,
    SUBJECT_WORD_SOURCE,    /* text: the file */
    SUBJECT_WORD_NO_SYMBOL, /* a library alone */
    SUBJECT_ISA_UNKNOWN,    /* SELFNORM_ISA: text */
    SUBJECT_BAD_WORDS = SUBJECT_ISA_UNKNOWN,
    /* what it names cannot be used */
    SUBJECT_WORD_LONG,
    SUBJECT_ISA_LACKING,   /* text */
    SUBJECT_FILE_MISSING,  /* text: the path; number: errno */
    SUBJECT_NO_LIBRARY,    /* not a file: text */
    SUBJECT_NO_ARRAY_FILE, /* not a file: text */
    SUBJECT_NPY,           /* text: what is wrong with a file */
    SUBJECT_NPY_TYPES,     /* types: of inputs and outputs */
    SUBJECT_NPY_SHAPES,
    SUBJECT_NPY_EMPTY,
    /* it does not start */
    SUBJECT_NO_MEMORY,
    SUBJECT_NO_HOST,
    SUBJECT_NO_SHARED_MEMORY, /* number: errno */
    SUBJECT_NO_CHILD,         /* number: errno */
    SUBJECT_NO_SYMBOL,        /* text */
    SUBJECT_MANGLED,          /* text: the name of C++ that there is */
    SUBJECT_NOT_LOADED,       /* text: what the loader says, or "" */
    SUBJECT_NO_CPU,
    SUBJECT_NO_START,  /* a program; number: errno */
    SUBJECT_NO_THREAD, /* number: errno */
    SUBJECT_NO_SHELL,  /* number: the shell's exit status */
    SUBJECT_NO_TIMING, /* no memory for arrays of call.n elements */
    /* a call does not come back */
    SUBJECT_SIGNAL, /* number; array, writing, bytes */
    SUBJECT_EXIT,   /* number */
    SUBJECT_SILENT, /* timeout */
    SUBJECT_SHUT,   /* it closed its descriptors */
    SUBJECT_BAD_FRAME,
    SUBJECT_SAID, /* text: what it answers in place of results */
    /* of a program: what came out, then how it ended */
    SUBJECT_OUTPUT
};

/* Which array of a call an address lies near. */
enum subject_array { SUBJECT_X, SUBJECT_DY, SUBJECT_OUT, SUBJECT_ARRAYS };

/* Where in the arrays a call starts, in elements. */
enum subject_rounding {
    SUBJECT_NEAREST,
    SUBJECT_UP,
    SUBJECT_DOWN,
    SUBJECT_TO_ZERO
};
struct subject_call {
    size_t n, x_at, out_at;
    bool in_place;    /* out is x (gradient: dy) */
    bool onto_x;      /* of a gradient: out is x */
    bool threaded;    /* in a thread of its own */
    bool two_threads; /* at the same time, half of the arrays each */
    enum subject_rounding rounding;
    double rate; /* alpha dropout */
    uint64_t seed;
};

enum subject_output {
    SUBJECT_OUTPUT_FINE,
    SUBJECT_OUTPUT_SILENT,  /* no byte within the timeout */
    SUBJECT_OUTPUT_SHORT,   /* values, partial: what came */
    SUBJECT_OUTPUT_LONG,    /* more than `values` */
    SUBJECT_OUTPUT_NOT_SHUT /* no end within the timeout */
};
enum subject_end {
    SUBJECT_END_FINE,
    SUBJECT_END_FORCED, /* it did not end by itself within the timeout */
    SUBJECT_END_STATUS, /* number */
    SUBJECT_END_SIGNAL  /* number */
};

struct subject_failure {
    enum subject_outcome outcome;
    enum subject_trouble trouble;
    int number;
    double timeout;
    /* the call, where there was one */
    bool called;
    struct subject_call call;
    /* SUBJECT_SIGNAL: -1 or the array near the address; `bytes` before its
       start or after its end; 1 a write, 0 a read, -1 unknown */
    int array, writing;
    bool before;
    int64_t bytes;
    /* SUBJECT_OUTPUT */
    enum subject_output output;
    enum subject_end end;
    uint64_t values;
    bool partial, pairs; /* pairs: of a gradient */
    bool printed;        /* what came first is a text */
    bool wide;           /* as doubles, what came first is all of it */
    int types[2];
    bool outputs; /* SUBJECT_NPY: of the second file */
    char text[400];
};
/* Whether it accessed memory around the arrays. */
bool subject_is_outside(const struct subject_failure *failure);

/* What SELFNORM_ISA asks for; text: what kernels/ says of it. */
enum subject_trouble subject_isa_trouble(void);

/* false: why.  Reads the heads of files, and loads nothing. */
bool subject_parse(struct subject *subject, const char *word,
    struct subject_failure *failure);

/* ---- a session -----------------------------------------------------------
 */

enum { SUBJECT_BLOCK = 65536 }; /* most elements of one call */

/* What it is to compute. */
struct subject_task {
    const char *function; /* its name, for a program */
    int type;
    bool gradient, dropout;
    double lambda, alpha;
    double timeout; /* of a call; of a program without a byte */
    /* not 0: whatever waits for the kernel gives up within 1/5 s; or NULL */
    const volatile sig_atomic_t *stop;
};
bool subject_is_stopped(const struct subject_task *task);

struct conf_reference;
struct subject_task subject_task_of(const struct conf_reference *reference,
    int type, double timeout, const volatile sig_atomic_t *stop);

struct subject_session;

/*
 * Starts it; dy is 1.  Other than SUBJECT_RAN: subject_failure() says why, and
 * the session is to be closed all the same.
 */
enum subject_outcome subject_open(struct subject_session **session,
    const struct subject *subject, const struct subject_task *task);
void subject_close(struct subject_session *session); /* NULL: nothing */

/* The last outcome other than SUBJECT_RAN; session NULL: no memory. */
const struct subject_failure *subject_failure(
    const struct subject_session *session);

/*
 * The arrays, SUBJECT_BLOCK elements each.  With SUBJECT_MEMORY the kernel
 * sees copies, each between two pages that fault on any access; what it
 * writes to its inputs does not reach x and dy here.
 */
void *subject_x(struct subject_session *session);
void *subject_dy(struct subject_session *session);
void *subject_out(struct subject_session *session);

/*
 * begin: it starts; end: waits for it.  In place, the results are copied to
 * out, from x_at on.  Of what has no SUBJECT_MEMORY only n, rate and seed
 * count.
 */
void subject_begin(
    struct subject_session *session, const struct subject_call *call);
enum subject_outcome subject_end(struct subject_session *session);
enum subject_outcome subject_run(
    struct subject_session *session, const struct subject_call *call);
/* How many inputs, x and dy, the last call changed. */
size_t subject_changed(const struct subject_session *session);

/*
 * A sequence of blocks, dy = 1; in several sessions at once, which share
 * `next`, where it has SUBJECT_MEMORY.  What takes no inputs gives its own,
 * sorted as sweep/inputs.h has them.
 */
struct subject_feed {
    atomic_uint_fast64_t *next; /* the first block, then the next */
    /* block b into x, at most SUBJECT_BLOCK elements: how many, 0 after the
       last; may be called from two threads, and twice for one block */
    size_t (*give)(void *ctx, uint64_t block, void *x);
    /* while the subject works on x, if it can be so: before each take */
    void (*meanwhile)(void *ctx, const void *x, size_t n);
    /* results; false: stop */
    bool (*take)(
        void *ctx, uint64_t block, const void *x, const void *y, size_t n);
    void *ctx;
    uint64_t contradictions; /* inputs of its own with another result */
    uint64_t changed;        /* inputs that it wrote to */
    /* of what failed: the block's first and last input, as far as known */
    double from, to;
    bool known;
};
enum subject_outcome subject_feed(
    struct subject_session *session, struct subject_feed *feed);

/* What takes no inputs: up to `most` of its own, evenly thinned; dy may be
   NULL. */
size_t subject_answers(struct subject_session *session, double *x, double *dy,
    double *y, size_t most);
/* Its result for an input, and dy if it has one, of these patterns; false: it
   has no such input. */
bool subject_answer(const struct subject_session *session, uint64_t x,
    uint64_t dy, uint64_t *y);

/* ---- only with SUBJECT_MEMORY --------------------------------------------
 */

/* Exceptions of the last call. */
enum subject_raised {
    SUBJECT_RAISED_INVALID = 1,
    SUBJECT_RAISED_DIVIDE = 2,
    SUBJECT_RAISED_OVERFLOW = 4,
    SUBJECT_RAISED_UNDERFLOW = 8,
    SUBJECT_RAISED_INEXACT = 16
};
int subject_raised(const struct subject_session *session);
/* What it left in errno, which was 0. */
int subject_errno(const struct subject_session *session);

/* Bits of the floating-point control state that differ from the default. */
enum subject_mode {
    SUBJECT_MODE_FLUSH = 1,      /* subnormal results become 0 */
    SUBJECT_MODE_DENORMALS = 2,  /* subnormal inputs count as 0 */
    SUBJECT_MODE_ROUNDING = 4,   /* not to nearest */
    SUBJECT_MODE_TRAPS = 8,      /* an exception is unmasked */
    SUBJECT_MODE_PRECISION = 16, /* x87: not 64 bits */
    SUBJECT_MODE_STACK = 32, /* x87: registers in use, as MMX leaves them */
    SUBJECT_MODE_BY_LOADING = 64 /* loading it did that, else a call */
};
/* What loading, or the first call that did, left switched; 0 nothing. */
int subject_mode(const struct subject_session *session);

/*
 * Seconds that `repeats` calls on n elements take, which `threads` share in
 * ranges, on arrays of the child's own with inputs spread over [-4, 4); below
 * 0 where it failed.
 */
double subject_time(
    struct subject_session *session, size_t n, uint64_t repeats, int threads);
/* A yardstick of the benchmark: "memcpy", or "stream3", which reads two arrays
   and writes one, past the caches where that is what large copies do. */
void subject_yardstick(struct subject *subject, const char *name);

/* Results of a long call that differ from those of the first one. */
struct subject_long_difference {
    size_t count, at; /* at: the first */
    char got[sizeof(double)];
};

/*
 * One call on n elements, in arrays of the child's own, that repeat the first
 * SUBJECT_PERIOD of x and dy, and the same again; with
 * `elsewhere`, unless a contract forbids it, in place (a gradient: dx = dy)
 * and with all arrays one element on, too.  Fewer where it is slow.
 */
enum { SUBJECT_PERIOD = 4093 };
struct subject_long_run {
    bool memory; /* there was enough */
    /* differing: from a call of SUBJECT_PERIOD; at: the first of them;
       changed: inputs */
    size_t n, unwritten, differing, again, changed, at;
    struct subject_long_difference in_place, one_on;
    size_t repeats; /* alpha dropout: results begin again after; or 0 */
    char got[sizeof(double)], want[sizeof(double)];
};
enum subject_outcome subject_long(struct subject_session *session, size_t n,
    bool elsewhere, struct subject_long_run *ran);

#endif
