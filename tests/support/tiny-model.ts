/**
 * Small random models for tests. The tensors and their shapes are written down here a second time, on purpose: this is the
 * outside against which the readers are tested.
 */
import fc from 'fast-check';
import type { FloatType } from '../../src/transformer/checkpoint/checkpoint.ts';
import type { Family } from '../../src/transformer/checkpoint/family-table.ts';
import { roundedTo } from './stored-floats.ts';
import { TINY_ENCODERS, TINY_FAMILIES } from './tiny-families.ts';
import { type TinyFamily, usualSizes } from './tiny-shapes.ts';

export type { Family };

/** Classes of a tiny encoder. */
const CLASSES = ['very bad', 'bad', 'even', 'good', 'very good'];

/** What to build; every field has a default that gives a model of a few thousand weights. */
export interface TinyOptions {
  readonly family?: Family;
  readonly seed?: number;
  readonly V?: number;
  readonly D?: number;
  readonly L?: number;
  readonly H?: number;
  /** Llama, Mistral and Qwen2: key/value heads. */
  readonly G?: number;
  /** Llama, Mistral and Qwen2: head width, even; D/H if absent, and then head_dim is not written. */
  readonly K?: number;
  readonly F?: number;
  readonly maxPositions?: number;
  /** Positions that every second layer of GPT-Neo sees, every layer of Qwen2 but the first, and every layer of Mistral; Mistral none if absent. */
  readonly window?: number;
  /** GPT-NeoX: attention and MLP read the same stream; true if absent. */
  readonly parallel?: boolean;
  /** GPT-NeoX: coordinates of a head that turn, even; 2 if absent. */
  readonly rotary?: number;
  /** As config.json spells it: gelu_new, gelu, relu, silu, …. */
  readonly activation?: string;
  readonly dtype?: FloatType;
  readonly tied?: boolean;
  /** GPT-2: names with `transformer.`, GPT-NeoX with `gpt_neox.`; true if absent. */
  readonly prefix?: boolean;
  /** GPT-2: stores the mask buffers that old checkpoints carry. */
  readonly maskBuffers?: boolean;
  /** Llama, GPT-NeoX: biases on q, k, v and the output; Llama false if absent, GPT-NeoX true. */
  readonly attentionBias?: boolean;
  /** Llama: biases on the MLP. */
  readonly mlpBias?: boolean;
  /** Number of files; above 1 with an index. */
  readonly shards?: number;
  /** Spaces added to the headers, so that the data begin anywhere. */
  readonly headerPadding?: number;
  /** Factor on all random weights. */
  readonly scale?: number;
  /** Fields added to config.json or replacing those of the options; undefined removes one. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** false: no tokenizer.json. */
  readonly tokenizer?: boolean;
}

/** A weight by canonical name, with the values that the file holds after rounding to its type. */
export interface TinyTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The sizes of a tiny model. */
export type TinySizes = Required<Pick<TinyOptions, 'V' | 'D' | 'L' | 'H' | 'G' | 'K' | 'F' | 'maxPositions'>>;

/** Families with a number of key/value heads and a head width of their own. */
function hasGroupedHeads(family: Family | undefined): boolean {
  return family === 'llama' || family === 'mistral' || family === 'qwen2';
}

/** The sizes the options lead to. */
export function tinySizes(options: TinyOptions = {}): TinySizes {
  const { V = 31, D = 8, L = 2, H = 2, maxPositions = 16 } = options;
  const llama = hasGroupedHeads(options.family) || separate(options)?.grouped === true;
  const G = llama ? (options.G ?? H) : H;
  const K = llama ? (options.K ?? D / H) : D / H;
  return { V, D, L, H, G, K, F: separate(options)?.wide ? 4 * D : (options.F ?? (llama ? 12 : 4 * D)), maxPositions };
}

/** The families that are written down apart. */
const SEPARATE: ReadonlyMap<string, TinyFamily> = new Map(Object.entries({ ...TINY_FAMILIES, ...TINY_ENCODERS }));

function separate({ family = 'gpt2' }: TinyOptions): TinyFamily | undefined {
  return SEPARATE.get(family);
}

/** config.json. */
export function tinyConfig(options: TinyOptions = {}): Record<string, unknown> {
  const { V, D, L, H, K, F, maxPositions } = tinySizes(options);
  const common = {
    vocab_size: V,
    bos_token_id: V - 1,
    eos_token_id: V - 1,
    torch_dtype: TORCH_DTYPE[options.dtype ?? 'F32'],
  };
  const apart = separate(options);
  if (apart !== undefined) return { ...apart.config(options, tinySizes(options)), ...common, ...options.config };
  if (options.family === 'post_norm_encoder') return { ...encoderConfig(options), ...common, ...options.config };
  if (options.family === 'mistral') return { ...mistralConfig(options), ...common, ...options.config };
  if (options.family === 'qwen2') return { ...qwen2Config(options), ...common, ...options.config };
  const family =
    options.family === 'llama'
      ? {
          architectures: ['LlamaForCausalLM'],
          model_type: 'llama',
          ...usualSizes(tinySizes(options), options),
          rms_norm_eps: 1e-5,
          rope_theta: 10000,
          hidden_act: options.activation ?? 'silu',
          tie_word_embeddings: options.tied ?? false,
          attention_bias: options.attentionBias ?? false,
          mlp_bias: options.mlpBias ?? false,
        }
      : options.family === 'gpt_neo'
        ? {
            architectures: ['GPTNeoForCausalLM'],
            model_type: 'gpt_neo',
            hidden_size: D,
            num_layers: L,
            num_heads: H,
            intermediate_size: options.F ?? null,
            max_position_embeddings: maxPositions,
            attention_types: neoAttention(L),
            window_size: options.window ?? 3,
            layer_norm_epsilon: 1e-5,
            activation_function: options.activation ?? 'gelu_new',
            tie_word_embeddings: options.tied ?? true,
          }
        : options.family === 'gpt_neox'
          ? {
              architectures: ['GPTNeoXForCausalLM'],
              model_type: 'gpt_neox',
              hidden_size: D,
              num_hidden_layers: L,
              num_attention_heads: H,
              intermediate_size: F,
              max_position_embeddings: maxPositions,
              layer_norm_eps: 1e-5,
              hidden_act: options.activation ?? 'gelu',
              // Truncated to whole coordinates by the reader.
              rotary_pct: Math.min(1, ((options.rotary ?? 2) + 0.5) / K),
              rotary_emb_base: 10000,
              use_parallel_residual: options.parallel ?? true,
              tie_word_embeddings: options.tied ?? false,
              attention_bias: options.attentionBias ?? true,
            }
          : {
              architectures: ['GPT2LMHeadModel'],
              model_type: 'gpt2',
              n_embd: D,
              n_layer: L,
              n_head: H,
              n_inner: options.F ?? null,
              n_positions: maxPositions,
              n_ctx: maxPositions,
              layer_norm_epsilon: 1e-5,
              activation_function: options.activation ?? 'gelu_new',
              tie_word_embeddings: options.tied ?? true,
            };
  return { ...family, ...common, ...options.config };
}

function mistralConfig(options: TinyOptions): Record<string, unknown> {
  return {
    architectures: ['MistralForCausalLM'],
    model_type: 'mistral',
    ...usualSizes(tinySizes(options), options),
    sliding_window: options.window ?? null,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: options.activation ?? 'silu',
    tie_word_embeddings: options.tied ?? false,
  };
}

function qwen2Config(options: TinyOptions): Record<string, unknown> {
  return {
    architectures: ['Qwen2ForCausalLM'],
    model_type: 'qwen2',
    ...usualSizes(tinySizes(options), options),
    use_sliding_window: options.window !== undefined,
    sliding_window: options.window ?? 4,
    max_window_layers: 1,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: options.activation ?? 'silu',
    tie_word_embeddings: options.tied ?? false,
  };
}

function encoderConfig(options: TinyOptions): Record<string, unknown> {
  const { D, L, H, F, maxPositions } = tinySizes(options);
  return {
    architectures: ['PostNormEncoderForSequenceClassification'],
    model_type: 'post_norm_encoder',
    hidden_size: D,
    num_hidden_layers: L,
    num_attention_heads: H,
    intermediate_size: F,
    max_position_embeddings: maxPositions,
    layer_norm_eps: 1e-5,
    hidden_act: options.activation ?? 'relu',
    id2label: Object.fromEntries(CLASSES.entries()),
  };
}

/** global, local, global, … for L layers, as config.json spells it. */
function neoAttention(L: number): unknown[] {
  const pairs = [['global', 'local'], Math.floor(L / 2)];
  return [...(L > 1 ? [pairs] : []), ...(L % 2 === 1 ? [[['global'], 1]] : [])];
}

const TORCH_DTYPE: Readonly<Record<FloatType, string>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** The weights by canonical name, random from the seed; norms near 1, activations of order 1. */
export function tinyTensors(options: TinyOptions = {}): ReadonlyMap<string, TinyTensor> {
  const normal = normalNumbers(options.seed ?? 1);
  const tensors = new Map<string, TinyTensor>();
  const shapes =
    separate(options)?.shapes(options, tinySizes(options)) ?? SHAPES[(options.family ?? 'gpt2') as Together](options);
  for (const [name, shape] of shapes) {
    const fanIn = (options.family ?? 'gpt2') === 'gpt2' ? shape[0] : shape[1];
    const norm = /(norm|Norm|ln_\w+|norm_\w)\.weight$/.test(name);
    const spread =
      (options.scale ?? 1) *
      (/(wte|embed_tokens|embed_in|lm_head|embed_out|word|word_embeddings|tok_embeddings)\./.test(name)
        ? 0.5
        : norm || shape.length === 1
          ? 0.2
          : 1 / Math.sqrt(fanIn ?? 1));
    const values = Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () => (norm ? 1 : 0) + spread * normal(),
    );
    tensors.set(name, { name, shape, values: roundedTo(options.dtype ?? 'F32', values) });
  }
  return tensors;
}

function gpt2Shapes(options: TinyOptions): [string, number[]][] {
  const { V, D, L, F, maxPositions } = tinySizes(options);
  const layers = Array.from({ length: L }, (_, i): [string, number[]][] => [
    [`h.${i}.ln_1.weight`, [D]],
    [`h.${i}.ln_1.bias`, [D]],
    [`h.${i}.attn.c_attn.weight`, [D, 3 * D]],
    [`h.${i}.attn.c_attn.bias`, [3 * D]],
    [`h.${i}.attn.c_proj.weight`, [D, D]],
    [`h.${i}.attn.c_proj.bias`, [D]],
    [`h.${i}.ln_2.weight`, [D]],
    [`h.${i}.ln_2.bias`, [D]],
    [`h.${i}.mlp.c_fc.weight`, [D, F]],
    [`h.${i}.mlp.c_fc.bias`, [F]],
    [`h.${i}.mlp.c_proj.weight`, [F, D]],
    [`h.${i}.mlp.c_proj.bias`, [D]],
  ]);
  const head: [string, number[]][] = (options.tied ?? true) ? [] : [['lm_head.weight', [V, D]]];
  return [
    ['wte.weight', [V, D]],
    ['wpe.weight', [maxPositions, D]],
    ...layers.flat(),
    ['ln_f.weight', [D]],
    ['ln_f.bias', [D]],
    ...head,
  ];
}

function gptNeoShapes(options: TinyOptions): [string, number[]][] {
  const { V, D, L, F, maxPositions } = tinySizes(options);
  const layers = Array.from({ length: L }, (_, i): [string, number[]][] => [
    [`h.${i}.ln_1.weight`, [D]],
    [`h.${i}.ln_1.bias`, [D]],
    [`h.${i}.attn.attention.k_proj.weight`, [D, D]],
    [`h.${i}.attn.attention.v_proj.weight`, [D, D]],
    [`h.${i}.attn.attention.q_proj.weight`, [D, D]],
    [`h.${i}.attn.attention.out_proj.weight`, [D, D]],
    [`h.${i}.attn.attention.out_proj.bias`, [D]],
    [`h.${i}.ln_2.weight`, [D]],
    [`h.${i}.ln_2.bias`, [D]],
    [`h.${i}.mlp.c_fc.weight`, [F, D]],
    [`h.${i}.mlp.c_fc.bias`, [F]],
    [`h.${i}.mlp.c_proj.weight`, [D, F]],
    [`h.${i}.mlp.c_proj.bias`, [D]],
  ]);
  return [
    ['wte.weight', [V, D]],
    ['wpe.weight', [maxPositions, D]],
    ...layers.flat(),
    ['ln_f.weight', [D]],
    ['ln_f.bias', [D]],
    ...((options.tied ?? true) ? [] : [['lm_head.weight', [V, D]] as [string, number[]]]),
  ];
}

function gptNeoxShapes(options: TinyOptions): [string, number[]][] {
  const { V, D, L, F } = tinySizes(options);
  const affine = (name: string, weight: number[], bias = true): [string, number[]][] => [
    [`${name}.weight`, weight],
    ...(bias ? [[`${name}.bias`, weight.slice(0, 1)] as [string, number[]]] : []),
  ];
  const layers = Array.from({ length: L }, (_, i) => `gpt_neox.layers.${i}`).flatMap((layer) => [
    ...affine(`${layer}.input_layernorm`, [D]),
    ...affine(`${layer}.post_attention_layernorm`, [D]),
    ...affine(`${layer}.attention.query_key_value`, [3 * D, D], options.attentionBias),
    ...affine(`${layer}.attention.dense`, [D, D], options.attentionBias),
    ...affine(`${layer}.mlp.dense_h_to_4h`, [F, D]),
    ...affine(`${layer}.mlp.dense_4h_to_h`, [D, F]),
  ]);
  return [
    ['gpt_neox.embed_in.weight', [V, D]],
    ...layers,
    ...affine('gpt_neox.final_layer_norm', [D]),
    ...(options.tied ? [] : affine('embed_out', [V, D], false)),
  ];
}

function llamaShapes(options: TinyOptions): [string, number[]][] {
  return gatedShapes(options, options.attentionBias, options.attentionBias, options.mlpBias);
}

function qwen2Shapes(options: TinyOptions): [string, number[]][] {
  return gatedShapes(options, true, false, false);
}

function gatedShapes(options: TinyOptions, qkv?: boolean, out?: boolean, mlp?: boolean): [string, number[]][] {
  const { V, D, L, H, G, K, F } = tinySizes(options);
  const linear = (name: string, out: number, width: number, bias = false): [string, number[]][] => [
    [`${name}.weight`, [out, width]],
    ...(bias ? [[`${name}.bias`, [out]] as [string, number[]]] : []),
  ];
  const layers = Array.from({ length: L }, (_, i): [string, number[]][] => {
    const layer = `model.layers.${i}`;
    return [
      [`${layer}.input_layernorm.weight`, [D]],
      ...linear(`${layer}.self_attn.q_proj`, H * K, D, qkv),
      ...linear(`${layer}.self_attn.k_proj`, G * K, D, qkv),
      ...linear(`${layer}.self_attn.v_proj`, G * K, D, qkv),
      ...linear(`${layer}.self_attn.o_proj`, D, H * K, out),
      [`${layer}.post_attention_layernorm.weight`, [D]],
      ...linear(`${layer}.mlp.gate_proj`, F, D, mlp),
      ...linear(`${layer}.mlp.up_proj`, F, D, mlp),
      ...linear(`${layer}.mlp.down_proj`, D, F, mlp),
    ];
  });
  return [
    ...linear('model.embed_tokens', V, D),
    ...layers.flat(),
    ['model.norm.weight', [D]],
    ...(options.tied ? [] : linear('lm_head', V, D)),
  ];
}

function encoderShapes(options: TinyOptions): [string, number[]][] {
  const { V, D, L, F, maxPositions } = tinySizes(options);
  const affine = (name: string, weight: number[]): [string, number[]][] => [
    [`${name}.weight`, weight],
    [`${name}.bias`, weight.slice(0, 1)],
  ];
  const layers = Array.from({ length: L }, (_, i) => [
    ...['query', 'key', 'value', 'output'].flatMap((part) => affine(`layers.${i}.attention.${part}`, [D, D])),
    ...affine(`layers.${i}.attention_norm`, [D]),
    ...affine(`layers.${i}.mlp.in`, [F, D]),
    ...affine(`layers.${i}.mlp.out`, [D, F]),
    ...affine(`layers.${i}.mlp_norm`, [D]),
  ]);
  return [
    ['embeddings.word.weight', [V, D]],
    ['embeddings.position.weight', [maxPositions, D]],
    ...layers.flat(),
    ...affine('classifier', [CLASSES.length, D]),
  ];
}

type Together = Exclude<Family, keyof typeof TINY_FAMILIES | keyof typeof TINY_ENCODERS>;
const SHAPES: Readonly<Record<Together, (options: TinyOptions) => [string, number[]][]>> = {
  gpt2: gpt2Shapes,
  gpt_neo: gptNeoShapes,
  gpt_neox: gptNeoxShapes,
  llama: llamaShapes,
  mistral: (options) => gatedShapes(options),
  qwen2: qwen2Shapes,
  post_norm_encoder: encoderShapes,
};

/** Random configurations of one family for property tests: any heads, widths, biases, types, activations. */
export function arbitraryTiny(family: Family): fc.Arbitrary<TinyOptions> {
  return fc
    .record({
      seed: fc.integer({ min: 1, max: 1 << 30 }),
      V: fc.integer({ min: 3, max: 40 }),
      L: fc.integer({ min: 1, max: 3 }),
      G: fc.integer({ min: 1, max: 3 }),
      group: fc.integer({ min: 1, max: 3 }),
      half: fc.integer({ min: 1, max: 4 }),
      F: fc.integer({ min: 1, max: 20 }),
      width: fc.integer({ min: 1, max: 17 }),
      window: fc.integer({ min: 1, max: 12 }),
      parallel: fc.boolean(),
      turning: fc.integer({ min: 1, max: 4 }),
      ownHeadWidth: fc.boolean(),
      dtype: fc.constantFrom<FloatType>('F32', 'F16', 'BF16'),
      tied: fc.boolean(),
      prefix: fc.boolean(),
      attentionBias: fc.boolean(),
      mlpBias: fc.boolean(),
      activation: fc.constantFrom('gelu_new', 'gelu', 'silu', 'relu'),
    })
    .map(({ G, group, half, width, turning, ownHeadWidth, ...rest }) => {
      const H = G * group;
      if (family === 'gpt_neox') return { ...rest, family, H, D: H * 2 * half, rotary: 2 * Math.min(turning, half) };
      const apart = separate({ family });
      if (apart !== undefined && !apart.grouped) {
        const heads = H * (apart.heads ?? 1);
        return { ...rest, family, H: heads, D: heads * 2 * half, rotary: 2 * Math.min(turning, half) };
      }
      if (!hasGroupedHeads(family) && apart === undefined) return { ...rest, family, H, D: H * half };
      return ownHeadWidth && apart?.even !== true
        ? { ...rest, family, H, G, K: 2 * half, D: width }
        : { ...rest, family, H, G, D: H * 2 * half };
    });
}

/** A random configuration of any of the families with a prompt of 1 to `longest` tokens. */
export function arbitraryPass(families: readonly Family[], longest: number) {
  return fc
    .constantFrom(...families)
    .chain((family) => arbitraryTiny(family))
    .chain((options) =>
      fc.record({
        options: fc.constant(options),
        // RoBERTa's padding has no position.
        ids: fc.array(
          fc.nat(tinySizes(options).V - 1).map((id) => (options.family === 'roberta' && id === 1 ? 0 : id)),
          { minLength: 1, maxLength: longest },
        ),
      }),
    );
}

/** Encoders that predict masked words. */
export const ENCODERS = Object.keys(TINY_ENCODERS) as (keyof typeof TINY_ENCODERS)[];
/** Every family, and those that predict the word that follows. */
export const LANGUAGE_MODELS: readonly Family[] = [
  'gpt2',
  'gpt_neo',
  'gpt_neox',
  'llama',
  'mistral',
  'qwen2',
  ...(Object.keys(TINY_FAMILIES) as (keyof typeof TINY_FAMILIES)[]),
];
export const FAMILIES: readonly Family[] = [...LANGUAGE_MODELS, ...ENCODERS, 'post_norm_encoder'];

/** Numbers of mean 0 and variance 1, near enough to normal (a sum of four uniform ones), the same on every machine. */
function normalNumbers(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
}
