"""Small models saved in the ways that people save them, read back by transformers in float64, for tests/golden/checkpoints.test.ts.

A tensor is written down as its stored name, its shape and the seed of its numbers; the tests build the files again from that.

Run: python3 tests/golden/make-checkpoints.py [family …]

It writes tests/golden/checkpoints.json. With families named the rows of all others stay as they are there: torch adds in an order that depends on the
machine, and theirs would change in the last digit.
"""

import json
import struct
import sys
import tempfile
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
import transformers
from transformers import AutoModelForCausalLM, GPT2Config, GPTNeoConfig, GPTNeoXConfig, LlamaConfig, MistralConfig, Qwen2Config

from shared_numbers import numbers

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
V, D, L, H, P = 13, 8, 1, 2, 12
IDS = [3, 1, 4, 1, 5]
TOKENS = {"bos_token_id": 0, "eos_token_id": 1}
CONFIGS = {
    "gpt2": lambda tied: GPT2Config(vocab_size=V, n_embd=D, n_layer=L, n_head=H, n_positions=P, tie_word_embeddings=tied, **TOKENS),
    "gpt_neo": lambda tied: GPTNeoConfig(
        vocab_size=V, hidden_size=D, num_layers=2, num_heads=H, attention_types=[[["global", "local"], 1]], window_size=3,
        max_position_embeddings=P, tie_word_embeddings=tied, **TOKENS),
    "gpt_neox": lambda tied: GPTNeoXConfig(
        vocab_size=V, hidden_size=D, num_hidden_layers=L, num_attention_heads=H, intermediate_size=12,
        max_position_embeddings=P, tie_word_embeddings=tied, rope_parameters={"rope_type": "default", "rope_theta": 500.0, "partial_rotary_factor": 0.5}, **TOKENS),
    "llama": lambda tied: LlamaConfig(
        vocab_size=V, hidden_size=D, num_hidden_layers=L, num_attention_heads=H, num_key_value_heads=1, intermediate_size=12,
        max_position_embeddings=P, tie_word_embeddings=tied,
        rope_parameters={"rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0, "low_freq_factor": 1.0,
                         "high_freq_factor": 4.0, "original_max_position_embeddings": 16}, **TOKENS),
    "mistral": lambda tied: MistralConfig(
        vocab_size=V, hidden_size=D, num_hidden_layers=L, num_attention_heads=H, num_key_value_heads=1, intermediate_size=12,
        max_position_embeddings=P, tie_word_embeddings=tied, sliding_window=3, head_dim=6, **TOKENS),
    "qwen2": lambda tied: Qwen2Config(
        vocab_size=V, hidden_size=D, num_hidden_layers=2, num_attention_heads=H, num_key_value_heads=1, intermediate_size=12,
        max_position_embeddings=P, tie_word_embeddings=tied, use_sliding_window=True, sliding_window=3, max_window_layers=1, **TOKENS),
}
ODD_HEAD = 99
# A buffer that older checkpoints of the family hold.
BUFFERS = {
    "gpt2": "transformer.h.0.attn.bias", "gpt_neo": "transformer.h.0.attn.attention.masked_bias",
    "gpt_neox": "gpt_neox.layers.0.attention.rotary_emb.inv_freq", "llama": "model.layers.0.self_attn.rotary_emb.inv_freq",
    "mistral": "model.layers.0.self_attn.rotary_emb.inv_freq", "qwen2": "model.layers.0.self_attn.rotary_emb.inv_freq",
}


def filled(config):
    """The model with the numbers that the tests make, and the seed of each tensor's numbers by their bytes."""
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    for seed, parameter in enumerate(model.parameters()):
        values = numbers(parameter.numel(), seed + 1).astype(np.float32) * np.float32(0.5)
        parameter.data = torch.from_numpy(values.reshape(tuple(parameter.shape)))
    model.tie_weights()
    return model


def law(model):
    with torch.no_grad():
        return torch.log_softmax(model.double()(torch.tensor([IDS])).logits[0, -1], -1).numpy()


def header(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def described(folder, seeds):
    """Every file of the folder: what is in it, with tensors as (name, shape, seed)."""
    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".safetensors":
            tensors, data = header(path)
            metadata = tensors.pop("__metadata__", None)
            rows = [[name, t["shape"], seeds[data[slice(*t["data_offsets"])]]] for name, t in tensors.items()]
            files[path.name] = {"metadata": metadata, "tensors": rows}
        elif path.name in ("config.json", "model.safetensors.index.json"):
            files[path.name] = json.loads(path.read_text())
    return files


def save_state(folder, config, state, **metadata):
    config.save_pretrained(folder)
    tensors = {name: tensor.clone().contiguous() for name, tensor in state.items()}
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata=metadata or None)


class Wrapped(torch.nn.Module):
    """What DistributedDataParallel does to the names."""

    def __init__(self, module):
        super().__init__()
        self.module = module


def ways(model, tied):
    """(name, whether transformers itself can read it, how it is saved)"""
    config = model.config

    def own_head(folder):
        state = dict(model.state_dict())
        name = "lm_head.weight"
        state[name] = torch.from_numpy((numbers(V * D, ODD_HEAD).astype(np.float32) * np.float32(0.5)).reshape(V, D))
        save_state(folder, config, state)

    def aliases(folder):
        config.save_pretrained(folder)
        safetensors.torch.save_model(model, str(folder / "model.safetensors"))

    def shards(folder):
        model.save_pretrained(folder, max_shard_size=2000)
        index = folder / "model.safetensors.index.json"
        text = json.loads(index.read_text())
        text["weight_map"][BUFFERS[config.model_type]] = sorted(text["weight_map"].values())[0]
        index.write_text(json.dumps(text))

    yield "save_pretrained", True, model.save_pretrained
    yield "all tensors of state_dict", True, lambda folder: save_state(folder, config, model.state_dict(), format="pt")
    yield "shards whose index lists a buffer more", True, shards
    yield "torch.compile", False, lambda folder: save_state(folder, config, torch.compile(model).state_dict())
    yield "data parallel, compiled", False, lambda folder: save_state(folder, config, Wrapped(torch.compile(model)).state_dict())
    if tied:
        yield "save_model", True, aliases
        yield "the body alone", True, lambda folder: model.base_model.save_pretrained(folder)
        yield "another head beside a tied embedding", True, own_head


def main():
    path = Path(__file__).with_name("checkpoints.json")
    asked = sys.argv[1:] or list(CONFIGS)
    before = json.loads(path.read_text())["cases"] if len(asked) < len(CONFIGS) else []
    cases = []
    for family, configure in CONFIGS.items():
        if family not in asked:
            cases += [case for case in before if case["family"] == family]
            continue
        for tied in (True, False):
            for name, readable, save in ways(filled(configure(tied)), tied):
                model = filled(configure(tied))
                expected = law(filled(configure(tied)))
                seeds = {p.detach().numpy().tobytes(): i + 1 for i, p in enumerate(model.parameters())}
                seeds[(numbers(V * D, ODD_HEAD).astype(np.float32) * np.float32(0.5)).tobytes()] = ODD_HEAD
                with tempfile.TemporaryDirectory() as directory:
                    folder = Path(directory)
                    save(folder)
                    if readable:
                        read = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64)
                        again = law(read.eval())
                        assert ("another" in name) != (np.abs(again - expected).max() < 1e-13), (family, name)
                        expected = again
                    cases.append({"family": family, "tied": tied, "way": name, "files": described(folder, seeds), "law": expected.tolist()})
    source = f"transformers {transformers.__version__}, torch {torch.__version__}, safetensors {safetensors.__version__}"
    rows = ",\n".join(json.dumps(case) for case in cases)
    path.write_text(f'{{"source": {json.dumps(source)}, "ids": {IDS},\n"cases": [\n{rows}\n]}}\n')


main()
