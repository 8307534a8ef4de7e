import type { ElementaryKernels } from '../contract/elementary.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function elementaryKernels(core: CoreExports): ElementaryKernels {
  return {
    mapExp: (src, dst, n) => (src.kind === 'f32' ? core.mapExpF32 : core.mapExpF64)(addressOf(src), addressOf(dst), n),
    mapLog: (src, dst, n) => core.mapLog(addressOf(src), addressOf(dst), n),
    mapSin: (src, dst, n) => core.mapSin(addressOf(src), addressOf(dst), n),
    mapCos: (src, dst, n) => core.mapCos(addressOf(src), addressOf(dst), n),
    mapErf: (src, dst, n) => core.mapErf(addressOf(src), addressOf(dst), n),
    mapTanh: (src, dst, n) => core.mapTanh(addressOf(src), addressOf(dst), n),
  };
}
