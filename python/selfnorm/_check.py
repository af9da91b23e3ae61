# SPDX-License-Identifier: MIT
"""check(): is a kernel right, for every input?"""

from __future__ import annotations

import shlex
from typing import Any, Callable, Optional, Union

import numpy as np

from . import _program
from ._arrays import (adapters_for, dtype_name, numpy_dtype, raw_dtype)
from ._results import Result
from ._serve import Refused, Served, check_served, traceback_of

# modules of the frameworks: class name -> how their function is asked for,
# and the option that holds the module's parameter
_MODULES: dict[str, tuple[str, str, dict[str, str]]] = {
    "SELU": ("function", "selu", {}),
    "ELU": ("function", "elu", {"alpha": "alpha"}),
    "CELU": ("function", "celu", {"alpha": "alpha"}),
    "GELU": ("activation", "gelu", {}),
    "SiLU": ("activation", "silu", {}),
    "Mish": ("activation", "mish", {}),
    "ReLU": ("activation", "relu", {}),
    "ReLU6": ("activation", "relu6", {}),
    "LeakyReLU": ("activation", "leaky_relu", {"negative_slope": "slope"}),
    "Softplus": ("activation", "softplus", {}),
    "Softsign": ("activation", "softsign", {}),
    "Sigmoid": ("activation", "sigmoid", {}),
    "Tanh": ("activation", "tanh", {}),
    "Hardswish": ("activation", "hardswish", {}),
    "Hardsigmoid": ("activation", "hardsigmoid", {}),
    "Hardtanh": ("activation", "hardtanh", {}),
}


class Verdict(Result):
    """What was found of one kernel.

    ``passed``; ``max_ulp``; ``worst`` (input, got, want); ``checks`` and
    ``diagnosis`` (docs/json.md, `check`).  ``str(verdict)`` is the verdict in
    words, the first line what was found; it is true where the kernel passed.
    ``exception`` is what the callable raised, a text, or "".
    """

    def __bool__(self) -> bool:
        return bool(self["passed"])

    def __str__(self) -> str:
        asked = " ".join(self[key] for key in ("function", "dtype")
                         if self.get(key))
        lines = [f"{self['kernel']}: "
                 f"{'passed' if self['passed'] else 'FAILED'}"
                 + f" ({asked})" * bool(asked)]
        if isinstance(self.get("inputs"), list):  # input= or call=
            lines += [_one_input(one) for one in self["inputs"]]
        for found in self.get("diagnosis") or []:
            words = found.get("words") or found.get("code")
            share = (f" ({found['explains']} of {found['of']} wrong results)"
                     if found.get("of") else "")
            lines.append(f"  {found.get('level', 'error')}: {words}{share}")
        for check in self.get("checks") or []:
            if check.get("level", "pass") in ("error", "warning"):
                lines.append(f"  {check['name']}: {check.get('detail', '')}")
        worst = self.get("worst")
        if worst and self.get("inputs") and not self["passed"]:
            lines.append(f"  worst input {worst['input']}: got {worst['got']},"
                         f" want {worst['want']}")
        for call in (self.get("repro") or [])[:1]:
            lines.append(f"  again: {call}")
        if self.get("exception"):
            lines.append(self["exception"].rstrip())
        return "\n".join(lines)

    __repr__ = __str__


def _one_input(one: Any) -> str:
    """One line of what check() was asked about an input or a call."""
    if "call" in one:
        return (f"  {one['level']}: {one['call']} elements, {one['name']}"
                + f": {one['detail']}" * bool(one["detail"]))
    return (f"  {one['level']}: x = {one['input']}: got {one['got']}, among 64"
            f" {one['got_among_64']}, want {one['want']}; {one['ulp']:.6g} ULP"
            + f": {one['fault']}" * bool(one["fault"]))


def _name_of(f: Callable) -> str:
    f = getattr(f, "func", f)
    name = getattr(f, "__qualname__", None) or type(f).__qualname__
    module = getattr(f, "__module__", None) or type(f).__module__
    return f"{module}.{name}"


def _again(name: str, command: str, said: dict[str, Any]) -> str:
    """The call that shows a fault once more, of the command that does."""
    options: dict[str, str] = {}
    words = iter(shlex.split(command)[2:])
    for word in words:
        if word.startswith("--"):
            key, _, value = word[2:].partition("=")
            options[key.replace("-", "_")] = value or next(words)
    given = [f"{key}={value if key == 'derivative' else repr(value)}"
             for key, value in options.items()]
    given += [f"{key}={value!r}" for key, value in said.items() if value]
    return f"selfnorm.check({', '.join([name, *given])})"


def _question_of_module(f: Any) -> dict[str, Any]:
    """What a framework's module says of itself: its function, parameters."""
    row = _MODULES.get(type(f).__name__)
    if row is None or not hasattr(f, "parameters"):
        return {}
    kind, name, parameters = row
    if type(f).__name__ == "GELU" and getattr(f, "approximate", "") == "tanh":
        name = "gelu_tanh"
    values = {option: repr(float(getattr(f, attribute)))
              for attribute, option in parameters.items()}
    if kind == "function":
        return {"function": name, **values}
    given = ",".join(f"{key}={value}" for key, value in values.items())
    return {"activation": f"{name}:{given}" if given else name}


def _ordered(bits: np.ndarray) -> np.ndarray:
    """Sign and magnitude as integers in the order of the values."""
    size = 8 * bits.dtype.itemsize
    magnitude = (bits & bits.dtype.type((1 << (size - 1)) - 1)).astype(float)
    return np.where(bits >> (size - 1), -magnitude, magnitude)


def _layouts(served: Served, limit: float) -> Optional[Result]:
    """One call for each layout in memory beside the same values in a row.

    Both may be up to ``limit`` ULP from what is right, so only values farther
    from each other than twice that are an error; other bits are a warning, as
    everywhere where they depend on the place."""
    adapter = served.adapter

    def f(array: Any) -> Any:
        return served.call([array], 0.0, 0, served.f)

    if (served.arguments != 1 or served.random or served.inplace
            or not served.finished):
        return None
    raw = raw_dtype(adapter.dtype)
    values = np.linspace(-4, 4, 24)
    try:
        row = adapter.array(values.astype(
            numpy_dtype(adapter.dtype)).view(raw))
        want = adapter.bits(f(row)).ravel()
    except Exception:  # noqa: BLE001: the checker's calls told it
        return None
    place = dict(zip(adapter.bits(row).ravel().tolist(), want))
    wrong, other = [], []
    for name, array in adapter.layouts(row).items():
        shape = adapter.shape_of(array)
        try:
            result = f(array)
        except Exception as failure:  # noqa: BLE001
            wrong.append(f"{name}: raised {type(failure).__name__}: {failure}")
            continue
        if adapter.shape_of(result) != shape:
            wrong.append(f"{name}: shape {adapter.shape_of(result)} for "
                         f"{shape}")
            continue
        got = adapter.bits(result).ravel()
        expected = np.array([place[x] for x in
                             adapter.bits(array).ravel().tolist()], raw)
        if np.array_equal(got, expected):
            continue
        far = (got.size != expected.size or np.abs(
            _ordered(got) - _ordered(expected)).max() > 2 * limit)
        (wrong if far else other).append(f"{name}: other results than in a "
                                         f"row{'' if far else ', in the last places'}")
    return Result({
        "name": "layouts", "passed": not wrong,
        "level": "error" if wrong else "warning" if other else "pass",
        "detail": "; ".join(wrong + other), "note":
        "" if wrong or other else
        f"{', '.join(adapter.layouts(row))}: as in a row"})


def check(kernel: Union[str, Callable], function: Optional[str] = None, *,
          activation: Optional[str] = None, expression: Optional[str] = None,
          derivative: int = 0, dtype: Any = "f32", autograd: bool = False,
          inplace: bool = False, arrays: Optional[str] = None,
          device: Any = "cpu", **options: Any) -> Verdict:
    """Is a kernel right, for every input?

    kernel      a callable, called in this process on 1-D arrays, or a word of
                the command: 'PATH.so:SYMBOL', 'exec:COMMAND', the name of a
                built-in kernel
    function    'selu' (if nothing else is said), 'elu', 'celu', their
                '-grad', 'alpha-dropout'; or
    activation  'gelu', 'elu:alpha=0.5', ... (`selfnorm moments --activation
                list`); or
    expression  a function of z as text
    derivative  0: y = kernel(x).  1: dx = kernel(dy, x) = dy f'(x).
                2: kernel(dy, ddx, x) = dy ddx f''(x)
    dtype       'f32', 'f64', 'f16', 'bf16', 'e4m3', 'e5m2', or a type of
                numpy, torch or jax
    autograd    the kernel is the forward function; its framework's own
                derivative of it is what is checked
    inplace     the kernel overwrites x, and may return None
    arrays      'numpy', 'torch', 'jax': what the kernel takes; told from its
                module or tried if not given
    device      torch's device
    options     of `selfnorm check`: alpha=, max_ulp=, exhaustive=True,
                samples=, strict=True, allow=, baseline=, ...

    A module of torch (ELU(alpha=0.5)) says itself what it is.  alpha-dropout
    is called with (x, rate, seed).  Returns a Verdict, which is true where
    the kernel passed; raises SelfnormError for words that `selfnorm check`
    refuses.
    """
    if activation and expression:
        raise ValueError("activation= and expression= say the same thing twice")
    dtype = dtype_name(dtype)
    question: dict[str, Any] = {"dtype": dtype}
    if callable(kernel) and not (function or activation or expression):
        question.update(_question_of_module(kernel))
    if function:
        question["function"] = function
    if activation:
        question["activation"] = activation
    if expression:
        question["expression"] = expression
    name = question.get("function", "selu")
    if "activation" not in question and "expression" not in question:
        if derivative == 1 and not name.endswith("-grad"):
            name += "-grad"
        question["function"] = name
    if derivative and not (derivative == 1 and "function" in question):
        question["derivative"] = derivative
    order = 1 if name.endswith("-grad") else derivative
    if not callable(kernel):
        found = _program.run("check", kernel, **question, **options)
        return Verdict(found["kernels"][0].json())
    random = name.startswith("alpha-dropout")
    served = Served(kernel, adapters_for(kernel, dtype, arrays, device),
                    order + 1, order=order if autograd else 0, device=device,
                    random=random, inplace=inplace)
    words = _program.words_of({**question, **options})
    found = check_served(served, words)
    verdict = Verdict(found["kernels"][0].json())
    verdict["kernel"] = _name_of(kernel)
    verdict["exception"] = traceback_of(served)
    for cause in verdict.get("diagnosis") or []:
        if cause["code"] == "crash" and served.refusal:
            cause["words"] = f"it gives no results: {served.refusal}"
    verdict["repro"] = [
        _again(_name_of(kernel), command,
               {"autograd": autograd, "inplace": inplace, "arrays": arrays})
        for command in verdict.get("repro") or []]
    layouts = _layouts(served, verdict.get("limit_ulp") or 0.5)
    if layouts is not None:
        verdict.setdefault("checks", []).append(layouts)
        if not layouts["passed"] or (options.get("strict") and
                                     layouts["level"] == "warning"):
            verdict.update(passed=False, level="error",
                           errors=verdict.get("errors", 0) + 1)
    return verdict
