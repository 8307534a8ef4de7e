import type { Backend } from '../../backend/backend.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { reorderSchur, type Schur } from '../eigen/schur.ts';
import { ComplexMatrix } from '../matrix/matrix.ts';
import { normFrobenius } from '../norms.ts';
import { multiply } from '../products.ts';
import { singularValues } from '../svd/svd.ts';
import { conditionedEigenvalues } from './eigenvalue-report.ts';
import { cornerOf } from './projection.ts';
import type { Sweep } from './regions.ts';
import { ResolventLevels } from './resolvent-levels.ts';
import { curveMinimum } from './sweep-search.ts';

/** Eigenvalues this many times n·u·‖A‖_F·‖P‖ from the boundary, or from each other, are there to rounding; P is the spectral projector. */
const ROUNDING = 16;
/** An eigenvalue farther beyond the boundary than this, relative to ‖A‖_F, is unstable however uncertain it is. */
const DOUBT = 1e-3;

/** Where the eigenvalues of a matrix are, seen from the boundary of a region. */
export interface BoundaryCensus {
  /** Index of an eigenvalue that lies outside beyond rounding; null if there is none. */
  readonly outside: number | null;
  /** Indices of the eigenvalues on the boundary, to rounding. */
  readonly on: readonly number[];
}

/**
 * Counts an eigenvalue to the boundary if a backward error of 16·n·u·‖A‖_F moves it there to first order. One below the boundary that rounding
 * cannot tell from another is counted by its own place: of a defective set the outermost lies outside.
 */
export function boundaryCensus({ backend, noise }: ResolventLevels, sweep: Sweep, { t }: Schur): BoundaryCensus {
  // Of a triangular matrix the eigenvalues come in the order of its diagonal.
  const { values, conditionNumbers } = conditionedEigenvalues(backend, t);
  const farthest = Math.max(ROUNDING * noise, DOUBT * normFrobenius(t));
  let outside: number | null = null;
  const on: number[] = [];
  const level = (k: number): number => sweep.level(values[2 * k]!, values[2 * k + 1]!);
  for (let k = 0; k < t.rows; k++) {
    const beyond = level(k) - sweep.boundary;
    // A zero matrix has no doubt, whatever the condition numbers.
    const doubt = noise === 0 ? 0 : Math.min(ROUNDING * noise * conditionNumbers[k]!, farthest);
    if (beyond > doubt) {
      if (outside === null || level(k) > level(outside)) outside = k;
      continue;
    }
    const alone = nearest(values, [k]).distance > doubt;
    if (beyond >= -(alone ? doubt : ROUNDING * noise)) on.push(k);
  }
  return { outside, on };
}

/** What eigenvalues on the boundary do to the resolvent near it. */
export interface BoundaryResolvent {
  /** The largest ‖P‖: the limit of (level − boundary)·‖(z − A)⁻¹‖ as z comes to `at` along the normal; ∞ for a defective eigenvalue. */
  readonly limit: number;
  readonly at: readonly [re: number, im: number];
  /** (level − boundary)·‖(z − A)⁻¹‖ ≤ limit + slope·(level − boundary) everywhere outside. */
  readonly slope: number;
  /** How far from the boundary rounding may put the eigenvalues. */
  readonly doubt: number;
}

/**
 * The resolvent is Σ P_k/(z − λ_k) over the semisimple eigenvalues on the boundary, and a rest that stays finite: with P = ΣP_k and T the
 * triangular form of what remains, at most ‖P‖/σ_min(z − T). That is largest on the boundary itself; and a point nearest to λ_k is at least
 * half of |λ_j − λ_k| from any other λ_j. Eigenvalues nearer to each other than 16·n·u·‖A‖_F·‖P‖ are one, and it is semisimple if on
 * its invariant subspace the matrix is λ up to twice that.
 *
 * @param on indices of t's diagonal, at least one.
 */
export function boundaryResolvent(
  where: string,
  { backend, noise }: ResolventLevels,
  sweep: Sweep,
  form: Schur,
  on: readonly number[],
): BoundaryResolvent {
  const groups = groupsOf(backend, form, on, ROUNDING * noise);
  const largest = groups.reduce((one, other) => (other.norm > one.norm ? other : one));
  const doubt = ROUNDING * noise * largest.norm;
  const defective = groups.find(({ spread, norm }) => !(spread <= 2 * ROUNDING * noise * norm));
  if (defective !== undefined) {
    return { limit: Number.POSITIVE_INFINITY, at: defective.centre, slope: Number.POSITIVE_INFINITY, doubt };
  }
  const all = groups.flatMap(({ members }) => members);
  const n = form.t.rows;
  let rest = 0;
  if (all.length < n) {
    const t = cornerOf(reorderSchur(backend, form, all).t, all.length, all.length, n - all.length, n - all.length);
    const { lower } = curveMinimum(new ResolventLevels(where, backend, { t }), sweep, sweep.boundary);
    rest = projectorNorm(backend, form, all) / lower;
  }
  const slopes = groups.map(
    (one) =>
      rest +
      groups.reduce(
        (sum, other) =>
          sum +
          (other === one
            ? 0
            : (2 * other.norm) / modulus(other.centre[0] - one.centre[0], other.centre[1] - one.centre[1])),
        0,
      ),
  );
  return { limit: largest.norm, at: largest.centre, slope: Math.max(...slopes), doubt };
}

/** Eigenvalues that are one to rounding. */
interface Group {
  readonly members: readonly number[];
  /** ‖P‖ of their spectral projector. */
  readonly norm: number;
  readonly centre: readonly [re: number, im: number];
  /** ‖T − centre‖_F on their invariant subspace. */
  readonly spread: number;
}

/** Joins eigenvalues until every group's projector is sure: no other eigenvalue within `rounding`·‖P‖ of its members. */
function groupsOf(backend: Backend, form: Schur, seeds: readonly number[], rounding: number): Group[] {
  const { t } = form;
  const values = Float64Array.from({ length: 2 * t.rows }, (_, k) => t.data[(k >> 1) * 2 * (t.rows + 1) + (k & 1)]!);
  let groups: Group[] = [];
  for (const seed of seeds) {
    if (groups.some(({ members }) => members.includes(seed))) continue;
    let members: readonly number[] = [seed];
    let norm = projectorNorm(backend, form, members);
    while (members.length < t.rows) {
      const { index, distance } = nearest(values, members);
      if (distance > rounding * norm) break;
      const joined = groups.find((group) => group.members.includes(index));
      groups = groups.filter((group) => group !== joined);
      members = [...members, ...(joined?.members ?? [index])];
      norm = projectorNorm(backend, form, members);
    }
    groups.push({ members, norm, ...placeOf(backend, form, members) });
  }
  return groups;
}

/** The eigenvalue outside a set that is nearest to one in it. */
function nearest(
  values: Float64Array,
  members: readonly number[],
): { readonly index: number; readonly distance: number } {
  let [index, distance] = [-1, Number.POSITIVE_INFINITY];
  for (let k = 0; 2 * k < values.length; k++) {
    if (members.includes(k)) continue;
    for (const m of members) {
      const own = modulus(values[2 * k]! - values[2 * m]!, values[2 * k + 1]! - values[2 * m + 1]!);
      if (own < distance) [index, distance] = [k, own];
    }
  }
  return { index, distance };
}

/** ‖P‖ = 1/σ_min(W*V) of orthonormal bases V, W of the right and the left invariant subspace. */
function projectorNorm(backend: Backend, form: Schur, members: readonly number[]): number {
  const [n, k] = [form.t.rows, members.length];
  const others = Array.from({ length: n }, (_, j) => j).filter((j) => !members.includes(j));
  const right = cornerOf(reorderSchur(backend, form, members).q, 0, 0, n, k);
  const left = cornerOf(reorderSchur(backend, form, others).q, 0, n - k, n, k);
  return 1 / singularValues(backend, multiply(backend, left, right, { opA: 'conjugate-transpose' })).at(-1)!;
}

function placeOf(backend: Backend, form: Schur, members: readonly number[]): Pick<Group, 'centre' | 'spread'> {
  const k = members.length;
  const own = new ComplexMatrix(k, k, cornerOf(reorderSchur(backend, form, members).t, 0, 0, k, k).data.slice());
  let [re, im] = [0, 0];
  for (let i = 0; i < k; i++) {
    re += own.data[2 * i * (k + 1)]! / k;
    im += own.data[2 * i * (k + 1) + 1]! / k;
  }
  for (let i = 0; i < k; i++) {
    own.data[2 * i * (k + 1)]! -= re;
    own.data[2 * i * (k + 1) + 1]! -= im;
  }
  return { centre: [re, im], spread: normFrobenius(own) };
}
