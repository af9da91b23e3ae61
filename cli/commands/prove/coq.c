/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --coq DIR: a file for every inequality that the formal proof builds on. */
#include "cli/commands/prove/prove.h"
#include "fixedpoint/proofs/certificate/coq.h"
#include <stdlib.h>

bool cmd_prove_coq(
    const struct cli_cli *cli, const char *folder, struct claim_prover *prover)
{
    cli_folder_make(cli, folder);
    const char *name;
    for (size_t i = 0; (name = cert_coq_name(i)) && !cli_interrupted; i++) {
        char *path;
        if (asprintf(&path, "%s/%s.v", folder, name) < 0)
            cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
        FILE *out = cli_file_open(cli, path);
        enum sn_status status = cert_coq_write(out, i, prover);
        if (status) {
            cli_complain(cli, "--coq '%.200s': %s: %s", folder, name,
                sn_strerror(status));
            fclose(out);
            cli_file_drop();
            free(path);
            return false;
        }
        cli_file_close(cli, out, path);
        free(path);
    }
    return !cli_interrupted;
}
