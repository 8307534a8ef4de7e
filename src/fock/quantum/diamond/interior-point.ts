import type { Backend } from '../../../backend/backend.ts';
import { ConvergenceError, DomainError, NonFiniteError } from '../../../core/errors.ts';
import { eigenvaluesHermitian } from '../../../linalg/eigen/eigh.ts';
import { ComplexMatrix } from '../../../linalg/matrix/matrix.ts';
import { multiply } from '../../../linalg/products.ts';
import {
  adjointOf,
  combination,
  complexIdentity,
  conjugateBy,
  hermitianPart,
  onInputs,
  realInner,
} from '../complex.ts';
import { type Direction, NewtonSystem } from './newton.ts';
import { type Scaling, scalingOf } from './scaling.ts';

/** A strictly feasible point of both programmes: P + Q = 1 ⊗ ρ, Tr ρ = 1, P, Q > 0 and Z > ±J. */
export interface InteriorPoint {
  readonly rho: ComplexMatrix;
  readonly p: ComplexMatrix;
  readonly q: ComplexMatrix;
  readonly z: ComplexMatrix;
}

/** Share of the way to the boundary that a step goes. */
const TO_BOUNDARY = 0.98;
/** Steps shorter than this lead nowhere. */
const SHORTEST_STEP = 1e-6;

/** P = Q = 1/(2d) and Z = 2‖J‖₂·1. */
export function startingPoint(backend: Backend, j: ComplexMatrix, d: number): InteriorPoint {
  const values = eigenvaluesHermitian(backend, j);
  const size = Math.max(-values[0]!, values.at(-1)!);
  const [one, all] = [complexIdentity(d), complexIdentity(j.rows)];
  const half = combination(1 / (2 * d), all, 0, all);
  return { rho: combination(1 / d, one, 0, one), p: half, q: half, z: combination(2 * size, all, 0, all) };
}

/**
 * One predictor-corrector step of the primal-dual interior-point method for
 *
 *     maximise Tr J(P − Q) over P, Q ≥ 0 with P + Q = 1 ⊗ ρ, Tr ρ = 1;   minimise t over Z ≥ ±J with Tr_out Z = t·1,
 *
 * in Nesterov and Todd's direction. Both points stay strictly feasible. Null where rounding leaves no step.
 *
 * @cost some ten decompositions of order Dd and a product of 4(Dd)²d⁴ flops.
 * @source J. Watrous, Theory Comput. 5 (2009) 217 and Chicago J. Theor. Comput. Sci. (2013) 8 (the programmes); S. Mehrotra, SIAM J. Optim. 2 (1992)
 * 575; M. Todd, K. Toh, R. Tütüncü, SIAM J. Optim. 8 (1998) 769. That Newton's equations reduce to those of ρ is ours.
 */
export function interiorStep(backend: Backend, j: ComplexMatrix, point: InteriorPoint): InteriorPoint | null {
  try {
    return advance(backend, j, point);
  } catch (error) {
    if ([DomainError, NonFiniteError, ConvergenceError].some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

function advance(backend: Backend, j: ComplexMatrix, point: InteriorPoint): InteriorPoint | null {
  const { rho, p, q, z } = point;
  const above = combination(1, z, -1, j);
  const below = combination(1, z, 1, j);
  const scalings = [scalingOf(backend, p, above), scalingOf(backend, q, below)] as const;
  const system = new NewtonSystem(backend, rho, z, ...scalings);
  const n = 2 * z.rows;
  const gap = (realInner(p, above) + realInner(q, below)) / n;
  const [predictP, predictQ] = scalings.map((scaling) => target(backend, scaling, 0, null));
  const predicted = stepAlong(backend, scalings, system.direction(predictP!, predictQ!));
  const left = predicted.changes.reduce((sum, change) => sum + complementarity(change, predicted), 0) / n;
  const centring = Math.min(1, Math.max(1e-6, left / gap)) ** 3;
  const [correctP, correctQ] = scalings.map((scaling, i) =>
    target(backend, scaling, centring * gap, predicted.changes[i]!),
  );
  const direction = system.direction(correctP!, correctQ!);
  const { primal, dual } = stepAlong(backend, scalings, direction);
  if (!(Math.min(primal, dual) > SHORTEST_STEP)) return null;
  const nextRho = combination(1, rho, primal, direction.rho);
  const nextP = combination(1, p, primal, direction.p);
  return {
    rho: nextRho,
    p: nextP,
    q: combination(1, onInputs(z.rows / rho.rows, nextRho), -1, nextP),
    z: combination(1, z, dual, direction.z),
  };
}

/** δP and δS in the coordinates in which P = S = Σ. */
interface ScaledChange {
  readonly primal: ComplexMatrix;
  readonly dual: ComplexMatrix;
  readonly sigma: Float64Array;
}

/** G R G† with R_ij = 2/(σ_i + σ_j)·(μδ_ij − σ_i²δ_ij − ½(δP δS + δS δP)_ij): what makes PS equal to μ to second order. */
function target(backend: Backend, { g, sigma }: Scaling, mu: number, change: ScaledChange | null): ComplexMatrix {
  const n = sigma.length;
  const right = new ComplexMatrix(n, n);
  if (change !== null) {
    const both = hermitianPart(multiply(backend, change.primal, change.dual));
    right.data.set(both.data.map((value) => -value));
  }
  for (let i = 0; i < n; i++) right.data[2 * (i * n + i)]! += mu - sigma[i]! ** 2;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = 2 / (sigma[i]! + sigma[k]!);
      right.data[2 * (i * n + k)]! *= factor;
      right.data[2 * (i * n + k) + 1]! *= factor;
    }
  }
  return hermitianPart(conjugateBy(backend, g, right));
}

/** How far both points can go, and the changes in scaled coordinates. */
function stepAlong(backend: Backend, scalings: readonly [Scaling, Scaling], { p, q, z }: Direction) {
  const changes = scalings.map(({ g, inverse, sigma }, i) => ({
    primal: hermitianPart(conjugateBy(backend, inverse, i === 0 ? p : q)),
    dual: hermitianPart(conjugateBy(backend, adjointOf(g), z)),
    sigma,
  }));
  const reach = (side: 'primal' | 'dual') =>
    Math.min(...changes.map((change) => lengthTo(backend, change[side], change.sigma)));
  return { changes, primal: reach('primal'), dual: reach('dual') };
}

/** The longest step up to 1 that keeps Σ + step·change positive definite, less a margin. */
function lengthTo(backend: Backend, change: ComplexMatrix, sigma: Float64Array): number {
  const n = sigma.length;
  const relative = new ComplexMatrix(n, n, change.data.slice());
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = 1 / Math.sqrt(sigma[i]! * sigma[k]!);
      relative.data[2 * (i * n + k)]! *= factor;
      relative.data[2 * (i * n + k) + 1]! *= factor;
    }
  }
  const least = eigenvaluesHermitian(backend, relative)[0]!;
  return least >= -TO_BOUNDARY ? 1 : TO_BOUNDARY / -least;
}

/** Tr (Σ + αδP)(Σ + βδS) */
function complementarity(
  { primal, dual, sigma }: ScaledChange,
  { primal: alpha, dual: beta }: { readonly primal: number; readonly dual: number },
): number {
  const n = sigma.length;
  let sum = alpha * beta * realInner(primal, dual);
  for (let i = 0; i < n; i++) {
    const [dp, ds] = [primal.data[2 * (i * n + i)]!, dual.data[2 * (i * n + i)]!];
    sum += sigma[i]! * (sigma[i]! + alpha * dp + beta * ds);
  }
  return sum;
}
