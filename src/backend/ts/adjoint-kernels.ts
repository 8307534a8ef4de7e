import type { AdjointKernels, AttendedAt } from '../contract/adjoints.ts';
import { ACTIVATION_CODE } from '../contract/network.ts';
import type { RealBlock } from '../memory.ts';
import { arrayOf } from './array-of.ts';
import { attendFrozenAdjoint, frozenNormAdjoint, linearTransposed } from './nn/adjoint.ts';
import { type AttendedArrays, activationSlope, attendCotangent, attendTangent, normTangent } from './nn/tangent.ts';

function real(block: RealBlock): Float32Array | Float64Array {
  return arrayOf<'f32' | 'f64'>(block);
}

function attended({ q, k, v, pattern, scale }: AttendedAt): AttendedArrays {
  return { q: arrayOf(q), k: arrayOf(k), v: arrayOf(v), pattern: arrayOf(pattern), scale };
}

export const adjointKernels: AdjointKernels = {
  linearTransposed: (x, weights, y, ...rest) => linearTransposed(real(x), arrayOf(weights), real(y), ...rest),
  attendFrozenAdjoint: (pattern, z, v, ...rest) => attendFrozenAdjoint(real(pattern), real(z), real(v), ...rest),
  frozenNormAdjoint: (x, gamma, scale, y, ...rest) =>
    frozenNormAdjoint(real(x), arrayOf(gamma), arrayOf(scale), real(y), ...rest),
  normTangent: (x, gamma, scale, dx, dy, ...rest) =>
    normTangent(arrayOf(x), arrayOf(gamma), arrayOf(scale), arrayOf(dx), arrayOf(dy), ...rest),
  activationSlope: (z, r, n, activation) => activationSlope(arrayOf(z), arrayOf(r), n, ACTIVATION_CODE[activation]),
  attendTangent: (at, dq, dk, dv, dz, scratch, ...rest) =>
    attendTangent(attended(at), arrayOf(dq), arrayOf(dk), arrayOf(dv), arrayOf(dz), arrayOf(scratch), ...rest),
  attendCotangent: (at, dz, dq, dk, dv, scratch, ...rest) =>
    attendCotangent(attended(at), arrayOf(dz), arrayOf(dq), arrayOf(dk), arrayOf(dv), arrayOf(scratch), ...rest),
};
