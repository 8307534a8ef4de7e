import { DomainError } from '../core/errors.ts';
import type { Model } from './model.ts';

/** @throws DomainError if the model tells classes apart, predicts masked words or has no head, and so has no law of a next token. */
export function checkPredictsTokens(
  where: string,
  { label, config: { classes, causal, headless } }: Pick<Model, 'label' | 'config'>,
): void {
  if (causal && classes === null) return;
  if (classes === null)
    throw new DomainError(
      `${where}: the model must predict the token that follows, but in ${label} every token sees the whole text, and ${
        headless
          ? 'it has no head. Look at it with trace, spectra or info.'
          : 'it predicts masked words. Ask next for them; look at it with qlens, dyson, spectra, trace or info.'
      }`,
    );
  throw new DomainError(
    `${where}: the model must predict tokens, but ${label} is a classifier of ${classes.length} classes and generates nothing. Look at it with qlens, dyson, trace or info.`,
  );
}
