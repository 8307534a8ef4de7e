"""A post-norm encoder in NumPy for tests/golden/encoder.test.ts; with PyTorch at hand, held against its TransformerEncoderLayer first.

Run: python3 tests/golden/make-encoder.py > tests/golden/encoder.json
"""

import json
import sys

import numpy as np

from shared_numbers import numbers

V, D, L, H, F, P, C, EPS = 17, 12, 2, 3, 20, 16, 3, 1e-5
K = D // H
IDS = [0, 3, 1, 4, 1, 5, 9, 2, 6, 16, 7]


def shapes():
    yield "embeddings.word.weight", (V, D)
    yield "embeddings.position.weight", (P, D)
    for i in range(L):
        for name, out, width in [
            ("attention.query", D, D), ("attention.key", D, D), ("attention.value", D, D), ("attention.output", D, D),
            ("mlp.in", F, D), ("mlp.out", D, F),
        ]:
            yield f"layers.{i}.{name}.weight", (out, width)
            yield f"layers.{i}.{name}.bias", (out,)
        for name in ["attention_norm", "mlp_norm"]:
            yield f"layers.{i}.{name}.weight", (D,)
            yield f"layers.{i}.{name}.bias", (D,)
    yield "classifier.weight", (C, D)
    yield "classifier.bias", (C,)


TABLE = list(shapes())
W = {
    name: (numbers(int(np.prod(shape)), seed + 1).astype(np.float32).reshape(shape) * np.float32(0.5)).astype(float)
    for seed, (name, shape) in enumerate(TABLE)
}


def linear(x, name):
    return x @ W[name + ".weight"].T + W[name + ".bias"]


def norm(x, name):
    centred = x - x.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPS)
    return centred / scale * W[name + ".weight"] + W[name + ".bias"], scale[:, 0]


def forward(ids):
    T = len(ids)
    x = W["embeddings.word.weight"][ids] + W["embeddings.position.weight"][:T]
    stream, patterns = {"embed": x}, []
    for i in range(L):
        a, b = f"layers.{i}.", f"blocks.{i}."
        q, k, v = (linear(x, a + "attention." + p).reshape(T, H, K).transpose(1, 0, 2) for p in ["query", "key", "value"])
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(K)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        patterns.append(weights)
        z = linear((weights @ v).transpose(1, 0, 2).reshape(T, D), a + "attention.output")
        stream[b + "attn.out"] = z
        x, stream[b + "ln1.scale"] = norm(x + z, a + "attention_norm")
        stream[b + "resid_mid"] = x
        z = linear(np.maximum(linear(x, a + "mlp.in"), 0), a + "mlp.out")
        stream[b + "mlp.out"] = z
        x, stream[b + "ln2.scale"] = norm(x + z, a + "mlp_norm")
        stream[b + "resid_post"] = x
    return stream, patterns, linear(x, "classifier")


def torch_logits(ids):
    import torch

    w = {name: torch.tensor(value.tolist(), dtype=torch.float64) for name, value in W.items()}
    x = (w["embeddings.word.weight"][ids] + w["embeddings.position.weight"][: len(ids)])[None]
    for i in range(L):
        a = f"layers.{i}."
        layer = torch.nn.TransformerEncoderLayer(
            D, H, F, dropout=0.0, activation="relu", layer_norm_eps=EPS, batch_first=True, norm_first=False, dtype=torch.float64
        )
        parts = ["query", "key", "value"]
        layer.load_state_dict({
            "self_attn.in_proj_weight": torch.cat([w[f"{a}attention.{p}.weight"] for p in parts]),
            "self_attn.in_proj_bias": torch.cat([w[f"{a}attention.{p}.bias"] for p in parts]),
            "self_attn.out_proj.weight": w[a + "attention.output.weight"],
            "self_attn.out_proj.bias": w[a + "attention.output.bias"],
            "linear1.weight": w[a + "mlp.in.weight"], "linear1.bias": w[a + "mlp.in.bias"],
            "linear2.weight": w[a + "mlp.out.weight"], "linear2.bias": w[a + "mlp.out.bias"],
            "norm1.weight": w[a + "attention_norm.weight"], "norm1.bias": w[a + "attention_norm.bias"],
            "norm2.weight": w[a + "mlp_norm.weight"], "norm2.bias": w[a + "mlp_norm.bias"],
        })
        x = layer(x)
    logits = torch.nn.functional.linear(x[0], w["classifier.weight"], w["classifier.bias"])
    return torch.__version__, np.array(logits.tolist())


stream, patterns, logits = forward(IDS)
source = f"NumPy {np.__version__}"
try:
    version, again = torch_logits(IDS)
except ImportError:
    pass
else:
    assert np.abs(again - logits).max() < 1e-12, np.abs(again - logits).max()
    source += f"; the logits agree with TransformerEncoderLayer of PyTorch {version} within 1e-12"
json.dump(
    {
        "source": source,
        "config": {
            "model_type": "post_norm_encoder", "architectures": ["PostNormEncoderForSequenceClassification"],
            "vocab_size": V, "hidden_size": D, "num_hidden_layers": L, "num_attention_heads": H, "intermediate_size": F,
            "max_position_embeddings": P, "layer_norm_eps": EPS, "hidden_act": "relu", "bos_token_id": 0,
            "id2label": {str(c): f"class {c}" for c in range(C)},
        },
        "tensors": [[name, list(shape)] for name, shape in TABLE],
        "ids": IDS,
        "stream": {name: rows.ravel().tolist() for name, rows in stream.items()},
        "patterns": [weights.ravel().tolist() for weights in patterns],
        "logits": logits.ravel().tolist(),
    },
    sys.stdout,
    indent=1,
)
print()
