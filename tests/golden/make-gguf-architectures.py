"""GGUF files of every architecture that is read, written by the package gguf with the keys, names and orders of rows of llama.cpp's converters, for
tests/golden/gguf-architectures.test.ts, which builds the folder of each from config.json and the names and shapes of its tensors.

The numbers of the n-th parameter are those of the seed n + 1, rounded to multiples of 2^-10, so that what a converter adds to a norm is exact.

Run: python3 tests/golden/make-gguf-architectures.py > tests/golden/gguf-architectures.json
"""

import base64
import importlib.metadata
import json
import os
import sys
import tempfile

import gguf
import numpy as np
import transformers

from shared_numbers import numbers

transformers.utils.logging.set_verbosity_error()

TOKENS = {"vocab_size": 11, "bos_token_id": 0, "eos_token_id": 10, "pad_token_id": 0}
USUAL = {**TOKENS, "hidden_size": 16, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
         "max_position_embeddings": 16}
LONG = {"rope_type": "longrope", "rope_theta": 1e4, "short_factor": [1.0, 1.25], "long_factor": [1.5, 4.0], "original_max_position_embeddings": 8}
A = gguf.MODEL_ARCH


def interleaved(name, values, config):
    """Rows of q and k with the two coordinates of a rotary pair side by side."""
    if ".q_proj." not in name and ".k_proj." not in name:
        return values
    heads = config.num_attention_heads if ".q_proj." in name else config.num_key_value_heads
    return values.reshape(heads, 2, values.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(values.shape)


def by_part(name, values, config):
    """Rows of q, k and v one part below the other, where the folder has them head by head."""
    if "query_key_value" not in name:
        return values
    heads = getattr(config, "n_head", None) or config.num_attention_heads
    return values.reshape(heads, 3, values.shape[0] // heads // 3, -1).swapaxes(0, 1).reshape(values.shape)


def falcon_rows(name, values, config):
    if "query_key_value" not in name:
        return values
    groups = config.num_kv_heads if config.new_decoder_architecture else 1 if config.multi_query else config.num_attention_heads
    width = config.hidden_size // config.num_attention_heads
    grouped = values.reshape(groups, -1, width, values.shape[1])
    return np.concatenate([grouped[:, :-2].reshape(-1, values.shape[1]), grouped[:, -2].reshape(-1, values.shape[1]), grouped[:, -1].reshape(-1, values.shape[1])])


def plus_one(name, values, config):
    return values + np.float32(1) if name.endswith("norm.weight") else values


def usual_keys(writer, config):
    """What the converters' common part writes."""
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    if getattr(config, "num_key_value_heads", None) is not None:
        writer.add_head_count_kv(config.num_key_value_heads)
    rope = config.rope_parameters or {}
    if "rope_theta" in rope:
        writer.add_rope_freq_base(rope["rope_theta"])
    if getattr(config, "rms_norm_eps", None) is not None:
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    for name in ("layer_norm_eps", "norm_epsilon", "layer_norm_epsilon"):
        if getattr(config, name, None) is not None:
            writer.add_layer_norm_eps(getattr(config, name))
    if getattr(config, "head_dim", None) is not None:
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)


def rotary_keys(writer, config):
    usual_keys(writer, config)
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_rope_dimension_count(int(config.rope_parameters.get("partial_rotary_factor", 1) * width))


def granite_keys(writer, config):
    rotary_keys(writer, config)
    writer.add_attention_scale(config.attention_multiplier)
    writer.add_embedding_scale(config.embedding_multiplier)
    writer.add_residual_scale(config.residual_multiplier)
    writer.add_logit_scale(config.logits_scaling)


def cohere_keys(writer, config):
    usual_keys(writer, config)
    writer.add_logit_scale(config.logit_scale)
    writer.add_rope_scaling_type(gguf.RopeScalingType.NONE)


def stablelm_keys(writer, config):
    rotary_keys(writer, config)
    writer.add_parallel_residual(config.use_parallel_residual)


def phi3_keys(writer, config):
    rotary_keys(writer, config)
    rope = config.rope_parameters
    writer.add_sliding_window(config.sliding_window or 0)
    writer.add_rope_scaling_orig_ctx_len(config.original_max_position_embeddings)
    if rope["rope_type"] == "longrope":
        scale = config.max_position_embeddings / config.original_max_position_embeddings
        writer.add_rope_scaling_attn_factors(float(np.sqrt(1 + np.log(scale) / np.log(config.original_max_position_embeddings))))
        writer.add_tensor("rope_factors_long.weight", np.array(rope["long_factor"], dtype=np.float32))
        writer.add_tensor("rope_factors_short.weight", np.array(rope["short_factor"], dtype=np.float32))


def gemma_keys(writer, config):
    usual_keys(writer, config)
    for key, write in (("attn_logit_softcapping", writer.add_attn_logit_softcapping), ("final_logit_softcapping", writer.add_final_logit_softcapping),
                       ("sliding_window", writer.add_sliding_window)):
        if getattr(config, key, None) is not None:
            write(getattr(config, key))


def gemma3_keys(writer, config):
    gemma_keys(writer, config)
    rope = config.rope_parameters["full_attention"]
    writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])


def ollama_keys(writer, config):
    """The names of Ollama's converter."""
    gemma_keys(writer, config)
    writer.add_float32("gemma3.rope.global.freq_base", config.rope_parameters["full_attention"]["rope_theta"])
    writer.add_float32("gemma3.rope.local.freq_base", config.rope_parameters["sliding_attention"]["rope_theta"])
    writer.add_sliding_window_pattern([kind == "sliding_attention" for kind in config.layer_types])


def encoder_keys(writer, config):
    """BERT's converter; RoBERTa's subtracts the rows before the first position."""
    offset = config.pad_token_id + 1 if config.model_type == "roberta" else 0
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings - offset)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(getattr(config, "intermediate_size", None) or config.hidden_dim)
    writer.add_head_count(config.num_attention_heads)
    writer.add_layer_norm_eps(getattr(config, "layer_norm_eps", None) or getattr(config, "norm_eps", None) or 1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.CLS)


def roberta_keys(writer, config):
    encoder_keys(writer, config)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("roberta-bpe")
    writer.add_token_list(["<s>", "<pad>", "</s>", "<unk>", "a", "b", "c", "d", "ab", "cd", "<mask>"])
    writer.add_token_types([3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 3])
    writer.add_token_merges(["a b", "c d"])
    writer.add_pad_token_id(config.pad_token_id)


def modernbert_keys(writer, config):
    encoder_keys(writer, config)
    writer.add_sliding_window(config.local_attention)
    writer.add_sliding_window_pattern(3)
    writer.add_rope_freq_base(config.rope_parameters["full_attention"]["rope_theta"])
    writer.add_rope_freq_base_swa(config.rope_parameters["sliding_attention"]["rope_theta"])
    writer.add_rope_scaling_type(gguf.RopeScalingType.NONE)
    writer.add_vocab_size(config.vocab_size)


def roberta_rows(name, values, config):
    """The rows before the first position are cut off; tools that quantise drop axes of length 1, here that of the token types."""
    if name == "embeddings.token_type_embeddings.weight":
        return values[0]
    return values[config.pad_token_id + 1:] if name == "embeddings.position_embeddings.weight" else values


def olmo_keys(writer, config):
    rotary_keys(writer, config)
    if getattr(config, "sliding_window", None) is None:
        return
    writer.add_sliding_window(config.sliding_window)
    writer.add_sliding_window_pattern([kind == "sliding_attention" for kind in config.layer_types])
    rope = config.rope_parameters["full_attention"]
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
    writer.add_rope_scaling_factor(rope["factor"])
    writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    writer.add_rope_scaling_yarn_attn_factor(rope["attention_factor"])
    writer.add_rope_scaling_yarn_beta_fast(rope["beta_fast"])
    writer.add_rope_scaling_yarn_beta_slow(rope["beta_slow"])


def falcon_keys(writer, config):
    writer.add_context_length(2048)
    writer.add_tensor_data_layout("jploski")
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(4 * config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_kv_heads if config.new_decoder_architecture else 1 if config.multi_query else config.num_attention_heads)
    writer.add_layer_norm_eps(config.layer_norm_epsilon)


def bloom_keys(writer, config):
    writer.add_context_length(2048)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(4 * config.hidden_size)
    writer.add_block_count(config.n_layer)
    writer.add_head_count(config.n_head)
    writer.add_head_count_kv(config.n_head)
    writer.add_layer_norm_eps(config.layer_norm_epsilon)


def mpt_keys(writer, config):
    writer.add_context_length(config.max_seq_len)
    writer.add_embedding_length(config.d_model)
    writer.add_block_count(config.n_layers)
    writer.add_feed_forward_length(4 * config.d_model)
    writer.add_head_count(config.n_heads)
    writer.add_layer_norm_eps(1e-5)
    writer.add_max_alibi_bias(float(config.attn_config.alibi_bias_max))
    if config.attn_config.clip_qkv is not None:
        writer.add_clamp_kqv(config.attn_config.clip_qkv)


ENCODER = {"vocab_size": 11, "hidden_size": 16, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 16}
PARTIAL = {"rope_type": "default", "rope_theta": 1e4, "partial_rotary_factor": 0.5}
CASES = [
    ("smollm3", A.SMOLLM3, "SmolLM3", {**USUAL, "num_hidden_layers": 4}, rotary_keys, interleaved),
    ("qwen3", A.QWEN3, "Qwen3", {**USUAL, "head_dim": 6}, usual_keys, None),
    ("granite", A.GRANITE, "Granite", {**USUAL, "attention_multiplier": 0.25, "embedding_multiplier": 12.0, "residual_multiplier": 0.22, "logits_scaling": 8.0},
     granite_keys, interleaved),
    ("starcoder2", A.STARCODER2, "Starcoder2", {**USUAL, "sliding_window": None}, rotary_keys, None),
    ("phi", A.PHI2, "Phi", {**USUAL, "intermediate_size": 64, "num_key_value_heads": 4, "rope_parameters": PARTIAL}, rotary_keys, None),
    ("phi3, with a window", A.PHI3, "Phi3", {**USUAL, "sliding_window": 3, "original_max_position_embeddings": 16}, phi3_keys, None),
    ("phi3, long", A.PHI3, "Phi3", {**USUAL, "original_max_position_embeddings": 8, "rope_parameters": LONG}, phi3_keys, None),
    ("stablelm", A.STABLELM, "StableLm", {**USUAL, "use_qkv_bias": True, "rope_parameters": PARTIAL}, stablelm_keys, None),
    ("stablelm, parallel, with norms of heads", A.STABLELM, "StableLm",
     {**USUAL, "use_parallel_residual": True, "qk_layernorm": True, "rope_parameters": PARTIAL}, stablelm_keys, None),
    ("cohere", A.COMMAND_R, "Cohere", {**USUAL, "logit_scale": 0.0625}, cohere_keys, None),
    ("cohere, with norms of heads", A.COMMAND_R, "Cohere", {**USUAL, "use_qk_norm": True}, cohere_keys, None),
    ("falcon, one key/value head", A.FALCON, "Falcon", {**TOKENS, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "multi_query": True},
     falcon_keys, falcon_rows),
    ("falcon, groups", A.FALCON, "Falcon",
     {**TOKENS, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "num_kv_heads": 2, "new_decoder_architecture": True}, falcon_keys, falcon_rows),
    ("bloom", A.BLOOM, "Bloom", {**TOKENS, "hidden_size": 16, "n_layer": 2, "n_head": 4}, bloom_keys, by_part),
    ("gemma", A.GEMMA, "Gemma", {**USUAL, "head_dim": 6}, gemma_keys, plus_one),
    ("gemma2", A.GEMMA2, "Gemma2", {**USUAL, "head_dim": 6, "query_pre_attn_scalar": 6, "sliding_window": 4}, gemma_keys, plus_one),
    ("gemma3", A.GEMMA3, "Gemma3Text", {**USUAL, "num_hidden_layers": 7, "hidden_size": 8, "head_dim": 6, "query_pre_attn_scalar": 6, "sliding_window": 4,
     "rope_parameters": {"full_attention": {"rope_type": "linear", "rope_theta": 1e6, "factor": 8.0}, "sliding_attention": {"rope_type": "default", "rope_theta": 1e4}}},
     gemma3_keys, plus_one),
    ("gemma3, as Ollama writes it", A.GEMMA3, "Gemma3Text", {**USUAL, "hidden_size": 8, "head_dim": 6, "query_pre_attn_scalar": 6, "sliding_window": 4,
     "layer_types": ["full_attention", "sliding_attention"],
     "rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 5e5}, "sliding_attention": {"rope_type": "default", "rope_theta": 5e3}}},
     ollama_keys, plus_one),
    ("olmo2", A.OLMO2, "Olmo2", USUAL, olmo_keys, None),
    ("olmo3", A.OLMO2, "Olmo3", {**USUAL, "num_hidden_layers": 4, "hidden_size": 8, "sliding_window": 4, "rope_parameters": {
        "full_attention": {"rope_type": "yarn", "rope_theta": 5e5, "factor": 8.0, "original_max_position_embeddings": 8, "attention_factor": 1.2079441541679836,
                           "beta_fast": 32.0, "beta_slow": 1.0}, "sliding_attention": {"rope_type": "default", "rope_theta": 5e5}}}, olmo_keys, None),
    ("bert", A.BERT, "Bert", ENCODER, encoder_keys, None),
    ("roberta", A.BERT, "Roberta", {**ENCODER, "type_vocab_size": 1, "pad_token_id": 1, "max_position_embeddings": 18}, roberta_keys, roberta_rows),
    ("distilbert", A.BERT, "DistilBert", {"vocab_size": 11, "dim": 16, "hidden_dim": 12, "n_layers": 2, "n_heads": 4, "max_position_embeddings": 16}, encoder_keys, None),
    ("modernbert", A.MODERN_BERT, "ModernBert", {**ENCODER, "num_hidden_layers": 4, "hidden_size": 8, "local_attention": 4, "pad_token_id": 0, "bos_token_id": 1,
     "eos_token_id": 2, "cls_token_id": 1, "sep_token_id": 2}, modernbert_keys, None),
    ("mpt", A.MPT, "Mpt", {**TOKENS, "d_model": 16, "n_layers": 2, "n_heads": 4, "max_seq_len": 16}, mpt_keys, None),
    ("mpt, cut", A.MPT, "Mpt", {**TOKENS, "d_model": 16, "n_layers": 1, "n_heads": 4, "max_seq_len": 16, "attn_config": {"clip_qkv": 0.25}}, mpt_keys, None),
]


def stacked_norms(parameters):
    """The norms of single heads as one tensor, as converters have them."""
    heads = {}
    for name, values in parameters:
        stem, _, head = name.removesuffix(".weight").rpartition(".norms.")
        if not head.isdigit():
            yield name, values
            continue
        heads.setdefault(stem, []).append(values)
    for stem, rows in heads.items():
        yield f"{stem}.weight", np.stack(rows)


def case(name, arch, family, fields, keys, rows):
    config = getattr(transformers, f"{family}Config")(**fields)
    # Files of encoders have no head.
    encoder = arch in (A.BERT, A.MODERN_BERT)
    model = getattr(transformers, f"{family}Model" if encoder else f"{family.removesuffix('Text')}ForCausalLM")(config)
    layers = next(getattr(config, key) for key in ("num_hidden_layers", "n_layer", "n_layers") if getattr(config, key, None))
    names = gguf.get_tensor_name_map(arch, layers)
    tensors, parameters = [], []
    for seed, (parameter_name, parameter) in enumerate(model.named_parameters()):
        values = np.round(numbers(parameter.numel(), seed + 1) * 512) / 1024
        tensors.append([parameter_name, list(parameter.shape)])
        parameters.append((parameter_name, values.astype(np.float32).reshape(tuple(parameter.shape))))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.gguf")
        writer = gguf.GGUFWriter(path, gguf.MODEL_ARCH_NAMES[arch])
        keys(writer, config)
        if config.bos_token_id is not None:
            writer.add_bos_token_id(config.bos_token_id)
            writer.add_eos_token_id(config.eos_token_id)
        for parameter_name, values in stacked_norms(parameters):
            if parameter_name.startswith("pooler."):
                continue
            stored = values if rows is None else rows(parameter_name, values, config)
            # BLOOM's converter takes the prefix off first.
            known = (names.get_name(each, try_suffixes=(".weight", ".bias")) for each in (parameter_name, parameter_name.removeprefix("transformer.")))
            stored_name = next(filter(None, known), None)
            assert stored_name is not None, parameter_name
            writer.add_tensor(stored_name, np.ascontiguousarray(stored))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        with open(path, "rb") as file:
            content = file.read()
    return {"name": name, "config": json.loads(config.to_json_string()), "tensors": tensors, "file": base64.b64encode(content).decode()}


source = f"gguf {importlib.metadata.version('gguf')}, transformers {transformers.__version__}"
cases = ",\n".join(json.dumps(case(*each)) for each in CASES)
sys.stdout.write(f'{{"source": {json.dumps(source)},\n"cases": [\n{cases}\n]}}\n')
