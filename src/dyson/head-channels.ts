import type { RealBlock } from '../backend/memory.ts';
import type { FrozenOperators } from './frozen-operators.ts';
import { FrozenSublayer } from './frozen-sublayer.ts';
import { type AttentionOf, HeadCuts, headName } from './head-cuts.ts';

/** One way through a step: y = V x, and B where it starts a path. */
export interface Channel {
  /** `blocks.{i}.attn.head.{h}`, `blocks.{i}.attn.bias`, `blocks.{i}.attn.norm`, `blocks.{i}.mlp`. */
  readonly name: string;
  /** null for a bias alone, which no path passes through. */
  readonly map: Pick<FrozenSublayer, 'apply' | 'applyAdjoint' | 'gain'> | null;
  /** y = B of this channel. */
  readonly bias: (y: RealBlock) => void;
}

/**
 * Steps cut into their channels: V_attn = Σ_h V^(h), each head with the weights and the pattern of its own; an MLP is one channel.
 * The bias of the attention's output belongs to no head and is a channel by itself, which can only start a path; with it goes the β of a norm N
 * that follows attention before its output is added, where the heads are V^(h) = N U_h. Where N follows the sum,
 * V = N(1 + Σ_h U_h) − 1 = Σ_h N U_h + (N − 1): the heads are the same, and N − 1, with that bias and β, is one more channel.
 *
 * Heads need W_V and W_O cut head by head, or a few heads together where blocks of stored numbers reach over them: copies of the weights, made sublayer by sublayer when they are asked for, and held until {@link release}. Of
 * a model whose weights are read from files only a few sublayers are held at a time. The sublayers are borrowed.
 *
 * @source Dyson paper, §III.4.
 */
export class HeadChannels {
  /** The frozen sublayers that are cut; borrowed. */
  readonly operators: FrozenOperators;
  /** Channels of each step. */
  readonly steps: readonly (readonly Channel[])[];
  readonly #cuts: HeadCuts;

  constructor(operators: FrozenOperators) {
    this.operators = operators;
    this.#cuts = new HeadCuts(operators);
    this.steps = operators.steps.map((sublayers) =>
      sublayers.flatMap((sublayer) =>
        sublayer.parts.kind === 'attention' ? this.#channels(sublayer.parts) : [wholeChannel(sublayer)],
      ),
    );
  }

  /** Gives the copies back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#cuts.release();
  }

  #channels(parts: AttentionOf): Channel[] {
    const { model, trace, T } = this.operators;
    const { out, after, sum, factor } = parts;
    const channels = Array.from({ length: parts.H }, (_, h) => {
      const head = () => this.#cuts.of(parts)[h]!;
      return wholeChannel({
        name: headName(parts, h),
        apply: (x, y, states) => head().apply(x, y, states),
        applyAdjoint: (x, y, states) => head().applyAdjoint(x, y, states),
        bias: (y) => head().bias(y),
        gain: () => head().gain(),
      });
    });
    const { bias } = out;
    const name = `${parts.name}.${sum ? 'norm' : 'bias'}`;
    const frame = { before: null, after, sum, factor };
    const rest = new FrozenSublayer(model, trace.precision, T, { kind: 'bias', bias, name, ...frame });
    if (sum) return [...channels, wholeChannel(rest)];
    if (bias === null && (after === null || after.norm.beta === null)) return channels;
    return [...channels, { name, map: null, bias: (y) => rest.bias(y) }];
  }
}

/** A sublayer as its own only channel. */
export function wholeChannel(
  sublayer: Pick<FrozenSublayer, 'name' | 'apply' | 'applyAdjoint' | 'bias' | 'gain'>,
): Channel {
  return { name: sublayer.name, map: sublayer, bias: (y) => sublayer.bias(y) };
}
