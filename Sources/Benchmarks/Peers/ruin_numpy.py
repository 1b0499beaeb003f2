"""The gambler's ruin in plain Python and in NumPy: what Riviera's benchmark compares with.

Both estimate the chance to go from 100 to 200 in 600 games of red at roulette by importance
sampling with win probability q, in rounds of 3000 gamblers. Prints one line for each: name,
gamblers, games and seconds of the fastest round, and the estimate by all rounds, separated by
tabs. Games are those really simulated: NumPy plays all 600 for everybody, the loop stops when
a gambler does.
"""
import math
import random
import sys
import time

N, K, START, GOAL, P = 3000, 600, 100, 200, 18 / 37
# A multiple of 1/65536, so that NumPy can compare 16-bit words: its fastest way measured.
LEVEL = round((float(sys.argv[1]) if len(sys.argv) > 1 else 0.588) * 65536)
Q = LEVEL / 65536
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
UP, DOWN = math.log(P / Q), math.log((1 - P) / (1 - Q))


def log_weight(games):
    wins = (games + GOAL - START) // 2
    return wins * UP + (games - wins) * DOWN


def plain(seed):
    uniform = random.Random(seed).random
    total, games = 0.0, 0
    for _ in range(N):
        fortune, played = START, 0
        while played < K and 0 < fortune < GOAL:
            fortune += 1 if uniform() < Q else -1
            played += 1
        games += played
        if fortune == GOAL:
            total += math.exp(log_weight(played))
    return total / N, games


def vectorized(numpy):
    def run(seed):
        generator = numpy.random.default_rng(seed)
        words = generator.integers(0, 65536, (N, K), dtype=numpy.uint16)
        steps = (words < LEVEL).astype(numpy.int16)
        steps *= 2
        steps -= 1
        paths = numpy.cumsum(steps, axis=1, dtype=numpy.int16, out=steps)
        up, down = paths >= GOAL - START, paths <= -START
        hit = numpy.where(up.any(axis=1), up.argmax(axis=1), K)
        ruined = numpy.where(down.any(axis=1), down.argmax(axis=1), K)
        games = hit[hit < ruined] + 1.0
        wins = (games + GOAL - START) / 2
        return numpy.exp(wins * UP + (games - wins) * DOWN).sum() / N, N * K
    return run


def measure(name, run):
    run(0)
    begin, total, gamblers, fastest, seed = time.perf_counter(), 0.0, 0, None, 1
    while gamblers == 0 or time.perf_counter() - begin < SECONDS:
        start = time.perf_counter()
        estimate, games = run(seed)
        elapsed = time.perf_counter() - start
        total, gamblers, seed = total + estimate * N, gamblers + N, seed + 1
        if fastest is None or games / elapsed > fastest[0] / fastest[1]:
            fastest = games, elapsed
    print(name, N, *fastest, total / gamblers, sep="\t")


measure("plain Python loop", plain)
try:
    import numpy
except ImportError:
    print("NumPy is not installed", file=sys.stderr)
else:
    measure("NumPy, vectorized", vectorized(numpy))
