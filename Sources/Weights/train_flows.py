"""Trains the flows of invertible convolutions that ship with Riviera, with PyTorch on a GPU, and writes them as .safetensors.

    python train_flows.py glow         train-images-idx3-ubyte.gz glow-mnist.safetensors        --seconds 700
    python train_flows.py conditional  train-images-idx3-ubyte.gz conditional-mnist.safetensors --seconds 700
    python train_flows.py photographs  FOLDER_OF_PNGS             photographs.safetensors       --seconds 475

The layers are those of `riviera train --flow convolutional`, which needs no Python and gives the same bytes anywhere, and
which takes days of two processor cores for what a GPU does in minutes. Needs torch and numpy, for photographs Pillow too.
"""

import argparse
import copy
import gzip
import json
import math
import pathlib
import struct
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

BINS, BOUND, MARGIN = 8, 4.0, 1e-4
WORD = (1 << 64) - 1


# --- The random permutations of a model, which its file does not hold ------------------------------------------------


def philox(seed, stream, counter):
    """Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011): two words of 64 bits."""
    c = [counter & 0xFFFFFFFF, counter >> 32, stream & 0xFFFFFFFF, stream >> 32]
    k = [seed & 0xFFFFFFFF, seed >> 32]
    for round_ in range(10):
        if round_:
            k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
    return [c[0] | c[1] << 32, c[2] | c[3] << 32]


class Numbers:
    """Swift's shuffle over Philox's numbers."""

    def __init__(self, seed, stream):
        self.seed, self.stream, self.position, self.words = seed, stream, 0, None

    def next(self):
        if self.position % 2 == 0:
            self.words = philox(self.seed, self.stream, self.position // 2)
        self.position += 1
        return self.words[(self.position - 1) % 2]

    def below(self, bound):
        product = self.next() * bound
        if product & WORD < bound:
            rest = ((1 << 64) - bound) % bound
            while product & WORD < rest:
                product = self.next() * bound
        return product >> 64

    def permutation(self, count):
        order = list(range(count))
        for place in range(count - 1):
            other = place + self.below(count - place)
            order[place], order[other] = order[other], order[place]
        return order


# --- The layers ------------------------------------------------------------------------------------------------------


def spline(x, numbers, inverse=False):
    """A monotonic rational-quadratic spline on −BOUND … BOUND, the identity beyond (Durkan et al., "Neural Spline Flows",
    2019, 2.1): y and log dy/dx. `numbers` has 3 · BINS − 1 for each of x."""
    widths, heights, slopes = numbers.split([BINS, BINS, BINS - 1], -1)
    widths = 1e-3 + (1 - 1e-3 * BINS) * torch.softmax(widths, -1)
    heights = 1e-3 + (1 - 1e-3 * BINS) * torch.softmax(heights, -1)
    slopes = F.pad(1e-3 + F.softplus(slopes + 0.5413), (1, 1), value=1.0)
    x_knots = F.pad(torch.cumsum(widths, -1), (1, 0)) * 2 * BOUND - BOUND
    y_knots = F.pad(torch.cumsum(heights, -1), (1, 0)) * 2 * BOUND - BOUND
    is_inside = (x > -BOUND) & (x < BOUND)
    inner = x.clamp(-BOUND + 1e-6, BOUND - 1e-6)
    bin_ = (inner[..., None] >= (y_knots if inverse else x_knots)[..., 1:-1]).sum(-1, keepdim=True)

    def of_bin(values, place=0):
        return values.gather(-1, bin_ + place)[..., 0]

    x0, y0, low, high = of_bin(x_knots), of_bin(y_knots), of_bin(slopes), of_bin(slopes, 1)
    width, height = of_bin(widths) * 2 * BOUND, of_bin(heights) * 2 * BOUND
    mean = height / width
    bend = low + high - 2 * mean
    if inverse:
        y = inner - y0
        a, b, c = height * (mean - low) + y * bend, height * low - y * bend, -mean * y
        share = 2 * c / (-b - torch.sqrt((b * b - 4 * a * c).clamp(min=0)))
        return torch.where(is_inside, share * width + x0, x), None
    share = (inner - x0) / width
    product = share * (1 - share)
    denominator = mean + bend * product
    y = y0 + height * (mean * share * share + low * product) / denominator
    log_slope = (
        2 * torch.log(mean)
        + torch.log(high * share * share + 2 * mean * product + low * (1 - share) ** 2)
        - 2 * torch.log(denominator)
    )
    return torch.where(is_inside, y, x), torch.where(is_inside, log_slope, torch.zeros_like(log_slope))


compiled_spline = spline


class Step(nn.Module):
    """A permutation, the convolution L (U + diag s), and a coupling that moves the second half by what a network makes of
    the first and of the features."""

    def __init__(self, depth, hidden, features, number, coupling, taps):
        super().__init__()
        self.kept, self.moved, self.coupling = depth // 2, depth - depth // 2, coupling
        self.lower, self.upper = nn.Parameter(torch.zeros(depth, depth)), nn.Parameter(torch.zeros(depth, depth))
        self.log_scale, self.bias = nn.Parameter(torch.zeros(depth)), nn.Parameter(torch.zeros(depth))
        order = torch.tensor(Numbers(0, number).permutation(depth))
        self.register_buffer("order", order)
        self.register_buffer("below", torch.tril(torch.ones(depth, depth), -1))
        self.register_buffer("above", torch.triu(torch.ones(depth, depth), 1))
        outputs = 2 if coupling == "affine" else 3 * BINS + 1
        out_taps = taps if coupling == "affine" else 1
        self.first = nn.Conv2d(self.kept, hidden, taps, padding=taps // 2)
        self.of_features = nn.Conv2d(features, hidden, 1, bias=False) if features else None
        self.middle = nn.Conv2d(hidden, hidden, 1)
        self.last = nn.Conv2d(hidden, outputs * self.moved, out_taps, padding=out_taps // 2)
        for layer in (self.first, self.middle):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def couple(self, x, features):
        kept, moved = x[:, : self.kept], x[:, self.kept :]
        hidden = self.first(kept)
        if self.of_features is not None:
            hidden = hidden + self.of_features(features)
        numbers = self.last(F.relu(self.middle(F.relu(hidden))))
        if self.coupling == "affine":
            log_scale, shift = numbers.chunk(2, 1)
            log_scale = 2 * torch.tanh(log_scale / 2)
            return moved * log_scale.exp() + shift, log_scale
        numbers = numbers.unflatten(1, (self.moved, 3 * BINS + 1)).permute(0, 1, 3, 4, 2)
        log_scale, shift = 2 * torch.tanh(numbers[..., 0] / 2), numbers[..., 1]
        y, log_slope = compiled_spline(moved, numbers[..., 2:])
        return y * log_scale.exp() + shift, log_slope + log_scale

    def forward(self, x, mask, features):
        x, mask = x[:, self.order], mask[:, self.order]
        scale, bias = self.log_scale[None, :, None, None], self.bias[None, :, None, None]
        missing = mask * x
        w = scale.exp() * missing + mask * F.conv2d(missing, (self.upper * self.above)[:, :, None, None])
        x = w + mask * (F.conv2d(w, (self.lower * self.below)[:, :, None, None]) + bias) + (1 - mask) * x
        moved, log_slope = self.couple(x, features)
        old, mask_of_moved = x[:, self.kept :], mask[:, self.kept :]
        x = torch.cat([x[:, : self.kept], old + mask_of_moved * (moved - old)], 1)
        return x, mask, (mask * scale).sum((1, 2, 3)) + (mask_of_moved * log_slope).sum((1, 2, 3))


class Conditioner(nn.Module):
    """Features of the known pixels and the mask: a residual network."""

    def __init__(self, depth, features, blocks, dropout):
        super().__init__()
        self.first, self.dropout = nn.Conv2d(2 * depth, features, 3, padding=1), nn.Dropout(dropout)
        self.blocks = nn.ModuleList(
            nn.ModuleList([nn.Conv2d(features, features, 3, padding=1), nn.Conv2d(features, features, 1)])
            for _ in range(blocks)
        )
        # What the features say of the missing pixels' mean, which the model's file leaves out.
        self.head = nn.Conv2d(features, depth, 1)
        for first, second in self.blocks:
            nn.init.kaiming_normal_(first.weight, nonlinearity="relu")
            for layer in (first.bias, second.weight, second.bias):
                nn.init.zeros_(layer)

    def forward(self, pixels, mask):
        sums = self.first(torch.cat([(2 * pixels - 1) * (1 - mask), mask], 1))
        for first, second in self.blocks:
            sums = sums + second(self.dropout(F.relu(first(F.relu(sums)))))
        return F.relu(sums)


class Flow(nn.Module):
    def __init__(self, shape, block, steps, hidden, coupling, features=0, blocks=0, dropout=0.0, is_patch=False):
        super().__init__()
        channels, rows, columns = shape
        self.shape, self.block, self.is_patch = shape, block, is_patch
        depth, taps = channels * block**2, 1 if (rows, columns) == (block, block) else 3
        self.conditioner = Conditioner(depth, features, blocks, dropout) if blocks else None
        self.steps = nn.ModuleList(Step(depth, hidden, features, k, coupling, taps) for k in range(steps))
        self.metadata = dict(
            architecture="convolutional", channels=channels, rows=rows, columns=columns, block=block, steps=steps,
            hidden=hidden, permutation_seed=0, prior="normal", scale="linear" if is_patch else "logit", coupling=coupling,
        )
        if coupling == "spline":
            self.metadata |= dict(bins=BINS, bound=BOUND)
        if blocks:
            self.metadata |= dict(conditioner_features=features, conditioner_blocks=blocks)

    def log_likelihood(self, x, mask=None, features=None):
        """Nats of the missing pixels of each image, and the features."""
        mask = torch.ones_like(x) if mask is None else mask
        result, y = 0.0, x
        if not self.is_patch:
            u = MARGIN + (1 - 2 * MARGIN) * x
            low, high = torch.log(u), torch.log1p(-u)
            y = (low - high) / 4
            result = (mask * (math.log((1 - 2 * MARGIN) / 4) - low - high)).sum((1, 2, 3))
        y, pixels, mask = (F.pixel_unshuffle(values, self.block) for values in (y, x, mask))
        if self.conditioner is not None:
            features = self.conditioner(pixels, mask)
        for step in self.steps:
            y, mask, log_abs_det = step(y, mask, features)
            result = result + log_abs_det
        return result - (mask * 0.5 * (y * y + math.log(2 * math.pi))).sum((1, 2, 3)), features


# --- What a model is shown -------------------------------------------------------------------------------------------


def holes(count, rows, columns, seed):
    """Random pixels of any share, boxes, strips along a side, all or all but a row."""
    generator = np.random.default_rng(seed)
    result = np.zeros((count, 1, rows, columns), np.uint8)
    for hole in result[:, 0]:
        kind = generator.integers(10)
        if kind < 3:
            hole[...] = generator.random((rows, columns)) < generator.uniform(0.05, 0.98)
        elif kind < 7:
            for _ in range(generator.integers(1, 4)):
                height, width = generator.integers(4, 3 * rows // 4 + 1), generator.integers(4, 3 * columns // 4 + 1)
                top, left = generator.integers(rows - height + 1), generator.integers(columns - width + 1)
                hole[top : top + height, left : left + width] = 1
        elif kind < 9:
            side = hole if generator.integers(2) else hole.T
            depth = generator.integers(6, 4 * len(side) // 5 + 1)
            side[slice(depth) if generator.integers(2) else slice(-depth, None)] = 1
        else:
            hole[...] = 1
            if generator.integers(2):
                hole[generator.integers(rows)] = 0
        if not hole.any():
            hole[rows // 2, columns // 2] = 1
    return torch.from_numpy(result)


def idx_images(path):
    data = gzip.open(path).read() if str(path).endswith(".gz") else pathlib.Path(path).read_bytes()
    count, rows, columns = struct.unpack(">III", data[4:16])
    return torch.from_numpy(np.frombuffer(data, np.uint8, offset=16).reshape(count, 1, rows, columns).copy())


class Patches:
    """Random patches of photographs, turned, of three sizes, of varied brightness and contrast: of luma, or of chroma around
    one half."""

    NOISE = 0.5 / 255, 60 / 255

    def __init__(self, folder, side, device):
        from PIL import Image

        pictures = []
        for path in sorted(pathlib.Path(folder).glob("*.png")):
            picture = Image.open(path).convert("RGB")
            for scale in (1.0, 0.7, 0.5):
                size = round(picture.width * scale), round(picture.height * scale)
                pictures.append(np.asarray(picture.resize(size, Image.BOX) if scale < 1 else picture, np.float32) / 255)
        self.side, self.device = side, device
        self.sizes = torch.tensor([p.shape[:2] for p in pictures], device=device)
        areas = self.sizes.prod(1)
        self.offsets = torch.cat([areas.new_zeros(1), areas.cumsum(0)[:-1]])
        self.shares = (areas / areas.sum()).cumsum(0)
        self.pixels = torch.cat([torch.from_numpy(p.reshape(-1, 3).T.copy()) for p in pictures], 1).to(device)
        self.opponent = torch.tensor(
            [[1 / 3**0.5] * 3, [0.5**0.5, 0, -(0.5**0.5)], [1 / 6**0.5, -2 / 6**0.5, 1 / 6**0.5]], device=device
        )

    def draw(self, count, level=None):
        def uniform(*shape):
            return torch.rand(*shape, device=self.device)

        picture = torch.searchsorted(self.shares, uniform(count)).clamp(max=len(self.sizes) - 1)
        height, width = self.sizes[picture].T
        top, left = ((uniform(count) * (size - self.side + 1)).long().minimum(size - self.side) for size in (height, width))
        line = torch.arange(self.side, device=self.device)
        row = line[None, :, None].expand(count, -1, self.side)
        column = line[None, None, :].expand(count, self.side, -1)
        turned, down, across = (uniform(count, 1, 1) < 0.5 for _ in range(3))
        row, column = torch.where(turned, column, row), torch.where(turned, row, column)
        row = torch.where(down, self.side - 1 - row, row) + top[:, None, None]
        column = torch.where(across, self.side - 1 - column, column) + left[:, None, None]
        place = self.offsets[picture][:, None, None] + row * width[:, None, None] + column
        colours = (self.pixels[:, place] - 0.5) * (0.8 + 0.3 * uniform(1, count, 1, 1)) + 0.5
        luma, first, second = torch.einsum("ij,jnhw->inhw", self.opponent, colours)
        kind = uniform(count)[:, None, None]
        patches = torch.where(kind < 0.6, luma / 3**0.5, torch.where(kind < 0.8, first, second) + 0.5)
        low, high = (math.log(level) for level in self.NOISE)
        noise = torch.exp(low + (high - low) * uniform(count))
        noise = noise if level is None else torch.full_like(noise, level)
        return (patches + torch.randn_like(patches) * noise[:, None, None])[:, None], noise

    @staticmethod
    def features(noise):
        level = torch.log(255 * noise) / 2
        return torch.stack([level, level**2 / 2, level**3 / 6], 1)[:, :, None, None]


# --- Training --------------------------------------------------------------------------------------------------------


def train(model, loss, seconds, learning_rate, device):
    """AdamW with a warm-up and a cosine over `seconds`; the returned model has the averaged weights."""
    averaged, parameters = copy.deepcopy(model).eval(), list(model.parameters())
    matrices = [values for values in parameters if values.dim() == 4]
    others = [values for values in parameters if values.dim() != 4]
    rate, decay, sum_ = (torch.zeros((), device=device) for _ in range(3))
    on_gpu = device == "cuda"
    optimizer = torch.optim.AdamW(
        [dict(params=matrices, weight_decay=1e-4), dict(params=others, weight_decay=0.0)],
        lr=rate, betas=(0.9, 0.99), fused=on_gpu or None, capturable=on_gpu,
    )

    def step():
        value = torch.nan_to_num(loss(model), 0.0, 0.0, 0.0)
        optimizer.zero_grad(set_to_none=False)
        value.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        with torch.no_grad():
            sum_.add_(value.detach())
            for average, values in zip(averaged.parameters(), parameters):
                average.lerp_(values, 1 - decay)

    for values in parameters:
        values.grad = torch.zeros_like(values)
    run = step
    if on_gpu:
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            step()
        run = graph.replay
    begin, count, reported = time.time(), 0, 0
    while (share := (time.time() - begin) / seconds) < 1:
        rate.fill_(learning_rate * min(1, (count + 1) / 500) * (0.5 + 0.5 * math.cos(math.pi * share)) + 1e-6)
        decay.fill_(min(0.9995, (count + 1) / (count + 10)))
        for _ in range(20):
            run()
        count += 20
        if on_gpu:
            torch.cuda.synchronize()
        if time.time() - begin > 30 * (reported + 1):
            reported += 1
            print(f"step {count}, {time.time() - begin:.0f} s, loss {sum_.item() / 20:.4f}", flush=True)
        sum_.zero_()
    print(f"{count} steps", flush=True)
    return averaged


# --- The file --------------------------------------------------------------------------------------------------------


def write(path, model, metadata):
    tensors = {}

    def add(name, values, type_=np.float32):
        tensors[name] = np.ascontiguousarray(values.detach().cpu().numpy().astype(type_))

    def weight(name, layer):
        # (outputs, taps · inputs), the neighbour above and to the left first.
        add(name, layer.weight.permute(0, 2, 3, 1).flatten(1), np.float16)

    def layer(name, values):
        weight(f"{name}.weight", values)
        add(f"{name}.bias", values.bias)

    if model.conditioner is not None:
        layer("conditioner.in", model.conditioner.first)
        for k, (first, second) in enumerate(model.conditioner.blocks):
            layer(f"conditioner.blocks.{k}.first", first)
            layer(f"conditioner.blocks.{k}.second", second)
    for k, step in enumerate(model.steps):
        add(f"steps.{k}.lower", step.lower * step.below)
        add(f"steps.{k}.upper", step.upper * step.above)
        add(f"steps.{k}.log_scale", step.log_scale)
        add(f"steps.{k}.bias", step.bias)
        layer(f"steps.{k}.in", step.first)
        if step.of_features is not None:
            weight(f"steps.{k}.features.weight", step.of_features)
        layer(f"steps.{k}.mid", step.middle)
        layer(f"steps.{k}.out", step.last)
    header, blobs, place = {"__metadata__": {k: str(v) for k, v in sorted((model.metadata | metadata).items())}}, [], 0
    for name, values in tensors.items():
        blobs.append(values.tobytes())
        type_ = {"float16": "F16", "float32": "F32"}[str(values.dtype)]
        header[name] = dict(dtype=type_, shape=values.shape, data_offsets=[place, place + len(blobs[-1])])
        place += len(blobs[-1])
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=["glow", "conditional", "photographs"])
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--attribution", default="")
    options = parser.parse_args()
    device, metadata = options.device, dict(name=pathlib.Path(options.out).stem)
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    if device == "cuda":
        global compiled_spline
        compiled_spline = torch.compile(spline, dynamic=False)
    if options.model == "photographs":
        patches, batch = Patches(options.data, 8, device), options.batch or 8192
        model = Flow((1, 8, 8), 8, 8, 128, "affine", features=3, is_patch=True).to(device)
        start_from_normal(model, patches)

        def loss(model):
            shown, noise = patches.draw(batch)
            return -model.log_likelihood(shown, features=Patches.features(noise))[0].mean() / 64

        metadata |= dict(noise_features=3, noise_minimum=Patches.NOISE[0], noise_maximum=Patches.NOISE[1])
        if options.attribution:
            metadata["attribution"] = options.attribution
    else:
        images, batch = idx_images(options.data).to(device), options.batch or 512
        shape = tuple(images.shape[1:])
        is_conditional = options.model == "conditional"
        model = (
            Flow(shape, 4, 12, 96, "spline", features=128, blocks=8, dropout=0.1)
            if is_conditional
            else Flow(shape, 4, 16, 128, "spline")
        ).to(device)
        masks = holes(65536 if device == "cuda" else 1024, *shape[1:], seed=3).to(device) if is_conditional else None

        def loss(model):
            bytes_ = images[torch.randint(len(images), (batch,), device=device)].float()
            x = (bytes_ + torch.rand_like(bytes_)) / 256
            if masks is None:
                return -model.log_likelihood(x)[0].mean() / x[0].numel()
            mask = masks[torch.randint(len(masks), (batch,), device=device)].float()
            values, features = model.log_likelihood(x, mask)
            mean = F.pixel_shuffle(model.conditioner.head(features), model.block)
            error = (mask * (mean - bytes_ / 255) ** 2).sum()
            return (3 * error - values.sum()) / mask.sum()

    write(options.out, train(model, loss, options.seconds, options.learning_rate, device), metadata)


def start_from_normal(model, patches):
    """The first step as the whitening of patches with a noise of 2/255: U + diag s is the Cholesky factor of their
    covariance's inverse, upside down."""
    step = model.steps[0]
    with torch.no_grad():
        shown = torch.cat([patches.draw(20_000, 2 / 255)[0] for _ in range(10)]).flatten(1)[:, step.order].double()
        covariance = torch.cov(shown.T)
        factor = torch.linalg.cholesky(torch.linalg.inv(covariance)).T
        step.upper.copy_(factor * step.above)
        step.log_scale.copy_(factor.diagonal().log())
        step.bias.copy_(-(factor @ shown.mean(0)))


if __name__ == "__main__":
    main()
