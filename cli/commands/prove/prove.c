/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selfnorm prove: claims about the map g by interval branch and bound. */
#include "cli/cli.h"
#include "fixedpoint/proofs/certificate/certificate.h"
#include "cli/commands/prove/prove.h"
#include <stdlib.h>
#include <string.h>

enum {
    MAX_CLAIMS = 32,
    KEY_LIST = 1,
    KEY_DOMAIN,
    KEY_MAX_BOXES,
    KEY_PARTS,
    KEY_CERTIFICATE,
    KEY_MEAN,
    KEY_VARIANCE,
    KEY_OMEGA,
    KEY_TAU
};

struct arguments {
    struct sn_cli cli;
    bool list, parts, figures, wanted[MAX_CLAIMS];
    long max_boxes;
    const char *certificate;
    const char *design[4]; /* mean, variance, omega, tau; NULL: the paper's */
    const char *end[SN_COORDINATES][2]; /* NULL: the claim's own */
    char *domain;                       /* the text that they point into */
};

static const char *claim_names(void)
{
    static char names[400];
    *names = '\0';
    for (size_t i = 0; i < sn_claim_count; i++) {
        strncat(names, sn_claims[i].name, sizeof names - strlen(names) - 1);
        strncat(names, ", ", sizeof names - strlen(names) - 1);
    }
    strncat(names, "all, figures", sizeof names - strlen(names) - 1);
    return names;
}

static void take_claim(struct arguments *args, const char *name)
{
    bool found = !strcmp(name, "figures");
    args->figures |= found;
    for (size_t i = 0; i < sn_claim_count && i < MAX_CLAIMS; i++)
        if (!strcmp(name, "all") || !strcmp(name, sn_claims[i].name))
            found = args->wanted[i] = true;
    if (!found)
        sn_cli_die(&args->cli, SN_EXIT_USAGE,
            "unknown claim '%.40s'; the claims are %s", name, claim_names());
}

/* KEY=LOWER:UPPER, cut up in place. */
static void take_interval(struct arguments *args, char *item)
{
    char *lower = strchr(item, '='), *upper = NULL;
    if (lower) {
        *lower++ = '\0';
        upper = strchr(lower, ':');
    }
    int i = 0;
    while (i <= SN_TAU && strcmp(item, sn_coordinate[i]))
        i++;
    if (i > SN_TAU)
        sn_cli_die(&args->cli, SN_EXIT_USAGE,
            "--domain '%.40s': must be mu, nu, omega or tau", item);
    if (!upper)
        sn_cli_die(&args->cli, SN_EXIT_USAGE,
            "--domain %s '%.40s': must be LOWER:UPPER", item,
            lower ? lower : "");
    *upper++ = '\0';
    if (args->end[i][0])
        sn_cli_die(
            &args->cli, SN_EXIT_USAGE, "--domain '%s': given twice", item);
    enum sn_sign sign = i == SN_NU || i == SN_TAU ? SN_POSITIVE : SN_ANY_SIGN;
    char option[32];
    snprintf(option, sizeof option, "--domain %s", item);
    args->end[i][0] = sn_cli_decimal(&args->cli, option, lower, sign);
    args->end[i][1] = sn_cli_decimal(&args->cli, option, upper, sign);
    struct sn_domain test;
    sn_domain_init(&test);
    if (sn_domain_set(&test, i, lower, upper))
        sn_cli_die(&args->cli, SN_EXIT_USAGE,
            "--domain %s '%.40s:%.40s': the lower end is above the upper",
            item, lower, upper);
    sn_domain_clear(&test);
}

static void take_domain(struct arguments *args, const char *word)
{
    if (args->domain)
        sn_cli_die(
            &args->cli, SN_EXIT_USAGE, "--domain '%.40s': given twice", word);
    args->domain = strdup(word);
    if (!args->domain)
        sn_cli_die(&args->cli, SN_EXIT_UNUSABLE, "out of memory");
    char *rest = args->domain;
    for (char *item; (item = strsep(&rest, ","));)
        take_interval(args, item);
}

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct arguments *args = state->input;
    switch (key) {
    case KEY_LIST:
        args->list = true;
        return 0;
    case KEY_DOMAIN:
        take_domain(args, word);
        return 0;
    case KEY_PARTS:
        args->parts = true;
        return 0;
    case KEY_CERTIFICATE:
        sn_file_expect(&args->cli, word);
        args->certificate = word;
        return 0;
    case KEY_MEAN:
    case KEY_OMEGA:
        args->design[key - KEY_MEAN] = sn_cli_decimal(&args->cli,
            key == KEY_MEAN ? "--mean" : "--omega", word, SN_ANY_SIGN);
        return 0;
    case KEY_VARIANCE:
    case KEY_TAU:
        args->design[key - KEY_MEAN] = sn_cli_decimal(&args->cli,
            key == KEY_TAU ? "--tau" : "--variance", word, SN_POSITIVE);
        return 0;
    case KEY_MAX_BOXES:
        args->max_boxes =
            sn_cli_whole(&args->cli, "--max-boxes", word, 1, 1000000000);
        return 0;
    case ARGP_KEY_ARG:
        take_claim(args, word);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options =
        (const struct argp_option[]){
            {"list", KEY_LIST, NULL, 0, "list the claims with their domains",
                0},
            {"domain", KEY_DOMAIN, "KEY=LOWER:UPPER,...", 0,
                "other ends for mu, nu, omega or tau than the claim's own", 0},
            {"max-boxes", KEY_MAX_BOXES, "N", 0,
                "boxes to spend on one inequality before it is left undecided "
                "(default 200000); a quarter, 50000 at least, on the search "
                "for a chain",
                0},
            {"parts", KEY_PARTS, NULL, 0,
                "print every inequality, of long chains too", 0},
            {"certificate", KEY_CERTIFICATE, "FILE", 0,
                "write what was proved, for verify-certificate", 0},
            {"mean", KEY_MEAN, "X", 0,
                "design: mean of the fixed point (default 0)", 0},
            {"variance", KEY_VARIANCE, "X", 0,
                "design: variance of the fixed point (default 1)", 0},
            {"omega", KEY_OMEGA, "X", 0,
                "design: where it is the fixed point (default 0)", 0},
            {"tau", KEY_TAU, "X", 0, "design: likewise (default 1)", 0}, {0}},
    .parser = parse,
    .args_doc = "CLAIM... | all | figures",
    .doc = "Proves claims about the map g by interval branch and bound, or "
           "refutes them by a counterexample.  'figures' judges what the "
           "paper and others print.  Exit status 1 unless all are proved, or "
           "of figures decided.",
};

static void list(struct arguments *args)
{
    if (args->cli.json) {
        json_t *document = sn_cli_json(&args->cli);
        json_object_set_new(document, "claims", sn_prove_json_list());
        sn_cli_emit(&args->cli, document, true);
        return;
    }
    FILE *out = sn_cli_open(&args->cli);
    sn_prove_text_list(out);
    sn_cli_close(&args->cli, out);
}

static void refuse_domain(const struct arguments *args)
{
    const char *name = args->figures ? "figures" : NULL;
    for (size_t i = 0; i < sn_claim_count; i++)
        if (args->wanted[i] && !sn_claim_takes_domain(&sn_claims[i]))
            name = sn_claims[i].name;
    if (args->domain && name)
        sn_cli_die(&args->cli, SN_EXIT_USAGE,
            "'%s': --domain does not go with it: it has a domain of its own",
            name);
}

static bool watch(void *context, long boxes)
{
    sn_progress_at(context, (double)boxes);
    return !sn_interrupted;
}

static bool go_on(void)
{
    return !sn_interrupted;
}

/* Proves one claim into `result`; the verdict counts, not the status. */
static void prove(struct arguments *args, const struct sn_claim *claim,
    struct sn_prover *prover, struct sn_claim_result *result)
{
    struct sn_progress bar;
    prover->search.watch = watch;
    prover->search.context = &bar;
    sn_progress_start(&bar, &args->cli, claim->name, (double)args->max_boxes);
    enum sn_status status = sn_prove(result, claim, prover);
    sn_progress_end(&bar);
    prover->search.watch = NULL;
    if (status == SN_INTERRUPTED)
        sn_cli_complain(&args->cli, "%s: interrupted", claim->name);
    else if (status == SN_NO_MEMORY)
        sn_cli_die(&args->cli, SN_EXIT_UNUSABLE, "%s: %s", claim->name,
            sn_strerror(status));
    else if (status && claim->build)
        sn_cli_complain(&args->cli,
            "%s: no chain of boxes was found for this domain", claim->name);
    else if (status)
        sn_cli_die(&args->cli, SN_EXIT_UNUSABLE, "%s: %s", claim->name,
            sn_strerror(status));
}

/* The constants of the design, where one is named. */
static void take_design(struct arguments *args, struct sn_prover *prover)
{
    static const char *const usual[4] = {"0", "1", "0", "1"};
    bool any = false;
    for (int i = 0; i < 4; i++) {
        any |= args->design[i] != NULL;
        if (!args->design[i])
            args->design[i] = usual[i];
    }
    for (size_t i = 0; any && i < sn_claim_count; i++)
        if (args->wanted[i] && strcmp(sn_claims[i].name, "design"))
            sn_cli_die(&args->cli, SN_EXIT_USAGE,
                "'%s': --mean, --variance, --omega and --tau go with the "
                "claim design alone",
                sn_claims[i].name);
    if (!any)
        return;
    enum sn_status status =
        sn_selu_design_mpfi(&prover->selu, (const char *const *)args->design);
    if (status)
        sn_cli_die(&args->cli, SN_EXIT_FAILED,
            "no constants with the fixed point (%.40s, %.40s) at omega %.40s, "
            "tau %.40s: %s",
            args->design[0], args->design[1], args->design[2], args->design[3],
            sn_strerror(status));
}

/*
 * The certificate while claims are proved; it becomes a file when the result
 * is out, as one file at a time is under way.
 */
struct draft {
    struct sn_certificate certificate;
    char *text;
    size_t size, claims;
};

static void draft_start(struct arguments *args, struct draft *draft)
{
    FILE *out = open_memstream(&draft->text, &draft->size);
    if (!out)
        sn_cli_die(&args->cli, SN_EXIT_UNUSABLE, "out of memory");
    sn_certificate_start(&draft->certificate, out, SN_VERSION,
        (const char *const *)args->design);
}

/* False, and no file, where there is nothing to certify. */
static bool draft_write(struct arguments *args, struct draft *draft)
{
    sn_certificate_finish(&draft->certificate);
    bool bad = ferror(draft->certificate.out);
    if (fclose(draft->certificate.out) || bad)
        sn_cli_die(&args->cli, SN_EXIT_UNUSABLE, "out of memory");
    if (draft->claims) {
        FILE *out = sn_file_open(&args->cli, args->certificate);
        fwrite(draft->text, 1, draft->size, out);
        sn_file_close(&args->cli, out, args->certificate);
    } else {
        sn_cli_complain(&args->cli,
            "--certificate '%.200s': no claim is proved, so none is written",
            args->certificate);
    }
    free(draft->text);
    return draft->claims > 0;
}

int sn_cmd_prove(int argc, char **argv)
{
    struct arguments args = {
        .cli = {.has = SN_CLI_QUIET}, .max_boxes = 200000};
    sn_cli_parse(&args.cli, &argp, argc, argv, &args);
    bool any = args.figures, ok = true;
    for (int i = 0; i < MAX_CLAIMS; i++)
        any |= args.wanted[i];
    if (!any && !args.list)
        sn_cli_die(&args.cli, SN_EXIT_USAGE,
            "no claim named; the claims are %s", claim_names());
    if (args.list) {
        list(&args);
        free(args.domain);
        return SN_EXIT_OK;
    }
    refuse_domain(&args);
    sn_cli_catch_interrupt();
    struct sn_prover prover;
    if (sn_prover_init(&prover))
        sn_cli_die(&args.cli, SN_EXIT_UNUSABLE, "out of memory");
    take_design(&args, &prover);
    memcpy(prover.end, args.end, sizeof prover.end);
    prover.search.max_boxes = args.max_boxes;
    json_t *claims = json_array();
    FILE *out = args.cli.json ? NULL : sn_cli_open(&args.cli);
    struct draft draft = {.claims = 0};
    prover.keep_leaves = args.certificate != NULL;
    if (args.certificate)
        draft_start(&args, &draft);
    for (size_t i = 0; i < sn_claim_count && !sn_interrupted; i++) {
        if (!args.wanted[i])
            continue;
        struct sn_claim_result result;
        const char *domain[SN_COORDINATES][2];
        sn_claim_domain(domain, &sn_claims[i], &prover);
        prove(&args, &sn_claims[i], &prover, &result);
        ok = ok && result.verdict == SN_PROVED;
        if (args.certificate && result.verdict == SN_PROVED) {
            sn_certificate_claim(&draft.certificate, &sn_claims[i], &result);
            draft.claims++;
        }
        if (out)
            sn_prove_text(out, &sn_claims[i], (const char *const(*)[2])domain,
                &result, args.parts);
        else
            json_array_append_new(
                claims, sn_prove_json(&sn_claims[i], &result));
        sn_claim_result_clear(&result);
    }
    json_t *figures = args.cli.json && args.figures ? json_array() : NULL;
    if (args.figures && !sn_interrupted)
        ok = sn_prove_figures(out, figures, &prover, go_on) && ok;
    ok = ok && !sn_interrupted;
    if (out) {
        sn_prove_text_method(out, &prover.selu);
        sn_cli_close(&args.cli, out);
        json_decref(claims);
    } else {
        json_t *document = sn_cli_json(&args.cli);
        json_object_set_new(
            document, "method", sn_prove_json_method(&prover.selu));
        json_object_set_new(document, "claims", claims);
        if (figures)
            json_object_set_new(document, "figures", figures);
        sn_cli_emit(&args.cli, document, ok);
    }
    if (args.certificate)
        ok = draft_write(&args, &draft) && ok;
    sn_prover_clear(&prover);
    free(args.domain);
    mpfr_free_cache();
    return ok ? SN_EXIT_OK : SN_EXIT_FAILED;
}
