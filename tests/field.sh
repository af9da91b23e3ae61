#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# field.sh BUILD [OPTION...]: has the kernels of tests/faulty/field_*.c
# checked, with these options of check, too.  Prints those that are judged
# otherwise than field.tsv says, and the rates of error.
set -u
build=$1
shift
kernels=$(dirname "$0")/faulty/field.tsv
right=0 accused=0 wrong=0 missed=0 other=0
got='.kernels[0] | if .errors > 0 then "error" elif .warnings > 0 then "warning"
    else "right" end + "\t" + ([.diagnosis[] | select(.level == "warning" or
    .level == "error") | .code] | unique | join(" ") | if . == "" then "-" else . end)'
while IFS=$'\t' read -r symbol level codes options; do
    [[ $symbol == \#* ]] && continue
    case $symbol in ?g_*) file=gradient ;; ?d_*) file=dropout ;;
    *) file=forward ;; esac
    read -ra words <<<"$options"
    said=$("$build/selfnorm" check --json "${SELFNORM_BUILD:-$build}/faulty/field_$file.so:$symbol" \
        "${words[@]}" "$@" 2>/dev/null | jq -r "$got")
    [ "$said" = "$level"$'\t'"$codes" ] && same=1 || same=0
    [ $same = 1 ] || echo "FAILED: $symbol: $said, not $level $codes"
    case $symbol in
    r*)
        right=$((right + 1)) accused=$((accused + 1 - same))
        ;;
    *)
        wrong=$((wrong + 1))
        case $said in error*) other=$((other + 1 - same)) ;;
        *) missed=$((missed + 1)) ;; esac
        ;;
    esac
done <"$kernels"
echo "$right right kernels: $accused accused of what is none of theirs"
echo "$wrong wrong kernels: $missed missed, $other by another cause"
[ $((accused + missed + other)) = 0 ]
