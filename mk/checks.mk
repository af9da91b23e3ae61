# SPDX-License-Identifier: GPL-3.0-or-later
.PHONY: check check-layers check-regen check-proofs check-faults check-page \
        regen regen-polynomials format format-check strict

#: check         test, then check-layers, check-regen, check-proofs (Sollya,
#:               Gappa), format-check, check-faults and check-page (Chromium)
# One after the other: what is timed in the tests must not meet the rest.
check: all $(B)/tests $(FAULTY_SO) $(BENCHES) $(B)/exhaust-kernels
	@$(MAKE) test
	@tests/with_deps.sh
	@$(MAKE) check-layers check-regen check-proofs format-check
	@$(MAKE) check-faults
	@$(MAKE) check-page

#: strict        everything compiled with -Werror
strict:
	$(MAKE) WERROR=-Werror all $(B)/tests $(FAULTY_SO) plugins $(BENCHES) \
	    $(B)/exhaust-kernels

# Who includes whom, and what the kernels' objects need.
check-layers: all
	@tests/check_layers.sh $(B)

check-regen: $(B)/generate-kernel-headers
	@tests/regen.sh compare $<

# The kernels' polynomials anew from their script, which proves their bounds,
# and the bounds of rounding errors.
check-proofs:
	@tests/regen.sh compare-polynomials
	@tests/prove_errors.sh kernels/errors/*.gappa \
	    verify/conformance/reference/approximate_f64.gappa

# Planted faults in copies of the tree: each must be refused.
check-faults: all $(B)/tests $(FAULTY_SO)
	CC='$(CC)' CXX='$(CXX)' tests/planted_faults.sh $(B)

# The report's page, shown by a browser; results of an earlier report do.
check-page: all plugins
	$(B)/selfnorm report --resume -o $(OUT)
	@tests/page.sh $(OUT)/report.html

#: regen         write the generated headers anew; regen-polynomials: those of
#:               Sollya
regen: $(B)/generate-kernel-headers
	@tests/regen.sh write $<
regen-polynomials:
	@tests/regen.sh write-polynomials

#: format        clang-format, in place
FORMATTED := $(filter-out kernels/constants.h kernels/exp2_table.h \
               kernels/polynomials.h kernels/words_table.h, \
               $(wildcard *.c cli/*.[ch] cli/commands/*/*.[ch] kernels/*.[ch] \
               $(FOLDERS:%=%/*.[ch]) verify/plugins/*.c kernels/example/*.c) \
               $(shell find tests -name '*.[ch]'))
format:
	@clang-format -i $(FORMATTED)
format-check:
	@clang-format --dry-run --Werror $(FORMATTED)
