/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Speed, as a ratio to memcpy in the same run: the machine is shared, so the
 * kernels take turns and the medians over the turns are shown.
 */
#include "cli/commands/bench/bench.h"
#include "cli/commands/shared/kernels.h"
#include "verify/conformance/words/words.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* short enough for --best to find moments without other programs */
static const double usual_turn = 0.02, short_turn = 0.001;

/* "1,2,4" into the numbers at `to`; how many there are. */
static int read_list(const struct cli_cli *cli,
    const struct cli_option *option, const char *list, void *to)
{
    char *copy = strdup(list), *rest = copy, name[32];
    long *value = to;
    int count = 0;
    if (!copy)
        cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
    snprintf(name, sizeof name, "--%s", option->name);
    for (char *one; (one = strsep(&rest, ","));) {
        if (count == CMD_BENCH_LIST)
            cli_die(cli, CLI_EXIT_USAGE, "%s '%.40s': more than %d of them",
                name, one, CMD_BENCH_LIST);
        value[count++] =
            cli_whole(cli, name, one, (long)option->least, (long)option->most);
    }
    free(copy);
    return count;
}

static void read_sizes(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    ((struct cmd_bench_job *)cli)->sizes = read_list(cli, option, word, to);
}

static void read_threads(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    ((struct cmd_bench_job *)cli)->threadings =
        read_list(cli, option, word, to);
}

static void read_function(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    const struct conf_checked_function *function = ref_function_find(word);
    if (!function)
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s': must be selu, selu-grad, elu, elu-grad, celu, "
            "celu-grad or alpha-dropout",
            option->name, word);
    *(const struct conf_checked_function **)to = function;
}

static const struct cli_option bench_options[] = {
    {.value = "KERNEL...",
        .help = "names from 'selfnorm list', or PATH.so:SYMBOL",
        .kind = CLI_WORDS,
        CLI_AT(struct cmd_bench_job, words),
        .offer = cmd_kernel_offer},
    {"sizes", "N,N,...", "elements per call", CLI_OWN,
        CLI_AT(struct cmd_bench_job, size), .least = 1, .most = 1L << 28,
        .read = read_sizes, .preset = "4096,65536,4194304"},
    {"threads", "N,N,...", "threads that share a call in ranges", CLI_OWN,
        CLI_AT(struct cmd_bench_job, threads), .least = 1, .most = 1024,
        .read = read_threads, .preset = "1"},
    {"turns", "K", "turns of which the median is shown", CLI_WHOLE,
        CLI_AT(struct cmd_bench_job, turns), .least = 1,
        .most = CMD_BENCH_TURNS, .preset = "9"},
    {"best",
        .help = "the fastest turns and their ratios in place of medians: for "
                "machines that others use meanwhile",
        .kind = CLI_FLAG, CLI_AT(struct cmd_bench_job, best)},
    {"dtype", "TYPE", "of kernels in libraries: f32, f64, f16 or bf16",
        CLI_CHOICE, CLI_AT(struct cmd_bench_job, dtype),
        .choices = "f32, f64, f16 or bf16", .preset = "f32"},
    {"function", "NAME",
        "of kernels in libraries: selu, selu-grad, elu, elu-grad, celu, "
        "celu-grad or alpha-dropout (default: selu)",
        CLI_OWN, CLI_AT(struct cmd_bench_job, function),
        .read = read_function},
    {"gradient", .help = "the same as --function selu-grad", .kind = CLI_FLAG,
        CLI_AT(struct cmd_bench_job, gradient)},
    {"rate", "P", "of alpha dropout", CLI_NUMBER,
        CLI_AT(struct cmd_bench_job, rate), .least = 0, .most = 1,
        .preset = "0.1"},
    {"accuracy", .help = "f32 and f64: also the largest error of a sample",
        .kind = CLI_FLAG, CLI_AT(struct cmd_bench_job, accuracy)},
    {"plot", "FILE.svg", "speed against that error, a dot a kernel", CLI_FILE,
        CLI_AT(struct cmd_bench_job, plot)},
    {0},
};

static const char bench_text[] =
    "kernel                                       dtype         n thr  "
    "ns/element           quartiles  x memcpy  x floor   max ULP\n"
    "{#rows}{.name:-44s} {dtype:-5s} {n:9d} {threads:3d} "
    "{.ns:11s} {.quartiles:19s} {.copies:9s} {.floors:8s}"
    "{#max_ulp} {.:9.3g}{/}\n{/}"
    "{#loaded}load average {load:.1f} on {processors:.0f} processors: others "
    "take part in these times; --best, or a quiet machine, gives better "
    "ones\n{/}";

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* the median */
static double middle(const double *of, int n)
{
    double value[CMD_BENCH_TURNS];
    memcpy(value, of, (size_t)n * sizeof *value);
    qsort(value, (size_t)n, sizeof *value, by_value);
    return n % 2 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
}

/* The value below which a quarter of them lies, or three. */
static double quartile(const double *of, int n, int which)
{
    double value[CMD_BENCH_TURNS];
    memcpy(value, of, (size_t)n * sizeof *value);
    qsort(value, (size_t)n, sizeof *value, by_value);
    const double at = (n - 1) * which / 4.;
    const int low = (int)at;
    return value[low] + (at - low) * (value[low + (low + 1 < n)] - value[low]);
}

/* As many digits as the spread leaves: none behind a tenth of it. */
static void justified(char text[24], double value, double spread)
{
    enum { MOST_DECIMALS = 4 };
    int decimals = MOST_DECIMALS;
    if (spread > 0) {
        decimals = 1 - (int)floor(log10(spread));
        decimals = decimals < 0               ? 0
                   : decimals > MOST_DECIMALS ? MOST_DECIMALS
                                              : decimals;
    }
    snprintf(text, 24, "%.*f", decimals, value);
}

static double least(const double *value, int n)
{
    double best = INFINITY;
    for (int i = 0; i < n; i++)
        best = fmin(best, value[i]);
    return best;
}

/* A kernel that cannot go on is out; the others are measured all the same. */
static void lose(struct cmd_bench_job *bench, struct cmd_entrant *entrant,
    enum cli_exit status)
{
    char why[WORDS_ROOM];
    words_failure(why, sizeof why, subject_failure(entrant->session));
    cli_complain(&bench->cli, "'%s': %s", entrant->subject.word, why);
    subject_close(entrant->session);
    entrant->session = NULL;
    if (status > bench->worst)
        bench->worst = status;
}

static void start(struct cmd_bench_job *bench, struct cmd_entrant *entrant)
{
    const struct subject_task task = {.type = (int)entrant->dtype,
        .gradient = entrant->gradient,
        .dropout = entrant->function && entrant->function->dropout,
        .timeout = 600};
    const enum subject_outcome outcome =
        subject_open(&entrant->session, &entrant->subject, &task);
    if (outcome != SUBJECT_RAN)
        lose(bench, entrant,
            outcome == SUBJECT_UNUSABLE ? CLI_EXIT_UNUSABLE : CLI_EXIT_FAILED);
    /* a call hands over rate and seed, which stay */
    else if (subject_run(entrant->session,
                 &(struct subject_call){.rate = bench->rate,
                     .seed = bench->cli.seed}) != SUBJECT_RAN)
        lose(bench, entrant, CLI_EXIT_FAILED);
}

/* ns per element of one turn; 0 where the kernel is lost */
static double turn(struct cmd_bench_job *bench, struct cmd_entrant *entrant,
    size_t n, int threads, uint64_t repeats)
{
    if (!entrant->session)
        return 0;
    double seconds = subject_time(entrant->session, n, repeats, threads);
    if (seconds < 0) {
        lose(bench, entrant, CLI_EXIT_FAILED);
        return 0;
    }
    return 1e9 * seconds / (double)repeats / (double)n;
}

/* Repeats that fill a turn, from doubling runs (which also warm up). */
static uint64_t enough(struct cmd_bench_job *bench,
    struct cmd_entrant *entrant, size_t n, int threads)
{
    turn(bench, entrant, n, threads, 1);
    for (uint64_t repeats = 1; entrant->session; repeats *= 2) {
        double ns = turn(bench, entrant, n, threads, repeats);
        double seconds = 1e-9 * ns * (double)n * (double)repeats;
        const double wanted = bench->best ? short_turn : usual_turn;
        if (seconds > wanted / 4)
            return (uint64_t)ceil(wanted / seconds * (double)repeats);
    }
    return 1;
}

/* The yardsticks come first: memcpy, then three streams, by dtype. */
enum { YARDSTICKS = 2 * SN_DTYPES };

/* All turns of one size; false: interrupted. */
static bool measure(struct cmd_bench_job *bench, struct cmd_entrant *all,
    int entrants, size_t n, int threads)
{
    uint64_t repeats[CMD_BENCH_KERNELS] = {0};
    for (int i = 0; i < entrants; i++)
        if (all[i].session)
            repeats[i] = enough(bench, &all[i], n, threads);
    for (int t = 0; t < bench->turns; t++)
        for (int i = 0; i < entrants; i++) {
            struct cmd_entrant *e = &all[i];
            if (cli_interrupted)
                return false;
            if (!e->session)
                continue;
            e->ns[t] = turn(bench, e, n, threads, repeats[i]);
            e->copies[t] = e->ns[t] / all[e->dtype].ns[t];
            e->floors[t] =
                e->ns[t] / all[e->dtype + (e->three ? SN_DTYPES : 0)].ns[t];
        }
    return true;
}

/* What is shown of a kernel's turns. */
static json_t *row_of(const struct cmd_bench_job *bench,
    const struct cmd_entrant *e, const struct cmd_entrant *copy,
    const struct cmd_entrant *floor)
{
    const int turns = bench->turns;
    char text[5][24], both[64];
    double low = quartile(e->ns, turns, 1), high = quartile(e->ns, turns, 3);
    double ns = least(e->ns, turns), copies, floors;
    copies = ns / least(copy->ns, turns);
    floors = ns / least(floor->ns, turns);
    if (!bench->best) {
        ns = middle(e->ns, turns);
        copies = middle(e->copies, turns);
        floors = middle(e->floors, turns);
    }
    const double relative = (high - low) / ns;
    justified(text[0], ns, high - low);
    justified(text[1], low, high - low);
    justified(text[2], high, high - low);
    justified(text[3], copies, fmax(relative * copies, 0.1));
    justified(text[4], floors, fmax(relative * floors, 0.1));
    snprintf(both, sizeof both, "%s to %s", text[1], text[2]);
    return json_pack("{s:f, s:[f, f], s:f, s:f, s:s, s:s, s:s, s:s}",
        "ns_per_element", ns, "quartiles", low, high, "memcpy_ratio", copies,
        "floor_ratio", floors, ".ns", text[0], ".quartiles", both, ".copies",
        text[3], ".floors", text[4]);
}

static void add_rows(struct cmd_bench_job *bench, struct cmd_entrant *all,
    int entrants, size_t n, int threads)
{
    for (int i = 0; i < entrants; i++) {
        struct cmd_entrant *e = &all[i];
        if (!e->session)
            continue;
        json_t *row = json_pack("{s:o, s:s, s:I, s:i}", "kernel",
            cli_json_text(e->subject.word), "dtype", sn_dtype_name(e->dtype),
            "n", (json_int_t)n, "threads", threads);
        json_t *times = row_of(bench, e, &all[e->dtype],
            &all[e->dtype + (e->three ? SN_DTYPES : 0)]);
        json_object_update(row, times);
        json_decref(times);
        /* the end of a long word, which tells kernels apart */
        const size_t length = strlen(e->subject.word);
        json_object_set_new(row, ".name",
            cli_json_text(e->subject.word + (length > 44 ? length - 44 : 0)));
        if (e->max_ulp >= 0)
            json_object_set_new(row, "max_ulp", json_real(e->max_ulp));
        json_array_append_new(bench->rows, row);
    }
}

/* The largest error of a sample; of 16-bit types, of all inputs. */
static void measure_error(struct cmd_bench_job *bench, struct cmd_entrant *e)
{
    struct conf_reference reference;
    static struct sweep_answer sweep;
    if (!e->session || !e->function || e->function->dropout ||
        conf_reference_init(&reference, e->function, NULL, NULL) != SN_OK)
        return;
    const struct sweep_question question = {.reference = &reference,
        .subject = &e->subject,
        .type = (int)e->dtype,
        .samples = e->dtype == SN_F32 ? 1u << 21 : 1u << 17,
        .threads = bench->cli.threads > 0 ? bench->cli.threads : 1,
        .timeout = 60,
        .seed = 1};
    if (sweep_run(&sweep, &question) == SN_OK &&
        sweep.failure.outcome == SUBJECT_RAN)
        e->max_ulp = sweep.score.max_ulp;
    conf_reference_clear(&reference);
}

/* Type, function and streams of a kernel; a built-in one knows its own. */
static void settle(struct cmd_bench_job *bench, struct cmd_entrant *e)
{
    const struct sn_kernel *builtin = e->subject.builtin;
    e->max_ulp = -1;
    if (!builtin) {
        e->dtype = bench->dtype;
        e->function = bench->function   ? bench->function
                      : bench->gradient ? ref_function_find("selu-grad")
                                        : ref_function_find("selu");
        e->gradient = e->three = e->function->derivative;
        return;
    }
    const char *own = sn_function_name(builtin->function);
    e->dtype = builtin->dtype;
    e->function = ref_function_find(own);
    e->gradient = sn_is_gradient(builtin->function);
    /* alpha dropout's gradient has no x to read */
    e->three = e->gradient && builtin->function != SN_ALPHA_DROPOUT_GRAD;
    if ((cli_given(&bench->cli, "dtype") && e->dtype != bench->dtype) ||
        (bench->function && e->function != bench->function))
        cli_die(&bench->cli, CLI_EXIT_USAGE,
            "'%.80s' is %s in %s, not %s in %s", e->subject.word, own,
            sn_dtype_name(e->dtype),
            bench->function ? bench->function->name : own,
            sn_dtype_name(
                cli_given(&bench->cli, "dtype") ? bench->dtype : e->dtype));
}

/* The yardsticks, then the words of the command line. */
static int enter(struct cmd_bench_job *bench, struct cmd_entrant *all)
{
    char why[WORDS_ROOM];
    struct subject_failure failure;
    int entrants = 0;
    for (; entrants < YARDSTICKS; entrants++) {
        bool three = entrants >= SN_DTYPES;
        const char *name = three ? "stream3" : "memcpy";
        struct cmd_entrant *e = &all[entrants];
        *e = (struct cmd_entrant){
            .dtype = (enum sn_dtype)(entrants % SN_DTYPES),
            .gradient = three,
            .three = three,
            .max_ulp = -1};
        subject_yardstick(&e->subject, name);
    }
    for (int i = 0; i < bench->words.count; i++) {
        struct cmd_entrant *e = &all[entrants++];
        const char *word = bench->words.word[i];
        if (!subject_parse(&e->subject, word, &failure)) {
            words_refusal(why, sizeof why, word, &e->subject, &failure);
            cli_die(&bench->cli,
                strchr(word, ':') ? CLI_EXIT_UNUSABLE : CLI_EXIT_USAGE, "%s",
                why);
        }
        if (!subject_can(&e->subject, SUBJECT_MEMORY))
            cli_die(&bench->cli, CLI_EXIT_USAGE,
                "'%.80s': only code in this process can be timed: a name from "
                "'selfnorm list' or PATH.so:SYMBOL",
                bench->words.word[i]);
        settle(bench, e);
    }
    return entrants;
}

/* Only the yardsticks that somebody is measured with. */
static void start_all(
    struct cmd_bench_job *bench, struct cmd_entrant *all, int entrants)
{
    bool wanted[YARDSTICKS] = {false};
    for (int i = YARDSTICKS; i < entrants; i++) {
        wanted[all[i].dtype] = true;
        wanted[all[i].dtype + SN_DTYPES] |= all[i].three;
    }
    for (int i = 0; i < entrants; i++)
        if (i >= YARDSTICKS || wanted[i])
            start(bench, &all[i]);
}

static enum cli_exit run_bench(void *data)
{
    struct cmd_bench_job *bench = data;
    static struct cmd_entrant all[CMD_BENCH_KERNELS];
    enum { MOST_WORDS = CMD_BENCH_KERNELS - YARDSTICKS };
    if (!bench->words.count)
        cli_die(&bench->cli, CLI_EXIT_USAGE,
            "no kernel given; name one from 'selfnorm list' or PATH.so:"
            "SYMBOL");
    if (bench->words.count > MOST_WORDS)
        cli_die(&bench->cli, CLI_EXIT_USAGE,
            "'%.40s': more than %d kernels in one run",
            bench->words.word[MOST_WORDS], MOST_WORDS);
    bench->accuracy |= bench->plot != NULL;
    /* before the kernels add to it */
    const double processors = (double)sysconf(_SC_NPROCESSORS_ONLN);
    const double busy = 0.25;
    double load = 0;
    if (getloadavg(&load, 1) < 1)
        load = 0;
    /* waiting threads of one kernel must not take time from another */
    setenv("OMP_WAIT_POLICY", "passive", 1);
    int entrants = enter(bench, all);
    cli_catch_interrupt();
    start_all(bench, all, entrants);
    for (int i = YARDSTICKS; i < entrants && bench->accuracy; i++)
        measure_error(bench, &all[i]);

    bench->rows = json_array();
    struct cli_progress bar;
    const int parts = bench->sizes * bench->threadings;
    cli_progress_start(&bar, &bench->cli, "bench", parts);
    for (int p = 0; p < parts; p++) {
        size_t n = (size_t)bench->size[p / bench->threadings];
        int threads = (int)bench->threads[p % bench->threadings];
        cli_progress_at(&bar, p);
        if (!measure(bench, all, entrants, n, threads))
            break;
        add_rows(bench, all, entrants, n, threads);
    }
    cli_progress_end(&bar);
    for (int i = 0; i < entrants; i++)
        subject_close(all[i].session);
    if (cli_interrupted) {
        cli_complain(&bench->cli, "interrupted: what is finished follows");
        bench->worst = CLI_EXIT_FAILED;
    }
    if (bench->plot)
        cmd_bench_plot(bench);
    json_t *tree = json_pack("{s:o, s:o*}", "rows", bench->rows, "loaded",
        load > processors * busy
            ? json_pack("{s:f, s:f}", "load", load, "processors", processors)
            : NULL);
    cli_json_machine(tree);
    return cli_result(&bench->cli, tree, bench->worst, bench_text);
}

const struct cli_command cmd_bench = {
    .name = "bench",
    .summary = "times kernels, beside memcpy",
    .use = CLI_JUDGE,
    .about =
        "ns per element of each kernel, and the ratios to memcpy of one array "
        "and (floor) to reading and writing as many arrays as the kernel "
        "does; inputs spread over [-4, 4).  Medians and quartiles of the "
        "turns; digits that the spread does not justify are left out.  KERNEL "
        "is a name from 'selfnorm list' or PATH.so:SYMBOL.",
    .examples = {"sn_selu_f32 sn_selu_faithful_f32",
        "--accuracy --best --sizes 16384 ./mine.so:selu"},
    .options = bench_options,
    .size = sizeof(struct cmd_bench_job),
    .run = run_bench,
    .has = CLI_QUIET | CLI_SEED,
    .seed = 0,
};
