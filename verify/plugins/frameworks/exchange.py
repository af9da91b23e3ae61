# SPDX-License-Identifier: GPL-3.0-or-later
"""What every adapter of exec:COMMAND shares: raw values in, as many out.

'selfnorm check' says in the environment what is wanted: SELFNORM_FUNCTION,
SELFNORM_DTYPE, SELFNORM_LAMBDA, SELFNORM_ALPHA, for alpha dropout
SELFNORM_RATE and SELFNORM_SEED.  Gradients get pairs, dy and x in turn.
"""
import os
import sys

import ml_dtypes
import numpy

FUNCTION = os.environ.get("SELFNORM_FUNCTION", "selu")
DTYPE = os.environ.get("SELFNORM_DTYPE", "f32")
ALPHA = float(os.environ.get("SELFNORM_ALPHA", "1"))
RATE = float(os.environ.get("SELFNORM_RATE", "0.5"))
SEED = int(os.environ.get("SELFNORM_SEED", "0"))
GRADIENT = FUNCTION.endswith("-grad")
NAME = FUNCTION.removesuffix("-grad")

NUMPY = {
    "f32": numpy.dtype("<f4"),
    "f64": numpy.dtype("<f8"),
    "f16": numpy.dtype("<f2"),
    "bf16": numpy.dtype(ml_dtypes.bfloat16),
}[DTYPE]

# what a library prints must not mix with the values
_values = sys.stdout.buffer
sys.stdout = sys.stderr


def read():
    """All of standard input: (x, dy), dy of a gradient, otherwise None."""
    values = numpy.frombuffer(sys.stdin.buffer.read(), dtype=NUMPY)
    if not GRADIENT:
        return values.copy(), None
    return values[1::2].copy(), values[0::2].copy()


def write(y):
    """As many values, of the same type."""
    y = numpy.asarray(y)
    if y.dtype != NUMPY:
        raise SystemExit(f"results are {y.dtype}, not {NUMPY}")
    _values.write(numpy.ascontiguousarray(y).tobytes())
    _values.flush()


def unknown():
    raise SystemExit(f"no {FUNCTION} in {DTYPE} here")
