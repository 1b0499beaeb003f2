"""A flow of invertible convolutions in PyTorch, timed: one JSON object a line in, one out.

Arguments: the weights (safetensors), the steps' permutations (JSON), the number of threads. A request names what to do:
"evaluate" or "gradient" of images, "draws" of a hole's missing pixels, or "steps" of training.
"""

import json
import math
import struct
import sys
import time

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    sys.exit("PyTorch is not installed")

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
MARGIN = 1e-4


def load(path):
    data = bytearray(open(path, "rb").read())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        raw = torch.frombuffer(data, dtype=TYPES[entry["dtype"]], offset=8 + length + entry["data_offsets"][0],
                               count=math.prod(entry["shape"]))
        tensors[name] = raw.reshape(entry["shape"]).float()
    return metadata, tensors


def gathering(weight):
    """(outputs, 9, inputs) as a 3×3 convolution's."""
    outputs, inputs = weight.shape[0], weight.shape[1] // 9
    return weight.reshape(outputs, 3, 3, inputs).permute(0, 3, 1, 2).contiguous()


def scattering(weight):
    """(9, outputs, inputs), the position's share of its neighbors' outputs, as a 3×3 convolution's."""
    inputs = weight.shape[1]
    taps = weight.reshape(3, 3, -1, inputs).permute(2, 3, 0, 1)
    return taps.flip(2, 3).contiguous()


class Flow:
    def __init__(self, metadata, tensors, permutations):
        self.block = int(metadata["block"])
        self.depth = self.block**2 * int(metadata["channels"])
        self.features = "conditioner_features" in metadata
        self.bins = int(metadata["bins"]) if metadata.get("coupling") == "spline" else 0
        self.bound = float(metadata.get("bound", 1))
        self.steps = []
        for index, permutation in enumerate(permutations):
            t = {k.split(".", 2)[2]: v for k, v in tensors.items() if k.startswith(f"steps.{index}.")}
            t["in.weight"] = gathering(t["in.weight"])
            t["out.weight"] = t["out.weight"][:, :, None, None] if self.bins else scattering(t["out.weight"])
            t["mid.weight"] = t["mid.weight"][:, :, None, None]
            if self.features:
                t["features.weight"] = t["features.weight"][:, :, None, None]
            self.steps.append((torch.tensor(permutation), t))
        self.conditioner = {k: v for k, v in tensors.items() if k.startswith("conditioner.")}
        for name, value in self.conditioner.items():
            if name.endswith("in.weight") or name.endswith("first.weight"):
                self.conditioner[name] = gathering(value)
            elif name.endswith("second.weight"):
                self.conditioner[name] = value[:, :, None, None]
        self.blocks = int(metadata.get("conditioner_blocks", 0))
        self.prepare()

    def parameters(self):
        return [v for _, t in self.steps for v in t.values()] + list(self.conditioner.values())

    def factors(self, index):
        _, t = self.steps[index]
        return torch.tril(t["lower"], -1), torch.triu(t["upper"], 1), t["log_scale"]

    def prepare(self):
        """What serving needs and training changes: each step's matrix, permutation included."""
        identity = torch.eye(self.depth)
        self.matrices = []
        for index, (permutation, _) in enumerate(self.steps):
            lower, upper, log_scale = self.factors(index)
            matrix = (lower + identity) @ (upper + torch.diag(log_scale.exp()))
            self.matrices.append(matrix[:, torch.argsort(permutation)].reshape(self.depth, self.depth, 1, 1))

    def squeeze(self, x):
        return F.pixel_unshuffle(x, self.block)

    def encode_scale(self, x, mask):
        u = MARGIN + (1 - 2 * MARGIN) * x
        low, high = torch.log(u), torch.log1p(-u)
        slopes = math.log((1 - 2 * MARGIN) / 4) - low - high
        return (low - high) / 4, (slopes if mask is None else slopes * mask).sum((1, 2, 3))

    def condition(self, x, mask):
        c = self.conditioner
        m = self.squeeze(mask)
        q = F.conv2d(torch.cat([self.squeeze(2 * x - 1) * (1 - m), m], 1), c["conditioner.in.weight"],
                     c["conditioner.in.bias"], padding=1)
        for block in range(self.blocks):
            name = f"conditioner.blocks.{block}"
            h = F.relu(F.conv2d(F.relu(q), c[name + ".first.weight"], c[name + ".first.bias"], padding=1))
            q = q + F.conv2d(h, c[name + ".second.weight"], c[name + ".second.bias"])
        return F.relu(q)

    def network(self, t, kept, features):
        h = F.conv2d(kept, t["in.weight"], t["in.bias"], padding=1)
        if features is not None:
            h = h + F.conv2d(features, t["features.weight"])
        h = F.relu(F.conv2d(F.relu(h), t["mid.weight"], t["mid.bias"]))
        if not self.bins:
            a, shift = F.conv2d(h, t["out.weight"], t["out.bias"], padding=1).chunk(2, 1)
            return 2 * torch.tanh(a / 2), shift, None
        o = F.conv2d(h, t["out.weight"], t["out.bias"])
        o = o.reshape(o.shape[0], -1, 3 * self.bins + 1, *o.shape[2:]).permute(0, 1, 3, 4, 2)
        return 2 * torch.tanh(o[..., 0] / 2), o[..., 1], o[..., 2:]

    def knots(self, outputs):
        k, bound = self.bins, self.bound
        sizes = [2 * bound * (1e-3 + (1 - 1e-3 * k) * torch.softmax(outputs[..., i * k : (i + 1) * k], -1)) for i in (0, 1)]
        begins = [F.pad(torch.cumsum(size, -1), (1, 0)) - bound for size in sizes]
        slopes = F.pad(1e-3 + F.softplus(outputs[..., 2 * k :] + 0.5413), (1, 1), value=1.0)
        return sizes, begins, slopes

    def spline(self, x, outputs, inverse=False):
        """The spline, or its inverse, and log of the spline's derivative."""
        sizes, begins, slopes = self.knots(outputs)
        inside = x.abs() < self.bound
        at = x.clamp(-self.bound, self.bound)
        index = (at[..., None] >= begins[int(inverse)][..., 1:-1]).sum(-1, keepdim=True)
        left, bottom, width, height, d0 = (
            v.gather(-1, index)[..., 0] for v in (begins[0], begins[1], sizes[0], sizes[1], slopes))
        d1 = slopes.gather(-1, index + 1)[..., 0]
        s = height / width
        bend = d0 + d1 - 2 * s
        if inverse:
            above = at - bottom
            a, b, c = height * (s - d0) + above * bend, height * d0 - above * bend, -s * above
            theta = 2 * c / (-b - (b * b - 4 * a * c).clamp(min=0).sqrt())
        else:
            theta = (at - left) / width
        product = theta * (1 - theta)
        below = s + bend * product
        value = left + theta * width if inverse else bottom + height * (s * theta * theta + d0 * product) / below
        rise = d1 * theta * theta + 2 * s * product + d0 * (1 - theta) ** 2
        log_slope = 2 * torch.log(s / below) + torch.log(rise)
        return torch.where(inside, value, x), torch.where(inside, log_slope, torch.zeros_like(x))

    def log_prob(self, x, mask=None):
        y, log_det = self.encode_scale(x, mask)
        features = None if mask is None else self.condition(x, mask)
        z, m = self.squeeze(y), None if mask is None else self.squeeze(mask)
        kept = self.depth // 2
        for index, (permutation, t) in enumerate(self.steps):
            bias, log_scale = t["bias"][:, None, None], t["log_scale"]
            if m is None:
                z = F.conv2d(z, self.matrices[index]) + bias
                log_det = log_det + z.shape[2] * z.shape[3] * log_scale.sum()
            else:
                lower, upper, _ = self.factors(index)
                z, m = z[:, permutation], m[:, permutation]
                v = m * z
                w = log_scale.exp()[:, None, None] * v + m * F.conv2d(v, upper[:, :, None, None])
                z = w + m * (F.conv2d(w, lower[:, :, None, None]) + bias) + (1 - m) * z
                log_det = log_det + (m * log_scale[:, None, None]).sum((1, 2, 3))
            a, shift, outputs = self.network(t, z[:, :kept], features)
            old = z[:, kept:]
            b, steep = (old, 0) if outputs is None else self.spline(old, outputs)
            b, a = b * a.exp() + shift, a + steep
            if m is not None:
                b, a = old + m[:, kept:] * (b - old), m[:, kept:] * a
            z = torch.cat([z[:, :kept], b], 1)
            log_det = log_det + a.sum((1, 2, 3))
        prior = z * z + math.log(2 * math.pi)
        return log_det - 0.5 * (prior if m is None else m * prior).sum((1, 2, 3))

    def draws(self, x, mask, count):
        """`count` images of one hole. The features, the mask's factors and their inverses are made once."""
        y, _ = self.encode_scale(x, mask)
        features = self.condition(x, mask)
        z, m = self.squeeze(y), self.squeeze(mask)
        for permutation, _ in self.steps:
            z, m = z[:, permutation], m[:, permutation]
        z = (1 - m) * z + m * torch.randn(count, *z.shape[1:])
        kept, (rows, columns) = self.depth // 2, z.shape[2:]
        identity = torch.eye(self.depth)
        for index, (permutation, t) in reversed(list(enumerate(self.steps))):
            a, shift, outputs = self.network(t, z[:, :kept], features)
            old = z[:, kept:]
            b = (old - shift) * (-a).exp()
            if outputs is not None:
                b, _ = self.spline(b, outputs, inverse=True)
            z = torch.cat([z[:, :kept], old + m[:, kept:] * (b - old)], 1)
            lower, upper, log_scale = self.factors(index)
            # (positions, depth, depth): without known rows and columns.
            p = m[0].reshape(self.depth, -1).T
            both = p[:, :, None] * p[:, None, :]
            right = (p * (z - t["bias"][:, None, None]).reshape(count, self.depth, -1).permute(0, 2, 1)).permute(1, 2, 0)
            w = torch.linalg.solve_triangular(both * lower + identity, right, upper=False, unitriangular=True)
            diagonal = torch.diag_embed(p * log_scale.exp() + (1 - p))
            v = torch.linalg.solve_triangular(both * upper + diagonal, w, upper=True)
            v = v.permute(2, 1, 0).reshape(count, self.depth, rows, columns)
            inverse = torch.argsort(permutation)
            z, m = (m * v + (1 - m) * z)[:, inverse], m[:, inverse]
        y = F.pixel_shuffle(z, self.block)
        drawn = (torch.sigmoid(4 * y) - MARGIN) / (1 - 2 * MARGIN)
        return mask * drawn + (1 - mask) * x


torch.set_num_threads(int(sys.argv[3]))
metadata, tensors = load(sys.argv[1])
flow = Flow(metadata, tensors, json.loads(sys.argv[2]))
shape = (-1, int(metadata["channels"]), int(metadata["rows"]), int(metadata["columns"]))


def evaluate(x, mask, _):
    with torch.inference_mode():
        return flow.log_prob(x, mask).tolist()


def gradient(x, mask, _):
    x = x.detach().requires_grad_()
    values = flow.log_prob(x, mask)
    torch.autograd.grad(values.sum(), x)
    return values.tolist()


def draws(x, mask, count):
    with torch.inference_mode():
        flow.draws(x, mask, count)
    return []


trained = None


def steps(x, mask, _):
    """One step: noise, forward, backward, clipping, AdamW, averaging."""
    global trained
    if trained is None:
        parameters = [p.requires_grad_() for p in flow.parameters()]
        optimizer = torch.optim.AdamW(parameters, lr=1e-6, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
        trained = parameters, optimizer, [p.detach().clone() for p in parameters]
    parameters, optimizer, average = trained
    if mask is None:
        flow.prepare()
    loss = -flow.log_prob(x + torch.rand(x.shape) / 256, mask).mean()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1000)
    optimizer.step()
    with torch.no_grad():
        torch._foreach_lerp_(average, parameters, 0.001)
    return []


actions = {"evaluate": evaluate, "gradient": gradient, "draws": draws, "steps": steps}
print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    x = torch.tensor(request["images"]).reshape(shape)
    mask = torch.tensor(request["missing"]).reshape(shape).float() if "missing" in request else None
    times, values = [], []
    # The first call allocates.
    for index in range(request["repeat"] + 1):
        start = time.perf_counter()
        values = actions[request["what"]](x, mask, request.get("draws", 0))
        if index:
            times.append(time.perf_counter() - start)
    print(json.dumps({"seconds": sorted(times)[len(times) // 2], "least": min(times), "log_likelihood": values}),
          flush=True)
