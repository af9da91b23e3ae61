#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD TESTS: the Criterion tests BUILD/TESTS, then what the program
# beside them writes for other languages, and the command-line tests.  Fails if
# a test fails, or if fewer tests ran than the sources declare; says which were
# skipped.
set -u
build=$1 tests=$1/$2
log=$(mktemp)
trap 'rm -f "$log"' EXIT

declared=$(cat $(find tests -name '*.c') | grep -c '^Test(')
SELFNORM_BUILD=$build "$tests" --verbose=0 >"$log" 2>&1
status=$?
grep -vE '^\[(RUN |PASS|====|----\] Criterion)' "$log"
count() { sed -n "s/.*Synthesis:.*$1: *\([0-9]*\).*/\1/p" "$log" | tail -n 1; }
tested=$(count Tested) passing=$(count Passing)
skipped=$(grep -c '\[SKIP\]' "$log")
echo "$tests: $declared declared, ${tested:-0} ran, ${passing:-0} passed," \
    "$skipped skipped"
if [ "$status" -ne 0 ] || [ "${passing:-0}" -ne "${tested:-0}" ]; then
    echo "run.sh: a test failed" >&2
    exit 1
fi
if [ "$((${tested:-0} + skipped))" -lt "$declared" ]; then
    echo "run.sh: only ${tested:-0} of $declared tests ran" >&2
    exit 1
fi
tests/formats.sh "$(dirname "$tests")" || exit 1
tests/embed.sh "$build" || exit 1
exec tests/cli.sh "$(dirname "$tests")"
