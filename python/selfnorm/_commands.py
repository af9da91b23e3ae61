# SPDX-License-Identifier: MIT
"""The commands as functions; docs/json.md says what their results hold."""

from __future__ import annotations

import os
from typing import Any, Optional, Union

import numpy as np

from . import _program
from ._results import Result


def constants(mean: Any = None, variance: Any = None, **options: Any) -> Result:
    """lambda and alpha for a wanted fixed point, with proof.

    mean, variance, omega, tau  of the design: numbers, or decimals as text
    digits                      how many are wanted (32)
    Result: ``lambda_`` (the key is "lambda"), ``alpha``, ``alpha_prime``,
    ``eigenvalues``, ``spectral_norm`` as `Proven`; ``unique``,
    ``attracting``; ``formats``.  ``ok`` is false where there is no solution.
    """
    return _program.run("constants", mean=mean, variance=variance, **options)


def moments(activation: Optional[str] = None, **options: Any) -> Result:
    """Moments of f(z), z normal, and the gains that follow; any activation.

    activation  'gelu', 'elu:alpha=0.5', ..., or expression='z*erf(z)'
    Result: ``activations``, a list; where one was asked for, its keys
    (``mean``, ``variance``, ``gain_rms``, ...) are the result's too.
    """
    found = _program.run("moments", activation=activation, **options)
    rows = found.get("activations")
    if isinstance(rows, list) and len(rows) == 1:
        for key, value in rows[0].items():
            found.setdefault(key, value)
    return found


def map(mean: Any = None, variance: Any = None, **options: Any) -> Result:
    """g(mean, variance) of a layer (eqs. 3 to 5) and its Jacobian (eq. 7)."""
    return _program.run("map", mean=mean, variance=variance, **options)


def fixed_points(**options: Any) -> Result:
    """All fixed points of g in a region, with proof that there are no others."""
    return _program.run("fixed-points", **options)


def dropout_affine(rate: Any, **options: Any) -> Result:
    """a and b of alpha dropout at a rate."""
    return _program.run("dropout-affine", rate=rate, **options)


def prove(*claims: str, **options: Any) -> Result:
    """The paper's theorems and ours, by interval branch and bound."""
    return _program.run("prove", *claims, **options)


def verify_certificate(file: Union[str, os.PathLike], **options: Any) -> Result:
    """A certificate that `prove` wrote, checked with another library."""
    return _program.run("verify-certificate", os.fspath(file), **options)


def audit(*files: Union[str, os.PathLike], **options: Any) -> Result:
    """Constants of SELU in source text: what they are off by, what it does.

    Files or folders; or alpha=, lambda_= as literals.
    """
    return _program.run("audit", *[os.fspath(f) for f in files], **options)


class Simulation(Result):
    """Deep random networks beside the exact map; ``layer(key)`` is an array."""

    def layer(self, key: str) -> np.ndarray:
        """One quantity over the layers, NaN where there is none."""
        return np.array([np.nan if row.get(key) is None else row[key]
                         for row in self["layers"]], dtype=float)

    def plot(self, axes: Any = None) -> Any:
        """Mean and variance over depth, measured and expected (matplotlib)."""
        from ._plot import plot_simulation

        return plot_simulation(self, axes)


def simulate(**options: Any) -> Simulation:
    """Deep random networks against the exact map.

    width, depth, networks, inputs, init, activation, start, omega, tau, ...:
    options of the command.  ``layers`` is a list of rows; ``layer('variance')``
    an array; ``verdict`` is in words.
    """
    return Simulation(_program.run("simulate", **options).json())


def vectors(folder: Union[str, os.PathLike], **options: Any) -> Result:
    """Golden test vectors as .npy files in a folder.

    ``load(i)`` of the result gives inputs and correctly rounded outputs.
    """
    found = Vectors(_program.run(
        "vectors", output=os.fspath(folder), **options).json())
    found.folder = os.fspath(folder)
    return found


class Vectors(Result):
    folder: str

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def load(self, number: int = 0) -> tuple[np.ndarray, np.ndarray]:
        row = self["files"][number]
        return tuple(np.load(os.path.join(self.folder, row[key]))
                     for key in ("inputs", "outputs"))


def bench(*kernels: str, **options: Any) -> Result:
    """ns an element beside memcpy, of built-in and other kernels."""
    return _program.run("bench", *kernels, **options)


def list_kernels(**options: Any) -> Result:
    """The built-in kernels and what each promises."""
    return _program.run("list", **options)
