# SPDX-License-Identifier: GPL-3.0-or-later
.PHONY: test san mpi-test digests exhaust

# Kernels that are wrong in a known way, and right ones, for the tests.
FAULTY_SO := $(patsubst tests/faulty/%.c,$(B)/faulty/%.so, \
               $(wildcard tests/faulty/*.c))
$(B)/faulty/%.so: tests/faulty/%.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(CPPFLAGS) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -I. -MMD -MP \
	    -fPIC -shared -o $@ $< -lm

#: test          Criterion and command-line tests (about a minute)
test: all $(B)/tests $(FAULTY_SO)
	@tests/run.sh $(B) tests

#: san           the same under ASan and UBSan
san: $(B)/san/selfnorm $(B)/san/kernel-host $(B)/san/tests $(FAULTY_SO) all
	@tests/run.sh $(B) san/tests

#: mpi-test      simulate, train, check under mpirun: the same figures for any
#:               number of ranks (make MPI=1 B=build-mpi mpi-test)
mpi-test: $(B)/selfnorm $(B)/kernel-host
	tests/mpi.sh $(B)

#: digests       the kernels' digests with gcc and clang at -O0 and -O3, and on
#:               aarch64 under qemu-user (DIGESTS=full: everywhere)
DIGESTS := quick
digests:
	tests/digests.sh $(B)/digests $(DIGESTS)

#: exhaust       all 2^32 inputs of every f32 kernel on every instruction
#:               set, all 2^32 pairs of the 16-bit gradients, a million points
#:               of every inequality and every activation's reference, false
#:               alarms of simulate and of our own alpha dropout's checks over
#:               many seeds
exhaust: all $(B)/exhaust-kernels $(B)/tests $(B)/bench-calibrate_networks
	$(B)/selfnorm check --exhaustive sn_selu_f32 sn_selu_grad_f32 \
	    sn_elu_f32 sn_elu_grad_f32
	$(B)/exhaust-kernels
	SELFNORM_DROPOUT_SEEDS=200 $(B)/tests \
	    --filter 'formulas/of_our_own_dropout'
	SELFNORM_SAMPLES=1000000 $(B)/tests --filter 'proofs*/*'
	SELFNORM_SAMPLES=1000000 $(B)/tests --filter 'curve/*'
	SELFNORM_SAMPLES=1 $(B)/tests --filter 'certificates/*'
	python3 tests/random_right.py $(B)/selfnorm
	$(B)/bench-calibrate_networks
