# SPDX-License-Identifier: GPL-3.0-or-later
"""PyTorch's selu, alpha_dropout and both, on one thread: ns per element,
medians.  Where Debian's python3-torch is installed 'make bench' shows it
beside ours; nothing needs it."""
import statistics
import sys
import time

try:
    import torch
    from torch.nn import functional
except ImportError:
    sys.exit("no python3-torch here: left out")

torch.set_num_threads(1)


def measure(name, function, n, turns=9):
    x = torch.rand(n) * 8 - 4
    function(x)
    times = []
    for _ in range(turns):
        repeats = max(1, 2_000_000 // n)
        start = time.perf_counter()
        for _ in range(repeats):
            function(x)
        times.append((time.perf_counter() - start) / repeats / n * 1e9)
    print(f"PyTorch {torch.__version__} {name:22} n {n:9}"
          f" {statistics.median(times):9.4f} ns/element")


with torch.no_grad():
    for n in (65536, 4194304):
        measure("selu", torch.selu, n)
        measure("alpha_dropout",
                lambda x: functional.alpha_dropout(x, 0.1, True), n)
        measure("selu, alpha_dropout",
                lambda x: functional.alpha_dropout(
                    torch.selu(x), 0.1, True), n)
