/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/activations.h"
#include "fixedpoint/expressions/evaluate.h"
#include <string.h>

/*
 * The forms are those whose enclosures stay tight over wide intervals:
 * sigmoid(z) = (1 + tanh(z/2))/2, log(1 + e^z) = max(z, 0) + log1p(e^-|z|).
 * Defaults are those of PyTorch where it has the function.  Sources: SELU
 * arXiv 1706.02515, ELU 1511.07289, CELU 1704.07483, SERLU 1807.10117 (with
 * its constants as printed there), GELU 1606.08415 (also its tanh and its
 * sigmoid form, here quick_gelu), SiLU 1702.03118, Mish 1908.08681, hardswish
 * 1905.02244, squareplus 2112.11687, squared ReLU 2109.08668.
 */
const struct act_activation act_table[] = {
    {"selu", NULL, "lambda*where(z > 0, z, alpha*expm1(z))",
        {{"lambda", "lambda01"}, {"alpha", "alpha01"}}, "-lambda*alpha",
        false},
    {"elu", NULL, "where(z > 0, z, alpha*expm1(z))", {{"alpha", "1"}},
        "-alpha", false},
    {"celu", NULL, "where(z > 0, z, alpha*expm1(z/alpha))", {{"alpha", "1"}},
        "-alpha", true},
    {"serlu", NULL, "lambda*where(z > 0, z, alpha*z*exp(z))",
        {{"lambda", "1.07862"}, {"alpha", "2.90427"}}, "0", false},
    {"relu", NULL, "max(z, 0)", {{0}}, "0", false},
    {"leaky_relu", NULL, "where(z > 0, z, slope*z)", {{"slope", "0.01"}}, NULL,
        false},
    {"prelu", NULL, "where(z > 0, z, slope*z)", {{"slope", "0.25"}}, NULL,
        false},
    {"relu6", NULL, "min(max(z, 0), 6)", {{0}}, "0", false},
    {"relu_squared", "relu2", "max(z, 0)^2", {{0}}, "0", false},
    {"hardtanh", NULL, "min(max(z, low), high)",
        {{"low", "-1"}, {"high", "1"}}, "min(low, high)", false},
    {"hardsigmoid", "hard_sigmoid", "min(max(z + 3, 0), 6)/6", {{0}}, "0",
        false},
    {"hardswish", "hard_swish", "z*min(max(z + 3, 0), 6)/6", {{0}}, "0",
        false},
    {"softshrink", NULL,
        "where(z > threshold, z - threshold, "
        "where(z < -threshold, z + threshold, 0))",
        {{"threshold", "0.5"}}, NULL, true},
    {"gelu", NULL, "z*(1 + erf(z/sqrt(2)))/2", {{0}}, "0", false},
    {"gelu_tanh", NULL, "z*(1 + tanh(sqrt(2/pi)*(z + 0.044715*z^3)))/2", {{0}},
        "0", false},
    {"quick_gelu", "gelu_sigmoid", "z*(1 + tanh(0.851*z))/2", {{0}}, "0",
        false},
    {"silu", "swish", "z*(1 + tanh(beta*z/2))/2", {{"beta", "1"}}, "0", true},
    {"mish", NULL, "z*tanh(max(z, 0) + log1p(exp(-abs(z))))", {{0}}, "0",
        false},
    {"softplus", NULL, "max(z, 0) + log1p(exp(-beta*abs(z)))/beta",
        {{"beta", "1"}}, "0", true},
    {"log_sigmoid", "logsigmoid", "min(z, 0) - log1p(exp(-abs(z)))", {{0}},
        NULL, false},
    {"sigmoid", "logistic", "(1 + tanh(z/2))/2", {{0}}, "0", false},
    {"tanh", NULL, "tanh(z)", {{0}}, "-1", false},
    {"softsign", NULL, "z/(1 + abs(z))", {{0}}, "-1", false},
    {"tanhshrink", NULL, "z - tanh(z)", {{0}}, NULL, false},
    {"erf", NULL, "erf(z)", {{0}}, "-1", false},
    {"squareplus", NULL, "(z + sqrt(z^2 + b))/2", {{"b", "4"}}, "0", true},
};
const int act_count = (int)(sizeof act_table / sizeof *act_table);

bool act_find(struct act_chosen *chosen, const char *name, size_t length)
{
    for (int i = 0; i < act_count; i++) {
        const struct act_activation *one = &act_table[i];
        const char *const names[] = {one->name, one->other_name};
        for (int k = 0; k < 2; k++)
            if (names[k] && strlen(names[k]) == length &&
                !strncmp(names[k], name, length)) {
                chosen->activation = one;
                memcpy(chosen->parameter, one->parameter,
                    sizeof chosen->parameter);
                return true;
            }
    }
    return false;
}

static enum sn_status parse(struct expr_expression *f, const char *text,
    const struct act_chosen *chosen, struct expr_fault *fault)
{
    struct expr_language language = expr_of_z;
    language.parameter = chosen->parameter;
    while (language.parameters < ACT_MOST_PARAMETERS &&
           chosen->parameter[language.parameters].name)
        language.parameters++;
    return expr_parse(f, text, &language, fault);
}

enum sn_status act_expression(struct expr_expression *f,
    const struct act_chosen *chosen, struct expr_fault *fault)
{
    return parse(f, chosen->activation->expression, chosen, fault);
}

enum sn_status act_lower_arb(
    arb_t lower, const struct act_chosen *chosen, slong prec)
{
    struct expr_expression f;
    struct expr_fault fault;
    if (!chosen->activation->lower)
        return SN_NO_SOLUTION;
    expr_init(&f);
    enum sn_status status =
        parse(&f, chosen->activation->lower, chosen, &fault);
    if (status == SN_OK) {
        arb_ptr value = _arb_vec_init(f.count);
        expr_constants_arb(value, &f, prec);
        arb_set(lower, value + f.value);
        _arb_vec_clear(value, f.count);
    }
    expr_clear(&f);
    return status;
}
