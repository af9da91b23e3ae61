/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/words.h"
#include "verify/shared/hash.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, then from one slot to the next until the word or a free one. */
static size_t slot_of(const struct task_words *w, const char *word)
{
    uint64_t hash = shared_hash_text(SHARED_HASH_START, word);
    size_t i = (size_t)hash & (w->slots - 1);
    while (w->slot[i] && strcmp(w->word[w->slot[i] - 1], word))
        i = (i + 1) & (w->slots - 1);
    return i;
}

size_t task_words_find(const struct task_words *w, const char *word)
{
    return w->slots ? w->slot[slot_of(w, word)] - 1 : SIZE_MAX;
}

/* At most half of the slots are in use. */
static bool make_room(struct task_words *w)
{
    if (2 * (w->words + 1) <= w->slots)
        return true;
    size_t room = w->room ? 2 * w->room : 8;
    char **word = realloc(w->word, room * sizeof *word);
    if (word)
        w->word = word;
    size_t *slot = calloc(2 * room, sizeof *slot);
    if (!word || !slot) {
        free(slot);
        return false;
    }
    free(w->slot);
    w->slot = slot;
    w->slots = 2 * room;
    w->room = room;
    for (size_t i = 0; i < w->words; i++)
        w->slot[slot_of(w, w->word[i])] = i + 1;
    return true;
}

size_t task_words_add(struct task_words *w, const char *word)
{
    size_t found = task_words_find(w, word);
    if (found != SIZE_MAX)
        return found;
    char *copy = strdup(word);
    if (!copy || !make_room(w)) {
        free(copy);
        return SIZE_MAX;
    }
    w->word[w->words] = copy;
    w->slot[slot_of(w, word)] = w->words + 1;
    return w->words++;
}

void task_words_clear(struct task_words *w)
{
    for (size_t i = 0; i < w->words; i++)
        free(w->word[i]);
    free(w->word);
    free(w->slot);
    *w = (struct task_words){0};
}
