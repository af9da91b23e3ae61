/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selfnorm verify-certificate: what prove wrote, by another library. */
#include "cli/cli.h"
#include "fixedpoint/checker/checker.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { KEY_PARTS = 1 };

struct arguments {
    struct cli_cli cli;
    const char *path;
    bool parts;
    FILE *out;
    json_t *claims, *inequalities;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct arguments *args = state->input;
    switch (key) {
    case KEY_PARTS:
        args->parts = true;
        return 0;
    case ARGP_KEY_ARG:
        if (args->path)
            cli_die(&args->cli, CLI_EXIT_USAGE,
                "'%.40s': one certificate at a time", word);
        args->path = word;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options =
        (const struct argp_option[]){
            {"parts", KEY_PARTS, NULL, 0,
                "print every inequality that was verified", 0},
            {0}},
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Verifies a certificate of 'selfnorm prove --certificate' with "
           "ball arithmetic (Arb), formulas and boxes of its own.  Exit "
           "status 1 where it is refused.",
};

static void take_part(void *context, const char *text)
{
    struct arguments *args = context;
    if (args->out && args->parts)
        fprintf(args->out, "  %s\n", text);
    if (args->inequalities)
        json_array_append_new(args->inequalities, json_string(text));
}

static void take_claim(void *context, const struct snc_claim *claim)
{
    struct arguments *args = context;
    if (args->out) {
        fprintf(args->out, "%s: verified, %ld inequalit%s on %ld boxes%s%s\n",
            claim->name, claim->parts, claim->parts == 1 ? "y" : "ies",
            claim->boxes, *claim->where ? claim->where : " (domains: --parts)",
            claim->is_list ? "; it claims no more than these (--parts)" : "");
        if (strcmp(claim->design, "0 1 0 1"))
            fprintf(args->out, "  design %s\n", claim->design);
        return;
    }
    json_array_append_new(args->claims,
        json_pack("{s:s, s:b, s:b, s:I, s:s, s:s, s:o}", "name", claim->name,
            "verified", 1, "inequalities_only", claim->is_list, "boxes",
            (json_int_t)claim->boxes, "domain",
            *claim->where ? claim->where + strlen(" for ") : "", "design",
            claim->design, "inequalities", args->inequalities));
    args->inequalities = json_array();
}

int cmd_verify_certificate(int argc, char **argv)
{
    struct arguments args = {0};
    cli_parse(&args.cli, &argp, argc, argv, &args);
    if (!args.path)
        cli_die(&args.cli, CLI_EXIT_USAGE, "no certificate named");
    FILE *in = fopen(args.path, "rb");
    struct stat file;
    if (in && !fstat(fileno(in), &file) && S_ISDIR(file.st_mode)) {
        fclose(in);
        in = NULL;
        errno = EISDIR;
    }
    if (!in)
        cli_die(&args.cli, CLI_EXIT_UNUSABLE, "%s: %s", args.path,
            strerror(errno));
    char error[200];
    args.out = args.cli.json ? NULL : cli_open(&args.cli);
    if (args.cli.json) {
        args.claims = json_array();
        args.inequalities = json_array();
    }
    bool ok = snc_check(in, error, take_part, take_claim, &args);
    fclose(in);
    if (args.out) {
        fprintf(args.out,
            ok ? "Arb %s on FLINT %s, %d bits; all verified.\n"
               : "Arb %s on FLINT %s, %d bits; REFUSED.\n",
            ARB_COMPAT_VERSION, FLINT_VERSION, SNC_PREC);
        cli_close(&args.cli, args.out);
    } else {
        json_t *document = cli_json(&args.cli);
        json_object_set_new(document, "file", cli_json_text(args.path));
        json_object_set_new(document, "claims", args.claims);
        if (!ok)
            json_object_set_new(document, "refused", cli_json_text(error));
        json_decref(args.inequalities);
        cli_emit(&args.cli, document, ok);
    }
    flint_cleanup();
    if (!ok)
        cli_complain(&args.cli, "%s: %s", args.path, error);
    return ok ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}
