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
 * 1905.02244, squareplus 2112.11687, squared ReLU 2109.08668, StarReLU
 * 2210.13452, SIREN 2006.09661, Snake 2006.08195, Serf 2108.09598.  What
 * follows squareplus came later; its order is that of a list people read.
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
    {"hardtanh", "hard_tanh", "min(max(z, low), high)",
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
    {"hardshrink", NULL,
        "where(z > threshold, z, where(z < -threshold, z, 0))",
        {{"threshold", "0.5"}}, NULL, true},
    {"star_relu", "starrelu", "scale*max(z, 0)^2 + shift",
        {{"scale", "0.8944"}, {"shift", "-0.4472"}}, "shift", false},
    {"siren", "sine", "sin(omega*z)", {{"omega", "30"}}, NULL, true},
    {"snake", NULL, "z + sin(frequency*z)^2/frequency", {{"frequency", "1"}},
        NULL, true},
    /* for large |z| not through e^|z| */
    {"log_cosh", "logcosh",
        "where(abs(z) > 20, abs(z) + log1p(exp(-2*abs(z))) - log(2), "
        "log1p(2*sinh(z/2)^2))",
        {{0}}, NULL, false},
    {"gaussian", NULL, "exp(-z^2)", {{0}}, "0", false},
    {"serf", NULL, "z*erf(softplus(z))", {{0}}, "0", false},
    {"atan", "arctan", "atan(z)", {{0}}, "-pi/2", false},
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

/* What people type for a name of the table, parameters included. */
static const struct {
    const char *typed, *meant;
} act_hints[] = {{"gelu_new", "gelu_tanh"}, {"gelu_fast", "gelu_tanh"},
    {"gelu_approx", "gelu_tanh"}, {"gelu_pytorch_tanh", "gelu_tanh"},
    {"gelu_erf", "gelu"}, {"gelu_none", "gelu"}, {"gelu_quick", "quick_gelu"},
    {"hard_silu", "hardswish"}, {"hardsilu", "hardswish"},
    {"hswish", "hardswish"}, {"hsigmoid", "hardsigmoid"},
    {"leakyrelu", "leaky_relu"}, {"lrelu", "leaky_relu"}, {"relu_6", "relu6"},
    {"sqrelu", "relu_squared"}, {"relusquared", "relu_squared"},
    {"sin", "siren:omega=1"}, {"expit", "sigmoid"}, {"softrelu", "softplus"},
    {"soft_plus", "softplus"}, {"soft_sign", "softsign"},
    {"tanh_shrink", "tanhshrink"}, {"soft_shrink", "softshrink"},
    {"hard_shrink", "hardshrink"}, {"swish1", "silu"}, {"gauss", "gaussian"},
    {"identity", "leaky_relu:slope=1"}};

const char *act_hint(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof act_hints / sizeof *act_hints; i++)
        if (strlen(act_hints[i].typed) == length &&
            !strncmp(act_hints[i].typed, name, length))
            return act_hints[i].meant;
    return NULL;
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
