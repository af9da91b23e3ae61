# SPDX-License-Identifier: GPL-3.0-or-later
# The readers of files from outside, under libFuzzer; RUNS=10000000 for long.
# What a reader calls beside the files named here comes from the library,
# without instruments.
.PHONY: fuzz
RUNS     ?= 1000000
FUZZED   := verify/conformance/reference/types.c verify/shared/elements.c \
            fixedpoint/numbers/formats.c
fuzzed_npy      := verify/shared/npy.c
fuzzed_baseline := verify/conformance/records/baseline.c
fuzzed_shard    := verify/shared/parts.c verify/shared/file.c \
                   verify/conformance/records/shard.c
fuzzed_certificate := $(wildcard fixedpoint/checker/*.c)
fuzzed_table    := $(wildcard verify/training/tasks/*.c) verify/shared/file.c
fuzzed_collection := $(fuzzed_table)
fuzzed_part     := verify/networks/parts.c verify/networks/ensemble.c \
                   verify/training/experiment/kept.c
fuzzed_expression := $(addprefix fixedpoint/expressions/, parse.c \
                     expression.c derivative.c conjugate.c)
READERS         := npy baseline shard certificate table part collection \
                   expression
$(B)/fuzz/%: tests/fuzz/%.c $(FUZZED) $(foreach r,$(READERS),$(fuzzed_$r)) \
        $(B)/everything.a
	@mkdir -p $(B)/fuzz/$*-corpus
	clang -O1 -g -std=c11 -D_GNU_SOURCE -I. \
	    -fsanitize=fuzzer,address,undefined -o $@ $< $(FUZZED) \
	    $(fuzzed_$*) $(B)/everything.a $(LIBS) -lgomp

#: fuzz          readers of .npy, baselines, shards, certificates,
#:               tables and collections of tasks, expressions under libFuzzer
#:               (clang)
fuzz: all $(READERS:%=$(B)/fuzz/%)
	tests/fuzz/run.sh $(B) $(RUNS) $(READERS)
