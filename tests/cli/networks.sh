# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: simulations as a user meets them.
# shellcheck shell=bash

usage "--seed '-1': must be a whole number from 0" simulate --seed -1
usage "--seed '18446744073709551616': must be" simulate \
    --seed 18446744073709551616
usage "--threads '0': must be a whole number from 1" simulate --threads 0
usage "--width '1': must be a whole number from 2" simulate --width 1
usage "--start '0,0': must be MU,NU" simulate --start 0,0
usage "--start 'nan,1': must be MU,NU" simulate --start nan,1
usage "--start '0': must be MU,NU" simulate --start 0
usage "--init 'he': must be one of: lecun-normal" simulate --init he
small='--width 16 --depth 4 --networks 4 --inputs 4'
# shellcheck disable=SC2086
keys 'layers.4.layer layers.4.mean layers.4.mean_se layers.4.variance
    layers.4.variance_se layers.4.theory_mean layers.4.theory_variance
    residual_test digest seed threads machine.cpu' 0 simulate $small

digest() {
    # shellcheck disable=SC2086
    "$selfnorm" simulate $small --json "$@" >"$tmp/out" &&
        "$tmp/json" "$tmp/out" digest
}
one=$(digest --seed 5 --threads 1)
[ "${#one}" -eq 16 ] && [ "$one" = "$(digest --seed 5 --threads 2)" ]
count 'simulate: the same digest with 1 and 2 threads'
[ "$one" != "$(digest --seed 6 --threads 1)" ]
count 'simulate: another seed, another digest'
[ "$one" = "$(digest --seed 05)" ] && [ "$one" = "$(digest --seed 0x5)" ]
count 'simulate: a seed with leading zeros, in hexadecimal'
