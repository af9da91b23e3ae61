/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What 'selfnorm audit' was asked and found; how it is shown. */
#ifndef SN_CLI_COMMANDS_AUDIT_AUDIT_H
#define SN_CLI_COMMANDS_AUDIT_AUDIT_H

#include "fixedpoint/audit/audit.h"
#include "cli/commands/shared/rigorous.h"

enum { CMD_AUDIT_PREC = 256 };

struct cmd_audit_finding {
    const char *file; /* NULL: an option's word */
    struct audit_literal literal;
    struct audit_verdict verdict;
    int dtype; /* judged for */
    bool right;
    const struct cmd_audit_finding
        *partner; /* the nearest of the file, or NULL */
};

struct cmd_audit_job {
    struct cli_cli cli;
    const char *word[2]; /* of --lambda and --alpha */
    struct cli_words files;
    int dtype;
    struct cmd_audit_finding *finding;
    size_t count, wrong, excused, scanned;
    json_t *unreadable;
    char **name; /* of files in folders */
    size_t names;
};

json_t *cmd_audit_tree(const struct cmd_audit_job *job);
extern const char cmd_audit_text[];

#endif
