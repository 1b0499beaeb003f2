"""NICE and projected gradient ascent in PyTorch, timed: one JSON object a line in, one out.

Arguments: the weights (safetensors) and the number of threads. A request names what to do:
"ascent" (constant step), "adam" (rate 0.03 falling as a cosine, projected) or "log_prob".
"""

import json
import math
import statistics
import struct
import sys
import time

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    sys.exit("PyTorch is not installed")

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def load(path):
    data = bytearray(open(path, "rb").read())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw = torch.frombuffer(data, dtype=TYPES[entry["dtype"]], offset=8 + length + begin,
                               count=math.prod(entry["shape"]))
        tensors[name] = raw.reshape(entry["shape"]).float()
    return tensors


class NICE:
    def __init__(self, tensors):
        self.couplings = []
        while f"coupling.{len(self.couplings)}.out_block.weight" in tensors:
            prefix = f"coupling.{len(self.couplings)}"
            names = [f"{prefix}.in_block.0"]
            while f"{prefix}.mid_block.{len(names) - 1}.0.weight" in tensors:
                names.append(f"{prefix}.mid_block.{len(names) - 1}.0")
            names.append(f"{prefix}.out_block")
            self.couplings.append([(tensors[n + ".weight"], tensors[n + ".bias"]) for n in names])
        self.log_scale = tensors["scaling.scale"].reshape(-1)
        self.mean = tensors.get("training_mean", torch.tensor(0.5))

    def log_prob(self, x):
        halves = [x[:, 0::2], x[:, 1::2]]
        for index, layers in enumerate(self.couplings):
            moved = index % 2
            h = halves[1 - moved]
            for weight, bias in layers[:-1]:
                h = F.relu(F.linear(h, weight, bias))
            halves[moved] = halves[moved] + F.linear(h, *layers[-1])
        z = torch.stack(halves, dim=2).reshape(x.shape) * self.log_scale.exp()
        return -(F.softplus(z) + F.softplus(-z)).sum(1) + self.log_scale.sum()


def climb(model, request):
    known = torch.tensor(request["known"], dtype=torch.bool)
    start = torch.where(known, torch.tensor(request["images"]), model.mean)
    iterations = request["iterations"]
    x = start.clone()
    optimizer = None
    if request["do"] == "adam":
        x.requires_grad_(True)
        optimizer = torch.optim.Adam([x], lr=0.03, maximize=True)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, iterations)
    begin = time.perf_counter()
    for _ in range(iterations):
        if optimizer is None:
            x.requires_grad_(True)
            (gradient,) = torch.autograd.grad(model.log_prob(x).sum(), x)
            with torch.no_grad():
                x = torch.where(known, start, (x + request["step"] * gradient).clamp(0, 1))
        else:
            optimizer.zero_grad()
            model.log_prob(x).sum().backward()
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                x.copy_(torch.where(known, start, x.clamp(0, 1)))
    with torch.no_grad():
        final = model.log_prob(x)
    return {"seconds": time.perf_counter() - begin, "log_likelihood": final.tolist()}


def time_log_prob(model, request):
    x = torch.tensor(request["images"])
    seconds = []
    with torch.no_grad():
        for _ in range(request["repeats"]):
            begin = time.perf_counter()
            model.log_prob(x)
            seconds.append(time.perf_counter() - begin)
    return {"seconds": statistics.median(seconds)}


def main():
    torch.set_num_threads(int(sys.argv[2]))
    model = NICE(load(sys.argv[1]))
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        answer = time_log_prob if request["do"] == "log_prob" else climb
        print(json.dumps(answer(model, request)), flush=True)


main()
