import type { Backend } from '../backend/backend.ts';
import type { PackedWeights } from '../backend/contract/weights.ts';
import type { RealBlock } from '../backend/memory.ts';

/** A packed matrix with K = `k`. */
interface Matrix {
  readonly weights: PackedWeights;
  readonly k: number;
}

/** Columns of a resident matrix that are gathered at once. */
const AT_ONCE = 4096;

/** Writes columns `first` … of a resident matrix to the rows of `rows`, K numbers each, exactly. */
export function gatherColumns(
  { memory, kernels }: Backend,
  { weights, k }: Matrix,
  first: number,
  rows: RealBlock,
): void {
  const count = rows.length / k;
  memory.scope(() => {
    const ids = memory.allocate('i32', Math.min(count, AT_ONCE));
    for (let at = 0; at < count; at += AT_ONCE) {
      const T = Math.min(AT_ONCE, count - at);
      const view = ids.view();
      for (let t = 0; t < T; t++) view[t] = first + at + t;
      const x = rows.part(at * k, T * k) as RealBlock;
      kernels.embed({ ids, table: weights, positions: null, x, first: 0, T, D: k });
    }
  });
}

/** Columns `first` … `first + count − 1` of a resident matrix, one after another. */
export function columnsOfMatrix(backend: Backend, matrix: Matrix, first: number, count: number): Float32Array {
  const { memory } = backend;
  return memory.scope(() => {
    const rows = memory.allocate('f32', count * matrix.k);
    gatherColumns(backend, matrix, first, rows);
    return rows.view().slice();
  });
}
