/**
 * Secant gates r(z) = g(z)/z, never computed by dividing. With logistic(u) = 1/(1+e^{−u}):
 * GELU: Φ(z), in f64 for either precision; its tanh form: ½(1 + tanh w) = logistic(2w), w = √(2/π)(z + 0.044715 z³), and BLOOM's, which writes
 * 0.79788456 for √(2/π); SiLU: logistic(z); ReLU: [z > 0].
 * The logistic gates compute in the precision of z, in f32 within 4e-7 of the exact gate.
 *
 * @source D. Hendrycks, K. Gimpel, arXiv 1606.08415; S. Elfwing et al., arXiv 1702.03118.
 */

import { normalCdf } from '../../../math/erf.ts';
import { exp } from '../../../math/exp.ts';
import { expF32 } from '../../../math/exp-f32.ts';
import { tanh } from '../../../math/tanh.ts';
import { ACTIVATION_CODE } from '../../contract/network.ts';

type Real = Float32Array | Float64Array;

/** 2·√(2/π), and 2·0.79788456. */
const TWO_SQRT_2_OVER_PI = 1.5957691216057308;
const TWO_OF_BLOOM = 1.59576912;
const CUBIC = 0.044715;

function exponent(z: number, code: number): number {
  if (code === ACTIVATION_CODE.silu) return -z;
  return -((code === ACTIVATION_CODE.gelu_tanh ? TWO_SQRT_2_OVER_PI : TWO_OF_BLOOM) * (z + CUBIC * (z * z * z)));
}

const round = Math.fround;
const FACTOR_F32 = round(TWO_SQRT_2_OVER_PI);
const FACTOR_OF_BLOOM_F32 = round(TWO_OF_BLOOM);
const CUBIC_F32 = round(CUBIC);

/** {@link exponent} in f32 arithmetic. */
function exponentF32(z: number, code: number): number {
  if (code === ACTIVATION_CODE.silu) return -z;
  const cube = round(round(z * z) * z);
  const factor = code === ACTIVATION_CODE.gelu_tanh ? FACTOR_F32 : FACTOR_OF_BLOOM_F32;
  return -round(factor * round(z + round(CUBIC_F32 * cube)));
}

/** r[i] = logistic gate of z[i]. */
function logisticGate(z: Real, r: Real, n: number, code: number): void {
  if (z instanceof Float32Array) {
    for (let i = 0; i < n; i++) r[i] = round(1 / round(1 + expF32(exponentF32(z[i]!, code))));
  } else {
    for (let i = 0; i < n; i++) r[i] = 1 / (1 + exp(exponent(z[i]!, code)));
  }
}

export function gate(z: Real, r: Real, n: number, code: number): void {
  if (code === ACTIVATION_CODE.gelu) {
    for (let i = 0; i < n; i++) r[i] = normalCdf(z[i]!);
  } else if (code === ACTIVATION_CODE.relu) {
    for (let i = 0; i < n; i++) r[i] = z[i]! > 0 ? 1 : 0;
  } else {
    logisticGate(z, r, n, code);
  }
}

/** y[i] = cap·tanh(x[i]/cap). */
export function softCap(x: Real, y: Real, n: number, cap: number): void {
  for (let i = 0; i < n; i++) y[i] = cap * tanh(x[i]! / cap);
}

/** y[i] = x[i]·r[i mod period]. */
export function multiply(x: Real, r: Real, y: Real, n: number, period: number): void {
  for (let start = 0; start < n; start += period) {
    const count = Math.min(period, n - start);
    for (let i = 0; i < count; i++) y[start + i] = x[start + i]! * r[i]!;
  }
}

/** y[i] += x[i]. */
export function add(x: Real, y: Real, n: number): void {
  for (let i = 0; i < n; i++) y[i] = y[i]! + x[i]!;
}
