# SPDX-License-Identifier: MIT
"""Following a function of jax, primitive by primitive.

The function's jaxpr is evaluated on the batch.  Each value knows whether it
depends on the batch, and whether it is a function of the pre-activations of
one layer alone, element by element; then that function can be asked at other
places.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

import jax
import jax.numpy as jnp
import numpy as np

from ._watch import Layer, expect

# element by element; what is no function of z alone stops the chain
_ELEMENTWISE = {
    "add", "sub", "mul", "div", "max", "min", "pow", "integer_pow", "neg",
    "abs", "sign", "exp", "exp2", "expm1", "log", "log1p", "tanh", "logistic",
    "erf", "erfc", "sin", "cos", "sqrt", "rsqrt", "square", "select_n", "gt",
    "ge", "lt", "le", "eq", "ne", "convert_element_type", "stop_gradient",
    "copy", "clamp", "is_finite", "and", "or", "not", "cbrt", "sinh", "cosh",
    "atan", "asinh",
}
_SHAPES = {"reshape", "broadcast_in_dim", "transpose", "squeeze",
           "expand_dims", "rev"}


class _Value:
    """A value; ``layer`` and ``of`` where it is of(z) of that layer's z."""

    def __init__(self, value: Any, batch: bool = False,
                 layer: Optional[int] = None,
                 of: Optional[Callable] = None) -> None:
        self.value, self.batch, self.layer, self.of = value, batch, layer, of


def _uniform(value: Any) -> Optional[Any]:
    """The one number that an array repeats, else None."""
    flat = np.asarray(value).ravel()
    return flat[0] if flat.size and (flat == flat[0]).all() else None


class _Follower:
    def __init__(self) -> None:
        self.layers: list[dict] = []

    def run(self, jaxpr: Any, constants: Any, given: list, name: str) -> list:
        values = dict(zip(jaxpr.constvars, map(_Value, constants)))
        values.update(zip(jaxpr.invars, given))

        def read(atom: Any) -> _Value:
            return (_Value(atom.val) if hasattr(atom, "val")
                    else values[atom])

        for eqn in jaxpr.eqns:
            results = self._step(eqn, [read(a) for a in eqn.invars], name)
            values.update(zip(eqn.outvars, results))
        return [read(a) for a in jaxpr.outvars]

    def _step(self, eqn: Any, given: list, name: str) -> list:
        inner = eqn.params.get("jaxpr") or eqn.params.get("call_jaxpr") or \
            eqn.params.get("fun_jaxpr")
        if inner is not None:
            closed = getattr(inner, "jaxpr", None) is not None
            called = eqn.params.get("name") or name
            return self.run(inner.jaxpr if closed else inner,
                            inner.consts if closed else (), given,
                            name or str(called))
        primitive = eqn.primitive.name
        bound = eqn.primitive.bind(*[g.value for g in given], **eqn.params)
        outputs = bound if eqn.primitive.multiple_results else [bound]
        batch = any(g.batch for g in given)
        if not batch:
            return [_Value(y) for y in outputs]
        if primitive in ("dot_general", "conv_general_dilated") and not all(
                g.batch for g in given):
            return [self._layer(eqn, given, outputs[0])]
        made = _Value(outputs[0], True)
        tracked = {g.layer for g in given if g.batch}
        if primitive in _SHAPES:
            made.layer, made.of = given[0].layer, given[0].of
        elif len(tracked) == 1 and None not in tracked:
            number, = tracked
            made.layer = number
            if not self._is_bias(primitive, given, number):
                made.of = self._composed(eqn, given)
                self._note(number, made, name or primitive)
            else:
                made.of = lambda z: z
                self.layers[number]["pre"] = outputs[0]
        return [made] + [_Value(y, True) for y in outputs[1:]]

    def _is_bias(self, primitive: str, given: list, number: int) -> bool:
        """The first sum with what is no function of the batch."""
        layer = self.layers[number]
        other = next((g for g in given if not g.batch), None)
        if (primitive != "add" or other is None or layer["names"]
                or np.ndim(other.value) == 0):
            return False
        rows = np.asarray(other.value, float).reshape(-1, layer["units"])
        layer["shift"] = rows[0]
        return True

    def _composed(self, eqn: Any, given: list) -> Optional[Callable]:
        if eqn.primitive.name not in _ELEMENTWISE:
            return None
        parts = []
        for g in given:
            if g.batch:
                if g.of is None:
                    return None
                parts.append(g.of)
            else:
                number = _uniform(g.value)
                if number is None:
                    return None
                dtype = jnp.asarray(g.value).dtype
                parts.append(lambda z, number=number, dtype=dtype:
                             jnp.full(z.shape, number, dtype))
        return lambda z: eqn.primitive.bind(*[p(z) for p in parts],
                                            **eqn.params)

    def _note(self, number: int, made: _Value, name: str) -> None:
        layer = self.layers[number]
        if name not in layer["names"]:
            layer["names"].append(name)
        layer["of"], layer["post"] = made.of, made.value

    def _layer(self, eqn: Any, given: list, result: Any) -> _Value:
        weights, = [g for g in given if not g.batch]
        source, = [g for g in given if g.batch]
        w = np.asarray(weights.value, float)
        if eqn.primitive.name == "dot_general":
            (left, right), _ = eqn.params["dimension_numbers"]
            axes = right if given[1] is weights else left
        else:  # the output channels are what remains
            numbers = eqn.params["dimension_numbers"].rhs_spec
            axes = [a for a in range(w.ndim) if a != numbers[0]]
        keep = [a for a in range(w.ndim) if a not in axes]
        rows = w.transpose([*keep, *axes]).reshape(
            int(np.prod([w.shape[a] for a in keep])), -1)
        number = len(self.layers)
        self.layers.append({
            "rows": rows, "units": len(rows), "shift": np.zeros(len(rows)),
            "source": source, "pre": result, "post": result, "names": [],
            "of": None, "before": source.layer})
        return _Value(result, True, number, lambda z: z)


def _moments(values: Any) -> tuple[float, float]:
    values = np.asarray(values, float)
    return float(values.mean()), float(values.var())


def follow(f: Callable, batch: Any) -> tuple[list[Layer], float, float]:
    closed = jax.make_jaxpr(f)(batch)
    follower = _Follower()
    follower.run(closed.jaxpr, closed.consts, [_Value(batch, True)], "")
    found = []
    for number, row in enumerate(follower.layers):
        mean, variance = _moments(row["source"].value)
        pre_mean, pre_variance = _moments(row["pre"])
        post_mean, post_variance = _moments(row["post"])
        omega, tau = row["rows"].sum(1), (row["rows"]**2).sum(1)
        layer = Layer(
            name=f"layer {number}", fan_in=row["rows"].shape[1],
            units=row["units"], omega=float(omega.mean()),
            omega_sd=float(omega.std()), tau=float(tau.mean()),
            tau_sd=float(tau.std()), bias_variance=float(row["shift"].var()),
            input_mean=mean, input_variance=variance, pre_mean=pre_mean,
            pre_variance=pre_variance, mean=post_mean, variance=post_variance,
            activation=row["names"])
        of = row["of"] if row["names"] else (lambda z: z)
        dtype = jnp.asarray(batch).dtype

        def applied(z: np.ndarray, of: Any = of) -> np.ndarray:
            return np.asarray(of(jnp.asarray(z, dtype)), float)

        found.append((layer, omega, tau, row["shift"], row["before"],
                      applied if of else None))
    return expect(found, *_moments(batch))
