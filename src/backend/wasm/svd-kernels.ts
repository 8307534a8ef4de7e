import type { SvdKernels } from '../contract/svd.ts';
import { addressOf as at } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function svdKernels(core: CoreExports): SvdKernels {
  return {
    jacobiRows: (g, j, n, width, info) => core.jacobiRows(at(g), at(j), n, width, at(info)),
    svd: (a, rows, columns, width, values, u, uColumns, v, vColumns, work, info) =>
      core.svd(at(a), rows, columns, width, at(values), at(u), uColumns, at(v), vColumns, at(work), at(info)),
  };
}
