#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# formal.sh axioms FOLDER: what Coq printed of Theorem1.v in the folder: is it
# the whole of Statements.v, and by what axioms?
# formal.sh faults FOLDER: statements and boxes changed in copies of the built
# folder must fail.
set -eu
what=$1 folder=$2

# Those of Coq's real numbers, of classical logic, and of 63-bit integers, in
# which `interval` computes; each is explained in docs/mathematics/formal.md.
allowed='ClassicalDedekindReals\.sig_(not|forall)_dec
FunctionalExtensionality\.functional_extensionality_dep
Classical_Prop\.classic
(PrimInt63|Uint63)\.[a-z0-9_A-Z]+'

axioms() {
    local said=$folder/Theorem1.said names strange name
    for name in $(sed -n 's/^Definition \(statement_[a-z0-9]*\).*/\1/p' \
        "$folder/Statements.v"); do
        sed -n '/^Definition statement_all/,$p' "$folder/Statements.v" |
            grep -qw "$name" ||
            { echo "formal: $name is not part of statement_all"; exit 1; }
    done
    # an open section's hypotheses would stand before the axioms
    [ "$(head -n 3 "$said")" = 'all_proved : statement_all
     : statement_all
Axioms:' ] || { echo "formal: not what was to be proved: $said"; exit 1; }
    names=$(sed '1,/^Axioms:/d' "$said" | grep -oE '^[^[:space:]]+')
    strange=$(grep -vxE "$allowed" <<<"$names" || true)
    [ -z "$strange" ] || { echo "formal: axioms that are not allowed:" \
        $strange; exit 1; }
    echo "formal: every statement of Statements.v proved, by" \
        "$(wc -l <<<"$names") axioms:"
    sed 's/Uint63\..*\|PrimInt63\..*/63-bit integers/' <<<"$names" | sort |
        uniq -c
}

# In the order in which they need each other.
files='Statements Gaussian Moments Banach Derivatives Constants Enclosure
Near Middle Far MeanM MeanV SecondM SecondV MeanLow MeanHigh SecondLow
SecondHigh Contraction'
coq() { (cd "$copy" && coqc -q -w none -Q . Selfnorm "$@"); }

# Is the proof in FILE right, what comes before it taken as stated?
proves() { # FILE
    local file
    for file in $files; do
        coq -vos "$file.v" || return 1
        [ "$file" != "$1" ] || break
    done
    coq -vok "$1.v"
}
fault() { # WHAT FILE SED PROOF: with FILE changed, the PROOF must fail
    rm -rf "$copy"
    mkdir "$copy"
    cp "$folder"/*.v "$copy"
    sed -i "$3" "$copy/$2.v"
    ! cmp -s "$folder/$2.v" "$copy/$2.v" ||
        { echo "formal: '$1' changes nothing"; exit 1; }
    if proves "$4" >"$copy/said" 2>&1; then
        echo "formal: planted fault not seen: $1"
        exit 1
    fi
    grep -q '^Error' "$copy/said" || { cat "$copy/said"; exit 1; }
    echo "seen: $1"
}

faults() {
    copy=$(mktemp -d)/formal
    trap 'rm -rf "${copy%/*}"' EXIT
    mkdir "$copy"
    cp "$folder/Statements.v" "$copy"
    for name in PrimFloat.add Contraction.norm_bound _x; do
        { cat "$folder/Theorem1.said"; echo "$name : False"; } \
            >"$copy/Theorem1.said"
        ! (folder=$copy && axioms) >/dev/null ||
            { echo "formal: planted axiom not seen: $name"; exit 1; }
    done
    sed 's/^Axioms:/Section Variables:\nH : False\n&/' \
        "$folder/Theorem1.said" >"$copy/Theorem1.said"
    ! (folder=$copy && axioms) >/dev/null ||
        { echo 'formal: planted hypothesis not seen'; exit 1; }
    cp "$folder/Theorem1.said" "$copy"
    sed -i '/^Definition statement_all/,$s/statement_jacobian/True/' \
        "$copy/Statements.v"
    ! (folder=$copy && axioms) >/dev/null ||
        { echo 'formal: planted: a statement left out is not seen'; exit 1; }
    rm -r "$copy"
    cp -R "$folder" "$copy"
    proves Contraction || { echo 'formal: unchanged, it fails'; exit 1; }
    fault 'a sign in selu' Statements 's/exp x - alpha/exp x + alpha/' Moments
    fault 'a limit of the integrals' Statements \
        '/^Definition has_exp/,/l\.$/s/locally m_infty/locally p_infty/' Moments
    fault 'a sign in eq. 5' Statements 's/((y ^ 2 + x)/((y ^ 2 - x)/' Moments
    fault 'a sign in g' Statements \
        's/^  - mean lambda alpha/  + mean lambda alpha/' Derivatives
    fault 'a sign in eqs. 64, 65' Statements \
        's/- alpha ^ 2 \* exp/alpha ^ 2 * exp/' Derivatives
    fault 'a factor in eq. 14' Statements 's/- 2 \* (2 + PI)/- (2 + PI)/' \
        Constants
    fault 'a digit of lambda' Statements 's/1.050700988/1.0507009873/' Constants
    fault 'a domain of nu' Statements 's/snd p <= 1.5\b/snd p <= 1.6/' \
        Contraction
    fault 'a domain of omega' Statements 's/omega <= 0.1\b/omega <= 0.2/' \
        Contraction
    fault 'a lower rate' Statements 's/rate : R := 0.95/rate : R := 0.94/' \
        Contraction
    fault 'an image that is too small' Statements 's/-0.03107/-0.03106/' \
        Contraction
    fault 'a limit of a box' SecondLow 's/0.80467/0.80468/' SecondLow
    fault 'erfc too narrow' MeanV 's/(0.2673[0-9]*)/(0.2674)/' MeanV
    fault 'boxes that leave a gap' MeanV '/^Lemma box_1/s/1.65/1.64/' MeanV
}

"$what"
