# SPDX-License-Identifier: GPL-3.0-or-later
# Theorem 1 in Coq.  Debian 12's packages: coq libcoq-coquelicot
# libcoq-interval libcoq-mathcomp-ssreflect.  The inequalities are written by
# selfnorm prove; all is compiled in B/formal.
.PHONY: formal formal-faults has-coq
F          := $(B)/formal
formal_src := $(wildcard fixedpoint/proofs/formal/*.v)
boxes      := Near Middle Far MeanM MeanV SecondM SecondV MeanLow MeanHigh \
              SecondLow SecondHigh
vo          = $(patsubst %,$F/%.vo,$1)
COQC       := coqc -q -w none

$(formal_src:fixedpoint/proofs/formal/%=$F/%): $F/%: fixedpoint/proofs/formal/%
	@mkdir -p $F
	@cp $< $@
# Only what has changed is written, since a norm takes a minute.
$(boxes:%=$F/%.v): $F/written ;
$F/written: $(B)/selfnorm
	@mkdir -p $F
	@$(EMULATOR) $< prove theorem1 --coq $F/new >$F/new.txt
	@cd $F/new && for f in *.v; do \
	    cmp -s $$f ../$$f || mv $$f ../$$f; done
	@rm -rf $F/new
	@touch $@

no_coq := no coqc here; on Debian: apt-get install coq libcoq-coquelicot \
          libcoq-interval libcoq-mathcomp-ssreflect
has-coq:
	@command -v $(firstword $(COQC)) >/dev/null || \
	    { echo 'make formal: $(no_coq)' >&2; exit 1; }
$F/%.vo: $F/%.v | has-coq
	@echo "  COQ   $@"
	@cd $F && $(COQC) -Q . Selfnorm $*.v >$*.said || { cat $*.said; exit 1; }
$(call vo,Gaussian Banach): $(call vo,Statements)
$(call vo,Moments): $(call vo,Gaussian)
$(call vo,Derivatives Constants): $(call vo,Moments)
$(call vo,Enclosure): $(call vo,Derivatives Constants)
$(call vo,$(boxes)): $(call vo,Enclosure)
$(call vo,Contraction): $(call vo,$(boxes) Banach)
$(call vo,Theorem1): $(call vo,Contraction)

#: formal        the paper's Theorem 1 from its definitions, checked by Coq
formal: $(call vo,Theorem1)
	@tests/formal.sh axioms $F
#: formal-faults statements and boxes changed: each must fail
formal-faults: formal
	@tests/formal.sh faults $F
