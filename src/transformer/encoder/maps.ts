/**
 * The differentiable maps an encoder is made of, on rows of f64, each with its transpose applied to a gradient. Parameters and
 * their gradients are flat arrays; slots say where a map's own lie. Gradients of parameters and of inputs are added to.
 */
import type { LinearSlot, NormSlot } from './shape.ts';

/** y = x Wᵀ + b, rows×k → rows×n. */
export function linear(
  w: Float64Array,
  { weight, bias, k, n }: LinearSlot,
  x: Float64Array,
  y: Float64Array,
  rows: number,
): void {
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < n; o++) {
      let sum = w[bias + o]!;
      const at = weight + o * k;
      for (let i = 0; i < k; i++) sum += w[at + i]! * x[r * k + i]!;
      y[r * n + o] = sum;
    }
  }
}

/** dW += dyᵀ x, db += Σ dy, dx += dy W. */
export function linearBackward(
  w: Float64Array,
  dw: Float64Array,
  { weight, bias, k, n }: LinearSlot,
  x: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  rows: number,
): void {
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < n; o++) {
      const d = dy[r * n + o]!;
      if (d === 0) continue;
      const at = weight + o * k;
      dw[bias + o]! += d;
      for (let i = 0; i < k; i++) {
        dw[at + i]! += d * x[r * k + i]!;
        dx[r * k + i]! += d * w[at + i]!;
      }
    }
  }
}

/** y = (x − mean)/σ ⊙ γ + β with σ = √(var + eps); `normed` keeps (x − mean)/σ and `scale` σ. */
export function layerNorm(
  w: Float64Array,
  { gamma, beta }: NormSlot,
  x: Float64Array,
  y: Float64Array,
  normed: Float64Array,
  scale: Float64Array,
  rows: number,
  D: number,
  eps: number,
): void {
  for (let r = 0; r < rows; r++) {
    let mean = 0;
    for (let c = 0; c < D; c++) mean += x[r * D + c]!;
    mean /= D;
    let square = 0;
    for (let c = 0; c < D; c++) square += (x[r * D + c]! - mean) * (x[r * D + c]! - mean);
    const sigma = Math.sqrt(square / D + eps);
    scale[r] = sigma;
    for (let c = 0; c < D; c++) {
      const unit = (x[r * D + c]! - mean) / sigma;
      normed[r * D + c] = unit;
      y[r * D + c] = unit * w[gamma + c]! + w[beta + c]!;
    }
  }
}

/** With g = γ ⊙ dy and n the normed row: dx = (g − mean(g) − n·mean(g ⊙ n))/σ, dγ += n ⊙ dy, dβ += dy. dx is overwritten. */
export function layerNormBackward(
  w: Float64Array,
  dw: Float64Array,
  { gamma, beta }: NormSlot,
  normed: Float64Array,
  scale: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  rows: number,
  D: number,
): void {
  for (let r = 0; r < rows; r++) {
    let mean = 0;
    let along = 0;
    for (let c = 0; c < D; c++) {
      const d = dy[r * D + c]!;
      const n = normed[r * D + c]!;
      dw[gamma + c]! += d * n;
      dw[beta + c]! += d;
      mean += d * w[gamma + c]!;
      along += d * w[gamma + c]! * n;
    }
    mean /= D;
    along /= D;
    for (let c = 0; c < D; c++) {
      const at = r * D + c;
      dx[at] = (dy[at]! * w[gamma + c]! - mean - normed[at]! * along) / scale[r]!;
    }
  }
}
