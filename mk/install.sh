#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# install.sh STAGE DESTDIR LIST: copies all below STAGE to DESTDIR and writes to
# DESTDIR/LIST what uninstall.sh is to remove: files, and the folders that were
# not there before.
set -eu
stage=$1 dest=$2 list=$2$3
new=$(mktemp)
trap 'rm -f "$new"' EXIT
# what an earlier installation made stays its own
[ ! -f "$list" ] || cp "$list" "$new"

(cd "$stage" && find . -type d | sed 's|^\.||' | sort) |
    while read -r folder; do
        if [ -n "$folder" ] && ! [ -d "$dest$folder" ]; then
            install -d "$dest$folder"
            echo "$folder" >>"$new"
        fi
    done
(cd "$stage" && find . ! -type d | sed 's|^\.||' | sort) |
    while read -r file; do
        rm -f "$dest$file"
        cp -P "$stage$file" "$dest$file"
        echo "$file" >>"$new"
    done
echo "${list#"$dest"}" >>"$new"
sort -u "$new" >"$list"
chmod 644 "$list"
echo "installed: $(grep -c . "$list") files and folders, listed in $list"
