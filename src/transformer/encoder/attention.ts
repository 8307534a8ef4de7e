import { exp } from '../../math/exp.ts';

/** Self-attention of T rows of H heads of width K that all see one another: pattern is H×T×T, everything else T×H·K. */
export interface AttentionRows {
  readonly T: number;
  readonly H: number;
  readonly K: number;
  readonly q: Float64Array;
  readonly k: Float64Array;
  readonly v: Float64Array;
  readonly pattern: Float64Array;
  readonly z: Float64Array;
}

/** A[h][t][j] = softmax_j(⟨q_t, k_j⟩/√K), z_t = Σ_j A[h][t][j] v_j. */
export function attend({ T, H, K, q, k, v, pattern, z }: AttentionRows): void {
  const D = H * K;
  const factor = 1 / Math.sqrt(K);
  for (let h = 0; h < H; h++) {
    for (let t = 0; t < T; t++) {
      const row = (h * T + t) * T;
      const at = t * D + h * K;
      let highest = -Infinity;
      for (let j = 0; j < T; j++) {
        let score = 0;
        for (let c = 0; c < K; c++) score += q[at + c]! * k[j * D + h * K + c]!;
        pattern[row + j] = score * factor;
        if (pattern[row + j]! > highest) highest = pattern[row + j]!;
      }
      let sum = 0;
      for (let j = 0; j < T; j++) sum += pattern[row + j] = exp(pattern[row + j]! - highest);
      for (let c = 0; c < K; c++) z[at + c] = 0;
      for (let j = 0; j < T; j++) {
        const weight = pattern[row + j]! / sum;
        pattern[row + j] = weight;
        for (let c = 0; c < K; c++) z[at + c]! += weight * v[j * D + h * K + c]!;
      }
    }
  }
}

/** dv_j += Σ_t A_tj dz_t; with a_tj = ⟨dz_t, v_j⟩ the scores' gradient A_tj (a_tj − Σ_i A_ti a_ti)/√K goes to dq and dk. */
export function attendBackward(
  { T, H, K, q, k, v, pattern }: AttentionRows,
  dz: Float64Array,
  dq: Float64Array,
  dk: Float64Array,
  dv: Float64Array,
): void {
  const D = H * K;
  const factor = 1 / Math.sqrt(K);
  const along = new Float64Array(T);
  for (let h = 0; h < H; h++) {
    for (let t = 0; t < T; t++) {
      const row = (h * T + t) * T;
      const at = t * D + h * K;
      let mean = 0;
      for (let j = 0; j < T; j++) {
        const weight = pattern[row + j]!;
        let product = 0;
        for (let c = 0; c < K; c++) {
          const d = dz[at + c]!;
          product += d * v[j * D + h * K + c]!;
          dv[j * D + h * K + c]! += weight * d;
        }
        along[j] = product;
        mean += weight * product;
      }
      for (let j = 0; j < T; j++) {
        const d = pattern[row + j]! * (along[j]! - mean) * factor;
        for (let c = 0; c < K; c++) {
          dq[at + c]! += d * k[j * D + h * K + c]!;
          dk[j * D + h * K + c]! += d * q[at + c]!;
        }
      }
    }
  }
}
