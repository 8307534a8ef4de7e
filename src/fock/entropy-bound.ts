import type { Evolution } from './evolution.ts';
import { vonNeumannEntropy } from './information.ts';

/**
 * Lower bounds of the von Neumann entropies S(ρ_1) … S(ρ_L) of the exact states, in nats; equal to them but for rounding up to the first
 * step that drops a string. They never fall, as S(ρ_ℓ) does not.
 *
 * A string tells its prefix, so S(ρ_ℓ) = S(ρ_{ℓ−1}) + Σ_h w_h H(p_ℓ(·|h)) over all strings h of ρ_{ℓ−1}. Every term is ≥ 0, and the weights
 * w_h of strings kept are those of ρ_{ℓ−1}: the sum over them alone, added to a bound of S(ρ_{ℓ−1}), gives one of S(ρ_ℓ). By the same rule it
 * is at least the entropy of the partition into the strings kept and all others, −Σ_kept w ln w − δ ln δ, and so above −Σ_kept w ln w.
 *
 * @accuracy stable: compensated sums; a bound that is met can exceed the entropy by rounding, some u·L·S.
 * @source own; the chain rule: T. M. Cover, J. A. Thomas, Elements of Information Theory (2006), th. 2.2.1.
 */
export function entropyLowerBounds({ start, steps }: Evolution): number[] {
  let bound = vonNeumannEntropy(start);
  let dropped = 0;
  return steps.map(({ state, conditionalEntropy, discarded }) => {
    dropped += discarded;
    // Of an exact state the direct sum is the entropy; the chain would add up roundings.
    bound = dropped === 0 ? vonNeumannEntropy(state) : bound + conditionalEntropy;
    return bound;
  });
}
