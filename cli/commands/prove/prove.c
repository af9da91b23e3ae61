/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selfnorm prove: claims about the map g by interval branch and bound. */
#include "cli/cli.h"
#include "fixedpoint/proofs/certificate/certificate.h"
#include "cli/commands/prove/prove.h"
#include <stdlib.h>
#include <string.h>

enum {
    MAX_CLAIMS = 32,
    MAX_DOMAINS = 64,
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
    struct cli_cli cli;
    bool list, parts, figures, wanted[MAX_CLAIMS];
    long max_boxes;
    const char *certificate;
    const char *design[4]; /* mean, variance, omega, tau; NULL: the paper's */
    const char *end[IV_COORDINATES][2]; /* NULL: the claim's own */
    char *domain[MAX_DOMAINS];          /* the texts that they point into */
    int domains;
};

static const char *claim_names(void)
{
    static char names[400];
    *names = '\0';
    for (size_t i = 0; i < claim_count; i++) {
        strncat(names, claim_table[i].name, sizeof names - strlen(names) - 1);
        strncat(names, ", ", sizeof names - strlen(names) - 1);
    }
    strncat(names, "all, figures", sizeof names - strlen(names) - 1);
    return names;
}

static void take_claim(struct arguments *args, const char *name)
{
    bool found = !strcmp(name, "figures");
    args->figures |= found;
    for (size_t i = 0; i < claim_count && i < MAX_CLAIMS; i++)
        if (!strcmp(name, "all") || !strcmp(name, claim_table[i].name))
            found = args->wanted[i] = true;
    if (!found)
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "unknown claim '%.40s'; the claims are %s", name, claim_names());
}

/* Every interval that is given for a coordinate holds: what they share. */
static void narrow_interval(
    struct arguments *args, int i, const char *lower, const char *upper)
{
    const char **end = args->end[i];
    if (end[0] && (iv_decimal_compare(lower, end[1]) > 0 ||
                      iv_decimal_compare(upper, end[0]) < 0))
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "--domain %s '%.40s:%.40s': no value is also in %.40s:%.40s, as "
            "another --domain demands",
            iv_coordinate[i], lower, upper, end[0], end[1]);
    if (!end[0] || iv_decimal_compare(lower, end[0]) > 0)
        end[0] = lower;
    if (!end[1] || iv_decimal_compare(upper, end[1]) < 0)
        end[1] = upper;
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
    while (i <= IV_TAU && strcmp(item, iv_coordinate[i]))
        i++;
    if (i > IV_TAU)
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "--domain '%.40s': must be mu, nu, omega or tau", item);
    if (!upper)
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "--domain %s '%.40s': must be LOWER:UPPER", item,
            lower ? lower : "");
    *upper++ = '\0';
    enum cli_sign sign =
        i == IV_NU || i == IV_TAU ? CLI_POSITIVE : CLI_ANY_SIGN;
    char option[32];
    snprintf(option, sizeof option, "--domain %s", item);
    cli_decimal(&args->cli, option, lower, sign);
    cli_decimal(&args->cli, option, upper, sign);
    struct iv_domain test;
    iv_domain_init(&test);
    if (iv_domain_set(&test, i, lower, upper))
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "--domain %s '%.40s:%.40s': the lower end is above the upper",
            item, lower, upper);
    iv_domain_clear(&test);
    narrow_interval(args, i, lower, upper);
}

static void take_domain(struct arguments *args, const char *word)
{
    if (args->domains == MAX_DOMAINS)
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "--domain '%.40s': one of more than %d", word, MAX_DOMAINS);
    char *rest = args->domain[args->domains++] = strdup(word);
    if (!rest)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (char *item; (item = strsep(&rest, ","));)
        take_interval(args, item);
}

static void free_domains(struct arguments *args)
{
    for (int i = 0; i < args->domains; i++)
        free(args->domain[i]);
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
        cli_file_expect(&args->cli, word);
        args->certificate = word;
        return 0;
    case KEY_MEAN:
    case KEY_OMEGA:
        args->design[key - KEY_MEAN] = cli_decimal(&args->cli,
            key == KEY_MEAN ? "--mean" : "--omega", word, CLI_ANY_SIGN);
        return 0;
    case KEY_VARIANCE:
    case KEY_TAU:
        args->design[key - KEY_MEAN] = cli_decimal(&args->cli,
            key == KEY_TAU ? "--tau" : "--variance", word, CLI_POSITIVE);
        return 0;
    case KEY_MAX_BOXES:
        args->max_boxes =
            cli_whole(&args->cli, "--max-boxes", word, 1, 1000000000);
        return 0;
    case ARGP_KEY_ARG:
        take_claim(args, word);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = (const struct argp_option
            []){{"list", KEY_LIST, NULL, 0,
                    "list the claims with their domains", 0},
        {"domain", KEY_DOMAIN, "KEY=LOWER:UPPER,...", 0,
            "other ends for mu, nu, omega or tau than the claim's own", 0},
        {"max-boxes", KEY_MAX_BOXES, "N", 0,
            "boxes to spend on the inequalities of a claim before they are "
            "left undecided (default 200000), in equal shares of 2000 at "
            "least; a quarter, 50000 at least, on the search for a chain",
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
        json_t *document = cli_json(&args->cli);
        json_object_set_new(document, "claims", cmd_prove_json_list());
        cli_emit(&args->cli, document, true);
        return;
    }
    FILE *out = cli_open(&args->cli);
    cmd_prove_text_list(out);
    cli_close(&args->cli, out);
}

static void refuse_domain(const struct arguments *args)
{
    const char *name = args->figures ? "figures" : NULL;
    for (size_t i = 0; i < claim_count; i++)
        if (args->wanted[i] && !claim_takes_domain(&claim_table[i]))
            name = claim_table[i].name;
    if (args->domains && name)
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "'%s': --domain does not go with it: it has a domain of its own",
            name);
}

static bool watch(void *context, long boxes)
{
    cli_progress_at(context, (double)boxes);
    return !cli_interrupted;
}

static bool go_on(void)
{
    return !cli_interrupted;
}

/* Proves one claim into `result`; the verdict counts, not the status. */
static void prove(struct arguments *args, const struct claim_claim *claim,
    struct claim_prover *prover, struct claim_result *result)
{
    struct cli_progress bar;
    prover->search.watch = watch;
    prover->search.context = &bar;
    cli_progress_start(&bar, &args->cli, claim->name, (double)args->max_boxes);
    enum sn_status status = claim_prove(result, claim, prover);
    cli_progress_end(&bar);
    prover->search.watch = NULL;
    if (status == SN_INTERRUPTED)
        cli_complain(&args->cli, "%s: interrupted", claim->name);
    else if (status == SN_NO_MEMORY)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "%s: %s", claim->name,
            sn_strerror(status));
    else if (status && claim->build)
        cli_complain(&args->cli,
            "%s: no chain of boxes was found for this domain", claim->name);
    else if (status)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "%s: %s", claim->name,
            sn_strerror(status));
}

/* The constants of the design, where one is named. */
static void take_design(struct arguments *args, struct claim_prover *prover)
{
    static const char *const usual[4] = {"0", "1", "0", "1"};
    bool any = false;
    for (int i = 0; i < 4; i++) {
        any |= args->design[i] != NULL;
        if (!args->design[i])
            args->design[i] = usual[i];
    }
    for (size_t i = 0; any && i < claim_count; i++)
        if (args->wanted[i] && strcmp(claim_table[i].name, "design"))
            cli_die(&args->cli, CLI_EXIT_USAGE,
                "'%s': --mean, --variance, --omega and --tau go with the "
                "claim design alone",
                claim_table[i].name);
    if (!any)
        return;
    enum sn_status status =
        iv_selu_design_mpfi(&prover->selu, (const char *const *)args->design);
    if (status)
        cli_die(&args->cli, CLI_EXIT_FAILED,
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
    struct cert_certificate certificate;
    char *text;
    size_t size, claims;
};

static void draft_start(struct arguments *args, struct draft *draft)
{
    FILE *out = open_memstream(&draft->text, &draft->size);
    if (!out)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "out of memory");
    cert_start(&draft->certificate, out, CLI_VERSION,
        (const char *const *)args->design);
}

/* False, and no file, where there is nothing to certify. */
static bool draft_write(struct arguments *args, struct draft *draft)
{
    cert_finish(&draft->certificate);
    bool bad = ferror(draft->certificate.out);
    if (fclose(draft->certificate.out) || bad)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "out of memory");
    if (draft->claims) {
        FILE *out = cli_file_open(&args->cli, args->certificate);
        fwrite(draft->text, 1, draft->size, out);
        cli_file_close(&args->cli, out, args->certificate);
    } else {
        cli_complain(&args->cli,
            "--certificate '%.200s': no claim is proved, so none is written",
            args->certificate);
    }
    free(draft->text);
    return draft->claims > 0;
}

int cmd_prove(int argc, char **argv)
{
    struct arguments args = {.cli = {.has = CLI_QUIET}, .max_boxes = 200000};
    cli_parse(&args.cli, &argp, argc, argv, &args);
    bool any = args.figures, ok = true;
    for (int i = 0; i < MAX_CLAIMS; i++)
        any |= args.wanted[i];
    if (!any && !args.list)
        cli_die(&args.cli, CLI_EXIT_USAGE, "no claim named; the claims are %s",
            claim_names());
    if (args.list) {
        list(&args);
        free_domains(&args);
        return CLI_EXIT_OK;
    }
    refuse_domain(&args);
    cli_catch_interrupt();
    struct claim_prover prover;
    if (claim_prover_init(&prover))
        cli_die(&args.cli, CLI_EXIT_UNUSABLE, "out of memory");
    take_design(&args, &prover);
    memcpy(prover.end, args.end, sizeof prover.end);
    prover.search.max_boxes = args.max_boxes;
    json_t *claims = json_array();
    FILE *out = args.cli.json ? NULL : cli_open(&args.cli);
    struct draft draft = {.claims = 0};
    prover.keep_leaves = args.certificate != NULL;
    if (args.certificate)
        draft_start(&args, &draft);
    for (size_t i = 0; i < claim_count && !cli_interrupted; i++) {
        if (!args.wanted[i])
            continue;
        struct claim_result result;
        const char *domain[IV_COORDINATES][2];
        claim_domain(domain, &claim_table[i], &prover);
        prove(&args, &claim_table[i], &prover, &result);
        ok = ok && result.verdict == CLAIM_PROVED;
        if (args.certificate && result.verdict == CLAIM_PROVED) {
            cert_claim(&draft.certificate, &claim_table[i], &result);
            draft.claims++;
        }
        if (out)
            cmd_prove_text(out, &claim_table[i],
                (const char *const(*)[2])domain, &result, args.parts);
        else
            json_array_append_new(
                claims, cmd_prove_json(&claim_table[i], &result));
        claim_result_clear(&result);
    }
    json_t *figures = args.cli.json && args.figures ? json_array() : NULL;
    if (args.figures && !cli_interrupted)
        ok = cmd_prove_figures(out, figures, &prover, go_on) && ok;
    ok = ok && !cli_interrupted;
    if (out) {
        cmd_prove_text_method(out, &prover.selu);
        cli_close(&args.cli, out);
        json_decref(claims);
    } else {
        json_t *document = cli_json(&args.cli);
        json_object_set_new(
            document, "method", cmd_prove_json_method(&prover.selu));
        json_object_set_new(document, "claims", claims);
        if (figures)
            json_object_set_new(document, "figures", figures);
        cli_emit(&args.cli, document, ok);
    }
    if (args.certificate)
        ok = draft_write(&args, &draft) && ok;
    claim_prover_clear(&prover);
    free_domains(&args);
    mpfr_free_cache();
    return ok ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}
