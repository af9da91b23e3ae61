# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m survey OUT [PATTERN]: every activation of every framework that is
installed, forward and gradient, in every type, checked in its own process.

OUT/FRAMEWORK.jsonl has a line a kernel; kernels that stand there are not
checked again.  Then the page, the picture and the reports are made of all
lines: OUT/frameworks.md, frameworks.svg, reports/.  With a PATTERN the rows
that match ('torch silu 1 f32': framework, activation, derivative, type) are
checked and their verdicts printed; no file is touched.
"""
from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import pathlib
import re
import subprocess
import sys
import time
from typing import Any

import numpy as np

import selfnorm
from selfnorm._arrays import adapters_for, numpy_dtype, raw_dtype

from . import page
from .frameworks import DTYPES, FRAMEWORKS, Row


def question(row: Row, dtype: str) -> dict[str, Any]:
    name = row.activation.split()[0]
    kind = ("function" if name in ("selu", "elu", "celu", "alpha-dropout")
            else "activation")
    # XLA and TensorFlow take subnormals for 0 by design
    return {kind: name, "derivative": row.derivative, "dtype": dtype,
            "ftz": "allow"}


def has(row: Row, dtype: str) -> bool:
    """Is there such a kernel?  Frameworks refuse types that they lack."""
    try:
        adapter = adapters_for(row.f, dtype, row.options["arrays"])[0]
        f = (adapter.derivative(row.f, 1) if row.options.get("autograd")
             else row.f)
        one = adapter.array(np.ones(1, numpy_dtype(dtype)).view(
            raw_dtype(dtype)))
        f(*[one] * (row.derivative + 1),
          *((0.5, 1) if row.activation == "alpha-dropout" else ()))
    except Exception:  # noqa: BLE001: each framework has its own
        return False
    return True


def confirmed(row: Row, got: str, x: str) -> str:
    """The program that shows the fault, run here, where its framework is at
    hand: with one element, or with 64 where a vector's code differs; '' where
    neither shows it."""
    for n in (1, 64):
        program = row.program.replace("COUNT", str(n)).replace(
            "VALUE", f"float.fromhex('{x}')" if "x" in x else f"float('{x}')")
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                exec(program, {})
        except Exception:  # noqa: BLE001: then it shows nothing
            continue
        words = said.getvalue().split()
        if words and page.number(words[-1]) == page.number(got):
            return program
    return ""


def line(framework: Any, row: Row, dtype: str) -> dict[str, Any]:
    began = time.monotonic()
    verdict = selfnorm.check(row.f, **question(row, dtype), **row.options)
    seconds = time.monotonic() - began
    worst = verdict.get("worst") or {}
    found = {key: verdict.get(key) for key in (
        "passed", "level", "class", "max_ulp", "limit_ulp", "diagnosis",
        "zeros_for_nonzero", "checks")}
    found["checks"] = [c for c in found["checks"] or []
                       if c.get("level", "pass") != "pass"]
    program = ""
    if worst and row.program and not verdict["passed"]:
        program = confirmed(row, worst["got"], worst["input"])
    return {"framework": framework.title, "version": framework.version,
            "activation": row.activation, "expression": row.expression,
            "derivative": row.derivative, "dtype": dtype, **found,
            "worst": worst, "seconds": round(seconds, 2), "program": program}


def survey(key: str, out: pathlib.Path, pattern: str) -> None:
    """All of one framework, in this process."""
    framework = FRAMEWORKS[key]()
    file = out / f"{key}.jsonl"
    done = set()
    if not pattern and file.exists():
        done = {(r["activation"], r["derivative"], r["dtype"])
                for r in map(json.loads, file.open())}
    for dtype in DTYPES:
        for row in framework.rows(dtype):
            name = f"{key} {row.activation} {row.derivative} {dtype}"
            if (row.activation, row.derivative, dtype) in done:
                continue
            if not re.search(pattern, name) or not has(row, dtype):
                continue
            if pattern:
                print(name, selfnorm.check(row.f, **question(row, dtype),
                                           **row.options), sep="\n")
                continue
            found = line(framework, row, dtype)
            with file.open("a") as lines:
                print(json.dumps(found), file=lines)
            print(f"{name}: {found['level']} ({found['seconds']:.1f} s)",
                  flush=True)


def main() -> None:
    out = pathlib.Path(sys.argv[1])
    pattern = sys.argv[2] if len(sys.argv) > 2 else ""
    if len(sys.argv) > 3:
        survey(sys.argv[3], out, pattern)
        return
    out.mkdir(parents=True, exist_ok=True)
    for key in FRAMEWORKS:
        if importlib.util.find_spec(key) is None:
            print(f"{key} is not installed: left out", file=sys.stderr)
        elif not pattern or pattern.startswith(key):
            # a process each: their thread pools do not share one
            subprocess.run([sys.executable, "-m", "survey", str(out), pattern,
                            key], check=True)
    if not pattern:
        rows = [json.loads(text) for key in FRAMEWORKS
                if (out / f"{key}.jsonl").exists()
                for text in (out / f"{key}.jsonl").open()]
        page.write(out, rows)


main()
