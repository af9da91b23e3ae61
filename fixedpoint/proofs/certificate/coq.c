/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the cuts of a search to Coq: a lemma for every box that was not cut,
 * with what erfc is at the ends of its arguments, and one for all of them.
 * Nothing here is trusted: a number that is too narrow fails in Coq.
 */
#include "fixedpoint/proofs/certificate/coq.h"
#include "fixedpoint/proofs/claims/definitions.h"
#include <stdlib.h>
#include <string.h>

/* An inequality in Coq's words, and in those of definitions.c. */
struct coq_row {
    const char *name, *term, *formula, *relation, *limit;
    const char *m[2], *v[2];
};

#define ALL_M                                                                 \
    {                                                                         \
        "-0.01", "0.01"                                                       \
    }
#define ALL_V                                                                 \
    {                                                                         \
        "0.76", "1.65"                                                        \
    }
#define LOW_M                                                                 \
    {                                                                         \
        "-0.01", "-0.01"                                                      \
    }
#define LOW_V                                                                 \
    {                                                                         \
        "0.76", "0.76"                                                        \
    }
#define HIGH_M                                                                \
    {                                                                         \
        "0.01", "0.01"                                                        \
    }
#define HIGH_V                                                                \
    {                                                                         \
        "1.65", "1.65"                                                        \
    }

/*
 * Below v = 0.88 tau is at most v/0.8, from there on 1.1.  Limits of slopes
 * are 0; those of the corners are in_image of formal/Statements.v, that of the
 * norm is the square of its rate.
 */
static const struct coq_row coq_rows[] = {
    {"Near", "frobenius m v (v / 0.8)", "coq_frobenius(v/0.8)", "<", "0.9025",
        ALL_M, {"0.76", "0.88"}},
    {"Middle", "frobenius m v 1.1", "coq_frobenius(1.1)", "<", "0.9025", ALL_M,
        {"0.88", "1.1"}},
    {"Far", "frobenius m v 1.1", "coq_frobenius(1.1)", "<", "0.9025", ALL_M,
        {"1.1", "1.65"}},
    {"MeanM", "slope_M_m m v", "coq_M_m", ">", "0", ALL_M, ALL_V},
    {"MeanV", "slope_M_v m v", "coq_M_v", ">", "0", ALL_M, ALL_V},
    {"SecondM", "slope_S_m m v", "coq_S_m", ">", "0", ALL_M, ALL_V},
    {"SecondV", "slope_S_v m v", "coq_S_v", ">", "0", ALL_M, ALL_V},
    {"MeanLow", "mean01 m v", "coq_M", ">", "-0.03107", LOW_M, LOW_V},
    {"MeanHigh", "mean01 m v", "coq_M", "<", "0.06773", HIGH_M, HIGH_V},
    {"SecondLow", "second01 m v", "coq_S", ">", "0.80467", LOW_M, LOW_V},
    {"SecondHigh", "second01 m v", "coq_S", "<", "1.48617", HIGH_M, HIGH_V},
};
enum { COQ_ROWS = sizeof coq_rows / sizeof *coq_rows };

const char *cert_coq_name(size_t number)
{
    return number < COQ_ROWS ? coq_rows[number].name : NULL;
}

/* A box by its ends in decimals: the row's own, or a cut. */
struct coq_box {
    char end[2][2][32]; /* of m and v */
};

struct coq_file {
    FILE *out;
    const struct coq_row *row;
    const struct claim_part_result *found;
    long boxes; /* written */
};

/* ---- enclosures ----------------------------------------------------- */

enum { COQ_DIGITS = 8, COQ_PRECISION = 64 };

/* A decimal beyond x by more than Coq's rounding. */
static void put_beyond(FILE *out, mpfr_ptr x, bool up)
{
    mpfr_t y;
    mpfr_init2(y, COQ_PRECISION);
    if (up)
        mpfr_add_d(y, x, 5e-9, MPFR_RNDU);
    else
        mpfr_sub_d(y, x, 5e-9, MPFR_RNDD);
    char text[40];
    mpfr_snprintf(text, sizeof text, up ? "%.*RUf" : "%.*RDf", COQ_DIGITS, y);
    fprintf(out, " (%s)", text);
    mpfr_set_str(x, text, 10, up ? MPFR_RNDU : MPFR_RNDD);
    mpfr_clear(y);
}

/* An interval for z, and one for erfc of all of that. */
static void put_argument(FILE *out, mpfi_ptr z)
{
    fputs("\n   ", out);
    put_beyond(out, &z->left, false);
    put_beyond(out, &z->right, true);
    mpfr_erfc(&z->left, &z->left, MPFR_RNDU);
    mpfr_erfc(&z->right, &z->right, MPFR_RNDD);
    put_beyond(out, &z->right, false);
    put_beyond(out, &z->left, true);
}

/* m/sqrt(2v), that plus sqrt(v/2), that plus sqrt(2v). */
static void put_arguments(FILE *out, const struct coq_box *box)
{
    mpfi_t m, v, shift, z;
    mpfi_ptr all[] = {m, v, shift, z};
    for (int i = 0; i < 4; i++)
        mpfi_init2(all[i], COQ_PRECISION);
    for (int i = 0; i < 2; i++) {
        mpfi_set_str(shift, box->end[i][0], 10);
        mpfi_set_str(all[i], box->end[i][1], 10);
        mpfi_union(all[i], all[i], shift);
    }
    for (int c = 0; c < 3; c++) {
        mpfi_mul_2si(shift, v, 1);
        mpfi_sqrt(shift, shift);
        mpfi_div(z, m, shift);
        mpfi_mul_d(shift, shift, c / 2.0);
        mpfi_add(z, z, shift);
        put_argument(out, z);
    }
    for (int i = 0; i < 4; i++)
        mpfi_clear(all[i]);
}

/* ---- lemmas --------------------------------------------------------- */

static void put_claim(
    const struct coq_file *f, const struct coq_box *box, const char *name)
{
    fprintf(f->out,
        "Lemma %s m v : %s <= m <= %s -> %s <= v <= %s ->\n"
        "  %s %s %s.\n",
        name, box->end[0][0], box->end[0][1], box->end[1][0], box->end[1][1],
        f->row->term, f->row->relation, f->row->limit);
}

/* The box of node `at`, or those of its halves. */
static void put_boxes(struct coq_file *f, size_t at, const struct coq_box *box)
{
    const struct search_node *node = &f->found->tree.node[at];
    if (node->axis >= 0) {
        int i = f->found->axis[node->axis] == IV_V;
        struct coq_box half[2] = {*box, *box};
        snprintf(
            half[0].end[i][1], sizeof half[0].end[i][1], "%.6f", node->at);
        strcpy(half[1].end[i][0], half[0].end[i][1]);
        for (size_t k = 0; k < 2; k++)
            put_boxes(f, node->half + k, &half[k]);
        return;
    }
    char name[32];
    snprintf(name, sizeof name, "box_%ld", f->boxes++);
    put_claim(f, box, name);
    fputs("Proof. intros. box m v", f->out);
    put_arguments(f->out, box);
    fputs(". Qed.\n", f->out);
}

/* The same walk: which half a point is in. */
static void put_cover(struct coq_file *f, size_t at)
{
    const struct search_node *node = &f->found->tree.node[at];
    if (node->axis < 0) {
        fprintf(f->out, "apply box_%ld; lra", f->boxes++);
        return;
    }
    fprintf(f->out, "destruct (Rle_dec %s (%.6f));\n  [",
        iv_coordinate[f->found->axis[node->axis]], node->at);
    put_cover(f, node->half);
    fputs("\n  |", f->out);
    put_cover(f, node->half + 1);
    fputs("]", f->out);
}

static void put_file(struct coq_file *f)
{
    const struct coq_row *row = f->row;
    struct coq_box whole;
    for (int i = 0; i < 2; i++) {
        snprintf(whole.end[0][i], sizeof whole.end[0][i], "%s", row->m[i]);
        snprintf(whole.end[1][i], sizeof whole.end[1][i], "%s", row->v[i]);
    }
    fprintf(f->out, "(* Written by selfnorm prove theorem1 --coq. *)\n"
                    "From Coq Require Import Reals Lra.\n"
                    "From Coquelicot Require Import Coquelicot.\n"
                    "From Interval Require Import Tactic.\n"
                    "From Selfnorm Require Import Enclosure.\n"
                    "Open Scope R_scope.\n\n");
    put_boxes(f, 0, &whole);
    f->boxes = 0;
    fputs("\n", f->out);
    put_claim(f, &whole, "all");
    fputs("Proof.\n  intros.\n  ", f->out);
    put_cover(f, 0);
    fputs(".\nQed.\n", f->out);
}

enum sn_status cert_coq_write(
    FILE *out, size_t number, struct claim_prover *prover)
{
    const struct coq_row *row = &coq_rows[number];
    const struct search_options usual = prover->search;
    const bool keep_tree = prover->keep_tree;
    char *formula = claim_expand(row->formula);
    if (!formula)
        return SN_NO_MEMORY;
    struct claim_part part = {.name = row->name,
        .formula = formula,
        .sense = *row->relation == '<' ? 1 : -1,
        .limit = row->limit};
    for (int end = 0; end < 2; end++) {
        part.domain[IV_M][end] = row->m[end];
        part.domain[IV_V][end] = row->v[end];
    }
    struct claim_part_result found;
    claim_part_result_init(&found);
    prover->search.plain = prover->keep_tree = true;
    prover->search.sharpen = 1;
    enum sn_status status = claim_prove_part(&found, &part, prover);
    prover->search = usual;
    prover->keep_tree = keep_tree;
    if (!status && found.verdict != CLAIM_PROVED)
        status = SN_UNDECIDED;
    struct coq_file file = {.out = out, .row = row, .found = &found};
    if (!status)
        put_file(&file);
    claim_part_result_clear(&found);
    free(formula);
    return status;
}
