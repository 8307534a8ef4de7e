import type { Backend } from '../backend/backend.ts';
import { DIVERGENCES } from '../backend/contract/state.ts';
import type { Block } from '../backend/memory.ts';
import { checkLength } from '../core/checks.ts';
import { checkedLaw } from './state.ts';

/** How far a law q is from a law p. */
export interface Divergences {
  /** KL(p‖q) = Σ p log(p/q) in nats, 0·log 0 = 0; ∞ where q = 0 < p. */
  readonly kl: number;
  /** Jensen–Shannon divergence ½KL(p‖r) + ½KL(q‖r), r = (p+q)/2, in nats: at most ln 2. */
  readonly jensenShannon: number;
  /** Total variation distance ½Σ|p − q|, at most 1. */
  readonly totalVariation: number;
}

/**
 * Divergences of two laws over the same V units.
 *
 * @throws ShapeError, NonFiniteError, DomainError: both must be laws, as in {@link checkedLaw}.
 * @accuracy relative 1e-13 (sums of non-negative terms), KL plus |Σp − Σq| ≈ 1e-16; never negative.
 * @source Cover, Thomas, Elements of Information Theory (2006), ch. 2 and 11.
 */
export function lawDivergences(backend: Backend, p: ArrayLike<number>, q: ArrayLike<number>): Divergences {
  checkLength('lawDivergences', 'q', q, p.length);
  const laws = [checkedLaw(p, { name: 'p' }), checkedLaw(q, { name: 'q' })];
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const [P, Q] = laws.map((law) => {
      const block = memory.allocate('f64', law.length);
      const logs = memory.allocate('f64', law.length);
      block.view().set(law);
      kernels.mapLog({ src: block, dst: logs, n: law.length });
      return { p: block, logP: logs };
    }) as [LawBlocks, LawBlocks];
    return divergencesOf(backend, P, Q);
  });
}

/** A law and its logarithm in a backend's memory. */
export interface LawBlocks {
  readonly p: Block<'f64'>;
  readonly logP: Block<'f64'>;
}

/** {@link lawDivergences} on blocks. */
export function divergencesOf(backend: Backend, { p, logP }: LawBlocks, q: LawBlocks): Divergences {
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const divergences = memory.allocate('f64', DIVERGENCES.length);
    kernels.compareLaws({ p, logP, q: q.p, logQ: q.logP, divergences, V: p.length });
    const values = divergences.view();
    return {
      kl: values[DIVERGENCES.kl]!,
      jensenShannon: values[DIVERGENCES.jensenShannon]!,
      totalVariation: values[DIVERGENCES.totalVariation]!,
    };
  });
}
