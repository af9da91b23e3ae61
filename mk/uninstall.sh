#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# uninstall.sh DESTDIR LIST: removes what install.sh wrote into DESTDIR/LIST;
# folders only where nobody else put anything into them.
set -eu
dest=$1 list=$1$2
if ! [ -f "$list" ]; then
    echo "uninstall: no $list: nothing was installed there" >&2
    exit 1
fi
sort -r "$list" | while read -r path; do
    if [ -d "$dest$path" ] && ! [ -L "$dest$path" ]; then
        rmdir "$dest$path" 2>/dev/null || echo "kept, not empty: $dest$path"
    else
        rm -f "$dest$path"
    fi
done
