import { ACTIVATION_CODE, type NetworkKernels } from '../contract/network.ts';
import type { Block, RealBlock } from '../memory.ts';
import { arrayOf } from './array-of.ts';
import { add, embed, gate, multiply } from './nn/activation.ts';
import { attend, attendFrozen, storeKeys } from './nn/attention.ts';
import { linearF32, linearF64 } from './nn/linear.ts';
import { frozenNorm, layerNorm, rmsNorm } from './nn/norm.ts';
import { convertBf16, convertF16, firstNonFinite, packInOut, packOutIn } from './nn/pack.ts';
import { ropeRotate, ropeTable } from './nn/rope.ts';
import { logSoftmax } from './nn/softmax.ts';

function real(block: RealBlock): Float32Array | Float64Array {
  return arrayOf<'f32' | 'f64'>(block);
}

function optional(block: Block<'f32'> | null): Float32Array | null {
  return block === null ? null : arrayOf(block);
}

export const networkKernels: NetworkKernels = {
  convertF16: (src, dst, n) => convertF16(arrayOf(src), arrayOf(dst), n),
  convertBf16: (src, dst, n) => convertBf16(arrayOf(src), arrayOf(dst), n),
  firstNonFinite: (src, n) => firstNonFinite(arrayOf(src), n),
  packInOut: (src, dst, ...rest) => packInOut(arrayOf(src), arrayOf(dst), ...rest),
  packOutIn: (src, dst, ...rest) => packOutIn(arrayOf(src), arrayOf(dst), ...rest),
  embed: (ids, table, positions, x, ...rest) =>
    embed(arrayOf(ids), arrayOf(table), optional(positions), real(x), ...rest),
  layerNorm: (x, gamma, beta, y, scale, ...rest) =>
    layerNorm(real(x), arrayOf(gamma), arrayOf(beta), real(y), arrayOf(scale), ...rest),
  rmsNorm: (x, gamma, y, scale, ...rest) => rmsNorm(real(x), arrayOf(gamma), real(y), arrayOf(scale), ...rest),
  frozenNorm: (x, gamma, scale, y, ...rest) => frozenNorm(real(x), arrayOf(gamma), arrayOf(scale), real(y), ...rest),
  linear(x, weights, bias, y, rows, k, n) {
    if (x.kind === 'f32')
      linearF32(arrayOf(x), arrayOf(weights), optional(bias), arrayOf(y as Block<'f32'>), rows, k, n);
    else linearF64(arrayOf(x), arrayOf(weights), optional(bias), arrayOf(y as Block<'f64'>), rows, k, n);
  },
  ropeTable: (frequency, cos, sin, ...rest) => ropeTable(arrayOf(frequency), arrayOf(cos), arrayOf(sin), ...rest),
  ropeRotate: (x, cos, sin, ...rest) => ropeRotate(real(x), arrayOf(cos), arrayOf(sin), ...rest),
  storeKeys: (keys, keysT, ...rest) => storeKeys(real(keys), real(keysT), ...rest),
  attend: (q, keysT, values, z, pattern, scratch, shape) =>
    attend(
      real(q),
      real(keysT),
      real(values),
      real(z),
      pattern === null ? null : real(pattern),
      arrayOf(scratch),
      shape,
    ),
  attendFrozen: (pattern, values, z, ...rest) => attendFrozen(real(pattern), real(values), real(z), ...rest),
  gate: (z, r, n, activation) => gate(real(z), real(r), n, ACTIVATION_CODE[activation]),
  multiply: (x, r, y, ...rest) => multiply(real(x), real(r), real(y), ...rest),
  add: (x, y, n) => add(real(x), real(y), n),
  logSoftmax: (logits, logP, n) => logSoftmax(real(logits), arrayOf(logP), n),
};
