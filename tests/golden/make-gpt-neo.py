"""A GPT-Neo forward pass in NumPy for tests/golden/gpt-neo.test.ts; with PyTorch at hand, held against its operators first.

Run: python3 tests/golden/make-gpt-neo.py > tests/golden/gpt-neo.json
"""


import numpy as np

from shared_numbers import numbers, write_model

V, D, L, H, P, WINDOW, EPS = 19, 12, 3, 3, 16, 4, 1e-5
K = D // H
KINDS = ["global", "local", "local"]
IDS = [3, 1, 4, 1, 5, 9, 2, 6, 18, 0, 7]


def shapes():
    yield "wte.weight", (V, D)
    yield "wpe.weight", (P, D)
    for i in range(L):
        h = f"h.{i}."
        for name, shape in [
            ("ln_1.weight", (D,)), ("ln_1.bias", (D,)),
            ("attn.attention.k_proj.weight", (D, D)), ("attn.attention.v_proj.weight", (D, D)),
            ("attn.attention.q_proj.weight", (D, D)), ("attn.attention.out_proj.weight", (D, D)),
            ("attn.attention.out_proj.bias", (D,)),
            ("ln_2.weight", (D,)), ("ln_2.bias", (D,)),
            ("mlp.c_fc.weight", (4 * D, D)), ("mlp.c_fc.bias", (4 * D,)),
            ("mlp.c_proj.weight", (D, 4 * D)), ("mlp.c_proj.bias", (D,)),
        ]:
            yield h + name, shape
    yield "ln_f.weight", (D,)
    yield "ln_f.bias", (D,)


TABLE = list(shapes())
W = {
    name: (numbers(int(np.prod(shape)), seed + 1).astype(np.float32).reshape(shape) * np.float32(0.5)).astype(float)
    for seed, (name, shape) in enumerate(TABLE)
}


def norm(x, name):
    centred = x - x.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPS)
    return centred / scale * W[name + ".weight"] + W[name + ".bias"]


def gelu_new(z):
    return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))


def visible(T, kind):
    """[query, key]: not after the query and, in a local layer, less than WINDOW before it."""
    distance = np.subtract.outer(np.arange(T), np.arange(T))
    return (distance >= 0) & ((distance < WINDOW) | (kind == "global"))


def forward(ids):
    T = len(ids)
    x = W["wte.weight"][ids] + W["wpe.weight"][:T]
    stream, patterns = {"embed": x}, []
    for i, kind in enumerate(KINDS):
        a = f"h.{i}.attn.attention."
        normed = norm(x, f"h.{i}.ln_1")
        q, k, v = ((normed @ W[f"{a}{p}_proj.weight"].T).reshape(T, H, K).transpose(1, 0, 2) for p in "qkv")
        scores = np.where(visible(T, kind), q @ k.transpose(0, 2, 1), -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        patterns.append(weights)
        z = (weights @ v).transpose(1, 0, 2).reshape(T, D)
        x = x + z @ W[a + "out_proj.weight"].T + W[a + "out_proj.bias"]
        stream[f"blocks.{i}.resid_mid"] = x
        hidden = gelu_new(norm(x, f"h.{i}.ln_2") @ W[f"h.{i}.mlp.c_fc.weight"].T + W[f"h.{i}.mlp.c_fc.bias"])
        x = x + hidden @ W[f"h.{i}.mlp.c_proj.weight"].T + W[f"h.{i}.mlp.c_proj.bias"]
        stream[f"blocks.{i}.resid_post"] = x
    return stream, patterns, norm(x, "ln_f") @ W["wte.weight"].T


def torch_logits(ids):
    """The same with PyTorch's own layer norm, linear maps and softmax, masked as the library does: a band of a lower triangle."""
    import torch
    from torch.nn import functional as F

    w = {name: torch.tensor(value.tolist(), dtype=torch.float64) for name, value in W.items()}
    T = len(ids)
    x = w["wte.weight"][ids] + w["wpe.weight"][:T]
    for i, kind in enumerate(KINDS):
        h, a = f"h.{i}.", f"h.{i}.attn.attention."
        normed = F.layer_norm(x, (D,), w[h + "ln_1.weight"], w[h + "ln_1.bias"], EPS)
        q, k, v = (F.linear(normed, w[f"{a}{p}_proj.weight"]).view(T, H, K).transpose(0, 1) for p in "qkv")
        mask = torch.tril(torch.ones(T, T, dtype=torch.bool))
        if kind == "local":
            mask = torch.bitwise_xor(mask, torch.tril(mask, -WINDOW))
        scores = torch.where(mask, q @ k.transpose(1, 2), torch.tensor(torch.finfo(torch.float64).min, dtype=torch.float64))
        z = (F.softmax(scores, dim=-1) @ v).transpose(0, 1).reshape(T, D)
        x = x + F.linear(z, w[a + "out_proj.weight"], w[a + "out_proj.bias"])
        normed = F.layer_norm(x, (D,), w[h + "ln_2.weight"], w[h + "ln_2.bias"], EPS)
        hidden = F.gelu(F.linear(normed, w[h + "mlp.c_fc.weight"], w[h + "mlp.c_fc.bias"]), approximate="tanh")
        x = x + F.linear(hidden, w[h + "mlp.c_proj.weight"], w[h + "mlp.c_proj.bias"])
    final = F.layer_norm(x, (D,), w["ln_f.weight"], w["ln_f.bias"], EPS)
    return torch.__version__, np.array((final @ w["wte.weight"].T).tolist())


CONFIG = {
    "model_type": "gpt_neo", "architectures": ["GPTNeoForCausalLM"], "vocab_size": V, "hidden_size": D,
    "num_layers": L, "num_heads": H, "intermediate_size": None, "max_position_embeddings": P,
    "attention_types": [[["global"], 1], [["local"], 2]], "attention_layers": KINDS, "window_size": WINDOW,
    "layer_norm_epsilon": EPS, "activation_function": "gelu_new", "bos_token_id": 0, "eos_token_id": 0,
}
write_model(CONFIG, TABLE, IDS, forward(IDS), torch_logits)
