/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selfnorm prove: claims about the map g by interval branch and bound. */
#include "cli/cli.h"
#include "fixedpoint/proofs/certificate/certificate.h"
#include "cli/commands/prove/prove.h"
#include "fixedpoint/proofs/figures/figures.h"
#include <stdlib.h>
#include <string.h>

enum { PROVE_MOST_CLAIMS = 32, PROVE_MOST_DOMAINS = 64 };

struct prove_job {
    struct cli_cli cli;
    struct cli_words words;
    bool list, parts, figures, wrong, wanted[PROVE_MOST_CLAIMS];
    long max_boxes;
    const char *certificate, *coq;
    const char *design[4]; /* mean, variance, omega, tau; NULL: the paper's */
    const char *end[IV_COORDINATES][2]; /* NULL: the claim's own */
    char *domain[PROVE_MOST_DOMAINS];   /* the texts that they point into */
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

/* By its own name, or by the paper's: Theorem1, lemma12. */
static bool is_named(const struct claim_claim *claim, const char *name)
{
    return cli_same_name(name, claim->name, strlen(claim->name)) ||
           cli_same_name(name, claim->source, strlen(claim->source));
}

static void take_claim(struct prove_job *args, const char *name)
{
    bool found = cli_same_name(name, "figures", strlen("figures"));
    const bool all = cli_same_name(name, "all", strlen("all"));
    args->figures |= found;
    for (size_t i = 0; i < claim_count && i < PROVE_MOST_CLAIMS; i++)
        if (all || is_named(&claim_table[i], name))
            found = args->wanted[i] = true;
    for (size_t i = 0; !found && i < claim_count; i++)
        if (cli_is_near(name, claim_table[i].name))
            cli_die(&args->cli, CLI_EXIT_USAGE,
                "unknown claim '%.40s'; did you mean %s? the claims are %s",
                name, claim_table[i].name, claim_names());
    if (!found)
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "unknown claim '%.40s'; the claims are %s", name, claim_names());
}

/* Every interval that is given for a coordinate holds: what they share. */
static void narrow_interval(
    struct prove_job *args, int i, const char *lower, const char *upper)
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
static void take_interval(struct prove_job *args, char *item)
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

static void read_domain(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    struct prove_job *args = (void *)cli;
    (void)option;
    (void)to;
    if (args->domains == PROVE_MOST_DOMAINS)
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "--domain '%.40s': one of more than %d", word, PROVE_MOST_DOMAINS);
    char *rest = args->domain[args->domains++] = strdup(word);
    if (!rest)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (char *item; (item = strsep(&rest, ","));)
        take_interval(args, item);
}

static void free_domains(struct prove_job *args)
{
    for (int i = 0; i < args->domains; i++)
        free(args->domain[i]);
}

static const char *offer_claim(int i)
{
    const int count = (int)claim_count;
    return i < count        ? claim_table[i].name
           : i == count     ? "all"
           : i == count + 1 ? "figures"
                            : NULL;
}

static const struct cli_option prove_options[] = {
    {.value = "CLAIM... | all | figures",
        .help = "what to prove; 'figures': what the paper and others print",
        .kind = CLI_WORDS,
        CLI_AT(struct prove_job, words),
        .offer = offer_claim},
    {"list", .help = "list the claims with their domains", .kind = CLI_FLAG,
        CLI_AT(struct prove_job, list)},
    {"domain", "KEY=LOWER:UPPER,...",
        "other ends for mu, nu, omega or tau than the claim's own", CLI_OWN,
        .read = read_domain},
    {"max-boxes", "N",
        "boxes to spend on the inequalities of a claim before they are left "
        "undecided, in equal shares of 2000 at least; a quarter, 50000 at "
        "least, on the search for a chain",
        CLI_WHOLE, CLI_AT(struct prove_job, max_boxes), .least = 1,
        .most = 1000000000, .preset = "200000"},
    {"parts", .help = "print every inequality, of long chains too",
        .kind = CLI_FLAG, CLI_AT(struct prove_job, parts)},
    {"wrong", .help = "of figures, list the wrong ones alone",
        .kind = CLI_FLAG, CLI_AT(struct prove_job, wrong)},
    {"certificate", "FILE", "write what was proved, for verify-certificate",
        CLI_FILE, CLI_AT(struct prove_job, certificate)},
    {"coq", "DIR",
        "of theorem1, write its inequalities as files of Coq, for make formal",
        CLI_FOLDER, CLI_AT(struct prove_job, coq)},
    {.help = "The design, of the claim design alone:"},
    {"mean", "X", "mean of the fixed point (default 0)", CLI_DECIMAL,
        CLI_AT(struct prove_job, design[0])},
    {"variance", "X", "variance of the fixed point (default 1)", CLI_DECIMAL,
        CLI_AT(struct prove_job, design[1]), .sign = CLI_POSITIVE},
    {"omega", "X", "where it is the fixed point (default 0)", CLI_DECIMAL,
        CLI_AT(struct prove_job, design[2])},
    {"tau", "X", "likewise (default 1)", CLI_DECIMAL,
        CLI_AT(struct prove_job, design[3]), .sign = CLI_POSITIVE},
    {0},
};

static void refuse_domain(const struct prove_job *args)
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

/* The formal proof is of one statement. */
static void refuse_coq(const struct prove_job *args)
{
    bool any = false;
    for (size_t i = 0; i < claim_count; i++)
        any |= args->wanted[i] && !strcmp(claim_table[i].name, "theorem1");
    if (args->coq && (!any || args->domains))
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "--coq '%.40s': goes with the claim theorem1, on its own domain",
            args->coq);
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
static void prove(struct prove_job *args, const struct claim_claim *claim,
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
static void take_design(struct prove_job *args, struct claim_prover *prover)
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
            "%s with the fixed point (%.40s, %.40s) at omega %.40s, tau "
            "%.40s: %s",
            status == SN_NO_SOLUTION ? "no constants" : "constants",
            args->design[0], args->design[1], args->design[2], args->design[3],
            sn_strerror(status));
}

/* The certificate while claims are proved; a file once there is one. */
struct prove_draft {
    struct cert_certificate certificate;
    char *text;
    size_t size, claims;
};

static void draft_start(struct prove_job *args, struct prove_draft *draft)
{
    FILE *out = open_memstream(&draft->text, &draft->size);
    if (!out)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "out of memory");
    cert_start(&draft->certificate, out, CLI_VERSION);
}

/* False, and no file, where there is nothing to certify. */
static bool draft_write(struct prove_job *args, struct prove_draft *draft)
{
    cert_finish(&draft->certificate);
    bool bad = ferror(draft->certificate.out);
    if (fclose(draft->certificate.out) || bad)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "out of memory");
    if (draft->certificate.too_large) {
        cli_complain(&args->cli,
            "--certificate '%.200s': it would be longer than %d bytes, or "
            "have more than %d cuts within each other, so none is written",
            args->certificate, CERT_MOST_BYTES, CERT_DEEPEST);
        draft->claims = 0;
    } else if (draft->claims) {
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

/* All claims that are wanted; true where each is proved. */
static bool prove_claims(struct prove_job *args, struct claim_prover *prover,
    struct prove_draft *draft, json_t *claims)
{
    bool ok = true;
    for (size_t i = 0; i < claim_count && !cli_interrupted; i++) {
        if (!args->wanted[i])
            continue;
        struct claim_result result;
        prove(args, &claim_table[i], prover, &result);
        ok = ok && result.verdict == CLAIM_PROVED;
        if (args->certificate && result.verdict == CLAIM_PROVED) {
            cert_claim(&draft->certificate, &claim_table[i], &result,
                (const char *const *)args->design);
            draft->claims++;
        }
        json_array_append_new(
            claims, cmd_prove_claim(&claim_table[i], &result, args->parts));
        claim_result_clear(&result);
    }
    return ok;
}

static void take_claims(struct prove_job *args)
{
    for (int i = 0; i < args->words.count; i++)
        take_claim(args, args->words.word[i]);
    if (!args->words.count && !args->list)
        cli_die(&args->cli, CLI_EXIT_USAGE,
            "no claim named; the claims are %s", claim_names());
}

/* A row of claims or figures that cannot be read ends all of it. */
static void check_tables(const struct prove_job *args)
{
    static const char *const words[] = {[CLAIM_UNKNOWN_DOMAIN] = "domain",
        [CLAIM_UNREADABLE_LIMIT] = "limit",
        [CLAIM_UNREADABLE_FORMULA] = "formula"};
    const char *row = "";
    enum claim_mistake mistake = claim_check(&row, claim_table, claim_count);
    if (!mistake && args->figures)
        mistake = figure_check(&row);
    if (mistake == CLAIM_NO_MEMORY)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "out of memory");
    if (mistake)
        cli_die(&args->cli, CLI_EXIT_UNUSABLE,
            "the row '%s' of the tables: its %s cannot be read", row,
            words[mistake]);
}

static enum cli_exit run_prove(void *data)
{
    struct prove_job *args = data;
    take_claims(args);
    check_tables(args);
    if (args->list) {
        free_domains(args);
        return cli_result(
            &args->cli, cmd_prove_list(), CLI_EXIT_OK, cmd_prove_list_text);
    }
    refuse_domain(args);
    refuse_coq(args);
    cli_catch_interrupt();
    struct claim_prover prover;
    if (claim_prover_init(&prover))
        cli_die(&args->cli, CLI_EXIT_UNUSABLE, "out of memory");
    take_design(args, &prover);
    memcpy(prover.end, args->end, sizeof prover.end);
    prover.search.max_boxes = args->max_boxes;
    prover.keep_tree = args->certificate != NULL;
    struct prove_draft draft = {.claims = 0};
    if (args->certificate)
        draft_start(args, &draft);
    json_t *claims = json_array();
    bool ok = prove_claims(args, &prover, &draft, claims);
    json_t *tree = json_pack("{s:o, s:o}", "method",
        cmd_prove_method(&prover.selu), "claims", claims);
    if (args->figures && !cli_interrupted) {
        bool decided;
        json_object_update_new(
            tree, cmd_prove_figures(&decided, &prover, args->wrong, go_on));
        ok = ok && decided;
    }
    ok = ok && !cli_interrupted;
    if (args->certificate)
        ok = draft_write(args, &draft) && ok;
    if (args->coq)
        ok = cmd_prove_coq(&args->cli, args->coq, &prover) && ok;
    claim_prover_clear(&prover);
    free_domains(args);
    mpfr_free_cache();
    return cli_result(
        &args->cli, tree, ok ? CLI_EXIT_OK : CLI_EXIT_FAILED, cmd_prove_text);
}

const struct cli_command cmd_prove = {
    .name = "prove",
    .summary = "proves the paper's theorems, or refutes a claim",
    .use = CLI_VALIDATE,
    .about =
        "Proves claims about the map g by interval branch and bound, or "
        "refutes them by a counterexample.  'figures' judges what the paper "
        "and others print.  Exit status 1 unless all are proved, or of "
        "figures decided.",
    .examples = {"all --certificate theorems.cert",
        "jacobian --domain nu=0.5:1.5"},
    .options = prove_options,
    .size = sizeof(struct prove_job),
    .run = run_prove,
    .has = CLI_QUIET,
};
