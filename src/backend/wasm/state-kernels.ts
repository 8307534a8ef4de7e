import type { StateKernels } from '../contract/state.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function stateKernels(core: CoreExports): StateKernels {
  return {
    bornState: (logits, p, logP, psi, summary, V) => {
      const kernel = logits.kind === 'f32' ? core.bornStateF32 : core.bornStateF64;
      kernel(addressOf(logits), addressOf(p), addressOf(logP), addressOf(psi), addressOf(summary), V);
    },
    compareLaws: (p, logP, q, logQ, divergences, V) =>
      core.compareLaws(addressOf(p), addressOf(logP), addressOf(q), addressOf(logQ), addressOf(divergences), V),
    transition: (psiIn, psiOut, basis, measures, V) =>
      core.transition(addressOf(psiIn), addressOf(psiOut), addressOf(basis), addressOf(measures), V),
    lowRankApply: (x, basis, coefficients, identity, y, work, V, rank) =>
      core.lowRankApply(
        addressOf(x),
        addressOf(basis),
        addressOf(coefficients),
        identity,
        addressOf(y),
        addressOf(work),
        V,
        rank,
      ),
    stepResiduals: (psiIn, psiOut, probe, basis, coefficients, update, change, residuals, V) =>
      core.stepResiduals(
        addressOf(psiIn),
        addressOf(psiOut),
        addressOf(probe),
        addressOf(basis),
        addressOf(coefficients),
        addressOf(update),
        addressOf(change),
        addressOf(residuals),
        V,
      ),
    largestEntries: (x, n, count, byModulus, scores, places) =>
      core.largestEntries(addressOf(x), n, count, byModulus ? 1 : 0, addressOf(scores), addressOf(places)),
    rankOf: (x, n, index) => core.rankOf(addressOf(x), n, index),
    samplingMoments: (psi, ids, moments, V) =>
      core.samplingMoments(addressOf(psi), addressOf(ids), addressOf(moments), V),
    samplingOverlaps: (psi, ids, mean, basis, overlaps, V, rank) =>
      core.samplingOverlaps(addressOf(psi), addressOf(ids), mean, addressOf(basis), addressOf(overlaps), V, rank),
  };
}
