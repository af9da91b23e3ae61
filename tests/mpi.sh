#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# mpi.sh BUILD: simulate, train and check under mpirun.  The digest and the
# verdict of 1 to 4 ranks are those of one process; a killed rank takes the run
# down, and what it finished is not run again.  Says so where there is no MPI,
# and passes.
set -u
selfnorm=$1/selfnorm
if ! command -v mpirun >/dev/null || ! ldd "$selfnorm" | grep -q libmpi; then
    echo "mpi: SKIPPED: no mpirun, or '$selfnorm' is not built with MPI=1"
    exit 0
fi
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    OMPI_MCA_rmaps_base_oversubscribe=1 \
    OMPI_MCA_hwloc_base_binding_policy=none OMP_NUM_THREADS=1
run="simulate --width 64 --depth 20 --networks 100 --inputs 8 --threads 1"
passed=0 failed=0
check() { # WHAT GOT WANTED
    if [ "$2" = "$3" ] && [ -n "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "mpi: FAILED: $1: '$2', not '$3'" >&2
    fi
}
digest() {
    sed -n 's/.*digest \([0-9a-f]*\).*/\1/p'
}

# shellcheck disable=SC2086
whole=$("$selfnorm" $run | digest)
for ranks in 1 2 3 4; do
    # shellcheck disable=SC2086
    got=$(mpirun -np $ranks "$selfnorm" $run 2>/dev/null | digest)
    check "digest of $ranks ranks" "$got" "$whole"
done

chosen="$run --power 0.9 --networks 400 --method exact"
# shellcheck disable=SC2086
whole=$("$selfnorm" $chosen | digest)
# shellcheck disable=SC2086
got=$(mpirun -np 3 "$selfnorm" $chosen --shards "$place/chosen" 2>/dev/null |
    digest)
check 'digest of as many networks as needed, 3 ranks' "$got" "$whole"

# Runs the rest with 2 ranks and kills one once FILE is there.
kill_at() { # FILE COMMAND...
    file=$1
    shift
    mpirun -np 2 "$selfnorm" "$@" >"$place/out" 2>&1 &
    job=$!
    for _ in $(seq 400); do
        [ -e "$file" ] && break
        sleep 0.02
    done
    # a rank of this run: a child of mpirun
    victim=$(ps -o pid= --ppid $job | tail -n 1)
    [ -n "$victim" ] && kill -9 $victim
    wait $job
}
# shellcheck disable=SC2086
kill_at "$place/parts/shard-000005" $run --networks 3000 --shards "$place/parts"
check 'a killed rank ends the run with an error' \
    "$([ $? -ne 0 ] && echo yes)" yes
before=$(find "$place/parts" -name 'shard-??????' | wc -l)
# shellcheck disable=SC2086
whole=$("$selfnorm" $run --networks 3000 | digest)
# shellcheck disable=SC2086
got=$(mpirun -np 3 "$selfnorm" $run --networks 3000 \
    --shards "$place/parts" 2>/dev/null | digest)
check "digest after a kill ($before shards were there)" "$got" "$whole"
[ "$before" -ge 6 ]
check 'finished shards survive the kill' "$?" 0

# check: the same verdict but for times, ranks and shards
verdict() {
    sed '/"seconds":/d; /"shards":/,/}/d; /"note": "NaN/d'
}
exhaust="check --exhaustive --threads 1 sn_selu_faithful_f32 --quiet --json"
sample="check --threads 1 sn_selu_grad_f64 --samples 300000 --quiet --json"
for what in "$exhaust" "$sample"; do
    # shellcheck disable=SC2086
    "$selfnorm" $what | verdict >"$place/whole"
    for ranks in 2 3; do
        # shellcheck disable=SC2086
        mpirun -np $ranks "$selfnorm" $what 2>/dev/null | verdict |
            cmp -s - "$place/whole"
        check "verdict of $ranks ranks: $what" $? 0
    done
done
# shellcheck disable=SC2086
kill_at "$place/kept/shard-000005" $exhaust --shards "$place/kept"
check 'check: a killed rank ends the run with an error' \
    "$([ $? -ne 0 ] && echo yes)" yes
before=$(find "$place/kept" -name 'shard-??????' | wc -l)
# shellcheck disable=SC2086
"$selfnorm" $exhaust | verdict >"$place/whole"
# shellcheck disable=SC2086
mpirun -np 3 "$selfnorm" $exhaust --shards "$place/kept" 2>/dev/null \
    >"$place/again"
verdict <"$place/again" | cmp -s - "$place/whole"
check "check: verdict after a kill ($before shards were there)" $? 0
check 'check: kept shards are not run again' \
    "$(sed -n 's/.*"kept": \([0-9]*\).*/\1/p' "$place/again")" "$before"

# shellcheck disable=SC2086
mpirun -np 2 "$selfnorm" $run --width 1 >"$place/out" 2>"$place/err"
check 'bad usage: exit status' "$?" 2
check 'bad usage: one line' "$(grep -c '^selfnorm' "$place/err")" 1

# ---- train ----
run='train --arm all --seeds 3 --steps 40 --width 16 --depth 4 --threads 1'
# shellcheck disable=SC2086
whole=$("$selfnorm" $run | digest)
for ranks in 1 2 3 4; do
    # shellcheck disable=SC2086
    got=$(mpirun -np $ranks "$selfnorm" $run 2>/dev/null | digest)
    check "train: digest of $ranks ranks" "$got" "$whole"
done

long="$run --steps 3000 --shards $place/runs"
# shellcheck disable=SC2086
mpirun -np 2 "$selfnorm" $long >"$place/out" 2>&1 &
job=$!
runs() {
    ls "$place/runs" 2>/dev/null | grep -c '^run-.\{16\}$'
}
for _ in $(seq 400); do
    [ "$(runs)" -ge 4 ] && break
    sleep 0.02
done
victim=$(ps -o pid= --ppid $job | tail -n 1)
[ -n "$victim" ] && kill -9 $victim
wait $job
check 'train: a killed rank ends the run with an error' \
    "$([ $? -ne 0 ] && echo yes)" yes
before=$(runs)
# shellcheck disable=SC2086
whole=$("$selfnorm" $run --steps 3000 | digest)
# shellcheck disable=SC2086
got=$(mpirun -np 3 "$selfnorm" $long 2>/dev/null | digest)
check "train: digest after a kill ($before runs were there)" "$got" "$whole"
[ "$before" -ge 4 ] && [ "$before" -lt 24 ]
check 'train: finished runs survive the kill, others were to do' "$?" 0
check 'train: all are kept then, none twice' "$(runs)" 24

# shellcheck disable=SC2086
mpirun -np 2 "$selfnorm" $long --shard 1/2 >"$place/out" 2>"$place/err"
check 'train: --shard under MPI: exit status' "$?" 2
check 'train: --shard under MPI: one line' \
    "$(grep -c 'the ranks are the shares' "$place/err")" 1
mpirun -np 2 "$selfnorm" train --list >"$place/out" 2>"$place/err"
check 'train: --list: exit status' "$?" 0
check 'train: --list: once' "$(grep -c '^tic-tac-toe' "$place/out")" 1
echo "mpi: $passed passed, $failed failed"
[ $failed -eq 0 ]
