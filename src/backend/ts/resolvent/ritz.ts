/** A pivot of x − T counts as at least this part of x: rounding could turn the smallest ones negative. */
const LEAST_PIVOT = 2 ** -60;
/** Below this part of θ the rounding of θ hides its growth. */
const LEAST_GROWTH = 2 ** -45;
const GROWTH_TOLERANCE = 2 ** -20;
const MAX_STEPS = 12;

/**
 * The largest eigenvalue θ of the k×k tridiagonal T with diagonal a and squares b of the elements beside it, all from index o on, k ≥ 1,
 * where b[o+k−1] is the square of the element that a next row would add. `theta` is the same for k − 1, and `square` its r².
 *
 * out[0] = θ; out[1] = r² = b[o+k−1]·s_k², s the unit eigenvector: the Ritz pair of the Lanczos process has residual r;
 * out[2] = Σ 1/(θ − θ_j) over the other eigenvalues, at least 1/gap. With pivots d_k = x − a_k, d_i = x − a_i − b_i/d_{i+1}
 * at x = θ: 1/s₁² = d₁′, s_{i+1}² = s_i²·b_i/d_{i+1}², and the sum is d₁″/(2d₁′) + Σ_{i>1} d_i′/d_i (from det(x − T) = Π d_i).
 *
 * @cost O(k)
 * @accuracy θ to a small multiple of k·u; parity exact.
 * @source B. N. Parlett, The Symmetric Eigenvalue Problem (1998), chapters 7 and 13, for s and r.
 */
export function ritz(
  a: Float64Array,
  b: Float64Array,
  o: number,
  k: number,
  theta: number,
  square: number,
  out: Float64Array,
): void {
  const x = k === 1 ? a[o]! : theta + growth(a, b, o, k, theta, square);
  let d = x - a[o + k - 1]!;
  let first = 1;
  let second = 0;
  let sum = 0;
  let product = 1;
  for (let i = o + k - 2; i >= o; i--) {
    const w = 1 / Math.max(d, LEAST_PIVOT * x);
    const t = b[i]! * w * w;
    sum += first * w;
    product *= t;
    second = t * (second - 2 * w * first * first);
    first = 1 + t * first;
    d = x - a[i]! - b[i]! * w;
  }
  out[0] = x;
  out[1] = (b[o + k - 1]! * product) / first;
  out[2] = second / (2 * first) + sum;
}

/**
 * How much the last row raises the largest eigenvalue: the root y > 0 of f(y) = x − a_k − b_{k−1}/q_{k−1}(x), x = theta + y, with
 * q_i the pivots from the top. f has a pole at y = 0 with residue −square; the first y takes the other poles as infinitely
 * far, and each step fits y + g − c/y to f and f′. The y rise to the root.
 */
function growth(a: Float64Array, b: Float64Array, o: number, k: number, theta: number, square: number): number {
  let y = positiveRoot(theta - a[o + k - 1]!, square);
  for (let step = 0; step < MAX_STEPS && y > LEAST_GROWTH * theta; step++) {
    const x = theta + y;
    let q = x - a[o]!;
    let slope = 1;
    for (let i = o + 1; i < o + k; i++) {
      const w = 1 / Math.max(q, LEAST_PIVOT * x);
      const e = b[i - 1]! * w;
      slope = 1 + e * w * slope;
      q = x - a[i]! - e;
    }
    const last = y;
    y = positiveRoot(q - last + (slope - 1) * last, (slope - 1) * last * last);
    if (Math.abs(y - last) <= GROWTH_TOLERANCE * y) break;
  }
  return y;
}

/** The y > 0 with y + g − c/y = 0, c > 0. */
function positiveRoot(g: number, c: number): number {
  const half = 0.5 * g;
  const root = Math.sqrt(half * half + c);
  return half > 0 ? c / (half + root) : root - half;
}
