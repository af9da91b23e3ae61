#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""random_right.py SELFNORM [FILES]: right results, moved by -1, 0 or 1 ULP.

Writes FILES (2000) pairs of .npy files of 1 to 50 values, each with a seed of
its own, and has them checked.  None may be accused: an error, or a cause
named, ends with status 1 and the seeds at fault.
"""
import json
import math
import random
import struct
import subprocess
import sys
import tempfile

LAMBDA, BOTH = 1.0507009873554805, 1.7580993408473769


def selu(x):
    return LAMBDA * x if x > 0 else BOTH * math.expm1(x)


def selu_grad(x):
    return LAMBDA if x > 0 else BOTH * math.exp(x)


def moved(y, by):
    bits = struct.unpack("<i", struct.pack("<f", y))[0]
    return struct.unpack("<f", struct.pack("<i", bits + by))[0]


def write(path, values):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d,), }" % len(
        values
    )
    head += " " * (-(len(head) + 11) % 64) + "\n"
    with open(path, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)))
        out.write(head.encode() + struct.pack("<%df" % len(values), *values))


def pair(folder, seed, function):
    draw = random.Random(seed)
    x = [
        struct.unpack("<f", struct.pack("<f", draw.gauss(0, 3)))[0]
        for _ in range(draw.randint(1, 50))
    ]
    write(f"{folder}/x{seed}.npy", x)
    write(
        f"{folder}/y{seed}.npy",
        [moved(function(v), draw.choice((-1, 0, 1))) for v in x],
    )
    return f"npy:{folder}/x{seed}.npy,{folder}/y{seed}.npy"


def main(selfnorm, files=2000):
    accused, batch = [], 200
    with tempfile.TemporaryDirectory() as folder:
        for first in range(1, files + 1, batch):
            name, function = (
                ("selu", selu) if first // batch % 2 else ("selu-grad", selu_grad)
            )
            seeds = range(first, min(first + batch, files + 1))
            words = [pair(folder, seed, function) for seed in seeds]
            said = subprocess.run(
                [selfnorm, "check", "--json", "--function", name, *words],
                capture_output=True,
                check=False,
            )
            for seed, kernel in zip(seeds, json.loads(said.stdout)["kernels"]):
                named = [
                    d["code"]
                    for d in kernel["diagnosis"]
                    if d["level"] != "note"
                ]
                if not kernel["passed"] or named:
                    accused.append((seed, name, named))
    print(f"{files} right files, seeds 1 to {files}: {len(accused)} accused")
    for one in accused:
        print(*one)
    return 1 if accused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
