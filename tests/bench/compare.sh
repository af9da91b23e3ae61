#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# compare.sh OLD NEW [TURNS [PATTERN]]: the rows of rows.tsv (those that match
# PATTERN) with the programs OLD and NEW, one after the other in TURNS turns
# (default 7), and the ratio of the medians; exit 1 if NEW is slower than 1.03
# in a row.  Nothing else should run meanwhile.
set -u
if [ $# -lt 2 ] || [ ! -x "$1" ] || [ ! -x "$2" ]; then
    echo "usage: compare.sh OLD NEW [TURNS [PATTERN]], two programs" >&2
    exit 2
fi
old=$1 new=$2 turns=${3:-7} pattern=${4:-.}
here=$(cd "$(dirname "$0")" && pwd)
TIMEFORMAT='%U %S'

# PROGRAM KIND WORDS: the figure of one turn
measure() {
    local program=$1 kind=$2 words=$3
    # shellcheck disable=SC2086
    if [ "$kind" = kernel ]; then
        set -- $words
        "$program" bench "$1" --sizes "$2" --turns 9 --json --quiet |
            jq -r --arg k "$1" '.rows[] | select(.kernel == $k) | .ns_per_element'
    else
        # what the program says belongs to nobody here
        { time "$program" $words >/dev/null 2>&1; } 2>&1 |
            awk '{ print $1 + $2 }'
    fi
}
median() { sort -g | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'; }

worst=0
printf '%-44s %12s %12s %8s\n' row old new ratio
while IFS=$'\t' read -r name kind words; do
    case $name in '#'* | '') continue ;; esac
    [[ $name =~ $pattern ]] || continue
    olds= news=
    for ((i = 0; i < turns; i++)); do
        olds+=$(measure "$old" "$kind" "$words")$'\n'
        news+=$(measure "$new" "$kind" "$words")$'\n'
    done
    a=$(printf '%s' "$olds" | median) b=$(printf '%s' "$news" | median)
    ratio=$(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.3f", (a > 0) ? b / a : 1 }')
    printf '%-44s %12.5g %12.5g %8s\n' "$name" "$a" "$b" "$ratio"
    awk -v r="$ratio" 'BEGIN { exit !(r > 1.03) }' && worst=1
done <"$here/rows.tsv"
exit $worst
