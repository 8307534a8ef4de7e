import { Matrix } from '../../linalg/matrix/matrix.ts';
import type { StepProducts } from './step-products.ts';

/** Similarities of n rotations, n×n each. */
export interface RotationSimilarities {
  /** Tr(H_iH_j)/(‖H_i‖‖H_j‖), in [−1, 1]: of the planes with their sense, whatever the angles. */
  readonly hamiltonians: Matrix;
  /** Tr(U_iᵀU_j)/V. */
  readonly unitaries: Matrix;
}

/**
 * Similarities of the rotations of n steps. With m along ψ_in + ψ_out and the planes' areas v∧m,
 *
 *     sim_H = (m_i·m_j)(v_i·v_j) − (m_i·v_j)(v_i·m_j)
 *     sim_U = 1 + [2c_i + 2c_j + c_i c_j ‖(m_i v_i)ᵀ(m_j v_j)‖_F² + 2 s_i s_j sim_H]/V,   c = cos θ − 1, s = sin θ
 *
 * @accuracy absolute 1e-7 (f32 states). @cost O(n²) @source own: traces of products of the factored forms.
 */
export function rotationSimilarities(
  { states, mixed, vectors, lengths }: StepProducts,
  V: number,
): RotationSimilarities {
  const n = lengths.length;
  const sums = lengths.map((d) => Math.sqrt((2 - d) * (2 + d)));
  const along = (i: number, j: number): number =>
    (2 * mixed.data[i * n + j]! + lengths[i]! * vectors.data[i * n + j]!) / sums[i]!;
  const [hamiltonians, unitaries] = [new Matrix(n, n), new Matrix(n, n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      const [di, dj] = [lengths[i]!, lengths[j]!];
      const vv = vectors.data[at]!;
      const [mv, vm] = [along(i, j), along(j, i)];
      const crossed = 2 * (dj * mixed.data[at]! + di * mixed.data[j * n + i]!);
      const mm = (4 * states.data[at]! + crossed + di * dj * vv) / (sums[i]! * sums[j]!);
      const similarity = i === j ? 1 : Math.max(-1, Math.min(1, mm * vv - mv * vm));
      const [ci, cj] = [(-di * di) / 2, (-dj * dj) / 2];
      const sines = (di * sums[i]! * dj * sums[j]!) / 4;
      const overlaps = mm * mm + vv * vv + mv * mv + vm * vm;
      hamiltonians.data[at] = similarity;
      unitaries.data[at] = i === j ? 1 : 1 + (2 * ci + 2 * cj + ci * cj * overlaps + 2 * sines * similarity) / V;
    }
  }
  return { hamiltonians, unitaries };
}
