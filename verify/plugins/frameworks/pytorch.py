# SPDX-License-Identifier: GPL-3.0-or-later
"""PyTorch on the CPU.  Arguments: 'inplace' uses the in-place forms (whose
gradients start from the saved result), 'compile' goes through torch.compile.
"""
import sys

import exchange as e
import torch
import torch.nn.functional as F

TORCH = {
    "f32": torch.float32,
    "f64": torch.float64,
    "f16": torch.float16,
    "bf16": torch.bfloat16,
}[e.DTYPE]
INPLACE = "inplace" in sys.argv


def function(x):
    if e.NAME == "selu":
        return F.selu(x, inplace=INPLACE)
    if e.NAME == "elu":
        return F.elu(x, e.ALPHA, inplace=INPLACE)
    if e.NAME == "celu":
        return F.celu(x, e.ALPHA, inplace=INPLACE)
    if e.NAME == "alpha-dropout":
        return F.alpha_dropout(x, e.RATE, training=True, inplace=INPLACE)
    return e.unknown()


torch.manual_seed(e.SEED)
if "compile" in sys.argv:
    function = torch.compile(function)


def tensor(values):
    return torch.from_numpy(values.view("u1")).view(TORCH)


x, dy = e.read()
x = tensor(x)
if e.GRADIENT:
    x.requires_grad_()
    # in-place forms must not overwrite a leaf
    y = function(x.clone() if INPLACE else x)
    y.backward(tensor(dy))
    result = x.grad
else:
    with torch.no_grad():
        result = function(x)
e.write(result.contiguous().view(torch.uint8).numpy().view(e.NUMPY))
