# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh, after kernels.sh: programs, files, baselines, other formats.
# shellcheck shell=bash disable=SC2154

# ---- exec: ----------------------------------------------------------------
cat >"$tmp/program.c" <<'C'
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv)
{
    static float x[4096];
    const char *how = argc > 1 ? argv[1] : "", *type = getenv("SELFNORM_DTYPE");
    size_t n;
    if (!type || strcmp(type, "f32") || !getenv("SELFNORM_FUNCTION"))
        return 9;
    if (!strcmp(how, "chatter"))
        puts("starting up");
    while ((n = fread(x, sizeof *x, 4096, stdin))) {
        for (size_t i = 0; i < n; i++)
            x[i] = (float)(x[i] > 0 ? 0x1.0cfabd6a91132p+0 * x[i]
                : x[i] == 0 ? (double)x[i]
                : 0x1.c212cc640f031p+0 * expm1(x[i]));
        if (!strcmp(how, "short") && n > 1)
            n--;
        fwrite(x, sizeof *x, n, stdout);
        if (!strcmp(how, "hangs"))
            for (volatile int still = 1; still;)
                ;
    }
    return !strcmp(how, "fails") ? 4 : 0;
}
C
$cc -O1 -o "$tmp/program" "$tmp/program.c" -lm || exit 2
e="exec:$tmp/program"
more='' judged 0 '^  passed' - "$e"
judged 1 'text-on-output' "'$e chatter': writes too much" "$e chatter"
judged 1 'writes too little' "'$e short': writes too little" "$e short"
more='--timeout 0.5' judged 1 'no byte within' "'$e hangs': no byte within" \
    "$e hangs"
more=
judged 1 'ended with exit status 4' "ended with exit status 4" "$e fails"
judged 3 'not checked' 'cannot be run: the shell ended with status 127' \
    'exec:exec /nonexistent/program 2>/dev/null'
t 3 'not checked' 'cannot be run: the shell ended with status 127' check \
    --function alpha-dropout 'exec:exec /nonexistent/program 2>/dev/null'
judged 2 'not checked' 'no command; must be exec:COMMAND' 'exec: '

# gradients read pairs, dy and x in turn
cat >"$tmp/pairs.c" <<'C'
#include <math.h>
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv)
{
    float v[2];
    for (long i = 0; fread(v, sizeof *v, 2, stdin) == 2; i++) {
        double slope = v[1] > 0 ? 0x1.0cfabd6a91132p+0
            : v[1] <= 0 ? 0x1.c212cc640f031p+0 * exp(v[1]) : v[1];
        float dx = (float)(v[0] * slope);
        if (argc > 1 && !strcmp(argv[1], "overflows") && v[1] <= 0)
            dx = v[0] * 3 * (float)(0x1.c212cc640f031p+0 / 3 * exp(v[1]));
        if (argc > 1 && !strcmp(argv[1], "first") && i == 6)
            dx *= 1.0000001f;
        fwrite(&dx, sizeof dx, 1, stdout);
    }
    return 0;
}
C
$cc -O1 -o "$tmp/pairs" "$tmp/pairs.c" -lm || exit 2
p="exec:$tmp/pairs" grad='check --function selu-grad'
# shellcheck disable=SC2086
{
    t 0 'accuracy for any dy' - $grad "$p"
    t 0 'warning: .*dy-overflow' - $grad "$p overflows"
    t 1 'error  same bits at any place' - $grad --strict "$p first"
    t 0 'call=15$' - $grad "$p first"
    t 0 'warning  same bits.*n = 15: x = ' - $grad --call 15 "$p first"
    t 0 'pass  same bits' - $grad --call 5 "$p first"
    t 0 'pass  lengths 0 to 131' - $grad --every-length "$p"
}
t 0 'pass  lengths 0, 1, 15, 63, 127' - check "$e"

# one call; parts that are kept
f=$tmp/structure.so:tail_differs
$cc -std=gnu11 -O1 -fPIC -shared -I "$here/.." -o "${f%:*}" \
    "$here/faulty/structure.c" -lm || exit 2
t 0 'call=1,65535,65535' - check "$f"
t 1 'error  same bits: n = 1' - check --strict --call 1,65535,65535 "$f"
t 0 'pass  same bits' - check --call 64 "$f"
t 0 'apart' - check --call 7,0,0,in-place "$f"
usage "--allow 'nosuch': must be codes" check --allow place,nosuch "$f"
usage "--call '7,0': must be" check --call 7,0 "$f"
usage "--call '70000': must be" check --call 70000 "$f"
usage "--call '7': not with --input" check --call 7 --input 1 "$f"
t 0 'shards, 0 of them kept' - check --samples 100000 \
    --shards "$tmp/kept" sn_selu_f32
rm "$tmp"/kept/shard-000001
t 0 'shards, [1-9][0-9]* of them kept' - check --samples 100000 \
    --shards "$tmp/kept" sn_selu_f32
t 3 - 'it is of a run with other settings' check --samples 100001 \
    --shards "$tmp/kept" sn_selu_f32
t 2 'not checked' 'is not checked in parts' check --shards "$tmp/kept" \
    sn_alpha_dropout_f32

# ---- npy: and vectors -----------------------------------------------------
v=$tmp/vectors
t 0 'read back' - vectors --count 200 -o "$v"
t 0 'read back' - vectors --count 200 --dtype bf16 --function celu-grad \
    --alpha 1.5 -o "$v"
t 0 '^  passed' - check "npy:$v/selu-f32-x.npy,$v/selu-f32-y.npy"
t 0 '^  passed' - check --function celu-grad --alpha 1.5 \
    "npy:$v/celu-grad-bf16-x.npy,$v/celu-grad-bf16-y.npy"
t 1 'error  accuracy' - check --function elu \
    "npy:$v/selu-f32-x.npy,$v/selu-f32-y.npy"
keys 'files.0.inputs files.0.sections.2.count' 0 vectors --count 10 -o "$v"
usage "--function 'relu': must be selu" vectors --function relu
usage "--count '0': must be" vectors --count 0
t 2 'not checked' "'npy:a.npy': must be npy:IN.npy,OUT.npy" check npy:a.npy
npy() { # FILE DESCR ORDER SHAPE BYTES
    local head="{'descr': '$2', 'fortran_order': $3, 'shape': $4, }"
    while [ $(((${#head} + 11) % 16)) -ne 0 ]; do head="$head "; done
    {
        printf '\223NUMPY\1\0'
        # shellcheck disable=SC2059
        printf "\\x$(printf %x $((${#head} + 1)))\\0"
        printf '%s\n' "$head"
        head -c "$5" /dev/zero
    } >"$1"
}
bad_npy() { # STATUS STDERR
    t "$1" 'not checked' "$2" check "npy:$tmp/in.npy,$tmp/out.npy"
}
npy "$tmp/in.npy" '<f4' False '(4,)' 16
npy "$tmp/out.npy" '<f4' False '(5,)' 20
bad_npy 3 'differ in shape'
npy "$tmp/out.npy" '>f4' False '(4,)' 16
good_npy() { # zeros for zeros are right
    t 0 '^  passed' - check "npy:$tmp/in.npy,$tmp/out.npy"
}
good_npy
npy "$tmp/out.npy" '<f8' False '(4,)' 32
good_npy
npy "$tmp/out.npy" '<f2' False '(4,)' 8
bad_npy 3 "inputs are f32, outputs f16; the outputs' type must have all"
npy "$tmp/out.npy" '<f4' False '(4,)' 15
bad_npy 3 'declares 4 elements of 4 bytes, and 15 bytes follow'
npy "$tmp/out.npy" '<f4' False '(99999999999,99999999999)' 16
bad_npy 3 'declares 1152921504606846976 elements'
npy "$tmp/in.npy" '<f4' False '()' 4
npy "$tmp/out.npy" '<f4' False '()' 4
good_npy
npy "$tmp/in.npy" '<f4' False '(2,2)' 16
npy "$tmp/out.npy" '<f4' True '(2,2)' 16
good_npy
npy "$tmp/out.npy" '<i4' False '(2,2)' 16
bad_npy 3 "elements '<i4'; must be"
npy "$tmp/in.npy" '<f4' False '(4,)' 16
npy "$tmp/dy.npy" '<f4' False '(4,)' 16
npy "$tmp/out.npy" '<f4' False '(4,)' 16
t 0 '^  passed' - check --function elu-grad \
    "npy:$tmp/in.npy,$tmp/dy.npy,$tmp/out.npy"
t 1 'error  accuracy' - check --function elu-grad \
    "npy:$tmp/in.npy,$tmp/out.npy"
# a NaN that became a number; the sign of a zero
printf '\0\0\300\177\0\0\0\200' |
    dd of="$tmp/in.npy" bs=1 conv=notrunc \
        seek=$(($(stat -c %s "$tmp/in.npy") - 16)) 2>/dev/null
t 1 'error: NaN becomes a number' - check "npy:$tmp/in.npy,$tmp/out.npy"
t 1 'warning: the sign of zero' - check "npy:$tmp/in.npy,$tmp/out.npy"
t 1 '^  error  x = NaN.*: got .*, want any NaN$' - check \
    --input bits:0x7fc00000 "npy:$tmp/in.npy,$tmp/out.npy"
t 1 'no such input in the file' - check --input 7.5 \
    "npy:$tmp/in.npy,$tmp/out.npy"
t 2 'not checked' '.--call is for what can be called' check --call 1,0,0 \
    "npy:$tmp/in.npy,$tmp/out.npy"
head -c 200 /dev/zero >"$tmp/out.npy"
bad_npy 3 'is no .npy file'
: >"$tmp/out.npy"
bad_npy 3 'is empty'

# ---- alpha dropout --------------------------------------------------------
cat >"$tmp/dropout.c" <<'C'
#include <math.h>
#include <stddef.h>
#include <stdint.h>
void drop(float *y, const float *x, size_t n, double p, uint64_t seed)
{
    const double l = -0x1.c212cc640f031p+0;
    double a = 1 / sqrt((1 - p) * (1 + p * l * l));
    for (size_t i = 0; i < n; i++) {
        uint64_t z = (seed + 1) * 0xd1342543de82ef95 + i * 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        z ^= z >> 31;
        double u = (double)(z >> 11) * 0x1p-53;
        y[i] = (float)(a * (u < p ? l : x[i]) - a * p * l);
    }
}
C
$cc -O1 -fPIC -shared -o "$tmp/dropout.so" "$tmp/dropout.c" -lm || exit 2
t 0 'right mask and values' - check --function alpha-dropout \
    "$tmp/dropout.so:drop"
keys 'kernels.0.dropout.threshold kernels.0.dropout.power' 0 \
    check --function alpha-dropout --rate 0.3 "$tmp/dropout.so:drop"
t 1 'not-per-channel' - check --function alpha-dropout --rate 0.3 \
    --channel 16 "$tmp/dropout.so:drop"
t 1 'FAILED' - check --function alpha-dropout --alpha 1.6 \
    "$tmp/dropout.so:drop"
usage "--rate '1': must be" check --rate 1 "$tmp/dropout.so:drop"
usage "--false-alarm '0': must be" check --false-alarm 0 sn_selu_f32

# SELU and alpha dropout in one kernel, as docs/reference/check.md says
cat >"$tmp/fused.c" <<'C'
#include "kernels/kernels.h"
#include <math.h>
#include <string.h>
static void fused(float *y, const float *x, size_t n, double p, uint64_t seed)
{
    struct sn_alpha_dropout d;
    sn_alpha_dropout_init(&d, p, seed);
    sn_selu_alpha_dropout_f32(y, x, n, &d, 0);
}
C
sed -n '/^void fused_selu/,/^```/p' "$here/../docs/reference/check.md" |
    sed '$d' >>"$tmp/fused.c"
$cc -std=gnu11 -O1 -fPIC -shared -I "$here/.." -o "$tmp/fused.so" \
    "$tmp/fused.c" "${selfnorm%/*}/libselfnorm-kernels.a" -lm || exit 2
t 0 'max 0.5 ULP at x' - check --samples 100000 "$tmp/fused.so:fused_selu"
t 0 'max 0.4[0-9]* ULP of the larger part' - check --function alpha-dropout \
    --max-ulp 16 --allow special "$tmp/fused.so:fused_dropout"

# ---- one line, a page, contracts ------------------------------------------
t 0 '^sn_selu_f32: passed: ' - check --brief --samples 1000 sn_selu_f32
t 0 'change: Use expm1' - check --explain cancellation
usage "--explain 'nosuch': must be a code" check --explain nosuch
usage "--contract 'multiple=3': must be" check --contract multiple=3 sn_selu_f32
usage "--contract '': must be" check --contract aligned=32, sn_selu_f32
t 1 'error: it crashes' 'crashed with SIG' check --samples 1000 \
    "$tmp/structure.so:demands_alignment"
t 0 '^  passed' - check --samples 1000 --contract aligned=16 \
    "$tmp/structure.so:demands_alignment"

# ---- baselines, TAP, JUnit, single inputs ---------------------------------
b=$tmp/baseline.json
# shellcheck disable=SC2086
t 0 . - check $quick "$k:good" --save-baseline "$b"
# shellcheck disable=SC2086
t 0 'not worse than the baseline' - check $quick "$k:good" --baseline "$b"
sed "s/kernels.so:good/kernels.so:wrong/" "$b" >"$b.of-wrong"
# shellcheck disable=SC2086
t 1 'WORSE than the baseline: max_ulp was' - check $quick "$k:wrong" \
    --baseline "$b.of-wrong"
# shellcheck disable=SC2086
t 3 'not checked' "has nothing about '$k:wrong' as selu" check $quick \
    "$k:wrong" --baseline "$b"
t 3 'not checked' 'other inputs cannot be compared' check --samples 999 \
    "$k:good" --baseline "$b"
sed 's/"selfnorm_baseline": 1/"selfnorm_baseline": 2/' "$b" >"$b.2"
t 3 - 'is a baseline of version 2; must be 1' check "$k:good" --baseline "$b.2"
echo '{}' >"$b.3"
t 3 - 'is no baseline' check "$k:good" --baseline "$b.3"
echo '{"a"' >"$b.4"
t 3 - 'is no JSON: line' check "$k:good" --baseline "$b.4"
t 3 - 'cannot be read' check "$k:good" --baseline /nonexistent
# shellcheck disable=SC2086
t 1 '^not ok [0-9]+ - .*wrong: accuracy' - check $quick "$k:wrong" --tap
# shellcheck disable=SC2086
t 1 'REPRO selfnorm check .*--input=' - check $quick "$k:wrong" \
    --junit "$tmp/junit.xml"
grep -q '<failure message=' "$tmp/junit.xml"
count 'check --junit writes the failure'
usage '--tap: not with --json' check --tap --json "$k:good"
t 0 'pass  x = -0x1p-3' - check "$k:good" --input -0.125,nan,inf
# shellcheck disable=SC2086
t 1 'max-ulp 0.25 --input=' - check $quick "$k:good" --max-ulp 0.25
# a program that is wrong from its second value on
t 1 'got 0x0p.0, among 64 0x1.02' - check --input 0 \
    "exec:dd bs=4 count=1 2>/dev/null; tr '\\0' '\\001'"
t 1 'error  x = -0x1p-3' - check "$k:wrong" --input=-0x1p-3
# what came in place of NaN, and NaN in place of a number, by its bits
t 1 'x = NaN 0x7fc00000 .quiet, payload 0x0.: got 0x0p.0, among 64 0x0p.0, want any NaN$' \
    - check --input nan "exec:tr '\\000-\\377' '\\000'"
t 1 'got NaN 0xffffffff .quiet, payload 0x3fffff., among 64 NaN .*want 0x1.0cfabep.0$' \
    - check --input 1 "exec:tr '\\000-\\377' '\\377'"
usage "--input 'abc': must be numbers" check "$k:good" --input abc
usage "selu takes no dy" check "$k:good" --input 1:2
usage "--ftz 'maybe': must be allow or forbid" check --ftz maybe "$k:good"
t 2 'not checked' 'elu has no lambda' check --function elu --lambda 2 "$k:good"
