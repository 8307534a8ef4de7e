/**
 * Derivatives of the real sublayers' parts, and their transposes, in f64. All sums run from left to right.
 *
 * @accuracy a few roundings per term; tests/property/dyson-tangent.test.ts holds them to central differences.
 * @source softmax: dA = A ⊙ (dS − ΣA dS); soft cap: d(c·tanh(s/c)) = (1 − tanh²(s/c)) ds; norms: differentiate x/√(mean(x²) + eps), whose scale is frozen nowhere here.
 */

import { normalCdf } from '../../../math/erf.ts';
import { exp } from '../../../math/exp.ts';
import { tanh } from '../../../math/tanh.ts';
import type { AttendedAt, HeadsShape } from '../../contract/adjoints.ts';
import { ACTIVATION_CODE } from '../../contract/network.ts';

/** The arrays behind {@link AttendedAt}. */
export type AttendedArrays = { readonly [Name in Exclude<keyof AttendedAt, 'scale' | 'cap'>]: Float64Array } & {
  readonly scale: number;
  readonly cap: number;
};

export function normTangent(
  x: Float64Array,
  gamma: Float64Array,
  scale: Float64Array,
  dx: Float64Array,
  dy: Float64Array,
  rows: number,
  T: number,
  D: number,
  centred: boolean,
  transposed: boolean,
): void {
  for (let r = 0; r < rows; r++) {
    const at = (r % T) * D;
    const row = r * D;
    let sum = 0;
    if (centred) for (let c = 0; c < D; c++) sum += x[at + c]!;
    const centre = sum / D;
    const sigma = scale[r % T]!;
    let [total, along] = [0, 0];
    for (let c = 0; c < D; c++) {
      const u = transposed ? dx[row + c]! * gamma[c]! : dx[row + c]!;
      total += u;
      along += ((x[at + c]! - centre) / sigma) * u;
    }
    const shift = centred ? total / D : 0;
    const slope = along / D;
    for (let c = 0; c < D; c++) {
      const u = transposed ? dx[row + c]! * gamma[c]! : dx[row + c]!;
      const value = (u - shift - ((x[at + c]! - centre) / sigma) * slope) / sigma;
      dy[row + c] = transposed ? value : value * gamma[c]!;
    }
  }
}

/** 2·√(2/π), 2·0.79788456, 1/√(2π). */
const TWO_SQRT_2_OVER_PI = 1.5957691216057308;
const TWO_OF_BLOOM = 1.59576912;
const ONE_OVER_SQRT_2_PI = 0.3989422804014327;
const CUBIC = 0.044715;

/**
 * g′: Φ + zφ for GELU, r + z·r(1 − r)·u′ for the logistic gates r = logistic(u), [z > 0] for ReLU.
 */
export function activationSlope(z: Float64Array, r: Float64Array, n: number, code: number): void {
  for (let i = 0; i < n; i++) {
    const x = z[i]!;
    if (code === ACTIVATION_CODE.gelu) {
      r[i] = normalCdf(x) + x * (ONE_OVER_SQRT_2_PI * exp(-0.5 * (x * x)));
    } else if (code === ACTIVATION_CODE.relu) {
      r[i] = x > 0 ? 1 : 0;
    } else {
      const silu = code === ACTIVATION_CODE.silu;
      const factor = code === ACTIVATION_CODE.gelu_tanh ? TWO_SQRT_2_OVER_PI : TWO_OF_BLOOM;
      const u = silu ? x : factor * (x + CUBIC * (x * x * x));
      const du = silu ? 1 : factor * (1 + 3 * CUBIC * (x * x));
      const gate = 1 / (1 + exp(-u));
      r[i] = gate + x * (gate * (1 - gate) * du);
    }
  }
}

/** Σ_{i<n} a[aAt + i]·b[bAt + i]. */
function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[aAt + i]! * b[bAt + i]!;
  return sum;
}

/** y[yAt + i] += f·x[xAt + i] for i < n. */
function addScaled(y: Float64Array, yAt: number, f: number, x: Float64Array, xAt: number, n: number): void {
  for (let i = 0; i < n; i++) y[yAt + i] = y[yAt + i]! + f * x[xAt + i]!;
}

/** Slope of the soft cap at a scaled score s: 1 − tanh²(s/c). */
function capSlope(score: number, cap: number): number {
  const level = tanh(score / cap);
  return 1 - level * level;
}

export function attendTangent(
  { q, k, v, pattern, scale, cap }: AttendedArrays,
  dq: Float64Array,
  dk: Float64Array,
  dv: Float64Array,
  dz: Float64Array,
  scratch: Float64Array,
  states: number,
  { T, H, G, K, causal }: HeadsShape,
): void {
  const group = H / G;
  for (let s = 0; s < states; s++) {
    for (let h = 0; h < H; h++) {
      const g = Math.floor(h / group);
      for (let t = 0; t < T; t++) {
        const weights = (h * T + t) * T;
        const query = (t * H + h) * K;
        const out = ((s * T + t) * H + h) * K;
        const seen = causal ? t + 1 : T;
        let mean = 0;
        for (let j = 0; j < seen; j++) {
          const key = (j * G + g) * K;
          let score = scale * (dot(dq, out, k, key, K) + dot(q, query, dk, s * T * G * K + key, K));
          if (cap !== 0) score *= capSlope(scale * dot(q, query, k, key, K), cap);
          scratch[j] = score;
          mean += pattern[weights + j]! * score;
        }
        for (let c = 0; c < K; c++) dz[out + c] = 0;
        for (let j = 0; j < seen; j++) {
          const key = (j * G + g) * K;
          const weight = pattern[weights + j]!;
          addScaled(dz, out, weight * (scratch[j]! - mean), v, key, K);
          addScaled(dz, out, weight, dv, s * T * G * K + key, K);
        }
      }
    }
  }
}

export function attendCotangent(
  { q, k, v, pattern, scale, cap }: AttendedArrays,
  dz: Float64Array,
  dq: Float64Array,
  dk: Float64Array,
  dv: Float64Array,
  scratch: Float64Array,
  states: number,
  { T, H, G, K, causal }: HeadsShape,
): void {
  const group = H / G;
  for (let i = 0; i < states * T * G * K; i++) {
    dk[i] = 0;
    dv[i] = 0;
  }
  for (let s = 0; s < states; s++) {
    for (let h = 0; h < H; h++) {
      const g = Math.floor(h / group);
      for (let t = 0; t < T; t++) {
        const weights = (h * T + t) * T;
        const query = (t * H + h) * K;
        const out = ((s * T + t) * H + h) * K;
        const seen = causal ? t + 1 : T;
        let mean = 0;
        for (let j = 0; j < seen; j++) {
          const inner = dot(dz, out, v, (j * G + g) * K, K);
          scratch[j] = inner;
          mean += pattern[weights + j]! * inner;
        }
        for (let c = 0; c < K; c++) dq[out + c] = 0;
        for (let j = 0; j < seen; j++) {
          const key = (j * G + g) * K;
          const weight = pattern[weights + j]!;
          let slope = scale * (weight * (scratch[j]! - mean));
          if (cap !== 0) slope *= capSlope(scale * dot(q, query, k, key, K), cap);
          addScaled(dq, out, slope, k, key, K);
          addScaled(dk, s * T * G * K + key, slope, q, query, K);
          addScaled(dv, s * T * G * K + key, weight, dz, out, K);
        }
      }
    }
  }
}
