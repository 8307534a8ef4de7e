"""What transformers puts around a text, for tests/golden/text-frames.test.ts: post-processors of tokenizer.json × tokenizer_config.json.

Run: python3 tests/golden/make-text-frames.py > tests/golden/text-frames.json
"""

import json
import sys
import tempfile
from pathlib import Path

import tokenizers
import transformers
from transformers import AutoTokenizer

transformers.utils.logging.set_verbosity_error()
TEXT = "abba"
SPECIAL = {"<s>": 4, "</s>": 5, "<x>": 6, "<y>": 7}
ADDED = [{"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for t, i in SPECIAL.items()]
BASE = {
    "version": "1.0", "truncation": None, "padding": None, "added_tokens": ADDED, "normalizer": None,
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
    "post_processor": None, "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
    "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "",
              "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
              "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, **SPECIAL}, "merges": [["a", "b"]]},
}


def template(*parts, **ids):
    def piece(part, type_id=0):
        return {"Sequence" if part in "AB" else "SpecialToken": {"id": part, "type_id": type_id}}

    names = {part for part in parts if part not in "AB"}
    special = {t: {"id": t, "ids": ids.get("ids", {}).get(t, [SPECIAL[t]]), "tokens": ids.get("tokens", {}).get(t, [t])} for t in sorted(names)}
    single = [piece(part) for part in parts]
    return {"type": "TemplateProcessing", "single": single, "pair": [*single, piece("B", 1)], "special_tokens": special}


BYTES = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
ROBERTA = {"type": "RobertaProcessing", "sep": ["</s>", 5], "cls": ["<s>", 4], "trim_offsets": True, "add_prefix_space": False}
PROCESSORS = [
    None, BYTES, template("A"), template("<s>", "A"), template("<s>", "A", "</s>"), template("A", "</s>"), template("<x>", "<s>", "A"),
    template("<x>", "A", "<y>", "</s>"), template("<s>", "A", ids={"<s>": [6, 7]}, tokens={"<s>": ["<x>", "<y>"]}), ROBERTA, {"type": "BertProcessing", "sep": ["</s>", 5], "cls": ["<x>", 6]},
    {"type": "Sequence", "processors": []},
    {"type": "Sequence", "processors": [BYTES, template("<s>", "A")]},
    {"type": "Sequence", "processors": [{"type": "Sequence", "processors": [template("<x>", "A")]}, BYTES]},
]
NAMES = {"bos_token": "<s>", "eos_token": "</s>"}
CLASSES = ("PreTrainedTokenizerFast", "GPT2Tokenizer", "GPT2TokenizerFast", "LlamaTokenizerFast", "GPTNeoXTokenizer", "GPTNeoXTokenizerFast")
CONFIGS = [
    ("llama", None), ("gpt2", None), ("gpt_neo", {}), ("gpt_neox", None), ("gpt_neox", {**NAMES, "add_bos_token": True}), ("llama", NAMES),
    ("llama", {**NAMES, "add_bos_token": True}), ("llama", {**NAMES, "add_bos_token": False}),
    ("gpt2", {**NAMES, "add_bos_token": True, "add_eos_token": True}), ("llama", {"bos_token": "<y>", "add_bos_token": True}),
    ("llama", {"bos_token": None, "add_bos_token": True}), ("gpt_neox", {**NAMES, "tokenizer_class": "PreTrainedTokenizerFast"}),
    *[("llama", {**NAMES, "add_bos_token": flag, "tokenizer_class": name}) for name in CLASSES for flag in (True, False)],
    ("llama", {**NAMES, "add_bos_token": True, "add_eos_token": True, "tokenizer_class": "LlamaTokenizer"}),
    ("qwen2", None), ("qwen2", {**NAMES, "add_bos_token": True, "tokenizer_class": "Qwen2Tokenizer"}),
    ("qwen2", {**NAMES, "add_bos_token": True, "tokenizer_class": "LlamaTokenizerFast"}),
    ("mistral", None), ("mistral", {**NAMES, "add_bos_token": True, "add_eos_token": False, "tokenizer_class": "LlamaTokenizer"}),
    *[(family, None) for family in ("phi", "phi3", "gptj", "codegen", "opt", "bloom", "mpt", "falcon", "starcoder2", "stablelm", "cohere", "granite", "qwen3", "smollm3", "gemma", "gemma2", "gemma3_text", "olmo2", "olmo3")],
    ("mpt", {**NAMES, "tokenizer_class": "PreTrainedTokenizerFast"}),
]


def ids(processor, family, config):
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "tokenizer.json").write_text(json.dumps({**BASE, "post_processor": processor}))
        if config is not None:
            (folder / "tokenizer_config.json").write_text(json.dumps(config))
        (folder / "config.json").write_text(json.dumps({"model_type": family, "vocab_size": 8}))
        return AutoTokenizer.from_pretrained(folder)(TEXT).input_ids


rows = [[ids(processor, *config) for config in CONFIGS] for processor in PROCESSORS]
json.dump({
    "source": f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}",
    "text": TEXT, "tokenizer": BASE, "processors": PROCESSORS, "configs": CONFIGS, "ids": rows,
}, sys.stdout)
print()
