/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the paper's figures. */
#include "cli/commands/prove/prove.h"
#include "fixedpoint/proofs/figures/figures.h"
#include <string.h>

static const char *const figure_verdict[FIGURE_VERDICTS] = {
    "undecided", "right", "loose", "slip", "WRONG", "not judged"};

static bool is_gain(const struct figure_figure *f)
{
    return f->kind >= FIGURE_GAIN_STD && f->kind < FIGURE_UNDEFINED;
}

static const char *figure_relation(const struct figure_figure *f)
{
    return is_gain(f)                    ? "is"
           : f->kind == FIGURE_UNDEFINED ? "has"
           : f->kind == FIGURE_EXTREMUM  ? f->sense > 0 ? "max" : "min"
           : f->kind == FIGURE_ATTAINED  ? "takes"
           : f->sense > 0                ? "<="
                                         : ">=";
}

enum { FIGURE_END = 64 };

/* 15 digits, or a few more than are printed of a longer figure. */
static void figure_ends(char text[2][FIGURE_END],
    const struct figure_figure *f, const struct figure_result *r)
{
    int printed = (int)strlen(f->printed);
    int digits = printed < 15 ? 15 : printed < 34 ? printed + 1 : 35;
    mpfr_snprintf(text[0], FIGURE_END, "%.*RDg", digits, r->extremum.lower);
    mpfr_snprintf(text[1], FIGURE_END, "%.*RUg", digits, r->extremum.upper);
    for (int i = 0; i < 2; i++)
        if (!strcmp(text[i], "-0"))
            strcpy(text[i], "0"); /* of either sign */
}

static json_t *figure_tree(
    const struct figure_figure *f, const struct figure_result *r)
{
    char end[2][FIGURE_END];
    figure_ends(end, f, r);
    bool has = f->kind != FIGURE_UNDEFINED;
    json_t *row = json_pack("{s:s, s:s, s:s?, s:s, s:s, s:s, s:s?, s:s?, s:s}",
        "where", f->where, "what", f->what, "formula", f->formula, "domain",
        f->domain, "relation", figure_relation(f), "printed", f->printed,
        "lower", has ? end[0] : NULL, "upper", has ? end[1] : NULL, "verdict",
        figure_verdict[r->verdict]);
    if (is_gain(f))
        json_object_set_new(row, "off", json_real(r->off));
    if (r->verdict == FIGURE_LOOSE)
        json_object_set_new(row, "factor", json_real(r->factor));
    if (r->has_value)
        json_object_set_new(row, "value_at_place", json_real(r->value));
    if (f->note)
        json_object_set_new(row, "note", json_string(f->note));
    json_object_set_new(row, ".of",
        json_string(is_gain(f)     ? "value"
                    : f->sense > 0 ? "largest"
                                   : "smallest"));
    json_object_set_new(
        row, ".off", json_boolean(is_gain(f) && r->verdict != FIGURE_RIGHT));
    if (r->has_value && !r->is_there)
        json_object_set_new(row, ".instead",
            json_sprintf(
                "at mu %s, omega %s, nu %s, tau %s it is %.8g instead",
                f->at[0], f->at[1], f->at[2], f->at[3], r->value));
    return row;
}

/* "31 figures: 20 right, ..." */
static json_t *count_line(size_t figures, const int count[FIGURE_VERDICTS])
{
    char line[300];
    int used = snprintf(line, sizeof line, "%zu figures:", figures);
    for (int i = 1; i <= FIGURE_VERDICTS; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, "%s %d %s",
            i > 1 ? "," : "", count[i % FIGURE_VERDICTS],
            figure_verdict[i % FIGURE_VERDICTS]);
    return json_string(line);
}

json_t *cmd_prove_figures(
    bool *decided, struct claim_prover *prover, bool (*go_on)(void))
{
    int count[FIGURE_VERDICTS] = {0};
    bool all = true;
    struct figure_figure figure;
    enum claim_mistake mistake;
    size_t figures = 0;
    json_t *rows = json_array();
    for (; all && figure_at(&figure, &mistake, figures); figures++) {
        struct figure_result result;
        all = !mistake && !figure_judge(&result, &figure, prover) && go_on();
        count[result.verdict]++;
        json_array_append_new(rows, figure_tree(&figure, &result));
        figure_result_clear(&result);
        figure_free(&figure);
    }
    *decided = all && !count[FIGURE_OPEN];
    return json_pack("{s:o, s:o}", "figures", rows, ".figure_count",
        count_line(figures, count));
}
