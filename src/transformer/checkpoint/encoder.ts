import { isJsonObject } from '../../formats/json.ts';
import type { TransformerConfig } from '../config.ts';
import { ACTIVATION_NAMES } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import { evenSizes, type FamilyReader, LARGEST, type TensorPlan } from './family.ts';
import { specialTokens } from './special-tokens.ts';

/** Most classes of a classifier; a larger number means a damaged file. */
const MOST_CLASSES = 1 << 20;

/**
 * A classifier as Vaswani et al. place their norms: learned embeddings and positions, blocks x = norm(x + f(x)) in which every
 * token sees the whole text, and classes read at the first token by an affine map. Matrices are stored [out, in]. A family of this
 * package's own, written by `encoderFiles`.
 *
 * @source A. Vaswani et al., arXiv 1706.03762, §3.1 (post-norm); QLens paper, section 5.1.
 */
export const ENCODER: FamilyReader = {
  architectures: ['PostNormEncoderForSequenceClassification'],
  config: encoderConfig,
  plan: encoderPlan,
};

function encoderConfig(fields: ConfigFields, warn: (warning: string) => void): TransformerConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_hidden_layers', 'num_attention_heads']);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions);
  const { bosId: firstId, eosIds } = specialTokens(fields, V, warn);
  return {
    family: 'post_norm_encoder',
    classes: classNames(fields),
    causal: false,
    normPlacement: 'post',
    residual: 'sequential',
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_eps', 1e-5) },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'relu'),
    gated: false,
    positions: { kind: 'learned' },
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: false,
    biases: { qkv: true, attentionOut: true, mlp: true },
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

function encoderPlan({ V, D, L, F, maxPositions, classes }: TransformerConfig): TensorPlan {
  const shapes = new Map<string, readonly number[]>([
    ['embeddings.word.weight', [V, D]],
    ['embeddings.position.weight', [maxPositions, D]],
  ]);
  const add = (name: string, weight: readonly number[]): void => {
    shapes.set(`${name}.weight`, weight);
    shapes.set(`${name}.bias`, weight.slice(0, 1));
  };
  for (let i = 0; i < L; i++) {
    for (const name of ['query', 'key', 'value', 'output']) add(`layers.${i}.attention.${name}`, [D, D]);
    add(`layers.${i}.attention_norm`, [D]);
    add(`layers.${i}.mlp.in`, [F, D]);
    add(`layers.${i}.mlp.out`, [D, F]);
    add(`layers.${i}.mlp_norm`, [D]);
  }
  add('classifier', [classes!.length, D]);
  return { shapes, canonicalName: (stored) => stored, isSpare: () => false, head: null };
}
