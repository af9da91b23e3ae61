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

/* Whether what --input or --call would do shows anything wrong. */
static bool shows(const struct cmd_check_job *job,
    const struct verdict_verdict *verdict, const char *option,
    const char *value)
{
    struct conf_reference reference;
    struct cmd_check_job trial = *job;
    json_t *rows = json_array(), *row;
    bool wrong = false;
    size_t i;
    if (verdict_reference(&reference, &job->ask, verdict) != VERDICT_FINE)
        return false;
    if (!strcmp(option, "input")) {
        trial.input = value;
        wrong = !cmd_check_inputs(&trial, verdict, &reference, rows);
    } else {
        trial.call = value;
        wrong = !cmd_check_call(&trial, verdict, &reference, rows);
    }
    json_array_foreach(rows, i, row)
    {
        const char *level = json_string_value(json_object_get(row, "level"));
        wrong = wrong || strcmp(level, words_level(CONF_FINE)) != 0;
    }
    json_decref(rows);
    conf_reference_clear(&reference);
    return wrong;
}

/* A line is run before it is shown; what hangs has been waited for. */
static bool add_line(json_t *lines, const char *common,
    const struct cmd_check_job *job, const struct verdict_verdict *verdict,
    const char *option, const char *value, bool hangs)
{
    char text[9800];
    if (!hangs && !shows(job, verdict, option, value))
        return false;
    snprintf(text, sizeof text, "%s --%s=%s", common, option, value);
    json_array_append_new(lines, cli_json_text(text));
    return true;
}

/* The question again, without what is asked of its inputs. */
static void add_command(char *text, size_t size,
    const struct cmd_check_job *job, const struct verdict_verdict *verdict)
{
    const struct verdict_question *ask = &job->ask;
    char word[4200], what[4400];
    if (verdict->function->curve) {
        quote(word, sizeof word, job->asked.choice.word);
        snprintf(what, sizeof what, "--%s %s --derivative %d",
            job->asked.choice.own ? "expression" : "activation", word,
            job->asked.derivative);
    } else {
        snprintf(what, sizeof what, "--function %s", verdict->function->name);
    }
    quote(word, sizeof word, verdict->subject.word);
    snprintf(text, size, "selfnorm check %s %s --dtype %s%s%s%s%s%s", word,
        what, ref_types[verdict->dtype].name, ask->lambda ? " --lambda " : "",
        ask->lambda ? ask->lambda : "", ask->alpha ? " --alpha " : "",
        ask->alpha ? ask->alpha : "", ask->flush ? " --ftz allow" : "");
    if (ask->max_ulp >= 0)
        words_add(text, size, " --max-ulp %.17g", ask->max_ulp);
    if (job->contract)
        words_add(text, size, " --contract %s", job->contract);
    if (job->memory > 0)
        words_add(text, size, " --memory %.17g", job->memory);
    if (ask->rate >= 0)
        words_add(text, size, " --rate %.17g", ask->rate);
    if (ask->channel > 1)
        words_add(text, size, " --channel %ld", ask->channel);
    if (ask->at_zero != CONF_LEFT)
        words_add(text, size, " --at-zero %s",
            ask->at_zero == CONF_RIGHT ? "right" : "either");
    if (ask->any_zero)
        words_add(text, size, " --negative-zero any");
    if (ask->strict)
        words_add(text, size, " --strict");
    if (ask->allow)
        words_add(text, size, " --allow %s", ask->allow);
}

/* The call or the input of a finding; false: it has none. */
static bool add_finding(json_t *lines, const char *common,
    const struct cmd_check_job *job, const struct verdict_verdict *verdict,
    const struct conf_finding *finding)
{
    const struct subject *subject = &verdict->subject;
    const bool hangs = finding->told[0].failure.outcome == SUBJECT_HUNG;
    char word[128];
    if (!finding->has_call && !finding->input.known)
        return false;
    if (finding->has_call)
        words_call(word, sizeof word, subject, &finding->call);
    else
        words_input(word, sizeof word, &finding->input);
    return add_line(lines, common, job, verdict,
        finding->has_call ? "call" : "input", word, hangs);
}

/* What was interrupted is no failure of the kernel. */
static bool has_lines(const struct verdict_verdict *verdict)
{
    return !verdict_is_unusable(verdict) &&
           (!verdict->passed || verdict->level >= CONF_WARNING) &&
           (!verdict->sweep.stopped || verdict_sweep_failed(verdict));
}

/* A command for each failure: its input where there is one. */
json_t *cmd_check_repro(
    const struct cmd_check_job *job, const struct verdict_verdict *verdict)
{
    json_t *lines = json_array();
    char common[9600], text[10000], x[40];
    if (!has_lines(verdict))
        return lines;
    add_command(common, sizeof common, job, verdict);
    const struct subject *subject = &verdict->subject;
    /* a file with a dy has no input that x alone names */
    const bool single =
        (subject_can(subject, SUBJECT_INPUTS) || !*subject->dy) &&
        !verdict->dropout_asked.rates;
    const bool failed = verdict_sweep_failed(verdict);
    bool whole = false;
    if (!verdict->accurate && !failed && single &&
        !verdict_fails_to_load(verdict))
        whole = !add_line(lines, common, job, verdict, "input",
            words_hex(verdict->sweep.score.worst_input, x), false);
    for (int i = 0; i < verdict->findings; i++) {
        const struct conf_finding *finding = &verdict->finding[i];
        if (finding->failures &&
            !(single && add_finding(lines, common, job, verdict, finding)))
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
