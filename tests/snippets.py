# SPDX-License-Identifier: GPL-3.0-or-later
"""snippets.py SELFNORM: what --format pytorch, jax and keras write is run, with
stand-ins for the frameworks whose tensors are single floats: the activation
must give the mean and variance it names, for inputs of the layer's law, the
weights the sums they name, dropout must keep mean and variance, and gradients
of branches that are not taken must stay finite.  Ends with snippets changed in
one digit, which must be noticed."""
import math
import subprocess
import sys
import types


class Number(float):
    """A tensor of one element."""
    shape = ()

    def clamp(self, max):
        return Number(min(self, max))

    def new_tensor(self, value):
        return Number(value)

    def __getitem__(self, _):
        return types.SimpleNamespace(numel=lambda: 100)


def each(**functions):
    return {name: (lambda f: lambda *x: Number(f(*x)))(f)
            for name, f in functions.items()}


def softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))


def sigmoid(x):
    return (1 + math.tanh(x / 2)) / 2


SAME = each(exp=math.exp, log=math.log, log1p=math.log1p, expm1=math.expm1,
            tanh=math.tanh, sinh=math.sinh, cosh=math.cosh, sin=math.sin,
            cos=math.cos, sqrt=math.sqrt, abs=abs, erf=math.erf,
            minimum=min, maximum=max, where=lambda c, a, b: a if c else b,
            relu=lambda x: max(x, 0), sigmoid=sigmoid, softplus=softplus,
            sign=lambda x: math.copysign(1, x) if x else 0)
kept = [True]
drawn = {}


def normal(mean, spread):
    drawn.update(mean=mean, spread=spread)


def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(members)
    return sys.modules[name]


class Layer:
    training = True

    def __init__(self):
        pass


def stand_in():
    nn = module("torch.nn", Module=Layer, init=types.SimpleNamespace(
        normal_=lambda w, mean, spread: normal(mean, spread)),
        functional=types.SimpleNamespace(softplus=SAME["softplus"]))
    module("torch", nn=nn, full_like=lambda y, x: x, pow=pow,
           rand_like=lambda y: 1 if kept[0] else 0,
           erfc=lambda x: Number(math.erfc(x)),
           asinh=lambda x: Number(math.asinh(x)),
           atan=lambda x: Number(math.atan(x)),
           clamp=lambda x, a, b: Number(min(max(x, a), b)), **SAME)
    named = dict(SAME, arcsinh=lambda x: Number(math.asinh(x)),
                 arctan=lambda x: Number(math.atan(x)),
                 power=lambda x, y: Number(x ** y),
                 clip=lambda x, a, b: Number(min(max(x, a), b)))
    numpy = module("jax.numpy", float32=None, **named)
    special = types.SimpleNamespace(erf=SAME["erf"], erfc=lambda x: Number(
        math.erfc(x)))

    class Spread(float):
        def __rmul__(self, spread):
            drawn["spread"] = spread
            return self

        def __radd__(self, mean):
            drawn["mean"] = mean

    module("jax", numpy=numpy, scipy=types.SimpleNamespace(special=special),
           nn=types.SimpleNamespace(**{n: SAME[n] for n in
                                       ("relu", "sigmoid", "softplus")}),
           random=types.SimpleNamespace(
               normal=lambda key, shape, dtype: Spread(),
               bernoulli=lambda key, q, shape: kept[0]))
    ops = module("keras.ops", shape=lambda y: (), **named)
    module("keras", ops=ops, layers=types.SimpleNamespace(Layer=Layer),
           initializers=types.SimpleNamespace(Initializer=object),
           random=types.SimpleNamespace(
               SeedGenerator=lambda seed: seed,
               uniform=lambda shape, seed: 1 if kept[0] else 0,
               normal=lambda shape, mean, spread, dtype, seed: normal(
                   mean, spread)))


def use(framework, text):
    """Of the snippet: constants, activation, dropout; draws weights."""
    names = {}
    exec(compile(text, framework, "exec"), names)
    if framework == "pytorch":
        layer = names["Dropout"](0.2)
        names["initialise"](Number())
        return names, names["Activation"]().forward, layer.forward
    if framework == "jax":
        names["initialise"](None, (100, 7))
        return names, names["activation"], lambda y: names["dropout"](
            None, y, 0.2)
    names["Initialise"]()((100, 7))
    layer = names["Dropout"](0.2)
    return names, names["activation"], lambda y: layer.call(y, True)


def faults(framework, text):
    """What is wrong with a snippet."""
    names, activation, dropout = use(framework, text)
    mean, variance = names["MEAN"], names["VARIANCE"]
    total, squares = names["SUM"], names["SUM_OF_SQUARES"]
    m, s = mean * total, math.sqrt(variance * squares)
    step, first, second = 1 / 512, 0, 0
    kept[0] = True
    for i in range(-12 * 512, 12 * 512 + 1):
        u = (i + 0.5) * step  # between kinks at multiples of the step
        y = activation(Number(m + s * u))
        weight = math.exp(-u * u / 2) * step / math.sqrt(2 * math.pi)
        first += weight * y
        second += weight * y * y
    found = []
    if abs(first - mean) > 1e-5:
        found.append(f"mean {first}, not {mean}")
    if abs(second - first ** 2 - variance) > 1e-5 * variance:
        found.append(f"variance {second - first ** 2}, not {variance}")
    if abs(100 * drawn["mean"] - total) > 1e-12 or abs(
            100 * (drawn["mean"] ** 2 + drawn["spread"] ** 2) - squares) > 1e-9:
        found.append("weights")
    b, a = dropout(Number(0)), dropout(Number(1))
    a -= b
    kept[0] = False
    gone = dropout(Number(0))
    kept[0] = True
    new = 0.8 * (a * mean + b) + 0.2 * gone
    spread = 0.8 * (a * a * variance + (a * mean + b) ** 2) + 0.2 * gone ** 2
    if abs(new - mean) > 1e-12 or abs(
            spread - new ** 2 - variance) > 1e-12 * variance:
        found.append("dropout")
    limit = activation(Number(-1e3)) if "LAMBDA" in names else mean
    if abs(names["DROPPED"] - limit) > 1e-12:
        found.append("what is put in")
    return found


def main(selfnorm):
    def ask(*words):
        return subprocess.run([selfnorm, *words], check=True,
                              capture_output=True, text=True).stdout
    cases = [["constants"], ["constants", "--variance", "2"],
             ["constants", "--mean", "0.1", "--omega", "0.3", "--tau", "1.2"],
             ["constants", "--activation", "elu", "--variance", "0.7"],
             ["moments", "--expression", "where(z > 0, z, exp(z) - 1)"],
             ["moments", "--expression", "max(z, -0.5)^2 + sqrt(2)*z"]]
    names = ["softshrink", "mish", "gelu", "elu:alpha=0.5"]
    cases += [["moments", "--activation", name] for name in names]
    stand_in()
    wrong = 0
    for framework in "pytorch", "jax", "keras":
        for case in cases:
            for fault in faults(framework,
                                ask(*case, "--format", framework)):
                print(f"snippets: FAILED: {framework}, {case}: {fault}")
                wrong += 1
        text = ask("constants", "--format", framework)
        for old, new in (("1.05070", "1.05080"), ("-LAMBDA_", "LAMBDA_"),
                         ("SUM / n)", "1 / n)")):
            if not faults(framework, text.replace(old, new)):
                print(f"snippets: FAILED: {framework}: {new} unnoticed")
                wrong += 1
    print(f"snippets: {3 * len(cases)} run, {wrong} wrong")
    return wrong > 0


sys.exit(main(sys.argv[1]))
