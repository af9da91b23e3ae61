/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/bench/bench.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static double number(const json_t *row, const char *key)
{
    return json_number_value(json_object_get(row, key));
}

static const char *text(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

/* What gnuplot reads: kernel, n, threads, ns, ULP, tab-separated. */
static bool write_table(const char *path, const json_t *rows)
{
    size_t i;
    json_t *row;
    FILE *table = fopen(path, "w");
    if (!table)
        return false;
    const json_t *first = NULL;
    json_array_foreach(rows, i, row)
    {
        if (!json_object_get(row, "max_ulp"))
            continue;
        if (!first)
            first = row;
        if (number(row, "n") != number(first, "n") ||
            number(row, "threads") != number(first, "threads"))
            continue;
        const char *word = text(row, "kernel"), *slash = strrchr(word, '/');
        fprintf(table, "%s\t%.0f\t%.0f\t%.6g\t%.6g\n",
            slash ? slash + 1 : word, number(row, "n"), number(row, "threads"),
            number(row, "ns_per_element"), number(row, "max_ulp"));
    }
    return !fclose(table) && first;
}

/* Beside this program when built, below its prefix when installed. */
static bool find_script(char *path, size_t size)
{
    static const char *const places[] = {"plots", "../share/selfnorm/plots"};
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return false;
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    for (int i = 0; i < 2; i++) {
        snprintf(path, size, "%s/%s/bench.gp", self, places[i]);
        if (!access(path, R_OK))
            return true;
    }
    return false;
}

void cmd_bench_plot(const struct cmd_bench_job *bench)
{
    const struct cli_cli *cli = &bench->cli;
    char script[PATH_MAX + 64], table[PATH_MAX + 16], draft[PATH_MAX + 16];
    if (!find_script(script, sizeof script))
        cli_die(cli, CLI_EXIT_UNUSABLE, "no plots/bench.gp: %s", script);
    snprintf(table, sizeof table, "%s.tsv.new", bench->plot);
    snprintf(draft, sizeof draft, "%s.new", bench->plot);
    if (!write_table(table, bench->rows)) {
        unlink(table);
        cli_die(cli, CLI_EXIT_FAILED,
            "--plot: nothing to draw: no kernel has both speed and error");
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        execlp("gnuplot", "gnuplot", "-c", script, table, draft, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    if (child > 0)
        waitpid(child, &status, 0);
    unlink(table);
    if (status || rename(draft, bench->plot)) {
        unlink(draft);
        cli_die(cli, CLI_EXIT_UNUSABLE,
            "--plot '%s': gnuplot could not draw it; is it installed?",
            bench->plot);
    }
}
