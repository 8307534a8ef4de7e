/**
 * Secant gates r(z) = g(z)/z, never computed by dividing. With logistic(u) = 1/(1+e^{−u}):
 * GELU: Φ(z), in f64 for either precision; its tanh form: ½(1 + tanh w) = logistic(2w), w = √(2/π)(z + 0.044715 z³); SiLU: logistic(z); ReLU: [z > 0].
 * The logistic gates compute in the precision of z, in f32 within 4e-7 of the exact gate.
 *
 * @source D. Hendrycks, K. Gimpel, arXiv 1606.08415; S. Elfwing et al., arXiv 1702.03118.
 */

import { normalCdf } from '../../../math/erf.ts';
import { exp } from '../../../math/exp.ts';
import { expF32 } from '../../../math/exp-f32.ts';
import { ACTIVATION_CODE } from '../../contract/network.ts';

type Real = Float32Array | Float64Array;

/** 2·√(2/π). */
const TWO_SQRT_2_OVER_PI = 1.5957691216057308;
const CUBIC = 0.044715;

function exponent(z: number, code: number): number {
  return code === ACTIVATION_CODE.silu ? -z : -(TWO_SQRT_2_OVER_PI * (z + CUBIC * (z * z * z)));
}

const round = Math.fround;
const FACTOR_F32 = round(TWO_SQRT_2_OVER_PI);
const CUBIC_F32 = round(CUBIC);

/** {@link exponent} in f32 arithmetic. */
function exponentF32(z: number, code: number): number {
  if (code === ACTIVATION_CODE.silu) return -z;
  const cube = round(round(z * z) * z);
  return -round(FACTOR_F32 * round(z + round(CUBIC_F32 * cube)));
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
  if (code === ACTIVATION_CODE.gelu_tanh || code === ACTIVATION_CODE.silu) {
    logisticGate(z, r, n, code);
  } else if (code === ACTIVATION_CODE.gelu) {
    for (let i = 0; i < n; i++) r[i] = normalCdf(z[i]!);
  } else {
    for (let i = 0; i < n; i++) r[i] = z[i]! > 0 ? 1 : 0;
  }
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
