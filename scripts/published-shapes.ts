/** Shapes, names and config.json of published checkpoints, for random ones of the same size. */

/** Sizes along each axis. */
export type Shape = readonly number[];

/** A published checkpoint without its numbers. */
export interface Model {
  readonly config: Readonly<Record<string, unknown>>;
  readonly V: number;
  /** Id of <|endoftext|>. */
  readonly endId: number;
  readonly dtype: 'F32' | 'BF16';
  readonly tensors: readonly (readonly [name: string, shape: Shape])[];
  /** Old checkpoints have headers of any length; newer ones are padded to a multiple of 8. */
  readonly paddedHeader: boolean;
}

/** openai-community/gpt2: 124,439,808 weights, 548 MB with its mask buffers, header not padded; or with another number of layers. */
function gpt2Small(L = 12): Model {
  const [V, D, P] = [50257, 768, 1024];
  const layers = Array.from({ length: L }, (_, i): [string, Shape][] => [
    [`h.${i}.attn.bias`, [1, 1, P, P]],
    [`h.${i}.attn.c_attn.bias`, [3 * D]],
    [`h.${i}.attn.c_attn.weight`, [D, 3 * D]],
    [`h.${i}.attn.c_proj.bias`, [D]],
    [`h.${i}.attn.c_proj.weight`, [D, D]],
    [`h.${i}.ln_1.bias`, [D]],
    [`h.${i}.ln_1.weight`, [D]],
    [`h.${i}.ln_2.bias`, [D]],
    [`h.${i}.ln_2.weight`, [D]],
    [`h.${i}.mlp.c_fc.bias`, [4 * D]],
    [`h.${i}.mlp.c_fc.weight`, [D, 4 * D]],
    [`h.${i}.mlp.c_proj.bias`, [D]],
    [`h.${i}.mlp.c_proj.weight`, [4 * D, D]],
  ]);
  return {
    V,
    endId: V - 1,
    dtype: 'F32',
    paddedHeader: false,
    tensors: byName([
      ...layers.flat(),
      ['ln_f.bias', [D]],
      ['ln_f.weight', [D]],
      ['wpe.weight', [P, D]],
      ['wte.weight', [V, D]],
    ]),
    config: {
      activation_function: 'gelu_new',
      architectures: ['GPT2LMHeadModel'],
      attn_pdrop: 0.1,
      bos_token_id: 50256,
      embd_pdrop: 0.1,
      eos_token_id: 50256,
      initializer_range: 0.02,
      layer_norm_epsilon: 1e-5,
      model_type: 'gpt2',
      n_ctx: P,
      n_embd: D,
      n_head: 12,
      n_layer: L,
      n_positions: P,
      resid_pdrop: 0.1,
      summary_activation: null,
      summary_first_dropout: 0.1,
      summary_proj_to_labels: true,
      summary_type: 'cls_index',
      summary_use_proj: true,
      vocab_size: V,
    },
  };
}

/** HuggingFaceTB/SmolLM2-135M: 134,515,008 weights, 269 MB. */
function smolLm2(): Model {
  const [V, D, L, G, K, F] = [49152, 576, 30, 3, 64, 1536];
  return {
    V,
    endId: 0,
    dtype: 'BF16',
    paddedHeader: true,
    tensors: llamaTensors({ V, D, L, H: 9, G, K, F }),
    config: {
      architectures: ['LlamaForCausalLM'],
      attention_bias: false,
      attention_dropout: 0,
      bos_token_id: 0,
      eos_token_id: 0,
      hidden_act: 'silu',
      hidden_size: D,
      initializer_range: 0.041666666666666664,
      intermediate_size: F,
      is_llama_config: true,
      max_position_embeddings: 8192,
      model_type: 'llama',
      num_attention_heads: 9,
      num_hidden_layers: L,
      num_key_value_heads: G,
      pretraining_tp: 1,
      rms_norm_eps: 1e-5,
      rope_interleaved: false,
      rope_scaling: null,
      rope_theta: 100000,
      tie_word_embeddings: true,
      torch_dtype: 'bfloat16',
      transformers_version: '4.40.1',
      use_cache: true,
      vocab_size: V,
    },
  };
}

/** Sizes of a model with Llama's tensors. */
interface LlamaSizes {
  readonly V: number;
  readonly D: number;
  readonly L: number;
  readonly H: number;
  readonly G: number;
  readonly K: number;
  readonly F: number;
}

/** The tensors of such a model, with norms of queries and keys or without, with norms about the MLP (Gemma 2) or without, with a head of its own or tied. */
function llamaTensors(
  { V, D, L, H, G, K, F }: LlamaSizes,
  { headNorms = false, sandwich = false, tied = true } = {},
): Model['tensors'] {
  const layers = Array.from({ length: L }, (_, i): [string, Shape][] => [
    [`model.layers.${i}.input_layernorm.weight`, [D]],
    [`model.layers.${i}.mlp.down_proj.weight`, [D, F]],
    [`model.layers.${i}.mlp.gate_proj.weight`, [F, D]],
    [`model.layers.${i}.mlp.up_proj.weight`, [F, D]],
    [`model.layers.${i}.post_attention_layernorm.weight`, [D]],
    [`model.layers.${i}.self_attn.k_proj.weight`, [G * K, D]],
    [`model.layers.${i}.self_attn.o_proj.weight`, [D, H * K]],
    [`model.layers.${i}.self_attn.q_proj.weight`, [H * K, D]],
    [`model.layers.${i}.self_attn.v_proj.weight`, [G * K, D]],
    ...(headNorms ? ['q', 'k'] : []).map((part): [string, Shape] => [
      `model.layers.${i}.self_attn.${part}_norm.weight`,
      [K],
    ]),
    ...(sandwich ? ['pre', 'post'] : []).map((place): [string, Shape] => [
      `model.layers.${i}.${place}_feedforward_layernorm.weight`,
      [D],
    ]),
  ]);
  const head: [string, Shape][] = tied ? [] : [['lm_head.weight', [V, D]]];
  return byName([['model.embed_tokens.weight', [V, D]], ...head, ...layers.flat(), ['model.norm.weight', [D]]]);
}

/** Fields of config.json that models with Llama's tensors share. */
function llamaFields({ V, D, L, H, G, K, F }: LlamaSizes) {
  return {
    attention_bias: false,
    attention_dropout: 0,
    head_dim: K,
    hidden_act: 'silu',
    hidden_size: D,
    initializer_range: 0.02,
    intermediate_size: F,
    num_attention_heads: H,
    num_hidden_layers: L,
    num_key_value_heads: G,
    tie_word_embeddings: true,
    torch_dtype: 'bfloat16',
    use_cache: true,
    vocab_size: V,
  };
}

/** meta-llama/Llama-3.2-1B: 1,235,814,400 weights. */
function llama1b(): Model {
  return llama3({ V: 128256, D: 2048, L: 16, H: 32, G: 8, K: 64, F: 8192 }, 32, true);
}

/** meta-llama/Llama-3.1-8B: 8,030,261,248 weights. */
function llama8b(): Model {
  return llama3({ V: 128256, D: 4096, L: 32, H: 32, G: 8, K: 128, F: 14336 }, 8, false);
}

function llama3(sizes: LlamaSizes, factor: number, tied: boolean): Model {
  return {
    V: sizes.V,
    endId: 128001,
    dtype: 'BF16',
    paddedHeader: true,
    tensors: llamaTensors(sizes, { tied }),
    config: {
      ...llamaFields(sizes),
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      bos_token_id: 128000,
      eos_token_id: 128001,
      max_position_embeddings: 131072,
      mlp_bias: false,
      rms_norm_eps: 1e-5,
      rope_scaling: {
        factor,
        high_freq_factor: 4,
        low_freq_factor: 1,
        original_max_position_embeddings: 8192,
        rope_type: 'llama3',
      },
      rope_theta: 500000,
      tie_word_embeddings: tied,
    },
  };
}

/** Qwen/Qwen3-1.7B: 1,720,574,976 weights. */
function qwen3(): Model {
  const sizes = { V: 151936, D: 2048, L: 28, H: 16, G: 8, K: 128, F: 6144 };
  return {
    V: sizes.V,
    endId: 151645,
    dtype: 'BF16',
    paddedHeader: true,
    tensors: llamaTensors(sizes, { headNorms: true }),
    config: {
      ...llamaFields(sizes),
      architectures: ['Qwen3ForCausalLM'],
      model_type: 'qwen3',
      bos_token_id: 151643,
      eos_token_id: 151645,
      max_position_embeddings: 40960,
      rms_norm_eps: 1e-6,
      rope_scaling: null,
      rope_theta: 1000000,
      sliding_window: null,
      use_sliding_window: false,
    },
  };
}

/** google/gemma-2-2b: 2,614,341,888 weights, stored as BF16 here as in its -it. */
function gemma2(): Model {
  const sizes = { V: 256000, D: 2304, L: 26, H: 8, G: 4, K: 256, F: 9216 };
  return {
    V: sizes.V,
    endId: 1,
    dtype: 'BF16',
    paddedHeader: true,
    tensors: llamaTensors(sizes, { sandwich: true }),
    config: {
      ...llamaFields(sizes),
      architectures: ['Gemma2ForCausalLM'],
      model_type: 'gemma2',
      attn_logit_softcapping: 50,
      bos_token_id: 2,
      cache_implementation: 'hybrid',
      eos_token_id: 1,
      final_logit_softcapping: 30,
      hidden_act: 'gelu_pytorch_tanh',
      hidden_activation: 'gelu_pytorch_tanh',
      max_position_embeddings: 8192,
      pad_token_id: 0,
      query_pre_attn_scalar: 256,
      rms_norm_eps: 1e-6,
      rope_theta: 10000,
      sliding_window: 4096,
    },
  };
}

/** EleutherAI/pythia-160m: 162,322,944 weights, stored as F32 here. */
function pythia(): Model {
  const [V, D, L] = [50304, 768, 12];
  const layers = Array.from({ length: L }, (_, i) => `gpt_neox.layers.${i}`).flatMap((layer): [string, Shape][] => [
    [`${layer}.attention.dense.bias`, [D]],
    [`${layer}.attention.dense.weight`, [D, D]],
    [`${layer}.attention.query_key_value.bias`, [3 * D]],
    [`${layer}.attention.query_key_value.weight`, [3 * D, D]],
    [`${layer}.input_layernorm.bias`, [D]],
    [`${layer}.input_layernorm.weight`, [D]],
    [`${layer}.mlp.dense_4h_to_h.bias`, [D]],
    [`${layer}.mlp.dense_4h_to_h.weight`, [D, 4 * D]],
    [`${layer}.mlp.dense_h_to_4h.bias`, [4 * D]],
    [`${layer}.mlp.dense_h_to_4h.weight`, [4 * D, D]],
    [`${layer}.post_attention_layernorm.bias`, [D]],
    [`${layer}.post_attention_layernorm.weight`, [D]],
  ]);
  return {
    V,
    endId: 0,
    dtype: 'F32',
    paddedHeader: true,
    tensors: byName([
      ['embed_out.weight', [V, D]],
      ['gpt_neox.embed_in.weight', [V, D]],
      ['gpt_neox.final_layer_norm.bias', [D]],
      ['gpt_neox.final_layer_norm.weight', [D]],
      ...layers,
    ]),
    config: {
      architectures: ['GPTNeoXForCausalLM'],
      bos_token_id: 0,
      eos_token_id: 0,
      hidden_act: 'gelu',
      hidden_size: D,
      initializer_range: 0.02,
      intermediate_size: 4 * D,
      layer_norm_eps: 1e-5,
      max_position_embeddings: 2048,
      model_type: 'gpt_neox',
      num_attention_heads: 12,
      num_hidden_layers: L,
      rotary_emb_base: 10000,
      rotary_pct: 0.25,
      tie_word_embeddings: false,
      use_cache: true,
      use_parallel_residual: true,
      vocab_size: V,
    },
  };
}

/** By the names the command line uses. */
export const MODELS: ReadonlyMap<string, (layers?: number) => Model> = new Map([
  ['gpt2-small', gpt2Small],
  ['smollm2-135m', smolLm2],
  ['pythia-160m', pythia],
  ['llama-3.2-1b', llama1b],
  ['llama-3.1-8b', llama8b],
  ['qwen3-1.7b', qwen3],
  ['gemma-2-2b', gemma2],
]);

function byName(tensors: readonly [string, Shape][]): readonly [string, Shape][] {
  return [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
}
