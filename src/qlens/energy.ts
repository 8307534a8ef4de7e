import { Complex } from 'complex.js';
import { checkLength } from '../core/checks.ts';
import { cosMinusOne, sinOf } from './angle.ts';
import type { StateOperator } from './operator.ts';
import type { OperatorForm } from './operator-form.ts';
import { checkedIds, momentsOf, type SamplingMoments } from './sampling.ts';
import { checkState } from './state.ts';

/** Mean and standard deviation of H in ψ_in. */
export interface Energy {
  /** ⟨H⟩ = (π/α) sin²(θ/2) for householder, 0 for rotation and for the identity. */
  readonly mean: number;
  /** ΔH = (π/2|α|) sin θ for householder, θ/|α| for rotation, 0 for the identity. */
  readonly deviation: number;
}

/**
 * Energy at ψ_in in closed form: ⟨v|ψ_in⟩ = −‖ψ_out − ψ_in‖/2 = −sin(θ/2), hence ⟨H⟩ = (π/α) sin²(θ/2),
 * ⟨H²⟩ = (π/α)² sin²(θ/2) for householder; for rotation ⟨e1|H|e1⟩ = 0 and ‖He1‖ = θ/|α|.
 *
 * @accuracy relative, at every θ.
 * @source own: the line above.
 */
export function energyAtInput(form: OperatorForm): Energy {
  if (form.identity) return { mean: 0, deviation: 0 };
  if (form.kind === 'rotation') return { mean: 0, deviation: form.angle / Math.abs(form.alpha) };
  return {
    mean: ((Math.PI / form.alpha) * -cosMinusOne(form)) / 2,
    deviation: ((Math.PI / Math.abs(form.alpha)) * sinOf(form)) / 2,
  };
}

/** Both sides of the Robertson–Schrödinger relation (ΔS)²(ΔH)² ≥ (½⟨{S,H}⟩ − ⟨S⟩⟨H⟩)² + |½⟨[S,H]⟩|². */
export interface Uncertainty {
  /** (ΔS)²(ΔH)². */
  readonly product: number;
  /** ½⟨{S,H}⟩ − ⟨S⟩⟨H⟩. Zero for rotation. */
  readonly covariance: number;
  /** |½⟨[S,H]⟩|: zero for householder (H and ψ are real), (θ/|α|)|⟨e1|S|e2⟩| for rotation. */
  readonly commutator: number;
  /** covariance² + commutator², never above `product` but for rounding. */
  readonly bound: number;
}

/**
 * Robertson–Schrödinger bound of the sampling operator S and H at ψ_in. With S' = S − ⟨S⟩,
 * ⟨S'H⟩ = Σ_k λ_k⟨S'ψ|h_k⟩⟨h_k|ψ⟩; its real part is the covariance, its imaginary part the commutator term.
 *
 * @param psiIn the V components that the operator was made from.
 * @param ids V eigenvalues of S; default 1 … V.
 * @throws ShapeError, NonFiniteError, DomainError.
 * @source E. Schrödinger, Sitzungsber. Preuss. Akad. Wiss. 19 (1930) 296; expansion: own.
 */
export function uncertaintyAtInput(operator: StateOperator, psiIn: Float64Array, ids?: ArrayLike<number>): Uncertainty {
  checkLength('uncertaintyAtInput', 'psiIn', psiIn, operator.V);
  checkState('uncertaintyAtInput', 'psiIn', psiIn);
  const checked = checkedIds('uncertaintyAtInput', ids, operator.V);
  return uncertaintyOf(operator, psiIn, checked, momentsOf(psiIn, checked));
}

/** {@link uncertaintyAtInput} of arguments that are checked already. */
export function uncertaintyOf(
  operator: StateOperator,
  psiIn: Float64Array,
  ids: Float64Array,
  { mean, variance }: SamplingMoments,
): Uncertainty {
  const { V, basis, rank, levels } = operator;
  const state = new Float64Array(rank);
  const moved = new Float64Array(rank);
  for (let a = 0; a < rank; a++) {
    let [plain, weighted] = [0, 0];
    for (let u = 0; u < V; u++) {
      const term = basis[a * V + u]! * psiIn[u]!;
      plain += term;
      weighted += term * (ids[u]! - mean);
    }
    state[a] = plain;
    moved[a] = weighted;
  }
  let re = 0;
  let im = 0;
  for (const { energy, coordinates } of levels) {
    let left = new Complex(0, 0);
    let right = new Complex(0, 0);
    coordinates.forEach((coordinate, a) => {
      left = left.add(coordinate.mul(moved[a]!));
      right = right.add(coordinate.conjugate().mul(state[a]!));
    });
    const term = left.mul(right).mul(energy);
    re += term.re;
    im += term.im;
  }
  const { deviation } = energyAtInput(operator);
  const commutator = Math.abs(im);
  return {
    product: variance * deviation * deviation,
    covariance: re,
    commutator,
    bound: re * re + commutator * commutator,
  };
}
