"""A GPT-NeoX forward pass in NumPy for tests/golden/gpt-neox.test.ts; with PyTorch at hand, held against its operators first.

Run: python3 tests/golden/make-gpt-neox.py > tests/golden/gpt-neox.json
"""

import math

import numpy as np

from shared_numbers import numbers, write_model

V, D, L, H, P, EPS, SHARE, BASE = 19, 24, 3, 3, 16, 1e-5, 0.5, 700.0
K = D // H
R = int(K * SHARE)
IDS = [3, 1, 4, 1, 5, 9, 2, 6, 18, 0, 7]


def shapes():
    yield "embed_in.weight", (V, D)
    for i in range(L):
        layer = f"layers.{i}."
        for name, shape in [
            ("input_layernorm.weight", (D,)), ("input_layernorm.bias", (D,)),
            ("post_attention_layernorm.weight", (D,)), ("post_attention_layernorm.bias", (D,)),
            ("attention.query_key_value.weight", (3 * D, D)), ("attention.query_key_value.bias", (3 * D,)),
            ("attention.dense.weight", (D, D)), ("attention.dense.bias", (D,)),
            ("mlp.dense_h_to_4h.weight", (4 * D, D)), ("mlp.dense_h_to_4h.bias", (4 * D,)),
            ("mlp.dense_4h_to_h.weight", (D, 4 * D)), ("mlp.dense_4h_to_h.bias", (D,)),
        ]:
            yield layer + name, shape
    yield "final_layer_norm.weight", (D,)
    yield "final_layer_norm.bias", (D,)
    yield "embed_out.weight", (V, D)


TABLE = [(name if name == "embed_out.weight" else f"gpt_neox.{name}", shape) for name, shape in shapes()]
W = {
    name.removeprefix("gpt_neox."): (numbers(int(np.prod(shape)), seed + 1).astype(np.float32).reshape(shape) * np.float32(0.5)).astype(float)
    for seed, (name, shape) in enumerate(TABLE)
}


def norm(x, name):
    centred = x - x.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPS)
    return centred / scale * W[name + ".weight"] + W[name + ".bias"]


def linear(x, name):
    return x @ W[name + ".weight"].T + W[name + ".bias"]


def gelu(z):
    return z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2


def turned(x):
    """The first R coordinates of every head as R/2 complex numbers, each turned by its position; x is H×T×K."""
    T = x.shape[1]
    pairs = x[..., : R // 2] + 1j * x[..., R // 2 : R]
    pairs = pairs * np.exp(1j * np.outer(np.arange(T), BASE ** (-2 * np.arange(R // 2) / R)))
    return np.concatenate([pairs.real, pairs.imag, x[..., R:]], axis=-1)


def forward(ids):
    T = len(ids)
    x = W["embed_in.weight"][ids]
    stream, patterns = {"embed": x}, []
    for i in range(L):
        layer = f"layers.{i}."
        heads = linear(norm(x, layer + "input_layernorm"), layer + "attention.query_key_value").reshape(T, H, 3, K)
        q, k, v = (heads[:, :, part].transpose(1, 0, 2) for part in range(3))
        scores = turned(q) @ turned(k).transpose(0, 2, 1) / math.sqrt(K)
        scores = np.where(np.tril(np.ones((T, T), dtype=bool)), scores, -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        patterns.append(weights)
        attention = linear((weights @ v).transpose(1, 0, 2).reshape(T, D), layer + "attention.dense")
        hidden = gelu(linear(norm(x, layer + "post_attention_layernorm"), layer + "mlp.dense_h_to_4h"))
        mlp = linear(hidden, layer + "mlp.dense_4h_to_h")
        stream[f"blocks.{i}.attn.out"], stream[f"blocks.{i}.mlp.out"] = attention, mlp
        x = x + attention + mlp
        stream[f"blocks.{i}.resid_post"] = x
    return stream, patterns, norm(x, "final_layer_norm") @ W["embed_out.weight"].T


def torch_logits(ids):
    """The same with PyTorch's own layer norm, linear maps, GELU and softmax, positions by rotating halves as the library does."""
    import torch
    from torch.nn import functional as F

    w = {name: torch.tensor(value.tolist(), dtype=torch.float64) for name, value in W.items()}
    T = len(ids)
    x = w["embed_in.weight"][ids]
    frequency = 1.0 / BASE ** (torch.arange(0, R, 2, dtype=torch.float64) / R)
    angles = torch.outer(torch.arange(T, dtype=torch.float64), frequency)
    angles = torch.cat((angles, angles), dim=-1)

    def rotary(y):
        own, rest = y[..., :R], y[..., R:]
        half = torch.cat((-own[..., R // 2 :], own[..., : R // 2]), dim=-1)
        return torch.cat((own * angles.cos() + half * angles.sin(), rest), dim=-1)

    for i in range(L):
        def affine(y, name):
            return F.linear(y, w[f"layers.{i}.{name}.weight"], w[f"layers.{i}.{name}.bias"])

        def layer_norm(y, name):
            return F.layer_norm(y, (D,), w[f"layers.{i}.{name}.weight"], w[f"layers.{i}.{name}.bias"], EPS)

        qkv = affine(layer_norm(x, "input_layernorm"), "attention.query_key_value").view(T, H, 3 * K)
        q, k, v = (part.transpose(0, 1) for part in qkv.split(K, dim=-1))
        scores = rotary(q) @ rotary(k).transpose(1, 2) / math.sqrt(K)
        scores = scores.masked_fill(torch.ones(T, T, dtype=torch.bool).triu(1), float("-inf"))
        z = (F.softmax(scores, dim=-1) @ v).transpose(0, 1).reshape(T, D)
        hidden = F.gelu(affine(layer_norm(x, "post_attention_layernorm"), "mlp.dense_h_to_4h"))
        x = affine(hidden, "mlp.dense_4h_to_h") + affine(z, "attention.dense") + x
    final = F.layer_norm(x, (D,), w["final_layer_norm.weight"], w["final_layer_norm.bias"], EPS)
    return torch.__version__, np.array((final @ w["embed_out.weight"].T).tolist())


CONFIG = {
    "model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"], "vocab_size": V, "hidden_size": D,
    "num_hidden_layers": L, "num_attention_heads": H, "intermediate_size": 4 * D, "max_position_embeddings": P,
    "layer_norm_eps": EPS, "hidden_act": "gelu", "rotary_pct": SHARE, "rotary_emb_base": BASE,
    "use_parallel_residual": True, "tie_word_embeddings": False, "bos_token_id": 0, "eos_token_id": 0,
}
write_model(CONFIG, TABLE, IDS, forward(IDS), torch_logits)
