/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words for what this room finds: the one place where its enums and
 * figures become English.  Each function fills `text` and cuts it at `size`.
 */
#ifndef SN_VERIFY_CONFORMANCE_WORDS_WORDS_H
#define SN_VERIFY_CONFORMANCE_WORDS_WORDS_H

#include "verify/conformance/verdict/verdict.h"

/* Enough for any of them. */
enum { WORDS_ROOM = 1500, WORDS_DETAIL = 1024, WORDS_NOTE = 512 };

/* Appends. */
void words_add(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

const char *words_check(enum conf_check check);
const char *words_level(enum conf_level level); /* "pass", "note", ... */

/* A fact; the failures of a finding and how many more; its notes. */
void words_fact(char *text, size_t size, const struct conf_fact *fact);
void words_detail(char text[WORDS_DETAIL], const struct conf_finding *finding);
void words_note(char text[WORDS_NOTE], const struct conf_finding *finding);

/* Why a session failed; why a word names no subject, the word before it. */
void words_failure(
    char *text, size_t size, const struct subject_failure *failure);
void words_refusal(char *text, size_t size, const char *word,
    const struct subject *subject, const struct subject_failure *failure);

/* As check --input and --call take them. */
void words_input(char *text, size_t size, const struct conf_input *input);
void words_call(char *text, size_t size, const struct subject *subject,
    const struct subject_call *call);

/* A diagnosis: what it is; the evidence, with the findings it refers to. */
void words_diagnosis(
    char *text, size_t size, const struct conf_diagnosis *diagnosis);
void words_evidence(char *text, size_t size,
    const struct conf_diagnosis *diagnosis,
    const struct conf_finding *findings);

/* What to change; NULL: nothing is known.  The page of a code; false: there is
   no such code. */
const char *words_advice(const char *code);
enum { WORDS_PAGE = 8192 };
bool words_page(char *text, size_t size, const char *code);
/* What the sweep says of the accuracy, in a few words. */
const char *words_class(const struct verdict_verdict *verdict);
/* The verdict in one sentence. */
void words_verdict(char *text, size_t size,
    const struct verdict_question *question,
    const struct verdict_verdict *verdict);
/* "max 0.5 ULP at x = ...", or the crash. */
void words_accuracy(
    char *text, size_t size, const struct verdict_verdict *verdict);
/* What is worth a line of its own; "" nothing. */
void words_complaint(char *text, size_t size,
    const struct verdict_question *question,
    const struct verdict_verdict *verdict);
/* What the statistics of alpha dropout catch. */
void words_power(
    char *text, size_t size, const struct verdict_verdict *verdict);

/* "0x1.8p-1", and nan without a sign. */
const char *words_hex(double x, char buffer[40]);

#endif
