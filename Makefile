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
# The last: clang complains of loops that the checks keep from vectorizing;
# gcc, which has no such warning, ignores it.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
            -fno-omit-frame-pointer -Wno-pass-failed

# Debian 12 has FLINT 2.9 with Arb apart; FLINT 3 contains Arb.
ARB      := $(if $(wildcard /usr/include/flint/arb.h),-lflint,-lflint-arb -lflint)
BLAS     := $(shell pkg-config --libs openblas 2>/dev/null || echo -lopenblas)
THEORY_LIBS := $(ARB) -lmpfi -lmpfr -lgmp -lm
LIBS     := $(BLAS) -lgsl -ljansson $(THEORY_LIBS) -ldl -lpthread
TEST_LIBS := -lcriterion
# make MPI=1 (best with a build folder of its own, B=build-mpi): Open MPI or
# MPICH through mpicc; one file uses it.
ifdef MPI
MPI_CFLAGS := -DSN_MPI $(subst -I,-isystem ,$(shell mpicc -show x.c \
                | tr ' ' '\n' | grep '^-[ID]'))
MPI_LIBS   := $(shell mpicc -show x.c | tr ' ' '\n' | grep '^-L\|^-l\|^-Wl')
LIBS       += $(MPI_LIBS)
endif

KERNELS  := $(wildcard kernels/*.c)
VERSION  := $(shell sed -n 's/.*CLI_VERSION "\(.*\)"/\1/p' cli/cli.h)
# The number that a change of the interface raises.
KERNELS_ABI := 1
KERNELS_SO  := $(B)/libselfnorm-kernels.so.$(KERNELS_ABI)
GENERATOR := fixedpoint/constants/generate_kernel_headers.c
HOST     := $(wildcard verify/conformance/subject/kernel_host*.c)
FOLDERS  := $(shell find fixedpoint verify -type d -not -path '*/plugins*')
SOURCES  := $(filter-out $(GENERATOR) $(HOST), \
              $(wildcard $(FOLDERS:%=%/*.c)))
# cli/ prints, reads arguments and exits; the rest is the library.
COMMANDS := $(wildcard cli/*.c cli/commands/*/*.c)
LIBRARY  := $(KERNELS) $(SOURCES)
TESTS    := $(shell find tests/kernels tests/fixedpoint tests/verify \
              -name '*.c')
FAULTY   := $(wildcard tests/faulty/*.c)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all test mpi-test report deps bench exhaust digests aarch64 regen \
        regen-polynomials check san install uninstall clean help man plugins \
        frameworks fuzz check-layers check-regen check-proofs check-faults \
        format \
        format-check force

all: $(B)/selfnorm $(B)/kernel-host $(B)/plots $(B)/libselfnorm.a \
     $(B)/libselfnorm-kernels.a $(KERNELS_SO)

# ---- compiling ----------------------------------------------------------
FLAGS_NOW := $(CC) $(CXX) $(CFLAGS) $(STRICT) $(GNU) $(MPI_CFLAGS)
$(B)/flags: force
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' > $@

# kernels/ sees the C11 standard alone: no GNU extensions, no OpenMP.
# The kernels of one instruction set; on other processors they are empty.
X86 := $(filter x86_64%,$(shell $(CC) -dumpmachine))
avx2 := $(if $(X86),-mavx2 -mfma -mf16c)
flags_kernels/isa_avx2.c := $(avx2)
flags_kernels/isa_avx512.c := $(if $(X86),$(avx2) -mavx512f -mavx512bw \
    -mavx512dq -mavx512vl)
flags_tests/bench/side_by_side.c := -O3 $(flags_kernels/isa_avx512.c)
# The checker's reference and score are loops that vectorize at -O3 once the
# compiler may evaluate both sides of a selection.
vector := -O3 -fno-trapping-math
flags_verify/conformance/reference/approximate.c := $(vector)
flags_verify/conformance/reference/approximate_f64.c := $(vector) \
    -fno-math-errno
flags_verify/conformance/sweep/score_f32.c := $(vector)
# Random numbers and sums over rows, likewise; sqrt sets no errno.  gcc leaves
# independent chains of operations one after the other unless told.
interleave := $(if $(findstring clang,$(shell $(CC) --version)),, \
                -fschedule-insns)
flags_verify/shared/random.c := $(vector) -fno-math-errno $(interleave)
flags_verify/shared/power_sums.c := -O3
flags_verify/networks/layers/real.c := -O3
flags_verify/shared/ranks.c := $(MPI_CFLAGS)
flags_verify/training/net/net_f32.c := $(vector) -fno-math-errno
# clang takes comparisons that raise invalid for those that do not unless told.
quiet := $(if $(findstring clang,$(shell $(CC) --version)), \
           -ffp-exception-behavior=maytrap)
flags_of = $(if $(filter kernels/%,$1),-pedantic $(quiet),$(GNU)) $(flags_$1)

# $1: object folder, $2: extra flags, $3: level of the kernels' loops, where
# -O2 leaves decisions that do not change inside, and with sanitizers clang's
# -O1 takes many minutes
define variant
$1/obj/%.o: %.c $(B)/flags
	@mkdir -p $$(@D)
	@echo "  CC    $$@"
	@$$(CC) $$(CFLAGS) $$(STRICT) $$(call flags_of,$$<) \
	    $$(if $$(filter kernels/isa_%,$$<),$3) $2 -c $$< -o $$@

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
	@$$(CC) $$(CFLAGS) -fopenmp $2 -o $$@ $$^ -ldl -lm -lpthread

$1/tests: $(TESTS:%.c=$1/obj/%.o) $1/libselfnorm.a
	@echo "  LINK  $$@"
	@$$(CC) $$(CFLAGS) -fopenmp $2 -o $$@ $$^ $$(TEST_LIBS) $$(LIBS)
endef
$(eval $(call variant,$(B),,-O3))
$(eval $(call variant,$(B)/san,$(SANITIZE),$(if \
    $(findstring clang,$(shell $(CC) --version)),-O0,-O1)))

# The kernels alone, for other programs: only what kernels.h declares is seen.
$(KERNELS_SO): $(KERNELS:%.c=$(B)/obj/%.o) kernels/kernels.map
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) -shared -o $@ $(filter %.o,$^) -Wl,-z,defs \
	    -Wl,-soname,$(notdir $@) -Wl,--version-script,kernels/kernels.map -lm
	@ln -sf $(notdir $@) $(B)/libselfnorm-kernels.so

$(B)/exhaust-kernels: $(B)/obj/tests/exhaust/kernels.o $(B)/libselfnorm.a
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) -fopenmp -o $@ $^ $(LIBS)

BENCHES := $(patsubst tests/bench/%.c,$(B)/bench-%,$(wildcard tests/bench/*.c))
$(B)/bench-%: $(B)/obj/tests/bench/%.o $(B)/libselfnorm.a
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
check: test check-layers check-regen check-proofs check-faults format-check \
       $(BENCHES) $(B)/exhaust-kernels

check-layers: $(B)/libselfnorm-kernels.a
	tests/check_layers.sh $(B)

check-regen: $(B)/generate-kernel-headers
	@for header in constants exp2_table; do \
	    $< $$header | cmp - kernels/$$header.h || { \
	    echo "kernels/$$header.h is not what the theory gives:" \
	        "'make regen' writes it anew" >&2; exit 1; }; done
	@echo 'generated files are as generated'

# The kernels' polynomials anew from their script, which proves their bounds,
# and the bounds of rounding errors.
check-proofs:
	@sollya kernels/polynomials.sollya | cmp - kernels/polynomials.h || { \
	    echo "kernels/polynomials.h is not what kernels/polynomials.sollya" \
	        "gives: 'make regen-polynomials' writes it anew" >&2; exit 1; }
	@echo 'polynomials are as derived, their errors are proved'
	@tests/prove_errors.sh kernels/errors/*.gappa \
	    verify/conformance/reference/approximate_f64.gappa

regen-polynomials:
	sollya kernels/polynomials.sollya > kernels/polynomials.h.new
	mv kernels/polynomials.h.new kernels/polynomials.h

regen: $(B)/generate-kernel-headers
	@for header in constants exp2_table; do \
	    $< $$header > kernels/$$header.h.new && \
	    mv kernels/$$header.h.new kernels/$$header.h || exit 1; done

# Planted faults in copies of the tree: each must be refused.
check-faults: all $(B)/tests $(FAULTY_SO)
	CC='$(CC)' CXX='$(CXX)' tests/planted_faults.sh $(B)

FORMATTED := $(wildcard *.c cli/*.[ch] cli/commands/*/*.[ch] kernels/*.[ch] \
               $(FOLDERS:%=%/*.[ch]) verify/plugins/*.c kernels/example/*.c) \
               $(shell find tests -name '*.[ch]')
UNFORMATTED := kernels/constants.h kernels/exp2_table.h \
               kernels/polynomials.h
format:
	@clang-format -i $(filter-out $(UNFORMATTED),$(FORMATTED))
format-check:
	@clang-format --dry-run --Werror $(filter-out $(UNFORMATTED),$(FORMATTED))

san: $(B)/san/selfnorm $(B)/san/kernel-host $(B)/san/tests $(FAULTY_SO)
	tests/run.sh $(B) san/tests

# simulate, train and check under mpirun: the same figures for any number of
# ranks.
mpi-test: $(B)/selfnorm $(B)/kernel-host
	tests/mpi.sh $(B)

# The registry's digests with gcc and clang at -O1, -O2 and -O3.
digests:
	tests/digests.sh $(B)/digests

# The kernels for aarch64, built with Debian's cross compiler and run under
# qemu-user: the same digests.
aarch64:
	tests/aarch64.sh $(B)/aarch64

# All 2^32 inputs of every f32 kernel; what the registry declares must hold.
# Then the same bits on every instruction set, the faithful class, and all
# 2^32 pairs of the 16-bit gradients.  A million random points of every
# inequality's domain.  The false alarms of simulate's tests, over many seeds.
exhaust: all $(B)/exhaust-kernels $(B)/tests $(B)/bench-calibrate_networks
	$(B)/selfnorm check --exhaustive sn_selu_f32 sn_selu_grad_f32 \
	    sn_elu_f32 sn_elu_grad_f32
	$(B)/exhaust-kernels
	SELFNORM_SAMPLES=1000000 $(B)/tests --filter 'proofs*/*'
	$(B)/bench-calibrate_networks

bench: all plugins $(BENCHES)
	$(B)/bench-constants
	$(B)/bench-proofs
	$(B)/bench-check
	$(B)/bench-networks
	$(B)/bench-training
	$(B)/bench-side_by_side
	$(B)/selfnorm bench --accuracy sn_selu_f32 sn_selu_f32_avx2 \
	    sn_selu_faithful_f32 sn_selu_f64 sn_selu_f16 sn_selu_bf16 \
	    sn_selu_grad_f32 sn_alpha_dropout_f32 sn_selu_alpha_dropout_f32 \
	    $$(cut -f1 $(B)/plugins/plugins.txt | sed 's|^|$(B)/plugins/|')
	$(B)/selfnorm bench --sizes 67108864 --threads 1,2 --turns 5 \
	    sn_selu_f32 sn_selu_faithful_f32 sn_selu_f64 sn_selu_f16 \
	    sn_selu_bf16 sn_selu_grad_f32 sn_selu_alpha_dropout_f32 \
	    $$(sed -n 's|^\(loops_fastmath.so:loop_expf\)\t.*|$(B)/plugins/\1|p
	        s|^\(xnnpack.so:xnnpack_selu\)\t.*|$(B)/plugins/\1|p' \
	        $(B)/plugins/plugins.txt)
	-/usr/bin/python3 tests/bench/pytorch.py

# Other people's frameworks, from PyPI into build/; docs/frameworks.md.
VENV := $(B)/frameworks/venv
$(VENV)/installed: verify/plugins/frameworks/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install -q -r $< || { echo 'make frameworks: pip did not' \
	    'get the packages above: it needs PyPI, 7 GB, Python 3.11 or later' \
	    >&2; exit 1; }
	touch $@

frameworks: all plugins $(VENV)/installed
	$(VENV)/bin/python verify/plugins/frameworks/survey.py $(B)/selfnorm \
	    $(B)/frameworks/out

include tests/fuzz/fuzz.mk

# ---- around it ----------------------------------------------------------
deps:
	.ci/with-deps true

# A page for the program and one for each command, from what --help prints.
man: $(B)/selfnorm
	@command -v help2man >/dev/null || { \
	    echo 'man: needs help2man (Debian: help2man)' >&2; exit 3; }
	@mkdir -p $(B)/man
	@help2man -N -o $(B)/man/selfnorm.1 $<  \
	    -n 'the reference for self-normalization in neural networks'
	@$< --help | sed -n 's/^  \([a-z-]\{1,\}\)  */\1 /p' | \
	while read -r name what; do \
	    help2man -N -h "$$name --help" -n "$$what" $< | \
	        sed "s/^.TH SELFNORM/&-$$name/; s/^selfnorm \\\\- /selfnorm-$$name \\\\- /" \
	        >$(B)/man/selfnorm-$$name.1 || exit 1; \
	done
	@echo "$$(ls $(B)/man | wc -l) manual pages in $(B)/man"

DATA = '$(DESTDIR)$(PREFIX)'
install: all plugins
	install -d $(DATA)/bin $(DATA)/lib/selfnorm/plugins \
	    $(DATA)/include/kernels $(DATA)/include/verify \
	    $(DATA)/libexec/selfnorm \
	    $(DATA)/share/selfnorm/plots $(DATA)/share/doc/selfnorm/kernels
	install $(B)/selfnorm $(DATA)/bin
	install $(B)/kernel-host $(DATA)/libexec/selfnorm
	install -m 644 $(B)/libselfnorm-kernels.a $(KERNELS_SO) \
	    $(B)/libselfnorm.a $(DATA)/lib
	ln -sf $(notdir $(KERNELS_SO)) $(DATA)/lib/libselfnorm-kernels.so
	install -d $(DATA)/lib/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' \
	    kernels/selfnorm-kernels.pc.in \
	    > $(DATA)/lib/pkgconfig/selfnorm-kernels.pc
	install -m 644 verify/check.h $(DATA)/include/verify
	install -m 644 kernels/kernels.h $(DATA)/include/kernels
	install -m 644 plots/* $(DATA)/share/selfnorm/plots
	install -m 644 README.md LICENSE docs/*.md $(DATA)/share/doc/selfnorm
	install -d $(DATA)/share/bash-completion/completions $(DATA)/share/man/man1
	install -d $(DATA)/share/zsh/site-functions \
	    $(DATA)/share/fish/vendor_completions.d
	$(B)/selfnorm help --completion bash \
	    -o $(DATA)/share/bash-completion/completions/selfnorm
	$(B)/selfnorm help --completion zsh \
	    -o $(DATA)/share/zsh/site-functions/_selfnorm
	$(B)/selfnorm help --completion fish \
	    -o $(DATA)/share/fish/vendor_completions.d/selfnorm.fish
	if command -v help2man >/dev/null; then $(MAKE) man && \
	    install -m 644 $(B)/man/*.1 $(DATA)/share/man/man1; fi
	install -m 644 kernels/LICENSE kernels/example/* \
	    $(DATA)/share/doc/selfnorm/kernels
	install -m 644 $(wildcard $(B)/plugins/*.so) $(B)/plugins/plugins.txt \
	    $(DATA)/lib/selfnorm/plugins

uninstall:
	rm -f $(DATA)/bin/selfnorm $(DATA)/lib/libselfnorm-kernels.* \
	    $(DATA)/lib/libselfnorm.a $(DATA)/lib/pkgconfig/selfnorm-kernels.pc \
	    $(DATA)/include/kernels/kernels.h $(DATA)/include/verify/check.h
	rm -rf $(DATA)/libexec/selfnorm $(DATA)/lib/selfnorm \
	    $(DATA)/share/selfnorm $(DATA)/share/doc/selfnorm \
	    $(DATA)/share/bash-completion/completions/selfnorm \
	    $(DATA)/share/zsh/site-functions/_selfnorm \
	    $(DATA)/share/fish/vendor_completions.d/selfnorm.fish \
	    $(DATA)/share/man/man1/selfnorm*.1
	-rmdir $(DATA)/include/kernels $(DATA)/include/verify

clean:
	rm -rf $(B) out

help:
	@echo 'all           build/selfnorm, its libraries, kernel-host'
	@echo 'report        everything on this machine, as out/report.html'
	@echo 'test          Criterion and command-line tests (about a minute)'
	@echo 'check         test, check-layers, check-regen, check-proofs (Sollya,'
	@echo '              Gappa), check-faults, format-check'
	@echo 'mpi-test      simulate, train, check under mpirun (make MPI=1'
	@echo '              B=build-mpi mpi-test)'
	@echo 'san           the tests under ASan and UBSan'
	@echo 'exhaust       all 2^32 inputs of every f32 kernel on every instruction'
	@echo '              set, a million points of every inequality, false alarms'
	@echo '              of simulate over many seeds'
	@echo 'digests       the same bits with gcc and clang, -O1 to -O3'
	@echo 'aarch64       the kernels under qemu-user'
	@echo 'bench         each part beside its rivals: digits of constants, proofs,'
	@echo '              checking, networks, training, kernels'
	@echo 'frameworks    PyTorch, JAX, TensorFlow, ONNX Runtime, checked (7 GB'
	@echo '              from PyPI into build/frameworks)'
	@echo 'fuzz          readers of .npy, baselines, shards, certificates under'
	@echo '              libFuzzer (clang)'
	@echo 'plugins       shims around the kernels of other libraries'
	@echo 'regen         write the generated headers anew; regen-polynomials:'
	@echo '              those of Sollya'
	@echo 'format        clang-format, in place'
	@echo 'man           manual pages, from what --help prints'
	@echo 'deps          install the Debian packages that are missing'
	@echo 'install, uninstall (PREFIX, DESTDIR), clean'
	@echo 'Variables: CC, CXX, CFLAGS, B (build folder), MPI (1: with MPI)'
