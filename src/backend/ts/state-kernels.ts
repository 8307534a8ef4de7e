import type { StateKernels } from '../contract/state.ts';
import { arrayOf } from './array-of.ts';
import { bornState } from './qlens/born-state.ts';
import { compareLaws } from './qlens/compare-laws.ts';
import { lowRankApply } from './qlens/low-rank-apply.ts';
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
};
