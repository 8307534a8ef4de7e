import { isJsonObject } from '../../../formats/json.ts';
import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/** Most classes of a classifier; a larger number means a damaged file. */
const MOST_CLASSES = 1 << 20;

/**
 * A classifier as Vaswani et al. place their norms: learned embeddings and positions, blocks x = norm(x + f(x)) in which every
 * token sees the whole text, and classes read at the first token by an affine map. Matrices are stored [out, in]. A family of this
 * package's own, written by `encoderFiles`.
 *
 * @source A. Vaswani et al., arXiv 1706.03762, §3.1 (post-norm); QLens paper, section 5.1.
 */
export const postNormEncoder: ModelFamily = {
  architectures: ['PostNormEncoderForSequenceClassification'],
  config: encoderConfig,
  tensors: [
    ['embeddings.word', 'embedding'],
    ['embeddings.position', 'positions'],
    ['layers.#.attention.query', 'q'],
    ['layers.#.attention.key', 'k'],
    ['layers.#.attention.value', 'v'],
    ['layers.#.attention.output', 'out'],
    ['layers.#.attention_norm', 'norm1'],
    ['layers.#.mlp.in', 'pre'],
    ['layers.#.mlp.out', 'down'],
    ['layers.#.mlp_norm', 'norm2'],
    ['classifier', 'unembedding'],
  ],
};

function encoderConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_hidden_layers', 'num_attention_heads']);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions);
  const { bosId: firstId, eosIds } = specialTokens(fields, V, warn);
  return {
    ...PLAIN_WIRING,
    classes: classNames(fields),
    causal: false,
    normPlacement: 'post',
    finalNorm: false,
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_eps', 1e-5), offset: 0, bias: true },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'relu'),
    gated: false,
    positions: { kind: 'learned', firstRow: 0 },
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: false,
    biases: { qkv: true, attentionOut: true, mlp: true, head: false },
    bosId: firstId,
    eosIds,
  };
}

/** `id2label`: an object with the keys 0, 1, … and a text for each. */
function classNames(fields: ConfigFields): string[] {
  const names = fields.value('id2label');
  const count = isJsonObject(names) ? Object.keys(names).length : 0;
  if (count < 2 || count > MOST_CLASSES) throw fields.fault('id2label', 'name two classes or more', names);
  return Array.from({ length: count }, (_, id) => {
    const name = (names as Record<string, unknown>)[String(id)];
    if (typeof name !== 'string') throw fields.fault('id2label', `name class ${id}`, names);
    return name;
  });
}
