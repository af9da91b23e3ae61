#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check_layers.sh BUILD: who includes whom, as grep sees it, and what the
# kernels' objects need, as nm sees it, against the list of what is allowed.
set -eu
build=$1
bad=0

# a file's layer is its top folder; the checker of certificates is one apart
layer() {
    case $1 in
    fixedpoint/checker/*) echo checker ;;
    */*) echo "${1%%/*}" ;;
    *) echo root ;;
    esac
}
allowed() { # $1 includes $2 (layers)
    case "$1 $2" in
    "root cli") ;;
    "kernels kernels" | "fixedpoint fixedpoint" | "checker checker") ;;
    "checker fixedpoint") ;; # the numbers' header of Arb alone, below
    "verify verify" | "verify kernels" | "verify fixedpoint") ;;
    "cli cli" | "cli kernels" | "cli fixedpoint" | "cli checker") ;;
    "cli verify") ;;
    "tests "*) ;;
    *) return 1 ;;
    esac
}

files=$(find . -name build -prune -o -name out -prune -o -name '*.[ch]' -print |
    sed 's|^\./||')
for file in $files; do
    case $file in verify/plugins/*) continue ;; esac # other people's kernels
    from=$(layer "$file")
    for header in $(sed -n 's/^[[:space:]]*#[[:space:]]*include "\(.*\)".*/\1/p' \
        "$file"); do
        # inside kernels/ by file name, so that the folder can be dropped into
        # any tree
        [ "$from" != kernels ] || case $header in
        kernels/*)
            echo "$file: includes \"$header\", not by file name" >&2
            bad=1
            ;;
        */*) ;;
        *) header=${file%/*}/$header ;;
        esac
        to=$(layer "$header")
        if ! [ -e "$header" ]; then
            echo "$file: includes \"$header\", not a path from the root" >&2
            bad=1
        elif ! allowed "$from" "$to"; then
            echo "$file: $from may not include $to/ (\"$header\")" >&2
            bad=1
        fi
        if [ "$from $to" = 'checker fixedpoint' ] &&
            [ "$header" != fixedpoint/numbers/arb_compat.h ]; then
            echo "$file: the checker sees Arb alone, not \"$header\"" >&2
            bad=1
        fi
    done
done

# libm and libc alone
strange=$(nm -u "$build/libselfnorm-kernels.a" |
    sed -n 's/^ *U //p' | sort -u |
    grep -vE '^(sn_[a-z0-9_]+|_GLOBAL_OFFSET_TABLE_)$' |
    grep -vE '^(fmaf?|sqrt|frexp|ldexp|fmod|log|sincos|sin|cos|memcpy|memset|strcmp|snprintf|getenv)$' |
    grep -vE '^(__stack_chk_fail|__assert_fail|__cpu_model|__snprintf_chk)$' || true)
if [ -n "$strange" ]; then
    echo "kernels/ needs what it may not: $strange" >&2
    bad=1
fi
undefined=$(nm "$build/libselfnorm-kernels.a" | awk '
    $2 ~ /[TRDB]/ { defined[$3] } $1 == "U" { used[$2] }
    END { for (s in used) if (s ~ /^sn_/ && !(s in defined)) print s }')
if [ -n "$undefined" ]; then
    echo "kernels/ needs $undefined from outside" >&2
    bad=1
fi
[ "$bad" -eq 0 ] && echo 'layers are as allowed'
exit "$bad"
