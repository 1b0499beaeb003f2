"""What an invertible 1x1 convolution costs as NumPy's einsum: forward, log-determinant, gradient.

Usage: python3 convolution_einsum.py [batch channels rows columns]
Prints a tab-separated line for each way: its name and the best seconds of many runs for forward and
gradient, in double precision, on one thread.
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit("NumPy is not installed")

batch, channels, rows, columns = map(int, sys.argv[1:5]) if len(sys.argv) > 4 else (32, 16, 14, 14)
random = np.random.default_rng(1)
x = random.standard_normal((batch, channels, rows, columns))
g = random.standard_normal(x.shape)
lower = np.tril(random.standard_normal((channels, channels)), -1) + np.eye(channels)
upper = np.triu(random.standard_normal((channels, channels)), 1)
log_scale = 0.1 * random.standard_normal(channels)
permutation = random.permutation(channels)


def weight():
    v = upper + np.diag(np.exp(log_scale))
    return (lower @ v)[permutation], v


def forward(optimize):
    a, _ = weight()
    z = np.einsum("ik,nkrc->nirc", a, x, optimize=optimize)
    return z, rows * columns * log_scale.sum()


def gradient(optimize):
    a, v = weight()
    gx = np.einsum("ik,nirc->nkrc", a, g, optimize=optimize)
    ga = np.einsum("nirc,nkrc->ik", g, x, optimize=optimize)
    gb = ga[np.argsort(permutation)]
    gv = lower.T @ gb
    gs = np.diag(gv) * np.exp(log_scale) + batch * rows * columns
    return gx, np.tril(gb @ v.T, -1), np.triu(gv, 1), gs


def best(work):
    times = []
    stop = time.perf_counter() + 2
    while time.perf_counter() < stop or len(times) < 5:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


for label, optimize in (("einsum", False), ("einsum, optimize=True", True)):
    f, b = best(lambda: forward(optimize)), best(lambda: gradient(optimize))
    print(f"NumPy {np.__version__} {label}", f, b, sep="\t")
