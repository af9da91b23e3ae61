# SPDX-License-Identifier: GPL-3.0-or-later
# Objects, archives and programs, in two variants: B/obj (plain) and B/san/obj
# (ASan and UBSan).  Objects are rebuilt when the compiler or a flag changes.
# Enum constants are C's named integers: clang 19's warning of them beside
# doubles is off.
CLANG    := $(findstring clang,$(shell $(CC) --version 2>/dev/null))
WARNINGS := -Wall -Wextra -Wshadow -Wconversion \
            -Werror=implicit-function-declaration \
            $(if $(CLANG),-Wno-enum-float-conversion)
WERROR   ?=
LANGUAGE := -std=c11 -ffp-contract=off -I. -MMD -MP -fPIC
GNU      := -D_GNU_SOURCE -fopenmp
# The last: clang complains of loops that the checks keep from vectorizing;
# gcc, which has no such warning, ignores it.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
            -fno-omit-frame-pointer -Wno-pass-failed

FLAGS_NOW := $(CC) $(CXX) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(WARNINGS) \
             $(WERROR) $(LANGUAGE) $(GNU) $(MPI_CFLAGS)
$(B)/flags: force
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' > $@

# ---- flags of single files --------------------------------------------------
# The checker's reference and score are loops that vectorize at -O3 once the
# compiler may evaluate both sides of a selection.
vector := -O3 -fno-trapping-math
flags_verify/conformance/reference/approximate.c := $(vector)
flags_verify/conformance/reference/polynomial.c := $(vector)
flags_verify/conformance/reference/approximate_f64.c := $(vector) \
    -fno-math-errno
flags_verify/conformance/sweep/score_f32.c := $(vector)
# Random numbers and sums over rows, likewise; sqrt sets no errno.  gcc leaves
# independent chains of operations one after the other unless told.
interleave := $(if $(CLANG),,-fschedule-insns)
flags_verify/shared/random.c := $(vector) -fno-math-errno $(interleave)
flags_verify/shared/power_sums.c := -O3
flags_verify/networks/layers/real.c := -O3
flags_verify/shared/ranks.c := $(MPI_CFLAGS)
flags_verify/training/net/net_f32.c := $(vector) -fno-math-errno
# kernels/ sees the C11 standard alone: no GNU extensions, no OpenMP.
flags_of = $(if $(filter kernels/%,$1),-pedantic,$(GNU)) $(flags_$1)

# ---- the two variants -------------------------------------------------------
LINK = $(CC) $(CFLAGS) -fopenmp $(LDFLAGS)

# $1: object folder, $2: extra flags, $3: level of the kernels' loops, since
# with sanitizers clang's -O1 takes many minutes
define variant
$1/obj/%.o: %.c $(B)/flags | $(needs)
	@mkdir -p $$(@D)
	@echo "  CC    $$@"
	@$$(CC) $$(CPPFLAGS) $$(WARNINGS) $$(WERROR) $$(CFLAGS) $$(LANGUAGE) \
	    $$(call flags_of,$$<) $$(if $$(filter kernels/isa_%,$$<),$3) $2 \
	    -c $$< -o $$@

$1/libselfnorm-kernels.a: $(KERNELS:%.c=$1/obj/%.o)
$1/everything.a: $(LIBRARY:%.c=$1/obj/%.o)
$1/libselfnorm-kernels.a $1/everything.a:
	@rm -f $$@
	@echo "  AR    $$@"
	@$$(AR) rcs $$@ $$^

$1/selfnorm: $1/obj/selfnorm.o $(COMMANDS:%.c=$1/obj/%.o) $1/everything.a
$1/kernel-host: $(HOST:%.c=$1/obj/%.o) $1/libselfnorm-kernels.a
$1/tests: $(TESTS:%.c=$1/obj/%.o) $1/everything.a
$1/selfnorm $1/kernel-host $1/tests:
	@echo "  LINK  $$@"
	@$$(LINK) $2 -o $$@ $$^ $$($$(@F)_libs)
endef
selfnorm_libs = $(LIBS)
kernel-host_libs = -ldl -lm -lpthread
tests_libs = $(TEST_LIBS) $(LIBS)
$(eval $(call variant,$(B),,))
$(eval $(call variant,$(B)/san,$(SANITIZE),$(if $(CLANG),-O0,-O1)))

# Programs of one source and the library.
BENCHES := $(patsubst tests/bench/%.c,$(B)/bench-%,$(wildcard tests/bench/*.c))
$(BENCHES): $(B)/bench-%: $(B)/obj/tests/bench/%.o
$(B)/exhaust-kernels: $(B)/obj/tests/exhaust/kernels.o
$(BENCHES) $(B)/exhaust-kernels: $(B)/everything.a
	@echo "  LINK  $@"
	@$(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

$(B)/generate-kernel-headers: $(GENERATOR:%.c=$(B)/obj/%.o) \
        $(patsubst %.c,$(B)/obj/%.o,$(filter fixedpoint/%.c,$(LIBRARY)))
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(THEORY_LIBS)

# where the report looks for its scripts
$(B)/plots: $(B)/flags
	@ln -sfn '$(CURDIR)/plots' $@

# ---- the libraries for other programs ---------------------------------------
# The kernels alone: only what kernels.h declares is seen.
$(KERNELS_SO): $(KERNELS:%.c=$(B)/obj/%.o) kernels/kernels.map
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $(filter %.o,$^) -Wl,-z,defs \
	    -Wl,-soname,$(notdir $@) -Wl,--version-script,kernels/kernels.map -lm
	@ln -sf $(notdir $@) $(B)/libselfnorm-kernels.so

# The check for other programs' tests: of everything but kernels/ what check.h
# needs, as one object in which only its functions are seen.
OBJCOPY ?= objcopy
CHECK_EXPORTS := $(shell mk/declared.sh verify/check.h)
$(B)/inner.a: $(SOURCES:%.c=$(B)/obj/%.o)
	@rm -f $@
	@$(AR) rcsT $@ $^
$(B)/libselfnorm.a: $(B)/inner.a verify/check.h
	@echo "  AR    $@"
	@$(CC) -r -nostdlib -o $(B)/check.o $(CHECK_EXPORTS:%=-Wl,-u,%) $<
	@$(OBJCOPY) $(CHECK_EXPORTS:%=--keep-global-symbol=%) \
	    $(B)/check.o
	@rm -f $@
	@$(AR) rcs $@ $(B)/check.o
