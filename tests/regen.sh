#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# regen.sh compare|write PROGRAM: the kernels' headers that PROGRAM writes from
# the theory; compare-polynomials|write-polynomials: the one that Sollya
# writes.  Compares them with those in the tree, or puts them there.
set -eu
what=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

case $what in
*-polynomials)
    names=polynomials origin='kernels/polynomials.sollya gives'
    target=regen-polynomials
    sollya kernels/polynomials.sollya >"$place/polynomials.h"
    ;;
*)
    names='constants exp2_table words_table' origin='the theory gives' target=regen
    for name in $names; do "$2" "$name" >"$place/$name.h"; done
    ;;
esac
for name in $names; do
    case $what in
    write*) cp "$place/$name.h" "kernels/$name.h" ;;
    *)
        cmp "$place/$name.h" "kernels/$name.h" || {
            echo "kernels/$name.h is not what $origin: 'make $target' writes" \
                "it anew" >&2
            exit 1
        }
        ;;
    esac
done
case $what in
compare) echo 'generated files are as generated' ;;
compare-polynomials)
    echo 'polynomials are as derived, their errors are proved'
    ;;
esac
