import type { StateKernels } from '../contract/state.ts';
import { arrayOf } from './array-of.ts';
import { bornState } from './qlens/born-state.ts';
import { compareLaws } from './qlens/compare-laws.ts';
import { lowRankApply } from './qlens/low-rank-apply.ts';
import { largestEntries, rankOf } from './qlens/ranking.ts';
import { samplingMoments, samplingOverlaps } from './qlens/sampling.ts';
import { stepResiduals } from './qlens/step-residuals.ts';
import { transition } from './qlens/transition.ts';

export const stateKernels: StateKernels = {
  bornState: (logits, p, logP, psi, summary, V) =>
    bornState(arrayOf<'f32' | 'f64'>(logits), arrayOf(p), arrayOf(logP), arrayOf(psi), arrayOf(summary), V),
  compareLaws: (p, logP, q, logQ, divergences, V) =>
    compareLaws(arrayOf(p), arrayOf(logP), arrayOf(q), arrayOf(logQ), arrayOf(divergences), V),
  transition: (psiIn, psiOut, basis, measures, V) =>
    transition(arrayOf(psiIn), arrayOf(psiOut), basis === null ? null : arrayOf(basis), arrayOf(measures), V),
  lowRankApply: (x, basis, coefficients, identity, y, work, V, rank) =>
    lowRankApply(arrayOf(x), arrayOf(basis), arrayOf(coefficients), identity, arrayOf(y), arrayOf(work), V, rank),
  stepResiduals: (psiIn, psiOut, probe, basis, coefficients, update, change, residuals, V) =>
    stepResiduals(
      arrayOf(psiIn),
      arrayOf(psiOut),
      arrayOf(probe),
      arrayOf(basis),
      arrayOf(coefficients),
      arrayOf(update),
      arrayOf(change),
      arrayOf(residuals),
      V,
    ),
  largestEntries: (x, n, count, byModulus, scores, places) =>
    largestEntries(arrayOf(x), n, count, byModulus, arrayOf(scores), arrayOf(places)),
  rankOf: (x, n, index) => rankOf(arrayOf(x), n, index),
  samplingMoments: (psi, ids, moments, V) => samplingMoments(arrayOf(psi), arrayOf(ids), arrayOf(moments), V),
  samplingOverlaps: (psi, ids, mean, basis, overlaps, V, rank) =>
    samplingOverlaps(arrayOf(psi), arrayOf(ids), mean, arrayOf(basis), arrayOf(overlaps), V, rank),
};
