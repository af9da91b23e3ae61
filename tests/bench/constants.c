/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What many digits of the constants cost, as ratios to Arb's pi at the same
 * digits, uncached, measured in turn in the same run; beside MPFR's erfc and
 * PARI/GP.  Every way must give the same digits before its time counts.
 * Wall-clock times; ours use two threads, pi is Arb's own, on one.
 */
#include "fixedpoint/numbers/decimal.h"
#include "fixedpoint/constants/rational.h"
#include "fixedpoint/activations/activations.h"
#include "fixedpoint/activations/gaussian.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_REPEATS = 9 };

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, int count)
{
    qsort(x, (size_t)count, sizeof *x, ascending);
    return count % 2 ? x[count / 2] : (x[count / 2 - 1] + x[count / 2]) / 2;
}

static slong bits(long digits)
{
    return (slong)(3.3219281 * (double)digits) + 64;
}

/* ---- the ways; each sets lambda ------------------------------------- */

static void pi(arb_t lambda, const char *const *words, long digits)
{
    (void)words;
    arb_const_pi(lambda, bits(digits));
}

static void paper(arb_t lambda, const char *const *words, long digits)
{
    (void)words;
    arb_t alpha;
    arb_init(alpha);
    constants_selu_arb(lambda, alpha, bits(digits));
    arb_clear(alpha);
}

/* With its certificate: criterion, Jacobian, eigenvalues, norm. */
static void design(arb_t lambda, const char *const *words, long digits)
{
    slong prec = bits(digits);
    struct constants_design wanted;
    struct map_point point;
    arb_ptr x = _arb_vec_init(10);
    arb_t jacobian[4], re[2], im[2];
    for (int i = 0; i < 4; i++)
        arb_init(jacobian[i]);
    for (int i = 0; i < 2; i++) {
        arb_init(re[i]);
        arb_init(im[i]);
    }
    constants_design_init(&wanted);
    map_point_init(&point);
    num_decimal_fmpq(&wanted.mu, words[0]);
    num_decimal_fmpq(&wanted.nu, words[1]);
    num_decimal_fmpq(&wanted.omega, words[2]);
    num_decimal_fmpq(&wanted.tau, words[3]);
    if (constants_solve_design_arb(&point, jacobian, &wanted, prec) != SN_OK) {
        fputs("bench: a design has no solution\n", stderr);
        exit(1);
    }
    map_spectrum_arb(x, re, im, x + 1, jacobian, prec);
    arb_set(lambda, point.lambda);
    for (int i = 0; i < 4; i++)
        arb_clear(jacobian[i]);
    for (int i = 0; i < 2; i++) {
        arb_clear(re[i]);
        arb_clear(im[i]);
    }
    _arb_vec_clear(x, 10);
    constants_design_clear(&wanted);
    map_point_clear(&point);
}

/* Through balls alone: Arb's erfc and exp. */
static void by_arb_erfc(arb_t lambda, const char *const *words, long digits)
{
    slong prec = bits(digits);
    struct map_point point;
    arb_t *const x[] = {&point.mu, &point.nu, &point.omega, &point.tau};
    map_point_init(&point);
    for (int i = 0; i < 4; i++)
        arb_set_str(*x[i], words[i], prec);
    constants_solve_arb(&point, prec);
    arb_set(lambda, point.lambda);
    map_point_clear(&point);
}

/* Eq. 14 as it stands. */
static void by_mpfr(arb_t lambda, const char *const *words, long digits)
{
    (void)words;
    mpfr_prec_t prec = bits(digits);
    mpfr_t e1, e2, alpha, t;
    mpfr_inits2(prec, e1, e2, alpha, t, (mpfr_ptr)0);
    mpfr_set_ui(t, 2, MPFR_RNDN);
    mpfr_sqrt(t, t, MPFR_RNDN);
    mpfr_erfc(e2, t, MPFR_RNDN);
    mpfr_div_2ui(t, t, 1, MPFR_RNDN);
    mpfr_erfc(e1, t, MPFR_RNDN);
    mpfr_set_d(t, 0.5, MPFR_RNDN);
    mpfr_exp(t, t, MPFR_RNDN);
    mpfr_mul(e1, e1, t, MPFR_RNDN);
    mpfr_pow_ui(t, t, 4, MPFR_RNDN);
    mpfr_mul(e2, e2, t, MPFR_RNDN);
    mpfr_const_pi(t, MPFR_RNDN);
    mpfr_ui_div(t, 2, t, MPFR_RNDN);
    mpfr_sqrt(t, t, MPFR_RNDN);
    mpfr_ui_sub(alpha, 1, e1, MPFR_RNDN);
    mpfr_div(alpha, t, alpha, MPFR_RNDN);
    mpfr_mul_2ui(e1, e1, 1, MPFR_RNDN);
    mpfr_sub(t, e2, e1, MPFR_RNDN);
    mpfr_add_ui(t, t, 1, MPFR_RNDN);
    mpfr_sqr(alpha, alpha, MPFR_RNDN);
    mpfr_mul(t, t, alpha, MPFR_RNDN);
    mpfr_add_ui(t, t, 1, MPFR_RNDN);
    mpfr_div_2ui(t, t, 1, MPFR_RNDN);
    mpfr_rec_sqrt(t, t, MPFR_RNDN);
    arf_set_mpfr(arb_midref(lambda), t);
    mag_zero(arb_radref(lambda));
    mpfr_clears(e1, e2, alpha, t, (mpfr_ptr)0);
    mpfr_free_cache();
}

/* The same formula in GP; its own clock, without its start. */
static double by_pari(arb_t lambda, long digits)
{
    char command[1024];
    snprintf(command, sizeof command,
        "printf 'default(parisizemax,2000000000);\n"
        "default(realprecision,%ld);"
        "t=getwalltime();e1=erfc(1/sqrt(2))*exp(1/2);e2=erfc(sqrt(2))*exp(2);"
        "a=sqrt(2/Pi)/(1-e1);l=sqrt(2/(1+a^2*(e2-2*e1+1)));"
        "print(getwalltime()-t);default(format,\"f.60\");print(l)\n'"
        " | gp -q -f 2>/dev/null",
        digits);
    FILE *gp = popen(command, "r");
    char line[256];
    double time = -1;
    if (gp && fgets(line, sizeof line, gp))
        time = strtod(line, NULL) / 1000;
    if (gp && fgets(line, sizeof line, gp)) {
        line[strcspn(line, "\n")] = '\0';
        arb_set_str(lambda, line, 300);
    } else {
        time = -1;
    }
    if (gp)
        pclose(gp);
    return time;
}

/* ---- the table ------------------------------------------------------ */

typedef void way(arb_t lambda, const char *const *words, long digits);

/* Runs both in turn; ratio of medians, and our processor time over pi's. */
static void compare(const char *label, way *run, const char *const *words,
    long digits, int repeats, double target)
{
    double ours[MOST_REPEATS], cpu[MOST_REPEATS], pis[MOST_REPEATS];
    arb_t x;
    arb_init(x);
    for (int i = 0; i < repeats; i++) {
        flint_cleanup(); /* no constant from before */
        double start = seconds(CLOCK_MONOTONIC);
        pi(x, NULL, digits);
        pis[i] = seconds(CLOCK_MONOTONIC) - start;
        flint_cleanup();
        start = seconds(CLOCK_MONOTONIC);
        double used = seconds(CLOCK_PROCESS_CPUTIME_ID);
        run(x, words, digits);
        ours[i] = seconds(CLOCK_MONOTONIC) - start;
        cpu[i] = seconds(CLOCK_PROCESS_CPUTIME_ID) - used;
    }
    double unit = median(pis, repeats), ratio = median(ours, repeats) / unit;
    printf("%-34s %8ld %10.4f %8.2f %8.2f", label, digits,
        median(ours, repeats), ratio, median(cpu, repeats) / unit);
    if (target > 0)
        printf(
            "   at most %.1f: %s", target, ratio <= target ? "met" : "MISSED");
    putchar('\n');
    fflush(stdout);
    arb_clear(x);
}

/* All ways at `digits`: 60 digits of lambda must be the same. */
static void check(long digits)
{
    static const char *const words[] = {"0", "1", "0", "1"};
    way *const ways[] = {paper, design, by_arb_erfc, by_mpfr};
    arb_t first, other;
    arb_init(first);
    arb_init(other);
    ways[0](first, words, digits);
    for (size_t i = 1; i < sizeof ways / sizeof *ways; i++) {
        ways[i](other, words, digits);
        arb_sub(other, other, first, 64);
        arb_mul_2exp_si(other, other, bits(digits) - 128);
        arb_abs(other, other);
        arb_sub_ui(other, other, 1, 64);
        if (!arb_is_negative(other)) {
            fprintf(stderr, "bench: way %zu has other digits\n", i);
            exit(1);
        }
    }
    arb_clear(first);
    arb_clear(other);
}

static void pari(long digits)
{
    static const char *const words[] = {"0", "1", "0", "1"};
    arb_t theirs, ours;
    arb_init(theirs);
    arb_init(ours);
    double time = by_pari(theirs, digits);
    flint_cleanup();
    double start = seconds(CLOCK_MONOTONIC);
    pi(ours, NULL, digits);
    double unit = seconds(CLOCK_MONOTONIC) - start;
    paper(ours, words, 100);
    arb_sub(ours, ours, theirs, 300);
    arb_mul_2exp_si(ours, ours, 190);
    arb_abs(ours, ours);
    arb_sub_ui(ours, ours, 1, 64);
    if (time < 0)
        printf("%-34s %8ld  no gp here (Debian: pari-gp)\n",
            "lambda, alpha by PARI/GP", digits);
    else if (!arb_is_negative(ours))
        printf(
            "%-34s %8ld  OTHER DIGITS\n", "lambda, alpha by PARI/GP", digits);
    else
        printf("%-34s %8ld %10.4f %8.2f\n", "lambda, alpha by PARI/GP", digits,
            time, time / unit);
    fflush(stdout);
    arb_clear(theirs);
    arb_clear(ours);
}

/* Mean, second moment, variance, E f'^2 and slopes of the whole list. */
static void moments(long digits)
{
    double start = seconds(CLOCK_MONOTONIC);
    arb_t m, v;
    arb_init(m);
    arb_init(v);
    arb_one(v);
    long least = digits * 4;
    for (int i = 0; i < act_count; i++) {
        struct act_chosen chosen;
        struct expr_expression f;
        struct expr_fault fault;
        struct act_gaussian g;
        struct act_trouble trouble;
        act_gaussian_init(&g);
        expr_init(&f);
        const char *name = act_table[i].name;
        act_find(&chosen, name, strlen(name));
        act_expression(&f, &chosen, &fault);
        act_gaussian_arb(&g, &f, m, v, ACT_ANY_METHOD, bits(digits), &trouble);
        long known = arb_rel_accuracy_bits(g.square);
        least = known < least ? known : least;
        act_gaussian_clear(&g);
        expr_clear(&f);
    }
    double time = seconds(CLOCK_MONOTONIC) - start;
    printf("\nmoments of %d activations, one thread, %ld digits (at least "
           "%ld bits): %.3f s, at most 1: %s\n",
        act_count, digits, least, time,
        time <= 1 && (double)least > 3.32 * (double)digits ? "met" : "MISSED");
    arb_clear(m);
    arb_clear(v);
}

int main(void)
{
    static const char *const zero[] = {"0", "1", "0", "1"};
    static const char *const notebook[] = {"-0.1", "2", "1", "1"};
    static const char *const wide[] = {"0.5", "16", "0.1", "1.05"};
    static const char *const odd[] = {"0.1234", "1.777", "0.5", "1.01"};
    /* numerator and denominator of (m + kv)^2/v grow with the words, and the
       series' cost with both */
    static const char *const seven[] = {"0.1234567", "1.234567", "0.5", "1"};
    static const char *const doubles[] = {"0.12345678901234567",
        "1.2345678901234567", "0.051234567890123456", "1.01"};
    check(1000);
    check(5000);
    printf("%-34s %8s %10s %8s %8s\n", "", "digits", "seconds", "/ pi",
        "CPU / pi");
    for (long digits = 10000; digits <= 1000000; digits *= 10)
        compare("lambda, alpha of (0, 1)", paper, zero, digits,
            digits > 100000 ? 5 : 9, digits == 1000000 ? 2.5 : 0);
    compare("design (-0.1, 2), omega 1", design, notebook, 100000, 7, 8);
    compare("design (0.5, 16), omega 0.1", design, wide, 100000, 7, 8);
    compare("design (0.1234, 1.777), omega 0.5", design, odd, 100000, 7, 8);
    compare("design of 7 digits", design, seven, 100000, 7, 8);
    compare("design of 17 digits", design, doubles, 100000, 5, 8);
    compare("(0, 1) by Arb's erfc", by_arb_erfc, zero, 10000, 3, 0);
    compare("(0, 1) by Arb's erfc", by_arb_erfc, zero, 100000, 1, 0);
    compare("lambda, alpha by MPFR's erfc", by_mpfr, zero, 10000, 3, 0);
    pari(10000);
    pari(100000);
    compare("lambda, alpha by MPFR's erfc", by_mpfr, zero, 100000, 1, 0);
    moments(50);
    flint_cleanup();
    return 0;
}
