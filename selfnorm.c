/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include <string.h>

int cmd_constants(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_fixed_points(int argc, char **argv);
int cmd_moments(int argc, char **argv);
int cmd_dropout_affine(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_prove(int argc, char **argv);
int cmd_verify_certificate(int argc, char **argv);
int cmd_simulate(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_vectors(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_report(int argc, char **argv);

static const struct {
    const char *name, *help;
    int (*run)(int argc, char **argv);
} command[] = {
    {"constants", "lambda and alpha for a wanted fixed point, with proof",
        cmd_constants},
    {"map", "the map g of mean and variance, and its Jacobian, at a point",
        cmd_map},
    {"fixed-points", "all fixed points of g in a region, with proof",
        cmd_fixed_points},
    {"moments", "Gaussian moments of any activation, and its normal form",
        cmd_moments},
    {"dropout-affine", "a and b of alpha dropout, with proof",
        cmd_dropout_affine},
    {"audit", "constants in source files: how far off, and what that does",
        cmd_audit},
    {"prove", "the paper's theorems by interval branch and bound", cmd_prove},
    {"verify-certificate", "checks what prove wrote, with another library",
        cmd_verify_certificate},
    {"simulate", "deep random networks beside the exact map", cmd_simulate},
    {"train", "self-normalizing networks against their rivals, on real tasks",
        cmd_train},
    {"check", "is this SELU kernel right for every input?", cmd_check},
    {"vectors", "golden test vectors, correctly rounded, as .npy",
        cmd_vectors},
    {"bench", "ns per element of kernels, beside memcpy", cmd_bench},
    {"list", "the built-in kernels and what each promises", cmd_list},
    {"report", "all of the above on this machine, as one page", cmd_report},
};
enum { COMMANDS = sizeof command / sizeof command[0] };

/* What can be asked without a command. */
static bool answer(const char *word)
{
    if (!strcmp(word, "--version")) {
        puts("selfnorm " CLI_VERSION);
        return true;
    }
    bool help = !strcmp(word, "--help") || !strcmp(word, "-h") ||
                !strcmp(word, "-?") || !strcmp(word, "help");
    if (!help && strcmp(word, "--usage"))
        return false;
    puts("Usage: selfnorm COMMAND [options]");
    if (!help)
        return true;
    puts("Self-normalization in neural networks: constants with proof,\n"
         "theorems machine-checked, networks measured, kernels judged.\n");
    for (int i = 0; i < COMMANDS; i++)
        printf("  %-18s %s\n", command[i].name, command[i].help);
    puts("\n'selfnorm COMMAND --help' lists a command's options.\n"
         "Exit status: 0 all holds, 1 a check or proof failed, 2 bad usage,\n"
         "3 an input, library or file could not be used.");
    return true;
}

int main(int argc, char **argv)
{
    const struct cli_cli none = {0};
    cli_hold_streams();
    if (argc < 2)
        cli_die(
            &none, CLI_EXIT_USAGE, "no command; 'selfnorm --help' lists them");
    if (answer(argv[1])) {
        cli_close(&none, stdout);
        return CLI_EXIT_OK;
    }
    char names[256] = "";
    for (int i = 0; i < COMMANDS; i++) {
        if (!strcmp(argv[1], command[i].name))
            return command[i].run(argc - 1, argv + 1);
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
            command[i].name);
    }
    cli_die(&none, CLI_EXIT_USAGE, "unknown command '%.40s'; use one of %s",
        argv[1], names);
}
