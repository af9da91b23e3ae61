#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# examples.sh BUILD: the examples of README.md and the tutorial, run in the
# order in which they stand, with BUILD/selfnorm: a block that begins with "$ "
# is commands and what they print, "..." stands for any lines.  A block of C is
# mine.c, one of Python selu.py.  Ends with changed lines, which must be noticed.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
PATH=$(cd "$1" && pwd):$PATH
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 2
export ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
ran=0 failed=0

# Is `got` what the lines of `want` say?  Prints the line that is not there.
# LC_ALL: the lines hold bytes that awk need not understand.
differs() {
    LC_ALL=C awk 'NR == FNR { got[++lines] = $0; next }
        $0 == "..." { any = 1; wanted = 1; next }
        {
            wanted = 1
            at++
            while (any && at <= lines && got[at] != $0) at++
            any = 0
            if (at > lines || got[at] != $0) { print; exit }
        }
        END { if (wanted && !any && at < lines && got[at + 1] != "")
            print got[at + 1] }' got want
}

run_command() { # COMMAND, with what it should print in `want`
    case $1 in
    *python3*)
        python3 -c 'import numpy' 2>/dev/null || {
            echo 'examples: no NumPy here: skipped'
            return
        }
        ;;
    esac
    ran=$((ran + 1))
    timeout 300 bash -c "$1" >got 2>err
    status=$?
    local line
    line=$(differs)
    if [ $status -gt 1 ] || [ -n "$line" ]; then
        echo "examples: FAILED: $1: status $status, no line '$line'"
        head -n 3 err
        failed=$((failed + 1))
    fi
}

run_block() { # FILE
    local command= line
    : >want
    while IFS= read -r line; do
        if [[ $line == '$ '* ]]; then
            [ -z "$command" ] || run_command "$command"
            command=${line#??}
            : >want
        else
            echo "$line" >>want
        fi
    done <"$1"
    run_command "$command"
}

run_page() { # PAGE
    rm -f block-*
    awk '/^```/ { inside = !inside; kind = substr($0, 4); n += inside; next }
        inside { print > sprintf("block-%02d.%s", n, kind) }' "$1"
    for block in block-*.c; do [ ! -e "$block" ] || mv "$block" mine.c; done
    for block in block-*.python; do
        [ ! -e "$block" ] || mv "$block" selu.py
    done
    for block in block-*; do
        ! head -n 1 "$block" | grep -q '^\$ ' || run_block "$block"
    done
}

# the tutorial first: its kernel in C is README's
run_page "$here/docs/tutorial/first_steps.md"
run_page "$here/README.md"
[ $ran -gt 10 ] || { echo "examples: FAILED: only $ran"; failed=1; }

selfnorm constants >got
for planted in 's/^attracting .*/attracting      no/' '$s/.*/more/' 1d '3i more'; do
    sed "$planted" got >want
    [ -n "$(differs)" ] || {
        echo "examples: FAILED: '$planted' is not noticed"
        failed=1
    }
done
echo "examples: $ran commands, $failed failed"
exit $((failed > 0))
