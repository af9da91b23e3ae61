/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a result depends on its company: on what stands beside it in a
 * vector, whose lanes may vote for a path; on calls before it in the process;
 * on another thread that is in the kernel at the same time.
 */
#include "verify/conformance/structure/calls.h"
#include <stdlib.h>
#include <string.h>

/* Each input of the period many times in a row, the smallest first. */
enum { IN_A_ROW = 31 };

static int by_input(const void *a, const void *b)
{
    const double x = structure_input(*(const size_t *)a);
    const double y = structure_input(*(const size_t *)b);
    return (x > y) - (x < y);
}

void structure_sorted(struct structure_calls *b, struct conf_finding *finding)
{
    enum { SORTED_N = STRUCTURE_PERIOD * IN_A_ROW };
    size_t order[STRUCTURE_PERIOD];
    if (!structure_ready(b, finding))
        return;
    for (size_t i = 0; i < STRUCTURE_PERIOD; i++)
        order[i] = i;
    qsort(order, STRUCTURE_PERIOD, sizeof *order, by_input);
    for (size_t i = 0; i < SORTED_N; i++) {
        const size_t k = order[i / IN_A_ROW];
        structure_set(b, subject_x(b->session), i, structure_input(k));
        structure_set(b, subject_dy(b->session), i, structure_dy(b, k));
    }
    structure_poison(b);
    if (!structure_call(b, finding, &(struct subject_call){.n = SORTED_N}))
        return;
    for (size_t i = 0; i < SORTED_N; i++) {
        const size_t k = order[i / IN_A_ROW];
        const void *out = subject_out(b->session);
        if (structure_same(b, out, i, b->base, k))
            continue;
        const double x = structure_input(k), got = structure_get(b, out, i);
        const bool off = structure_is_off(b, x, got / structure_dy(b, k));
        conf_fail(finding, off ? DIAG_VOTE_WRONG : DIAG_VOTE,
            CONF_FACT(CONF_FACT_SORTED, x, got, structure_get(b, b->base, k)));
        return;
    }
}

/* In a process of its own. */
void structure_first_call(
    struct structure_calls *b, struct conf_finding *finding)
{
    subject_close(b->session);
    b->session = NULL;
    if (!structure_ready(b, finding))
        return;
    structure_fill(b);
    structure_fill_dy(b);
    structure_poison(b);
    if (!structure_call(
            b, finding, &(struct subject_call){.n = STRUCTURE_PERIOD}))
        return;
    for (size_t i = 0; i < STRUCTURE_PERIOD; i++) {
        const void *out = subject_out(b->session);
        if (structure_same(b, out, i, b->base, i))
            continue;
        conf_fail(finding, DIAG_FIRST_CALL,
            CONF_FACT(CONF_FACT_FIRST_CALL, structure_input(i),
                structure_get(b, out, i), structure_get(b, b->base, i)));
        return;
    }
}

/* Each takes half of the arrays; who shares memory with the other is told. */
void structure_two_at_once(
    struct structure_calls *b, struct conf_finding *finding)
{
    const struct subject_call call = {.n = SUBJECT_BLOCK, .two_threads = true};
    if (!structure_ready(b, finding))
        return;
    char *out = subject_out(b->session);
    for (size_t i = 0; i < SUBJECT_BLOCK; i++) {
        structure_set(b, subject_x(b->session), i, structure_input(i));
        structure_set(b, subject_dy(b->session), i, structure_dy(b, i));
        memcpy(out + i * b->size, b->base + i % STRUCTURE_PERIOD * b->size,
            b->size);
    }
    if (!structure_call(b, finding, &call))
        return;
    for (size_t i = 0; i < SUBJECT_BLOCK; i++) {
        const char *want = b->base + i % STRUCTURE_PERIOD * b->size;
        if (structure_same(b, out, i, want, 0))
            continue;
        conf_fail(finding, DIAG_RACE,
            CONF_FACT(CONF_FACT_RACE, (double)i, structure_input(i),
                structure_get(b, out, i), structure_get(b, want, 0)));
        return;
    }
}
