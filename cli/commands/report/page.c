/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page: plots/report.html with each {{name}} replaced. */
#include "cli/commands/report/report.h"
#include "cli/commands/report/tables.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The whole of a file, with its size; exit 3 if it cannot be read. */
static char *slurp(
    const struct cmd_report_job *report, const char *path, size_t *size)
{
    char *text = NULL;
    FILE *in = fopen(path, "rb"), *out = open_memstream(&text, size);
    char piece[65536];
    size_t got;
    while (in && (got = fread(piece, 1, sizeof piece, in)))
        fwrite(piece, 1, got, out);
    if (!in || ferror(in))
        cli_die(&report->cli, CLI_EXIT_UNUSABLE, "cannot read '%s': %s", path,
            strerror(errno));
    fclose(in);
    fclose(out);
    return text;
}

static void put_base64(FILE *out, const char *data, size_t size)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
                                "opqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        unsigned word = 0;
        for (size_t k = 0; k < 3; k++)
            word =
                word << 8 | (i + k < size ? (unsigned char)data[i + k] : 0u);
        fputc(digit[word >> 18], out);
        fputc(digit[word >> 12 & 63], out);
        fputc(i + 1 < size ? digit[word >> 6 & 63] : '=', out);
        fputc(i + 2 < size ? digit[word & 63] : '=', out);
    }
}

/* {{picture NAME ALTERNATIVE TEXT}} */
static void picture(
    const struct cmd_report_job *report, FILE *out, const char *words)
{
    char name[64], file[80], path[PATH_MAX + 64];
    size_t size, length = strcspn(words, " ");
    snprintf(name, sizeof name, "%.*s", (int)length, words);
    snprintf(file, sizeof file, "%s.svg", name);
    cmd_report_path(report, file, path);
    char *data = slurp(report, path, &size);
    fprintf(out, "<img alt=\"%s\" src=\"data:image/svg+xml;base64,",
        words + length + (words[length] == ' '));
    put_base64(out, data, size);
    fputs("\">", out);
    free(data);
}

static void replace(
    const struct cmd_report_job *report, FILE *out, const char *word, bool *ok)
{
    static const struct {
        const char *name;
        bool (*write)(const struct cmd_report_job *, FILE *);
    } section[] = {
        {"about", cmd_report_about},
        {"constants", cmd_report_constants},
        {"proofs", cmd_report_proofs},
        {"networks", cmd_report_networks},
        {"training", cmd_report_training},
        {"kernels", cmd_report_kernels},
        {"commands", cmd_report_commands},
    };
    if (!strncmp(word, "picture ", 8)) {
        picture(report, out, word + 8);
        return;
    }
    for (size_t i = 0; i < sizeof section / sizeof *section; i++)
        if (!strcmp(word, section[i].name)) {
            *ok = section[i].write(report, out) && *ok;
            return;
        }
    cli_die(&report->cli, CLI_EXIT_UNUSABLE,
        "report.html: no such section '{{%s}}'", word);
}

bool cmd_report_page(const struct cmd_report_job *report)
{
    char path[PATH_MAX + 64], word[256];
    size_t size;
    bool ok = true;
    snprintf(path, sizeof path, "%s/report.html", report->scripts);
    char *frame = slurp(report, path, &size);
    cmd_report_path(report, "report.html", path);
    FILE *out = cli_file_open(&report->cli, path);
    for (const char *at = frame; *at;) {
        const char *open = strstr(at, "{{");
        const char *close = open ? strstr(open, "}}") : NULL;
        if (!close) {
            fputs(at, out);
            break;
        }
        fwrite(at, 1, (size_t)(open - at), out);
        snprintf(word, sizeof word, "%.*s", (int)(close - open - 2), open + 2);
        replace(report, out, word, &ok);
        at = close + 2;
    }
    cli_file_close(&report->cli, out, path);
    free(frame);
    return ok;
}
