# SPDX-License-Identifier: MIT
"""pytest: the fixture `selfnorm_check` and the marker `selfnorm`.

    @pytest.mark.selfnorm(activation="gelu", dtype="bf16")
    def test_my_gelu(selfnorm_check):
        selfnorm_check(my_gelu)

The marker's keywords are those of selfnorm.check(); so are the fixture's.  A
kernel that fails fails the test, with the first lines of its verdict.

--selfnorm-exhaustive     every input there is
--selfnorm-save           keep each test's results as its baseline, in
                          FILE.selfnorm/ beside the test; later runs fail
                          where a result differs from it
"""

from __future__ import annotations

import pathlib
import re
from typing import Any, Callable

import pytest

_SHOWN = 12


def pytest_addoption(parser: Any) -> None:
    group = parser.getgroup("selfnorm")
    group.addoption("--selfnorm-exhaustive", action="store_true",
                    help="check kernels on every input there is")
    group.addoption("--selfnorm-save", action="store_true",
                    help="keep the kernels' results as baselines beside the "
                    "tests")


def pytest_configure(config: Any) -> None:
    config.addinivalue_line(
        "markers", "selfnorm(**keywords): keywords of selfnorm.check() for "
        "the fixture selfnorm_check")


@pytest.fixture
def selfnorm_check(request: Any) -> Callable[..., Any]:
    """selfnorm.check(), which fails the test where the kernel fails."""
    import selfnorm

    marker = request.node.get_closest_marker("selfnorm")
    marked = dict(marker.kwargs) if marker else {}
    calls = 0

    def check(kernel: Any, **keywords: Any) -> "selfnorm.Verdict":
        nonlocal calls
        calls += 1
        options = {**marked, **keywords}
        if request.config.getoption("--selfnorm-exhaustive"):
            options.setdefault("exhaustive", True)
        name = re.sub(r"[^A-Za-z0-9_.-]+", "_", request.node.name)
        file = pathlib.Path(f"{request.node.path}.selfnorm",
                            f"{name}.{calls}.baseline")
        if request.config.getoption("--selfnorm-save"):
            file.parent.mkdir(exist_ok=True)
            options["save_baseline"] = file
        elif file.exists():
            options["baseline"] = file
        verdict = selfnorm.check(kernel, **options)
        if not verdict:
            lines = str(verdict).splitlines()
            if len(lines) > _SHOWN:
                lines[_SHOWN:] = [f"  ... {len(lines) - _SHOWN} lines more"]
            pytest.fail("\n".join(lines), pytrace=False)
        return verdict

    return check
