# SPDX-License-Identifier: GPL-3.0-or-later
# Completion for bash: commands, options and activations as the program itself
# lists them, else file names.
_selfnorm() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]-} words=
    # --option=value comes as three words
    [ "$word" = = ] && word=
    [ "$before" = = ] && before=${COMP_WORDS[COMP_CWORD - 2]}
    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$("$program" --help 2>/dev/null |
            sed -n 's/^  \([a-z-]\{1,\}\)  .*/\1/p')
    elif [ "$before" = --activation ]; then
        words="$("$program" moments --activation list 2>/dev/null |
            sed -n 's/^\([a-z0-9_]\{1,\}\)  .*/\1/p') list"
    elif [[ $word == -* ]]; then
        words=$("$program" "$command" --help 2>/dev/null |
            sed -n 's/^ \{2,6\}\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p')
    elif [ "$command" = check ] || [ "$command" = bench ]; then
        words=$("$program" list 2>/dev/null |
            sed -n 's/^ *\(sn_[a-z0-9_]\{1,\}\).*/\1/p')
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _selfnorm selfnorm
