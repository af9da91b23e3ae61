/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the paper's figures. */
#include "cli/commands/prove/prove.h"
#include "fixedpoint/proofs/figures/figures.h"
#include <stdlib.h>
#include <string.h>

static const char *const figure_verdict[FIGURE_VERDICTS] = {
    "undecided", "right", "loose", "slip", "WRONG", "not judged"};

static const char *const figure_source[FIGURE_SOURCES] = {
    [FIGURE_PAPER] = "of the paper",
    [FIGURE_ARGUMENTS] = "of the paper's arguments",
    [FIGURE_AUTHORS] = "of the authors' programs",
    [FIGURE_NFNETS] = "of NFNets",
    [FIGURE_E3NN] = "of e3nn",
    [FIGURE_PYTORCH] = "of PyTorch",
};

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
    json_t *row =
        json_pack("{s:s, s:s, s:s, s:s?, s:s, s:s, s:s, s:s?, s:s?, s:s}",
            "source", figure_source[f->source], "where", f->where, "what",
            f->what, "formula", f->formula, "domain", f->domain, "relation",
            figure_relation(f), "printed", f->printed, "lower",
            has ? end[0] : NULL, "upper", has ? end[1] : NULL, "verdict",
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

struct figure_counts {
    int of[FIGURE_SOURCES][FIGURE_VERDICTS];
};

/* "31 figures: 20 right, ..." */
static void count_line(FILE *out, const char *what, const int *count)
{
    int figures = 0;
    for (int i = 0; i < FIGURE_VERDICTS; i++)
        figures += count[i];
    fprintf(out, "%d %s", figures, what);
    for (int i = 1; i <= FIGURE_VERDICTS; i++)
        fprintf(out, "%s %d %s", i > 1 ? "," : ":", count[i % FIGURE_VERDICTS],
            figure_verdict[i % FIGURE_VERDICTS]);
}

/* A line for each source, the paper's first, then all of them. */
static json_t *count_lines(const struct figure_counts *counts)
{
    char *text = NULL;
    size_t size;
    int all[FIGURE_VERDICTS] = {0};
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (int k = 0; k < FIGURE_SOURCES; k++) {
        count_line(out, figure_source[k], counts->of[k]);
        fputs(".\n", out);
        for (int i = 0; i < FIGURE_VERDICTS; i++)
            all[i] += counts->of[k][i];
    }
    count_line(out, "figures", all);
    json_t *lines = fclose(out) ? NULL : json_string(text);
    free(text);
    return lines;
}

static json_t *count_tree(const struct figure_counts *counts)
{
    json_t *tree = json_object();
    for (int k = 0; k < FIGURE_SOURCES; k++) {
        json_t *source = json_object();
        for (int i = 0; i < FIGURE_VERDICTS; i++)
            json_object_set_new(
                source, figure_verdict[i], json_integer(counts->of[k][i]));
        json_object_set_new(tree, figure_source[k], source);
    }
    return tree;
}

json_t *cmd_prove_figures(bool *decided, struct claim_prover *prover,
    bool only_wrong, bool (*go_on)(void))
{
    struct figure_counts counts = {{{0}}};
    bool all = true, open = false;
    struct figure_figure figure;
    enum claim_mistake mistake;
    json_t *rows = json_array();
    for (size_t i = 0; all && figure_at(&figure, &mistake, i); i++) {
        struct figure_result result;
        all = !mistake && !figure_judge(&result, &figure, prover) && go_on();
        counts.of[figure.source][result.verdict]++;
        open |= result.verdict == FIGURE_OPEN;
        if (!only_wrong || result.verdict == FIGURE_WRONG)
            json_array_append_new(rows, figure_tree(&figure, &result));
        figure_result_clear(&result);
        figure_free(&figure);
    }
    *decided = all && !open;
    return json_pack("{s:o, s:o, s:o*}", "figures", rows, "figure_counts",
        count_tree(&counts), ".figure_count", count_lines(&counts));
}
