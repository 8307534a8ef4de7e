import type { Backend } from '../backend/backend.ts';
import {
  blockOf,
  PANEL,
  type PackedWeights,
  packedF32,
  packedLength,
  packedShape,
} from '../backend/contract/weights.ts';
import type { Allocator } from '../backend/memory.ts';
import { gatherColumns } from '../transformer/resident-columns.ts';
import type { LinearWeights } from '../transformer/weights.ts';

/** Rows and columns that are cut out of a matrix. */
export interface Part {
  readonly firstRow: number;
  readonly k: number;
  readonly firstColumn: number;
  readonly n: number;
}

/**
 * A part of a packed matrix, packed, without bias: a copy from `hold` in the matrix's format where whole blocks and panels make it up, in f32
 * otherwise. Its numbers are those of the matrix.
 */
export function partOf(backend: Backend, hold: Allocator, source: LinearWeights, part: Part): LinearWeights {
  const weights = samePacking(hold, source, part) ?? widened(backend, hold, source, part);
  return { weights, bias: null, k: part.k, n: part.n };
}

/** null where the part is none of whole blocks and panels. */
function samePacking(hold: Allocator, { weights, k: all }: LinearWeights, part: Part): PackedWeights | null {
  const { firstRow, k, firstColumn, n } = part;
  const { format, scratch } = weights;
  const { elements } = blockOf(format);
  const columns = elements === 1 || format === 'Q8_0' ? PANEL : 1;
  if (firstRow % elements !== 0 || k % elements !== 0 || firstColumn % columns !== 0) return null;
  const { kind, length } = packedShape(format, k, n);
  const block = hold.allocate(kind, length) as PackedWeights['block'];
  // A strip is a panel, or the blocks of one column.
  const strip = (rows: number) => (packedShape(format, rows, PANEL).length / PANEL) * columns;
  const [from, to] = [weights.block.view(), block.view()];
  const start = (firstColumn / columns) * strip(all) + strip(firstRow);
  for (let i = 0; i * columns < n; i++) {
    const at = start + i * strip(all);
    to.set(from.subarray(at, at + strip(k)), i * strip(k));
  }
  return { block, format, scratch };
}

function widened(backend: Backend, hold: Allocator, source: LinearWeights, part: Part): PackedWeights {
  const { firstRow, k, firstColumn, n } = part;
  const { memory, kernels } = backend;
  const dst = hold.allocate('f32', packedLength(k, n));
  memory.scope(() => {
    const whole = memory.allocate('f32', n * source.k);
    gatherColumns(backend, source, firstColumn, whole);
    const src = memory.allocate('f32', n * k);
    const [from, to] = [whole.view(), src.view()];
    for (let j = 0; j < n; j++) {
      const start = j * source.k + firstRow;
      to.set(from.subarray(start, start + k), j * k);
    }
    kernels.packOutIn({ src, dst, firstColumn: 0, columns: n, k });
  });
  return packedF32(dst);
}
