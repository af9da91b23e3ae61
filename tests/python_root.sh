#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# python_root.sh BUILD FOLDER: the wheel of 'make wheel' in a bare Debian 13 that
# has Python and no compiler: the package's tests, and pytest on two kernels.
set -eu
cd "$(dirname "$0")/.."
shared=$(mktemp -d)
trap 'rm -rf "$shared"' EXIT
cp -r "$1/python/dist" python/tests python/tour.ipynb "$shared"
cat >"$shared/run.sh" <<'S'
set -e
apt-get update -q >/dev/null
apt-get install -y -q --no-install-recommends python3-venv >/dev/null
! command -v cc
python3 -m venv /venv
/venv/bin/pip install -q "$(ls -t /share/dist/*.whl | head -n 1)" pytest
cd /share/tests
/venv/bin/python -m pytest -q -p no:cacheprovider .
/venv/bin/selfnorm constants >/dev/null
S
SHARE=$shared tests/clean_root.sh trixie "$2/python" 'sh /share/run.sh'
