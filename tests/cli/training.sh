# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: training as a user meets it.
# shellcheck shell=bash

usage "--task 'iris': must be one of: tic-tac-toe, .*all, or a file" \
    train --task iris
usage "--arm 'relu': must be one of: snn, msra, batchnorm" train --arm relu
usage "--depth '0': must be a whole number from 1" train --depth 0
usage "--depth '': must be" train --depth 4,,8
usage "--depth '3': must be even for the arm resnet" train --arm all --depth 3
usage "--depth '4': is there twice" train --depth 4,8,4
usage "--rate '1e-1': is there twice" train --rate 0.1,1e-1
usage "--dropout '0.0': is there twice" train --dropout 0,0.0
usage "--task 'twonorm': is there twice" train --task all,twonorm
usage "--rate '0': must be a number above 0" train --rate 0
usage "--rate 'nan': must be" train --rate 0.1,nan
usage "--dropout '1': must be" train --dropout 1
usage "--momentum '2': must be" train --momentum 2
usage "--momentum '1': must be below 1" train --momentum 1
usage "--momentum '0.99999999': must be below 1" train --momentum 0.99999999
usage "--rate '1e-320': must be a number above 0, at least 1.18e-38" \
    train --rate 1e-320
usage "--seeds '0': must be a whole number from 1" train --seeds 0
usage "--batch '1': must be a whole number from 2" train --batch 1
usage "--experiment 'deep': must be one of: depth, figure1, uci, table1" \
    train --experiment deep
usage "--shard '3/2': must be K/N with K from 1 to N" train --shard 3/2
usage "--shard needs --shards FOLDER" train --shard 1/2
usage "table1 needs --accuracies FILE" train --experiment table1
usage "--experiment table1 trains nothing: only --accuracies" \
    train --experiment table1 --accuracies x --arm all
usage "--accuracies 'x': only --experiment table1" train --accuracies x
usage "--experiment table1 trains nothing: .*, not --width" \
    train --experiment table1 --accuracies x --width 8
usage "--header 'maybe': must be yes or no" train --header maybe
for option in '--label x' '--header no' --nominal --missing; do
    # shellcheck disable=SC2086
    usage "${option%% *} is about files, and no --task is one" train $option
done
usage '--dropout-layers needs --dropout above 0' train --dropout-layers 2
usage "--dropout 'half': must be from 0 to 0.999, or 'paper'" \
    train --dropout half
t 3 - "./absent.csv: cannot be read: No such file" train --task ./absent.csv
t 3 - "cannot make the folder '/proc/x'" train --tables /proc/x
t 3 - "--shards '/proc/x': No such file" train --shards /proc/x --steps 1
t 3 - 'GiB of memory are needed' train --width 8192 --depth 1024
t 0 'tic-tac-toe *958 *9 *2 *0.9665 *1.0000' - train --list
keys 'tasks.10.name tasks.0.paper_snn arms.7.name' 0 train --list

small='--seeds 2 --steps 20 --width 16 --depth 4'
# shellcheck disable=SC2086
keys 'experiment seed threads machine.cpu settings.width tasks.0.name
    tasks.0.classes.1.rows runs.0.task runs.0.arm runs.0.depth runs.0.rate
    runs.0.seed runs.0.selected runs.0.diverged runs.0.test_accuracy
    runs.0.best_test_accuracy summary.0.best_test_accuracy.mean
    summary.0.best_test_accuracy.half_width_95 summary.1.against_reference.p
    summary.0.curve.20.step
    summary.0.curve.20.upper_quartile summary.0.layers.4.variance ranks digest' 0 \
    train --arm snn,tanh $small
# shellcheck disable=SC2086
keys 'comparison.reference comparison.data_sets_used
    comparison.methods.1.rank_difference comparison.methods.1.wilcoxon.p' 0 \
    train --experiment uci --task balloons,monks-1 --arm snn,msra \
    --rate 0.01 --dropout 0 $small

digest() {
    # shellcheck disable=SC2086
    "$selfnorm" train --arm all --dropout 0,paper $small --json "$@" \
        >"$tmp/out" && json "$tmp/out" digest
}
one=$(digest --threads 1)
[ "${#one}" -eq 16 ] && [ "$one" = "$(digest --threads 3)" ]
count 'train: the same digest with 1 and 3 threads'
[ "$one" != "$(digest --seed 2)" ]
count 'train: another seed, another digest'
digest --shards kept --shard 1/2 >/dev/null &&
    digest --shards kept --shard 2/2 >/dev/null &&
    [ "$one" = "$(digest --shards kept)" ]
count 'train: two shards and what merges them, the same digest'
rm -rf kept

# shellcheck disable=SC2086
"$selfnorm" train $small --steps 100000000 --quiet >"$tmp/out" 2>"$tmp/err" &
sleep 0.5
kill -INT $!
wait $!
[ $? -eq 1 ] && grep -q 'train: interrupted' "$tmp/err" &&
    grep -q '0 of 2 runs are there' "$tmp/out"
count 'train: Ctrl-C ends it cleanly, and says what is there'

# shellcheck disable=SC2086
"$selfnorm" train $small --steps 100000000 --quiet --shards used \
    >"$tmp/out" 2>"$tmp/err" &
sleep 0.5
# shellcheck disable=SC2086
"$selfnorm" train $small --shards used >"$tmp/out" 2>"$tmp/two"
[ $? -eq 3 ] && grep -q 'in use by another process; give each' "$tmp/two"
count 'train: two processes on one share'
kill -INT $!
wait $!
grep -q 'interrupted, the same command goes on' "$tmp/err"
count 'train: Ctrl-C with --shards says how to go on'
rm -rf used

# shellcheck disable=SC2086
"$selfnorm" train $small --tables tables >"$tmp/out" &&
    [ "$(cut -f2 tables/train_runs.tsv | grep -c snn)" -eq 2 ] &&
    [ "$(grep -c '^tic-tac-toe' tables/train_curves.tsv)" -eq 21 ] &&
    [ "$(grep -c '^tic-tac-toe' tables/train_layers.tsv)" -eq 15 ]
count 'train: tables'
rm -rf tables

# a file of one's own, and a run that diverges is a result
for i in $(seq 60); do
    echo "$i,$((i % 7)),$((i * i % 11)),$([ $((i % 2)) = 0 ] && echo a || echo b)"
done >"$tmp/own.csv"
# shellcheck disable=SC2086
t 0 'own: 60 rows, 3 features, 2 classes' - train --task "$tmp/own.csv" $small
# shellcheck disable=SC2086
t 0 ' 2    0     2    0 ' - train $small --arm msra --rate 1e6
printf 'a,b,k\r\n1,2,x\r\n3,red,y\r\n' >"$tmp/own.csv"
t 3 - "own.csv, line 3, column 2: 'red' is not a finite number; --nominal" \
    train --task "$tmp/own.csv"
printf '1,2,x\n3,4,y\n' >"$tmp/own.csv"
t 3 - 'own: too few rows \(2\) of its 2 classes' train --task "$tmp/own.csv"

# the paper's Table 1 from a table of accuracies
cat >"$tmp/a11.csv" <<'CSV'
dataset,N,M,SNN,MS,BN
a,10,2,0.9,0.8,0.7
b,10,2,0.8,0.7,0.9
c,10,2,0.7,0.5,0.6
trains,10,2,NA,0.5,0.5
CSV
t 0 'MS +0.6667 +2.667 +0.667 +3 / +0 / +0 +0.25' - \
    train --experiment table1 --accuracies "$tmp/a11.csv"
sed -i 's/SNN/ANN/' "$tmp/a11.csv"
t 3 - 'no method is called SNN' \
    train --experiment table1 --accuracies "$tmp/a11.csv"

# what is wrong in a file, where, and what would do
wrong() { # TEXT WORDS [OPTION...]
    # shellcheck disable=SC2059
    printf -- "$1" >"$tmp/wrong"
    t 3 - "wrong.*$2" train --task "$tmp/wrong" "${@:3}"
}
wrong '' '.*no rows'
wrong '\n \n\r\n' '.*no rows'
wrong 'a,b,class\n' 'line 1: no rows behind the first'
wrong 'a,b,c\n1,2,x\n3,,y\n' 'line 3, column 2: the value is'
wrong '1,?,x\n' 'line 1, column 2: the value is'
wrong '1,2,x\n1,2,\n' 'line 2, column 3: the label'
wrong 'a,b,c\n1,2,x\n3,red,y\n' \
    "line 3, column 2: 'red' is not a finite number; --nominal"
wrong '1,red,x\n' ".*column 2: 'red' is not" --label 3
wrong 'a;b;c\n1,5;2;x\n' \
    "line 2, column 1: '1,5' has a comma: numbers have a decimal"
wrong '1,5;2,5;3,5;x\n' "line 1, column 1: '1,5' has"
wrong '1,5\t2,5\tx\n' "line 1, column 1: '1,5' has"
wrong '-3,"-0,5e3",x\n' "line 1, column 2: '-0,5e3' has"
wrong '1.234,5;2;x\n' ".*column 1: '1\\.234,5' has"
wrong 'a,b,c\nred,1a,x\n' \
    'line 1: no number in the first two rows: --header yes or no'
wrong ',a,c\n0,5,x\n1,6,y\n' 'line 1, column 1: the column has no name'
wrong 'a,b,c\r1,2,x\r3,4,y\r' \
    'line 1: its lines end with carriage returns alone'
wrong '1,2,x\n1,inf,y\n' "line 2, column 2: 'inf'"
wrong '1,2,x\n1,1e999,y\n' "line 2, column 2: '1e999'"
wrong '1,0x10,x\n2,3,y\n' "line 1, column 2: '0x10'"
wrong '1,2,x\n1,y\n' 'line 2: 2 fields, not 3'
wrong '1,2,x\n1,2,3,y\n' 'line 2: 4 fields, not 3'
wrong '1,2,x\n3,4,x\n' ".*column 3: one class, 'x', in all 2"
wrong 'x\ny\n' '.*no features beside the label'
wrong '1,"2,x\n3,4,y\n' 'line 1, column 2: the quote " is never closed'
wrong '1,"2"3,x\n' "line 1, column 2: '3' behind"
wrong 'a,a,c\n1,2,x\n' ".*'a' is the name of two"
wrong 'a,b,c\n1,2,x\n2,3,y\n' ".*no column 'd'" --label d
wrong '1,2,x\n' '.*number from 1 to 3' --label 0
wrong '1,2,x\n' '.*number from 1 to 3' --label 4
wrong '@relation r\n@attribute a real\n' '.*no @data'
wrong '@relation r\n@data\n1,2\n' 'line 2: @data, but no @attribute'
wrong '@relation r\n@attribute a real\n@attribute c {x,y}\n@data\n%% nothing\n' \
    '.*no rows'
wrong '@relation r\n@attribute a date\n@data\n' \
    "line 2: attribute 'a' is of type 'date'"
wrong '@relation r\n@attribute a real\n@attribute c {x,y}\n@data\n1,x\n2,z\n' \
    "line 6, column 2: 'z' is not among the words"
wrong '@relation r\n@attribute a real\n@attribute c {x,y}\n@data\n{0 1}\n' \
    'line 5: a sparse row'
wrong '@relation r\n@attribute c {x,y\n@data\n' 'line 2: no \} behind'
wrong '@relation r\n@atribute a real\n@data\n' "line 2: '@atribute'"
