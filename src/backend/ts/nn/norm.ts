/**
 * LayerNorm (Ba, Kiros, Hinton, arXiv 1607.06450), RMSNorm (Zhang, Sennrich, arXiv 1910.07467), and both with their scale
 * frozen. All sums run left to right in f64; a result is rounded once, when it is stored.
 */
type Real = Float32Array | Float64Array;

function mean(x: Real, offset: number, D: number): number {
  let sum = 0;
  for (let c = 0; c < D; c++) sum += x[offset + c]!;
  return sum / D;
}

/** y = (x − mean)/σ ⊙ γ + β, σ = √(Σ(x − mean)²/D + eps); without β where it is null. */
export function layerNorm(
  x: Real,
  gamma: Float64Array,
  beta: Float64Array | null,
  y: Real,
  scale: Float64Array,
  rows: number,
  D: number,
  eps: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * D;
    const centre = mean(x, row, D);
    let squares = 0;
    for (let c = 0; c < D; c++) {
      const deviation = x[row + c]! - centre;
      squares += deviation * deviation;
    }
    const sigma = Math.sqrt(squares / D + eps);
    scale[r] = sigma;
    for (let c = 0; c < D; c++) {
      const value = ((x[row + c]! - centre) / sigma) * gamma[c]!;
      y[row + c] = beta === null ? value : value + beta[c]!;
    }
  }
}

/** y = x/ρ ⊙ γ, ρ = √(Σx²/D + eps). */
export function rmsNorm(
  x: Real,
  gamma: Float64Array,
  y: Real,
  scale: Float64Array,
  rows: number,
  D: number,
  eps: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * D;
    let squares = 0;
    for (let c = 0; c < D; c++) {
      const value = x[row + c]!;
      squares += value * value;
    }
    const rho = Math.sqrt(squares / D + eps);
    scale[r] = rho;
    for (let c = 0; c < D; c++) y[row + c] = (x[row + c]! / rho) * gamma[c]!;
  }
}

/** y = (x − mean)/σ ⊙ γ (`centred`) or x/σ ⊙ γ with σ = scale[row mod T]. */
export function frozenNorm(
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
    const centre = centred ? mean(x, row, D) : 0;
    const sigma = scale[r % T]!;
    for (let c = 0; c < D; c++) y[row + c] = ((x[row + c]! - centre) / sigma) * gamma[c]!;
  }
}
