# SPDX-License-Identifier: GPL-3.0-or-later
.PHONY: release-check
#: release-check what .ci/run leaves out: other compilers, Debian's sid, more
#:               processors, large samples; as root; hours; its log is named
release-check:
	tests/release_check.sh $(B)
