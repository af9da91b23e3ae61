# SPDX-License-Identifier: MIT
"""The kernels on arrays, beside formulas in extended precision."""

import numpy as np
import pytest

import selfnorm

L, A = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def reference(x):
    x = np.asarray(x, np.longdouble)
    return np.where(x > 0, np.longdouble(L) * x,
                    np.longdouble(L) * A * np.expm1(np.minimum(x, 0)))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_selu(dtype):
    x = np.linspace(-20, 20, 1001).astype(dtype)
    y = selfnorm.selu(x)
    # L, A are doubles here: one more unit of theirs in f64
    limit = 0.51 if dtype != "float64" else 2
    assert (np.abs(y.astype(np.longdouble) - reference(x))
            <= limit * np.spacing(np.abs(y)).astype(np.longdouble)).all()


def test_shapes_and_out():
    x = np.random.default_rng(1).normal(size=(3, 4, 5)).astype("f4")
    y = selfnorm.selu(x)
    assert y.shape == x.shape
    assert np.array_equal(selfnorm.selu(x[:, ::2]), y[:, ::2])
    assert selfnorm.selu(x, out=x) is x and np.array_equal(x, y)
    assert selfnorm.selu(np.float32(-1)).shape == ()
    with pytest.raises(ValueError, match="contiguous"):
        selfnorm.selu(np.zeros(4, "f4"), out=np.zeros(8, "f4")[::2])
    with pytest.raises(TypeError, match="int"):
        selfnorm.selu([1, 2])


def test_overlapping_out():
    x = np.linspace(-3, 3, 100).astype("f4")
    want = selfnorm.selu(x[:-1])
    assert np.array_equal(selfnorm.selu(x[:-1], out=x[1:]), want)


def test_elu_celu_and_gradients():
    x = np.linspace(-5, 5, 101)
    assert np.allclose(selfnorm.elu(x, 0.5), np.where(
        x > 0, x, 0.5 * np.expm1(x)), rtol=1e-14)
    assert np.allclose(selfnorm.celu(x, 2.0), np.where(
        x > 0, x, 2 * np.expm1(x / 2)), rtol=1e-14)
    dy = np.linspace(1, 2, 101)
    assert np.allclose(selfnorm.selu_grad(dy, x), dy * np.where(
        x > 0, L, L * A * np.exp(x)), rtol=1e-14)
    assert np.allclose(selfnorm.elu_grad(dy, x, 0.5), dy * np.where(
        x > 0, 1, 0.5 * np.exp(x)), rtol=1e-14)
    with pytest.raises(ValueError, match="nan"):
        selfnorm.elu(x, float("nan"))


def test_alpha_dropout_keeps_mean_and_variance():
    x = np.random.default_rng(2).normal(size=400_000).astype("f4")
    y = selfnorm.alpha_dropout(x, 0.1, 7)
    assert abs(y.mean()) < 0.01 and abs(y.var() - 1) < 0.01
    values, counts = np.unique(y, return_counts=True)
    assert counts.max() == pytest.approx(0.1 * y.size, rel=0.03)
    split = np.concatenate([
        selfnorm.alpha_dropout(x[:1000], 0.1, 7),
        selfnorm.alpha_dropout(x[1000:2000], 0.1, 7, offset=1000)])
    assert np.array_equal(split, y[:2000])
