/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run is made of: the usual one, its limits, its memory, its text. */
#include "fixedpoint/activations/activations.h"
#include "kernels/kernels.h"
#include "verify/networks/layers/network.h"
#include "verify/networks/theory/theory.h"
#include "verify/shared/hash.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

int net_threads(const struct net_networks *s)
{
    return shared_team_threads(s->threads, s->networks);
}

static bool is_interval(const struct quad_interval *i)
{
    return isfinite(i->low) && isfinite(i->high) && i->low <= i->high;
}

static bool has_sizes(const struct net_networks *s)
{
    return s->width >= 2 && s->width <= NET_MAX_WIDTH && s->depth >= 1 &&
           s->depth <= NET_MAX_DEPTH && s->networks >= 1 &&
           s->networks <= NET_MAX_NETWORKS && s->inputs >= 1 &&
           s->inputs <= NET_MAX_INPUTS && s->threads >= 1;
}

static bool has_laws(const struct net_networks *s)
{
    double widest = fmax(fabs(s->omega.low), fabs(s->omega.high));
    return s->weights && s->unit && s->model.f && is_interval(&s->omega) &&
           is_interval(&s->tau) &&
           widest * widest / (double)s->width < s->tau.low;
}

static bool has_start(const struct net_networks *s)
{
    return isfinite(s->start_mean) && s->start_variance > 0 &&
           isfinite(s->start_variance) && fabs(s->correlation) <= 1;
}

static bool has_gain(const struct net_networks *s)
{
    return s->gain > 0 && isfinite(s->gain) && s->bias >= 0 &&
           isfinite(s->bias) &&
           (s->weights->kind == NET_ROW_FREE ||
               (s->gain == 1 && s->bias == 0));
}

/* The exact method knows the law of z for few inputs and Gaussian weights. */
static bool has_method(const struct net_networks *s)
{
    return s->way == NET_WAY_DIRECT || (s->weights->gaussian && !s->backward &&
                                           s->inputs <= NET_MAX_EXACT_INPUTS);
}

bool net_is_runnable(const struct net_networks *s)
{
    return has_sizes(s) && has_laws(s) && has_gain(s) && has_start(s) &&
           has_method(s) && s->dropout.rate >= 0 && s->dropout.rate < 1;
}

double net_bytes(const struct net_networks *s)
{
    double threads = net_threads(s);
    double cells = ((double)s->depth + 1) * NET_QUANTITIES + NET_POOLED;
    return threads * (net_workspace_bytes(s) + sizeof(struct net_workspace)) +
           (threads + 2) * cells * sizeof(struct net_cell);
}

enum sn_status net_preset(struct net_networks *settings)
{
    static struct expr_program program;
    static struct net_unit unit = {sn_selu_faithful_f32, sn_selu_f64,
        sn_selu_grad_f32, sn_selu_grad_f64, &program};
    double lambda, alpha, place;
    enum sn_status status = theory_selu_constants_f64(&lambda, &alpha);
    if (status == SN_OK && !program.step) {
        struct expr_expression f;
        struct act_chosen selu;
        struct expr_fault fault;
        expr_init(&f);
        if (!act_find(&selu, "selu", 4))
            status = SN_BAD_VALUE;
        else
            status = act_expression(&f, &selu, &fault);
        if (status == SN_OK)
            status = expr_program_init(&program, &f, &place);
        expr_clear(&f);
    }
    *settings = (struct net_networks){
        .width = 512,
        .depth = 64,
        .networks = 32,
        .inputs = 64,
        .weights = &net_weight_laws[0],
        .gain = 1,
        .tau = {1, 1},
        .start_variance = 1,
        .unit = &unit,
        .model = {&program, true, lambda, alpha},
        .expected_gain = 1,
        .dropout = {0, 1, 0, 0},
        .expected_dropout = {0, 1, 0, 0},
        .target_variance = 1,
        .margin_mean = 0.01,
        .margin_variance = 0.05,
        .seed = 1,
        .threads = 1,
    };
    return status;
}

enum sn_status net_alpha_dropout(struct shared_dropout *d,
    const struct act_chosen *activation, const arb_t rate, double mean,
    double variance)
{
    enum { LOWER_PRECISION = 256 };
    NUM_ARB(lower);
    enum sn_status status = act_lower_arb(lower, activation, LOWER_PRECISION);
    if (status == SN_OK)
        status = shared_alpha_dropout(d, rate, lower, mean, variance);
    return status;
}

void net_networks_print(FILE *out, const struct net_networks *s)
{
    const struct shared_dropout *d = &s->dropout;
    uint64_t data = s->data ? shared_hash(SHARED_HASH_START, s->data,
                                  s->inputs * s->width * sizeof *s->data)
                            : 0;
    fprintf(out,
        "width %zu depth %zu networks %zu inputs %zu way %d real %d init %s "
        "omega %a %a tau %a %a drawn %d start %a %a correlation %a dropout "
        "%a %a %a %a last %zu backward %d target %a %a margins %a %a seed "
        "%" PRIu64 " data %016" PRIx64 " gain %a bias %a",
        s->width, s->depth, s->networks, s->inputs, (int)s->way, (int)s->real,
        s->weights->name, s->omega.low, s->omega.high, s->tau.low, s->tau.high,
        (int)s->drawn, s->start_mean, s->start_variance, s->correlation,
        d->rate, d->a, d->b, d->dropped, s->dropout_layers, s->backward,
        s->target_mean, s->target_variance, s->margin_mean, s->margin_variance,
        s->seed, data, s->gain, s->bias);
}
