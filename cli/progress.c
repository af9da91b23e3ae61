/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "verify/shared/machine.h"
#include <unistd.h>

volatile sig_atomic_t cli_interrupted;

static void on_interrupt(int signal)
{
    (void)signal;
    cli_interrupted = 1;
}

void cli_catch_interrupt(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void cli_progress_start(struct cli_progress *bar, const struct cli_cli *cli,
    const char *label, double total)
{
    *bar = (struct cli_progress){.label = label, .total = total};
    bar->started = bar->drawn = shared_seconds();
    bar->shown = !cli->quiet && isatty(STDERR_FILENO);
    bar->told = cli->quiet || bar->shown;
    bar->command = cli->command;
}

/* Where nobody sees a bar move: one line, once a step takes its time. */
static void tell_once(struct cli_progress *bar, double part, double spent)
{
    enum { LONG = 2 };
    if (bar->told || spent < LONG || part <= 0)
        return;
    bar->told = true;
    fprintf(stderr, "selfnorm %s: %s: %.0f %%, about %.0f s left\n",
        bar->command, bar->label, 100 * part, spent * (1 - part) / part);
}

void cli_progress_at(struct cli_progress *bar, double done)
{
    const double now = shared_seconds();
    if ((!bar->shown && bar->told) || now - bar->drawn < 0.1)
        return;
    bar->drawn = now;
    enum { WIDTH = 24 };
    double part = bar->total > 0 ? done / bar->total : 0;
    double spent = now - bar->started;
    tell_once(bar, part, spent);
    if (!bar->shown)
        return;
    int full = (int)(part * WIDTH);
    char cells[WIDTH + 1];
    for (int i = 0; i < WIDTH; i++)
        cells[i] = i < full ? '#' : '.';
    cells[WIDTH] = '\0';
    static const char scale[] = " kMG";
    double rate = spent > 0 ? done / spent : 0;
    int power = 0;
    for (; rate >= 1000 && scale[power + 1]; power++)
        rate /= 1000;
    fprintf(stderr, "\r%-22.22s [%s] %3.0f%%  %.3g %c/s  %.0f s left \033[K",
        bar->label, cells, 100 * part, rate, scale[power],
        part > 0 ? spent * (1 - part) / part : 0);
    fflush(stderr);
}

void cli_progress_end(struct cli_progress *bar)
{
    if (bar->shown)
        fputs("\r\033[K", stderr);
    bar->shown = false;
}
