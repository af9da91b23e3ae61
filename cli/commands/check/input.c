/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a REPRO line of a failure runs.  check --input: a kernel on single
 * inputs, alone and among 64 of their kind, or a file's results for them;
 * check --call: one call of the checks of structure.
 */
#include "cli/commands/check/check.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A number as C prints it, or bits:0x7fc00000. */
static bool parse_bits(int type, const char *word, uint64_t *bits)
{
    char *end;
    if (!strncmp(word, "bits:", 5)) {
        *bits = strtoull(word + 5, &end, 16);
        const int width = 8 * (int)ref_types[type].size;
        return end > word + 5 && !*end && (width == 64 || !(*bits >> width));
    }
    double x = strtod(word, &end);
    *bits = conf_type_pattern(type, x);
    return end > word && !*end;
}

static uint64_t bits_or_die(
    const struct cmd_check_job *job, int type, const char *word)
{
    uint64_t bits;
    if (!parse_bits(type, word, &bits))
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--input '%.40s': must be numbers X or X:DY, or bits:0xHEX, by "
            "commas",
            word);
    return bits;
}

enum { TOLD_ALONE, TOLD_AMONG, TOLD_PLACES, INPUT_COPIES = 64 };
/* Outputs before a call: bytes of a number, as a NaN that is not written must
   not look right. */
enum { INPUT_POISON = 0x5a };

static uint64_t poison(int type)
{
    char bytes[sizeof(double)];
    memset(bytes, INPUT_POISON, sizeof bytes);
    return conf_type_bits(type, bytes, 0);
}

/* What is told of one input. */
struct told {
    double x, dy, want, ulp[TOLD_PLACES];
    uint64_t x_bits, dy_bits, y[TOLD_PLACES];
    bool good, ran;
    char why[WORDS_ROOM];
};

/* Results of n copies of one input in a session that holds them. */
static bool call_copies(struct subject_session *session, int type, size_t n,
    size_t at, uint64_t y[TOLD_PLACES])
{
    memset(subject_out(session), INPUT_POISON, n * ref_types[type].size);
    if (subject_run(session, &(struct subject_call){.n = n, .x_at = at}) !=
        SUBJECT_RAN)
        return false;
    for (size_t i = 0; i < n; i++) {
        const uint64_t got = conf_type_bits(type, subject_out(session), i);
        if (n == 1 && !at)
            y[TOLD_ALONE] = y[TOLD_AMONG] = got;
        if (got != y[TOLD_AMONG]) {
            y[n == 1 ? TOLD_ALONE : TOLD_AMONG] = got;
            break;
        }
    }
    return true;
}

/* Alone at 16 places of x where there are any, then among others; what differs
   is taken. */
static bool evaluate(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct conf_reference *reference,
    struct told *t)
{
    const int type = v->dtype;
    const size_t places = subject_can(&v->subject, SUBJECT_MEMORY) ? 16 : 1;
    const struct subject_task task = subject_task_of(
        reference, type, verdict_timeout(&job->ask, v), &cli_interrupted);
    struct subject_session *session;
    bool ran = subject_open(&session, &v->subject, &task) == SUBJECT_RAN;
    if (ran && !subject_can(&v->subject, SUBJECT_INPUTS)) {
        ran = subject_answer(session, t->x_bits, t->dy_bits, t->y);
        if (!ran)
            strcpy(t->why, "no such input in the file");
        t->y[TOLD_AMONG] = t->y[TOLD_ALONE];
        subject_close(session);
        return ran;
    }
    for (size_t i = 0; ran && i < INPUT_COPIES; i++) {
        conf_type_set_bits(type, subject_x(session), i, t->x_bits);
        conf_type_set_bits(type, subject_dy(session), i, t->dy_bits);
    }
    for (size_t k = 0; ran && k < places; k++)
        ran = call_copies(session, type, 1, k, t->y);
    ran = ran && call_copies(session, type, INPUT_COPIES, 0, t->y);
    if (!ran)
        words_failure(t->why, sizeof t->why, subject_failure(session));
    subject_close(session);
    return ran;
}

/* Whether a result will do, and by how many ULP it is off. */
static bool will_do(const struct verdict_verdict *v,
    const struct conf_reference *reference, double x, double dy, uint64_t bits,
    double want, double *ulp)
{
    const double y = conf_type_value(v->dtype, bits);
    *ulp = 0;
    if (conf_reference_accepts(reference, v->dtype, x, dy, y))
        return true;
    if (isnan(want))
        return isnan(y);
    *ulp = conf_reference_ulp_product(reference, v->dtype, x, dy, y);
    if (dy != 0 && sweep_is_other_side(reference, v->dtype, x, y / dy))
        *ulp = 0;
    return *ulp <= v->limit &&
           (y != 0 || want != 0 || signbit(y) == signbit(want)) &&
           (x != 0 || want != 0 || y == 0) && (!isinf(want) || y == want);
}

const char cmd_check_inputs_text[] =
    "{#kernels}{kernel}\n{#.unusable}  not checked\n{/}"
    "{#inputs}  {level}  {.line}\n{/}{/}";

/* ULP where there are any: neither of what is wanted nor of what came is a
   NaN. */
static void print_row(FILE *out, const struct verdict_verdict *v,
    const struct conf_reference *reference, const struct told *t)
{
    char text[CONF_TYPE_TEXT], hex[40];
    const int type = v->dtype;
    fprintf(out, "x = %s", conf_type_text(type, t->x_bits, text));
    if (!isnan(t->x))
        fprintf(out, " (0x%llx)", (unsigned long long)t->x_bits);
    if (reference->derivative)
        fprintf(out, ", dy = %s", words_hex(t->dy, hex));
    if (!t->ran) {
        fprintf(out, ": %s", t->why);
        return;
    }
    fprintf(out, ": got %s", conf_type_text(type, t->y[TOLD_ALONE], text));
    if (subject_can(&v->subject, SUBJECT_INPUTS))
        fprintf(out, ", among 64 %s",
            conf_type_text(type, t->y[TOLD_AMONG], text));
    fprintf(out, ", want %s",
        isnan(t->want) ? "any NaN" : words_hex(t->want, hex));
    if (!isnan(t->want) && !isnan(conf_type_value(type, t->y[TOLD_ALONE])) &&
        !isnan(conf_type_value(type, t->y[TOLD_AMONG])))
        fprintf(out, "; %.6g and %.6g ULP", t->ulp[TOLD_ALONE],
            t->ulp[TOLD_AMONG]);
}

static json_t *row_of(const struct verdict_verdict *v,
    const struct conf_reference *reference, const struct told *t)
{
    const int type = v->dtype;
    char text[5][40], got[TOLD_PLACES][CONF_TYPE_TEXT], line[1024] = "";
    FILE *out = fmemopen(line, sizeof line, "w");
    if (out) {
        print_row(out, v, reference, t);
        fclose(out);
    }
    for (int i = 0; i < TOLD_PLACES; i++)
        if (t->ran)
            conf_type_text(type, t->y[i], got[i]);
        else
            strcpy(got[i], "nothing");
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:b, s:o, s:o}",
        "input", words_hex(t->x, text[0]), "dy", words_hex(t->dy, text[1]),
        "got",
        t->ran ? words_hex(conf_type_value(type, t->y[TOLD_ALONE]), text[2])
               : "nothing",
        "got_among_64",
        t->ran ? words_hex(conf_type_value(type, t->y[TOLD_AMONG]), text[3])
               : "nothing",
        "want", words_hex(t->want, text[4]), "got_words", got[TOLD_ALONE],
        "got_among_64_words", got[TOLD_AMONG], "ulp",
        fmax(t->ulp[TOLD_ALONE], t->ulp[TOLD_AMONG]), "level",
        words_level(t->good ? CONF_FINE : CONF_ERROR), "passed", t->good,
        "fault", cli_json_text(t->why), ".line", cli_json_text(line));
}

static bool one_input(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct conf_reference *reference,
    uint64_t x_bits, uint64_t dy_bits, json_t *rows)
{
    struct told t = {.x = conf_type_value(v->dtype, x_bits),
        .dy = conf_type_value(v->dtype, dy_bits),
        .x_bits = x_bits,
        .dy_bits = dy_bits};
    t.want = conf_reference_rounded_product(reference, v->dtype, t.x, t.dy);
    t.good = t.ran = evaluate(job, v, reference, &t);
    const bool memory = subject_can(&v->subject, SUBJECT_MEMORY);
    for (int i = 0; t.ran && i < TOLD_PLACES; i++)
        if (memory && t.y[i] == poison(v->dtype)) {
            snprintf(t.why, sizeof t.why, "output never written%s",
                i == TOLD_ALONE ? "" : " among 64");
            t.good = t.ran = false;
        } else {
            t.good =
                will_do(v, reference, t.x, t.dy, t.y[i], t.want, &t.ulp[i]) &&
                t.good;
        }
    json_array_append_new(rows, row_of(v, reference, &t));
    return t.good;
}

bool cmd_check_inputs(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct conf_reference *reference,
    json_t *rows)
{
    enum { MOST_INPUTS = 1024 };
    static uint64_t x[MOST_INPUTS], dy[MOST_INPUTS];
    char *words = strdup(job->input), *rest = words, *word;
    bool good = words != NULL;
    int n = 0;
    /* all of them before the first is run */
    while (words && (word = strsep(&rest, ","))) {
        if (n == MOST_INPUTS)
            cli_die(&job->cli, CLI_EXIT_USAGE,
                "--input '%.40s': more than %d inputs", word, MOST_INPUTS);
        /* X:DY, but bits:HEX is one word */
        char *start = strncmp(word, "bits:", 5) ? word : word + 5;
        char *colon = strchr(start, ':');
        if (colon)
            *colon = '\0';
        if (colon && !reference->derivative)
            cli_die(&job->cli, CLI_EXIT_USAGE,
                "--input '%.40s:%.40s': %s takes no dy", word, colon + 1,
                reference->function->name);
        x[n] = bits_or_die(job, v->dtype, word);
        dy[n++] = colon ? bits_or_die(job, v->dtype, colon + 1)
                        : conf_type_pattern(v->dtype, 1);
    }
    for (int i = 0; i < n; i++)
        good = one_input(job, v, reference, x[i], dy[i], rows) && good;
    free(words);
    return good;
}

/* The inputs of a trial lie at either end of the arrays. */
static bool within(size_t at, size_t n)
{
    enum { CALL_NEAR = 4096 };
    return at <= CALL_NEAR - n ||
           (at >= SUBJECT_BLOCK - CALL_NEAR && at <= SUBJECT_BLOCK - n);
}

static struct subject_call call_or_die(
    const struct cmd_check_job *job, const struct subject *subject)
{
    enum { LONGEST_CALL_OF_INPUT = 131 };
    struct subject_call call = {0};
    char more[16] = "";
    int end[3] = {0}, *last = &end[0];
    const char *word = job->call;
    if (sscanf(word, "%zu%n,%zu,%zu%n,%15[a-z-]%n", &call.n, &end[0],
            &call.x_at, &call.out_at, &end[1], more, &end[2]) > 2)
        last = *more ? &end[2] : &end[1];
    call.in_place = !strcmp(more, "in-place");
    call.threaded = !strcmp(more, "thread");
    if (!*last || word[*last] || *word == '-' ||
        (*more && !call.in_place && !call.threaded) ||
        call.n > LONGEST_CALL_OF_INPUT || !within(call.x_at, call.n) ||
        !within(call.out_at, call.n) ||
        (!subject_can(subject, SUBJECT_MEMORY) && last != &end[0]))
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--call '%.40s': must be N up to %d, or N,X,Y with X and Y within "
            "4096 of either end of %d elements, then perhaps ',in-place' or "
            "',thread'; exec: N",
            word, LONGEST_CALL_OF_INPUT, SUBJECT_BLOCK);
    return call;
}

bool cmd_check_call(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct conf_reference *reference,
    json_t *rows)
{
    struct conf_finding finding[CONF_FINDINGS];
    const struct subject_call call = call_or_die(job, &v->subject);
    const struct structure_question question = {.reference = reference,
        .subject = &v->subject,
        .type = v->dtype,
        .max_ulp = v->limit,
        .timeout = verdict_timeout(&job->ask, v)};
    const int count = structure_run_call(finding, &question, &call);
    bool good = true;
    for (int i = 0; i < count; i++) {
        const char *name = words_check(finding[i].check);
        char detail[WORDS_DETAIL];
        words_detail(detail, &finding[i]);
        const enum conf_level level =
            verdict_finding_level(&job->ask, &finding[i]);
        good = good && level < CONF_ERROR;
        json_array_append_new(rows,
            json_pack("{s:s, s:s, s:s, s:b, s:o, s:o}", "call", job->call,
                "name", name, "level", words_level(level), "passed",
                level < CONF_ERROR, "detail", cli_json_text(detail), ".line",
                json_sprintf("%s%s%s", name, *detail ? ": " : "", detail)));
    }
    return good;
}
