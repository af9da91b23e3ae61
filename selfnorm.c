/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include <string.h>

int sn_cmd_constants(int argc, char **argv);
int sn_cmd_map(int argc, char **argv);
int sn_cmd_fixed_points(int argc, char **argv);
int sn_cmd_moments(int argc, char **argv);
int sn_cmd_dropout_affine(int argc, char **argv);
int sn_cmd_audit(int argc, char **argv);
int sn_cmd_prove(int argc, char **argv);
int sn_cmd_verify_certificate(int argc, char **argv);
int sn_cmd_simulate(int argc, char **argv);
int sn_cmd_train(int argc, char **argv);
int sn_cmd_check(int argc, char **argv);
int sn_cmd_bench(int argc, char **argv);
int sn_cmd_vectors(int argc, char **argv);
int sn_cmd_list(int argc, char **argv);
int sn_cmd_report(int argc, char **argv);

static const struct {
    const char *name, *help;
    int (*run)(int argc, char **argv);
} command[] = {
    {"constants", "lambda and alpha for a wanted fixed point, with proof",
        sn_cmd_constants},
    {"map", "the map g of mean and variance, and its Jacobian, at a point",
        sn_cmd_map},
    {"fixed-points", "all fixed points of g in a region, with proof",
        sn_cmd_fixed_points},
    {"moments", "Gaussian moments of any activation, and its normal form",
        sn_cmd_moments},
    {"dropout-affine", "a and b of alpha dropout, with proof",
        sn_cmd_dropout_affine},
    {"audit", "constants in source files: how far off, and what that does",
        sn_cmd_audit},
    {"prove", "the paper's theorems by interval branch and bound",
        sn_cmd_prove},
    {"verify-certificate", "checks what prove wrote, with another library",
        sn_cmd_verify_certificate},
    {"simulate", "deep random networks beside the exact map", sn_cmd_simulate},
    {"train", "self-normalizing networks against their rivals, on real tasks",
        sn_cmd_train},
    {"check", "is this SELU kernel right for every input?", sn_cmd_check},
    {"vectors", "golden test vectors, correctly rounded, as .npy",
        sn_cmd_vectors},
    {"bench", "ns per element of kernels, beside memcpy", sn_cmd_bench},
    {"list", "the built-in kernels and what each promises", sn_cmd_list},
    {"report", "all of the above on this machine, as one page", sn_cmd_report},
};
enum { COMMANDS = sizeof command / sizeof command[0] };

/* What can be asked without a command. */
static bool answer(const char *word)
{
    if (!strcmp(word, "--version")) {
        puts("selfnorm " SN_VERSION);
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
    const struct sn_cli none = {0};
    sn_cli_hold_streams();
    if (argc < 2)
        sn_cli_die(
            &none, SN_EXIT_USAGE, "no command; 'selfnorm --help' lists them");
    if (answer(argv[1])) {
        sn_cli_close(&none, stdout);
        return SN_EXIT_OK;
    }
    char names[256] = "";
    for (int i = 0; i < COMMANDS; i++) {
        if (!strcmp(argv[1], command[i].name))
            return command[i].run(argc - 1, argv + 1);
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
            command[i].name);
    }
    sn_cli_die(&none, SN_EXIT_USAGE, "unknown command '%.40s'; use one of %s",
        argv[1], names);
}
