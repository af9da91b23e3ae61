/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "kernels/kernels.h"
#include <string.h>

enum { KEY_ALL = 0x100 };

struct job {
    struct cli_cli cli;
    bool all;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct job *job = state->input;
    (void)word;
    if (key != KEY_ALL)
        return ARGP_ERR_UNKNOWN;
    job->all = true;
    return 0;
}

static const struct argp argp = {
    .options =
        (const struct argp_option[]){
            {"all", KEY_ALL, NULL, 0,
                "also each kernel on each instruction set alone", 0},
            {0}},
    .parser = parse,
    .doc = "The built-in kernels and what each promises.  They run on the "
           "best instruction set that the processor has, or on the one that "
           "the environment variable SELFNORM_ISA names: avx512, avx2 or "
           "portable.",
};

static const char *isa_of(const struct sn_kernel *kernel)
{
    return strcmp(kernel->isa, "any") ? kernel->isa : sn_isa_name();
}

int cmd_list(int argc, char **argv)
{
    struct job job = {0};
    struct cli_cli *cli = &job.cli;
    cli_parse(cli, &argp, argc, argv, &job);
    if (sn_isa_error())
        cli_die(cli,
            strstr(sn_isa_error(), "must be") ? CLI_EXIT_USAGE
                                              : CLI_EXIT_UNUSABLE,
            "%s", sn_isa_error());
    const size_t count = job.all ? sn_kernel_variants : sn_kernel_count;
    if (cli->json) {
        json_t *document = cli_json(cli), *kernels = json_array();
        for (size_t i = 0; i < count; i++) {
            const struct sn_kernel *kernel = &sn_kernels[i];
            json_array_append_new(kernels,
                json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:b}", "name",
                    kernel->name, "function",
                    sn_function_name(kernel->function), "dtype",
                    sn_dtype_name(kernel->dtype), "isa", isa_of(kernel),
                    "class", kernel->promise, "bound_ulp", kernel->bound_ulp,
                    "available", kernel->available()));
        }
        json_object_set_new(document, "kernels", kernels);
        cli_emit(cli, document, true);
        return CLI_EXIT_OK;
    }
    FILE *out = cli_open(cli);
    fprintf(out, "%-40s %-23s %-5s %-8s %-18s %s\n", "kernel", "function",
        "dtype", "isa", "class", "ULP at most");
    for (size_t i = 0; i < count; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        fprintf(out, "%-40s %-23s %-5s %-8s %-18s %g%s\n", kernel->name,
            sn_function_name(kernel->function), sn_dtype_name(kernel->dtype),
            isa_of(kernel), kernel->promise, kernel->bound_ulp,
            kernel->available() ? "" : "  (not on this processor)");
    }
    cli_close(cli, out);
    return CLI_EXIT_OK;
}
