import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';
import { oneWindow } from '../windows.ts';

/**
 * StarCoder2: LayerNorm, rotary positions, grouped key/value heads, biases on every projection, an MLP of two matrices, and one window for all layers.
 *
 * @source A. Lozhkov et al., arXiv:2402.19173, §6.1; the documented fields of transformers' Starcoder2Config.
 */
export const starcoder2: ModelFamily = {
  architectures: ['Starcoder2ForCausalLM', 'Starcoder2Model'],
  config: starcoder2Config,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: [
    ['model.embed_tokens', 'embedding'],
    ['model.layers.#.input_layernorm', 'norm1'],
    ['model.layers.#.self_attn.q_proj', 'q'],
    ['model.layers.#.self_attn.k_proj', 'k'],
    ['model.layers.#.self_attn.v_proj', 'v'],
    ['model.layers.#.self_attn.o_proj', 'out'],
    ['model.layers.#.post_attention_layernorm', 'norm2'],
    ['model.layers.#.mlp.c_fc', 'pre'],
    ['model.layers.#.mlp.c_proj', 'down'],
    ['model.norm', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function starcoder2Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields, { G: 2 });
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 4096);
  const bias = fields.boolean('use_bias', true);
  fields.refuse([
    ['mlp_type', (value) => value === 'default'],
    ['norm_type', (value) => value === 'layer_norm'],
    ['scale_attn_weights', (value) => value === true],
    ['window_size', () => false],
  ]);
  // Early files name a second function and a second ε, which nothing reads.
  fields.ignore([
    'activation_function',
    'attention_softmax_in_fp32',
    'layer_norm_epsilon',
    'scale_attention_softmax_in_fp32',
  ]);
  return {
    ...PLAIN_WIRING,
    V,
    D,
    L,
    H,
    G,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('norm_epsilon', 1e-5), offset: 0, bias: true },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'gelu_pytorch_tanh'),
    gated: false,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(oneWindow(fields, maxPositions)),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: bias, attentionOut: bias, mlp: bias, head: false },
    ...specialTokens(fields, V, warn),
  };
}
