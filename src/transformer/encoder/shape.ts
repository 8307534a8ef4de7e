import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';

/** Sizes of a post-norm encoder: V tokens, width D, L blocks of H heads and MLP width F, P positions, C classes. */
export interface EncoderShape {
  /** Tokens. */
  readonly V: number;
  /** Width of the residual stream. */
  readonly D: number;
  /** Blocks. */
  readonly L: number;
  /** Heads of a block. */
  readonly H: number;
  /** Width of the MLP. */
  readonly F: number;
  /** Positions. */
  readonly P: number;
  /** Classes. */
  readonly C: number;
}

/** The model of the QLens paper's experiment: d = 12, one block of four heads, MLP 48, two classes. */
export const TOY_SHAPE = { D: 12, L: 1, H: 4, F: 48, C: 2 } as const;
export const NORM_EPS = 1e-5;

/** A tensor's place in the flat array of all parameters. */
export interface ParameterSlot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** An affine map stored [n, k]: y = x Wᵀ + b. */
export interface LinearSlot {
  readonly weight: number;
  readonly bias: number;
  readonly k: number;
  readonly n: number;
}

export interface NormSlot {
  readonly gamma: number;
  readonly beta: number;
}

export interface BlockSlots {
  readonly query: LinearSlot;
  readonly key: LinearSlot;
  readonly value: LinearSlot;
  readonly output: LinearSlot;
  readonly attentionNorm: NormSlot;
  readonly in: LinearSlot;
  readonly out: LinearSlot;
  readonly mlpNorm: NormSlot;
}

/** Where everything lies in the flat array of parameters, under the names of the checkpoint. */
export interface ParameterLayout {
  readonly tensors: readonly ParameterSlot[];
  readonly length: number;
  readonly words: number;
  readonly positions: number;
  readonly blocks: readonly BlockSlots[];
  readonly classifier: LinearSlot;
}

/** @throws DomainError for sizes below 1 or heads that do not divide D. */
export function layoutOf({ V, D, L, H, F, P, C }: EncoderShape): ParameterLayout {
  for (const [name, size] of Object.entries({ V, D, L, H, F, P, C })) checkInteger('layoutOf', name, size, 1);
  if (D % H !== 0) throw new DomainError(`layoutOf: H must divide D = ${D}, but it is ${H}.`);
  const tensors: ParameterSlot[] = [];
  let length = 0;
  const add = (name: string, shape: readonly number[]): number => {
    const offset = length;
    const size = shape.reduce((product, extent) => product * extent, 1);
    tensors.push({ name, shape, offset, length: size });
    length += size;
    return offset;
  };
  const linear = (name: string, n: number, k: number): LinearSlot => ({
    weight: add(`${name}.weight`, [n, k]),
    bias: add(`${name}.bias`, [n]),
    k,
    n,
  });
  const norm = (name: string): NormSlot => ({ gamma: add(`${name}.weight`, [D]), beta: add(`${name}.bias`, [D]) });
  const words = add('embeddings.word.weight', [V, D]);
  const positions = add('embeddings.position.weight', [P, D]);
  const blocks = Array.from({ length: L }, (_, i): BlockSlots => {
    const layer = `layers.${i}`;
    return {
      query: linear(`${layer}.attention.query`, D, D),
      key: linear(`${layer}.attention.key`, D, D),
      value: linear(`${layer}.attention.value`, D, D),
      output: linear(`${layer}.attention.output`, D, D),
      attentionNorm: norm(`${layer}.attention_norm`),
      in: linear(`${layer}.mlp.in`, F, D),
      out: linear(`${layer}.mlp.out`, D, F),
      mlpNorm: norm(`${layer}.mlp_norm`),
    };
  });
  return { tensors, words, positions, blocks, classifier: linear('classifier', C, D), length };
}
