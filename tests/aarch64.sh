#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# aarch64.sh FOLDER: the kernels built by Debian's cross compiler for aarch64
# (gcc-aarch64-linux-gnu, libc6-dev-arm64-cross), run by qemu-user: the digests
# of the registry, so the bits of x86; and the example.
set -eu
folder=$1
cc=aarch64-linux-gnu-gcc
for program in $cc qemu-aarch64; do
    command -v $program >/dev/null || {
        echo "aarch64.sh: no $program: apt-get install" \
            "gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user" >&2
        exit 3
    }
done
mkdir -p "$folder"
strict='-std=c11 -pedantic -ffp-contract=off -Wall -Wextra -Wshadow
    -Wconversion -Werror -I.'
# shellcheck disable=SC2086
$cc $strict -O2 -static -o "$folder/digests" kernels/*.c \
    tests/digests/digests.c -lm
# shellcheck disable=SC2086
$cc $strict -O2 -static -o "$folder/layer" kernels/*.c \
    kernels/example/layer.c -lm
qemu-aarch64 "$folder/digests"
qemu-aarch64 "$folder/layer" >"$folder/layer.out"
tail -n 1 "$folder/layer.out"
