/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an error in ULP does not see.  Every array ends at a page that faults
 * (calls flush right) or starts behind one (flush left), what the kernel must
 * not touch is filled with a pattern and looked at afterwards, and outputs
 * start as a NaN that no kernel makes.
 */
#include "verify/conformance/structure/calls.h"
#include <stdlib.h>
#include <string.h>

/* The first call that failed, for a line that repeats it. */
static void note_call(
    struct conf_finding *finding, const struct subject_call *call)
{
    if (!finding->has_call)
        finding->call = *call;
    finding->has_call = true;
}

/* One call on structure_fill()'s inputs. */
static bool call_afresh(struct structure_calls *b,
    struct conf_finding *finding, const struct subject_call *call)
{
    if (!structure_ready(b, finding))
        return false;
    structure_fill(b);
    structure_fill_dy(b);
    structure_poison(b);
    return structure_call(b, finding, call);
}

static bool long_run(struct structure_calls *b, struct conf_finding *finding)
{
    if (!call_afresh(
            b, finding, &(struct subject_call){.n = STRUCTURE_LONG_RUN}))
        return false;
    memcpy(b->base, subject_out(b->session), STRUCTURE_PERIOD * b->size);
    const size_t changed = subject_changed(b->session);
    if (changed)
        conf_fail(finding, DIAG_INPUT_CHANGED,
            CONF_FACT(CONF_FACT_CHANGED, STRUCTURE_LONG_RUN, (double)changed));
    return true;
}

/* Bit k: element i of n stands behind the last whole vector of 4 2^k. */
static unsigned tails_at(size_t n, size_t i)
{
    unsigned tails = 0;
    for (int k = 0; k < STRUCTURE_WIDTHS; k++)
        tails |= (unsigned)(i >= n - n % ((size_t)4 << k)) << k;
    return tails;
}

static void note_place(struct structure_calls *b,
    const struct subject_call *how, size_t i, bool differs)
{
    const unsigned tails = tails_at(how->n, i);
    const size_t input = (how->x_at + i) % STRUCTURE_PERIOD;
    if (!differs) {
        b->stays[input] |= (unsigned char)tails;
        return;
    }
    b->moves[input] = true;
    b->differing++;
    b->longest = how->n > b->longest ? how->n : b->longest;
    b->not_tail |= ~tails;
}

/*
 * All that differs stands behind the last whole vector, of a width that fits
 * into a call, and what differs there once does so in every tail: else it is
 * another matter of place, as of a first vector that begins aligned.
 */
static void tell_tail(struct structure_calls *b, struct conf_finding *bits)
{
    unsigned other = b->not_tail;
    for (size_t i = 0; i < STRUCTURE_PERIOD; i++)
        other |= b->moves[i] ? b->stays[i] : 0u;
    for (int k = 0; k < STRUCTURE_WIDTHS && b->longest > (4u << k); k++)
        if (!(other >> k & 1)) {
            /* who calls with whole vectors alone has one tail, at the end */
            const bool at_the_end =
                b->question->subject->contract.aligned >= (4u << k) * b->size;
            bits->row[at_the_end ? DIAG_TAIL_AT_THE_END : DIAG_TAIL_DIFFERS] =
                bits->row[DIAG_PLACE];
            bits->row[DIAG_PLACE] = false;
            conf_note(
                bits, CONF_FACT(CONF_FACT_TAIL, (double)b->differing, 4 << k));
            return;
        }
}

/* What stands within 2 KiB of either side of the output and is no poison;
   beyond the arrays the guards speak. */
static size_t written_outside(
    const struct structure_calls *b, const struct subject_call *call)
{
    const void *y = subject_out(b->session);
    const size_t near = 2048 / b->size;
    const size_t from = call->out_at > near ? call->out_at - near : 0;
    const size_t to = call->out_at + call->n + near;
    size_t outside = 0;
    for (size_t i = from; i < to && i < SUBJECT_BLOCK; i++)
        if (i < call->out_at || i >= call->out_at + call->n)
            outside += !structure_is_poison(b, y, i);
    return outside;
}

/* After a call on structure_fill()'s inputs: results, surroundings, inputs. */
static void judge_length(struct structure_calls *b,
    struct conf_finding *lengths, struct conf_finding *bits,
    const struct subject_call *call)
{
    const void *y = subject_out(b->session);
    const double n = (double)call->n;
    size_t unwritten = 0, differ = 0, wrong = 0, at = 0;
    for (size_t i = 0; i < call->n; i++) {
        const size_t from = (call->x_at + i) % STRUCTURE_PERIOD;
        if (structure_is_poison(b, y, call->out_at + i)) {
            unwritten++;
        } else if (structure_same(b, y, call->out_at + i, b->base, from)) {
            note_place(b, call, i, false);
        } else {
            const bool off = structure_is_off(b, structure_input(from),
                structure_get(b, y, call->out_at + i) / structure_dy(b, from));
            differ++;
            at = wrong && !off ? at : i;
            wrong += off;
            note_place(b, call, i, true);
        }
    }
    const size_t outside = written_outside(b, call);
    const size_t changed = subject_changed(b->session);
    if (unwritten || outside || changed)
        note_call(lengths, call);
    if (unwritten)
        conf_fail(lengths, DIAG_UNWRITTEN,
            CONF_FACT(CONF_FACT_UNWRITTEN, n, (double)unwritten));
    if (outside)
        conf_fail(lengths, DIAG_OUT_OF_BOUNDS,
            CONF_FACT(CONF_FACT_OUTSIDE, n, (double)outside));
    if (changed)
        conf_fail(lengths, DIAG_INPUT_CHANGED,
            CONF_FACT(CONF_FACT_CHANGED, n, (double)changed));
    if (!differ)
        return;
    note_call(bits, call);
    conf_fail(bits, wrong ? DIAG_PLACE_WRONG : DIAG_PLACE,
        CONF_FACT(CONF_FACT_DIFFERS, n, (double)call->x_at,
            (double)call->out_at, (double)at,
            structure_get(b, y, call->out_at + at),
            structure_get(b, b->base, (call->x_at + at) % STRUCTURE_PERIOD)));
}

/* false: it did not come back. */
static bool one_call(struct structure_calls *b, struct conf_finding *lengths,
    struct conf_finding *bits, const struct subject_call *call)
{
    if (!subject_may(b->question->subject, call, b->size))
        return true;
    if (call_afresh(b, lengths, call)) {
        judge_length(b, lengths, bits, call);
        return true;
    }
    note_call(lengths, call);
    return false; /* the calls before this one ran */
}

/* The long run repeats itself. */
static void same_within_the_run(
    struct structure_calls *b, struct conf_finding *bits)
{
    for (size_t i = STRUCTURE_PERIOD; i < STRUCTURE_LONG_RUN; i++)
        if (!structure_same(b, subject_out(b->session), i, b->base,
                i % STRUCTURE_PERIOD)) {
            const bool off =
                structure_is_off(b, structure_input(i % STRUCTURE_PERIOD),
                    structure_get(b, subject_out(b->session), i) /
                        structure_dy(b, i));
            conf_fail(bits, off ? DIAG_PLACE_WRONG : DIAG_PLACE,
                CONF_FACT(CONF_FACT_ONE_INPUT_DIFFERS, STRUCTURE_LONG_RUN,
                    (double)i, (double)(i % STRUCTURE_PERIOD)));
            return;
        }
}

/* false: a call ended it. */
static bool lengths_and_places(struct structure_calls *b,
    struct conf_finding *lengths, struct conf_finding *bits)
{
    enum { ALIGNMENTS = 16 };
    const size_t aligned_n =
        b->question->subject->contract.multiple ? 128 : 67;
    if (!long_run(b, lengths))
        return false;
    same_within_the_run(b, bits);
    for (size_t n = 0; n <= STRUCTURE_LONGEST; n++)
        for (int right = 0; right < 2; right++) {
            const size_t at = right ? SUBJECT_BLOCK - n : 0;
            if (!one_call(b, lengths, bits,
                    &(struct subject_call){.n = n, .x_at = at, .out_at = at}))
                return false;
        }
    for (size_t k = 0; k < ALIGNMENTS * ALIGNMENTS; k++)
        if (!one_call(b, lengths, bits,
                &(struct subject_call){.n = aligned_n,
                    .x_at = k / ALIGNMENTS,
                    .out_at = k % ALIGNMENTS}))
            return false;
    return true;
}

/* The results of a call that is in place or in a thread of its own against
   those of one that is not; false: it did not run. */
static bool same_again(struct structure_calls *b, struct conf_finding *finding,
    const struct subject_call *call)
{
    char first[STRUCTURE_PERIOD * sizeof(double)];
    const struct subject_call plain = {
        .n = call->n, .x_at = call->x_at, .out_at = call->out_at};
    if (!subject_may(b->question->subject, &plain, b->size))
        return true;
    if (!structure_ready(b, finding))
        return false;
    if (!call_afresh(b, finding, &plain)) {
        note_call(finding, call);
        return false;
    }
    memcpy(first, (char *)subject_out(b->session) + call->out_at * b->size,
        call->n * b->size);
    if (!call_afresh(b, finding, call)) {
        note_call(finding, call);
        return false;
    }
    const void *y = subject_out(b->session);
    const size_t at =
        call->in_place || call->onto_x ? call->x_at : call->out_at;
    for (size_t i = 0; i < call->n; i++)
        if (!structure_same(b, y, at + i, first, i)) {
            if (!call->onto_x) /* --call has no word for it */
                note_call(finding, call);
            const double got = structure_get(b, y, at + i);
            const size_t from = (call->x_at + i) % STRUCTURE_PERIOD;
            const bool off = structure_is_off(
                b, structure_input(from), got / structure_dy(b, from));
            conf_fail(finding,
                call->onto_x     ? DIAG_ONTO_X
                : call->in_place ? off ? DIAG_IN_PLACE : DIAG_IN_PLACE_BITS
                : off            ? DIAG_THREAD_WRONG
                                 : DIAG_THREAD,
                CONF_FACT(call->onto_x     ? CONF_FACT_DIFFERS_ONTO_X
                          : call->in_place ? CONF_FACT_DIFFERS_APART
                                           : CONF_FACT_DIFFERS_IN_THREAD,
                    (double)call->n, (double)i, got,
                    structure_get(b, first, i)));
            break;
        }
    return true;
}

/* The same call in other threads of the child. */
static void any_thread(struct structure_calls *b, struct conf_finding *finding)
{
    const struct subject_call call = {.n = STRUCTURE_PERIOD, .threaded = true};
    for (int k = 0; k < 2; k++)
        if (!same_again(b, finding, &call))
            return;
}

/* Of all calls so far and one of the greatest length. */
static void floating_point_mode(
    struct structure_calls *b, struct conf_finding *finding)
{
    const int grave = SUBJECT_MODE_ROUNDING | SUBJECT_MODE_TRAPS;
    if (structure_ready(b, finding)) {
        structure_fill(b);
        structure_call(b, finding, &(struct subject_call){.n = SUBJECT_BLOCK});
    }
    if (b->mode && b->reference->flush && !(b->mode & grave)) {
        conf_note(finding, CONF_FACT(CONF_FACT_MODE, b->mode));
    } else if (b->mode) {
        finding->misconduct = true;
        conf_fail(finding, DIAG_MODE, CONF_FACT(CONF_FACT_MODE, b->mode));
    }
}

/* In place and apart, at the same length and place, give the same bits. */
static void in_place(struct structure_calls *b, struct conf_finding *finding)
{
    static const size_t sizes[] = {1, 2, 7, 8, 16, 31, 64, STRUCTURE_LONGEST};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        if (!same_again(b, finding,
                &(struct subject_call){.n = sizes[k], .in_place = true}))
            return;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        if (b->question->dx_is_x &&
            !same_again(b, finding,
                &(struct subject_call){.n = sizes[k], .onto_x = true}))
            return;
}

static struct structure_calls *new_calls(
    const struct structure_question *question)
{
    struct structure_calls *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->question = question;
    b->reference = question->reference;
    b->dtype = question->type;
    b->poison = STRUCTURE_POISON;
    b->size = ref_types[question->type].size;
    return b;
}

/* In this order, but the mode last, which all calls before may switch. */
static int in_memory(struct structure_calls *b, struct conf_finding *findings)
{
    enum {
        MEMORY_SPECIAL,
        MEMORY_LENGTHS,
        MEMORY_BITS,
        MEMORY_THREAD,
        MEMORY_PLACE,
        MEMORY_LONG,
        MEMORY_MODE,
        MEMORY_RAISED,
        MEMORY_DIRECTED,
        MEMORY_FORWARD,
        MEMORY_SCALES = MEMORY_FORWARD,
        MEMORY_ANY_DY,
        MEMORY_ALL
    };
    static const int checks[MEMORY_ALL] = {CONF_CHECK_SPECIAL,
        CONF_CHECK_LENGTHS, CONF_CHECK_BITS, CONF_CHECK_THREAD,
        CONF_CHECK_IN_PLACE, CONF_CHECK_LONG, CONF_CHECK_MODE,
        CONF_CHECK_EXCEPTIONS, CONF_CHECK_ROUNDING, CONF_CHECK_SCALES,
        CONF_CHECK_ANY_DY};
    const int count = b->reference->derivative ? MEMORY_ALL : MEMORY_FORWARD;
    for (int i = 0; i < count; i++)
        findings[i] =
            (struct conf_finding){.check = (enum conf_check)checks[i]};
    structure_special_values(b, &findings[MEMORY_SPECIAL]);
    if (!lengths_and_places(
            b, &findings[MEMORY_LENGTHS], &findings[MEMORY_BITS]) &&
        !b->stopped)
        conf_fail(&findings[MEMORY_BITS], DIAG_NOT_CHECKED,
            CONF_FACT(CONF_FACT_NOT_TO_THE_END));
    tell_tail(b, &findings[MEMORY_BITS]);
    /* what differs at some place or in some thread differs here, too */
    const bool alike =
        !findings[MEMORY_LENGTHS].failures && !findings[MEMORY_BITS].failures;
    if (alike)
        structure_sorted(b, &findings[MEMORY_BITS]);
    any_thread(b, &findings[MEMORY_THREAD]);
    if (alike && !findings[MEMORY_THREAD].failures) {
        structure_first_call(b, &findings[MEMORY_BITS]);
        structure_two_at_once(b, &findings[MEMORY_THREAD]);
    }
    in_place(b, &findings[MEMORY_PLACE]);
    structure_long_array(b, &findings[MEMORY_LONG],
        (struct structure_agreement){.places = !findings[MEMORY_BITS].failures,
            .in_place = !findings[MEMORY_PLACE].failures});
    structure_exceptions(b, &findings[MEMORY_RAISED]);
    structure_directed_rounding(b, &findings[MEMORY_DIRECTED]);
    if (b->reference->derivative) {
        structure_scales_with_dy(b, &findings[MEMORY_SCALES]);
        structure_any_dy(b, &findings[MEMORY_ANY_DY]);
    }
    floating_point_mode(b, &findings[MEMORY_MODE]);
    return count;
}

int structure_run(struct conf_finding findings[CONF_FINDINGS],
    const struct structure_question *question)
{
    struct structure_calls *b = new_calls(question);
    int count = 0;
    if (!b || !subject_can(question->subject, SUBJECT_INPUTS))
        count = 0;
    else if (subject_can(question->subject, SUBJECT_MEMORY))
        count = in_memory(b, findings);
    else
        count = structure_by_values(b, findings);
    if (b)
        subject_close(b->session);
    free(b);
    return count;
}

int structure_run_call(struct conf_finding findings[CONF_FINDINGS],
    const struct structure_question *question, const struct subject_call *call)
{
    enum { CALL_WRITTEN, CALL_SAME, CALL_FINDINGS };
    struct structure_calls *b = new_calls(question);
    if (!b)
        return 0;
    findings[CALL_WRITTEN] =
        (struct conf_finding){.check = CONF_CHECK_WRITTEN};
    findings[CALL_SAME] = (struct conf_finding){.check = CONF_CHECK_SAME_BITS};
    if (!subject_can(question->subject, SUBJECT_MEMORY))
        structure_length_by_values(b, findings, call->n);
    else if (call->in_place || call->threaded)
        same_again(b, &findings[CALL_SAME], call);
    else if (long_run(b, &findings[CALL_WRITTEN]) &&
             call_afresh(b, &findings[CALL_WRITTEN], call))
        judge_length(b, &findings[CALL_WRITTEN], &findings[CALL_SAME], call);
    subject_close(b->session);
    free(b);
    return CALL_FINDINGS;
}
