#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# formats.sh BUILD: what BUILD/selfnorm constants writes as source text is
# compiled or parsed where the language is on the machine, and must come back
# as the bits that the text format names.  Ends with literals changed in their
# last digit, which must be noticed.  Then the snippets for frameworks.
set -u
selfnorm=$(cd "$1" && pwd)/selfnorm
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 2
export ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
failed=0 compared=0

# The bits of "NAME hexadecimal-float" lines, as f64 or f32 by the name's end.
cat >bits.c <<'C'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char name[80], word[80];
    while (scanf("%79s %79s", name, word) == 2) {
        double d = strtod(word, NULL);
        float f = (float)d;
        uint64_t wide;
        uint32_t narrow;
        memcpy(&wide, &d, 8);
        memcpy(&narrow, &f, 4);
        if (strstr(name, "_F64"))
            printf("%s %016llx\n", name, (unsigned long long)wide);
        else
            printf("%s %08lx\n", name, (unsigned long)narrow);
    }
}
C
cc -o bits bits.c || exit 2

# The names that a file defines, by kind.
names() { # FILE PATTERN
    grep -ow "SN_[A-Z0-9_]*_$2" "$1" | sort -u
}

# Programs that print "NAME bits" of what the file defines.
in_c() { # COMPILER FILE SUFFIX
    {
        printf '#include <stdio.h>\n#include <string.h>\n#include "%s"\n' "$2"
        printf 'int main(void)\n{\n'
        for n in $(names "$2" F64); do
            printf '{ double x = %s; unsigned long long b;' "$n"
            printf ' memcpy(&b, &x, 8); printf("%s %%016llx\\n", b); }\n' "$n"
        done
        for n in $(names "$2" F32); do
            printf '{ float x = %s; unsigned b;' "$n"
            printf ' memcpy(&b, &x, 4); printf("%s %%08x\\n", b); }\n' "$n"
        done
        for n in $(names "$2" BITS); do
            printf 'printf("%s %%x\\n", (unsigned)%s);\n' "$n" "$n"
        done
        printf 'return 0;\n}\n'
    } >"program.$3"
    $1 -I. -o program "program.$3" && ./program
}

in_python() { # FILE
    {
        cat "$1"
        echo 'import struct'
        for n in $(names "$1" F64); do
            echo "print('$n', struct.pack('>d', $n).hex())"
        done
        for n in $(names "$1" F32); do
            echo "assert struct.unpack('>f', struct.pack('>f', $n))[0] == $n"
            echo "print('$n', struct.pack('>f', $n).hex())"
        done
        for n in $(names "$1" BITS); do
            echo "print('$n', format($n, 'x'))"
        done
    } >program.py
    python3 program.py
}

in_rust() { # FILE
    {
        cat "$1"
        echo 'fn main() {'
        for n in $(names "$1" F64); do
            echo "println!(\"$n {:016x}\", $n.to_bits());"
        done
        for n in $(names "$1" F32); do
            echo "println!(\"$n {:08x}\", $n.to_bits());"
        done
        for n in $(names "$1" BITS); do
            echo "println!(\"$n {:x}\", $n);"
        done
        echo '}'
    } >program.rs
    rustc -A warnings -o program program.rs && ./program
}

in_julia() { # FILE
    {
        cat "$1"
        for n in $(names "$1" F64); do
            echo "println(\"$n \", string(reinterpret(UInt64, $n), base=16, pad=16))"
        done
        for n in $(names "$1" F32); do
            echo "println(\"$n \", string(reinterpret(UInt32, $n), base=16, pad=8))"
        done
        for n in $(names "$1" BITS); do
            echo "println(\"$n \", string($n, base=16))"
        done
    } >program.jl
    julia program.jl
}

run() { # LANGUAGE: prints the sorted "NAME bits" lines of file.LANGUAGE
    case $1 in
    c) in_c cc file.c.h c ;;
    cpp) in_c 'c++ -std=c++17' file.c.h cpp ;;
    cuda) in_c 'nvcc -std=c++17' file.cuda.h cu ;;
    python) in_python file.python ;;
    rust) in_rust file.rust ;;
    julia) in_julia file.julia ;;
    esac | sort
}

have() { # LANGUAGE
    case $1 in
    c) command -v cc ;;
    cpp) command -v c++ ;;
    cuda) command -v nvcc ;;
    python) command -v python3 ;;
    rust) command -v rustc ;;
    julia) command -v julia ;;
    esac >/dev/null
}

write() { # DESIGN...: file.* and want
    for language in c cuda python rust julia; do
        local out=file.$language
        case $language in c | cuda) out=$out.h ;; esac
        "$selfnorm" constants "$@" --format $language >"$out" || return 1
    done
    # hexadecimal rows of the text format, columns named as the file names them
    "$selfnorm" constants "$@" >text || return 1
    local columns
    columns=$(names file.rust F64 | sed 's/_F64$//')
    case $columns in
    *LAMBDA*) columns='SN_LAMBDA SN_ALPHA SN_ALPHA_PRIME' ;;
    *) columns='SN_SCALE SN_SHIFT' ;;
    esac
    # shellcheck disable=SC2086 # columns are words
    awk -v columns="$columns" 'BEGIN { n = split(columns, name, " ") }
        $1 == "f64" || $1 == "f32" { for (i = 1; i <= n; i++)
            print name[i] "_" toupper($1), $(i + 1) }' text | ./bits >want
    # bit patterns: those of one language, which all others must have
    grep -o 'SN_[A-Z0-9_]*_BITS: u[0-9]* = 0x[0-9A-F]*' file.rust |
        sed 's/: u[0-9]* = / /' |
        while read -r n b; do printf '%s %x\n' "$n" "$b"; done >bit.lines
    sort -o want want bit.lines
}

languages=
for language in c cpp cuda python rust julia; do
    if have $language; then
        languages="$languages $language"
    else
        echo "formats: no $language here: skipped"
    fi
done

designs=('' '--mean -0.1 --variance 2 --omega 1' '--variance 0.001'
    '--activation gelu --omega 0.3 --mean 0.1' '--activation tanh')
for design in "${designs[@]}"; do
    # shellcheck disable=SC2086 # a design is words
    write $design || { echo "formats: FAILED: $design"; exit 1; }
    for language in $languages; do
        # nvcc takes seconds: once
        [ $language != cuda ] || [ -z "$design" ] || continue
        run $language >got 2>err
        if ! cmp -s want got; then
            echo "formats: FAILED: $language, design '$design'"
            diff want got | head -5
            cat err
            failed=1
        fi
        compared=$((compared + $(wc -l <want)))
    done
done

# Planted: the last digit of one literal, in every language.
write
sed -i 's/0x1.0cfabd6a91132p+0/0x1.0cfabd6a91133p+0/' file.c.h file.julia
sed -i 's/1.0507009873554805/1.0507009873554807/' file.python file.rust
for language in $languages; do
    [ $language != cuda ] || continue
    run $language >got 2>/dev/null
    if cmp -s want got; then
        echo "formats: FAILED: a changed literal in $language is not noticed"
        failed=1
    fi
done
if have python; then
    python3 "$here/snippets.py" "$selfnorm" || failed=1
fi
echo "formats: $compared numbers came back in:$languages"
exit $failed
