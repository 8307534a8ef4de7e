import type { Backend } from '../../../backend/backend.ts';
import { cholesky } from '../../../linalg/factorisations/cholesky.ts';
import { qr } from '../../../linalg/factorisations/qr.ts';
import { solveTriangular } from '../../../linalg/factorisations/triangular.ts';
import type { ComplexMatrix } from '../../../linalg/matrix/matrix.ts';
import { multiply } from '../../../linalg/products.ts';
import { svd } from '../../../linalg/svd/svd.ts';
import { adjointOf, complexIdentity, conjugateBy, hermitianPart, rowsOf, scaleColumns, stacked } from '../complex.ts';

/** Congruence that makes a primal matrix P and its slack S one diagonal matrix: G⁻¹ P G⁻† = G† S G = Σ. */
export interface Scaling {
  readonly g: ComplexMatrix;
  readonly inverse: ComplexMatrix;
  /** Σ, largest first. */
  readonly sigma: Float64Array;
}

/**
 * Nesterov and Todd's scaling of a pair of positive definite matrices: with P = LL†, S = RR† and R†L = UΣV†, G = LVΣ^{−1/2} and
 * G⁻¹ = Σ^{−1/2}U†R†.
 *
 * @throws DomainError unless both are positive definite.
 * @source Yu. Nesterov, M. Todd, SIAM J. Optim. 8 (1998) 324; M. Todd, K. Toh, R. Tütüncü, SIAM J. Optim. 8 (1998) 769.
 */
export function scalingOf(backend: Backend, p: ComplexMatrix, s: ComplexMatrix): Scaling {
  const [left, right] = [cholesky(backend, p), cholesky(backend, s)];
  const { u, values: sigma, v } = svd(backend, multiply(backend, right, left, { opA: 'conjugate-transpose' }));
  const roots = sigma.map((value) => 1 / Math.sqrt(value));
  const inverse = multiply(backend, scaleColumns(u, roots), right, {
    opA: 'conjugate-transpose',
    opB: 'conjugate-transpose',
  });
  return { g: multiply(backend, left, scaleColumns(v, roots)), inverse, sigma };
}

/** The operator Z ↦ W₁ Z W₁ + W₂ Z W₂ for W = GG†, in a basis that makes both W diagonal. */
export class PairOperator {
  /** C = B⁻¹ with W₁ = B diag(ω) B†, W₂ = B diag(1 − ω) B†. */
  readonly c: ComplexMatrix;
  /** 1/(ω_i ω_j + (1 − ω_i)(1 − ω_j)), row by row. */
  readonly weights: Float64Array;

  /** G₁† and G₂† above one another are YR, and the singular values of the two parts of Y are cosines and sines: √ω and √(1 − ω). */
  constructor(backend: Backend, one: Scaling, two: Scaling) {
    const n = one.g.rows;
    const { q, r } = qr(backend, stacked(adjointOf(one.g), adjointOf(two.g)));
    const { values, v } = svd(backend, rowsOf(q, 0, n));
    const lower = multiply(backend, rowsOf(q, n, n), v);
    const cosines = values.map((value) => value * value);
    const sines = columnNorms(lower);
    this.weights = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return 1 / (cosines[i]! * cosines[j]! + sines[i]! * sines[j]!);
    });
    const unrolled = solveTriangular(backend, r, complexIdentity(n), { triangle: 'upper', op: 'conjugate-transpose' });
    this.c = multiply(backend, v, unrolled, { opA: 'conjugate-transpose' });
  }

  /** The Hermitian Z with W₁ Z W₁ + W₂ Z W₂ = x. */
  solve(backend: Backend, x: ComplexMatrix): ComplexMatrix {
    const inner = conjugateBy(backend, this.c, x);
    for (const [at, weight] of this.weights.entries()) {
      inner.data[2 * at]! *= weight;
      inner.data[2 * at + 1]! *= weight;
    }
    return hermitianPart(conjugateBy(backend, adjointOf(this.c), inner));
  }
}

/** Σ_i |a_ij|² for every column j. */
function columnNorms({ rows, columns, data }: ComplexMatrix): Float64Array {
  const norms = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = 2 * (i * columns + j);
      norms[j]! += data[at]! * data[at]! + data[at + 1]! * data[at + 1]!;
    }
  }
  return norms;
}
