/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of training share. */
#ifndef SN_TESTS_VERIFY_TRAINING_TEST_TRAINING_H
#define SN_TESTS_VERIFY_TRAINING_TEST_TRAINING_H

#include <criterion/criterion.h>
#include <math.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

#endif
