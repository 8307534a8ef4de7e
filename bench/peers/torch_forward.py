"""A peer of the benchmark: PyTorch, eager, on as many threads as OMP_NUM_THREADS says.

    torch_forward.py forward CHECKPOINT IDS PASSES   GPT-2's forward pass on the ids (comma-separated), last logits only
    torch_forward.py product ROWS K N PASSES         x W^T + b alone

Prints one JSON object: what ran, nanoseconds of every timed pass (CPU time with one thread, elapsed with more), and for the
forward pass the logits.
"""

import ctypes
import json
import math
import os
import struct
import sys
import time

import torch
import torch.nn.functional as F

WARM_UP = 2


def blas():
    """The BLAS that PyTorch loaded, and the kernels OpenBLAS chose; the reference BLAS is several times slower."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    # A wheel of NumPy brings an OpenBLAS for itself, one of PyTorch the BLAS of GPUs.
    paths = {path for path in paths if not any(other in path for other in ("numpy", "scipy", "cublas"))}
    for path in sorted(os.path.realpath(path) for path in paths):
        if "openblas" in os.path.basename(path):
            library = ctypes.CDLL(path)
            library.openblas_get_corename.restype = ctypes.c_char_p
            return {"name": "OpenBLAS", "coreType": library.openblas_get_corename().decode()}
    return {"name": "reference BLAS" if paths else "built in", "coreType": None}


def read_checkpoint(directory):
    with open(os.path.join(directory, "config.json")) as file:
        config = json.load(file)
    weights = {}
    with open(os.path.join(directory, "model.safetensors"), "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        for name, entry in header.items():
            if name == "__metadata__" or name.endswith(".attn.bias"):
                continue
            begin, end = entry["data_offsets"]
            file.seek(8 + length + begin)
            data = bytearray(file.read(end - begin))
            weights[name] = torch.frombuffer(data, dtype=torch.float32).reshape(entry["shape"])
    for name, weight in weights.items():
        # Conv1D stores [in, out]; torch.nn.Linear has [out, in].
        if name.startswith("h.") and weight.dim() == 2:
            weights[name] = weight.t().contiguous()
    return config, weights


def forward(config, weights, ids):
    heads, eps = config["n_head"], config["layer_norm_epsilon"]
    T, D = len(ids), config["n_embd"]
    K = D // heads
    later = torch.ones(T, T, dtype=torch.bool).triu(1)

    def norm(x, name):
        return F.layer_norm(x, (D,), weights[name + ".weight"], weights[name + ".bias"], eps)

    def linear(x, name):
        return F.linear(x, weights[name + ".weight"], weights[name + ".bias"])

    x = weights["wte.weight"][ids] + weights["wpe.weight"][:T]
    for i in range(config["n_layer"]):
        h = "h.%d." % i
        qkv = linear(norm(x, h + "ln_1"), h + "attn.c_attn").split(D, -1)
        q, k, v = (part.view(T, heads, K).transpose(0, 1) for part in qkv)
        scores = (q @ k.transpose(1, 2) / math.sqrt(K)).masked_fill(later, -math.inf)
        z = (scores.softmax(-1) @ v).transpose(0, 1).reshape(T, D)
        x = x + linear(z, h + "attn.c_proj")
        hidden = F.gelu(linear(norm(x, h + "ln_2"), h + "mlp.c_fc"), approximate="tanh")
        x = x + linear(hidden, h + "mlp.c_proj")
    return F.linear(norm(x[-1:], "ln_f"), weights["wte.weight"])[0]


def timed(work, passes):
    clock = time.process_time_ns if torch.get_num_threads() == 1 else time.perf_counter_ns
    for _ in range(WARM_UP):
        result = work()
    times = []
    for _ in range(passes):
        start = clock()
        result = work()
        times.append(clock() - start)
    return times, result


def main(arguments):
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    what, *rest = arguments
    logits = None
    with torch.inference_mode():
        if what == "forward":
            directory, ids, passes = rest
            config, weights = read_checkpoint(directory)
            tokens = torch.tensor([int(token) for token in ids.split(",")])
            times, logits = timed(lambda: forward(config, weights, tokens), int(passes))
        else:
            rows, k, n, passes = map(int, rest)
            x, w, b = torch.randn(rows, k), torch.randn(n, k), torch.randn(n)
            times, _ = timed(lambda: F.linear(x, w, b), passes)
    median = sorted(times)[len(times) // 2]
    print(
        json.dumps(
            {
                "torch": torch.__version__,
                "threads": torch.get_num_threads(),
                "blas": blas(),
                "medianNs": median,
                "ns": times,
                "logits": None if logits is None else logits.tolist(),
            }
        )
    )


main(sys.argv[1:])
