import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * GPT-Neo: as GPT-2, but q, k and v are three projections without biases, matrices are stored [out, in], scores are not scaled,
 * and layers are `global` or `local`: a local one sees its last `window_size` positions only.
 *
 * @source S. Black, L. Gao, P. Wang, C. Leahy, S. Biderman, GPT-Neo (2021), doi 10.5281/zenodo.5297715, and the documented
 *   fields of transformers' GPTNeoConfig.
 */
export const gptNeo: ModelFamily = {
  architectures: ['GPTNeoForCausalLM', 'GPTNeoModel'],
  config: gptNeoConfig,
  prefix: 'transformer.',
  spares: /^h\.\d+\.attn\.attention\.(bias|masked_bias)$/,
  tensors: [
    ['wte', 'embedding'],
    ['wpe', 'positions'],
    ['h.#.ln_1', 'norm1'],
    ['h.#.attn.attention.q_proj', 'q'],
    ['h.#.attn.attention.k_proj', 'k'],
    ['h.#.attn.attention.v_proj', 'v'],
    ['h.#.attn.attention.out_proj', 'out'],
    ['h.#.ln_2', 'norm2'],
    ['h.#.mlp.c_fc', 'pre'],
    ['h.#.mlp.c_proj', 'down'],
    ['ln_f', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function gptNeoConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_layers', 'num_heads']);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 2048);
  const window = Math.min(fields.size('window_size', LARGEST.positions, 256), maxPositions);
  fields.refuse(['sliding_window', 'rope_scaling', 'rope_parameters', 'rope_theta'].map((name) => [name, () => false]));
  return {
    ...PLAIN_WIRING,
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('intermediate_size', LARGEST.width, 4 * D),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_epsilon', 1e-5), offset: 0, bias: true },
    activation: fields.choice('activation_function', ACTIVATION_NAMES, 'gelu_new'),
    gated: false,
    positions: { kind: 'learned', firstRow: 0 },
    attentionScale: new Array<number>(L).fill(1),
    attentionWindow: layerKinds(fields, L).map((kind) => (kind === 'local' ? window : maxPositions)),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: false, attentionOut: true, mlp: true, head: false },
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
