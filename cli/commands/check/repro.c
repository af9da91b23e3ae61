/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each failure a command that runs it alone. */
#include "cli/commands/check/check.h"
#include <stdio.h>
#include <string.h>

/* 'a word' as a shell takes it. */
static void quote(char *text, size_t size, const char *word)
{
    size_t used = 0;
    text[used++] = '\'';
    for (; *word && used + 6 < size; word++)
        if (*word == '\'')
            used += (size_t)snprintf(text + used, size - used, "'\\''");
        else
            text[used++] = *word;
    text[used++] = '\'';
    text[used] = '\0';
}

static void add_line(
    json_t *lines, const char *common, const char *option, const char *value)
{
    char text[5400];
    snprintf(text, sizeof text, "%s --%s=%s", common, option, value);
    json_array_append_new(lines, cli_json_text(text));
}

/* A command for each failure: its input where there is one. */
json_t *cmd_check_repro(
    const struct cmd_check_job *job, const struct verdict_verdict *verdict)
{
    json_t *lines = json_array();
    char word[4200], common[5000], text[5400], x[40];
    if (verdict_is_unusable(verdict) || verdict->passed)
        return lines;
    quote(word, sizeof word, verdict->subject.word);
    snprintf(common, sizeof common,
        "selfnorm check %s --function %s --dtype %s%s%s%s%s%s", word,
        verdict->function->name, ref_types[verdict->dtype].name,
        job->ask.lambda ? " --lambda " : "",
        job->ask.lambda ? job->ask.lambda : "",
        job->ask.alpha ? " --alpha " : "",
        job->ask.alpha ? job->ask.alpha : "",
        job->ask.flush ? " --ftz allow" : "");
    if (job->ask.max_ulp >= 0)
        snprintf(common + strlen(common), sizeof common - strlen(common),
            " --max-ulp %.17g", job->ask.max_ulp);
    const struct subject *subject = &verdict->subject;
    const bool single =
        subject_can(subject, SUBJECT_INPUTS) && !verdict->dropout_asked.rates;
    const bool failed = verdict_sweep_failed(verdict);
    bool whole = false;
    /* what was interrupted is no failure of the kernel */
    if (verdict->sweep.stopped && !failed)
        return lines;
    if (!verdict->accurate && !failed && single &&
        !verdict_fails_to_load(verdict))
        add_line(lines, common, "input",
            words_hex(verdict->sweep.score.worst_input, x));
    for (int i = 0; i < verdict->findings; i++) {
        const struct conf_finding *finding = &verdict->finding[i];
        char word_of[128];
        if (finding->passed)
            continue;
        if (finding->has_call && single) {
            words_call(word_of, sizeof word_of, subject, &finding->call);
            add_line(lines, common, "call", word_of);
        } else if (finding->input.known && single) {
            words_input(word_of, sizeof word_of, &finding->input);
            add_line(lines, common, "input", word_of);
        } else {
            whole = true;
        }
    }
    if (whole || !json_array_size(lines)) {
        snprintf(text, sizeof text, "%s --seed %llu%s", common,
            (unsigned long long)job->cli.seed,
            verdict->sweep.exhaustive && verdict->dtype == SN_F32
                ? " --exhaustive"
                : "");
        json_array_append_new(lines, cli_json_text(text));
    }
    return lines;
}
