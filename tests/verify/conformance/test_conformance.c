/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong values. */
#include "tests/verify/conformance/test_conformance_rows.h"
#include "verify/conformance/sweep/inputs.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

Test(conformance, right_kernels_pass)
{
    static const struct row row[] = {
        {"good:good", NULL, SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_backwards", NULL, SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_grad", "selu-grad", SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_elu", "elu", SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_elu_grad", "elu-grad", SN_F32, "", PASSES, NULL, 0, 0},
        {"good:good_f64", NULL, SN_F64, "", 0.5, 3, {1, ANY}, NULL, 0, 0},
    };
    judge_all(row, COUNT(row));
}

/* Our standard output may carry a JSON document. */
Test(conformance, what_a_kernel_prints_stays_off_standard_output)
{
    static const struct row row = {
        "conduct:prints", NULL, SN_F32, "", PASSES, NULL, 0, 0};
    FILE *file = tmpfile();
    cr_assert(file);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    judge(&row, 4);
    dup2(kept, STDOUT_FILENO);
    cr_expect_eq(lseek(fileno(file), 0, SEEK_END), 0);
    close(kept);
    fclose(file);
}

Test(conformance, wrong_values_are_told_from_right_ones)
{
    const char *fine = "", *bad = "accuracy;", *special = "special values;";
    const char *both = "accuracy;special values;";
    const struct row row[] = {
        {"arithmetic:cancellation", NULL, SN_F32, both, 0x1p24, 0x1p25,
            {100000, ANY}, "-0 gives 0, want -0", 0, 0},
        {"arithmetic:float_constants", NULL, SN_F32, fine, 1, 2.5,
            {100000, ANY}, NULL, 0, 0},
        {"arithmetic:swapped", NULL, SN_F32, bad, 4e6, 0x1p24, {100000, ANY},
            NULL, 0, 0},
        {"arithmetic:alpha_ignored", NULL, SN_F32, bad, 4e6, 0x1p24,
            {100000, ANY}, NULL, 0, 0},
        {"arithmetic:short_constants", NULL, SN_F32, bad, 30, 50,
            {800000, ANY}, NULL, 0, 0},
        {"arithmetic:one_input", NULL, SN_F32, fine, 0.9, 0.95, {1, 1}, NULL,
            0, 0},
        /* found by an exhaustive sweep only, see the test below */
        {"arithmetic:one_hidden_input", NULL, SN_F32, fine, PASSES, NULL, 0,
            0},
        {"arithmetic:flush", NULL, SN_F32, both, 0x1p22, 0x1p23, {10000, ANY},
            "-1.40129846e-45 gives -0", 0, 0},
        {"arithmetic:zero_unsigned", NULL, SN_F32, special, 0, 0.5000001,
            {1, 1}, "-0 gives 0, want -0", 0, 0},
        {"arithmetic:nan_saturates", NULL, SN_F32, special, 0, 0.5000001,
            {10000, ANY}, "NaN 0x7fc00000 (quiet, payload 0x0) gives -1.758",
            0, 0},
        {"arithmetic:signalling_nan", NULL, SN_F32, special, 0, 0.5000001,
            {10000, ANY},
            "NaN 0x7f800001 (signalling, payload 0x1) gives 0, want NaN", 0,
            0},
        {"arithmetic:overflow_clipped", NULL, SN_F32, special, 1, 1,
            {10000, ANY}, "inf gives 3.40282347e+38", 0, 0},
        {"arithmetic:infinity_lost", NULL, SN_F32, both, 0x1p150, 0x1p152,
            {2, 2}, "-inf gives NaN 0x", 0, 0},
        {"arithmetic:infinity_short", NULL, SN_F32, both, 6.3e6, 6.4e6, {1, 1},
            NULL, 0, 0},
        {"arithmetic:bump", NULL, SN_F32, fine, 3.4, 3.5, {1023, 1023}, NULL,
            1, 0},
        {"arithmetic:double_rounding", NULL, SN_F32, fine, 0.53, 0.53125,
            {10000, 20000}, NULL, 0, 0},
        {"arithmetic:seam", NULL, SN_F32, bad, 4.5, 7, {1000, ANY}, NULL, 0,
            0},
        {"arithmetic:high_payload", NULL, SN_F32, special, 0, 0.5000001,
            {0, ANY}, "NaN 0x7fa00000 (signalling, payload 0x200000) gives 0",
            0, 0},
        {"arithmetic:saturates_early", NULL, SN_F32, fine, 1.4, 1.5,
            {10000, ANY}, NULL, 0, 0},
        /* 0.75 ULP elsewhere: the binade below 1 has the smaller unit */
        {"arithmetic:elu_saturates_short", "elu", SN_F32, fine, 0.999, 1,
            {100000, ANY}, NULL, 1, 0},
        {"arithmetic:f32_constants_in_f64", NULL, SN_F64, bad, 2e8, 4e8,
            {1000, ANY}, NULL, 0, 0},
    };
    judge_all(row, COUNT(row));
}

/* Samples pass this kernel; the block of all patterns that holds -0.1875 does
   not. */
Test(conformance, exhaustive_blocks_find_what_samples_miss)
{
    static double d[SUBJECT_BLOCK];
    struct subject subject;
    struct conf_reference reference;
    struct subject_session *session;
    struct sweep_inputs inputs;
    struct sweep_score score;
    locate(&subject, "arithmetic:one_hidden_input");
    conf_reference_init(&reference, function(NULL), NULL, NULL);
    sweep_inputs_plan(&inputs, true, SN_F32, 0, 0);
    const struct subject_task task =
        subject_task_of(&reference, SN_F32, 20, NULL);
    cr_assert_eq(subject_open(&session, &subject, &task), SUBJECT_RAN);
    for (uint64_t block = 0xbe3f; block <= 0xbe41; block++) {
        float *x = subject_x(session), *y = subject_out(session);
        size_t n = sweep_inputs_block(&inputs, block, x);
        subject_begin(session, &(struct subject_call){.n = n});
        conf_reference_approximate(&reference, d, x, n);
        cr_assert_eq(subject_end(session), SUBJECT_RAN);
        sweep_score_init(&score);
        sweep_score_f32(&score, &reference, x, y, d, n);
        cr_expect_eq(score.incorrectly_rounded, block == 0xbe40,
            "block %llx: %llu wrong", (unsigned long long)block,
            (unsigned long long)score.incorrectly_rounded);
    }
    subject_close(session);
    conf_reference_clear(&reference);
}

Test(conformance, wrong_gradients_are_told)
{
    const struct row row[] = {
        {"gradient:from_the_result", "selu-grad", SN_F32,
            "accuracy;accuracy for any dy;", 1e7, 0x1p24, {90000, ANY}, NULL,
            0, 0},
        {"gradient:both_branches", "selu-grad", SN_F32,
            "accuracy;special values;accuracy for any dy;", 1e45, 1e46,
            {90000, ANY}, "3.40282347e+38 gives NaN 0x", 0, 0},
        /* a matter of convention */
        {"gradient:right_of_zero", "selu-grad", SN_F32, "", PASSES, NULL, 0,
            0},
        {"gradient:dy_ignored", "selu-grad", SN_F32,
            "scales with dy;accuracy for any dy;", PASSES, "dy = -4", 0, 0},
        {"gradient:exchanged", "selu-grad", SN_F32,
            "accuracy;special values;scales with dy;accuracy for any dy;",
            1e50, 1e90, {90000, ANY}, NULL, 0, 0},
        {"gradient:infinite_dy_lost", "selu-grad", SN_F32,
            "accuracy for any dy;", PASSES, "dy = inf gives 0, want inf", 0,
            0},
    };
    judge_all(row, COUNT(row));
}

/* Right for every value of a sweep: seen by structure alone. */

/* A row of the diagnosis that lacks something, or stands twice, is named. */
Test(conformance, rows_of_the_diagnosis_are_whole)
{
    const int bad = diag_first_bad_row();
    cr_expect_eq(bad, DIAG_ROWS, "row %d: '%s'", bad,
        bad < DIAG_ROWS && diag_rows[bad].code ? diag_rows[bad].code : "");
    cr_expect(!conf_diagnosis_unknown("sign-of-zero,place"));
    cr_expect_str_eq(
        conf_diagnosis_unknown("place,no-such-code"), "no-such-code");
    cr_expect(!conf_diagnosis_unknown("unexplained"));
}
