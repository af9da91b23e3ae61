/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selfnorm verify-certificate: what prove wrote, by another library. */
#include "cli/cli.h"
#include "fixedpoint/checker/checker.h"
#include "fixedpoint/numbers/arb_compat.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct verify_job {
    struct cli_cli cli;
    struct cli_words words;
    bool parts;
    json_t *claims, *inequalities;
};

static const struct cli_option verify_options[] = {
    {"parts", .help = "print every inequality that was verified",
        .kind = CLI_FLAG, CLI_AT(struct verify_job, parts)},
    {.value = "FILE",
        .help = "what 'selfnorm prove --certificate' wrote",
        .kind = CLI_WORDS,
        CLI_AT(struct verify_job, words)},
    {0},
};

static const char verify_text[] =
    "{#claims}{#.lines}  {.}\n{/}"
    "{name}: verified, {.count} inequalit{#.count=1}y{:}ies{/} on {boxes} "
    "boxes{#inequalities_only}; it claims no more than these (--parts){/}\n"
    "  {statement:wrap}\n"
    "{#domain}  Domain: {.}.\n{/}"
    "{#finding}  {.:wrap}\n{/}"
    "{#design=0 1 0 1}{:}  Constants of design {design} (mean, variance, "
    "omega, tau).\n{/}"
    "{#all_of_its_domain}{:}  This is not all of the domain that the claim is "
    "known for\n  (prove --list).\n{/}"
    "  {.not:wrap}\n{/}"
    "Arb {.arb} on FLINT {.flint}, {.bits} bits; "
    "{#refused}REFUSED{:}all verified{/}.\n";

/* What was wrong, after the word or the line. */
static const char *const reason[SNC_REASONS] = {
    [SNC_NO_CERTIFICATE] = "this is no certificate of selfnorm",
    [SNC_OTHER_VERSION] = "must be version 2 of the format: prove again",
    [SNC_CUT_OFF] = "the file ends here: it is cut off",
    [SNC_LONG_LINE] = "the line is too long",
    [SNC_NO_TEXT] = "a byte that is no text",
    [SNC_LARGE_FILE] = "the file is too large",
    [SNC_OTHER_LINE] = "must be",
    [SNC_NO_DECIMAL] = "must be a decimal",
    [SNC_REVERSED] = "its ends are reversed",
    [SNC_NOT_POSITIVE] = "must be above 0",
    [SNC_NO_CLAIM] = "no claim of that name is known",
    [SNC_OTHER_PART] = "not the part that comes next in this claim",
    [SNC_OTHER_DOMAIN] = "not the domain that the claim has here",
    [SNC_OTHER_LIMIT] = "not the limit that the claim has here",
    [SNC_NO_CONSTANTS] = "constants with that fixed point could not be found",
    [SNC_BOUND_BREAKS] = "the bound does not keep the limit",
    [SNC_DEEP_TREE] = "too many cuts within each other",
    [SNC_NO_AXIS] = "no axis of this inequality",
    [SNC_NOT_CONFIRMED] = "the bound is not confirmed on this box",
    [SNC_OUTSIDE] = "the witness is not in the domain",
    [SNC_OTHER_VALUE] = "the witness does not have this value",
    [SNC_KEEPS] = "the witness does not break the limit",
    [SNC_PIECES_APART] = "the pieces of the start do not join",
    [SNC_STRAY_STEP] = "the step does not start where the one before leads",
    [SNC_OTHER_LAYERS] = "omega or tau are not those of the start",
    [SNC_NOT_KEPT] = "no proof that this rectangle is kept",
    [SNC_NOT_OUTSIDE] = "no proof that the orbit ends outside Omega",
    [SNC_OTHER_SUM] = "the sum differs: the file was changed",
    [SNC_AFTER_END] = "something follows the end",
    [SNC_NO_CLAIMS] = "it has no claims",
    [SNC_NO_MEMORY] = "out of memory",
};

static void explain(char *text, size_t size, const struct snc_refusal *refusal)
{
    bool is_line = refusal->reason == SNC_OTHER_LINE;
    snprintf(text, size, "line %ld: %s%s%s%s%s%s", refusal->line,
        *refusal->word ? "'" : "", refusal->word, *refusal->word ? "': " : "",
        reason[refusal->reason], is_line ? " " : "",
        !is_line          ? ""
        : refusal->wanted ? refusal->wanted
                          : "as docs/reference/certificates.md says");
}

static void take_part(void *context, const char *inequality)
{
    struct verify_job *job = context;
    json_array_append_new(job->inequalities, json_string(inequality));
}

static void take_claim(void *context, const struct snc_claim *claim)
{
    struct verify_job *job = context;
    json_t *row = json_pack(
        "{s:s, s:b, s:s, s:s, s:s, s:s, s:b, s:s, s:b, s:I, s:o, s:I, s:s++}",
        "name", claim->name, "verified", 1, "statement", claim->statement,
        "not_claimed", claim->not_claimed, "domain", claim->domain, "finding",
        claim->finding, "all_of_its_domain", claim->extent != SNC_NOT_ALL,
        "design", claim->design ? claim->design : "0 1 0 1",
        "inequalities_only", claim->is_list, "boxes", (json_int_t)claim->boxes,
        "inequalities", job->inequalities, ".count",
        (json_int_t)claim->inequalities, ".not",
        "Not claimed: ", claim->not_claimed, ".");
    if (job->parts)
        json_object_set(row, ".lines", job->inequalities);
    json_array_append_new(job->claims, row);
    job->inequalities = json_array();
}

static FILE *open_certificate(const struct verify_job *job, const char *path)
{
    FILE *in = fopen(path, "rb");
    struct stat file;
    if (in && !fstat(fileno(in), &file) && S_ISDIR(file.st_mode)) {
        fclose(in);
        in = NULL;
        errno = EISDIR;
    }
    if (!in)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "%s: %s", path, strerror(errno));
    return in;
}

static enum cli_exit run_verify_certificate(void *data)
{
    struct verify_job *job = data;
    struct snc_refusal refusal;
    char error[200] = "";
    if (!job->words.count)
        cli_die(&job->cli, CLI_EXIT_USAGE, "no certificate named");
    if (job->words.count > 1)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "'%.40s': one certificate at a time", job->words.word[1]);
    const char *path = job->words.word[0];
    FILE *in = open_certificate(job, path);
    job->claims = json_array();
    job->inequalities = json_array();
    const bool ok = snc_check(
        &refusal, in, &(struct snc_listener){take_part, take_claim, job});
    fclose(in);
    json_decref(job->inequalities);
    if (!ok)
        explain(error, sizeof error, &refusal);
    if (!ok)
        cli_complain(&job->cli, "%s: %s", path, error);
    cli_result(&job->cli,
        json_pack("{s:o, s:o, s:o*, s:s, s:s, s:i}", "file",
            cli_json_text(path), "claims", job->claims, "refused",
            ok ? NULL : cli_json_text(error), ".arb", ARB_COMPAT_VERSION,
            ".flint", FLINT_VERSION, ".bits", SNC_PREC),
        ok ? CLI_EXIT_OK : CLI_EXIT_FAILED, verify_text);
    flint_cleanup();
    return ok ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

const struct cli_command cmd_verify_certificate = {
    .name = "verify-certificate",
    .summary = "checks a certificate of prove again, with another library",
    .use = CLI_VALIDATE,
    .about =
        "Verifies a certificate of 'selfnorm prove --certificate' with ball "
        "arithmetic (Arb), formulas and claims of its own.  Exit status 1 "
        "where it is refused.",
    .examples = {"theorems.cert", "--parts theorems.cert"},
    .options = verify_options,
    .size = sizeof(struct verify_job),
    .run = run_verify_certificate,
};
