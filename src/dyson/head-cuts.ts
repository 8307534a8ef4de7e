import { blockOf } from '../backend/contract/weights.ts';
import type { Allocator, Block, Holding, RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import type { LinearWeights } from '../transformer/weights.ts';
import type { AttentionParts } from './frozen-body.ts';
import type { FrozenOperators } from './frozen-operators.ts';
import { type FrozenParts, FrozenSublayer } from './frozen-sublayer.ts';
import { type Part, partOf } from './matrix-part.ts';
import { staying, type Visiting } from './taking-turns.ts';

/** A frozen sublayer of attention. */
export type AttentionOf = FrozenParts & AttentionParts;

/** Share of a budget for weights that the copies of heads may take. */
const SHARE = 1 / 16;

/** The heads of a sublayer, and the copies that they are made of. */
interface Cut {
  readonly heads: readonly FrozenSublayer[];
  readonly blocks: readonly Block[];
}

/** What the head of a sublayer is called. */
export function headName({ name }: AttentionOf, head: number): string {
  return `${name}.head.${head}`;
}

/** Sublayers of attention cut into their heads when they are asked for. */
export class HeadCuts {
  readonly #operators: FrozenOperators;
  readonly #hold: Holding;
  /** Those that were asked for last come last. */
  readonly #cuts = new Map<AttentionOf, Cut>();

  constructor(operators: FrozenOperators) {
    this.#operators = operators;
    this.#hold = operators.model.backend.memory.hold();
  }

  /** Gives the copies back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#hold.release();
  }

  /** The heads of a sublayer, to be used before those of another are asked for. */
  of(parts: AttentionOf): readonly FrozenSublayer[] {
    const known = this.#cuts.get(parts);
    this.#cuts.delete(parts);
    const { model } = this.#operators;
    const most = sublayersAtOnce(model, parts);
    for (const [other, { blocks }] of this.#cuts) {
      if (this.#cuts.size < most) break;
      this.#cuts.delete(other);
      for (const block of blocks) model.backend.memory.release(block);
    }
    const cut = known ?? this.#cut(parts);
    this.#cuts.set(parts, cut);
    return cut.heads;
  }

  #cut(parts: AttentionOf): Cut {
    const { memory } = this.#operators.model.backend;
    const blocks: Block[] = [];
    const noting: Allocator = {
      allocate: (kind, length) => {
        const block = this.#hold.allocate(kind, length);
        blocks.push(block);
        return block;
      },
    };
    try {
      return { heads: this.#heads(parts, noting), blocks };
    } catch (error) {
      for (const block of blocks) memory.release(block);
      throw error;
    }
  }

  #heads(parts: AttentionOf, hold: Allocator): FrozenSublayer[] {
    const { model, trace, T } = this.#operators;
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
    const patternOf = (h: number): Visiting => {
      const own = pattern.part(h * T * T, T * T);
      if (together === 1) return own;
      const all = hold.allocate(trace.precision, together * T * T) as RealBlock;
      all.view().set(own.block().view(), (h % together) * T * T);
      return staying(all);
    };
    const { after } = parts;
    const afterHead = after === null ? null : { ...after, norm: { ...after.norm, beta: null } };
    return Array.from(
      { length: H },
      (_, h) =>
        new FrozenSublayer(model, trace.precision, T, {
          ...parts,
          after: afterHead,
          sum: false,
          name: headName(parts, h),
          ...values[Math.floor((h * G) / H / groups)]!,
          out: outs[Math.floor(h / together)]!,
          pattern: patternOf(h),
          H: together,
          G: groups,
        }),
    );
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

/** Of how many sublayers heads are held: of all, but where weights are read from files. */
function sublayersAtOnce({ streamed }: Model, { v, out }: AttentionOf): number {
  if (streamed === null) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor((SHARE * streamed.budget) / (4 * (v.k * v.n + out.k * out.n))));
}

/** Columns `first` … of rows of `width` numbers, as many as fill the block. */
function columnsOfRows(source: RealBlock, block: RealBlock, width: number, first: number): RealBlock {
  const [from, to] = [source.view(), block.view()];
  const K = (to.length * width) / from.length;
  for (let i = 0; i < to.length; i++) to[i] = from[Math.floor(i / K) * width + first + (i % K)]!;
  return block;
}
