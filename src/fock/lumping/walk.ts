import type { Backend } from '../../backend/backend.ts';
import { LUMPED_SUMS } from '../../backend/contract/lumping.ts';
import type { Block, Holding } from '../../backend/memory.ts';
import { lawOfStep, type NextTokenLaw } from '../next-token-law.ts';
import { BackPointers, type HeaviestPath } from './back-pointers.ts';
import { type Channel, startTotal } from './channels.ts';
import { CountIndex } from './count-index.ts';
import { firstStep } from './first-step.ts';
import { type LawTables, lawTables } from './law-tables.ts';
import { SlotSums } from './slot-sums.ts';
import type { StartGroup, StartLump } from './start-lumps.ts';

/** Elements of a law buffer: small enough for the second-level cache. */
const BUFFER = 2 ** 15;

/** What one step of a group adds to the sums over the state. */
export interface WalkStep {
  /** ℓ, counted from the start of the whole evolution. */
  readonly step: number;
  /** Σ over states (for a maximum, the maximum) of each channel, scaled. */
  readonly totals: readonly Float64Array[];
  /** Σ P·H(p_A), P being the first channel before the step. */
  readonly entropy: number;
  /** Σ P·D(p_A‖p_B); 0 for one model. */
  readonly divergence: number;
  /** Σ P·p_A(y) by slot. */
  readonly marginal: Float64Array;
  /** Lumped states after the step. */
  readonly states: number;
}

/** Vectors taken by one kernel call. */
export function chunkOf(S: number): number {
  return Math.max(1, Math.floor(BUFFER / (S * S)));
}

/**
 * The lumped chain of one group of starts, carried forward step by step: one vector of scaled numbers for each channel. After λ of
 * its steps state (q, e), |e| = spare + λ − 1, is number q·C + rank(e), C the number of vectors e.
 */
export class LumpedWalk {
  readonly group: StartGroup;
  readonly index: CountIndex;
  readonly channels: readonly Channel[];
  /** Steps λ taken. */
  taken = 0;
  readonly #backend: Backend;
  readonly #laws: readonly (readonly NextTokenLaw[])[];
  readonly #hold: Holding;
  readonly #tables: readonly (readonly LawTables[])[];
  /** Vectors of each channel: what is, and what comes next. */
  #vectors: Block<'f64'>[];
  #next: Block<'f64'>[];
  readonly #back = new BackPointers();
  readonly #work;

  /**
   * @param laws of each model; the first model's P is what expectations are over.
   * @param steps the most that will be taken.
   */
  constructor(
    backend: Backend,
    laws: readonly (readonly NextTokenLaw[])[],
    group: StartGroup,
    channels: readonly Channel[],
    steps: number,
  ) {
    const S = group.slots.length;
    const K = group.tokens.length;
    this.group = group;
    this.channels = channels;
    this.index = new CountIndex(S, group.spare + steps);
    this.#backend = backend;
    this.#laws = laws;
    const hold = backend.memory.hold();
    this.#hold = hold;
    try {
      this.#tables = laws.map((model) => model.map((law) => lawTables(hold, law.counting!, law.V, group)));
      const states = 2 * S * this.index.vectors(Math.max(0, group.spare + steps - 1));
      this.#vectors = channels.map(() => hold.allocate('f64', states));
      this.#next = channels.map(() => hold.allocate('f64', states));
      const chunk = chunkOf(S);
      const heads = Math.max(...this.#tables.flat().map(({ H }) => H));
      this.#work = {
        chunk,
        ranks: hold.allocate('i32', this.index.ranks.length),
        cursor: hold.allocate('i32', S),
        counts: hold.allocate('i32', chunk * S),
        sources: hold.allocate('i32', chunk * S),
        base: hold.allocate('f64', K),
        products: hold.allocate('f64', K ** (heads - 1)),
        masses: hold.allocate('f64', 2 * K),
        laws: laws.map(() => hold.allocate('f64', chunk * S * S)),
        logs: laws.map(() => hold.allocate('f64', chunk * S * S)),
        back: hold.allocate('u8', chunk * S),
        sums: hold.allocate('f64', LUMPED_SUMS.marginals + S),
        totals: channels.map(() => hold.allocate('f64', 2)),
      };
      this.#work.ranks.view().set(this.index.ranks);
      this.#work.base.view().set(group.base);
    } catch (error) {
      hold.release();
      throw error;
    }
  }

  /** Number of tokens that can be generated. */
  get S(): number {
    return this.group.slots.length;
  }

  /** Number of vectors e after the steps taken. */
  get stride(): number {
    return this.index.vectors(this.group.spare + this.taken - 1);
  }

  release(): void {
    this.#hold.release();
  }

  /** The vector of a channel after the steps taken: scaled numbers, valid until the next step. */
  vector(channel: number): Float64Array {
    return this.#vectors[channel]!.view().subarray(0, 2 * this.S * this.stride);
  }

  /** Keeps of a channel's vector only the states whose last token is slot q. */
  restrict(channel: number, q: number): void {
    const vector = this.vector(channel);
    vector.fill(0, 0, 2 * q * this.stride);
    vector.fill(0, 2 * (q + 1) * this.stride);
  }

  /** Takes one step; yields after every kernel batch the transitions done, and returns the sums of the step. */
  *step(): Generator<number, WalkStep> {
    return this.taken === 0 ? this.#first() : yield* this.#further();
  }

  /** Expectations over channels other than the first, of the step that would come next: marginals by channel and slot. */
  *marginals(): Generator<number, Float64Array[]> {
    const sums = this.channels.map(() => new SlotSums(this.S));
    const { sums: block } = this.#work;
    for (const batch of this.#batches()) {
      for (const [c, vector] of this.#vectors.entries()) {
        block.view().fill(0);
        this.#expect(vector, batch.count);
        sums[c]!.add(block.view());
      }
      yield batch.count * this.S ** 2;
    }
    return sums.map((sum) => sum.marginal);
  }

  #lawsOf(step: number): NextTokenLaw[] {
    return this.#laws.map((model) => lawOfStep(model, step));
  }

  #first(): WalkStep {
    const { group, index, channels } = this;
    const step = group.delay + 1;
    const { vectors, totals, back, sums, states } = firstStep(group, index, channels, this.#lawsOf(step));
    this.taken = 1;
    this.#back.first = back;
    for (const [c, vector] of vectors.entries()) this.#vectors[c]!.view().set(vector);
    return { step, totals, ...sums.values, states };
  }

  *#further(): Generator<number, WalkStep> {
    const { S, channels } = this;
    const { kernels } = this.#backend;
    const { sources, laws, logs, back, sums: block, totals } = this.#work;
    const [p, logP, logQ] = [laws[0]!, logs[0]!, logs[1] ?? null];
    const stride = this.index.vectors(this.group.spare + this.taken);
    const backOfStep = channels.some(({ best }) => best) ? new Uint8Array(S * stride) : null;
    const sums = new SlotSums(S);
    for (const total of totals) total.view().fill(0);
    for (const { first, count } of this.#batches()) {
      block.view().fill(0);
      this.#expect(this.#vectors[0]!, count);
      sums.add(block.view());
      for (const [c, { a, b, best }] of channels.entries()) {
        const [from, to, total] = [this.#vectors[c]!, this.#next[c]!, totals[c]!];
        if (best) {
          kernels.lumpedBest({ from, sources, p, S, to, back, stride, first, count, best: total });
          const found = back.view();
          for (let y = 0; y < S; y++) backOfStep!.set(found.subarray(y * count, (y + 1) * count), y * stride + first);
        } else
          kernels.lumpedSpread({
            from,
            sources,
            p,
            logP,
            a,
            logQ: b === 0 ? null : logQ,
            b,
            S,
            to,
            stride,
            first,
            count,
            total,
          });
      }
      yield count * S * S;
    }
    [this.#vectors, this.#next] = [this.#next, this.#vectors];
    this.taken += 1;
    if (backOfStep !== null) this.#back.steps[this.taken] = backOfStep;
    return {
      step: this.group.delay + this.taken,
      totals: totals.map((total) => total.view().slice()),
      ...sums.values,
      states: S * stride,
    };
  }

  /** Count vectors before the next step, a chunk at a time, with their sources and laws in the work blocks. */
  *#batches(): Generator<{ readonly first: number; readonly count: number }> {
    const { S, index, group } = this;
    const { kernels } = this.#backend;
    const { chunk, cursor, ranks, counts, sources, base, products, masses, laws, logs } = this.#work;
    const m = group.spare + this.taken;
    const vectors = index.vectors(m);
    cursor.view().fill(0);
    for (let first = 0; first < vectors; first += chunk) {
      const count = Math.min(chunk, vectors - first);
      kernels.lumpedCounts({ cursor, ranks, width: index.width, S, m, stride: this.stride, counts, sources, count });
      for (const [which, tables] of this.#tables.entries()) {
        const { weights, order, map, H } = tables[(group.delay + this.taken) % tables.length]!;
        const [K, p] = [base.length, laws[which]!];
        kernels.lumpedLaws({ weights, order, map, base, counts, S, K, H, products, masses, p, count });
        kernels.mapLog({ src: p, dst: logs[which]!, n: count * S * S });
      }
      yield { first, count };
    }
  }

  #expect(vector: Block<'f64'>, count: number): void {
    const { sources, laws, logs, sums } = this.#work;
    const [p, q] = [laws[0]!, laws[1] ?? null];
    this.#backend.kernels.lumpedExpectations({
      from: vector,
      sources,
      p,
      logP: logs[0]!,
      q,
      logQ: logs[1] ?? null,
      S: this.S,
      count,
      sums,
    });
  }

  /** The heaviest string after the steps taken, by a channel of maxima: its weight, its text, the tokens appended. */
  heaviest(channel: number): HeaviestPath {
    const { group } = this;
    const vector = this.taken === 0 ? lumpTotals(this.channels[channel]!, group.lumps) : this.vector(channel);
    return this.#back.heaviest(group, this.index, this.taken, vector);
  }
}

/** {@link startTotal} of every lump. */
function lumpTotals(channel: Channel, lumps: readonly StartLump[]): Float64Array {
  return Float64Array.from(lumps.flatMap((lump) => [...startTotal(channel, lump)]));
}
