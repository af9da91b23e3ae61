/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong structure and conduct; what cannot be used. */
#include "tests/verify/conformance/test_conformance_rows.h"
#include "verify/shared/machine.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

Test(conformance, wrong_structure_is_told)
{
    const struct row row[] = {
        {"structure:skips_the_last", NULL, SN_F32, LENGTHS PLACE, PASSES,
            "n = 3: 1 outputs never written", 0, 0},
        {"structure:skips_zeros", NULL, SN_F32, "accuracy;" SPECIAL, 1e45,
            1e84, {2, 2}, "0x0p+0: output never written", 0, 0},
        {"structure:tail_differs", NULL, SN_F32, BITS PLACE, 0.5, 2, {1, 99},
            "in a long run", 0, 0},
        {"structure:nan_lost_in_the_tail", NULL, SN_F32, SPECIAL, 0, 0.5000001,
            {2, 2}, "gives 0, want NaN", 0, 0},
        {"structure:depends_on_alignment", NULL, SN_F32, SPECIAL BITS, PASSES,
            "n = 7, x + 65529, y + 65529: element 0 is", 0, 0},
        {"structure:depends_on_both_alignments", NULL, SN_F32, BITS, PASSES,
            "n = 67, x + 1, y + 2: element 0 is", 0, 0},
        {"structure:not_in_place", NULL, SN_F32, SPECIAL PLACE, 0, 0.5000001,
            {10000, ANY}, "n = 1: element 0 is 0x0p+0, apart", 0, 0},
        {"structure:wrong_at_n_1", NULL, SN_F32, SPECIAL BITS, PASSES,
            "n = 1, x + 0, y + 0: element 0", 0, 0},
        {"structure:writes_at_n_0", NULL, SN_F32, LENGTHS BITS, PASSES,
            "n = 0: writes 1 elements outside the output", 0, 0},
        {"structure:demands_alignment", NULL, SN_F32, LENGTHS BITS LONG,
            PASSES, "crashed with SIGABRT at n = 9, x + 65527", 0, 0},
        {"structure:wrong_from_32768_on", NULL, SN_F32, LONG, 0, 2,
            {1000, ANY}, "element 32768 is -0x1.", 0, 0},
        {"structure:skips_the_rest_of_large_n", NULL, SN_F32, LONG, PASSES,
            "n = 1048593: 1 outputs never written", 0, 0},
        {"structure:writes_past_large_n", NULL, SN_F32, LONG, PASSES,
            "writes 0 bytes after the end of the output at n = 1048593", 0, 0},
    };
    judge_all(row, COUNT(row));
}

Test(conformance, accesses_outside_the_arrays_are_told)
{
#define ENDS "accuracy;" LENGTHS BITS LONG MODE
#define ALL  "accuracy;" SPECIAL LENGTHS BITS THREAD PLACE LONG MODE REST
    const struct row row[] = {
        {"structure:writes_past_the_end", NULL, SN_F32, ENDS, 0, 1, {0, 0},
            "writes 0 bytes after the end of the output at n = 1, x", 0, 0},
        {"structure:reads_past_the_end", NULL, SN_F32, ENDS, 0, 1, {0, 0},
            "reads 0 bytes after the end of x at n = 1, x", 0, 0},
        {"structure:writes_before_the_start", NULL, SN_F32, ALL, 0, 1, {0, 0},
            "writes 4 bytes before the start of the output at n = 4096", 0, 0},
        {"structure:reads_before_the_start", NULL, SN_F32, ALL, 0, 1, {0, 0},
            "reads 4 bytes before the start of x at n = 4096", 0, 0},
        {"structure:writes_past_the_end_f64", NULL, SN_F64,
            LENGTHS BITS LONG MODE, 0, 3, {0, ANY},
            "writes 0 bytes after the end of the output at n = 1", 0, 0},
    };
    judge_all(row, COUNT(row));
}

/* What a sweep says of these depends on when its inputs were changed. */
Test(conformance, changed_inputs_are_told)
{
    static const char *const row[][3] = {
        {"structure:changes_its_input", NULL, "n = 1: changes 1 of its"},
        {"structure:changes_a_large_input", NULL, "n = 4096: changes 1 of"},
        {"structure:changes_dy", "selu-grad", "n = 4096: changes 3408 of"},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct subject subject;
        struct conf_reference reference;
        struct conf_finding finding[CONF_FINDINGS];
        char detail[WORDS_DETAIL];
        locate(&subject, row[i][0]);
        conf_reference_init(&reference, function(row[i][1]), NULL, NULL);
        structure_run(finding,
            &(const struct structure_question){.reference = &reference,
                .subject = &subject,
                .type = SN_F32,
                .max_ulp = 4,
                .timeout = 20});
        words_detail(detail, &finding[1]);
        cr_expect(finding[1].failures && strstr(detail, row[i][2]), "%s: '%s'",
            row[i][0], detail);
        conf_reference_clear(&reference);
    }
}

/* Neighbours, first calls, two threads, dy of others; and right kernels. */
Test(conformance, company_is_told)
{
    static const struct {
        const char *name, *function;
        bool dx_is_x;
        int row; /* DIAG_ROWS: none */
    } row[] = {
        {"structure:lanes_vote", NULL, false, DIAG_VOTE},
        {"structure:wrong_in_the_first_call", NULL, false, DIAG_FIRST_CALL},
        {"structure:shares_a_buffer", NULL, false, DIAG_RACE},
        {"structure:takes_dy_of_the_first", "selu-grad", false,
            DIAG_DY_ELSEWHERE},
        {"structure:takes_dy_of_the_first_in_the_tail", "selu-grad", false,
            DIAG_PLACE_WRONG},
        {"structure:reads_x_late", "selu-grad", true, DIAG_ONTO_X},
        {"structure:late_at_large_n", NULL, false, DIAG_IN_PLACE},
        {"structure:aligned_at_large_n", NULL, false, DIAG_PLACE_WRONG},
        {"structure:sets_errno", NULL, false, DIAG_ROWS},
        {"structure:reads_x_late", "selu-grad", false, DIAG_ROWS},
        {"good:good", NULL, false, DIAG_ROWS},
        {"good:good_grad", "selu-grad", true, DIAG_ROWS},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct subject subject;
        struct conf_reference reference;
        struct conf_finding finding[CONF_FINDINGS];
        locate(&subject, row[i].name);
        conf_reference_init(&reference, function(row[i].function), NULL, NULL);
        const int findings = structure_run(finding,
            &(const struct structure_question){.reference = &reference,
                .subject = &subject,
                .type = SN_F32,
                .max_ulp = 4,
                .dx_is_x = row[i].dx_is_x,
                .timeout = 20});
        int failures = 0;
        bool found = false, number = false;
        for (int k = 0; k < findings; k++) {
            for (int note = 0; note < finding[k].notes; note++)
                number |= finding[k].note[note].code == CONF_FACT_ERRNO;
            failures += finding[k].failures;
            found |= row[i].row < DIAG_ROWS && finding[k].row[row[i].row];
        }
        cr_expect(row[i].row == DIAG_ROWS ? !failures : found,
            "%s: %d failures, found %d", row[i].name, failures, found);
        cr_expect(number || strcmp(row[i].name, "structure:sets_errno"),
            "errno is not told");
        conf_reference_clear(&reference);
    }
}

Test(conformance, misconduct_is_told)
{
    const struct row row[] = {
        {"conduct:crashes_at_an_input", NULL, SN_F32, "accuracy;", 0, 1,
            {0, 0}, "SIGSEGV at n = 8193, inputs from -0x1.ffep-13 to", 0, 0},
        {"conduct:null_dereference", NULL, SN_F32, LENGTHS BITS, PASSES,
            "crashed with SIGSEGV at n = 33", 0, 0},
        {"conduct:aborts", NULL, SN_F32, ALL, 0, 0, {0, 0},
            "crashed with SIGABRT at n = 65536, inputs from ", 0, 0},
        {"conduct:overflows_the_stack", NULL, SN_F32, ALL, 0, 0, {0, 0},
            "crashed with SIGSEGV at n = 65536, inputs from ", 0, 0},
        {"conduct:exits", NULL, SN_F32, LENGTHS BITS, PASSES,
            "ended its process with exit status 0 at n = 5", 0, 0},
        {"conduct:changes_rounding", NULL, SN_F32, MODE, PASSES,
            "a call switches the floating-point mode: rounding", 0, 0},
        {"conduct:sets_mode_and_crashes", NULL, SN_F32, PLACE MODE, PASSES,
            "rounding not to nearest", 0, 0},
        {"conduct:not_reproducible", NULL, SN_F32, LONG, PASSES,
            "the same call again gives", 0, 0},
#if defined __x86_64__
        {"conduct:x87_single", NULL, SN_F32, MODE, PASSES,
            "x87 precision is not 64 bits", 0, 0},
        {"conduct:forgets_emms", NULL, SN_F32, MODE, PASSES,
            "x87 registers in use", 0, 0},
#endif
#if defined __x86_64__ || defined __aarch64__
        {"conduct:sets_flush_to_zero", NULL, SN_F32, MODE, PASSES,
            "a call switches the floating-point mode: flush-to-zero", 0, 0},
        {"conduct:sets_flush_to_zero_at_large_n", NULL, SN_F32, MODE, PASSES,
            "a call switches the floating-point mode: flush-to-zero", 0, 0},
        {"flushing:flushing", NULL, SN_F32, MODE, PASSES,
            "loading the library switches the floating-point mode: flush", 0,
            0},
#endif
    };
    judge_all(row, COUNT(row));
}

Test(conformance, hangs_end_at_the_timeout)
{
    const struct row row[] = {
        {"conduct:hangs_at_n_7", NULL, SN_F32,
            LENGTHS BITS THREAD PLACE LONG MODE REST, PASSES,
            "no answer within the --timeout of 1 s at n = 7", 0, 1},
        {"conduct:hangs", NULL, SN_F32, ALL, 0, 0, {0, 0},
            "no answer within the --timeout of 1 s at n = 65536", 0, 1},
    };
    judge_all(row, COUNT(row));
}

Test(conformance, libraries_that_cannot_be_used)
{
    static const struct {
        const char *kernel;
        enum subject_outcome outcome;
        const char *why;
        double timeout;
    } row[] = {
        {"loading_crashes:never", SUBJECT_CRASHED, "crashed with SIGSEGV", 20},
        {"loading_hangs:never", SUBJECT_HUNG, "within the --timeout of 0.5 s",
            0.5},
        {"good:nosuch", SUBJECT_UNUSABLE, "no symbol 'nosuch'", 20},
        {"good:good", SUBJECT_RAN, "", 20},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct subject_task task = {
            .type = SN_F32, .timeout = row[i].timeout};
        struct subject subject;
        struct subject_session *session;
        char why[WORDS_ROOM];
        locate(&subject, row[i].kernel);
        enum subject_outcome outcome = subject_open(&session, &subject, &task);
        words_failure(why, sizeof why, subject_failure(session));
        cr_expect(outcome == row[i].outcome && strstr(why, row[i].why),
            "%s: outcome %d, '%s'", row[i].kernel, (int)outcome, why);
        subject_close(session);
    }
    /* and what is no library at all */
    static const char *const word[] = {"nosuch.so:f", "/:f", "/dev/null:f",
        "sn_selu_f31", "", ":", ":f", "Makefile:", "Makefile:a/b"};
    for (size_t i = 0; i < COUNT(word); i++) {
        struct subject subject;
        struct subject_failure failure;
        char why[WORDS_ROOM];
        cr_expect(!subject_parse(&subject, word[i], &failure),
            "'%s' was taken", word[i]);
        words_refusal(why, sizeof why, word[i], &subject, &failure);
        cr_expect(*why && !strchr(why, '\n'), "'%s': '%s'", word[i], why);
    }
}

/* Who interrupts a run does not wait for the timeout. */
Test(conformance, a_hanging_kernel_can_be_interrupted)
{
    static const volatile sig_atomic_t stop = 1;
    static const char *const kernel[] = {"loading_hangs:never", "good:good"};
    static const enum subject_outcome outcome[] = {
        SUBJECT_STOPPED, SUBJECT_RAN};
    const struct subject_task task = {
        .type = SN_F32, .timeout = 20, .stop = &stop};
    for (size_t i = 0; i < COUNT(kernel); i++) {
        struct subject subject;
        struct subject_session *session;
        const double start = shared_seconds();
        locate(&subject, kernel[i]);
        const enum subject_outcome got =
            subject_open(&session, &subject, &task);
        /* what answers at once may do so before anybody looks */
        cr_expect(got == outcome[i] || (i && got == SUBJECT_STOPPED),
            "%s: outcome %d", kernel[i], (int)got);
        cr_expect(shared_seconds() - start < 5, "%s: %g s", kernel[i],
            shared_seconds() - start);
        subject_close(session);
    }
}
