/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Activations that are not SELU (tests/faulty/curves.c): each fault is named,
 * and explains most of what is wrong; right kernels are blamed for nothing.
 */
#include "fixedpoint/activations/activations.h"
#include "verify/conformance/verdict/verdict.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct row {
    const char *symbol, *activation;
    int dtype, derivative;
    const char *value; /* of the first parameter; NULL: the usual one */
    const char *codes;
};

static void make_curve(
    struct ref_curve *curve, struct act_chosen *chosen, const struct row *row)
{
    struct expr_expression f;
    struct expr_fault fault;
    cr_assert(act_find(chosen, row->activation, strlen(row->activation)));
    if (row->value)
        chosen->parameter[0].value = row->value;
    expr_init(&f);
    cr_assert_eq(act_expression(&f, chosen, &fault), SN_OK);
    cr_assert_eq(ref_curve_init(curve, &f, row->derivative), SN_OK);
    expr_clear(&f);
    curve->text = chosen->activation->expression;
    curve->parameter = chosen->parameter;
    curve->usual = chosen->activation->parameter;
    curve->parameters = chosen->parameter[0].name ? 1 : 0;
}

static void locate(struct subject *subject, const char *symbol)
{
    const char *build = getenv("SELFNORM_BUILD");
    char self[4096] = "", word[6000];
    struct subject_failure failure;
    if (!build) {
        cr_assert(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
        *strrchr(self, '/') = '\0';
        build = self;
    }
    snprintf(word, sizeof word, "%s/faulty/curves.so:%s", build, symbol);
    cr_assert(subject_parse(subject, word, &failure), "%s", word);
}

static void judge(const struct row *row)
{
    static struct sweep_answer sweep;
    struct subject subject;
    struct ref_curve curve;
    struct act_chosen chosen;
    struct conf_reference reference;
    struct diag_list list = {.count = 0};
    char codes[512] = "";
    uint64_t explained = 0, of = 0;
    make_curve(&curve, &chosen, row);
    locate(&subject, row->symbol);
    const struct conf_checked_function function = {
        "activation", CONF_FAMILY_CURVE, row->derivative > 0, false, &curve};
    cr_assert_eq(
        conf_reference_init(&reference, &function, NULL, NULL), SN_OK);
    const struct sweep_question question = {.reference = &reference,
        .subject = &subject,
        .type = row->dtype,
        .samples = 1 << 13,
        .threads = 2,
        .timeout = 20,
        .seed = 1706};
    cr_assert_eq(sweep_run(&sweep, &question), SN_OK);
    diag_run(&list, &(const struct diag_question){.reference = &reference,
                        .subject = &subject,
                        .type = row->dtype,
                        .limit = curve.limit,
                        .timeout = 20,
                        .sweep = &sweep});
    for (int i = 0; i < list.count; i++) {
        const struct conf_diagnosis *d = &list.found[i];
        cr_expect_str_eq(d->raised_by, diag_rows[d->row].raised_by);
        if (diag_rows[d->row].level <= CONF_NOTE)
            continue;
        strcat(strcat(codes, diag_code(d)), ";");
        explained += d->explains;
        of = d->of;
    }
    cr_expect_str_eq(codes, row->codes, "%s: '%s', not '%s'", row->symbol,
        codes, row->codes);
    cr_expect(explained * 4 >= of * 3, "%s: %llu of %llu explained",
        row->symbol, (unsigned long long)explained, (unsigned long long)of);
    conf_reference_clear(&reference);
    ref_curve_clear(&curve);
}

static void judge_all(const struct row *row, size_t count)
{
    fprintf(stderr, "curves: seed 1706, %zu kernels\n", count);
    for (size_t i = 0; i < count; i++)
        judge(&row[i]);
}

Test(curves, right_ones_are_blamed_for_nothing)
{
    static const struct row row[] = {
        {"good_gelu", "gelu", SN_F32, 0, NULL, ""},
        {"good_gelu_tanh", "gelu_tanh", SN_F32, 0, NULL, ""},
        {"good_silu", "silu", SN_F32, 0, NULL, ""},
        {"good_softplus", "softplus", SN_F32, 0, NULL, ""},
        {"good_mish", "mish", SN_F32, 0, NULL, ""},
        {"good_tanhf", "tanh", SN_F32, 0, NULL, ""},
        {"good_silu_grad", "silu", SN_F32, 1, NULL, ""},
        {"good_leaky", "leaky_relu", SN_F32, 0, "0.3", ""},
        {"good_hardswish", "hardswish", SN_F32, 0, NULL, ""},
    };
    judge_all(row, COUNT(row));
}

Test(curves, digits_and_ranges_of_steps)
{
    static const struct row row[] = {
        {"gelu_cancels", "gelu", SN_F32, 0, NULL, "cancellation;"},
        {"gelu_tanh_cancels", "gelu_tanh", SN_F32, 0, NULL, "cancellation;"},
        {"tanh_cancels", "tanh", SN_F32, 0, NULL, "cancellation;"},
        {"softplus_cancels", "softplus", SN_F32, 0, NULL, "cancellation;"},
        {"mish_cancels", "mish", SN_F32, 0, NULL, "cancellation;"},
        {"tanhshrink_cancels", "tanhshrink", SN_F32, 0, NULL, "cancellation;"},
        {"tanh_grad_cancels", "tanh", SN_F32, 1, NULL, "cancellation;"},
        {"silu_overflows", "silu", SN_F32, 0, NULL, "overflow-inside;"},
        {"silu_overflows_f64", "silu", SN_F64, 0, NULL, "overflow-inside;"},
        {"silu_underflows_f64", "silu", SN_F64, 0, NULL, "underflow-inside;"},
        {"softplus_overflows", "softplus", SN_F32, 0, NULL,
            "overflow-inside;"},
        {"tanh_overflows", "tanh", SN_F32, 0, NULL,
            "cancellation;overflow-inside;"},
        {"mish_overflows", "mish", SN_F32, 0, NULL,
            "cancellation;overflow-inside;"},
        {"softplus_flushes", "softplus", SN_F32, 0, NULL, "flush-to-zero;"},
    };
    judge_all(row, COUNT(row));
}

Test(curves, other_functions_constants_and_parameters)
{
    static const struct row row[] = {
        {"gelu_as_tanh", "gelu", SN_F32, 0, NULL, "wrong-variant;"},
        {"gelu_as_quick", "gelu", SN_F32, 0, NULL, "wrong-variant;"},
        {"hardswish_keras", "hardswish", SN_F32, 0, NULL, "wrong-variant;"},
        {"silu_as_sigmoid", "silu", SN_F32, 0, NULL, "wrong-variant;"},
        {"mish_as_silu", "mish", SN_F32, 0, NULL, "wrong-variant;"},
        {"gelu_grad_as_tanh", "gelu", SN_F32, 1, NULL, "wrong-variant;"},
        {"silu_grad_is_silu", "silu", SN_F32, 1, NULL, "wrong-function;"},
        {"elu_ignores", "elu", SN_F32, 0, "0.5", "parameter-ignored;"},
        {"leaky_ignores", "leaky_relu", SN_F32, 0, "0.3",
            "parameter-ignored;"},
        {"gelu_tanh_0447", "gelu_tanh", SN_F32, 0, NULL,
            "constants-truncated;"},
        {"gelu_tanh_798", "gelu_tanh", SN_F32, 0, NULL, "constants-rounded;"},
        {"quick_gelu_17", "quick_gelu", SN_F32, 0, NULL,
            "constants-truncated;"},
        {"gelu_707", "gelu", SN_F32, 0, NULL, "constants-truncated;"},
    };
    judge_all(row, COUNT(row));
}

Test(curves, far_out_and_narrow)
{
    static const struct row row[] = {
        {"silu_half_exp", "silu", SN_F32, 0, NULL,
            "narrow-arithmetic;saturates-early;"},
        {"gelu_float_erf", "gelu", SN_F64, 0, NULL, "narrow-arithmetic;"},
        {"softplus_threshold_f64", "softplus", SN_F64, 0, NULL, "threshold;"},
        {"mish_threshold", "mish", SN_F32, 0, NULL, "threshold;"},
        {"tanh_early", "tanh", SN_F32, 0, NULL, "saturates-early;"},
        {"relu6_late", "relu6", SN_F32, 0, NULL, "saturates-late;"},
    };
    judge_all(row, COUNT(row));
}
