/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a REPRO line of a failure runs.  check --input: a kernel on single
 * inputs, alone and among 64 of their kind; check --call: one call of the
 * checks of structure.
 */
#include "verify/conformance/subject/stream.h"
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

enum { ALONE, AMONG, PLACES, COPIES = 64 };
/* Outputs before a call: bytes of a number, as a NaN that is not written must
   not look right. */
enum { POISON = 0x5a };

static uint64_t poison(int type)
{
    char bytes[sizeof(double)];
    memset(bytes, POISON, sizeof bytes);
    return conf_type_bits(type, bytes, 0);
}

/* Both results of a library or built-in kernel. */
static bool call_both(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct conf_reference *reference,
    uint64_t x, uint64_t dy, uint64_t y[PLACES], char *why, size_t room)
{
    struct subject_runner *runner;
    const int type = v->dtype;
    bool ran =
        conf_runner_start(&runner, &v->target, reference->derivative,
            (enum sn_dtype)type, verdict_timeout(&job->ask, v)) == CONF_RAN;
    for (size_t i = 0; ran && i < COPIES; i++) {
        conf_type_set_bits(type, conf_runner_x(runner), i, x);
        conf_type_set_bits(type, conf_runner_dy(runner), i, dy);
    }
    /* alone at 16 places of x, then among others; what differs is taken */
    const size_t places = 16;
    for (size_t k = 0; ran && k <= places; k++) {
        const size_t n = k < places ? 1 : COPIES;
        const int place = k < places ? ALONE : AMONG;
        memset(conf_runner_out(runner), POISON, n * ref_types[type].size);
        conf_runner_begin(
            runner, &(struct conf_call){.n = n, .x_at = k < places ? k : 0});
        ran = conf_runner_end(runner) == CONF_RAN;
        for (size_t i = 0; ran && i < n; i++) {
            uint64_t got = conf_type_bits(type, conf_runner_out(runner), i);
            if (!k)
                y[ALONE] = y[AMONG] = got;
            if (got != y[AMONG]) {
                y[place] = got;
                break;
            }
        }
    }
    if (!ran)
        snprintf(why, room, "%s", conf_runner_why(runner));
    conf_runner_stop(runner);
    return ran;
}

struct copies {
    int type;
    uint64_t x, dy;
    size_t n;
    uint64_t *alone, *among;
};

static size_t give(void *ctx, uint64_t block, void *x, void *dy)
{
    const struct copies *c = ctx;
    const size_t n = block ? 0 : c->n;
    for (size_t i = 0; i < n; i++) {
        conf_type_set_bits(c->type, x, i, c->x);
        if (dy)
            conf_type_set_bits(c->type, dy, i, c->dy);
    }
    return n;
}

static bool take(
    void *ctx, uint64_t block, const void *x, const void *y, size_t n)
{
    const struct copies *c = ctx;
    (void)block;
    (void)x;
    for (size_t i = 0; i < n; i++) {
        uint64_t got = conf_type_bits(c->type, y, i);
        if (c->n == 1)
            *c->alone = got;
        *c->among = got;
        if (got != *c->alone)
            break;
    }
    return true;
}

/* Both results of a program: one value, then many of it. */
static bool stream_both(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct conf_reference *reference,
    uint64_t x, uint64_t dy, uint64_t y[PLACES], char *why, size_t room)
{
    for (size_t n = 1; n <= COPIES; n += COPIES - 1) {
        struct copies copies = {v->dtype, x, dy, n, &y[ALONE], &y[AMONG]};
        struct subject_stream stream = {.command = v->target.command,
            .function = reference->function->name,
            .type = v->dtype,
            .gradient = reference->derivative,
            .lambda = reference->lambda,
            .alpha = reference->alpha,
            .timeout = verdict_timeout(&job->ask, v),
            .give = give,
            .take = take,
            .ctx = &copies};
        if (subject_stream_run(&stream, why, room) != CONF_RAN)
            return false;
    }
    return true;
}

static bool evaluate(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct conf_reference *reference,
    uint64_t x, uint64_t dy, uint64_t y[PLACES], char *why, size_t room)
{
    return (v->target.way == CONF_EXEC ? stream_both : call_both)(
        job, v, reference, x, dy, y, why, room);
}

/* Whether a result will do, and by how many ULP it is off. */
static bool will_do(const struct verdict_verdict *v,
    const struct conf_reference *reference, double x, double dy, uint64_t bits,
    double want, double *ulp)
{
    const double y = conf_type_value(v->dtype, bits);
    *ulp = 0;
    if (isnan(want))
        return isnan(y);
    *ulp = conf_reference_ulp_product(reference, v->dtype, x, dy, y);
    return *ulp <= v->limit &&
           (y != 0 || want != 0 || signbit(y) == signbit(want)) &&
           (x != 0 || want != 0 || y == 0) && (!isinf(want) || y == want);
}

/* What is told of one input. */
struct told {
    double x, dy, want, ulp[PLACES];
    uint64_t x_bits, y[PLACES];
    bool good, ran;
    char why[512];
};

static json_t *row_of(int type, const struct told *t)
{
    char text[5][40], got[PLACES][CONF_TYPE_TEXT];
    for (int i = 0; i < PLACES; i++)
        if (t->ran)
            conf_type_text(type, t->y[i], got[i]);
        else
            strcpy(got[i], "nothing");
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:b, s:o}",
        "input", verdict_hex(t->x, text[0]), "dy", verdict_hex(t->dy, text[1]),
        "got",
        t->ran ? verdict_hex(conf_type_value(type, t->y[ALONE]), text[2])
               : "nothing",
        "got_among_64",
        t->ran ? verdict_hex(conf_type_value(type, t->y[AMONG]), text[3])
               : "nothing",
        "want", verdict_hex(t->want, text[4]), "got_words", got[ALONE],
        "got_among_64_words", got[AMONG], "ulp",
        fmax(t->ulp[ALONE], t->ulp[AMONG]), "passed", t->good, "fault",
        cli_json_text(t->why));
}

/* ULP where there are any: neither of what is wanted nor of what came is a
   NaN. */
static void print_row(FILE *out, const struct verdict_verdict *v,
    const struct conf_reference *reference, const struct told *t)
{
    char text[CONF_TYPE_TEXT], hex[40];
    const int type = v->dtype;
    fprintf(out, "  %s  x = %s", t->good ? "pass" : "FAIL",
        conf_type_text(type, t->x_bits, text));
    if (!isnan(t->x))
        fprintf(out, " (0x%llx)", (unsigned long long)t->x_bits);
    if (reference->derivative)
        fprintf(out, ", dy = %s", verdict_hex(t->dy, hex));
    if (!t->ran) {
        fprintf(out, ": %s\n", t->why);
        return;
    }
    fprintf(out, ": got %s", conf_type_text(type, t->y[ALONE], text));
    fprintf(out, ", among 64 %s, want %s",
        conf_type_text(type, t->y[AMONG], text),
        isnan(t->want) ? "any NaN" : verdict_hex(t->want, hex));
    if (isnan(t->want) || isnan(conf_type_value(type, t->y[ALONE])) ||
        isnan(conf_type_value(type, t->y[AMONG])))
        fputc('\n', out);
    else
        fprintf(out, "; %.6g and %.6g ULP\n", t->ulp[ALONE], t->ulp[AMONG]);
}

static bool one_input(const struct cmd_check_job *job,
    const struct verdict_verdict *v, const struct conf_reference *reference,
    uint64_t x_bits, uint64_t dy_bits, FILE *out, json_t *rows)
{
    struct told t = {.x = conf_type_value(v->dtype, x_bits),
        .dy = conf_type_value(v->dtype, dy_bits),
        .x_bits = x_bits};
    t.want = conf_reference_rounded_product(reference, v->dtype, t.x, t.dy);
    t.good = t.ran =
        evaluate(job, v, reference, x_bits, dy_bits, t.y, t.why, sizeof t.why);
    if (t.ran)
        *t.why = '\0';
    for (int i = 0; t.ran && i < PLACES; i++)
        if (v->target.way != CONF_EXEC && t.y[i] == poison(v->dtype)) {
            snprintf(t.why, sizeof t.why, "output never written%s",
                i == ALONE ? "" : " among 64");
            t.good = t.ran = false;
        } else {
            t.good =
                will_do(v, reference, t.x, t.dy, t.y[i], t.want, &t.ulp[i]) &&
                t.good;
        }
    if (rows)
        json_array_append_new(rows, row_of(v->dtype, &t));
    else
        print_row(out, v, reference, &t);
    return t.good;
}

bool cmd_check_inputs(const struct cmd_check_job *job,
    struct verdict_verdict *v, const struct conf_reference *reference,
    FILE *out, json_t *rows)
{
    enum { MOST = 1024 };
    static uint64_t x[MOST], dy[MOST];
    char *words = strdup(job->input), *rest = words, *word;
    bool good = words != NULL;
    int n = 0;
    /* all of them before the first is run */
    while (words && (word = strsep(&rest, ","))) {
        if (n == MOST)
            cli_die(&job->cli, CLI_EXIT_USAGE,
                "--input '%.40s': more than %d inputs", word, MOST);
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
    if (out)
        fprintf(out, "%s\n", v->target.word);
    for (int i = 0; i < n; i++)
        good = one_input(job, v, reference, x[i], dy[i], out, rows) && good;
    free(words);
    return good;
}

/* The inputs of a trial lie at either end of the arrays. */
static bool within(size_t at, size_t n)
{
    enum { NEAR = 4096 };
    return at <= NEAR - n || (at >= CONF_BLOCK - NEAR && at <= CONF_BLOCK - n);
}

static struct conf_call call_or_die(const struct cmd_check_job *job, int way)
{
    enum { MOST = 131 };
    struct conf_call call = {0};
    char more[16] = "";
    int end[3] = {0}, *last = &end[0];
    const char *word = job->call;
    if (sscanf(word, "%zu%n,%zu,%zu%n,%15[a-z-]%n", &call.n, &end[0],
            &call.x_at, &call.out_at, &end[1], more, &end[2]) > 2)
        last = *more ? &end[2] : &end[1];
    call.in_place = !strcmp(more, "in-place");
    call.threaded = !strcmp(more, "thread");
    if (!*last || word[*last] || *word == '-' ||
        (*more && !call.in_place && !call.threaded) || call.n > MOST ||
        !within(call.x_at, call.n) || !within(call.out_at, call.n) ||
        (way == CONF_EXEC && last != &end[0]))
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--call '%.40s': must be N up to %d, or N,X,Y with X and Y within "
            "4096 of either end of %d elements, then perhaps ',in-place' or "
            "',thread'; exec: N",
            word, MOST, CONF_BLOCK);
    return call;
}

bool cmd_check_call(const struct cmd_check_job *job, struct verdict_verdict *v,
    const struct conf_reference *reference, FILE *out, json_t *rows)
{
    struct conf_finding finding[CONF_FINDINGS];
    const struct conf_call call = call_or_die(job, (int)v->target.way);
    int count = conf_structure_call(finding, reference, &v->target, v->dtype,
        &call, verdict_timeout(&job->ask, v));
    bool good = true;
    if (out)
        fprintf(out, "%s\n", v->target.word);
    for (int i = 0; i < count; i++) {
        const struct conf_finding *f = &finding[i];
        good = good && f->passed;
        if (rows)
            json_array_append_new(
                rows, json_pack("{s:s, s:s, s:b, s:o}", "call", job->call,
                          "name", f->name, "passed", f->passed, "detail",
                          cli_json_text(f->detail)));
        else
            fprintf(out, "  %s  %s%s%s\n", f->passed ? "pass" : "FAIL",
                f->name, *f->detail ? ": " : "", f->detail);
    }
    return good;
}
