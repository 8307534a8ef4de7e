import type { Kernels } from '../kernels.ts';
import { addressOf as at, integer } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

/** Kernels of attention, of which a call may compute some heads alone. */
export function attentionKernels(core: CoreExports): Pick<Kernels, 'attend' | 'attendFrozen'> {
  return {
    attend({ q, keysT, values, z, pattern, scratch, slopes, ...shape }) {
      const { T, first, H, G, K, capacity, scale, cap, window, causal, heads = [0, H] } = shape;
      (q.kind === 'f32' ? core.attendF32 : core.attendF64)(
        at(q),
        at(keysT),
        at(values),
        at(z),
        at(pattern),
        at(scratch),
        at(slopes),
        T,
        first,
        H,
        G,
        K,
        capacity,
        scale,
        cap,
        window,
        integer(causal),
        ...heads,
      );
    },
    attendFrozen({ pattern, values, z, states, T, H, G, K, causal, heads = [0, H] }) {
      const attend = pattern.kind === 'f32' ? core.attendFrozenF32 : core.attendFrozenF64;
      attend(at(pattern), at(values), at(z), states, T, H, G, K, integer(causal), ...heads);
    },
  };
}
