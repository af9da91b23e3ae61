/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a wish to the layer that fulfils it, and what that layer does. */
#include "cli/commands/gain/gain.h"

enum { POINT_GOAL = 60, POINT_PRECISION = 160 };

enum cmd_gain_wish cmd_gain_wish_of(const struct cmd_gain_job *job)
{
    return job->gain               ? GAIN_GIVEN
           : job->start            ? GAIN_SET_START
           : job->chi || job->keep ? GAIN_SET_CHI
                                   : GAIN_KEEP_Q;
}

static void set_word(arb_t x, const char *word, slong prec)
{
    cmd_arb_set_word(x, word ? word : "0", prec);
}

/* The layer without its wish: what f and the other words say. */
static void start_layer(
    struct field_layer *layer, struct cmd_gain_job *job, slong prec)
{
    layer->f = &job->f;
    layer->centred = job->centred;
    arb_one(layer->weights);
    set_word(layer->bias, job->bias, prec);
    set_word(layer->spread, job->dropout, prec);
    arb_sub_ui(layer->spread, layer->spread, 1, prec);
    arb_neg(layer->spread, layer->spread);
    arb_inv(layer->spread, layer->spread, prec);
}

/*
 * With weights w, bias b:  w S + b = q, S = E x^2 (Var x);  chi = w D,
 * D = E f'^2;  C(0) = (w M + b)/q, M = (E f)^2 (0).
 */
static void fulfil(struct field_layer *layer, const struct field_step *unit,
    const struct cmd_gain_job *job, slong prec)
{
    NUM_ARB(t);
    switch (cmd_gain_wish_of(job)) {
    case GAIN_GIVEN:
        set_word(layer->weights, job->gain, prec);
        arb_sqr(layer->weights, layer->weights, prec);
        return;
    case GAIN_KEEP_Q:
        arb_sub(t, unit->q, layer->bias, prec);
        arb_div(layer->weights, t, unit->square, prec);
        return;
    case GAIN_SET_CHI:
        set_word(t, job->chi ? job->chi : "1", prec);
        arb_div(layer->weights, t, unit->slope_square, prec);
        break;
    case GAIN_SET_START: /* w (S - M) = (1 - C(0)) q */
        set_word(t, job->start, prec);
        arb_sub_ui(t, t, 1, prec);
        arb_neg(t, t);
        arb_mul(layer->weights, t, unit->q, prec);
        arb_set(t, unit->square);
        if (!job->centred)
            arb_submul(t, unit->mean, unit->mean, prec);
        arb_div(layer->weights, layer->weights, t, prec);
    }
    arb_mul(t, layer->weights, unit->square, prec);
    arb_sub(layer->bias, unit->q, t, prec);
}

/* The step of weights 1, bias 0 becomes that of the layer. */
static void scale_step(
    struct field_step *step, const struct field_layer *layer, slong prec)
{
    arb_mul(step->next, step->square, layer->weights, prec);
    arb_add(step->next, step->next, layer->bias, prec);
    arb_mul(step->slope, step->slope, layer->weights, prec);
    arb_mul(step->chi, step->slope_square, layer->weights, prec);
}

static void start_of(arb_t c, const struct field_step *step,
    const struct field_layer *layer, slong prec)
{
    arb_zero(c);
    if (!layer->centred)
        arb_sqr(c, step->mean, prec);
    arb_mul(c, c, layer->weights, prec);
    arb_add(c, c, layer->bias, prec);
    arb_div(c, c, step->q, prec);
}

/* The layer of the wish, and its step at q. */
static enum sn_status make_layer(struct field_layer *layer,
    struct field_step *step, struct cmd_gain_job *job, slong prec)
{
    NUM_ARB(bias);
    start_layer(layer, job, prec);
    set_word(step->q, job->q, prec);
    arb_swap(bias, layer->bias); /* the unit step has none */
    enum sn_status status = field_step_arb(step, layer, prec, &job->trouble);
    arb_swap(bias, layer->bias);
    if (status != SN_OK)
        return status;
    job->smooth = arb_is_finite(step->slope_square);
    if (cmd_gain_wish_of(job) == GAIN_SET_CHI && !job->smooth)
        return SN_NO_SOLUTION;
    fulfil(layer, step, job, prec);
    scale_step(step, layer, prec);
    return SN_OK;
}

static enum sn_status attempt_gain(void *ctx, slong prec)
{
    struct cmd_gain_job *job = ctx;
    struct cmd_shown *shown = job->shown;
    NUM_STRUCT(field_layer, layer);
    NUM_STRUCT(field_step, step);
    enum sn_status status = make_layer(&layer, &step, job, prec);
    if (status != SN_OK)
        return status;
    job->exists =
        arb_is_nonnegative(layer.bias) && arb_is_positive(layer.weights);
    /* a bias that may be 0 exactly, as that of a homogeneous f is at chi 1 */
    if (!job->exists && job->homogeneous && arb_contains_zero(layer.bias)) {
        arb_zero(layer.bias);
        job->exists = true;
    }
    if (!job->exists && arb_contains_zero(layer.bias))
        return SN_UNDECIDED;
    arb_set(shown[GAIN_WEIGHTS].ball, layer.weights);
    arb_sqrt(shown[GAIN_GAIN].ball, layer.weights, prec);
    arb_set(shown[GAIN_BIAS].ball, layer.bias);
    arb_set(shown[GAIN_NEXT].ball, step.next);
    if (cmd_gain_wish_of(job) != GAIN_GIVEN)
        arb_set(shown[GAIN_NEXT].ball, step.q);
    arb_set(shown[GAIN_SLOPE].ball, step.slope);
    arb_set(shown[GAIN_CHI].ball, step.chi);
    start_of(shown[GAIN_START].ball, &step, &layer, prec);
    return job->exists ? cmd_shown_decide_moments(shown,
                             job->smooth ? GAIN_SHOWN : GAIN_SHOWN - 1,
                             step.square, step.q, step.q, job->request.digits)
                       : cmd_shown_decide(
                             &shown[GAIN_WEIGHTS], 2, job->request.digits);
}

/* ---- at the fixed points --------------------------------------------- */

static enum sn_status describe(struct cmd_gain_point *point,
    const struct field_alone *alone, const struct field_layer *layer,
    struct act_trouble *trouble)
{
    NUM_STRUCT(field_step, step);
    enum sn_status status =
        field_point_refine(step.q, alone, layer, POINT_PRECISION, trouble);
    if (status == SN_OK)
        status = field_step_arb(&step, layer, POINT_PRECISION, trouble);
    if (status != SN_OK)
        return status;
    arb_set(point->q, step.q);
    arb_set(point->slope, step.slope);
    arb_set(point->chi, step.chi);
    start_of(point->start, &step, layer, POINT_PRECISION);
    NUM_ARB(more);
    arb_sub_ui(more, step.chi, 1, POINT_PRECISION);
    point->has_correlation =
        arb_is_one(layer->spread) &&
        (arb_is_positive(more) || !arb_is_finite(step.chi));
    if (!point->has_correlation)
        return SN_OK;
    status = field_correlation_point(
        point->correlation, layer, step.q, POINT_GOAL, trouble);
    if (status == SN_OK)
        status = field_correlation_map(point->correlation_slope, layer, step.q,
            point->correlation, true, POINT_GOAL, trouble);
    return status;
}

static enum sn_status find_points(struct cmd_gain_job *job)
{
    NUM_STRUCT(field_layer, layer);
    NUM_STRUCT(field_step, step);
    job->points.low = job->region[0];
    job->points.high = job->region[1];
    enum sn_status status = make_layer(&layer, &step, job, POINT_PRECISION);
    if (status == SN_OK)
        status = field_points_find(&job->points, &layer, &job->trouble);
    if (status == SN_UNDECIDED) { /* too far out for that f: said, not fatal */
        job->points.complete = false;
        job->points.open = job->points.high;
        status = SN_OK;
    }
    for (int i = 0; i < job->points.count && status == SN_OK; i++)
        status = describe(
            &job->point[i], &job->points.point[i], &layer, &job->trouble);
    return status;
}

void cmd_gain_solve(struct cmd_gain_job *job)
{
    cmd_choice_expression(&job->f, &job->choice);
    job->homogeneous = expr_is_homogeneous(&job->f);
    enum sn_status status =
        cmd_with_activation_precision(attempt_gain, job, job->request.digits);
    if (status == SN_NO_SOLUTION)
        cli_die(&job->cli, CLI_EXIT_FAILED,
            "%.40s: it jumps, or E f'^2 is not known to be finite: no "
            "weights give its gradients a factor",
            cmd_choice_name(&job->choice));
    /* a linear q-map keeps every q, or one that is printed */
    if (status == SN_OK && job->exists && !job->homogeneous)
        status = find_points(job);
    if (status != SN_OK)
        cmd_choice_die(&job->choice, &job->cli, &job->trouble, status,
            job->request.digits);
}
