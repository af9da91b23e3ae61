#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# needs.sh 'CC FLAGS' GOAL...: is there what GOAL needs?  Where something is
# missing, says what and gives the one command that installs it.
cc=$1
shift
headers='gmp.h mpfr.h mpfi.h flint/flint.h gsl/gsl_cdf.h cblas.h jansson.h
    Random123/philox.h'
case " $* " in
*' test '* | *' check '* | *' san '* | *tests' '*)
    headers="$headers criterion/criterion.h"
    ;;
esac

place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
compiles() { # FLAG... <SOURCE
    # shellcheck disable=SC2086 # a command and its flags
    $cc -x c - -o "$place/program" "$@" >"$place/log" 2>&1
}
missing() {
    echo "make: missing: $1; this installs it and goes on:" >&2
    echo "  ./with-deps make${goals:+ $goals}" >&2
    exit 1
}
goals=$*
[ "$goals" != all ] || goals=

case ${cc%% *} in
cc | gcc) command -v "${cc%% *}" >/dev/null || missing "the compiler ${cc%% *}" ;;
*)
    command -v "${cc%% *}" >/dev/null || {
        echo "make: CC=${cc%% *}: no such compiler here" >&2
        exit 1
    }
    ;;
esac
# what is wanted at the end is asked for at the start
case " $* " in
*' report '*) command -v gnuplot >/dev/null || missing gnuplot ;;
esac
case " $* " in
*' test '* | *' check '* | *' san '*)
    command -v jq >/dev/null || missing jq
    ;;
esac
for header in $headers; do
    echo "#include <$header>"
done >"$place/all.c"
if compiles -E <"$place/all.c"; then
    arb='__has_include(<flint/arb.h>) || __has_include(<arb.h>)'
    printf '#if !(%s)\n#error\n#endif\n' "$arb" | compiles -E ||
        missing 'Arb (arb.h)'
else
    absent=
    for header in $headers; do
        echo "#include <$header>" | compiles -E || absent="$absent $header"
    done
    missing "${absent# }"
fi
if ! echo 'int main(void) { return 0; }' | compiles; then
    cat "$place/log" >&2
    echo "make: '$cc' makes no program: see above" >&2
    exit 1
fi
printf '#include <omp.h>\nint main(void) { return omp_get_max_threads() < 1; }' |
    compiles -fopenmp || {
    echo "make: '${cc%% *}' has no OpenMP here: gcc brings its own, clang's is" \
        "another package (Debian: libomp-dev)" >&2
    exit 1
}
