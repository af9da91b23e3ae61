# SPDX-License-Identifier: MIT
"""The reference for self-normalization in neural networks, from Python.

check     is a kernel (any callable) right, for every input?
watch     does this network self-normalize?
constants, moments, map, fixed_points, dropout_affine, prove,
verify_certificate, audit, simulate, vectors, bench, list_kernels
          the commands of `selfnorm`, their results as objects
selu, selu_grad, elu, elu_grad, celu, celu_grad, alpha_dropout
          the project's kernels on arrays
run       any command by its words

The program runs as a process of its own (GPL-3.0-or-later); this package and
the kernels are under the MIT licence.
"""

from ._check import Verdict, check
from ._commands import (Simulation, audit, bench, constants, dropout_affine,
                        fixed_points, list_kernels, map, moments, prove,
                        simulate, vectors, verify_certificate)
from ._kernels import (alpha_dropout, celu, celu_grad, elu, elu_grad, selu,
                       selu_grad)
from ._program import SelfnormError, binary, run
from ._results import Proven, Result
from ._watch import Watched, watch

__all__ = [
    "Proven", "Result", "SelfnormError", "Simulation", "Verdict", "Watched",
    "alpha_dropout", "audit", "bench", "binary", "celu", "celu_grad", "check",
    "constants", "dropout_affine", "elu", "elu_grad", "fixed_points",
    "list_kernels", "map", "moments", "prove", "run", "selu", "selu_grad",
    "simulate", "vectors", "verify_certificate", "watch",
]
