/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Activation, initialisation and dropout as source text of a framework. */
#ifndef SN_CLI_COMMANDS_SHARED_SNIPPET_H
#define SN_CLI_COMMANDS_SHARED_SNIPPET_H

#include "cli/commands/shared/activation.h"

enum cmd_framework { CMD_PYTORCH, CMD_JAX, CMD_KERAS, CMD_FRAMEWORKS };
#define CMD_FRAMEWORK_NAMES "pytorch, jax or keras"

/*
 * {".snippet"} of a tree with "design" {"mean", "variance", "omega", "tau"},
 * "attracting" and "lambda", "alpha", "alpha_prime", or for a choice "scale"
 * and "shift" (each {"value"}).
 */
json_t *cmd_snippet(enum cmd_framework framework, json_t *tree,
    const struct cmd_choice *choice);

/* The formula of a choice with `z` its variable; to be freed. */
char *cmd_snippet_formula(
    enum cmd_framework framework, const struct cmd_choice *choice);

#endif
