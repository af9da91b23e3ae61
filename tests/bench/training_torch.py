# SPDX-License-Identifier: GPL-3.0-or-later
"""PyTorch's side of tests/bench/training.c: a step's seconds for each line."""
import sys
import time

import torch

WIDTH, DEPTH, BATCH, CLASSES, STEPS = 128, 32, 64, 10, 20
torch.set_num_threads(1)
layers = []
for _ in range(DEPTH):
    if sys.argv[1] == "snn":
        layers += [torch.nn.Linear(WIDTH, WIDTH), torch.nn.SELU(inplace=False)]
    else:
        layers += [torch.nn.Linear(WIDTH, WIDTH, bias=False),
                   torch.nn.BatchNorm1d(WIDTH), torch.nn.ReLU(inplace=True)]
net = torch.nn.Sequential(*layers, torch.nn.Linear(WIDTH, CLASSES))
for layer in net:
    if isinstance(layer, torch.nn.Linear):
        torch.nn.init.normal_(layer.weight, std=WIDTH ** -0.5)
descent = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9,
                          weight_decay=0.0001, foreach=True)
x = torch.randn(BATCH, WIDTH)
label = torch.arange(BATCH) % CLASSES


def step():
    descent.zero_grad(set_to_none=True)
    torch.nn.functional.cross_entropy(net(x), label).backward()
    descent.step()


for _ in sys.stdin:
    start = time.perf_counter()
    for _ in range(STEPS):
        step()
    print((time.perf_counter() - start) / STEPS, flush=True)
