# SPDX-License-Identifier: MIT
"""Pictures, where matplotlib is (pip install selfnorm[plot])."""

from __future__ import annotations

from typing import Any

import numpy as np


def _axes(axes: Any) -> Any:
    try:
        from matplotlib import pyplot
    except ImportError as missing:
        raise ImportError("pictures need matplotlib: "
                          "pip install 'selfnorm[plot]'") from missing
    return axes if axes is not None else pyplot.subplots(
        layout="constrained")[1]


def plot_simulation(found: Any, axes: Any = None) -> Any:
    axes = _axes(axes)
    depth = found.layer("layer")
    for key, colour in (("mean", "C0"), ("variance", "C1")):
        axes.errorbar(depth, found.layer(key), 2 * found.layer(key + "_se"),
                      fmt="o", ms=3, color=colour, label=key)
        axes.plot(depth, found.layer("theory_" + key), color=colour, lw=1,
                  label=f"{key}, exact map")
    axes.set_xlabel("layer")
    axes.set_ylabel("over the units, mean of the networks, \u00b1 2 s.e.")
    axes.legend()
    return axes


def plot_watched(watched: Any, axes: Any = None) -> Any:
    axes = _axes(axes)
    rows = [x for x in watched.layers if x.activation]
    depth = np.arange(1, len(rows) + 1)
    axes.axhspan(0.8, 1.5, color="C1", alpha=0.15, lw=0)
    axes.axhspan(-0.1, 0.1, color="C0", alpha=0.15, lw=0)
    for key, colour in (("mean", "C0"), ("variance", "C1")):
        axes.plot(depth, [getattr(x, key) for x in rows], "o-", ms=4,
                  color=colour, label=f"{key}, measured")
        axes.plot(depth, [getattr(x, "expected_" + key) for x in rows], "x",
                  color=colour, label=f"{key}, by the map from the layer before")
        axes.plot(depth, [getattr(x, "theory_" + key) for x in rows], ":",
                  color=colour, label=f"{key}, by the map from the batch on")
    axes.set_xticks(depth, [x.name for x in rows], rotation=45, ha="right")
    if max(abs(x.variance) for x in rows) > 20:
        axes.set_yscale("symlog")
    axes.set_title("shaded: the domain of Theorem 1", fontsize="medium")
    axes.legend(fontsize="small")
    return axes
