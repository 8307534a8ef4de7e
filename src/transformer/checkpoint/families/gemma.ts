import type { Activation } from '../../../backend/contract/network.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * Gemma: as Llama, but RMSNorm multiplies by 1 + w, embeddings are multiplied by √D, heads have a width of their own, and the gate of the MLP is GELU in its
 * tanh form.
 *
 * @source Gemma team, arXiv:2403.08295, §2; the documented fields of transformers' GemmaConfig.
 */
export const gemma: ModelFamily = {
  architectures: ['GemmaForCausalLM', 'GemmaModel'],
  config: gemmaConfig,
  prefix: 'model.',
  spares: /^model\.(layers\.\d+\.self_attn\.)?rotary_emb\./,
  tensors: [
    ['model.embed_tokens', 'embedding'],
    ['model.layers.#.input_layernorm', 'norm1'],
    ['model.layers.#.self_attn.q_proj', 'q'],
    ['model.layers.#.self_attn.k_proj', 'k'],
    ['model.layers.#.self_attn.v_proj', 'v'],
    ['model.layers.#.self_attn.o_proj', 'out'],
    ['model.layers.#.post_attention_layernorm', 'norm2'],
    ['model.layers.#.mlp.gate_proj', 'pre'],
    ['model.layers.#.mlp.up_proj', 'up'],
    ['model.layers.#.mlp.down_proj', 'down'],
    ['model.norm', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

/** Plain `gelu` stands in the first releases, and means the tanh form there too. */
const GATES: ReadonlyMap<string, Activation> = new Map([
  ['gelu', 'gelu_tanh'],
  ['gelu_new', 'gelu_tanh'],
  ['gelu_pytorch_tanh', 'gelu_tanh'],
]);

function gemmaConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields, { G: 16, K: 256 });
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 8192);
  const bias = fields.boolean('attention_bias', false);
  fields.refuse([
    ['use_bidirectional_attention', (value) => value === false],
    ['sliding_window', () => false],
    ['window_size', () => false],
  ]);
  fields.choice('hidden_act', GATES, 'gelu_pytorch_tanh');
  return {
    classes: null,
    causal: true,
    ...PLAIN_WIRING,
    normPlacement: 'pre',
    residual: 'sequential',
    V,
    D,
    L,
    H,
    G,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'rms', eps: fields.positive('rms_norm_eps', 1e-6), offset: 1, bias: false },
    embeddingScale: Math.sqrt(D),
    activation: fields.choice('hidden_activation', GATES, 'gelu_pytorch_tanh'),
    gated: true,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: bias, attentionOut: bias, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}
