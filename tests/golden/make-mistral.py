"""Mistral models of transformers, run in double precision throughout, for tests/golden/mistral.test.ts.

Run: python3 tests/golden/make-mistral.py > tests/golden/mistral.json
"""

from double_decoder import write

CASES = {
    "a window, grouped heads, own unembedding": {"sliding_window": 3},
    "a window of one position, tied": {"sliding_window": 1, "tie_word_embeddings": True},
    "a window longer than the text, one key/value head": {"sliding_window": 4096, "num_key_value_heads": 1, "rope_parameters": {"rope_type": "default", "rope_theta": 1e6}},
    "the window that is not mentioned, another function and norm": {"hidden_act": "gelu", "rms_norm_eps": 1e-5},
    "no window, as many key/value heads": {"sliding_window": None, "num_key_value_heads": 4},
    "heads wider than the width's share, no window": {"sliding_window": None, "head_dim": 6, "rope_parameters": {"rope_type": "default", "rope_theta": 1e6}},
    "heads narrower than the width's share, linear scaling": {"sliding_window": 4, "hidden_size": 24, "head_dim": 4, "rope_parameters": {"rope_type": "linear", "factor": 2.5, "rope_theta": 700.0}},
    "scaling of Llama 3, tied": {"sliding_window": None, "tie_word_embeddings": True, "rope_parameters": {
        "rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}},
    "kinds of layers, which count for nothing": {"sliding_window": 3, "layer_types": ["full_attention", "sliding_attention"]},
    "kinds of layers, which count for nothing, no window": {"sliding_window": None, "layer_types": ["sliding_attention", "full_attention"]},
}

write("mistral", "Mistral", CASES)
