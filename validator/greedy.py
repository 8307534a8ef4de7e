"""Greedy text of a published model, token by token through its own cache of keys and values, in double precision."""

import base64

import numpy as np
import torch

PROMPTS = [
    "The capital of France is",
    "The keys to the cabinet",
    "The fisherman sat on the bank",
    "apple river stone candle apple river stone",
    "If all birds lay eggs and a robin is a bird, then a robin",
]
TOKENS = 64


def continuations(model, tokenizer):
    """Of every prompt: its ids, TOKENS likeliest ids one after the other, the log-probability of each (base64 of doubles), and by how much
    the closest call was won, in nats. The end of the text ends nothing."""
    return [_continued(model, prompt, tokenizer(prompt)["input_ids"]) for prompt in PROMPTS]


def _continued(model, prompt, ids):
    chosen, taken, lead, cache, read = [], [], float("inf"), None, ids
    while len(chosen) < TOKENS:
        output = model(input_ids=torch.tensor([read]), past_key_values=cache, use_cache=True)
        cache = output.past_key_values
        law = torch.log_softmax(output.logits[0, -1], -1)
        assert law.dtype == torch.float64
        (best, second), (token, _) = torch.topk(law, 2)
        chosen.append(int(token))
        taken.append(float(best))
        lead = min(lead, float(best - second))
        read = [chosen[-1]]
    data = base64.b64encode(np.array(taken, dtype="<f8").tobytes()).decode()
    return {"prompt": prompt, "ids": ids, "greedyIds": chosen, "logProbabilities": data, "lead": lead}
