#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# declared.sh HEADER: the functions and objects of ours that HEADER declares.
sed -n 's/^[a-z].*[ *]\(sn_[a-z0-9_]*\)(.*/\1/p
    s/^extern const .*[ *]\(sn_[a-z_]*\)\(\[\]\)*;/\1/p' "$1" | sort -u
