/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to this folder: the tasks that their definitions generate. */
#ifndef SN_VERIFY_TRAINING_TASKS_KNOWN_H
#define SN_VERIFY_TRAINING_TASKS_KNOWN_H

#include "verify/training/tasks/task.h"

enum sn_status task_tic_tac_toe(struct task_task *task, uint64_t seed);
enum sn_status task_balance_scale(struct task_task *task, uint64_t seed);
enum sn_status task_monks_1(struct task_task *task, uint64_t seed);
enum sn_status task_monks_2(struct task_task *task, uint64_t seed);
enum sn_status task_monks_3(struct task_task *task, uint64_t seed);
enum sn_status task_balloons(struct task_task *task, uint64_t seed);
enum sn_status task_twonorm(struct task_task *task, uint64_t seed);
enum sn_status task_ringnorm(struct task_task *task, uint64_t seed);
enum sn_status task_waveform(struct task_task *task, uint64_t seed);
enum sn_status task_waveform_noise(struct task_task *task, uint64_t seed);
enum sn_status task_led_display(struct task_task *task, uint64_t seed);

#endif
