# SPDX-License-Identifier: GPL-3.0-or-later
# Shims around other people's kernels.  The Makefile includes this file and
# defines B, CC, $(B)/flags and force.
#
#   plugin          package             what is wrapped
#   onednn          libdnnl-dev         eltwise elu and linear
#   xnnpack         libxnnpack-dev      elu operator, scaled by a loop
#   sleef           libsleef-dev        expm1 and exp of 1.0 ULP
#   eigen           libeigen3-dev, g++  array expressions
#   loops           libc6-dev           expm1f, expf, expm1
#   loops_fastmath  libc6-dev           the same under -ffast-math
#
# kernels.txt holds one line per exported SELU in f32, PLUGIN.so:SYMBOL, a tab, a
# label in which @ stands for the package's version; more.txt the others, with
# function and type as two more columns.  The lines of what was built become
# $(B)/plugins/plugins.txt and more.txt.

plugin_names := onednn xnnpack sleef eigen loops loops_fastmath
plugin_places := /usr/include /usr/local/include

plugin_package_onednn := libdnnl-dev
plugin_header_onednn := dnnl.h
plugin_libs_onednn := -ldnnl

plugin_package_xnnpack := libxnnpack-dev libpthreadpool-dev
plugin_header_xnnpack := xnnpack.h pthreadpool.h
plugin_libs_xnnpack := -lXNNPACK

plugin_package_sleef := libsleef-dev
plugin_header_sleef := sleef.h
plugin_libs_sleef := -lsleef

plugin_package_eigen := libeigen3-dev g++
plugin_header_eigen := eigen3/Eigen/Core
plugin_program_eigen = $(CXX)
plugin_source_eigen := eigen.cc
plugin_flags_eigen := -std=c++14 -march=native $(patsubst %,-isystem \
    %/eigen3,$(plugin_places))

plugin_package_loops := libc6-dev
plugin_header_loops := math.h

# Given to the linker too: compilers up to gcc 12 then add the start-up code
# that sets flush-to-zero when the object is loaded.
plugin_package_loops_fastmath := libc6-dev
plugin_header_loops_fastmath := math.h
plugin_source_loops_fastmath := loops.c
plugin_flags_loops_fastmath := -ffast-math

# Debian multiarch puts some headers below /usr/include/TRIPLET.
plugin_search := $(plugin_places) $(wildcard /usr/include/*-linux-gnu)
plugin_has_header = $(wildcard $(addsuffix /$1,$(plugin_search)))
# $1: plugin; the missing headers and programs
plugin_misses = $(strip \
    $(foreach h,$(plugin_header_$1),$(if $(call plugin_has_header,$h),,$h)) \
    $(foreach p,$(plugin_program_$1),$(if \
        $(shell command -v $(firstword $p)),,$p)))

plugin_absent := $(foreach p,$(plugin_names),$(if $(call plugin_misses,$p),$p))
plugin_built := $(filter-out $(plugin_absent),$(plugin_names))
plugin_packages := $(sort $(foreach p,$(plugin_names),$(plugin_package_$p)))

plugin_strict := -O3 -Wall -Wextra -Wshadow -Wconversion -Werror -fPIC \
    -shared -Wl,-z,defs -MMD -MP

# $1: plugin
define plugin_rule
$(B)/plugins/$1.so: verify/plugins/$(or $(plugin_source_$1),$1.c) \
        verify/plugins/plugins.mk $(B)/flags
	@mkdir -p $$(@D)
	$(or $(plugin_program_$1),$(CC) -std=c11) $(plugin_strict) \
	    $(plugin_flags_$1) -MF $$(@:.so=.d) -MT $$@ -o $$@ $$< \
	    $(plugin_libs_$1) -lm
endef
$(foreach p,$(plugin_built),$(eval $(call plugin_rule,$p)))

# $1: plugin; its lines, with the version where dpkg knows it, of an unreleased
# one (0.0~git20220216.ae108ef) the day
define plugin_lines
@version=$$(dpkg-query -W -f '$${source:Upstream-Version}' \
    $(firstword $(plugin_package_$1)) 2>/dev/null | \
    sed 's/.*git\([0-9]\{8\}\).*/\1/'); \
    sed "/^$1\.so:/!d; s/@/$$version/" verify/plugins/$2.txt >> $@.new

endef
$(B)/plugins/plugins.txt: plugin_list := kernels
$(B)/plugins/more.txt: plugin_list := more
$(B)/plugins/plugins.txt $(B)/plugins/more.txt: \
        $(plugin_built:%=$(B)/plugins/%.so) \
        verify/plugins/kernels.txt verify/plugins/more.txt force
	@mkdir -p $(@D)
	@: > $@.new
	$(foreach p,$(plugin_built),$(call plugin_lines,$p,$(plugin_list)))
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

plugins: $(B)/plugins/plugins.txt $(B)/plugins/more.txt
	@: $(foreach p,$(plugin_absent),; echo \
	    'plugin $p left out: apt-get install $(plugin_package_$p)')
