# SPDX-License-Identifier: MIT
"""torch and jax, where they are."""

import numpy as np
import pytest

import selfnorm


def test_torch_module_and_autograd():
    torch = pytest.importorskip("torch")
    verdict = selfnorm.check(torch.nn.ELU(alpha=0.5))
    assert verdict.function == "elu" and verdict.max_ulp < 1e9
    gradient = selfnorm.check(torch.nn.functional.selu, derivative=1,
                              autograd=True)
    assert gradient.function == "selu-grad"


def test_torch_in_place():
    torch = pytest.importorskip("torch")
    verdict = selfnorm.check(
        lambda x: torch.nn.functional.selu(x, inplace=True), inplace=True,
        arrays="torch")
    assert verdict.checks


def test_torch_bf16_right():
    torch = pytest.importorskip("torch")

    def selu(x):
        y = x.double()
        return torch.where(y > 0, 1.0507009873554805 * y, 1.7580993408473766
                           * torch.expm1(y.clamp(max=0))).to(x.dtype)
    assert selfnorm.check(selu, dtype=torch.bfloat16, arrays="torch")


def test_jax():
    jax = pytest.importorskip("jax")
    assert selfnorm.check(jax.nn.selu).max_ulp < 1e9
    assert selfnorm.check(jax.nn.selu, derivative=1,
                          autograd=True).function == "selu-grad"
    with pytest.raises(ValueError, match="x64"):
        selfnorm.check(jax.nn.selu, dtype="f64")


def lecun(torch, linear):
    torch.nn.init.normal_(linear.weight, std=linear.in_features**-0.5)
    torch.nn.init.zeros_(linear.bias)


def network(torch, activation, init, layers=6, width=256, extra=None):
    modules = []
    for _ in range(layers):
        linear = torch.nn.Linear(width, width)
        init(linear)
        modules += [linear, activation()] + ([extra] if extra else [])
    return torch.nn.Sequential(*modules, torch.nn.Linear(width, 10))


def test_watch_a_self_normalizing_network():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    model = network(torch, torch.nn.SELU, lambda x: lecun(torch, x))
    watched = selfnorm.watch(model, torch.randn(500, 256))
    assert watched.self_normalizing and not watched.causes
    for layer in watched.layers[:-1]:
        assert layer.activation == ["selu"]
        assert layer.variance == pytest.approx(layer.expected_variance,
                                               abs=0.1)
    # the first layer beside the program's own map, omega at its mean
    first = watched.layers[0]
    want = selfnorm.map(first.input_mean, first.input_variance, omega=0,
                        tau=first.tau, digits=8)
    assert first.expected_variance == pytest.approx(float(want.variance),
                                                    abs=0.01)


@pytest.mark.parametrize("build,cause", [
    (lambda t: network(t, t.nn.SELU, lambda x: t.nn.init.kaiming_normal_(
        x.weight)), "initialisation"),
    (lambda t: network(t, t.nn.ReLU, lambda x: lecun(t, x)), "activation"),
    (lambda t: network(t, t.nn.SELU, lambda x: lecun(t, x),
                       extra=t.nn.Dropout(0.3)), "dropout"),
])
def test_watch_names_the_cause(build, cause):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    watched = selfnorm.watch(build(torch), torch.randn(300, 256))
    assert any(text.startswith(cause) for text in watched.causes)
    assert cause in str(watched)


def test_watch_input_scale():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    model = network(torch, torch.nn.SELU, lambda x: lecun(torch, x))
    watched = selfnorm.watch(model, 5 + 3 * torch.randn(300, 256))
    assert watched.causes[0].startswith("input scale")


def test_watch_functional():
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    torch.manual_seed(0)
    w = [torch.randn(64, 64) / 8 for _ in range(3)]

    def model(x):
        for m in w:
            x = 1.1 * functional.gelu(functional.linear(x, m))
        return x
    watched = selfnorm.watch(model, torch.randn(1000, 64))
    assert [x.activation for x in watched.layers] == [["gelu", "mul"]] * 3
    x = watched.layers[0]
    assert x.variance == pytest.approx(x.expected_variance, rel=0.05)
    assert np.isfinite(watched.layers[2].theory_variance)


def test_watch_jax():
    jax = pytest.importorskip("jax")
    numpy = jax.numpy
    keys = jax.random.split(jax.random.PRNGKey(0), 5)
    weights = [jax.random.normal(k, (256, 256)) / 16 for k in keys[:4]]
    bias = numpy.full(256, 0.01)

    def model(x):
        for w in weights:
            x = jax.nn.selu(x @ w + bias)
        return x
    watched = selfnorm.watch(model, jax.random.normal(keys[4], (500, 256)))
    assert [x.activation for x in watched.layers] == [["selu"]] * 4
    assert watched.self_normalizing and not watched.causes
    for x in watched.layers:
        assert x.fan_in == 256 and x.tau == pytest.approx(1, abs=0.02)
        assert x.variance == pytest.approx(x.expected_variance, abs=0.1)
    shifted = selfnorm.watch(lambda x: jax.nn.gelu(x @ weights[0] + 3 * bias),
                             jax.random.normal(keys[4], (500, 256)))
    x, = shifted.layers
    # E gelu_tanh(z) at z ~ N(0.03, tau), by the program
    want = selfnorm.moments("gelu_tanh", mean=0.03, variance=x.tau, digits=6)
    assert x.expected_mean == pytest.approx(float(want.mean), abs=0.01)
    with pytest.raises(TypeError, match="batch is a list"):
        selfnorm.watch(model, [1, 2])
