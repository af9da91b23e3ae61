# SPDX-License-Identifier: GPL-3.0-or-later
# What is missing is said before the compiler meets it; kernels/ needs nothing.
without := $(KERNELS:%.c=$(B)/obj/%.o) $(B)/libselfnorm-kernels.a $(KERNELS_SO)
goals   := $(or $(MAKECMDGOALS),all)
# the goals that need more than the program have a mark of their own
stamp   := $(B)/needs-$(firstword $(filter report test check san,$(goals)) all)
needs   = $(if $(filter-out $(without),$(goals)),$(stamp))

$(stamp): mk/needs.sh $(B)/flags
	@mk/needs.sh '$(CC) $(CPPFLAGS) $(CFLAGS)' $(goals)
	@touch $@
