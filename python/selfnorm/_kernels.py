# SPDX-License-Identifier: MIT
"""The project's own kernels on numpy's arrays."""

from __future__ import annotations

import ctypes
import functools
from typing import Any, Optional

import numpy as np

from . import _program

_TYPES = {"float32": "f32", "float64": "f64", "float16": "f16",
          "bfloat16": "bf16"}


@functools.lru_cache(maxsize=None)
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(_program.kernels_library())


def _prepare(x: Any, out: Optional[np.ndarray]) -> tuple:
    x = np.asarray(x)
    kind = _TYPES.get(x.dtype.name)
    if kind is None:
        raise TypeError(f"x has the type {x.dtype}; there are kernels for "
                        f"{', '.join(_TYPES)}")
    if out is None:
        return np.ascontiguousarray(x), np.empty(x.shape, x.dtype), kind
    if out.shape != x.shape or out.dtype != x.dtype:
        raise ValueError(f"out is {out.shape} of {out.dtype}, x is {x.shape} "
                         f"of {x.dtype}")
    if not out.flags.c_contiguous or not out.flags.writeable:
        raise ValueError("out must be C-contiguous and writeable")
    if out is not x and np.shares_memory(out, x):
        x = x.copy()
    return np.ascontiguousarray(x), out, kind


def _pointer(array: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


class _Elu(ctypes.Structure):
    # struct sn_elu of kernels/kernels.h
    _fields_ = [(name, ctypes.c_double) for name in (
        "positive", "positive_low", "negative", "negative_low", "rate",
        "rate_low", "at_zero", "at_zero_low")]


class _Dropout(ctypes.Structure):
    # struct sn_alpha_dropout
    _fields_ = [("scale", ctypes.c_double), ("scale_low", ctypes.c_double),
                ("shift", ctypes.c_double), ("shift_low", ctypes.c_double),
                ("dropped", ctypes.c_double), ("seed", ctypes.c_uint64),
                ("threshold", ctypes.c_uint64), ("fraction", ctypes.c_uint64),
                ("elu", _Elu)]


@functools.lru_cache(maxsize=64)
def _design(name: str, *numbers: float) -> _Elu:
    design = _Elu()
    if not getattr(_library(), f"sn_{name}_design")(
            ctypes.byref(design), *map(ctypes.c_double, numbers)):
        raise ValueError(f"{name}: no kernel for the constants "
                         f"{', '.join(map(repr, numbers))}")
    return design


def _run(name: str, x: Any, out: Optional[np.ndarray], dy: Any = None,
         *more: Any) -> np.ndarray:
    x, out, kind = _prepare(x, out)
    arrays = [_pointer(x)]
    if dy is not None:
        dy = np.ascontiguousarray(dy, x.dtype)
        if dy.shape != x.shape:
            raise ValueError(f"dy is {dy.shape}, x is {x.shape}")
        arrays.insert(0, _pointer(dy))
    getattr(_library(), f"sn_{name}_{kind}")(
        _pointer(out), *arrays, ctypes.c_size_t(x.size), *more)
    return out


def selu(x: Any, out: Optional[np.ndarray] = None) -> np.ndarray:
    """SELU with the paper's constants (eq. 2), element by element.

    x    float16, bfloat16 (ml_dtypes), float32 or float64, any shape
    out  an array like x for the result, which may be x; else a new one
    The error bound of each type is `selfnorm list`'s; float16, bfloat16 and
    float32 are correctly rounded, by trying all inputs.
    """
    return _run("selu", x, out)


def selu_grad(dy: Any, x: Any, out: Optional[np.ndarray] = None) -> np.ndarray:
    """dy selu'(x); at 0 the derivative is that from the left, lambda alpha."""
    return _run("selu_grad", x, out, dy)


def elu(x: Any, alpha: float = 1.0,
        out: Optional[np.ndarray] = None) -> np.ndarray:
    """alpha (e^x - 1) left of 0, x right of it."""
    return _run("elu", x, out, None, ctypes.byref(_design("elu", alpha)))


def elu_grad(dy: Any, x: Any, alpha: float = 1.0,
             out: Optional[np.ndarray] = None) -> np.ndarray:
    """dy elu'(x)."""
    return _run("elu_grad", x, out, dy, ctypes.byref(_design("elu", alpha)))


def celu(x: Any, alpha: float = 1.0,
         out: Optional[np.ndarray] = None) -> np.ndarray:
    """alpha (e^(x/alpha) - 1) left of 0, x right of it."""
    return _run("elu", x, out, None, ctypes.byref(_design("celu", alpha)))


def celu_grad(dy: Any, x: Any, alpha: float = 1.0,
              out: Optional[np.ndarray] = None) -> np.ndarray:
    """dy celu'(x)."""
    return _run("elu_grad", x, out, dy, ctypes.byref(_design("celu", alpha)))


def alpha_dropout(x: Any, rate: float, seed: int, *, offset: int = 0,
                  out: Optional[np.ndarray] = None) -> np.ndarray:
    """Alpha dropout (the paper's section of that name), mean 0, variance 1.

    Whether element i is dropped is a function of (seed, offset + i) alone.
    Elements are those of x in C order.
    """
    dropout = _Dropout()
    if not _library().sn_alpha_dropout_init(
            ctypes.byref(dropout), ctypes.c_double(rate),
            ctypes.c_uint64(seed)):
        raise ValueError(f"rate {rate!r}: must be from 0 to 1")
    return _run("alpha_dropout", x, out, None, ctypes.byref(dropout),
                ctypes.c_uint64(offset))
