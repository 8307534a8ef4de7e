import type { TransformerConfig } from '../config.ts';
import { ACTIVATION_NAMES } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import { evenSizes, type FamilyReader, LARGEST, type TensorPlan } from './family.ts';
import { specialTokens } from './special-tokens.ts';

/**
 * GPT-Neo: as GPT-2, but q, k and v are three projections without biases, matrices are stored [out, in], scores are not scaled,
 * and layers are `global` or `local`: a local one sees its last `window_size` positions only.
 *
 * @source S. Black, L. Gao, P. Wang, C. Leahy, S. Biderman, GPT-Neo (2021), doi 10.5281/zenodo.5297715, and the documented
 *   fields of transformers' GPTNeoConfig.
 */
export const GPT_NEO: FamilyReader = {
  architectures: ['GPTNeoForCausalLM', 'GPTNeoModel'],
  config: gptNeoConfig,
  plan: gptNeoPlan,
};

function gptNeoConfig(fields: ConfigFields, warn: (warning: string) => void): TransformerConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_layers', 'num_heads']);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 2048);
  const window = Math.min(fields.size('window_size', LARGEST.positions, 256), maxPositions);
  fields.refuse(['sliding_window', 'rope_scaling', 'rope_parameters', 'rope_theta'].map((name) => [name, () => false]));
  return {
    family: 'gpt_neo',
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
    F: fields.size('intermediate_size', LARGEST.width, 4 * D),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_epsilon', 1e-5) },
    activation: fields.choice('activation_function', ACTIVATION_NAMES, 'gelu_new'),
    gated: false,
    positions: { kind: 'learned' },
    attentionScale: new Array<number>(L).fill(1),
    attentionWindow: layerKinds(fields, L).map((kind) => (kind === 'local' ? window : maxPositions)),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: false, attentionOut: true, mlp: true },
    ...specialTokens(fields, V, warn),
  };
}

type LayerKind = 'global' | 'local';

/** `attention_types` written out, or `attention_layers` where it stands alone; both must say the same. */
function layerKinds(fields: ConfigFields, L: number): LayerKind[] {
  const listed = fields.value('attention_layers');
  const grouped = fields.value('attention_types') ?? (listed === undefined ? [[['global', 'local'], 12]] : undefined);
  const layers = listed === undefined ? null : kindsOf(fields, 'attention_layers', listed, L);
  if (grouped === undefined) return layers!;
  if (!Array.isArray(grouped) || !grouped.every(isGroup)) {
    throw fields.fault('attention_types', 'list groups of layers like [["global", "local"], 12]', grouped);
  }
  const total = grouped.reduce((sum, [kinds, times]) => sum + kinds.length * times, 0);
  if (total !== L) throw fields.fault('attention_types', `give num_layers = ${L} layers`, grouped);
  const written = grouped.flatMap(([kinds, times]) => Array.from({ length: times }, () => kinds).flat());
  const types = kindsOf(fields, 'attention_types', written, L);
  if (layers !== null && layers.join() !== types.join()) {
    throw fields.fault('attention_layers', 'say the same as attention_types', listed);
  }
  return types;
}

function isGroup(value: unknown): value is [unknown[], number] {
  const [kinds, times] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  return Array.isArray(kinds) && kinds.length > 0 && Number.isSafeInteger(times) && (times as number) > 0;
}

function kindsOf(fields: ConfigFields, name: string, kinds: unknown, L: number): LayerKind[] {
  if (!Array.isArray(kinds) || kinds.length !== L) throw fields.fault(name, `list num_layers = ${L} layers`, kinds);
  const unknown: unknown = kinds.find((kind) => kind !== 'global' && kind !== 'local');
  if (unknown !== undefined) throw fields.fault(name, 'name global and local layers only', unknown);
  return kinds as LayerKind[];
}

function gptNeoPlan({ V, D, L, F, maxPositions, tied }: TransformerConfig): TensorPlan {
  const shapes = new Map<string, readonly number[]>([
    ['wte.weight', [V, D]],
    ['wpe.weight', [maxPositions, D]],
  ]);
  const add = (name: string, weight: readonly number[]): void => {
    shapes.set(`${name}.weight`, weight);
    shapes.set(`${name}.bias`, weight.slice(0, 1));
  };
  for (let i = 0; i < L; i++) {
    add(`h.${i}.ln_1`, [D]);
    for (const name of ['q_proj', 'k_proj', 'v_proj']) shapes.set(`h.${i}.attn.attention.${name}.weight`, [D, D]);
    add(`h.${i}.attn.attention.out_proj`, [D, D]);
    add(`h.${i}.ln_2`, [D]);
    add(`h.${i}.mlp.c_fc`, [F, D]);
    add(`h.${i}.mlp.c_proj`, [D, F]);
  }
  add('ln_f', [D]);
  if (!tied) shapes.set('lm_head.weight', [V, D]);
  return {
    shapes,
    canonicalName: (stored) => (stored.startsWith('transformer.') ? stored.slice('transformer.'.length) : stored),
    isSpare: (name) =>
      /^h\.\d+\.attn\.attention\.(bias|masked_bias)$/.test(name) || (tied && name === 'lm_head.weight'),
    head: { embedding: 'wte.weight', unembedding: 'lm_head.weight' },
  };
}
