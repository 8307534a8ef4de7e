import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { layeredRotary } from '../layered-rotary.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';
import { windowedLayers, windowsOf } from '../windows.ts';

/**
 * ModernBERT: an encoder with norms before the sublayers (none before the first), rotary positions of two bases, a gated MLP whose first half is activated, and every third
 * layer full; the tokens of the others see as far as half of `local_attention` to each side.
 *
 * @source B. Warner et al., arXiv:2412.13663; the documented fields of transformers' ModernBertConfig.
 */
export const modernBert: ModelFamily = {
  architectures: ['ModernBertForMaskedLM', 'ModernBertModel'],
  config: modernBertConfig,
  prefix: 'model.',
  tensors: [
    ['model.embeddings.tok_embeddings', 'embedding'],
    ['model.embeddings.norm', 'embeddingNorm'],
    ['model.layers.#.attn_norm', 'norm1'],
    ['model.layers.#.attn.Wqkv', ['q', 'k', 'v'], 'stacked'],
    ['model.layers.#.attn.Wo', 'out'],
    ['model.layers.#.mlp_norm', 'norm2'],
    ['model.layers.#.mlp.Wi', ['pre', 'up'], 'stacked'],
    ['model.layers.#.mlp.Wo', 'down'],
    ['model.final_norm', 'finalNorm'],
    ['head.dense', 'headDense'],
    ['head.norm', 'headNorm'],
    ['decoder', 'unembedding'],
  ],
};

const ROTARY = {
  full: { bases: ['global_rope_theta'], base: 160_000, shares: null },
  windowed: { bases: ['local_rope_theta'], base: 10_000, shares: null },
};

function modernBertConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_hidden_layers', 'num_attention_heads']);
  if (K % 2 !== 0)
    throw fields.fault('num_attention_heads', 'give heads of an even width, which rotary positions need', H);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 8192);
  const period = fields.size('global_attn_every_n_layers', LARGEST.layers, 3);
  const windowed = windowedLayers(fields, L, (layer) => layer % period !== 0);
  const reach = Math.floor(fields.size('local_attention', LARGEST.positions, 128) / 2);
  const positions = layeredRotary(fields, { L, K, maxPositions }, windowed, warn, ROTARY);
  const [qkv, mlp] = [fields.boolean('attention_bias', false), fields.boolean('mlp_bias', false)];
  fields.refuse([['is_decoder', (value) => value === false]]);
  fields.ignore([
    'classifier_pooling',
    'deterministic_flash_attn',
    'initializer_cutoff_factor',
    'mlp_dropout',
    'reference_compile',
    'repad_logits_with_grad',
    'sparse_pred_ignore_index',
    'sparse_prediction',
  ]);
  return {
    ...PLAIN_WIRING,
    causal: false,
    firstNorm: false,
    embeddingNorm: true,
    headTransform: {
      activation: fields.choice('classifier_activation', ACTIVATION_NAMES, 'gelu'),
      bias: fields.boolean('classifier_bias', false),
    },
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: {
      kind: 'layer',
      eps: fields.positive('norm_eps', 1e-5),
      offset: 0,
      bias: fields.boolean('norm_bias', false),
    },
    activation: fields.choice('hidden_activation', ACTIVATION_NAMES, 'gelu'),
    gated: true,
    positions,
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: windowsOf(windowed, reach + 1, maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv, attentionOut: qkv, mlp, head: fields.boolean('decoder_bias', true) },
    ...specialTokens(fields, V, warn),
  };
}
