/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder with files that a test writes, and takes away at its end. */
#ifndef SN_TESTS_VERIFY_TRAINING_TEST_TRAINING_FOLDER_H
#define SN_TESTS_VERIFY_TRAINING_TEST_TRAINING_FOLDER_H

#include <stddef.h>

/* Makes it; its name. */
const char *open_folder(void);
/* FOLDER/name, until four calls later. */
const char *path_of(const char *name);
/* Writes FOLDER/name; its path. */
const char *put(const char *name, const char *text, size_t size);
/* Takes it away with what is in it. */
void sweep(void);

#endif
