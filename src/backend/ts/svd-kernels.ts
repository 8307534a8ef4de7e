import type { SvdKernels } from '../contract/svd.ts';
import type { Block } from '../memory.ts';
import { arrayOf } from './array-of.ts';
import { jacobiRows } from './svd/jacobi-rows.ts';
import { svd } from './svd/svd.ts';

function optional(block: Block<'f64'> | null): Float64Array | null {
  return block === null ? null : arrayOf(block);
}

export const svdKernels: SvdKernels = {
  jacobiRows: (g, j, n, width, info) => jacobiRows(arrayOf(g), arrayOf(j), n, width, arrayOf(info)),
  svd: (a, rows, columns, width, values, u, uColumns, v, vColumns, work, info) =>
    svd(
      arrayOf(a),
      rows,
      columns,
      width,
      arrayOf(values),
      optional(u),
      uColumns,
      optional(v),
      vColumns,
      arrayOf(work),
      arrayOf(info),
    ),
};
