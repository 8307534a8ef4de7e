/**
 * Transposes of the frozen sublayers' parts. Products and sums of matrix products round in the precision of the arrays; the norm sums
 * in f64 and rounds once.
 *
 * @accuracy backward stable, as the maps themselves.
 * @source the transposes follow from the maps in linear.ts, attention.ts and norm.ts.
 */
import type { HeadsShape } from '../../contract/adjoints.ts';
import { PANEL } from '../../contract/weights.ts';
import { type Packed, panelOf } from './panels.ts';

type Real = Float32Array | Float64Array;

function roundingOf(array: Real): (x: number) => number {
  return array instanceof Float32Array ? Math.fround : (x) => x;
}

/** y[r][i] = Σ_j x[r][j]·W[i][j], from left to right. */
export function linearTransposed(
  x: Real,
  weights: Packed,
  format: number,
  scratch: Float32Array | null,
  y: Real,
  rows: number,
  k: number,
  n: number,
): void {
  const round = roundingOf(y);
  y.fill(0, 0, rows * k);
  for (let first = 0; first < n; first += PANEL) {
    const panel = panelOf(weights, format, first / PANEL, k, scratch);
    const columns = Math.min(PANEL, n - first);
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < k; i++) {
        let sum = y[r * k + i]!;
        for (let j = 0; j < columns; j++) sum = round(sum + round(x[r * n + first + j]! * panel[i * PANEL + j]!));
        y[r * k + i] = sum;
      }
    }
  }
}

/** v[s·T+j][g][c] = Σ_{h on g} Σ_t A[h][t][j]·z[s·T+t][h][c], over t ≥ j if causal, heads and tokens from first to last. */
export function attendFrozenAdjoint(
  pattern: Real,
  z: Real,
  v: Real,
  states: number,
  { T, H, G, K, causal }: HeadsShape,
): void {
  const round = roundingOf(v);
  const group = H / G;
  for (let s = 0; s < states; s++) {
    for (let j = 0; j < T; j++) {
      for (let g = 0; g < G; g++) {
        for (let c = 0; c < K; c++) {
          let sum = 0;
          for (let h = g * group; h < (g + 1) * group; h++) {
            for (let t = causal ? j : 0; t < T; t++)
              sum = round(sum + round(pattern[(h * T + t) * T + j]! * z[((s * T + t) * H + h) * K + c]!));
          }
          v[((s * T + j) * G + g) * K + c] = sum;
        }
      }
    }
  }
}

/** y = (γ ⊙ x − mean(γ ⊙ x))/σ (`centred`) or γ ⊙ x/σ with σ = scale[row mod T]. */
export function frozenNormAdjoint(
  x: Real,
  gamma: Float64Array,
  scale: Float64Array,
  y: Real,
  rows: number,
  T: number,
  D: number,
  centred: boolean,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * D;
    let sum = 0;
    if (centred) for (let c = 0; c < D; c++) sum += x[row + c]! * gamma[c]!;
    const centre = sum / D;
    const sigma = scale[r % T]!;
    for (let c = 0; c < D; c++) y[row + c] = (x[row + c]! * gamma[c]! - centre) / sigma;
  }
}
