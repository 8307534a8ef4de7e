"""Random blocks of every stored type that is read, with the numbers that the package gguf takes from them, for tests/golden/gguf-blocks.test.ts.

Bytes are random; the scales and minima, which are binary16, are random and finite, and in some blocks extreme: zeros of both signs, the
smallest and the largest subnormal, the largest numbers of both signs.

Run: python3 tests/golden/make-gguf-blocks.py > tests/golden/gguf-blocks.json
"""

import base64
import importlib.metadata
import json
import sys

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

# Where the binary16 numbers of a block lie.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "IQ4_NL": [0],
          "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_XS": [0]}
EXTREME = [0x0000, 0x8000, 0x0001, 0x83FF, 0x7BFF, 0xFBFF]

random = np.random.default_rng(19)
cases = []
for name, places in HALVES.items():
    kind = GGMLQuantizationType[name]
    elements, size = GGML_QUANT_SIZES[kind]
    count = 16 if elements == 32 else 9
    blocks = random.integers(0, 256, (count, size), dtype=np.uint8)
    for b in range(count):
        for i, at in enumerate(places):
            half = EXTREME[(b + i * (b + 1)) % 6] if b < 6 else (random.integers(0, 2) << 15) | random.integers(0, 0x7C00)
            blocks[b, at] = half & 255
            blocks[b, at + 1] = half >> 8
    numbers = dequantize(blocks, kind).astype(np.float32)
    assert np.isfinite(numbers).all() and numbers.size == count * elements
    cases.append({"type": name, "code": int(kind), "blocks": base64.b64encode(blocks.tobytes()).decode(),
                  "numbers": base64.b64encode(numbers.tobytes()).decode()})
json.dump({"gguf": importlib.metadata.version("gguf"), "cases": cases}, sys.stdout, indent=1)
print()
