/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

extern const struct cli_command cmd_check;
extern const struct cli_command cmd_report;
extern const struct cli_command cmd_bench;
extern const struct cli_command cmd_simulate;
extern const struct cli_command cmd_train;
extern const struct cli_command cmd_prove;
extern const struct cli_command cmd_vectors;
extern const struct cli_command cmd_verify_certificate;
extern const struct cli_command cmd_audit;
extern const struct cli_command cmd_moments;
extern const struct cli_command cmd_gain;
extern const struct cli_command cmd_fixed_points;
extern const struct cli_command cmd_list;
extern const struct cli_command cmd_dropout_affine;
extern const struct cli_command cmd_constants;
extern const struct cli_command cmd_map;

const struct cli_command *const cli_commands[] = {
    &cmd_constants,
    &cmd_map,
    &cmd_fixed_points,
    &cmd_moments,
    &cmd_gain,
    &cmd_dropout_affine,
    &cmd_audit,
    &cmd_prove,
    &cmd_verify_certificate,
    &cmd_simulate,
    &cmd_train,
    &cmd_check,
    &cmd_vectors,
    &cmd_bench,
    &cmd_list,
    &cmd_report,
    &cli_command_help,
    NULL,
};

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
