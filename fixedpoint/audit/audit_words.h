/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What words and places of source text say about a literal; internal. */
#ifndef SN_FIXEDPOINT_AUDIT_AUDIT_WORDS_H
#define SN_FIXEDPOINT_AUDIT_AUDIT_WORDS_H

#include "fixedpoint/audit/audit.h"

/* Words are lower case here, and longer ones cut off. */
enum { AUDIT_WORD = 80 };

/* The type that a word declares, or AUDIT_UNTYPED. */
int audit_word_type(const char *word, bool python);
/* Bits of fraction: of a name that ends with q15; 0 otherwise. */
int audit_word_fixed(const char *word);
/* SELU or alpha dropout. */
bool audit_word_mentions(const char *word);
/* The constant that a name stands for; AUDIT_CONSTANTS: it does not say. */
enum audit_constant audit_word_constant(const char *name);
/* A name of something else: 'version', say; not 'factor', nor 'k'. */
bool audit_word_is_foreign(const char *name);
/* 'assert', 'expected', ...: numbers beside it are results. */
bool audit_word_expects(const char *word);

/* What a byte of a file belongs to. */
enum audit_place {
    AUDIT_CODE,
    AUDIT_PROSE,  /* a comment or a document: digits count, not a type */
    AUDIT_SKIPPED /* what a notebook printed */
};
/* Of each byte; to free().  NULL: no memory. */
unsigned char *audit_places(const char *name, const char *text, size_t size);
/* Whether the name ends with one of these, "py glsl". */
bool audit_name_ends(const char *name, const char *endings);

#endif
