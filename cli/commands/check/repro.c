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

/* The question again, without what is asked of its inputs. */
static void add_command(char *text, size_t size,
    const struct cmd_check_job *job, const struct verdict_verdict *verdict)
{
    const struct verdict_question *ask = &job->ask;
    char word[4200], what[4400];
    if (verdict->function->curve) {
        quote(word, sizeof word, job->choice.word);
        snprintf(what, sizeof what, "--%s %s --derivative %d",
            job->choice.own ? "expression" : "activation", word,
            job->derivative);
    } else {
        snprintf(what, sizeof what, "--function %s", verdict->function->name);
    }
    quote(word, sizeof word, verdict->subject.word);
    snprintf(text, size, "selfnorm check %s %s --dtype %s%s%s%s%s%s", word,
        what, ref_types[verdict->dtype].name, ask->lambda ? " --lambda " : "",
        ask->lambda ? ask->lambda : "", ask->alpha ? " --alpha " : "",
        ask->alpha ? ask->alpha : "", ask->flush ? " --ftz allow" : "");
    const size_t used = strlen(text);
    if (ask->max_ulp >= 0)
        snprintf(text + used, size - used, " --max-ulp %.17g", ask->max_ulp);
}

/* The call or the input of a finding; false: it has none. */
static bool add_finding(json_t *lines, const char *common,
    const struct subject *subject, const struct conf_finding *finding)
{
    char word[128];
    if (!finding->has_call && !finding->input.known)
        return false;
    if (finding->has_call)
        words_call(word, sizeof word, subject, &finding->call);
    else
        words_input(word, sizeof word, &finding->input);
    add_line(lines, common, finding->has_call ? "call" : "input", word);
    return true;
}

/* A command for each failure: its input where there is one. */
json_t *cmd_check_repro(
    const struct cmd_check_job *job, const struct verdict_verdict *verdict)
{
    json_t *lines = json_array();
    char common[9600], text[10000], x[40];
    if (verdict_is_unusable(verdict) ||
        (verdict->passed && verdict->level < CONF_WARNING))
        return lines;
    add_command(common, sizeof common, job, verdict);
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
        if (finding->failures &&
            !(single && add_finding(lines, common, subject, finding)))
            whole = true;
    }
    if (whole || (!json_array_size(lines) && !verdict->passed)) {
        snprintf(text, sizeof text, "%s --seed %llu%s", common,
            (unsigned long long)job->cli.seed,
            verdict->sweep.exhaustive && verdict->dtype == SN_F32
                ? " --exhaustive"
                : "");
        json_array_append_new(lines, cli_json_text(text));
    }
    return lines;
}
