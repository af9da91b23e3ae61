/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "verify/conformance/subject/subject.h"
#include <string.h>

struct list_job {
    struct cli_cli cli;
    bool all;
};

static const struct cli_option list_options[] = {
    {"all", .help = "also each kernel on each instruction set alone",
        .kind = CLI_FLAG, CLI_AT(struct list_job, all)},
    {0},
};

static const char list_text[] =
    "kernel                                   function                dtype "
    "isa      class              ULP at most\n"
    "{#kernels}{name:-40s} {function:-23s} {dtype:-5s} {isa:-8s} {class:-18s} "
    "{bound_ulp:g}{available?|  (not on this processor)}\n{/}";

static enum cli_exit run_list(void *data)
{
    struct list_job *job = data;
    if (sn_isa_error())
        cli_die(&job->cli,
            subject_isa_trouble() == SUBJECT_ISA_UNKNOWN ? CLI_EXIT_USAGE
                                                         : CLI_EXIT_UNUSABLE,
            "%s", sn_isa_error());
    const size_t count = job->all ? sn_kernel_variants : sn_kernel_count;
    json_t *kernels = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        const bool any = !strcmp(kernel->isa, "any");
        json_array_append_new(kernels,
            json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:b}", "name",
                kernel->name, "function", sn_function_name(kernel->function),
                "dtype", sn_dtype_name(kernel->dtype), "isa",
                any ? sn_isa_name() : kernel->isa, "class",
                sn_promise_name(kernel->promise), "bound_ulp",
                kernel->bound_ulp, "available", kernel->available()));
    }
    return cli_result(&job->cli, json_pack("{s:o}", "kernels", kernels),
        CLI_EXIT_OK, list_text);
}

const struct cli_command cmd_list = {
    .name = "list",
    .summary = "the built-in kernels, and what each promises",
    .use = CLI_JUDGE,
    .about =
        "The built-in kernels and what each promises.  They run on the best "
        "instruction set that the processor has, or on the one that the "
        "environment variable SELFNORM_ISA names: avx512, avx2 or portable.",
    .examples = {"", "--all --json"},
    .options = list_options,
    .size = sizeof(struct list_job),
    .run = run_list,
};
