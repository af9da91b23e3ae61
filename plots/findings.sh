#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# findings.sh SELFNORM FOLDER: the runs, tables and pictures of
# docs/results/findings.md, about two minutes on two cores.  Results are reused: empty
# FOLDER to measure again.
set -eu
if [ $# -ne 2 ] || [ ! -x "$1" ]; then
    echo "usage: findings.sh SELFNORM FOLDER" >&2
    exit 2
fi
selfnorm=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

# run NAME WORD...: a table NAME.tsv and a text NAME.txt; what is refused is a
# finding too
run() {
    name=$1
    shift
    [ -s "$out/$name.tsv" ] && [ -s "$out/$name.txt" ] && return
    echo "selfnorm simulate $*"
    "$selfnorm" simulate "$@" --quiet --tsv "$out/$name.tsv" \
        >"$out/$name.part" 2>&1 || true
    mv "$out/$name.part" "$out/$name.txt"
}
exact="--method exact"

# 1 do fluctuations accumulate with depth?
deep="--width 256 --depth 1000 --networks 1000 --inputs 1"
# shellcheck disable=SC2086
{
    run depth-selu $exact $deep
    run depth-relu $exact $deep --activation relu --init he-normal
    run depth-tanh $exact $deep --activation tanh
    run depth-elu $exact $deep --activation elu
}

# 2 which of the four variances converges?
# shellcheck disable=SC2086
run variances $exact --width 1024 --depth 64 --networks 400 --inputs 16 \
    --start 0.5,2

# 3 how often does a single network stay within (0.01, 0.05)?
for width in 64 256 1024 4096 8192; do
    # shellcheck disable=SC2086
    run width-$width $exact --width $width --networks 1000 --inputs 1
done

# 4 omega and tau, weights that are not Gaussian
# shellcheck disable=SC2086
{
    far="--width 1024 --networks 400 --start 0.5,2"
    run omega-free $exact $far
    run omega-0 $exact $far --init gaussian-rows --omega 0
    few="--width 512 --networks 40 --start 0.5,2"
    run omega-box $exact $few --init gaussian-rows --omega -0.1,0.1 \
        --tau 0.95,1.1
    for tau in 0.8 0.95 1.1 1.25; do
        run tau-$tau $exact $few --init gaussian-rows --tau $tau
    done
}
for law in lecun-normal lecun-uniform truncated-normal rademacher orthogonal \
    normalized-rows truncated-normal-unscaled; do
    run law-$law --width 64 --depth 16 --networks 2000 --inputs 2 --init $law
done

# 5 gradients and the correlation of two inputs
for activation in selu relu tanh elu; do
    init=lecun-normal
    [ $activation = relu ] && init=he-normal
    run gradient-$activation --width 256 --depth 64 --networks 40 --inputs 16 \
        --correlation 0.9 --gradient --activation $activation --init $init
done

# 6 dropout
for rate in 0.05 0.1 0.2; do
    for kind in alpha-dropout dropout; do
        run $kind-$rate --width 512 --depth 64 --networks 40 --inputs 16 \
            --correlation 1 --gradient --$kind $rate
    done
done
run alpha-dropout-last --width 512 --depth 64 --networks 40 --inputs 16 \
    --correlation 1 --gradient --alpha-dropout 0.1 --dropout-last 2

# 7 from how far off does a network come back?
# shellcheck disable=SC2086
for start in 0,1 -1,0.02 1,0.02 -1,16 1,16 0,1e-6 0,1e6 100,1; do
    run "start$start" $exact --width 1024 --networks 200 --depth 128 \
        --start $start
done

# From which layer on is it inside Omega for good: g, the mean over networks,
# half and 99 % of single networks; the share inside at the last layer.  "-":
# not known, or not by the last layer.
entry() { # NAME.tsv
    awk -F '\t' -v name="$(basename "$1" .tsv)" '
        function inside(m, v) {
            return m >= -0.1 && m <= 0.1 && v >= 0.8 && v <= 1.5
        }
        function from(outside) {
            return outside < last ? outside + 1 : "-"
        }
        BEGIN { g = mean = half = most = -1 }
        /^#/ { next }
        {
            last = $1
            known = $8 == $8 + 0
            if (!inside($8, $9)) g = $1
            if (!inside($2, $5)) mean = $1
            if ($27 < 0.5) half = $1
            if ($27 < 0.99) most = $1
            share = $27
        }
        END {
            printf "%-28s %4s %6s %6s %6s %7.3f\n", name,
                known ? from(g) : "-", from(mean), from(half), from(most), share
        }' "$1"
}

# the claim `global`: omega and tau of Theorem 1 from the corners of its region
claim="$exact --width 1024 --networks 200 --depth 128"
rows="--init gaussian-rows --omega"
for start in 1,16 1,0.02 0,0.02; do
    # shellcheck disable=SC2086
    {
        run "global-free-$start" $claim --start $start
        for at in 0,1 0.1,1.1 0.1,0.95 -0.1,1.1 -0.1,0.95; do
            run "global-$at-$start" $claim --start $start $rows ${at%,*} \
                --tau ${at#*,}
        done
        for per in layer unit; do
            run "global-$per-$start" $claim --start $start $rows -0.1,0.1 \
                --tau 0.95,1.1 --per $per
        done
    }
done
{
    printf '%-28s %4s %6s %6s %6s %7s\n' 'inside Omega from layer' g mean \
        half '99 %' at_last
    for table in "$out"/start*.tsv "$out"/global-*.tsv; do
        entry "$table"
    done
    echo
    "$selfnorm" prove global | sed -n '/^  From/,/^  Omega/p'
} >"$out/entry.txt"
cat "$out/entry.txt"

gnuplot -c "$here/findings.gp" "$out"
