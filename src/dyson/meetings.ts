/** Inner products of ends of paths with all that they can meet. */
import type { Backend } from '../backend/backend.ts';
import { gemmWork } from '../backend/contract/dense.ts';
import { NonFiniteError } from '../core/errors.ts';
import type { Channel } from './head-channels.ts';
import type { PathHalves, Prefix } from './path-halves.ts';
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

/** A vector x, or x + y, and the arrays that take its products at a place in each row. */
interface Column {
  readonly x: Reals;
  readonly y?: Reals;
  readonly to: readonly Float64Array[];
  readonly at: number;
}

/** Numbers of outputs that are kept; the others are computed again whenever they are met. */
const KEPT = 2 ** 25;
/** Numbers of one side that are in the backend at once. */
const AT_ONCE = 2 ** 21;

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
  #room = KEPT;

  /** Counts two applications for each passage with a map. */
  constructor(halves: PathHalves, beginnings: readonly Prefix[], passages: readonly Passage[]) {
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
   * Every product is one sum from left to right in f64.
   *
   * @throws NonFiniteError if one overflows.
   */
  with(ends: readonly Reals[]): Products {
    const { backend } = this.#halves.operators.model;
    const [width, count] = [this.#beginnings.length, this.#passages.length];
    const met = new Float64Array(ends.length * width);
    const [started, promised] = [new Float64Array(ends.length * count), new Float64Array(ends.length * count)];
    const beginnings = this.#beginnings.map(({ state: x }, at): Column => ({ x, to: [met], at }));
    multiplyOut(backend, ends, beginnings, width);
    for (const group of this.#groups()) {
      const columns = group.flatMap((at): Column[] => {
        const { ofEmbedding, ofState, bias } = this.outputsOf(this.#passages[at]!);
        if (ofEmbedding === null || ofState === null) return [{ x: bias, to: [started, promised], at }];
        return [
          { x: ofEmbedding, y: bias, to: [started], at },
          { x: ofState, y: bias, to: [promised], at },
        ];
      });
      multiplyOut(backend, ends, columns, count);
    }
    return { met, started, promised };
  }

  /** Indices of the passages that are taken together: those of a step. */
  #groups(): number[][] {
    const groups: number[][] = [];
    for (const [index, { step }] of this.#passages.entries()) {
      if (index === 0 || this.#passages[index - 1]!.step !== step) groups.push([]);
      groups.at(-1)!.push(index);
    }
    return groups;
  }
}

/** Puts ⟨row, column⟩ of all pairs where columns say, rows of `width` numbers; the backend takes them in pieces that it has room for. */
function multiplyOut(
  { memory, kernels }: Backend,
  rows: readonly Reals[],
  columns: readonly Column[],
  width: number,
): void {
  const [m, n] = [rows.length, columns.length];
  if (n === 0) return;
  const size = rows[0]!.length;
  const atOnce = Math.min(size, Math.max(1, Math.floor(AT_ONCE / Math.max(m, n))));
  memory.scope(() => {
    const real = (length: number) => memory.allocate('f64', length);
    const [a, b, c] = [real(m * atOnce), real(n * atOnce), real(m * n)];
    const work = real(gemmWork('f64', m, n, atOnce));
    for (let first = 0; first < size; first += atOnce) {
      const k = Math.min(atOnce, size - first);
      const [left, right] = [a.view(), b.view()];
      for (const [i, row] of rows.entries()) left.set(row.subarray(first, first + k), i * k);
      for (const [j, { x, y }] of columns.entries()) {
        right.set(x.subarray(first, first + k), j * k);
        if (y !== undefined) for (let at = 0; at < k; at++) right[j * k + at]! += y[first + at]!;
      }
      const shape = { opA: 'none', opB: 'transpose', m, n, k, lda: k, ldb: k, ldc: n } as const;
      kernels.gemm({ shape, alpha: 1, a, b, beta: first === 0 ? 0 : 1, c, work });
    }
    const sums = c.view();
    if (!sums.every(Number.isFinite))
      throw new NonFiniteError('topPaths: contributions must be finite, but one overflows. Trace the prompt in f64.');
    for (const [j, { to, at }] of columns.entries())
      for (const array of to) for (let i = 0; i < m; i++) array[i * width + at] = sums[i * n + j]!;
  });
}
