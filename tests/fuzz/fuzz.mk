# SPDX-License-Identifier: GPL-3.0-or-later
# The readers of files from outside, under libFuzzer; RUNS=10000000 for long.
# The Makefile includes this file and defines B and THEORY_LIBS.
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

fuzz: all $(READERS:%=$(B)/fuzz/%)
	$(B)/selfnorm check --samples 1000 sn_selu_f32 --quiet \
	    --save-baseline $(B)/fuzz/baseline-corpus/seed >$(B)/fuzz/seed.log
	$(B)/selfnorm vectors --count 1 --dtype f16 -o $(B)/fuzz/vectors
	cp $(B)/fuzz/vectors/*.npy $(B)/fuzz/npy-corpus
	rm -rf $(B)/fuzz/shards
	$(B)/selfnorm check --samples 1000 sn_selu_f32 --quiet \
	    --shards $(B)/fuzz/shards >>$(B)/fuzz/seed.log
	{ printf '\377'; sed -e '1,2d;$$d' -e 's/^part .*/part 0 4/' \
	    $(B)/fuzz/shards/shard-000000; } >$(B)/fuzz/shard-corpus/seed
	for claim in jacobian rate theorem2; do \
	    $(B)/selfnorm prove $$claim --certificate $(B)/fuzz/proof \
	        >>$(B)/fuzz/seed.log; \
	    { printf '\377'; sed '$$d' $(B)/fuzz/proof; } \
	        >$(B)/fuzz/certificate-corpus/$$claim; done
	for reader in $(READERS); do \
	    $(B)/fuzz/$$reader -runs=$(RUNS) -max_len=16384 -len_control=0 -print_final_stats=1 \
	        -dict=tests/fuzz/$$reader.dict -artifact_prefix=$(B)/fuzz/ \
	        $(B)/fuzz/$$reader-corpus >$(B)/fuzz/$$reader.log 2>&1 || \
	        { tail -n 30 $(B)/fuzz/$$reader.log; exit 1; }; \
	    tail -n 7 $(B)/fuzz/$$reader.log; done
