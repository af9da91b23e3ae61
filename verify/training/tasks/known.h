/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to this folder: the tasks that their definitions generate. */
#ifndef SN_VERIFY_TRAINING_TASKS_KNOWN_H
#define SN_VERIFY_TRAINING_TASKS_KNOWN_H

#include "verify/training/tasks/task.h"

enum sn_status sn_tic_tac_toe(struct sn_task *task, uint64_t seed);
enum sn_status sn_balance_scale(struct sn_task *task, uint64_t seed);
enum sn_status sn_monks_1(struct sn_task *task, uint64_t seed);
enum sn_status sn_monks_2(struct sn_task *task, uint64_t seed);
enum sn_status sn_monks_3(struct sn_task *task, uint64_t seed);
enum sn_status sn_balloons(struct sn_task *task, uint64_t seed);
enum sn_status sn_twonorm(struct sn_task *task, uint64_t seed);
enum sn_status sn_ringnorm(struct sn_task *task, uint64_t seed);
enum sn_status sn_waveform(struct sn_task *task, uint64_t seed);
enum sn_status sn_waveform_noise(struct sn_task *task, uint64_t seed);
enum sn_status sn_led_display(struct sn_task *task, uint64_t seed);

#endif
