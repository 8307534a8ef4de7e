/**
 * Attention over a cache of keys and values, causal or not, and the linear map it becomes when its pattern is frozen:
 * A[t][j] = softmax_j(cap(scale·⟨q_t, k_j⟩) + slope·(j − p)) over |j − p| < window, p = first+t, and j ≤ p where it is causal, z_t = Σ_j A[t][j] v_j, head by
 * head; cap(s) = c·tanh(s/c). Scores and mixed elements are left-to-right sums in the activations' precision, and so is the softmax but for its sum, which is in
 * f64: in f32 a weight is within 3 ulp of e^{score − max}/Σ. Cap and slope compute in f64 and round once each.
 *
 * @source A. Vaswani et al., arXiv 1706.03762; grouped heads: J. Ainslie et al., arXiv 2305.13245; windows: I. Beltagy et al., arXiv 2004.05150; slopes on distances (ALiBi):
 * O. Press, N. A. Smith, M. Lewis, arXiv 2108.12409; soft cap: Gemma team, arXiv 2408.00118, §2.
 */

import { exp } from '../../../math/exp.ts';
import { expF32 } from '../../../math/exp-f32.ts';
import { tanh } from '../../../math/tanh.ts';
import type { AttentionShape, HeadRange } from '../../contract/network.ts';
import { FourSums } from '../sums/four-sums.ts';

type Real = Float32Array | Float64Array;
type Round = (x: number) => number;

const sums = new FourSums();

const toF32: Round = Math.fround;
const toF64: Round = (x) => x;

/** The rounding of one product or sum in an array's precision. */
function roundingOf(array: Real): Round {
  return array instanceof Float32Array ? toF32 : toF64;
}

export function storeKeys(
  keys: Real,
  keysT: Real,
  T: number,
  first: number,
  G: number,
  K: number,
  capacity: number,
): void {
  for (let t = 0; t < T; t++) {
    for (let c = 0; c < G * K; c++) keysT[c * capacity + first + t] = keys[t * G * K + c]!;
  }
}

/** weights[j] = e^{scores[j] − max}/Σ for j < count, in the precision of the weights; Σ is four sums in f64. */
function softmaxRow(scores: Float64Array, weights: Real, count: number): void {
  const round = roundingOf(weights);
  const exponential = weights instanceof Float32Array ? expF32 : exp;
  let highest = -Infinity;
  for (let j = 0; j < count; j++) if (scores[j]! > highest) highest = scores[j]!;
  sums.clear();
  for (let j = 0; j < count; j++) {
    weights[j] = exponential(round(scores[j]! - highest));
    sums.add(j, weights[j]!);
  }
  const sum = round(sums.total());
  for (let j = 0; j < count; j++) weights[j] = weights[j]! / sum;
}

/** z[zAt + c] = Σ_{j<count} weights[weightsAt + j]·values[valuesAt + j·stride + c] for c < K. */
function mix(
  weights: Real,
  weightsAt: number,
  values: Real,
  valuesAt: number,
  z: Real,
  zAt: number,
  count: number,
  K: number,
  stride: number,
): void {
  const round = roundingOf(z);
  for (let c = 0; c < K; c++) {
    let sum = 0;
    for (let j = 0; j < count; j++)
      sum = round(sum + round(weights[weightsAt + j]! * values[valuesAt + j * stride + c]!));
    z[zAt + c] = sum;
  }
}

export function attend(
  q: Real,
  keysT: Real,
  values: Real,
  z: Real,
  pattern: Real | null,
  scratch: Float64Array,
  slopes: Float64Array | null,
  shape: AttentionShape,
): void {
  const { T, first, H, G, K, capacity, scale, cap, window, causal, heads = [0, H] } = shape;
  const round = roundingOf(z);
  const factor = round(scale);
  const weights = z instanceof Float32Array ? new Float32Array(capacity) : scratch.subarray(capacity, 2 * capacity);
  const width = first + T;
  for (let h = heads[0]; h < heads[1]; h++) {
    const g = Math.floor((h * G) / H);
    for (let t = 0; t < T; t++) {
      const own = first + t;
      const count = causal ? own + 1 : Math.min(width, own + window);
      const start = Math.max(0, own + 1 - window);
      const row = (t * H + h) * K;
      for (let j = start; j < count; j++) {
        let sum = 0;
        for (let c = 0; c < K; c++) sum = round(sum + round(q[row + c]! * keysT[(g * K + c) * capacity + j]!));
        let score = round(sum * factor);
        if (cap !== 0) score = round(cap * tanh(score / cap));
        if (slopes !== null) score = round(score + slopes[h]! * (j - own));
        scratch[j] = score;
      }
      softmaxRow(scratch.subarray(start), weights.subarray(start), count - start);
      if (pattern !== null) {
        const to = (h * T + t) * width;
        for (let j = 0; j < width; j++) pattern[to + j] = j >= start && j < count ? weights[j]! : 0;
      }
      mix(weights, start, values, (start * G + g) * K, z, row, count - start, K, G * K);
    }
  }
}

export function attendFrozen(
  pattern: Real,
  values: Real,
  z: Real,
  states: number,
  T: number,
  H: number,
  G: number,
  K: number,
  causal: boolean,
  [from, to]: HeadRange,
): void {
  for (let s = 0; s < states; s++) {
    for (let h = from; h < to; h++) {
      const valuesAt = s * T * G * K + Math.floor((h * G) / H) * K;
      for (let t = 0; t < T; t++) {
        mix(pattern, (h * T + t) * T, values, valuesAt, z, ((s * T + t) * H + h) * K, causal ? t + 1 : T, K, G * K);
      }
    }
  }
}
