# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: kernels of other people, checked.
# shellcheck shell=bash

cat >"$tmp/kernels.c" <<'C'
#include <fcntl.h>
#include <fenv.h>
#include <math.h>
#include <stddef.h>
#include <unistd.h>
#if defined __SSE__
#include <xmmintrin.h>
#endif
static const double lambda = 0x1.0cfabd6a91132p+0, both = 0x1.c212cc640f031p+0;
void good(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(x[i] > 0 ? lambda * x[i]
            : x[i] == 0 ? (double)x[i] : both * expm1(x[i]));
}
void wrong(float *y, const float *x, size_t n)
{
    good(y, x, n);
    for (size_t i = 0; i < n; i++)
        y[i] *= 1.0001f;
}
void crash(float *y, const float *x, size_t n)
{
    good(y, x, n);
    *(volatile int *)16 = 1;
}
void hang(float *y, const float *x, size_t n)
{
    good(y, x, n);
    for (volatile int i = 0;;)
        i = 0;
}
void past(float *y, const float *x, size_t n)
{
    good(y, x, n);
    ((volatile float *)y)[n] = 1;
}
void mode(float *y, const float *x, size_t n)
{
    good(y, x, n);
#if defined __SSE__
    _mm_setcsr(_mm_getcsr() | 0x8040);
#else
    fesetround(FE_DOWNWARD);
#endif
}
void leaves(float *y, const float *x, size_t n)
{
    (void)y, (void)x, (void)n;
    _exit(7);
}
void slow(float *y, const float *x, size_t n)
{
    close(open("started", O_CREAT | O_WRONLY, 0666));
    good(y, x, n);
    usleep(100000);
}
C
echo '__attribute__((constructor)) static void f(void) { __builtin_trap(); }
void good(void) {}' >"$tmp/constructor.c"
k=$tmp/kernels.so
$cc -O1 -fPIC -shared -o "$k" "$tmp/kernels.c" -lm &&
    $cc -O1 -fPIC -shared -o "$tmp/constructor.so" "$tmp/constructor.c" ||
    exit 2

usage 'no kernel given; name one' check
usage "--function 'relu': must be selu" check --function relu sn_selu_f32
usage "--dtype 'f15': must be f32, f64, f16 or bf16" check --dtype f15 sn_selu_f32
usage "--timeout '0': must be from" check --timeout 0 sn_selu_f32
usage "--samples '-5': must be a whole number" check --samples -5 sn_selu_f32
usage "--max-ulp 'nan': must be" check --max-ulp nan sn_selu_f32
keys 'kernels.0.name kernels.0.function kernels.0.dtype kernels.0.isa
    kernels.0.class kernels.0.bound_ulp kernels.0.available' 0 list
keys 'kernels.0.kernel kernels.0.function kernels.0.dtype kernels.0.inputs
    kernels.0.exhaustive kernels.0.max_ulp kernels.0.worst.input
    kernels.0.worst.got kernels.0.worst.want kernels.0.incorrectly_rounded
    kernels.0.monotonicity_violations kernels.0.checks.0.name
    kernels.0.checks.0.passed kernels.0.checks.0.detail kernels.0.passed
    seed threads machine' 0 check sn_selu_f32 --samples 1000
keys_err="'$k:crash'" keys 'kernels.1.passed' 1 \
    check "$k:crash" sn_selu_f32 --samples 1000

# ---- kernels of other people ---------------------------------------------
quick='--samples 1000 --threads 2'
ok='sn_selu_f32'
judged() { # STATUS STDOUT STDERR KERNEL: another kernel follows and passes
    # shellcheck disable=SC2086
    holds "$1" "$2" "$3" check $quick ${more:-} "$4" $ok &&
        { sed -n "/^$ok\$/,\$p" "$tmp/out" | grep -q '^  passed: ' ||
            ! why='the other kernel was not checked'; }
    count "selfnorm check $4 $ok"
}
judged 0 '^  passed' - "$k:good"
judged 1 '^  FAILED' - "$k:wrong"
judged 1 'crashed with SIGSEGV.* inputs from' \
    "kernels.so:crash': crashed with SIGSEGV.* inputs from .* to " "$k:crash"
more='--timeout 0.3' judged 1 'no answer .*0\.3 s' \
    "kernels.so:hang': .*no answer .*0\.3 s.* n = " "$k:hang"
judged 1 'writes 0 bytes after the end of the output' \
    "kernels.so:past': .*writes .* after the end of the output" "$k:past"
judged 1 'switches the floating-point mode' \
    "kernels.so:mode': .*switches the floating-point mode" "$k:mode"
judged 1 'exit status 7' \
    "kernels.so:leaves': .*exit status 7" "$k:leaves"
judged 1 'crashed with SIG(ILL|TRAP)' \
    "constructor.so:good': loading: crashed with SIG(ILL|TRAP)" \
    "$tmp/constructor.so:good"
judged 3 'not checked' "kernels.so:absent': .*no symbol 'absent'" "$k:absent"
judged 3 'not checked' "'/nonexistent.so:f'.*No such file" /nonexistent.so:f
judged 2 'not checked' "kernels.c:good': a source; compile it, 'cc .*kernels.c" \
    "$tmp/kernels.c:good"
judged 2 'not checked' "kernels.so': a library alone; name its function" "$k"
printf 'extern "C++" void mine(float *, const float *, unsigned long) {}\n' \
    >"$tmp/mine.cc"
c++ -shared -fPIC -o "$tmp/mine.so" "$tmp/mine.cc"
judged 3 'not checked' "has '_Z4minePfPKfm', a name of C\+\+; .*extern .C." \
    "$tmp/mine.so:mine"
printf 'no library\n' >"$tmp/text.so"
judged 3 'not checked' "text.so:good'.*(ELF|header|shared|short)" \
    "$tmp/text.so:good"
judged 3 'not checked' 'is not a file; a shared library is needed' "$tmp:f"
judged 2 'not checked' "'foo': must be a name from 'selfnorm list'" foo

# ---- Ctrl-C keeps what is finished ---------------------------------------
"$selfnorm" check --quiet --samples 1000 --json "$k:good" "$k:slow" \
    >"$tmp/out" 2>"$tmp/err" &
child=$!
for _ in $(seq 100); do
    [ -e started ] && break
    sleep 0.1
done
sleep 0.2
kill -INT $child
wait $child
status=$?
rm -f started
leftovers
json "$tmp/out" kernels.0.passed kernels.1.passed >"$tmp/values" 2>&1
why="status $status, $(cat "$tmp/values" "$tmp/err")"
[ $status -eq 1 ] && grep -q interrupted "$tmp/err" &&
    [ "$(wc -l <"$tmp/err")" -eq 1 ] && [ ${#left[@]} -eq 0 ] &&
    [ "$(cat "$tmp/values")" = $'true\nfalse' ]
count 'SIGINT during check: what is finished is kept'

# ---- built-in kernels: instruction sets, bench ----------------------------
SELFNORM_ISA=avx3 usage "SELFNORM_ISA='avx3': must be avx512, avx2 or" list
SELFNORM_ISA='' usage "SELFNORM_ISA='': must be avx512, avx2 or" list
SELFNORM_ISA=avx3 t 2 'not checked' "SELFNORM_ISA='avx3': must be" \
    check sn_selu_f32
SELFNORM_ISA=avx3 usage "SELFNORM_ISA='avx3': must be" bench sn_selu_f32
SELFNORM_ISA=portable t 0 'sn_selu_bf16 +selu +bf16 +portable' - list
SELFNORM_ISA=portable t 0 '^  passed: ' - check sn_selu_f64 --samples 1000
t 0 'sn_selu_f32_portable .*portable' - list --all
t 3 'not checked' "'sn_selu_alpha_dropout_f32' is selu-alpha-dropout in f32, which check does not know" \
    check sn_selu_alpha_dropout_f32
usage "'sn_selu_f8': must be a name from" bench sn_selu_f8
usage "'exec:cat': only code in this process can be timed" bench exec:cat
usage "--threads '0': must be" bench --threads 1,0 sn_selu_f32
usage "--sizes 'x': must be" bench --sizes x sn_selu_f32
usage "--dtype 'f8': must be f32, f64, f16 or bf16" bench --dtype f8 sn_selu_f32
keys 'machine rows.0.kernel rows.0.n rows.0.threads rows.0.ns_per_element
    rows.0.quartiles.1 rows.0.memcpy_ratio rows.0.floor_ratio rows.2.dtype rows.4.max_ulp
    rows.5.max_ulp' 0 \
    bench --sizes 1000 --threads 1 --turns 1 --accuracy sn_selu_grad_f32 \
    sn_selu_bf16 sn_selu_alpha_dropout_f64
# dropout is no function of x: times alone
usage "'sn_selu_f64' is selu in f64, not selu in f32" bench --dtype f32 sn_selu_f64
usage "'sn_selu_f32' is selu in f32, not elu-grad in f32" bench \
    --function elu-grad sn_selu_f32
usage "--function 'relu': must be selu" bench --function relu sn_selu_f32
t 0 'dropout_grad_f32 ' - bench --sizes 1000 --threads 1 --turns 1 --rate 0.5 \
    --seed 7 sn_alpha_dropout_grad_f32
t 0 'dropout_f32  *f32  *1000  *1  *[0-9.]*  *[0-9.]* to [0-9.]*  *[0-9.]*  *[0-9.]* *$' - \
    bench --sizes 1000 --threads 1 --turns 1 --accuracy sn_alpha_dropout_f32
