/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "verify/conformance/calls/npy.h"
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
    KEY_FTZ,
    KEY_ALLOW,
    KEY_RATE,
    KEY_FALSE_ALARM,
    KEY_INPUT,
    KEY_SAVE_BASELINE,
    KEY_BASELINE,
    KEY_JUNIT,
    KEY_TAP,
    KEY_TSV
};

static const struct argp_option options[] = {
    {"function", KEY_FUNCTION, "NAME", 0,
        SN_CHECKED_FUNCTIONS " (default selu)", 0},
    {"dtype", KEY_DTYPE, "TYPE", 0, "f32, f64, f16 or bf16 (default f32)", 0},
    {"lambda", KEY_LAMBDA, "L", 0,
        "the kernel's lambda (default: the exact one)", 0},
    {"alpha", KEY_ALPHA, "A", 0,
        "the kernel's alpha (default: the exact one; elu, celu: 1)", 0},
    {"exhaustive", KEY_EXHAUSTIVE, NULL, 0,
        "f32: all 2^32 inputs (16-bit types: always)", 0},
    {"samples", KEY_SAMPLES, "N", 0,
        "inputs beside the hard places (default 2^21; f64 2^17)", 0},
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
        "alpha dropout: with which a right kernel may fail (default 1e-6)", 0},
    {"input", KEY_INPUT, "X,...", 0,
        "these inputs alone: X, X:DY of a gradient, bits:0xHEX", 0},
    {"save-baseline", KEY_SAVE_BASELINE, "FILE", 0,
        "keep what was reached, to compare later runs with", 0},
    {"baseline", KEY_BASELINE, "FILE", 0,
        "fail where a kernel is worse than there, and only there", 0},
    {"junit", KEY_JUNIT, "FILE", 0, "verdicts as JUnit's XML", 0},
    {"tap", KEY_TAP, NULL, 0, "verdicts in the Test Anything Protocol", 0},
    {"tsv", KEY_TSV, "FILE", 0, "table of error against x for plots", 0}, {0}};

static const char *file_to_write(
    const struct sn_cli *cli, const char *option, const char *word)
{
    if (!*word)
        sn_cli_die(
            cli, SN_EXIT_USAGE, "%s '': must be the name of a file", option);
    sn_file_expect(cli, word);
    return word;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct sn_check_job *job = state->input;
    const struct sn_cli *cli = &job->cli;
    switch (key) {
    case KEY_FUNCTION:
        job->function = sn_checked_function_find(word);
        if (!job->function)
            sn_cli_die(cli, SN_EXIT_USAGE,
                "--function '%.40s': must be " SN_CHECKED_FUNCTIONS, word);
        return 0;
    case KEY_DTYPE:
        job->dtype = sn_type_find(word);
        if (job->dtype < 0)
            sn_cli_die(cli, SN_EXIT_USAGE,
                "--dtype '%.40s': must be f32, f64, f16 or bf16", word);
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
    case KEY_FTZ:
        if (strcmp(word, "allow") && strcmp(word, "forbid"))
            sn_cli_die(cli, SN_EXIT_USAGE,
                "--ftz '%.40s': must be allow or forbid", word);
        job->flush = !strcmp(word, "allow");
        return 0;
    case KEY_RATE:
        job->rate = sn_cli_number(cli, "--rate", word, 0.001, 0.999);
        return 0;
    case KEY_FALSE_ALARM:
        job->false_alarm =
            sn_cli_number(cli, "--false-alarm", word, 1e-12, 0.1);
        return 0;
    case KEY_ALLOW:
        job->allow = word;
        return 0;
    case KEY_INPUT:
        job->input = word;
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

_Noreturn static void die_of_factors(const struct sn_check_job *job)
{
    sn_cli_die(&job->cli, SN_EXIT_USAGE,
        "--lambda, --alpha: lambda, alpha and their product must be from %g "
        "to %g",
        SN_LEAST_FACTOR, SN_MOST_FACTOR);
}

static bool on_progress(void *ctx, double fraction)
{
    struct sn_progress *bar = ctx;
    sn_progress_at(bar, fraction * bar->total);
    return !sn_interrupted;
}

/* The two files: of one type and shape, which is then the dtype. */
static bool prepare_files(struct sn_check_job *job, struct sn_verdict *verdict)
{
    const struct sn_target *target = &verdict->target;
    struct sn_npy_file in, out;
    char why[300];
    const char *path = target->library;
    verdict->unusable = true;
    if (!sn_npy_open(&in, path, why, sizeof why)) {
        sn_cli_complain(&job->cli, "'%s': '%s' %s", target->word, path, why);
        return false;
    }
    path = target->command;
    if (!sn_npy_open(&out, path, why, sizeof why)) {
        sn_npy_close(&in);
        sn_cli_complain(&job->cli, "'%s': '%s' %s", target->word, path, why);
        return false;
    }
    const struct sn_npy *a = &in.npy, *b = &out.npy;
    bool same = a->dimensions == b->dimensions &&
                !memcmp(a->shape, b->shape, sizeof a->shape) &&
                (a->fortran == b->fortran || a->dimensions < 2);
    if (a->type != b->type)
        sn_cli_complain(&job->cli, "'%s': inputs are %s, outputs %s",
            target->word, sn_types[a->type].name, sn_types[b->type].name);
    else if (!same)
        sn_cli_complain(&job->cli,
            "'%s': inputs and outputs differ in shape or order", target->word);
    else if (!a->dimensions)
        sn_cli_complain(&job->cli,
            "'%s': 0-d arrays; at least one dimension is needed",
            target->word);
    else if (!a->count)
        sn_cli_complain(
            &job->cli, "'%s': there is no element to check", target->word);
    else if (job->dtype_given && job->dtype != a->type)
        sn_cli_complain(&job->cli, "--dtype '%s': the files hold %s",
            sn_types[job->dtype].name, sn_types[a->type].name);
    else
        verdict->unusable = false;
    verdict->dtype = a->type;
    sn_npy_close(&in);
    sn_npy_close(&out);
    return !verdict->unusable;
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
        verdict->bad_word = strstr(why, "must be") != NULL;
        return;
    }
    if (target->way == SN_NPY && !prepare_files(job, verdict))
        return;
    verdict->function = job->function;
    verdict->limit = job->max_ulp >= 0 ? job->max_ulp : 4;
    const struct sn_kernel *builtin = target->builtin;
    if (builtin) {
        const struct sn_checked_function *own =
            sn_checked_function_find(sn_function_name(builtin->function));
        const int type = sn_type_find(sn_dtype_name(builtin->dtype));
        if (!own || type < 0) {
            sn_cli_complain(&job->cli,
                "'%s' is %s in %s, which check does not know", word,
                sn_function_name(builtin->function),
                sn_dtype_name(builtin->dtype));
            verdict->unusable = true;
            return;
        }
        if (!job->function)
            verdict->function = own;
        if (verdict->function->derivative != own->derivative ||
            verdict->function->dropout != own->dropout ||
            (job->dtype_given && job->dtype != type)) {
            sn_cli_complain(&job->cli,
                "'%s' is %s in %s; leave out --function and --dtype", word,
                own->name, sn_types[type].name);
            verdict->unusable = verdict->bad_word = true;
            return;
        }
        verdict->dtype = type;
        if (job->max_ulp < 0)
            verdict->limit = builtin->bound_ulp;
    } else if (!verdict->function) {
        verdict->function = &sn_checked_functions[0];
    }
    if (verdict->function->dropout &&
        (target->way == SN_NPY || target->builtin)) {
        sn_cli_complain(&job->cli,
            "'%s': alpha dropout is called with a rate and a seed; give "
            "PATH.so:SYMBOL or exec:COMMAND",
            word);
        verdict->unusable = verdict->bad_word = true;
    }
    if (verdict->function->family != SN_FAMILY_SELU && job->lambda) {
        sn_cli_complain(&job->cli, "--lambda '%.40s': %s has no lambda",
            job->lambda, verdict->function->name);
        verdict->unusable = verdict->bad_word = true;
    }
    if (job->exhaustive && verdict->dtype == SN_F64) {
        sn_cli_complain(&job->cli,
            "'%s': --exhaustive is not for f64, which has 2^64 inputs", word);
        verdict->unusable = verdict->bad_word = true;
    }
}

double sn_check_timeout(
    const struct sn_check_job *job, const struct sn_verdict *verdict)
{
    return job->timeout > 0                 ? job->timeout
           : verdict->target.way == SN_EXEC ? 60
                                            : 10;
}

/* Loads once to see whether it can be loaded at all. */
static bool loads(struct sn_check_job *job, struct sn_verdict *verdict)
{
    struct sn_runner *runner;
    if (verdict->target.way >= SN_EXEC)
        return true;
    enum sn_outcome outcome = sn_runner_start(&runner, &verdict->target,
        verdict->function->derivative, verdict->dtype,
        sn_check_timeout(job, verdict));
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

bool sn_check_allows(const struct sn_check_job *job, const char *code)
{
    const size_t length = strlen(code);
    for (const char *at = job->allow; at && *at;
         at += strcspn(at, ","), at += *at == ',')
        if (!strncmp(at, code, length) && (!at[length] || at[length] == ','))
            return true;
    return false;
}

/* The first crash, hang or switched mode is worth a line. */
static void complain_of_misconduct(
    struct sn_check_job *job, const struct sn_verdict *verdict)
{
    for (int i = 0; i < verdict->findings; i++) {
        const struct sn_finding *finding = &verdict->finding[i];
        if (finding->passed || !finding->misconduct)
            continue;
        sn_cli_complain(&job->cli, "'%s': %s: %s", verdict->target.word,
            finding->name, finding->detail);
        return;
    }
}

static bool all_passed(
    const struct sn_check_job *job, const struct sn_verdict *verdict)
{
    for (int i = 0; i < verdict->findings; i++)
        if (!verdict->finding[i].passed)
            return false;
    for (int i = 0; i < verdict->diagnoses; i++)
        if (verdict->diagnosis[i].fault &&
            !sn_check_allows(job, verdict->diagnosis[i].code))
            return false;
    return true;
}

static void judge_dropout(struct sn_check_job *job, struct sn_verdict *verdict,
    const struct sn_reference *reference, struct sn_progress *bar)
{
    struct sn_dropout *dropout = &verdict->dropout;
    *dropout = (struct sn_dropout){.rate = {0.1, 0.5},
        .rates = 2,
        .false_alarm = job->false_alarm,
        .samples = job->samples ? job->samples : 1u << 20,
        .seed = job->cli.seed,
        .max_ulp = verdict->limit,
        .timeout = sn_check_timeout(job, verdict),
        .progress = on_progress,
        .ctx = bar};
    if (job->rate >= 0) {
        dropout->rate[0] = job->rate;
        dropout->rates = 1;
    }
    sn_progress_start(
        bar, &job->cli, verdict->target.symbol, (double)dropout->samples);
    verdict->findings =
        sn_dropout_run(dropout, verdict->finding, verdict->diagnosis,
            &verdict->diagnoses, reference, &verdict->target, verdict->dtype);
    sn_progress_end(bar);
    verdict->accurate = true;
    verdict->passed = all_passed(job, verdict) && !dropout->stopped;
    complain_of_misconduct(job, verdict);
}

static void judge(struct sn_check_job *job, struct sn_verdict *verdict)
{
    const struct sn_cli *cli = &job->cli;
    struct sn_sweep *sweep = &verdict->sweep;
    struct sn_reference reference;
    struct sn_progress bar;
    if (!verdict->function->dropout && !loads(job, verdict))
        return;
    enum sn_status status = sn_reference_init(
        &reference, verdict->function, job->lambda, job->alpha);
    if (status == SN_BAD_VALUE)
        die_of_factors(job);
    if (status != SN_OK)
        sn_cli_die(cli, SN_EXIT_UNUSABLE, "%s", sn_strerror(status));
    reference.flush = job->flush;
    if (verdict->function->dropout) {
        judge_dropout(job, verdict, &reference, &bar);
        sn_reference_clear(&reference);
        return;
    }
    *sweep = (struct sn_sweep){.exhaustive = job->exhaustive,
        .samples = job->samples               ? job->samples
                   : verdict->dtype == SN_F32 ? 1u << 21
                                              : 1u << 17,
        .threads = cli->threads,
        .timeout = sn_check_timeout(job, verdict),
        .seed = cli->seed,
        .progress = on_progress,
        .ctx = &bar};
    sn_progress_start(&bar, cli, verdict->target.symbol,
        sweep->exhaustive ? 0x1p32 : (double)sweep->samples);
    status = sn_sweep_run(sweep, &reference, &verdict->target, verdict->dtype);
    sn_progress_end(&bar);
    if (status != SN_OK)
        sn_cli_die(cli, SN_EXIT_UNUSABLE, "%s", sn_strerror(status));
    if (sweep->unusable) {
        sn_cli_complain(cli, "'%s': %s", verdict->target.word, sweep->fault);
        verdict->unusable = true;
        sn_reference_clear(&reference);
        return;
    }
    if (!sn_interrupted)
        verdict->findings = sn_structure_run(verdict->finding, &reference,
            &verdict->target, verdict->dtype, verdict->limit,
            sn_check_timeout(job, verdict));
    if (!sn_interrupted)
        verdict->diagnoses = sn_diagnose(verdict->diagnosis, &reference,
            &verdict->target, verdict->dtype, sweep, verdict->finding,
            verdict->findings, sn_check_timeout(job, verdict));
    sn_reference_clear(&reference);

    verdict->accurate =
        !*sweep->fault && sweep->inputs && sweep->max_ulp <= verdict->limit;
    const struct sn_kernel *builtin = verdict->target.builtin;
    if (builtin && job->max_ulp < 0 && builtin->bound_ulp == 0.5)
        verdict->accurate = verdict->accurate && !sweep->incorrectly_rounded;
    verdict->passed = verdict->accurate && !sweep->stopped &&
                      !sweep->contradictions && all_passed(job, verdict);
    if (*sweep->fault)
        sn_cli_complain(cli, "'%s': %s", verdict->target.word, sweep->fault);
    else
        complain_of_misconduct(job, verdict);
}

/* --input: no sweep, no structure; exit status as in a check. */
static enum sn_exit run_inputs(struct sn_check_job *job)
{
    enum sn_exit worst = SN_EXIT_OK;
    json_t *all = job->cli.json ? json_array() : NULL;
    FILE *out = all ? NULL : sn_cli_open(&job->cli);
    for (int i = 0; i < job->words; i++) {
        struct sn_verdict *v = calloc(1, sizeof *v);
        struct sn_reference reference;
        enum sn_exit status = SN_EXIT_OK;
        json_t *rows = all ? json_array() : NULL;
        if (!v)
            sn_cli_die(&job->cli, SN_EXIT_UNUSABLE, "out of memory");
        prepare(job, v, job->word[i]);
        if (!v->unusable &&
            (v->target.way == SN_NPY || v->function->dropout)) {
            sn_cli_complain(&job->cli,
                "'%s': --input is for what can be called with an input",
                job->word[i]);
            v->unusable = v->bad_word = true;
        }
        if (out)
            fprintf(out, "%s\n%s", job->word[i],
                v->unusable ? "  not checked\n" : "");
        if (v->unusable) {
            status = v->bad_word ? SN_EXIT_USAGE : SN_EXIT_UNUSABLE;
        } else if (sn_reference_init(&reference, v->function, job->lambda,
                       job->alpha) != SN_OK) {
            die_of_factors(job);
        } else {
            reference.flush = job->flush;
            if (!sn_check_inputs(job, v, &reference, out, rows))
                status = SN_EXIT_FAILED;
            sn_reference_clear(&reference);
        }
        if (all)
            json_array_append_new(
                all, json_pack("{s:o, s:o, s:b}", "kernel",
                         sn_cli_json_text(job->word[i]), "inputs", rows,
                         "passed", status == SN_EXIT_OK));
        worst = status > worst ? status : worst;
        free(v);
    }
    if (all) {
        json_t *document = sn_cli_json(&job->cli);
        json_object_set_new(document, "kernels", all);
        sn_cli_emit(&job->cli, document, worst == SN_EXIT_OK);
    } else {
        sn_cli_close(&job->cli, out);
    }
    return worst;
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
        .rate = -1,
        .false_alarm = 1e-6,
        .timeout = -1};
    job.cli.command = argv[0];
    if (!verdicts || !words)
        sn_cli_die(&job.cli, SN_EXIT_UNUSABLE, "out of memory");
    sn_cli_parse(&job.cli, &argp, argc, argv, &job);
    if (!job.words)
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "no kernel given; name one from 'selfnorm list', PATH.so:SYMBOL, "
            "exec:COMMAND or npy:IN.npy,OUT.npy");
    if (job.tap && job.cli.json)
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "--tap: not with --json, as both go to standard output");
    sn_check_load_baseline(&job);
    sn_cli_catch_interrupt();
    if (job.input) {
        enum sn_exit status = run_inputs(&job);
        mpfr_free_cache();
        free(verdicts);
        free(words);
        return (int)status;
    }
    enum sn_exit worst = SN_EXIT_OK;
    for (int i = 0; i < job.words; i++) {
        struct sn_verdict *verdict = &verdicts[i];
        prepare(&job, verdict, job.word[i]);
        if (!verdict->unusable && !sn_interrupted)
            judge(&job, verdict);
        sn_check_compare(&job, verdict);
        enum sn_exit status = verdict->bad_word   ? SN_EXIT_USAGE
                              : verdict->unusable ? SN_EXIT_UNUSABLE
                              : verdict->passed   ? SN_EXIT_OK
                                                  : SN_EXIT_FAILED;
        worst = status > worst ? status : worst;
    }
    if (sn_interrupted)
        sn_cli_complain(&job.cli, "interrupted: what is finished follows");
    sn_check_save_baseline(&job, verdicts);
    sn_check_write_junit(&job, verdicts);
    sn_check_write(&job, verdicts, worst == SN_EXIT_OK);
    for (int i = 0; i < job.words; i++) {
        json_decref(verdicts[i].worse);
        json_decref(verdicts[i].better);
    }
    json_decref(job.baseline);
    mpfr_free_cache();
    free(verdicts);
    free(words);
    return (int)worst;
}
