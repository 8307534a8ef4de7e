"""Small decoders of transformers, run in double precision throughout, for make-mistral.py and make-qwen2.py.

The numbers of the n-th parameter are those of the seed n + 1. The library takes norms, softmax and rotary angles in single precision whatever
the model's type, by the name torch.float32; here that name means double.
"""

import json
import sys

import numpy as np
import torch
import transformers

from shared_numbers import numbers

torch.float32 = torch.float = torch.float64
torch.Tensor.float = torch.Tensor.double
torch.set_default_dtype(torch.float64)
transformers.utils.logging.set_verbosity_error()

IDS = [3, 1, 4, 1, 5, 9, 2]
SIZES = {"vocab_size": 11, "hidden_size": 8, "intermediate_size": 10, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "max_position_embeddings": 16, "bos_token_id": 0, "eos_token_id": [0, 10]}


def older(model_type, name, more):
    """config.json as files from before version 5 have it: the base of the rotary positions outside, and only what was asked for."""
    rope = dict(more.get("rope_parameters", {}))
    theta = {"rope_theta": rope.pop("rope_theta")} if rope else {}
    kind = rope.pop("rope_type", "default")
    scaling = {} if kind == "default" else {"rope_scaling": {"type": kind, **rope}}
    rest = {key: value for key, value in more.items() if key != "rope_parameters"}
    return {"model_type": model_type, "architectures": [f"{name}ForCausalLM"], "torch_dtype": "bfloat16", **SIZES, **rest, **theta, **scaling}


def golden(model_type, family, name, more):
    config = getattr(transformers, f"{family}Config")(**{**SIZES, **more}, attn_implementation="eager")
    model = getattr(transformers, f"{family}ForCausalLM")(config).double().eval()
    tensors = []
    for seed, (parameter_name, parameter) in enumerate(model.named_parameters()):
        values = numbers(parameter.numel(), seed + 1).astype(np.float32).astype(float) * 0.5
        parameter.data = torch.from_numpy(values.reshape(tuple(parameter.shape)))
        tensors.append([parameter_name, list(parameter.shape)])
    model.tie_weights()
    stream = {}

    def keep(key):
        def hook(_module, _inputs, output):
            stream[key] = output[0]
        return hook

    model.model.embed_tokens.register_forward_hook(keep("embed"))
    for i, layer in enumerate(model.model.layers):
        layer.register_forward_hook(keep(f"blocks.{i}.resid_post"))
    with torch.no_grad():
        # A cache would go by layer_types, which Mistral itself does not read.
        out = model(torch.tensor([IDS]), output_attentions=True, use_cache=False)
    results = [out.logits, *out.attentions, *stream.values()]
    assert all(result.dtype == torch.float64 for result in results)
    # Sums of a pattern's rows tell single precision from double.
    assert all((pattern.sum(-1) - 1).abs().max() < 1e-14 for pattern in out.attentions)
    return {
        "name": name,
        "configs": [json.loads(config.to_json_string()), older(model_type, family, more)],
        "tensors": tensors,
        "ids": IDS,
        "stream": {key: rows.flatten().tolist() for key, rows in stream.items()},
        "patterns": [pattern[0].flatten().tolist() for pattern in out.attentions],
        "logits": out.logits[0].flatten().tolist(),
    }


def write(model_type, family, cases):
    """Writes the golden file of a family, whose classes begin with its name, to standard output."""
    source = f"transformers {transformers.__version__}, torch {torch.__version__}"
    made = ",\n".join(json.dumps(golden(model_type, family, *case)) for case in cases.items())
    sys.stdout.write(f'{{"source": {json.dumps(source)},\n"cases": [\n{made}\n]}}\n')
