# SPDX-License-Identifier: GPL-3.0-or-later
# Other people's frameworks, from PyPI into B; docs/results/frameworks.md.
.PHONY: frameworks
VENV := $(B)/frameworks/venv
$(VENV)/installed: verify/plugins/frameworks/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install -q -r $< || { echo 'make frameworks: pip did not' \
	    'get the packages above: it needs PyPI, 7 GB, Python 3.11 or later' \
	    >&2; exit 1; }
	touch $@

#: frameworks    PyTorch, JAX, TensorFlow, ONNX Runtime, checked (7 GB from
#:               PyPI into build/frameworks)
frameworks: all plugins $(VENV)/installed
	$(VENV)/bin/python verify/plugins/frameworks/survey.py $(B)/selfnorm \
	    $(B)/frameworks/out
