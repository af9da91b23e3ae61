/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the paper's figures, as text and as JSON. */
#include "cli/commands/prove/prove.h"
#include "fixedpoint/proofs/figures/figures.h"
#include <string.h>

static const char *const verdict[FIGURE_VERDICTS] = {
    "undecided", "right", "loose", "slip", "WRONG", "not judged"};

static bool is_gain(const struct figure_figure *f)
{
    return f->kind == FIGURE_GAIN_STD || f->kind == FIGURE_GAIN_RMS;
}

static const char *relation(const struct figure_figure *f)
{
    return is_gain(f)                    ? "is"
           : f->kind == FIGURE_UNDEFINED ? "has"
           : f->kind == FIGURE_EXTREMUM  ? f->sense > 0 ? "max" : "min"
           : f->kind == FIGURE_ATTAINED  ? "takes"
           : f->sense > 0                ? "<="
                                         : ">=";
}

enum { END = 64 };

/* 15 digits, or a few more than are printed of a longer figure. */
static void ends(char text[2][END], const struct figure_figure *f,
    const struct figure_result *r)
{
    int printed = (int)strlen(f->printed);
    int digits = printed < 15 ? 15 : printed < 34 ? printed + 1 : 35;
    mpfr_snprintf(text[0], END, "%.*RDg", digits, r->extremum.lower);
    mpfr_snprintf(text[1], END, "%.*RUg", digits, r->extremum.upper);
    for (int i = 0; i < 2; i++)
        if (!strcmp(text[i], "-0"))
            strcpy(text[i], "0"); /* of either sign */
}

static void print_row(
    FILE *out, const struct figure_figure *f, const struct figure_result *r)
{
    char end[2][END];
    ends(end, f, r);
    bool has = f->kind != FIGURE_UNDEFINED;
    fprintf(out, "%-12s %s%s%s\n", f->where, f->what, has ? ", " : "",
        has ? f->region->name : "");
    fprintf(out, "  %5s %-22s ", relation(f), f->printed);
    if (has)
        fprintf(out, "%s in [%s, %s]  ",
            is_gain(f)     ? "value"
            : f->sense > 0 ? "largest"
                           : "smallest",
            end[0], end[1]);
    fputs(verdict[r->verdict], out);
    if (is_gain(f) && r->verdict != FIGURE_RIGHT)
        fprintf(out, ", off by %.2g of it", r->off);
    if (r->verdict == FIGURE_LOOSE)
        fprintf(out, " by %.4g", r->factor);
    fputc('\n', out);
    if (r->has_value && !r->is_there)
        fprintf(out,
            "        at mu %s, omega %s, nu %s, tau %s it is %.8g instead\n",
            f->at[0], f->at[1], f->at[2], f->at[3], r->value);
    if (f->note)
        fprintf(out, "        %s\n", f->note);
}

static json_t *json_row(
    const struct figure_figure *f, const struct figure_result *r)
{
    char end[2][END];
    ends(end, f, r);
    bool has = f->kind != FIGURE_UNDEFINED;
    json_t *row = json_pack("{s:s, s:s, s:s?, s:s, s:s, s:s, s:s?, s:s?, s:s}",
        "where", f->where, "what", f->what, "formula", f->formula, "domain",
        f->region->name, "relation", relation(f), "printed", f->printed,
        "lower", has ? end[0] : NULL, "upper", has ? end[1] : NULL, "verdict",
        verdict[r->verdict]);
    if (is_gain(f))
        json_object_set_new(row, "off", json_real(r->off));
    if (r->verdict == FIGURE_LOOSE)
        json_object_set_new(row, "factor", json_real(r->factor));
    if (r->has_value)
        json_object_set_new(row, "value_at_place", json_real(r->value));
    if (f->note)
        json_object_set_new(row, "note", json_string(f->note));
    return row;
}

bool cmd_prove_figures(
    FILE *out, json_t *rows, struct claim_prover *prover, bool (*go_on)(void))
{
    int count[FIGURE_VERDICTS] = {0};
    bool all = true;
    const struct figure_figure *figure;
    size_t figures = 0;
    for (; all && (figure = figure_at(figures)); figures++) {
        struct figure_result result;
        all = !figure_judge(&result, figure, prover) && go_on();
        count[result.verdict]++;
        if (out)
            print_row(out, figure, &result);
        else
            json_array_append_new(rows, json_row(figure, &result));
        figure_result_clear(&result);
    }
    if (out) {
        fprintf(out, "\n%zu figures:", figures);
        for (int i = 1; i <= FIGURE_VERDICTS; i++)
            fprintf(out, "%s %d %s", i > 1 ? "," : "",
                count[i % FIGURE_VERDICTS], verdict[i % FIGURE_VERDICTS]);
        fputs(".\n\n", out);
    }
    return all && !count[FIGURE_OPEN];
}
