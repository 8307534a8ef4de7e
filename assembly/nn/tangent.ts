/** Derivatives of the real sublayers' parts and their transposes. Mathematics: src/backend/ts/nn/tangent.ts. */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { normalCdf } from '../math/erf';
import { exp } from '../math/exp';
import { tanh } from '../math/tanh';

export function normTangent(
  x: usize, gamma: usize, scale: usize, dx: usize, dy: usize,
  rows: i32, T: i32, D: i32, centred: i32, transposed: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const state = rowOf<f64>(x, r % T, D);
    const from = rowOf<f64>(dx, r, D);
    const to = rowOf<f64>(dy, r, D);
    let sum: f64 = 0;
    if (centred != 0) for (let c = 0; c < D; c++) sum += at<f64>(state, c);
    const centre = sum / <f64>D;
    const sigma = at<f64>(scale, r % T);
    let total: f64 = 0;
    let along: f64 = 0;
    for (let c = 0; c < D; c++) {
      const u = transposed != 0 ? at<f64>(from, c) * at<f64>(gamma, c) : at<f64>(from, c);
      total += u;
      along += ((at<f64>(state, c) - centre) / sigma) * u;
    }
    const shift = centred != 0 ? total / <f64>D : 0;
    const slope = along / <f64>D;
    for (let c = 0; c < D; c++) {
      const weight = at<f64>(gamma, c);
      const u = transposed != 0 ? at<f64>(from, c) * weight : at<f64>(from, c);
      const value = (u - shift - ((at<f64>(state, c) - centre) / sigma) * slope) / sigma;
      put<f64>(to, c, transposed != 0 ? value : value * weight);
    }
  }
}

const GELU: i32 = 0;
const GELU_TANH: i32 = 1;
const SILU: i32 = 2;
const RELU: i32 = 3;
/** 2·√(2/π), 2·0.79788456, 1/√(2π). */
const TWO_SQRT_2_OVER_PI: f64 = 1.5957691216057308;
const TWO_OF_BLOOM: f64 = 1.59576912;
const ONE_OVER_SQRT_2_PI: f64 = 0.3989422804014327;
const CUBIC: f64 = 0.044715;

export function activationSlope(z: usize, r: usize, n: i32, code: i32): void {
  for (let i = 0; i < n; i++) {
    const x = at<f64>(z, i);
    if (code == GELU) {
      put<f64>(r, i, normalCdf(x) + x * (ONE_OVER_SQRT_2_PI * exp(-0.5 * (x * x))));
    } else if (code == RELU) {
      put<f64>(r, i, x > 0 ? 1 : 0);
    } else {
      const factor = code == GELU_TANH ? TWO_SQRT_2_OVER_PI : TWO_OF_BLOOM;
      const u = code == SILU ? x : factor * (x + CUBIC * (x * x * x));
      const du = code == SILU ? 1 : factor * (1 + 3 * CUBIC * (x * x));
      const gate = 1 / (1 + exp(-u));
      put<f64>(r, i, gate + x * (gate * (1 - gate) * du));
    }
  }
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, n: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += at<f64>(a, i) * at<f64>(b, i);
  return sum;
}

/** y[i] += f·x[i] for i < n. */
// @ts-ignore: decorator
@inline
function addScaled(y: usize, f: f64, x: usize, n: i32): void {
  const factor = f64x2.splat(f);
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    putVector<f64>(y, i, f64x2.add(vectorAt<f64>(y, i), f64x2.mul(factor, vectorAt<f64>(x, i))));
  }
  for (; i < n; i++) put<f64>(y, i, at<f64>(y, i) + f * at<f64>(x, i));
}

/** Slope of the soft cap at a scaled score. */
// @ts-ignore: decorator
@inline
function capSlope(score: f64, cap: f64): f64 {
  const level = tanh(score / cap);
  return 1 - level * level;
}

export function attendTangent(
  q: usize, k: usize, v: usize, pattern: usize, scale: f64, cap: f64,
  dq: usize, dk: usize, dv: usize, dz: usize, scratch: usize,
  states: i32, T: i32, H: i32, G: i32, K: i32, causal: i32,
): void {
  const group = H / G;
  for (let s = 0; s < states; s++) {
    const keys = rowOf<f64>(dk, s * T, G * K);
    const values = rowOf<f64>(dv, s * T, G * K);
    for (let h = 0; h < H; h++) {
      const g = (h / group) * K;
      for (let t = 0; t < T; t++) {
        const weights = rowOf<f64>(pattern, h * T + t, T);
        const query = seek<f64>(rowOf<f64>(q, t, H * K), h * K);
        const change = seek<f64>(rowOf<f64>(dq, s * T + t, H * K), h * K);
        const out = seek<f64>(rowOf<f64>(dz, s * T + t, H * K), h * K);
        const seen = causal ? t + 1 : T;
        let mean: f64 = 0;
        for (let j = 0; j < seen; j++) {
          const key = seek<f64>(rowOf<f64>(k, j, G * K), g);
          let score = scale * (dot(change, key, K) + dot(query, seek<f64>(rowOf<f64>(keys, j, G * K), g), K));
          if (cap != 0) score *= capSlope(scale * dot(query, key, K), cap);
          put<f64>(scratch, j, score);
          mean += at<f64>(weights, j) * score;
        }
        for (let c = 0; c < K; c++) put<f64>(out, c, 0);
        for (let j = 0; j < seen; j++) {
          const weight = at<f64>(weights, j);
          addScaled(out, weight * (at<f64>(scratch, j) - mean), seek<f64>(rowOf<f64>(v, j, G * K), g), K);
          addScaled(out, weight, seek<f64>(rowOf<f64>(values, j, G * K), g), K);
        }
      }
    }
  }
}

export function attendCotangent(
  q: usize, k: usize, v: usize, pattern: usize, scale: f64, cap: f64,
  dz: usize, dq: usize, dk: usize, dv: usize, scratch: usize,
  states: i32, T: i32, H: i32, G: i32, K: i32, causal: i32,
): void {
  const group = H / G;
  const size = <usize>(states * T) * <usize>(G * K) * sizeof<f64>();
  memory.fill(dk, 0, size);
  memory.fill(dv, 0, size);
  for (let s = 0; s < states; s++) {
    const keys = rowOf<f64>(dk, s * T, G * K);
    const values = rowOf<f64>(dv, s * T, G * K);
    for (let h = 0; h < H; h++) {
      const g = (h / group) * K;
      for (let t = 0; t < T; t++) {
        const weights = rowOf<f64>(pattern, h * T + t, T);
        const query = seek<f64>(rowOf<f64>(q, t, H * K), h * K);
        const from = seek<f64>(rowOf<f64>(dz, s * T + t, H * K), h * K);
        const out = seek<f64>(rowOf<f64>(dq, s * T + t, H * K), h * K);
        const seen = causal ? t + 1 : T;
        let mean: f64 = 0;
        for (let j = 0; j < seen; j++) {
          const inner = dot(from, seek<f64>(rowOf<f64>(v, j, G * K), g), K);
          put<f64>(scratch, j, inner);
          mean += at<f64>(weights, j) * inner;
        }
        for (let c = 0; c < K; c++) put<f64>(out, c, 0);
        for (let j = 0; j < seen; j++) {
          const weight = at<f64>(weights, j);
          const key = seek<f64>(rowOf<f64>(k, j, G * K), g);
          let slope = scale * (weight * (at<f64>(scratch, j) - mean));
          if (cap != 0) slope *= capSlope(scale * dot(query, key, K), cap);
          addScaled(out, slope, key, K);
          addScaled(seek<f64>(rowOf<f64>(keys, j, G * K), g), slope, query, K);
          addScaled(seek<f64>(rowOf<f64>(values, j, G * K), g), weight, from, K);
        }
      }
    }
  }
}
