#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# with_deps.sh: what ./with-deps says and runs on systems that are not this one:
# apt, dpkg, id and sudo are stand-ins, so that nothing is installed.
set -eu
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/bin"
stand_in() { # NAME: its commands from standard input
    { echo '#!/bin/sh' && cat; } >"$place/bin/$1"
    chmod +x "$place/bin/$1"
}
stand_in dpkg-query </dev/null
stand_in apt-cache <<'S'
shift
for name; do printf '%s:\n  Candidate: 99\n' "$name"; done
S
stand_in apt-get <<'S'
echo "$0 $*" >>"$RAN"
case $1:$NETWORK in
update:up) echo 'Hit:1 somewhere' ;;
update:down) echo 'Err:1 somewhere: Temporary failure resolving' ;;
install:broken) echo 'E: Package is broken' && exit 100 ;;
esac
S
sed -i 's/update:up)/update:up | update:broken)/' "$place/bin/apt-get"
stand_in id <<'S'
echo "${WHO:-0}"
S
stand_in sudo <<'S'
exit 1
S
passed=0
expect() { # STATUS WORDS ABSENT [NAME=VALUE...]: of ./with-deps echo started
    status=$1 words=$2 absent=$3 got=0
    shift 3
    : >"$place/ran"
    env PATH="$place/bin:$PATH" RAN="$place/ran" NETWORK=up "$@" \
        ./with-deps echo started >"$place/out" 2>&1 </dev/null || got=$?
    if [ $got -ne "$status" ] || ! grep -qF "$words" "$place/out" ||
        { [ -n "$absent" ] && grep -qE "$absent" "$place/out"; }; then
        echo "with_deps.sh: $* gave $got, not $status and '$words':" >&2
        cat "$place/out" >&2
        exit 1
    fi
    passed=$((passed + 1))
}
expect 0 started 'no network'
# the line that is printed is the one that is run
line=$(sed -n 's/^with-deps: DEBIAN.* apt-get install/install/p' "$place/out")
grep -qF "$line" "$place/ran" || {
    echo "with_deps.sh: printed '$line', ran: $(cat "$place/ran")" >&2
    exit 1
}
expect 3 "$line" '^started$' WHO=1000
expect 3 'reached no server: no network?' '^started$' NETWORK=down
[ "$(wc -l <"$place/out")" -le 3 ] || {
    echo 'with_deps.sh: more than one error where there is no network' >&2
    exit 1
}
expect 3 'could not install' 'no network' NETWORK=broken
# no dpkg: other systems' names
mkdir "$place/without"
for name in sh sed awk grep tr sort dirname cat; do
    ln -s "$(command -v $name)" "$place/without"
done
expect 3 'dnf install' '^started$' PATH="$place/without"
expect 3 'pacman -S' '^started$' PATH="$place/without"
echo "with_deps.sh: $passed passed"
