/**
 * Gradient through a norm. With x̂ = (x − mean)/σ and g = γ ⊙ dy, LayerNorm gives
 *
 *     dx = (g − mean(g) − x̂ · mean(g ⊙ x̂)) / σ
 *
 * and RMSNorm the same without the two means of x and g. β plays no part.
 *
 * @accuracy a few units in the last place of the largest term.
 * @source J. L. Ba, J. R. Kiros, G. E. Hinton, arXiv 1607.06450; B. Zhang, R. Sennrich, arXiv 1910.07467.
 */
type Real = Float32Array | Float64Array;

/** Σ g and Σ g ⊙ x̂, each of the even-numbered and of the odd-numbered terms. */
const sums = new Float64Array(4);

export function normBackward(
  x: Real,
  gamma: Float64Array,
  scale: Float64Array,
  dy: Real,
  dx: Real,
  rows: number,
  D: number,
  centred: boolean,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * D;
    const sigma = scale[r]!;
    let centre = 0;
    if (centred) {
      for (let c = 0; c < D; c++) centre += x[row + c]!;
      centre /= D;
    }
    sums.fill(0);
    for (let c = 0; c < D; c++) {
      const g = dy[row + c]! * gamma[c]!;
      sums[c % 2]! += g;
      sums[2 + (c % 2)]! += g * ((x[row + c]! - centre) / sigma);
    }
    const shift = centred ? (sums[0]! + sums[1]!) / D : 0;
    const slope = (sums[2]! + sums[3]!) / D;
    for (let c = 0; c < D; c++) {
      const g = dy[row + c]! * gamma[c]!;
      dx[row + c] = (g - shift - ((x[row + c]! - centre) / sigma) * slope) / sigma;
    }
  }
}
