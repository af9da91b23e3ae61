# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: claims as a user meets them.
# shellcheck shell=bash

usage 'no claim named; the claims are jacobian' prove
usage "unknown claim 'fermat'; the claims are jacobian" prove fermat
usage "--domain 'x': must be mu, nu, omega or tau" prove all --domain x=0:1
usage "--domain mu '1': must be LOWER:UPPER" prove all --domain mu=1
usage "--domain mu '1:0': the lower end is above" prove all --domain mu=1:0
usage "--domain tau '0': must be a finite decimal number above 0" \
    prove all --domain tau=0:1
usage "--max-boxes '0': must be a whole number" prove all --max-boxes 0
for claim in figures sharp rate correlation all; do
    usage ': --domain does not go with it' prove $claim --domain nu=1:1.1
done
t 1 'not true that' - prove jacobian --domain mu=.1:5.e-1
# two conditions hold together, or exclude each other
t 0 'Domain mu 0:0.05, nu 0.8:1' - prove jacobian --domain mu=0:0.1,nu=0.8:1 \
    --domain mu=-1:0.05
usage "--domain mu '2:3': no value is also in 0:1" \
    prove jacobian --domain mu=0:1 --domain mu=2:3
# what is said of (0, 1) stays there when the domain moves
t 0 'dropout .*: proved' - prove dropout --domain tau=0.96:1.09
t 0 'gradient .*: proved' - prove gradient --domain tau=0.96:1.09
t 0 'other column +0 +0 +< 1e-25.*' - prove rate
keys 'claims.1.name claims.1.statement claims.0.proved claims.0.boxes
    claims.0.extremum.lower claims.0.extremum.upper claims.0.extremum.at
    claims.0.seconds' 0 prove jacobian theorem1
keys 'claims.0.proved claims.0.counterexample' 1 \
    prove jacobian --domain mu=.1:5.e-1
keys 'claims.0.name claims.0.statement' 0 prove --list

# designs, chains, certificates
t 0 'design .*: proved' - prove design --domain nu=0.8:1.5
usage "'jacobian': --mean, --variance, --omega and --tau go with" \
    prove jacobian --mean 1
usage "--variance '0': must be a finite decimal number above 0" \
    prove design --variance 0
t 1 - 'no constants with the fixed point' prove design --mean 9 --variance 0.1
lines=1 t 1 'global .*: undecided' 'no chain of boxes' \
    prove global --domain tau=0.5:1.1 --max-boxes 200
# where orbits end elsewhere, that is the answer, with the place
t 1 'near mu 1.78042108, nu 18.4599008 is an|near mu 1.78042108, nu' - \
    prove global --domain tau=2:2,omega=0:0
keys 'claims.0.counterexample.mu claims.0.counterexample.tau' 1 \
    prove global --domain tau=0.9:1.1
# a budget, for the claim as a whole
t 1 'stopped: the budget is spent' - \
    prove norm-slopes --domain nu=0.01:10,mu=-1:1 --max-boxes 100
# the search for a chain ends, by itself, on any start
lines=1 t 1 'global .*: undecided' 'no chain of boxes' \
    prove global --domain mu=-20:20,nu=0.001:1000
lines=1 t 1 'global .*: undecided' 'no chain of boxes' \
    prove global --domain mu=-50:50,nu=0.5:50
t 1 'jacobian.*: refuted' "--certificate '.*none.cert': no claim is proved" \
    prove jacobian --domain nu=0.5:1.5 --certificate "$tmp/none.cert"
[ ! -e "$tmp/none.cert" ]
count 'a certificate of nothing is no file'
t 3 - "cannot write '/nowhere/c'" prove jacobian --certificate /nowhere/c
# two files at once, and two results for one
usage "'c': is to hold two results; they need a file each" \
    prove theorem2 -o c --certificate c
t 0 - - prove theorem2 -o "$tmp/t.txt" --certificate "$tmp/t.cert"
matches "$tmp/t.txt" 'theorem2 .*: proved'
count 'a result beside a certificate'
t 0 'theorem2: verified' - verify-certificate "$tmp/t.cert"
usage 'no certificate named' verify-certificate
usage "'b': one certificate at a time" verify-certificate a b
t 3 - 'a: No such file' verify-certificate a
"$selfnorm" prove theorem1 theorem2 --certificate "$tmp/t.cert" >/dev/null
t 0 'theorem1: verified, 5 ineq.*' - verify-certificate "$tmp/t.cert"
keys 'claims.0.name claims.0.verified claims.0.inequalities_only
    claims.0.statement claims.0.not_claimed claims.0.domain
    claims.0.all_of_its_domain claims.1.inequalities.1' 0 \
    verify-certificate "$tmp/t.cert"
"$selfnorm" prove rate --certificate "$tmp/r.cert" >/dev/null
t 0 'rate: verified, 5 .* claims no more than these \(--parts\)' - \
    verify-certificate "$tmp/r.cert"
sed 's/nu 0.8 1.5/nu 0.7 1.5/' "$tmp/t.cert" >"$tmp/bad.cert"
t 1 'REFUSED' 'line 7: must be|line 1[0-9]: |line [0-9]+: ' \
    verify-certificate "$tmp/bad.cert"
head -c 1000 "$tmp/t.cert" >"$tmp/bad.cert"
t 1 'REFUSED' 'cut off' verify-certificate "$tmp/bad.cert"
head -c 100000000 /dev/zero | tr '\0' '[' >"$tmp/bad.cert"
t 1 'REFUSED' 'no certificate of selfnorm' verify-certificate "$tmp/bad.cert"
t 3 - 'Is a directory' verify-certificate "$tmp"
# a certificate of less than the paper's domain or of other constants says so
"$selfnorm" prove design --variance 2 --domain nu=1.5:2.5,tau=0.95:1.05 \
    --certificate "$tmp/t.cert" >/dev/null
t 0 'Domain: .* nu in \[1.5, 2.5\], .* tau in \[0.95, 1.05\]' - \
    verify-certificate "$tmp/t.cert"
t 0 'Constants of design 0 2 0 1 ' - verify-certificate "$tmp/t.cert"
"$selfnorm" prove theorem3 --domain nu=0.02:0.04 \
    --certificate "$tmp/t.cert" >/dev/null
t 0 'Domain: .* nu in \[0.02, 0.04\], .*; and .* nu in \[0.02, 0.04\],' - \
    verify-certificate "$tmp/t.cert"
"$selfnorm" prove global --domain nu=0.5:1.2 --certificate "$tmp/t.cert" \
    >/dev/null
t 0 'Domain: mu in \[-1, 1\], nu in \[0.5, 1.2\],' - \
    verify-certificate "$tmp/t.cert"
# theorem1 for Coq: the boxes of a file tile its rectangle
usage "--coq 'd': goes with the claim theorem1, on its own domain" \
    prove jacobian --coq d
usage "--coq 'd': goes with the claim theorem1, on its own domain" \
    prove theorem1 --domain nu=0.9:1 --coq d
t 3 - "cannot make the folder '/nowhere/d'" prove theorem1 --coq /nowhere/d
t 0 'theorem1 .*: proved' - prove theorem1 --coq "$tmp/coq"
for name in Near Middle Far MeanM MeanV SecondM SecondV; do
    awk '$1 == "Lemma" {
            area = ($10 - $6) * ($16 - $12)
            if ($2 == "all") all = area; else { sum += area; boxes++ } }
        /apply box_/ { used++ }
        END { exit !(boxes == used && all > 0 &&
                     sum > all * (1 - 1e-9) && sum < all * (1 + 1e-9)) }' \
        "$tmp/coq/$name.v"
    count "the boxes of $name tile its rectangle"
done
# names hold for any domain
t 0 '^  \(i\)  ' - prove theorem3 --domain tau=1:1.1
# 31 digits, and a verdict for each figure
t 0 '0 undecided' - prove figures
# by source, and the wrong ones alone
t 0 '^[0-9]+ of the paper: .* 9 WRONG, ' - prove figures --wrong
keys 'figures.0.source figure_counts' 0 prove figures --wrong
t 1 '[1-9] undecided' - prove figures --max-boxes 1 # the budget counts there
t 0 'largest in \[0, 0\]  right' - prove figures
rm -f "$tmp/bad.cert"
