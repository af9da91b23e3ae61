/* SPDX-License-Identifier: GPL-3.0-or-later */
/* a a - s, which is 0 where the product is rounded before the sum and 2^-54
   where both are one operation; in the words of an instruction set. */
#ifndef SN_TESTS_DIGESTS_CONTRACTED_H
#define SN_TESTS_DIGESTS_CONTRACTED_H

#define CONTRACTED_A      (1 + 0x1p-27)
#define CONTRACTED_SQUARE (1 + 0x1p-26)

double contracted_avx2(double a);
double contracted_avx512(double a);

#endif
