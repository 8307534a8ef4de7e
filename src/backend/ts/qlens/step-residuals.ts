/**
 * residuals = [‖Uψ_in − ψ_out‖, max_x ‖UᵀUx − x‖/‖x‖, ‖BᵀDBψ_in − (ψ_out − ψ_in)‖] of U = 1 + BᵀCB, B = (v, m) the pair of `transition`,
 * x = ψ_in, ψ_out − ψ_in and `probe`. A reflection uses v alone: C and D are 0 elsewhere. All sums are paired.
 *
 * @accuracy parity exact; what is measured is rounding, so its digits mean nothing beyond the first.
 * @source QLens, Theorem 1 and eq. 8; the measures: own.
 */
export function stepResiduals(
  psiIn: Float64Array,
  psiOut: Float64Array,
  probe: Float64Array,
  basis: Float64Array,
  coefficients: Float64Array,
  update: Float64Array,
  change: Float64Array,
  residuals: Float64Array,
  V: number,
): void {
  for (let i = 0; i < V; i++) change[i] = psiOut[i]! - psiIn[i]!;
  const v = innerProduct(basis, 0, psiIn, V);
  const m = innerProduct(basis, V, psiIn, V);
  residuals[0] = distance(1, psiIn, basis, weights(coefficients, v, m), psiOut, V);
  residuals[1] = Math.max(
    unitarityOn(psiIn, basis, coefficients, V),
    unitarityOn(change, basis, coefficients, V),
    unitarityOn(probe, basis, coefficients, V),
  );
  residuals[2] = distance(0, psiIn, basis, weights(update, v, m), change, V);
}

type Weights = readonly [v: number, m: number];

/** C, or Cᵀ, times (v, m). */
function weights(C: Float64Array, v: number, m: number, transposed = false): Weights {
  const [right, left] = transposed ? [C[2]!, C[1]!] : [C[1]!, C[2]!];
  return [C[0]! * v + right * m, left * v + C[3]! * m];
}

function unitarityOn(x: Float64Array, basis: Float64Array, C: Float64Array, V: number): number {
  const square = innerProduct(x, 0, x, V);
  if (square === 0) return 0;
  const [v, m] = weights(C, innerProduct(basis, 0, x, V), innerProduct(basis, V, x, V));
  let [evenV, oddV, evenM, oddM] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 2 <= V; i += 2) {
    const even = x[i]! + v * basis[i]! + m * basis[V + i]!;
    const odd = x[i + 1]! + v * basis[i + 1]! + m * basis[V + i + 1]!;
    evenV += basis[i]! * even;
    oddV += basis[i + 1]! * odd;
    evenM += basis[V + i]! * even;
    oddM += basis[V + i + 1]! * odd;
  }
  if (i < V) {
    const even = x[i]! + v * basis[i]! + m * basis[V + i]!;
    evenV += basis[i]! * even;
    evenM += basis[V + i]! * even;
  }
  const back = weights(C, evenV + oddV, evenM + oddM, true);
  return returned(x, basis, [v, m], back, V) / Math.sqrt(square);
}

/** ‖y + Bᵀ·back − x‖ with y = x + Bᵀ·there. */
function returned(x: Float64Array, basis: Float64Array, there: Weights, back: Weights, V: number): number {
  const [v, m] = there;
  const [backV, backM] = back;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < V; i++) {
    const y = x[i]! + v * basis[i]! + m * basis[V + i]!;
    const error = y + backV * basis[i]! + backM * basis[V + i]! - x[i]!;
    if (i % 2 === 0) even += error * error;
    else odd += error * error;
  }
  return Math.sqrt(even + odd);
}

/** ‖identity·x + Bᵀw − target‖. */
function distance(
  identity: number,
  x: Float64Array,
  basis: Float64Array,
  [v, m]: Weights,
  target: Float64Array,
  V: number,
): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < V; i++) {
    const error = identity * x[i]! + v * basis[i]! + m * basis[V + i]! - target[i]!;
    if (i % 2 === 0) even += error * error;
    else odd += error * error;
  }
  return Math.sqrt(even + odd);
}

/** Σ x[start + i]·y[i], paired. */
function innerProduct(x: Float64Array, start: number, y: Float64Array, V: number): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 2 <= V; i += 2) {
    even += x[start + i]! * y[i]!;
    odd += x[start + i + 1]! * y[i + 1]!;
  }
  if (i < V) even += x[start + i]! * y[i]!;
  return even + odd;
}
