#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# prove_errors.sh SCRIPT...: Gappa on each { proposition } of each script by
# itself, with the constants of the headers below: SN_W_1 as W_1, ...
set -u
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 1' INT TERM
sed -n 's/^#define SN_\([WQ]_[0-9]\|STEP_1\|PER_STEP\|SLACK_[A-Z]*\)  *\([-0].*\)/\1 = \2;/p' \
    kernels/polynomials.h kernels/exp2_table.h kernels/core_double_double.h \
    >"$place/constants"
proved=0
for script; do
    cases=$(grep -c '^{' "$script")
    [ "$cases" -gt 0 ] || { echo "$script proposes nothing" >&2; exit 1; }
    case=1
    while [ "$case" -le "$cases" ]; do
        awk -v wanted="$case" '/^{/ { block++; inside = 1 }
            !inside || block == wanted
            /}$/ { inside = 0 }' "$script" >"$place/case"
        cat "$place/constants" "$place/case" |
            timeout 100 gappa >"$place/log" 2>&1 || {
            echo "$script, proposition $case is not proved:" >&2
            grep -v Warning "$place/log" >&2
            exit 1
        }
        proved=$((proved + 1))
        case=$((case + 1))
    done
done
echo "$proved propositions about rounding errors are proved"
