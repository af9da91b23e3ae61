#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# cli.sh BUILD: the program BUILD/selfnorm as a user meets it.  Every case runs
# in an empty folder, which must be empty again afterwards; an error is one
# line on standard error that names the word at fault and what would do, with
# nothing on standard output.  Kernels that are wrong in a known way are
# compiled here.  Ends with expectations that do not hold, which must fail.
set -u
if [ $# -ne 1 ] || [ ! -x "$1/selfnorm" ] || [ ! -x "$1/kernel-host" ]; then
    echo "cli.sh: '${1:-}': must be the folder of selfnorm and kernel-host" >&2
    exit 2
fi
selfnorm=$(cd "$1" && pwd)/selfnorm
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
work=$tmp/work
here=$(cd "$(dirname "$0")" && pwd)
mkdir "$work"
cd "$work" || exit 2
passed=0 failed=0
umask 022
# At exit LeakSanitizer may fail to stop an OpenMP thread and say so on
# standard error, where these cases count lines; leaks are the other tests' to
# find.
export ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}

count() { # WHAT: counts the status of the last command
    if [ $? -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "cli: FAILED: $1${why:+: $why}"
    fi
    why=
}

matches() { # FILE REGEX: some line does; '-' for an empty file
    local line
    [ "$2" != - ] || { [ ! -s "$1" ]; return; }
    while IFS= read -r line; do
        [[ $line =~ $2 ]] && return 0
    done <"$1"
    return 1
}

leftovers() { # into $left: what lies in the empty folder; removes it
    left=("$work"/*)
    [ ${#left[@]} -eq 0 ] || rm -rf "${left[@]}"
}
shopt -s nullglob dotglob

# STATUS STDOUT STDERR WORD...: runs selfnorm WORD... and says what differs.
holds() {
    local status=$1 out=$2 err=$3 got said
    shift 3
    timeout "${limit:-20}" "$selfnorm" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    got=$?
    mapfile said <"$tmp/err"
    leftovers
    why=
    [ $got -eq "$status" ] || why="exit status $got, not $status"
    matches "$tmp/out" "$out" ||
        why="$why; stdout is not '$out': $(head -c 200 "$tmp/out")"
    matches "$tmp/err" "$err" ||
        why="$why; stderr is not '$err': $(head -c 300 "$tmp/err")"
    [ "$err" = - ] || {
        [ ${#said[@]} -eq "${lines:-1}" ] && [[ ${said[0]} == selfnorm*$'\n' ]]
    } || why="$why; stderr is ${#said[@]} lines: ${said[*]}"
    [ ${#left[@]} -eq 0 ] || why="$why; leaves ${left[*]}"
    [ -z "$why" ]
}

t() { # the same, counted
    holds "$@"
    count "selfnorm ${*:4}"
}

usage() { # STDERR WORD...: bad usage
    t 2 - "$@"
}

# ---- tools: exactly one JSON document, and what is at a path in it --------
cc=${CC:-cc}
cat >"$tmp/json.c" <<'C'
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
/* json FILE: one document?  json FILE PATH...: are all there, what are they?
   a.b.0.c is a path */
int main(int argc, char **argv)
{
    json_error_t error;
    json_t *document = json_load_file(argv[1], 0, &error);
    if (!document)
        return fprintf(stderr, "%s: %s\n", argv[1], error.text), 1;
    for (int i = 2; i < argc; i++) {
        json_t *at = document;
        char path[256];
        snprintf(path, sizeof path, "%s", argv[i]);
        for (char *k = strtok(path, "."); k && at; k = strtok(NULL, "."))
            at = json_is_array(at) ? json_array_get(at, (size_t)atoi(k))
                                   : json_object_get(at, k);
        if (!at)
            return fprintf(stderr, "%s: no %s\n", argv[1], argv[i]), 1;
        if (json_is_string(at))
            puts(json_string_value(at));
        else
            json_dumpf(at, stdout, JSON_ENCODE_ANY), puts("");
    }
    return 0;
}
C
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
$cc -O1 -o "$tmp/json" "$tmp/json.c" -ljansson &&
    $cc -O1 -fPIC -shared -o "$k" "$tmp/kernels.c" -lm &&
    $cc -O1 -fPIC -shared -o "$tmp/constructor.so" "$tmp/constructor.c" ||
    exit 2

# ---- help ----------------------------------------------------------------
t 0 'Usage: selfnorm COMMAND' - --help
t 0 'Usage: selfnorm COMMAND' - -h
t 0 'Usage: selfnorm COMMAND' - help
t 0 'Usage: selfnorm COMMAND' - --usage
t 0 '^selfnorm [0-9]+\.[0-9]+' - --version
commands=$("$selfnorm" --help | sed -n 's/^  \([a-z-]\{1,\}\)  .*/\1/p')
[ "$(echo "$commands" | wc -w)" -ge 7 ]
count 'at least seven commands in --help'
for command in $commands; do
    t 0 "^Usage: selfnorm $command" - "$command" --help
    t 0 '^ +-o, --output=' - "$command" -h
    t 0 "^Usage: selfnorm $command" - "$command" --usage
    t 0 '^selfnorm [0-9]+\.[0-9]+' - "$command" --version
    usage "unknown option '--nonsense'.*'selfnorm $command --help'" \
        "$command" --nonsense --json
    usage '--json=1.*takes no value' "$command" --json=1 --help
    usage "'-xo': |option '-xo'" "$command" -xo --json
    usage '-o: needs a value, -o F' "$command" --json -o
    usage "--output: needs a value" "$command" --outp
    usage "--output '': must be the name of a file" "$command" -o ''
done

# ---- words that cannot be used -------------------------------------------
usage 'no command.*--help'
usage "unknown command 'foo'; use one of constants, map" foo
usage "unknown command ''" ''
usage "unknown command 'con'" con
usage "unknown command 'a.b'" $'a\nb'
usage "unknown command '--json'" --json map
usage "'foo': no such argument" map foo --digits 3
usage "'--json': no such argument" list -- --json
usage "'-': no such argument" constants -
usage "'': no such argument" map ''
usage "unknown option '--threads'" map --threads 2 --json
usage "'--t' may be --tsv, --threads" simulate --t 1
usage "'--s=1' may be --start, --seed" simulate --s=1
usage '--mean: needs a value, --mean=MU' map --variance 1 --mean
usage '--digits: needs a value' map --dig
usage "'a.b.\[31m': no such argument" map $'a\nb\e[31m'
t 0 '^mean +0' - map --dig 5 --var=1 --
for digits in -1 0 10000001 99999999999999999999 1e3 0x10 5.0 ' 5' five ''; do
    usage "--digits '$digits': must be a whole number from 1 to 10000" \
        map "--digits=$digits"
    usage "--digits '$digits': must be a whole number from 1 to 10000000" \
        constants --digits "$digits"
done
usage "--digits '10001': must be a whole number from 1 to 10000" \
    map --digits 10001
for word in 0 -1 -0 0e5 nan NaN inf -inf 0x1p3 '' ' 1' 1,5 1..2 . e5 1e 1e- \
    1e1.5 --1 1f; do
    usage "--tau '$word': must be a finite decimal number above 0" \
        map --tau "$word"
    usage "--variance '$word': must be a finite decimal number above 0" \
        constants "--variance=$word"
done
usage "--mean 'nan': must be a finite decimal number such as" map --mean nan
usage "--omega '0x1': must be a finite" constants --omega 0x1
usage "--alpha '-1': must be a finite decimal number, 0 or more" \
    map --alpha -1
for word in 1e999999 1e-10000 1e99999999999999999999 \
    1e-99999999999999999999; do
    usage "--mean '$word': the exponent must be from -9999 to 9999" \
        map --mean $word
done
long=$(printf '%020001d' 1)
usage "--tau '0{40}\.\.\.': must be at most 20000 characters" map --tau "$long"
usage "--mean 'x{40}\.\.\.': must be a finite" \
    map --mean "$(printf '%5000s' '' | tr ' ' x)"
usage '--format c and --json exclude each other' constants --json --format c
usage "--seed '-1': must be a whole number from 0" simulate --seed -1
usage "--seed '18446744073709551616': must be" simulate \
    --seed 18446744073709551616
usage "--threads '0': must be a whole number from 1" simulate --threads 0
usage "--width '1': must be a whole number from 2" simulate --width 1
usage "--start '0,0': must be MU,NU" simulate --start 0,0
usage "--start 'nan,1': must be MU,NU" simulate --start nan,1
usage "--start '0': must be MU,NU" simulate --start 0
usage "--init 'he': must be one of: lecun-normal" simulate --init he
usage 'no claim named; the claims are jacobian' prove
usage "unknown claim 'fermat'; the claims are jacobian" prove fermat
usage "--domain 'x': must be mu, nu, omega or tau" prove all --domain x=0:1
usage "--domain mu '1': must be LOWER:UPPER" prove all --domain mu=1
usage "--domain mu '1:0': the lower end is above" prove all --domain mu=1:0
usage "--domain tau '0': must be a finite decimal number above 0" \
    prove all --domain tau=0:1
usage "--max-boxes '0': must be a whole number" prove all --max-boxes 0
usage 'no kernel given; name one' check
usage "--function 'relu': must be selu" check --function relu sn_selu_f32
usage "--dtype 'f16': must be f32 or f64" check --dtype f16 sn_selu_f32
usage "--timeout '0': must be from" check --timeout 0 sn_selu_f32
usage "--samples '-5': must be a whole number" check --samples -5 sn_selu_f32
usage "--max-ulp 'nan': must be" check --max-ulp nan sn_selu_f32

usage "--region '1,0,1,2': the ends 1 and 0" fixed-points --region 1,0,1,2
usage "--region '0': must be a finite decimal number above 0" \
    fixed-points --region 0,1,0,2
usage "--region '0,1': must be four" fixed-points --region 0,1
usage "--lambda 'f33': must be a decimal" fixed-points --lambda f33
usage 'nothing to audit: give a FILE' audit
usage "--dtype 'f31': must be f64" audit --dtype f31 x
usage "--alpha '7': must be a decimal or hexadecimal" audit --alpha 7
usage 'no --rate given' dropout-affine
usage "--rate '1': must be from 0 to below 1" dropout-affine --rate 1
usage "--rate '-1': must be a finite decimal" dropout-affine --rate -1
usage "--lower, --activation, and --lambda with" \
    dropout-affine --rate 0.1 --lower -1 --alpha 2

# ---- what cannot be done -------------------------------------------------
t 3 - "cannot write '/nonexistent/x': No such file" map -o /nonexistent/x
t 3 - "cannot write '/': Is a directory" list -o /
t 3 - "cannot write '/dev/full': No space left" map --json -o /dev/full
t 3 '1 unreadable' "'/nonexistent/x': No such file" audit /nonexistent/x
t 1 '2 not correctly rounded' - audit --alpha 1.67326 --lambda 1.0507
t 0 '2 literals, 0 not' - audit --alpha 1.6732632423543772 \
    --lambda 1.0507009873554805
t 1 'NOT complete' - fixed-points --max-boxes 3
t 0 'attracting +no' - fixed-points --omega 1 --alpha 1.9769021954242004 \
    --lambda 1.0738512396160457 --digits 10
t 0 '^a +0.95484447600503087638620867909728' - dropout-affine --rate 0.05
t 1 - 'no lambda, alpha > 0 give the fixed point \(5, 1\).*mean can be 0\.6833 but' constants --mean 5
t 1 - 'not decided.*less extreme values' constants --mean 0.1 --omega 1e10
t 1 - '--format c: alpha does not fit a float' constants --variance 1e300 \
    --format c -o header
t 0 'variance +2\.0177998166565088788140519802467e-9999' - \
    map --variance 1e-9999
t 0 'attracting +yes' - constants --variance 1e-300
t 1 'not true that' - prove jacobian --domain mu=.1:5.e-1
for stream in '>&-' '>/dev/full' '<&- >&-'; do
    for words in map 'list --json' --help 'map --help' \
        'check sn_selu_f32 --samples 10'; do
        eval "timeout 20 \"\$selfnorm\" $words $stream 2>\"\$tmp/err\""
        got=$?
        mapfile said <"$tmp/err"
        leftovers
        [ $got -eq 3 ] && [ ${#said[@]} -eq 1 ] && [ ${#left[@]} -eq 0 ] &&
            [[ ${said[0]} == *'cannot write the result'* ]]
        count "selfnorm $words $stream: exit status 3 and one line"
    done
done

# ---- one JSON document, with the keys of the manual ----------------------
keys() { # KEYS STATUS WORD...
    local keys=$1
    shift
    # shellcheck disable=SC2086
    holds "$1" '^\{' "${keys_err:--}" "${@:2}" --json &&
        why=$("$tmp/json" "$tmp/out" command version ok seconds $keys 2>&1 \
            >"$tmp/values") && why=
    count "selfnorm ${*:2} --json"
}
three='alpha lambda alpha_prime'
keys "alpha.value alpha.radius lambda.value lambda.radius alpha_prime.value
    alpha_prime.radius unique attracting eigenvalues.1.value
    spectral_norm.value $(for f in f64 f32 f16 bf16; do
        for x in $three; do echo "formats.$f.$x"; done; done)" 0 constants
keys 'a.value a.radius b.value alpha_prime.radius' 0 dropout-affine --rate .1
keys 'complete region fixed_points.0.mean.value
    fixed_points.0.variance.radius fixed_points.0.eigenvalues.0.value
    fixed_points.0.attracting' 0 fixed-points
keys 'findings.0.literal findings.0.constant findings.0.ulps.f32
    findings.0.ulps.f64 findings.0.fixed_point' 1 audit --alpha 1.6732
keys "mean.value variance.radius jacobian.0.1.value jacobian.1.1.radius
    spectral_norm.value spectral_radius.value" 0 map
keys 'claims.1.name claims.1.statement claims.0.proved claims.0.boxes
    claims.0.extremum.lower claims.0.extremum.upper claims.0.extremum.at
    claims.0.seconds' 0 prove all
keys 'claims.0.proved claims.0.counterexample' 1 \
    prove jacobian --domain mu=.1:5.e-1
keys 'claims.0.name claims.0.statement' 0 prove --list
small='--width 16 --depth 4 --networks 4 --inputs 4'
# shellcheck disable=SC2086
keys 'layers.4.layer layers.4.mean layers.4.mean_se layers.4.variance
    layers.4.variance_se layers.4.theory_mean layers.4.theory_variance
    residual_test digest seed threads machine.cpu' 0 simulate $small
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

# ---- figures -------------------------------------------------------------
t 0 '^lambda +1\.0507009873554804934193349852946$' - constants --digits 32
t 0 '^alpha +1\.6732632423543772848170429916717$' - constants --digits 32
t 0 '^lambda +1\.050700987355480493419334985295$' - constants --digits 31

value() { # DIGITS NUMBER
    "$selfnorm" constants --digits "$1" --json >"$tmp/out" &&
        "$tmp/json" "$tmp/out" "$2.value"
}
rounded() { # DIGITS: standard input, one digit before its point, to DIGITS
    awk -v n="$1" '{ sub(/\./, ""); up = substr($0, n + 1, 1) >= 5; text = ""
        for (i = n; i > 0; i--) {
            d = substr($0, i, 1) + up; up = d > 9
            text = d % 10 text
        }
        sub(/^./, "&.", text); print text }'
}
for number in lambda alpha alpha_prime; do
    full=$(value 200 $number)
    for digits in 50 100; do
        [ ${#full} -eq 201 ] &&
            [ "$(echo "$full" | rounded $digits)" = \
                "$(value $digits $number)" ]
        count "$number: $digits digits are the 200 rounded"
    done
done
{ "$selfnorm" constants --format c && cat <<'C'
#include <stdio.h>
int main(void) { printf("%a %a\n", SN_LAMBDA_F64, (double)SN_ALPHA_F32); }
C
} >"$tmp/header.c" &&
    $cc -std=c11 -pedantic -Wall -Werror -o "$tmp/header" "$tmp/header.c" &&
    [ "$("$tmp/header")" = '0x1.0cfabd6a91132p+0 0x1.ac5afap+0' ]
count '--format c compiles and holds the constants'

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

# ---- files appear whole or not at all ------------------------------------
is_alone() { # no temporary file beside $tmp/target
    set -- "$tmp"/target*
    [ $# -eq 1 ]
}
echo old >"$tmp/target"
chmod 600 "$tmp/target"
before=$(ls -i "$tmp/target")
"$selfnorm" map --json -o "$tmp/target" >"$tmp/out" && [ ! -s "$tmp/out" ] &&
    "$tmp/json" "$tmp/target" mean.value >"$tmp/out" &&
    [ "$before" != "$(ls -i "$tmp/target")" ] &&
    is_alone
count '-o replaces the file at once and leaves nothing else'
echo old >"$tmp/target"
"$selfnorm" constants --mean 5 -o "$tmp/target" 2>"$tmp/err"
[ $? -eq 1 ] && [ "$(cat "$tmp/target")" = old ] &&
    is_alone
count '-o of a failed command leaves the old file'
(ulimit -f 1 && trap '' XFSZ &&
    exec "$selfnorm" map --digits 10000 -o "$tmp/target" 2>"$tmp/err")
[ $? -eq 3 ] && [ "$(cat "$tmp/target")" = old ] &&
    is_alone &&
    grep -q "cannot write '$tmp/target'" "$tmp/err"
count '-o without room for the result leaves the old file'

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
judged 3 'not checked' "kernels.c:good'.*(ELF|header|shared)" \
    "$tmp/kernels.c:good"
judged 3 'not checked' 'is not a file; a shared library is needed' "$tmp:f"
judged 2 'not checked' "'foo': must be a name from 'selfnorm list'" foo

# ---- Ctrl-C keeps what is finished ---------------------------------------
"$selfnorm" check --samples 1000 --json "$k:good" "$k:slow" \
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
"$tmp/json" "$tmp/out" kernels.0.passed kernels.1.passed >"$tmp/values" 2>&1
why="status $status, $(cat "$tmp/values" "$tmp/err")"
[ $status -eq 1 ] && grep -q interrupted "$tmp/err" &&
    [ "$(wc -l <"$tmp/err")" -eq 1 ] && [ ${#left[@]} -eq 0 ] &&
    [ "$(cat "$tmp/values")" = $'true\nfalse' ]
count 'SIGINT during check: what is finished is kept'

. "$here/cli_activations.sh"

# ---- would a failure be noticed? -----------------------------------------
unnoticed() { # an expectation that does not hold
    ! holds "$@"
    count "planted fault: '$1' '$2' '$3' selfnorm ${*:4} passes"
}
unnoticed 0 - 'must be' map --digits 0
unnoticed 2 'mean' 'must be' map --digits 0
unnoticed 2 - 'must be a colour' map --digits 0
unnoticed 2 - - map --digits 0
unnoticed 0 'mean' 'must be' map
unnoticed 0 - - map -o left-behind
lines=2 unnoticed 2 - 'must be' map --digits 0
limit=0.5 unnoticed 1 . . check --timeout 20 "$k:hang"
why=
before=$failed
(exit 1)
count 'planted fault (this line is expected)' >"$tmp/out"
[ $failed -eq $((before + 1)) ] && grep -q FAILED "$tmp/out"
caught=$?
failed=$before
(exit $caught)
count 'planted fault: count() does not count a failure'
echo '{} {}' >"$tmp/two.json"
! "$tmp/json" "$tmp/two.json" 2>"$tmp/err"
count 'planted fault: two documents pass as one'

echo "$passed passed, $failed failed"
echo "cli: $passed passed, $failed failed"
[ $failed -eq 0 ]
