/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What proofs cost: processor seconds of the claims, of the certificates and
 * of their check, and a plain subdivision in four dimensions beside.
 */
#include "fixedpoint/proofs/certificate/certificate.h"
#include "fixedpoint/checker/checker.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <stdio.h>

enum { REPEATS = 3, PLAIN_BOXES = 100000 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool is_paper(const struct claim_claim *claim)
{
    return strcmp(claim->source, "beyond the paper");
}

/* Least of some runs of all claims of one kind; certificates of the last. */
static double claims(bool paper, const char *only, FILE *out, long *boxes)
{
    static const char *const design[4] = {"0", "1", "0", "1"};
    double least = 1e9;
    for (int k = 0; k < REPEATS; k++) {
        struct claim_prover prover;
        struct cert_certificate certificate;
        double started = seconds(), taken = 0;
        bool last = out && k == REPEATS - 1;
        claim_prover_init(&prover);
        prover.keep_tree = last;
        if (last)
            cert_start(&certificate, out, "bench");
        *boxes = 0;
        for (size_t i = 0; i < claim_count; i++) {
            struct claim_result result;
            bool wanted = only ? !strcmp(claim_table[i].name, only)
                               : paper == is_paper(&claim_table[i]);
            if (!last && !wanted)
                continue;
            double before = seconds();
            claim_prove(&result, &claim_table[i], &prover);
            if (wanted)
                taken += seconds() - before;
            if (result.verdict != CLAIM_PROVED) {
                fprintf(
                    stderr, "bench: %s is not proved\n", claim_table[i].name);
                exit(1);
            }
            for (size_t p = 0; wanted && p < result.part_count; p++)
                *boxes += result.part[p].boxes;
            if (last)
                cert_claim(&certificate, &claim_table[i], &result, design);
            claim_result_clear(&result);
        }
        if (last)
            cert_finish(&certificate);
        claim_prover_clear(&prover);
        taken = last ? taken : seconds() - started;
        least = taken < least ? taken : least;
    }
    return least;
}

/* Range and halving alone, along mu, nu, omega and tau. */
static void plain(void)
{
    static const struct claim_part part = {
        .formula = "(hypot(omega*M_m + tau*V_v, omega*V_m - tau*M_v) + "
                   "hypot(omega*M_m - tau*V_v, omega*V_m + tau*M_v))/2",
        .sense = 1,
        .limit = "1",
        .domain = {[IV_MU] = {"-0.1", "0.1"},
            [IV_NU] = {"0.8", "1.5"},
            [IV_OMEGA] = {"-0.1", "0.1"},
            [IV_TAU] = {"0.8", "1.25"}}};
    struct claim_prover prover;
    struct claim_part_result result;
    claim_prover_init(&prover);
    claim_part_result_init(&result);
    prover.search.plain = true;
    prover.search.sharpen = 1;
    prover.search.max_boxes = PLAIN_BOXES;
    double started = seconds();
    claim_prove_part(&result, &part, &prover);
    double taken = seconds() - started;
    printf("%-44s %8.3f s  %7ld boxes, %s at an upper bound of %.4f\n",
        "Lemma 12 by plain subdivision in 4 dimensions", taken, result.boxes,
        result.verdict == CLAIM_PROVED ? "proved" : "not decided",
        mpfr_get_d(result.upper, MPFR_RNDU));
    claim_part_result_clear(&result);
    claim_prover_clear(&prover);
}

int main(void)
{
    static const char *const one[] = {"jacobian", "theorem1", "theorem2",
        "theorem3", "derivatives", "norm-slopes", "global", "global-wide",
        "sharp"};
    long boxes;
    char *text = NULL, label[64];
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return 1;
    puts("proofs: processor seconds on one core, least of 3");
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        double taken = claims(true, one[i], NULL, &boxes);
        printf("  %-42s %8.3f s  %7ld boxes\n", one[i], taken, boxes);
    }
    double taken = claims(true, NULL, NULL, &boxes);
    printf("%-44s %8.3f s  %7ld boxes, target 0.1 s\n",
        "all claims of the paper", taken, boxes);
    taken = claims(false, NULL, out, &boxes);
    printf("%-44s %8.3f s  %7ld boxes, target 5 s\n",
        "all claims beyond the paper", taken, boxes);
    fclose(out);
    FILE *in = fmemopen(text, size, "rb");
    double started = seconds();
    struct snc_refusal refusal;
    bool good = snc_check(&refusal, in, NULL);
    snprintf(label, sizeof label, "certificates of all, %.2f MB (target 5)",
        (double)size / 1e6);
    printf("%-44s %8.3f s  %s, target 2 s\n", label, seconds() - started,
        good ? "verified" : "REFUSED");
    fclose(in);
    free(text);
    plain();
    return good ? 0 : 1;
}
