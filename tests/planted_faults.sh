#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# planted_faults.sh BUILD [FAULT...]: applies tests/faults/*.patch (or the named
# ones) one at a time to a copy of the tree and demands that the check meant
# for it fails there.  A patch that no longer applies is a failure, too.
# Compiled objects come along, so only what changed is built again.
#
# Above the patch stand, for each check:
#   fault: WHAT              for people
#   refused: PATTERN         the command fails and prints PATTERN; or
#   ok: PATTERN              the fault makes it succeed where it must not
#   by: COMMAND              'tests FILTER' are the Criterion tests of a suite
# The same command on the unspoilt copy must end the other way.
set -u
build=$1
shift
# the caller's make must not lend its variables to those in the copies
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
export CC="${CC:-cc}" CXX="${CXX:-g++}"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 1' INT TERM
passed=0 failed=0
here=$(pwd)

copy() {
    rm -rf "$place/tree"
    mkdir -p "$place/tree/build"
    for part in * .clang-format .ci; do
        case $part in
        build | build-* | out) ;;
        *) cp -a "$part" "$place/tree" ;;
        esac
    done
    for part in "$build"/*; do
        case $part in
        */san | */frameworks | */fuzz) ;;
        *) cp -a "$part" "$place/tree/build" ;;
        esac
    done
    # dependencies name the objects by their folder
    [ "$build" = build ] ||
        find "$place/tree/build" -name '*.d' -exec sed -i "s|$build/|build/|g" {} +
}

fail() { # MESSAGE: the log's end with it
    failed=$((failed + 1))
    echo "planted_faults: $1" >&2
    [ -z "${2:-}" ] || tail -n 5 "$2" >&2
}

# what a fault's commands are run with
cat >"$place/run" <<'SH'
tests() {
    make -s build/tests all || { echo 'it does not build'; exit 9; }
    build/tests --filter "$1"
}
SH

outcome() { # COMMAND: into $got: ok, refused, or broken
    (cd "$place/tree" && sh -c ". '$place/run'; $1") >"$place/log" 2>&1
    case $? in
    0) got=ok ;;
    9) got=broken ;;
    *) got=refused ;;
    esac
}

expect() { # WHAT WANTED PATTERN COMMAND, on the spoilt copy
    outcome "$4"
    if [ "$got" = "$2" ] && grep -q -- "$3" "$place/log"; then
        passed=$((passed + 1))
    else
        fail "$1: $got, wanted $2 with '$3':" "$place/log"
    fi
}

[ $# -gt 0 ] || set -- tests/faults/*.patch

# each command, once, where nothing is wrong
copy
for patch; do
    awk '/^(ok|refused): / { wanted = substr($1, 1, length($1) - 1) }
        /^by: / { print wanted " " substr($0, 5) } /^--- / { exit }' "$patch"
done | sort -u >"$place/commands"
while read -r wanted command; do
    outcome "$command"
    case $wanted,$got in
    ok,refused | refused,ok) passed=$((passed + 1)) ;;
    *) fail "no fault, but '$command' is $got:" "$place/log" ;;
    esac
done <"$place/commands"

for patch; do
    copy
    if ! patch -p1 -s -F0 -d "$place/tree" <"$patch" >"$place/log" 2>&1; then
        fail "$patch: does not apply; make it anew:" "$place/log"
        continue
    fi
    what='' wanted='' pattern=''
    sed '/^--- /,$d' "$patch" >"$place/head"
    while read -r key value; do
        case $key in
        fault:) what=$value ;;
        ok: | refused:) wanted=${key%:} pattern=$value ;;
        by:) expect "$what" "$wanted" "$pattern" "$value" ;;
        *) fail "$patch: '$key' is none of fault:, ok:, refused:, by:" ;;
        esac
    done <"$place/head"
done

echo "planted faults: $((passed + failed)) cases"
echo "$passed passed, $failed failed"
cd "$here" && [ "$failed" -eq 0 ]
