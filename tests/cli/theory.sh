# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: constants, map, fixed points, dropout, audit.
# shellcheck shell=bash

usage "--region '1,0,1,2': the ends 1 and 0" fixed-points --region 1,0,1,2
usage "--region '0': must be a finite decimal number above 0" \
    fixed-points --region 0,1,0,2
usage "--region '0,1': must be four" fixed-points --region 0,1
usage "--lambda 'f33': must be a decimal" fixed-points --lambda f33
t 0 'mean = 5.0e-01, variance = 1.5e.00' - map --mean 0x1p-1 --variance 0x1.8p+0
t 2 - "--tau '-1.0e.00': must be a finite decimal number above 0" \
    map --tau=-0x1p0
usage 'nothing to audit: give a FILE' audit
usage "--dtype 'f31': must be f64" audit --dtype f31 x
usage "--alpha '7': must be a decimal or hexadecimal" audit --alpha 7
usage 'no --rate given' dropout-affine
usage "--rate '1': must be from 0 to below 1" dropout-affine --rate 1
usage "--rate '-1': must be a finite decimal" dropout-affine --rate -1
usage "--lower, --activation, and --lambda with" \
    dropout-affine --rate 0.1 --lower -1 --alpha 2

t 3 '1 unreadable' "'/nonexistent/x': No such file" audit /nonexistent/x
t 1 '2 not correctly rounded' - audit --alpha 1.67326 --lambda 1.0507
t 0 '2 literals, 0 not' - audit --alpha 1.6732632423543772 \
    --lambda 1.0507009873554805
t 1 'NOT complete' - fixed-points --max-boxes 3
# g is nearly the identity for large means: an end, and what is left open
t 1 'Any other fixed point of the region has a mean in \[-1.25, 10\]' - \
    fixed-points --omega 1 --lambda 1 --alpha 1 --max-boxes 500
t 0 'attracting +no' - fixed-points --omega 1 --alpha 1.9769021954242004 \
    --lambda 1.0738512396160457 --digits 10
t 0 '^a +0.95484447600503087638620867909728' - dropout-affine --rate 0.05
t 1 - 'no lambda, alpha > 0 give the fixed point \(5, 1\).*mean found that does: 0\.6833$' constants --mean 5
usage "--digits '100001': at most 100000 for numbers of so many digits" \
    constants --digits 100001 --omega 1 --mean "0.$(printf '%0100d' 1)"
if [[ $selfnorm != */san/* ]]; then # ASan takes the whole address space
    ulimit -S -v 2000000
    t 3 - "--digits '100000000' needs 64.. MB .* are 2048 MB" \
        constants --digits 100000000
    ulimit -S -v unlimited
fi
t 1 - 'not decided.*less extreme values' constants --mean 0.1 --omega 1e10
t 1 - '--format c: alpha does not fit a float' constants --variance 1e300 \
    --format c -o header
t 0 'variance +2\.0177998166565088788140519802467e-9999' - \
    map --variance 1e-9999
t 0 'attracting +yes' - constants --variance 1e-300

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

# ---- figures -------------------------------------------------------------
t 0 '^lambda +1\.0507009873554804934193349852946$' - constants --digits 32
t 0 '^alpha +1\.6732632423543772848170429916717$' - constants --digits 32
t 0 '^lambda +1\.050700987355480493419334985295$' - constants --digits 31

value() { # DIGITS NUMBER
    "$selfnorm" constants --digits "$1" --json >"$tmp/out" &&
        json "$tmp/out" "$2.value"
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
t 1 - 'that does: 0\.6833$' constants --mean 1e300
t 1 - 'that does: -1\.283; and beyond, -4\.43' constants --mean -3 --omega 0.5
t 1 - 'that does: 7\.1656e-151$' constants --mean 1e-140 --variance 1e-300 \
    --omega 0.1
t 0 '^e4m3 +0x1\.2p\+0 +none +none$' - constants --variance 1e300
cat >"$tmp/source" <<'END'
constexpr double selu_alpha = 1.67326'32423'54377'28481'70429'91671'7;
selu_l = 0.10507009873554804934D+01 + 10507.009873554804934d-4
a, b = 1.6732632423543772848170429916717q, 1.05070098735548049342m
c = ['1.0507009873554805', '1.6732632423543772'], 0x1.0cfabd6a91132
END
t 0 '^8 literals in 1 file, 0 not' - audit "$tmp/source"
mkdir -p "$tmp/folder/.hidden/x" "$tmp/folder/sub"
printf 'selu_alpha = 1.0507009873554805;\n' | tee "$tmp/folder/.hidden/x.c" \
    >"$tmp/folder/sub/a.c"
printf '%s\n' 'y = 1.0507f * selu; // selfnorm: ignore' >"$tmp/folder/b.c"
printf '1.0507009\0' >"$tmp/folder/binary"
t 1 'sub/a.c:1:14: 1.0507009873554805 for alpha: NOT .* for f64, has the digits of lambda' \
    - audit "$tmp/folder"
t 1 '^1 literal in 2 files, 1 not correctly rounded; 1 excused by a comment$' - \
    audit "$tmp/folder"
keys 'findings.0.like excused' 1 audit "$tmp/folder"
echo 'SELU_ALPHA_Q15 = 54830' >"$tmp/fixed"
t 1 'q15' - audit "$tmp/fixed"
keys 'findings.0.fraction_bits' 1 audit "$tmp/fixed"
t 3 '1 unreadable' "binary': is binary, not text" audit "$tmp/folder/binary"
t 0 '1\.6732632423543772 for -alpha: correctly' - audit \
    --alpha=-1.6732632423543772
