/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Right values in the wrong place, or on top of what was there. */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>
#include <stdlib.h>

static bool deviates(const struct diag_sample *s, const void *ctx)
{
    (void)ctx;
    return s->deviates;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where results are wrong they are, sorted, the right values of there. */
static void permutation(struct diag_evidence *e)
{
    double *y = malloc((e->n + 1) * sizeof *y);
    double *want = malloc((e->n + 1) * sizeof *want);
    size_t n = 0, same = 0;
    for (size_t i = 0; y && want && i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (isnan(s->y) || isnan(s->want) || fabs(s->error) <= 16)
            continue;
        y[n] = s->y;
        want[n++] = s->want;
    }
    if (n >= DIAG_SUPPORT) {
        qsort(y, n, sizeof *y, by_value);
        qsort(want, n, sizeof *want, by_value);
        for (size_t i = 0; i < n; i++)
            same += fabs(y[i] - want[i]) <=
                    16 * diag_unit(e->dtype, fmax(fabs(y[i]), fabs(want[i])));
    }
    /* values that are all alike are in no order */
    const bool alike = n && want[0] == want[n - 1];
    free(y);
    free(want);
    if (n < DIAG_SUPPORT || same < n - n / 20 || alike)
        return;
    diag_name_those(e, DIAG_PERMUTATION, deviates, NULL,
        (double[CONF_VALUES]){(double)same, (double)n});
    e->another = true;
}

/* How many are within a few units of f(x) + more. */
static size_t count_at(
    const struct diag_evidence *e, const double *y, double more)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++) {
        const double want = e->sample[i].want + more;
        const double size = fmax(fabs(e->sample[i].want), fabs(more));
        n += fabs(y[i] - want) <= 4 * diag_unit(e->dtype, size);
    }
    return n;
}

/* dx += ...: what the outputs held before shows in the results. */
static void accumulation(struct diag_evidence *e)
{
    size_t nan = 0;
    for (size_t i = 0; i < e->n; i++)
        nan += isnan(e->sample[i].y) ? 1 : 0;
    if (nan < e->n * 9 / 10 ||
        !subject_can(e->question->subject, SUBJECT_MEMORY))
        return;
    double *y = malloc((e->n + 1) * sizeof *y);
    size_t plain = 0, added = 0;
    if (y && diag_call_again(e, y, 0))
        plain = count_at(e, y, 0);
    if (y && plain && diag_call_again(e, y, 1))
        added = count_at(e, y, 1);
    free(y);
    if (plain < DIAG_SUPPORT || plain < e->n * 9 / 10 ||
        added < plain * 9 / 10)
        return;
    diag_name_those(e, DIAG_ACCUMULATES, deviates, NULL,
        (double[CONF_VALUES]){(double)plain, (double)added, (double)e->n});
    e->another = true;
}

/* ---- a table of powers of 2 ----------------------------------------------
 */

struct table_entry {
    int entries, at;
    double w;
};

/* Which entry of a table of 2^(i/n) e^x takes. */
static int entry_of(double x, double w, int entries)
{
    const double k = nearbyint(x / w * 1.4426950408889634 * entries);
    const int i = (int)fmod(k, entries);
    return i < 0 ? i + entries : i;
}

static bool is_of_entry(const struct diag_sample *s, const void *ctx)
{
    const struct table_entry *table = ctx;
    return s->deviates && isfinite(s->x) && s->x < 0 &&
           entry_of(s->x, table->w, table->entries) == table->at;
}

/* All that deviates takes one entry, and all that takes it deviates. */
static void wrong_entry(struct diag_evidence *e)
{
    const double w = diag_width(e);
    double lowest = 0; /* beyond, an error of e^x is none of e^x - 1 */
    for (size_t i = 0; i < e->n; i++)
        if (e->sample[i].deviates && e->sample[i].x > -30 * w)
            lowest = fmin(lowest, e->sample[i].x);
    for (int entries = 16; entries <= 2048; entries *= 2) {
        size_t count[2048] = {0}, all[2048] = {0}, fresh = 0;
        for (size_t i = 0; i < e->n; i++) {
            const struct diag_sample *s = &e->sample[i];
            if (!(s->x < -0.35 * w && s->x >= lowest))
                continue;
            const int at = entry_of(s->x, w, entries);
            all[at]++;
            count[at] += s->deviates && !s->explained;
            fresh += s->deviates && !s->explained;
        }
        for (int at = 0; at < entries; at++)
            if (count[at] >= DIAG_SUPPORT && count[at] * 20 >= fresh * 19 &&
                count[at] * 10 >= all[at] * 8) {
                diag_name_those(e, DIAG_TABLE_ENTRY, is_of_entry,
                    &(struct table_entry){entries, at, w},
                    (double[CONF_VALUES]){at, entries, (double)count[at],
                        (double)all[at], (double)fresh});
                return;
            }
    }
}

/* ---- neighbours ----------------------------------------------------------
 */

/* The worst result of the sweep is right where all inputs are that one, and no
   fault of memory or conduct explains that. */
void diag_company(struct diag_evidence *e)
{
    const struct diag_question *question = e->question;
    const struct sweep_score *score = &question->sweep->score;
    const double x = score->worst_input;
    double y;
    for (int i = 0; i < e->list->count; i++) {
        const struct diag_row *row = &diag_rows[e->list->found[i].row];
        if (row->level == CONF_ERROR &&
            (row->of == DIAG_OF_MEMORY || row->of == DIAG_OF_CONDUCT ||
                row->of == DIAG_OF_PLACE))
            return;
    }
    if (score->max_ulp > question->limit && isfinite(x) &&
        subject_can(question->subject, SUBJECT_INPUTS) &&
        diag_call_among_equals(e, &y, x) &&
        conf_reference_ulp(e->reference, e->dtype, x, y) <= question->limit)
        DIAG_ADD(e->list, DIAG_COMPANY_WRONG, x, y, score->worst_got);
}

void diag_orders(struct diag_evidence *e)
{
    accumulation(e);
    if (!e->another)
        permutation(e);
    if (!e->another)
        wrong_entry(e);
}
