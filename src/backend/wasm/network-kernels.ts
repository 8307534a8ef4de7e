import { ACTIVATION_CODE, type NetworkKernels } from '../contract/network.ts';
import type { RealBlock } from '../memory.ts';
import { addressOf as a } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

/** The export for the precision of `block`. */
function choose<F>(block: RealBlock, f32: F, f64: F): F {
  return block.kind === 'f32' ? f32 : f64;
}

export function networkKernels(core: CoreExports): NetworkKernels {
  return {
    convertF16: (src, dst, n) => core.convertF16(a(src), a(dst), n),
    convertBf16: (src, dst, n) => core.convertBf16(a(src), a(dst), n),
    firstNonFinite: (src, n) => core.firstNonFinite(a(src), n),
    packInOut: (src, dst, ...rest) => core.packInOut(a(src), a(dst), ...rest),
    packOutIn: (src, dst, ...rest) => core.packOutIn(a(src), a(dst), ...rest),
    embed: (ids, table, positions, x, ...rest) =>
      choose(x, core.embedF32, core.embedF64)(a(ids), a(table), a(positions), a(x), ...rest),
    layerNorm: (x, gamma, beta, y, scale, ...rest) =>
      choose(x, core.layerNormF32, core.layerNormF64)(a(x), a(gamma), a(beta), a(y), a(scale), ...rest),
    rmsNorm: (x, gamma, y, scale, ...rest) =>
      choose(x, core.rmsNormF32, core.rmsNormF64)(a(x), a(gamma), a(y), a(scale), ...rest),
    frozenNorm: (x, gamma, scale, y, rows, T, D, centred) =>
      choose(x, core.frozenNormF32, core.frozenNormF64)(a(x), a(gamma), a(scale), a(y), rows, T, D, Number(centred)),
    linear: (x, weights, bias, y, ...rest) =>
      choose(x, core.linearF32, core.linearF64)(a(x), a(weights), a(bias), a(y), ...rest),
    ropeTable: (frequency, cos, sin, ...rest) => core.ropeTable(a(frequency), a(cos), a(sin), ...rest),
    ropeRotate: (x, cos, sin, ...rest) =>
      choose(x, core.ropeRotateF32, core.ropeRotateF64)(a(x), a(cos), a(sin), ...rest),
    storeKeys: (keys, keysT, ...rest) => choose(keys, core.storeKeysF32, core.storeKeysF64)(a(keys), a(keysT), ...rest),
    attend(q, keysT, values, z, pattern, scratch, { T, first, H, G, K, capacity, scale, window, causal }) {
      const attend = choose(q, core.attendF32, core.attendF64);
      const blocks = [a(q), a(keysT), a(values), a(z), a(pattern), a(scratch)] as const;
      attend(...blocks, T, first, H, G, K, capacity, scale, window, Number(causal));
    },
    attendFrozen: (pattern, values, z, states, T, H, G, K, causal) =>
      choose(z, core.attendFrozenF32, core.attendFrozenF64)(
        a(pattern),
        a(values),
        a(z),
        states,
        T,
        H,
        G,
        K,
        Number(causal),
      ),
    gate: (z, r, n, activation) => choose(z, core.gateF32, core.gateF64)(a(z), a(r), n, ACTIVATION_CODE[activation]),
    multiply: (x, r, y, ...rest) => choose(x, core.multiplyF32, core.multiplyF64)(a(x), a(r), a(y), ...rest),
    add: (x, y, n) => choose(x, core.addF32, core.addF64)(a(x), a(y), n),
    logSoftmax: (logits, logP, n) => choose(logits, core.logSoftmaxF32, core.logSoftmaxF64)(a(logits), a(logP), n),
  };
}
