#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# plugin_warning.sh PLUGIN LOG [-Werror]: PLUGIN did not build, LOG says why.
reason=$(grep -m1 -E 'error|undefined|cannot|fatal' "$2" ||
    head -n 1 "$2")
echo "warning: plugin $1 does not build and is left out: $reason ($2)" >&2
[ "$3" != -Werror ]
