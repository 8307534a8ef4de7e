import { log } from '../backend/ts/math/log.ts';
import type { Evolution } from './evolution.ts';
import { vonNeumannEntropy } from './information.ts';

/**
 * Lower bounds of the von Neumann entropies S(ρ_1) … S(ρ_L) of the exact states, in nats; equal to them but for rounding up to the first
 * step that drops a string. They never fall, as S(ρ_ℓ) does not. Each is the larger of two:
 *
 * - S(ρ_ℓ) ≥ −Σ_kept w ln w − δ ln δ, δ = 1 − Σ_kept w. The weights kept are those of ρ_ℓ, and a string that is not kept has a weight
 *   w ≤ δ, so its term is −w ln w ≥ −w ln δ; these w sum to δ.
 * - S(ρ_ℓ) = S(ρ_{ℓ−1}) + Σ_h w_h H(p_ℓ(·|h)), because a string tells its prefix. Every term of the sum is ≥ 0, so that over the strings kept
 *   bounds it from below, and a bound of S(ρ_{ℓ−1}) makes one of S(ρ_ℓ).
 *
 * @accuracy stable: compensated sums; a bound that is met can exceed the entropy by rounding, some u·L·S.
 * @source own; the chain rule: T. M. Cover, J. A. Thomas, Elements of Information Theory (2006), th. 2.2.1.
 */
export function entropyLowerBounds({ start, steps }: Evolution): number[] {
  let bound = vonNeumannEntropy(start);
  let dropped = 0;
  return steps.map(({ state, conditionalEntropy, discarded }) => {
    dropped += discarded;
    const direct = vonNeumannEntropy(state);
    // Of an exact state the direct sum is the entropy; the chain would add up roundings.
    bound = dropped === 0 ? direct : Math.max(bound + conditionalEntropy, direct - dropped * log(dropped));
    return bound;
  });
}
