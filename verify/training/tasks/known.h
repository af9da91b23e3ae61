/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private to this folder: how the tasks of task_known are made, by a row's
 * `fill`.  The task is empty and of the row's size.
 */
#ifndef SN_VERIFY_TRAINING_TASKS_KNOWN_H
#define SN_VERIFY_TRAINING_TASKS_KNOWN_H

#include "verify/training/tasks/task.h"

task_fill task_fill_boards, task_fill_combinations, task_fill_twonorm,
    task_fill_ringnorm, task_fill_waveform, task_fill_led_display;

/* Rules of combinations: the class of values 1 .. size. */
task_rule task_rule_balance, task_rule_monks_1, task_rule_monks_2,
    task_rule_monks_3, task_rule_balloons;

#endif
