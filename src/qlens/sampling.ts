import type { Backend } from '../backend/backend.ts';
import { SAMPLING_MOMENTS } from '../backend/contract/state.ts';
import type { Block } from '../backend/memory.ts';
import * as sampling from '../backend/plain.ts';
import { checkFinite, checkLength } from '../core/checks.ts';
import { checkState } from './state.ts';

/** Moments of the sampling operator S = diag(output ids) in a state. */
export interface SamplingMoments {
  /** ⟨S⟩ = Σ_u id_u ψ_u². */
  readonly mean: number;
  /** (ΔS)² = Σ_u (id_u − ⟨S⟩)² ψ_u². */
  readonly variance: number;
}

/**
 * Mean and variance of the sampling operator S = diag(ids) by the Born rule.
 *
 * @param psi V components of a state.
 * @param ids V eigenvalues of S; default 1 … V, as in the paper.
 * @throws ShapeError, NonFiniteError, DomainError.
 * @accuracy two passes, so the variance does not cancel.
 * @source QLens, eqs. 11–14.
 * @example
 * samplingMoments(stateFromLaw([0.5, 0.5])); // { mean: 1.5, variance: 0.25 }
 */
export function samplingMoments(psi: Float64Array, ids?: ArrayLike<number>): SamplingMoments {
  checkState('samplingMoments', 'psi', psi);
  return momentsOf(psi, checkedIds('samplingMoments', ids, psi.length));
}

/** {@link samplingMoments} of arguments that are checked already. */
export function momentsOf(psi: Float64Array, ids: Float64Array): SamplingMoments {
  const moments = new Float64Array(SAMPLING_MOMENTS.length);
  sampling.samplingMoments(psi, ids, moments, psi.length);
  return named(moments);
}

/** {@link momentsOf} on blocks. */
export function momentsOn({ memory, kernels }: Backend, psi: Block<'f64'>, ids: Block<'f64'>): SamplingMoments {
  return memory.scope(() => {
    const moments = memory.allocate('f64', SAMPLING_MOMENTS.length);
    kernels.samplingMoments({ psi, ids, moments, V: psi.length });
    return named(moments.view());
  });
}

function named(moments: Float64Array): SamplingMoments {
  return { mean: moments[SAMPLING_MOMENTS.mean]!, variance: moments[SAMPLING_MOMENTS.variance]! };
}

/** The eigenvalues of S: `ids`, or 1 … V. @throws ShapeError, NonFiniteError. */
export function checkedIds(where: string, ids: ArrayLike<number> | undefined, V: number): Float64Array {
  if (ids === undefined) return new Float64Array(V).map((_, u) => u + 1);
  checkLength(where, 'ids', ids, V);
  checkFinite(where, 'ids', ids);
  return Float64Array.from(ids);
}
