"""Families with RMSNorm, rotary positions and a gated MLP, and their kin."""

from table import Case, Family, entering, renamed, rope_outside, unless

TOKENS = {"vocab_size": 13, "bos_token_id": 0, "eos_token_id": 12, "pad_token_id": None}
SIZES = {**TOKENS, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
         "max_position_embeddings": 32}
GROUPED = {"hidden_size": 16, "num_attention_heads": 4, "num_key_value_heads": 2}
LONG = (3, 9, 4, 2, 5, 9, 11, 6, 8, 3, 1)
TIED, OWN = {"tie_word_embeddings": True}, {"tie_word_embeddings": False}
SWA, FULL = "sliding_attention", "full_attention"


def rope(theta=50.0, kind="default", **more):
    return {"rope_parameters": {"rope_type": kind, "rope_theta": theta, **more}}


LLAMA3 = rope(kind="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
YARN = {"factor": 4.0, "original_max_position_embeddings": 8, "attention_factor": 1.25, "beta_fast": 4.0, "beta_slow": 1.0}
BOTH = lambda **full: {"rope_parameters": {SWA: {"rope_type": "default", "rope_theta": 20.0}, FULL: {"rope_type": "default", "rope_theta": 300.0, **full}}}
FACTORS = {"short_factor": [1.0, 1.5], "long_factor": [2.0, 5.0]}
LONGROPE = {"rope_type": "longrope", "rope_theta": 50.0, **FACTORS}
POST = entering("post_attention_layernorm")


def vision(prefix):
    """Some tensors of the other half of a multimodal model."""
    return ((f"{prefix}vision_tower.vision_model.post_layernorm.weight", "F32", (8,)), (f"{prefix}multi_modal_projector.mm_input_projection_weight", "F32", (8, 8)))


def gemma3_old(options):
    """Bases and scaling outside, the period of the full layers in place of their list."""
    old = dict(options)
    rope = old.pop("rope_parameters", None)
    if rope is not None:
        full = dict(rope[FULL])
        old |= {"rope_theta": full.pop("rope_theta"), "rope_local_base_freq": rope[SWA]["rope_theta"]}
        if full.pop("rope_type") != "default":
            old["rope_scaling"] = {"rope_type": rope[FULL]["rope_type"], **full}
    kinds = old.pop("layer_types", None)
    return old if kinds is None else {**old, "sliding_window_pattern": kinds.index(FULL) + 1}


def olmo3_old(options):
    old = dict(options)
    rope = dict(old.pop("rope_parameters")[FULL])
    old["rope_theta"] = rope.pop("rope_theta")
    return old if rope["rope_type"] == "default" else {**old, "rope_scaling": rope}


GEMMA = {**SIZES, "head_dim": 4, **rope()}
GEMMA2 = {**GEMMA, "sliding_window": 3, "query_pre_attn_scalar": 9}
GEMMA3 = {**SIZES, **BOTH(), "head_dim": 4, "num_hidden_layers": 3, "layer_types": [SWA, SWA, FULL], "sliding_window": 3, "query_pre_attn_scalar": 9}
OLMO3 = {**SIZES, "num_hidden_layers": 2, "layer_types": [SWA, FULL], "sliding_window": 3}
OLMO3_BASES = {SWA: {"rope_type": "default", "rope_theta": 50.0}, FULL: {"rope_type": "default", "rope_theta": 50.0}}
OLMO3_YARN = {**OLMO3_BASES, FULL: {"rope_type": "yarn", "rope_theta": 50.0, **YARN}}
OLMO3_BUG = "5.24 gives the base to the full layers alone; the others take that of the class"
FLAT_BUG = "5.24 reads default rotations with the base of the class in all layers; meant are the parameters for the full layers, their base for all"
SU_BUG = "5.24 stops with a KeyError; su means longrope"

GATED = {
    "llama": Family("LlamaForCausalLM", {**SIZES, **rope()}, "model.layers", POST, {
        "one key/value head": Case(spares=(("model.layers.0.self_attn.rotary_emb.inv_freq", "F32", (2,)),)),
        "grouped heads, tied": Case({**GROUPED, **TIED}),
        "biases on attention and MLP, all heads": Case({"num_key_value_heads": 2, "attention_bias": True, "mlp_bias": True, "hidden_act": "gelu"}),
        "head_dim": Case({"head_dim": 6, "rms_norm_eps": 1e-3}),
        "linear scaling": Case(rope(kind="linear", factor=2.5), spelt={"type": {"rope_scaling": {"type": "linear", "factor": 2.5}}}),
        "scaling of Llama 3": Case({**LLAMA3, "head_dim": 8}),
        "YaRN": Case({**rope(kind="yarn", factor=4.0, original_max_position_embeddings=8), "head_dim": 8}),
        "YaRN between whole dimensions, mscale": Case({**rope(kind="yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4.0, beta_slow=1.0, truncate=False, mscale=0.7, mscale_all_dim=0.4), "head_dim": 8}),
    }),
    "mistral": Family("MistralForCausalLM", {**SIZES, **rope(), "sliding_window": None}, "model.layers", POST, {
        "no window": Case(),
        "a window, grouped heads": Case({**GROUPED, "sliding_window": 3}),
        "head_dim, tied": Case({"head_dim": 6, **TIED}),
    }),
    "qwen2": Family("Qwen2ForCausalLM", {**SIZES, **rope()}, "model.layers", POST, {
        "grouped heads": Case(GROUPED),
        "a window in the later layers, tied": Case({"use_sliding_window": True, "sliding_window": 3, "max_window_layers": 1, **TIED}),
    }, old=renamed({"layer_types": None})),
    "qwen3": Family("Qwen3ForCausalLM", {**SIZES, **rope(), "head_dim": 4}, "model.layers", POST, {
        "one key/value head": Case(),
        "grouped heads wider than the width's share, tied": Case({**GROUPED, **TIED, "head_dim": 6}),
        "biases": Case({"attention_bias": True}),
        "a window in the later layers": Case({"use_sliding_window": True, "sliding_window": 3, "max_window_layers": 1}),
    }, old=renamed({"layer_types": None})),
    "gemma": Family("GemmaForCausalLM", GEMMA, "model.layers", POST, {
        "one key/value head": Case(spelt={"hidden_act gelu": {"hidden_act": "gelu"}, "hidden_activation null": {"hidden_act": "gelu", "hidden_activation": None}}),
        "grouped heads wider than the width's share": Case({**GROUPED, "head_dim": 6}),
    }),
    "gemma2": Family("Gemma2ForCausalLM", GEMMA2, "model.layers", entering("pre_feedforward_layernorm"), {
        "caps that bend": Case({"attn_logit_softcapping": 0.75, "final_logit_softcapping": 1.5}, spelt={"hidden_act": {"hidden_act": "gelu_pytorch_tanh"}}),
        "no caps, grouped heads": Case({**GROUPED, "attn_logit_softcapping": None, "final_logit_softcapping": None}),
        "the caps of the class": Case({"num_hidden_layers": 3}),
    }, old=renamed({"layer_types": None})),
    "gemma3_text": Family("Gemma3ForCausalLM", GEMMA3, "model.layers", entering("pre_feedforward_layernorm"), {
        "two windowed layers to one full": Case(),
        "grouped heads, linear factor on the full layers": Case({**GROUPED, **BOTH(rope_type="linear", factor=4.0)}),
        "a cap on the logits": Case({"final_logit_softcapping": 1.5}),
        "inside a multimodal model, as written before version 5": Case(
            {"num_attention_heads": 8, "num_key_value_heads": 4, "rope_parameters": {SWA: {"rope_type": "default", "rope_theta": 1e4}, FULL: {"rope_type": "linear", "rope_theta": 1e6, "factor": 8.0}}},
            model_type="gemma3", nested=True, stored_as=lambda name: f"language_model.{name}", spares=vision("")),
        "inside a multimodal model, as written by version 5": Case(
            {"rope_parameters": {SWA: {"rope_type": "default", "rope_theta": 1e4}, FULL: {"rope_type": "default", "rope_theta": 1e6}}},
            model_type="gemma3", nested=True, stored_as=lambda name: name.replace("model.", "model.language_model.", 1), spares=vision("model.")),
    }, old=gemma3_old),
    "olmo2": Family("Olmo2ForCausalLM", {**SIZES, **rope()}, "model.layers", entering("mlp"), {
        "one key/value head": Case(),
        "grouped heads, biases, tied": Case({**GROUPED, **TIED, "attention_bias": True}),
        "linear scaling": Case(rope(kind="linear", factor=2.5)),
    }),
    "olmo3": Family("Olmo3ForCausalLM", OLMO3, "model.layers", entering("mlp"), {
        "a window": Case({"rope_parameters": OLMO3_BASES}, unread={"old": OLMO3_BUG}),
        "YaRN on the full layers, grouped heads": Case(
            {**GROUPED, "rope_parameters": OLMO3_YARN},
            spelt={"flat": {"rope_theta": None, "rope_scaling": None, "rope_parameters": OLMO3_YARN[FULL]}},
            unread={"old": OLMO3_BUG, "flat": FLAT_BUG}),
    }, old=olmo3_old),
    "smollm3": Family("SmolLM3ForCausalLM", {**SIZES, **rope()}, "model.layers", POST, {
        "every second layer without rotation": Case({"no_rope_layers": [1, 0]}),
        "the layers of the class, grouped heads, own unembedding": Case({**GROUPED, **OWN, "num_hidden_layers": 4}, spelt={"unsaid": {"no_rope_layers": None}}),
    }, old=renamed({"layer_types": None})),
    "phi3": Family("Phi3ForCausalLM", {**SIZES, **rope(), "sliding_window": None, "original_max_position_embeddings": 32}, "model.layers", POST, {
        "one key/value head": Case(),
        "a window, grouped heads, tied": Case({**GROUPED, **TIED, "sliding_window": 3}),
        "partial rotation": Case({"hidden_size": 16, "rope_parameters": {"rope_type": "default", "rope_theta": 50.0, "partial_rotary_factor": 0.75}}),
        "longrope, short": Case({"original_max_position_embeddings": 8, "rope_parameters": LONGROPE},
                                spelt={kind: {"rope_scaling": {**FACTORS, "type": kind}} for kind in ("longrope", "yarn", "su")}, unread={"su": SU_BUG}),
        "longrope, long": Case({"original_max_position_embeddings": 8, "rope_parameters": LONGROPE}, ids=LONG),
        "longrope, long, partial rotation": Case(
            {"hidden_size": 16, "original_max_position_embeddings": 8,
             "rope_parameters": {**LONGROPE, "partial_rotary_factor": 0.75, "short_factor": [1.0, 1.5, 2.5], "long_factor": [2.0, 5.0, 9.0]}}, ids=LONG),
    }),
    "granite": Family("GraniteForCausalLM", {**SIZES, **rope(), "attention_multiplier": 0.375, "embedding_multiplier": 3.0, "residual_multiplier": 0.625, "logits_scaling": 2.5},
                      "model.layers", POST, {
        "four multipliers": Case(),
        "grouped heads, biases, tied": Case({**GROUPED, **TIED, "attention_bias": True, "mlp_bias": True}),
        "the multipliers of the class": Case({"attention_multiplier": 1.0, "embedding_multiplier": 1.0, "residual_multiplier": 1.0, "logits_scaling": 1.0}),
    }),
    "stablelm": Family("StableLmForCausalLM", {**SIZES, "hidden_size": 16, "rope_parameters": {"rope_type": "default", "rope_theta": 50.0, "partial_rotary_factor": 0.5}},
                       "model.layers", unless(lambda c: c.use_parallel_residual, "post_attention_layernorm", "self_attn"), {
        "one after the other": Case(spelt={"rope_pct": {"partial_rotary_factor": None, "rope_pct": 0.5, "model_type": "stablelm_epoch"}},
                                    unread={"rope_pct": "5.24 has no stablelm_epoch and takes no rope_pct; both mean what they were renamed to"}),
        "parallel, biases, tied": Case({**TIED, "use_parallel_residual": True, "use_qkv_bias": True}),
        "norms of q and k, grouped heads": Case({"num_attention_heads": 4, "num_key_value_heads": 2, "qk_layernorm": True}),
        "norms of q and k, parallel": Case({"qk_layernorm": True, "use_parallel_residual": True}),
    }),
    "cohere": Family("CohereForCausalLM", {**SIZES, **rope(), "logit_scale": 0.375}, "model.layers", lambda c: ("self_attn", "attention"), {
        "no norms of q and k": Case(),
        "norms of q and k, grouped heads": Case({**GROUPED, "use_qk_norm": True}),
        "biases": Case({"attention_bias": True}),
    }),
}
