/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of 'selfnorm bench' share. */
#ifndef SN_CLI_COMMANDS_BENCH_BENCH_H
#define SN_CLI_COMMANDS_BENCH_BENCH_H

#include "cli/cli.h"
#include "verify/conformance/reference/reference.h"
#include "verify/conformance/subject/subject.h"

enum { CMD_BENCH_KERNELS = 64, CMD_BENCH_LIST = 16, CMD_BENCH_TURNS = 101 };

struct cmd_entrant {
    struct subject subject;
    enum sn_dtype dtype;
    const struct conf_checked_function *function; /* NULL: check knows none */
    bool gradient;                                /* it takes dy */
    bool three; /* it reads two arrays and writes one, in place of one */
    struct subject_session *session; /* NULL: lost, and said so */
    double max_ulp;                  /* below 0: not measured */
    /* of the size and threads in work, turn by turn: ns per element, and the
       ratios to memcpy and to reading and writing as many arrays */
    double ns[CMD_BENCH_TURNS], copies[CMD_BENCH_TURNS],
        floors[CMD_BENCH_TURNS];
};

struct cmd_bench_job {
    struct cli_cli cli;
    struct cli_words words;
    long size[CMD_BENCH_LIST], threads[CMD_BENCH_LIST];
    int sizes, threadings, turns;
    enum sn_dtype dtype;                          /* of kernels in libraries */
    const struct conf_checked_function *function; /* of these; or NULL */
    double rate;
    bool gradient, accuracy, best;
    const char *plot;
    enum cli_exit worst;
    json_t *rows;
};

/* The picture: ns per element against error. */
void cmd_bench_plot(const struct cmd_bench_job *bench);

#endif
