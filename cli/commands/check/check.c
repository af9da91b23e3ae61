/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/commands/check/check.h"
#include "cli/commands/shared/kernels.h"
#include "verify/shared/ranks.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void read_function(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    const struct conf_checked_function *function = ref_function_find(word);
    if (!function)
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s': must be " CONF_CHECKED_FUNCTIONS, option->name,
            word);
    *(const struct conf_checked_function **)to = function;
}

static void read_codes(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    (void)option;
    const char *unknown = *word ? conf_diagnosis_unknown(word) : word;
    if (unknown) {
        const size_t length = strcspn(unknown, ",");
        cli_die(cli, CLI_EXIT_USAGE,
            "--allow '%.*s': must be codes by commas, as a check "
            "prints them in brackets",
            (int)(length < 40 ? length : 40), unknown);
    }
    *(const char **)to = word;
}

static void read_contract(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    (void)option;
    const char *unknown =
        verdict_read_contract(&((struct cmd_check_job *)cli)->ask, word);
    if (unknown)
        cli_die(cli, CLI_EXIT_USAGE,
            "--contract '%.*s': must be multiple=K (a power of 2 up to 64), "
            "aligned=BYTES (up to 4096) or dx-is-x, by commas",
            (int)strcspn(unknown, ","), unknown);
    *(const char **)to = word;
}

#define AT(member) CLI_AT(struct cmd_check_job, member)

static const struct cli_option check_options[] = {
    {.value = "KERNEL...",
        .help = "names from 'selfnorm list', PATH.so:SYMBOL, exec:COMMAND or "
                "npy:IN.npy,OUT.npy",
        .kind = CLI_WORDS,
        AT(words),
        .offer = cmd_kernel_offer},
    {.help = "What the kernel is:"},
    {"function", "NAME", CONF_CHECKED_FUNCTIONS " (default selu)", CLI_OWN,
        AT(ask.function), .read = read_function},
    CMD_ASKED_ROWS(struct cmd_check_job, asked),
    {"dtype", "TYPE", "f32, f64, f16 or bf16", CLI_CHOICE, AT(dtype),
        .choices = "f32, f64, f16 or bf16", .preset = "f32"},
    {"lambda", "L", "the kernel's lambda (default: the exact one)",
        CLI_DECIMAL, AT(ask.lambda), .sign = CLI_POSITIVE},
    {"alpha", "A", "the kernel's alpha (default: the exact one; elu, celu: 1)",
        CLI_DECIMAL, AT(ask.alpha), .sign = CLI_ANY_SIGN},
    {.help = "What is tried:"},
    {"exhaustive", .help = "f32: all 2^32 inputs (16-bit types: always)",
        .kind = CLI_FLAG, AT(ask.exhaustive)},
    {"samples", "N",
        "inputs beside the hard places (default 2^21; f64 2^17; alpha dropout "
        "2^20)",
        CLI_WHOLE, AT(ask.samples), .least = 1, .most = 1L << 32},
    {"every-length",
        .help = "exec: run the program at all lengths 0 to 131, not at five",
        .kind = CLI_FLAG, AT(ask.every_length)},
    {"rate", "P",
        "alpha dropout: the rate tried (default: 0.5, 0.05, 0.001, 0.75 and "
        "0.999)",
        CLI_NUMBER, AT(ask.rate), .least = 0.001, .most = 0.999},
    {"channel", "N",
        "alpha dropout: one decision for each N consecutive elements",
        CLI_WHOLE, AT(ask.channel), .least = 1, .most = 1024, .preset = "1"},
    {"input", "X,...", "these inputs alone: X, X:DY of a gradient, bits:0xHEX",
        CLI_TEXT, AT(input)},
    {"call", "N,X,Y",
        "this call alone: n, offsets of x and y, and 'in-place' or 'thread' "
        "after them; exec: N",
        CLI_TEXT, AT(call)},
    {"timeout", "S",
        "seconds that one call may take (default 10; exec: without a byte, "
        "60)",
        CLI_NUMBER, AT(ask.timeout), .least = 0.01, .most = 86400},
    {.help = "What is a failure:"},
    {"max-ulp", "U",
        "limit of the error (default: what a built-in kernel declares; 4)",
        CLI_NUMBER, AT(ask.max_ulp), .least = 0, .most = 0x1p64},
    {"ftz", "WHAT", "allow or forbid 0 for subnormal inputs and results",
        CLI_CHOICE, AT(ftz), .choices = "allow or forbid", .preset = "forbid"},
    {"strict", .help = "warnings are errors", .kind = CLI_FLAG,
        AT(ask.strict)},
    {"allow", "CODE,...",
        "codes that are to fail nobody, as sign-of-zero, constants-f32",
        CLI_OWN, AT(ask.allow), .read = read_codes},
    {"at-zero", "SIDE",
        "the derivative at 0 that is right: left, right or either", CLI_CHOICE,
        AT(at_zero), .choices = "left, right or either", .preset = "left"},
    {"negative-zero", "WHAT", "keep the sign of zero, or any will do",
        CLI_CHOICE, AT(any_zero), .choices = "keep or any", .preset = "keep"},
    {"contract", "WORD,...",
        "what the kernel asks of callers: multiple=K, aligned=BYTES; dx-is-x: "
        "its gradient may write over x",
        CLI_OWN, AT(contract), .read = read_contract},
    {"memory", "GIB",
        "address space that a kernel in a library may take (default: any)",
        CLI_NUMBER, AT(memory), .least = 0.0625, .most = 1048576},
    {"brief", .help = "one line a kernel", .kind = CLI_FLAG, AT(brief)},
    {"explain", "CODE", "what a code means, and what to do; no kernel",
        CLI_TEXT, AT(explain)},
    {"false-alarm", "P",
        "alpha dropout: probability with which a right kernel may fail",
        CLI_NUMBER, AT(ask.false_alarm), .least = 1e-12, .most = 0.1,
        .preset = "1e-6"},
    {"baseline", "FILE",
        "fail where a kernel is worse than there, and only there", CLI_INPUT,
        AT(baseline_path)},
    {.help = "What is kept:"},
    {"save-baseline", "FILE",
        "keep what was reached, to compare later runs with", CLI_FILE,
        AT(save_baseline)},
    {"shards", "DIR",
        "keep finished parts of the sweep in DIR and go on from there when "
        "run again",
        CLI_FOLDER, AT(shards)},
    {"junit", "FILE", "verdicts as JUnit's XML", CLI_FILE, AT(junit)},
    {"tap", .help = "verdicts in the Test Anything Protocol", .kind = CLI_FLAG,
        AT(tap)},
    {"tsv", "FILE", "table of error against x for plots", CLI_FILE, AT(tsv)},
    {0},
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
    verdict_prepare(&job->ask, verdict, job->words.word[i]);
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

/* The rows of one kernel; NULL: it is no kernel that can be called so. */
static json_t *input_rows(
    struct cmd_check_job *job, struct verdict_verdict *v, const char *word)
{
    struct conf_reference reference;
    json_t *rows = json_array();
    verdict_prepare(&job->ask, v, word);
    if (!verdict_is_unusable(v) &&
        ((job->call && !subject_can(&v->subject, SUBJECT_INPUTS)) ||
            v->function->dropout)) {
        cli_complain(&job->cli,
            "'%s': --%s is for what can be called with an input", word,
            job->call ? "call" : "input");
        v->complaint = VERDICT_REFUSED;
    }
    if (!verdict_is_unusable(v))
        v->complaint = verdict_reference(&reference, &job->ask, v);
    cmd_check_complain(job, v);
    if (verdict_is_unusable(v))
        return rows;
    v->passed = (job->call ? cmd_check_call : cmd_check_inputs)(
        job, v, &reference, rows);
    conf_reference_clear(&reference);
    return rows;
}

/* --input, --call: no sweep, no structure; exit status as in a check. */
static enum cli_exit run_inputs(struct cmd_check_job *job)
{
    enum cli_exit worst = CLI_EXIT_OK;
    json_t *all = json_array();
    for (int i = 0; i < job->words.count; i++) {
        struct verdict_verdict *v = calloc(1, sizeof *v);
        const char *word = job->words.word[i];
        if (!v)
            cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
        json_t *rows = input_rows(job, v, word);
        const enum cli_exit status = cmd_check_exit(v);
        json_array_append_new(all,
            json_pack("{s:o, s:o, s:b, s:b}", "kernel", cli_json_text(word),
                "inputs", rows, "passed", status == CLI_EXIT_OK, ".unusable",
                verdict_is_unusable(v)));
        worst = status > worst ? status : worst;
        free(v);
    }
    return cli_result(&job->cli, json_pack("{s:o}", "kernels", all), worst,
        cmd_check_inputs_text);
}

/* All kernels; the ranks above 0 of an MPI run only help with the sweeps. */
static enum cli_exit run_checks(struct cmd_check_job *job)
{
    struct verdict_verdict *verdicts =
        calloc((size_t)job->words.count, sizeof *verdicts);
    enum cli_exit worst = CLI_EXIT_OK;
    if (!verdicts)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (int i = 0; i < job->words.count; i++)
        judge(job, &verdicts[i], i);
    for (int i = 0; i < job->words.count && shared_ranks_own() == 0; i++) {
        cmd_check_compare(job, &verdicts[i], &job->comparison[i]);
        const enum cli_exit status = cmd_check_exit(&verdicts[i]);
        worst = status > worst ? status : worst;
    }
    if (cli_interrupted)
        cli_complain(&job->cli, "interrupted: what is finished follows%s",
            job->shards ? "; run it again to go on" : "");
    if (shared_ranks_own() == 0) {
        json_t *tree = cmd_check_tree(job, verdicts);
        cmd_check_save_baseline(job, verdicts);
        if (job->junit)
            cli_render_file(&job->cli, job->junit, cmd_check_junit, tree);
        if (job->tsv)
            cli_render_file(&job->cli, job->tsv, cmd_check_table, tree);
        cli_result(&job->cli, tree, worst,
            job->tap     ? cmd_check_tap
            : job->brief ? cmd_check_brief
                         : cmd_check_text);
    }
    for (int i = 0; i < job->words.count; i++) {
        json_decref(job->comparison[i].worse);
        json_decref(job->comparison[i].better);
    }
    free(verdicts);
    return worst;
}

/* What stands for no word in the question. */
static void prepare_check(void *data)
{
    struct cmd_check_job *job = data;
    job->ask.max_ulp = job->ask.rate = job->ask.timeout = -1;
    job->ask.stop = &cli_interrupted;
    job->ask.progress = on_progress;
}

static void check_words(const struct cmd_check_job *job)
{
    const struct cli_cli *cli = &job->cli;
    const bool single = job->input || job->call;
    if (!job->words.count)
        cli_die(cli, CLI_EXIT_USAGE,
            "no kernel given; name one from 'selfnorm list', PATH.so:SYMBOL, "
            "exec:COMMAND or npy:IN.npy,OUT.npy");
    if (job->input && job->call)
        cli_die(cli, CLI_EXIT_USAGE, "--call '%.40s': not with --input",
            job->call);
    if (single && (job->shards || shared_ranks_count() > 1))
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s': has no parts; leave out --shards and MPI",
            job->call ? "call" : "input", job->call ? job->call : job->input);
    if (job->tap && cli->json)
        cli_die(cli, CLI_EXIT_USAGE,
            "--tap: not with --json, as both go to standard output");
}

/* --explain: a page, and no check. */
static enum cli_exit explain(struct cmd_check_job *job)
{
    char page[WORDS_PAGE];
    if (!words_page(page, sizeof page, job->explain))
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--explain '%.40s': must be a code, as a check prints it in "
            "brackets",
            job->explain);
    return cli_result(&job->cli,
        json_pack("{s:[], s:s, s:o}", "kernels", "code", job->explain, "page",
            cli_json_text(page)),
        CLI_EXIT_OK, "{page}");
}

/*
 * CELU with alpha < 0 grows left of 0, where the bounds of its family end: its
 * reference is that of its expression.
 */
static bool is_growing_celu(const struct cmd_check_job *job)
{
    return job->ask.function &&
           job->ask.function->family == CONF_FAMILY_CELU && job->ask.alpha &&
           strlen(job->ask.alpha) < 400 && strtod(job->ask.alpha, NULL) < 0;
}

static void expand_celu(struct cmd_check_job *job)
{
    snprintf(job->celu, sizeof job->celu,
        "where(z > 0, z, (%s)*expm1(z/(%s)))", job->ask.alpha, job->ask.alpha);
    job->asked.choice.word = job->celu;
    job->asked.choice.own = true;
    job->asked.derivative = job->ask.function->derivative;
    job->ask.alpha = NULL;
}

/* The function of --activation or --expression. */
static void choose_function(struct cmd_check_job *job)
{
    const struct conf_checked_function *asked;
    if (is_growing_celu(job)) {
        const char *name = job->ask.function->name;
        expand_celu(job);
        asked = cmd_asked_make(&job->asked, &job->cli, name);
    } else {
        asked = cmd_asked_function(&job->asked, &job->cli);
    }
    if (asked)
        job->ask.function = asked;
}

static enum cli_exit run_check(void *data)
{
    struct cmd_check_job *job = data;
    if (job->explain)
        return explain(job);
    choose_function(job);
    check_words(job);
    job->comparison =
        calloc((size_t)job->words.count, sizeof *job->comparison);
    if (!job->comparison)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    job->ask.dtype = job->dtype;
    job->ask.dtype_given = cli_given(&job->cli, "dtype");
    job->ask.flush = !job->ftz;
    job->ask.contract.memory = (uint64_t)(job->memory * 0x1p30);
    job->ask.any_zero = job->any_zero;
    job->ask.at_zero = (enum conf_at_zero)job->at_zero;
    job->ask.threads = job->cli.threads;
    job->ask.seed = job->cli.seed;
    cmd_check_load_baseline(job);
    cli_catch_interrupt();
    enum cli_exit worst =
        job->input || job->call ? run_inputs(job) : run_checks(job);
    cmd_asked_clear(&job->asked, &job->cli);
    json_decref(job->baseline);
    free(job->comparison);
    mpfr_free_cache();
    shared_ranks_leave();
    return worst;
}

const struct cli_command cmd_check = {
    .name = "check",
    .summary = "is this kernel right, for every input?",
    .use = CLI_JUDGE,
    .about =
        "Is this kernel right?  KERNEL is a name from 'selfnorm list'; "
        "PATH.so:SYMBOL with the C ABI void f(T *y, const T *x, size_t n), "
        "for gradients void f(T *dx, const T *dy, const T *x, size_t n), for "
        "alpha dropout void f(T *y, const T *x, size_t n, double rate, "
        "uint64_t seed); exec:COMMAND, a program that reads raw values on "
        "standard input and writes as many; or npy:IN.npy,OUT.npy.  It runs "
        "in a child process; the reference is correctly rounded with the "
        "exact constants.",
    .examples = {"--exhaustive sn_selu_f32",
        "--activation gelu --derivative 1 --dtype bf16 ./mine.so:gelu_grad"},
    .options = check_options,
    .size = sizeof(struct cmd_check_job),
    .prepare = prepare_check,
    .run = run_check,
    .has = CLI_THREADS | CLI_SEED | CLI_QUIET | CLI_RANKS,
    .seed = 1706,
};
