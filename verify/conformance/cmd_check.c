/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "verify/conformance/conformance.h"
#include "verify/conformance/cmd_check.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_FUNCTION = 0x100,
    KEY_DTYPE,
    KEY_ALPHA,
    KEY_LAMBDA,
    KEY_EXHAUSTIVE,
    KEY_SAMPLES,
    KEY_MAX_ULP,
    KEY_TIMEOUT,
    KEY_TSV
};

static const struct argp_option options[] = {
    {"function", KEY_FUNCTION, "NAME", 0,
        "selu, selu-grad, elu or elu-grad (default selu)", 0},
    {"dtype", KEY_DTYPE, "TYPE", 0, "f32 or f64 (default f32)", 0},
    {"lambda", KEY_LAMBDA, "L", 0,
        "the kernel's lambda (default: the exact one)", 0},
    {"alpha", KEY_ALPHA, "A", 0,
        "the kernel's alpha (default: the exact one; elu: 1)", 0},
    {"exhaustive", KEY_EXHAUSTIVE, NULL, 0, "f32: all 2^32 inputs", 0},
    {"samples", KEY_SAMPLES, "N", 0,
        "inputs beside the hard places (default 2^21; f64 2^17)", 0},
    {"max-ulp", KEY_MAX_ULP, "U", 0,
        "limit of the error (default: what a built-in kernel declares; 4)", 0},
    {"timeout", KEY_TIMEOUT, "S", 0,
        "seconds that one call may take (default 10)", 0},
    {"tsv", KEY_TSV, "FILE", 0, "table of error against x for plots", 0}, {0}};

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct sn_check_job *job = state->input;
    const struct sn_cli *cli = &job->cli;
    switch (key) {
    case KEY_FUNCTION:
        for (int i = 0; i < sn_checked_function_count; i++)
            if (!strcmp(word, sn_checked_functions[i].name)) {
                job->function = &sn_checked_functions[i];
                return 0;
            }
        sn_cli_die(cli, SN_EXIT_USAGE,
            "--function '%.40s': must be selu, selu-grad, elu or elu-grad",
            word);
    case KEY_DTYPE:
        if (strcmp(word, "f32") && strcmp(word, "f64"))
            sn_cli_die(cli, SN_EXIT_USAGE,
                "--dtype '%.40s': must be f32 or f64", word);
        job->dtype = strcmp(word, "f32") ? SN_F64 : SN_F32;
        job->dtype_given = true;
        return 0;
    case KEY_LAMBDA:
        job->lambda = sn_cli_decimal(cli, "--lambda", word, SN_POSITIVE);
        return 0;
    case KEY_ALPHA:
        job->alpha = sn_cli_decimal(cli, "--alpha", word, SN_POSITIVE);
        return 0;
    case KEY_EXHAUSTIVE:
        job->exhaustive = true;
        return 0;
    case KEY_SAMPLES:
        job->samples =
            (uint64_t)sn_cli_whole(cli, "--samples", word, 1, 1L << 32);
        return 0;
    case KEY_MAX_ULP:
        job->max_ulp = sn_cli_number(cli, "--max-ulp", word, 0, 0x1p64);
        return 0;
    case KEY_TIMEOUT:
        job->timeout = sn_cli_number(cli, "--timeout", word, 0.01, 86400);
        return 0;
    case KEY_TSV:
        if (!*word)
            sn_cli_die(
                cli, SN_EXIT_USAGE, "--tsv '': must be the name of a file");
        sn_file_expect(cli, word);
        job->tsv = word;
        return 0;
    case ARGP_KEY_ARG:
        job->word[job->words++] = word;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "KERNEL...",
    .doc =
        "Is this kernel right?  KERNEL is a name from 'selfnorm list' or "
        "PATH.so:SYMBOL with the C ABI void f(T *y, const T *x, size_t n), "
        "for gradients void f(T *dx, const T *dy, const T *x, size_t n), run "
        "with dy = 1.  It runs in a child process; the reference is correctly "
        "rounded with the exact constants.",
};

static bool on_progress(void *ctx, double fraction)
{
    struct sn_progress *bar = ctx;
    sn_progress_at(bar, fraction * bar->total);
    return !sn_interrupted;
}

static void prepare(
    struct sn_check_job *job, struct sn_verdict *verdict, const char *word)
{
    char why[1024];
    struct sn_target *target = &verdict->target;
    *verdict = (struct sn_verdict){.dtype = job->dtype};
    if (!sn_target_parse(target, word, why, sizeof why)) {
        sn_cli_complain(&job->cli, "%s", why);
        verdict->unusable = true;
        /* a word that names no file at all is bad usage */
        const char *colon = strrchr(word, ':');
        verdict->bad_word = !colon || colon == word || !colon[1];
        return;
    }
    verdict->function = job->function;
    verdict->limit = job->max_ulp >= 0 ? job->max_ulp : 4;
    const struct sn_kernel *builtin = target->builtin;
    if (builtin &&
        (builtin->dtype > SN_F64 || builtin->function > SN_ELU_GRAD)) {
        sn_cli_complain(&job->cli,
            "'%s' is %s in %s, which check does not know", word,
            sn_function_name(builtin->function),
            sn_dtype_name(builtin->dtype));
        verdict->unusable = true;
        return;
    }
    if (builtin) {
        if (!job->function)
            for (int i = 0; i < sn_checked_function_count; i++)
                if (!strcmp(sn_checked_functions[i].name,
                        sn_function_name(builtin->function)))
                    verdict->function = &sn_checked_functions[i];
        bool same_shape = verdict->function->derivative ==
                          (bool)sn_is_gradient(builtin->function);
        if (!same_shape ||
            (job->dtype_given && job->dtype != builtin->dtype)) {
            sn_cli_complain(&job->cli,
                "'%s' is %s in %s; leave out --function and --dtype", word,
                sn_function_name(builtin->function),
                sn_dtype_name(builtin->dtype));
            verdict->unusable = verdict->bad_word = true;
            return;
        }
        verdict->dtype = builtin->dtype;
        if (job->max_ulp < 0)
            verdict->limit = builtin->bound_ulp;
    } else if (!verdict->function) {
        verdict->function = &sn_checked_functions[0];
    }
    if (!verdict->function->scaled && job->lambda) {
        sn_cli_complain(
            &job->cli, "--lambda '%.40s': elu has no lambda", job->lambda);
        verdict->unusable = verdict->bad_word = true;
    }
    if (job->exhaustive && verdict->dtype != SN_F32) {
        sn_cli_complain(&job->cli,
            "'%s': --exhaustive is for f32; f64 has 2^64 inputs", word);
        verdict->unusable = verdict->bad_word = true;
    }
}

/* Loads once to see whether it can be loaded at all. */
static bool loads(struct sn_check_job *job, struct sn_verdict *verdict)
{
    struct sn_runner *runner;
    enum sn_outcome outcome = sn_runner_start(&runner, &verdict->target,
        verdict->function->derivative, verdict->dtype, job->timeout);
    if (outcome != SN_RAN) {
        snprintf(verdict->fault, sizeof verdict->fault, "%s",
            sn_runner_why(runner));
        verdict->unusable = outcome == SN_UNUSABLE;
        sn_cli_complain(&job->cli, "'%s': %s%s", verdict->target.word,
            outcome == SN_UNUSABLE ? "" : "loading: ", sn_runner_why(runner));
    }
    sn_runner_stop(runner);
    return outcome == SN_RAN;
}

static void judge(struct sn_check_job *job, struct sn_verdict *verdict)
{
    const struct sn_cli *cli = &job->cli;
    struct sn_sweep *sweep = &verdict->sweep;
    struct sn_reference reference;
    struct sn_progress bar;
    if (!loads(job, verdict))
        return;
    enum sn_status status = sn_reference_init(
        &reference, verdict->function, job->lambda, job->alpha);
    if (status == SN_BAD_VALUE)
        sn_cli_die(cli, SN_EXIT_USAGE,
            "--lambda, --alpha: lambda and lambda alpha must be from %g to %g",
            SN_LEAST_FACTOR, SN_MOST_FACTOR);
    if (status != SN_OK)
        sn_cli_die(cli, SN_EXIT_UNUSABLE, "%s", sn_strerror(status));
    *sweep = (struct sn_sweep){.exhaustive = job->exhaustive,
        .samples = job->samples               ? job->samples
                   : verdict->dtype == SN_F32 ? 1u << 21
                                              : 1u << 17,
        .threads = cli->threads,
        .timeout = job->timeout,
        .seed = cli->seed,
        .progress = on_progress,
        .ctx = &bar};
    sn_progress_start(&bar, cli, verdict->target.symbol,
        sweep->exhaustive ? 0x1p32 : (double)sweep->samples);
    status = sn_sweep_run(sweep, &reference, &verdict->target, verdict->dtype);
    sn_progress_end(&bar);
    if (status != SN_OK)
        sn_cli_die(cli, SN_EXIT_UNUSABLE, "%s", sn_strerror(status));
    if (!sn_interrupted)
        verdict->findings = sn_structure_run(verdict->finding, &reference,
            &verdict->target, verdict->dtype, job->timeout);
    sn_reference_clear(&reference);

    verdict->accurate =
        !*sweep->fault && sweep->inputs && sweep->max_ulp <= verdict->limit;
    const struct sn_kernel *builtin = verdict->target.builtin;
    if (builtin && job->max_ulp < 0 && builtin->bound_ulp == 0.5)
        verdict->accurate = verdict->accurate && !sweep->incorrectly_rounded;
    verdict->passed = verdict->accurate && !sweep->stopped;
    if (*sweep->fault)
        sn_cli_complain(cli, "'%s': %s", verdict->target.word, sweep->fault);
    bool told = *sweep->fault;
    for (int i = 0; i < verdict->findings; i++) {
        const struct sn_finding *finding = &verdict->finding[i];
        verdict->passed = verdict->passed && finding->passed;
        /* the first crash, hang or switched mode is worth a line */
        if (told || finding->passed || !finding->misconduct)
            continue;
        sn_cli_complain(cli, "'%s': %s: %s", verdict->target.word,
            finding->name, finding->detail);
        told = true;
    }
}

int sn_cmd_check(int argc, char **argv)
{
    /* no more kernels than words */
    struct sn_verdict *verdicts = calloc((size_t)argc, sizeof *verdicts);
    const char **words = calloc((size_t)argc, sizeof *words);
    struct sn_check_job job = {
        .cli = {.has = SN_CLI_THREADS | SN_CLI_SEED | SN_CLI_QUIET,
            .seed = 1706},
        .word = words,
        .dtype = SN_F32,
        .max_ulp = -1,
        .timeout = 10};
    job.cli.command = argv[0];
    if (!verdicts || !words)
        sn_cli_die(&job.cli, SN_EXIT_UNUSABLE, "out of memory");
    sn_cli_parse(&job.cli, &argp, argc, argv, &job);
    if (!job.words)
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "no kernel given; name one from 'selfnorm list' or PATH.so:"
            "SYMBOL");
    sn_cli_catch_interrupt();
    enum sn_exit worst = SN_EXIT_OK;
    for (int i = 0; i < job.words; i++) {
        struct sn_verdict *verdict = &verdicts[i];
        prepare(&job, verdict, job.word[i]);
        if (!verdict->unusable && !sn_interrupted)
            judge(&job, verdict);
        enum sn_exit status = verdict->bad_word   ? SN_EXIT_USAGE
                              : verdict->unusable ? SN_EXIT_UNUSABLE
                              : verdict->passed   ? SN_EXIT_OK
                                                  : SN_EXIT_FAILED;
        worst = status > worst ? status : worst;
    }
    if (sn_interrupted)
        sn_cli_complain(&job.cli, "interrupted: what is finished follows");
    sn_check_write(&job, verdicts, worst == SN_EXIT_OK);
    mpfr_free_cache();
    free(verdicts);
    free(words);
    return (int)worst;
}
