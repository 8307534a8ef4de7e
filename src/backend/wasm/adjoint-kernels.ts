import type { AdjointKernels } from '../contract/adjoints.ts';
import { ACTIVATION_CODE } from '../contract/network.ts';
import { addressOf as a } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function adjointKernels(core: CoreExports): AdjointKernels {
  return {
    linearTransposed: (x, weights, y, ...rest) =>
      (x.kind === 'f32' ? core.linearTransposedF32 : core.linearTransposedF64)(a(x), a(weights), a(y), ...rest),
    attendFrozenAdjoint: (pattern, z, v, states, { T, H, G, K, causal }) =>
      (z.kind === 'f32' ? core.attendFrozenAdjointF32 : core.attendFrozenAdjointF64)(
        a(pattern),
        a(z),
        a(v),
        states,
        T,
        H,
        G,
        K,
        Number(causal),
      ),
    frozenNormAdjoint: (x, gamma, scale, y, rows, T, D, centred) =>
      (x.kind === 'f32' ? core.frozenNormAdjointF32 : core.frozenNormAdjointF64)(
        a(x),
        a(gamma),
        a(scale),
        a(y),
        rows,
        T,
        D,
        Number(centred),
      ),
    normTangent: (x, gamma, scale, dx, dy, rows, T, D, centred, transposed) =>
      core.normTangent(a(x), a(gamma), a(scale), a(dx), a(dy), rows, T, D, Number(centred), Number(transposed)),
    activationSlope: (z, r, n, activation) => core.activationSlope(a(z), a(r), n, ACTIVATION_CODE[activation]),
    attendTangent: ({ q, k, v, pattern, scale }, dq, dk, dv, dz, scratch, states, { T, H, G, K, causal }) =>
      core.attendTangent(
        a(q),
        a(k),
        a(v),
        a(pattern),
        scale,
        a(dq),
        a(dk),
        a(dv),
        a(dz),
        a(scratch),
        states,
        T,
        H,
        G,
        K,
        Number(causal),
      ),
    attendCotangent: ({ q, k, v, pattern, scale }, dz, dq, dk, dv, scratch, states, { T, H, G, K, causal }) =>
      core.attendCotangent(
        a(q),
        a(k),
        a(v),
        a(pattern),
        scale,
        a(dz),
        a(dq),
        a(dk),
        a(dv),
        a(scratch),
        states,
        T,
        H,
        G,
        K,
        Number(causal),
      ),
  };
}
