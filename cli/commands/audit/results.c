/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/audit/audit.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 6, VARIANCE_DIGITS = 24 };

/* Mean, variance and variance - 1 of the fixed point, as far as proven. */
enum { MEAN, VARIANCE, MOVE, SHOWN };
struct effect {
    bool known, proven;
    enum audit_constant constant; /* of x[0] */
    double x[2];                  /* x[1]: the partner's, or NaN */
    struct cmd_shown shown[SHOWN];
};

static bool find_fixed_point(struct effect *effect)
{
    struct cmd_shown *shown = effect->shown;
    enum audit_constant constant = effect->constant;
    enum sn_status status;
    if (isnan(effect->x[1])) {
        status = audit_fixed_point_with(shown[MEAN].ball, shown[VARIANCE].ball,
            constant, effect->x[0], CMD_AUDIT_PREC);
    } else {
        arb_t x[2];
        for (int i = 0; i < 2; i++) {
            arb_init(x[i]);
            arb_set_d(x[i], effect->x[i != (int)constant]);
        }
        status = audit_fixed_point_arb(shown[MEAN].ball, shown[VARIANCE].ball,
            x[0], x[1], CMD_AUDIT_PREC);
        for (int i = 0; i < 2; i++)
            arb_clear(x[i]);
    }
    arb_sub_ui(shown[MOVE].ball, shown[VARIANCE].ball, 1, CMD_AUDIT_PREC);
    return status == SN_OK &&
           cmd_shown_decide(&shown[MEAN], 1, DIGITS) == SN_OK &&
           cmd_shown_decide(&shown[VARIANCE], 1, VARIANCE_DIGITS) == SN_OK &&
           cmd_shown_decide(&shown[MOVE], 1, DIGITS) == SN_OK;
}

/* The same numbers come again and again: those seen last, by their hash. */
enum { EFFECTS = 1024 };

/* `a` alone, or with `b`; owned by `effects`. */
static const struct effect *fixed_point(struct effect effects[EFFECTS],
    const struct cmd_audit_finding *a, const struct cmd_audit_finding *b)
{
    double x[2] = {
        a->verdict.value[a->dtype], b ? b->verdict.value[b->dtype] : NAN};
    enum audit_constant constant = a->literal.constant;
    uint64_t hash[2];
    memcpy(hash, x, sizeof hash);
    hash[0] = (hash[0] + 3 * hash[1] + (unsigned)constant) *
              UINT64_C(0x9e3779b97f4a7c15);
    struct effect *effect = &effects[hash[0] >> 54];
    if (!effect->known || effect->constant != constant ||
        memcmp(effect->x, x, sizeof x)) {
        if (effect->known)
            cmd_shown_clear(effect->shown, SHOWN);
        effect->known = true;
        effect->constant = constant;
        memcpy(effect->x, x, sizeof x);
        cmd_shown_init(effect->shown, SHOWN);
        effect->proven = find_fixed_point(effect);
    }
    return effect;
}

static json_t *fixed_point_json(const struct effect *effect)
{
    const struct cmd_shown *shown = effect->shown;
    return effect->proven
               ? json_pack("{s:o, s:o, s:o}", "mean",
                     cmd_shown_json(&shown[MEAN]), "variance",
                     cmd_shown_json(&shown[VARIANCE]), "variance_minus_1",
                     cmd_shown_json(&shown[MOVE]))
               : json_null();
}

static json_t *to_json(
    const struct cmd_audit_finding *f, struct effect effects[EFFECTS])
{
    static const char *const state[] = {"rounded", "truncated", "wrong"};
    const struct audit_verdict *verdict = &f->verdict;
    const struct audit_literal *literal = &f->literal;
    char constant[32];
    json_t *ulps = json_object(), *correct = json_object();
    for (int i = 0; i < AUDIT_FORMATS; i++) {
        const char *format = num_formats[i].name;
        json_object_set_new(ulps, format, json_integer(verdict->ulps[i]));
        json_object_set_new(correct, format, json_boolean(!verdict->ulps[i]));
    }
    snprintf(constant, sizeof constant, "%s%s", literal->negative ? "-" : "",
        audit_constant_names[literal->constant]);
    json_t *row = json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:b, s:o, s:o}",
        "file", f->file ? cli_json_text(f->file) : json_null(), "line",
        f->file ? json_integer((json_int_t)literal->line) : json_null(),
        "column",
        f->file ? json_integer((json_int_t)literal->column) : json_null(),
        "literal", cli_json_text(literal->text), "constant", constant, "dtype",
        num_formats[f->dtype].name, "ok", f->right, "ulps", ulps,
        "correctly_rounded", correct);
    if (verdict->digits != AUDIT_DIGITS_HEX)
        json_object_set_new(row, "digits",
            json_pack("{s:i, s:s, s:o}", "significant", literal->digits, "are",
                state[verdict->digits], "wrong_from",
                verdict->wrong_from ? json_integer(verdict->wrong_from)
                                    : json_null()));
    json_object_set_new(
        row, "fixed_point", fixed_point_json(fixed_point(effects, f, NULL)));
    if (f->partner) {
        const struct audit_literal *other = &f->partner->literal;
        json_object_set_new(row, "pair",
            json_pack("{s:o, s:o, s:o}", "literal", cli_json_text(other->text),
                "line",
                f->file ? json_integer((json_int_t)other->line) : json_null(),
                "fixed_point",
                fixed_point_json(fixed_point(effects, f, f->partner))));
    }
    return row;
}

static void print_fixed_point(FILE *out, const struct effect *effect)
{
    const struct cmd_shown *shown = effect->shown;
    if (effect->proven) {
        const char *move = shown[MOVE].value;
        bool below = *move == '-';
        fprintf(out, "fixed point (%s, 1 %c %s)\n", shown[MEAN].value,
            below ? '-' : '+', move + below);
    } else {
        fputs("no fixed point proven near (0, 1)\n", out);
    }
}

static void print_finding(FILE *out, const struct cmd_audit_finding *f,
    struct effect effects[EFFECTS])
{
    const struct audit_literal *literal = &f->literal;
    const struct audit_verdict *verdict = &f->verdict;
    if (f->file)
        fprintf(out, "%s:%zu:%zu: ", f->file, literal->line, literal->column);
    fprintf(out, "%s for %s%s: %s for %s\n", literal->text,
        literal->negative ? "-" : "", audit_constant_names[literal->constant],
        f->right ? "correctly rounded" : "NOT correctly rounded",
        num_formats[f->dtype].name);
    fprintf(out, "    %+" PRId64 " ULP in f32, %+" PRId64 " in f64",
        verdict->ulps[AUDIT_F32], verdict->ulps[AUDIT_F64]);
    if (f->dtype > AUDIT_F32)
        fprintf(out, ", %+" PRId64 " in %s", verdict->ulps[f->dtype],
            num_formats[f->dtype].name);
    if (verdict->digits == AUDIT_DIGITS_WRONG)
        fprintf(out, "; %d digits, wrong from digit %d on\n", literal->digits,
            verdict->wrong_from);
    else if (verdict->digits == AUDIT_DIGITS_HEX)
        fputs("; hexadecimal\n", out);
    else
        fprintf(out, "; %d digits, %s\n", literal->digits,
            verdict->digits == AUDIT_DIGITS_ROUNDED ? "rounded" : "truncated");
    fputs("    alone: ", out);
    print_fixed_point(out, fixed_point(effects, f, NULL));
    if (!f->partner)
        return;
    if (f->partner->file)
        fprintf(out, "    with %s of line %zu: ", f->partner->literal.text,
            f->partner->literal.line);
    else
        fprintf(out, "    with %s: ", f->partner->literal.text);
    print_fixed_point(out, fixed_point(effects, f, f->partner));
}

static void show(
    const struct cmd_audit_job *job, struct effect effects[EFFECTS])
{
    size_t refused = json_array_size(job->unreadable);
    bool ok = !job->wrong && !refused;
    if (job->cli.json) {
        json_t *document = cli_json(&job->cli), *rows = json_array();
        for (size_t k = 0; k < job->count; k++)
            json_array_append_new(rows, to_json(&job->finding[k], effects));
        json_object_set_new(document, "findings", rows);
        json_object_set(document, "unreadable", job->unreadable);
        cli_emit(&job->cli, document, ok);
        return;
    }
    FILE *out = cli_open(&job->cli);
    for (size_t k = 0; k < job->count; k++)
        print_finding(out, &job->finding[k], effects);
    fprintf(out, "%zu literal%s", job->count, job->count == 1 ? "" : "s");
    if (job->files)
        fprintf(out, " in %d file%s", job->files, job->files == 1 ? "" : "s");
    fprintf(out, ", %zu not correctly rounded", job->wrong);
    if (refused)
        fprintf(out, "; %zu unreadable", refused);
    fputc('\n', out);
    cli_close(&job->cli, out);
}

void cmd_audit_show(const struct cmd_audit_job *job)
{
    struct effect *effects = calloc(EFFECTS, sizeof *effects);
    if (!effects)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    show(job, effects);
    for (int i = 0; i < EFFECTS; i++)
        if (effects[i].known)
            cmd_shown_clear(effects[i].shown, SHOWN);
    free(effects);
}
