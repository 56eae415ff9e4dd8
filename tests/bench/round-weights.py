#!/usr/bin/env python3
"""Rounds the matrices of a model file as math/arietta-dot.h does, to see what fewer bits cost:

    round-weights.py bf16|int8 FROM.safetensors TO.safetensors

The rounded numbers are written as F32, so any version of the program evaluates them as they are.
"""

import json
import struct
import sys

import numpy


def round_rows(matrix, kind):
    if kind == "int8":
        factors = numpy.abs(matrix).max(1, keepdims=True) / 127
        factors[factors == 0] = 1
        return (numpy.rint(matrix / factors) * factors).astype(numpy.float32)
    bits = matrix.view(numpy.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & numpy.uint32(0xFFFF0000)).astype(numpy.uint32).view(numpy.float32)


def main():
    kind, source, target = sys.argv[1:4]
    with open(source, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()

    written, blocks, at = {"__metadata__": header.pop("__metadata__", {})}, [], 0
    for name, tensor in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = tensor["data_offsets"]
        block, dtype = data[begin:end], tensor["dtype"]
        # Tables are read a row at a time and stay as they are.
        if dtype in ("F16", "F32") and len(tensor["shape"]) == 2 and "table" not in name and "prior" not in name:
            matrix = numpy.frombuffer(block, "<f2" if dtype == "F16" else "<f4").astype(numpy.float32)
            block, dtype = round_rows(matrix.reshape(tensor["shape"]), kind).astype("<f4").tobytes(), "F32"
        written[name] = {"dtype": dtype, "shape": tensor["shape"], "data_offsets": [at, at + len(block)]}
        blocks.append(block)
        at += len(block)

    text = json.dumps(written).encode()
    text += b" " * (-len(text) % 8)
    with open(target, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blocks))


main()
