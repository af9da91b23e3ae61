#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# digests.sh FOLDER [quick | full | ROW...]: the kernels built as a stranger
# builds them, from another folder and with what the row says alone, without a
# diagnostic, and run: the digests of the registry come out.  quick (default)
# is for each submission, full for a release; a ROW is one line of the table
# below by its first word, as in 'digests.sh build/digests riscv64'.
# Compilers that are not here are left out, but for those asked for by name
# (exit status 3).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- quick
warn='-Wall -Wextra -Wshadow -Wconversion -pedantic'

# row, who builds, flags in turn (separated by commas), what runs it
rows() {
    cat <<'ROWS'
gcc      gcc     -O0,-O1,-O2,-O3,-O2 -march=haswell,-O3 -march=x86-64-v3
clang    clang   -O0,-O1,-O2,-O3,-O2 -march=haswell,-O3 -march=x86-64-v3
levels   gcc     -O0,-O3
levels   clang   -O0,-O3
oldest   gcc-11  -O0,-O1,-O2,-O3,-O2 -march=haswell
newest   gcc-14  -O0,-O1,-O2,-O3,-O2 -march=haswell
newest   clang-19  -O0,-O1,-O2,-O3,-O2 -march=haswell
standards  gcc   -O2 -std=c11,-O2 -std=c17,-O2 -std=c2x,-O2 -std=gnu11
standards  clang -O2 -std=c11,-O2 -std=c17,-O2 -std=c2x,-O2 -std=gnu11
musl     musl-gcc  -O0,-O2,-O3 -march=haswell
aarch64  aarch64-linux-gnu-gcc  -O2  qemu-aarch64
aarch64-levels  aarch64-linux-gnu-gcc  -O0,-O1,-O3  qemu-aarch64
riscv64  riscv64-linux-gnu-gcc  -O0,-O2,-O3  qemu-riscv64
s390x    s390x-linux-gnu-gcc  -O0,-O2,-O3  qemu-s390x
ppc64le  powerpc64le-linux-gnu-gcc  -O0,-O2,-O3  qemu-ppc64le
i686     i686-linux-gnu-gcc  -O0,-O2,-O3  qemu-i386
ROWS
}
failed=0 built=0

# $1: the tree with kernels/, $2: compiler, $3: flags, $4: what runs it, or
# nothing.  The digests' last line; fails where one differs.
digests() {
    rm -rf "$folder/objects"
    mkdir "$folder/objects"
    (
        cd "$folder/objects"
        # shellcheck disable=SC2086
        $2 $3 $warn -c "$1"/kernels/*.c 2>"$folder/diagnostics" &&
            $2 $3 ${4:+-static} -I "$1" -I "$root" -o ../digests \
                "$root"/tests/digests/*.c ./*.o -lm
    ) || { cat "$folder/diagnostics"; return 1; }
    if [ -s "$folder/diagnostics" ]; then
        cat "$folder/diagnostics"
        return 1
    fi
    ${4:-} "$folder/digests" >"$folder/out" || { cat "$folder/out"; return 1; }
    tail -n 1 "$folder/out"
}

build() { # $1: compiler, $2: flags separated by commas, $3: what runs it
    while [ -n "$2" ]; do
        flags=${2%%,*}
        answer=$(digests "$root" "$1" "$flags" "$3") || failed=1
        echo "$1 $flags: $answer"
        built=$((built + 1))
        case $2 in *,*) set -- "$1" "${2#*,}" "$3" ;; *) break ;; esac
    done
}

# The tests of the test: a compiler that may contract is found out, one that
# may not respect NaN is refused by a sentence.
planted() { # $1: compiler
    tree=$folder/planted
    rm -rf "$tree"
    mkdir "$tree"
    cp -r "$root/kernels" "$tree"
    sed -i 's/fp-contract=off/fp-contract=fast/; s/FP_CONTRACT OFF/FP_CONTRACT ON/' \
        "$tree/kernels/arithmetic.h"
    if digests "$tree" "$1" '-O2 -march=haswell' '' >"$folder/contracted" ||
        ! grep -q '^designs: .* declared' "$folder/contracted"; then
        echo "$1: contraction is not found out" >&2
        failed=1
    fi
    for flag in -ffast-math -ffinite-math-only; do
        if $1 "$flag" -c -o "$folder/refused.o" "$root/kernels/rare.c" \
            2>"$folder/refused" || ! grep -q 'the kernels .*: compile' \
            "$folder/refused"; then
            echo "$1 $flag: is not refused" >&2
            failed=1
        fi
    done
    echo "$1: contraction is found out, -ffast-math refused"
}

for asked; do
    named=yes
    case $asked in
    quick) wanted='levels aarch64' named= ;;
    full) wanted=$(rows | awk '$1 != "levels" { print $1 }' | uniq) named= ;;
    *) wanted=$asked ;;
    esac
    for row in $wanted; do
        rows | grep "^$row " >"$folder/row" || {
            echo "digests.sh: no '$row': quick, full or one of" \
                "$(rows | awk '{ print $1 }' | uniq | xargs)" >&2
            exit 2
        }
        while read -r _ cc flags; do
            run=
            case $flags in
            *qemu-*) run=qemu-${flags##*qemu-} flags=${flags%%  qemu-*} ;;
            esac
            if ! command -v "$cc" >/dev/null ||
                { [ "$run" ] && ! command -v "$run" >/dev/null; }; then
                echo "$row: no $cc${run:+ or $run} here: left out"
                [ -z "$named" ] || exit 3
                continue
            fi
            build "$cc" "$flags" "$run" </dev/null
        done <"$folder/row"
    done
done
for cc in gcc clang; do
    case $($cc -dumpmachine 2>/dev/null) in x86_64*) planted $cc ;; esac
done
[ "$built" -gt 0 ] && exit "$failed"
