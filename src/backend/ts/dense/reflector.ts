/**
 * Householder reflector H = I − τ v v† with v[pivot] = 1 and H†x = β e_pivot, β real:
 * β = −sign(Re α)‖x‖ for α = x[pivot], τ = (β − α)/β conjugated, v = x/(α − β) elsewhere. x = xr + i·xi becomes v; `xi` is null for a real
 * vector. out = [Re τ, Im τ, β]. Vectors whose squares underflow are scaled by 2⁶⁰⁰ first.
 *
 * @accuracy ‖H†H − I‖ ≤ c·u; parity exact.
 * @source A. S. Householder, J. ACM 5 (1958) 339; the complex form with real β: R. B. Lehoucq, ACM TOMS 22 (1996) 393.
 */
const TINY = 2 ** -800;
const UP = 2 ** 600;
const DOWN = 2 ** -600;

export function makeReflector(
  xr: Float64Array,
  xi: Float64Array | null,
  m: number,
  pivot: number,
  out: Float64Array,
): void {
  let ar = xr[pivot]!;
  let ai = xi === null ? 0 : xi[pivot]!;
  xr[pivot] = 0;
  if (xi !== null) xi[pivot] = 0;
  let rest = sumOfSquares(xr, m) + (xi === null ? 0 : sumOfSquares(xi, m));
  let unit = 1;
  if (rest + (ar * ar + ai * ai) < TINY) {
    unit = DOWN;
    ar *= UP;
    ai *= UP;
    for (let j = 0; j < m; j++) xr[j] = xr[j]! * UP;
    if (xi !== null) for (let j = 0; j < m; j++) xi[j] = xi[j]! * UP;
    rest = sumOfSquares(xr, m) + (xi === null ? 0 : sumOfSquares(xi, m));
  }
  if (rest === 0 && ai === 0) {
    xr.fill(0, 0, m);
    if (xi !== null) xi.fill(0, 0, m);
    xr[pivot] = 1;
    out[0] = 0;
    out[1] = 0;
    out[2] = ar * unit;
    return;
  }
  const norm = Math.sqrt(rest + (ar * ar + ai * ai));
  const beta = ar < 0 ? norm : -norm;
  out[0] = (beta - ar) / beta;
  out[1] = -ai / beta;
  out[2] = beta * unit;
  const dr = ar - beta;
  const size = dr * dr + ai * ai;
  const fr = dr / size;
  const fi = -ai / size;
  if (xi === null) for (let j = 0; j < m; j++) xr[j] = xr[j]! * fr;
  else {
    for (let j = 0; j < m; j++) {
      const r = xr[j]!;
      const i = xi[j]!;
      xr[j] = r * fr - i * fi;
      xi[j] = r * fi + i * fr;
    }
  }
  xr[pivot] = 1;
}

/** Σ x[j]²: even-numbered and odd-numbered terms apart. */
export function sumOfSquares(x: Float64Array, m: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 2 <= m; j += 2) {
    even += x[j]! * x[j]!;
    odd += x[j + 1]! * x[j + 1]!;
  }
  if (j < m) even += x[j]! * x[j]!;
  return even + odd;
}

/** Σ x[j]·y[j], in the same order. */
export function dotProduct(x: Float64Array, y: Float64Array, m: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 2 <= m; j += 2) {
    even += x[j]! * y[j]!;
    odd += x[j + 1]! * y[j + 1]!;
  }
  if (j < m) even += x[j]! * y[j]!;
  return even + odd;
}
