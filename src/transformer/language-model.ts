import { DomainError } from '../core/errors.ts';
import type { Model } from './model.ts';

/** @throws DomainError if the model tells classes apart and so has no law of a next token. */
export function checkPredictsTokens(
  where: string,
  { label, config: { classes } }: Pick<Model, 'label' | 'config'>,
): void {
  if (classes === null) return;
  throw new DomainError(
    `${where}: the model must predict tokens, but ${label} is a classifier of ${classes.length} classes and generates nothing. Look at it with qlens, dyson, trace or info.`,
  );
}
