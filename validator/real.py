"""Writes real/<folder>.json for the checkpoints of real.json that lie under $TMECH_CHECKPOINTS: one pass in double precision, some numbers of
every point, and greedy text of what has a head (greedy.py).

Run: TMECH_CHECKPOINTS=<folder> python3 validator/real.py [folder …]
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import sys

import gguf
import numpy as np
import torch
import transformers

from double import double_precision
from families import FAMILIES
from greedy import continuations
from model import built, run

HERE = pathlib.Path(__file__).parent
PICKED = 64
"""Numbers kept of a point, evenly spread, at least; of logits eight times as many."""

NORMS = {"attn_norm": "input_layernorm", "post_attention_norm": "post_attention_layernorm", "ffn_norm": "pre_feedforward_layernorm",
         "post_ffw_norm": "post_feedforward_layernorm", "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm"}


def stride_of(size, most):
    """A prime, so that no width divides it, that leaves about `most` of `size` numbers."""
    stride = max(1, size // most)
    while any(stride % d == 0 for d in range(2, int(stride**0.5) + 1)):
        stride += 1
    return stride


def picked(values, most=PICKED):
    flat = np.ascontiguousarray(values).ravel()
    stride = stride_of(flat.size, most)
    return {"size": flat.size, "stride": stride, "largest": float(np.abs(flat).max()), "data": base64.b64encode(flat[::stride].astype("<f8").tobytes()).decode()}


def unfolded_norms(path, state):
    """Gemma's norms, stored as 1 + w, with the 1 taken off in double precision; transformers takes it off in single."""
    for tensor in gguf.GGUFReader(path).tensors:
        match = re.fullmatch(r"(?:blk\.(\d+)\.(\w+)|(output_norm))\.weight", tensor.name)
        if match and (match[3] or match[2] in NORMS):
            name = "model.norm.weight" if match[3] else f"model.layers.{match[1]}.{NORMS[match[2]]}.weight"
            state[name] = torch.tensor(np.array(tensor.data, dtype=np.float64) - 1)


def reference(entry, folder):
    family = FAMILIES[entry["family"]]
    path = folder / entry["file"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], path
    options = {"gguf_file": entry["file"]} if path.suffix == ".gguf" else {}
    cls = getattr(transformers, entry.get("architecture", family.architecture))
    loaded = cls.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager", **options)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **options)
    ids = tokenizer(entry["text"])["input_ids"]
    state = {name: tensor.double() for name, tensor in loaded.state_dict().items()}
    if options and entry["family"].startswith("gemma"):
        unfolded_norms(path, state)
    config = loaded.config
    if options:  # Stored in single precision: meant is the shortest decimal that rounds to it.
        config.rms_norm_eps = float(str(np.float32(config.rms_norm_eps)))
    with double_precision():
        model = built(cls, config)
        model.load_state_dict(state, strict=True)
        points = run(family, model, ids)
        text = {"greedy": continuations(model, tokenizer)} if "logits" in points else {}
    kept = {name: picked(values, PICKED * 8 if name == "logits" else PICKED) for name, values in points.items()}
    if "logits" in points:
        with double_precision():
            laws = torch.log_softmax(torch.tensor(points["logits"]), -1).numpy()
        kept["logProbabilities"] = picked(laws, PICKED * 8)
    head = {"transformers": transformers.__version__, "torch": torch.__version__.split("+")[0], "gguf": "0.19.0"}
    return {**head, "ids": ids, "points": kept, **text}


def main():
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    root = pathlib.Path(os.environ["TMECH_CHECKPOINTS"])
    (HERE / "real").mkdir(exist_ok=True)
    for entry in json.loads((HERE / "real.json").read_text()):
        folder = root / entry["folder"]
        if sys.argv[1:] and entry["folder"] not in sys.argv[1:]:
            continue
        if not (folder / entry["file"]).exists():
            print(f"{entry['name']}: not there", file=sys.stderr)
            continue
        text = json.dumps(reference(entry, folder)).replace('"blocks', '\n"blocks').replace('{"prompt', '\n{"prompt') + "\n"
        (HERE / "real" / f"{entry['folder']}.json").write_text(text)
        print(f"{entry['name']}: {len(text)} bytes", file=sys.stderr)


main()
