import type { Kernels } from '../kernels.ts';
import { arrayOf } from './array-of.ts';
import { attendFrozenAdjoint } from './nn/adjoint.ts';
import { attend, attendFrozen } from './nn/attention.ts';
import { attendCotangent, attendTangent } from './nn/tangent.ts';

/** Kernels of attention, whose twins take the shape as one object. */
export const attentionKernels: Pick<
  Kernels,
  'attend' | 'attendFrozen' | 'attendFrozenAdjoint' | 'attendTangent' | 'attendCotangent'
> = {
  attend({ q, keysT, values, z, pattern, scratch, slopes, ...shape }) {
    const [bias, weights] = [arrayOf(slopes), arrayOf(pattern)];
    attend(arrayOf(q), arrayOf(keysT), arrayOf(values), arrayOf(z), weights, arrayOf(scratch), bias, shape);
  },
  attendFrozen: ({ pattern, values, z, states, T, H, G, K, causal, heads = [0, H] }) =>
    attendFrozen(arrayOf(pattern), arrayOf(values), arrayOf(z), states, T, H, G, K, causal, heads),
  attendFrozenAdjoint: ({ pattern, z, v, states, ...shape }) =>
    attendFrozenAdjoint(arrayOf(pattern), arrayOf(z), arrayOf(v), states, shape),
  attendTangent({ q, k, v, pattern, scale, cap, dq, dk, dv, dz, scratch, states, ...shape }) {
    const at = { q: arrayOf(q), k: arrayOf(k), v: arrayOf(v), pattern: arrayOf(pattern), scale, cap };
    attendTangent(at, arrayOf(dq), arrayOf(dk), arrayOf(dv), arrayOf(dz), arrayOf(scratch), states, shape);
  },
  attendCotangent({ q, k, v, pattern, scale, cap, dz, dq, dk, dv, scratch, states, ...shape }) {
    const at = { q: arrayOf(q), k: arrayOf(k), v: arrayOf(v), pattern: arrayOf(pattern), scale, cap };
    attendCotangent(at, arrayOf(dz), arrayOf(dq), arrayOf(dk), arrayOf(dv), arrayOf(scratch), states, shape);
  },
};
