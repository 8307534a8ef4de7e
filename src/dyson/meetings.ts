/** Inner products of ends of paths with all that they can meet. */
import type { Backend } from '../backend/backend.ts';
import { gemmWork } from '../backend/contract/dense.ts';
import { NonFiniteError } from '../core/errors.ts';
import type { Channel } from './head-channels.ts';
import type { OpenEnd } from './path-ends.ts';
import type { PathHalves, Prefix } from './path-halves.ts';
import { predictingPart } from './steps.ts';
import type { Reals } from './vectors.ts';

/** A channel of a step. */
export interface Passage {
  readonly step: number;
  readonly channel: Channel;
}

/** What a channel makes of the trace: V x₀ and V x, x the state before its step, and B; a bias alone has no images. */
export interface Outputs {
  readonly ofEmbedding: Reals | null;
  readonly ofState: Reals | null;
  readonly bias: Reals;
}

/** A functional, whole or its predicting token's row, the place of its products and the step it stands before. */
interface Row {
  readonly x: Reals;
  readonly single: boolean;
  readonly at: number;
  readonly step: number;
}

/** A vector x, or x + y, and the arrays that take its products at a place in each row. */
interface Column {
  readonly x: Reals;
  readonly y?: Reals;
  readonly to: readonly Float64Array[];
  readonly at: number;
}

/** How much memory meetings take. */
export interface MeetingRoom {
  /** Numbers of outputs that are kept; the others are computed again whenever they are met. */
  readonly kept: number;
  /** Numbers of one side that are in the backend at once. */
  readonly atOnce: number;
}

const ROOM: MeetingRoom = { kept: 2 ** 24, atOnce: 2 ** 20 };

/** Products of ends with beginnings, with starts V x₀ + B and with outputs V x + B of channels, a row for each end. */
export interface Products {
  /** With each beginning. */
  readonly met: Float64Array;
  /** With V x₀ + B of each passage. */
  readonly started: Float64Array;
  /** With V x + B of each passage. */
  readonly promised: Float64Array;
}

/** Beginnings and passages that ends meet. */
export class Meetings {
  readonly #halves: PathHalves;
  readonly #beginnings: readonly Prefix[];
  readonly #passages: readonly Passage[];
  readonly #kept = new Map<Passage, Outputs>();
  readonly #rows = new Map<Passage, Outputs>();
  readonly #atOnce: number;
  #room: number;

  /** Counts two applications for each passage with a map. */
  constructor(
    halves: PathHalves,
    beginnings: readonly Prefix[],
    passages: readonly Passage[],
    { kept, atOnce }: MeetingRoom = ROOM,
  ) {
    this.#room = kept;
    this.#atOnce = atOnce;
    this.#halves = halves;
    this.#beginnings = beginnings;
    this.#passages = passages;
    halves.applications += 2 * passages.filter(({ channel }) => channel.map !== null).length;
  }

  /** What a passage makes of the trace. */
  outputsOf(passage: Passage): Outputs {
    const kept = this.#kept.get(passage);
    if (kept !== undefined) return kept;
    const { step, channel } = passage;
    const [ofEmbedding, ofState] = channel.map === null ? [null, null] : this.#halves.ofTrace(step, channel);
    const outputs = { ofEmbedding, ofState, bias: this.#halves.biasOf(step, channel) };
    const numbers = (ofEmbedding === null ? 1 : 3) * outputs.bias.length;
    if (numbers <= this.#room) {
      this.#room -= numbers;
      this.#kept.set(passage, outputs);
    }
    return outputs;
  }

  /**
   * Every product is one sum from left to right in f64. Those of an end with passages that do not stand before it are left out.
   *
   * @throws NonFiniteError if one overflows.
   */
  with(ends: readonly OpenEnd[]): Products {
    const [width, count] = [this.#beginnings.length, this.#passages.length];
    const met = new Float64Array(ends.length * width);
    const [started, promised] = [new Float64Array(ends.length * count), new Float64Array(ends.length * count)];
    const rows = ends.map(
      ({ end, vector }, at): Row => ({ x: end.row ?? vector, single: end.row !== null, at, step: end.step }),
    );
    const beginnings = this.#beginnings.map(({ state: x }, at): Column => ({ x, to: [met], at }));
    this.#multiply(
      rows,
      (single) => beginnings.map((column) => (single ? { ...column, x: this.#rowOf(column.x) } : column)),
      width,
    );
    for (const group of this.#groups()) {
      const { step } = this.#passages[group[0]!]!;
      const columnsOf = (single: boolean) =>
        group.flatMap((at): Column[] => {
          const { ofEmbedding, ofState, bias } = single
            ? this.#rowsOf(this.#passages[at]!)
            : this.outputsOf(this.#passages[at]!);
          if (ofEmbedding === null || ofState === null) return [{ x: bias, to: [started, promised], at }];
          return [
            { x: ofEmbedding, y: bias, to: [started], at },
            { x: ofState, y: bias, to: [promised], at },
          ];
        });
      this.#multiply(
        rows.filter((row) => row.step > step),
        columnsOf,
        count,
      );
    }
    return { met, started, promised };
  }

  /** Products of rows with columns: of the predicting token alone for ends that have nothing else. */
  #multiply(rows: readonly Row[], columnsOf: (single: boolean) => Column[], width: number): void {
    for (const single of [true, false]) {
      const same = rows.filter((row) => row.single === single);
      if (same.length > 0)
        multiplyOut(this.#halves.operators.model.backend, same, columnsOf(single), width, this.#atOnce);
    }
  }

  /** The predicting token's rows of what a passage makes of the trace. */
  #rowsOf(passage: Passage): Outputs {
    const known = this.#rows.get(passage);
    if (known !== undefined) return known;
    const { ofEmbedding, ofState, bias } = this.outputsOf(passage);
    const row = (x: Reals | null) => (x === null ? null : this.#rowOf(x).slice());
    const rows = { ofEmbedding: row(ofEmbedding), ofState: row(ofState), bias: this.#rowOf(bias).slice() };
    this.#rows.set(passage, rows);
    return rows;
  }

  #rowOf(x: Reals): Reals {
    return predictingPart(this.#halves.operators, x);
  }

  /** Indices of the passages that are taken together: as many as the backend has room for at once, those of a step at least. */
  #groups(): number[][] {
    const size = this.#halves.functional.w.length;
    const groups: number[][] = [];
    for (const [at, { step }] of this.#passages.entries()) {
      const group = groups.at(-1);
      const before = this.#passages[at - 1];
      if (group === undefined || (before!.step !== step && 4 * group.length * size > this.#atOnce)) groups.push([at]);
      else group.push(at);
    }
    return groups;
  }
}

/** Puts ⟨row, column⟩ of all pairs where columns say, rows of `width` numbers; the backend takes them in pieces that it has room for. */
function multiplyOut(
  { memory, kernels }: Backend,
  rows: readonly Row[],
  columns: readonly Column[],
  width: number,
  most: number,
): void {
  const [m, n] = [rows.length, columns.length];
  if (n === 0) return;
  const size = rows[0]!.x.length;
  const atOnce = Math.min(size, Math.max(1, Math.floor(most / Math.max(m, n))));
  memory.scope(() => {
    const real = (length: number) => memory.allocate('f64', length);
    const [a, b, c] = [real(m * atOnce), real(n * atOnce), real(m * n)];
    const work = real(gemmWork('f64', m, n, atOnce));
    for (let first = 0; first < size; first += atOnce) {
      const k = Math.min(atOnce, size - first);
      const [left, right] = [a.view(), b.view()];
      for (const [i, { x }] of rows.entries()) left.set(x.subarray(first, first + k), i * k);
      for (const [j, { x, y }] of columns.entries()) {
        if (y === undefined) right.set(x.subarray(first, first + k), j * k);
        else for (let at = 0; at < k; at++) right[j * k + at] = x[first + at]! + y[first + at]!;
      }
      const shape = { opA: 'none', opB: 'transpose', m, n, k, lda: k, ldb: k, ldc: n } as const;
      kernels.gemm({ shape, alpha: 1, a, b, beta: first === 0 ? 0 : 1, c, work });
    }
    const sums = c.view();
    if (!sums.every(Number.isFinite))
      throw new NonFiniteError('topPaths: contributions must be finite, but one overflows. Trace the prompt in f64.');
    for (const [j, { to, at }] of columns.entries())
      for (const array of to) for (const [i, row] of rows.entries()) array[row.at * width + at] = sums[i * n + j]!;
  });
}
