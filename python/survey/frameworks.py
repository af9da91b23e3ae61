# SPDX-License-Identifier: GPL-3.0-or-later
"""The activations that the frameworks have, as callables that check() takes.

A table a framework: the activation's name in `selfnorm moments --activation
list`, and the framework's expression for it, a function of x.  In expressions
F, nn, tf stand for what their users import under these names.
"""
from __future__ import annotations

import os
from typing import Any, Callable, Iterator, NamedTuple

DTYPES = ("f32", "f64", "f16", "bf16")

TORCH = {
    "selu": "F.selu(x)",
    "elu": "F.elu(x)",
    "celu": "F.celu(x)",
    "relu": "F.relu(x)",
    "relu6": "F.relu6(x)",
    "leaky_relu": "F.leaky_relu(x)",
    "gelu": "F.gelu(x)",
    "gelu_tanh": "F.gelu(x, approximate='tanh')",
    "silu": "F.silu(x)",
    "mish": "F.mish(x)",
    "softplus": "F.softplus(x)",
    "log_sigmoid": "F.logsigmoid(x)",
    "sigmoid": "torch.sigmoid(x)",
    "tanh": "torch.tanh(x)",
    "softsign": "F.softsign(x)",
    "tanhshrink": "F.tanhshrink(x)",
    "softshrink": "F.softshrink(x)",
    "hardshrink": "F.hardshrink(x)",
    "hardtanh": "F.hardtanh(x)",
    "hardsigmoid": "F.hardsigmoid(x)",
    "hardswish": "F.hardswish(x)",
    "erf": "torch.erf(x)",
    # in place, gradients start from the saved result
    "selu in place": "F.selu(x, inplace=True)",
    "elu in place": "F.elu(x, inplace=True)",
    "celu in place": "F.celu(x, inplace=True)",
}
JAX = {
    "selu": "nn.selu(x)",
    "elu": "nn.elu(x)",
    "celu": "nn.celu(x)",
    "relu": "nn.relu(x)",
    "relu6": "nn.relu6(x)",
    "leaky_relu": "nn.leaky_relu(x)",
    "gelu": "nn.gelu(x, approximate=False)",
    "gelu_tanh": "nn.gelu(x)",
    "silu": "nn.silu(x)",
    "mish": "nn.mish(x)",
    "softplus": "nn.softplus(x)",
    "log_sigmoid": "nn.log_sigmoid(x)",
    "sigmoid": "nn.sigmoid(x)",
    "tanh": "nn.tanh(x)",
    "softsign": "nn.soft_sign(x)",
    "squareplus": "nn.squareplus(x)",
    "hardtanh": "nn.hard_tanh(x)",
    "hardsigmoid": "nn.hard_sigmoid(x)",
    "hardswish": "nn.hard_swish(x)",
    "erf": "jax.scipy.special.erf(x)",
}
TENSORFLOW = {
    "selu": "tf.nn.selu(x)",
    "elu": "tf.nn.elu(x)",
    "relu": "tf.nn.relu(x)",
    "relu6": "tf.nn.relu6(x)",
    "leaky_relu:slope=0.2": "tf.nn.leaky_relu(x)",
    "gelu": "tf.nn.gelu(x)",
    "gelu_tanh": "tf.nn.gelu(x, approximate=True)",
    "silu": "tf.nn.silu(x)",
    "softplus": "tf.nn.softplus(x)",
    "log_sigmoid": "tf.math.log_sigmoid(x)",
    "sigmoid": "tf.nn.sigmoid(x)",
    "tanh": "tf.nn.tanh(x)",
    "softsign": "tf.nn.softsign(x)",
    "erf": "tf.math.erf(x)",
}
ONNX = {  # the operator, by its name
    "selu": "Selu", "elu": "Elu", "celu": "Celu", "relu": "Relu",
    "leaky_relu": "LeakyRelu", "gelu": "Gelu", "mish": "Mish",
    "softplus": "Softplus", "sigmoid": "Sigmoid", "tanh": "Tanh",
    "softsign": "Softsign", "hardswish": "HardSwish", "erf": "Erf",
}


class Row(NamedTuple):
    """One kernel: ``f`` is what is checked as ``activation``; ``options`` go
    to check(); ``program`` prints the first of COUNT results at VALUE."""
    activation: str
    expression: str
    derivative: int
    f: Callable
    options: dict[str, Any]
    program: str


def called(expression: str, names: dict[str, Any]) -> Callable:
    """The expression as a function of x, under its own name."""
    f = eval(f"lambda x: {expression}", names)
    f.__module__, f.__qualname__ = "survey", expression
    return f


class Torch:
    title = "PyTorch"
    dtype = {"f32": "torch.float32", "f64": "torch.float64",
             "f16": "torch.float16", "bf16": "torch.bfloat16"}

    def __init__(self) -> None:
        import torch

        self.version = torch.__version__.split("+")[0]
        self.names = {"torch": torch, "F": torch.nn.functional}

    def rows(self, dtype: str) -> Iterator[Row]:
        start = ("import torch, torch.nn.functional as F\n"
                 f"x = torch.full((COUNT,), VALUE, dtype={self.dtype[dtype]})\n")
        for label, text in TORCH.items():
            f = called(text, self.names)
            options = {"arrays": "torch"}
            if "in place" not in label:
                yield Row(label, text, 0, f, options,
                          start + f"print({text}[0].item())\n")
            yield Row(label, text, 1, f, {"autograd": True, **options},
                      start + "x.requires_grad_()\n" + text.join(
                          ("", ".sum().backward()\n")).replace(
                          "(x, inplace", "(x.clone(), inplace")
                      + "print(x.grad[0].item())\n")

        def alpha_dropout(x: Any, rate: float, seed: int) -> Any:
            self.names["torch"].manual_seed(seed)
            return self.names["F"].alpha_dropout(x, rate, training=True)

        yield Row("alpha-dropout", "F.alpha_dropout(x)", 0, alpha_dropout,
                  {"arrays": "torch"}, "")


class Jax:
    title = "JAX"

    def __init__(self) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        self.version = jax.__version__
        self.names = {"jax": jax, "nn": jax.nn}

    def rows(self, dtype: str) -> Iterator[Row]:
        kind = {"f32": "float32", "f64": "float64", "f16": "float16",
                "bf16": "bfloat16"}[dtype]
        start = ("import jax\nfrom jax import nn, numpy as jnp\n"
                 + "jax.config.update('jax_enable_x64', True)\n" *
                 (dtype == "f64")
                 + f"x = jnp.full(COUNT, VALUE, jnp.{kind})\n")
        for label, text in JAX.items():
            f = called(text, self.names)
            options = {"arrays": "jax"}
            yield Row(label, text, 0, f, options,
                      start + f"print(float(({text})[0]))\n")
            yield Row(label, text, 1, f, {"autograd": True, **options},
                      start + f"g = jax.grad(lambda x: ({text}).sum())(x)\n"
                      "print(float(g[0]))\n")


class TensorFlow:
    title = "TensorFlow"

    def __init__(self) -> None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        import tensorflow as tf

        self.version = tf.__version__
        self.names = {"tf": tf}

    def rows(self, dtype: str) -> Iterator[Row]:
        tf = self.names["tf"]
        kind = {"f32": "float32", "f64": "float64", "f16": "float16",
                "bf16": "bfloat16"}[dtype]
        start = ("import tensorflow as tf\n"
                 f"x = tf.fill([COUNT], tf.constant(VALUE, tf.{kind}))\n")

        def gradient(f: Callable) -> Callable:
            def g(dy: Any, x: Any) -> Any:
                x = tf.constant(x)
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    y = f(x)
                return tape.gradient(y, x, tf.constant(dy)).numpy()
            g.__module__, g.__qualname__ = f.__module__, f.__qualname__
            return g

        for label, text in TENSORFLOW.items():
            f = called(text, self.names)
            options = {"arrays": "numpy"}
            yield Row(label, text, 0, lambda x, f=f: f(tf.constant(x)).numpy(),
                      options, start + f"print(float({text}[0]))\n")
            yield Row(label, text, 1, gradient(f), options,
                      start + "with tf.GradientTape() as tape:\n"
                      f"    tape.watch(x)\n    y = {text}\n"
                      "print(float(tape.gradient(y, x)[0]))\n")

        def alpha_dropout(x: Any, rate: float, seed: int) -> Any:
            # Keras takes 31 bits of a seed; all 64 shall count
            layer = tf.keras.layers.AlphaDropout(
                rate, seed=(seed ^ seed >> 31) % 2**31, dtype=x.dtype)
            return layer(tf.constant(x), training=True).numpy()

        if dtype == "f32":
            yield Row("alpha-dropout", "tf.keras.layers.AlphaDropout()", 0,
                      alpha_dropout, {"arrays": "numpy"}, "")


class OnnxRuntime:
    title = "ONNX Runtime"

    def __init__(self) -> None:
        import onnxruntime

        self.version = onnxruntime.__version__

    def rows(self, dtype: str) -> Iterator[Row]:
        kind = {"f32": "FLOAT", "f64": "DOUBLE", "f16": "FLOAT16",
                "bf16": "BFLOAT16"}[dtype]
        for label, operator in ONNX.items():
            program = (
                "import numpy, onnxruntime as ort\n"
                "from onnx import TensorProto, helper\n"
                f"kind = TensorProto.{kind}\n"
                f"node = helper.make_node('{operator}', ['x'], ['y'])\n"
                "io = [helper.make_tensor_value_info(n, kind, [None]) "
                "for n in 'xy']\n"
                "graph = helper.make_graph([node], 'one', io[:1], io[1:])\n"
                "model = helper.make_model(graph, ir_version=10, "
                "opset_imports=[helper.make_opsetid('', 20)])\n"
                "f = ort.InferenceSession(model.SerializeToString(), "
                "providers=['CPUExecutionProvider'])\n")
            names: dict[str, Any] = {}
            try:
                exec(program, names)
            except Exception:  # noqa: BLE001: no such kernel in this type
                continue

            def f(x: Any, run: Callable = names["f"].run) -> Any:
                return run(None, {"x": x})[0]

            f.__module__, f.__qualname__ = "survey", operator
            yield Row(label, operator, 0, f, {"arrays": "numpy"},
                      program + "x = numpy.full(COUNT, VALUE, helper."
                      "tensor_dtype_to_np_dtype(kind))\n"
                      "print(float(f.run(None, {'x': x})[0][0]))\n")


FRAMEWORKS = {"torch": Torch, "jax": Jax, "tensorflow": TensorFlow,
              "onnxruntime": OnnxRuntime}
