import { DomainError } from '../../core/errors.ts';
import type { CountingTables, NextTokenLaw } from '../next-token-law.ts';

/**
 * Why laws do not lump: null if they do, that is if every one depends on a history through its token counts and its last token
 * alone.
 */
export function whyNotLumpable(laws: readonly NextTokenLaw[]): string | null {
  const at = laws.findIndex((law) => law.counting === undefined);
  if (at < 0) return null;
  return `laws[${at}] may depend on the order of the tokens, as scores with positions and a language model's law do`;
}

/** @throws DomainError with the reason where laws do not lump. */
export function countingTables(where: string, laws: readonly NextTokenLaw[]): CountingTables[] {
  const reason = whyNotLumpable(laws);
  if (reason === null) return laws.map((law) => law.counting!);
  throw new DomainError(
    `${where}: laws must depend on token counts and the last token only, but ${reason}. Propagate with a truncation (propagate), or sample (sampleTrajectories).`,
  );
}
