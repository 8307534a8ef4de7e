import { DomainError } from '../core/errors.ts';
import type { Model } from '../transformer/model.ts';

/**
 * Frozen operators are those of x + f(norm x), read at the last token.
 *
 * @throws DomainError for a model of another kind.
 */
export function checkPreNorm(
  where: string,
  { label, config: { normPlacement, causal } }: Pick<Model, 'label' | 'config'>,
): void {
  if (normPlacement === 'pre' && causal) return;
  throw new DomainError(
    `${where}: the model must be causal and have its norms before the sublayers, but ${label} has them after and its tokens see the whole text. Look at it with qlens, trace or info.`,
  );
}
