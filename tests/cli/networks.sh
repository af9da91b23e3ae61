# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: simulations as a user meets them.
# shellcheck shell=bash

usage "--seed '-1': must be a whole number from 0" simulate --seed -1
usage "--seed '18446744073709551616': must be" simulate \
    --seed 18446744073709551616
usage "--threads '0': must be a whole number from 1" simulate --threads 0
usage "--width '1': must be a whole number from 2" simulate --width 1
usage "--width '0': must be a whole number from 2" simulate --width 0
usage "--depth '0': must be a whole number from 1" simulate --depth 0
usage "--start '0,0': must be MU,NU" simulate --start 0,0
usage "--start '0,-1': must be MU,NU" simulate --start 0,-1
usage "--start 'nan,1': must be MU,NU" simulate --start nan,1
usage "--start '0': must be MU,NU" simulate --start 0
usage "--start '0,1e30': NU \+ MU\^2 must be from 1e-25" simulate \
    --start 0,1e30
usage "--init 'haar': must be one of: lecun-normal" simulate --init haar
usage "--method 'fast': must be direct or exact" simulate --method fast
usage "--type 'f16': must be f32 or f64" simulate --type f16
usage "--omega needs --init gaussian-rows or normalized-rows" simulate \
    --omega 0.1 --init rademacher
usage "--omega '1,0': must be a number or A,B with A <= B" simulate \
    --omega 1,0
usage "--tau 0.1: must be above omega\^2/width" simulate --omega 9 --tau 0.1 \
    --init gaussian-rows
usage "--tau needs --init gaussian-rows or normalized-rows" simulate --tau 2
usage "--gain is for laws of variance 1/n, .* not he-normal" simulate \
    --gain 2 --init he-normal
usage "--bias needs independent weights, .*; not orthogonal" simulate \
    --bias 1 --init orthogonal
t 0 'weights lecun-normal times 1.5, biases of variance 0.1' - simulate \
    --gain 1.5 --bias 0.1 --activation tanh --width 64 --depth 6 \
    --method exact
t 0 'Consistent with what is exact for these weights' - simulate \
    --gain 1.5 --bias 0.1 --activation tanh --width 64 --depth 6 \
    --init lecun-uniform --inputs 8 --type f64
# without MPI, under a launcher: every process would do it all
OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 t 2 - \
    'built without MPI: every process would' simulate --width 8
usage "--method exact needs Gaussian weights, not --init orthogonal" \
    simulate --method exact --init orthogonal
usage "--method exact takes 1 to 16 inputs, not 17" simulate \
    --method exact --inputs 17
usage "--gradient needs --method direct" simulate --method exact --gradient
usage "--alpha-dropout '1': must be from 0 to below 1" simulate \
    --alpha-dropout 1
usage "--dropout '-0.1': must be" simulate --dropout -0.1
usage "--alpha-dropout and --dropout exclude each other" simulate \
    --dropout 0.1 --alpha-dropout 0.1
usage "--alpha-dropout: leaky_relu has no known finite limit" simulate \
    --activation leaky_relu --alpha-dropout 0.1
usage "--dropout-last needs" simulate --dropout-last 3
usage "--lambda is of SELU" simulate --activation tanh --lambda 1
usage "--correlation '2': must be" simulate --correlation 2
usage '--correlation is of pairs: --inputs must be even, not 3' \
    simulate --correlation 0.5 --inputs 3
usage "--power '1': must be" simulate --power 1
usage "--data excludes" simulate --data x.npy --inputs 3
t 3 - "'x.npy': cannot be read: No such file" simulate --data x.npy
t 3 - "GiB of memory are needed" simulate --depth 100000 --width 65536 \
    --inputs 65536 --gradient
t 1 - "expression: for z -> -?infinity no bound of its growth" simulate \
    --expression 'exp(z^2)'
t 1 - "expression: not finite, or not known to be, near z = -?[0-9]" simulate \
    --expression '1/z'

small='--width 16 --depth 4 --networks 4 --inputs 4'
# shellcheck disable=SC2086
keys 'layers.4.layer layers.4.mean layers.4.mean_se layers.4.variance
    layers.4.variance_se layers.4.theory_mean layers.4.theory_variance
    layers.4.theory_variance_at_width layers.4.cosine layers.4.inside
    residual_test.residuals.0.z residual_test.mean_z
    residual_test.second_moment_z equivalence.variance.outcome verdict
    digest seed threads machine.cpu settings.activation.name' 0 simulate $small
# right networks with rare events, which t-tests of them would refuse
rare='--method exact --width 16 --depth 3 --networks 32'
for rate in 0.001 0.01 0.999; do
    # shellcheck disable=SC2086
    t 0 'Dropout is not tested: fewer than 20 units .*' - \
        simulate $rare --alpha-dropout $rate
done
# shellcheck disable=SC2086
t 0 'Dropout is not tested layer by layer: fewer than 20 units .*' - \
    simulate $rare --inputs 10 --alpha-dropout 0.1
# the two z of the activation, beside their rows
# shellcheck disable=SC2086
"$selfnorm" simulate $small --json >"$tmp/z.json"
for pair in 'residuals.3 mean_z' 'residuals.4 second_moment_z'; do
    z=$(json "$tmp/z.json" "residual_test.${pair% *}.z")
    [ "$z" != null ] &&
        [ "$z" = "$(json "$tmp/z.json" "residual_test.${pair#* }")" ]
    count "residual_test.${pair#* } is the row's: $z"
done
# shellcheck disable=SC2086
t 0 'Consistent with the exact map at every layer' - simulate $small
# shellcheck disable=SC2086
t 1 'E var . 1. < 0.001 not shown at depth 4' 'the margins are not shown' \
    simulate $small --margin-variance 0.001
# shellcheck disable=SC2086
t 1 'REFUSED: the networks contradict the exact map in their activation' \
    'the networks contradict the exact map' simulate --method exact \
    --networks 64 --lambda 1.06
# as a run comes, by both methods
t 1 'REFUSED.* activation' 'the networks contradict the exact map' simulate \
    --alpha 1.6749365 --depth 32
t 1 'REFUSED.* activation' 'the networks contradict the exact map' simulate \
    --method exact --alpha 1.6749365
t 1 'REFUSED.* activation' 'the networks contradict the exact map' simulate \
    --method exact --lambda 1.0517517
# nearly square polynomials: right, and not refused for it
t 0 'Consistent with the exact map at every layer' - simulate --method exact \
    --activation hardsigmoid --width 64 --depth 8
t 0 'Consistent with the exact map at every layer' - simulate --method exact \
    --activation softsign --correlation -1 --width 64 --depth 8
# near 1 the angle counts: the arc-cosine kernel at 0.9999
"$selfnorm" simulate --activation relu --init he-normal --correlation 0.9999 \
    --method exact --width 64 --depth 2 --networks 4 --json 2>"$tmp/err" |
    jq -e '.layers[1] | (.theory_cosine - 0.99990030010693927 | fabs) <=
        .theory_cosine_radius + 1e-15 and .theory_cosine_radius < 1e-15' \
        >/dev/null
count 'the cosine of two inputs near 1'
t 0 'lecun-normal' - simulate --init list
t 1 'Stopped: from layer 3 on the moments do not exist' \
    'stopped, the result says where' simulate --method exact \
    --expression '0.9*z*exp(z^2/6)' --start 0,0.5
t 1 'Stopped: from layer [0-9]* on the activation in binary64 loses its digits' \
    'stopped, the result says where' simulate --activation tanhshrink \
    --width 64 --depth 20 --networks 16 --inputs 4
t 1 'Stopped: network 0, layer 3: an input is the same in every unit' \
    'stopped, the result says where' simulate --init gaussian-rows \
    --expression '1 + z/9' --width 64 --depth 12 --networks 8 --inputs 2
t 0 'of memory' - simulate --plan --method exact --depth 2
# as many networks as are needed
t 0 'E mean. < 0.1 shown' - simulate --method exact --width 64 --depth 4 \
    --power 0.9 --margin-mean 0.1 --margin-variance 0.3
# shellcheck disable=SC2086
for law in lecun-uniform truncated-normal truncated-normal-unscaled \
    rademacher orthogonal he-normal gaussian-rows normalized-rows; do
    t 0 "weights $law" - simulate $small --networks 16 --init $law --gradient \
        --alpha-dropout 0.1 --type f64
done
# shellcheck disable=SC2086
for activation in relu tanh gelu elu:alpha=0.5; do
    t 0 "$activation" - simulate $small --networks 16 --activation $activation
done

digest() {
    # shellcheck disable=SC2086
    "$selfnorm" simulate $small --json "$@" >"$tmp/out" &&
        json "$tmp/out" digest
}
one=$(digest --seed 5 --threads 1)
[ "${#one}" -eq 16 ] && [ "$one" = "$(digest --seed 5 --threads 2)" ] &&
    [ "$one" = "$(digest --seed 5 --threads 8)" ]
count 'simulate: the same digest with 1, 2 and 8 threads'
[ "$one" != "$(digest --seed 6 --threads 1)" ]
count 'simulate: another seed, another digest'
[ "$one" = "$(digest --seed 05)" ] && [ "$one" = "$(digest --seed 0x5)" ]
count 'simulate: a seed with leading zeros, in hexadecimal'

# ---- shards ----------------------------------------------------------------
parts=$tmp/parts
many="--networks 50 --seed 5"
# shellcheck disable=SC2086
whole=$(digest $many)
# shellcheck disable=SC2086
[ "$whole" = "$(digest $many --shards "$parts")" ] &&
    [ -e "$parts/shard-000006" ]
count 'simulate: shards give the digest of the whole run'
rm "$parts/shard-000003"
# shellcheck disable=SC2086
[ "$whole" = "$(digest $many --shards "$parts" --threads 1)" ]
count 'simulate: a shard that is missing is run again'
# shellcheck disable=SC2086
t 3 - "shard-000000: it is of a run with other settings; remove it" \
    simulate $small --networks 50 --seed 6 --shards "$parts"
sed -i '$!s/^sum 5 /sum 6 /' "$parts/shard-000001"
# shellcheck disable=SC2086
t 3 - "shard-000001: it is damaged" simulate $small $many --shards "$parts"
echo 'selfnorm simulate shard 2' >"$parts/shard-000001"
# shellcheck disable=SC2086
t 3 - "shard-000001: not a shard of this version" simulate $small $many \
    --shards "$parts"
rm "$parts/shard-000001"
# as many networks as needed, in shards: found again when run again
rm -rf "$parts"
chosen="simulate --method exact --width 64 --depth 4 --power 0.9 --seed 2
    --margin-mean 0.05 --margin-variance 0.2 --json"
# shellcheck disable=SC2086
"$selfnorm" $chosen >"$tmp/out"
whole=$(json "$tmp/out" digest)
# shellcheck disable=SC2086
"$selfnorm" $chosen --shards "$parts" >"$tmp/out"
one=$(json "$tmp/out" digest)
shards=$(ls "$parts" | grep -c '^shard-[0-9]*$')
rm "$parts/shard-000001"
# shellcheck disable=SC2086
"$selfnorm" $chosen --shards "$parts" >"$tmp/out"
[ "$shards" -gt 4 ] && [ "$one" = "$whole" ] &&
    [ "$one" = "$(json "$tmp/out" digest)" ]
count "simulate: --power in $shards shards, and again without one of them"
# killed in the middle: what is finished stays, and it goes on from there
long="simulate --width 64 --depth 40 --networks 400 --inputs 16 --seed 3"
# shellcheck disable=SC2086
"$selfnorm" $long --threads 1 --json >"$tmp/out"
whole=$(json "$tmp/out" digest)
rm -rf "$parts"
# shellcheck disable=SC2086
"$selfnorm" $long --shards "$parts" --threads 1 >"$tmp/out" 2>&1 &
victim=$!
for _ in $(seq 200); do
    [ -e "$parts/shard-000002" ] && break
    sleep 0.02
done
kill -9 $victim
wait $victim 2>/dev/null
before=$(ls "$parts" | grep -c '^shard-[0-9]*$')
# shellcheck disable=SC2086
"$selfnorm" $long --shards "$parts" --json >"$tmp/out"
[ "$before" -ge 3 ] && [ "$whole" = "$(json "$tmp/out" digest)" ]
count "simulate: killed after $before shards and run again, the same digest"
if [ -w /dev/full ]; then
    # shellcheck disable=SC2086
    t 3 - '/dev/full' simulate $small --tsv /dev/full
fi

# ---- .npy ------------------------------------------------------------------
npy() { # FILE HEADER BYTES...: version 1, with the numbers behind it
    printf '\223NUMPY\001\000' >"$1"
    printf "\\$(printf %03o $((${#2} % 256)))\\$(printf %03o \
        $((${#2} / 256)))%s" "$2" >>"$1"
    printf '%b' "$3" >>"$1"
}
one_f4='\0000\0000\0200\0077' # 1.0
npy "$tmp/in.npy" \
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }" \
    "$one_f4\0000\0000\0000\0100$one_f4$one_f4"
t 0 '2 inputs from' - simulate --width 2 --depth 1 --networks 16 \
    --data "$tmp/in.npy" --margin-mean 1e9 --margin-variance 1e9
t 2 - "in.npy': rows of 2 numbers for layers of 512 units; --width 2" \
    simulate --data "$tmp/in.npy"
refused() { # WHY HEADER BYTES
    npy "$tmp/in.npy" "$2" "$3"
    t 3 - "in.npy': $1" simulate --width 2 --data "$tmp/in.npy"
}
order="'fortran_order': False"
refused 'declares 4 elements of 4 bytes, and 4 bytes follow' \
    "{'descr': '<f4', $order, 'shape': (2, 2), }" "$one_f4"
refused 'declares 1 elements of 4 bytes, and 8 bytes follow' \
    "{'descr': '<f4', $order, 'shape': (1,), }" "$one_f4$one_f4"
refused '.*' \
    "{'descr': '<f4', $order, 'shape': (99999999999999, 99999999999999), }" \
    "$one_f4"
refused '.*<i4' \
    "{'descr': '<i4', $order, 'shape': (1,), }" "$one_f4"
refused 'must hold one or two dimensions' \
    "{'descr': '<f4', $order, 'shape': (), }" "$one_f4"
refused '.*header' "{'what': 3}" "$one_f4"
refused 'row 0, column 1 is not finite' \
    "{'descr': '<f4', $order, 'shape': (1, 2), }" \
    "$one_f4\0000\0000\0300\0177"
refused 'row 1 has the mean square 0; must be from 1e-25' \
    "{'descr': '<f4', $order, 'shape': (2, 2), }" \
    "$one_f4$one_f4\0000\0000\0000\0000\0000\0000\0000\0000"
refused 'must hold one or two dimensions of numbers, not none' \
    "{'descr': '<f4', $order, 'shape': (0, 2), }" ''
echo junk >"$tmp/in.npy"
t 3 - "in.npy': is no .npy file" simulate --width 2 --data "$tmp/in.npy"
