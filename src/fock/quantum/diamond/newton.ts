import type { Backend } from '../../../backend/backend.ts';
import { cholesky } from '../../../linalg/factorisations/cholesky.ts';
import { solveTriangular } from '../../../linalg/factorisations/triangular.ts';
import { ComplexMatrix } from '../../../linalg/matrix/matrix.ts';
import { gramInto, multiply } from '../../../linalg/products.ts';
import {
  adjointOf,
  combination,
  complexIdentity,
  conjugateBy,
  diagonalOf,
  hermitianPart,
  onInputs,
  realInner,
  rowsOf,
  traceOutput,
} from '../complex.ts';
import { PairOperator, type Scaling } from './scaling.ts';

/** A change of ρ, P and Z; that of Q is 1 ⊗ δρ − δP, and both slacks change by δZ. */
export interface Direction {
  readonly rho: ComplexMatrix;
  readonly p: ComplexMatrix;
  readonly q: ComplexMatrix;
  readonly z: ComplexMatrix;
}

/** Complex numbers of a slab of the d²-column factor of Newton's matrix. */
const SLAB = 1 << 18;

/**
 * Newton's equations of the diamond norm at a point, with W = GG† of the two scalings:
 *
 *     δP + W_P δZ W_P = R_P,   1⊗δρ − δP + W_Q δZ W_Q = R_Q,   Tr_out(Z + δZ) = t·1,   Tr δρ = 0.
 *
 * With 𝒲(Z) = W_P Z W_P + W_Q Z W_Q, which {@link PairOperator} inverts, only δρ is left: H δρ = Tr_out(𝒲⁻¹(R_P + R_Q)) + …,
 * H δρ = Tr_out 𝒲⁻¹(1 ⊗ δρ), of order d² instead of (Dd)². It is solved for x with δρ = A x A†, ρ = AA†: that keeps H well
 * conditioned where ρ loses rank.
 */
export class NewtonSystem {
  readonly #backend: Backend;
  readonly #outputs: number;
  readonly #pair: PairOperator;
  readonly #scaleP: ComplexMatrix;
  /** A */
  readonly #root: ComplexMatrix;
  /** The Cholesky factor of H in the coordinates x. */
  readonly #factor: ComplexMatrix;
  /** A†A, the gradient of Tr AxA†, and H⁻¹ of it. */
  readonly #traceGradient: ComplexMatrix;
  readonly #traceSolution: ComplexMatrix;
  /** t·1 − Tr_out Z */
  readonly #defect: ComplexMatrix;

  /** @throws DomainError where rounding leaves a matrix that is not positive definite. */
  constructor(backend: Backend, rho: ComplexMatrix, z: ComplexMatrix, p: Scaling, q: Scaling) {
    const d = rho.rows;
    this.#backend = backend;
    this.#outputs = z.rows / d;
    this.#pair = new PairOperator(backend, p, q);
    this.#scaleP = p.g;
    this.#root = cholesky(backend, rho);
    this.#factor = cholesky(backend, this.#matrix(d));
    this.#traceGradient = multiply(backend, this.#root, this.#root, { opA: 'conjugate-transpose' });
    this.#traceSolution = this.#invert(this.#traceGradient);
    const reduced = traceOutput(z, d);
    const mean = diagonalOf(reduced).reduce((sum, value) => sum + value, 0) / d;
    this.#defect = combination(mean, complexIdentity(d), -1, reduced);
  }

  direction(p: ComplexMatrix, q: ComplexMatrix): Direction {
    const backend = this.#backend;
    const right = combination(1, p, 1, q);
    const pull = combination(1, traceOutput(this.#pair.solve(backend, right), this.#root.rows), -1, this.#defect);
    const x = this.#invert(conjugateBy(backend, adjointOf(this.#root), pull));
    const multiplier = realInner(this.#traceGradient, x) / realInner(this.#traceGradient, this.#traceSolution);
    const rho = hermitianPart(conjugateBy(backend, this.#root, combination(1, x, -multiplier, this.#traceSolution)));
    const lifted = onInputs(this.#outputs, rho);
    const z = this.#pair.solve(backend, combination(1, right, -1, lifted));
    const scaled = conjugateBy(backend, adjointOf(this.#scaleP), z);
    const change = hermitianPart(combination(1, p, -1, conjugateBy(backend, this.#scaleP, scaled)));
    return { rho, p: change, q: combination(1, lifted, -1, change), z };
  }

  /** H in the coordinates x: Σ_ij w_ij M_ij† M_ij with M_ij[kl] = Σ_a C'[i,ak] conj C'[j,al], C' = C(1 ⊗ A). */
  #matrix(d: number): ComplexMatrix {
    const backend = this.#backend;
    const { c, weights } = this.#pair;
    const n = c.rows;
    const D = this.#outputs;
    const blocks = blocksOf(multiply(backend, c, onInputs(D, this.#root)), d);
    const h = new ComplexMatrix(d * d, d * d);
    const count = Math.max(1, Math.floor(SLAB / (n * d * d)));
    for (let first = 0; first < n; first += count) {
      const here = Math.min(count, n - first);
      const products = multiply(backend, rowsOf(blocks, first * d, here * d), blocks, { opB: 'conjugate-transpose' });
      const slab = new ComplexMatrix(here * n, d * d);
      for (let i = 0; i < here; i++) {
        for (let k = 0; k < d; k++) {
          for (let j = 0; j < n; j++) {
            const root = Math.sqrt(weights[(first + i) * n + j]!);
            const from = 2 * ((i * d + k) * n * d + j * d);
            const to = 2 * ((i * n + j) * d * d + k * d);
            for (let part = 0; part < 2 * d; part++) slab.data[to + part] = root * products.data[from + part]!;
          }
        }
      }
      gramInto(backend, h, slab, { beta: first === 0 ? 0 : 1 });
    }
    return h;
  }

  /** H⁻¹ x */
  #invert(x: ComplexMatrix): ComplexMatrix {
    const column = new ComplexMatrix(x.data.length / 2, 1, x.data);
    const half = solveTriangular(this.#backend, this.#factor, column, { triangle: 'lower' });
    const { data } = solveTriangular(this.#backend, this.#factor, half, {
      triangle: 'lower',
      op: 'conjugate-transpose',
    });
    return new ComplexMatrix(x.rows, x.columns, data);
  }
}

/** Row i·d + k, column a of the result is element (i, a·d + k). */
function blocksOf({ rows, columns, data }: ComplexMatrix, d: number): ComplexMatrix {
  const D = columns / d;
  const blocks = new ComplexMatrix(rows * d, D);
  for (let i = 0; i < rows; i++) {
    for (let a = 0; a < D; a++) {
      for (let k = 0; k < d; k++) {
        const from = 2 * (i * columns + a * d + k);
        blocks.data.set(data.subarray(from, from + 2), 2 * ((i * d + k) * D + a));
      }
    }
  }
  return blocks;
}
