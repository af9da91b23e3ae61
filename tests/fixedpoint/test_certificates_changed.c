/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates with one word changed anywhere: whatever is verified then must
 * be true.  Judge is the prover: the extremum of each inequality's formula on
 * the domain that the file has, enclosed by the other library.
 */
#include "tests/fixedpoint/test_certificates.h"
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

enum { MOST_WORDS = 40 };

/* The words of a line, cut apart in place. */
static int words_of(char *word[MOST_WORDS], char *line)
{
    int count = 0;
    for (char *p = line, *one; (one = strsep(&p, " ")) && count < MOST_WORDS;)
        word[count++] = one;
    return count;
}

/* A word instead of `word`: near it, far from it, or another kind. */
static void other(char text[64], const char *word)
{
    static const double factor[] = {1 + 1e-3, 1 - 1e-3, 1 + 1e-13, 2, -1, 0};
    static const char *const any[] = {
        ".", "-0", "1e9999", "nan", "1", "0.8", "m", "tau", "5"};
    char *end;
    double x = strtod(word, &end);
    if (*end || uniform(0, 1) < 0.2)
        snprintf(text, 64, "%s", any[(int)uniform(0, 9)]);
    else
        snprintf(text, 64, "%.17g", x * factor[(int)uniform(0, 6)]);
}

/* The text with a word of a random line changed, and its sum mended. */
static char *changed(const char *text, long *line)
{
    char *copy = strdup(text), *result = malloc(strlen(text) + 100),
         *to = result;
    long lines = 0, k = 0;
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    *line = (long)uniform(1, (double)(lines - 1));
    for (char *rest = copy, *one; (one = strsep(&rest, "\n")) && rest; k++) {
        char *word[MOST_WORDS], instead[64];
        if (k != *line) {
            to += sprintf(to, "%s\n", one);
            continue;
        }
        int count = words_of(word, one), which = (int)uniform(0, count);
        other(instead, word[which]);
        for (int i = 0; i < count; i++)
            to += sprintf(
                to, "%s%s", i ? " " : "", i == which ? instead : word[i]);
        to += sprintf(to, "\n");
    }
    char *good = mended(result);
    free(copy);
    free(result);
    return good;
}

/* ---- the judge --------------------------------------------------------- */

/* What is told of an inequality: "FORMULA < LIMIT for DOMAIN; the largest
   value is at most B, at least W". */
struct judge {
    struct attempt a;
    long heard, wrong;
    char worst[300];
};

/* The prover's part that has this extremum, by its place in the claim. */
static void judge_inequality(void *context, const char *text)
{
    struct judge *j = context;
    struct claim_part part = {.sense = strstr(text, "largest") ? 1 : -1};
    char copy[4096], ends[5][2][64];
    const char *end[IV_COORDINATES][2] = {{NULL}};
    static const int to[] = {IV_MU, IV_NU, IV_OMEGA, IV_TAU, IV_S};
    const char *domain = strstr(text, " for mu in ");
    double bound, value, lower, upper;
    if (strstr(text, "not everywhere"))
        return;
    cr_assert(domain && strlen(text) < sizeof copy, "%.200s", text);
    int count = sscanf(domain,
        " for mu in [%63[^,], %63[^]]], nu in [%63[^,], %63[^]]], omega in "
        "[%63[^,], %63[^]]], tau in [%63[^,], %63[^]]], s in [%63[^,], "
        "%63[^]]]",
        ends[0][0], ends[0][1], ends[1][0], ends[1][1], ends[2][0], ends[2][1],
        ends[3][0], ends[3][1], ends[4][0], ends[4][1]);
    cr_assert(count == 8 || count == 10, "%s", domain);
    for (int i = 0; i < count / 2; i++)
        for (int k = 0; k < 2; k++)
            end[to[i]][k] = ends[i][k];
    /* FORMULA, before the relation: the only < or > there is */
    snprintf(copy, sizeof copy, "%.*s", (int)strcspn(text, "<>"), text);
    part.formula = copy;
    part.name = part.statement = "";
    part.limit = "0";
    cr_assert_eq(sscanf(strstr(text, "value is at "),
                     "value is at %*s %lf, at %*s %lf", &bound, &value),
        2);
    j->a.prover.search.max_boxes = 2000;
    enum sn_status status = claim_extremum(
        &lower, &upper, &part, (const char *const(*)[2])end, &j->a.prover);
    double low = part.sense > 0 ? lower : -upper;
    double high = part.sense > 0 ? upper : -lower;
    /* both are moved outwards by less than what a decimal loses as double */
    bool bad = status || part.sense * bound < low - 1e-15 * (1 + low) ||
               part.sense * value > high + 1e-15 * (1 + high);
    j->heard++;
    j->wrong += bad;
    if (bad)
        snprintf(j->worst, sizeof j->worst,
            "status %d, [%.17g, %.17g]: %.200s", status, lower, upper, domain);
}

/* The constants that the file asks for. */
static void take_design(struct judge *j, const char *text)
{
    const char *at = strstr(text, "\ndesign ");
    char word[4][64];
    if (at && sscanf(at, " design %63s %63s %63s %63s", word[0], word[1],
                  word[2], word[3]) == 4) {
        const char *design[4] = {word[0], word[1], word[2], word[3]};
        cr_assert(!iv_selu_design_mpfi(&j->a.prover.selu, design));
    }
}

/* All that is told of a text, to compare. */
static void collect(void *context, const char *text)
{
    fprintf(context, "%s\n", text);
}

static char *told(const char *text, enum snc_reason *reason)
{
    char *all = NULL;
    size_t size;
    FILE *out = open_memstream(&all, &size);
    *reason = check_text(
        text, strlen(text), &(struct snc_listener){collect, NULL, out})
                  .reason;
    fclose(out);
    return all;
}

Test(certificates, what_a_changed_one_still_says_is_true)
{
    static const char *const claims[] = {"jacobian", "theorem1", "theorem2",
        "theorem3", "design", "dropout", "gradient", "rate", "correlation"};
    long tries = getenv("SELFNORM_SAMPLES") ? 2000 : 60, taken = 0, same = 0;
    struct judge j = {.heard = 0};
    seed(43);
    attempt_init(&j.a);
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        char *text = certificate(claims[i]);
        enum snc_reason reason;
        char *before = told(text, &reason);
        for (long k = 0; k < tries; k++) {
            long line;
            char *now = changed(text, &line), *after = told(now, &reason);
            taken += reason == SNC_NO_REASON;
            /* a part more, or one that says something else, is judged */
            if (strncmp(before, after, strlen(after))) {
                iv_selu_constants_mpfi(&j.a.prover.selu);
                if (reason == SNC_NO_REASON)
                    take_design(&j, now);
                if (reason == SNC_NO_REASON)
                    check_text(now, strlen(now),
                        &(struct snc_listener){judge_inequality, NULL, &j});
            } else {
                same++;
            }
            free(now);
            free(after);
        }
        free(before);
        free(text);
    }
    cr_expect(!j.wrong && j.heard > 20 && taken > 20,
        "%ld of %ld inequalities wrong; %ld files taken, %ld say the same: %s",
        j.wrong, j.heard, taken, same, j.worst);
    fprintf(stderr, "certificates: %ld files taken, %ld inequalities judged\n",
        taken, j.heard);
    attempt_clear(&j.a);
}
