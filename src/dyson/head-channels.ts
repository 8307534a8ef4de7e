import type { Allocator, Holding, RealBlock } from '../backend/memory.ts';
import type { LinearWeights } from '../transformer/weights.ts';
import type { AttentionParts } from './frozen-body.ts';
import type { FrozenOperators } from './frozen-operators.ts';
import { type FrozenParts, FrozenSublayer } from './frozen-sublayer.ts';
import { type Part, partOf } from './matrix-part.ts';

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
 * Heads need W_V and W_O cut head by head: copies of the weights, held until {@link release}. The sublayers are borrowed.
 *
 * @source Dyson paper, §III.4.
 */
export class HeadChannels {
  /** The frozen sublayers that are cut; borrowed. */
  readonly operators: FrozenOperators;
  /** Channels of each step. */
  readonly steps: readonly (readonly Channel[])[];
  readonly #hold: Holding;

  constructor(operators: FrozenOperators) {
    this.operators = operators;
    const { memory } = operators.model.backend;
    [this.#hold, this.steps] = memory.scope((keep) => {
      const hold = keep(memory.hold());
      const steps = operators.steps.map((sublayers) =>
        sublayers.flatMap((sublayer) =>
          sublayer.parts.kind === 'attention' ? this.#heads(sublayer.parts, hold) : [wholeChannel(sublayer)],
        ),
      );
      return [hold, steps];
    });
  }

  /** Gives the copies back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#hold.release();
  }

  #heads(parts: FrozenParts & AttentionParts, hold: Allocator): Channel[] {
    const { model, trace, T } = this.operators;
    const { v, out, pattern, cut, H, G } = parts;
    const K = v.n / G;
    const copy = (source: LinearWeights, part: Part) => partOf(model.backend, hold, source, part);
    const values = Array.from({ length: G }, (_, g) => {
      const part = copy(v, { firstRow: 0, k: v.k, firstColumn: g * K, n: K });
      return { ...part, bias: v.bias === null ? null : v.bias.part(g * K, K) };
    });
    const cuts = Array.from({ length: G }, (_, g) =>
      cut === null ? null : columnsOfRows(cut, hold.allocate(trace.precision, T * K) as RealBlock, G * K, g * K),
    );
    const { after, sum, factor } = parts;
    const afterHead = after === null ? null : { ...after, norm: { ...after.norm, beta: null } };
    const channels = Array.from({ length: H }, (_, h) =>
      wholeChannel(
        new FrozenSublayer(model, trace.precision, T, {
          ...parts,
          after: afterHead,
          sum: false,
          name: `${parts.name}.head.${h}`,
          v: values[Math.floor((h * G) / H)]!,
          out: copy(out, { firstRow: h * K, k: K, firstColumn: 0, n: out.n }),
          pattern: pattern.part(h * T * T, T * T),
          cut: cuts[Math.floor((h * G) / H)]!,
          H: 1,
          G: 1,
        }),
      ),
    );
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

/** Columns `first` … of rows of `width` numbers, as many as fill the block. */
function columnsOfRows(source: RealBlock, block: RealBlock, width: number, first: number): RealBlock {
  const [from, to] = [source.view(), block.view()];
  const K = (to.length * width) / from.length;
  for (let i = 0; i < to.length; i++) to[i] = from[Math.floor(i / K) * width + first + (i % K)]!;
  return block;
}
