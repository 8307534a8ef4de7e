import { formatCode } from '../contract/weights.ts';
import type { Kernels } from '../kernels.ts';
import { arrayOf } from './array-of.ts';
import { linearTransposed } from './nn/adjoint.ts';
import { embed } from './nn/embedding.ts';
import { linear } from './nn/linear.ts';
import { packInOut, packOutIn } from './nn/pack.ts';

/** Kernels on packed weights, which are an array, a format and a scratch array to the twin. */
export const weightKernels: Pick<Kernels, 'embed' | 'linear' | 'linearTransposed' | 'packInOut' | 'packOutIn'> = {
  embed: ({ x, ids, table, positions, first, T, D }) =>
    embed(
      arrayOf(x),
      arrayOf(ids),
      arrayOf(table.block),
      formatCode(table.format),
      arrayOf(table.scratch),
      arrayOf(positions),
      first,
      T,
      D,
    ),
  linear: ({ x, weights, bias, y, rows, k, n, stride = n }) =>
    linear(
      arrayOf(x),
      arrayOf(weights.block),
      formatCode(weights.format),
      arrayOf(weights.scratch),
      arrayOf(bias),
      arrayOf(y),
      rows,
      k,
      n,
      stride,
    ),
  linearTransposed: ({ x, weights, y, rows, k, n }) =>
    linearTransposed(
      arrayOf(x),
      arrayOf(weights.block),
      formatCode(weights.format),
      arrayOf(weights.scratch),
      arrayOf(y),
      rows,
      k,
      n,
    ),
  packInOut: ({ src, dst, firstRow, rows, stride, column, k, n }) =>
    packInOut(arrayOf(src), arrayOf(dst), firstRow, rows, stride, column, k, n),
  packOutIn: ({ src, dst, firstColumn, columns, k }) => packOutIn(arrayOf(src), arrayOf(dst), firstColumn, columns, k),
};
