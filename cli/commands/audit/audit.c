/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/audit/audit.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_DTYPE = CMD_KEY_OWN };
static const size_t MAX_BYTES = (size_t)64 << 20;

static int read_dtype(const struct cli_cli *cli, const char *word)
{
    for (int i = 0; i < AUDIT_FORMATS; i++)
        if (!strcmp(word, num_formats[i].name))
            return i;
    cli_die(cli, CLI_EXIT_USAGE,
        "--dtype '%.40s%s': must be f64, f32, f16 or bf16", word,
        cli_ellipsis(word));
}

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct cmd_audit_job *job = state->input;
    switch (option) {
    case KEY_DTYPE:
        job->dtype = read_dtype(&job->cli, word);
        return 0;
    case CMD_KEY_LAMBDA:
        job->word[AUDIT_LAMBDA] = word;
        return 0;
    case CMD_KEY_ALPHA:
        job->word[AUDIT_ALPHA] = word;
        return 0;
    case ARGP_KEY_ARG:
        job->file[job->files++] = word;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = (const struct argp_option[]){{"alpha", CMD_KEY_ALPHA, "X", 0,
                                                "judge X as alpha", 0},
        {"lambda", CMD_KEY_LAMBDA, "Y", 0, "judge Y as lambda", 0},
        {"dtype", KEY_DTYPE, "TYPE", 0,
            "judge for f64, f32, f16 or bf16 (default: what a literal's "
            "suffix says, f64 without one)",
            0},
        {0}},
    .parser = parse,
    .args_doc = "[FILE...]",
    .doc = "Finds lambda, alpha and lambda alpha of SELU, and their "
           "negatives, in source files of any language ('-': standard input) "
           "and says for each how far it is off, and where the fixed point "
           "(0, 1) moves if a network uses it; exit status 1 if one is not "
           "correctly rounded.",
};

static _Noreturn void no_memory(const struct cmd_audit_job *job)
{
    cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
}

static void judge(struct cmd_audit_job *job, struct cmd_audit_finding *finding)
{
    if (audit_judge(&finding->verdict, &finding->literal) != SN_OK)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "'%.40s%s': not within half of %s, so no rounding of it; "
            "'selfnorm "
            "map' takes any constants",
            finding->literal.text, cli_ellipsis(finding->literal.text),
            audit_constant_names[finding->literal.constant]);
    int type = finding->literal.type;
    finding->dtype = job->dtype >= 0 ? job->dtype
                     : type >= 0     ? type
                                     : AUDIT_F64;
    finding->right = !finding->verdict.ulps[finding->dtype];
    job->wrong += !finding->right;
}

static void take(struct cmd_audit_job *job, const char *file,
    const struct audit_literal *literal, size_t count)
{
    size_t size = (job->count + count + 1) * sizeof *job->finding;
    struct cmd_audit_finding *more = realloc(job->finding, size);
    if (!more)
        no_memory(job);
    job->finding = more;
    for (size_t i = 0; i < count; i++) {
        struct cmd_audit_finding *finding = &job->finding[job->count++];
        *finding =
            (struct cmd_audit_finding){.file = file, .literal = literal[i]};
        judge(job, finding);
    }
}

/* NULL, or why the file cannot be audited. */
static const char *scan_stream(
    struct cmd_audit_job *job, const char *file, FILE *in)
{
    static char bytes[1 << 16];
    struct audit_scan *scan = audit_scan_new();
    if (!scan)
        no_memory(job);
    size_t total = 0, got, count;
    const char *why = NULL;
    while (!why && (got = fread(bytes, 1, sizeof bytes, in)) > 0) {
        total += got;
        enum sn_status status = audit_scan_feed(scan, bytes, got);
        if (status == SN_NO_MEMORY)
            no_memory(job);
        why = status != SN_OK     ? "is binary, not text (has a byte 0)"
              : total > MAX_BYTES ? "is longer than 64 MiB"
                                  : NULL;
    }
    if (!why && ferror(in))
        why = strerror(errno);
    if (!why) {
        struct audit_literal *literals;
        if (audit_scan_end(scan, &literals, &count) != SN_OK)
            no_memory(job);
        take(job, file, literals, count);
        free(literals);
    }
    audit_scan_free(scan);
    return why;
}

static void scan_file(struct cmd_audit_job *job, const char *file)
{
    bool standard = !strcmp(file, "-");
    FILE *in = standard ? stdin : fopen(file, "r");
    const char *why = in ? scan_stream(job, file, in) : strerror(errno);
    if (in && !standard)
        fclose(in);
    if (!why)
        return;
    cli_complain(&job->cli, "'%s': %s", file, why);
    json_array_append_new(job->unreadable,
        json_pack("{s:o, s:s}", "file", cli_json_text(file), "why", why));
}

static void take_word(struct cmd_audit_job *job, enum audit_constant constant)
{
    const char *word = job->word[constant];
    struct audit_literal literal;
    double near[AUDIT_CONSTANTS];
    if (!word)
        return;
    audit_constants_near(near);
    enum sn_status status = audit_literal_read(&literal, word, near);
    if (status == SN_NO_MEMORY)
        no_memory(job);
    if (status != SN_OK || literal.constant != constant)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--%s '%.40s%s': must be a decimal or hexadecimal literal near "
            "%s",
            audit_constant_names[constant], word, cli_ellipsis(word),
            constant == AUDIT_ALPHA ? "1.6733" : "1.0507");
    take(job, NULL, &literal, 1);
}

static bool same_file(
    const struct cmd_audit_finding *a, const struct cmd_audit_finding *b)
{
    return a->file == b->file;
}

/* For each lambda the nearest alpha of its file, and the other way round. */
static void find_partners(struct cmd_audit_job *job)
{
    for (int way = 0; way < 2; way++) {
        const struct cmd_audit_finding *last[2] = {NULL, NULL};
        for (size_t k = 0; k < job->count; k++) {
            struct cmd_audit_finding *f =
                &job->finding[way ? job->count - 1 - k : k];
            enum audit_constant own = f->literal.constant;
            if (own == AUDIT_ALPHA_PRIME)
                continue;
            const struct cmd_audit_finding *other = last[own == AUDIT_LAMBDA];
            if (other && same_file(f, other)) {
                size_t line = f->literal.line;
                bool nearer =
                    !f->partner || other->literal.line - line <
                                       line - f->partner->literal.line;
                if (nearer)
                    f->partner = other;
            }
            last[own == AUDIT_ALPHA] = f;
        }
    }
}

int cmd_audit(int argc, char **argv)
{
    struct cmd_audit_job job = {
        .dtype = AUDIT_UNTYPED, .unreadable = json_array()};
    job.file = calloc((size_t)argc + 1, sizeof *job.file);
    if (!job.file || !job.unreadable)
        no_memory(&job);
    cli_parse(&job.cli, &argp, argc, argv, &job);
    if (!job.files && !job.word[AUDIT_LAMBDA] && !job.word[AUDIT_ALPHA])
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "nothing to audit: give a FILE, '-' for standard input, or "
            "--alpha X and --lambda Y");
    take_word(&job, AUDIT_ALPHA);
    take_word(&job, AUDIT_LAMBDA);
    for (int i = 0; i < job.files; i++)
        scan_file(&job, job.file[i]);
    find_partners(&job);
    cmd_audit_show(&job);
    int status = json_array_size(job.unreadable) ? CLI_EXIT_UNUSABLE
                 : job.wrong                     ? CLI_EXIT_FAILED
                                                 : CLI_EXIT_OK;
    for (size_t k = 0; k < job.count; k++)
        audit_literal_clear(&job.finding[k].literal);
    free(job.finding);
    free(job.file);
    json_decref(job.unreadable);
    flint_cleanup();
    return status;
}
