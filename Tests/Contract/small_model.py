#!/usr/bin/env python3
"""Writes a model of 4 × 4 pixels, whose images a generator of requests can write out: small_model.py FILE"""
import json
import random
import struct
import sys

PIXELS, COUPLINGS, WIDTH = 16, 4, 8


def tensors():
    for i in range(COUPLINGS):
        yield f"coupling.{i}.in_block.0.weight", [WIDTH, PIXELS // 2]
        yield f"coupling.{i}.in_block.0.bias", [WIDTH]
        yield f"coupling.{i}.out_block.weight", [PIXELS // 2, WIDTH]
        yield f"coupling.{i}.out_block.bias", [PIXELS // 2]
    yield "scaling.scale", [1, PIXELS]


def main(path):
    generator, header, data = random.Random(1), {}, b""
    for name, shape in tensors():
        count = 1
        for size in shape:
            count *= size
        values = struct.pack(f"<{count}f", *(round(generator.gauss(0, 0.3) * 256) / 256 for _ in range(count)))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


main(sys.argv[1])
