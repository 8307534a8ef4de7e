import { ComplexMatrix } from '../../../linalg/matrix/matrix.ts';
import { adjointOf, checkDense, combination, hermitianPart, squaredNorm } from '../complex.ts';
import { roundingBound } from './certificates.ts';

/** A map that keeps operators Hermitian, by its Choi matrix. */
export interface HermitianMap {
  readonly j: ComplexMatrix;
  /** Dimension of the inputs. */
  readonly d: number;
  /** Its diamond norm is that of the map it stands for up to this. */
  readonly slack: number;
}

/**
 * A map that keeps operators Hermitian with the diamond norm of the map of Choi matrix J: J itself where it is Hermitian, its Hermitian
 * part where rounding alone makes it otherwise (‖Φ‖◇ ≤ ‖J‖₁ ≤ √n‖J‖_F bounds what is dropped), else J' = |0⟩⟨1| ⊗ J + h.c.: for
 * ρ' = p ρ₀ ⊕ (1−p) ρ₁, ‖(1⊗√ρ')J'(1⊗√ρ')‖₁ = 2√(p(1−p))·‖(1⊗√ρ₀)J(1⊗√ρ₁)‖₁, which is largest at p = ½.
 *
 * @throws CapacityError
 */
export function hermitianMap(where: string, j: ComplexMatrix, d: number): HermitianMap {
  const n = j.rows;
  const skew = combination(0.5, j, -0.5, adjointOf(j));
  const slack = Math.sqrt(n * squaredNorm(skew));
  if (slack <= roundingBound(j)) return sized(where, { j: hermitianPart(j), d, slack });
  const doubled = new ComplexMatrix(2 * n, 2 * n);
  const placeOf = (row: number, half: number) => 2 * (row - (row % d)) + half * d + (row % d);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      const at = 2 * (row * n + column);
      const [re, im] = [j.data[at]!, j.data[at + 1]!];
      const [x, y] = [placeOf(row, 0), placeOf(column, 1)];
      doubled.data.set([re, im], 2 * (x * 2 * n + y));
      doubled.data.set([re, -im], 2 * (y * 2 * n + x));
    }
  }
  return sized(where, { j: doubled, d: 2 * d, slack: 0 });
}

function sized(where: string, map: HermitianMap): HermitianMap {
  checkDense(where, "Newton's matrix", map.d ** 2, map.d ** 2);
  return map;
}
