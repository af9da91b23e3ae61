/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each kind of subject implements; internal to subject/. */
#ifndef SN_VERIFY_CONFORMANCE_SUBJECT_KINDS_H
#define SN_VERIFY_CONFORMANCE_SUBJECT_KINDS_H

#include "verify/conformance/subject/subject.h"

struct subject_session {
    const struct subject *subject;
    struct subject_task task;
    size_t size; /* of an element */
    struct subject_failure failure;
    char *array[SUBJECT_ARRAYS]; /* as parent and caller see them */
    size_t changed;              /* subject_changed() */
};

struct subject_kind {
    unsigned abilities;
    uint64_t parts;
    double timeout;
    size_t session; /* bytes; a struct subject_session comes first */
    /* the word is of this kind; parse: false: why */
    bool (*parse)(struct subject *subject, struct subject_failure *failure);
    /* each sets session->failure where it does not return SUBJECT_RAN */
    enum subject_outcome (*open)(struct subject_session *session);
    void (*close)(struct subject_session *session);
    enum subject_outcome (*feed)(
        struct subject_session *session, struct subject_feed *feed);
    void (*begin)(
        struct subject_session *session, const struct subject_call *call);
    enum subject_outcome (*end)(struct subject_session *session);
};
extern const struct subject_kind subject_library, subject_program,
    subject_served, subject_files;

/* Notes why and returns the outcome. */
enum subject_outcome subject_fail(struct subject_session *session,
    enum subject_outcome outcome, enum subject_trouble trouble, int number);

/* A file that exists, by its absolute path; otherwise it is `what`. */
bool subject_find_file(char path[PATH_MAX], const char *name,
    enum subject_trouble what, struct subject_failure *failure);

/* names.c: a word that is a file alone; a name as C++ writes it, if the file
   has one. */
enum subject_trouble subject_trouble_of_word(const char *word);
bool subject_find_mangled(
    char *found, size_t room, const char *path, const char *name);

#endif
