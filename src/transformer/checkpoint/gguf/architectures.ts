import type { GgufMetadata } from '../../../formats/gguf/metadata.ts';
import type { TransformerConfig } from '../../config.ts';
import type { Family } from '../family-table.ts';
import { withoutHead } from '../without-head.ts';
import { ollamaCorrections, VISION_KEYS, VISION_TENSORS } from './ollama-gemma3.ts';
import type { HeldParts } from './tensors.ts';

/** How files of one architecture of llama.cpp become what a family reads. */
export interface GgufArchitecture {
  /** The family that reads it; a function where several share the name. */
  readonly family: Family | ((file: GgufFacts) => Family);
  /** Fields of config.json for keys of the metadata, which stand without the architecture's name in front; they go before {@link USUAL_FIELDS}. null: the family has it always so. */
  readonly fields?: Readonly<Record<string, string | null>>;
  /** Fields that are true where a tensor is there, with its name. */
  readonly present?: Readonly<Record<string, string>>;
  /** Fields that are made of several things, or that the architecture has always. */
  readonly more?: (file: GgufFacts) => Readonly<Record<string, unknown>>;
  /** How q and k are stored, where it is not as in the family's folders: `neighbours` where the converter put the two coordinates of a rotary pair side by side. */
  readonly rotaryPairs?: 'halves' | 'neighbours';
  /** What tensors hold, where it is not what their names usually mean. */
  readonly parts?: (file: GgufFacts) => Readonly<Record<string, HeldParts>>;
  /** true: every token sees the whole text, and the file says so. */
  readonly encoder?: true;
  /** Other parts of a larger model that files hold as well: keys without the architecture's name, and tensors, whose first group that is there names the part. They are left out. */
  readonly others?: { readonly keys: readonly string[]; readonly tensors: RegExp };
  /** What is read otherwise than the file says it. */
  readonly notices?: (file: GgufFacts) => readonly string[];
  /** What the converter put into the weights, or left out of the file, is taken out of the configuration. */
  readonly adjusted?: (config: TransformerConfig, file: GgufFacts) => TransformerConfig;
}

/** What a file says of itself. */
export interface GgufFacts {
  readonly metadata: GgufMetadata;
  /** The full name of a key without the architecture's name. */
  readonly keyOf: (part: string) => string;
  /** Whether there is a tensor of that name. */
  readonly has: (tensor: string) => boolean;
  /** Rows of a tensor; undefined where there is none. */
  readonly rowsOf: (tensor: string) => number | undefined;
}

/**
 * The architectures that are read, by `general.architecture`.
 *
 * @source the converters and the graphs of https://github.com/ggml-org/llama.cpp
 */
export const GGUF_ARCHITECTURES: ReadonlyMap<string, GgufArchitecture> = new Map(
  Object.entries<GgufArchitecture>({
    // RoBERTa too, whose positions before the first are cut off, and DistilBERT, which has no token types.
    bert: {
      family: ({ has }) => (has(TOKEN_TYPES) ? 'bert' : 'distilbert'),
      fields: { feed_forward_length: null, 'attention.layer_norm_epsilon': null },
      more: ({ metadata, keyOf, has, rowsOf }) => {
        const width = metadata.integer(keyOf('feed_forward_length'));
        if (!has(TOKEN_TYPES)) return { hidden_dim: width };
        const eps = metadata.number(keyOf('attention.layer_norm_epsilon'));
        return { intermediate_size: width, layer_norm_eps: eps, type_vocab_size: rowsOf(TOKEN_TYPES) };
      },
      encoder: true,
      adjusted: (config, file) => withoutPlaceOfPadding(withoutHead(config), file),
    },
    bloom: {
      family: 'bloom',
      fields: {
        context_length: 'seq_length',
        block_count: 'n_layer',
        feed_forward_length: 'n_inner',
        'attention.head_count': 'n_head',
        'attention.head_count_kv': null,
        'attention.layer_norm_epsilon': 'layer_norm_epsilon',
      },
    },
    'command-r': {
      family: 'cohere',
      present: { attention_bias: 'blk.0.attn_q.bias', use_qk_norm: 'blk.0.attn_q_norm.weight' },
    },
    falcon: {
      family: 'falcon',
      fields: {
        feed_forward_length: 'ffn_hidden_size',
        'attention.head_count_kv': 'num_kv_heads',
        'attention.layer_norm_epsilon': 'layer_norm_epsilon',
      },
      present: { new_decoder_architecture: 'blk.0.attn_norm_2.weight', bias: 'blk.0.attn_qkv.bias' },
      more: ({ metadata, keyOf }) => ({ multi_query: metadata.integer(keyOf('attention.head_count_kv')) === 1 }),
      // Where there are two norms, the usual name is the MLP's.
      parts: ({ has }) => (has('blk.0.attn_norm_2.weight') ? { attn_norm: [['norm2']], attn_norm_2: [['norm1']] } : {}),
    },
    gemma: { family: 'gemma', adjusted: withFoldedNorms },
    gemma2: {
      family: 'gemma2',
      more: (file) => ({ query_pre_attn_scalar: queryScalar(file, 46) }),
      adjusted: withFoldedNorms,
    },
    gemma3: {
      family: 'gemma3_text',
      fields: {
        'rope.freq_base_swa': 'rope_local_base_freq',
        'attention.sliding_window_pattern': null,
        // As Ollama's own converter calls them.
        'rope.local.freq_base': 'rope_local_base_freq',
        'rope.global.freq_base': 'rope_theta',
      },
      more: (file) => ({
        query_pre_attn_scalar: queryScalar(file, 62),
        // A file without a window has no windowed layers.
        ...(file.metadata.value(file.keyOf(WINDOW)) === undefined
          ? { sliding_window_pattern: 1 }
          : windowedLayers(file)),
        ...ollamaCorrections(file).fields,
      }),
      others: { keys: VISION_KEYS, tensors: VISION_TENSORS },
      notices: (file) => ollamaCorrections(file).notices,
      adjusted: withFoldedNorms,
    },
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
      present: { attention_bias: 'blk.0.attn_qkv.bias' },
    },
    granite: {
      family: 'granite',
      fields: { logit_scale: 'logits_scaling' },
      present: { attention_bias: 'blk.0.attn_q.bias', mlp_bias: 'blk.0.ffn_up.bias' },
      rotaryPairs: 'neighbours',
    },
    // Mistral and many others come under this name as well.
    llama: {
      family: 'llama',
      present: { attention_bias: 'blk.0.attn_q.bias', mlp_bias: 'blk.0.ffn_up.bias' },
      rotaryPairs: 'neighbours',
    },
    'modern-bert': {
      family: 'modernbert',
      fields: {
        hidden_act: 'hidden_activation',
        'attention.layer_norm_epsilon': 'norm_eps',
        'attention.sliding_window': 'local_attention',
        'attention.sliding_window_pattern': 'global_attn_every_n_layers',
        'rope.freq_base': 'global_rope_theta',
        'rope.freq_base_swa': 'local_rope_theta',
      },
      present: {
        attention_bias: 'blk.0.attn_qkv.bias',
        mlp_bias: 'blk.0.ffn_up.bias',
        norm_bias: 'output_norm.bias',
      },
      encoder: true,
      adjusted: withoutHead,
    },
    mpt: {
      family: 'mpt',
      fields: {
        block_count: 'n_layers',
        context_length: 'max_seq_len',
        embedding_length: 'd_model',
        feed_forward_length: null,
        'attention.head_count': 'n_heads',
        'attention.head_count_kv': null,
        'attention.layer_norm_epsilon': 'layer_norm_epsilon',
        'attention.clamp_kqv': null,
        'attention.max_alibi_bias': null,
      },
      more: ({ metadata, keyOf }) => {
        const most = metadata.number(keyOf('attention.max_alibi_bias')) ?? 0;
        const clip = metadata.number(keyOf('attention.clamp_kqv')) ?? null;
        return { attn_config: { alibi: most > 0, ...(most > 0 ? { alibi_bias_max: most } : {}), clip_qkv: clip } };
      },
    },
    // OLMo 3 has windows, and OLMo 2 has none.
    olmo2: {
      family: ({ metadata, keyOf }) => (metadata.value(keyOf(WINDOW)) === undefined ? 'olmo2' : 'olmo3'),
      fields: { 'attention.sliding_window_pattern': null },
      present: { attention_bias: 'blk.0.attn_q.bias' },
      more: windowedLayers,
    },
    phi2: { family: 'phi' },
    phi3: { family: 'phi3' },
    qwen2: { family: 'qwen2', more: statedGroups },
    qwen3: { family: 'qwen3', present: { attention_bias: 'blk.0.attn_q.bias' }, more: statedGroups },
    smollm3: {
      family: 'smollm3',
      more: statedGroups,
      present: { attention_bias: 'blk.0.attn_q.bias', mlp_bias: 'blk.0.ffn_up.bias' },
      rotaryPairs: 'neighbours',
    },
    stablelm: {
      family: 'stablelm',
      // What converters say of it depends on their age; the second norm is there where it is false.
      fields: { use_parallel_residual: null },
      present: { use_qkv_bias: 'blk.0.attn_q.bias', qk_layernorm: 'blk.0.attn_q_norm.weight' },
      more: (file) => ({ ...statedGroups(file), use_parallel_residual: !file.has('blk.0.ffn_norm.weight') }),
    },
    starcoder2: {
      family: 'starcoder2',
      more: statedGroups,
      fields: { 'attention.layer_norm_epsilon': 'norm_epsilon' },
      present: { use_bias: 'blk.0.attn_q.bias' },
    },
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
  'attention.max_alibi_bias': 'use_alibi',
  'rope.freq_base': 'rope_theta',
};

/** Where the file says nothing of key/value heads there are as many as query heads: null in config.json, which has a default of its own for what is absent. */
function statedGroups({ metadata, keyOf }: GgufFacts): Readonly<Record<string, unknown>> {
  return metadata.value(keyOf('attention.head_count_kv')) === undefined ? { num_key_value_heads: null } : {};
}

const TOKEN_TYPES = 'token_types.weight';
const WINDOW = 'attention.sliding_window';

/** RoBERTa, which is told by its tokenizer, counts no positions for the padding. */
function withoutPlaceOfPadding(config: TransformerConfig, { metadata }: GgufFacts): TransformerConfig {
  const padding = metadata.integer('tokenizer.ggml.padding_token_id');
  const wordPieces = (metadata.text('tokenizer.ggml.model') ?? 'bert') === 'bert';
  if (wordPieces || padding === undefined || config.positions.kind !== 'learned') return config;
  return { ...config, positions: { ...config.positions, unplaced: padding } };
}

/** The converter stores 1 + w of Gemma's norms. */
function withFoldedNorms(config: TransformerConfig): TransformerConfig {
  return { ...config, norm: { ...config.norm, offset: 0 } };
}

/** What Gemma's scores are divided by the root of: the width of a head, in the largest model of the generation the width's share of one. */
function queryScalar({ metadata, keyOf }: GgufFacts, layersOfLargest: number): number | undefined {
  const sizes = ['embedding_length', 'attention.head_count'].map((key) => metadata.integer(keyOf(key)));
  const [D, H] = sizes;
  if (metadata.integer(keyOf('block_count')) === layersOfLargest && D !== undefined && H !== undefined) return D / H;
  return metadata.integer(keyOf('attention.key_length'));
}

/** `layer_types`, where the file lists the windowed layers; the pattern, where it gives a number. */
function windowedLayers({ metadata, keyOf }: GgufFacts): Readonly<Record<string, unknown>> {
  const key = keyOf('attention.sliding_window_pattern');
  const found = metadata.value(key);
  if (found === undefined) return {};
  if (found.type !== 'array') return { sliding_window_pattern: metadata.integer(key) };
  return { layer_types: metadata.flags(key)!.map((windowed) => (windowed ? 'sliding_attention' : 'full_attention')) };
}
