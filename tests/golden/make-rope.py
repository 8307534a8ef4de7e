"""Frequencies and attention factors of rotary scalings, from transformers in double precision, for tests/golden/rope.test.ts.

Run: python3 tests/golden/make-rope.py > tests/golden/rope.json
"""

import json
import pathlib
import sys

import torch
import transformers
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "validator"))
from double import double_precision  # noqa: E402

torch.set_default_dtype(torch.float64)

SIZES = {"vocab_size": 11, "hidden_size": 64, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 4096}
YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 1024}
SHORT, LONG = [1.0 + 0.125 * i for i in range(16)], [1.0 + 3.0 * i for i in range(16)]
LONGROPE = {"rope_type": "longrope", "rope_theta": 10000.0, "original_max_position_embeddings": 1024, "short_factor": SHORT, "long_factor": LONG}
CASES = {
    "linear": {"rope_type": "linear", "rope_theta": 500.0, "factor": 2.5},
    "dynamic, as far as its context reaches": {"rope_type": "dynamic", "rope_theta": 500.0, "factor": 2.5},
    "llama3": {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 1024},
    "yarn": YARN,
    "yarn of a short context": {**YARN, "factor": 16.0, "original_max_position_embeddings": 64},
    "yarn, not rounded to pairs": {**YARN, "truncate": False},
    "yarn between other turns": {**YARN, "beta_fast": 16, "beta_slow": 2},
    "yarn with its attention factor": {**YARN, "attention_factor": 1.375},
    "yarn with two scales": {**YARN, "mscale": 1.5, "mscale_all_dim": 0.75},
    "yarn with one scale, which counts for nothing": {**YARN, "mscale": 1.5},
    "yarn without a factor": {**YARN, "factor": None},
    "yarn that shortens": {**YARN, "factor": 0.5},
    "longrope": LONGROPE,
    "longrope with a factor": {**LONGROPE, "factor": 32.0},
    "longrope with its attention factor": {**LONGROPE, "attention_factor": 1.25},
    "longrope that extends nothing": {**LONGROPE, "original_max_position_embeddings": 4096},
}


def table(rope, length):
    config = transformers.LlamaConfig(**SIZES, rope_parameters=dict(rope))
    with double_precision():
        frequencies, factor = ROPE_INIT_FUNCTIONS[rope["rope_type"]](config, "cpu", seq_len=length)
    assert frequencies.dtype == torch.float64
    return frequencies.tolist(), float(factor)


def case(name, rope):
    frequencies, factor = table(rope, None)
    long, _ = table(rope, 4097) if rope["rope_type"] == "longrope" else (None, None)
    return {"name": name, "rope": rope, "frequencies": frequencies, "factor": factor, "long": long}


transformers.utils.logging.set_verbosity_error()
source = f"transformers {transformers.__version__}, torch {torch.__version__}"
cases = ",\n".join(json.dumps(case(*entry)) for entry in CASES.items())
sys.stdout.write(f'{{"source": {json.dumps(source)},\n"sizes": {json.dumps(SIZES)},\n"cases": [\n{cases}\n]}}\n')
