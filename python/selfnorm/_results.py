# SPDX-License-Identifier: MIT
"""Results with attributes and keys, and numbers with a proven radius."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


class Proven(Decimal):
    """A number and the radius within which the true value lies, proven.

    It is a Decimal, so it prints all its digits and computes as one (in the
    current decimal context); ``radius`` is a Decimal.  ``mpi()`` is mpmath's
    interval.
    """

    radius: Decimal

    def __new__(cls, value: str, radius: str) -> "Proven":
        self = super().__new__(cls, value)
        self.radius = Decimal(radius)
        return self

    def __repr__(self) -> str:
        return f"{self} \u00b1 {self.radius:.1e}"

    def __reduce__(self) -> Any:
        return Proven, (str(self), str(self.radius))

    def mpi(self) -> Any:
        import mpmath

        with mpmath.workdps(len(self.as_tuple().digits) + 10):
            centre, radius = mpmath.mpf(str(self)), mpmath.mpf(str(self.radius))
            slack = abs(centre) * mpmath.eps
            return mpmath.mpi(centre - radius - slack, centre + radius + slack)


def _wrap(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"value", "radius"}:
            return Proven(value["value"], value["radius"])
        return Result(value)
    if isinstance(value, list):
        return [_wrap(element) for element in value]
    return value


class Result(dict):
    """A document of the program: ``r.alpha`` is ``r["alpha"]``, and
    ``r.lambda_`` is ``r["lambda"]``, whose name Python keeps for itself.

    Numbers with a proven radius are `Proven` (a Decimal); arrays are lists;
    ``r.ok`` is the answer to what was asked; ``r.json()`` is the document as
    it was printed.
    """

    def __init__(self, document: Any) -> None:
        super().__init__({key: _wrap(value) for key, value in document.items()})

    def __getattr__(self, key: str) -> Any:
        # r.lambda_ is r["lambda"]
        for name in (key, key[:-1] if key.endswith("_") else key):
            if name in self:
                return self[name]
        raise AttributeError(f"no '{key}' here; there are {', '.join(self)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def __repr__(self) -> str:
        rows = []
        for key, value in self.items():
            if key in ("schema", "machine", "version", "seconds"):
                continue
            if isinstance(value, list) and len(repr(value)) > 60:
                value = f"[{len(value)}]"
            elif isinstance(value, Result):
                value = "{" + ", ".join(value) + "}"
            rows.append(f"  {key:<22} {value!r}" if not isinstance(value, str)
                        else f"  {key:<22} {value}")
        return "\n".join(rows)

    def json(self) -> dict:
        """The document as plain dicts, lists, strings and numbers."""
        return {key: _plain(value) for key, value in self.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Proven):
        return {"value": str(value), "radius": str(value.radius)}
    if isinstance(value, Result):
        return value.json()
    if isinstance(value, list):
        return [_plain(element) for element in value]
    return value
