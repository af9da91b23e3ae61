# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: kernels of any activation, checked.
# shellcheck shell=bash

cat >"$tmp/curves.c" <<'C'
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#define EACH for (size_t i = 0; i < n; i++)
void gelu(float *y, const float *x, size_t n)
{
    EACH y[i] = x[i] == -INFINITY ? -0.0f
        : (float)(0.5 * x[i] * erfc(-x[i] * 0x1.6a09e667f3bcdp-1));
}
void gelu_cancels(float *y, const float *x, size_t n)
{
    EACH y[i] = x[i] == -INFINITY ? -0.0f
        : 0.5f * x[i] * (1 + erff(x[i] * 0x1.6a09e6p-1f));
}
void silu(float *y, const float *x, size_t n)
{
    EACH y[i] = x[i] / (1 + expf(-x[i]));
}
void relu_slope(float *dx, const float *dy, const float *x, size_t n)
{
    EACH dx[i] = x[i] >= 0 || x[i] != x[i] ? x[i] != x[i] ? x[i] : dy[i]
        : dy[i] != dy[i] ? dy[i] : 0 * dy[i];
}
/* right: their steps are rounded as they like */
void hard_sigmoid(float *y, const float *x, size_t n)
{
    EACH {
        float t = x[i] + 3;
        t = t < 0 ? 0 : t > 6 ? 6 : t;
        y[i] = t / 6;
    }
}
void sigmoid(float *y, const float *x, size_t n)
{
    EACH {
        float e = expf(-fabsf(x[i]));
        y[i] = x[i] >= 0 || x[i] != x[i] ? 1 / (1 + e) : e / (1 + e);
    }
}
void leaky_f64(double *y, const double *x, size_t n)
{
    EACH y[i] = x[i] > 0 ? x[i] : 0.01 * x[i];
}
void leaky_slope(float *dx, const float *dy, const float *x, size_t n)
{
    EACH dx[i] = x[i] > 0 ? dy[i] : x[i] <= 0 ? 0.01f * dy[i] : x[i];
}
void log_sigmoid_slope(float *dx, const float *dy, const float *x, size_t n)
{
    EACH dx[i] = (float)(dy[i] / (1 + exp((double)x[i])));
}
/* habits: NaN takes a side, the zero at infinity has another sign */
void relu6_slope(float *dx, const float *dy, const float *x, size_t n)
{
    EACH dx[i] = x[i] > 0 && x[i] < 6 ? dy[i] : 0;
}
void log_sigmoid(float *y, const float *x, size_t n)
{
    EACH y[i] = x[i] > 0 ? (float)(0 - log1p(exp(-(double)x[i]))) + 0.0f
        : (float)(x[i] - log1p(exp((double)x[i])));
}
/* alpha = -1: it grows left of 0 */
void celu(float *y, const float *x, size_t n)
{
    EACH y[i] = x[i] > 0 || x[i] != x[i] ? x[i] : (float)-expm1(-(double)x[i]);
}
void celu_wrong(float *y, const float *x, size_t n)
{
    EACH y[i] = x[i] > 0 || x[i] != x[i] ? x[i] : -expm1f(-1.0001f * x[i]);
}
void logarithm(float *y, const float *x, size_t n)
{
    EACH y[i] = (float)log(x[i]);
}
void tanh_f64(double *y, const double *x, size_t n)
{
    EACH y[i] = tanh(x[i]);
}
void tanh_bf16(uint16_t *y, const uint16_t *x, size_t n)
{
    EACH {
        uint32_t bits = (uint32_t)x[i] << 16;
        float f;
        memcpy(&f, &bits, sizeof f);
        f = (float)tanh(f);
        memcpy(&bits, &f, sizeof bits);
        if (f == f)
            bits += 0x7fff + (bits >> 16 & 1);
        y[i] = (uint16_t)(bits >> 16);
    }
}
C
cc -O1 -ffp-contract=off -shared -fPIC -o "$tmp/curves.so" "$tmp/curves.c" -lm

few='--samples 100000'
# shellcheck disable=SC2086
{
t 0 'passed: under 1 ULP' - check "$tmp/curves.so:gelu" --activation gelu $few
t 1 'max .* limit 22\.5' - check "$tmp/curves.so:gelu_cancels" \
    --activation gelu $few
t 1 '-inf gives NaN' - check "$tmp/curves.so:silu" --activation silu $few
# far from 0 it is right to 3 ULP of what its parts allow
t 0 'pass  x = .*0\.687391' - check "$tmp/curves.so:silu" \
    --expression 'x/(1 + exp(-x))' --input 1.5,-3,20,0
t 0 'passed' - check "$tmp/curves.so:logarithm" \
    --expression 'log(x)' $few
# at 0, where the derivative jumps, either side is right
t 0 'pass  x = -?0x0p' - check "$tmp/curves.so:relu_slope" --activation relu \
    --derivative 1 --input 0:1,-0:1,3:2,-3:2
for right in 'hard_sigmoid --activation hardsigmoid' \
    'sigmoid --activation sigmoid' \
    'leaky_f64 --activation leaky_relu --dtype f64' \
    'leaky_slope --activation leaky_relu --derivative 1' \
    'log_sigmoid_slope --activation log_sigmoid --derivative 1'; do
    t 0 'passed: [^;]*$' - check "$tmp/curves.so:"$right $few
done
t 0 '1 warning: nan-swallowed' - check "$tmp/curves.so:relu6_slope" \
    --activation relu6 --derivative 1 $few
t 0 '1 warning: sign-of-zero' - check "$tmp/curves.so:log_sigmoid" \
    --activation log_sigmoid $few
# what gave no answer passes nothing
t 1 'error  lengths' . check 'exec:exit 1'
t 1 'error  same bits' . check 'exec:exit 1'
t 0 'passed' - check "$tmp/curves.so:tanh_f64" --activation tanh --dtype f64 \
    --samples 20000
t 0 'tanh bf16, all 65536 inputs' - check "$tmp/curves.so:tanh_bf16" \
    --activation tanh --dtype bf16
t 0 'not correctly rounded 0' - check "$tmp/curves.so:celu" --function celu \
    --alpha=-1 --samples 100000
t 1 'FAILED' - check "$tmp/curves.so:celu_wrong" --function celu --alpha=-1 \
    --samples 100000
# another function than it is: most results are wrong
t 1 'not correctly rounded' - check "$tmp/curves.so:gelu" --activation silu \
    $few
t 1 'REPRO .*--activation .gelu. --derivative 0' - check \
    "$tmp/curves.so:gelu_cancels" --activation gelu $few
}
usage '--derivative .1.: is of --activation or --expression' \
    check "$tmp/curves.so:gelu" --derivative 1
usage '--function: not with --activation' check "$tmp/curves.so:gelu" \
    --activation gelu --function selu
usage '--alpha: not with --activation' check "$tmp/curves.so:gelu" \
    --activation elu --alpha 2
usage 'unknown; did you mean hardswish' check "$tmp/curves.so:gelu" \
    --activation hswish
usage "--derivative '3'" check "$tmp/curves.so:gelu" --activation gelu \
    --derivative 3
usage "elu has no parameter 'beta'" check "$tmp/curves.so:gelu" \
    --activation elu:beta=2
