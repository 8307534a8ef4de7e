import { makeRotation } from '../dense/rotation.ts';
import { rotateDown } from '../dense/rotation-panels.ts';

const MAX_STEPS = 60;
/** The unit roundoff squared. */
const U2 = 2 ** -106;
const SAFE = 2 ** -1022;
const LARGE = 2 ** 400;

/**
 * Eigenvalues of the real symmetric tridiagonal matrix with diagonal d and e[i] between i and i+1, by implicit QL steps with
 * Wilkinson's shift; d receives them in no order. The n rotations of a step, c and s, then pass over `panels` (n rows, n
 * columns, or null), whose rows are the transposed eigenvectors. An element counts as zero where
 * e[i]² ≤ u²·|d[i]·d[i+1]|. out[3] receives the number of steps.
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
  let steps = 0;
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      let m = l;
      while (m < n - 1 && !(e[m]! * e[m]! <= U2 * Math.abs(d[m]!) * Math.abs(d[m + 1]!) + SAFE)) m++;
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
