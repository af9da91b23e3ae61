/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/audit/audit.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOVED_DIGITS = 6, MOVED_VARIANCE_DIGITS = 24 };

/* Mean, variance and variance - 1 of the fixed point, as far as proven. */
enum { MOVED_MEAN, MOVED_VARIANCE, MOVED_BY, MOVED };
struct audit_effect {
    bool known, proven;
    enum audit_constant constant; /* of x[0] */
    double x[2];                  /* x[1]: the partner's, or NaN */
    struct cmd_shown shown[MOVED];
};

static bool find_fixed_point(struct audit_effect *effect)
{
    struct cmd_shown *shown = effect->shown;
    enum audit_constant constant = effect->constant;
    enum sn_status status;
    if (isnan(effect->x[1])) {
        status = audit_fixed_point_with(shown[MOVED_MEAN].ball,
            shown[MOVED_VARIANCE].ball, constant, effect->x[0],
            CMD_AUDIT_PREC);
    } else {
        arb_t x[2];
        for (int i = 0; i < 2; i++) {
            arb_init(x[i]);
            arb_set_d(x[i], effect->x[i != (int)constant]);
        }
        status = audit_fixed_point_arb(shown[MOVED_MEAN].ball,
            shown[MOVED_VARIANCE].ball, x[0], x[1], CMD_AUDIT_PREC);
        for (int i = 0; i < 2; i++)
            arb_clear(x[i]);
    }
    arb_sub_ui(
        shown[MOVED_BY].ball, shown[MOVED_VARIANCE].ball, 1, CMD_AUDIT_PREC);
    return status == SN_OK &&
           cmd_shown_decide(&shown[MOVED_MEAN], 1, MOVED_DIGITS) == SN_OK &&
           cmd_shown_decide(
               &shown[MOVED_VARIANCE], 1, MOVED_VARIANCE_DIGITS) == SN_OK &&
           cmd_shown_decide(&shown[MOVED_BY], 1, MOVED_DIGITS) == SN_OK;
}

/* The same numbers come again and again: those seen last, by their hash. */
enum { AUDIT_EFFECTS = 1024 };

/* `a` alone, or with `b`; owned by `effects`. */
static const struct audit_effect *fixed_point(
    struct audit_effect effects[AUDIT_EFFECTS],
    const struct cmd_audit_finding *a, const struct cmd_audit_finding *b)
{
    double x[2] = {
        a->verdict.value[a->dtype], b ? b->verdict.value[b->dtype] : NAN};
    enum audit_constant constant = a->literal.constant;
    uint64_t hash[2];
    memcpy(hash, x, sizeof hash);
    hash[0] = (hash[0] + 3 * hash[1] + (unsigned)constant) *
              UINT64_C(0x9e3779b97f4a7c15);
    struct audit_effect *effect = &effects[hash[0] >> 54];
    if (!effect->known || effect->constant != constant ||
        memcmp(effect->x, x, sizeof x)) {
        if (effect->known)
            cmd_shown_clear(effect->shown, MOVED);
        effect->known = true;
        effect->constant = constant;
        memcpy(effect->x, x, sizeof x);
        cmd_shown_init(effect->shown, MOVED);
        effect->proven = find_fixed_point(effect);
    }
    return effect;
}

#define FIXED_POINT                                                           \
    "{#fixed_point}fixed point ({mean.value}, 1 {.sign} {.move}){:}"          \
    "no fixed point proven near (0, 1){/}\n"

const char cmd_audit_text[] =
    "{#findings}{#file}{file}:{line}:{column}: {/}{literal} for {constant}: "
    "{ok?correctly rounded|NOT correctly rounded} for {.type}"
    "{#like}, has the digits of {.}{/}\n"
    "    {ulps.f32:+d} ULP in f32, {ulps.f64:+d} in f64"
    "{#.third}, {.:+d} in {.type}{/}"
    "{#digits}; {significant} digits, {#wrong_from}wrong from digit {.} on{:}"
    "{are}{/}{:}; hexadecimal{/}\n"
    "    alone: " FIXED_POINT
    "{#pair}    with {literal}{#line} of line {.}{/}: " FIXED_POINT "{/}{/}"
    "{.count} literal{#.count=1}{:}s{/}"
    "{#.files} in {.} file{#.files=1}{:}s{/}{/}, "
    "{.wrong} not correctly rounded"
    "{#excused}; {.} excused by a comment{/}"
    "{#.refused}; {.} unreadable{/}\n";

static json_t *fixed_point_json(const struct audit_effect *effect)
{
    const struct cmd_shown *shown = effect->shown;
    const char *move = shown[MOVED_BY].value;
    return effect->proven
               ? json_pack("{s:o, s:o, s:o, s:s, s:s}", "mean",
                     cmd_shown_json(&shown[MOVED_MEAN]), "variance",
                     cmd_shown_json(&shown[MOVED_VARIANCE]),
                     "variance_minus_1", cmd_shown_json(&shown[MOVED_BY]),
                     ".sign", *move == '-' ? "-" : "+", ".move",
                     move + (*move == '-'))
               : json_null();
}

static json_t *finding_tree(const struct cmd_audit_finding *f,
    struct audit_effect effects[AUDIT_EFFECTS])
{
    static const char *const state[] = {"rounded", "truncated", "wrong"};
    const struct audit_verdict *verdict = &f->verdict;
    const struct audit_literal *literal = &f->literal;
    char constant[32], fixed[16];
    json_t *ulps = json_object(), *correct = json_object();
    for (int i = 0; i < AUDIT_FORMATS; i++) {
        const char *format = num_formats[i].name;
        json_object_set_new(ulps, format, json_integer(verdict->ulps[i]));
        json_object_set_new(correct, format, json_boolean(!verdict->ulps[i]));
    }
    const char *type = num_formats[f->dtype].name;
    snprintf(constant, sizeof constant, "%s%s", literal->negative ? "-" : "",
        audit_constant_names[literal->constant]);
    json_t *row = json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:b, s:o, s:o}",
        "file", f->file ? cli_json_text(f->file) : json_null(), "line",
        f->file ? json_integer((json_int_t)literal->line) : json_null(),
        "column",
        f->file ? json_integer((json_int_t)literal->column) : json_null(),
        "literal", cli_json_text(literal->text), "constant", constant, "dtype",
        literal->fixed ? "fixed" : type, "ok", f->right, "ulps", ulps,
        "correctly_rounded", correct);
    if (literal->fixed) {
        snprintf(fixed, sizeof fixed, "q%d", literal->fixed);
        json_object_set_new(
            row, "fraction_bits", json_integer(literal->fixed));
    }
    json_object_set_new(
        row, ".type", json_string(literal->fixed ? fixed : type));
    if (literal->like != literal->constant)
        json_object_set_new(
            row, "like", json_string(audit_constant_names[literal->like]));
    if (verdict->digits != AUDIT_DIGITS_HEX)
        json_object_set_new(row, "digits",
            json_pack("{s:i, s:s, s:o}", "significant", literal->digits, "are",
                state[verdict->digits], "wrong_from",
                verdict->wrong_from ? json_integer(verdict->wrong_from)
                                    : json_null()));
    json_object_set_new(
        row, "fixed_point", fixed_point_json(fixed_point(effects, f, NULL)));
    if (f->dtype > AUDIT_F32 || literal->fixed)
        json_object_set_new(row, ".third",
            json_integer(literal->fixed ? verdict->fixed_ulps
                                        : verdict->ulps[f->dtype]));
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

json_t *cmd_audit_tree(const struct cmd_audit_job *job)
{
    struct audit_effect *effects = calloc(AUDIT_EFFECTS, sizeof *effects);
    json_t *rows = json_array();
    if (!effects)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (size_t k = 0; k < job->count; k++)
        json_array_append_new(rows, finding_tree(&job->finding[k], effects));
    for (int i = 0; i < AUDIT_EFFECTS; i++)
        if (effects[i].known)
            cmd_shown_clear(effects[i].shown, MOVED);
    free(effects);
    const json_int_t refused = (json_int_t)json_array_size(job->unreadable);
    return json_pack("{s:o, s:o, s:o*, s:I, s:I, s:o*, s:o*}", "findings",
        rows, "unreadable", job->unreadable, "excused",
        job->excused ? json_integer((json_int_t)job->excused) : NULL, ".count",
        (json_int_t)job->count, ".wrong", (json_int_t)job->wrong, ".files",
        job->files.count
            ? json_integer((json_int_t)(job->scanned + (size_t)refused))
            : NULL,
        ".refused", refused ? json_integer(refused) : NULL);
}
