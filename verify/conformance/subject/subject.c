/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's word, and what all kinds have in common. */
#include "verify/conformance/subject/kinds.h"
#include "verify/conformance/reference/reference.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool subject_can(const struct subject *subject, unsigned abilities)
{
    return (subject->kind->abilities & abilities) == abilities;
}

bool subject_may(const struct subject *subject,
    const struct subject_call *call, size_t size)
{
    const struct subject_contract *contract = &subject->contract;
    return (!contract->multiple || call->n % contract->multiple == 0) &&
           (!contract->aligned ||
               (call->x_at * size % contract->aligned == 0 &&
                   call->out_at * size % contract->aligned == 0));
}

double subject_timeout(const struct subject *subject)
{
    return subject->kind->timeout;
}

uint64_t subject_parts(const struct subject *subject)
{
    return subject->kind->parts;
}

bool subject_is_outside(const struct subject_failure *failure)
{
    return failure->trouble == SUBJECT_SIGNAL && failure->array >= 0;
}

/* A name that there is, for a processor that lacks it, is no bad word. */
enum subject_trouble subject_isa_trouble(void)
{
    static const char *const known[] = {"avx512", "avx2", "neon", "portable"};
    const char *word = getenv("SELFNORM_ISA");
    if (!sn_isa_error())
        return SUBJECT_NO_TROUBLE;
    for (size_t i = 0; word && i < sizeof known / sizeof *known; i++)
        if (!strcmp(word, known[i]))
            return SUBJECT_ISA_LACKING;
    return SUBJECT_ISA_UNKNOWN;
}

bool subject_find_file(char path[PATH_MAX], const char *name,
    enum subject_trouble what, struct subject_failure *failure)
{
    struct stat info;
    snprintf(failure->text, sizeof failure->text, "%s", name);
    failure->trouble = SUBJECT_NO_TROUBLE;
    /* absolute: dlopen() searches its own folders for a bare name */
    if (!realpath(name, path) || stat(path, &info)) {
        failure->trouble = SUBJECT_FILE_MISSING;
        failure->number = errno;
    } else if (!S_ISREG(info.st_mode)) {
        failure->trouble = what;
    }
    return failure->trouble == SUBJECT_NO_TROUBLE;
}

bool subject_parse(
    struct subject *subject, const char *word, struct subject_failure *failure)
{
    static const struct {
        const char *start;
        const struct subject_kind *kind;
    } row[] = {{"exec:", &subject_program}, {"npy:", &subject_files},
        {"fd:", &subject_served}, {"", &subject_library}};
    *failure = (struct subject_failure){.outcome = SUBJECT_UNUSABLE};
    *subject = (struct subject){.type = -1};
    if (strlen(word) >= sizeof subject->word) {
        failure->trouble = SUBJECT_WORD_LONG;
        return false;
    }
    snprintf(subject->word, sizeof subject->word, "%s", word);
    for (size_t i = 0; !subject->kind; i++)
        if (!strncmp(word, row[i].start, strlen(row[i].start)))
            subject->kind = row[i].kind;
    return subject->kind->parse(subject, failure);
}

/* ---- sessions ------------------------------------------------------------
 */

enum subject_outcome subject_fail(struct subject_session *session,
    enum subject_outcome outcome, enum subject_trouble trouble, int number)
{
    session->failure.outcome = outcome;
    session->failure.trouble = trouble;
    session->failure.number = number;
    return outcome;
}

const struct subject_failure *subject_failure(
    const struct subject_session *session)
{
    static const struct subject_failure no_memory = {
        .outcome = SUBJECT_UNUSABLE, .trouble = SUBJECT_NO_MEMORY};
    return session ? &session->failure : &no_memory;
}

struct subject_task subject_task_of(const struct conf_reference *reference,
    int type, double timeout, const volatile sig_atomic_t *stop)
{
    return (struct subject_task){.function = reference->function->name,
        .type = type,
        .gradient = reference->derivative,
        .dropout = reference->function->dropout,
        .lambda = reference->lambda,
        .alpha = reference->alpha,
        .timeout = timeout,
        .stop = stop};
}

bool subject_is_stopped(const struct subject_task *task)
{
    return task->stop && *task->stop;
}

enum subject_outcome subject_open(struct subject_session **result,
    const struct subject *subject, const struct subject_task *task)
{
    struct subject_session *session = *result =
        calloc(1, subject->kind->session);
    if (!session)
        return SUBJECT_UNUSABLE;
    session->subject = subject;
    session->task = *task;
    session->size = ref_types[task->type].size;
    session->failure.timeout = task->timeout;
    session->failure.pairs = task->gradient;
    session->failure.array = -1;
    enum subject_outcome outcome = subject->kind->open(session);
    const uint64_t one = conf_type_pattern(task->type, 1);
    for (size_t i = 0;
         task->gradient && session->array[SUBJECT_DY] && i < SUBJECT_BLOCK;
         i++)
        conf_type_set_bits(task->type, session->array[SUBJECT_DY], i, one);
    return outcome;
}

void subject_close(struct subject_session *session)
{
    if (!session)
        return;
    session->subject->kind->close(session);
    free(session);
}

size_t subject_changed(const struct subject_session *session)
{
    return session->changed;
}

void *subject_x(struct subject_session *session)
{
    return session->array[SUBJECT_X];
}

void *subject_dy(struct subject_session *session)
{
    return session->array[SUBJECT_DY];
}

void *subject_out(struct subject_session *session)
{
    return session->array[SUBJECT_OUT];
}

void subject_begin(
    struct subject_session *session, const struct subject_call *call)
{
    session->subject->kind->begin(session, call);
}

enum subject_outcome subject_end(struct subject_session *session)
{
    return session->subject->kind->end(session);
}

enum subject_outcome subject_run(
    struct subject_session *session, const struct subject_call *call)
{
    subject_begin(session, call);
    return subject_end(session);
}

enum subject_outcome subject_feed(
    struct subject_session *session, struct subject_feed *feed)
{
    return session->subject->kind->feed(session, feed);
}
