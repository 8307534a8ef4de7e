"""Families with LayerNorm and an MLP of two matrices."""

from gated import FULL, GROUPED, OWN, SIZES, TIED, TOKENS, rope
from table import Case, Family, entering, renamed, unless

NEO = {**TOKENS, "hidden_size": 8, "num_layers": 2, "num_heads": 2, "intermediate_size": 12, "max_position_embeddings": 16}
MULTI = {name: value for name, value in SIZES.items() if name != "num_key_value_heads"}
PARTIAL = {"rope_parameters": {"rope_type": "default", "rope_theta": 50.0, "partial_rotary_factor": 0.5}}
GPTJ = {**TOKENS, "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 16, "n_inner": 12, "rotary_dim": 4}
OPT = {**{k: v for k, v in MULTI.items() if k != "intermediate_size"}, "ffn_dim": 12, "max_position_embeddings": 16, "pad_token_id": 1, "word_embed_proj_dim": 8}
BLOOM = {**TOKENS, "hidden_size": 8, "n_layer": 2, "n_head": 2}
MPT = {**TOKENS, "d_model": 8, "n_layers": 2, "n_heads": 2, "max_seq_len": 16}
FALCON = {**TOKENS, **rope(), "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_hidden_size": 12}
RW = {"alibi": True, "multi_query": False, "parallel_attn": False, "bias": True}
ALIBI_BUG = "5.24 rounds the biases of ALiBi to bfloat16 and, where attention is eager, adds them twice (once with sdpa); here they are exact and added once"
FALCON_NAMES = {"old": "5.24 takes n_head and n_layer for nothing and those of the class instead; both mean what they were renamed to"}
REFINED = {"RefinedWebModel": {"model_type": "RefinedWebModel"}}


def once(model):
    """Falcon's eager attention takes ALiBi's biases from the mask alone, where they are divided by the root of the width like the scores."""
    for layer in model.transformer.h:
        layer.self_attention.register_forward_pre_hook(
            lambda _module, args, kwargs: (args, {**kwargs, "alibi": kwargs["alibi"] * 0}), with_kwargs=True)


def embed_out(name):
    """As files have it; the model itself calls it otherwise since version 5."""
    return name.replace("lm_head.", "embed_out.")


PLAIN = {
    "gpt2": Family("GPT2LMHeadModel", {**TOKENS, "n_embd": 8, "n_layer": 2, "n_head": 2, "n_inner": 12, "n_positions": 16}, "transformer.h", entering("ln_2"), {
        "tied": Case(spares=(("transformer.h.0.attn.bias", "F32", (1, 1, 16, 16)), ("transformer.h.0.attn.masked_bias", "F32", ()))),
        "own unembedding, relu, four times as wide": Case({**OWN, "n_inner": None, "activation_function": "relu"}),
        "scores divided by the layer's number": Case({"scale_attn_by_inverse_layer_idx": True}),
        "scores not divided": Case({"scale_attn_weights": False}),
    }),
    "gpt_neo": Family("GPTNeoForCausalLM", {**NEO, "attention_types": [[["global", "local"], 1]], "window_size": 3}, "transformer.h", entering("ln_2"), {
        "a window in every second layer": Case(),
        "own unembedding": Case(OWN),
    }),
    "gpt_neox": Family("GPTNeoXForCausalLM", {**MULTI, **PARTIAL, "hidden_size": 16}, "gpt_neox.layers",
                       unless(lambda c: c.use_parallel_residual, "post_attention_layernorm", "attention"), {
        "parallel": Case(spares=(("gpt_neox.layers.0.attention.bias", "U8", (1, 1, 8, 8)), ("gpt_neox.layers.0.attention.rotary_emb.inv_freq", "F32", (2,))), stored_as=embed_out),
        "unembedding called lm_head": Case(),
        "one after the other, tied": Case({**TIED, "use_parallel_residual": False}),
        "no biases on attention, all coordinates rotate": Case({"attention_bias": False, "rope_parameters": {"rope_type": "default", "rope_theta": 50.0, "partial_rotary_factor": 1.0}}, stored_as=embed_out),
    }, old=renamed({"rope_theta": "rotary_emb_base", "partial_rotary_factor": "rotary_pct"})),
    "phi": Family("PhiForCausalLM", {**SIZES, **PARTIAL, "hidden_size": 16}, "model.layers", lambda c: ("self_attn", "attention"), {
        "one key/value head": Case(),
        "all heads, a quarter more rotates": Case({"num_key_value_heads": 2, "rope_parameters": {"rope_type": "default", "rope_theta": 50.0, "partial_rotary_factor": 0.75}}),
        "norms of q and k": Case({"qk_layernorm": True}),
    }),
    "gptj": Family("GPTJForCausalLM", GPTJ, "transformer.h", lambda c: ("attn", "attention"), {
        "half of the coordinates rotate": Case(),
        "four times as wide": Case({"n_inner": None, "n_embd": 8, "rotary_dim": 2}),
    }),
    "codegen": Family("CodeGenForCausalLM", {**GPTJ, "n_head": 4, "rotary_dim": 2}, "transformer.h", lambda c: ("attn", "attention"), {
        "a head for each shard": Case(),
        "two heads for each shard": Case({"n_embd": 32, "n_head": 8, "n_layer": 1, "rotary_dim": 4}),
    }),
    "opt": Family("OPTForCausalLM", OPT, "model.decoder.layers",
                  lambda c: ("final_layer_norm", "in") if c.do_layer_norm_before else ("self_attn_layer_norm", "out"), {
        "norms before, as 125m": Case(),
        "norms after, projections, as 350m": Case({"do_layer_norm_before": False, "word_embed_proj_dim": 6}),
        "no biases": Case({"enable_bias": False}),
        "norms without weights": Case({"layer_norm_elementwise_affine": False}),
        "no final norm": Case({"_remove_final_layer_norm": True}),
        "own unembedding, gelu": Case({**OWN, "activation_function": "gelu"}),
    }),
    "bloom": Family("BloomForCausalLM", BLOOM, "transformer.h", entering("post_attention_layernorm"), {
        "heads a power of two": Case(),
        "six heads": Case({"hidden_size": 24, "n_head": 6, "n_layer": 1}),
        "three heads, own unembedding": Case({**OWN, "hidden_size": 12, "n_head": 3}),
    }, old=renamed({"hidden_size": "n_embed", "n_head": "num_attention_heads"})),
    "mpt": Family("MptForCausalLM", MPT, "transformer.blocks", entering("norm_2"), {
        "heads a power of two": Case(),
        "six heads": Case({"d_model": 24, "n_heads": 6, "n_layers": 1}),
        "q, k and v clipped": Case({"attn_config": {"clip_qkv": 0.5}}),
        "a scale of its own": Case({"attn_config": {"softmax_scale": 0.75}}),
    }),
    "falcon": Family("FalconForCausalLM", FALCON, "transformer.h",
                     unless(lambda c: c.parallel_attn or c.new_decoder_architecture, "post_attention_layernorm", "self_attention"), {
        "one key/value head, as 7B": Case(spelt=REFINED, unread={**FALCON_NAMES, "RefinedWebModel": FALCON_NAMES["old"]}),
        "groups and two norms, as 40B": Case({"hidden_size": 16, "num_attention_heads": 4, "num_kv_heads": 2, "new_decoder_architecture": True}, unread=FALCON_NAMES),
        "groups and one norm, as 11B": Case({"hidden_size": 16, "num_attention_heads": 4, "num_kv_heads": 2, "new_decoder_architecture": True, "num_ln_in_parallel_attn": 1, **OWN}, unread=FALCON_NAMES),
        "ALiBi, one after the other, as rw": Case(RW, note=ALIBI_BUG, amend=once, spelt=REFINED, unread={**FALCON_NAMES, "RefinedWebModel": FALCON_NAMES["old"]}),
        "ALiBi, six heads": Case({**RW, "hidden_size": 24, "num_attention_heads": 6, "num_hidden_layers": 1}, note=ALIBI_BUG, amend=once, unread=FALCON_NAMES),
        "biases, all heads": Case({"multi_query": False, "bias": True}, unread=FALCON_NAMES),
    }, old=renamed({"num_attention_heads": "n_head", "num_hidden_layers": "n_layer", "num_kv_heads": "n_head_kv"})),
    "starcoder2": Family("Starcoder2ForCausalLM", {**SIZES, **rope(), "sliding_window": None}, "model.layers", entering("post_attention_layernorm"), {
        "one key/value head": Case(),
        "a window, grouped heads, own unembedding": Case({**GROUPED, **OWN, "sliding_window": 3}),
        "no biases": Case({"use_bias": False}),
    }),
}
