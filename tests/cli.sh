#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# cli.sh BUILD: the program BUILD/selfnorm as a user meets it.  Every case runs
# in an empty folder, which must be empty again afterwards; an error is one
# line on standard error that names the word at fault and what would do, with
# nothing on standard output.  The cases lie in cli/, a file for each subject.
# Ends with expectations that do not hold, which must fail.
set -u
if [ $# -ne 1 ] || [ ! -x "$1/selfnorm" ] || [ ! -x "$1/kernel-host" ]; then
    echo "cli.sh: '${1:-}': must be the folder of selfnorm and kernel-host" >&2
    exit 2
fi
command -v jq >/dev/null || {
    echo 'cli.sh: jq is not there (Debian: jq); it reads what --json prints' >&2
    exit 2
}
selfnorm=$(cd "$1" && pwd)/selfnorm
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
work=$tmp/work
here=$(cd "$(dirname "$0")" && pwd)
mkdir "$work"
cd "$work" || exit 2
passed=0 failed=0
umask 022
# At exit LeakSanitizer may fail to stop an OpenMP thread and say so on
# standard error, where these cases count lines; leaks are the other tests' to
# find.
export ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}

count() { # WHAT: counts the status of the last command
    if [ $? -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "cli: FAILED: $1${why:+: $why}"
    fi
    why=
}

matches() { # FILE REGEX: some line does; '-' for an empty file
    local line
    [ "$2" != - ] || { [ ! -s "$1" ]; return; }
    while IFS= read -r line; do
        [[ $line =~ $2 ]] && return 0
    done <"$1"
    return 1
}

leftovers() { # into $left: what lies in the empty folder; removes it
    left=("$work"/*)
    [ ${#left[@]} -eq 0 ] || rm -rf "${left[@]}"
}
shopt -s nullglob dotglob

asks_json() { # WORD...: is --json among the options?
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        [ "$1" != --json ] || return 0
        shift
    done
    return 1
}

# A document is as docs/schemas/ says, with no other key.
jq -n 'reduce inputs as $one ({};
    .[input_filename | sub(".*/"; "")] = $one)' \
    "$here"/../docs/schemas/*.json >"$tmp/schemas.json" || exit 2
conforms() { # FILE: into $why what does not conform
    why=$(jq -r --slurpfile schemas "$tmp/schemas.json" \
        -f "$here/schema.jq" "$1" 2>&1 | head -n 3)
    [ -z "$why" ]
}

# Where nothing is expected on standard output, --json has a document there of
# the failure, with the line of standard error.
tells_failure() { # STATUS LINE
    jq -se --argjson status "$1" --arg line "$2" '
        length == 1 and (.[0] | .schema == 1 and .ok == false and
            .error.status == $status and (.error.code | length > 0) and
            ("selfnorm" + (if .command then " " + .command else "" end) +
                ": " + .error.message) == $line)' "$tmp/out" >/dev/null
}

# STATUS STDOUT STDERR WORD...: runs selfnorm WORD... and says what differs.
holds() {
    local status=$1 out=$2 err=$3 got said
    shift 3
    timeout "${limit:-90}" "$selfnorm" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    got=$?
    sed -i '/ %, about [0-9]* s left$/d' "$tmp/err" # on a slow machine
    mapfile said <"$tmp/err"
    leftovers
    why=
    [ $got -eq "$status" ] || why="exit status $got, not $status"
    if [ "$out" = - ] && [ "$status" -ne 0 ] && asks_json "$@"; then
        tells_failure "$status" "${said[0]%$'\n'}" ||
            why="$why; no document of the failure: $(head -c 200 "$tmp/out")"
    else
        matches "$tmp/out" "$out" ||
            why="$why; stdout is not '$out': $(head -c 200 "$tmp/out")"
    fi
    if asks_json "$@" && [[ "$(head -c 1 "$tmp/out")" == '{' ]]; then
        local before=$why
        conforms "$tmp/out" || why="not as its schema: $why"
        why=$before$why
    fi
    matches "$tmp/err" "$err" ||
        why="$why; stderr is not '$err': $(head -c 300 "$tmp/err")"
    [ "$err" = - ] || {
        [ ${#said[@]} -eq "${lines:-1}" ] && [[ ${said[0]} == selfnorm*$'\n' ]]
    } || why="$why; stderr is ${#said[@]} lines: ${said[*]}"
    [ ${#left[@]} -eq 0 ] || why="$why; leaves ${left[*]}"
    [ -z "$why" ]
}

t() { # the same, counted
    holds "$@"
    count "selfnorm ${*:4}"
}

usage() { # STDERR WORD...: bad usage
    t 2 - "$@"
}

# ---- exactly one JSON document, and what is at a path in it ---------------
cc=${CC:-cc}
json() { # FILE [PATH...]: are all there, what are they?  a.b.0.c is a path
    jq -rs 'if length == 1 then .[0] else error("\(length) documents") end |
        . as $all | $ARGS.positional[] | . as $path |
        reduce (split(".")[] | if test("^[0-9]+$") then tonumber else . end)
            as $key ($all; if has($key) then .[$key]
                else error("no \($path)") end)' \
        "$1" --args "${@:2}"
}

keys() { # KEYS STATUS WORD...
    local keys=$1
    shift
    # shellcheck disable=SC2086
    holds "$1" '^\{' "${keys_err:--}" "${@:2}" --json &&
        why=$(json "$tmp/out" schema command version ok seconds $keys 2>&1 \
            >"$tmp/values") && why=
    count "selfnorm ${*:2} --json"
}

for part in "$here"/cli/*.sh; do
    . "$part"
done

# ---- would a failure be noticed? -----------------------------------------
unnoticed() { # an expectation that does not hold
    ! holds "$@"
    count "planted fault: '$1' '$2' '$3' selfnorm ${*:4} passes"
}
unnoticed 0 - 'must be' map --digits 0
unnoticed 2 'mean' 'must be' map --digits 0
unnoticed 2 - 'must be a colour' map --digits 0
unnoticed 2 - - map --digits 0
unnoticed 0 'mean' 'must be' map
unnoticed 0 - - map -o left-behind
tells_nothing() {
    holds 2 - . map --digits 0 --json
    echo '{"schema": 1, "ok": false}' >"$tmp/out"
    ! tells_failure 2 "$(cat "$tmp/err")"
    count 'planted fault: a failure without its error passes'
}
tells_nothing
"$selfnorm" audit --alpha 1.6732 --json >"$tmp/whole"
broken() { # FILTER: a document that is not as its schema says
    jq "$1" "$tmp/whole" >"$tmp/out"
    ! conforms "$tmp/out"
    count "planted fault: '$1' conforms to its schema"
}
conforms "$tmp/whole"
count 'audit --json conforms to its schema'
broken '.findings[0].colour = "red"'
broken '.findings[0].ulps.f32 = "1"'
broken '.findings[0].dtype = "f8"'
broken 'del(.findings)'
broken 'del(.schema)'
broken '.schema = 2'
broken '.command = "nothing"'
jq '.["audit.json"].minimum = 1' "$tmp/schemas.json" >"$tmp/other" &&
    mv "$tmp/other" "$tmp/schemas.json"
broken .
lines=2 unnoticed 2 - 'must be' map --digits 0
limit=0.5 unnoticed 1 . . check --timeout 20 "$k:hang"
why=
before=$failed
(exit 1)
count 'planted fault (this line is expected)' >"$tmp/out"
[ $failed -eq $((before + 1)) ] && grep -q FAILED "$tmp/out"
caught=$?
failed=$before
(exit $caught)
count 'planted fault: count() does not count a failure'
echo '{} {}' >"$tmp/two.json"
! json "$tmp/two.json" 2>"$tmp/err"
count 'planted fault: two documents pass as one'

echo "$passed passed, $failed failed"
echo "cli: $passed passed, $failed failed"
[ $failed -eq 0 ]
