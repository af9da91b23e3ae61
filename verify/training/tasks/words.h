/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dictionaries: words in the order in which they came, found by a hash. */
#ifndef SN_VERIFY_TRAINING_TASKS_WORDS_H
#define SN_VERIFY_TRAINING_TASKS_WORDS_H

#include <stddef.h>
#include <stdint.h>

struct task_words {
    char **word;
    size_t words, room;
    size_t *slot, slots; /* index + 1 of a word; 0: free */
};
/* Its index, or SIZE_MAX: not there, or (where added) no memory. */
size_t task_words_find(const struct task_words *words, const char *word);
size_t task_words_add(struct task_words *words, const char *word);
void task_words_clear(struct task_words *words);

#endif
