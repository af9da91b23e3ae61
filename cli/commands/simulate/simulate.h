/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the command simulate: what was asked, found, and its forms. */
#ifndef SN_CLI_COMMANDS_SIMULATE_SIMULATE_H
#define SN_CLI_COMMANDS_SIMULATE_SIMULATE_H

#include "cli/cli.h"
#include "cli/commands/shared/activation.h"
#include "verify/networks/statistics.h"
#include "verify/networks/theory/theory.h"
#include "verify/networks/data.h"

/* What the options said, before it is put together. */
struct sn_simulation_words {
    const char *lambda, *alpha; /* of the network; NULL: as the theory's */
    const char *alpha_dropout, *dropout;
    const char *data;
    bool init, omega, tau, drawn, inputs, networks, start, correlation,
        dropout_layers; /* was given */
    bool margin; /* either margin: equivalence decides the exit status */
};

struct sn_simulation {
    struct sn_cli cli;
    struct sn_simulation_words words;
    struct sn_choice choice; /* the activation that is expected */
    struct sn_expression f;
    struct sn_program program, other; /* other: with --lambda, --alpha */
    struct sn_unit unit;
    struct sn_data data;
    struct sn_networks settings;
    const char *tsv, *shards; /* NULL: none */
    double alpha, power;      /* power 0: networks as given */
    bool plan;

    struct sn_ensemble ensemble;
    struct sn_theory theory;
    struct sn_residual_test test;
    struct sn_extreme distance;
    struct sn_equivalence equivalence[2]; /* mean, variance */
    bool tested, ok;
    uint64_t digest;
    double run_seconds;
};

/* What parse does once all options are read. */
void sn_simulation_assemble(struct sn_simulation *s);
/* Parses and puts together; ends the program where that cannot be. */
void sn_simulation_parse(struct sn_simulation *s, int argc, char **argv);
void sn_simulation_clear(struct sn_simulation *s);

/* Theory, networks and tests. */
void sn_simulation_run(struct sn_simulation *s);
/* --plan: memory and time, measured on a few layers. */
void sn_simulation_plan(struct sn_simulation *s);

/* All networks: at once, or shard by shard with --shards or MPI. */
void sn_simulation_networks(
    struct sn_simulation *s, size_t networks, struct sn_ensemble *out);

void sn_simulation_text(const struct sn_simulation *s);
void sn_simulation_tsv(const struct sn_simulation *s);
void sn_simulation_json(const struct sn_simulation *s);
/* The verdict, one sentence a line; and the law of the networks, two lines. */
void sn_simulation_verdict(FILE *out, const struct sn_simulation *s);
void sn_simulation_settings(FILE *out, const struct sn_simulation *s);
const char *sn_simulation_failure(const struct sn_simulation *s);

#endif
