import type { TransformerConfig } from '../config.ts';
import { ACTIVATION_NAMES } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import { evenSizes, type FamilyReader, LARGEST, type TensorPlan } from './family.ts';
import { specialTokens } from './special-tokens.ts';

/**
 * GPT-2: LayerNorm, learned positions, one fused q/k/v projection stored [in, out].
 *
 * @source Radford et al., “Language Models are Unsupervised Multitask Learners” (2019), and the documented fields of
 *   transformers' GPT2Config.
 */
export const GPT2: FamilyReader = {
  architectures: ['GPT2LMHeadModel', 'GPT2Model', 'GPT2DoubleHeadsModel'],
  config: gpt2Config,
  plan: gpt2Plan,
};

function gpt2Config(fields: ConfigFields, warn: (warning: string) => void): TransformerConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['n_embd', 'n_layer', 'n_head']);
  const scaled = fields.boolean('scale_attn_weights', true);
  const byLayer = fields.boolean('scale_attn_by_inverse_layer_idx', false);
  const context = fields.value('n_ctx');
  fields.refuse(
    ['sliding_window', 'window_size', 'rope_scaling', 'rope_parameters', 'rope_theta'].map((name) => [
      name,
      () => false,
    ]),
  );
  const maxPositions = fields.size('n_positions', LARGEST.positions, typeof context === 'number' ? context : undefined);
  return {
    family: 'gpt2',
    classes: null,
    causal: true,
    normPlacement: 'pre',
    residual: 'sequential',
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('n_inner', LARGEST.width, 4 * D),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_epsilon', 1e-5) },
    activation: fields.choice('activation_function', ACTIVATION_NAMES, 'gelu_new'),
    gated: false,
    positions: { kind: 'learned' },
    attentionScale: Array.from({ length: L }, (_, i) => (scaled ? 1 / Math.sqrt(K) : 1) / (byLayer ? i + 1 : 1)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: true, attentionOut: true, mlp: true },
    ...specialTokens(fields, V, warn),
  };
}

function gpt2Plan({ V, D, L, F, maxPositions, tied }: TransformerConfig): TensorPlan {
  const shapes = new Map<string, readonly number[]>([
    ['wte.weight', [V, D]],
    ['wpe.weight', [maxPositions, D]],
  ]);
  const add = (name: string, weight: readonly number[]): void => {
    shapes.set(`${name}.weight`, weight);
    shapes.set(`${name}.bias`, weight.slice(-1));
  };
  for (let i = 0; i < L; i++) {
    add(`h.${i}.ln_1`, [D]);
    add(`h.${i}.attn.c_attn`, [D, 3 * D]);
    add(`h.${i}.attn.c_proj`, [D, D]);
    add(`h.${i}.ln_2`, [D]);
    add(`h.${i}.mlp.c_fc`, [D, F]);
    add(`h.${i}.mlp.c_proj`, [F, D]);
  }
  add('ln_f', [D]);
  if (!tied) shapes.set('lm_head.weight', [V, D]);
  return {
    shapes,
    canonicalName: (stored) => (stored.startsWith('transformer.') ? stored.slice('transformer.'.length) : stored),
    isSpare: (name) => /^h\.\d+\.attn\.(bias|masked_bias)$/.test(name) || (tied && name === 'lm_head.weight'),
    head: { embedding: 'wte.weight', unembedding: 'lm_head.weight' },
  };
}
