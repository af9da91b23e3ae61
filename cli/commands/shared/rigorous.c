/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/rigorous.h"
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

void cmd_shown_init(struct cmd_shown *shown, int count)
{
    for (int i = 0; i < count; i++) {
        arb_init(shown[i].ball);
        shown[i].value = shown[i].radius = NULL;
    }
}

static void forget(struct cmd_shown *shown)
{
    free(shown->value);
    free(shown->radius);
    shown->value = shown->radius = NULL;
}

void cmd_shown_clear(struct cmd_shown *shown, int count)
{
    for (int i = 0; i < count; i++) {
        arb_clear(shown[i].ball);
        forget(&shown[i]);
    }
}

enum sn_status cmd_shown_decide(
    struct cmd_shown *shown, int count, long digits)
{
    const bool many = digits > CMD_MAX_DIGITS;
    enum sn_status result = SN_OK;
#pragma omp parallel for schedule(dynamic) num_threads(2) if (many)
    for (int i = 0; i < count; i++) {
        enum sn_status status;
#pragma omp atomic read
        status = result;
        forget(&shown[i]);
        if (status == SN_OK)
            status = num_decimal_arb(
                &shown[i].value, &shown[i].radius, shown[i].ball, digits);
        if (status != SN_OK) {
#pragma omp atomic write
            result = status;
        }
        if (omp_get_thread_num())
            flint_cleanup(); /* that thread's caches */
    }
    return result;
}

/* y = the smaller of y and |x|, unless that is 0 exactly */
static void shrink(mag_t y, const arb_t x)
{
    NUM_MAG(size);
    arb_get_mag(size, x);
    if (!mag_is_zero(size))
        mag_min(y, y, size);
}

enum sn_status cmd_shown_decide_moments(struct cmd_shown *shown, int count,
    const arb_t variance, const arb_t m, const arb_t v, long digits)
{
    NUM_MAG(least, ten);
    bool open = arb_contains_zero(variance);
    mag_one(least);
    shrink(least, variance);
    shrink(least, m);
    shrink(least, v);
    mag_set_ui(ten, 10);
    mag_pow_ui(ten, ten, (ulong)digits);
    mag_div(least, least, ten);
    for (int i = 0; i < count; i++)
        open = open || (arb_contains_zero(shown[i].ball) &&
                           mag_cmp(arb_radref(shown[i].ball), least) > 0);
    return open ? SN_UNDECIDED : cmd_shown_decide(shown, count, digits);
}

json_t *cmd_shown_json(const struct cmd_shown *shown)
{
    return json_pack(
        "{s:s, s:s}", "value", shown->value, "radius", shown->radius);
}

/* Most of what the words of a request may cost; time goes up with it. */
enum { MAX_EXTRA_BITS = 80000 };

/* |log2 |x||, 0 for 0 */
static double magnitude_bits(const arb_t x)
{
    NUM_MAG(size);
    arb_get_mag(size, x);
    /* for 0 that function gives a huge number, not -inf */
    double bits = mag_is_zero(size) ? 0 : fabs(mag_get_d_log2_approx(size));
    return isfinite(bits) ? bits : 0;
}

/*
 * Bits that cancel in the moments: small or large words lose twice their
 * exponents (the variance is the small rest of 1 - 2 + 1 or of m^2), and
 * where m = mean omega is far from 0 it is as small as e^{-2|m|}.
 */
static double extra_bits(const struct cmd_request *request)
{
    const char *const word[] = {request->mean, request->variance,
        request->omega, request->tau, request->lambda, request->alpha};
    double bits = 0;
    NUM_ARB(x, m);
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (word[i]) {
            cmd_arb_set_word(x, word[i], 64);
            bits += 2 * magnitude_bits(x);
        }
    cmd_arb_set_word(x, request->mean, 64);
    cmd_arb_set_word(m, request->omega, 64);
    arb_mul(m, m, x, 64);
    bits += 3 * fabs(arf_get_d(arb_midref(m), ARF_RND_DOWN));
    return bits < MAX_EXTRA_BITS ? bits : MAX_EXTRA_BITS;
}

enum sn_status cmd_with_precision(enum sn_status (*attempt)(void *, slong),
    void *ctx, const struct cmd_request *request, long digits,
    slong *last_prec)
{
    const slong first =
        (slong)(3.3219281 * (double)digits + extra_bits(request)) + 64;
    enum sn_status status = SN_UNDECIDED;
    for (slong prec = first; status == SN_UNDECIDED && prec < first + 120000;
         prec *= 2) {
        *last_prec = prec;
        status = attempt(ctx, prec);
    }
    return status;
}

void cmd_arb_set_word(arb_t x, const char *word, slong prec)
{
    if (arb_set_str(x, word, prec))
        arb_indeterminate(x);
}

_Noreturn void cmd_die_undecided(const struct cli_cli *cli,
    const struct cmd_request *request, enum sn_status status, slong prec)
{
    cli_die(cli, CLI_EXIT_FAILED,
        "%s: some of the %ld digits are open even at %ld bits; try fewer "
        "--digits or less extreme values",
        sn_strerror(status), request->digits, (long)prec);
}

void cmd_request_point(
    struct map_point *point, const struct cmd_request *request, slong prec)
{
    cmd_arb_set_word(point->mu, request->mean, prec);
    cmd_arb_set_word(point->nu, request->variance, prec);
    cmd_arb_set_word(point->omega, request->omega, prec);
    cmd_arb_set_word(point->tau, request->tau, prec);
}

void cmd_request_selu(
    struct map_point *point, const struct cmd_request *request, slong prec)
{
    constants_selu_arb(point->lambda, point->alpha, prec);
    if (request->lambda)
        cmd_arb_set_word(point->lambda, request->lambda, prec);
    if (request->alpha)
        cmd_arb_set_word(point->alpha, request->alpha, prec);
}
