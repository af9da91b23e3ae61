# SPDX-License-Identifier: GPL-3.0-or-later
# 'make help' lists the targets.  What is built from what stands here, how in
# mk/, a file for each topic.
#: all           build/selfnorm, its libraries, kernel-host
#: report        everything on this machine, as out/report.html
CC       ?= cc
CFLAGS   ?= -O2 -g
CPPFLAGS ?=
LDFLAGS  ?=
PKG_CONFIG ?= pkg-config
# Everything that is built lies in B, every result in OUT.
B        := build
OUT      := out
# What runs a program of another processor, as qemu-aarch64 -L FOLDER.
EMULATOR ?=

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all report force clean help deps

# Said now, not by the first command that cannot write.
ifneq ($(filter help,$(MAKECMDGOALS)),help)
refused := $(shell at='$(B)'; until [ -e "$$at" ]; do at=$$(dirname "$$at"); \
  done; [ -w "$$at" ] || realpath "$$at")
ifneq ($(refused),)
$(error $(refused) cannot be written to; make B=FOLDER OUT=FOLDER builds in \
  other folders)
endif
endif

# As many jobs as processors, unless make was told how many.
ifeq ($(MAKELEVEL)$(filter clean,$(MAKECMDGOALS)),0)
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(or $(shell nproc 2>/dev/null),1)
endif
endif

# ---- sources --------------------------------------------------------------
KERNELS  := $(wildcard kernels/*.c)
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
X86      := $(filter x86_64%,$(shell $(CC) -dumpmachine 2>/dev/null))
VERSION  := $(shell sed -n 's/.*CLI_VERSION "\(.*\)"/\1/p' cli/cli.h)
# The number that a change of the kernels' interface raises.  What is taken in
# addition raises none: since 2, designs whose alpha is 0 or below.
KERNELS_ABI := 2
KERNELS_SO  := $(B)/libselfnorm-kernels.so.$(KERNELS_ABI)

# ---- libraries ------------------------------------------------------------
# FLINT 2 (Debian 12) has Arb apart, FLINT 3 contains it.
hash     := \#
ARB      := $(if $(shell echo '$(hash)include <flint/arb.h>' | \
              $(CC) $(CPPFLAGS) -E - >/dev/null 2>&1 && echo 3), \
              -lflint,-lflint-arb -lflint)
BLAS     := $(shell $(PKG_CONFIG) --libs openblas 2>/dev/null || \
              echo -lopenblas)
THEORY_LIBS := $(ARB) -lmpfi -lmpfr -lgmp -lm
LIBS     := $(BLAS) -lgsl -ljansson $(THEORY_LIBS) -ldl -lpthread
TEST_LIBS := -lcriterion
# make MPI=1 (best with a build folder of its own, B=build-mpi): Open MPI or
# MPICH through mpicc; one file uses it.
ifdef MPI
MPI_CFLAGS := -DSN_MPI $(subst -I,-isystem ,$(shell mpicc -show x.c \
                | tr ' ' '\n' | grep '^-[ID]'))
LIBS       += $(shell mpicc -show x.c | tr ' ' '\n' | grep '^-L\|^-l\|^-Wl')
endif

# ---- what is built --------------------------------------------------------
all: $(B)/selfnorm $(B)/kernel-host $(B)/plots $(B)/libselfnorm.a \
     $(B)/libselfnorm-kernels.a $(KERNELS_SO)

include mk/needs.mk mk/compile.mk mk/plugins.mk mk/tests.mk mk/checks.mk \
        mk/bench.mk mk/fuzz.mk mk/frameworks.mk mk/python.mk mk/formal.mk \
        mk/install.mk mk/release.mk
-include $(shell find $(B) -name '*.d' -type f 2>/dev/null)

report: all plugins
	$(EMULATOR) $(B)/selfnorm report -o $(OUT)

#: deps          install the packages that are missing, or print which
deps:
	./with-deps --dev true

clean:
	rm -rf $(B) $(OUT)

#= clean, help
#= Variables: CC, CXX, CFLAGS, CPPFLAGS, LDFLAGS, B (folder of what is built),
#= OUT (folder of results), MPI (1: with MPI), WERROR (-Werror: warnings stop)
help:
	@sed -n 's/^#: //p' Makefile mk/*.mk
	@sed -n 's/^#= //p' Makefile
