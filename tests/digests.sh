#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# digests.sh FOLDER: the digests of all kernels on all instruction sets, built
# by each compiler that is here at -O1, -O2 and -O3.
set -eu
folder=$1
mkdir -p "$folder"
failed=0 built=0
strict='-std=c11 -pedantic -ffp-contract=off -I.'
avx2='-mavx2 -mfma -mf16c'
avx512="$avx2 -mavx512f -mavx512bw -mavx512dq -mavx512vl"
for cc in gcc clang; do
    if ! command -v $cc >/dev/null; then
        echo "digests: no $cc here: left out"
        continue
    fi
    case $($cc -dumpmachine) in x86_64*) x86=yes ;; *) x86= ;; esac
    for level in -O1 -O2 -O3; do
        objects=
        for file in kernels/*.c tests/digests/digests.c; do
            flags=
            case $x86$file in
            yes*isa_avx2.c) flags=$avx2 ;;
            yes*isa_avx512.c) flags=$avx512 ;;
            esac
            object=$folder/$(basename "$file" .c).o
            # shellcheck disable=SC2086
            $cc $strict $level $flags -c "$file" -o "$object"
            objects="$objects $object"
        done
        # shellcheck disable=SC2086
        $cc -o "$folder/digests" $objects -lm
        echo "$cc $level: $("$folder/digests")" || failed=1
        "$folder/digests" >/dev/null || failed=1
        built=$((built + 1))
    done
done
[ "$built" -gt 0 ] && exit "$failed"
