# SPDX-License-Identifier: GPL-3.0-or-later
# What is missing is said before the compiler meets it; kernels/ needs nothing.
without := $(KERNELS:%.c=$(B)/obj/%.o) $(B)/libselfnorm-kernels.a $(KERNELS_SO)
needs   = $(if $(filter-out $(without),$(or $(MAKECMDGOALS),all)),$(B)/needs)

$(B)/needs: mk/needs.sh $(B)/flags
	@mk/needs.sh '$(CC) $(CPPFLAGS) $(CFLAGS)' $(or $(MAKECMDGOALS),all)
	@touch $@
