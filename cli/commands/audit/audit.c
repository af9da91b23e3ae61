/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/audit/audit.h"
#include "verify/shared/file.h"
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const size_t MAX_BYTES = (size_t)64 << 20;

static const struct cli_option audit_options[] = {
    {"alpha", "X", "judge X as alpha", CLI_TEXT,
        CLI_AT(struct cmd_audit_job, word[AUDIT_ALPHA])},
    {"lambda", "Y", "judge Y as lambda", CLI_TEXT,
        CLI_AT(struct cmd_audit_job, word[AUDIT_LAMBDA])},
    {"dtype", "TYPE",
        "judge for f64, f32, f16 or bf16 (default: what a literal's suffix "
        "or declaration says, f64 without one)",
        CLI_CHOICE, CLI_AT(struct cmd_audit_job, dtype),
        .choices = "f64, f32, f16 or bf16"},
    {.value = "[FILE...]",
        .help = "source files and folders of them; '-': standard input",
        .kind = CLI_WORDS,
        CLI_AT(struct cmd_audit_job, files)},
    {0},
};

static _Noreturn void no_memory(const struct cmd_audit_job *job)
{
    cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
}

static void judge(struct cmd_audit_job *job, struct cmd_audit_finding *finding)
{
    if (audit_judge(&finding->verdict, &finding->literal) != SN_OK)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "'%.40s%s': not within a factor of 16 of %s; "
            "'selfnorm map' takes any constants",
            finding->literal.text, cli_ellipsis(finding->literal.text),
            audit_constant_names[finding->literal.constant]);
    int type = finding->literal.type;
    finding->dtype = cli_given(&job->cli, "dtype") ? job->dtype
                     : type >= 0                   ? type
                                                   : AUDIT_F64;
    finding->right = finding->literal.fixed
                         ? !finding->verdict.fixed_ulps
                         : !finding->verdict.ulps[finding->dtype];
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

static void complain(
    struct cmd_audit_job *job, const char *file, const char *why)
{
    cli_complain(&job->cli, "'%s': %s", file, why);
    json_array_append_new(job->unreadable,
        json_pack("{s:o, s:s}", "file", cli_json_text(file), "why", why));
}

/* In a folder, what is no text is passed over. */
static void scan_file(struct cmd_audit_job *job, const char *file, bool inside)
{
    struct audit_literal *literals = NULL;
    size_t size, count = 0, excused = 0;
    char *text;
    enum sn_status status = shared_file_read(
        &text, &size, strcmp(file, "-") ? file : "/dev/stdin", MAX_BYTES);
    const char *why = status == SN_SYSTEM ? strerror(errno) : NULL;
    bool text_of_bytes = status == SN_OK;
    if (status == SN_BAD_VALUE)
        why = inside ? NULL : "is longer than 64 MiB";
    if (status == SN_OK)
        status = audit_scan(&literals, &count, &excused, file, text, size);
    if (text_of_bytes && status == SN_BAD_VALUE)
        why = inside ? NULL : "is binary, not text (has a byte 0)";
    free(text);
    if (status == SN_NO_MEMORY)
        no_memory(job);
    if (why)
        complain(job, file, why);
    job->scanned += status == SN_OK;
    job->excused += excused;
    take(job, file, literals, count);
    free(literals);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* A folder with all that lies in it, but for hidden names and links. */
static void scan_tree(struct cmd_audit_job *job, const char *path, bool inside)
{
    struct stat is;
    struct dirent **entry;
    if ((inside ? lstat : stat)(path, &is) || !S_ISDIR(is.st_mode)) {
        if (!inside || S_ISREG(is.st_mode))
            scan_file(job, path, inside);
        return;
    }
    const int n = scandir(path, &entry, is_shown, alphasort);
    if (n < 0) {
        complain(job, path, strerror(errno));
        return;
    }
    for (int i = 0; i < n; i++) {
        const size_t length = strlen(path) + strlen(entry[i]->d_name) + 2;
        char *name = malloc(length);
        void *more = realloc(job->name, (job->names + 1) * sizeof *job->name);
        if (!name || !more)
            no_memory(job);
        job->name = more;
        job->name[job->names++] = name;
        snprintf(name, length, "%s%s%s", path,
            path[strlen(path) - 1] == '/' ? "" : "/", entry[i]->d_name);
        free(entry[i]);
        scan_tree(job, name, true);
    }
    free(entry);
}

static void take_word(struct cmd_audit_job *job, enum audit_constant constant)
{
    const char *word = job->word[constant];
    struct audit_literal literal;
    struct audit_near near;
    if (!word)
        return;
    audit_near_init(&near);
    enum sn_status status =
        audit_literal_read(&literal, word, AUDIT_UNTYPED, &near);
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

static enum cli_exit run_audit(void *data)
{
    struct cmd_audit_job *job = data;
    job->unreadable = json_array();
    if (!job->unreadable)
        no_memory(job);
    if (!job->files.count && !job->word[AUDIT_LAMBDA] &&
        !job->word[AUDIT_ALPHA])
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "nothing to audit: give a FILE, '-' for standard input, or "
            "--alpha X and --lambda Y");
    take_word(job, AUDIT_ALPHA);
    take_word(job, AUDIT_LAMBDA);
    for (int i = 0; i < job->files.count; i++)
        scan_tree(job, job->files.word[i], false);
    find_partners(job);
    const enum cli_exit status = json_array_size(job->unreadable)
                                     ? CLI_EXIT_UNUSABLE
                                 : job->wrong ? CLI_EXIT_FAILED
                                              : CLI_EXIT_OK;
    cli_result(&job->cli, cmd_audit_tree(job), status, cmd_audit_text);
    for (size_t k = 0; k < job->count; k++)
        audit_literal_clear(&job->finding[k].literal);
    free(job->finding);
    for (size_t k = 0; k < job->names; k++)
        free(job->name[k]);
    free(job->name);
    flint_cleanup();
    return status;
}

const struct cli_command cmd_audit = {
    .name = "audit",
    .summary = "constants in source files: how far off, and what that does",
    .use = CLI_DERIVE,
    .about =
        "Finds lambda, alpha and lambda alpha of SELU, and their negatives, "
        "in source files of any language ('-': standard input) and says for "
        "each how far it is off from what its name says and in the type that "
        "it is declared, and where the fixed point (0, 1) moves if a network "
        "uses it; exit status 1 if one is not correctly rounded.  A line "
        "with 'selfnorm: ignore' is passed over and counted.",
    .examples = {"kernel.c layers.py src", "--alpha 1.67326 --lambda 1.0507"},
    .options = audit_options,
    .size = sizeof(struct cmd_audit_job),
    .run = run_audit,
};
