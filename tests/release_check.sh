#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# release_check.sh BUILD: what a release must pass beside .ci/run, as root:
# README's two commands in bare roots of Debian 12 and 13, the workflow's and the
# Containerfile's, the newest compilers that Debian has, digests on other processors, every input of every kernel.
# Goes on after a failure; BUILD/release.log holds what was said, its end the
# table that is printed.
set -u
build=$1
log=$build/release.log
place=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/selfnorm/release
mkdir -p "$build" "$place"
: >"$log"
table= passed=0 failed=0

stage() { # WHAT COMMAND...
    local what=$1 began=$SECONDS outcome
    shift
    printf '\n==== %s: %s\n' "$what" "$*" >>"$log"
    if "$@" >>"$log" 2>&1; then
        outcome=passed passed=$((passed + 1))
    else
        outcome=FAILED failed=$((failed + 1))
    fi
    printf '%s: %s (%d s)\n' "$what" $outcome $((SECONDS - began))
    table+=$(printf '%6d s  %s  %s' $((SECONDS - began)) $outcome "$what")$'\n'
}
root() { # SUITE COMMAND...
    tests/clean_root.sh "$1" "$place/$1" "${@:2}"
}
other() { # PACKAGES SETTINGS: the tests with another compiler of sid
    root sid "./with-deps true && apt-get install -y -q \
        --no-install-recommends $1 >/dev/null && make $2 strict test"
}

stage 'packages' ./with-deps --dev true
stage 'other compilers' apt-get install -y -q --no-install-recommends \
    gcc-11 musl-tools \
    gcc-{riscv64,s390x,powerpc64le,i686}-linux-gnu \
    libc6-dev-{riscv64,s390x,ppc64el,i386}-cross
for suite in bookworm trixie; do
    stage "$suite, bare: README's two commands" root $suite
done
# what others' machines are told to run, word for word
mapfile -t steps < <(sed -n '/^  commands:/,/^  everything:/s/^ *- run: //p' \
    .github/workflows/*.yml)
rm -rf "$place/workflow/root"
stage 'the workflow, in one bare root' env KEEP=1 tests/clean_root.sh \
    bookworm "$place/workflow" "${steps[@]}"
stage 'the Containerfile' root trixie "$(sed -n 's/^RUN //p' Containerfile) &&
    mkdir -p /work && cd /work && selfnorm --help && selfnorm constants"
stage 'Debian 12, clang: tests and checks' \
    make B="$build/clang" CC=clang CXX=clang++ WERROR=-Werror check
stage 'Debian 12, clang: sanitizers' \
    make B="$build/clang" CC=clang CXX=clang++ WERROR=-Werror san
stage "sid, gcc" other '' 'CC=gcc CXX=g++'
stage "sid, clang" other 'clang libomp-dev' 'CC=clang CXX=clang++'
stage 'digests, all compilers and processors here' \
    make digests DIGESTS=full
stage 'all inputs, large samples' make exhaust
stage 'readers of files, fuzzed' make fuzz
stage "Coq's packages" apt-get install -y -q --no-install-recommends \
    coq libcoq-coquelicot libcoq-interval libcoq-mathcomp-ssreflect
stage 'Theorem 1 in Coq, with planted faults' make B="$build" formal-faults
stage 'installation' tests/install.sh "$build"
stage 'Python: wheel and tests' make python-test
stage 'Python: the wheel in a bare root' tests/python_root.sh "$build" "$place"

printf '%s' "$table" | tee -a "$log"
echo "the log: $log"
echo "release: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
