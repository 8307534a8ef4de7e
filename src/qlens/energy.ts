import { Complex } from 'complex.js';
import type { Backend } from '../backend/backend.ts';
import type { Block } from '../backend/memory.ts';
import { samplingOverlaps } from '../backend/plain.ts';
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
  const { mean, variance } = momentsOf(psiIn, checked);
  const { V, basis, rank } = operator;
  const overlaps = new Float64Array(2 * rank);
  samplingOverlaps(psiIn, checked, mean, basis, overlaps, V, rank);
  return uncertaintyFrom(operator, overlaps, variance);
}

/** {@link uncertaintyAtInput} on blocks; `basis` holds the operator's basis vectors. */
export function uncertaintyOn(
  { memory, kernels }: Backend,
  form: OperatorForm,
  basis: Block<'f64'>,
  psiIn: Block<'f64'>,
  ids: Block<'f64'>,
  { mean, variance }: SamplingMoments,
): Uncertainty {
  return memory.scope(() => {
    const overlaps = memory.allocate('f64', 2 * form.rank);
    kernels.samplingOverlaps({ psi: psiIn, ids, mean, basis, overlaps, V: psiIn.length, rank: form.rank });
    return uncertaintyFrom(form, overlaps.view(), variance);
  });
}

/** From ⟨b_a|ψ⟩ and, after them, ⟨b_a|S'ψ⟩. */
function uncertaintyFrom(form: OperatorForm, overlaps: Float64Array, variance: number): Uncertainty {
  const { rank, levels } = form;
  let re = 0;
  let im = 0;
  for (const { energy, coordinates } of levels) {
    let left = new Complex(0, 0);
    let right = new Complex(0, 0);
    coordinates.forEach((coordinate, a) => {
      left = left.add(coordinate.mul(overlaps[rank + a]!));
      right = right.add(coordinate.conjugate().mul(overlaps[a]!));
    });
    const term = left.mul(right).mul(energy);
    re += term.re;
    im += term.im;
  }
  const { deviation } = energyAtInput(form);
  const commutator = Math.abs(im);
  return {
    product: variance * deviation * deviation,
    covariance: re,
    commutator,
    bound: re * re + commutator * commutator,
  };
}
