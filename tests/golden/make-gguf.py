"""Small models as GGUF files, written by the package gguf with the rows of their matrices in the order of llama.cpp's converters, and one pass of each by
transformers in double precision over the numbers that the file holds, for tests/golden/gguf.test.ts.

The numbers of the n-th parameter are those of the seed n + 1, rounded to the file's type. The library takes norms, softmax and rotary angles in single
precision whatever the model's type, by the name torch.float32; here that name means double.

Run: python3 tests/golden/make-gguf.py > tests/golden/gguf.json
"""

import base64
import importlib.metadata
import json
import math
import os
import sys
import tempfile

import gguf
import numpy as np
import torch
import transformers
from gguf.quants import dequantize, quantize

from shared_numbers import numbers

torch.float32 = torch.float = torch.float64
torch.Tensor.float = torch.Tensor.double
torch.set_default_dtype(torch.float64)
transformers.utils.logging.set_verbosity_error()

IDS = [3, 1, 4, 1, 5, 9, 2]
TOKENS = {"vocab_size": 17, "bos_token_id": 0, "eos_token_id": 16}
USUAL = {**TOKENS, "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 16}
GPT2 = {**TOKENS, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 16}
LLAMA3 = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
CASES = [
    ("llama, grouped heads", "llama", {**USUAL, "num_key_value_heads": 2}, "F32"),
    ("llama, all biases, in bfloat16", "llama", {**USUAL, "num_key_value_heads": 1, "attention_bias": True, "mlp_bias": True}, "BF16"),
    ("llama, wide heads, scaling of Llama 3, tied, in binary16", "llama",
     {**USUAL, "num_key_value_heads": 2, "head_dim": 20, "tie_word_embeddings": True, "rms_norm_eps": 1e-5, "rope_parameters": LLAMA3}, "F16"),
    ("llama, linear scaling, in Q4_1", "llama", {**USUAL, "num_key_value_heads": 4, "rope_parameters": {"rope_type": "linear", "rope_theta": 1e4, "factor": 4.0}}, "Q4_1"),
    ("gpt2, tied", "gpt2", {**GPT2, "n_layer": 1}, "F32"),
    ("gpt2, its own head, in Q5_0", "gpt2", {**GPT2, "tie_word_embeddings": False}, "Q5_0"),
    ("gpt_neox, a share turns", "gptneox",
     {**USUAL, "num_hidden_layers": 1, "rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "partial_rotary_factor": 0.5}}, "F32"),
    ("gpt_neox, in sequence, in Q8_0", "gptneox",
     {**USUAL, "use_parallel_residual": False, "rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "partial_rotary_factor": 1.0}}, "Q8_0"),
    ("qwen2, grouped heads, in Q5_1", "qwen2", {**USUAL, "num_key_value_heads": 2, "rope_parameters": {"rope_type": "default", "rope_theta": 1e6}}, "Q5_1"),
    ("qwen2, tied, in Q4_0", "qwen2", {**USUAL, "num_key_value_heads": 4, "tie_word_embeddings": True}, "Q4_0"),
]
CLASSES = {"llama": (transformers.LlamaConfig, transformers.LlamaForCausalLM), "gpt2": (transformers.GPT2Config, transformers.GPT2LMHeadModel),
           "gptneox": (transformers.GPTNeoXConfig, transformers.GPTNeoXForCausalLM), "qwen2": (transformers.Qwen2Config, transformers.Qwen2ForCausalLM)}


def in_file(name, values, arch, config):
    """The rows of a parameter in the order of the file."""
    if arch == "llama" and (".q_proj." in name or ".k_proj." in name):
        heads = config.num_attention_heads if ".q_proj." in name else config.num_key_value_heads
        return values.reshape(heads, 2, values.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(values.shape)
    if arch == "gpt2" and values.ndim == 2 and any(part in name for part in ("c_attn", "c_proj", "c_fc")):
        return values.T
    if arch == "gptneox" and "query_key_value" in name:
        heads = config.num_attention_heads
        return values.reshape(heads, 3, values.shape[0] // heads // 3, -1).swapaxes(0, 1).reshape(values.shape)
    return values


def add_metadata(writer, arch, config):
    hidden, heads = (config.n_embd, config.n_head) if arch == "gpt2" else (config.hidden_size, config.num_attention_heads)
    writer.add_block_count(config.n_layer if arch == "gpt2" else config.num_hidden_layers)
    writer.add_context_length(config.n_positions if arch == "gpt2" else config.max_position_embeddings)
    writer.add_embedding_length(hidden)
    writer.add_feed_forward_length(4 * hidden if arch == "gpt2" else config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_bos_token_id(config.bos_token_id)
    writer.add_eos_token_id(config.eos_token_id)
    if arch == "gpt2":
        writer.add_layer_norm_eps(config.layer_norm_epsilon)
        return
    rope = config.rope_parameters
    width = getattr(config, "head_dim", None) or hidden // heads
    writer.add_rope_dimension_count(int(rope.get("partial_rotary_factor", 1) * width))
    if arch == "gptneox":
        writer.add_parallel_residual(config.use_parallel_residual)
        writer.add_layer_norm_eps(config.layer_norm_eps)
        return
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_vocab_size(config.vocab_size)
    if width != hidden // heads:
        writer.add_key_length(width)
        writer.add_value_length(width)
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if rope["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_divisors(rope, width))


def llama3_divisors(rope, width):
    """What frequencies are divided by, in single precision as the converter has it."""
    frequencies = np.float32(1) / np.float32(rope["rope_theta"]) ** (np.arange(0, width, 2, dtype=np.float32) / np.float32(width))
    divisors = []
    for frequency in frequencies:
        turns = np.float32(rope["original_max_position_embeddings"]) * frequency / np.float32(2 * math.pi)
        s = min(1, max(0, (turns - rope["low_freq_factor"]) / (rope["high_freq_factor"] - rope["low_freq_factor"])))
        divisors.append(1 / ((1 - s) / rope["factor"] + s))
    return np.array(divisors, dtype=np.float32)


def golden(name, arch, fields, kind):
    config_class, model_class = CLASSES[arch]
    config = config_class(**fields, attn_implementation="eager")
    model = model_class(config).double().eval()
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[arch.upper()], 2)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.gguf")
        writer = gguf.GGUFWriter(path, arch)
        add_metadata(writer, arch, config)
        for seed, (parameter_name, parameter) in enumerate(model.named_parameters()):
            shape = tuple(parameter.shape)
            values = (numbers(parameter.numel(), seed + 1).astype(np.float32) * np.float32(0.5)).reshape(shape)
            stored = np.ascontiguousarray(in_file(parameter_name, values, arch, config))
            dtype = gguf.GGMLQuantizationType[kind] if stored.ndim == 2 and stored.shape[1] % 32 == 0 else gguf.GGMLQuantizationType.F32
            data = quantize(stored, dtype)
            writer.add_tensor(names.get_name(parameter_name, try_suffixes=(".weight", ".bias")), data, raw_dtype=dtype)
            kept = dequantize(data, dtype).reshape(stored.shape)
            # Where each number of the file belongs in the model.
            places = in_file(parameter_name, np.arange(values.size).reshape(shape), arch, config)
            flat = np.empty(values.size)
            flat[places.ravel()] = kept.ravel()
            parameter.data = torch.from_numpy(flat.reshape(shape))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        with open(path, "rb") as file:
            content = file.read()
    model.tie_weights()
    stream = {}

    def keep(key):
        def hook(_module, _inputs, output):
            rows = output[0] if isinstance(output, tuple) else output
            stream[key] = rows.reshape(len(IDS), -1)
        return hook

    layers = model.transformer.h if arch == "gpt2" else model.gpt_neox.layers if arch == "gptneox" else model.model.layers
    for i, layer in enumerate(layers):
        layer.register_forward_hook(keep(f"blocks.{i}.resid_post"))
    with torch.no_grad():
        out = model(torch.tensor([IDS]), output_attentions=True)
    assert all(result.dtype == torch.float64 for result in [out.logits, *out.attentions, *stream.values()])
    # Sums of a pattern's rows tell single precision from double.
    assert all((pattern.sum(-1) - 1).abs().max() < 1e-14 for pattern in out.attentions)
    return {
        "name": name,
        "file": base64.b64encode(content).decode(),
        "ids": IDS,
        "stream": {key: rows.flatten().tolist() for key, rows in stream.items()},
        "patterns": [pattern[0].flatten().tolist() for pattern in out.attentions],
        "logits": out.logits[0].flatten().tolist(),
    }


source = f"gguf {importlib.metadata.version('gguf')}, transformers {transformers.__version__}, torch {torch.__version__}"
cases = ",\n".join(json.dumps(golden(*case)) for case in CASES)
sys.stdout.write(f'{{"source": {json.dumps(source)},\n"cases": [\n{cases}\n]}}\n')
