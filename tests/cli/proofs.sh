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
t 1 'not true that' - prove jacobian --domain mu=.1:5.e-1
keys 'claims.1.name claims.1.statement claims.0.proved claims.0.boxes
    claims.0.extremum.lower claims.0.extremum.upper claims.0.extremum.at
    claims.0.seconds' 0 prove all
keys 'claims.0.proved claims.0.counterexample' 1 \
    prove jacobian --domain mu=.1:5.e-1
keys 'claims.0.name claims.0.statement' 0 prove --list
