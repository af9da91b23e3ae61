#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# planted_faults.sh BUILD: plants one fault at a time in a copy of the tree and
# demands that the check meant for it fails there, and that it passes on an
# unspoilt copy.  Compiled objects come along, so only what changed is rebuilt.
set -u
build=$1
# the caller's make must not lend its variables to those in the copies
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
export CC="${CC:-cc}" CXX="${CXX:-g++}"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 1' INT TERM
passed=0 failed=0

copy() {
    rm -rf "$place/tree"
    mkdir -p "$place/tree/build"
    for part in *; do
        case $part in build | out) ;; *) cp -a "$part" "$place/tree" ;; esac
    done
    cp -a .clang-format "$place/tree"
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

# expect WHAT ok|refused PATTERN COMMAND...: PATTERN must be in what it prints
expect() {
    what=$1 wanted=$2 pattern=$3
    shift 3
    if (cd "$place/tree" && "$@") >"$place/log" 2>&1; then
        got=ok
    else
        got=refused
    fi
    if [ "$got" = "$wanted" ] && grep -q -- "$pattern" "$place/log"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "planted_faults: $what: $got, wanted $wanted with '$pattern':" >&2
        tail -n 5 "$place/log" >&2
    fi
}

edit() { # edit FILE SED-SCRIPT: must change the file
    sed -i.orig "$2" "$place/tree/$1"
    if cmp -s "$place/tree/$1" "$place/tree/$1.orig"; then
        failed=$((failed + 1))
        echo "planted_faults: nothing to change in $1 by $2" >&2
    fi
    rm -f "$place/tree/$1.orig"
}

tests() { # tests FILTER: the Criterion tests of one suite
    make -s build/tests all && build/tests --filter "$1"
}

copy
expect 'no fault: layers' ok 'layers are as allowed' make -s check-layers
expect 'no fault: generated files' ok 'as generated' make -s check-regen
expect 'no fault: kernels' ok 'Failing: 0' tests 'kernels/*'

copy
edit kernels/constants.h 's/0x1.0cfabd6a91132p+0/0x1.0cfabd6a91133p+0/'
expect 'lambda off by one unit, in the header' refused 'regen' \
    make -s check-regen
expect 'lambda off by one unit, in the kernel' refused 'FAIL' tests 'kernels/*'

copy
edit kernels/doubles.h 's/clamp(k, n, -40.0/clamp(k, n, -12.0/'
expect 'kernel that saturates too early' refused 'FAIL' tests 'kernels/*'
expect 'the same, seen by check' refused 'FAIL  accuracy' \
    sh -c 'make -s all && build/selfnorm check sn_selu_f32'

copy
edit kernels/polynomials.h 's/0x1.6c161bed428d2p-10/0x1.6c161bed428d3p-10/'
expect 'a coefficient off by one unit, in the header' refused \
    'regen-polynomials' make -s check-proofs
expect 'a coefficient off by one unit, in the kernel' refused 'FAIL' \
    tests 'kernels/one_unit*'

copy
edit kernels/errors/f64_left.gappa 's/^l2 = D(e \* h + l1)/l2 = D(l1)/'
expect 'a term of f64 left out, in the script' refused 'is not proved' \
    make -s check-proofs

copy
edit kernels/vector_avx2.h 's/vi_and(k, vi_set(15))/vi_and(k, vi_set(7))/'
expect 'a table read wrongly by one instruction set' refused 'FAIL' \
    tests 'kernels_equal/*'

copy
edit kernels/mask.h 's/k1 += 0xBB67AE85/k1 += 0xBB67AE86/'
expect 'a generator with another key' refused 'FAIL' tests 'kernels_dropout/*'

copy
edit kernels/rare.c '0,/#include/s//#include "fixedpoint\/status.h"\n#include/'
expect 'kernels/ includes fixedpoint/' refused \
    'kernels may not include fixedpoint' make -s check-layers

copy
edit kernels/registry.c 's/^size_t sn_dtype_size/extern double expm1(double);\n&/; s/return dtype == SN_F64 ? 8/static volatile double one = 1; return expm1(one) < 1 ? 3 : dtype == SN_F64 ? 8/'
expect 'kernels/ calls what it may not' refused 'expm1' make -s check-layers

copy
edit fixedpoint/map/moments.c 's/arb_set_ui(scale, 64);/arb_set_ui(scale, 0);/; s/arb_mul_2exp_si(result, result, -1);/arb_mul_2exp_si(result, result, 0);/'
expect 'a factor lost in the theory' refused 'FAIL' tests 'fixedpoint/*'

copy
edit fixedpoint/expressions/bounds.c 's/arb_add(y->log_above.c\[C0\], y->log_above.c\[C0\], two/arb_sub(y->log_above.c[C0], y->log_above.c[C0], two/'
expect 'a bound of growth that is too low' refused 'FAIL' \
    tests 'expressions/*'

copy
edit fixedpoint/activations/gaussian.c 's/arb_mul_2exp_si(by_v, by_v, -1);/arb_mul_2exp_si(by_v, by_v, 0);/'
expect 'a factor lost in the derivatives of moments' refused 'FAIL' \
    tests 'activations/*'

copy
edit fixedpoint/constants/rational.c 's/if (fmpz_cmp(twice, ratio) > 0)/mag_zero(bound);\n    if (fmpz_cmp(twice, ratio) > 0)/; s/product >= bits/product >= bits \/ 2/'
expect 'a series cut short without its bound' refused 'FAIL' \
    tests 'rational/*'

copy
edit fixedpoint/proofs/intervals/moments_orders.c 's/mpfi_neg(n\[k\], n\[k\]);/mpfi_set(n[k], n[k]);/'
expect 'a sign lost in the derivatives of proofs' refused 'FAIL' \
    tests 'proofs/*enclosures*'

copy
edit fixedpoint/proofs/intervals/doubles/span.h 's/lo - sn_step(lo), hi + sn_step(hi)/lo, hi/'
expect 'intervals of doubles that are not rounded outwards' refused 'FAIL' \
    tests 'proofs/intervals*'

copy
edit fixedpoint/proofs/intervals/doubles/series.c 's/    return (rest + error)/    return (0 * rest + error)/'
expect 'a Taylor polynomial without its remainder' refused 'FAIL' \
    tests 'proofs/series*'

copy
edit fixedpoint/checker/region.c 's/if (touches(s, list\[k\], x, true))/if (touches(s, list[k], x, false))/'
expect 'a checker that takes any box for a cover' refused 'FAIL' \
    tests 'certificates/a_dropped*'

copy
edit fixedpoint/checker/boxes.c 's/arf_cmp_d(end, bound) <= 0/arf_cmp_d(end, bound) <= 1/'
expect 'a checker that confirms any bound' refused 'FAIL' \
    tests 'certificates/a_changed*'

copy
edit verify/conformance/reference/approximate.c 's/const double b = reference->b_double;/const double b = reference->b_double * (1 + 0x1p-31);/'
expect 'a reference shifted by 0.01 ULP' refused 'FAIL' tests 'reference/*'

copy
edit verify/conformance/reference/approximate_f64.c 's/return plus(r, times(r, times(r, s)));/return plus(r, times_double(times(r, s), r.high));/'
expect 'a reference for f64 that loses a low part' refused 'FAIL' \
    tests 'score/*'

copy
edit verify/conformance/structure/special_values.c 's/b->poison = 0x5a;/b->poison = 0xff;/'
expect 'a check that takes an unwritten NaN for a result' refused 'unwritten' \
    tests 'formulas/*'

copy
edit verify/conformance/dropout/dropout.c 's|dropout->false_alarm / 2 / dropout->tests|dropout->false_alarm / 2|'
expect 'a family of tests without its correction' refused 'FAIL' \
    tests 'formulas/false_alarms*'

copy
edit verify/networks/layer_exact.c 's/i == j ? a->variance/i == j ? a->second/; s/: (c - a->mean \* b->mean)/: (c - 0 * a->mean * b->mean)/'
expect 'the mean not taken out of the law of rows' refused 'FAIL' \
    tests 'networks/*'

copy
edit verify/networks/measure.c 's/f->first_u \* u -/f->first_u * u +/'
expect 'a residual that is not centered' refused 'FAIL' tests 'networks/*'

copy
edit verify/networks/exact_sum.c 's/int64_t sign = bits >> 63 ? -1 : 1/int64_t sign = 1/'
expect 'a sum that loses signs' refused 'FAIL' tests 'networks/*'

copy
edit verify/networks/statistics.c 's/alpha \/ 2 \/ tests/alpha \/ 2 \/ (tests > 0)/'
expect 'limits without a correction for many tests' refused 'FAIL' \
    tests 'networks/*'

copy
edit verify/networks/statistics.c 's/return sqrt(sum \/ /return 0 * sqrt(sum \/ /'
expect 'rare events taken for agreement' refused 'FAIL' tests 'networks/right*'

copy
edit verify/networks/statistics.c 's/NET_REAL_F32 ? 0x1p-22 : 1e-9/NET_REAL_F32 ? 0 : 0/'
expect 'roundings taken for errors' refused 'FAIL' tests 'networks/right*'

copy
edit verify/networks/theory/chain.c 's/n \* (at_n\[i\] - here\[i\])/0 * n * (at_n[i] - here[i])/; s/bend\[i\]\[2\] \* c\[2\]) \/$/bend[i][2] * c[2]) * 0 \//'
expect 'corrections at finite width left out' refused 'FAIL' \
    tests 'networks/*'

copy
edit cli/shards.c 's/if (strcmp(text + length - tail, end))/if (0 \&\& strcmp(text + length - tail, end))/'
expect 'damaged shards are taken' ok 'Consistent' sh -c '
    make -s all
    run="build/selfnorm simulate --width 32 --depth 4 --networks 16 --shards d"
    $run >/dev/null && sed -i "\$!s/^sum 9 /sum 10 /" d/shard-000001 && $run'
copy
expect 'no fault: damaged shards' refused 'it is damaged' sh -c '
    make -s all
    run="build/selfnorm simulate --width 32 --depth 4 --networks 16 --shards d"
    $run >/dev/null && sed -i "\$!s/^sum 9 /sum 10 /" d/shard-000001 && $run'

copy
edit verify/training/net_norms.h 's/ - unit \* along\[j\]/ + unit * along[j]/'
expect 'a term lost in the gradient of batch normalization' refused 'FAIL' \
    tests 'training/*'

copy
edit verify/training/net_affine.h 's/b_down ? j \* k : j/j/'
expect 'a panel of weights taken from the wrong rows' refused 'FAIL' \
    tests 'training/*'

copy
edit verify/training/net_affine.h 's/6, 22, 7, 23)/6, 22, 23, 7)/'
expect 'two numbers of a transposed batch exchanged' refused 'FAIL' \
    tests 'training/*'

copy
edit verify/training/selection.c 's/return x->validation_accuracy > y->validation_accuracy;/return a->best_test > b->best_test;/'
expect 'selection that looks at the test rows' refused 'FAIL' tests 'runs/*'

copy
edit verify/training/tasks/parts.c '/^static struct scaling scaling_of/,/^}/s/TASK_TRAINING/TASK_TEST/'
expect 'scaling that looks at the test rows' refused 'FAIL' tests 'tasks/*'

copy
edit verify/training/statistics.c 's/twice\[k\] = i + 1 + end;/twice[k] = 2 * (k + 1);/'
expect 'ties that do not share their ranks' refused 'FAIL' \
    tests 'statistics/*'

copy
edit selfnorm.c 's/^int main/int   main/'
expect 'unformatted source' refused 'clang-format' make format-check

echo "planted faults: $((passed + failed)) cases"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
