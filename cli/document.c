/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON documents: one on every exit, of a result or of a failure. */
#include "cli/cli.h"
#include "verify/shared/machine.h"
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

json_t *cli_json(const struct cli_cli *cli)
{
    return json_pack("{s:i, s:s?, s:s, s:b, s:f}", "schema", CLI_SCHEMA,
        "command", cli->command, "version", CLI_VERSION, "ok", 0, "seconds",
        0.0);
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

json_t *cli_json_real(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
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

/* What was complained of so far, and whether a document is out. */
static json_t *complaints;
static bool expected, written;

void cli_expect_json(bool now)
{
    expected = now;
}

void cli_silence(void)
{
    written = true;
    if (!freopen("/dev/null", "w", stdout) ||
        !freopen("/dev/null", "w", stderr))
        exit(CLI_EXIT_UNUSABLE);
}

void cli_json_complaint(const char *line)
{
    if (!complaints)
        complaints = json_array();
    json_array_append_new(complaints, cli_json_text(line));
}

/* Without what only a template shows. */
static void drop_hidden(json_t *tree)
{
    const char *key;
    json_t *value;
    void *next;
    size_t i;
    json_object_foreach_safe(tree, next, key, value) if (*key == '.')
        json_object_del(tree, key);
    else drop_hidden(value);
    json_array_foreach(tree, i, value) drop_hidden(value);
}

/* False where it could not be written. */
static bool put_document(
    const struct cli_cli *cli, FILE *out, json_t *document)
{
    drop_hidden(document);
    json_object_set_new(document, "seconds", json_real(cli_seconds(cli)));
    if (complaints)
        json_object_set(document, "complaints", complaints);
    return !json_dumpf(
               document, out, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) &&
           fputc('\n', out) != EOF;
}

void cli_emit(const struct cli_cli *cli, json_t *document, bool ok)
{
    json_object_set_new(document, "ok", json_boolean(ok));
    FILE *out = cli_open(cli);
    if (!put_document(cli, out, document))
        cli_die(cli, CLI_EXIT_UNUSABLE, "cannot write the result: %s",
            strerror(errno));
    cli_close(cli, out);
    written = true;
    json_decref(document);
}

void cli_json_failure(const struct cli_cli *cli, json_t *tree,
    enum cli_exit status, const char *code, const char *message)
{
    if (written || !(cli->json || expected))
        return;
    written = true; /* one attempt */
    json_t *document = cli_json(cli);
    if (tree)
        json_object_update(document, tree);
    json_object_set_new(document, "error",
        json_pack("{s:s, s:i, s:o}", "code", code, "status", (int)status,
            "message", cli_json_text(message)));
    cli_file_drop();
    if (cli->output && !cli_output_failed()) {
        FILE *out = cli_open(cli);
        put_document(cli, out, document);
        cli_close(cli, out);
    } else if (put_document(cli, stdout, document)) {
        fflush(stdout);
    }
}

enum cli_exit cli_result(
    struct cli_cli *cli, json_t *tree, enum cli_exit status, const char *text)
{
    if (cli->json) {
        json_t *document = cli_json(cli);
        json_object_update(document, tree);
        cli_emit(cli, document, status == CLI_EXIT_OK);
    } else {
        FILE *out = cli_open(cli);
        cli_render(out, text, tree);
        cli_close(cli, out);
    }
    json_decref(tree);
    return status;
}

double cli_seconds(const struct cli_cli *cli)
{
    return shared_seconds() - cli->started;
}
