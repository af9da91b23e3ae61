/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selfnorm verify-certificate: what prove wrote, by another library. */
#include "cli/cli.h"
#include "fixedpoint/checker/checker.h"
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
    "boxes{#domain} for {.}{:} (domains: --parts){/}"
    "{#inequalities_only}; it claims no more than these (--parts){/}\n"
    "{#design=0 1 0 1}{:}  design {design}\n{/}{/}"
    "Arb {.arb} on FLINT {.flint}, {.bits} bits; "
    "{#refused}REFUSED{:}all verified{/}.\n";

static void take_part(void *context, const char *inequality)
{
    struct verify_job *job = context;
    json_array_append_new(job->inequalities, json_string(inequality));
}

static void take_claim(void *context, const struct snc_claim *claim)
{
    struct verify_job *job = context;
    json_t *row = json_pack("{s:s, s:b, s:b, s:I, s:s, s:s, s:o, s:I}", "name",
        claim->name, "verified", 1, "inequalities_only", claim->is_list,
        "boxes", (json_int_t)claim->boxes, "domain",
        *claim->where ? claim->where + strlen(" for ") : "", "design",
        claim->design, "inequalities", job->inequalities, ".count",
        (json_int_t)claim->parts);
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
    char error[200];
    if (!job->words.count)
        cli_die(&job->cli, CLI_EXIT_USAGE, "no certificate named");
    if (job->words.count > 1)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "'%.40s': one certificate at a time", job->words.word[1]);
    const char *path = job->words.word[0];
    FILE *in = open_certificate(job, path);
    job->claims = json_array();
    job->inequalities = json_array();
    const bool ok = snc_check(in, error, take_part, take_claim, job);
    fclose(in);
    json_decref(job->inequalities);
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
    .summary = "checks what prove wrote, with another library",
    .about =
        "Verifies a certificate of 'selfnorm prove --certificate' with ball "
        "arithmetic (Arb), formulas and boxes of its own.  Exit status 1 "
        "where it is refused.",
    .examples = {"theorems.cert", "--parts theorems.cert"},
    .options = verify_options,
    .size = sizeof(struct verify_job),
    .run = run_verify_certificate,
};
