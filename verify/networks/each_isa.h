/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A function compiled once for each instruction set, chosen when the program
 * starts: the same source, the same bits (no contraction).
 */
#ifndef SN_VERIFY_NETWORKS_EACH_ISA_H
#define SN_VERIFY_NETWORKS_EACH_ISA_H

#if defined __x86_64__ && defined __GNUC__ && !defined __clang__ &&           \
    !defined __SANITIZE_ADDRESS__
#define EACH_ISA __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define EACH_ISA
#endif

#endif
