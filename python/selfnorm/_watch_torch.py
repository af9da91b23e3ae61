# SPDX-License-Identifier: MIT
"""Following a forward pass of torch, function by function."""

from __future__ import annotations

from typing import Any, Callable, Optional

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from ._watch import Layer, expect

# functions with weights: (input, weight, bias) are their first arguments
_WEIGHTED = {"linear", "conv1d", "conv2d", "conv3d"}
# element by element, the same for every element
_POINTWISE = {
    "selu", "elu", "celu", "gelu", "silu", "mish", "relu", "relu6",
    "leaky_relu", "tanh", "sigmoid", "softplus", "softsign", "hardtanh",
    "hardswish", "hardsigmoid", "logsigmoid", "erf", "sin", "cos", "exp",
    "square", "abs", "neg", "clamp", "threshold", "hardshrink", "softshrink",
    "tanhshrink", "rrelu",
}
# of a tensor and a number
_WITH_NUMBER = {"mul", "div", "true_divide", "add", "sub", "pow", "rsub",
                "__mul__", "__rmul__", "__add__", "__radd__", "__sub__",
                "__truediv__", "__pow__"}
_RANDOM = {"alpha_dropout", "dropout", "feature_alpha_dropout", "dropout1d",
           "dropout2d"}
_NORMALIZING = {"batch_norm", "layer_norm", "group_norm", "instance_norm",
                "rms_norm"}
# other shapes of the same elements
_SAME = {"flatten", "reshape", "view", "permute", "transpose", "contiguous",
         "unsqueeze", "squeeze", "to", "clone", "detach", "float"}


def _moments(tensor: torch.Tensor) -> tuple[float, float]:
    values = tensor.detach().double()
    mean = values.mean()
    return float(mean), float((values - mean).square().mean())


class _Follower(TorchFunctionMode):
    """Which function made which tensor of which."""

    def __init__(self, names: dict[int, str]) -> None:
        super().__init__()
        self.names, self.layers = names, []  # type: ignore[var-annotated]
        # of a tensor, by its identity: the layer, the steps since, is it a
        # function of the pre-activations alone?
        self.after: dict[int, tuple[int, list, bool]] = {}
        self.kept: list[Any] = []  # so that no identity is given twice

    def __torch_function__(self, func: Callable, types: Any, args: Any = (),
                           kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        name = getattr(func, "__name__", str(func))
        try:
            self._note(name, func, args, kwargs, result)
        except Exception:  # noqa: BLE001: watching must not change a run
            pass
        return result

    def _note(self, name: str, func: Callable, args: Any, kwargs: Any,
              result: Any) -> None:
        if not isinstance(result, torch.Tensor):
            return
        self.kept.append(result)
        if name in _WEIGHTED:
            weight = args[1] if len(args) > 1 else kwargs["weight"]
            bias = args[2] if len(args) > 2 else kwargs.get("bias")
            source = args[0] if args else kwargs["input"]
            self._add_layer(source, weight, bias, result)
            return
        tensors = [a for a in args if isinstance(a, torch.Tensor)]
        tensors += [a for a in kwargs.values() if isinstance(a, torch.Tensor)]
        known = [self.after[id(a)] for a in tensors if id(a) in self.after]
        if not known or not result.is_floating_point():
            return
        layer, steps, alone = known[-1]
        short = name.strip("_")
        if name in _SAME or short in _SAME:
            pass
        elif short in _POINTWISE or (name in _WITH_NUMBER and
                                     len(tensors) == 1):
            steps = steps + [(short, func, args, kwargs)]
        elif short in _RANDOM:
            training = kwargs.get("training", args[2] if len(args) > 2
                                  else False)
            if training:
                steps = steps + [(short, None, args, kwargs)]
                alone = alone and short == "alpha_dropout"
        elif short in _NORMALIZING:
            steps, alone = steps + [(short, None, args, kwargs)], False
        elif result.shape == tensors[0].shape:
            steps, alone = steps + [(short, None, args, kwargs)], False
        else:
            return
        self.after[id(result)] = (layer, steps, alone)
        self._result(layer, steps, alone, result)

    def _add_layer(self, source: torch.Tensor, weight: torch.Tensor,
                   bias: Optional[torch.Tensor], result: torch.Tensor) -> None:
        rows = weight.detach().double().flatten(1)
        omega, tau = rows.sum(1), rows.square().sum(1)
        mean, variance = _moments(source)
        number = len(self.layers)
        pre_mean, pre_variance = _moments(result)
        shift = (bias.detach().double() if bias is not None
                 else torch.zeros(len(rows), dtype=torch.float64))
        layer = Layer(
            name=self.names.get(id(weight), f"layer {number}"),
            fan_in=rows.shape[1], units=rows.shape[0],
            omega=float(omega.mean()),
            omega_sd=float(omega.std(correction=0)), tau=float(tau.mean()),
            tau_sd=float(tau.std(correction=0)),
            bias_variance=float(shift.var(correction=0)), input_mean=mean,
            input_variance=variance, pre_mean=pre_mean,
            pre_variance=pre_variance, mean=pre_mean, variance=pre_variance)
        before = self.after.get(id(source))
        self.layers.append((layer, omega.cpu().numpy(), tau.cpu().numpy(),
                            shift.cpu().numpy(),
                            before[0] if before else None, []))
        self.after[id(result)] = (number, [], True)

    def _result(self, number: int, steps: list, alone: bool,
                result: torch.Tensor) -> None:
        layer, omega, tau, shift, before, _ = self.layers[number]
        layer.mean, layer.variance = _moments(result)
        layer.activation = [step[0] for step in steps]
        self.layers[number] = (layer, omega, tau, shift, before,
                               steps if alone else None)


def _composed(steps: list) -> Callable[[np.ndarray], np.ndarray]:
    """The steps as one function of doubles; alpha dropout keeps the moments
    that it was made for, so it is left out."""

    def f(z: np.ndarray) -> np.ndarray:
        y = torch.from_numpy(z)
        for name, func, args, kwargs in steps:
            if func is None:
                continue
            given = [y if isinstance(a, torch.Tensor) else a for a in args]
            named = {k: (y if isinstance(a, torch.Tensor) else a)
                     for k, a in kwargs.items() if k != "inplace"}
            y = func(*given, **named)
        return y.numpy()

    return f


def follow(model: Any, batch: torch.Tensor) -> tuple[list[Layer], float, float]:
    names: dict[int, str] = {}
    if isinstance(model, torch.nn.Module):
        for name, parameter in model.named_parameters():
            names[id(parameter)] = name.rsplit(".weight", 1)[0]
    with torch.no_grad():
        follower = _Follower(names)
        with follower:
            model(batch)
        followed = [(*row[:5], None if row[5] is None else _composed(row[5]))
                    for row in follower.layers]
        return expect(followed, *_moments(batch))
