/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/audit/audit.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_DTYPE = SN_KEY_OWN };
static const size_t MAX_BYTES = (size_t)64 << 20;

static int read_dtype(const struct sn_cli *cli, const char *word)
{
    for (int i = 0; i < SN_FORMATS; i++)
        if (!strcmp(word, sn_formats[i].name))
            return i;
    sn_cli_die(cli, SN_EXIT_USAGE,
        "--dtype '%.40s%s': must be f64, f32, f16 or bf16", word,
        sn_cli_ellipsis(word));
}

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct sn_audit_job *job = state->input;
    switch (option) {
    case KEY_DTYPE:
        job->dtype = read_dtype(&job->cli, word);
        return 0;
    case SN_KEY_LAMBDA:
        job->word[SN_LAMBDA] = word;
        return 0;
    case SN_KEY_ALPHA:
        job->word[SN_ALPHA] = word;
        return 0;
    case ARGP_KEY_ARG:
        job->file[job->files++] = word;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = (const struct argp_option[]){{"alpha", SN_KEY_ALPHA, "X", 0,
                                                "judge X as alpha", 0},
        {"lambda", SN_KEY_LAMBDA, "Y", 0, "judge Y as lambda", 0},
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

static _Noreturn void no_memory(const struct sn_audit_job *job)
{
    sn_cli_die(&job->cli, SN_EXIT_UNUSABLE, "out of memory");
}

static void judge(struct sn_audit_job *job, struct sn_audit_finding *finding)
{
    if (sn_judge(&finding->verdict, &finding->literal) != SN_OK)
        sn_cli_die(&job->cli, SN_EXIT_USAGE,
            "'%.40s%s': not within half of %s, so no rounding of it; "
            "'selfnorm "
            "map' takes any constants",
            finding->literal.text, sn_cli_ellipsis(finding->literal.text),
            sn_constant_names[finding->literal.constant]);
    int type = finding->literal.type;
    finding->dtype = job->dtype >= 0 ? job->dtype : type >= 0 ? type : SN_F64;
    finding->right = !finding->verdict.ulps[finding->dtype];
    job->wrong += !finding->right;
}

static void take(struct sn_audit_job *job, const char *file,
    const struct sn_literal *literal, size_t count)
{
    size_t size = (job->count + count + 1) * sizeof *job->finding;
    struct sn_audit_finding *more = realloc(job->finding, size);
    if (!more)
        no_memory(job);
    job->finding = more;
    for (size_t i = 0; i < count; i++) {
        struct sn_audit_finding *finding = &job->finding[job->count++];
        *finding =
            (struct sn_audit_finding){.file = file, .literal = literal[i]};
        judge(job, finding);
    }
}

/* NULL, or why the file cannot be audited. */
static const char *scan_stream(
    struct sn_audit_job *job, const char *file, FILE *in)
{
    static char bytes[1 << 16];
    struct sn_scan *scan = sn_scan_new();
    if (!scan)
        no_memory(job);
    size_t total = 0, got, count;
    const char *why = NULL;
    while (!why && (got = fread(bytes, 1, sizeof bytes, in)) > 0) {
        total += got;
        enum sn_status status = sn_scan_feed(scan, bytes, got);
        if (status == SN_NO_MEMORY)
            no_memory(job);
        why = status != SN_OK     ? "is binary, not text (has a byte 0)"
              : total > MAX_BYTES ? "is longer than 64 MiB"
                                  : NULL;
    }
    if (!why && ferror(in))
        why = strerror(errno);
    if (!why) {
        struct sn_literal *literals;
        if (sn_scan_end(scan, &literals, &count) != SN_OK)
            no_memory(job);
        take(job, file, literals, count);
        free(literals);
    }
    sn_scan_free(scan);
    return why;
}

static void scan_file(struct sn_audit_job *job, const char *file)
{
    bool standard = !strcmp(file, "-");
    FILE *in = standard ? stdin : fopen(file, "r");
    const char *why = in ? scan_stream(job, file, in) : strerror(errno);
    if (in && !standard)
        fclose(in);
    if (!why)
        return;
    sn_cli_complain(&job->cli, "'%s': %s", file, why);
    json_array_append_new(job->unreadable,
        json_pack("{s:o, s:s}", "file", sn_cli_json_text(file), "why", why));
}

static void take_word(struct sn_audit_job *job, enum sn_constant constant)
{
    const char *word = job->word[constant];
    struct sn_literal literal;
    double near[SN_CONSTANTS];
    if (!word)
        return;
    sn_constants_near(near);
    enum sn_status status = sn_literal_read(&literal, word, near);
    if (status == SN_NO_MEMORY)
        no_memory(job);
    if (status != SN_OK || literal.constant != constant)
        sn_cli_die(&job->cli, SN_EXIT_USAGE,
            "--%s '%.40s%s': must be a decimal or hexadecimal literal near "
            "%s",
            sn_constant_names[constant], word, sn_cli_ellipsis(word),
            constant == SN_ALPHA ? "1.6733" : "1.0507");
    take(job, NULL, &literal, 1);
}

static bool same_file(
    const struct sn_audit_finding *a, const struct sn_audit_finding *b)
{
    return a->file == b->file;
}

/* For each lambda the nearest alpha of its file, and the other way round. */
static void find_partners(struct sn_audit_job *job)
{
    for (int way = 0; way < 2; way++) {
        const struct sn_audit_finding *last[2] = {NULL, NULL};
        for (size_t k = 0; k < job->count; k++) {
            struct sn_audit_finding *f =
                &job->finding[way ? job->count - 1 - k : k];
            enum sn_constant own = f->literal.constant;
            if (own == SN_ALPHA_PRIME)
                continue;
            const struct sn_audit_finding *other = last[own == SN_LAMBDA];
            if (other && same_file(f, other)) {
                size_t line = f->literal.line;
                bool nearer =
                    !f->partner || other->literal.line - line <
                                       line - f->partner->literal.line;
                if (nearer)
                    f->partner = other;
            }
            last[own == SN_ALPHA] = f;
        }
    }
}

int sn_cmd_audit(int argc, char **argv)
{
    struct sn_audit_job job = {
        .dtype = SN_UNTYPED, .unreadable = json_array()};
    job.file = calloc((size_t)argc + 1, sizeof *job.file);
    if (!job.file || !job.unreadable)
        no_memory(&job);
    sn_cli_parse(&job.cli, &argp, argc, argv, &job);
    if (!job.files && !job.word[SN_LAMBDA] && !job.word[SN_ALPHA])
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "nothing to audit: give a FILE, '-' for standard input, or "
            "--alpha X and --lambda Y");
    take_word(&job, SN_ALPHA);
    take_word(&job, SN_LAMBDA);
    for (int i = 0; i < job.files; i++)
        scan_file(&job, job.file[i]);
    find_partners(&job);
    sn_audit_show(&job);
    int status = json_array_size(job.unreadable) ? SN_EXIT_UNUSABLE
                 : job.wrong                     ? SN_EXIT_FAILED
                                                 : SN_EXIT_OK;
    for (size_t k = 0; k < job.count; k++)
        sn_literal_clear(&job.finding[k].literal);
    free(job.finding);
    free(job.file);
    json_decref(job.unreadable);
    flint_cleanup();
    return status;
}
