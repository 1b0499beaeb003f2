"""A training step of NICE in PyTorch, and a matrix product, timed: one JSON object a line in, one out.

Arguments: the architecture (dimension, couplings, hidden layers, width), images a step, and the number of
threads. A request names what to do, "steps" or "product", and how often.
"""

import json
import sys
import time

try:
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError:
    sys.exit("PyTorch is not installed")

dimension, couplings, hidden, width, batch, threads = map(int, sys.argv[1:7])
torch.set_num_threads(threads)


class NICE(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [dimension // 2] + [width] * hidden + [dimension // 2]
        self.couplings = nn.ModuleList(
            nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])) for _ in range(couplings))
        self.scale = nn.Parameter(torch.zeros(dimension))

    def forward(self, x):
        halves = [x[:, 0::2], x[:, 1::2]]
        for index, layers in enumerate(self.couplings):
            moved = index % 2
            h = halves[1 - moved]
            for layer in layers[:-1]:
                h = F.relu(layer(h))
            halves[moved] = halves[moved] + layers[-1](h)
        z = torch.stack(halves, dim=2).reshape(x.shape) * self.scale.exp()
        return -(F.softplus(z) + F.softplus(-z)).sum(1) + self.scale.sum()


model = NICE()
parameters = list(model.parameters())
average = [p.detach().clone() for p in parameters]
optimizer = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
levels = torch.randint(0, 256, (batch, dimension), dtype=torch.uint8)


def step():
    x = (levels + torch.rand(levels.shape)) / 256
    loss = -model(x).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 1000)
    optimizer.step()
    with torch.no_grad():
        torch._foreach_lerp_(average, parameters, 0.001)


left, right = torch.rand(batch, width) - 0.5, torch.rand(width, width) - 0.5
product = torch.empty(batch, width)
actions = {"steps": step, "product": lambda: torch.mm(left, right, out=product)}
for action in actions.values():
    action()
print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    action = actions[request["what"]]
    times = []
    for _ in range(request["count"]):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    print(json.dumps({"seconds": sorted(times)[len(times) // 2], "least": min(times)}), flush=True)
