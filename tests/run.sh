#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD TESTS: the Criterion tests BUILD/TESTS, then what the program
# beside them writes for other languages, the kernels in other programs, the
# examples of the documentation, kernels of the field, and the command-line
# tests.  Prints a line for each part, what failed, and the
# sum; the rest is in the log that is named.  Fails if a test fails, or if
# fewer tests ran than the sources declare.
set -u
build=$1 tests=$1/$2
beside=$(dirname "$tests")
log=$build/$(echo "$2" | tr / -).log
: >"$log"
passed=0 failed=0

# run WHAT COMMAND...: its output goes to the log, the lines that say what
# failed or was left out are printed too
run() {
    what=$1
    shift
    began=$(date +%s)
    echo "==== $what" >>"$log"
    "$@" >"$log.part" 2>&1
    status=$?
    cat "$log.part" >>"$log"
    took=$(($(date +%s) - began))
}
count() { sed -n "s/.*Synthesis:.*$1: *\([0-9]*\).*/\1/p" "$log.part" | tail -n 1; }
say() { # PASSED FAILED
    passed=$((passed + $1)) failed=$((failed + $2))
    echo "$what: $1 passed, $2 failed ($took s)"
}

declared=$(find tests -name '*.c' -exec cat {} + | grep -c '^Test(')
SELFNORM_BUILD=$build run "$tests" "$tests" --verbose=0
grep -vE '^\[(RUN |PASS|====|----\] Criterion)' "$log.part" | head -n 60
tested=$(count Tested) passing=$(count Passing)
tested=${tested:-0} passing=${passing:-0}
skipped=$(grep -c '\[SKIP\]' "$log.part")
say "$passing" $((tested - passing))
if [ $((tested + skipped)) -lt "$declared" ]; then
    echo "$tests: only $tested of the $declared tests declared ran" >&2
    failed=$((failed + declared - tested - skipped))
elif [ "$status" -ne 0 ] && [ "$tested" -eq "$passing" ]; then
    echo "$tests: exit status $status, see $log" >&2
    failed=$((failed + 1))
fi

for part in formats embed examples field; do
    place=$build
    [ $part = embed ] || place=$beside
    SELFNORM_BUILD=$build run "tests/$part.sh" "tests/$part.sh" "$place"
    grep -E 'FAILED|skipped' "$log.part"
    [ "$status" -eq 0 ] || tail -n 5 "$log.part"
    say $((status == 0)) $((status != 0))
done

run tests/cli.sh tests/cli.sh "$beside"
grep FAILED "$log.part"
closing=$(grep -E '^cli: [0-9]+ passed, [0-9]+ failed$' "$log.part" |
    tail -n 1 | tr -cd '0-9 ')
# shellcheck disable=SC2086 # two numbers
set -- ${closing:-0 1}
[ "$status" -eq 0 ] || [ "$2" -gt 0 ] || set -- "$1" 1
[ -n "$closing" ] || tail -n 5 "$log.part"
say "$1" "$2"

rm -f "$log.part"
echo "all that was said: $log"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
