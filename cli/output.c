/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result files that appear whole or not at all, and JSON documents. */
#include "cli/cli.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The temporary file in use; removed at exit if it was never renamed. */
static char pending[PATH_MAX];

static void remove_pending(void)
{
    if (*pending)
        unlink(pending);
}

static bool is_plain_target(const char *path)
{
    struct stat info;
    return stat(path, &info) || S_ISREG(info.st_mode);
}

/* The later of two results in one file would be all that is left. */
static void refuse_same(const struct cli_cli *cli, const char *path)
{
    enum { MOST = 8 };
    static const char *expected[MOST];
    static int count;
    for (int i = 0; i < count; i++)
        if (!strcmp(expected[i], path))
            cli_die(cli, CLI_EXIT_USAGE,
                "'%.200s': is to hold two results; they need a file each",
                path);
    if (count < MOST)
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
        cli_die(cli, CLI_EXIT_UNUSABLE, "cannot write '%s': %s", path,
            strerror(errno));
    free(folder);
}

FILE *cli_file_open(const struct cli_cli *cli, const char *path)
{
    static bool registered;
    if (!registered)
        registered = !atexit(remove_pending);
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
        cli_die(cli, CLI_EXIT_UNUSABLE, "cannot write '%s': %s", path,
            strerror(errno));
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
        cli_die(cli, CLI_EXIT_UNUSABLE, "cannot write '%s': %s", path,
            strerror(why));
    *pending = '\0';
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

json_t *cli_json(const struct cli_cli *cli)
{
    return json_pack("{s:s, s:s, s:b, s:f}", "command", cli->command,
        "version", CLI_VERSION, "ok", 0, "seconds", 0.0);
}

json_t *cli_json_text(const char *word)
{
    json_t *text = json_string(word);
    if (text)
        return text;
    char *copy = strdup(word);
    if (!copy)
        return json_null();
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p > 127)
            *p = '?';
    text = json_string(copy);
    free(copy);
    return text ? text : json_null();
}

void cli_silence(void)
{
    if (!freopen("/dev/null", "w", stdout) ||
        !freopen("/dev/null", "w", stderr))
        exit(CLI_EXIT_UNUSABLE);
}

void cli_escape(FILE *out, const char *text)
{
    json_t *clean = cli_json_text(text);
    for (const char *c = json_string_value(clean); c && *c; c++)
        switch (*c) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc((unsigned char)*c < ' ' ? ' ' : *c, out);
        }
    json_decref(clean);
}

json_t *cli_json_seed(uint64_t seed)
{
    if (seed <= INT64_MAX)
        return json_integer((json_int_t)seed);
    return json_sprintf("%" PRIu64, seed);
}

static void first_cpu_model(char *model, size_t size)
{
    snprintf(model, size, "unknown");
    FILE *info = fopen("/proc/cpuinfo", "r");
    if (!info)
        return;
    char line[512];
    while (fgets(line, sizeof line, info))
        if (!strncmp(line, "model name", 10) && strchr(line, ':')) {
            snprintf(model, size, "%s", strchr(line, ':') + 2);
            model[strcspn(model, "\n")] = '\0';
            break;
        }
    fclose(info);
}

void cli_json_machine(json_t *document)
{
    char cpu[256];
    first_cpu_model(cpu, sizeof cpu);
    const char *isa = "portable";
#if defined __x86_64__
    isa = __builtin_cpu_supports("avx512f") ? "x86-64 with AVX-512"
          : __builtin_cpu_supports("avx2")  ? "x86-64 with AVX2"
                                            : "x86-64";
#elif defined __aarch64__
    isa = "aarch64";
#endif
#if defined __clang__
    const char *compiler = "clang " __clang_version__;
#else
    const char *compiler = "gcc " __VERSION__;
#endif
    json_object_set_new(document, "machine",
        json_pack("{s:s, s:s, s:s, s:i}", "cpu", cpu, "isa", isa, "compiler",
            compiler, "processors", (int)sysconf(_SC_NPROCESSORS_ONLN)));
}

void cli_emit(const struct cli_cli *cli, json_t *document, bool ok)
{
    json_object_set_new(document, "ok", json_boolean(ok));
    json_object_set_new(document, "seconds", json_real(cli_seconds(cli)));
    FILE *out = cli_open(cli);
    if (json_dumpf(document, out, JSON_INDENT(2) | JSON_REAL_PRECISION(17)))
        cli_die(cli, CLI_EXIT_UNUSABLE, "cannot write the result: %s",
            strerror(errno));
    fputc('\n', out);
    json_decref(document);
    cli_close(cli, out);
}

double cli_seconds(const struct cli_cli *cli)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - cli->started.tv_sec) +
           1e-9 * (double)(now.tv_nsec - cli->started.tv_nsec);
}
