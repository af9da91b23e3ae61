/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of 'selfnorm bench' share. */
#ifndef SN_CLI_COMMANDS_BENCH_BENCH_H
#define SN_CLI_COMMANDS_BENCH_BENCH_H

#include "cli/cli.h"
#include "verify/conformance/conformance.h"

enum { SN_BENCH_KERNELS = 64, SN_BENCH_LIST = 16, SN_BENCH_TURNS = 101 };

struct sn_entrant {
    struct sn_target target;
    enum sn_dtype dtype;
    bool gradient;
    struct sn_runner *runner; /* NULL: lost, and said so */
    double max_ulp;           /* below 0: not measured */
    /* of the size and threads in work, turn by turn: ns per element, and the
       ratios to memcpy and to reading and writing as many arrays */
    double ns[SN_BENCH_TURNS], copies[SN_BENCH_TURNS], floors[SN_BENCH_TURNS];
};

struct sn_bench {
    struct sn_cli cli;
    const char *word[SN_BENCH_KERNELS];
    int words;
    long size[SN_BENCH_LIST], threads[SN_BENCH_LIST];
    int sizes, threadings, turns;
    enum sn_dtype dtype; /* of kernels in libraries */
    bool gradient, accuracy, best;
    const char *plot;
    enum sn_exit worst;
    json_t *rows;
};

/* The table, and the picture: ns per element against error. */
void sn_bench_print(FILE *out, const json_t *rows);
void sn_bench_plot(const struct sn_bench *bench);

#endif
