/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates: what the prover writes is confirmed by the checker, and what
 * somebody changed in it is refused, with the reason.
 */
#include "fixedpoint/proofs/certificate/certificate.h"
#include "fixedpoint/checker/checker.h"
#include "tests/fixedpoint/proofs/test_proofs.h"
#include <math.h>
#include <stdlib.h>

static const char *const paper[4] = {"0", "1", "0", "1"};

/*
 * An inequality that fails, as the searches of the claim sharp end in, without
 * these searches.
 */
static const struct claim_row failing = {
    "norm", "the norm is not below 1", "norm_H", "not < 1", NULL};
static const struct claim_claim failing_claim = {
    "sharp", "", "", "D1", &failing, 1, NULL};

/* The certificate of a claim as text, to free. */
static char *certificate(const char *claim, enum claim_verdict *got)
{
    struct attempt a;
    struct cert_certificate c;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    attempt_init(&a);
    a.prover.keep_leaves = true;
    const struct claim_claim *wanted =
        strcmp(claim, "sharp") ? claim_find(claim) : &failing_claim;
    if (wanted == &failing_claim)
        replace(&a, IV_NU, "0.5", "1.5");
    *got = verdict(&a, wanted, 20000);
    cert_start(&c, out, "0", paper);
    cert_claim(&c, wanted, &a.result);
    cert_finish(&c);
    fclose(out);
    attempt_clear(&a);
    return text;
}

/* The sum of a text that was changed, so that the change itself is judged. */
static void mend(char *text)
{
    char *last = strstr(text, "\nsum ");
    uint64_t sum = 0xcbf29ce484222325;
    if (!last)
        return;
    for (char *p = text; p <= last; p++)
        sum = (sum ^ (unsigned char)*p) * 0x100000001b3;
    sprintf(last, "\nsum %016llx\n", (unsigned long long)sum);
}

static bool check(const char *text, size_t size, char error[200])
{
    FILE *in = fmemopen((void *)(uintptr_t)text, size, "rb");
    *error = '\0';
    bool good = snc_check(in, error, NULL, NULL, NULL);
    fclose(in);
    return good;
}

Test(certificates, what_is_proved_is_confirmed)
{
    static const char *const claims[] = {"jacobian", "theorem1", "theorem2",
        "theorem3", "theorem3-appendix", "dropout", "gradient", "rate",
        "correlation", "sharp", "global"};
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        enum claim_verdict got;
        char error[200], *text = certificate(claims[i], &got);
        cr_expect_eq(got, CLAIM_PROVED, "%s", claims[i]);
        cr_expect(
            check(text, strlen(text), error), "%s: %s", claims[i], error);
        free(text);
    }
}

/* First `from` after `where` becomes `to`; the sum is mended. */
static char *changed(
    const char *text, const char *where, const char *from, const char *to)
{
    const char *at = strstr(text, where);
    at = at ? strstr(at, from) : NULL;
    if (!at)
        return NULL;
    size_t size = strlen(text) + strlen(to) + 64;
    char *result = malloc(size);
    snprintf(result, size, "%.*s%s%s", (int)(at - text), text, to,
        at + strlen(from));
    mend(result);
    return result;
}

Test(certificates, a_changed_one_is_refused_with_the_reason)
{
    static const struct {
        const char *claim, *where, *from, *to, *reason;
    } row[] = {
        {"theorem1", "", "certificate 1", "certificate 2", "version '2'"},
        {"theorem1", "", "selfnorm", "selfnarm", "no certificate"},
        {"theorem1", "", "design 0 1", "design 0.1 1", "not confirmed|value"},
        {"theorem1", "", "design 0 1", "design 0 -1", "above 0"},
        {"theorem1", "", "design 0 1", "design nan 1", "must be a decimal"},
        {"theorem1", "", "claim theorem1", "claim theorem9", "no claim of"},
        {"theorem1", "", "claim theorem1", "claim dropout", "all of s"},
        {"theorem1", "", "claim theorem1", "claim correlation", "not (0, 1)"},
        {"theorem1", "", "claim theorem1", "claim rate", "not about it"},
        {"theorem1", "", "claim theorem1", "claim gradient", "not about it"},
        {"jacobian", "", "claim jacobian", "claim theorem1", "no proof that"},
        {"correlation", "", "above 1\n", "above 0.9\n", "lacks the"},
        {"theorem1", "", "nu 0.8 1.5", "nu 0.7 1.5", "."},
        {"theorem1", "domain", "mu -0.1 0.1", "mu -0.1 0.2", "cover|first"},
        {"theorem1", "domain", "tau 0.95 1.1", "tau 0.95 1.2", "confirmed"},
        {"theorem1", "domain", "tau 0.95 1.1", "tau 1.1 0.95", "reversed"},
        {"theorem1", "domain", "tau 0.95", "tau 0", "above 0"},
        {"theorem1", "domain", "tau 0.95 1.1", "", "missing"},
        {"theorem1", "domain", "-0.1 0.1", "-0.1 nan", "must be a decimal"},
        {"theorem1", "domain", "-0.1 0.1", "-0.1 1e9999", "a decimal"},
        {"theorem1", "", "below 1\n", "below 0.5\n", "keep the limit"},
        {"theorem1", "", "below 1\n", "beside 1\n", "'below' or 'above'"},
        {"theorem1", "witness", "mu 0.1", "mu 0.2", "not in the domain"},
        {"theorem1", "witness", "value 0x1.c", "value 0x1.d", "its value"},
        {"theorem1", "witness", "value 0x", "value nan0x", "finite number"},
        {"theorem1", "bound", "bound 0x1.c", "bound 0x1.d", "no box has"},
        {"theorem1", "bound", "bound 0x1.c", "bound 0x1.b", "above the whole"},
        {"theorem1", "bound", "bound 0x1.cb", "bound nan", "finite number"},
        {"theorem1", "axes", "axes m v", "axes m m", "once"},
        {"theorem1", "axes", "axes m v", "axes mu nu", "do not fit"},
        {"theorem1", "axes", "axes m v", "axes v m", "."},
        {"theorem1", "boxes", "boxes ", "boxes 99", "finite number|must be"},
        {"theorem1", "boxes", "boxes ", "boxes -", "must be from"},
        {"theorem1", "boxes", "boxes ", "boxes 1e300 ", "must be from"},
        {"theorem1", "boxes", "0x1.47", "0x1.37", "cover|bound"},
        {"theorem1", "formula", "M_m + tmax", "M_m - tmax", "."},
        {"theorem1", "formula", "wmax*V_m - tmax*M_v", "wmax*V_m + tmax*M_v",
            "value|confirmed|norm"},
        {"theorem1", "formula", "hypot(", "hypot((", "missing"},
        {"theorem1", "formula", "hypot(", "hypo(", "unknown name"},
        {"theorem1", "", "end claim", "part x", "is missing"},
        {"theorem1", "", "end claim\n", "", "must be 'part"},
        {"theorem3", "", "above 0", "below 0", "value|confirmed|limit"},
        {"theorem2", "formula", "V - nu", "V - tau", "."},
        {"sharp", "", "not below", "below", "bound"},
        {"sharp", "", "not below 1", "not below 1.6", "break"},
        {"global", "layer 2", "domain mu -0.1744", "domain mu -0.1743", "."},
        {"dropout", "domain", "s 0 1", "s 0.5 1", "all of s|first"},
        {"dropout", "mean at (0, 1)", "below 1e-15", "below 1e-14",
            "within 1e-15"},
        {"dropout", "variance - 1 there", "above -1e-15", "above -1",
            "within 1e-15"},
    };
    char *text = NULL;
    const char *claim = "";
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        enum claim_verdict got;
        if (strcmp(claim, row[i].claim)) {
            free(text);
            claim = row[i].claim;
            text = certificate(claim, &got);
        }
        char error[200], reason[80],
            *bad = changed(text, row[i].where, row[i].from, row[i].to);
        cr_assert(bad, "row %zu: nothing to change", i);
        bool good = check(bad, strlen(bad), error), said = false;
        snprintf(reason, sizeof reason, "%s", row[i].reason);
        for (char *p = reason, *one; (one = strsep(&p, "|"));)
            said |= *one == '.' || strstr(error, one);
        cr_expect(!good && said && !strncmp(error, "line ", 5),
            "row %zu, %s to %s: %s", i, row[i].from, row[i].to,
            good ? "verified" : error);
        free(bad);
    }
    free(text);
}

/* Every box counts: without any one of them there is a hole. */
Test(certificates, a_dropped_box_is_noticed)
{
    enum claim_verdict got;
    char *text = certificate("theorem1", &got), error[200];
    long tried = 0;
    for (char *at = text; (at = strstr(at, "\nboxes ")); at++) {
        long count = strtol(at + 7, NULL, 10);
        char *start = strchr(at + 1, '\n');
        for (long k = 0; k < count; k++, tried++) {
            char *row = start, *bad = malloc(strlen(text) + 64);
            for (long j = 0; j < k; j++)
                row = strchr(row + 1, '\n');
            char *next = strchr(row + 1, '\n');
            sprintf(bad, "%.*s\nboxes %ld%.*s%s", (int)(at - text), text,
                count - 1, (int)(row - start), start, next);
            mend(bad);
            cr_expect(
                !check(bad, strlen(bad), error) &&
                    (strstr(error, "cover") || strstr(error, "must be") ||
                        strstr(error, "no box has")),
                "box %ld of %ld dropped: %s", k, count, error);
            free(bad);
        }
    }
    cr_expect(tried > 20, "%ld boxes", tried);
    free(text);
}

/* The text without what lies between two places, with its sum mended. */
static char *without(const char *text, const char *from, const char *to)
{
    char *result = malloc(strlen(text) + 64);
    sprintf(result, "%.*s%s", (int)(from - text), text, to);
    mend(result);
    return result;
}

/* The first part of the piece's chain, or of one of its layers. */
static char *next_step(char *at, const char *layer)
{
    while (at && (at = strstr(at + 1, "\npart from nu ")))
        if (strstr(at, layer) && strstr(at, layer) < strchr(at + 1, '\n'))
            return at;
    return NULL;
}

/*
 * Chains from pieces of the start: none of them may be missing between two
 * others, and no step of one.
 */
Test(certificates, a_chain_without_a_piece_or_step_is_refused)
{
    enum claim_verdict got;
    char *text = certificate("global", &got), error[200], *first[3];
    first[0] = next_step(text, ", layer 1:");
    for (int i = 1; i < 3; i++) /* past the mean's second part */
        first[i] =
            next_step(next_step(first[i - 1], ", layer 2:"), ", layer 1:");
    cr_assert(got == CLAIM_PROVED && first[2], "no third piece");
    struct {
        char *from, *to;
        const char *reason;
    } row[] = {{first[1], first[2], "do not join"},
        {next_step(first[0], ", layer 2:"), next_step(first[0], ", layer 3:"),
            "does not lead into"},
        {next_step(first[1], ", layer 23:"), first[2], "does not lead into"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char *bad = without(text, row[i].from, row[i].to);
        bool good = check(bad, strlen(bad), error);
        cr_expect(!good && strstr(error, row[i].reason), "row %zu: %s", i,
            good ? "verified" : error);
        free(bad);
    }
    free(text);
}

/* Cut off anywhere, or any byte changed and the sum not mended. */
Test(certificates, a_damaged_one_is_refused)
{
    enum claim_verdict got;
    char *text = certificate("theorem2", &got), error[200];
    size_t size = strlen(text), taken = 0;
    for (size_t n = 0; n + 1 < size; n += n < 100 ? 1 : 61)
        taken += check(text, n ? n : 1, error) || !*error;
    seed(31);
    for (int i = 0; i < 100; i++) {
        size_t at = (size_t)uniform(0, (double)size - 1);
        char keep = text[at];
        text[at] = (char)(keep ^ (1 << (int)uniform(0, 7)));
        taken += check(text, size, error) || !*error;
        text[at] = keep;
    }
    cr_expect(!taken, "%zu damaged certificates were taken", taken);
    free(text);
}

/* A source of what never ends; how much of it was read? */
static ssize_t brackets(void *cookie, char *buffer, size_t size)
{
    *(size_t *)cookie += size;
    memset(buffer, '[', size);
    return (ssize_t)size;
}

static ssize_t formula_of_brackets(void *cookie, char *buffer, size_t size)
{
    static const char head[] = "selfnorm certificate 1\nby x\ndesign 0 1 0 1\n"
                               "claim jacobian\npart x\nformula ";
    size_t *read = cookie;
    memset(buffer, '(', size);
    if (!*read)
        memcpy(buffer, head, sizeof head - 1);
    *read += size;
    return (ssize_t)size;
}

Test(certificates, endless_files_are_not_read_to_their_end)
{
    cookie_read_function_t *const source[] = {brackets, formula_of_brackets};
    for (int i = 0; i < 2; i++) {
        size_t read = 0;
        char error[200] = "";
        FILE *in = fopencookie(
            &read, "rb", (cookie_io_functions_t){.read = source[i]});
        bool good = snc_check(in, error, NULL, NULL, NULL);
        fclose(in);
        cr_expect(!good && *error && read < 100000, "%zu bytes read: %s", read,
            error);
    }
}

/* The checker's values against the prover's, at random places. */
Test(certificates, both_libraries_have_the_same_values)
{
    struct attempt a;
    int wrong = 0, tests = 0;
    char worst[200] = "none";
    attempt_init(&a);
    seed(32);
    arb_t lambda, alpha, y, limit;
    fmpq_t at[SNC_COORDINATES], design[4];
    mpfi_t value;
    mpfi_init2(value, IV_PROOF_PRECISION);
    arb_init(lambda);
    arb_init(alpha);
    arb_init(y);
    arb_init(limit);
    for (int i = 0; i < SNC_COORDINATES; i++)
        fmpq_init(at[i]);
    for (int i = 0; i < 4; i++) {
        fmpq_init(design[i]);
        fmpq_set_si(design[i], i % 2, 1);
    }
    cr_assert(snc_constants(lambda, alpha, (const fmpq_t *)design));
    for (size_t i = 0; i < claim_count; i++) {
        struct claim_result read;
        const char *row;
        claim_read(&read, &row, &claim_table[i], NULL);
        for (size_t k = 0; k < read.planned; k++) {
            const char *text = read.parts[k].formula, *error;
            struct snc_expression *e = snc_expression_new(text, &error);
            struct iv_term *term = iv_term_new(text, NULL);
            cr_assert(e && term, "%s", text);
            snc_expression_constants(e, lambda, alpha);
            char number[IV_COORDINATES][32];
            struct iv_place place = {{NULL}};
            for (int c = 0; c < IV_COORDINATES; c++) {
                bool positive = c == IV_NU || c == IV_TAU;
                snprintf(number[c], 32, "%.6f",
                    positive    ? exp(uniform(-1, 2))
                    : c == IV_S ? uniform(0, 1)
                                : uniform(-1, 1));
                if (c != IV_M && c != IV_V)
                    place.text[c] = number[c];
                snc_decimal(at[c], number[c]);
            }
            iv_term_at(value, term, &place, a.prover.map, &a.prover.selu);
            snc_evaluate_at(y, e, (const fmpq_t *)at);
            arf_t low, high;
            arf_init(low);
            arf_init(high);
            arf_set_mpfr(low, &value->left);
            arf_set_mpfr(high, &value->right);
            arb_set_interval_arf(limit, low, high, 128);
            bool bad = !arb_is_finite(y) || !arb_overlaps(y, limit);
            wrong += bad;
            tests++;
            if (bad)
                snprintf(worst, sizeof worst, "%.150s", text);
            arf_clear(low);
            arf_clear(high);
            snc_expression_free(e);
            iv_term_free(term);
        }
        claim_result_clear(&read);
    }
    cr_expect(
        !wrong && tests > 50, "%d of %d differ: %s", wrong, tests, worst);
    for (int i = 0; i < SNC_COORDINATES; i++)
        fmpq_clear(at[i]);
    for (int i = 0; i < 4; i++)
        fmpq_clear(design[i]);
    arb_clear(lambda);
    arb_clear(alpha);
    arb_clear(y);
    arb_clear(limit);
    mpfi_clear(value);
    attempt_clear(&a);
}
