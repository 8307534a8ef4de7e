import type { Backend } from '../../backend/backend.ts';
import { DomainError, inNameOf } from '../../core/errors.ts';
import { exp } from '../../math/exp.ts';
import { eig } from '../eigen/eig.ts';
import { inverse } from '../factorisations/lu.ts';
import { checkSquare } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { gram } from '../products.ts';
import { ascending, ksDistance } from './kolmogorov-smirnov.ts';

/**
 * Chalker–Mehlig overlaps O_ij = ⟨L_i|L_j⟩⟨R_j|R_i⟩ of the left and right eigenvectors with L†R = 1. O_ii is the square of eigenvalue i's
 * condition number; every row sums to 1; a normal matrix has O = 1.
 *
 * @throws ShapeError unless a is square; DomainError if the eigenvectors are singular; NonFiniteError, CapacityError, ConvergenceError as eig.
 * @accuracy relative u times the condition number of the eigenvectors, squared.
 * @cost an eigenproblem with vectors, an inverse and two products.
 * @source J. T. Chalker, B. Mehlig, Phys. Rev. Lett. 81 (1998) 3367.
 */
export function overlapMatrix(backend: Backend, a: AnyMatrix): ComplexMatrix {
  checkSquare('overlapMatrix', a, 'Overlaps belong to eigenvectors.');
  const right = inNameOf('overlapMatrix', () => eig(backend, a, { vectors: 'right' }).right!);
  // L† = R⁻¹, so ⟨L_i|L_j⟩ = (R⁻¹R⁻†)_ij.
  const lefts = gram(backend, inverseOfVectors(backend, right), 'rows');
  const rights = gram(backend, right);
  const n = a.rows;
  const overlaps = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [p, q] = [2 * (i * n + j), 2 * (j * n + i)];
      overlaps.data[p] = lefts.data[p]! * rights.data[q]! - lefts.data[p + 1]! * rights.data[q + 1]!;
      overlaps.data[p + 1] = lefts.data[p]! * rights.data[q + 1]! + lefts.data[p + 1]! * rights.data[q]!;
    }
  }
  return overlaps;
}

function inverseOfVectors(backend: Backend, vectors: ComplexMatrix): ComplexMatrix {
  try {
    return inverse(backend, vectors);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(
      'overlapMatrix: a must have independent eigenvectors, but it is defective to rounding. Use eig for condition numbers.',
    );
  }
}

/** Overlaps of eigenvalues in the bulk of a spectrum against those of a Ginibre matrix. */
export interface OverlapStatistics {
  /** n(1 − ρ²)/O of the eigenvalues with ρ ≤ 0.8: for Ginibre matrices gamma distributed with shape 2, density x e^{−x}. */
  readonly reduced: Float64Array;
  /** Its mean, 2 for Ginibre; about n(1 − ρ²) for a normal matrix. NaN without an eigenvalue in the bulk. */
  readonly mean: number;
  /** Kolmogorov–Smirnov distance from that law; 1 without an eigenvalue in the bulk. */
  readonly distance: number;
}

/**
 * Reduced overlaps n(1 − ρ²)/O_ii with O_ii = κ_i². The overlap itself has a tail like O^{−3} and no variance; its reciprocal has all moments.
 *
 * @param conditionNumbers κ_i of the eigenvalues
 * @param radii their ρ, 1 on the edge of the spectrum; leave out those near the real axis of a real matrix
 * @source P. Bourgade, G. Dubach, Probab. Theory Relat. Fields 177 (2020) 397; Y. V. Fyodorov, Commun. Math. Phys. 363 (2018) 579.
 */
export function overlapStatistics(conditionNumbers: Float64Array, radii: Float64Array, n: number): OverlapStatistics {
  const bulk = Array.from(radii.keys()).filter((k) => radii[k]! <= BULK);
  const reduced = Float64Array.from(bulk, (k) => {
    const kappa = conditionNumbers[k]!;
    return (n * (1 - radii[k]! * radii[k]!)) / kappa / kappa;
  });
  const mean = reduced.reduce((sum, value) => sum + value, 0) / reduced.length;
  const distance = reduced.length === 0 ? 1 : ksDistance(ascending(reduced), (x) => 1 - (1 + x) * exp(-x));
  return { reduced, mean, distance };
}

const BULK = 0.8;
