/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result files that appear whole or not at all. */
#include "cli/cli.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The temporary file in use; removed at exit if it was never renamed. */
static char pending[PATH_MAX];

void cli_file_drop(void)
{
    if (*pending)
        unlink(pending);
    *pending = '\0';
}

/* Where the result cannot go, the failure is told on standard output. */
static bool output_failed;

bool cli_output_failed(void)
{
    return output_failed;
}

static _Noreturn void die_unwritable(
    const struct cli_cli *cli, const char *path, int why)
{
    output_failed |= path == cli->output;
    cli_die(
        cli, CLI_EXIT_UNUSABLE, "cannot write '%s': %s", path, strerror(why));
}

static bool is_plain_target(const char *path)
{
    struct stat info;
    return stat(path, &info) || S_ISREG(info.st_mode);
}

/* The later of two results in one file would be all that is left. */
static void refuse_same(const struct cli_cli *cli, const char *path)
{
    enum { OUTPUT_MOST = 8 };
    static const char *expected[OUTPUT_MOST];
    static int count;
    for (int i = 0; i < count; i++)
        if (!strcmp(expected[i], path))
            cli_die(cli, CLI_EXIT_USAGE,
                "'%.200s': is to hold two results; they need a file each",
                path);
    if (count < OUTPUT_MOST)
        expected[count++] = path;
}

void cli_file_expect(const struct cli_cli *cli, const char *path)
{
    if (is_plain_target(path))
        refuse_same(cli, path);
    char *folder = strdup(path), *slash = NULL;
    for (char *p = folder; p && *p; p++)
        if (*p == '/' && p[1 + strspn(p + 1, "/")])
            slash = p; /* a folder's own name may end in one */
    if (slash)
        slash[slash == folder] = '\0';
    if (is_plain_target(path) && folder &&
        access(slash ? folder : ".", W_OK | X_OK))
        die_unwritable(cli, path, errno);
    free(folder);
}

FILE *cli_file_open(const struct cli_cli *cli, const char *path)
{
    static bool registered;
    if (!registered)
        registered = !atexit(cli_file_drop);
    FILE *out = NULL;
    *pending = '\0';
    if (!is_plain_target(path)) {
        /* a device or a pipe cannot be replaced by renaming */
        out = fopen(path, "w");
    } else if (snprintf(pending, sizeof pending, "%s.XXXXXX", path) <
               (int)sizeof pending) {
        int fd = mkstemp(pending);
        if (fd < 0)
            *pending = '\0';
        else {
            mode_t mask = umask(0);
            umask(mask);
            fchmod(fd, 0666 & ~mask);
            out = fdopen(fd, "w");
        }
    } else {
        *pending = '\0';
        errno = ENAMETOOLONG;
    }
    if (!out)
        die_unwritable(cli, path, errno);
    return out;
}

void cli_file_close(const struct cli_cli *cli, FILE *out, const char *path)
{
    bool bad = fflush(out) || ferror(out);
    if (*pending)
        bad = bad || fsync(fileno(out));
    int why = errno;
    bad = fclose(out) || bad;
    if (!bad && *pending) {
        bad = rename(pending, path);
        why = errno;
    }
    if (bad)
        die_unwritable(cli, path, why);
    *pending = '\0';
}

void cli_folder_make(const struct cli_cli *cli, const char *path)
{
    struct stat info;
    if (mkdir(path, 0777) && errno != EEXIST)
        cli_die(cli, CLI_EXIT_UNUSABLE, "cannot make the folder '%.200s': %s",
            path, strerror(errno));
    if (stat(path, &info) || !S_ISDIR(info.st_mode))
        cli_die(cli, CLI_EXIT_UNUSABLE, "'%.200s' is not a folder", path);
    if (access(path, W_OK | X_OK))
        cli_die(cli, CLI_EXIT_UNUSABLE,
            "cannot write into the folder '%.200s': %s", path,
            strerror(errno));
}

FILE *cli_open(const struct cli_cli *cli)
{
    return cli->output ? cli_file_open(cli, cli->output) : stdout;
}

void cli_close(const struct cli_cli *cli, FILE *out)
{
    if (cli->output)
        cli_file_close(cli, out, cli->output);
    else if (fflush(out) || ferror(out))
        cli_die(cli, CLI_EXIT_UNUSABLE, "cannot write the result: %s",
            strerror(errno));
}
