# SPDX-License-Identifier: GPL-3.0-or-later
# Shims around other people's kernels, verify/plugins/.
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
# $(B)/plugins/plugins.txt and more.txt.  A plugin that does not build is
# warned of and left out.
.PHONY: plugins
plugin_names := onednn xnnpack sleef eigen loops loops_fastmath
plugin_places := /usr/include /usr/local/include

plugin_package_onednn := libdnnl-dev
plugin_header_onednn := dnnl.h
plugin_libs_onednn := -ldnnl

plugin_package_xnnpack := libxnnpack-dev libpthreadpool-dev
plugin_header_xnnpack := xnnpack.h pthreadpool.h
plugin_libs_xnnpack := -lXNNPACK
plugin_flags_xnnpack := $(if $(shell grep -l xnn_create_unary_elementwise_nc \
    $(plugin_places:%=%/xnnpack.h) 2>/dev/null),-DXNNPACK_UNARY)

plugin_package_sleef := libsleef-dev
plugin_header_sleef := sleef.h
plugin_libs_sleef := -lsleef

plugin_package_eigen := libeigen3-dev g++
plugin_header_eigen := eigen3/Eigen/Core
plugin_program_eigen = $(CXX)
plugin_source_eigen := eigen.cc
plugin_flags_eigen := -std=c++14 $(plugin_places:%=-isystem %/eigen3)
plugin_objects_eigen := $(if $(X86),$(B)/plugins/eigen_avx2.o \
    $(B)/plugins/eigen_avx512.o)

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
plugin_present := $(filter-out $(plugin_absent),$(plugin_names))

plugin_flags := -O3 $(WARNINGS) $(WERROR) -fPIC
plugin_compiler = $(or $(plugin_program_$1),$(CC) -std=c11) $(CPPFLAGS) \
    $(plugin_flags) $(plugin_flags_$1)

# Where the compiler refuses, no .so is left: what it said lies beside it.
# $1: plugin, $2: what is compiled
define plugin_rule
$(B)/plugins/$1.so: $2 $(plugin_objects_$1) mk/plugins.mk $(B)/flags
	@mkdir -p $$(@D)
	@echo "  PLUG  $$@"
	@$(plugin_compiler) $(LDFLAGS) -shared -Wl,-z,defs -MMD -MP \
	    -MF $$(@:.so=.d) -MT $$@ -o $$@ $2 $$(wildcard \
	    $(plugin_objects_$1)) $(plugin_libs_$1) -lm 2>$$(@:.so=.log) || \
	    { rm -f $$@; mk/plugin_warning.sh $1 $$(@:.so=.log) $(WERROR); }
endef
$(foreach p,$(plugin_present),$(eval $(call plugin_rule,$p,$(strip \
    verify/plugins/$(or $(plugin_source_$p),$p.c)))))

# Eigen's vectors are chosen when it is compiled: one object for each
# instruction set, in namespaces apart, the best of which eigen.cc calls.
eigen_avx2 := -mavx2 -mfma
eigen_avx512 := $(eigen_avx2) -mavx512f -mavx512bw -mavx512dq -mavx512vl
$(B)/plugins/eigen_%.o: verify/plugins/eigen.cc mk/plugins.mk $(B)/flags
	@mkdir -p $(@D)
	@-$(call plugin_compiler,eigen) $(eigen_$*) -DLEVEL=_$* \
	    -DEigen=Eigen_$* -c -o $@ $< 2>$(@:.o=.log)

# $1: plugin; its lines, with the version where dpkg knows it, of an unreleased
# one (0.0~git20220216.ae108ef) the day
define plugin_lines
@[ ! -e $(B)/plugins/$1.so ] || \
    version=$$(dpkg-query -W -f '$${source:Upstream-Version}' \
    $(firstword $(plugin_package_$1)) 2>/dev/null | \
    sed 's/.*git\([0-9]\{8\}\).*/\1/') && \
    sed "/^$1\.so:/!d; s/@/$$version/" verify/plugins/$2.txt >> $@.new

endef
$(B)/plugins/plugins.txt: plugin_list := kernels
$(B)/plugins/more.txt: plugin_list := more
$(B)/plugins/plugins.txt $(B)/plugins/more.txt: \
        $(plugin_present:%=$(B)/plugins/%.so) \
        verify/plugins/kernels.txt verify/plugins/more.txt force
	@mkdir -p $(@D)
	@: > $@.new
	$(foreach p,$(plugin_present),$(call plugin_lines,$p,$(plugin_list)))
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

#: plugins       shims around the kernels of other libraries
plugins: $(B)/plugins/plugins.txt $(B)/plugins/more.txt
	@: $(foreach p,$(plugin_absent),; echo \
	    'plugin $p left out: apt-get install $(plugin_package_$p)')
