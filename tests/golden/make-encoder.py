"""A post-norm encoder in NumPy for tests/golden/encoder.test.ts; with PyTorch at hand, held against its TransformerEncoderLayer first.

Run: python3 tests/golden/make-encoder.py > tests/golden/encoder.json
"""


import numpy as np

from shared_numbers import numbers, write_model

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


def frozen_steps(stream, patterns):
    """Every step as a dense matrix 1 + V and a vector B on the stream, row by row: norm ∘ (1 + sublayer), frozen on the pass."""
    T = len(IDS)
    centre = np.eye(D) - 1 / D
    for i in range(L):
        a, b = f"layers.{i}.", f"blocks.{i}."
        value, out = W[a + "attention.value.weight"], W[a + "attention.output.weight"]
        heads = [slice(h * K, (h + 1) * K) for h in range(H)]
        sublayer = sum(np.kron(A, out[:, h] @ value[h]) for A, h in zip(patterns[i], heads))
        bias = np.tile(out @ W[a + "attention.value.bias"] + W[a + "attention.output.bias"], T)
        for mlp in [False, True]:
            if mlp:
                sublayer, bias = np.zeros((T * D, T * D)), np.zeros(T * D)
                for t, x in enumerate(stream[b + "resid_mid"]):
                    gate, own = linear(x, a + "mlp.in") > 0, slice(t * D, (t + 1) * D)
                    sublayer[own, own] = W[a + "mlp.out.weight"] @ (gate[:, None] * W[a + "mlp.in.weight"])
                    bias[own] = W[a + "mlp.out.weight"] @ (gate * W[a + "mlp.in.bias"]) + W[a + "mlp.out.bias"]
            name, scale = (a + "mlp_norm", b + "ln2.scale") if mlp else (a + "attention_norm", b + "ln1.scale")
            after = np.kron(np.diag(1 / stream[scale]), W[name + ".weight"][:, None] * centre)
            yield after @ (np.eye(T * D) + sublayer), after @ bias + np.tile(W[name + ".bias"], T)


def dyson(stream, patterns):
    """All 2^S paths one by one, read at the first token."""
    steps = [(product - np.eye(len(product)), bias) for product, bias in frozen_steps(stream, patterns)]
    S = len(steps)
    embed = stream["embed"].ravel()
    terms, last, first = ([np.zeros_like(embed) for _ in range(count)] for count in [S + 1, S, S])
    second = np.zeros((S, S))
    for subset in range(1 << S):
        path = [l for l in range(S) if subset >> l & 1]
        state = embed
        for place, l in enumerate(path):
            v, bias = steps[l]
            state = v @ state + (bias if place == 0 else 0)
        terms[len(path)] = terms[len(path)] + state
        if path:
            last[path[-1]] = last[path[-1]] + state
            first[path[0]] = first[path[0]] + state
        if len(path) == 2:
            second[path[0], path[1]] = np.linalg.norm(state[:D])
    assert np.abs(sum(terms) - stream[f"blocks.{L - 1}.resid_post"].ravel()).max() < 1e-10
    logits = lambda states: [(W["classifier.weight"] @ state[:D]).tolist() for state in states]
    return {
        "normAll": [np.linalg.norm(term) for term in terms], "normFirstToken": [np.linalg.norm(term[:D]) for term in terms],
        "secondOrder": second.tolist(), "orders": logits(terms), "byLast": logits(last), "byFirst": logits(first),
    }


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


CONFIG = {
    "model_type": "post_norm_encoder", "architectures": ["PostNormEncoderForSequenceClassification"],
    "vocab_size": V, "hidden_size": D, "num_hidden_layers": L, "num_attention_heads": H, "intermediate_size": F,
    "max_position_embeddings": P, "layer_norm_eps": EPS, "hidden_act": "relu", "bos_token_id": 0,
    "id2label": {str(c): f"class {c}" for c in range(C)},
}
results = forward(IDS)
write_model(CONFIG, TABLE, IDS, results, torch_logits, "TransformerEncoderLayer of PyTorch", dyson=dyson(*results[:2]))
