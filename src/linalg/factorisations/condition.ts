import type { Backend } from '../../backend/backend.ts';
import { matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { exponentOf, largestOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { norm1, signsOf, sizeAt } from '../norms.ts';
import { factorise, type LuBlocks } from './lu-blocks.ts';

const MAX_STEPS = 5;
/** Largest elements for which no norm leaves the range. */
const [SMALL, LARGE] = [2 ** -500, 2 ** 500];

/**
 * An estimate of κ₁(a) = ‖a‖₁‖a⁻¹‖₁ from a few solutions with a and a†: a lower bound, hardly ever below a third of it. ∞ if a pivot is
 * exactly zero or the number is beyond f64, 0 for the empty matrix.
 *
 * @throws ShapeError unless a is square, NonFiniteError, CapacityError as for lu.
 * @accuracy lower bound, up to rounding.
 * @cost the factorisation and at most 22n² flops more (88n² complex)
 * @source N. J. Higham, ACM TOMS 14 (1988) 381, algorithm 4.1 after W. W. Hager, SIAM J. Sci. Stat. Comput. 5 (1984) 311; for
 * complex matrices the sign of z is z/|z|.
 * @example
 * const kappa = conditionEstimate(backend, Matrix.fromRows([[1, 0], [0, 1e-8]])); // 1e8
 */
export function conditionEstimate(backend: Backend, a: AnyMatrix): number {
  if (a.rows === 0 && a.columns === 0) return 0;
  return backend.memory.scope(() => {
    const scaled = withinRange(a);
    const blocks = factorise('conditionEstimate', backend, scaled, a.rows * widthOf(a));
    if (blocks.zeroPivot >= 0) return Number.POSITIVE_INFINITY;
    const estimate = timesPowerOfTwo(norm1(scaled), -blocks.exponent) * inverseNorm(backend, scaled, blocks);
    return Number.isNaN(estimate) ? Number.POSITIVE_INFINITY : estimate;
  });
}

/** a times a power of two where it is large or small: the condition number stays the same, the norms stay finite. */
function withinRange(a: AnyMatrix): AnyMatrix {
  const largest = largestOf(a.data);
  if (!Number.isFinite(largest) || largest === 0 || (largest >= SMALL && largest <= LARGE)) return a;
  const exponent = exponentOf(largest);
  return matrixLike(
    a,
    a.rows,
    a.columns,
    a.data.map((x) => timesPowerOfTwo(x, -exponent)),
  );
}

/** The estimate of ‖a⁻¹‖₁. */
function inverseNorm({ memory, kernels }: Backend, a: AnyMatrix, { factors, pivots }: LuBlocks): number {
  const n = a.rows;
  const width = widthOf(a);
  const block = memory.allocate('f64', n * width);
  const solve = (x: Float64Array, adjoint: boolean): Float64Array => {
    block.view().set(x);
    kernels.luSolve({ factors, pivots, n, width, b: block, columns: 1, adjoint });
    return block.view().slice();
  };
  const start = new Float64Array(n * width);
  for (let i = 0; i < n; i++) start[i * width] = 1 / n;
  let v = solve(start, false);
  let estimate = sumOfSizes(v, width);
  let last = -1;
  for (let step = 0; step < MAX_STEPS; step++) {
    const slope = solve(signsOf(v, width), true);
    const largest = largestAt(slope, width);
    if (largest === last) break;
    last = largest;
    const unit = new Float64Array(n * width);
    unit[largest * width] = 1;
    v = solve(unit, false);
    const next = sumOfSizes(v, width);
    if (!(next > estimate)) break;
    estimate = next;
  }
  // A vector that catches the matrices on which the ascent is known to fail.
  const alternating = new Float64Array(n * width);
  for (let i = 0; i < n; i++) alternating[i * width] = (i % 2 === 0 ? 1 : -1) * (1 + i / Math.max(n - 1, 1));
  return Math.max(estimate, (2 * sumOfSizes(solve(alternating, false), width)) / (3 * n));
}

function sumOfSizes(x: Float64Array, width: number): number {
  let sum = 0;
  for (let at = 0; at < x.length; at += width) sum += sizeAt(x, at, width);
  return sum;
}

function largestAt(x: Float64Array, width: number): number {
  let largest = 0;
  for (let i = 1; i * width < x.length; i++) {
    if (sizeAt(x, i * width, width) > sizeAt(x, largest * width, width)) largest = i;
  }
  return largest;
}
