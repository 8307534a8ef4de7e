import { makeRotation } from '../dense/rotation.ts';
import { rotateDown } from '../dense/rotation-panels.ts';

const MAX_STEPS = 60;
/** An eigenvalue that takes more steps than this stands in rounding of size u‖T‖, below which its criterion never comes. */
const PATIENCE = 20;
const U = 2 ** -53;
const U2 = U * U;
const SAFE = 2 ** -1022;
const LARGE = 2 ** 400;

/**
 * Eigenvalues of the real symmetric tridiagonal matrix with diagonal d and e[i] between i and i+1, by implicit QL steps with
 * Wilkinson's shift; d receives them in no order. The n rotations of a step, c and s, then pass over `panels` (n rows, n
 * columns, or null), whose rows are the transposed eigenvectors. An element counts as zero where
 * e[i]² ≤ u²·|d[i]·d[i+1]|, after 20 steps for one eigenvalue where e[i] ≤ u·‖T‖_∞. out[3] receives the number of steps.
 *
 * @returns 0, or l+1 if eigenvalue l takes more than 60 steps.
 * @cost about 1.7 steps per eigenvalue; 5n³ flops with vectors
 * @accuracy parity exact.
 * @source A. Dubrulle, R. S. Martin, J. H. Wilkinson, Numer. Math. 12 (1968) 377; the test for zero: A. Greenbaum,
 * J. J. Dongarra, LAPACK Working Note 17 (1989).
 */
export function tridiagonalQl(
  d: Float64Array,
  e: Float64Array,
  n: number,
  c: Float64Array,
  s: Float64Array,
  panels: Float64Array | null,
  out: Float64Array,
): number {
  const rounding = U * normInfinity(d, e, n);
  let steps = 0;
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      const small = step < PATIENCE ? SAFE : rounding * rounding + SAFE;
      let m = l;
      while (m < n - 1 && !(e[m]! * e[m]! <= U2 * Math.abs(d[m]!) * Math.abs(d[m + 1]!) + small)) m++;
      if (m < n - 1) e[m] = 0;
      if (m === l) break;
      out[3] = steps;
      if (step === MAX_STEPS) return l + 1;
      steps++;
      qlStep(d, e, l, m, c, s, out);
      if (panels !== null) rotateDown(panels, n, n, l, m, c, s, steps);
    }
  }
  out[3] = steps;
  return 0;
}

function normInfinity(d: Float64Array, e: Float64Array, n: number): number {
  let norm = 0;
  let before = 0;
  for (let i = 0; i < n; i++) {
    const after = i < n - 1 ? Math.abs(e[i]!) : 0;
    norm = Math.max(norm, Math.abs(d[i]!) + before + after);
    before = after;
  }
  return norm;
}

/** One step on rows l…m. */
function qlStep(
  d: Float64Array,
  e: Float64Array,
  l: number,
  m: number,
  c: Float64Array,
  s: Float64Array,
  out: Float64Array,
): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.abs(half) > LARGE ? Math.abs(half) : Math.sqrt(half * half + 1);
  let g = d[m]! - d[l]! + e[l]! / (half < 0 ? half - root : half + root);
  let sine = 1;
  let cosine = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    makeRotation(g, f, out);
    cosine = out[0]!;
    sine = out[1]!;
    if (i < m - 1) e[i + 1] = out[2]!;
    g = d[i + 1]! - p;
    const r = (d[i]! - g) * sine + 2 * cosine * b;
    p = sine * r;
    d[i + 1] = g + p;
    g = cosine * r - b;
    c[i] = cosine;
    s[i] = sine;
  }
  d[l] = d[l]! - p;
  e[l] = g;
}
