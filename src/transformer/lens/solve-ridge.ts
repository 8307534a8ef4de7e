import type { Backend } from '../../backend/backend.ts';
import { gemmWork, triangularWork } from '../../backend/contract/dense.ts';
import { factorWorkLength } from '../../backend/contract/factorisations.ts';
import type { Block } from '../../backend/memory.ts';
import { NonFiniteError } from '../../core/errors.ts';
import type { LeastSquaresSums } from './least-squares-sums.ts';

/** An affine map y ≈ x + A x + b, how it was penalised, and how it does. */
export interface RidgeFit {
  /** A, D×D row-major: row o holds what makes component o. */
  readonly weight: Float64Array;
  /** b, D numbers. */
  readonly bias: Float64Array;
  /** ρ. */
  readonly penalty: number;
  /** Σ ‖y − ŷ‖²/Σ ‖y − ȳ‖² over rows held back, ȳ the mean of the rows fitted; null where that is 0/0. */
  readonly unexplained: number | null;
}

/**
 * The map y = x + A x + b that makes
 *
 *     Σ ‖y − x − A x − b‖² + ρ Σ_j X_jj ‖A_j‖²
 *
 * smallest, over the rows of `sums`, X_jj the sum of squares of x_j about its mean and A_j column j of A: ridge regression of y − x on standardised x. Of
 * several ρ that is taken which leaves the least squared error over the rows of `held`, the largest of equals. As ρ grows, A goes to 0.
 *
 * With s_j = √X_jj, or 1 where that is 0: (C + ρ 1) Z = S⁻¹(P − X), C = S⁻¹ X S⁻¹ with a diagonal of ones, by Cholesky; A_oj = Z_jo/s_j.
 *
 * @param penalties ρ > 0, from the largest on
 * @throws NonFiniteError where the sums overflow.
 * @accuracy backward stable in C: predictions are off by no more than about D·2⁻⁵³/(4ρ) of ‖y‖, mostly far less.
 * @cost for each ρ, 13/3·D³ flops; four D×D blocks of f64.
 * @source A. E. Hoerl, R. W. Kennard, Technometrics 12 (1970) 55; A. Y. Din et al., Jump to Conclusions, arXiv 2303.09435, for the map between streams.
 */
export function solveRidge(
  backend: Backend,
  sums: LeastSquaresSums,
  held: LeastSquaresSums,
  penalties: readonly number[],
): RidgeFit {
  const { memory, kernels } = backend;
  const D = sums.meanX.length;
  const scales = Float64Array.from(sums.meanX, (_, j) => Math.sqrt(sums.xx.view()[j * D + j]!) || 1);
  return memory.scope(() => {
    const matrix = () => memory.allocate('f64', D * D);
    const [factor, solution, heldGram, product] = [matrix(), matrix(), matrix(), matrix()];
    const triangular = memory.allocate('f64', triangularWork(D));
    const work = memory.allocate('f64', Math.max(gemmWork('f64', D, D, D), factorWorkLength(D, 1)));
    const scaledHeld = scaledPart(held, scales);
    standardised(held.xx, scales, heldGram);
    const rightSide = scaledPart(sums, scales);
    const least = { loss: Infinity, penalty: Number.NaN, z: new Float64Array(0) };
    for (const penalty of penalties) {
      standardised(sums.xx, scales, factor);
      const gram = factor.view();
      for (let j = 0; j < D; j++) gram[j * D + j]! += penalty;
      if (kernels.cholesky({ a: factor, n: D, width: 1, work }) > 0) continue;
      solution.view().set(rightSide);
      for (const op of ['none', 'transpose'] as const) {
        const shape = { side: 'left', triangle: 'lower', op, unit: false, n: D, count: D, lda: D, ldb: D } as const;
        kernels.solveTriangular({ shape, a: factor, b: solution, work: triangular });
      }
      const shape = { opA: 'none', opB: 'none', m: D, n: D, k: D, lda: D, ldb: D, ldc: D } as const;
      kernels.gemm({ shape, alpha: 1, a: heldGram, b: solution, beta: 0, c: product, work });
      const loss = squaredError(sums, held, scales, solution.view(), product.view(), scaledHeld);
      if (loss < least.loss) Object.assign(least, { loss, penalty, z: solution.view().slice() });
    }
    if (!(least.loss < Infinity))
      throw new NonFiniteError('solveRidge: the streams must have finite squares, but their sums overflow.');
    return fitOf(sums, held, scales, least);
  });
}

/** S⁻¹ X S⁻¹, both triangles. */
function standardised(xx: Block<'f64'>, scales: Float64Array, to: Block<'f64'>): void {
  const D = scales.length;
  const [from, view] = [xx.view(), to.view()];
  for (let i = 0; i < D; i++) {
    for (let j = 0; j <= i; j++) {
      const value = from[i * D + j]! / (scales[i]! * scales[j]!);
      view[i * D + j] = value;
      view[j * D + i] = value;
    }
  }
}

/** S⁻¹(P − X): what y − x has in common with standardised x. */
function scaledPart({ xx, xy }: LeastSquaresSums, scales: Float64Array): Float64Array {
  const D = scales.length;
  const [x, p] = [xx.view(), xy.view()];
  const part = new Float64Array(D * D);
  for (let i = 0; i < D; i++) {
    for (let j = 0; j < D; j++) {
      const place = i >= j ? i * D + j : j * D + i;
      part[i * D + j] = (p[i * D + j]! - x[place]!) / scales[i]!;
    }
  }
  return part;
}

/** Mean over the rows held back of y − ŷ: their own means through the map. */
function meanResidual(sums: LeastSquaresSums, held: LeastSquaresSums, scales: Float64Array, z: Float64Array) {
  const D = scales.length;
  const residual = new Float64Array(D);
  for (let o = 0; o < D; o++) residual[o] = held.meanY[o]! - sums.meanY[o]! - (held.meanX[o]! - sums.meanX[o]!);
  for (let j = 0; j < D; j++) {
    const shift = (held.meanX[j]! - sums.meanX[j]!) / scales[j]!;
    for (let o = 0; o < D; o++) residual[o]! -= shift * z[j * D + o]!;
  }
  return residual;
}

/** Σ ‖y − ŷ‖² over the rows held back: Σ‖y − x‖² − 2⟨Z, R⟩ + ⟨Z, C Z⟩ about their means, and n times the mean's own. */
function squaredError(
  sums: LeastSquaresSums,
  held: LeastSquaresSums,
  scales: Float64Array,
  z: Float64Array,
  gramZ: Float64Array,
  part: Float64Array,
): number {
  const D = scales.length;
  const [xx, xy] = [held.xx.view(), held.xy.view()];
  let loss = held.yy;
  for (let j = 0; j < D; j++) loss += xx[j * D + j]! - 2 * xy[j * D + j]!;
  for (let i = 0; i < z.length; i++) loss += z[i]! * (gramZ[i]! - 2 * part[i]!);
  for (const value of meanResidual(sums, held, scales, z)) loss += held.count * value * value;
  return loss;
}

function fitOf(
  sums: LeastSquaresSums,
  held: LeastSquaresSums,
  scales: Float64Array,
  { loss, penalty, z }: { readonly loss: number; readonly penalty: number; readonly z: Float64Array },
): RidgeFit {
  const D = scales.length;
  const weight = new Float64Array(D * D);
  const bias = Float64Array.from(sums.meanY, (mean, o) => mean - sums.meanX[o]!);
  for (let o = 0; o < D; o++) {
    for (let j = 0; j < D; j++) {
      weight[o * D + j] = z[j * D + o]! / scales[j]!;
      bias[o]! -= weight[o * D + j]! * sums.meanX[j]!;
    }
  }
  let total = held.yy;
  for (let o = 0; o < D; o++) total += held.count * (held.meanY[o]! - sums.meanY[o]!) ** 2;
  const share = Math.max(0, loss) / total;
  return { weight, bias, penalty, unexplained: Number.isFinite(share) ? share : null };
}
