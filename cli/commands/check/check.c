/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/commands/check/check.h"
#include "verify/shared/ranks.h"
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
    KEY_FTZ,
    KEY_ALLOW,
    KEY_RATE,
    KEY_FALSE_ALARM,
    KEY_INPUT,
    KEY_SAVE_BASELINE,
    KEY_BASELINE,
    KEY_JUNIT,
    KEY_CALL,
    KEY_EVERY_LENGTH,
    KEY_SHARDS,
    KEY_TAP,
    KEY_TSV
};

static const struct argp_option options[] = {
    {"function", KEY_FUNCTION, "NAME", 0,
        CONF_CHECKED_FUNCTIONS " (default selu)", 0},
    {"dtype", KEY_DTYPE, "TYPE", 0, "f32, f64, f16 or bf16 (default f32)", 0},
    {"lambda", KEY_LAMBDA, "L", 0,
        "the kernel's lambda (default: the exact one)", 0},
    {"alpha", KEY_ALPHA, "A", 0,
        "the kernel's alpha (default: the exact one; elu, celu: 1)", 0},
    {"exhaustive", KEY_EXHAUSTIVE, NULL, 0,
        "f32: all 2^32 inputs (16-bit types: always)", 0},
    {"samples", KEY_SAMPLES, "N", 0,
        "inputs beside the hard places (default 2^21; f64 2^17; alpha dropout "
        "2^20)",
        0},
    {"max-ulp", KEY_MAX_ULP, "U", 0,
        "limit of the error (default: what a built-in kernel declares; 4)", 0},
    {"timeout", KEY_TIMEOUT, "S", 0,
        "seconds that one call may take (default 10; exec: without a byte, "
        "60)",
        0},
    {"ftz", KEY_FTZ, "WHAT", 0,
        "allow or forbid 0 for subnormal inputs and results (default forbid)",
        0},
    {"allow", KEY_ALLOW, "CODE,...", 0,
        "faults of the diagnosis that fail nobody, as constants-f32", 0},
    {"rate", KEY_RATE, "P", 0,
        "alpha dropout: the rate tried (default: 0.1 and 0.5)", 0},
    {"false-alarm", KEY_FALSE_ALARM, "P", 0,
        "alpha dropout: probability with which a right kernel may fail "
        "(default 1e-6)",
        0},
    {"input", KEY_INPUT, "X,...", 0,
        "these inputs alone: X, X:DY of a gradient, bits:0xHEX", 0},
    {"call", KEY_CALL, "N,X,Y", 0,
        "this call alone: n, offsets of x and y, and 'in-place' or 'thread' "
        "after them; exec: N",
        0},
    {"every-length", KEY_EVERY_LENGTH, NULL, 0,
        "exec: run the program at all lengths 0 to 131, not at five", 0},
    {"save-baseline", KEY_SAVE_BASELINE, "FILE", 0,
        "keep what was reached, to compare later runs with", 0},
    {"baseline", KEY_BASELINE, "FILE", 0,
        "fail where a kernel is worse than there, and only there", 0},
    {"shards", KEY_SHARDS, "DIR", 0,
        "keep finished parts of the sweep in DIR and go on from there when "
        "run again",
        0},
    {"junit", KEY_JUNIT, "FILE", 0, "verdicts as JUnit's XML", 0},
    {"tap", KEY_TAP, NULL, 0, "verdicts in the Test Anything Protocol", 0},
    {"tsv", KEY_TSV, "FILE", 0, "table of error against x for plots", 0}, {0}};

static const char *file_to_write(
    const struct cli_cli *cli, const char *option, const char *word)
{
    if (!*word)
        cli_die(
            cli, CLI_EXIT_USAGE, "%s '': must be the name of a file", option);
    cli_file_expect(cli, word);
    return word;
}

static const char *known_codes(const struct cli_cli *cli, const char *word)
{
    const char *unknown = *word ? conf_diagnosis_unknown(word) : word;
    if (unknown) {
        const size_t length = strcspn(unknown, ",");
        cli_die(cli, CLI_EXIT_USAGE,
            "--allow '%.*s': must be codes of faults by commas, as a check "
            "prints them in brackets",
            (int)(length < 40 ? length : 40), unknown);
    }
    return word;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct cmd_check_job *job = state->input;
    const struct cli_cli *cli = &job->cli;
    switch (key) {
    case KEY_FUNCTION:
        job->ask.function = ref_function_find(word);
        if (!job->ask.function)
            cli_die(cli, CLI_EXIT_USAGE,
                "--function '%.40s': must be " CONF_CHECKED_FUNCTIONS, word);
        return 0;
    case KEY_DTYPE:
        job->ask.dtype = conf_type_find(word);
        if (job->ask.dtype < 0)
            cli_die(cli, CLI_EXIT_USAGE,
                "--dtype '%.40s': must be f32, f64, f16 or bf16", word);
        job->ask.dtype_given = true;
        return 0;
    case KEY_LAMBDA:
        job->ask.lambda = cli_decimal(cli, "--lambda", word, CLI_POSITIVE);
        return 0;
    case KEY_ALPHA:
        job->ask.alpha = cli_decimal(cli, "--alpha", word, CLI_POSITIVE);
        return 0;
    case KEY_EXHAUSTIVE:
        job->ask.exhaustive = true;
        return 0;
    case KEY_SAMPLES:
        job->ask.samples =
            (uint64_t)cli_whole(cli, "--samples", word, 1, 1L << 32);
        return 0;
    case KEY_MAX_ULP:
        job->ask.max_ulp = cli_number(cli, "--max-ulp", word, 0, 0x1p64);
        return 0;
    case KEY_TIMEOUT:
        job->ask.timeout = cli_number(cli, "--timeout", word, 0.01, 86400);
        return 0;
    case KEY_FTZ:
        if (strcmp(word, "allow") && strcmp(word, "forbid"))
            cli_die(cli, CLI_EXIT_USAGE,
                "--ftz '%.40s': must be allow or forbid", word);
        job->ask.flush = !strcmp(word, "allow");
        return 0;
    case KEY_RATE:
        job->ask.rate = cli_number(cli, "--rate", word, 0.001, 0.999);
        return 0;
    case KEY_FALSE_ALARM:
        job->ask.false_alarm =
            cli_number(cli, "--false-alarm", word, 1e-12, 0.1);
        return 0;
    case KEY_ALLOW:
        job->ask.allow = known_codes(cli, word);
        return 0;
    case KEY_INPUT:
        job->input = word;
        return 0;
    case KEY_CALL:
        job->call = word;
        return 0;
    case KEY_EVERY_LENGTH:
        job->ask.every_length = true;
        return 0;
    case KEY_SAVE_BASELINE:
        job->save_baseline = file_to_write(cli, "--save-baseline", word);
        return 0;
    case KEY_BASELINE:
        job->baseline_path = word;
        return 0;
    case KEY_JUNIT:
        job->junit = file_to_write(cli, "--junit", word);
        return 0;
    case KEY_SHARDS:
        if (!*word)
            cli_die(cli, CLI_EXIT_USAGE,
                "--shards '': must be the name of a folder");
        job->shards = word;
        return 0;
    case KEY_TAP:
        job->tap = true;
        return 0;
    case KEY_TSV:
        job->tsv = file_to_write(cli, "--tsv", word);
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
        "Is this kernel right?  KERNEL is a name from 'selfnorm list'; "
        "PATH.so:SYMBOL with the C ABI void f(T *y, const T *x, size_t n), "
        "for gradients void f(T *dx, const T *dy, const T *x, size_t n), for "
        "alpha dropout void f(T *y, const T *x, size_t n, double rate, "
        "uint64_t seed); exec:COMMAND, a program that reads raw values on "
        "standard input and writes as many; or npy:IN.npy,OUT.npy.  It runs "
        "in a child process; the reference is correctly rounded with the "
        "exact constants.",
};

static bool on_progress(void *ctx, double fraction)
{
    struct cli_progress *bar = ctx;
    cli_progress_at(bar, fraction * bar->total);
    return !cli_interrupted;
}

void cmd_check_complain(
    const struct cmd_check_job *job, const struct verdict_verdict *verdict)
{
    char text[WORDS_ROOM];
    words_complaint(text, sizeof text, &job->ask, verdict);
    if (*text)
        cli_complain(&job->cli, "%s", text);
}

enum cli_exit cmd_check_exit(const struct verdict_verdict *verdict)
{
    return verdict_is_bad_usage(verdict)  ? CLI_EXIT_USAGE
           : verdict_is_unusable(verdict) ? CLI_EXIT_UNUSABLE
           : verdict->passed              ? CLI_EXIT_OK
                                          : CLI_EXIT_FAILED;
}

/* Only a sweep has parts. */
static void refuse_parts(
    const struct cmd_check_job *job, struct verdict_verdict *verdict)
{
    if (!job->shards || verdict_is_unusable(verdict) ||
        (subject_can(&verdict->subject, SUBJECT_INPUTS) &&
            !verdict->function->dropout))
        return;
    cli_complain(&job->cli,
        "--shards '%.200s': '%.200s' is not checked in parts; must be a "
        "function of one input that can be called",
        job->shards, verdict->subject.word);
    verdict->complaint = VERDICT_REFUSED;
}

static void judge(
    struct cmd_check_job *job, struct verdict_verdict *verdict, int i)
{
    struct cli_progress bar;
    verdict_prepare(&job->ask, verdict, job->word[i]);
    refuse_parts(job, verdict);
    if (!verdict_is_unusable(verdict) && !cli_interrupted) {
        const bool parted = job->shards || shared_ranks_count() > 1;
        job->ask.parts =
            parted ? cmd_check_parts_start(job, verdict, i) : NULL;
        job->ask.ctx = &bar;
        cli_progress_start(&bar, &job->cli, verdict->subject.name,
            verdict_inputs(&job->ask, verdict) / shared_ranks_count());
        verdict_judge(&job->ask, verdict);
        cli_progress_end(&bar);
        cmd_check_parts_end(job->ask.parts);
    }
    cmd_check_complain(job, verdict);
}

/* --input, --call: no sweep, no structure; exit status as in a check. */
static enum cli_exit run_inputs(struct cmd_check_job *job)
{
    enum cli_exit worst = CLI_EXIT_OK;
    json_t *all = job->cli.json ? json_array() : NULL;
    FILE *out = all ? NULL : cli_open(&job->cli);
    for (int i = 0; i < job->words; i++) {
        struct verdict_verdict *v = calloc(1, sizeof *v);
        struct conf_reference reference;
        json_t *rows = all ? json_array() : NULL;
        if (!v)
            cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
        verdict_prepare(&job->ask, v, job->word[i]);
        if (!verdict_is_unusable(v) &&
            (!subject_can(&v->subject, SUBJECT_INPUTS) ||
                v->function->dropout)) {
            cli_complain(&job->cli,
                "'%s': --%s is for what can be called with an input",
                job->word[i], job->call ? "call" : "input");
            v->complaint = VERDICT_REFUSED;
        }
        if (!verdict_is_unusable(v))
            v->complaint = verdict_reference(&reference, &job->ask, v);
        cmd_check_complain(job, v);
        if (!verdict_is_unusable(v)) {
            v->passed = (job->call ? cmd_check_call : cmd_check_inputs)(
                job, v, &reference, out, rows);
            conf_reference_clear(&reference);
        } else if (out) {
            fprintf(out, "%s\n  not checked\n", job->word[i]);
        }
        const enum cli_exit status = cmd_check_exit(v);
        if (all)
            json_array_append_new(
                all, json_pack("{s:o, s:o, s:b}", "kernel",
                         cli_json_text(job->word[i]), "inputs", rows, "passed",
                         status == CLI_EXIT_OK));
        worst = status > worst ? status : worst;
        free(v);
    }
    if (all) {
        json_t *document = cli_json(&job->cli);
        json_object_set_new(document, "kernels", all);
        cli_emit(&job->cli, document, worst == CLI_EXIT_OK);
    } else {
        cli_close(&job->cli, out);
    }
    return worst;
}

/* All kernels; the ranks above 0 of an MPI run only help with the sweeps. */
static enum cli_exit run_checks(struct cmd_check_job *job)
{
    struct verdict_verdict *verdicts =
        calloc((size_t)job->words, sizeof *verdicts);
    enum cli_exit worst = CLI_EXIT_OK;
    if (!verdicts)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (int i = 0; i < job->words; i++)
        judge(job, &verdicts[i], i);
    for (int i = 0; i < job->words && shared_ranks_own() == 0; i++) {
        cmd_check_compare(job, &verdicts[i], &job->comparison[i]);
        const enum cli_exit status = cmd_check_exit(&verdicts[i]);
        worst = status > worst ? status : worst;
    }
    if (cli_interrupted)
        cli_complain(&job->cli, "interrupted: what is finished follows%s",
            job->shards ? "; run it again to go on" : "");
    if (shared_ranks_own() == 0) {
        cmd_check_save_baseline(job, verdicts);
        cmd_check_write_junit(job, verdicts);
        cmd_check_write(job, verdicts, worst == CLI_EXIT_OK);
    }
    for (int i = 0; i < job->words; i++) {
        json_decref(job->comparison[i].worse);
        json_decref(job->comparison[i].better);
    }
    free(verdicts);
    return worst;
}

int cmd_check(int argc, char **argv)
{
    /* no more kernels than words */
    const char **words = calloc((size_t)argc, sizeof *words);
    struct cmd_comparison *comparison =
        calloc((size_t)argc, sizeof *comparison);
    struct cmd_check_job job = {
        .cli = {.has = CLI_THREADS | CLI_SEED | CLI_QUIET, .seed = 1706},
        .word = words,
        .comparison = comparison,
        .ask = {.dtype = SN_F32,
            .max_ulp = -1,
            .rate = -1,
            .false_alarm = 1e-6,
            .timeout = -1,
            .stop = &cli_interrupted,
            .progress = on_progress}};
    job.cli.command = argv[0];
    shared_ranks_join();
    if (shared_ranks_own() > 0)
        cli_silence();
    if (!words || !comparison)
        cli_die(&job.cli, CLI_EXIT_UNUSABLE, "out of memory");
    cli_parse(&job.cli, &argp, argc, argv, &job);
    if (!job.words)
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "no kernel given; name one from 'selfnorm list', PATH.so:SYMBOL, "
            "exec:COMMAND or npy:IN.npy,OUT.npy");
    job.ask.threads = job.cli.threads;
    job.ask.seed = job.cli.seed;
    if (job.input && job.call)
        cli_die(&job.cli, CLI_EXIT_USAGE, "--call '%.40s': not with --input",
            job.call);
    if ((job.input || job.call) && (job.shards || shared_ranks_count() > 1))
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "--%s '%.40s': has no parts; leave out --shards and MPI",
            job.call ? "call" : "input", job.call ? job.call : job.input);
    if (job.tap && job.cli.json)
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "--tap: not with --json, as both go to standard output");
    cmd_check_load_baseline(&job);
    cli_catch_interrupt();
    enum cli_exit worst =
        job.input || job.call ? run_inputs(&job) : run_checks(&job);
    json_decref(job.baseline);
    free(comparison);
    mpfr_free_cache();
    free(words);
    shared_ranks_leave();
    return (int)worst;
}
