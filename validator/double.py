"""Everything of transformers in double precision, and the proof of it.

The library takes norms, softmax, rotary angles, whole score products and more in single precision whatever the type of the model, some in
`forward`, some once while the model is built. Inside `double_precision()` every request for a narrower type is one for double, and any
operation of PyTorch that nevertheless yields a narrower number raises. Build and run a model within.
"""

import contextlib
import traceback

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

NARROW = (torch.float32, torch.float16, torch.bfloat16)
NARROWING = (torch.Tensor.float, torch.Tensor.half, torch.Tensor.bfloat16)


class _Widen(TorchFunctionMode):
    """Answers calls of torch that name a narrower type as if they had named double."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function in NARROWING:
            function = torch.Tensor.double
        wide = lambda value: tree_map_only(torch.dtype, lambda dtype: torch.float64 if dtype in NARROW else dtype, value)
        return function(*wide(tuple(args)), **wide(kwargs or {}))


class _RefuseNarrow(TorchDispatchMode):
    """Raises at the first operation whose result holds numbers narrower than double."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor) and leaf.dtype in NARROW:
                frames = [f"{f.filename}:{f.lineno}" for f in traceback.extract_stack() if "/transformers/models/" in f.filename]
                raise AssertionError(f"{function} yields {leaf.dtype} at {frames[-1] if frames else 'an unknown place'}")
        return result


@contextlib.contextmanager
def double_precision():
    """Within, PyTorch computes in double precision or not at all, and keeps no gradients."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad(), _RefuseNarrow(), _Widen():
            yield
    finally:
        torch.set_default_dtype(before)
