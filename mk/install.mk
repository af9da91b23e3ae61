# SPDX-License-Identifier: GPL-3.0-or-later
# Installed files are first laid out below B/stage; mk/install.sh copies them to
# DESTDIR and keeps a list, by which uninstall removes them.
.PHONY: man stage install uninstall
PREFIX     ?= /usr/local
DESTDIR    ?=
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
STRIP      ?= strip
# The program finds these from where it lies.
bindir     := $(PREFIX)/bin
inner      := $(PREFIX)/libexec/selfnorm
datadir    := $(PREFIX)/share
docdir     := $(datadir)/doc/selfnorm
STAGE      := $(B)/stage
S           = $(STAGE)

# a program that is linked with libselfnorm finds kernel-host by this
host_now := $(inner)/kernel-host
$(B)/host-place: force
	@mkdir -p $(@D)
	@echo '$(host_now)' | cmp -s - $@ || echo '$(host_now)' > $@
$(B)/obj/verify/conformance/subject/library.o \
$(B)/san/obj/verify/conformance/subject/library.o: $(B)/host-place
flags_verify/conformance/subject/library.c = \
    -DSUBJECT_HOST_INSTALLED='"$(host_now)"'

#: man           manual pages, in build/man
man: $(B)/selfnorm
	@mk/man.sh '$(EMULATOR) $(B)/selfnorm' $(B)/man

# what libselfnorm.a needs
requires := gsl mpfr gmp
pc_libs   = $(ARB) -lmpfi -fopenmp -lm
fill      = sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@LIBDIR@|$(LIBDIR)|g' \
    -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|g' -e 's|@VERSION@|$(VERSION)|g' \
    -e 's|@SONAME@|$(notdir $(KERNELS_SO))|g' \
    -e 's|@REQUIRES@|$(requires)|g' -e 's|@LIBS@|$(strip $(pc_libs))|g' \
    -e 's|@CMAKE_LIBS@|$(subst $(empty) ,;,-lgsl $(strip $(ARB) -lmpfi -lmpfr -lgmp -fopenmp -lm))|g'
empty    :=

# Each of these is a part of commands: an absolute path of plain characters.
check_place = case '$($1)' in \
    *[!A-Za-z0-9/._+@~-]*) echo "make: $1='$($1)': may have letters, digits" \
        "and / . _ + @ ~ - alone" >&2; exit 2 ;; \
    /*) ;; \
    *) $(if $(filter DESTDIR,$1),[ -z '$(DESTDIR)' ] ||) { \
        echo "make: $1='$($1)': must be an absolute path" >&2; exit 2; } ;; esac
PLACES := PREFIX LIBDIR INCLUDEDIR DESTDIR
.PHONY: $(PLACES:%=place-%)
$(PLACES:%=place-%): place-%:
	@$(call check_place,$*)

stage: $(PLACES:%=place-%) all plugins man
	@rm -rf $S
	@install -d $S$(bindir) $S$(inner)/plugins $S$(LIBDIR)/pkgconfig \
	    $S$(LIBDIR)/cmake/selfnorm $S$(INCLUDEDIR)/selfnorm \
	    $S$(datadir)/selfnorm/plots $S$(datadir)/man/man1 $S$(docdir)/kernels \
	    $S$(datadir)/bash-completion/completions \
	    $S$(datadir)/zsh/site-functions $S$(datadir)/fish/vendor_completions.d
	@install $(B)/selfnorm $S$(bindir)
	@install $(B)/kernel-host $S$(inner)
	@install -m 644 $(wildcard $(B)/plugins/*.so) $(B)/plugins/*.txt \
	    $S$(inner)/plugins
	@install -m 644 $(B)/libselfnorm-kernels.a $(KERNELS_SO) \
	    $(B)/libselfnorm.a $S$(LIBDIR)
	@ln -s $(notdir $(KERNELS_SO)) $S$(LIBDIR)/libselfnorm-kernels.so
	@install -m 644 kernels/kernels.h verify/check.h $S$(INCLUDEDIR)/selfnorm
	@sed -i 's|"verify/check.h"|<selfnorm/check.h>|' \
	    $S$(INCLUDEDIR)/selfnorm/check.h
	@$(fill) mk/selfnorm-kernels.pc.in \
	    >$S$(LIBDIR)/pkgconfig/selfnorm-kernels.pc
	@$(fill) mk/selfnorm.pc.in >$S$(LIBDIR)/pkgconfig/selfnorm.pc
	@$(fill) mk/selfnorm-config.cmake.in \
	    >$S$(LIBDIR)/cmake/selfnorm/selfnorm-config.cmake
	@$(fill) mk/selfnorm-config-version.cmake.in \
	    >$S$(LIBDIR)/cmake/selfnorm/selfnorm-config-version.cmake
	@install -m 644 plots/* $S$(datadir)/selfnorm/plots
	@install -m 644 README.md LICENSE $S$(docdir)
	@cp -R docs $S$(docdir)
	@install -m 644 kernels/LICENSE kernels/example/* $S$(docdir)/kernels
	@sed -i 's|include .*kernels\.h.|include <selfnorm/kernels.h>|' \
	    $S$(docdir)/kernels/*.c
	@$(EMULATOR) $(B)/selfnorm help --completion bash \
	    -o $S$(datadir)/bash-completion/completions/selfnorm
	@$(EMULATOR) $(B)/selfnorm help --completion zsh \
	    -o $S$(datadir)/zsh/site-functions/_selfnorm
	@$(EMULATOR) $(B)/selfnorm help --completion fish \
	    -o $S$(datadir)/fish/vendor_completions.d/selfnorm.fish
	@install -m 644 $(B)/man/*.1 $S$(datadir)/man/man1
	@[ -z '$(STRIP)' ] || { $(STRIP) $S$(bindir)/selfnorm \
	    $S$(inner)/kernel-host && $(STRIP) --strip-unneeded \
	    $S$(LIBDIR)/$(notdir $(KERNELS_SO)) $S$(inner)/plugins/*.so && \
	    $(STRIP) -g $S$(LIBDIR)/*.a; }

#: install, uninstall (PREFIX, LIBDIR, INCLUDEDIR, DESTDIR, STRIP)
list = $(datadir)/selfnorm/installed
install: stage
	@mk/install.sh $(STAGE) '$(DESTDIR)' '$(list)'
uninstall: $(PLACES:%=place-%)
	@mk/uninstall.sh '$(DESTDIR)' '$(list)'
