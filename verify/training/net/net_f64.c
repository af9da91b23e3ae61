/* SPDX-License-Identifier: GPL-3.0-or-later */
#define REAL     double
#define OF(name) name##_f64
#define GEMM     cblas_dgemm
#define SELU     sn_selu_f64
#define EXP      exp
#define TANH     tanh
#define SQRT     sqrt
#include "verify/training/net/passes.h"
