# SPDX-License-Identifier: GPL-3.0-or-later
# Other people's frameworks, from PyPI into B; docs/results/frameworks.md.
.PHONY: frameworks
SURVEY := $(B)/frameworks
$(SURVEY)/venv/installed: python/survey/requirements.txt
	$(PYTHON) -m venv $(SURVEY)/venv
	$(SURVEY)/venv/bin/pip install -q -r $< || { echo 'make frameworks: pip' \
	    'did not get the packages above: it needs PyPI, 7 GB, Python 3.11 or' \
	    'later' >&2; exit 1; }
	touch $@

#: frameworks    PyTorch, JAX, TensorFlow, ONNX Runtime, checked (7 GB from
#:               PyPI into build/frameworks), and what docs/results tells of
#:               them; ROW='torch silu 0 f32': that kernel's verdict alone
frameworks: all $(SURVEY)/venv/installed
	PYTHONPATH=python $(SURVEY)/venv/bin/python -m survey $(SURVEY)/out \
	    $(if $(ROW),'$(ROW)')
	$(if $(ROW),,cp -r $(SURVEY)/out/frameworks.md $(SURVEY)/out/frameworks.svg \
	    $(SURVEY)/out/reports docs/results)
