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

for reader; do
    "$place/$reader" -runs="$runs" -max_len=16384 -len_control=0 \
        -print_final_stats=1 -dict="tests/fuzz/$reader.dict" \
        -artifact_prefix="$place/" "$place/$reader-corpus" \
        >"$place/$reader.log" 2>&1 || {
        tail -n 30 "$place/$reader.log"
        exit 1
    }
    tail -n 7 "$place/$reader.log"
done
