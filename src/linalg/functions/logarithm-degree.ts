/**
 * How to approximate log T: square roots until r_m(T^{1/2^s} − 1) is right to a backward error of u, m ≤ 7. Roots are costly,
 * degrees cheap; bounds use ‖(T^{1/2^s} − 1)^k‖^{1/k}.
 *
 * @source A. H. Al-Mohy, N. J. Higham, SIAM J. Sci. Comput. 34 (2012) C153, algorithm 4.1 and table 2.1.
 */
import type { Block } from '../../backend/memory.ts';
import { ConvergenceError } from '../../core/errors.ts';
import { minus, rootOf, type Scalar, sizeOf } from './complex-scalars.ts';
import type { MatrixSpace } from './matrix-space.ts';
import { PowerNorms } from './power-norms.ts';
import type { TriangularParts } from './triangular-parts.ts';

/** THETA[m] bounds ‖X^k‖^{1/k} for degree m. */
const THETA = [
  0, 1.586970738772063e-5, 2.313807884242979e-3, 1.938179313533253e-2, 6.209171588994762e-2, 1.276404810806775e-1,
  2.060962623452836e-1, 2.879093714241194e-1,
] as const;
const LAST = 7;
/** More than the logarithm of any matrix in the range of f64 asks for. */
const MAX_ROOTS = 1200;

export interface LogarithmPlan {
  readonly degree: number;
  readonly roots: number;
}

/** Replaces T by T^{1/2^roots} and says which degree is then enough. */
export function takeRoots(
  space: MatrixSpace,
  t: Block<'f64'>,
  parts: TriangularParts,
  values: Float64Array,
): LogarithmPlan {
  const least = rootsForDiagonal(values);
  const norms = new PowerNorms(space, parts);
  const size = (k: number): number => norms.size(k);
  for (let k = 0; k < least; k++) parts.root(t);
  norms.take(t);
  let third = size(3);
  const second = Math.max(size(2), third);
  for (const degree of [1, 2]) if (second <= THETA[degree]!) return { degree, roots: least };
  let extra = 0;
  for (let roots = least; roots <= MAX_ROOTS; roots++) {
    if (roots > least) third = size(3);
    const fourth = size(4);
    const bound = Math.max(third, fourth);
    const degree = degreeFor(bound, 3);
    if (degree < LAST) return { degree, roots };
    const halveOnce = degree === LAST && bound / 2 <= THETA[5] && extra < 2;
    if (halveOnce) extra++;
    else {
      const tighter = degreeFor(Math.min(bound, Math.max(fourth, size(5))), LAST - 1);
      if (tighter <= LAST) return { degree: tighter, roots };
    }
    parts.root(t);
    norms.take(t);
  }
  throw new ConvergenceError(
    `logm: roots of a must come near 1 within ${MAX_ROOTS} steps, but they did not. Report this matrix as a bug.`,
  );
}

/** The smallest degree from `first` on for a bound, LAST+1 if there is none. */
function degreeFor(bound: number, first: number): number {
  for (let degree = first; degree <= LAST; degree++) if (bound <= THETA[degree]!) return degree;
  return LAST + 1;
}

/** Roots after which every eigenvalue is near 1. */
function rootsForDiagonal(values: Float64Array): number {
  let most = 0;
  for (let k = 0; k < values.length; k += 2) {
    let z: Scalar = [values[k]!, values[k + 1]!];
    let roots = 0;
    for (; sizeOf(minus(z, [1, 0])) > THETA[LAST]; roots++) z = rootOf(z);
    most = Math.max(most, roots);
  }
  return most;
}
