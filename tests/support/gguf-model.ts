/** Checkpoints in the Hub's layout as llama.cpp's converters would write them: its names, its order of rows, its keys. */
import { GGML_TYPES } from '../../src/formats/gguf/types.ts';
import { byteTokenizer, END_OF_TEXT } from './byte-tokenizer.ts';
import type { GgufEntry } from './gguf-file.ts';
import { type GgufParts, ggufBytes } from './gguf-file.ts';
import { dequantised, quantised } from './gguf-quantise.ts';
import type { TinyTensor } from './tiny-model.ts';

type Config = Readonly<Record<string, unknown>>;

const LAYER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  llama: {
    input_layernorm: 'attn_norm',
    'self_attn.q_proj': 'attn_q',
    'self_attn.k_proj': 'attn_k',
    'self_attn.v_proj': 'attn_v',
    'self_attn.o_proj': 'attn_output',
    post_attention_layernorm: 'ffn_norm',
    'mlp.gate_proj': 'ffn_gate',
    'mlp.up_proj': 'ffn_up',
    'mlp.down_proj': 'ffn_down',
  },
  gpt2: {
    ln_1: 'attn_norm',
    'attn.c_attn': 'attn_qkv',
    'attn.c_proj': 'attn_output',
    ln_2: 'ffn_norm',
    'mlp.c_fc': 'ffn_up',
    'mlp.c_proj': 'ffn_down',
  },
  gptneox: {
    input_layernorm: 'attn_norm',
    'attention.query_key_value': 'attn_qkv',
    'attention.dense': 'attn_output',
    post_attention_layernorm: 'ffn_norm',
    'mlp.dense_h_to_4h': 'ffn_up',
    'mlp.dense_4h_to_h': 'ffn_down',
  },
};

const OUTER_NAMES: Readonly<Record<string, string>> = {
  'model.embed_tokens': 'token_embd',
  'model.norm': 'output_norm',
  lm_head: 'output',
  wte: 'token_embd',
  wpe: 'position_embd',
  ln_f: 'output_norm',
  'gpt_neox.embed_in': 'token_embd',
  'gpt_neox.final_layer_norm': 'output_norm',
  embed_out: 'output',
};

const ARCHITECTURES: Readonly<Record<string, string>> = { gpt_neox: 'gptneox' };

/** What llama.cpp calls the family of a configuration. */
export function architectureOf({ model_type: family }: Config): string {
  return ARCHITECTURES[String(family)] ?? String(family);
}

/** The name that the converter gives a tensor. */
export function ggufName(name: string, architecture: string): string {
  const [, part, kind] = /^(.*)\.(weight|bias)$/.exec(name)!;
  const [, layer, inner] = /(?:^|\.)(?:h|layers)\.(\d+)\.(.*)$/.exec(part!) ?? [];
  const names = LAYER_NAMES[architecture === 'qwen2' ? 'llama' : architecture]!;
  return layer === undefined ? `${OUTER_NAMES[part!]}.${kind}` : `blk.${layer}.${names[inner!]}.${kind}`;
}

/** What the converter does with the numbers of a tensor: transposes them, moves its rows, or neither. */
export function isReordered(name: string, config: Config): 'transposed' | 'rows' | null {
  const architecture = architectureOf(config);
  if (architecture === 'gpt2') return /(c_attn|c_proj|c_fc)\.weight$/.test(name) ? 'transposed' : null;
  const moves = { llama: /[qk]_proj\./, gptneox: /query_key_value/ }[architecture];
  return moves?.test(name) ? 'rows' : null;
}

/** A tensor with the rows in the converter's order. Conv1D matrices are transposed, the rows of NeoX's q, k, v are grouped by part, Llama's q and k interleaved. */
export function converted({ name, shape, values }: TinyTensor, config: Config): TinyTensor {
  const architecture = architectureOf(config);
  const H = Number(config.num_attention_heads);
  const G = Number(config.num_key_value_heads ?? H);
  const renamed = ggufName(name, architecture);
  const change = isReordered(name, config);
  if (change === 'transposed') {
    const [rows, columns] = shape as [number, number];
    const turned = new Float32Array(values.length);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column]!;
    return { name: renamed, shape: [columns, rows], values: turned };
  }
  if (change === 'rows' && architecture === 'gptneox') {
    const K = shape[0]! / 3 / H;
    return {
      name: renamed,
      shape,
      values: permuted(values, shape[0]!, (row) => {
        const [part, head, c] = [Math.floor(row / (H * K)), Math.floor(row / K) % H, row % K];
        return (head * 3 + part) * K + c;
      }),
    };
  }
  if (change === 'rows') {
    const heads = name.includes('q_proj') ? H : G;
    const K = shape[0]! / heads;
    return {
      name: renamed,
      shape,
      values: permuted(values, shape[0]!, (row) => {
        const c = row % K;
        return row - c + (c % 2) * (K / 2) + Math.floor(c / 2);
      }),
    };
  }
  return { name: renamed, shape, values };
}

/** Rows taken from where `source` says. */
function permuted(values: Float32Array, rows: number, source: (row: number) => number): Float32Array {
  const width = values.length / rows;
  const moved = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const from = source(row) * width;
    moved.set(values.subarray(from, from + width), row * width);
  }
  return moved;
}

/** The metadata that the converter writes for a config.json. */
export function ggufEntries(config: Config): GgufEntry[] {
  const architecture = architectureOf(config);
  const number = (key: string, value: unknown, type: 'u32' | 'f32'): GgufEntry[] =>
    value === undefined || value === null ? [] : [[`${architecture}.${key}`, Number(value), type]];
  const D = Number(config.hidden_size ?? config.n_embd);
  const H = Number(config.num_attention_heads ?? config.n_head);
  const K = Number(config.head_dim ?? D / H);
  const share = architecture === 'gptneox' ? Number(config.rotary_pct) : 1;
  const entries: GgufEntry[] = [
    ['general.architecture', architecture],
    ['general.type', 'model'],
    ...number('block_count', config.num_hidden_layers ?? config.n_layer, 'u32'),
    ...number('context_length', config.max_position_embeddings ?? config.n_positions, 'u32'),
    ...number('embedding_length', D, 'u32'),
    ...number('feed_forward_length', config.intermediate_size ?? config.n_inner ?? 4 * D, 'u32'),
    ...number('attention.head_count', H, 'u32'),
    ...number('attention.head_count_kv', config.num_key_value_heads, 'u32'),
    ...number('attention.layer_norm_rms_epsilon', config.rms_norm_eps, 'f32'),
    ...number('attention.layer_norm_epsilon', config.layer_norm_epsilon ?? config.layer_norm_eps, 'f32'),
    ...number('rope.freq_base', config.rope_theta ?? config.rotary_emb_base, 'f32'),
    ...number('attention.key_length', config.head_dim, 'u32'),
    ...number('attention.value_length', config.head_dim, 'u32'),
    ...(architecture === 'gpt2' ? [] : number('rope.dimension_count', Math.trunc(share * K), 'u32')),
    ['tokenizer.ggml.bos_token_id', Number(config.bos_token_id), 'u32'],
    ['tokenizer.ggml.eos_token_id', Number(config.eos_token_id), 'u32'],
  ];
  if (architecture === 'gptneox')
    entries.push([`${architecture}.use_parallel_residual`, config.use_parallel_residual !== false]);
  return entries;
}

/** The type in which a tensor is stored where matrices are to have `dtype`: vectors, and rows that are no whole blocks, stay F32. */
export function storedType(shape: readonly number[], dtype: string): string {
  return shape.length > 1 && shape.at(-1)! % GGML_TYPES.get(dtype)!.elements === 0 ? dtype : 'F32';
}

/** A model as one file, and the numbers that its tensors then have, by the file's names. */
export function ggufModel(
  tensors: Iterable<TinyTensor>,
  config: Config,
  dtype = 'F32',
): { readonly bytes: Uint8Array; readonly numbers: ReadonlyMap<string, Float32Array> } {
  const parts = ggufParts(tensors, config, dtype);
  const numbers = new Map(parts.tensors.map(({ name, dtype: type, bytes }) => [name, dequantised(type, bytes)]));
  return { bytes: ggufBytes(parts), numbers };
}

/** The metadata and tensors of such a file. */
export function ggufParts(tensors: Iterable<TinyTensor>, config: Config, dtype = 'F32'): GgufParts {
  const stored = [...tensors].map((tensor) => {
    const { name, shape, values } = converted(tensor, config);
    const type = storedType(shape, dtype);
    return { name, dtype: type, shape, bytes: quantised(type, values) };
  });
  return { entries: ggufEntries(config), tensors: stored };
}

/** The metadata of a tokenizer of `V` tokens that knows the 256 bytes, or as many as there are. */
export function tokenizerEntries(V: number, endId = V - 1): GgufEntry[] {
  const { tokenizer } = byteTokenizer(V, endId) as { tokenizer: { model: { vocab: Record<string, number> } } };
  const tokens = Object.entries({ ...tokenizer.model.vocab, [END_OF_TEXT]: endId }).sort(([, a], [, b]) => a - b);
  return [
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.pre', 'gpt-2'],
    ['tokenizer.ggml.tokens', tokens.map(([token]) => token)],
    ['tokenizer.ggml.token_type', tokens.map((_, id) => (id === endId ? 3 : 1)), 'i32'],
    ['tokenizer.ggml.merges', []],
  ];
}
