# SPDX-License-Identifier: MIT
"""Element types, and the arrays of the frameworks that a callable may want.

A framework is needed only where a callable uses it: none is imported here
before it is asked for.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, Optional

try:
    import numpy as np
except ImportError as missing:  # pragma: no cover
    raise ImportError(
        "selfnorm needs numpy for arrays: pip install numpy") from missing

# dtype: bits as they are sent, and the name that numpy, torch, jax use
_RAW = {"f32": "<u4", "f64": "<u8", "f16": "<u2", "bf16": "<u2",
        "e4m3": "u1", "e5m2": "u1"}
_NAME = {"f32": "float32", "f64": "float64", "f16": "float16",
         "bf16": "bfloat16", "e4m3": "float8_e4m3fn", "e5m2": "float8_e5m2"}
_DTYPE_OF = {name: dtype for dtype, name in _NAME.items()}
_DTYPE_OF.update({"fp32": "f32", "fp64": "f64", "fp16": "f16", "half": "f16",
                  "float": "f32", "double": "f64", "float8_e4m3": "e4m3"})


def dtype_name(dtype: Any) -> str:
    """'f32' and so on, from such a name or a framework's own type."""
    if isinstance(dtype, str):
        word = dtype.lower()
    else:
        word = getattr(dtype, "name", None) or getattr(
            dtype, "__name__", None) or str(dtype)
        word = word.rsplit(".", 1)[-1].lower()
    word = _DTYPE_OF.get(word, word)
    if word not in _RAW:
        raise ValueError(f"dtype {dtype!r}: is none of {', '.join(_RAW)}")
    return word


def numpy_dtype(dtype: str) -> "np.dtype[Any]":
    name = _NAME[dtype]
    try:
        return np.dtype(name)
    except TypeError:
        pass
    try:
        import ml_dtypes
    except ImportError:
        raise ValueError(
            f"numpy has no {name}: 'pip install ml_dtypes' gives it one") from None
    return np.dtype(getattr(ml_dtypes, name))


def raw_dtype(dtype: str) -> "np.dtype[Any]":
    return np.dtype(_RAW[dtype])


class Adapter:
    """Bits to a framework's array and back."""

    name = "numpy"

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype
        self.element = self._element()

    def _element(self) -> Any:
        return numpy_dtype(self.dtype)

    def array(self, bits: np.ndarray) -> Any:
        """The bits as an array; it shares no memory with anything else."""
        return bits.copy().view(self.element)

    def bits(self, array: Any) -> np.ndarray:
        array = np.asarray(array)
        return np.ascontiguousarray(array).view(raw_dtype(self.dtype))

    def element_of(self, array: Any) -> Any:
        return getattr(array, "dtype", type(array))

    def shape_of(self, array: Any) -> tuple:
        return tuple(getattr(array, "shape", np.shape(array)))

    def layouts(self, array: Any) -> dict[str, Any]:
        """The array's elements (24) in other shapes and orders in memory."""
        wide = np.empty(2 * array.size, array.dtype)
        wide[::2] = array
        return {
            "2-D": array.reshape(4, 6).copy(),
            "Fortran order": np.asfortranarray(array.reshape(4, 6)),
            "every second element": wide[::2],
            "reversed": array[::-1].copy()[::-1],
            "empty": array[:0].copy(),
            "empty 2-D": array[:0].reshape(0, 3).copy(),
        }

    def derivative(self, f: Callable, order: int) -> Callable:
        raise ValueError(
            "autograd=True: the callable gives numpy arrays, which have no "
            "derivatives; a function of torch or jax does, or give its "
            "gradient as a callable of (dy, x)")


class TorchAdapter(Adapter):
    name = "torch"

    def __init__(self, dtype: str, device: Any = "cpu") -> None:
        import torch

        self.torch, self.device = torch, torch.device(device)
        super().__init__(dtype)
        self._signed = {1: torch.uint8, 2: torch.int16, 4: torch.int32,
                        8: torch.int64}[raw_dtype(dtype).itemsize]

    def _element(self) -> Any:
        return getattr(self.torch, _NAME[self.dtype])

    def array(self, bits: np.ndarray) -> Any:
        signed = bits.copy().view(f"i{bits.dtype.itemsize}"
                                  if bits.dtype.itemsize > 1 else "u1")
        return self.torch.from_numpy(signed).view(self.element).to(self.device)

    def bits(self, array: Any) -> np.ndarray:
        tensor = array.detach().contiguous().cpu()
        return tensor.view(self._signed).numpy().view(raw_dtype(self.dtype))

    def layouts(self, array: Any) -> dict[str, Any]:
        torch = self.torch
        wide = torch.zeros(2 * array.numel(), dtype=array.dtype,
                           device=array.device)
        wide[::2] = array
        image = array.reshape(1, 3, 2, 4)
        found = {
            "2-D": array.reshape(4, 6).clone(),
            "transposed": array.reshape(4, 6).t().contiguous().t(),
            "every second element": wide[::2],
            "offset by one element": torch.cat((array[:1], array))[1:],
            "empty": array[:0].clone(),
            "empty 2-D": array[:0].reshape(0, 3).clone(),
        }
        found["channels last"] = image.clone(
            memory_format=torch.channels_last)
        return found

    def derivative(self, f: Callable, order: int) -> Callable:
        torch = self.torch

        def first(dy: Any, x: Any) -> Any:
            with torch.enable_grad():
                x = x.detach().requires_grad_()
                dx, = torch.autograd.grad(f(x.clone()), x, dy)
            return dx

        def second(dy: Any, ddx: Any, x: Any) -> Any:
            with torch.enable_grad():
                x = x.detach().requires_grad_()
                dx, = torch.autograd.grad(f(x.clone()), x, dy,
                                          create_graph=True)
                out, = torch.autograd.grad(dx, x, ddx)
            return out

        return first if order == 1 else second


class JaxAdapter(Adapter):
    name = "jax"

    def __init__(self, dtype: str) -> None:
        import jax

        self.jax = jax
        if dtype == "f64" and not jax.config.jax_enable_x64:
            raise ValueError(
                "dtype f64: jax computes in f32 unless "
                "jax.config.update('jax_enable_x64', True) comes first")
        super().__init__(dtype)

    def _element(self) -> Any:
        return self.jax.numpy.dtype(_NAME[self.dtype])

    def array(self, bits: np.ndarray) -> Any:
        return self.jax.numpy.asarray(bits.copy().view(self.element))

    def layouts(self, array: Any) -> dict[str, Any]:
        return {"2-D": array.reshape(4, 6), "empty": array[:0],
                "empty 2-D": array[:0].reshape(0, 3),
                "0-d": array[0].reshape(())}

    def derivative(self, f: Callable, order: int) -> Callable:
        jax = self.jax

        def first(dy: Any, x: Any) -> Any:
            return jax.vjp(f, x)[1](dy)[0]

        def second(dy: Any, ddx: Any, x: Any) -> Any:
            return jax.vjp(lambda t: first(dy, t), x)[1](ddx)[0]

        return jax.jit(first if order == 1 else second)


def _home(f: Any) -> Optional[str]:
    """The framework that a callable comes from, by its module's name."""
    f = getattr(f, "func", f)
    for module in (getattr(f, "__module__", None), type(f).__module__):
        root = (module or "").split(".")[0]
        if root == "torch":
            return "torch"
        if root in ("jax", "jaxlib", "flax", "equinox"):
            return "jax"
    if "torch" in sys.modules and isinstance(f, sys.modules["torch"].nn.Module):
        return "torch"
    return None


def _framework_of(result: Any) -> str:
    root = type(result).__module__.split(".")[0]
    return {"torch": "torch", "jax": "jax", "jaxlib": "jax"}.get(root, "numpy")


def _make(framework: str, dtype: str, device: Any) -> Adapter:
    if framework == "torch":
        return TorchAdapter(dtype, device)
    if framework == "jax":
        return JaxAdapter(dtype)
    if framework == "numpy":
        return Adapter(dtype)
    raise ValueError(f"arrays {framework!r}: is none of numpy, torch, jax")


def adapters_for(f: Callable, dtype: str, framework: Optional[str] = None,
                 device: Any = "cpu") -> list[Adapter]:
    """The arrays that f may take: the ones said or told by its module; else
    numpy's, then those of the frameworks that are loaded, to be tried."""
    framework = framework or _home(f)
    if framework:
        return [_make(framework, dtype, device)]
    found: list[Adapter] = []
    for name in ("numpy", "torch", "jax"):
        if name == "numpy" or name in sys.modules:
            try:
                found.append(_make(name, dtype, device))
            except ValueError:
                if name == "numpy" and len(sys.modules.keys() &
                                           {"torch", "jax"}) == 0:
                    raise
    return found


def adapter_of_result(result: Any, dtype: str, device: Any) -> Adapter:
    """For what f gives: jax's functions take numpy's arrays, too."""
    return _make(_framework_of(result), dtype, device)
