/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates made by hand to have something false verified, or to have
 * something true shown as more than it is.
 */
#include "tests/fixedpoint/test_certificates.h"
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#define HEAD  "selfnorm certificate 2\nby hand\n"
#define D     "mu -0.1 0.1 nu 0.8 1.5 omega -0.1 0.1 tau 0.8 1.25"
#define OMEGA "mu -0.1 0.1 nu 0.8 1.5 omega -0.1 0.1 tau 0.95 1.1"
#define POINT "mu 0 0 nu 1 1 omega 0 0 tau 1 1"
#define HERE  "witness mu 0 nu 1 omega 0 tau 1 value "
/* of the norm, with eight boxes as the pieces of D are */
#define DOTS ".\n.\n.\n.\n"
#define PART(number, domain, limit, bound, value, trees)                      \
    "part " number "\ndomain " domain "\nlimit " limit "\nbound " bound       \
    "\n" HERE value "\n" trees
#define END       "end claim\n"
#define JACOBIAN  HEAD "claim jacobian\n"
#define JACOBIAN1 JACOBIAN PART("1", D, "1", "0.9999", "0.7", DOTS) END

/* Whole files, but for their sums. */
static const struct {
    const char *what, *text;
    enum snc_reason reason;
} forged[] = {
    /* the base of what follows is true */
    {"nothing wrong", JACOBIAN1, SNC_NO_REASON},
    /* heads */
    {"the format before",
        "selfnorm certificate 1\nby x\ndesign 0 1 0 1\nclaim sharp\npart p\n"
        "formula m\ndomain nu 1 1 tau 1 1 m 5 6\nnot above 1\n"
        "witness nu 1 tau 1 m 5 value 0\nend claim\n",
        SNC_OTHER_VERSION},
    {"a version to come", "selfnorm certificate 20\nby x\n",
        SNC_OTHER_VERSION},
    {"no version", "selfnorm certificate \nby x\n", SNC_OTHER_VERSION},
    {"a head with a word more", "selfnorm certificate 2 3\nby x\n",
        SNC_OTHER_VERSION},
    {"something else", "selfnorm\n", SNC_NO_CERTIFICATE},
    {"no writer", "selfnorm certificate 2\nclaim jacobian\n", SNC_OTHER_LINE},
    {"no claims", HEAD, SNC_NO_CLAIMS},
    {"a claim of no part", JACOBIAN END, SNC_OTHER_PART},
    {"an unknown claim", HEAD "claim fermat\n" END, SNC_NO_CLAIM},
    {"a claim with a word more", HEAD "claim jacobian 1\n" END,
        SNC_OTHER_LINE},
    {"a claim without its name", HEAD "claim\n" END, SNC_OTHER_LINE},
    /* coordinates that are not there, or more than there are */
    {"a domain without omega",
        JACOBIAN PART("1", "mu -5 1000000 nu 0.8 1.5 tau 0.8 1.25", "1",
            "0.99", "0.7", DOTS) END,
        SNC_OTHER_LINE},
    {"a domain of m and v",
        JACOBIAN PART("1", "m 5 6 v 1 1 omega 0 0 tau 1 1", "1", "0.99", "0.7",
            DOTS) END,
        SNC_OTHER_LINE},
    {"s in a claim without it",
        JACOBIAN PART("1", D " s 0 1", "1", "0.99", "0.7", DOTS) END,
        SNC_OTHER_DOMAIN},
    {"a coordinate twice",
        JACOBIAN PART("1", "mu 0 0 mu 0 0 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_OTHER_LINE},
    {"coordinates in another order",
        JACOBIAN PART("1", "nu 1 1 mu 0 0 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_OTHER_LINE},
    {"a domain that breaks off",
        JACOBIAN PART("1", "mu 0 0 nu 1 1 omega 0 0 tau 1", "1", "0.99", "0.7",
            DOTS) END,
        SNC_OTHER_LINE},
    {"a formula in the file", JACOBIAN "part 1\nformula 0\ndomain " D "\n" END,
        SNC_OTHER_LINE},
    {"a witness without omega",
        JACOBIAN "part 1\ndomain " D "\nlimit 1\nbound 0.9999\n"
                 "witness mu 0 nu 1 tau 1 value 0.7\n" DOTS END,
        SNC_OTHER_LINE},
    {"a witness outside",
        JACOBIAN "part 1\ndomain " D "\nlimit 1\nbound 0.9999\n"
                 "witness mu 0 nu 1 omega 0.11 tau 1 value 0.7\n" DOTS END,
        SNC_OUTSIDE},
    /* numbers */
    {"a domain that is no number",
        JACOBIAN PART("1", "mu nan nan nu 1 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"an infinite end",
        JACOBIAN PART("1", "mu 0 inf nu 1 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"a hexadecimal end",
        JACOBIAN PART("1", "mu 0 0x1 nu 1 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"a comma in a number",
        JACOBIAN PART("1", "mu 0 0,1 nu 1 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"a fraction",
        JACOBIAN PART("1", "mu 0 1/2 nu 1 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"ends reversed",
        JACOBIAN PART("1", "mu 1 0 nu 1 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_REVERSED},
    {"ends reversed by less than a double shows",
        JACOBIAN PART("1",
            "mu 0.1000000000000000000000001 0.1 nu 1 1 omega 0 0 tau 1 1", "1",
            "0.99", "0.7", DOTS) END,
        SNC_REVERSED},
    {"nu from 0",
        JACOBIAN PART("1", "mu 0 0 nu 0 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NOT_POSITIVE},
    {"tau below 0",
        JACOBIAN PART("1", "mu 0 0 nu 1 1 omega 0 0 tau -1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NOT_POSITIVE},
    {"an exponent beyond the limit",
        JACOBIAN PART("1", "mu 0 1e10000 nu 1 1 omega 0 0 tau 1 1", "1",
            "0.99", "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"an exponent that overflows an int",
        JACOBIAN PART("1",
            "mu 0 1e99999999999999999999 nu 1 1 omega 0 0 tau "
            "1 1",
            "1", "0.99", "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"an exponent without digits",
        JACOBIAN PART("1", "mu 0 1e nu 1 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"a point alone",
        JACOBIAN PART("1", "mu 0 . nu 1 1 omega 0 0 tau 1 1", "1", "0.99",
            "0.7", DOTS) END,
        SNC_NO_DECIMAL},
    {"a huge domain",
        JACOBIAN PART("1", "mu -5 1e9999 nu 1 1 omega 0 0.1 tau 1 1", "1",
            "0.99", "0.7", ".\n.\n") END,
        SNC_NOT_CONFIRMED},
    {"all the nu that there are",
        JACOBIAN PART("1", "mu 0 0 nu 1e-9999 1e9999 omega 0 0 tau 1 1", "1",
            "0.99", "0.7", ".\n") END,
        SNC_NOT_CONFIRMED},
    /* limits and bounds */
    {"a limit of one's own",
        JACOBIAN PART("1", D, "2", "0.9999", "0.7", DOTS) END,
        SNC_OTHER_LIMIT},
    {"a limit a little beside",
        JACOBIAN PART("1", D, "1.00000000000000000000000000000000001",
            "0.9999", "0.7", DOTS) END,
        SNC_OTHER_LIMIT},
    {"a bound that is the limit",
        JACOBIAN PART("1", D, "1", "1", "0.7", DOTS) END, SNC_BOUND_BREAKS},
    {"a bound beyond the limit",
        JACOBIAN PART("1", D, "1", "1.1", "0.7", DOTS) END, SNC_BOUND_BREAKS},
    {"a bound below the maximum",
        JACOBIAN PART("1", D, "1", "0.989026271839", "0.7", DOTS) END,
        SNC_NOT_CONFIRMED},
    {"a bound below all values",
        JACOBIAN PART("1", D, "1", "-1", "0.7", DOTS) END, SNC_NOT_CONFIRMED},
    {"a domain where it fails",
        JACOBIAN PART("1",
            "mu -0.1 0.1 nu 0.5 1.5 omega -0.1 0.1 tau 0.8 1.25", "1",
            "0.9999", "0.7", DOTS) END,
        SNC_NOT_CONFIRMED},
    {"cuts where it holds",
        JACOBIAN PART("1",
            "mu -0.1 0.1 nu 0.5 1.5 omega -0.1 0.1 tau 0.8 1.25", "1",
            "0.9999", "0.7",
            "v 0.4\n.\n.\nv 1\n.\n.\nv 0.4\n.\n.\nv 1\n.\n.\n") END,
        SNC_NOT_CONFIRMED},
    {"cuts outside the box",
        JACOBIAN PART("1",
            "mu -0.1 0.1 nu 0.5 1.5 omega -0.1 0.1 tau 0.8 1.25", "1",
            "0.9999", "0.7", "v 9\n.\n.\nv 9\n.\n.\nv 9\n.\n.\nv 9\n.\n.\n")
            END,
        SNC_NOT_CONFIRMED},
    {"a witness with more than it has",
        JACOBIAN PART("1", D, "1", "0.9999", "0.8", DOTS) END,
        SNC_OTHER_VALUE},
    /* trees */
    {"a tree less",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", ".\n.\n.\n") END,
        SNC_NO_AXIS},
    {"a tree more",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", DOTS ".\n") END,
        SNC_OTHER_LINE},
    {"a half less",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", "v 1\n" DOTS) END,
        SNC_NO_AXIS},
    {"a cut along mu",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", "mu 0\n.\n" DOTS) END,
        SNC_NO_AXIS},
    {"a cut along s",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", "s 0\n.\n" DOTS) END,
        SNC_NO_AXIS},
    {"a cut along lambda",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", "lambda 0\n.\n" DOTS) END,
        SNC_NO_AXIS},
    {"a cut at no number",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", "v nan\n.\n" DOTS) END,
        SNC_NO_DECIMAL},
    {"a cut with a word more",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", "v 1 1\n.\n" DOTS) END,
        SNC_OTHER_LINE},
    {"a box with a word more",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", ". .\n" DOTS) END,
        SNC_NO_AXIS},
    /* words more and less */
    {"a limit with a word more", JACOBIAN "part 1\ndomain " D "\nlimit 1 2\n",
        SNC_OTHER_LINE},
    {"a bound with a word more",
        JACOBIAN "part 1\ndomain " D "\nlimit 1\nbound 0.9 1\n",
        SNC_OTHER_LINE},
    {"a part with a word more", JACOBIAN "part 1 2\ndomain " D "\n",
        SNC_OTHER_LINE},
    {"a part with a zero before", JACOBIAN "part 01\ndomain " D "\n",
        SNC_OTHER_PART},
    {"a part below 0", JACOBIAN "part -1\ndomain " D "\n", SNC_OTHER_PART},
    {"a part out of bounds",
        JACOBIAN PART("2", D, "1", "0.9999", "0.7", DOTS) END, SNC_OTHER_PART},
    {"part 0", JACOBIAN PART("0", D, "1", "0.9999", "0.7", DOTS) END,
        SNC_OTHER_PART},
    {"two spaces", JACOBIAN "part  1\ndomain " D "\n", SNC_OTHER_LINE},
    {"a space at the end", JACOBIAN "part 1 \ndomain " D "\n", SNC_OTHER_LINE},
    {"a space at the start", JACOBIAN " part 1\ndomain " D "\n",
        SNC_OTHER_LINE},
    {"an empty line", JACOBIAN "\npart 1\ndomain " D "\n", SNC_OTHER_LINE},
    {"a tabulator", JACOBIAN "part\t1\ndomain " D "\n", SNC_NO_TEXT},
    {"a carriage return", JACOBIAN "part 1\r\ndomain " D "\n", SNC_NO_TEXT},
    {"the end of a claim with a word more",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", DOTS) "end claim 1\n",
        SNC_OTHER_LINE},
    {"a second end", JACOBIAN1 END, SNC_OTHER_LINE},
    {"a part after the end",
        JACOBIAN1 PART("1", D, "1", "0.9999", "0.7", DOTS) END,
        SNC_OTHER_LINE},
    {"a part more",
        JACOBIAN PART("1", D, "1", "0.9999", "0.7", DOTS)
            PART("2", D, "1", "0.9999", "0.7", DOTS) END,
        SNC_OTHER_PART},
    {"a part that fails in a claim that holds",
        JACOBIAN "part 1\ndomain " D "\nlimit 1\n" HERE "0.7\n" END,
        SNC_OTHER_LINE},
    /* designs */
    {"correlation with a design",
        HEAD "claim correlation\ndesign 0.1 1 0 1\n" PART(
            "1", POINT, "1", "0.98", "0.9", ".\n") END,
        SNC_OTHER_LINE},
    {"a design before the claims",
        "selfnorm certificate 2\nby hand\ndesign 0.1 1 0 1\nclaim jacobian\n",
        SNC_OTHER_LINE},
    {"a design without a design",
        HEAD "claim design\n" PART("1", OMEGA, "1", "0.98", "0.7", DOTS) END,
        SNC_OTHER_LINE},
    {"a design of three numbers", HEAD "claim design\ndesign 0 1 0\n",
        SNC_OTHER_LINE},
    {"a variance of 0", HEAD "claim design\ndesign 0 0 0 1\n",
        SNC_NOT_POSITIVE},
    {"a tau below 0", HEAD "claim design\ndesign 0 1 0 -1\n",
        SNC_NOT_POSITIVE},
    {"a mean that no constants have", HEAD "claim design\ndesign 9 0.1 0 1\n",
        SNC_NO_CONSTANTS},
    /* points that have to be (0, 1) */
    {"correlation beside (0, 1)",
        HEAD "claim correlation\npart 1\ndomain mu 0.1 0.1 nu 1 1 omega 0 0 "
             "tau 1 1\nlimit 1\nbound 0.98\n",
        SNC_OTHER_DOMAIN},
    {"rate around (0, 1)",
        HEAD "claim rate\npart 1\ndomain mu -0.1 0.1 nu 1 1 omega 0 0 tau 1 "
             "1\nlimit 0.782647883196813\n",
        SNC_OTHER_DOMAIN},
    {"correlation without its last part",
        HEAD "claim correlation\n" PART("1", POINT, "1", "0.98", "0.9", ".\n")
            END,
        SNC_OTHER_PART},
    {"correlation of one part four times",
        HEAD "claim correlation\n" PART("1", POINT, "1", "0.98", "0.9", ".\n")
            PART("2", POINT, "1", "0.98", "0.9", ".\n") END,
        SNC_OTHER_LIMIT},
    /* sections */
    {"theorem2 on two domains",
        HEAD "claim theorem2\npart 1\ndomain mu 0 0 nu 6 6 omega 0 0 tau 1 1\n"
             "limit 0\nbound -0.1\nwitness mu 0 nu 6 omega 0 tau 1 value -9\n"
             ".\npart 2\ndomain mu 0 0 nu 7 7 omega 0 0 tau 1 1\nlimit 0\n",
        SNC_OTHER_DOMAIN},
    {"dropout for half of the rates",
        HEAD "claim dropout\npart 1\ndomain " OMEGA " s 0.5 1\nlimit 1\n",
        SNC_OTHER_DOMAIN},
    {"dropout for no rate",
        HEAD "claim dropout\npart 1\ndomain " OMEGA "\nlimit 1\n",
        SNC_OTHER_DOMAIN},
    {"dropout beyond the rates",
        HEAD "claim dropout\npart 1\ndomain " OMEGA " s -1 1\nlimit 1\n",
        SNC_OTHER_DOMAIN},
    /* sharp's domains are moved at one end alone */
    {"sharp with another end moved too",
        HEAD "claim sharp\npart 1\ndomain mu -0.1 0.1 nu 0.8 1.4 omega -0.1 "
             "0.1 tau 0.95 1.11\nlimit 1.5\n",
        SNC_OTHER_DOMAIN},
    {"sharp with the wrong end moved",
        HEAD "claim sharp\npart 1\ndomain mu -0.1 0.1 nu 0.8 1.5 omega -0.1 "
             "0.1 tau 0.96 1.1\nlimit 1.5\n",
        SNC_OTHER_DOMAIN},
    {"sharp with a limit moved",
        HEAD "claim sharp\npart 1\ndomain mu -0.1 0.1 nu 0.8 1.5 omega -0.1 "
             "0.1 tau 0.95 1.11\nlimit 1.6\n",
        SNC_OTHER_LIMIT},
    {"sharp of one part",
        HEAD "claim sharp\npart 1\ndomain mu 0 0 nu 1 1 omega 0 0 tau 1 1\n",
        SNC_OTHER_LINE},
    /* chains */
    {"global of nothing", HEAD "claim global\n" END, SNC_OTHER_PART},
    {"global of the norm alone",
        HEAD "claim global\n" PART("5", OMEGA, "1", "0.98", "0.7", DOTS) END,
        SNC_OTHER_PART},
    {"global from its second part",
        HEAD "claim global\npart 2\ndomain " OMEGA "\nlimit 0.1\n",
        SNC_OTHER_PART},
    {"global with s",
        HEAD "claim global\npart 1\ndomain " OMEGA " s 0 1\nlimit -0.1\n",
        SNC_OTHER_DOMAIN},
    {"global that claims more than the step leads to",
        HEAD "claim global\n" PART("1", POINT, "0.1", "0.2", "0.1", ".\n") END,
        SNC_NOT_CONFIRMED},
};

Test(certificates, a_forged_one_is_refused)
{
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        char *text = mended(forged[i].text);
        struct snc_refusal r = check_text(text, strlen(text), NULL);
        cr_expect_eq(r.reason, forged[i].reason,
            "%s: reason %d, wanted %d, line %ld: %s", forged[i].what, r.reason,
            forged[i].reason, r.line, r.word);
        free(text);
    }
}

/* First `from` after `where` becomes `to`; to free. */
static char *changed(
    const char *text, const char *where, const char *from, const char *to)
{
    const char *at = strstr(text, where);
    at = at ? strstr(at, from) : NULL;
    cr_assert(at, "nothing to change: %s, %s", where, from);
    char *result = malloc(strlen(text) + strlen(to) + 1);
    sprintf(result, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    char *good = mended(result);
    free(result);
    return good;
}

/* True certificates with one thing changed. */
Test(certificates, a_forged_change_is_refused)
{
    static const struct {
        const char *claim, *where, *from, *to;
        enum snc_reason reason;
    } row[] = {
        {"theorem1", "", "claim theorem1", "claim correlation",
            SNC_OTHER_DOMAIN},
        {"theorem1", "", "claim theorem1", "claim dropout", SNC_OTHER_DOMAIN},
        {"theorem1", "", "claim theorem1", "claim global", SNC_BOUND_BREAKS},
        {"theorem1", "", "claim theorem1", "claim jacobian", SNC_OTHER_PART},
        {"theorem1", "part 2", "nu 0.8 1.5", "nu 0.7 1.5", SNC_OTHER_DOMAIN},
        {"theorem1", "", "tau 0.95 1.1\n", "tau 0.95 1.2\n",
            SNC_NOT_CONFIRMED},
        {"theorem1", "part 5", "limit 0.8", "limit 0.7", SNC_OTHER_LIMIT},
        {"theorem1", "part 5", "bound 0.80371175", "bound 0.80371176",
            SNC_NOT_CONFIRMED},
        {"theorem1", "part 2", "part 2", "part 3", SNC_OTHER_PART},
        {"theorem1", "witness", "value 0.8976", "value 0.8977",
            SNC_OTHER_VALUE},
        {"theorem1", "", ".\n", "", SNC_NO_AXIS},
        {"theorem1", "", "end claim\n", "", SNC_OTHER_LINE},
        {"theorem3", "", "part 2", "end claim\nclaim theorem3\npart 1",
            SNC_OTHER_PART},
        {"sharp", "part 2\n", "witness", "bound 1\nwitness", SNC_OTHER_LINE},
        {"sharp", "part 2\n", "value 1.50000000", "value 1.49999999",
            SNC_KEEPS},
        {"sharp", "part 2\n", "value 1.50000000", "value 1.50000001",
            SNC_OTHER_VALUE},
        {"sharp", "", "claim sharp", "claim theorem1", SNC_OTHER_LIMIT},
        {"dropout", "part 6\n", "limit 1e-15", "limit 1e-14", SNC_OTHER_LIMIT},
        {"dropout", "part 6\n", "mu 0 0", "mu 0 1e-99", SNC_OTHER_DOMAIN},
        {"norm-slopes", "part 8\n", "limit -2.98610", "limit -2.9861",
            SNC_NO_REASON},
        {"jacobian", "tau", "nu 0.8", "nu +8.0E-01", SNC_NO_REASON},
        {"global", "part 1", "omega -0.1", "omega -0.11", SNC_NOT_CONFIRMED},
        {"global", "part 5", "limit 1", "limit 2", SNC_OTHER_LIMIT},
        {"global", "part 5", "nu 0.8", "nu 0.7", SNC_OTHER_DOMAIN},
    };
    char *text = NULL;
    const char *claim = "";
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (strcmp(claim, row[i].claim)) {
            free(text);
            claim = row[i].claim;
            text = certificate(claim);
        }
        char *bad = changed(text, row[i].where, row[i].from, row[i].to);
        struct snc_refusal r = check_text(bad, strlen(bad), NULL);
        cr_expect_eq(r.reason, row[i].reason,
            "row %zu, %s to %s: reason %d, wanted %d, line %ld: %s", i,
            row[i].from, row[i].to, r.reason, row[i].reason, r.line, r.word);
        free(bad);
    }
    free(text);
}

/* ---- chains without a part of them ------------------------------------- */

/* The step with that number, from 0, of a certificate of `global`. */
static const char *step_at(const char *text, int number)
{
    const char *at = text;
    for (int i = 0; at && i <= number; i++)
        at = strstr(at + 1, "\npart 1\n");
    return at;
}

/* The k-th step of the pieces' starts: those with that lower end of mu. */
static int piece(const char *text, int k)
{
    for (int i = 0; step_at(text, i); i++)
        if (!strncmp(step_at(text, i) + 8, "domain mu -1 1 ", 15) && !k--)
            return i;
    return -1;
}

static enum snc_reason without(const char *text, int from, int to)
{
    const char *a = step_at(text, from), *b = step_at(text, to);
    cr_assert(a && b && a < b, "steps %d to %d", from, to);
    char *result = malloc(strlen(text) + 1);
    sprintf(result, "%.*s%s", (int)(a - text), text, b);
    char *good = mended(result);
    enum snc_reason reason = check_text(good, strlen(good), NULL).reason;
    free(result);
    free(good);
    return reason;
}

/* No piece may be missing between two others, and no step of a chain. */
Test(certificates, a_forged_chain_is_refused)
{
    char *text = certificate("global");
    int first = piece(text, 0), second = piece(text, 1),
        third = piece(text, 2);
    cr_assert(first == 0 && third > second && second > 20);
    cr_expect_eq(without(text, second, third), SNC_PIECES_APART);
    cr_expect_eq(without(text, 1, 2), SNC_STRAY_STEP);
    cr_expect_eq(without(text, second - 1, second), SNC_STRAY_STEP);
    /* a smaller start, in which the orbit does not begin */
    cr_expect_eq(without(text, 0, second), SNC_STRAY_STEP);
    /* Omega's own step, and the last before the box */
    int own = second;
    while (!strstr(step_at(text, own), "domain mu -0.1 0.1 nu 0.8 1.5 ") ||
           strstr(step_at(text, own), "domain mu -0.1 0.1 nu 0.8 1.5 ") >
               step_at(text, own) + 9)
        own++;
    cr_expect_neq(without(text, own, own + 1), SNC_NO_REASON);
    cr_expect_eq(without(text, own + 20, own + 21), SNC_STRAY_STEP);
    free(text);
}

/* ---- what is shown ----------------------------------------------------- */

struct shown {
    char domain[2][60000];
    int claims;
    enum snc_extent extent;
};
static void show(void *context, const struct snc_claim *claim)
{
    struct shown *s = context;
    snprintf(
        s->domain[s->claims++ % 2], sizeof *s->domain, "%s", claim->domain);
    s->extent = claim->extent;
}

/* Both domains of a claim that has two; long numbers in full. */
Test(certificates, domains_are_shown_in_full)
{
    static struct shown s;
    const struct snc_listener told = {.claim = show, .context = &s};
    char *text = certificate("theorem3");
    check_text(text, strlen(text), &told);
    cr_expect_str_eq(s.domain[0],
        "mu in [-0.1, 0.1], nu in [0.02, 0.16], omega in [-0.1, 0.1], tau in "
        "[0.8, 1.25]; and mu in [-0.1, 0.1], nu in [0.02, 0.24], omega in "
        "[-0.1, 0.1], tau in [0.9, 1.25]");
    cr_expect_eq(s.extent, SNC_ITS_OWN);
    free(text);
    static char zeros[20001];
    memset(zeros, '0', 19990);
    char *longer = malloc(50000);
    sprintf(longer,
        JACOBIAN
        "part 1\ndomain mu 0 0.%s1 nu 1 1 omega 0 0 tau 1 1\nlimit 1\n"
        "bound 0.9999\n" HERE "0.7\n.\n" END,
        zeros);
    char *whole = mended(longer);
    struct snc_refusal r = check_text(whole, strlen(whole), &told);
    cr_expect(r.reason == SNC_NO_REASON && strlen(s.domain[1]) > 19990 &&
                  strstr(s.domain[1], "01], nu in [1, 1]") &&
                  s.extent == SNC_NOT_ALL,
        "reason %d: %.60s", r.reason, s.domain[1]);
    free(longer);
    free(whole);
}

/* ---- damage and endless files ------------------------------------------ */

/* Cut off anywhere, or any byte changed and the sum not mended. */
Test(certificates, a_damaged_one_is_refused)
{
    char *text = certificate("theorem2");
    size_t size = strlen(text), taken = 0;
    for (size_t n = 1; n + 1 < size; n++)
        taken += check_text(text, n, NULL).reason == SNC_NO_REASON;
    seed(31);
    for (int i = 0; i < 200; i++) {
        size_t at = (size_t)uniform(0, (double)size - 1);
        char keep = text[at];
        text[at] = (char)(keep ^ (1 << (int)uniform(0, 7)));
        taken += check_text(text, size, NULL).reason == SNC_NO_REASON;
        text[at] = keep;
    }
    char *more = malloc(size + 2);
    sprintf(more, "%s\n", text);
    taken += check_text(more, size + 1, NULL).reason != SNC_AFTER_END;
    cr_expect(!taken, "%zu damaged certificates were taken", taken);
    free(more);
    free(text);
}

/* A source that never ends; how much of it was read? */
struct endless {
    const char *head, *again;
    size_t read;
};
static ssize_t more(void *cookie, char *buffer, size_t size)
{
    struct endless *e = cookie;
    size_t head = strlen(e->head), period = strlen(e->again);
    for (size_t i = 0; i < size; i++, e->read++)
        buffer[i] = e->read < head ? e->head[e->read]
                                   : e->again[(e->read - head) % period];
    return (ssize_t)size;
}

Test(certificates, endless_files_are_not_read_to_their_end)
{
    static const struct {
        const char *head, *again;
        enum snc_reason reason;
    } source[] = {
        {"", "[", SNC_NO_CERTIFICATE},
        {"", "selfnorm ", SNC_NO_CERTIFICATE},
        {HEAD "claim ", "x", SNC_LONG_LINE},
        {JACOBIAN "part 1\ndomain mu 0 0.", "0", SNC_LONG_LINE},
        {JACOBIAN "part 1\ndomain " D "\nlimit 1\nbound 0.9999\n" HERE "0.7\n",
            "v 1.1\n", SNC_DEEP_TREE},
    };
    for (size_t i = 0; i < sizeof source / sizeof *source; i++) {
        struct endless e = {source[i].head, source[i].again, 0};
        struct snc_refusal r;
        FILE *in =
            fopencookie(&e, "rb", (cookie_io_functions_t){.read = more});
        bool good = snc_check(&r, in, NULL);
        fclose(in);
        cr_expect(!good && r.reason == source[i].reason && e.read < 400000,
            "%zu: %zu bytes read, reason %d", i, e.read, r.reason);
    }
}

/* What cannot be confirmed is given up after little work. */
Test(certificates, a_small_file_is_little_work)
{
    static const char text[] =
        HEAD "claim norm-slopes\npart 1\n"
             "domain mu -1 1 nu 0.1 10 omega -0.1 0.1 tau 0.8 1.25\n"
             "limit 0.32112\nbound 0.32\n" HERE "0\n.\n";
    struct snc_refusal r = check_text(text, strlen(text), NULL);
    cr_expect(r.reason == SNC_NOT_CONFIRMED && r.work > SNC_WORK_START &&
                  r.work < SNC_WORK_START + 10 * SNC_WORK_BOX,
        "reason %d, %ld work", r.reason, r.work);
}
