"""Families whose tokens see the whole text."""

from gated import FULL, SWA
from table import Case, Family, entering, leaving

BERT = {"vocab_size": 13, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 16}
DISTIL = {"vocab_size": 13, "dim": 8, "n_layers": 2, "n_heads": 2, "hidden_dim": 12, "max_position_embeddings": 16}
MODERN = {"vocab_size": 13, "hidden_size": 8, "num_hidden_layers": 4, "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 32, "pad_token_id": 0,
          "bos_token_id": 1, "eos_token_id": 2, "cls_token_id": 1, "sep_token_id": 2, "local_attention": 4,
          "rope_parameters": {FULL: {"rope_type": "default", "rope_theta": 300.0}, SWA: {"rope_type": "default", "rope_theta": 20.0}}}
OWN = {"tie_word_embeddings": False}
LONG = (3, 9, 4, 2, 5, 9, 11, 6, 8)


def gamma_beta(name):
    return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")


def modernbert_old(options):
    old = dict(options)
    rope = old.pop("rope_parameters")
    old.pop("layer_types", None)
    return {**old, "global_attn_every_n_layers": 3, "global_rope_theta": rope[FULL]["rope_theta"], "local_rope_theta": rope[SWA]["rope_theta"]}


ENCODERS = {
    "bert": Family("BertForMaskedLM", BERT, "bert.encoder.layer", leaving("attention.output.LayerNorm"), {
        "masked-word head": Case(spares=(("bert.embeddings.position_ids", "I64", (1, 16)), ("cls.seq_relationship.weight", "F32", (2, 8)), ("cls.seq_relationship.bias", "F32", (2,)))),
        "own decoder, gelu_new": Case({**OWN, "hidden_act": "gelu_new"}),
        "norms called gamma and beta": Case(stored_as=gamma_beta),
        "no head, with a pooler": Case(architecture="BertModel"),
    }),
    "roberta": Family("RobertaForMaskedLM", {**BERT, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "pad_token_id": 1}, "roberta.encoder.layer", leaving("attention.output.LayerNorm"), {
        "masked-word head": Case(spares=(("roberta.embeddings.position_ids", "I64", (1, 16)),)),
        "no head, with a pooler": Case(architecture="RobertaModel"),
    }),
    "distilbert": Family("DistilBertForMaskedLM", DISTIL, "distilbert.transformer.layer", leaving("sa_layer_norm"), {
        "masked-word head": Case(),
        "no head, relu": Case({"activation": "relu"}, architecture="DistilBertModel"),
    }),
    "modernbert": Family("ModernBertForMaskedLM", MODERN, "model.layers", entering("mlp_norm"), {
        "windows, two bases": Case(ids=LONG),
        "biases everywhere, own decoder": Case({**OWN, "norm_bias": True, "mlp_bias": True, "attention_bias": True, "num_hidden_layers": 2}, ids=LONG),
        "no head": Case({"decoder_bias": False}, architecture="ModernBertModel", ids=LONG),
    }, old=modernbert_old),
}
