import { formatCode } from '../contract/weights.ts';
import type { Kernels } from '../kernels.ts';
import { addressOf as at } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

/** Kernels on packed weights, which are an address, a format and a scratch block to the core. */
export function weightKernels(
  core: CoreExports,
): Pick<Kernels, 'embed' | 'linear' | 'linearTransposed' | 'packInOut' | 'packOutIn'> {
  return {
    embed: ({ x, ids, table, positions, first, T, D }) =>
      (x.kind === 'f32' ? core.embedF32 : core.embedF64)(
        at(x),
        at(ids),
        at(table.block),
        formatCode(table.format),
        at(table.scratch),
        at(positions),
        first,
        T,
        D,
      ),
    linear: ({ x, weights, bias, y, rows, k, n, stride = n }) =>
      (x.kind === 'f32' ? core.linearF32 : core.linearF64)(
        at(x),
        at(weights.block),
        formatCode(weights.format),
        at(weights.scratch),
        at(bias),
        at(y),
        rows,
        k,
        n,
        stride,
      ),
    linearTransposed: ({ x, weights, y, rows, k, n }) =>
      (x.kind === 'f32' ? core.linearTransposedF32 : core.linearTransposedF64)(
        at(x),
        at(weights.block),
        formatCode(weights.format),
        at(weights.scratch),
        at(y),
        rows,
        k,
        n,
      ),
    packInOut: ({ src, dst, firstRow, rows, stride, column, k, n }) =>
      (src.kind === 'f32' ? core.packInOutF32 : core.packInOutU16)(
        at(src),
        at(dst),
        firstRow,
        rows,
        stride,
        column,
        k,
        n,
      ),
    packOutIn: ({ src, dst, firstColumn, columns, k }) =>
      (src.kind === 'f32' ? core.packOutInF32 : core.packOutInU16)(at(src), at(dst), firstColumn, columns, k),
  };
}
