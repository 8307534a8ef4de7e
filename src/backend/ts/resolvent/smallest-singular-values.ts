import { ritz } from './ritz.ts';
import { substitute } from './substitution.ts';

/** Squares of norms from here on, so singular values below 2⁻¹⁸⁰, count as those of a singular matrix. */
const SINGULAR = 2 ** 360;
const LEAST_VALUE = 2 ** -180;
/** What the harmonic sum of the gaps is multiplied by: an eigenvalue that no Ritz value shows yet may lie nearer. */
const CAUTION = 64;

/**
 * values[k] = σ_min(z_k − T), T n×n upper triangular, by Golub–Kahan bidiagonalisation of C = (z − T)⁻¹ from one start vector p:
 * with α, β > 0 that make u and v unit vectors,
 *
 *     α_k u_k = C* v_k − β_{k−1} u_{k−1},    β_k v_{k+1} = C u_k − α_k v_k,
 *
 * so that C C* has the Lanczos matrix with diagonal α_k² + β_{k−1}² and α_k β_k beside it. Its largest eigenvalue θ ≤ σ_min⁻² with
 * residual r is taken when r ≤ 2·tolerance·θ (some eigenvalue lies as near), or 64·r²·Σ 1/(θ − θ_j) ≤ 2·tolerance·θ (the error is at most
 * r²/gap). steps[k] is the number of steps, negative where `limit` of them did not suffice; then values[k] is an upper bound.
 *
 * No vector is normalised: the reciprocal of its norm is applied when it is next read. Each point's numbers are its own, so they do
 * not depend on the points that come with it.
 *
 * @cost 8n² flops per step and point
 * @accuracy relative `tolerance` for the T given; parity exact.
 * @source S. H. Lui, SIAM J. Sci. Comput. 18 (1997) 565; L. N. Trefethen, Acta Numerica 8 (1999) 247; C. C. Paige, M. A. Saunders,
 * ACM TOMS 8 (1982) 43, for the bidiagonalisation; B. N. Parlett, The Symmetric Eigenvalue Problem (1998), § 11.7, for the errors.
 */
export function smallestSingularValues(
  upper: Float64Array,
  lower: Float64Array,
  n: number,
  start: Float64Array,
  points: Float64Array,
  count: number,
  tolerance: number,
  limit: number,
  values: Float64Array,
  steps: Float64Array,
  work: Float64Array,
): void {
  const panel = (i: number): Float64Array => work.subarray(2 * n * i, 2 * n * (i + 1));
  const [x, p, q, reciprocals] = [panel(0), panel(1), panel(2), panel(3)];
  const rest = work.subarray(8 * n);
  const [a, b, out] = [rest.subarray(0, limit), rest.subarray(limit, 2 * limit), rest.subarray(2 * limit)];
  for (let point = 0; point < count; point++) {
    invertDiagonal(upper, n, points[2 * point]!, points[2 * point + 1]!, reciprocals);
    p.set(start);
    q.fill(0);
    let [scale, ratio, before, theta, square] = [1, 0, 0, 0, 0];
    for (let k = 1; ; k++) {
      const alphaSquare = substitute(true, n, lower, reciprocals, x, p, scale, q, ratio);
      const alpha = Math.sqrt(alphaSquare);
      const betaSquare = substitute(false, n, upper, reciprocals, x, q, 1 / alpha, p, alpha * scale);
      if (!(alphaSquare < SINGULAR && betaSquare < SINGULAR)) {
        values[point] = 0;
        steps[point] = k;
        break;
      }
      a[k - 1] = alphaSquare + before;
      b[k - 1] = alphaSquare * betaSquare;
      ritz(a, b, 0, k, theta, square, out);
      theta = out[0]!;
      square = out[1]!;
      const allowed = 2 * tolerance * theta;
      const converged = Math.sqrt(square) <= allowed || (k > 1 && CAUTION * square * out[2]! <= allowed);
      if (converged || k === limit) {
        const value = 1 / Math.sqrt(theta);
        values[point] = value < LEAST_VALUE ? 0 : value;
        steps[point] = converged ? k : -k;
        break;
      }
      const beta = Math.sqrt(betaSquare);
      scale = 1 / beta;
      ratio = beta / alpha;
      before = betaSquare;
    }
  }
}

/** 1/(z − t_ii); infinite or NaN where that is (nearly) zero, and then so are the norms: the matrix is singular. */
function invertDiagonal(upper: Float64Array, n: number, re: number, im: number, reciprocals: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const at = 2 * i * (n + 1);
    const dr = re - upper[at]!;
    const di = im - upper[at + 1]!;
    const inverse = 1 / (dr * dr + di * di);
    reciprocals[2 * i] = dr * inverse;
    reciprocals[2 * i + 1] = -(di * inverse);
  }
}
