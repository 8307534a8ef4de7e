import type { Backend } from '../../backend/backend.ts';
import { eigh, Matrix, multiply, singularValues } from '../../linalg/index.ts';
import type { StepProducts } from './step-products.ts';

/** How well one unitary does the steps of a whole data set. */
export interface ProcrustesFit {
  /** ‖M‖_*, M = Σ ψ_out ψ_inᵀ. */
  readonly nuclearNorm: number;
  /** Σ‖Uψ_in − ψ_out‖² = 2m − 2‖M‖_* of the best unitary U. */
  readonly residual: number;
  /** Σ‖ψ_in − ψ_out‖², what U = 1 leaves. */
  readonly identityResidual: number;
  /** 1 − residual/identityResidual in [0, 1]: the share of the squared change that one unitary, the same for all texts, explains. */
  readonly explained: number;
}

/**
 * The residual of `procrustes` over m steps, without the operator: ‖M‖_* is the sum of the singular values of F_outᵀF_in, where F Fᵀ are
 * the m×m Gram matrices of the states before and after. As many free directions as V, so few steps are always explained well: hold it
 * against that of as many random ones.
 *
 * @accuracy absolute m·1e-7 (f32 states). @cost 20m³ floating-point operations. @source own; see `procrustes`.
 */
export function procrustesFit(backend: Backend, { states, mixed, vectors, lengths }: StepProducts): ProcrustesFit {
  const m = lengths.length;
  const after = new Matrix(m, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      const crossed = lengths[j]! * mixed.data[i * m + j]! + lengths[i]! * mixed.data[j * m + i]!;
      const product = states.data[i * m + j]! + crossed + lengths[i]! * lengths[j]! * vectors.data[i * m + j]!;
      after.data[i * m + j] = after.data[j * m + i] = product;
    }
  }
  const [before, behind] = [factorOf(backend, states), factorOf(backend, after)];
  const overlaps = singularValues(backend, multiply(backend, behind, before, { opA: 'transpose' }));
  const nuclearNorm = overlaps.reduce((sum, value) => sum + value, 0);
  const identityResidual = lengths.reduce((sum, length) => sum + length * length, 0);
  const rest = trace(states) + trace(after) - 2 * nuclearNorm;
  const residual = Math.max(0, Math.min(identityResidual, rest));
  return { nuclearNorm, residual, identityResidual, explained: 1 - residual / identityResidual };
}

/** F with F Fᵀ = g, a column for each direction that is more than rounding. */
function factorOf(backend: Backend, g: Matrix): Matrix {
  const n = g.rows;
  const { values, vectors } = eigh(backend, g);
  const least = 8 * n * 2 ** -53 * values[n - 1]!;
  const first = values.findIndex((value) => value > least);
  const factor = new Matrix(n, n - first);
  for (let i = 0; i < n; i++) {
    for (let k = first; k < n; k++) {
      factor.data[i * (n - first) + k - first] = vectors.data[i * n + k]! * Math.sqrt(values[k]!);
    }
  }
  return factor;
}

function trace({ data, rows }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += data[i * rows + i]!;
  return sum;
}
