/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/diagnosis/codes.h"
#include <string.h>

const struct diag_row diag_rows[DIAG_ROWS] = {
    [DIAG_SIGN_OF_ZERO] = {"sign-of-zero", CONF_WARNING, DIAG_OF_SPECIAL,
        "from_findings", "the sign of zero is lost", NULL},
    [DIAG_NAN_SWALLOWED] = {"nan-swallowed", CONF_ERROR, DIAG_OF_SPECIAL,
        "from_findings", "NaN becomes a number", NULL},
    [DIAG_SIGNALLING_NAN] = {"signalling-nan", CONF_ERROR, DIAG_OF_SPECIAL,
        "from_findings", "signalling NaN are treated as numbers", NULL},
    [DIAG_INFINITY] = {"infinity", CONF_ERROR, DIAG_OF_SPECIAL,
        "from_findings", "infinities are wrong", NULL},
    [DIAG_OVERFLOW] = {"overflow", CONF_ERROR, DIAG_OF_SPECIAL,
        "from_findings", "overflow at the top: the largest numbers go wrong",
        NULL},
    [DIAG_UNWRITTEN] = {"unwritten", CONF_ERROR, DIAG_OF_MEMORY,
        "from_findings", "outputs stay unwritten", NULL},
    [DIAG_OUT_OF_BOUNDS] = {"out-of-bounds", CONF_ERROR, DIAG_OF_MEMORY,
        "from_findings", "memory outside of the arrays is touched", NULL},
    [DIAG_INPUT_CHANGED] = {"input-changed", CONF_ERROR, DIAG_OF_MEMORY,
        "from_findings", "inputs are changed", NULL},
    [DIAG_NOT_REPRODUCIBLE] = {"not-reproducible", CONF_ERROR, DIAG_OF_CONDUCT,
        "from_findings", "one call gives different bits each time", NULL},
    [DIAG_TAIL_DIFFERS] = {"tail-differs", CONF_WARNING, DIAG_OF_PLACE,
        "from_findings", "the scalar tail differs from the vector body", NULL},
    [DIAG_PLACE] = {"place", CONF_WARNING, DIAG_OF_PLACE, "from_findings",
        "results depend on length, position or alignment", NULL},
    [DIAG_THREAD] = {"thread", CONF_WARNING, DIAG_OF_PLACE, "from_findings",
        "results depend on the thread", NULL},
    [DIAG_IN_PLACE] = {"in-place", CONF_ERROR, DIAG_OF_PLACE, "from_findings",
        "in place, inputs are overwritten early", NULL},
    [DIAG_MODE] = {"mode", CONF_ERROR, DIAG_OF_CONDUCT, "from_findings",
        "the floating-point mode is left switched", NULL},
    [DIAG_CRASH] = {"crash", CONF_ERROR, DIAG_OF_CONDUCT, "from_findings",
        "it crashes, ends its process or hangs", NULL},
    [DIAG_DY_IGNORED] = {"dy-ignored", CONF_ERROR, DIAG_OF_GRADIENT,
        "from_findings", "dy is ignored or does not scale", NULL},
    [DIAG_DY_OVERFLOW] = {"dy-overflow", CONF_ERROR, DIAG_OF_GRADIENT,
        "from_findings",
        "dy times a constant overflows before e^x scales it back", NULL},
    [DIAG_DY_SPECIAL] = {"dy-special", CONF_ERROR, DIAG_OF_GRADIENT,
        "from_findings",
        "NaN, an infinity or the sign of a zero of dy is lost", NULL},
    [DIAG_CONSTANTS_SWAPPED] = {"constants-swapped", CONF_ERROR,
        DIAG_OF_FUNCTION, "another_function", "lambda and alpha are swapped",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_ALPHA_IGNORED] = {"alpha-ignored", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "alpha is ignored",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_LAMBDA_IGNORED] = {"lambda-ignored", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "lambda is ignored",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_LAMBDA_IGNORED_ABOVE] = {"lambda-ignored", CONF_ERROR,
        DIAG_OF_FUNCTION, "another_function", "lambda is missing for x > 0",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_LAMBDA_IGNORED_BELOW] = {"lambda-ignored", CONF_ERROR,
        DIAG_OF_FUNCTION, "another_function", "lambda is missing for x < 0",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_LAMBDA_TWICE] = {"lambda-twice", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "lambda is applied twice",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_ALPHA_TWICE] = {"alpha-twice", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "alpha is applied twice",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_CELU_FOR_ELU] = {"celu-for-elu", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "alpha is also in the exponent, as in CELU",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_ELU_FOR_CELU] = {"elu-for-celu", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "alpha is missing in the exponent, as in ELU",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_WIDTH_INVERTED] = {"width-inverted", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "alpha multiplies x where it should divide",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_CHAIN_RULE] = {"chain-rule", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "a factor of alpha is too many",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_CHAIN_RULE_INVERSE] = {"chain-rule", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "a factor of 1/alpha is too many",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_ZERO_BELOW] = {"zero-below", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "negative inputs give 0, as in ReLU",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_CONSTANTS_OF_THE_PAPER] = {"constants-of-the-paper", CONF_ERROR,
        DIAG_OF_FUNCTION, "another_function",
        "the constants of the paper are used, not those given",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_ELU_FOR_SELU] = {"elu-for-selu", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "computes ELU: neither lambda nor alpha",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_SELU_FOR_ELU] = {"selu-for-elu", CONF_ERROR, DIAG_OF_FUNCTION,
        "another_function", "computes SELU",
        "median distance from that %.3g ULP above 0 and %.3g below, "
        "from the right values %.4g and %.4g"},
    [DIAG_FUNCTION_FOR_DERIVATIVE] = {"wrong-function", CONF_ERROR,
        DIAG_OF_FUNCTION, "function_for_derivative",
        "computes the function, not its derivative",
        "%.0f of %.0f results are within 16 ULP of that"},
    [DIAG_DERIVATIVE_FOR_FUNCTION] = {"wrong-function", CONF_ERROR,
        DIAG_OF_FUNCTION, "function_for_derivative",
        "computes the derivative, not the function",
        "%.0f of %.0f results are within 16 ULP of that"},
    [DIAG_ARGUMENTS_EXCHANGED] = {"arguments-exchanged", CONF_ERROR,
        DIAG_OF_FUNCTION, "exchanged",
        "dy and x are exchanged: it must be f(dx, dy, x, n), dx = dy "
        "f'(x)",
        "dy = 1: %.0f of %.0f results are within 16 ULP of x f'(1)"},
    [DIAG_SLOPE] = {"slope", CONF_ERROR, DIAG_OF_FUNCTION, "diag_slope",
        "the slope for x > 0 is wrong", "mean of y/x is %.9g, want %.9g"},
    [DIAG_LAMBDA_F32] = {"constants-f32", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "lambda is rounded to f32",
        "x > 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_ALPHA_F32] = {"constants-f32", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "alpha is rounded to f32",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_BOTH_F32] = {"constants-f32", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "lambda alpha is rounded to f32",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_LAMBDA_F16] = {"constants-f16", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "lambda is rounded to f16",
        "x > 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_ALPHA_F16] = {"constants-f16", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "alpha is rounded to f16",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_BOTH_F16] = {"constants-f16", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "lambda alpha is rounded to f16",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_LAMBDA_BF16] = {"constants-bf16", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "lambda is rounded to bf16",
        "x > 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_ALPHA_BF16] = {"constants-bf16", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "alpha is rounded to bf16",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_BOTH_BF16] = {"constants-bf16", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "lambda alpha is rounded to bf16",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_LAMBDA_TRUNCATED] = {"constants-truncated", CONF_WARNING,
        DIAG_OF_CONSTANT, "tell_constant",
        "lambda is truncated to %.0f digits",
        "x > 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_ALPHA_TRUNCATED] = {"constants-truncated", CONF_WARNING,
        DIAG_OF_CONSTANT, "tell_constant", "alpha is truncated to %.0f digits",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_BOTH_TRUNCATED] = {"constants-truncated", CONF_WARNING,
        DIAG_OF_CONSTANT, "tell_constant",
        "lambda alpha is truncated to %.0f digits",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_LAMBDA_ROUNDED] = {"constants-rounded", CONF_WARNING,
        DIAG_OF_CONSTANT, "tell_constant", "lambda is rounded to %.0f digits",
        "x > 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_ALPHA_ROUNDED] = {"constants-rounded", CONF_WARNING,
        DIAG_OF_CONSTANT, "tell_constant", "alpha is rounded to %.0f digits",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_BOTH_ROUNDED] = {"constants-rounded", CONF_WARNING, DIAG_OF_CONSTANT,
        "tell_constant", "lambda alpha is rounded to %.0f digits",
        "x < 0: that gives %.1f %% of the kernel's bits, the exact "
        "constant %.1f %%; median distance %.3g ULP, from the exact "
        "%.4g"},
    [DIAG_CANCELLATION] = {"cancellation", CONF_ERROR, DIAG_OF_FORMULA,
        "cancels_in", "exp(x) - 1 cancels near 0; expm1 does not",
        "below 0 the error stays under %.2g units of lambda alpha's "
        "last place in %.0f bits while f(x) goes to 0: %.4g ULP at x "
        "= %.4g; zero for %.0f of %.0f inputs above %.2g"},
    [DIAG_GRADIENT_FROM_RESULT] = {"gradient-from-result", CONF_ERROR,
        DIAG_OF_FORMULA, "from_the_result",
        "the gradient is computed from the result, as y + lambda "
        "alpha",
        "the error stays under %.2g units of lambda alpha's last "
        "place while f'(x) goes to 0: %.4g ULP at x = %.4g; zero for "
        "%.0f of %.0f inputs below %.3g"},
    [DIAG_LINEAR_NEAR_0] = {"linear-near-0", CONF_ERROR, DIAG_OF_FORMULA,
        "linear_near_0", "near 0, x is taken for e^x - 1 too far out",
        "%.0f of %.0f results near 0 that are off by more than 1.5 "
        "ULP are lambda alpha x, down to x = %.4g"},
    [DIAG_EXPONENT_ROUNDED] = {"exponent-rounded", CONF_ERROR, DIAG_OF_FORMULA,
        "rounded_exponent", "x/alpha is rounded before the exponential",
        "%.0f of %.0f results are within 2 ULP of the exponential of "
        "x/alpha rounded; the worst is %.4g ULP off"},
    [DIAG_DOUBLE_ROUNDING] = {"double-rounding", CONF_WARNING,
        DIAG_OF_ROUNDING, "double_rounding", "results are rounded twice",
        "%.0f of %.0f wrong results are f(x) rounded to %.0f bits and"
        " then to %.0f, and so are %.0f of %.0f right ones; worst "
        "%.6g ULP"},
    [DIAG_DOUBLE_ROUNDING_SLIGHT] = {"double-rounding", CONF_NOTE,
        DIAG_OF_ROUNDING, "double_rounding", "results are rounded twice",
        "%.0f of %.0f wrong results are f(x) rounded to %.0f bits and"
        " then to %.0f, and so are %.0f of %.0f right ones; worst "
        "%.6g ULP"},
    [DIAG_TRUNCATION] = {"truncation", CONF_WARNING, DIAG_OF_ROUNDING,
        "truncation", "results are cut towards 0, not rounded to nearest",
        "%.0f of %.0f results are the neighbour nearer to 0, %.0f "
        "farther"},
    [DIAG_NARROW_BF16] = {"narrow-arithmetic", CONF_ERROR, DIAG_OF_ROUNDING,
        "narrow_arithmetic", "results have the precision of bfloat16",
        "%.0f of %.0f results fit in %.0f bits"},
    [DIAG_NARROW_F16] = {"narrow-arithmetic", CONF_ERROR, DIAG_OF_ROUNDING,
        "narrow_arithmetic", "results have the precision of half",
        "%.0f of %.0f results fit in %.0f bits"},
    [DIAG_NARROW_F32] = {"narrow-arithmetic", CONF_ERROR, DIAG_OF_ROUNDING,
        "narrow_arithmetic", "results have the precision of float",
        "%.0f of %.0f results fit in %.0f bits"},
    [DIAG_NARROW_EXPONENTIAL] = {"narrow-arithmetic", CONF_ERROR,
        DIAG_OF_ROUNDING, "narrow_exponential",
        "below 0 results have the precision of float",
        "%.0f of %.0f results are off by 2^22 to 2^31 ULP, which is "
        "what an exponential in float is; those above 0 are right"},
    [DIAG_FLUSH_RESULTS] = {"flush-to-zero", CONF_ERROR, DIAG_OF_RANGE,
        "flush", "subnormal results are flushed to zero",
        "%.0f of %.0f results that should be subnormal are 0, %.0f of"
        " %.0f just above are; --ftz allow accepts that"},
    [DIAG_FLUSH_INPUTS] = {"flush-to-zero", CONF_ERROR, DIAG_OF_RANGE, "flush",
        "subnormal inputs or results are flushed to zero",
        "%.0f of %.0f results that should be subnormal are 0, %.0f of"
        " %.0f just above are; --ftz allow accepts that"},
    [DIAG_SATURATES_EARLY] = {"saturates-early", CONF_ERROR, DIAG_OF_RANGE,
        "saturation", "the negative side saturates too early",
        "below x = %.6g every result is %.9g; f(x) still differs down"
        " to x = %.6g (%.0f wrong results there, %.0f in all)"},
    [DIAG_UNUSED_BRANCH] = {"unused-branch", CONF_ERROR, DIAG_OF_RANGE,
        "unused_branch",
        "the exponential of the branch not taken overflows: infinity "
        "times 0",
        "NaN for %.0f of %.0f inputs above %.4g, for none of %.0f "
        "below"},
    [DIAG_ZERO_FROM_THE_RIGHT] = {"zero-from-the-right", CONF_WARNING,
        DIAG_OF_RANGE, "at_zero", "the derivative at 0 is that from the right",
        "x = %g gives %.9g, want %.9g (x <= 0 is the other branch)"},
    [DIAG_UNDERFLOWS_EARLY] = {"underflows-early", CONF_ERROR, DIAG_OF_RANGE,
        "unexplained", "results become 0 where they should not yet",
        "x = %a gives 0, want %a; %.0f zeros for results that are not"},
    [DIAG_ISOLATED] = {"isolated", CONF_ERROR, DIAG_OF_RANGE, "unexplained",
        "right but for isolated inputs",
        "%.0f results are off by 1 ULP or more, for x from %g to %g, "
        "where %.0f of %.0f are correctly rounded; worst at %a"},
    [DIAG_ISOLATED_SLIGHT] = {"isolated", CONF_NOTE, DIAG_OF_RANGE,
        "unexplained", "right but for isolated inputs",
        "%.0f of %.0f results are not correctly rounded, worst at %a"},
    [DIAG_RANGE] = {"range", CONF_ERROR, DIAG_OF_RANGE, "unexplained",
        "right but for a range of inputs: an approximation used too "
        "far, or a wrong entry of a table?",
        "%.0f of %.0f results for x from %g to %g are off by 1 ULP or"
        " more, worst at %a; %.0f there are correctly rounded"},
    [DIAG_UNEXPLAINED] = {"unexplained", CONF_NOTE, DIAG_OF_RANGE,
        "unexplained",
        "no known fault fits; an approximation of the exponential?",
        "%.0f of %.0f results are off by 1 ULP or more, for x from %g"
        " to %g; worst %.4g ULP at %a"},
    [DIAG_MASK_NOT_REPRODUCIBLE] = {"not-reproducible", CONF_ERROR,
        DIAG_OF_MASK, "judge_seeds", "one seed gives different masks",
        "the same seed again gives %.0f of %.0f other results"},
    [DIAG_MASK_BY_THREAD] = {"mask-by-thread", CONF_ERROR, DIAG_OF_MASK,
        "judge_seeds", "the mask depends on the thread",
        "the same seed in another thread gives %.0f of %.0f other "
        "results"},
    [DIAG_SEED_IGNORED] = {"seed-ignored", CONF_ERROR, DIAG_OF_MASK,
        "judge_seeds", "the seed is ignored",
        "another seed gives %.0f of %.0f other results"},
    [DIAG_SEED_CUT] = {"seed-cut", CONF_ERROR, DIAG_OF_MASK, "judge_seeds",
        "the upper half of the seed is ignored",
        "a seed that differs in its upper half gives %.0f of %.0f "
        "other results"},
    [DIAG_INFINITY_TIMES_0] = {"infinity-times-0", CONF_ERROR, DIAG_OF_SPECIAL,
        "judge_infinities", "a mask multiplies: infinity times 0 is NaN",
        "x = inf gives NaN %.0f times of %.0f"},
    [DIAG_RATE_0] = {"rate-0", CONF_ERROR, DIAG_OF_MASK, "judge_special",
        "rate 0 changes its inputs", "%.0f of %.0f inputs"},
    [DIAG_DROPOUT_UNWRITTEN] = {"unwritten", CONF_ERROR, DIAG_OF_MEMORY,
        "judge_lengths", "outputs stay unwritten",
        "n = %.0f: %.0f outputs never written"},
    [DIAG_DROPOUT_OUTSIDE] = {"out-of-bounds", CONF_ERROR, DIAG_OF_MEMORY,
        "judge_lengths", "memory outside of the arrays is touched",
        "n = %.0f: %.0f elements written outside of the output"},
    [DIAG_DROPOUT_CHANGED] = {"input-changed", CONF_ERROR, DIAG_OF_MEMORY,
        "tell_changed", "inputs are changed", "n = %.0f: %.0f inputs changed"},
    [DIAG_DROPOUT_FAULT] = {"out-of-bounds", CONF_ERROR, DIAG_OF_MEMORY,
        "tell_failure", "memory outside of the arrays is touched", NULL},
    [DIAG_DROPOUT_CRASH] = {"crash", CONF_ERROR, DIAG_OF_CONDUCT,
        "tell_failure", "it crashes, ends its process or hangs", NULL},
    [DIAG_NOT_A_MASK] = {"not-a-mask", CONF_ERROR, DIAG_OF_MASK, "judge_rate",
        "inputs are not either kept or dropped",
        "rate %g: one input becomes more than two values, or NaN"},
    [DIAG_NORMAL_NOISE] = {"normal-noise", CONF_ERROR, DIAG_OF_MASK,
        "dropout_mask_rate",
        "normal noise is compared with the rate, in place of uniform",
        "rate %g: share %.6g; normal noise gives %.6g"},
    [DIAG_RATE_INVERTED] = {"rate-inverted", CONF_ERROR, DIAG_OF_MASK,
        "dropout_mask_rate", "the rate is taken for the share that is kept",
        "rate %g: share %.6g dropped"},
    [DIAG_RATE_ALL] = {"rate", CONF_ERROR, DIAG_OF_MASK, "dropout_mask_rate",
        "everything is dropped", "rate %g: %.0f of %.0f"},
    [DIAG_RATE_NONE] = {"rate", CONF_ERROR, DIAG_OF_MASK, "dropout_mask_rate",
        "nothing is dropped", "rate %g: %.0f of %.0f"},
    [DIAG_RATE] = {"rate", CONF_ERROR, DIAG_OF_MASK, "dropout_mask_rate",
        "the rate is wrong",
        "rate %g: share %.6g, %.3g standard deviations off"},
    [DIAG_MASK_BY_VALUE] = {"mask-by-value", CONF_ERROR, DIAG_OF_MASK,
        "dropout_mask_independence", "the mask depends on the input",
        "rate %g: negative inputs are dropped at rate %.5g"},
    [DIAG_CORRELATED] = {"correlated", CONF_ERROR, DIAG_OF_MASK, "test_lags",
        "elements share their random numbers",
        "rate %g: elements %.0f apart, %.3g standard deviations"},
    [DIAG_RATE_BY_POSITION] = {"rate-by-position", CONF_ERROR, DIAG_OF_MASK,
        "test_positions", "the rate depends on the position",
        "rate %g: positions %.0f mod %.0f have rate %.5g"},
    [DIAG_SEEDS_CORRELATED] = {"seeds-correlated", CONF_ERROR, DIAG_OF_MASK,
        "test_seeds", "neighbouring seeds give related masks",
        "rate %g: %.3g standard deviations"},
    [DIAG_DROPPED_SIGN] = {"dropped-sign", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_dropped",
        "the dropped value has the wrong sign: +lambda alpha",
        "rate %g: it is %.9g, that formula gives %.9g, right is %.9g"},
    [DIAG_DROPPED_ZERO_BEFORE] = {"dropped-zero", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_dropped",
        "dropped inputs become 0 before a and b, as in ordinary "
        "dropout",
        "rate %g: it is %.9g, that formula gives %.9g, right is %.9g"},
    [DIAG_DROPPED_RAW] = {"dropped-raw", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_dropped", "a and b are not applied to the dropped value",
        "rate %g: it is %.9g, that formula gives %.9g, right is %.9g"},
    [DIAG_DROPPED_ALPHA] = {"dropped-alpha", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_dropped", "the dropped value is -alpha, without lambda",
        "rate %g: it is %.9g, that formula gives %.9g, right is %.9g"},
    [DIAG_DROPPED_ZERO] = {"dropped-zero", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_dropped", "dropped inputs become 0",
        "rate %g: it is %.9g, that formula gives %.9g, right is %.9g"},
    [DIAG_DROPPED_VALUE] = {"dropped-value", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_dropped", "the dropped value is off",
        "rate %g: %.9g, want %.9g, %.4g ULP off; alpha' as the kernel"
        " has it is %.9g, should be %.9g"},
    [DIAG_AFFINE_NO_ROOT] = {"affine-no-root", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "a lacks its square root",
        "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"},
    [DIAG_AFFINE_ROOT_OF_Q] = {"affine-root-of-q", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "a is 1/sqrt(1 - p), as if dropped were 0",
        "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"},
    [DIAG_AFFINE_ORDINARY] = {"affine-ordinary", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "a is 1/(1 - p), as in ordinary dropout",
        "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"},
    [DIAG_AFFINE_NONE] = {"affine-none", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "no affine map follows the mask",
        "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"},
    [DIAG_AFFINE_CUBE] = {"affine-cube", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "a is (1 - p)^(3/2): variance (1 - p)^3",
        "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"},
    [DIAG_AFFINE_CUBE_TIMES] = {"affine-cube", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "a^2 is (1 - p)^3 times what it should be",
        "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"},
    [DIAG_AFFINE_P_FOR_Q] = {"affine-p-for-q", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "p and 1 - p are exchanged in a",
        "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"},
    [DIAG_AFFINE_SLOPE] = {"affine-slope", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "the factor a is wrong",
        "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g"},
    [DIAG_AFFINE_OFFSET_SIGN] = {"affine-offset", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "the offset b has the wrong sign",
        "rate %g: b is %.7g, want %.7g: mean 0 becomes %.5g"},
    [DIAG_AFFINE_OFFSET] = {"affine-offset", CONF_ERROR, DIAG_OF_AFFINE,
        "explain_affine", "the offset b is wrong",
        "rate %g: b is %.7g, want %.7g: mean 0 becomes %.5g"},
};

static bool is_whole(const struct diag_row *row)
{
    return row->code && *row->code && row->of != DIAG_OF_NOTHING &&
           row->raised_by && row->words && *row->words &&
           !strpbrk(row->code, ", ");
}

int diag_first_bad_row(void)
{
    for (int i = 0; i < DIAG_ROWS; i++) {
        if (!is_whole(&diag_rows[i]))
            return i;
        for (int k = 0; k < i; k++)
            if (!strcmp(diag_rows[k].code, diag_rows[i].code) &&
                !strcmp(diag_rows[k].words, diag_rows[i].words) &&
                diag_rows[k].level == diag_rows[i].level &&
                !strcmp(diag_rows[k].raised_by, diag_rows[i].raised_by))
                return i;
    }
    return DIAG_ROWS;
}

static bool fails(const char *code, size_t length)
{
    for (int i = 0; i < DIAG_ROWS; i++)
        if (diag_rows[i].level > CONF_NOTE &&
            strlen(diag_rows[i].code) == length &&
            !strncmp(diag_rows[i].code, code, length))
            return true;
    return false;
}

const char *conf_diagnosis_unknown(const char *codes)
{
    for (const char *at = codes; *codes; at++) {
        const size_t length = strcspn(at, ",");
        if (!fails(at, length))
            return at;
        at += length;
        if (!*at)
            break;
    }
    return NULL;
}

/* ---- lists ---------------------------------------------------------------
 */

const char *diag_code(const struct conf_diagnosis *diagnosis)
{
    return diag_rows[diagnosis->row].code;
}

bool diag_is_fault(const struct conf_diagnosis *diagnosis)
{
    return diag_rows[diagnosis->row].level > CONF_NOTE;
}

bool diag_has(const struct diag_list *list, enum diag_index row)
{
    for (int i = 0; i < list->count; i++)
        if (!strcmp(diag_code(&list->found[i]), diag_rows[row].code))
            return true;
    return false;
}

void diag_add(struct diag_list *list, const struct conf_diagnosis *diagnosis)
{
    if (list->once && diag_has(list, diagnosis->row))
        return;
    for (int i = 0; i < list->count; i++)
        if (list->found[i].row == diagnosis->row)
            return;
    if (list->count < CONF_DIAGNOSES)
        list->found[list->count++] = *diagnosis;
}
