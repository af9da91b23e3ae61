#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# install.sh BUILD: what 'make install' leaves, as its users meet it: programs
# linked with both libraries by pkg-config and CMake, started from anywhere;
# kernel-host found by them; manual pages, completions, links and pictures of
# the documents; and that 'make uninstall' leaves what was there before.
set -eu
build=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
prefix=$place/usr libdir=$place/usr/lib/multi-arch
cc=${CC:-cc}
passed=0
fail() {
    echo "install.sh: $*" >&2
    exit 1
}
holds() { passed=$((passed + 1)); }

# ---- a tree in which something was before ----
mkdir -p "$prefix/share/man/man1" "$prefix/lib"
echo kept >"$prefix/share/man/man1/other.1"
find "$place" | sort >"$place.before"
trap 'rm -rf "$place" "$place".*' EXIT
make -s B="$build" PREFIX="$prefix" LIBDIR="$libdir" install >"$place.log" 2>&1 ||
    { tail -n 20 "$place.log" >&2; fail 'make install'; }
make -s B="$build" PREFIX="$prefix" LIBDIR="$libdir" install >"$place.log" 2>&1
holds

# ---- the program ----
"$prefix/bin/selfnorm" check --samples 1000 \
    "$prefix/libexec/selfnorm/plugins/loops.so:loop_expm1_double" \
    >"$place.out" 2>&1 || [ $? -eq 1 ] || fail "check: $(cat "$place.out")"
grep -q 'accuracy' "$place.out" || fail 'check says nothing of accuracy'
holds
file=$(nm "$prefix/bin/selfnorm" 2>&1 | head -n 1)
case $file in *'no symbols'*) ;; *) fail "selfnorm is not stripped: $file" ;; esac
holds

# ---- both libraries by pkg-config ----
export PKG_CONFIG_PATH=$libdir/pkgconfig
mkdir "$place/mine" "$place/far"
cat >"$place/mine/use.c" <<'C'
#include <selfnorm/check.h>
#include <selfnorm/kernels.h>
#include <stdio.h>
int main(void)
{
    char why[4096];
    float y, x = 2;
    sn_selu_f32(&y, &x, 1);
    if (sn_check_kernel("sn_elu_f32", NULL, why, sizeof why) != SN_CHECK_PASSED)
        return puts(why), 1;
    return y == 2.1014020f ? 0 : 2;
}
C
# shellcheck disable=SC2046 # flags are words
$cc -std=c11 -Wall -Wextra -Werror -o "$place/far/use" "$place/mine/use.c" \
    $(pkg-config --cflags selfnorm) $(pkg-config --static --libs selfnorm)
(cd / && LD_LIBRARY_PATH=$libdir "$place/far/use") ||
    fail 'a program linked with libselfnorm'
holds
nm -g --defined-only "$libdir/libselfnorm.a" | awk '$2 ~ /[TDRB]/ { print $3 }' |
    sort >"$place.out"
mk/declared.sh verify/check.h | cmp -s - "$place.out" ||
    fail "libselfnorm.a shows: $(cat "$place.out")"
holds

# ---- the CMake package ----
if command -v cmake >/dev/null; then
    cat >"$place/mine/CMakeLists.txt" <<'C'
cmake_minimum_required(VERSION 3.13)
project(mine C)
find_package(selfnorm 0.1 REQUIRED)
add_executable(use use.c)
target_link_libraries(use selfnorm::check)
C
    CC=$cc cmake -S "$place/mine" -B "$place/mine/build" \
        -Dselfnorm_DIR="$libdir/cmake/selfnorm" >"$place.log" 2>&1 &&
        cmake --build "$place/mine/build" >>"$place.log" 2>&1 ||
        { tail -n 20 "$place.log" >&2; fail 'the CMake project'; }
    (cd / && "$place/mine/build/use") || fail 'what CMake built'
    holds
else
    echo 'install: no cmake here: its package was not tried'
fi

# ---- documents ----
pages=$(find "$prefix/share/man/man1" -name 'selfnorm*.1' | wc -l)
[ "$pages" -ge 15 ] || fail "$pages manual pages"
grep -q '^\.SH' "$prefix/share/man/man1/selfnorm-map.1" ||
    fail 'selfnorm-map.1 is not a manual page'
holds
docs=$prefix/share/doc/selfnorm
find "$docs" -name '*.md' | while read -r page; do
    grep -o '](\([^)#: ]*\.\(md\|svg\|png\)\)' "$page" | sed 's/^](//' |
        while read -r link; do
            [ -e "$(dirname "$page")/$link" ] ||
                echo "$(basename "$page"): $link"
        done
done >"$place.out"
[ ! -s "$place.out" ] || fail "links that lead nowhere: $(cat "$place.out")"
holds
for script in bash-completion/completions/selfnorm \
    zsh/site-functions/_selfnorm fish/vendor_completions.d/selfnorm.fish; do
    [ -s "$prefix/share/$script" ] || fail "no completion: $script"
done
holds

# ---- and away with it ----
rm -rf "$place/mine" "$place/far"
make -s B="$build" PREFIX="$prefix" LIBDIR="$libdir" uninstall
find "$place" | sort >"$place.after"
diff "$place.before" "$place.after" || fail 'uninstall leaves the above'
holds
echo "install: $passed passed, 0 failed"
