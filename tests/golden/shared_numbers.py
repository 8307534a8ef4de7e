"""The numbers that the scripts beside this file and the tests both make."""

import numpy as np


def numbers(count, seed):
    """testNumbers of tests/support/numbers.ts."""
    state, result = seed, []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        result.append((state >> 11) / 2**52 - 1)
    return np.array(result)
