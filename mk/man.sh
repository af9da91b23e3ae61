#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# man.sh SELFNORM FOLDER: a manual page for the program and one for each of its
# commands, as SELFNORM itself writes them.
set -eu
selfnorm=$1 folder=$2
mkdir -p "$folder"
# shellcheck disable=SC2086 # the program may be a command with an emulator
{
    $selfnorm help --man >"$folder/selfnorm.1"
    $selfnorm --help | sed -n 's/^  \([a-z-]\{1,\}\)  *.*/\1/p' |
        while read -r name; do
            $selfnorm help --man "$name" >"$folder/selfnorm-$name.1"
        done
}
echo "$(find "$folder" -name '*.1' | wc -l) manual pages in $folder"
