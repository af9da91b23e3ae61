/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of certificates share. */
#ifndef SN_TESTS_FIXEDPOINT_TEST_CERTIFICATES_H
#define SN_TESTS_FIXEDPOINT_TEST_CERTIFICATES_H

#include "fixedpoint/checker/checker.h"
#include "fixedpoint/proofs/certificate/certificate.h"
#include "tests/fixedpoint/proofs/test_proofs.h"
#include <stdlib.h>

/* The certificate of a claim as text, to free; NULL where it is not proved.
   The attempt keeps the result; its prover may have a domain and a design. */
static inline char *certificate_of(struct attempt *a, const char *claim,
    const char *const design[4], long max_boxes)
{
    struct cert_certificate c;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const struct claim_claim *wanted = claim_find(claim);
    a->prover.keep_tree = true;
    a->prover.search.max_boxes = max_boxes;
    claim_result_clear(&a->result);
    enum sn_status status = claim_prove(&a->result, wanted, &a->prover);
    cert_start(&c, out, "0");
    cert_claim(&c, wanted, &a->result, design);
    cert_finish(&c);
    fclose(out);
    if (!status && a->result.verdict == CLAIM_PROVED && !c.too_large)
        return text;
    free(text);
    return NULL;
}

/* Of the claim as the paper has it. */
static inline char *certificate(const char *claim)
{
    static const char *const paper[4] = {"0", "1", "0", "1"};
    struct attempt a;
    attempt_init(&a);
    char *text = certificate_of(&a, claim, paper, 20000);
    attempt_clear(&a);
    cr_assert(text, "%s is not proved", claim);
    return text;
}

/* The text with the right sum in place of its own, or with one; to free. */
static inline char *mended(const char *text)
{
    const char *last = strstr(text, "\nsum ");
    size_t size = last ? (size_t)(last + 1 - text) : strlen(text);
    uint64_t sum = 0xcbf29ce484222325;
    char *result = malloc(size + 32);
    memcpy(result, text, size);
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ (unsigned char)text[i]) * 0x100000001b3;
    sprintf(result + size, "sum %016llx\n", (unsigned long long)sum);
    return result;
}

/* The reason why a text is refused; all that was verified goes to `told`. */
static inline struct snc_refusal check_text(
    const char *text, size_t size, const struct snc_listener *told)
{
    struct snc_refusal refusal;
    FILE *in = fmemopen((void *)(uintptr_t)text, size, "rb");
    bool good = snc_check(&refusal, in, told);
    fclose(in);
    cr_assert_eq(good, refusal.reason == SNC_NO_REASON);
    return refusal;
}

#endif
