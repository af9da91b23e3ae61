/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs that ended, in a folder: each process appends to a file of its own,
 * runs-SHARD-of-SHARDS.txt, a line for each run with everything it was made
 * of and a checksum; all such files of the folder are read at the start.  So
 * a run that is there is not done again, whoever did it; a line that was cut
 * short by the end of its process does not count.  Numbers are hexadecimal
 * and exact.
 */
#ifndef SN_VERIFY_TRAINING_JOURNAL_H
#define SN_VERIFY_TRAINING_JOURNAL_H

#include "verify/training/grid.h"

struct train_journal;

/* Makes the folder where there is none.  SN_SYSTEM: `why` says what failed. */
enum sn_status train_journal_open(struct train_journal **journal,
    const struct train_grid *grid, char why[TASK_WHY]);
void train_journal_close(struct train_journal *journal); /* NULL: nothing */

/* Fills `run` if one of that recipe is there. */
bool train_journal_find(struct train_journal *journal,
    const struct train_recipe *recipe, struct train_run *run);
/* May be called by many threads; the line is on disk when it returns. */
enum sn_status train_journal_add(struct train_journal *journal,
    const struct train_recipe *recipe, const struct train_run *run);

#endif
