import { checkInteger } from '../core/checks.ts';
import { CapacityError } from '../core/errors.ts';
import { spectralCoefficients } from './low-rank.ts';
import type { FactoredUnitary } from './operator.ts';

/** Largest V for which a V×V matrix is formed. */
const DENSE_LIMIT = 1024;

/**
 * Eigenvector of H number `index` (as in `operator.levels`): V complex components, interleaved (re, im), of unit norm.
 *
 * @throws DomainError unless `index` is that of a level. The identity has none.
 */
export function eigenvector(operator: FactoredUnitary, index: number): Float64Array {
  checkInteger('eigenvector', 'index', index, 0, operator.levels.length - 1);
  const { V, basis } = operator;
  const h = new Float64Array(2 * V);
  operator.levels[index]!.coordinates.forEach((coordinate, a) => {
    for (let i = 0; i < V; i++) {
      h[2 * i]! += coordinate.re * basis[a * V + i]!;
      h[2 * i + 1]! += coordinate.im * basis[a * V + i]!;
    }
  });
  return h;
}

/**
 * U as a dense real matrix, V×V row-major, for inspection at small V.
 *
 * @throws CapacityError if V exceeds 1024.
 */
export function unitaryMatrix(operator: FactoredUnitary): Float64Array {
  checkCapacity('unitaryMatrix', operator.V, 8);
  const matrix = denseOf(operator, operator.coefficients);
  for (let i = 0; i < operator.V; i++) matrix[i * operator.V + i]! += 1;
  return matrix;
}

/**
 * H as a dense complex matrix, V×V row-major, interleaved (re, im), for inspection at small V.
 *
 * @throws CapacityError if V exceeds 1024.
 */
export function hamiltonianMatrix(operator: FactoredUnitary): Float64Array {
  checkCapacity('hamiltonianMatrix', operator.V, 16);
  const coefficients = spectralCoefficients(operator.levels, operator.rank, (level) => level.energy);
  const re = denseOf(operator, coefficients.re);
  const im = denseOf(operator, coefficients.im);
  const matrix = new Float64Array(2 * re.length);
  for (let i = 0; i < re.length; i++) {
    matrix[2 * i] = re[i]!;
    matrix[2 * i + 1] = im[i]!;
  }
  return matrix;
}

/** Σ_ab C[a][b]·b_a b_bᵀ. */
function denseOf({ V, basis, rank }: FactoredUnitary, coefficients: Float64Array): Float64Array {
  const matrix = new Float64Array(V * V);
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b < rank; b++) {
      const c = coefficients[a * rank + b]!;
      for (let i = 0; i < V; i++) {
        for (let j = 0; j < V; j++) matrix[i * V + j]! += c * basis[a * V + i]! * basis[b * V + j]!;
      }
    }
  }
  return matrix;
}

function checkCapacity(where: string, V: number, bytesPerEntry: number): void {
  if (V <= DENSE_LIMIT) return;
  const bytes = V * V * bytesPerEntry;
  throw new CapacityError(
    `${where}: V must be at most ${DENSE_LIMIT}, but it is ${V}, a matrix of ${bytes} bytes. Use applyUnitary or applyHamiltonian.`,
    bytes,
  );
}
