#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check_layers.sh BUILD: the tree against docs/architecture.md's table of
# rooms: who includes whom, circles, prefixes, names defined twice, files that
# nobody needs, folders that are too full; and what the kernels' objects need.
# BUILD holds the objects, plain and all built.
set -u
build=$1
most_sources=30
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
refuse() { # the lines of standard input, if there are any, are faults
    tee -a "$work/faults" >&2
}

find selfnorm.c cli kernels fixedpoint verify -name '*.[ch]' \
    -not -path 'verify/plugins/*' -not -path 'kernels/example/*' \
    -not -name 'generate_*' | # programs of their own
    LC_ALL=C sort >"$work/files"

# ---- the table: room, prefixes, rooms that it may include -----------------
awk -F'|' '/^\| `[a-z]/ { gsub(/[` ]+/, " "); print $2 "|" $4 "|" $5 }' \
    docs/architecture.md | sed 's/^ *//; s/ *| */|/g; s/ *$//' >"$work/rooms"
if ! grep -q '^kernels|' "$work/rooms"; then
    echo 'docs/architecture.md: no table of rooms' >&2
    exit 1
fi

# ---- includes: FILE HEADER, one line each ----------------------------------
# in kernels/ they go by file name, so that the folder can be dropped anywhere
while read -r file; do
    sed -n "s|^[[:space:]]*#[[:space:]]*include \"\(.*\)\".*|$file \1|p" "$file"
done <"$work/files" |
    tee "$work/as_written" |
    sed 's|^\(kernels/[^ ]*\) \([^/]*\)$|\1 kernels/\2|' >"$work/includes"
sed -n 's|^\(kernels/[^ ]*\) \(kernels/.*\)|\1: includes "\2", not by file name|p' \
    "$work/as_written" | refuse
while read -r file header; do
    [ -e "$header" ] ||
        echo "$file: includes \"$header\", which is no path from the root"
done <"$work/includes" | refuse

# FILE -> its room: the row whose path is the longest that it begins with
cat >"$work/room.awk" <<'AWK'
function room_of(file,    r, best) {
    for (r in allowed)
        if ((file == r || index(file, r "/") == 1) && length(r) > length(best))
            best = r
    return best
}
BEGIN {
    while ((getline line < (work "/rooms")) > 0) {
        split(line, part, "|")
        prefix[part[1]] = part[2]
        allowed[part[1]] = " " part[3] " "
    }
}
AWK
cat "$work/room.awk" - >"$work/arrows.awk" <<'AWK'
{
    from = room_of($1); to = room_of($2)
    if (from == "") { print $1 ": is in no room of docs/architecture.md"; next }
    if (from == to) next
    # an arrow may end at one header of a room
    if (index(allowed[from], " " $2 " ")) { used[from, $2] = 1; next }
    if (allowed[from] == " all ") next
    if (!index(allowed[from], " " to " "))
        print $1 ": " from " may not include " to " (\"" $2 "\")"
    used[from, to] = 1
}
END {
    for (r in allowed) {
        n = split(allowed[r], target, " ")
        for (i = 1; i <= n; i++)
            if (target[i] != "all" && target[i] != "-" && !((r, target[i]) in used))
                print "docs/architecture.md: " r " may include " target[i] \
                    ", but no file does"
    }
}
AWK
awk -v work="$work" -f "$work/arrows.awk" "$work/includes" | refuse

# ---- circles, of rooms and of files ----------------------------------------
awk -F'|' '{ n = split($3, to, " ")
    for (i = 1; i <= n; i++)
        if (to[i] != "-" && to[i] != "all") print $1, to[i] }' "$work/rooms" |
    tsort 2>&1 >/dev/null |
    sed 's|^tsort: -: input contains a loop:|docs/architecture.md: a circle:|
        s|^tsort: ||' | refuse
# of headers, and of the folders that a room is cut into
awk '$1 ~ /\.h$/' "$work/includes" | tsort 2>&1 >/dev/null |
    sed 's|^tsort: -: input contains a loop:|headers include each other:|
        s|^tsort: ||' | refuse
sed 's|/[^/ ]*\( \|$\)|\1|g' "$work/includes" | grep -v '^selfnorm' |
    awk '$1 != $2' | sort -u | tsort 2>&1 >/dev/null |
    sed 's|^tsort: -: input contains a loop:|folders include each other:|
        s|^tsort: ||' | refuse

# ---- names ------------------------------------------------------------------
objects=$(sed -n "s|\(.*\)\.c$|$build/obj/\1.o|p" "$work/files")
for object in $objects; do
    [ -e "$object" ] || echo "$object: is not built"
done | refuse
# shellcheck disable=SC2086
nm -A -g $objects 2>/dev/null | sed "s|^$build/obj/||; s|\.o:| |" >"$work/nm"
awk '$3 ~ /^[TDBRCVWi]$/ && NF == 4 && $4 !~ /^\./ { print $1 ".c", $4 }' "$work/nm" \
    >"$work/defined"
cat "$work/room.awk" - >"$work/prefix.awk" <<'AWK'
{
    n = split(prefix[room_of($1)], begin, " "); ok = $2 == "main"
    for (i = 1; i <= n; i++) if (index($2, begin[i]) == 1) ok = 1
    if (!ok) print $1 ": " $2 " does not begin with " prefix[room_of($1)]
}
AWK
awk -v work="$work" -f "$work/prefix.awk" "$work/defined" | refuse
# shellcheck disable=SC2046
ctags -x --langmap=C:.c.h --languages=C --c-kinds=gsue --_xformat='%N %K %F' \
    $(cat "$work/files") | awk '{ print ($3 ~ /\.h$/ ? 0 : 1) " " $0 }' |
    LC_ALL=C sort | cut -d' ' -f2- >"$work/tags" # headers first
awk '{ what = $2 == "enumerator" ? "constant" : "tag"
       # the vocabulary of vectors has one header an instruction set
       sub("^kernels/vector_.*", "kernels/vector_*", $3)
       # a list of constants that a header defines looks like a definition
       if ($1 ~ /^[A-Z]+_[A-Z_0-9]+$/ && $3 ~ /\.c$/ && $1 in in_header) next
       if ($3 ~ /\.h$/) in_header[$1] = 1
       if (where[what, $1] && where[what, $1] != $3)
           print $3 ": " $2 " " $1 " is defined in " where[what, $1] " too"
       where[what, $1] = $3 }' "$work/tags" | grep -v ' __anon' | refuse

# ---- files that nobody needs, folders too full -----------------------------
cut -d' ' -f2 "$work/includes" | sort -u >"$work/included"
grep '\.h$' "$work/files" | grep -vxF -f "$work/included" |
    sed 's/$/: nobody includes it/' | refuse
{
    awk '$2 == "U" { print $3 } $3 == "U" { print $4 }' "$work/nm"
    # what is there for others, and what tests alone call
    find tests kernels/kernels.h verify/check.h -name '*.[ch]' -exec cat {} + |
        grep -oE '[a-z]+_[a-z0-9_]+'
} | sort -u >"$work/used"
awk 'NR == FNR { used[$1] = 1; next }
    { file[$1] = 1; if (used[$2] || $2 == "main") needed[$1] = 1 }
    END { for (f in file) if (!(f in needed))
        print f ": nobody calls anything of it" }' \
    "$work/used" "$work/defined" | refuse
sed 's|/[^/]*$||' "$work/files" | sort | uniq -c |
    awk -v most=$most_sources '$1 > most && $2 != "selfnorm.c" {
        print $2 ": " $1 " sources, more than " most }' | refuse

# ---- the kernels' objects need libm and libc alone --------------------------
grep '^kernels/' "$work/nm" | awk '$2 == "U" { print $3 }' | sort -u |
    grep -vE '^(sn_[a-z0-9_]+|_GLOBAL_OFFSET_TABLE_)$' |
    grep -vE '^(fmaf?|sqrt|frexp|ldexp|fmod|log|sincos|sin|cos|memcpy|memset|strcmp|snprintf|getenv)$' |
    grep -vE '^(__stack_chk_fail|__assert_fail|__cpu_model|__snprintf_chk)$' |
    sed 's/^/kernels: needs what it may not: /' | refuse
grep '^kernels/' "$work/nm" | awk '
    $3 ~ /^[TRDB]$/ { defined[$4] = 1 }
    $2 == "U" && $3 ~ /^sn_/ { used[$3] = 1 }
    END { for (s in used) if (!(s in defined))
        print "kernels: needs " s " from outside" }' | refuse

if [ -s "$work/faults" ]; then
    exit 1
fi
echo 'layers are as allowed'
