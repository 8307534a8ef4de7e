"""The numbers that the scripts beside this file and the tests both make."""

import json
import sys

import numpy as np


def numbers(count, seed):
    """testNumbers of tests/support/numbers.ts."""
    state, result = seed, []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        result.append((state >> 11) / 2**52 - 1)
    return np.array(result)


def write_model(config, table, ids, results, torch_logits, what="PyTorch", **more):
    """A model with one pass over it, as JSON; with PyTorch at hand its logits must agree with (version, logits) = torch_logits(ids)."""
    stream, patterns, logits = results
    source = f"NumPy {np.__version__}"
    try:
        version, again = torch_logits(ids)
    except ImportError:
        pass
    else:
        assert np.abs(again - logits).max() < 1e-12, np.abs(again - logits).max()
        source += f"; the logits agree with {what} {version} within 1e-12"
    model = {
        "source": source,
        "config": config,
        "tensors": [[name, list(shape)] for name, shape in table],
        "ids": ids,
        "stream": {name: rows.ravel().tolist() for name, rows in stream.items()},
        "patterns": [weights.ravel().tolist() for weights in patterns],
        "logits": logits.ravel().tolist(),
        **more,
    }
    json.dump(model, sys.stdout, indent=1)
    print()
