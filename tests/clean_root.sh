#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# clean_root.sh SUITE FOLDER [COMMAND...]: makes FOLDER/base an empty Debian
# SUITE (bookworm, trixie, sid) with debootstrap (minimal variant; reused if it
# is one already), puts the last commit there and runs each COMMAND (default:
# README's two) in a fresh copy, FOLDER/root.  Prints the time that each took,
# processor time, and what it added on disk.  As root.  The machine's own way to Debian's
# packages is used; KEEP=1: the commands follow one another in one copy, which
# is kept from the last time if it is there; SHARE=FOLDER: that folder of this
# machine is /share in it.
set -eu
cd "$(dirname "$0")/.."
if [ $# -lt 2 ] || [ "$(id -u)" -ne 0 ]; then
    echo "usage, as root: tests/clean_root.sh SUITE FOLDER [COMMAND...]" >&2
    exit 2
fi
suite=$1 place=$2
shift 2
[ $# -gt 0 ] || set -- './with-deps make report' './with-deps make test'
command -v debootstrap >/dev/null || {
    echo "clean_root.sh: no debootstrap here: apt-get install debootstrap" >&2
    exit 3
}
if ! [ -e "$place/base/complete" ]; then
    echo "clean root: $suite by debootstrap"
    rm -rf "$place/base"
    mkdir -p "$place"
    debootstrap --variant=minbase "$suite" "$place/base" >"$place/log" || {
        tail -n 5 "$place/log" >&2
        exit 1
    }
    : >"$place/base/complete"
fi
root=$(realpath "$place")/root mounted=
finish() {
    for point in $mounted; do umount "$point"; done
    mounted=
}
trap finish EXIT
trap 'exit 1' INT TERM

# what a killed run left mounted must not be removed with the folder
sed -n "s|^[^ ]* \($root/[^ ]*\) .*|\1|p" /proc/mounts | sort -r |
    while read -r point; do umount "$point"; done

fresh() {
    rm -rf --one-file-system "$root"
    cp -a "$place/base" "$root"
    for file in /etc/resolv.conf /etc/hosts /etc/apt/apt.conf.d /etc/ssl/certs; do
        if [ -e "$file" ]; then
            mkdir -p "$root${file%/*}"
            cp -aL "$file" "$root${file%/*}"
        fi
    done
    # a mirror may be a snapshot of the past
    echo 'Acquire::Check-Valid-Until "false";' \
        >"$root/etc/apt/apt.conf.d/99snapshot"
}
enter() {
    rm -rf "$root/tree"
    mkdir -p "$root/tree" "$root/share"
    git archive HEAD | tar x -C "$root/tree"
    mount -t proc proc "$root/proc"
    mounted=$root/proc
    mount --bind /dev "$root/dev"
    mounted="$root/dev $mounted"
    if [ -n "${SHARE:-}" ]; then
        mount --bind "$SHARE" "$root/share"
        mounted="$root/share $mounted"
    fi
}
spent() { # into $spent: processor time of all that ran, in seconds
    times >"$place/times"
    spent=$(sed -n '2s/[ms]/ /gp' "$place/times" |
        awk '{ printf "%d", 60 * ($1 + $3) + $2 + $4 }')
}
size() { du -smx "$root" | cut -f1; }

[ -n "${KEEP:-}" ] && [ -d "$root/tree" ] || fresh
enter
for command; do
    if [ -z "${KEEP:-}" ]; then
        finish
        fresh
        enter
    fi
    before=$(size) began=$(date +%s)
    spent
    spent_before=$spent
    echo "clean root: $suite: $command"
    chroot "$root" /usr/bin/env -i HOME=/root LANG=C \
        PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -c "cd /tree && $command"
    spent
    echo "clean root: $suite: $command: $(($(date +%s) - began)) s," \
        "$((spent - spent_before)) s of processor time," \
        "$(($(size) - before)) MB more on disk"
done
echo "clean root: $suite: all commands succeeded"
