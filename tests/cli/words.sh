# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: help, words that cannot be used, files that cannot be written.
# shellcheck shell=bash

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

t 0 '^  COMMAND|^Usage: selfnorm map' - help map
t 0 '^\.TH SELFNORM-MAP 1' - help --man map
t 0 '^Usage: selfnorm map' - MAP --help # case does not count
t 0 '^Usage: selfnorm fixed-points' - fixed_points --help
usage "unknown command 'constnts'; did you mean constants\?" constnts
usage "unknown option '--digit5=3'; did you mean --digits\?" map --digit5=3
usage "unknown command 'chek'; did you mean check\?" help chek
t 0 '^Judge kernels' - --help
t 0 '^    selfnorm check' - --help

# ---- words as people type them --------------------------------------------
t 0 '^theorem1 \(Theorem 1\): proved' - prove Theorem1
t 0 '^theorem1 \(Theorem 1\): proved' - prove theorem-1
t 0 '^jacobian \(Lemma 12\): proved' - prove lemma12
usage "unknown claim 'theorm1'; did you mean theorem1\?" prove theorm1
t 0 '^gelu: ' - moments GELU --digits 3
t 0 '^leaky_relu: ' - moments leaky-relu --digits 3
t 0 '^a +0\.95484' - dropout-affine 0.05 --digits 5
usage "'relu': no such argument" moments gelu relu
usage "'gelu': no such argument" moments gelu --activation relu
t 0 'selu f32' - check sn_selu_f32 --dtype fp32 --samples 1e3
t 0 '^lambda +1\.050700987$' - constants --digits 1e1
usage "--digits '1e5': must be a whole number from 1 to 10000" map --digits 1e5
t 0 '^Usage: selfnorm train .* \[TASK' - train --usage
completed_one=$("$selfnorm" help --complete -- moments gel | cut -f1 | head -n 1)
[ "$completed_one" = gelu ]
count 'completion of moments gel'

# ---- progress where standard error is no terminal: one line -----------------
"$selfnorm" check sn_selu_f32 --samples 4e9 >"$tmp/out" 2>"$tmp/err" &
for _ in $(seq 300); do
    [ -s "$tmp/err" ] && break
    sleep 0.1
done
grep -qE '^selfnorm check: sn_selu_f32: [0-9]+ %, about [0-9]+ s left$' \
    "$tmp/err" && [ "$(wc -l <"$tmp/err")" -eq 1 ]
count 'check says once how long it takes'
kill -INT $!
wait $!

for shell in bash zsh fish; do
    t 0 selfnorm - help --completion $shell
    command -v $shell >/dev/null || continue
    "$selfnorm" help --completion $shell >"$tmp/completion" &&
        $shell -n "$tmp/completion"
    count "$shell reads its completion"
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
usage "'--t' may be --type, --tau, --target, --tsv, --threads" simulate --t 1
usage "'--s=1' may be --start, --shards, --seed" simulate --s=1
usage '--mean: needs a value, --mean=MU' map --variance 1 --mean
usage '--digits: needs a value' map --dig
usage "'a.b.\[31m': no such argument" map $'a\nb\e[31m'
t 0 '^mean +0' - map --dig 5 --var=1 --
for digits in -1 0 1000000001 99999999999999999999 1e30 1e 0x10 5.0 ' 5' five ''; do
    usage "--digits '$digits': must be a whole number from 1 to 10000" \
        map "--digits=$digits"
    usage "--digits '$digits': must be a whole number from 1 to 1000000000" \
        constants --digits "$digits"
done
usage "--digits '10001': must be a whole number from 1 to 10000" \
    map --digits 10001
for word in 0 -1 -0 0e5 nan NaN inf -inf '' ' 1' 1,5 1..2 . e5 1e 1e- \
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
usage '--format .* and --json exclude each other' constants --json --format jax
usage '--format and --activation all exclude' \
    moments --activation all --format jax

# ---- every row of every table ---------------------------------------------
# What its kind, bounds and choices refuse, by the option's own name.
"$selfnorm" help --json >"$tmp/tables"
jq -r '.commands[] | .name as $command | .groups // [] | .[].options[] |
    select(.name) | [$command, .name, .kind] +
    (if .kind == "whole" then [.least - 1, .most + 1, "1.5", "x", ""]
    elif .kind == "number" then [.least - 1, .most * 2 + 1, "nan", "x", ""]
    elif .kind == "decimal" then ["0x1", "nan", ""] +
        (if .sign == "positive" then ["0", "-1"]
        elif .sign == "not negative" then ["-1"] else [] end)
    elif .kind == "choice" then ["nonsense", ""]
    elif .kind == "file" or .kind == "folder" or .kind == "input" then [""]
    else [] end) | .[0:3] as $row | .[3:][] | $row + [tostring] |
    join("\u001f")' "$tmp/tables" >"$tmp/bad-words"
rows=0
while IFS=$'\x1f' read -r command option kind word; do
    rows=$((rows + 1))
    case $kind in
    whole) wants='must be a whole number from' ;;
    number) wants='must be (from|a finite number)' ;;
    decimal) wants='must be a finite decimal number|must be from 0' ;;
    choice) wants='must be' ;;
    folder) wants='must be the name of a folder' ;;
    *) wants='must be the name of a file' ;;
    esac
    usage "^selfnorm $command: --$option '$word': ($wants)" \
        "$command" "--$option=$word" --json
done <"$tmp/bad-words"
[ $rows -gt 150 ]
count "more than 150 words that tables refuse: $rows"

for name in $(jq -r '.commands[].name' "$tmp/tables"); do
    [ -e "$here/../docs/schemas/$name.json" ]
    count "docs/schemas/$name.json is there"
done
"$here/../docs/schemas/page.sh" | cmp -s - "$here/../docs/json.md"
count 'docs/json.md is what docs/schemas/page.sh makes of the schemas'

# ---- what cannot be done -------------------------------------------------
t 3 - "cannot write '/nonexistent/x': No such file" map -o /nonexistent/x
t 3 - "cannot write '/': Is a directory" list -o /
t 3 - "cannot write '/dev/full': No space left" map --json -o /dev/full
for stream in '>&-' '>/dev/full' '<&- >&-'; do
    for words in map 'list --json' --help 'map --help' \
        'check sn_selu_f32 --samples 10'; do
        eval "timeout 90 \"\$selfnorm\" $words $stream 2>\"\$tmp/err\""
        got=$?
        mapfile said <"$tmp/err"
        leftovers
        [ $got -eq 3 ] && [ ${#said[@]} -eq 1 ] && [ ${#left[@]} -eq 0 ] &&
            [[ ${said[0]} == *'cannot write the result'* ]]
        count "selfnorm $words $stream: exit status 3 and one line"
    done
done

# ---- files appear whole or not at all ------------------------------------
is_alone() { # no temporary file beside $tmp/target
    set -- "$tmp"/target*
    [ $# -eq 1 ]
}
echo old >"$tmp/target"
chmod 600 "$tmp/target"
before=$(ls -i "$tmp/target")
"$selfnorm" map --json -o "$tmp/target" >"$tmp/out" && [ ! -s "$tmp/out" ] &&
    json "$tmp/target" mean.value >"$tmp/out" &&
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

# ---- completion ----------------------------------------------------------
"$selfnorm" help --completion bash >"$tmp/completion.bash"
completed() { # WORDS WORD...: what bash offers for the last word
    local wanted=$1 got
    shift
    got=$(PATH=$(dirname "$selfnorm"):$PATH bash -c '
        . "$0" && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _selfnorm &&
            echo ${COMPREPLY[*]}' "$tmp/completion.bash" "$@" 2>&1)
    why="offers '$got'"
    [ "$got" = "$wanted" ] && why=
    count "completion of '${*:2}'"
}
completed constants selfnorm con
completed '--completion --complete' selfnorm help --comp
completed '--help' selfnorm help --he
completed 'zsh' selfnorm help --completion z
completed 'bash zsh fish' selfnorm help --completion =
completed 'moments' selfnorm help mom
completed '' selfnorm check ./no-kernel
completed '--variance --version' selfnorm map --v
completed 'softshrink softplus softsign' selfnorm moments --activation so
completed 'softshrink softplus softsign' selfnorm moments --activation = so
