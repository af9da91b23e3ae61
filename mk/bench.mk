# SPDX-License-Identifier: GPL-3.0-or-later
.PHONY: bench
#: bench         each part beside its rivals: digits of constants, proofs,
#:               checking, networks, training, kernels
bench: all plugins $(BENCHES)
	tests/bench/run.sh $(B)
