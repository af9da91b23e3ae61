/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a kernel's process may do to others: nothing that stops, traces or
 * ends them.  Where the system has no filters of calls, or is emulated, that
 * is left as it is: faults are guarded against, not malice.
 */
#include "verify/conformance/subject/kernel_host.h"
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#if defined __linux__ && __has_include(<linux/seccomp.h>)
#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Signals to this process alone; no tracing, no writing into others.  A leak
 * checker traces its own process at its end: with one, tracing is left alone.
 */
static void filter_calls(void)
{
#define APART_NUMBER offsetof(struct seccomp_data, nr)
#define APART_WHOM   offsetof(struct seccomp_data, args)
#define APART_IS(call, then)                                                  \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, then, 0)
    const unsigned tracing = dlsym(RTLD_DEFAULT, "__lsan_do_leak_check")
                                 ? ~0u
                                 : (unsigned)SYS_ptrace;
    const struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, APART_NUMBER),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, tracing, 7, 0),
        APART_IS(process_vm_writev, 6),
        APART_IS(kill, 2),
        APART_IS(tgkill, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        /* the low half is the one that the kernel looks at */
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
            APART_WHOM + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)getpid(), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    const struct sock_fprog program = {
        sizeof filter / sizeof *filter, (struct sock_filter *)filter};
    if (!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
#else
static void filter_calls(void)
{
}
#endif

void subject_host_keep_apart(uint64_t memory)
{
    const struct rlimit none = {0, 0}, most = {memory, memory};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &none);
    if (memory)
        setrlimit(RLIMIT_AS, &most);
    filter_calls();
}
