/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report runs the other commands, each as its own process with its result
 * in a file, draws the pictures from those files and writes the page.  So
 * everything on the page can be had again by the command that the page names.
 */
#include "cli/commands/report/report.h"
#include "kernels/kernels.h"
#include "verify/conformance/words/words.h"
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* SCRIPT-PANEL; behind them come the sheets of ulp-N. */
static const char *const always_drawn[] = {"simulate-mean",
    "simulate-variance", "field", "norm", "absorb", "train_depth-error",
    "train_depth-loss", "train_curves-1", "train_curves-2",
    "train_layers-mean", "train_layers-variance", "bench"};

const char *const cmd_report_start[CMD_REPORT_STARTS] = {
    "0,1", "0.5,3", "-0.4,0.2"};

static void take_kernels(struct cmd_report_job *report)
{
    for (int i = 0; i < report->words.count; i++) {
        const char *word = report->words.word[i];
        if (report->kernels == CMD_REPORT_KERNELS)
            cli_die(&report->cli, CLI_EXIT_USAGE,
                "'%.40s': more than %d kernels in one report", word,
                CMD_REPORT_KERNELS);
        report->kernel[report->kernels++] = (struct cmd_report_kernel){
            .word = strdup(word), .label = strdup(word), .asked = true};
    }
}

static const struct cli_option report_options[] = {
    {"resume", .help = "use the results that lie in the folder already",
        .kind = CLI_FLAG, CLI_AT(struct cmd_report_job, resume)},
    {.value = "[KERNEL...]",
        .help = "kernels beside ours, as for check",
        .kind = CLI_WORDS,
        CLI_AT(struct cmd_report_job, words)},
    {0},
};

void cmd_report_path(const struct cmd_report_job *report, const char *name,
    char path[PATH_MAX + 64])
{
    snprintf(path, PATH_MAX + 64, "%s/%s", report->folder, name);
}

json_t *cmd_report_load(const struct cmd_report_job *report, const char *name)
{
    char path[PATH_MAX + 64], file[64];
    json_error_t error;
    snprintf(file, sizeof file, "%s.json", name);
    cmd_report_path(report, file, path);
    json_t *document = json_load_file(path, 0, &error);
    if (!document)
        cli_die(&report->cli, CLI_EXIT_UNUSABLE, "cannot use '%s': %s", path,
            error.text);
    return document;
}

/* Beside this program when built, below its prefix when installed. */
static void find_data(struct cmd_report_job *report)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        cli_die(&report->cli, CLI_EXIT_UNUSABLE, "/proc/self/exe: %s",
            strerror(errno));
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    static const char *const scripts[] = {"plots", "../share/selfnorm/plots"};
    static const char *const plugins[] = {
        "plugins", "../libexec/selfnorm/plugins"};
    for (int i = 0; i < 2; i++) {
        snprintf(report->scripts, sizeof report->scripts, "%s/%s", self,
            scripts[i]);
        snprintf(report->plugins, sizeof report->plugins, "%s/%s", self,
            plugins[i]);
        if (!access(report->scripts, R_OK))
            return;
    }
    cli_die(&report->cli, CLI_EXIT_UNUSABLE,
        "no plot scripts in '%s'; 'make' and 'make install' put them there",
        report->scripts);
}

static char *join(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static char *join(const char *format, ...)
{
    va_list args;
    char *text;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    return text;
}

/* The plug-ins that were built: lines "FILE.so:SYMBOL<TAB>label". */
static void read_plugins(struct cmd_report_job *report)
{
    char path[PATH_MAX + 64], line[1024];
    snprintf(path, sizeof path, "%s/plugins.txt", report->plugins);
    FILE *list = fopen(path, "r");
    if (!list)
        return;
    while (fgets(line, sizeof line, list) &&
           report->kernels < CMD_REPORT_KERNELS) {
        line[strcspn(line, "\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (!tab)
            continue;
        *tab = '\0';
        report->kernel[report->kernels++] = (struct cmd_report_kernel){
            .word = join("%s/%s", report->plugins, line),
            .label = strdup(tab + 1)};
    }
    fclose(list);
}

/* Runs one command; its exit status, or exit 3 where it could not run. */
static int run(struct cmd_report_job *report, char *const argv[])
{
    pid_t child;
    int status;
    int failed = posix_spawnp(&child, argv[0], NULL, NULL, argv, environ);
    if (failed)
        cli_die(&report->cli, CLI_EXIT_UNUSABLE, "cannot run '%s': %s",
            argv[0], strerror(failed));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (cli_interrupted)
        cli_die(&report->cli, CLI_EXIT_FAILED,
            "interrupted; what was finished is in '%s'", report->folder);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* One line a step, with how many there are, unless quiet. */
static void announce(const struct cmd_report_job *report, const char *what)
{
    const int steps =
        9 + CMD_REPORT_STARTS - !report->kernels; /* as in cmd_report() */
    static int done;
    done++;
    if (!report->cli.quiet)
        fprintf(stderr, "%2d/%d  %5.1f s  %s\n", done, steps,
            cli_seconds(&report->cli), what);
}

/* A selfnorm command with its result in FOLDER/RESULT.json. */
static void step(struct cmd_report_job *report, const char *what,
    const char *result, char *words[])
{
    char *argv[CMD_REPORT_KERNELS + 32] = {"/proc/self/exe"}, *shown = NULL;
    size_t size;
    int n = 1;
    FILE *text = open_memstream(&shown, &size);
    fputs("selfnorm", text);
    for (int i = 0; words[i]; i++) {
        argv[n++] = words[i];
        fprintf(text, " %s", words[i]);
    }
    char *out = join("%s/%s.json", report->folder, result);
    char *threads = join("%d", report->cli.threads);
    bool parallel = strcmp(words[0], "simulate") == 0 ||
                    strcmp(words[0], "train") == 0 ||
                    strcmp(words[0], "check") == 0;
    if (parallel) {
        argv[n++] = "--threads";
        argv[n++] = threads;
    }
    if (report->cli.quiet && (parallel || strcmp(words[0], "bench") == 0))
        argv[n++] = "--quiet";
    argv[n++] = "--json";
    argv[n++] = "-o";
    argv[n++] = out;
    argv[n] = NULL;
    fprintf(text, " --json -o %s", out);
    fclose(text);
    announce(report, what);
    int status = 0;
    if (!report->resume || access(out, R_OK)) {
        unlink(out); /* an old result must not pass for a new one */
        status = run(report, argv);
    }
    /* a failed claim, test or kernel is in the result, for the page to show */
    json_t *document = json_load_file(out, 0, NULL);
    if (!document || json_object_get(document, "error"))
        cli_die(&report->cli, CLI_EXIT_UNUSABLE,
            "'selfnorm %s' ended with status %d and without a result",
            words[0], status);
    json_decref(document);
    report->command[report->commands++] = shown;
    free(out);
    free(threads);
}

static void simulate(struct cmd_report_job *report)
{
    for (int i = 0; i < CMD_REPORT_STARTS; i++) {
        char *result = join("simulate%d", i + 1);
        char *table = join("%s/%s.tsv", report->folder, result);
        char *what = join("random networks from (%s)", cmd_report_start[i]);
        char *start = join("--start=%s", cmd_report_start[i]);
        step(report, what, result,
            (char *[]){"simulate", start, "--tsv", table, NULL});
        free(result);
        free(table);
        free(what);
        free(start);
    }
}

/* A small version of the depth experiment of docs/results/training.md. */
static void train(struct cmd_report_job *report)
{
    step(report, "training at 8 and 32 layers", "train",
        (char *[]){"train", "--experiment", "depth", "--depth", "8,32",
            "--rate", "0.003,0.03", "--seeds", "3", "--steps", "100",
            "--tables", (char *)(uintptr_t)report->folder, NULL});
}

static void check(struct cmd_report_job *report)
{
    enum { MOST = CMD_REPORT_KERNELS };
    char *own[MOST + 8] = {"check", "--exhaustive"}, *wide[MOST] = {"check"};
    int owns = 2, wides = 1;
    for (size_t i = 0; i < sn_kernel_count && i < MOST - 8; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (kernel->function > SN_SELU_GRAD || kernel->dtype > SN_F64 ||
            kernel->promise == SN_FAITHFUL) /* not what the page is about */
            continue;
        if (kernel->dtype == SN_F32)
            own[owns++] = (char *)(uintptr_t)kernel->name;
        else
            wide[wides++] = (char *)(uintptr_t)kernel->name;
    }
    char *table = join("%s/check_own.tsv", report->folder);
    own[owns++] = "--tsv";
    own[owns++] = table;
    step(report, "our f32 kernels, all 2^32 inputs", "check_own", own);
    step(report, "our f64 kernels, sampled", "check_f64", wide);
    free(table);

    char *others[CMD_REPORT_KERNELS + 8] = {"check", "--samples", "134217728"};
    int n = 3;
    table = join("%s/check_others.tsv", report->folder);
    others[n++] = "--tsv";
    others[n++] = table;
    for (int i = 0; i < report->kernels; i++)
        others[n++] = report->kernel[i].word;
    if (report->kernels)
        step(
            report, "other kernels, 2^27 inputs each", "check_others", others);
    free(table);
}

static bool is_text(const json_t *object, const char *key, const char *word)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && !strcmp(text, word);
}

/* The words of other kernels that were checked as SELU in f32 and are code
   which bench can call, no programs or files. */
static void add_timed(
    const struct cmd_report_job *report, const json_t *kernels, char *words[])
{
    json_t *kernel;
    size_t i;
    for (int k = 0; k < report->kernels; k++) {
        char *word = report->kernel[k].word;
        bool timed = false;
        json_array_foreach((json_t *)(uintptr_t)kernels, i, kernel)
        {
            timed =
                timed || (is_text(kernel, "kernel", word) &&
                             is_text(kernel, "function", "selu") &&
                             is_text(kernel, "dtype", "f32") &&
                             json_is_true(json_object_get(kernel, "checked")));
        }
        if (timed && strncmp(word, "exec:", 5) && strncmp(word, "npy:", 4))
            *words++ = word;
    }
    *words = NULL;
}

/*
 * Nothing else of the report runs meanwhile.  The fastest turns, since what
 * other programs take from a turn is no property of a kernel.
 */
static void bench(struct cmd_report_job *report, const json_t *kernels)
{
    char *words[CMD_REPORT_KERNELS + 16] = {"bench", "--best", "--accuracy",
        "--sizes", "16384", "sn_selu_f32", "sn_selu_faithful_f32"};
    char **end = words;
    while (*end)
        end++;
    add_timed(report, kernels, end);
    step(report, "speed beside accuracy", "bench", words);
}

static void list_pictures(struct cmd_report_job *report, int panels)
{
    const size_t always = sizeof always_drawn / sizeof *always_drawn;
    for (size_t i = 0; i < always; i++)
        report->picture[report->pictures++] = join("%s", always_drawn[i]);
    for (int i = 0; i * CMD_REPORT_SHEET < panels; i++)
        report->picture[report->pictures++] = join("ulp-%d", i + 1);
}

/* NAME is SCRIPT-PANEL: gnuplot -c SCRIPT.gp FOLDER PICTURE PANEL. */
static void draw_picture(struct cmd_report_job *report, const char *name)
{
    const size_t length = strcspn(name, "-");
    const char *panel = name[length] ? name + length + 1 : "";
    const bool is_bench = !strcmp(name, "bench"); /* wants its table */
    char *script = join("%s/%.*s.gp", report->scripts, (int)length, name);
    char *from = join("%s%s", report->folder, is_bench ? "/bench.tsv" : "");
    char *picture = join("%s/%s.svg", report->folder, name);
    char *draft = join("%s.new", picture);
    char *argv[] = {
        "gnuplot", "-c", script, from, draft, (char *)(uintptr_t)panel, NULL};
    int status = run(report, argv);
    if (status || rename(draft, picture)) {
        unlink(draft);
        cli_die(&report->cli, CLI_EXIT_UNUSABLE,
            "gnuplot ended with status %d on '%s'", status, script);
    }
    free(script);
    free(from);
    free(picture);
    free(draft);
}

static void draw(struct cmd_report_job *report, const json_t *kernels)
{
    announce(report, "pictures");
    list_pictures(report, cmd_report_tables(report, kernels));
    for (int i = 0; i < report->pictures; i++)
        draw_picture(report, report->picture[i]);
}

static void need_gnuplot(const struct cmd_report_job *report)
{
    char *list = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin"), *rest;
    bool found = false;
    for (char *folder = strtok_r(list, ":", &rest); folder && !found;
         folder = strtok_r(NULL, ":", &rest)) {
        char *path = join("%s/gnuplot", folder);
        found = !access(path, X_OK);
        free(path);
    }
    free(list);
    if (!found)
        cli_die(&report->cli, CLI_EXIT_UNUSABLE,
            "gnuplot is not installed: apt-get install gnuplot-nox");
}

/* Before minutes of work: words that no check could use. */
static void need_kernels(const struct cmd_report_job *report)
{
    struct subject *subject = malloc(sizeof *subject);
    struct subject_failure failure;
    char why[WORDS_ROOM];
    for (int i = 0; subject && i < report->kernels; i++) {
        const char *word = report->kernel[i].word;
        if (!report->kernel[i].asked || subject_parse(subject, word, &failure))
            continue;
        words_refusal(why, sizeof why, word, subject, &failure);
        cli_die(&report->cli,
            strchr(word, ':') ? CLI_EXIT_UNUSABLE : CLI_EXIT_USAGE, "%s", why);
    }
    free(subject);
}

static enum cli_exit run_report(void *data)
{
    struct cmd_report_job *report = data;
    take_kernels(report);
    report->folder = report->cli.output ? report->cli.output : "out";
    report->cli.output = NULL;
    find_data(report);
    read_plugins(report);
    need_kernels(report);
    need_gnuplot(report);
    cli_folder_make(&report->cli, report->folder);
    cli_catch_interrupt();

    step(report, "constants", "constants",
        (char *[]){"constants", "--digits", "50", NULL});
    step(report, "proofs", "prove",
        (char *[]){"prove", "all", "figures", NULL});
    announce(report, "the field of g");
    cmd_report_field(report);
    simulate(report);
    train(report);
    check(report);
    json_t *kernels = cmd_report_checked(report);
    bench(report, kernels);
    draw(report, kernels);
    bool ok = cmd_report_page(report, kernels);

    char page[PATH_MAX + 64];
    cmd_report_path(report, "report.html", page);
    json_t *tree = json_pack("{s:s, s:f, s:b, s:o}", "report", page,
        ".seconds", cli_seconds(&report->cli), ".holds", ok, ".counts",
        cmd_report_counts(kernels));
    json_decref(kernels);
    cli_json_machine(tree);
    return cli_result(&report->cli, tree, ok ? CLI_EXIT_OK : CLI_EXIT_FAILED,
        "{#.holds}Constants, theorems, networks and our "
        "{.counts.ours.all:d} kernels hold{:}Something of ours FAILED, or a "
        "kernel that was named{/}{#.counts.others.all=0}{:}; of "
        "{.counts.others.all:d} other kernels {.counts.others.passes:d} pass, "
        "{.counts.others.warned:d} are warned, {.counts.others.fails:d} "
        "fail{/} ({.seconds:.0f} s).\nOpen it: xdg-open {report}\n");
}

const struct cli_command cmd_report = {
    .name = "report",
    .summary = "proofs, networks and kernels of this machine, on one page",
    .about =
        "Constants, proofs, networks and every kernel on this machine, as one "
        "page: report.html in a folder, beside the results as JSON and "
        "tables.  KERNEL as in 'selfnorm check'.",
    .examples = {"-o out", "-o out build/plugins/mine.so:selu"},
    .options = report_options,
    .size = sizeof(struct cmd_report_job),
    .run = run_report,
    .has = CLI_THREADS | CLI_QUIET,
    .folder = "where page and results go (default: out)",
};
