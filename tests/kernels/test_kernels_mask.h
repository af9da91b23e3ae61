/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mask of alpha dropout as kernels.h states it, by Random123's Philox. */
#ifndef SN_TESTS_KERNELS_TEST_KERNELS_MASK_H
#define SN_TESTS_KERNELS_TEST_KERNELS_MASK_H

#include <stdbool.h>
#include <stdint.h>

/* the 16 bits of element g */
uint32_t mask_number(uint64_t seed, uint64_t g);
/* is element g kept */
bool mask_keeps(double rate, uint64_t seed, uint64_t g);

#endif
