/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/fixed_points/fixed_points.h"
#include <math.h>
#include <string.h>

enum { BOXES_IN_TEXT = 8 };

/* An exact constant, or the paper's as a format has it. */
static void set_constant(arb_t x, const char *word, slong prec)
{
    if (!word)
        return;
    for (int i = 0; i < 4; i++)
        if (!strcmp(word, num_formats[i].name)) {
            double rounded;
            if (num_round_to_format(&rounded, x, &num_formats[i]) == SN_OK)
                arb_set_d(x, rounded);
            else
                arb_indeterminate(x);
            return;
        }
    cmd_arb_set_word(x, word, prec);
}

void cmd_fixed_points_layer(struct map_point *point,
    const struct cmd_fixed_points_job *job, slong prec)
{
    cmd_request_point(point, &job->request, prec);
    constants_selu_arb(point->lambda, point->alpha, prec > 128 ? prec : 128);
    set_constant(point->lambda, job->request.lambda, prec);
    set_constant(point->alpha, job->request.alpha, prec);
}

static enum cmd_side side_of(const struct cmd_fixed_points_job *job,
    const struct map_point *point, slong prec)
{
    enum cmd_side side = CMD_INSIDE;
    NUM_ARB(end);
    for (int i = 0; i < 4; i++) {
        arb_srcptr x = i < 2 ? point->mu : point->nu;
        cmd_arb_set_word(end, job->region[i], prec);
        if (i % 2 ? arb_gt(x, end) : arb_lt(x, end))
            side = CMD_OUTSIDE;
        else if (side != CMD_OUTSIDE &&
                 !(i % 2 ? arb_lt(x, end) : arb_gt(x, end)))
            side = CMD_EDGE;
    }
    return side;
}

static enum sn_status show(struct cmd_shown_point *to,
    const struct cmd_fixed_points_job *job, struct map_point *point,
    const struct fixed_isolated *isolated, slong prec)
{
    arb_t jacobian[4], re[2], im[2], one;
    for (int i = 0; i < 4; i++)
        arb_init(jacobian[i]);
    for (int i = 0; i < 2; i++) {
        arb_init(re[i]);
        arb_init(im[i]);
    }
    arb_init(one);
    arb_one(one);
    enum sn_status status =
        fixed_point_refine(point, jacobian, isolated, prec);
    if (status == SN_OK) {
        to->side = side_of(job, point, prec);
        map_eigenvalues_arb(
            re, im, to->shown[CMD_FP_RADIUS].ball, jacobian, prec);
        arb_set(to->shown[CMD_FP_MEAN].ball, point->mu);
        arb_set(to->shown[CMD_FP_VARIANCE].ball, point->nu);
        for (int i = 0; i < 2; i++) {
            arb_set(to->shown[CMD_FP_RE1 + i].ball, re[i]);
            arb_set(to->shown[CMD_FP_IM1 + i].ball, im[i]);
        }
        to->attracting = arb_lt(to->shown[CMD_FP_RADIUS].ball, one)   ? 1
                         : arb_gt(to->shown[CMD_FP_RADIUS].ball, one) ? 0
                                                                      : -1;
        status =
            cmd_shown_decide(to->shown, CMD_FP_SHOWN, job->request.digits);
    }
    for (int i = 0; i < 4; i++)
        arb_clear(jacobian[i]);
    for (int i = 0; i < 2; i++) {
        arb_clear(re[i]);
        arb_clear(im[i]);
    }
    arb_clear(one);
    return status;
}

enum sn_status cmd_fixed_points_digits(void *ctx, slong prec)
{
    struct cmd_fixed_points_job *job = ctx;
    enum sn_status status = SN_OK;
    NUM_STRUCT(map_point, point);
    for (size_t k = 0; status == SN_OK && k < job->found.count; k++) {
        cmd_fixed_points_layer(&point, job, prec);
        status =
            show(&job->points[k], job, &point, &job->found.point[k], prec);
    }
    return status;
}

const char cmd_fixed_points_text[] =
    "fixed points of g with mean in [{region.mean.0}, {region.mean.1}], "
    "variance in [{region.variance.0}, {region.variance.1}]\n"
    "omega = {layer.omega}, tau = {layer.tau}, "
    "lambda = {#layer.lambda=exact}the paper's{:}{layer.lambda}{/}, "
    "alpha = {#layer.alpha=exact}the paper's{:}{layer.alpha}{/}\n\n"
    "{#fixed_points}"
    "mean            {mean:digits}\n"
    "variance        {variance:digits}\n"
    "{#eigenvalues}eigenvalue      {.:digits}\n"
    "{#imaginary}  imaginary     {.:digits}\n{/}{/}"
    "spectral radius {spectral_radius:digits}\n"
    "attracting      {attracting?yes|no|not decided (spectral radius near "
    "1)}\n"
    "{#on_edge}place           on the region's edge, as far as the digits can "
    "tell\n{/}\n{/}"
    "{#complete}Proven complete: the region has no "
    "{#fixed_points}{#@first}other {/}{/}fixed point ({boxes} boxes"
    "{#fixed_points}{#@first}; every\n"
    "digit is proven, the last one rounded to nearest{/}{/}).\n"
    "{:}NOT complete: {#contradiction}two libraries contradict each other{:}"
    "{interrupted?interrupted|not decided}{/} after {boxes} boxes"
    "{#.spent}, all it may spend (--max-boxes){/}.\n"
    "{#undecided_hull}Any other fixed point of the region has a mean in "
    "[{mean.0:.17g}, {mean.1:.17g}] and a\n"
    "variance in [{variance.0:.17g}, {variance.1:.17g}].\n{/}"
    "{#.open}open: mean [{mean.0:.17g}, {mean.1:.17g}], variance "
    "[{variance.0:.17g}, {variance.1:.17g}]\n{/}"
    "{#.more}and {.} boxes more (--json lists them)\n{/}{/}";

static json_t *point_json(const struct cmd_shown_point *p)
{
    json_t *eigenvalues = json_array();
    for (int i = 0; i < 2; i++) {
        json_t *value = cmd_shown_json(&p->shown[CMD_FP_RE1 + i]);
        if (!arb_is_zero(p->shown[CMD_FP_IM1 + i].ball))
            json_object_set_new(
                value, "imaginary", cmd_shown_json(&p->shown[CMD_FP_IM1 + i]));
        json_array_append_new(eigenvalues, value);
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "mean",
        cmd_shown_json(&p->shown[CMD_FP_MEAN]), "variance",
        cmd_shown_json(&p->shown[CMD_FP_VARIANCE]), "eigenvalues", eigenvalues,
        "spectral_radius", cmd_shown_json(&p->shown[CMD_FP_RADIUS]),
        "attracting",
        p->attracting < 0 ? json_null() : json_boolean(p->attracting),
        "on_edge", p->side == CMD_EDGE);
}

static json_t *box_tree(const struct fixed_box *box)
{
    return json_pack("{s:[f, f], s:[f, f]}", "mean", box->mu[0], box->mu[1],
        "variance", box->nu[0], box->nu[1]);
}

/* Where fixed points that were not found may be, as one rectangle. */
static json_t *hull_tree(const struct fixed_point_list *found)
{
    if (!found->open_count)
        return json_null();
    struct fixed_box hull = found->open[0];
    for (size_t k = 1; k < found->open_count; k++) {
        const struct fixed_box *box = &found->open[k];
        hull.mu[0] = fmin(hull.mu[0], box->mu[0]);
        hull.mu[1] = fmax(hull.mu[1], box->mu[1]);
        hull.nu[0] = fmin(hull.nu[0], box->nu[0]);
        hull.nu[1] = fmax(hull.nu[1], box->nu[1]);
    }
    return box_tree(&hull);
}

json_t *cmd_fixed_points_tree(const struct cmd_fixed_points_job *job)
{
    const struct cmd_request *request = &job->request;
    const struct fixed_point_list *found = &job->found;
    json_t *points = json_array(), *open = json_array(), *few = json_array();
    for (size_t k = 0; k < found->count; k++)
        if (job->points[k].side != CMD_OUTSIDE)
            json_array_append_new(points, point_json(&job->points[k]));
    for (size_t k = 0; k < found->open_count; k++) {
        json_t *row = box_tree(&found->open[k]);
        if (k < BOXES_IN_TEXT)
            json_array_append(few, row);
        json_array_append_new(open, row);
    }
    const size_t more = found->open_count > BOXES_IN_TEXT
                            ? found->open_count - BOXES_IN_TEXT
                            : 0;
    return json_pack("{s:{s:s, s:s, s:s, s:s}, s:{s:[s, s], s:[s, s]}, s:b, "
                     "s:o, s:o, s:o, s:b, s:b, s:I, s:b, s:o, s:o*}",
        "layer", "omega", request->omega, "tau", request->tau, "lambda",
        request->lambda ? request->lambda : "exact", "alpha",
        request->alpha ? request->alpha : "exact", "region", "mean",
        job->region[0], job->region[1], "variance", job->region[2],
        job->region[3], "complete", found->complete, "fixed_points", points,
        "undecided", open, "undecided_hull", hull_tree(found), "contradiction",
        found->contradiction, "interrupted", found->interrupted, "boxes",
        (json_int_t)found->boxes, ".spent", found->boxes >= job->max_boxes,
        ".open", few, ".more", more ? json_integer((json_int_t)more) : NULL);
}
