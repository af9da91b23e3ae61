/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/snippet.h"
#include <stdlib.h>
#include <string.h>

/*
 * Dropout: of a share q = 1 - rate of the units y is kept, the others become
 * DROPPED, and a y + b gives back mean and variance: Var = q V + q rate
 * (DROPPED - M)^2.  For SELU DROPPED is its limit, so that this is alpha
 * dropout; for others the mean, which costs the least variance.
 */
#define SNIPPET_HEAD                                                          \
    "# {.title}, with the fixed point (mean, variance) =\n"                   \
    "# ({design.mean}, {design.variance}) for weights of sum {design.omega} " \
    "and sum of squares {design.tau}.  Every digit\n# is proven"              \
    "{attracting?; the fixed point attracts.|.\n"                             \
    "# NOT ATTRACTING: deep networks leave this fixed point.|; not decided "  \
    "whether the fixed point attracts.}\n"

#define SNIPPET_CONSTANTS                                                     \
    "{#.selu}LAMBDA = {lambda.value}\n"                                       \
    "LAMBDA_ALPHA = {alpha_prime.value}  # ALPHA = {alpha.value}\n{:}"        \
    "SCALE = {scale.value}\nSHIFT = {shift.value}\n{/}"                       \
    "MEAN, VARIANCE = {design.mean}, {design.variance}\n"                     \
    "SUM, SUM_OF_SQUARES = {design.omega}, {design.tau}  # of a unit's "      \
    "weights\n"                                                               \
    "DROPPED = {#.selu}-LAMBDA_ALPHA{:}MEAN{/}  # what dropout puts in\n\n\n"

#define SNIPPET_SPREAD "math.sqrt(SUM_OF_SQUARES / n - (SUM / n) ** 2)"
#define SNIPPET_AFFINE                                                        \
    "a = ((1 - rate) * (1 + rate * (DROPPED - MEAN) ** 2 / VARIANCE)) "       \
    "** -0.5\n"
#define SNIPPET_SHIFT "b = MEAN - a * ((1 - rate) * MEAN + rate * DROPPED)\n"

static const char snippet_pytorch[] = SNIPPET_HEAD
    "import math\n\nimport torch\nfrom torch import nn\n\n" SNIPPET_CONSTANTS
    "class Activation(nn.Module):\n"
    "    def forward(self, z):\n"
    "        return {#.selu}torch.where(z > 0, LAMBDA * z,\n"
    "                           LAMBDA_ALPHA * torch.expm1(z.clamp(max=0)))\n"
    "{:}SCALE * ({.formula}) + SHIFT\n{/}\n\n"
    "def initialise(weight):  # layer.weight; biases start at 0\n"
    "    n = weight[0].numel()\n"
    "    return nn.init.normal_(weight, SUM / n,\n"
    "                           " SNIPPET_SPREAD ")\n\n\n"
    "class Dropout(nn.Module):\n"
    "    def __init__(self, rate):\n"
    "        super().__init__()\n"
    "        self.rate = rate\n\n"
    "    def forward(self, y):\n"
    "        rate = self.rate if self.training else 0\n"
    "        " SNIPPET_AFFINE "        " SNIPPET_SHIFT
    "        kept = torch.rand_like(y) >= rate\n"
    "        return a * torch.where(kept, y, torch.full_like(y, DROPPED)) + "
    "b\n";

static const char snippet_jax[] = SNIPPET_HEAD
    "import math\n\nimport jax\nimport jax.numpy as jnp\n\n" SNIPPET_CONSTANTS
    "def activation(z):\n"
    "    return {#.selu}jnp.where(z > 0, LAMBDA * z,\n"
    "                     LAMBDA_ALPHA * jnp.expm1(jnp.minimum(z, 0)))\n"
    "{:}SCALE * ({.formula}) + SHIFT\n{/}\n\n"
    "def initialise(key, shape, dtype=jnp.float32):  # (..., inputs, units)\n"
    "    n = math.prod(shape[:-1])\n"
    "    spread = " SNIPPET_SPREAD "\n"
    "    return SUM / n + spread * jax.random.normal(key, shape, dtype)\n\n\n"
    "def dropout(key, y, rate):\n"
    "    " SNIPPET_AFFINE "    " SNIPPET_SHIFT
    "    kept = jax.random.bernoulli(key, 1 - rate, y.shape)\n"
    "    return a * jnp.where(kept, y, DROPPED) + b\n";

static const char snippet_keras[] = SNIPPET_HEAD
    "import math\n\nimport keras\nfrom keras import ops\n\n" SNIPPET_CONSTANTS
    "def activation(z):\n"
    "    return {#.selu}ops.where(z > 0, LAMBDA * z,\n"
    "                     LAMBDA_ALPHA * ops.expm1(ops.minimum(z, 0.)))\n"
    "{:}SCALE * ({.formula}) + SHIFT\n{/}\n\n"
    "class Initialise(keras.initializers.Initializer):\n"
    "    def __init__(self, seed=None):\n"
    "        self.seed = keras.random.SeedGenerator(seed)\n\n"
    "    def __call__(self, shape, dtype=None):\n"
    "        n = math.prod(shape[:-1])\n"
    "        spread = " SNIPPET_SPREAD "\n"
    "        return keras.random.normal(shape, SUM / n, spread, dtype,\n"
    "                                   self.seed)\n\n\n"
    "class Dropout(keras.layers.Layer):\n"
    "    def __init__(self, rate, seed=None, **others):\n"
    "        super().__init__(**others)\n"
    "        self.rate, self.seed = rate, keras.random.SeedGenerator(seed)\n\n"
    "    def call(self, y, training=False):\n"
    "        rate = self.rate if training else 0\n"
    "        " SNIPPET_AFFINE "        " SNIPPET_SHIFT
    "        kept = keras.random.uniform(ops.shape(y), seed=self.seed) >= "
    "rate\n"
    "        return a * ops.where(kept, y, DROPPED) + b\n";

json_t *cmd_snippet(enum cmd_framework framework, json_t *tree,
    const struct cmd_choice *choice)
{
    static const char *const template[] = {[CMD_PYTORCH] = snippet_pytorch,
        [CMD_JAX] = snippet_jax,
        [CMD_KERAS] = snippet_keras};
    const bool selu = !choice->word;
    char *formula = selu ? NULL : cmd_snippet_formula(framework, choice);
    char *text = NULL;
    size_t size;
    json_object_set_new(tree, ".selu", json_boolean(selu));
    json_object_set_new(tree, ".formula", json_string(formula));
    json_object_set_new(tree, ".title",
        selu ? json_string("SELU")
             : json_sprintf(
                   "SCALE f(z) + SHIFT, f = %s", cmd_choice_name(choice)));
    FILE *out = open_memstream(&text, &size);
    if (out) {
        cli_render(out, template[framework], tree);
        fclose(out);
    }
    free(formula);
    json_decref(tree);
    json_t *snippet = json_pack("{s:s}", ".snippet", text ? text : "");
    free(text);
    return snippet;
}
