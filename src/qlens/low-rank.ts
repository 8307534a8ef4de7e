import type { Complex } from 'complex.js';
import type { Backend } from '../backend/backend.ts';
import { TRANSITION_MEASURES } from '../backend/contract/state.ts';
import type { Block } from '../backend/memory.ts';
import type { Level, Transition } from './operator-form.ts';

/** A real and an imaginary part, r×r row-major each. */
export interface ComplexCoefficients {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Σ_k f(level_k)·η_k η_k†, η_k the coordinates: f(H) − f(0)·1 in the operator's basis. */
export function spectralCoefficients(
  levels: readonly Level[],
  rank: number,
  factorOf: (level: Level) => Complex | number,
): ComplexCoefficients {
  const re = new Float64Array(rank * rank);
  const im = new Float64Array(rank * rank);
  for (const level of levels) {
    const given = factorOf(level);
    const [factor, imaginary] = typeof given === 'number' ? [given, 0] : [given.re, given.im];
    for (let a = 0; a < rank; a++) {
      const left = level.coordinates[a]!;
      for (let b = 0; b < rank; b++) {
        const right = level.coordinates[b]!;
        const [x, y] = [left.re * right.re + left.im * right.im, left.im * right.re - left.re * right.im];
        re[a * rank + b]! += x * factor - y * imaginary;
        im[a * rank + b]! += y * factor + x * imaginary;
      }
    }
  }
  return { re, im };
}

/** Cᵀ of an r×r matrix. */
export function transposed(coefficients: Float64Array, rank: number): Float64Array {
  return coefficients.map((_, index) => coefficients[(index % rank) * rank + Math.floor(index / rank)]!);
}

/** y = identity·x + Bᵀ C B x on blocks; `basis` holds at least r rows of x.length. x and y may coincide. */
export function applyLowRank(
  backend: Backend,
  basis: Block<'f64'>,
  coefficients: Float64Array,
  identity: number,
  x: Block<'f64'>,
  y: Block<'f64'>,
): void {
  const rank = Math.sqrt(coefficients.length);
  const { memory, kernels } = backend;
  memory.scope(() => {
    const C = memory.allocate('f64', coefficients.length);
    const work = memory.allocate('f64', 2 * rank);
    C.view().set(coefficients);
    kernels.lowRankApply({ x, basis, coefficients: C, identity, y, work, V: x.length, rank });
  });
}

/** Measures the step between two states on blocks and, where `basis` (2×V) is given, writes the pair (v, m) there. */
export function measureTransition(
  backend: Backend,
  psiIn: Block<'f64'>,
  psiOut: Block<'f64'>,
  basis: Block<'f64'> | null,
): Transition {
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const measures = memory.allocate('f64', TRANSITION_MEASURES.length);
    kernels.transition({ psiIn, psiOut, basis, measures, V: psiIn.length });
    const values = measures.view();
    return {
      overlap: values[TRANSITION_MEASURES.overlap]!,
      distance: values[TRANSITION_MEASURES.distance]!,
      sumNorm: values[TRANSITION_MEASURES.sumNorm]!,
    };
  });
}
