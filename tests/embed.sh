#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# embed.sh BUILD: the kernels as another program meets them: the header in C
# and C++, the shared and the static library through pkg-config, the example,
# and that exactly what the header declares is seen.
set -eu
build=$(realpath "$1")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir -p "$place/lib/pkgconfig" "$place/include/selfnorm"
cp kernels/kernels.h "$place/include/selfnorm"
cp "$build"/libselfnorm-kernels.so.* "$build/libselfnorm-kernels.a" \
    "$place/lib"
soname=$(basename "$build"/libselfnorm-kernels.so.*)
ln -s "$soname" "$place/lib/libselfnorm-kernels.so"
sed "s|@PREFIX@|$place|; s|@LIBDIR@|$place/lib|; s|@VERSION@|0|
    s|@INCLUDEDIR@|$place/include|" mk/selfnorm-kernels.pc.in \
    >"$place/lib/pkgconfig/selfnorm-kernels.pc"
export PKG_CONFIG_PATH=$place/lib/pkgconfig
flags=$(pkg-config --cflags --libs selfnorm-kernels)
cc=${CC:-cc} cxx=${CXX:-c++}

fail() {
    echo "embed.sh: $*" >&2
    exit 1
}
sed 's|include .*kernels\.h.|include <selfnorm/kernels.h>|' \
    kernels/example/layer.c >"$place/layer.c"
# shellcheck disable=SC2086
$cc -std=c11 -Wall -Wextra -pedantic -Werror -O2 -o "$place/layer" \
    "$place/layer.c" $flags -lm
LD_LIBRARY_PATH=$place/lib "$place/layer" >"$place/out" || fail 'the example'
awk '/^layer/ { n++; if ($4 < -0.3 || $4 > 0.3 || $6 < 0.6 || $6 > 1.6) exit 1 }
    END { exit n != 8 }' "$place/out" ||
    fail "the example's layers: $(cat "$place/out")"
$cc -std=c11 -O2 -o "$place/static" "$place/layer.c" \
    -I"$place/include" "$place/lib/libselfnorm-kernels.a" -lm
"$place/static" | cmp -s - "$place/out" || fail 'static and shared differ'
for isa in portable avx2; do
    SELFNORM_ISA=$isa "$place/static" >"$place/other" || continue
    grep '^layer' "$place/out" >"$place/want"
    grep '^layer' "$place/other" | cmp -s - "$place/want" ||
        fail "$isa gives other numbers"
done
if SELFNORM_ISA=avx3 "$place/static" >/dev/null 2>"$place/err"; then
    fail 'an unknown instruction set passes'
fi
grep -q "SELFNORM_ISA='avx3': must be" "$place/err" || fail 'no clear error'
# dropped into another tree, built from another folder without a flag
mkdir -p "$place/theirs/selu" "$place/objects"
cp kernels/*.[ch] "$place/theirs/selu"
(cd "$place/objects" && $cc -c ../theirs/selu/*.c) 2>"$place/err" ||
    fail "dropped in: $(cat "$place/err")"
[ ! -s "$place/err" ] || fail "dropped in: $(cat "$place/err")"
cat >"$place/theirs/use.cc" <<'C'
#include "selu/kernels.h"
#include <vector>
int main()
{
    std::vector<float> x{-1.0f, 0.0f, 2.0f}, y(3);
    sn_selu_f32(y.data(), x.data(), y.size());
    return y[2] == 2.1014020f ? 0 : 1;
}
C
if command -v "$cxx" >/dev/null; then
    for standard in c++11 c++17 c++20; do
        $cxx -std=$standard -Wall -Wextra -Wshadow -Wconversion -pedantic \
            -Werror -o "$place/use" "$place/theirs/use.cc" \
            "$place"/objects/*.o -lm
        "$place/use" || fail "dropped in, from $standard"
    done
    sed 's|"selu/kernels.h"|<selfnorm/kernels.h>|' "$place/theirs/use.cc" \
        >"$place/use.cc"
    # shellcheck disable=SC2086
    $cxx -Werror -o "$place/use" "$place/use.cc" $flags
    LD_LIBRARY_PATH=$place/lib "$place/use" || fail 'from C++'
fi
mk/declared.sh kernels/kernels.h >"$place/declared"
nm -D --defined-only "$place/lib/$soname" | awk '$2 != "A" { print $3 }' |
    sed 's/@.*//' | sort -u >"$place/seen"
cmp -s "$place/declared" "$place/seen" ||
    fail "declared and seen differ: $(diff "$place/declared" "$place/seen")"
[ "$(objdump -p "$place/lib/$soname" | awk '/SONAME/ { print $2 }')" = \
    "$soname" ] || fail 'soname'
echo 'embed: example, static, shared, dropped in, C++, symbols as declared'
