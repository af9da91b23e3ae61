/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Eigen 3.x arrays, headers only.  The formula is that of PyTorch's
 * documentation: Eigen 3.4 vectorizes min and max, whereas
 * (x < 0).select(...) falls back to one call of libm per element.
 *
 *   eigen_expm1_selu   lambda max(x, 0) + lambda alpha expm1(min(x, 0))
 *   eigen_exp_selu     the same with exp(...) - 1
 *
 * Compiled once for any processor and once for each LEVEL, _avx2 and _avx512,
 * whose functions the first calls where they run.
 */
#if defined __GNUC__ && !defined __clang__
/* gcc 12 on its own _mm512_undefined_ps() (gcc bug 105593) */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <Eigen/Core>

namespace {
const float lambda = 1.0507009873554804934193349852946f;
const float lambda_alpha = 1.7580993408473768599402175208123f;
using In = Eigen::Map<const Eigen::ArrayXf>;
using Out = Eigen::Map<Eigen::ArrayXf>;

void expm1_selu(float *y, const float *x, size_t n) {
    In v(x, static_cast<Eigen::Index>(n));
    Out(y, v.size()) =
        lambda * v.max(0.0f) + lambda_alpha * v.min(0.0f).expm1();
}

void exp_selu(float *y, const float *x, size_t n) {
    In v(x, static_cast<Eigen::Index>(n));
    Out(y, v.size()) =
        lambda * v.max(0.0f) + lambda_alpha * (v.min(0.0f).exp() - 1.0f);
}
} // namespace

#define JOIN(A, B)  A##B
#define NAMED(A, B) JOIN(A, B)
#ifdef LEVEL
#define EIGEN_SELU(NAME)                                                      \
    extern "C" void NAMED(eigen_##NAME, LEVEL)(                               \
        float *y, const float *x, size_t n) {                                 \
        NAME(y, x, n);                                                        \
    }
#elif defined __x86_64__
#define EIGEN_SELU(NAME)                                                      \
    extern "C" void eigen_##NAME##_avx2(float *, const float *, size_t);      \
    extern "C" void eigen_##NAME##_avx512(float *, const float *, size_t);    \
    extern "C" void eigen_##NAME(float *y, const float *x, size_t n) {        \
        if (__builtin_cpu_supports("avx512bw") &&                             \
            __builtin_cpu_supports("avx512dq") &&                             \
            __builtin_cpu_supports("avx512vl"))                               \
            eigen_##NAME##_avx512(y, x, n);                                   \
        else if (__builtin_cpu_supports("avx2") &&                            \
                 __builtin_cpu_supports("fma"))                               \
            eigen_##NAME##_avx2(y, x, n);                                     \
        else                                                                  \
            NAME(y, x, n);                                                    \
    }
#else
#define EIGEN_SELU(NAME)                                                      \
    extern "C" void eigen_##NAME(float *y, const float *x, size_t n) {        \
        NAME(y, x, n);                                                        \
    }
#endif
EIGEN_SELU(expm1_selu)
EIGEN_SELU(exp_selu)
