#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD: all benchmarks, one after the other, each beside its rivals.
set -eu
build=$1
for part in constants proofs check networks training side_by_side; do
    "$build/bench-$part"
done

plugins=$build/plugins
# shellcheck disable=SC2046 # words
"$build/selfnorm" bench --accuracy sn_selu_f32 sn_selu_f32_avx2 \
    sn_selu_faithful_f32 sn_selu_f64 sn_selu_f16 sn_selu_bf16 \
    sn_selu_grad_f32 sn_alpha_dropout_f32 sn_selu_alpha_dropout_f32 \
    $(cut -f1 "$plugins/plugins.txt" | sed "s|^|$plugins/|")

# the fastest two of the others, at a size beyond every cache
rivals=
for rival in loops_fastmath.so:loop_expf xnnpack.so:xnnpack_selu; do
    if cut -f1 "$plugins/plugins.txt" | grep -qx "$rival"; then
        rivals="$rivals $plugins/$rival"
    fi
done
# shellcheck disable=SC2086 # words
"$build/selfnorm" bench --sizes 67108864 --threads 1,2 --turns 5 \
    sn_selu_f32 sn_selu_faithful_f32 sn_selu_f64 sn_selu_f16 \
    sn_selu_bf16 sn_selu_grad_f32 sn_selu_alpha_dropout_f32 $rivals

/usr/bin/python3 tests/bench/pytorch.py || echo 'bench: PyTorch left out'
