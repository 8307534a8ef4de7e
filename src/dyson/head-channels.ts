import { blockOf } from '../backend/contract/weights.ts';
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
 * Heads need W_V and W_O cut head by head, or a few heads together where blocks of stored numbers reach over them: copies of the weights, held until {@link release}. The sublayers are borrowed.
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
    const together = headsTogether(out, { T, K, H, G });
    const groups = Math.max(1, (together * G) / H);
    const copy = (source: LinearWeights, part: Part) => partOf(model.backend, hold, source, part);
    const values = Array.from({ length: G / groups }, (_, i) => {
      const [first, n] = [i * groups * K, groups * K];
      const part = copy(v, { firstRow: 0, k: v.k, firstColumn: first, n });
      return {
        v: { ...part, bias: v.bias === null ? null : v.bias.part(first, n) },
        cut: cut === null ? null : columnsOfRows(cut, hold.allocate(trace.precision, T * n) as RealBlock, G * K, first),
      };
    });
    const outs = Array.from({ length: H / together }, (_, i) =>
      copy(out, { firstRow: i * together * K, k: together * K, firstColumn: 0, n: out.n }),
    );
    const patternOf = (h: number): RealBlock => {
      const own = pattern.part(h * T * T, T * T) as RealBlock;
      if (together === 1) return own;
      const all = hold.allocate(trace.precision, together * T * T) as RealBlock;
      all.view().set(own.view(), (h % together) * T * T);
      return all;
    };
    const { after, sum, factor } = parts;
    const afterHead = after === null ? null : { ...after, norm: { ...after.norm, beta: null } };
    const channels = Array.from({ length: H }, (_, h) =>
      wholeChannel(
        new FrozenSublayer(model, trace.precision, T, {
          ...parts,
          after: afterHead,
          sum: false,
          name: `${parts.name}.head.${h}`,
          ...values[Math.floor((h * G) / H / groups)]!,
          out: outs[Math.floor(h / together)]!,
          pattern: patternOf(h),
          H: together,
          G: groups,
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

/**
 * How many heads are cut out of W_O together, of which all but one attend to nothing: as many as whole blocks of its format hold, so that a copy keeps the
 * format; the sums get zeros more, which changes no bit. One where that is none or would not save memory, or where key/value heads do not fit.
 */
function headsTogether(
  { weights, n: D }: LinearWeights,
  { T, K, H, G }: Readonly<Record<'T' | 'K' | 'H' | 'G', number>>,
): number {
  const together = blockOf(weights.format).elements / K;
  const fits = [H / together, Math.max((together * G) / H, H / G / together)].every(Number.isInteger);
  return Number.isInteger(together) && fits && together * T * T < K * D ? together : 1;
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
