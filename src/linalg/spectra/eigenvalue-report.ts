import type { Backend } from '../../backend/backend.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { eig } from '../eigen/eig.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { normFrobenius } from '../norms.ts';

/** Eigenvalues with how far rounding may have moved them. */
export interface ConditionedEigenvalues {
  /** Eigenvalues, interleaved. */
  readonly values: Float64Array;
  /** 1/|y*x| of each. */
  readonly conditionNumbers: Float64Array;
  /** κ·n·u·‖A‖_F: to first order, the distance by which a backward error of n·u·‖A‖_F moves each. */
  readonly uncertainty: Float64Array;
  /** Indices of eigenvalues whose uncertainties overlap, in sets of two and more: rounding cannot tell them apart. */
  readonly clusters: readonly (readonly number[])[];
}

const U = 2 ** -53;

/**
 * Eigenvalues, their condition numbers, and which of them rounding cannot tell apart.
 *
 * @throws what {@link eig} throws.
 * @accuracy as eig; the uncertainty is a first-order bound and so a guide, not a certificate, where it is large.
 * @cost that of eig with both sets of vectors.
 * @source J. H. Wilkinson, The Algebraic Eigenvalue Problem (1965), §2.
 */
export function conditionedEigenvalues(backend: Backend, a: AnyMatrix): ConditionedEigenvalues {
  const { values, conditionNumbers } = eig(backend, a, { conditionNumbers: true });
  const noise = a.rows * U * normFrobenius(a);
  const uncertainty = conditionNumbers!.map((kappa) => (noise === 0 ? 0 : kappa * noise));
  return { values, conditionNumbers: conditionNumbers!, uncertainty, clusters: overlapping(values, uncertainty) };
}

/** Connected sets of discs that meet, of those more uncertain than rounding makes a normal matrix. */
function overlapping(values: Float64Array, radius: Float64Array): number[][] {
  const n = radius.length;
  const seen = new Uint8Array(n);
  const sets: number[][] = [];
  for (let first = 0; first < n; first++) {
    if (seen[first] === 1) continue;
    const set = [first];
    seen[first] = 1;
    for (let at = 0; at < set.length; at++) {
      const i = set[at]!;
      for (let j = 0; j < n; j++) {
        if (seen[j] === 1) continue;
        const distance = modulus(values[2 * i]! - values[2 * j]!, values[2 * i + 1]! - values[2 * j + 1]!);
        if (!(distance <= radius[i]! + radius[j]!)) continue;
        seen[j] = 1;
        set.push(j);
      }
    }
    if (set.length > 1) sets.push(set.sort((x, y) => x - y));
  }
  return sets;
}
