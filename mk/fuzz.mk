# SPDX-License-Identifier: GPL-3.0-or-later
# The readers of files from outside, under libFuzzer; RUNS=10000000 for long.
.PHONY: fuzz
RUNS     ?= 1000000
FUZZED   := verify/conformance/reference/types.c fixedpoint/numbers/formats.c
fuzzed_npy      := verify/shared/npy.c
fuzzed_baseline := verify/conformance/records/baseline.c
fuzzed_shard    := verify/shared/parts.c verify/shared/file.c \
                   verify/conformance/records/part.c
fuzzed_certificate := $(wildcard fixedpoint/checker/*.c)
READERS         := npy baseline shard certificate
$(B)/fuzz/%: tests/fuzz/%.c $(FUZZED) $(foreach r,$(READERS),$(fuzzed_$r))
	@mkdir -p $(B)/fuzz/$*-corpus
	clang -O1 -g -std=c11 -D_GNU_SOURCE -I. \
	    -fsanitize=fuzzer,address,undefined -o $@ $< $(FUZZED) \
	    $(fuzzed_$*) -ljansson $(THEORY_LIBS)

#: fuzz          readers of .npy, baselines, shards, certificates under
#:               libFuzzer (clang)
fuzz: all $(READERS:%=$(B)/fuzz/%)
	tests/fuzz/run.sh $(B) $(RUNS) $(READERS)
