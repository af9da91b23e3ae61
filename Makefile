# SPDX-License-Identifier: GPL-3.0-or-later
# One makefile for everything; 'make help' lists the targets.
# Two variants of every object: build/obj (plain) and build/san/obj (ASan and
# UBSan).  Objects are rebuilt when the compiler or a flag changes.

CC       ?= cc
PREFIX   ?= /usr/local
DESTDIR  ?=
CFLAGS   ?= -O2 -g
B        := build

STRICT   := -std=c11 -ffp-contract=off -Wall -Wextra -Wshadow -Wconversion \
            -Werror -I. -MMD -MP -fPIC
GNU      := -D_GNU_SOURCE -fopenmp
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
            -fno-omit-frame-pointer

# Debian 12 has FLINT 2.9 with Arb apart; FLINT 3 contains Arb.
ARB      := $(if $(wildcard /usr/include/flint/arb.h),-lflint,-lflint-arb -lflint)
BLAS     := $(shell pkg-config --libs openblas 2>/dev/null || echo -lopenblas)
THEORY_LIBS := $(ARB) -lmpfi -lmpfr -lgmp -lm
LIBS     := $(BLAS) -lgsl -ljansson $(THEORY_LIBS) -ldl -lpthread
TEST_LIBS := -lcriterion

KERNELS  := $(wildcard kernels/*.c)
GENERATOR := fixedpoint/generate_kernel_headers.c
HOST     := verify/conformance/kernel_host.c
FOLDERS  := fixedpoint fixedpoint/activations fixedpoint/proofs \
            fixedpoint/proofs/checker verify verify/conformance verify/networks
SOURCES  := $(filter-out $(GENERATOR) $(HOST), \
              $(wildcard $(FOLDERS:%=%/*.c)))
# cmd_*.c print, read arguments and exit; the rest is the library.
commands  = $(foreach f,$1,$(if $(filter cmd_%,$(notdir $f)),$f))
COMMANDS := $(wildcard cli/*.c) $(call commands,$(SOURCES))
LIBRARY  := $(KERNELS) $(filter-out $(COMMANDS),$(SOURCES))
TESTS    := $(wildcard tests/*.c)
FAULTY   := $(wildcard tests/faulty/*.c)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all test report deps bench exhaust regen check san install uninstall \
        clean help plugins check-layers check-regen check-faults format \
        format-check force

all: $(B)/selfnorm $(B)/kernel-host $(B)/plots $(B)/libselfnorm.a \
     $(B)/libselfnorm-kernels.a

# ---- compiling ----------------------------------------------------------
FLAGS_NOW := $(CC) $(CXX) $(CFLAGS) $(STRICT) $(GNU)
$(B)/flags: force
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' > $@

# kernels/ sees the C11 standard alone: no GNU extensions, no OpenMP.
# The checker's reference and score are loops that vectorize at -O3 once the
# compiler may evaluate both sides of a selection.
vector := -O3 -fno-trapping-math
flags_verify/conformance/approximate.c := $(vector)
flags_verify/conformance/score.c := $(vector)
flags_of = $(if $(filter kernels/%,$1),-pedantic,$(GNU)) $(flags_$1)

# $1: object folder, $2: extra flags
define variant
$1/obj/%.o: %.c $(B)/flags
	@mkdir -p $$(@D)
	@echo "  CC    $$@"
	@$$(CC) $$(CFLAGS) $$(STRICT) $$(call flags_of,$$<) $2 -c $$< -o $$@

$1/libselfnorm-kernels.a: $(KERNELS:%.c=$1/obj/%.o)
$1/libselfnorm.a: $(LIBRARY:%.c=$1/obj/%.o)
$1/libselfnorm-kernels.a $1/libselfnorm.a:
	@rm -f $$@
	@echo "  AR    $$@"
	@$$(AR) rcs $$@ $$^

$1/selfnorm: $1/obj/selfnorm.o $(COMMANDS:%.c=$1/obj/%.o) $1/libselfnorm.a
	@echo "  LINK  $$@"
	@$$(CC) $$(CFLAGS) -fopenmp $2 -o $$@ $$^ $$(LIBS)

$1/kernel-host: $(HOST:%.c=$1/obj/%.o) $1/libselfnorm-kernels.a
	@echo "  LINK  $$@"
	@$$(CC) $$(CFLAGS) $2 -o $$@ $$^ -ldl -lm

$1/tests: $(TESTS:%.c=$1/obj/%.o) $1/libselfnorm.a
	@echo "  LINK  $$@"
	@$$(CC) $$(CFLAGS) -fopenmp $2 -o $$@ $$^ $$(TEST_LIBS) $$(LIBS)
endef
$(eval $(call variant,$(B),))
$(eval $(call variant,$(B)/san,$(SANITIZE)))

$(B)/bench-constants $(B)/bench-proofs: $(B)/bench-%: \
        $(B)/obj/tests/bench/%.o $(B)/libselfnorm.a
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) -fopenmp -o $@ $^ $(LIBS)

# where the report looks for its scripts
$(B)/plots: $(B)/flags
	@ln -sfn '$(CURDIR)/plots' $@

$(B)/generate-kernel-headers: $(GENERATOR:%.c=$(B)/obj/%.o) \
        $(patsubst %.c,$(B)/obj/%.o,$(filter fixedpoint/%.c,$(LIBRARY)))
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) -fopenmp -o $@ $^ $(THEORY_LIBS)

# Kernels that are wrong in a known way, and right ones, for the tests.
FAULTY_SO := $(FAULTY:tests/faulty/%.c=$(B)/faulty/%.so)
$(B)/faulty/%.so: tests/faulty/%.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -I. -MMD -MP -fPIC \
	    -shared -o $@ $< -lm
include verify/plugins/plugins.mk
-include $(shell find $(B) -name '*.d' 2>/dev/null)

# ---- the two jobs -------------------------------------------------------
report: all plugins
	$(B)/selfnorm report -o out

test: all $(B)/tests $(FAULTY_SO)
	tests/run.sh $(B) tests

# ---- checks -------------------------------------------------------------
check: test check-layers check-regen check-faults format-check

check-layers: $(B)/libselfnorm-kernels.a
	tests/check_layers.sh $(B)

check-regen: $(B)/generate-kernel-headers
	@for header in constants exp2_table; do \
	    $< $$header | cmp - kernels/$$header.h || { \
	    echo "kernels/$$header.h is not what the theory gives:" \
	        "'make regen' writes it anew" >&2; exit 1; }; done
	@echo 'generated files are as generated'

regen: $(B)/generate-kernel-headers
	@for header in constants exp2_table; do \
	    $< $$header > kernels/$$header.h.new && \
	    mv kernels/$$header.h.new kernels/$$header.h || exit 1; done

# Planted faults in copies of the tree: each must be refused.
check-faults: all $(B)/tests $(FAULTY_SO)
	CC='$(CC)' CXX='$(CXX)' tests/planted_faults.sh $(B)

FORMATTED := $(wildcard *.c cli/*.[ch] kernels/*.[ch] $(FOLDERS:%=%/*.[ch]) \
               verify/plugins/*.c tests/*.[ch] tests/bench/*.c tests/faulty/*.c)
UNFORMATTED := kernels/constants.h kernels/exp2_table.h
format:
	@clang-format -i $(filter-out $(UNFORMATTED),$(FORMATTED))
format-check:
	@clang-format --dry-run --Werror $(filter-out $(UNFORMATTED),$(FORMATTED))

san: $(B)/san/selfnorm $(B)/san/kernel-host $(B)/san/tests $(FAULTY_SO)
	tests/run.sh $(B) san/tests

# All 2^32 inputs of every f32 kernel; what the registry declares must hold.
# A million random points of every inequality's domain.
exhaust: all $(B)/tests
	$(B)/selfnorm check --exhaustive sn_selu_f32 sn_selu_grad_f32
	SELFNORM_SAMPLES=1000000 $(B)/tests --filter 'proofs*/*'

bench: all plugins $(B)/bench-constants $(B)/bench-proofs
	$(B)/bench-constants
	$(B)/bench-proofs
	$(B)/selfnorm bench sn_selu_f32 sn_selu_f64 \
	    $$(cut -f1 $(B)/plugins/plugins.txt | sed 's|^|$(B)/plugins/|')

# ---- around it ----------------------------------------------------------
deps:
	.ci/with-deps true

DATA = '$(DESTDIR)$(PREFIX)'
install: all plugins
	install -d $(DATA)/bin $(DATA)/lib/selfnorm/plugins \
	    $(DATA)/include/kernels $(DATA)/libexec/selfnorm \
	    $(DATA)/share/selfnorm/plots $(DATA)/share/doc/selfnorm/kernels
	install $(B)/selfnorm $(DATA)/bin
	install $(B)/kernel-host $(DATA)/libexec/selfnorm
	install -m 644 $(B)/libselfnorm-kernels.a $(DATA)/lib
	install -m 644 kernels/kernels.h $(DATA)/include/kernels
	install -m 644 plots/* $(DATA)/share/selfnorm/plots
	install -m 644 README.md LICENSE docs/*.md $(DATA)/share/doc/selfnorm
	install -m 644 kernels/LICENSE $(DATA)/share/doc/selfnorm/kernels
	install -m 644 $(wildcard $(B)/plugins/*.so) $(B)/plugins/plugins.txt \
	    $(DATA)/lib/selfnorm/plugins

uninstall:
	rm -f $(DATA)/bin/selfnorm $(DATA)/lib/libselfnorm-kernels.a \
	    $(DATA)/include/kernels/kernels.h
	rm -rf $(DATA)/libexec/selfnorm $(DATA)/lib/selfnorm \
	    $(DATA)/share/selfnorm $(DATA)/share/doc/selfnorm
	-rmdir $(DATA)/include/kernels

clean:
	rm -rf $(B) out

help:
	@echo 'all           build/selfnorm, its libraries, kernel-host'
	@echo 'report        everything on this machine, as out/report.html'
	@echo 'test          Criterion and command-line tests (under a minute)'
	@echo 'check         test, check-layers, check-regen, check-faults,'
	@echo '              format-check'
	@echo 'san           the tests under ASan and UBSan'
	@echo 'exhaust       all 2^32 inputs of every f32 kernel, a million points of'
	@echo '              every inequality'
	@echo 'bench         digits of constants beside pi, MPFR and PARI; proofs and'
	@echo '              certificates; ns per element of kernels beside memcpy'
	@echo '              and other kernels'
	@echo 'plugins       shims around the kernels of other libraries'
	@echo 'regen         write the generated headers anew'
	@echo 'format        clang-format, in place'
	@echo 'deps          install the Debian packages that are missing'
	@echo 'install, uninstall (PREFIX, DESTDIR), clean'
	@echo 'Variables: CC, CXX, CFLAGS, B (build folder)'
