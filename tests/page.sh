#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# page.sh REPORT.html: shows the report's page in headless Chromium at 1280x800
# and 390x844, light and dark, and prints it; says what is wrong with it.  Then
# the same with planted faults, each of which must be seen.
set -eu
page=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
for name in chromium chromium-browser google-chrome none; do
    ! command -v "$name" >/dev/null || break
done
if [ "$name" = none ]; then
    echo 'page: skipped, no Chromium (./with-deps --dev installs it)'
    exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
browse() {
    timeout 120 "$name" --headless --no-sandbox --disable-gpu \
        --hide-scrollbars --user-data-dir="$tmp/profile" "$@" 2>"$tmp/err"
}

# measure PAGE WIDTH HEIGHT SCHEME: what page.js says, in a frame of that size,
# since a window has a least width; a scheme is 0, dark, or 1, light
measure() {
    sed '$d' "$1" >"$tmp/shown.html"
    { echo '<script>'; cat "$here/page.js"; echo '</script></html>'; } \
        >>"$tmp/shown.html"
    cat >"$tmp/around.html" <<END
<!DOCTYPE html><body style="margin:0"><pre></pre><script>
addEventListener("message", e => document.querySelector("pre").textContent =
    ["measured", e.data.height + " px high, dark " + e.data.dark].concat(
        e.data.faults).join("\n"));
</script><iframe src="shown.html" style="border:0;width:$2px;height:$3px">
</iframe>
END
    browse --virtual-time-budget=20000 --dump-dom \
        --blink-settings=preferredColorScheme="$4" --window-size=1400,1000 \
        "file://$tmp/around.html" |
        sed -n '/measured$/,/<\/pre>/p' | sed 's/<[^>]*>//g' >"$tmp/said"
    grep -q '^measured' "$tmp/said" || {
        cat "$tmp/err" >&2
        echo 'nothing was measured'
        return
    }
    sed -n '3,$p' "$tmp/said" | grep -v '^$' || true
}
faults_of() { # PAGE SHOWN...: as "WIDTH HEIGHT SCHEME"
    checked=$1
    shift
    [ "$(wc -c <"$checked")" -lt 1500000 ] || echo 'larger than 1.5 MB'
    for shown; do
        # shellcheck disable=SC2086 # three words
        measure "$checked" $shown
    done
}
faults_in_print() { # PAGE
    browse --print-to-pdf="$tmp/page.pdf" "file://$1" >/dev/null
    pages=$(grep -ac '/Type /Page$' "$tmp/page.pdf" || true)
    [ "$pages" -ge 3 ] && [ "$pages" -le 40 ] || echo "$pages pages in print"
}

{
    faults_of "$page" '1280 800 0' '1280 800 1' '390 844 0' '390 844 1'
    faults_in_print "$page"
} >"$tmp/faults"
sort -u "$tmp/faults"
[ ! -s "$tmp/faults" ] || exit 1

seen=0 planted=0
plant() { # NAME SAID SED-SCRIPT: a copy with a fault, and what must be said
    planted=$((planted + 1))
    sed "$3" "$page" >"$tmp/faulty.html"
    if cmp -s "$page" "$tmp/faulty.html"; then
        echo "page: the fault '$1' could not be planted"
    elif faults_of "$tmp/faulty.html" '1280 800 1' '390 844 0' | grep -q "$2"; then
        seen=$((seen + 1))
    else
        echo "page: nobody saw the fault '$1'"
    fi
}
picture="data:image\/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcv\
MjAwMC9zdmciIHdpZHRoPSI0MjAiIGhlaWdodD0iMTAwIj48dGV4dCB5PSI1MCIgZm9udC1zaXplPSI4\
Ij5zbWFsbDwvdGV4dD48L3N2Zz4="
plant 'broken picture' 'no picture' '0,/base64,/s/base64,/base64,AAAA/'
plant 'small letters' 'letters of' \
    "0,/src=\"data[^\"]*\"/s//src=\"$picture\"/"
plant 'wide box' 'scrolls sideways' \
    's/<h2 id="theorem">/<div style="width:1500px">x<\/div>&/'
plant 'high box' 'more than 4000' \
    's/<h2 id="theorem">/<div style="height:4000px">x<\/div>&/'
plant 'pale text' 'contrast' 's/--soft: #555/--soft: #bbb/'
plant 'pale text in the dark' 'contrast' 's/--soft: #aab/--soft: #445/'
plant 'no dark colours' 'dark is not' 's/prefers-color-scheme: dark) {/x: y) {/'
plant 'Latin letters' 'not in Greek' 's/<h2 id="theorem">/<p>at mu 0<\/p>&/'
plant 'verdict behind' 'not second' \
    's/<th>kernel<\/th><th>verdict<\/th>/<th>kernel<\/th><th>x<\/th>&/'
head -c 1500000 /dev/zero | tr '\0' ' ' >"$tmp/large"
plant 'large page' '1.5 MB' "\$r $tmp/large"
echo "page: nothing wrong; $seen of $planted planted faults seen"
[ "$seen" -eq "$planted" ]
