# SPDX-License-Identifier: GPL-3.0-or-later
# The work of `simulate --method direct` in PyTorch: depth 64, weights drawn
# per layer, SELU, mean, variance and second moment of each input over the
# units.  Usage: networks_torch.py CORES NETWORKS WIDTH INPUTS, threads by
# OMP_NUM_THREADS; prints seconds (of CPU time where one core is used, else by
# the clock) and the last layer's mean and variance.
import os
import sys
import time
import torch

cores, networks, width, inputs = (int(word) for word in sys.argv[1:5])
depth = 64
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
torch.manual_seed(1)


def network(depth):
    rows = []
    x = torch.randn(inputs, width)
    for _ in range(depth):
        w = torch.randn(width, width).mul_(width ** -0.5)
        x = torch.nn.functional.selu(x @ w.T)
        rows.append((x.mean(1), x.var(1), (x * x).mean(1)))
    return rows


with torch.no_grad():
    network(4)
    clock = time.process_time if cores == 1 else time.perf_counter
    start = clock()
    for _ in range(networks):
        rows = network(depth)
    print(clock() - start, rows[-1][0].mean().item(),
          rows[-1][1].mean().item())
