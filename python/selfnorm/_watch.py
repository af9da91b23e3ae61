# SPDX-License-Identifier: MIT
"""watch(): does this network self-normalize?

A forward pass of the network on a batch is followed function by function.
Beside the mean and variance that each layer has stands what the exact map
(eqs. 3 to 5 of the paper, for the network's own activation) makes of the
layer before it: with weights w_i of unit i, inputs of mean mu and variance
nu give pre-activations of mean mu sum(w_i) + b_i and variance nu sum(w_i^2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Optional

import numpy as np

# The domain of Theorem 1 (arXiv 1706.02515): mean, variance, sum of weights,
# sum of their squares.
DOMAIN = {"mean": (-0.1, 0.1), "variance": (0.8, 1.5), "omega": (-0.1, 0.1),
          "tau": (0.95, 1.1)}


@dataclass
class Layer:
    """One layer with weights, and what follows up to the next one.

    fan_in, units          of the weights
    omega, tau             mean over the units of sum(w), sum(w^2)
    omega_sd               standard deviation of sum(w) over the units
    bias_variance          of the biases over the units
    input_mean, input_variance            measured, over batch and units
    pre_mean, pre_variance                of the pre-activations, measured
    mean, variance                        after the activation, measured
    expected_mean, expected_variance      by the map from the measured input
    theory_mean, theory_variance          by the map, layer for layer from
                                          the batch on; NaN once it was lost
    activation             the functions that were applied, in order
    """

    name: str
    fan_in: int
    units: int
    omega: float
    omega_sd: float
    tau: float
    tau_sd: float
    bias_variance: float
    input_mean: float
    input_variance: float
    pre_mean: float = np.nan
    pre_variance: float = np.nan
    mean: float = np.nan
    variance: float = np.nan
    expected_mean: float = np.nan
    expected_variance: float = np.nan
    theory_mean: float = np.nan
    theory_variance: float = np.nan
    activation: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)


def _normal_moments(f: Callable[[np.ndarray], np.ndarray], m: np.ndarray,
                    v: np.ndarray) -> tuple[float, float]:
    """Mean over the units of E f(z), E f(z)^2 with z ~ N(m_i, v_i)."""
    # the trapezoidal rule: 1e-15 for smooth f, 1e-5 at a kink
    nodes = np.linspace(-9, 9, 721)
    weight = np.exp(-nodes**2 / 2)
    weight /= weight.sum()
    first = second = 0.0
    for part in range(0, len(m), 512):
        z = (m[part:part + 512, None]
             + np.sqrt(v[part:part + 512])[:, None] * nodes)
        y = f(z)
        first += float((y @ weight).sum())
        second += float((y**2 @ weight).sum())
    return first / len(m), second / len(m)


def expect(followed: list, mean: float,
           variance: float) -> tuple[list[Layer], float, float]:
    """Fills in what the map expects of the layers.

    followed   of each layer: the layer, sums and sums of squares of its
               units' weights, biases, the number of the layer before it or
               None (the batch), its activation as a function or None
    """
    theory: dict[Optional[int], tuple[float, float]] = {None: (mean, variance)}
    for number, (layer, omega, tau, shift, before, f) in enumerate(followed):
        if f is None:
            continue

        def step(mu: float, nu: float) -> tuple[float, float]:
            first, second = _normal_moments(f, omega * mu + shift,
                                            np.maximum(tau * nu, 0))
            return first, second - first**2

        layer.expected_mean, layer.expected_variance = step(
            layer.input_mean, layer.input_variance)
        if before in theory:
            theory[number] = step(*theory[before])
            layer.theory_mean, layer.theory_variance = theory[number]
    return [row[0] for row in followed], mean, variance


class Watched:
    """The layers of a network on a batch.

    ``layers`` is a list of `Layer`; ``str()`` a table with the causes;
    ``frame()`` a pandas DataFrame; ``plot()`` a picture (matplotlib);
    ``self_normalizing`` is true where mean and variance of every layer lie in
    the domain of the paper's Theorem 1.
    """

    def __init__(self, layers: list[Layer], causes: list[str]) -> None:
        self.layers, self.causes = layers, causes

    @property
    def self_normalizing(self) -> bool:
        return all(
            DOMAIN["mean"][0] <= layer.mean <= DOMAIN["mean"][1] and
            DOMAIN["variance"][0] <= layer.variance <= DOMAIN["variance"][1]
            for layer in self._hidden)

    @property
    def _hidden(self) -> list[Layer]:
        return [layer for layer in self.layers if layer.activation]

    def frame(self) -> Any:
        import pandas

        rows = [{**vars(layer), "activation": " ".join(layer.activation),
                 "causes": "; ".join(layer.causes)} for layer in self.layers]
        return pandas.DataFrame(rows).set_index("name")

    def plot(self, axes: Any = None) -> Any:
        from ._plot import plot_watched

        return plot_watched(self, axes)

    def __str__(self) -> str:
        width = max([5, *(len(layer.name) for layer in self.layers)])
        lines = [f"{'layer':<{width}} {'fan-in':>6} {'sum w':>7} "
                 f"{'sum w^2':>7} {'mean':>8} {'expected':>8} "
                 f"{'variance':>9} {'expected':>9}  activation"]
        for x in self.layers:
            lines.append(
                f"{x.name:<{width}} {x.fan_in:>6} {x.omega:>7.3f} "
                f"{x.tau:>7.3f} {x.mean:>8.4f} {x.expected_mean:>8.4f} "
                f"{x.variance:>9.4f} {x.expected_variance:>9.4f}  "
                f"{' '.join(x.activation) or '-'}")
        hidden = self._hidden
        if not hidden:
            lines.append("No activation was seen behind any layer.")
        elif self.self_normalizing:
            lines.append("Mean and variance of every layer lie in the domain "
                         "of Theorem 1 (mean within 0.1 of 0, variance 0.8 to "
                         "1.5).")
        else:
            first = next(x for x in hidden if not (
                DOMAIN["mean"][0] <= x.mean <= DOMAIN["mean"][1] and
                DOMAIN["variance"][0] <= x.variance <= DOMAIN["variance"][1]))
            lines.append(f"From {first.name} on, mean {first.mean:.3g} or "
                         f"variance {first.variance:.3g} is outside the domain "
                         "of Theorem 1 (mean within 0.1 of 0, variance 0.8 to "
                         "1.5).")
        lines += [f"- {cause}" for cause in self.causes]
        return "\n".join(lines)

    __repr__ = __str__


def _say_causes(layers: list[Layer], mean: float, variance: float) -> list[str]:
    """Why the layers are where they are, most basic cause first."""
    causes = []
    if not (abs(mean) <= 0.1 and 0.8 <= variance <= 1.5):
        causes.append(f"input scale: the batch has mean {mean:.3g} and "
                      f"variance {variance:.3g}; standardize it to 0 and 1")
    hidden = [x for x in layers if x.activation]
    off = [x for x in hidden if not 0.8 <= x.tau <= 1.25]
    for x in off:
        x.causes.append("initialisation")
    if off:
        taus = sorted(x.tau for x in off)
        hint = ""
        if all(abs(t - 2) < 0.2 for t in taus):
            hint = "; 2 is He's initialisation, made for ReLU"
        elif all(abs(t - 1 / 3) < 0.05 for t in taus):
            hint = "; 1/3 is PyTorch's default for Linear"
        causes.append(
            f"initialisation: in {len(off)} of {len(hidden)} layers the "
            f"squares of a unit's weights sum to {taus[0]:.3g}"
            + (f" to {taus[-1]:.3g}" if taus[-1] > taus[0] * 1.01 else "")
            + f", not to 1{hint}; weights of variance 1/fan-in make it 1")
    names = {name for x in hidden for name in x.activation}
    others = names - {"selu", "alpha_dropout"}
    for x in hidden:
        if set(x.activation) & others:
            x.causes.append("activation")
    if "dropout" in names and "selu" in names:
        causes.append("dropout: ordinary dropout changes mean and variance "
                      "behind SELU; alpha dropout keeps them")
        others -= {"dropout"}
    if others:
        causes.append(f"activation: {', '.join(sorted(others))} has no "
                      "attracting fixed point of mean 0 and variance 1 by "
                      "itself; `selfnorm moments --activation NAME` says what "
                      "gain it would need")
    drifting = [x for x in hidden
                if np.isfinite(x.expected_variance) and x.expected_variance > 0
                and not 0.5 < x.variance / x.expected_variance < 2]
    for x in drifting:
        x.causes.append("inputs depend on each other")
    if drifting:
        causes.append(f"dependence: from {drifting[0].name} on the variance "
                      "differs from the map's by more than a factor 2: the "
                      "units of a layer depend on each other on this batch, "
                      "which the map does not know")
    return causes


def watch(model: Any, batch: Any) -> Watched:
    """Mean and variance in every layer of a network on a batch.

    model   a torch module; or a callable of the batch that uses torch or jax
            (with its parameters inside: lambda x: model.apply(params, x))
    batch   a tensor or an array of jax; enough rows that a mean over them
            says something

    The model is run once, without gradients and without dropout being
    switched (call model.eval() or .train() before, as is wanted).
    """
    if type(batch).__module__.split(".")[0] in ("jax", "jaxlib"):
        from ._watch_jax import follow
    elif type(batch).__module__.split(".")[0] == "torch":
        from ._watch_torch import follow
    else:
        raise TypeError(f"batch is a {type(batch).__name__}: must be a tensor "
                        "of torch or an array of jax")

    layers, mean, variance = follow(model, batch)
    return Watched(layers, _say_causes(layers, mean, variance))
