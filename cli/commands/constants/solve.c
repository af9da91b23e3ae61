/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/constants/constants.h"
#include "fixedpoint/activations/normalized.h"
#include "fixedpoint/numbers/decimal.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REMAINDER_DIGITS = 60 }; /* more, for what rounding left out */

/* On a terminal, what is being done for so many digits. */
static void say(const struct cmd_constants_job *job, const char *stage)
{
    if (job->cli.quiet || job->request.digits <= CMD_MAX_DIGITS ||
        !isatty(STDERR_FILENO))
        return;
    if (stage)
        fprintf(stderr, "\r%ld digits, %.0f MB of memory: %s\033[K",
            job->request.digits, job->memory / 1e6, stage);
    else
        fputs("\r\033[K", stderr);
    fflush(stderr);
}

void cmd_constants_design(
    struct constants_design *design, const struct cmd_request *request)
{
    constants_design_init(design);
    num_decimal_fmpq(&design->mu, request->mean);
    num_decimal_fmpq(&design->nu, request->variance);
    num_decimal_fmpq(&design->omega, request->omega);
    num_decimal_fmpq(&design->tau, request->tau);
}

/* The paper's design from series alone: docs/mathematics/theory.md. */
static enum sn_status solve_paper(struct cmd_constants_job *job, slong prec)
{
    struct cmd_shown *shown = job->shown;
    NUM_STRUCT(constants_paper, paper);
    NUM_ARB(one);
    constants_paper_arb(&paper, prec);
    arb_swap(shown[SOLVED_LAMBDA].ball, paper.lambda);
    arb_swap(shown[SOLVED_ALPHA].ball, paper.alpha);
    arb_swap(shown[SOLVED_ALPHA_PRIME].ball, paper.alpha_prime);
    arb_sqr(shown[SOLVED_NORM].ball, paper.mean_nu, prec);
    arb_addmul(
        shown[SOLVED_NORM].ball, paper.variance_nu, paper.variance_nu, prec);
    arb_sqrt(shown[SOLVED_NORM].ball, shown[SOLVED_NORM].ball, prec);
    arb_swap(shown[SOLVED_EIGEN1].ball, paper.variance_nu);
    for (int i = SOLVED_EIGEN2; i < SOLVED; i++)
        arb_zero(shown[i].ball);
    arb_one(one);
    job->complex_pair = false;
    job->attracting = arb_lt(shown[SOLVED_EIGEN1].ball, one) ? 1 : -1;
    return SN_OK;
}

/* What the Jacobian says of the fixed point. */
static void judge(
    struct cmd_constants_job *job, const arb_t jacobian[4], slong prec)
{
    struct cmd_shown *shown = job->shown;
    arb_t one, radius, re[2], im[2];
    arb_init(one);
    arb_init(radius);
    for (int i = 0; i < 2; i++) {
        arb_init(re[i]);
        arb_init(im[i]);
    }
    map_spectrum_arb(shown[SOLVED_NORM].ball, re, im, radius, jacobian, prec);
    arb_one(one);
    job->complex_pair = !arb_contains_zero(im[0]);
    job->attracting = arb_lt(radius, one) ? 1 : arb_ge(radius, one) ? 0 : -1;
    for (int i = 0; i < 2; i++) {
        arb_swap(shown[SOLVED_EIGEN1 + i].ball, re[i]);
        arb_swap(shown[SOLVED_IM1 + i].ball, im[i]);
        arb_clear(re[i]);
        arb_clear(im[i]);
    }
    arb_clear(one);
    arb_clear(radius);
}

/* lambda and alpha of any design. */
static enum sn_status solve_design(struct cmd_constants_job *job, slong prec)
{
    struct map_point *point = &job->point;
    struct cmd_shown *shown = job->shown;
    struct constants_design design;
    arb_t jacobian[4];
    for (int i = 0; i < 4; i++)
        arb_init(jacobian[i]);
    cmd_constants_design(&design, &job->request);
    enum sn_status status =
        constants_solve_design_arb(point, jacobian, &design, prec);
    constants_design_clear(&design);
    if (status == SN_OK) {
        arb_set(shown[SOLVED_LAMBDA].ball, point->lambda);
        arb_set(shown[SOLVED_ALPHA].ball, point->alpha);
        arb_mul(
            shown[SOLVED_ALPHA_PRIME].ball, point->lambda, point->alpha, prec);
        judge(job, jacobian, prec);
    }
    for (int i = 0; i < 4; i++)
        arb_clear(jacobian[i]);
    return status;
}

/* c and d of any activation. */
static enum sn_status solve_normalized(
    struct cmd_constants_job *job, slong prec)
{
    struct map_point *point = &job->point;
    NUM_STRUCT(act_gaussian, moments);
    NUM_STRUCT(act_normalized, normalized);
    NUM_ARB(m, v);
    cmd_request_point(point, &job->request, prec);
    arb_mul(m, point->mu, point->omega, prec);
    arb_mul(v, point->nu, point->tau, prec);
    enum sn_status status = act_gaussian_arb(
        &moments, &job->f, m, v, ACT_ANY_METHOD, prec, &job->trouble);
    if (status == SN_OK) {
        act_normalized_arb(
            &normalized, &moments, point, job->homogeneous, prec);
        arb_set(job->shown[SOLVED_SCALE].ball, normalized.scale);
        arb_set(job->shown[SOLVED_SHIFT].ball, normalized.shift);
        judge(job, normalized.jacobian, prec);
    }
    return status;
}

/* A constant that is printed as 0 is one, as the shift of odd functions. */
static enum sn_status round_constant(struct cmd_constants_job *job, int i)
{
    struct cmd_shown *shown = &job->shown[i];
    if (!strcmp(shown->value, "0"))
        arb_zero(shown->ball);
    enum sn_status status = SN_OK;
    for (int f = 0; f < NUM_ALL_FORMATS && status == SN_OK; f++)
        status = num_round_to_format(
            &job->rounded[f][i], shown->ball, &num_formats[f]);
    return status;
}

/* How often more precision is tried where an eigenvalue is next to 1. */
enum { CLOSER_LOOKS = 2 };

/* Everything shown, or SN_UNDECIDED if a digit or a rounding is open. */
static enum sn_status attempt(void *ctx, slong prec)
{
    struct cmd_constants_job *job = ctx;
    say(job, job->paper ? "series, pi, e" : "moments");
    enum sn_status status = job->choice.word ? solve_normalized(job, prec)
                            : job->paper     ? solve_paper(job, prec)
                                             : solve_design(job, prec);
    say(job, "decimal digits");
    if (status == SN_OK)
        status = cmd_shown_decide(job->shown, SOLVED, job->request.digits);
    for (int i = 0; i < job->constants && status == SN_OK; i++)
        status = round_constant(job, i);
    if (status == SN_OK && job->attracting < 0 && !job->homogeneous &&
        job->closer_looks++ < CLOSER_LOOKS)
        status = SN_UNDECIDED;
    say(job, NULL);
    return status;
}

/*
 * A mean of few digits, next to the impossible one on that side, that is
 * proven to be possible; NULL if none is known.
 */
static char *possible_mean(const struct cmd_constants_job *job, int side)
{
    enum {
        PREC = 256,
        MORE = 16384,
        LEAST_DIGITS = 4,
        SOLVE_MOST_DIGITS = 17
    };
    char *word = NULL, *radius;
    NUM_STRUCT(map_point, trial);
    NUM_ARB(mean);
    bool found = constants_possible_mean_arb(mean, &job->point, side, PREC);
    for (int digits = LEAST_DIGITS; found && digits <= SOLVE_MOST_DIGITS;
         digits++) {
        if (num_decimal_arb(&word, &radius, mean, digits) != SN_OK)
            break;
        free(radius);
        cmd_request_point(&trial, &job->request, MORE);
        cmd_arb_set_word(trial.mu, word, MORE);
        if (constants_solve_arb(&trial, MORE) == SN_OK)
            break;
        free(word);
        word = NULL;
    }
    return word;
}

/* Proven: a result, with the means next to it that are possible. */
static _Noreturn void die_without_solution(struct cmd_constants_job *job)
{
    const struct cmd_request *request = &job->request;
    char *nearer = possible_mean(job, -1), *farther = possible_mean(job, 1);
    json_t *tree = json_pack("{s:o, s:b, s:[s, s*]}", "design",
        cmd_constants_design_json(request), "exists", 0, "nearest_means",
        nearer ? nearer : "0", farther);
    cli_fail(&job->cli, tree, CLI_EXIT_FAILED, "no-solution",
        "no lambda, alpha > 0 give the fixed point (%.40s, %.40s) at "
        "omega = %.40s, tau = %.40s: proven; nearest mean found that does: "
        "%s%s%s",
        request->mean, request->variance, request->omega, request->tau,
        nearer ? nearer : "0", farther ? "; and beyond, " : "",
        farther ? farther : "");
}

void cmd_constants_solve(struct cmd_constants_job *job)
{
    struct cli_cli *cli = &job->cli;
    slong prec = 0;
    long digits = job->request.digits + (job->source ? REMAINDER_DIGITS : 0);
    enum sn_status status;
    if (job->choice.word) {
        cmd_choice_expression(&job->f, &job->choice);
        job->homogeneous =
            expr_is_homogeneous(&job->f) &&
            (arb_is_zero(job->point.mu) || arb_is_zero(job->point.omega));
        status = cmd_with_activation_precision(attempt, job, digits);
        if (status != SN_OK)
            cmd_choice_die(
                &job->choice, cli, &job->trouble, status, job->request.digits);
        expr_clear(&job->f);
        return;
    }
    status = cmd_with_precision(attempt, job, &job->request, digits, &prec);
    if (status == SN_NO_SOLUTION)
        die_without_solution(job);
    if (status != SN_OK)
        cmd_die_undecided(cli, &job->request, status, prec);
}
