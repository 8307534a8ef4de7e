"""Qwen2 models of transformers, run in double precision throughout, for tests/golden/qwen2.test.ts.

Run: python3 tests/golden/make-qwen2.py > tests/golden/qwen2.json
"""

from double_decoder import write

WINDOW = {"use_sliding_window": True, "sliding_window": 3}
CASES = {
    "grouped heads, own unembedding": {},
    "one key/value head, tied": {"num_key_value_heads": 1, "tie_word_embeddings": True, "rope_parameters": {"rope_type": "default", "rope_theta": 1e6}},
    "as many key/value heads, another function and norm": {"num_key_value_heads": 4, "hidden_act": "gelu", "rms_norm_eps": 1e-5},
    "heads wider than the width's share, linear scaling": {"head_dim": 6, "rope_parameters": {"rope_type": "linear", "factor": 2.5, "rope_theta": 700.0}},
    "scaling of Llama 3, tied": {"tie_word_embeddings": True, "rope_parameters": {
        "rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}},
    "a window in the later layers": {"num_hidden_layers": 3, "max_window_layers": 1, **WINDOW},
    "a window in every layer, tied": {"max_window_layers": 0, "tie_word_embeddings": True, **WINDOW},
    "a window in the layers listed": {"num_hidden_layers": 3, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"], **WINDOW},
    "a window that is off": {"max_window_layers": 0, "use_sliding_window": False, "sliding_window": 2},
    "a window for layers there are not": {**WINDOW},
}

write("qwen2", "Qwen2", CASES)
