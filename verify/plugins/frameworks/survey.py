# SPDX-License-Identifier: GPL-3.0-or-later
"""survey.py SELFNORM OUT [PATTERN]: checks every framework and every plugin,
forward and gradient, in each type it has; the table goes to standard output,
each verdict as JSON to OUT/.  PATTERN: only rows whose name contains it.
"""
import json
import os
import subprocess
import sys
from importlib.metadata import version

HERE = os.path.relpath(os.path.dirname(os.path.abspath(__file__)))
PYTHON = os.path.relpath(sys.executable) if os.path.isabs(
    sys.executable) else sys.executable

ALL = ["f32", "f64", "f16", "bf16"]
FUNCTIONS = ["selu", "selu-grad", "elu", "elu-grad", "celu", "celu-grad"]
ADAPTERS = [
    ("PyTorch " + version("torch"), "pytorch.py", ["", "inplace"],
     FUNCTIONS, ALL),
    ("JAX " + version("jax"), "jax_nn.py", [""], FUNCTIONS, ALL),
    ("TensorFlow " + version("tensorflow-cpu"), "tensorflow_nn.py", [""],
     FUNCTIONS[:4], ALL),
    ("ONNX Runtime " + version("onnxruntime"), "onnx_runtime.py", [""],
     ["selu", "elu", "celu"], ["f32", "f64", "f16"]),
]


def rows():
    """(what, function, dtype, kernel word, further options)"""
    for name, script, variants, functions, types in ADAPTERS:
        for variant in variants:
            for function in functions:
                # in-place forms matter for gradients: they start from y
                if variant and not function.endswith("grad"):
                    continue
                for dtype in types:
                    word = f"exec:{PYTHON} {HERE}/{script} {variant}".rstrip()
                    yield (f"{name} {variant}".rstrip(), function, dtype,
                           word, [])
    for name, script in (("PyTorch " + version("torch"), "pytorch.py"),
                         ("Keras " + version("keras"), "tensorflow_nn.py")):
        yield (name, "alpha-dropout", "f32",
               f"exec:{PYTHON} {HERE}/{script}", ["--samples", "131072"])
    folder = os.path.join(os.path.dirname(sys.argv[1]), "plugins")
    for listed in ("plugins.txt", "more.txt"):
        path = os.path.join(folder, listed)
        for line in open(path) if os.path.exists(path) else []:
            symbol, label, *rest = line.rstrip("\n").split("\t")
            function, dtype = rest or ("selu", "f32")
            yield (label, function, dtype, f"{folder}/{symbol}", [])


def check(selfnorm, function, dtype, word, options, path):
    command = [selfnorm, "check", word, "--function", function, "--dtype",
               dtype, *options, "--json", "-o", path]
    ran = subprocess.run(command, capture_output=True, text=True)
    if f"no {function} in {dtype} here" in ran.stderr:
        return None
    if ran.returncode not in (0, 1):
        print(ran.stderr, end="", file=sys.stderr)
        return None
    with open(path) as file:
        return json.load(file)["kernels"][0]


def main():
    selfnorm, out = sys.argv[1], sys.argv[2]
    pattern = sys.argv[3] if len(sys.argv) > 3 else ""
    os.makedirs(out, exist_ok=True)
    print("| what | function | type | max ULP | at x | got | want "
          "| faults, failed checks |")
    print("|---|---|---|---|---|---|---|---|")
    for what, function, dtype, word, options in rows():
        if pattern not in f"{what} {function} {dtype}":
            continue
        stem = f"{what} {function} {dtype}".replace("/", "_").replace(" ", "_")
        kernel = check(selfnorm, function, dtype, word, options,
                       os.path.join(out, stem + ".json"))
        if kernel is None:
            continue
        faults = [d["code"] for d in kernel["diagnosis"] if d["fault"]]
        failed = [c["name"] for c in kernel["checks"]
                  if not c["passed"] and c["name"] != "accuracy"]
        worst = kernel["worst"]
        ulp = kernel["max_ulp"]
        print(f"| {what} | {function} | {dtype} | "
              + (f"{ulp:.4g} | {worst['input']} | {worst['got']} | "
                 f"{worst['want']}" if ulp is not None else " | | | ")
              + f" | {', '.join(dict.fromkeys(faults + failed)) or 'none'} |",
              flush=True)


main()
