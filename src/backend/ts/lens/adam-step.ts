/**
 * Adam: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², x ← x − rate · (m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + eps), element by element.
 *
 * @accuracy one rounding of each stored number after f64 arithmetic.
 * @source D. P. Kingma, J. Ba, arXiv 1412.6980, algorithm 1.
 */
type Real = Float32Array | Float64Array;

export function adamStep(
  x: Real,
  m: Real,
  v: Real,
  g: Real,
  n: number,
  rate: number,
  beta1: number,
  beta2: number,
  correction1: number,
  correction2: number,
  eps: number,
): void {
  const [rest1, rest2] = [1 - beta1, 1 - beta2];
  for (let i = 0; i < n; i++) {
    const gradient = g[i]!;
    const first = beta1 * m[i]! + rest1 * gradient;
    const second = beta2 * v[i]! + rest2 * (gradient * gradient);
    m[i] = first;
    v[i] = second;
    x[i] = x[i]! - (rate * (first / correction1)) / (Math.sqrt(second / correction2) + eps);
  }
}
