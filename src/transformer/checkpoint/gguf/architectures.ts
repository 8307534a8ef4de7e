import type { Family } from '../family-table.ts';

/** How files of one architecture of llama.cpp become what a family reads. */
export interface GgufArchitecture {
  /** The family that reads it. */
  readonly family: Family;
  /** Fields of config.json for keys of the metadata, which stand without the architecture's name in front. They go before {@link USUAL_FIELDS}. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Fields that are not in the file, because the architecture has them always. */
  readonly always?: Readonly<Record<string, unknown>>;
  /** Fields that say whether the family's biases are there, with the tensor that tells. */
  readonly biases?: Readonly<Record<string, string>>;
  /** How q and k are stored, where it is not as in the family's folders: `neighbours` where the converter put the two coordinates of a rotary pair side by side. */
  readonly rotaryPairs?: 'halves' | 'neighbours';
}

/**
 * The architectures that are read, by `general.architecture`.
 *
 * @source the converters and the graphs of https://github.com/ggml-org/llama.cpp
 */
export const GGUF_ARCHITECTURES: ReadonlyMap<string, GgufArchitecture> = new Map(
  Object.entries<GgufArchitecture>({
    gpt2: {
      family: 'gpt2',
      fields: {
        block_count: 'n_layer',
        context_length: 'n_positions',
        embedding_length: 'n_embd',
        feed_forward_length: 'n_inner',
        'attention.head_count': 'n_head',
        'attention.layer_norm_epsilon': 'layer_norm_epsilon',
      },
    },
    gptneox: {
      family: 'gpt_neox',
      biases: { attention_bias: 'blk.0.attn_qkv.bias' },
    },
    // Mistral and many others come under this name as well.
    llama: {
      family: 'llama',
      biases: { attention_bias: 'blk.0.attn_q.bias', mlp_bias: 'blk.0.ffn_up.bias' },
      rotaryPairs: 'neighbours',
    },
    qwen2: { family: 'qwen2' },
  }),
);

/** Fields of config.json for keys of the metadata, which stand without the architecture's name in front. Those that a family does not compute it refuses. */
export const USUAL_FIELDS: Readonly<Record<string, string>> = {
  block_count: 'num_hidden_layers',
  context_length: 'max_position_embeddings',
  embedding_length: 'hidden_size',
  feed_forward_length: 'intermediate_size',
  use_parallel_residual: 'use_parallel_residual',
  logit_scale: 'logit_scale',
  residual_scale: 'residual_multiplier',
  embedding_scale: 'embedding_multiplier',
  attn_logit_softcapping: 'attn_logit_softcapping',
  final_logit_softcapping: 'final_logit_softcapping',
  expert_count: 'num_experts',
  'attention.head_count': 'num_attention_heads',
  'attention.head_count_kv': 'num_key_value_heads',
  'attention.key_length': 'head_dim',
  'attention.layer_norm_epsilon': 'layer_norm_eps',
  'attention.layer_norm_rms_epsilon': 'rms_norm_eps',
  'attention.sliding_window': 'sliding_window',
  'attention.scale': 'attention_multiplier',
  'attention.clamp_kqv': 'clip_qkv',
  'rope.freq_base': 'rope_theta',
};
