#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cross.sh: the whole program for aarch64 under qemu-user.  As root, in a Debian
# root of its own on an x86-64 machine (tests/clean_root.sh): installs what it
# needs there as packages of arm64, cross-builds, and runs one command of each
# kind; kernel-host is started through SELFNORM_EMULATOR, since nothing tells
# the kernel of the system what to do with programs of another processor.
set -eu
cd "$(dirname "$0")/.."
build=build-aarch64
export DEBIAN_FRONTEND=noninteractive
dpkg --add-architecture arm64
apt-get update -q >/dev/null
apt-get install -y -q --no-install-recommends make gcc-aarch64-linux-gnu \
    qemu-user libc6-dev:arm64 libgmp-dev:arm64 libmpfr-dev:arm64 \
    libmpfi-dev:arm64 libflint-dev:arm64 libgsl-dev:arm64 \
    libopenblas-dev:arm64 libjansson-dev:arm64 libgomp1:arm64 \
    librandom123-dev >/dev/null
cross=aarch64-linux-gnu
make -s CC=$cross-gcc AR=$cross-ar OBJCOPY=$cross-objcopy PKG_CONFIG=false \
    B=$build all

export SELFNORM_EMULATOR=/usr/bin/qemu-aarch64
passed=0
run() { # PATTERN WORD...: its output has PATTERN
    pattern=$1
    shift
    qemu-aarch64 $build/selfnorm "$@" >"$build/out" 2>&1 || {
        cat "$build/out"
        echo "cross: FAILED: selfnorm $*" >&2
        exit 1
    }
    grep -q -- "$pattern" "$build/out" || {
        cat "$build/out"
        echo "cross: FAILED: selfnorm $*: no '$pattern'" >&2
        exit 1
    }
    passed=$((passed + 1))
}
run 'lambda          1.0507009873554804934193349852946' constants
run '0.78767336046571560205939558259477' map
run 'jacobian (Lemma 12): proved' prove jacobian
run 'Consistent with the exact map' simulate --width 64 --depth 8 \
    --networks 100 --method exact
run 'gain 1/std      1.7009262433633331195' moments --activation gelu --digits 20
# in a child process, which is this processor's only through the emulator
run 'pass  accuracy' check --samples 2000 sn_selu_f32
run 'sn_selu_f32_portable\|sn_selu_f32' list
echo "cross: $passed passed, 0 failed"
