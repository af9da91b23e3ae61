#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD RUNS READER...: files that the program writes as first inputs,
# then RUNS inputs to each READER; stops at the first that finds something.
set -eu
selfnorm=$1/selfnorm place=$1/fuzz runs=$2
shift 2

"$selfnorm" check --samples 1000 sn_selu_f32 --quiet \
    --save-baseline "$place/baseline-corpus/seed" >"$place/seed.log"
"$selfnorm" vectors --count 1 --dtype f16 -o "$place/vectors"
cp "$place"/vectors/*.npy "$place/npy-corpus"
rm -rf "$place/shards"
"$selfnorm" check --samples 1000 sn_selu_f32 --quiet \
    --shards "$place/shards" >>"$place/seed.log"
{
    printf '\377'
    sed -e '1,2d;$d' -e 's/^part .*/part 0 4/' "$place/shards/shard-000000"
} >"$place/shard-corpus/seed"
for claim in jacobian rate theorem2; do
    "$selfnorm" prove $claim --certificate "$place/proof" >>"$place/seed.log"
    {
        printf '\377'
        sed '$d' "$place/proof"
    } >"$place/certificate-corpus/$claim"
done
printf '\030a,b,c\n1,red,x\n2,,y\n3,"w ""q""",x\n' >"$place/table-corpus/csv"
printf '\070%%\n@relation r\n@attribute a real\n%s\n@data\n1,x\n2,y\n' \
    '@attribute c {x, "y"}' >"$place/table-corpus/arff"
printf 'f1\tf2\tclase\n1\t2\t3\t0\n2\t4\t5\t1\n\0000 1\n0\n' \
    >"$place/collection-corpus/seed"
printf '\001networks 0 8 8 5 0 0 0\nsum 3 2 1f -3\n' \
    >"$place/part-corpus/networks"
printf '\002run 1 0 100 1 0 0\nscores 1 1 1 1\n0x1p-3 1 1 1\n' \
    >"$place/part-corpus/run"
printf 'where(z > 0, 1.05*z, exp(z) - 1)/(1 + z^2)^0.5' \
    >"$place/expression-corpus/seed"

for reader; do
    [ "$reader" != collection ] || runs=$((runs / 50)) # three files a run
    "$place/$reader" -runs="$runs" -max_len=16384 -len_control=0 \
        -print_final_stats=1 -dict="tests/fuzz/$reader.dict" \
        -artifact_prefix="$place/" "$place/$reader-corpus" \
        >"$place/$reader.log" 2>&1 || {
        tail -n 30 "$place/$reader.log"
        exit 1
    }
    tail -n 7 "$place/$reader.log"
done
