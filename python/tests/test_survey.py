# SPDX-License-Identifier: GPL-3.0-or-later
"""The survey of frameworks: its tables, and the page made of its lines."""
import pathlib
import subprocess
import sys

import pytest
import selfnorm

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from survey import frameworks, page  # noqa: E402

LINE = {
    "framework": "Stub", "version": "1.0", "activation": "silu",
    "expression": "stub.silu(x)", "derivative": 0, "dtype": "f32",
    "level": "error", "max_ulp": 3.5e7, "limit_ulp": 19.5, "passed": False,
    "diagnosis": [{"code": "infinity", "level": "error", "explains": 0,
                   "of": 0, "words": "infinities are wrong"}],
    "checks": [{"name": "accuracy", "level": "error"}],
    "worst": {"input": "-inf", "got": "nan", "want": "-0x0p+0"},
    "seconds": 0.5, "program": "print(float('nan'))\n"}


@pytest.mark.parametrize("table", ["TORCH", "JAX", "TENSORFLOW", "ONNX"])
def test_every_activation_is_one_of_the_programs(table):
    for name in getattr(frameworks, table):
        name = name.split()[0]
        assert selfnorm.moments(name).ok, name


def test_the_page_tells_what_is_wrong_and_how_to_see_it(tmp_path):
    pytest.importorskip("matplotlib")
    right = dict(LINE, dtype="f64", level="pass", passed=True, max_ulp=0.5,
                 diagnosis=[], checks=[], program="",
                 worst={"input": "0x1p+0", "got": "0x1p+0", "want": "0x1p+0"})
    page.write(tmp_path, [LINE, right])
    text = (tmp_path / "frameworks.md").read_text()
    assert "Of 2 kernels\n1 are right, 0 are warned and 1 are wrong" in text
    assert "forward: **wrong in f32**" in text
    assert "| stub.silu(x) | f32 | NaN | -inf (`-inf`)" in text
    report = (tmp_path / "reports" / "stub.md").read_text()
    shown = report.split("```python\n")[1].split("```")[0]
    ran = subprocess.run([sys.executable, "-c", shown], text=True,
                         capture_output=True, check=True)
    assert page.number(ran.stdout.strip()) == page.number("nan")
    assert (tmp_path / "frameworks.svg").stat().st_size > 1000


def test_signs_of_zero_and_nan_count():
    assert page.number("0x0p+0") != page.number("-0x0p+0")
    assert page.number("nan") == page.number("NaN") != page.number("inf")
